// SPDX-License-Identifier: GPL-3.0-or-later
// How many rows match a filter, kept from page to page: only what has come or changed since is looked at.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

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

/// The same for orders and filters on what may change in them.
class ChangingTotals
{
public:
    /// `orders` and the positions of every change to them, in order.
    template <class Orders, class Changes, class Matches>
    std::uint64_t of(const std::string &filter, const Orders &orders, const Changes &changes,
                     Matches matches)
    {
        const std::lock_guard lock(m_mutex);
        if (m_counts.size() >= mostFilters)
            m_counts.clear();
        Count &count = m_counts[filter];
        count.matching.resize(orders.size());
        for (; count.seen < changes.size(); ++count.seen) {
            const std::size_t position = changes[count.seen];
            const bool now = matches(orders[position]);
            if (now != count.matching[position])
                now ? ++count.total : --count.total;
            count.matching[position] = now;
        }
        return count.total;
    }
    /// The rows are others now.
    void forget()
    {
        const std::lock_guard lock(m_mutex);
        m_counts.clear();
    }

private:
    static constexpr std::size_t mostFilters = 64; // a bit an order each
    struct Count {
        std::vector<bool> matching;
        std::size_t seen = 0;
        std::uint64_t total = 0;
    };
    std::mutex m_mutex;
    std::unordered_map<std::string, Count> m_counts;
};

} // namespace khop
