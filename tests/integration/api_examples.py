#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends every request of the API's description to khopd --demo: each example, and each request without a body.
Each is answered with a success that the description names. Then the same requests are spoilt, each in several ways,
and refused with a problem that the description names.

usage: api_examples.py KHOPD

With KHOP_PRISM everything goes through Prism (prism_proxy.py).
"""
import copy
import http.client
import json
import re
import signal
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

import prism_proxy

ADMIN_PASSWORD = "an administrator of tests"
CASH = "Ngày;Diễn giải;Phát sinh tăng;Phát sinh giảm\n02/11/2026;Nộp tiền;100.000.{:03};0\n"

# Whatever changes the world for the others comes after them, in this order.
LATE = ["cancelAllOrders", "deactivateInstrument", "activateInstrument", "haltInstrument", "resumeInstrument",
        "deactivateAsset", "activateAsset", "haltAsset", "resumeAsset", "stopTrading", "resumeTrading",
        "setRiskLimits", "endMargin", "setClock", "nextSession", "resetPractice", "electRights", "startRecording", "stopRecording",
        "replayRecording", "removeRecording", "logout"]
FIRST = ["register", "login"]


def fail(message):
    print("FAIL", message)
    sys.exit(1)


class Desk:
    def __init__(self, khopd, folder):
        subprocess.run([khopd, "user", "add", "boss", "--role", "admin", "--password-stdin", "--data-dir", folder],
                       input=ADMIN_PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [khopd, "--demo", "--port", "0", "--data-dir", folder, "--seed", "7", "--clock",
             "2026-11-20T10:00:00+07:00", "--rules", strict_rules(folder)], stdout=subprocess.PIPE, text=True)
        password = None
        for line in self.process.stdout:
            if found := re.search(r"password: (\S+)", line):
                password = found.group(1)
            if found := re.match(r"ready (http://\S+)", line):
                self.base = found.group(1)
                break
        else:
            fail("khopd did not become ready")
        self.prism = prism_proxy.standing_before(self.base, folder)
        if self.prism:
            self.base = self.prism.base
        self.tokens = {}
        self.previews = 0
        self.document = self.call("GET", "/openapi.json")[1]
        self.sign_in("trade", "demo", password)
        self.sign_in("admin", "boss", ADMIN_PASSWORD)
        self.tokens["read"] = self.tokens["trade"]
        self.data("POST", f"/accounts/{account(self)}/cash", {"amount": "30000000000"}, "admin")

    def sign_in(self, role, username, password):
        status, answer = self.call("POST", "/auth/login", {"username": username, "password": password})
        if status != 200:
            fail(f"{username} cannot sign in: {answer}")
        self.tokens[role] = answer["data"]["access_token"]
        self.refresh = answer["data"]["refresh_token"]

    def call(self, method, target, body=None, role=None, content_type="application/json"):
        """Answers (status, JSON or text)."""
        where = urllib.parse.urlsplit(self.base)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
        headers = {}
        if role:
            headers["Authorization"] = "Bearer " + self.tokens[role]
        data = None
        if body is not None:
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            headers["Content-Type"] = content_type
        connection.request(method, target, data, headers)
        answer = connection.getresponse()
        text = answer.read()
        prism_proxy.judge(method, target, answer.status, answer.headers.get("sl-violations"))
        connection.close()
        if "json" in (answer.headers.get("Content-Type") or ""):
            return answer.status, json.loads(text)
        return answer.status, text

    def data(self, method, target, body=None, role="trade", content_type="application/json"):
        status, answer = self.call(method, target, body, role, content_type)
        if status >= 300:
            fail(f"{method} {target}: {status} {answer}")
        return answer["data"] if isinstance(answer, dict) else answer

    def stop(self):
        if self.prism:
            self.prism.stop()
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=20) != 0:
            fail(f"khopd ended with {self.process.returncode}")


def strict_rules(folder):
    """The market's rules, but that withdrawals wait for an administrator."""
    rules = json.loads((Path(__file__).parents[2] / "resources/markets.json").read_text(encoding="utf-8"))
    rules["policies"]["withdrawals"] = "APPROVED"
    file = Path(folder) / "rules.json"
    file.write_text(json.dumps(rules), encoding="utf-8")
    return str(file)


