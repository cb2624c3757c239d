#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The curl lines of the original services, with a token and this port, against khopd --demo.

usage: original_services.py KHOPD

With KHOP_PRISM the lines go through Prism (prism_proxy.py).
"""
import json
import re
import shlex
import signal
import subprocess
import sys
import tempfile

import prism_proxy


def fail(message):
    print("FAIL", message)
    sys.exit(1)


class Desk:
    def __init__(self, khopd, folder):
        self.process = subprocess.Popen(
            [khopd, "--demo", "--port", "0", "--data-dir", folder, "--seed", "7"],
            stdout=subprocess.PIPE, text=True)
        password = None
        for line in self.process.stdout:
            if found := re.search(r"password: (\S+)", line):
                password = found.group(1)
            if found := re.match(r"ready (http://\S+)", line):
                self.base = found.group(1)
                break
        else:
            fail("khopd did not become ready")
        if not password:
            fail("khopd did not show the demo user's password")
        self.prism = prism_proxy.standing_before(self.base, folder)
        self.token = None
        login = self.curl(f"""curl -X POST BASE/auth/login -H "Content-Type: application/json"
                              -d '{json.dumps({"username": "demo", "password": password})}'""", 200)
        self.token = login["data"]["access_token"]

    def curl(self, line, status):
        """Runs a curl line; BASE is this server. Answers the JSON body."""
        if self.prism:
            line = re.sub(r"BASE([^\s\"']*)", lambda found: self.prism.base + prism_proxy.plain(found.group(1)), line)
        command = shlex.split(line.replace("BASE", self.base).replace("\\\n", " "))
        command[1:1] = ["-s", "--max-time", "20", "-w", "\n%header{sl-violations}\n%{http_code}"]
        if self.token:
            command += ["-H", f"Authorization: Bearer {self.token}"]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        body, violations, code = output.rsplit("\n", 2)
        prism_proxy.judge("curl", " ".join(line.split())[:100], int(code), violations)
        if int(code) != status:
            fail(f"{line.strip()}\n  answered {code}, not {status}: {body}")
        print("ok", status, " ".join(line.split())[:100])
        return json.loads(body) if body.startswith(("{", "[")) else body

    def stop(self):
        if self.prism:
            self.prism.stop()
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=20) != 0:
            fail(f"khopd ended with {self.process.returncode}")


def expect(what, got, wanted):
    if got != wanted:
        fail(f"{what}: got {got!r}, not {wanted!r}")


def order_api(desk):
    """The order API in microservices: orders, trades and book of one instrument."""
    me = desk.curl("curl BASE/accounts/profile", 200)["data"]["user_id"]
    buy = desk.curl(f"""curl -X POST BASE/orders/ -H "Content-Type: application/json" -d '{{
        "side": "buy", "quantity": 100, "price": 150.25, "user_id": "{me}" }}'""", 201)["data"]
    expect("symbol", buy["symbol"], "DEMO")
    expect("side", buy["side"], "BUY")
    expect("price", buy["price"], "150.25")
    sell = desk.curl(f"""curl -X POST BASE/orders/ -H "Content-Type: application/json" -d '{{
        "side": "sell", "quantity": 50, "price": 150.20, "user_id": "{me}" }}'""", 201)["data"]
    expect("side", sell["side"], "SELL")
    desk.curl("""curl -X POST BASE/orders/ -H "Content-Type: application/json" -d '{
        "side": "buy", "quantity": 100, "price": 150.25, "user_id": "123e4567-e89b-12d3-a456-426614174000" }'""", 403)
    resting = desk.curl("""curl -X POST BASE/orders/ -H "Content-Type: application/json"
        -d '{"side": "buy", "quantity": 10, "price": 100.10}'""", 201)["data"]
    order = resting["order_id"]
    expect("status", resting["status"], "ACTIVE")
    shown = desk.curl(f"curl BASE/orders/{order}/", 200)["data"]
    for field in ("order_id side quantity price remaining_quantity traded_quantity average_traded_price status "
                  "is_active user_id created_at updated_at").split():
        if field not in shown:
            fail(f"the order has no {field}")
    changed = desk.curl(f"""curl -X PUT BASE/orders/{order}/ -H "Content-Type: application/json"
        -d '{{ "price": 100.30 }}'""", 200)["data"]
    expect("price", changed["price"], "100.30")
    active = desk.curl('curl "BASE/orders/?status=ACTIVE&side=buy"', 200)["data"]
    expect("the resting order among the active", order in [o["order_id"] for o in active["orders"]], True)
    mine = desk.curl(f'curl "BASE/orders/?user_id={me}"', 200)["data"]
    expect("total_count", mine["total_count"], 3)
    desk.curl('curl "BASE/orders/?user_id=123e4567-e89b-12d3-a456-426614174000"', 403)
    expect("page", len(desk.curl('curl "BASE/orders/?page=1&page_size=2"', 200)["data"]["orders"]), 2)
    cancelled = desk.curl(f"curl -X DELETE BASE/orders/{order}/", 200)["data"]
    expect("status", cancelled["status"], "CANCELLED")
    desk.curl("curl BASE/orders/987fcdeb-51a2-43d7-8f9e-123456789abc/", 404)
    book = desk.curl("curl BASE/orderbook/", 200)["data"]
    expect("five levels at most", len(book["bids"]) <= 5, True)
    desk.curl('curl "BASE/orderbook/?depth=10"', 200)
    trades = desk.curl("curl BASE/trades/", 200)["data"]
    for field in ("trade_id price quantity bid_order_id ask_order_id execution_timestamp is_settled "
                  "settlement_timestamp").split():
        if trades["trades"] and field not in trades["trades"][0]:
            fail(f"the trade has no {field}")
    page = desk.curl('curl "BASE/trades/?page=1&page_size=20"', 200)["data"]
    if page["trades"]:
        desk.curl(f"curl BASE/trades/{page['trades'][0]['trade_id']}/", 200)
    # with this server's own ids the lines work; as they stand they name what is not there, or another's
    desk.curl("""curl -X POST BASE/orders/ -H "Content-Type: application/json" -d '{
        "side": "sell", "quantity": 50, "price": 150.20, "user_id": "123e4567-e89b-12d3-a456-426614174000" }'""", 403)
    desk.curl("""curl -X PUT BASE/orders/987fcdeb-51a2-43d7-8f9e-123456789abc/ \\
        -H "Content-Type: application/json" -d '{ "price": 150.30 }'""", 404)
    desk.curl("curl -X DELETE BASE/orders/987fcdeb-51a2-43d7-8f9e-123456789abc/", 404)
    desk.curl('curl "BASE/orders/?page=1&page_size=10"', 200)
    refused = desk.curl("curl -X POST BASE/trades/trade-uuid/settle/", 403)
    expect("code", refused["code"], "FORBIDDEN")
    health = desk.curl("curl BASE/health/", 200)
    expect("health", (health["database"], health["redis"]), ("ok", "disabled"))


