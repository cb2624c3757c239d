// SPDX-License-Identifier: GPL-3.0-or-later
// What a run of a scenario file prints: every line with its number, what happened after it, and each
// expectation that failed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace khop::bench {

class Report
{
public:
    explicit Report(std::string path) : m_path(std::move(path)) {}

    /// From here on this line of the file is at work; it is shown unless it is blank or a `>` line.
    void line(std::size_t number, std::string_view text);
    /// The line made these events: they are shown, and `>` lines after it are held against them.
    void happened(std::vector<std::string> events);
    /// What an action was answered.
    static void answered(std::string_view answer);
    /// A `>` line: the next event must say this. "nothing": there was none; "...": whatever follows.
    void expectEvent(const std::string &expected);
    /// When `>` lines spoke of the events, none may be left over.
    void closeEvents();
    /// One expectation; `got` is shown when it failed.
    void check(bool ok, std::string_view expected, std::string_view got);
    void check(std::string_view expected, std::string_view got);

    std::string place() const { return m_path + ":" + std::to_string(m_line); }
    std::size_t checks() const { return m_checks; }
    std::size_t failures() const { return m_failures; }

private:
    std::string m_path;
    std::size_t m_line = 0;
    std::vector<std::string> m_events;
    std::size_t m_compared = 0; // of m_events
    bool m_comparing = false;
    std::size_t m_checks = 0;
    std::size_t m_failures = 0;
};

} // namespace khop::bench
