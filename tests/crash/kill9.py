#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills khopd with SIGKILL under a load of orders, again and again, and looks for what it lost.

A cycle: orders stream in over keep-alive connections, each with a client order id of its own; at a
random moment the server is killed; `khopd verify` must find the journal whole; the server must be
ready again within the limit; every order it acknowledged must be there under the same order id, every
acknowledged cancel too, nothing may be there twice or unasked; and each order whose answer was lost
can be sent again without being doubled. Now and then the server is also killed while it recovers.

Orders are matched by client order id: order ids might be given out again by a server that forgot.
A kill says nothing about fsync, since the operating system lives on; power cuts are another test.

Prints one line of figures; exits 1 when anything was lost, doubled or refused wrongly, and then keeps
the data directory. --prove claims one acknowledgement that never was, and exits 0 only if it is missed.
"""
import argparse
import collections
import http.client
import json
import os
import random
import re
import secrets
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

CLOCK = "2026-11-20T09:30:00+07:00"  # continuous trading on every exchange
SYMBOLS = ("FPT", "HPG", "MBB", "SSI", "VNM")
CANCEL_SHARE = 0.1     # of the requests
AGGRESSIVE_SHARE = 0.7  # of the orders: these find a counterpart sooner or later
RECOVERY_KILLS = 0.1   # of the cycles
FULL_CHECK_EVERY = 25  # cycles between two looks at every order ever acknowledged


SETTINGS = ("DATABASE_URL", "HOST", "PORT", "SECRET_KEY", "ENVIRONMENT", "ALGORITHM", "DEFAULT_SYMBOL",
            "ACCESS_TOKEN_EXPIRE_MINUTES", "MAX_ORDER_SIZE",
            "MAX_POSITIONS")  # of the caller's shell: not for the servers under test


class Failure(Exception):
    """Something that khopd must never do, or that keeps the test from being one."""


class Server:
    """One khopd process on a data directory."""

    def __init__(self, khopd, data_dir, log):
        self.khopd, self.data_dir, self.log = khopd, data_dir, log
        self.environment = {k: v for k, v in os.environ.items() if k not in SETTINGS}
        self.process = None
        self.port = 0

    def command(self, *arguments):
        return [str(self.khopd), *arguments, "--data-dir", str(self.data_dir)]

    def spawn(self):
        self.process = subprocess.Popen(
            self.command("--host", "127.0.0.1", "--port", "0", "--clock", CLOCK,
                         "--participants", "off"),
            stdout=subprocess.PIPE, stderr=self.log, text=True, env=self.environment)

    def start(self, limit=60.0):
        """Starts it and returns the seconds until it was ready."""
        begin = time.monotonic()
        self.spawn()
        ready = threading.Event()
        address = []

        def read(stream):
            for line in stream:
                if found := re.match(r"ready http://[^:\s]+:(\d+)", line):
                    address.append(int(found.group(1)))
                    ready.set()
            ready.set()

        threading.Thread(target=read, args=(self.process.stdout,), daemon=True).start()
        if not ready.wait(limit) or not address:
            raise Failure(f"khopd was not ready after {time.monotonic() - begin:.1f} s "
                          f"(exit code {self.process.poll()}); see {self.log.name}")
        self.port = address[0]
        return time.monotonic() - begin

    def kill(self):
        self.process.send_signal(signal.SIGKILL)

    def reap(self):
        self.process.wait(30)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if (code := self.process.wait(30)) != 0:
            raise Failure(f"khopd ended with {code} after SIGTERM, not with 0")

    def run(self, *arguments, given=None):
        return subprocess.run(self.command(*arguments), input=given, text=True, check=False,
                              capture_output=True, timeout=600, env=self.environment)

    def add_user(self, name, role, password):
        done = self.run("user", "add", name, "--role", role, "--password-stdin", given=password + "\n")
        if done.returncode != 0:
            raise Failure(f"user add {name} failed: {done.stderr.strip() or done.stdout.strip()}")

    def verify(self):
        done = self.run("verify")
        found = re.search(r"^state (\S+) seq (\d+)", done.stdout, re.MULTILINE)
        if done.returncode != 0 or not found:
            raise Failure(f"verify exits {done.returncode}: {(done.stdout + done.stderr).strip()}")
        return int(found.group(2))

    def request(self, method, path, body=None, token=None):
        """Status and decoded body of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = "Bearer " + token
        connection.request(method, "/api/v1" + path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None

    def expect(self, status, method, path, body=None, token=None):
        got, answer = self.request(method, path, json.dumps(body) if body is not None else None, token)
        if got != status:
            raise Failure(f"{method} {path} answers {got}, not {status}: {answer}")
        return answer["data"]


class Trader:
    def __init__(self, name):
        self.name = name
        self.password = secrets.token_urlsafe(18)
        self.token = self.account = None

    def login(self, server):
        data = server.expect(200, "POST", "/auth/login",
                             {"username": self.name, "password": self.password})
        self.token = data["access_token"]

    def refresh(self, server):
        """Tokens outlive a restart; only an expired one is replaced."""
        if server.request("GET", "/accounts/profile", token=self.token)[0] == 401:
            self.login(server)


class Books:
    """What the clients know: what they sent, and what they were told."""

    def __init__(self):
        self.bodies = {}                      # client order id -> (trader, body)
        self.acknowledged = {}                # client order id -> order id
        self.cancelled = set()                # client order ids whose cancel was acknowledged
        self.refused = set()                  # told that they do not exist
        self.unanswered = []                  # client order ids whose answer never came
        self.codes = collections.Counter()    # of refusals


class Connection:
    def __init__(self, number, trader):
        self.number, self.trader = number, trader
        self.socket = None
        self.buffer = b""
        self.pending = None                   # ("order" | "cancel", client order id)
        self.mine = collections.deque(maxlen=50)  # acknowledged and perhaps still open

    def open(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer, self.pending = b"", None
        self.mine.clear()


class Load:
    """A closed loop of orders and cancels over all connections, until the server dies."""

    def __init__(self, rng, books, connections, prices):
        self.rng, self.books, self.connections, self.prices = rng, books, connections, prices
        self.serial = 0

    def run(self, server, seconds):
        """Kills the server after the given time; returns the client order ids acknowledged in it."""
        selector = selectors.DefaultSelector()
        acknowledged = []
        for connection in self.connections:
            connection.open(server.port)
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        killed = False
        try:
            for connection in self.connections:
                self.send(server, connection)
            end = time.monotonic() + seconds
            while selector.get_map():
                for key, _ in selector.select(max(0.0, end - time.monotonic()) if not killed else 5):
                    self.receive(server, selector, key.data, killed, acknowledged)
                if not killed and time.monotonic() >= end:
                    server.kill()
                    killed = True
        finally:
            for key in list(selector.get_map().values()):
                key.fileobj.close()
            selector.close()
        server.reap()
        return acknowledged

    def send(self, server, connection):
        rng, trader = self.rng, connection.trader
        head = f"Host: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {trader.token}\r\n"
        if connection.mine and rng.random() < CANCEL_SHARE:
            client_id = connection.mine.pop()
            connection.pending = ("cancel", client_id)
            path = "/api/v1/orders/" + self.books.acknowledged[client_id]
            request = f"DELETE {path} HTTP/1.1\r\n{head}\r\n"
        else:
            self.serial += 1
            client_id = f"k{self.serial:08d}-{connection.number}"
            symbol = rng.choice(SYMBOLS)
            side = rng.choice(("BUY", "SELL"))
            ceiling, floor = self.prices[symbol]
            aggressive = rng.random() < AGGRESSIVE_SHARE
            body = json.dumps({
                "client_order_id": client_id, "symbol": symbol, "side": side, "order_type": "LO",
                "quantity": 100 * rng.randint(1, 9),
                "price": ceiling if (side == "BUY") == aggressive else floor})
            self.books.bodies[client_id] = (trader, body)
            connection.pending = ("order", client_id)
            request = (f"POST /api/v1/orders HTTP/1.1\r\n{head}Content-Type: application/json\r\n"
                       f"Content-Length: {len(body)}\r\n\r\n{body}")
        try:
            connection.socket.sendall(request.encode())
        except OSError:
            pass  # the server is gone; the socket tells so when it is read

    def receive(self, server, selector, connection, killed, acknowledged):
        try:
            data = connection.socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            if not killed:
                raise Failure("the server closed a connection under load")
            selector.unregister(connection.socket)
            connection.socket.close()
            if connection.pending and connection.pending[0] == "order":
                self.books.unanswered.append(connection.pending[1])
            connection.pending = None
            return
        connection.buffer += data
        head, found, rest = connection.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(re.search(rb"(?i)\r\ncontent-length:\s*(\d+)", head).group(1))
        if len(rest) < length:
            return
        connection.buffer = rest[length:]
        self.answered(connection, int(head[9:12]), json.loads(rest[:length]), acknowledged)
        if not killed:
            self.send(server, connection)

    def answered(self, connection, status, answer, acknowledged):
        kind, client_id = connection.pending
        connection.pending = None
        if status in (200, 201):
            data = answer["data"]
            data = data.get("order", data)
            if kind == "cancel":
                self.books.cancelled.add(client_id)
                return
            if data["client_order_id"] != client_id:
                raise Failure(f"{client_id} was answered as {data['client_order_id']}")
            self.books.acknowledged[client_id] = data["order_id"]
            acknowledged.append(client_id)
            connection.mine.append(client_id)
            return
        if kind == "cancel" and status == 409:
            return  # it was filled first
        if kind == "cancel" and status == 404:
            raise Failure(f"{client_id} was acknowledged and is not found when it is cancelled")
        self.books.codes[f"{status} {answer.get('code')}"] += 1
        if kind == "order" and 400 <= status < 500:
            self.books.refused.add(client_id)
        elif kind == "order":
            self.books.unanswered.append(client_id)


class Run:
    def __init__(self, arguments, server):
        self.arguments, self.server = arguments, server
        self.rng = random.Random(arguments.seed)
        self.books = Books()
        self.traders = [Trader(f"trader{i}") for i in range(4)]
        self.ready = []
        self.verified = self.resent = self.recovery_kills = self.lost = 0
        self.seen = {}                        # client order id -> order id, as the server lists them

    def prepare(self):
        server, admin = self.server, Trader("chief")
        server.add_user(admin.name, "admin", admin.password)
        for trader in self.traders:
            server.add_user(trader.name, "trader", trader.password)
        server.start()
        admin.login(server)
        for trader in self.traders:
            trader.login(server)
            trader.account = server.expect(200, "GET", "/accounts/profile",
                                           token=trader.token)["account_id"]
            account = f"/accounts/{trader.account}"
            self.endow(admin, account + "/cash", {"amount": str(10**14), "currency": "VND"})
            for symbol in SYMBOLS:
                self.endow(admin, account + "/securities", {"symbol": symbol, "quantity": str(10**8)})
        prices = {}
        for symbol in SYMBOLS:
            data = server.expect(200, "GET", f"/instruments/{symbol}")
            data = data.get("instrument", data)
            prices[symbol] = (data["ceiling"], data["floor"])
        connections = [Connection(i, self.traders[i % len(self.traders)])
                       for i in range(self.arguments.connections)]
        self.load = Load(self.rng, self.books, connections, prices)

    def endow(self, admin, path, body):
        status, answer = self.server.request("POST", path, json.dumps(body), admin.token)
        if status not in (200, 201):
            raise Failure(f"POST {path} answers {status}: {answer}")

    def cycle(self, number):
        server, books = self.server, self.books
        acknowledged = self.load.run(server, self.rng.uniform(0.05, self.arguments.seconds))
        # Every acknowledged order and cancel is a command of its own in the journal.
        if server.verify() < len(books.acknowledged) + len(books.cancelled):
            raise Failure("the journal is shorter than what was acknowledged")
        self.verified += 1
        if self.arguments.prove and number == 1:
            books.acknowledged["never-sent"] = "00000000-0000-7000-8000-000000000000"
            acknowledged.append("never-sent")
        if self.rng.random() < RECOVERY_KILLS:
            server.spawn()
            time.sleep(self.rng.uniform(0.0, 0.2))  # any moment of a start will do
            server.kill()
            server.reap()
            self.recovery_kills += 1
        self.ready.append(server.start())
        if self.ready[-1] > self.arguments.ready_limit:
            raise Failure(f"ready after {self.ready[-1]:.2f} s, the limit is "
                          f"{self.arguments.ready_limit} s")
        for trader in self.traders:
            trader.refresh(server)
        self.list_orders(everything=number % FULL_CHECK_EVERY == 0 or number == self.arguments.cycles)
        self.compare(acknowledged)
        self.resend(acknowledged)

    def list_orders(self, everything):
        """Reads the order lists, newest first, down to where the last reading began."""
        known = {} if everything else self.seen
        listed = {}
        for trader in self.traders:
            path = "/orders?limit=100"
            while path:
                page = self.server.expect(200, "GET", path, token=trader.token)
                for order in page["orders"]:
                    client_id = order["client_order_id"]
                    if client_id in listed:
                        raise Failure(f"{client_id} is listed twice")
                    self.compare_order(client_id, order)
                    listed[client_id] = order["order_id"]
                caught_up = any(order["client_order_id"] in known for order in page["orders"])
                path = (f"/orders?limit=100&cursor={page['next_cursor']}"
                        if page["has_more"] and not caught_up else None)
        if everything:
            self.seen = listed
            self.missing(self.books.acknowledged)
        else:
            self.seen.update(listed)

    def compare_order(self, client_id, order):
        if client_id not in self.books.bodies:
            raise Failure(f"the server lists {client_id}, which nobody sent")
        if client_id in self.books.refused:
            raise Failure(f"the server lists {client_id}, which it had refused")
        if client_id in self.books.cancelled and order["status"] != "CANCELLED":
            self.lost += 1
            self.complain(f"the cancel of {client_id} was acknowledged; it is {order['status']}")

    def compare(self, acknowledged):
        self.missing(acknowledged)
        if self.lost:
            raise Failure(f"{self.lost} acknowledged orders and cancels are lost")

    def missing(self, client_ids):
        for client_id in client_ids:
            if self.seen.get(client_id) != self.books.acknowledged[client_id]:
                self.lost += 1
                self.complain(f"{client_id} was acknowledged as {self.books.acknowledged[client_id]}; "
                              f"it is {self.seen.get(client_id, 'not there')}")

    def complain(self, text):
        if self.lost <= 20:
            print("kill9:", text, file=sys.stderr)

    def resend(self, acknowledged):
        """Orders whose answer was lost, and a few that were acknowledged, are sent again: each exists
        once, under one id, and its client order id takes no other body."""
        books = self.books
        for client_id in books.unanswered:
            order_id = self.send_again(client_id, known=client_id in self.seen)
            if self.seen.setdefault(client_id, order_id) != order_id:
                raise Failure(f"{client_id} sent again became another order")
            books.acknowledged[client_id] = order_id
            self.resent += 1
        again = [*books.unanswered, *self.rng.sample(acknowledged, min(3, len(acknowledged)))]
        for client_id in again:
            if self.send_again(client_id, known=True) != books.acknowledged[client_id]:
                raise Failure(f"{client_id} sent again became another order")
        for client_id in again[-1:]:
            trader, body = books.bodies[client_id]
            other = json.dumps({**json.loads(body), "quantity": 1000})
            status, answer = self.server.request("POST", "/orders", other, trader.token)
            if status != 409 or answer["code"] != "DUPLICATE_CLIENT_ORDER_ID":
                raise Failure(f"another body under a used id answers {status}: {answer}")
        books.unanswered.clear()

    def send_again(self, client_id, known):
        trader, body = self.books.bodies[client_id]
        status, answer = self.server.request("POST", "/orders", body, trader.token)
        expected = 200 if known else 201
        if status != expected:
            raise Failure(f"{client_id} sent again answers {status}, not {expected}: {answer}")
        return answer["data"]["order_id"]

    def figures(self):
        ready = sorted(self.ready) or [0.0]
        return (f"kill9: {self.verified} cycles, {self.recovery_kills} more kills while recovering, "
                f"{len(self.books.acknowledged)} acknowledged orders, "
                f"{len(self.books.cancelled)} cancels, {self.lost} lost, {self.resent} sent again, "
                f"ready after {statistics.median(ready):.3f} s (median) {ready[-1]:.3f} s (longest), "
                f"seed {self.arguments.seed}")


def positive(text):
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--khopd", required=True, type=Path, help="the program to kill")
    parser.add_argument("--cycles", type=positive, default=30)
    parser.add_argument("--connections", type=positive, default=16)
    parser.add_argument("--seconds", type=float, default=0.8, help="longest load before a kill")
    parser.add_argument("--ready-limit", type=float, default=1.0, help="seconds to be ready again")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31))
    parser.add_argument("--prove", action="store_true",
                        help="claim an acknowledgement that never was; must be reported as lost")
    parser.add_argument("--discard", action="store_true", help="keep no data directory after a failure")
    arguments = parser.parse_args()
    if not os.access(arguments.khopd, os.X_OK):
        parser.error(f"--khopd: {arguments.khopd} is no program")
    return arguments