def trading_service(desk):
    """The trading service for Vietnamese shares under /api/v1."""
    desk.curl('curl -H "Accept: application/json" BASE/api/v1/orders', 200)
    refused = desk.curl("""curl -X POST "BASE/api/v1/orders" \\
        -H "Content-Type: application/json" \\
        -d '{ "symbol": "VIC", "side": "BUY", "order_type": "LO", "quantity": 100, "price": 85.5,
              "market": "HOSE", "time_in_force": "DAY" }'""", 422)
    expect("code", refused["code"], "PRICE_BELOW_FLOOR")
    expect("hint", "kVND" in refused["detail"], True)
    floor = desk.curl("curl BASE/instruments/VIC", 200)["data"]["floor"]
    order = desk.curl(f"""curl -X POST "BASE/api/v1/orders" -H "Content-Type: application/json" \\
        -d '{{ "symbol": "VIC", "side": "BUY", "order_type": "LO", "quantity": 100, "price": {int(floor) / 1000},
              "price_unit": "kVND", "market": "HOSE", "time_in_force": "DAY" }}'""", 201)["data"]
    expect("price", order["price"], floor)
    one = order["order_id"]
    desk.curl(f"curl BASE/api/v1/orders/{one}", 200)
    desk.curl(f"curl BASE/api/v1/orders/{one}/executions", 200)
    positions = desk.curl("curl BASE/api/v1/positions", 200)["data"]["positions"]
    desk.curl(f"curl BASE/api/v1/positions/{positions[0]['symbol']}", 200)
    desk.curl("curl BASE/api/v1/accounts/profile", 200)
    desk.curl("curl BASE/api/v1/accounts/balance", 200)
    desk.curl("curl BASE/api/v1/accounts/trading-session", 200)
    desk.curl("curl BASE/api/v1/accounts/trading-limits", 200)
    desk.curl("curl BASE/api/v1/accounts/permissions", 200)
    summary = desk.curl('curl "BASE/api/v1/positions/summary/portfolio"', 200)["data"]
    for field in ("account_id total_market_value total_cost_basis cash_balance total_portfolio_value unrealized_pnl "
                  "realized_pnl daily_pnl total_return_percent position_count last_updated").split():
        if field not in summary:
            fail(f"the summary has no {field}")
    desk.curl('curl "BASE/api/v1/positions/history/changes"', 200)
    desk.curl('curl "BASE/api/v1/positions/buying-power/available"', 200)
    page = desk.curl("curl BASE/docs", 200)
    expect("documentation", "swagger-ui-bundle.js" in page, True)
    described = desk.curl("curl BASE/openapi.json", 200)
    expect("description", described["openapi"], "3.1.0")
    for probe in ("", "/detailed", "/live", "/ready"):
        desk.curl(f"curl BASE/health{probe}", 200)


