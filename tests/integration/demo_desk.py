# SPDX-License-Identifier: GPL-3.0-or-later
"""A khopd --demo of one's own, users with something to trade with, and somebody who trades with them."""
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
sys.path.insert(0, str(EXAMPLES / "python"))
import bot  # noqa: E402  (the example is also a library)

PASSWORD = "a long password for bots"


class Desk:
    def __init__(self, khopd, folder, *arguments):
        self.khopd, self.folder = khopd, folder
        environment = {k: v for k, v in os.environ.items()
                       if k not in ("HOST", "PORT", "SECRET_KEY", "DATABASE_URL", "ENVIRONMENT")}
        self.process = subprocess.Popen(
            [khopd, "--demo", "--port", "0", "--data-dir", folder, "--seed", "7", *arguments],
            stdout=subprocess.PIPE, text=True, env=environment)
        for line in self.process.stdout:
            if found := re.match(r"ready (http://\S+)", line):
                self.url = found.group(1)
                break
        else:
            raise RuntimeError("khopd did not become ready")
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        self.admin = self.api("admin-" + secrets.token_hex(4), "admin")

    def api(self, name, role="trader"):
        """A new user, logged in."""
        done = subprocess.run(
            [self.khopd, "user", "add", name, "--role", role, "--password-stdin",
             "--data-dir", self.folder],
            input=PASSWORD + "\n", text=True, capture_output=True, timeout=60, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"user add {name}: {done.stdout} {done.stderr}")
        api = bot.Api(self.url)
        api.login(name, PASSWORD)
        return api

    def trader(self, name, symbol="DEMO", currency="USD"):
        api = self.api(name)
        account = "/accounts/" + api.call("GET", "/accounts/profile")["account_id"]
        self.admin.call("POST", account + "/cash", {"amount": "10000000", "currency": currency})
        self.admin.call("POST", account + "/securities", {"symbol": symbol, "quantity": "100000"})
        return api

    def login_again(self, api):
        """Another connection of the same user."""
        again = bot.Api(self.url)
        again.token = api.token
        return again

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if (code := self.process.wait(30)) != 0:
            raise RuntimeError(f"khopd ended with {code}")


class Counterparty:
    """Takes what others quote, a little at a time, until it is stopped."""

    def __init__(self, api, symbol="DEMO", pause=0.03):
        self.api, self.symbol, self.pause = api, symbol, pause
        self.trades = 0
        self.problem = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        try:
            while not self.over.wait(self.pause):
                book = self.api.call("GET", "/orderbook?symbol=" + self.symbol)
                for side, levels in (("SELL", book["bids"]), ("BUY", book["asks"])):
                    if not levels:
                        continue
                    order = self.api.call("POST", "/orders", {
                        "symbol": self.symbol, "side": side, "price": levels[0]["price"],
                        "quantity": "0.5", "time_in_force": "IOC"})
                    self.trades += float(order["traded_quantity"]) > 0
        except Exception as problem:  # told by stop()
            self.problem = problem

    def stop(self):
        self.over.set()
        self.thread.join()
        if self.problem:
            raise self.problem
