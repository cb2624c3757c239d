#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guards the instructions that hot paths take.

Each subject runs twice under callgrind, once with twice the work, so that what a start costs drops
out: the difference by the additional operations is the figure. It is the same on every machine that
runs the same program, so it can be held to a few percent where times cannot. The recorded figures
are of one compiler each; with another, or a lower figure than recorded, the program says so and
passes. Exit 1: a figure is more than --tolerance percent above the recorded one. Exit 77: nothing
to compare with.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

SKIPPED = 77


def instructions(command, folder):
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/callgrind.out", *command],
        capture_output=True, text=True, check=False)
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not collected:
        sys.exit(f"instructions: {' '.join(map(str, command))} failed:\n{run.stderr[-2000:]}")
    return int(collected.group(1))


def book_command(bench, folder, stream, operations):
    path = pathlib.Path(folder) / f"{stream}-{operations}"
    subprocess.run([bench, "gen", "--stream", stream, "--ops", str(operations), "--out", path],
                   check=True, stdout=subprocess.DEVNULL)
    return [bench, "book", "--engine", "ladder", "--stream", path]


def engine_command(bench, _folder, accounts, commands):
    return [bench, "engine", "--commands", str(commands), "--accounts", accounts,
            "--instruments", "100"]


SUBJECTS = {
    "book s1": (book_command, "s1", 200_000),
    "book s2": (book_command, "s2", 200_000),
    "engine": (engine_command, "100", 50_000),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True, help="khop-bench of a release build")
    parser.add_argument("--compiler", required=True, help="its compiler, as GNU-12")
    parser.add_argument("--recorded", default=pathlib.Path(__file__).with_name("instructions.json"))
    parser.add_argument("--tolerance", type=float, default=3.0, help="percent")
    arguments = parser.parse_args()
    recorded = json.loads(pathlib.Path(arguments.recorded).read_text(encoding="utf-8"))
    expected = recorded.get(arguments.compiler)
    if expected is None:
        print(f"instructions: no figures are recorded for {arguments.compiler}")
        return SKIPPED
    failed = False
    with tempfile.TemporaryDirectory(prefix="khop-instructions-") as folder:
        for name, (command, subject, operations) in SUBJECTS.items():
            once = instructions(command(arguments.bench, folder, subject, operations), folder)
            twice = instructions(command(arguments.bench, folder, subject, 2 * operations), folder)
            figure = (twice - once) / operations
            most = expected[name] * (1 + arguments.tolerance / 100)
            verdict = "ok"
            if figure > most:
                verdict = "TOO MANY"
                failed = True
            elif figure < expected[name] * (1 - arguments.tolerance / 100):
                verdict = "fewer than recorded: record the new figure"
            print(f"instructions: {name} {figure:.1f} an operation, recorded "
                  f"{expected[name]}, {verdict}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