def order_service(desk):
    """The order service: orders of assets, statuses under their old names, internal metrics."""
    order = desk.curl("""curl -X POST BASE/orders -H "Content-Type: application/json"
        -d '{"asset_id": "BTC", "order_type": "market_buy", "quantity": 0.001, "description": "first"}'""", 201)["data"]
    expect("order_type", order["order_type"], "MARKET_BUY")
    expect("asset_id", order["asset_id"], "BTC")
    for field in "order_id username asset_id order_type status quantity price total_amount created_at updated_at".split():
        if field not in order:
            fail(f"the order has no {field}")
    listed = desk.curl('curl "BASE/orders?limit=50&offset=0&order_type=MARKET_BUY&asset_id=BTC"', 200)["data"]
    expect("total_count", listed["total_count"], 1)
    expect("username", listed["username"], "demo")
    for old in ("PENDING", "CONFIRMED", "PROCESSING", "COMPLETED", "CANCELLED", "FAILED"):
        desk.curl(f'curl "BASE/orders?status={old}"', 200)
    live = desk.curl("curl BASE/health/live", 200)
    for field in "status timestamp service version".split():
        if field not in live:
            fail(f"/health/live has no {field}")
    ready = desk.curl("curl BASE/health/ready", 200)
    expect("external services", "ssi" in ready["external_services"], True)
    metrics = desk.curl("curl BASE/internal/metrics", 200)
    expect("metrics", "khop_http_requests_total" in metrics, True)
    one = desk.curl(f"curl BASE/orders/{order['order_id']}", 200)["data"]
    expect("the same order", one["order_id"], order["order_id"])
    desk.curl("curl BASE/health", 200)
    desk.curl("curl BASE/inventory/assets", 200)
    desk.curl("curl BASE/inventory/assets/BTC", 200)


def portfolio_service(desk):
    """The portfolio part of the order service: holdings, their transactions, the portfolio."""
    balance = desk.curl("curl BASE/assets/BTC/balance", 200)["data"]
    for field in "username asset_id quantity current_price market_value last_updated".split():
        if field not in balance:
            fail(f"the balance has no {field}")
    expect("BTC", balance["quantity"].rstrip("0"), "0.001")
    balances = desk.curl("curl BASE/assets/balances", 200)["data"]
    expect("BTC among the balances", "BTC" in [b["asset_id"] for b in balances["asset_balances"]], True)
    transactions = desk.curl("curl BASE/assets/BTC/transactions", 200)["data"]["transactions"]
    expect("a transaction", transactions[0]["transaction_type"], "BUY")
    for field in "transaction_id username asset_id quantity price total_amount order_id status timestamp".split():
        if field not in transactions[0]:
            fail(f"the transaction has no {field}")
    portfolio = desk.curl("curl BASE/portfolio/demo", 200)["data"]
    for field in "username usd_balance total_asset_value total_portfolio_value asset_count assets".split():
        if field not in portfolio:
            fail(f"the portfolio has no {field}")
    desk.curl("curl BASE/portfolio/somebody", 404)


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        sys.exit(2)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(sys.argv[1], folder)
        try:
            order_api(desk)
            trading_service(desk)
            order_service(desk)
            portfolio_service(desk)
            desk.stop()
        finally:
            if desk.prism and desk.prism.process.poll() is None:
                desk.prism.process.kill()
            if desk.process.poll() is None:
                desk.process.kill()
    print("all lines answered as promised")
    prism_proxy.conclude("original services")


if __name__ == "__main__":
    main()
