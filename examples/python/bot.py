#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bot that quotes both sides of one symbol, trades, and loses its connection now and then.

What makes it safe is little: every order has a client_order_id of its own, chosen before it is sent; what was
not answered is sent again with the same id and the same body, which never makes a second order; and after a
reconnection `since_seq` brings what happened meanwhile. Python's standard library only.

usage: bot.py --url http://127.0.0.1:8001 --user NAME --password TEXT [--symbol DEMO] [--rounds 20]
              [--drops 3] [--seed N]
"""
import argparse
import base64
import decimal
import http.client
import json
import os
import random
import select
import socket
import struct
import sys
import time
import urllib.parse


class Refused(Exception):
    """The server's answer, which sending again would not change."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('message')}")
        self.code = problem.get("code")


class Lost(Exception):
    """The connection is gone; what was under way may or may not have happened."""


class Api:
    """REST, one request at a time."""

    def __init__(self, url):
        self.host = urllib.parse.urlsplit(url).netloc
        self.token = None
        self.connection = None

    def call(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, timeout=20)
            self.connection.request(method, "/api/v1" + path,
                                    json.dumps(body) if body is not None else None, headers)
            answer = self.connection.getresponse()
            status, content = answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as problem:
            self.drop()
            raise Lost(str(problem)) from problem
        if status >= 400:
            raise Refused(status, content)
        return content["data"]

    def login(self, user, password):
        session = self.call("POST", "/auth/login", {"username": user, "password": password})
        self.token = session["access_token"]

    def drop(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Stream:
    """/ws/v1: JSON messages in text frames (RFC 6455)."""

    def __init__(self, url, token):
        host, port = urllib.parse.urlsplit(url).hostname, urllib.parse.urlsplit(url).port
        self.buffer = b""
        try:
            self.socket = socket.create_connection((host, port), timeout=20)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            key = base64.b64encode(os.urandom(16)).decode()
            self.socket.sendall((f"GET /ws/v1 HTTP/1.1\r\nHost: {host}:{port}\r\n"
                                 "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                 f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
                                 f"Authorization: Bearer {token}\r\n\r\n").encode())
            while b"\r\n\r\n" not in self.buffer:
                self._more(20)
        except OSError as problem:
            raise Lost(str(problem)) from problem
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if not head.startswith(b"HTTP/1.1 101 "):
            raise Lost(head.split(b"\r\n")[0].decode())

    def _more(self, timeout):
        """Reads what is there; False when nothing comes in time."""
        try:
            if not select.select([self.socket], [], [], timeout)[0]:
                return False
            data = self.socket.recv(65536)
        except (OSError, ValueError) as problem:
            raise Lost(str(problem)) from problem
        if not data:
            raise Lost("closed by the server")
        self.buffer += data
        return True

    @staticmethod
    def frame(opcode, payload):
        mask = os.urandom(4)
        size = len(payload)
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | (size if size < 126 else 126))
        if size >= 126:
            head += struct.pack("!H", size)
        return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))

    def send(self, message):
        try:
            self.socket.sendall(self.frame(1, json.dumps(message).encode()))
        except OSError as problem:
            raise Lost(str(problem)) from problem

    def _next_frame(self):
        if len(self.buffer) < 2:
            return None
        opcode, size, at = self.buffer[0] & 15, self.buffer[1] & 127, 2
        if size >= 126:
            width = 2 if size == 126 else 8
            if len(self.buffer) < 2 + width:
                return None
            size, at = int.from_bytes(self.buffer[2:2 + width], "big"), 2 + width
        if len(self.buffer) < at + size:
            return None
        payload, self.buffer = self.buffer[at:at + size], self.buffer[at + size:]
        return opcode, payload

    def receive(self, timeout):
        """The next message; None when none comes in time."""
        end = time.monotonic() + timeout
        while True:
            frame = self._next_frame()
            if frame is None:
                if not self._more(max(0.0, end - time.monotonic())):
                    return None
                continue
            opcode, payload = frame
            if opcode == 1:
                return json.loads(payload)
            if opcode == 8:
                raise Lost("closed: " + str(int.from_bytes(payload[:2], "big")))
            if opcode == 9:
                try:
                    self.socket.sendall(self.frame(10, payload))
                except OSError as problem:
                    raise Lost(str(problem)) from problem

    def drop(self):
        """As if somebody had pulled the plug."""
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        self.socket.close()


