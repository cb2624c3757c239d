#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory of a real khopd under 2,000 half-open requests and three floods of 100 MB.

    hostile_memory.py KHOPD [--limit-mb 10]

Fails when its resident memory grows by the limit or more, when a flood is not refused with its status,
or when the server stops answering.
"""
import argparse
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

FLOODS = (
    (b"GET /", 414),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ", 431),
    (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000000\r\n\r\n", 413),
)
CHUNK = b"a" * (256 * 1024)


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    raise SystemExit("no VmRSS")


def settled(pid):
    """Once the threads of the start have what they need: nothing has been added for half a second."""
    before, since, end = resident(pid), time.monotonic(), time.monotonic() + 10
    while time.monotonic() - since < 0.5 and time.monotonic() < end:
        time.sleep(0.05)
        now = resident(pid)
        if abs(now - before) > 64 * 1024:
            before, since = now, time.monotonic()
    return before


def status(connection):
    try:
        return int(connection.recv(4096).split(b" ", 2)[1])
    except (OSError, IndexError, ValueError):
        return 0


def healthy(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return status(connection) == 200


def flood(port, start):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        try:
            connection.sendall(start)
            for _ in range(400):
                connection.sendall(CHUNK)
        except OSError:
            pass  # refused while we were still talking: the reply is what counts
        return status(connection)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("khopd")
    parser.add_argument("--limit-mb", type=int, default=10)
    options = parser.parse_args()
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [options.khopd, "--data-dir", folder, "--port", "0", "--participants", "off",
             "--clock", "2026-11-20T09:30:00+07:00"], stdout=subprocess.PIPE, text=True)
        try:
            line = server.stdout.readline()
            while line and not line.startswith("ready "):
                line = server.stdout.readline()
            port = int(line.rsplit(":", 1)[1])
            for _ in range(20):
                healthy(port)
            before = settled(server.pid)
            crowd = []
            for _ in range(2000):
                connection = socket.socket()
                connection.settimeout(10)
                try:
                    connection.connect(("127.0.0.1", port))
                    connection.sendall(b"GET /health HTTP/1.1\r\nHo")
                except OSError:
                    pass  # turned away: also an answer
                crowd.append(connection)
            if not healthy(port):
                failures.append("no answer beside 2,000 half-open requests")
            half_open = resident(server.pid) - before
            for connection in crowd:
                connection.close()
            for start, expected in FLOODS:
                got = flood(port, start)
                if got not in (expected, 0):
                    failures.append(f"{start[:12]!r}: {got} instead of {expected}")
                if not healthy(port):
                    failures.append(f"no answer after {start[:12]!r}")
            grown = max(half_open, resident(server.pid) - before)
            print(f"hostile_memory: {half_open >> 10} KiB after 2,000 half-open requests, {grown >> 10} KiB at most")
            if grown >= options.limit_mb << 20:
                failures.append(f"memory grew by {grown >> 10} KiB")
        finally:
            server.terminate()
            if server.wait(timeout=30) != 0:
                failures.append(f"exit {server.returncode} on SIGTERM")
    for failure in failures:
        print("FAILED:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
