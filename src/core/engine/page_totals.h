// SPDX-License-Identifier: GPL-3.0-or-later
// How many rows match a filter, kept from page to page: only rows that have come since are looked at.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace khop {

/// For rows that are only added at the end, and filters on what never changes in them. Thread-safe.
class PageTotals
{
public:
    /// `filter` names what `matches` asks and the rows it is asked of.
    template <class Rows, class Matches>
    std::uint64_t of(const std::string &filter, const Rows &rows, Matches matches)
    {
        const std::lock_guard lock(m_mutex);
        if (m_counts.size() >= mostFilters)
            m_counts.clear();
        Count &count = m_counts[filter];
        for (; count.seen < rows.size(); ++count.seen) {
            if (matches(rows[count.seen]))
                ++count.matching;
        }
        return count.matching;
    }
    /// The rows are others now.
    void forget()
    {
        const std::lock_guard lock(m_mutex);
        m_counts.clear();
    }

private:
    static constexpr std::size_t mostFilters = 1'000;
    struct Count {
        std::size_t seen = 0;
        std::uint64_t matching = 0;
    };
    std::mutex m_mutex;
    std::unordered_map<std::string, Count> m_counts;
};

} // namespace khop