class Bot:
    """Orders, what has become of them, and a stream that may be lost at any time."""

    def __init__(self, url, api, run):
        self.url, self.api, self.run = url, api, run
        self.stream = None
        self.sent = {}        # client_order_id -> body; chosen before anything is sent
        self.orders = {}      # client_order_id -> the order as last seen
        self.refused = {}     # client_order_id -> code
        self.executions = {}  # execution_id -> execution
        self.seq = {}         # channel -> the last seq seen
        self.waiting = {}     # cancels: id -> order_id
        self.replaying = set()

    # --- what the server says -------------------------------------------------------------------

    def learn(self, message):
        kind, channel = message.get("type"), message.get("channel")
        if channel in ("orders", "executions") and kind != "ack":
            for order in message.get("orders", []):
                self.keep(order)
            for execution in message.get("executions", []):
                self.executions[execution["execution_id"]] = execution
            self.seq[channel] = max(self.seq.get(channel, 0), message["seq"])
            if kind in ("snapshot", "replay") and not message["more"]:
                self.replaying.discard(channel)
        elif kind == "ack" and "order" in message:
            self.keep(message["order"])
            self.waiting.pop(message["id"], None)
        elif kind == "error":
            if message.get("op") == "order.place" and message["id"] not in self.orders:
                if message["code"] in ("OVERLOADED", "SHUTTING_DOWN"):
                    return  # not answered yet: sent again later
                self.refused[message["id"]] = message["code"]
            self.waiting.pop(message.get("id"), None)

    def keep(self, order):
        """Changes may arrive twice and out of turn; an order's version only grows."""
        name = order["client_order_id"]
        known = self.orders.get(name)
        if name in self.sent and (known is None or known["version"] <= order["version"]):
            self.orders[name] = order

    def listen(self, seconds, until=lambda: False):
        end = time.monotonic() + seconds
        while not until():
            left = end - time.monotonic()
            message = self.stream.receive(left) if left > 0 else None
            if message is None:
                return until()
            self.learn(message)
        return True

    # --- what the bot does ----------------------------------------------------------------------

    def place(self, name, body):
        self.sent[name] = dict(body, client_order_id=name)
        self.send_again(name)

    def send_again(self, name):
        self.stream.send({"op": "order.place", "id": name, **self.sent[name]})

    def cancel(self, name):
        order = self.orders.get(name)
        if order and order["is_active"]:
            self.waiting["cancel " + name] = order["order_id"]
            self.stream.send({"op": "order.cancel", "id": "cancel " + name,
                              "order_id": order["order_id"]})

    def unanswered(self):
        return [name for name in self.sent
                if name not in self.orders and name not in self.refused]

    def connect(self):
        """Connects, learns what happened since, and sends again what nobody has answered."""
        self.stream = Stream(self.url, self.api.token)
        self.waiting.clear()
        for channel in ("orders", "executions"):
            self.replaying.add(channel)
            message = {"op": "subscribe", "id": channel, "channel": channel}
            if channel in self.seq:
                message["since_seq"] = self.seq[channel]
            self.stream.send(message)
        self.listen(20, lambda: not self.replaying)
        for name in self.unanswered():
            self.send_again(name)
        self.listen(20, lambda: not self.unanswered())

    def drop(self):
        self.stream.drop()

    # --- the reckoning --------------------------------------------------------------------------

    def check(self):
        """Every order sent is there once, or was refused; what traded is what was told of trades."""
        traded = {}
        for execution in self.executions.values():
            traded[execution["order_id"]] = (traded.get(execution["order_id"], decimal.Decimal(0))
                                             + decimal.Decimal(execution["quantity"]))
        problems = []
        for name in self.sent:
            found = self.api.call("GET", "/orders?client_order_id=" + urllib.parse.quote(name))
            if found["total_count"] != (0 if name in self.refused else 1):
                problems.append(f"{name}: {found['total_count']} orders")
                continue
            for order in found["orders"]:
                if decimal.Decimal(order["traded_quantity"]) != traded.get(order["order_id"], 0):
                    problems.append(f"{name}: traded {order['traded_quantity']}, told of "
                                    f"{traded.get(order['order_id'], 0)}")
        return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--url", default="http://127.0.0.1:8001")
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--symbol", default="DEMO")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--drops", type=int, default=3)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    chance = random.Random(options.seed)

    api = Api(options.url)
    api.login(options.user, options.password)
    instrument = api.call("GET", "/instruments/" + options.symbol)
    middle = decimal.Decimal(instrument["reference"])
    tick = decimal.Decimal(instrument["tick_table"][-1]["tick"])
    bot = Bot(options.url, api, f"py-{os.getpid()}-{int(time.time())}")
    bot.connect()
    drop_at = set(chance.sample(range(1, options.rounds), min(options.drops, options.rounds - 1)))
    quotes = []
    for number in range(options.rounds):
        try:
            for name in quotes:
                bot.cancel(name)
            bot.listen(5, lambda: not bot.waiting)
            offset = tick * chance.randint(2, 6)
            quotes = [f"{bot.run}-{number}-bid", f"{bot.run}-{number}-ask"]
            for name, side, price in ((quotes[0], "BUY", middle - offset),
                                      (quotes[1], "SELL", middle + offset)):
                bot.place(name, {"symbol": options.symbol, "side": side, "quantity": "1",
                                 "price": str(price)})
            if number in drop_at:  # before the answer has come
                bot.drop()
            bot.listen(5, lambda: not bot.unanswered())
            bot.listen(chance.uniform(0.02, 0.1))
        except Lost:
            bot.connect()
    api.call("DELETE", "/orders?symbol=" + options.symbol)
    bot.listen(1, lambda: not any(order["is_active"] for order in bot.orders.values()))
    bot.listen(0.2)
    problems = bot.check()
    print(f"{len(bot.sent)} orders, {len(bot.executions)} executions, {len(drop_at)} drops, "
          f"{len(bot.refused)} refused, {len(problems)} wrong")
    for problem in problems:
        print("WRONG", problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
