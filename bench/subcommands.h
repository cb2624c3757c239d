// SPDX-License-Identifier: GPL-3.0-or-later
// The sub-commands of khop-bench, each in its own file. They return the program's exit code: 0
// done, 1 measured or checked but failed, 2 used wrongly or given something unusable.
#pragma once

#include <string>
#include <vector>

namespace khop::bench {

inline constexpr int exitDone = 0;
inline constexpr int exitFailed = 1;
inline constexpr int exitUsage = 2;

using Arguments = std::vector<std::string>; // after the sub-command's name

int runFanout(const Arguments &arguments);
int runGen(const Arguments &arguments);
int runBook(const Arguments &arguments);
int runCases(const Arguments &arguments);
int runEngine(const Arguments &arguments);
int runPortfolio(const Arguments &arguments);
int runRest(const Arguments &arguments);
int runScenario(const Arguments &arguments);
int runWs(const Arguments &arguments);

} // namespace khop::bench
