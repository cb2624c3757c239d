#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the example bots as they are against a khopd --demo of their own: each quotes, trades, loses its
connection, and finds nothing lost and nothing doubled.

usage: clients.py KHOPD python|node|curl
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from demo_desk import EXAMPLES, PASSWORD, Counterparty, Desk


def command(kind, url, user, folder):
    if kind == "python":
        return [sys.executable, str(EXAMPLES / "python" / "bot.py"), "--url", url, "--user", user,
                "--password", PASSWORD, "--seed", "7"]
    if kind == "curl":
        return ["bash", str(EXAMPLES / "curl" / "bot.sh"), url, user, PASSWORD]
    # Node looks for packages beside the program: a copy of it keeps the source tree clean.
    copy = os.path.join(folder, "node")
    shutil.copytree(EXAMPLES / "node", copy)
    packaged = "/usr/share/nodejs/ws"  # the distribution's; else npm fetches it
    if os.path.isdir(packaged):
        os.mkdir(os.path.join(copy, "node_modules"))
        os.symlink(packaged, os.path.join(copy, "node_modules", "ws"))
    else:
        done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=copy,
                              text=True, capture_output=True, timeout=300, check=False)
        if done.returncode != 0:
            sys.exit(f"FAIL the package ws cannot be installed: {done.stdout}{done.stderr}")
    return ["node", os.path.join(copy, "bot.mjs"), "--url", url, "--user", user,
            "--password", PASSWORD]


def main():
    khopd, kind = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        line = None
        desk = Desk(khopd, os.path.join(folder, "data"), "--participants", "off")
        try:
            desk.trader("quoter")
            line = command(kind, desk.url, "quoter", folder)
            other = Counterparty(desk.trader("taker"))
            done = subprocess.run(line, text=True, capture_output=True, timeout=240, check=False)
            other.stop()
        finally:
            desk.stop()
        print(done.stdout, done.stderr, sep="")
        figures = re.search(r"(\d+) orders, (\d+) (?:executions|traded), (\d+) drops.* (\d+) wrong",
                            done.stdout)
        if done.returncode != 0 or not figures:
            sys.exit(f"FAIL the {kind} bot ended with {done.returncode}")
        orders, trades, drops, wrong = map(int, figures.groups())
        if orders < 10 or trades < 1 or drops < 3 or wrong:
            sys.exit(f"FAIL the {kind} bot did too little, or something wrong")


main()
