// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"
#include "scenario/scenario_file.h"

#include <QDir>

#include <algorithm>
#include <cstdio>

namespace khop::bench {

namespace {

/// The path itself, or the scenario files of the directory that it names, by name.
Arguments filesAt(const std::string &path)
{
    const QDir directory(QString::fromStdString(path));
    if (!directory.exists())
        return {path};
    Arguments files;
    for (const QString &name :
         directory.entryList({QStringLiteral("*.scn")}, QDir::Files, QDir::Name))
        files.push_back(directory.filePath(name).toStdString());
    return files;
}

} // namespace

int runScenario(const Arguments &arguments)
{
    CommandLine line(
        "scenario",
        "Runs scenario files through the engine and prints every event; exits 1 when an\n"
        "expectation fails, 2 when a file cannot be understood. docs/SCENARIOS.md has the\n"
        "language.");
    line.files("FILE", "scenario, or a directory of *.scn files (tests/scenarios)");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    ScenarioTotals all;
    int exitCode = exitDone;
    Arguments paths;
    for (const std::string &given : line.files()) {
        const Arguments files = filesAt(given);
        if (files.empty())
            return line.error(given + ": holds no *.scn file");
        paths.insert(paths.end(), files.begin(), files.end());
    }
    for (const std::string &path : paths) {
        std::printf("%s\n", path.c_str());
        const auto totals = runScenarioFile(path);
        std::fflush(stdout);
        if (!totals) {
            exitCode = line.error(totals.error());
            continue;
        }
        all.scenarios += totals->scenarios;
        all.checks += totals->checks;
        all.failures += totals->failures;
    }
    std::printf("%zu scenarios, %zu checks, %zu failed\n", all.scenarios, all.checks, all.failures);
    return all.failures > 0 ? std::max(exitCode, exitFailed) : exitCode;
}

} // namespace khop::bench
