# SPDX-License-Identifier: GPL-3.0-or-later
"""Prism between a client and a server: it holds what passes against the API's description.

KHOP_PRISM names the command (`prism` of @stoplight/prism-cli); without it nothing stands between.
"""
import json
import os
import socket
import subprocess
import time
import urllib.request

passed = []      # (method, path, status) of all that went through
mismatches = []  # what of it was not as described


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Prism:
    def __init__(self, server, folder):
        """server: http://host:port of the running server; its description is kept in the folder."""
        self.document = os.path.join(folder, "openapi.json")
        with urllib.request.urlopen(server + "/openapi.json") as answer, open(self.document, "wb") as file:
            file.write(answer.read())
        port = free_port()
        self.log = open(os.path.join(folder, "prism.log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen([os.environ["KHOP_PRISM"], "proxy", self.document, server, "--port", str(port)],
                                        stdout=self.log, stderr=subprocess.STDOUT)
        self.base = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"FAIL prism ended with {self.process.returncode}")
                time.sleep(0.1)
        raise SystemExit("FAIL prism did not start within a minute")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.log.close()


def standing_before(server, folder):
    """A Prism before the server, or None where none is asked for."""
    return Prism(server, folder) if os.environ.get("KHOP_PRISM") else None


def plain(target):
    """The target as the description has it: without the base and a trailing slash, which Prism knows nothing of."""
    path, mark, query = target.partition("?")
    if path.startswith("/api/v1/"):
        path = path[len("/api/v1"):]
    return (path.rstrip("/") or "/") + mark + query


def judge(method, target, status, violations):
    """Notes what Prism found (its header sl-violations). A request counts only where it was accepted."""
    passed.append((method, target, status))
    for found in json.loads(violations) if violations else []:
        place = found.get("location") or ["?"]
        if place[0] == "response" or status < 400:
            mismatches.append(f"{method} {target} -> {status}: {'/'.join(map(str, place))}: {found.get('message')}")


def conclude(what):
    """One line of figures; ends the program where something was not as described."""
    if not os.environ.get("KHOP_PRISM"):
        return
    for line in mismatches:
        print("MISMATCH", line)
    print(f"prism {what}: {len(passed)} answers, {len(mismatches)} mismatches")
    if mismatches:
        raise SystemExit(1)
