// SPDX-License-Identifier: GPL-3.0-or-later
#include "report.h"

#include "words.h"

#include <cstdio>

namespace khop::bench {

void Report::line(std::size_t number, std::string_view text)
{
    m_line = number;
    const std::size_t start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos || text[start] == '>')
        return; // what happened is shown anyway
    std::printf("%5zu  %.*s\n", number, static_cast<int>(text.size()), text.data());
}

void Report::happened(std::vector<std::string> events)
{
    m_events = std::move(events);
    m_compared = 0;
    m_comparing = false;
    for (const std::string &event : m_events)
        std::printf("         > %s\n", event.c_str());
}

void Report::answered(std::string_view answer)
{
    std::printf("        -> %.*s\n", static_cast<int>(answer.size()), answer.data());
}

void Report::expectEvent(const std::string &expected)
{
    m_comparing = true;
    if (expected == "...") {
        m_compared = m_events.size();
        return;
    }
    const bool more = m_compared < m_events.size();
    if (expected == "nothing") {
        check(!more, "nothing", more ? m_events[m_compared] : "nothing");
        m_compared = m_events.size();
        return;
    }
    check(expected, more ? m_events[m_compared] : "nothing");
    m_compared += more ? 1 : 0;
}

void Report::closeEvents()
{
    if (m_comparing && m_compared < m_events.size())
        check(false, "nothing more", m_events[m_compared]);
    m_comparing = false;
}

void Report::check(bool ok, std::string_view expected, std::string_view got)
{
    ++m_checks;
    if (ok)
        return;
    ++m_failures;
    std::printf("FAIL %s: expected %.*s, got %.*s\n", place().c_str(),
                static_cast<int>(expected.size()), expected.data(), static_cast<int>(got.size()),
                got.data());
}

void Report::check(std::string_view expected, std::string_view got)
{
    check(saysTheSame(expected, got), expected, got);
}

} // namespace khop::bench
