#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for khopd that is just large enough for kill9.py to judge, to prove that it judges.

It takes khopd's command line. Orders are lines of a file. KHOP_STAND_IN names its character:
  honest     writes an order, then acknowledges it
  forgetful  acknowledges an order and writes it 3 ms later
  doubling   forgets client order ids when it starts
"""
import asyncio
import json
import os
import re
import sys
import uuid
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

CHARACTER = os.environ.get("KHOP_STAND_IN", "honest")


def option(name):
    return sys.argv[sys.argv.index(name) + 1]


class Desk:
    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "orders"
        self.orders = {}   # (user, client order id or, when doubling, a number) -> order
        self.by_id = {}
        if self.path.exists():
            for line in self.path.read_text().splitlines():
                self.remember(json.loads(line))
        if CHARACTER == "doubling":
            self.orders = {(user, n): order for n, ((user, _), order) in enumerate(self.orders.items())}
        self.file = open(self.path, "a", encoding="utf-8")

    def remember(self, order):
        known = self.by_id.setdefault(order["order_id"], order)
        known["status"] = order["status"]
        self.orders.setdefault((order["username"], order["client_order_id"]), known)

    def write(self, order):
        self.file.write(json.dumps(order) + "\n")
        self.file.flush()

    def commit(self, order):
        if CHARACTER == "forgetful":
            asyncio.get_running_loop().call_later(0.003, self.write, dict(order))
        else:
            self.write(order)

    def answer(self, method, path, query, user, body):
        if path == "/auth/login":
            return 200, {"access_token": body["username"]}
        if path == "/accounts/profile":
            return 200, {"account_id": user}
        if path.startswith("/accounts/"):
            return 201, {}
        if path.startswith("/instruments/"):
            return 200, {"ceiling": "107000", "floor": "93000"}
        if path == "/orders" and method == "POST":
            return self.place(user, body)
        if path == "/orders":
            own = [order for (name, _), order in self.orders.items() if name == user][::-1]
            start = int(query.get("cursor", ["0"])[0])
            return 200, {"orders": own[start:start + 100], "has_more": len(own) > start + 100,
                         "next_cursor": str(start + 100)}
        order = self.by_id.get(path.removeprefix("/orders/"))
        if method == "DELETE" and order:
            order["status"] = "CANCELLED"
            self.commit(order)
            return 200, order
        return 404, None

    def place(self, user, body):
        known = self.orders.get((user, body["client_order_id"]))
        if known and known["quantity"] != body["quantity"]:
            return 409, None
        if known:
            return 200, known
        order = {"order_id": str(uuid.uuid4()), "client_order_id": body["client_order_id"],
                 "username": user, "quantity": body["quantity"], "status": "ACTIVE"}
        self.remember(order)
        self.commit(order)
        return 201, order


async def serve(desk, reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = re.search(r"(?i)\r\ncontent-length:\s*(\d+)", head)
            body = json.loads(await reader.readexactly(int(length.group(1)))) if length else None
            token = re.search(r"Bearer (\S+)", head)
            method, target, _ = head.split(" ", 2)
            url = urlsplit(target)
            status, data = desk.answer(method, url.path.removeprefix("/api/v1"), parse_qs(url.query),
                                       token and token.group(1), body)
            code = "DUPLICATE_CLIENT_ORDER_ID" if status == 409 else "OK"
            text = json.dumps({"data": data, "code": code}).encode()
            writer.write(f"HTTP/1.1 {status} -\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main():
    folder = Path(option("--data-dir"))
    if "user" in sys.argv:
        return
    if "verify" in sys.argv:
        lines = (folder / "orders").read_text().count("\n") if (folder / "orders").exists() else 0
        print("state 0 seq", lines if CHARACTER == "honest" else 10**9)
        return
    desk = Desk(folder)
    server = await asyncio.start_server(lambda r, w: serve(desk, r, w), "127.0.0.1", 0)
    asyncio.get_running_loop().add_signal_handler(15, lambda: os._exit(0))
    print(f"ready http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


asyncio.run(main())
