// SPDX-License-Identifier: GPL-3.0-or-later
// How long things took, counted in fixed buckets from 10 µs to 10 s.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace khop {

/// One thread adds; any thread may read, and may then see a few of the latest additions in part.
class DurationHistogram
{
public:
    static constexpr std::array<std::int64_t, 19> bounds{
        10'000,        25'000,        50'000,        100'000,       250'000,
        500'000,       1'000'000,     2'500'000,     5'000'000,     10'000'000,
        25'000'000,    50'000'000,    100'000'000,   250'000'000,   500'000'000,
        1'000'000'000, 2'500'000'000, 5'000'000'000, 10'000'000'000}; // nanoseconds, inclusive upper ends

    struct Counts {
        std::array<std::uint64_t, bounds.size() + 1> in{}; // the last: longer than all bounds
        std::uint64_t sum = 0;                             // nanoseconds
        std::uint64_t total() const
        {
            std::uint64_t all = 0;
            for (const std::uint64_t count : in)
                all += count;
            return all;
        }
    };

    void add(std::int64_t nanoseconds, std::uint64_t times = 1)
    {
        std::size_t bucket = 0;
        while (bucket < bounds.size() && nanoseconds > bounds[bucket])
            ++bucket;
        raise(m_in[bucket], times);
        if (nanoseconds > 0)
            raise(m_sum, static_cast<std::uint64_t>(nanoseconds) * times);
    }
    Counts counts() const
    {
        Counts counts;
        for (std::size_t i = 0; i < m_in.size(); ++i)
            counts.in[i] = m_in[i].load(std::memory_order_relaxed);
        counts.sum = m_sum.load(std::memory_order_relaxed);
        return counts;
    }

private:
    static void raise(std::atomic<std::uint64_t> &number, std::uint64_t by)
    {
        number.store(number.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }

    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> m_in{};
    std::atomic<std::uint64_t> m_sum{0};
};

} // namespace khop
