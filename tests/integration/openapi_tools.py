#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API's description against the tools that clients use: Spectral and Redocly find no error, openapi-typescript
makes types that compile, and Prism in front of the running server sees no mismatch while every example and every line
of the original services passes.

usage: openapi_tools.py KHOPD [--tools DIR]

npm fetches the tools into a temporary folder, or into DIR, where they are kept. They want Node 20.19 or later.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = ["@stoplight/spectral-cli@6", "@redocly/cli@2", "@stoplight/prism-cli@5", "openapi-typescript@7",
            "typescript@5"]
HERE = Path(__file__).parent

CLIENT = """import type { components, paths } from "./api";
type Schemas = components["schemas"];
type NewOrder = paths["/orders"]["post"]["requestBody"]["content"]["application/json"];
type Placed = paths["/orders"]["post"]["responses"]["201"]["content"]["application/json"];

export const order: NewOrder = { symbol: "FPT", side: "BUY", quantity: "100", price: 105.5, price_unit: "kVND" };
export function left(placed: Placed): string {
    const status: Schemas["OrderStatus"] = placed.data.status;
    return status === "ACTIVE" ? placed.data.remaining_quantity : "0";
}
// @ts-expect-error there is no such status
export const wrong: Schemas["OrderStatus"] = "ASLEEP";
"""


def fail(message):
    print("FAIL", message)
    sys.exit(1)


def run(what, command, folder, **more):
    print("..", what, flush=True)
    return subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, **more)


def fetch(folder):
    if (folder / "node_modules/.bin/prism").exists():
        return
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if [int(part) for part in re.findall(r"\d+", node)[:2]] < [20, 19]:
        fail(f"Node is {node.strip()}; Redocly wants 20.19 or later")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text('{"private": true}\n')
    done = run("npm install", ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES], folder)
    if done.returncode:
        fail("npm: " + done.stderr)


def description(khopd, folder):
    """The document as the running server gives it."""
    server = subprocess.Popen([khopd, "--demo", "--port", "0", "--data-dir", str(folder / "data")],
                              stdout=subprocess.PIPE, text=True)
    try:
        for line in server.stdout:
            if found := re.match(r"ready (http://\S+)", line):
                document = folder / "openapi.json"
                subprocess.run(["curl", "-sf", "-o", document, found.group(1) + "/openapi.json"], check=True)
                return document
        fail("khopd did not become ready")
    finally:
        server.terminate()
        server.wait(timeout=20)


def spectral(tools, folder, document):
    (folder / "ruleset.yaml").write_text('extends: ["spectral:oas"]\n')
    done = run("spectral", [tools / "spectral", "lint", document, "-r", "ruleset.yaml", "-f", "json", "--quiet"], folder)
    try:
        found = json.loads(re.search(r"\[.*\]", done.stdout, re.S).group())
    except (AttributeError, ValueError):
        fail("spectral: " + done.stdout + done.stderr)
    for one in found:
        print(("error", "warning", "info", "hint")[one["severity"]], one["code"], "/".join(map(str, one["path"])),
              one["message"])
    errors = sum(one["severity"] == 0 for one in found)
    return errors, len(found) - errors


def redocly(tools, folder, document):
    done = run("redocly", [tools / "redocly", "lint", document, "--extends", "recommended", "--format", "json"], folder,
               env=dict(os.environ, REDOCLY_TELEMETRY="off", REDOCLY_SUPPRESS_UPDATE_NOTICE="true"))
    try:
        totals = json.loads(done.stdout[done.stdout.index("{"):])["totals"]
    except ValueError:
        fail("redocly: " + done.stdout + done.stderr)
    if totals["errors"] or totals["warnings"]:
        print(done.stdout)
    return totals["errors"], totals["warnings"]


def types(tools, folder, document):
    done = run("openapi-typescript", [tools / "openapi-typescript", document, "-o", folder / "api.d.ts"], folder)
    if done.returncode:
        fail("openapi-typescript: " + done.stdout + done.stderr)
    (folder / "client.ts").write_text(CLIENT)
    done = run("tsc", [tools / "tsc", "--noEmit", "--strict", "--lib", "es2022,dom", "client.ts"], folder)
    if done.returncode:
        fail("tsc: " + done.stdout)


def main():
    arguments = sys.argv[1:]
    if not arguments or len(arguments) not in (1, 3) or arguments[1:2] not in ([], ["--tools"]):
        print(__doc__)
        sys.exit(2)
    khopd = str(Path(arguments[0]).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = Path(arguments[2]).resolve() if len(arguments) == 3 else folder / "tools"
        fetch(kept)
        tools = kept / "node_modules/.bin"
        document = description(khopd, folder)
        figures = {"spectral": spectral(tools, folder, document), "redocly": redocly(tools, folder, document)}
        types(tools, folder, document)
        failed = any(errors for errors, _ in figures.values())
        passed = []
        for script in ("original_services.py", "api_examples.py"):
            done = run(f"prism, {script}", [sys.executable, HERE / script, khopd], folder,
                       env=dict(os.environ, KHOP_PRISM=str(tools / "prism")))
            lines = done.stdout.splitlines()
            print("\n".join(line for line in lines if not line.startswith("ok ")))
            passed += [line for line in lines if line.startswith("prism ")]
            failed |= done.returncode != 0
            if done.returncode:
                print(done.stderr)
    print("openapi: " + "; ".join([f"{tool} {errors} errors, {warnings} warnings"
                                   for tool, (errors, warnings) in figures.items()]
                                  + ["openapi-typescript compiles", *passed]))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