def resting_order(desk):
    floor = desk.data("GET", "/instruments/FPT")["floor"]
    return desk.data("POST", "/orders", {"symbol": "FPT", "side": "BUY", "quantity": 500, "price": floor})["order_id"]


def account(desk):
    return desk.data("GET", "/accounts/profile")["account_id"]


def deal(desk, answered_by):
    """A proposal of demo's that lan.nguyen answers, or hers that demo answers or withdraws his own."""
    offer = {"symbol": "FPT", "side": "BUY", "counterparty": "demo", "quantity": "20000", "price": "105501"}
    if answered_by == "demo":
        return desk.data("POST", "/put-through", offer, "other")["put_through_id"]
    return desk.data("POST", "/put-through", dict(offer, counterparty="lan.nguyen"), "trade")["put_through_id"]


def preview(desk):
    desk.previews += 1  # the same row again would be a duplicate
    return desk.data("POST", "/import/cash?preset=SSI", CASH.format(desk.previews),
                     content_type="text/csv")["import_id"]


def path_values(desk, operation, path):
    """What stands for the parameters of a path so that the request can succeed."""
    name = operation["operationId"]
    if name == "decideTransaction":
        desk.data("POST", "/balance/withdraw", {"amount": "1000000"})
        entries = desk.data("GET", "/balance/transactions?type=WITHDRAW")["transactions"]
        return {"id": next(e["transaction_id"] for e in entries if e["status"] == "PENDING")}
    if path.startswith("/users/{id}"):
        users = desk.data("GET", "/users", role="admin")["users"]
        return {"id": next(u["user_id"] for u in users if u["username"] not in ("boss", "demo", "lan.nguyen"))}
    if path.startswith("/auth/api-keys/{id}"):
        return {"id": desk.data("GET", "/auth/api-keys")["api_keys"][0]["key_id"]}
    if path.startswith("/orders/{id}"):
        return {"id": resting_order(desk)}
    if path.startswith(("/trades/{id}", "/settle/{id}")):
        return {"id": desk.data("GET", "/trades?limit=1")["trades"][0]["trade_id"]}
    if path.startswith("/put-through/{id}"):
        return {"id": deal(desk, "other" if name == "cancelPutThrough" else "demo")}
    if path.startswith("/corporate-actions/{id}"):
        actions = desk.data("GET", "/corporate-actions")["corporate_actions"]
        kind = "RIGHTS" if name == "electRights" else "BONUS" if name == "withdrawCorporateAction" else ""
        return {"id": next(a["corporate_action_id"] for a in actions if a["type"].startswith(kind))}
    if name == "previewImport":
        return {"id": "trades"}
    if path.startswith("/import/{id}"):
        one = preview(desk)
        if name in ("getImport", "undoImport"):
            one = desk.data("POST", f"/import/{one}/apply")["import_id"]
        return {"id": one}
    if path.startswith("/recordings/{id}"):
        return {"id": "monday"}
    return {"symbol": "SSI", "asset_id": "SSI", "id": "VIC" if "assets" in path else "0", "account_id": account(desk),
            "username": "demo", "file": {"exportRecords": "orders.csv", "getYearStatement": "2026.pdf",
                                         "getDocsFile": "start.js"}.get(name)}


def prepare(desk, name, body):
    """What an example needs to be there, and ids and tokens that only the server knows."""
    if name == "refreshSession":
        body["refresh_token"] = desk.refresh
    if name == "getAssetBalance" or name == "listAssetTransactions":
        return
    if name == "proposePutThrough":
        desk.data("POST", f"/accounts/{account(desk)}/securities", {"symbol": "FPT", "quantity": "100000"}, "admin")
    if name == "advanceCash":
        desk.data("POST", "/orders", {"symbol": "SSI", "side": "SELL", "order_type": "MTL", "quantity": "500"})
    if name == "electRights":
        status, answer = desk.call("PUT", "/practice/clock", {"time": "2026-12-01T10:00:00+07:00"}, "admin")
        if status != 200:
            fail(f"the clock does not move: {answer}")
    if name == "setClock" and "time" in body:
        body["time"] = "2026-11-20T14:00:00+07:00"
    if name == "resumeTrading":
        desk.data("POST", "/risk/kill-switch", {"reason": "to be lifted"})


