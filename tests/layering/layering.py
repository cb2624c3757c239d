#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the walls of the house: which layer may include what, and what the engine may not use.

    layering.py --root DIR [--qt-include DIR]   checks a tree; one line per violation, exit code 1
    layering.py --self-test [--qt-include DIR]  breaks each rule in a sample and expects it to be seen

Rules (the word in brackets starts a violation's line):
  [layer]    src/core sees only itself; src/server, src/ssi and src/ui see themselves and core;
             src/program, which both mains share, sees all of these but ui
  [qt]       src/core uses Qt Core and Qt Sql; src/server, src/ssi, src/program and khopd neither Gui
             nor Widgets
  [spdx]     every source and build file names its licence
  [float]    no floating point in src/core: money, prices and quantities are integers
  [outside]  no wall clock, randomness or locale in src/core but in base/clock and, for waiting and
             for order ids, in the shell around the engine
  [unlisted] every .cpp is listed by a CMakeLists.txt
"""
import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

LAYERS = ("core", "server", "ssi", "ui", "program")
SEES = {"core": {"core"}, "server": {"server", "core"}, "ssi": {"ssi", "core"}, "ui": {"ui", "core"},
        "program": {"program", "server", "ssi", "core"}}
WINDOWLESS = ("server", "ssi", "program")
QT_OF_CORE = {"QtCore", "QtSql"}
QT_OF_WINDOWS = {"QtGui", "QtWidgets", "QtOpenGL", "QtOpenGLWidgets", "QtSvg", "QtSvgWidgets",
                 "QtPrintSupport", "QtQuick", "QtQml", "QtUiTools"}
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"

FLOAT = re.compile(
    r"\b(?:double|float|toDouble|toFloat|strto[df]|sto[df]|ato[f])\b"
    r"|(?<![\w.'])\d[\d']*\.(?:\d|[fFlL]\b|(?![\w.]))"
    r"|(?<![\w.'])\d[\d']*[eE][+-]?\d")
OUTSIDE = re.compile(
    r"\b(?:system_clock|steady_clock|high_resolution_clock|utc_clock|currentDateTime\w*|currentDate"
    r"|currentTime|currentMSecsSinceEpoch|currentSecsSinceEpoch|QElapsedTimer|QDeadlineTimer"
    r"|clock_gettime|gettimeofday|localtime\w*|gmtime\w*"
    r"|random_device|QRandomGenerator|createUuid\w*|mt19937\w*|minstd_rand\w*|\w+_distribution"
    r"|s?rand|arc4random\w*|getrandom|randombytes_\w+|RAND_bytes"
    r"|setlocale|QLocale|localeconv|localeAwareCompare|toLocal8Bit)\b"
    r"|\bstd\s*::\s*locale\b|\b(?:std\s*::\s*|::\s*)time\s*\(|(?<![\w.>:])time\s*\(\s*(?:nullptr|NULL|0)\s*\)")
# The desk is the shell around the engine: it waits for the next moment and gives an order its id before
# the command is journalled. The journal makes the keys of its chain, which no command sees.
OUTSIDE_ALLOWED = {
    "src/core/base/clock.h": OUTSIDE,
    "src/core/base/clock.cpp": OUTSIDE,
    "src/core/engine/day_archive.h": re.compile("steady_clock"),
    "src/core/engine/desk.h": re.compile("steady_clock"),
    "src/core/engine/desk.cpp": re.compile("steady_clock"),
    "src/core/engine/desk_start.cpp": re.compile("QRandomGenerator"),
    "src/core/store/journal.cpp": re.compile("QRandomGenerator"),
}


def strip(text, keep_strings):
    """The code without comments, and unless asked otherwise without string and character contents;
    line breaks stay, so that line numbers do."""
    out = []
    i, n = 0, len(text)
    while i < n:
        two = text[i:i + 2]
        c = text[i]
        if two == "//":
            while i < n and text[i] != "\n":
                i += 2 if text[i] == "\\" else 1
        elif two == "/*":
            end = text.find("*/", i + 2)
            end = n if end < 0 else end + 2
            out.append("\n" * text.count("\n", i, end) or " ")
            i = end
        elif c == '"' and i and text[i - 1] == "R":
            head = re.compile(r'"([^()\\\s]{0,16})\(').match(text, i)
            close = ")" + head.group(1) + '"' if head else '"'
            end = text.find(close, i + 1)
            end = n if end < 0 else end + len(close)
            out.append(text[i:end] if keep_strings else '""' + "\n" * text.count("\n", i, end))
            i = end
        elif c == '"' or (c == "'" and not is_digit_separator(text, i)):
            end = i + 1
            while end < n and text[end] != c and text[end] != "\n":
                end += 2 if text[end] == "\\" else 1
            out.append(text[i:end + 1] if keep_strings else c + c)
            i = end + 1
        else:
            out.append(c)
            i += 1
    return "".join(out)


def is_digit_separator(text, i):
    start = i
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_'"):
        start -= 1
    return start < i and text[start].isdigit()


class Tree:
    def __init__(self, root, qt_include):
        self.root = Path(root)
        self.qt = Path(qt_include) if qt_include else None
        self.violations = []

    def report(self, rule, path, line, message):
        self.violations.append(f"[{rule}] {path}{f':{line}' if line else ''}: {message}")

    def files(self, *folders):
        for folder in folders:
            for path in sorted((self.root / folder).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    yield path

    def check(self):
        for path in self.files("src"):
            if path.suffix in (".h", ".cpp", ".hpp", ".cc"):
                self.check_code(path)
            elif path.name == "CMakeLists.txt":
                self.check_links(path)
        for path in self.files("src", "tests", "bench", "cmake"):
            if path.suffix in (".h", ".cpp", ".py", ".sh", ".cmake") or path.name == "CMakeLists.txt":
                head = path.read_text(encoding="utf-8").splitlines()[:3]
                if not any(SPDX in line for line in head):
                    self.report("spdx", self.name(path), 0, f"its first lines lack '{SPDX}'")
            if path.suffix == ".cpp":
                self.check_listed(path)
        return self.violations

    def name(self, path):
        return path.relative_to(self.root).as_posix()

    def layer(self, path):
        parts = path.relative_to(self.root).parts
        return parts[1] if len(parts) > 2 and parts[0] == "src" and parts[1] in LAYERS else None

    def check_code(self, path):
        text = path.read_text(encoding="utf-8")
        name, layer = self.name(path), self.layer(path)
        for number, line in enumerate(strip(text, keep_strings=True).splitlines(), 1):
            include = re.match(r'\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', line)
            if include:
                self.check_include(path, name, layer, number, include.group(1) or include.group(2))
        if layer != "core":
            return
        for number, line in enumerate(strip(text, keep_strings=False).splitlines(), 1):
            if found := FLOAT.search(line):
                self.report("float", name, number, f"'{found.group().strip()}' is floating point")
            for found in OUTSIDE.finditer(line):
                allowed = OUTSIDE_ALLOWED.get(name)
                if not allowed or not allowed.fullmatch(found.group()):
                    self.report("outside", name, number, f"'{found.group().strip()}': time, chance and "
                                                         "locale come in with commands")

    def check_include(self, path, name, layer, number, target):
        seen = self.layer_of_include(path, layer, target)
        if seen and layer and seen not in SEES[layer]:
            self.report("layer", name, number, f"{layer} includes {seen} ({target})")
        module = self.qt_module(target)
        if not module:
            return
        if layer == "core" and module not in QT_OF_CORE:
            self.report("qt", name, number, f"core includes {module} ({target})")
        elif (layer in WINDOWLESS or name == "src/khopd.cpp") and module in QT_OF_WINDOWS:
            self.report("qt", name, number, f"{layer or 'khopd'} includes {module} ({target})")

    def layer_of_include(self, path, layer, target):
        own = [self.root / "src" / layer] if layer else []
        roots = [path.parent, *own, self.root / "src", *(self.root / "src" / other for other in LAYERS)]
        for root in roots:
            candidate = Path(os.path.normpath(root / target))
            if candidate.is_file() and candidate.is_relative_to(self.root / "src"):
                return self.layer(candidate)
        return None

    def qt_module(self, target):
        if target.startswith("Qt") and "/" in target:
            return target.split("/")[0]
        if not re.match(r"[qQ]", target) or not self.qt:
            return None
        for module in sorted(self.qt.glob("Qt*")):
            if (module / target).is_file():
                return module.name
        return None

    def check_links(self, path):
        name, layer = self.name(path), self.layer(path)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for module in re.findall(r"\bQt6?::(\w+)", line.split("#")[0]):
                module = "Qt" + module.removesuffix("Private")
                if layer == "core" and module not in QT_OF_CORE:
                    self.report("qt", name, number, f"core links {module}")
                elif layer in WINDOWLESS and module in QT_OF_WINDOWS:
                    self.report("qt", name, number, f"{layer} links {module}")

    def check_listed(self, path):
        folder = path.parent
        while folder.is_relative_to(self.root):
            lists = folder / "CMakeLists.txt"
            if lists.is_file():
                code = re.sub(r"#.*", "", lists.read_text(encoding="utf-8"))
                if self.lists(code, path.relative_to(folder).as_posix()):
                    return
            folder = folder.parent
        self.report("unlisted", self.name(path), 0, "no CMakeLists.txt lists it")

    @staticmethod
    def lists(code, name):
        """Whether the file is named in full, or as tst_${test}.cpp with ${test} a word of the list."""
        def word(text):
            return re.search(rf"(?<![\w./-]){re.escape(text)}(?![\w./-])", code)
        if word(name) or re.search(rf"SOURCE_DIR}}/{re.escape(name)}(?![\w.-])", code):
            return True
        for before, after in re.findall(r"([\w/-]*)\$\{\w+\}([\w/-]*\.cpp)", code):
            if name.startswith(before) and name.endswith(after) \
                    and word(name[len(before):len(name) - len(after)]):
                return True
        return False


# --- the self-test: each rule must be able to fail, and good code must pass ------------------------

HEAD = f"// {SPDX}\n"
GOOD = {
    "src/CMakeLists.txt": f"# {SPDX}\nadd_executable(khopd khopd.cpp)\n",
    "src/khopd.cpp": HEAD + '#include "server/server.h"\n#include <QCoreApplication>\n',
    "src/core/CMakeLists.txt": f"# {SPDX}\nadd_library(khop_core base/clock.cpp book/book.cpp)\n"
                               "target_link_libraries(khop_core PUBLIC Qt6::Core Qt6::Sql)\n",
    "src/core/base/clock.h": HEAD,
    "src/core/base/clock.cpp": HEAD + '#include "base/clock.h"\n#include <QDateTime>\n'
                                      "auto t = std::chrono::steady_clock::now();\n",
    "src/core/book/book.cpp": HEAD + '#include "base/clock.h"\n#include <QSqlQuery>\n#include <QtEndian>\n'
                              "// a double auction at 0.5; rand() and the system_clock are only words\n"
                              "/* float\n double */\nconst char *s = \"double 1.5 QLocale\";\n"
                              "int n = 3'600'000; char c = '\"'; int x = 0x1e9; auto r = R\"(2.5 rand)\";\n"
                              "struct Time { long ms; }; Time now(Time time) { return time; }\n",
    "src/server/CMakeLists.txt": f"# {SPDX}\nadd_library(khop_server server.cpp)\n",
    "src/server/server.h": HEAD,
    "src/server/server.cpp": HEAD + '#include "server.h"\n#include "base/clock.h"\n#include <QTcpServer>\n'
                                    "double seconds = 1.5; // outside the engine it may be one\n",
    "src/ui/CMakeLists.txt": f"# {SPDX}\nadd_library(khop_ui window.cpp)\n"
                             "target_link_libraries(khop_ui PUBLIC Qt6::Widgets)\n",
    "tests/CMakeLists.txt": f"# {SPDX}\nforeach(test IN ITEMS book ledger)\n"
                            "    khop_add_test(tst_${test} LABEL unit SOURCES tst_${test}.cpp)\nendforeach()\n",
    "tests/tst_book.cpp": HEAD,
    "src/program/options.h": HEAD + '#include "server/server.h"\n',
    "src/ui/window.h": HEAD,
    "src/ui/window.cpp": HEAD + '#include "window.h"\n#include "base/clock.h"\n#include <QWidget>\n',
}
CORE = "src/core/book/book.cpp"
BROKEN = [  # rule, file, text added to (or instead of) it
    ("layer", CORE, '#include "server/server.h"\n'),
    ("layer", CORE, '#include "../../ui/window.h"\n'),
    ("layer", "src/server/server.cpp", '#include "ui/window.h"\n'),
    ("layer", "src/ui/window.cpp", '#include "server/server.h"\n'),
    ("layer", "src/program/house.h", HEAD + '#include "ui/window.h"\n'),
    ("layer", "src/ui/window.cpp", '#include "program/options.h"\n'),
    ("qt", CORE, "#include <QtNetwork/QTcpSocket>\n"),
    ("qt", CORE, "#include <QTcpSocket>\n"),
    ("qt", CORE, "#include <QColor>\n"),
    ("qt", "src/server/server.cpp", "#include <QWidget>\n"),
    ("qt", "src/khopd.cpp", "#include <QtWidgets/QApplication>\n"),
    ("qt", "src/core/CMakeLists.txt", "target_link_libraries(khop_core PRIVATE Qt6::Network)\n"),
    ("qt", "src/server/CMakeLists.txt", "target_link_libraries(khop_server PRIVATE Qt6::Gui)\n"),
    ("spdx", "src/core/book/levels.h", "#pragma once\n"),
    ("spdx", "src/server/CMakeLists.txt", None),
    ("float", CORE, "double price = 1;\n"),
    ("float", CORE, "auto price = text.toDouble();\n"),
    ("float", CORE, "auto half = n * 0.5;\n"),
    ("float", CORE, "auto big = 1e9;\n"),
    ("outside", CORE, "auto now = std::chrono::system_clock::now();\n"),
    ("outside", CORE, "auto now = QDateTime::currentDateTimeUtc();\n"),
    ("outside", CORE, "auto now = std::time(nullptr);\n"),
    ("outside", CORE, "auto chance = QRandomGenerator::global()->generate();\n"),
    ("outside", CORE, "std::random_device chance;\n"),
    ("outside", CORE, "QLocale here;\n"),
    ("outside", "src/core/engine/desk.h", HEAD + "std::chrono::system_clock::time_point t;\n"),
    ("unlisted", "src/core/book/ladder.cpp", HEAD),
    ("unlisted", "tests/tst_orders.cpp", HEAD),
]


def self_test(qt_include):
    failures = 0

    def run(changes):
        with tempfile.TemporaryDirectory() as root:
            for name, text in {**GOOD, **changes}.items():
                path = Path(root) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return Tree(root, qt_include).check()

    if found := run({}):
        failures += 1
        print("good code is refused:", *found, sep="\n  ")
    for rule, name, text in BROKEN:
        before = GOOD.get(name, "")
        found = run({name: "add_library(khop_server server.cpp)\n" if text is None else before + text})
        if len(found) != 1 or not found[0].startswith(f"[{rule}] {name}"):
            failures += 1
            print(f"{rule}: {name} with {text!r} should be the one violation, but found: {found}")
    print(f"layering self-test: {len(BROKEN)} broken samples, {failures} failures")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root")
    parser.add_argument("--qt-include", help="the folder that holds QtCore, QtGui, …")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.qt_include and not (Path(arguments.qt_include) / "QtCore").is_dir():
        parser.error(f"--qt-include: {arguments.qt_include} holds no QtCore")
    if arguments.self_test:
        return 1 if self_test(arguments.qt_include) else 0
    if not arguments.root or not (Path(arguments.root) / "src").is_dir():
        parser.error("--root must name the folder that holds src")
    violations = Tree(os.path.abspath(arguments.root), arguments.qt_include).check()
    print(*violations, sep="\n") if violations else print("layering: all rules hold")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