def main():
    arguments = parse_arguments()
    folder = Path(tempfile.mkdtemp(prefix="khop-kill9-"))
    with open(folder / "khopd.log", "w", encoding="utf-8") as log:
        server = Server(arguments.khopd.resolve(), folder / "data", log)
        run = Run(arguments, server)
        failure = None
        try:
            run.prepare()
            for number in range(1, arguments.cycles + 1):
                run.cycle(number)
            server.stop()
            server.verify()
            if len(run.books.acknowledged) < 20 * arguments.cycles:
                raise Failure(f"too few orders to mean anything; refusals: {dict(run.books.codes)}")
        except (Failure, OSError, KeyError, ValueError, subprocess.TimeoutExpired) as error:
            failure = error
        finally:
            if server.process and server.process.poll() is None:
                server.kill()
                server.reap()
    print(run.figures())
    if run.books.codes:
        print(f"kill9: refusals {dict(run.books.codes)}", file=sys.stderr)
    if arguments.prove:
        shutil.rmtree(folder)
        print("kill9: the false claim was", "found out" if run.lost else f"missed ({failure})")
        return 0 if run.lost else 1
    if failure:
        print(f"kill9: FAILED: {failure!r}", file=sys.stderr)
    if failure and not arguments.discard:
        print(f"kill9: the data directory is {folder}/data", file=sys.stderr)
    else:
        shutil.rmtree(folder)
    return 1 if failure else 0


if __name__ == "__main__":
    sys.exit(main())
