#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A khopd under 70 % of the load it can take, with hundreds of WebSocket clients that come and go: its memory
must level off, its answers must not slow down, and nothing may fail.

usage: soak.py KHOPD KHOP_BENCH [--minutes N] [--clients N] [--share PERCENT]
"""
import argparse
import json
import os
import random
import select
import subprocess
import sys
import tempfile
import threading
import time

from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration"))
from demo_desk import Desk, bot  # noqa: E402

SYMBOLS = ("ACB", "CTG", "HPG", "MBB")


def resident(process):
    with open(f"/proc/{process.pid}/statm", encoding="ascii") as pages:
        return int(pages.read().split()[1]) * os.sysconf("SC_PAGESIZE") / 2**20


class Crowd:
    """WebSocket clients that subscribe, read what comes, and leave after a few seconds for others to come."""

    def __init__(self, url, tokens, count):
        self.url, self.tokens, self.count = url, tokens, count
        self.streams, self.messages, self.visits = {}, 0, 0
        self.problems = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def enter(self):
        stream = bot.Stream(self.url, random.choice(self.tokens))
        for channel in ("book", "trades", "quotes"):
            stream.send({"op": "subscribe", "id": channel, "channel": channel, "symbols": [random.choice(SYMBOLS)]})
        self.streams[stream.socket] = (stream, time.monotonic() + random.uniform(2, 20))
        self.visits += 1

    def run(self):
        try:
            while not self.over.is_set():
                now = time.monotonic()
                for one in [one for one, (_, until) in self.streams.items() if until < now]:
                    self.streams.pop(one)
                    one.close()
                for _ in range(min(20, self.count - len(self.streams))):
                    self.enter()
                ready = select.select(list(self.streams), [], [], 0.05)[0]
                for one in ready:
                    data = one.recv(1 << 20)
                    self.messages += data.count(b'"channel":')
                    if not data:
                        raise RuntimeError("the server closed a stream")
        except Exception as problem:  # told by stop()
            self.problems.append(repr(problem))

    def stop(self):
        self.over.set()
        self.thread.join()
        for one in self.streams:
            one.close()


def trader(desk, name):
    """With more than it can use up in the time."""
    api = desk.api(name)
    account = "/accounts/" + api.call("GET", "/accounts/profile")["account_id"]
    desk.admin.call("POST", account + "/cash", {"amount": "900000000000000", "currency": "VND"})
    for symbol in SYMBOLS:
        desk.admin.call("POST", account + "/securities", {"symbol": symbol, "quantity": "1000000000"})
    return api


def load(bench, desk, tokens, seconds, rate):
    done = subprocess.run(
        [bench, "rest", "--url", desk.url, "--token", tokens[0], "--connections", "32",
         "--seconds", str(seconds), "--rate", str(rate), "--symbol", ",".join(SYMBOLS),
         # more than half of the orders cross, so that the books do not grow for ever: an open order stays in memory
         "--crossing", "6"],
        text=True, capture_output=True, timeout=seconds + 60, check=False)
    if done.returncode != 0:
        sys.exit(f"FAIL khop-bench: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("khopd")
    parser.add_argument("bench")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--share", type=int, default=70)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(arguments.khopd, os.path.join(folder, "data"), "--participants", "off",
                    "--clock", "2026-11-20T09:30:00+07:00")
        try:
            tokens = [trader(desk, f"soaker{i}").token for i in range(2)]
            crowd = Crowd(desk.url, tokens, arguments.clients)
            most = load(arguments.bench, desk, tokens, 10, 0)["acks_per_second"]
            rate = max(1, int(most * arguments.share / 100))
            parts = 10
            seconds = max(2, round(arguments.minutes * 60 / parts))
            rows, sizes = [], []
            for _ in range(parts):
                rows.append(load(arguments.bench, desk, tokens, seconds, rate))
                sizes.append(resident(desk.process))
            crowd.stop()
        finally:
            desk.stop()
    errors = {what: count for row in rows for what, count in row["errors"].items()}
    acks = sum(row["acks"] for row in rows)
    early, late = rows[1]["p50_ms"], rows[-1]["p50_ms"]
    middle = parts // 2
    per_order = (sizes[-1] - sizes[middle]) * 2**20 / max(1, sum(row["acks"] for row in rows[middle + 1:]))
    print(f"soak {arguments.minutes} min at {rate}/s ({arguments.share} % of {most:.0f}): {acks} acks, "
          f"errors {errors}, p50 {early} -> {late} ms, p99 {rows[1]['p99_ms']} -> {rows[-1]['p99_ms']} ms, "
          f"memory {' '.join(f'{size:.0f}' for size in sizes)} MiB ({per_order:.0f} bytes an order in the second "
          f"half), "
          f"{crowd.visits} stream visits, {crowd.messages} messages, stream problems {crowd.problems}")
    if errors or crowd.problems:
        sys.exit("FAIL something failed")
    # The latest rows, and of every order of the day what tells that it is sent again: no more stays in memory.
    if acks > 500_000 and per_order > 256:
        sys.exit("FAIL memory does not level off")


main()
