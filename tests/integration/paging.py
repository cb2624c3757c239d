#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages through many orders of one account while more arrive: every order once, newest first, none missing,
and the last pages cost what the first did.

usage: paging.py KHOPD [--orders N] [--ended]
"""
import argparse
import os
import statistics
import sys
import tempfile
import threading
import time

from demo_desk import Desk

BATCH = 100


def fill(api, count, mine, terms):
    """Orders far below the market; their ids as they are accepted."""
    order = {"symbol": "DEMO", "side": "BUY", "price": "0.05", "quantity": "1", **terms}
    while len(mine) < count:
        answer = api.call("POST", "/orders/batch", {"orders": [order] * min(BATCH, count - len(mine))})
        if answer["refused"]:
            sys.exit(f"FAIL an order was refused: {answer['results']}")
        mine.extend(result["order"]["order_id"] for result in answer["results"])


def walk(api, filters=""):
    """All pages: the ids in the order they came, the totals, and how long each page took."""
    ids, totals, times, cursor = [], [], [], None
    while True:
        begun = time.perf_counter()
        page = api.call("GET", "/orders?limit=100" + filters + (f"&cursor={cursor}" if cursor else ""))
        times.append(time.perf_counter() - begun)
        ids.extend(order["order_id"] for order in page["orders"])
        totals.append(page["total_count"])
        cursor = page["next_cursor"]
        if not page["has_more"]:
            return ids, totals, times


def check(before, after, ids, totals):
    if len(set(ids)) != len(ids):
        sys.exit("FAIL an order came twice")
    if missing := set(before) - set(ids):
        sys.exit(f"FAIL {len(missing)} orders are missing")
    if unknown := set(ids) - set(after):
        sys.exit(f"FAIL {len(unknown)} orders are unknown")
    known = set(before)
    if [one for one in ids if one in known] != before[::-1]:
        sys.exit("FAIL the newest is not the first")
    if totals[0] < len(before) or totals[-1] > len(after) or totals != sorted(totals):
        sys.exit(f"FAIL total_count went from {totals[0]} to {totals[-1]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("khopd")
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--ended", action="store_true",
                        help="orders that end at once, so that they leave memory for the history; else they rest")
    arguments = parser.parse_args()
    terms = {"time_in_force": "IOC"} if arguments.ended else {}
    status = "CANCELLED" if arguments.ended else "ACTIVE"
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(arguments.khopd, os.path.join(folder, "data"), "--participants", "off")
        try:
            api = desk.trader("pager")
            orders = []
            begun = time.perf_counter()
            fill(api, arguments.orders, orders, terms)
            filled = time.perf_counter() - begun
            quiet = walk(api)
            check(orders, orders, quiet[0], quiet[1])

            before, late, over = list(orders), [], threading.Event()
            second = desk.login_again(api)

            def arrive():
                while not over.is_set():
                    fill(second, len(late) + 10, late, terms)

            arriving = threading.Thread(target=arrive)
            arriving.start()
            try:
                busy = walk(api)
                filtered = walk(api, f"&status={status}&symbol=DEMO")
            finally:
                over.set()
                arriving.join()
            if not late:
                sys.exit("FAIL nothing arrived meanwhile")
            check(before, before + late, busy[0], busy[1])
            check(before, before + late, filtered[0], filtered[1])
        finally:
            desk.stop()
    edge = max(1, min(100, len(quiet[2]) // 4))
    first, last = (statistics.median(part) * 1000 for part in (quiet[2][:edge], quiet[2][-edge:]))
    print(f"paging {len(quiet[0])} orders placed in {filled:.1f} s, {len(quiet[2])} pages, first "
          f"{first:.2f} ms, last {last:.2f} ms (medians), {len(late)} arrived meanwhile, 0 wrong")


main()