def operations(document):
    found = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                found.append((path, method.upper(), operation))

    def place(one):
        name = one[2]["operationId"]
        if name in FIRST:
            return FIRST.index(name)
        return 1000 + LATE.index(name) if name in LATE else 100

    return sorted(found, key=place)


def send(desk, path, method, operation, body, title):
    name = operation["operationId"]
    body = copy.deepcopy(body)
    prepare(desk, name, body)
    role = operation["x-access"] if operation["x-access"] in ("read", "trade", "admin") else None
    target = path
    for key, value in path_values(desk, operation, path).items() if "{" in path else ():
        target = target.replace("{" + key + "}", urllib.parse.quote(str(value)))
    if name == "removeRecording":
        desk.call("POST", target + "/stop", None, "admin")  # unless it has come to its end
    kind = "application/json"
    if name == "previewImport":
        target += "?preset=SSI"
        kind = "text/csv"
        body = operation["requestBody"]["content"][kind]["example"]
    status, answer = desk.call(method, target, body, role, kind)
    if name == "login" and status == 200:
        desk.tokens["other"] = answer["data"]["access_token"]
        other = desk.data("GET", "/accounts/profile", role="other")["account_id"]
        desk.data("POST", f"/accounts/{other}/cash", {"amount": "30000000000"}, "admin")
    if status >= 300 or str(status) not in operation["responses"]:
        fail(f"{method} {target} ({title}): {status}: {answer if isinstance(answer, dict) else answer[:300]}")
    return status


def refuse(desk, path, method, operation):
    """Sends requests that must be refused; answers how many."""
    role = operation["x-access"] if operation["x-access"] in ("read", "trade", "admin") else None
    target = re.sub(r"{[^}]*}", "00000000-0000-7000-8000-000000000000", path)
    body = "requestBody" in operation and "application/json" in operation["requestBody"]["content"]
    spoilt = [("an unknown parameter", target + "?no_such_parameter=1", None, role, None, (400, 404))]
    if role:
        spoilt.append(("no token", target, {} if body else None, None, None, (401,)))
    if body:
        spoilt += [("an unknown field", target, {"no_such_field": 1}, role, None, (422, 404)),
                   ("an array", target, "[]", role, None, (422, 404))]
        if not desk.prism:  # which would answer that itself
            spoilt.append(("no JSON", target, "{", role, None, (400, 404)))
        if method != "DELETE":
            spoilt.append(("another type", target, "quantity=1", role, "text/plain", (415,)))
    for title, where, content, who, content_type, statuses in spoilt:
        status, answer = desk.call(method, where, content, who, content_type or "application/json")
        if status not in statuses or str(status) not in operation["responses"]:
            fail(f"{method} {where} ({title}): {status}, not {statuses}: {answer}")
        if not answer.get("code") or answer.get("status") != status:
            fail(f"{method} {where} ({title}): no problem: {answer}")
    return len(spoilt)


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        sys.exit(2)
    sent = examples = refused = 0
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(sys.argv[1], folder)
        try:
            for path, method, operation in operations(desk.document):
                refused += refuse(desk, path, method, operation)
            for path, method, operation in operations(desk.document):
                content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                named = {title: one["value"] for title, one in content.get("examples", {}).items()}
                for title, body in named.items():
                    send(desk, path, method, operation, body, title)
                    examples += 1
                if not named:
                    send(desk, path, method, operation, None, "no body")
                sent += 1
            desk.stop()
        finally:
            if desk.prism and desk.prism.process.poll() is None:
                desk.prism.process.kill()
            if desk.process.poll() is None:
                desk.process.kill()
    print(f"examples: {sent} operations, {examples} examples, {refused} refusals, all answered as described")
    prism_proxy.conclude("examples")


if __name__ == "__main__":
    main()
