#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cuts a bot's connection at random moments of order entry, over WebSocket and over REST, again and again:
before the order has left, in the middle of it, before the answer, in the middle of the answer. The bot then
reconciles by client_order_id and since_seq, as the Python example does. Afterwards a look with fresh eyes
at every order and execution: none may be lost, none doubled, none unknown.

Prints one line of figures; exits 1 when anything is wrong.

usage: bot_cuts.py KHOPD [--cuts 60] [--seed N]
"""
import argparse
import collections
import decimal
import json
import os
import random
import socket
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from demo_desk import Counterparty, Desk, bot  # noqa: E402


def cut_stream(trader, chance, place):
    """Sends some orders and cuts: after all of them, or in the middle of the last one's frame."""
    for _ in range(chance.randint(1, 5)):
        place()
    if chance.random() < 0.4:
        name, body = place(send=False)
        message = json.dumps({"op": "order.place", "id": name, **body}).encode()
        frame = bot.Stream.frame(1, message)
        try:
            trader.stream.socket.sendall(frame[:chance.randrange(len(frame))])
        except OSError:
            pass
    when = chance.random()
    if when < 0.3:
        trader.listen(chance.uniform(0, 0.01))
    elif when < 0.5:
        time.sleep(chance.uniform(0, 0.01))
    if chance.random() < 0.5:
        trader.drop()  # reset
    else:
        trader.stream.socket.close()  # what is on its way still arrives


def cut_request(trader, chance, place):
    """POSTs an order and cuts: in the middle of the request, before the answer, or within it."""
    name, body = place(send=False)
    address = urllib.parse.urlsplit(trader.url)
    content = json.dumps(body).encode()
    request = (f"POST /api/v1/orders HTTP/1.1\r\nHost: {address.netloc}\r\n"
               f"Authorization: Bearer {trader.api.token}\r\nContent-Type: application/json\r\n"
               f"Content-Length: {len(content)}\r\n\r\n").encode() + content
    with socket.create_connection((address.hostname, address.port)) as connection:
        whole = chance.random() < 0.8
        connection.sendall(request if whole else request[:chance.randrange(len(request))])
        if chance.random() < 0.5:
            time.sleep(chance.uniform(0, 0.005))
            connection.setblocking(False)
            try:
                connection.recv(chance.randint(1, 400))
            except BlockingIOError:
                pass
    # what REST does not tell is asked again, under the same client_order_id
    while True:
        try:
            trader.keep(trader.api.call("POST", "/orders", body))
            return
        except bot.Lost:
            continue
        except bot.Refused as problem:
            trader.refused[name] = problem.code
            return


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("khopd")
    parser.add_argument("--cuts", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    chance = random.Random(options.seed)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(options.khopd, os.path.join(folder, "data"), "--participants", "off")
        try:
            api = desk.trader("quoter")
            middle = decimal.Decimal(api.call("GET", "/instruments/DEMO")["reference"])
            other = Counterparty(desk.trader("taker"), pause=0.005)
            trader = bot.Bot(desk.url, api, f"cut-{options.seed}")
            trader.connect()

            def place(send=True):
                name = f"{trader.run}-{len(trader.sent)}"
                side = chance.choice((-1, 1))
                body = {"client_order_id": name, "symbol": "DEMO",
                        "side": "BUY" if side < 0 else "SELL", "quantity": "1",
                        "price": str(middle + side * chance.randint(1, 9) / decimal.Decimal(100))}
                trader.sent[name] = body
                if send:
                    trader.send_again(name)
                return name, body

            for cut in range(options.cuts):
                try:
                    (cut_stream if cut % 3 else cut_request)(trader, chance, place)
                    if cut % 3 == 0:
                        trader.drop()
                except bot.Lost:
                    pass
                trader.connect()
                if len(trader.sent) > 50 and cut % 20 == 0:
                    api.call("DELETE", "/orders?symbol=DEMO")
            other.stop()
            api.call("DELETE", "/orders?symbol=DEMO")
            trader.listen(5, lambda: not any(o["is_active"] for o in trader.orders.values()))
            trader.listen(0.3)

            # fresh eyes: all orders and executions there are
            seen, cursor = collections.Counter(), ""
            while True:
                page = api.call("GET", "/orders?limit=100" + cursor)
                seen.update(order["client_order_id"] for order in page["orders"])
                if not page["has_more"]:
                    break
                cursor = "&cursor=" + urllib.parse.quote(page["next_cursor"])
            lost = [name for name in trader.sent if name not in seen and name not in trader.refused]
            doubled = [name for name, count in seen.items() if count > 1]
            unknown = [name for name in seen if name not in trader.sent]
            problems = trader.check()
        finally:
            desk.stop()
    print(f"bot: {options.cuts} cuts, {len(trader.sent)} orders, {len(trader.executions)} "
          f"executions, {len(trader.refused)} refused, {len(lost)} lost, {len(doubled)} doubled, "
          f"{len(unknown)} unknown, {len(problems)} wrong, seed {options.seed}, "
          f"{time.monotonic() - begun:.1f} s")
    for problem in lost + doubled + unknown + problems:
        print("WRONG", problem)
    enough = len(trader.sent) >= options.cuts and trader.executions and not trader.refused
    sys.exit(0 if enough and not (lost or doubled or unknown or problems) else 1)


main()
