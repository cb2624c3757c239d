// SPDX-License-Identifier: GPL-3.0-or-later
// Runs scenario files (docs/SCENARIOS.md): plain text, one action or expectation per line.
#pragma once

#include <cstddef>
#include <expected>
#include <string>

namespace khop::bench {

struct ScenarioTotals {
    std::size_t scenarios = 0;
    std::size_t checks = 0;
    std::size_t failures = 0;
};

/// Runs one file and prints what happens. The error, "FILE:LINE: what, and what would do", is about a
/// file or line that cannot be understood; nothing after it is run.
std::expected<ScenarioTotals, std::string> runScenarioFile(const std::string &path);

/// A whole file; the error when it cannot be read or is larger than a scenario may be.
std::expected<std::string, std::string> readBounded(const std::string &path);

} // namespace khop::bench
