// SPDX-License-Identifier: GPL-3.0-or-later
// splitmix64: the same numbers from a seed on every machine.
#pragma once

#include <cstdint>

namespace khop::bench {

class SplitMix64
{
public:
    explicit SplitMix64(std::uint64_t seed) : m_state(seed) {}

    std::uint64_t next()
    {
        m_state += 0x9E37'79B9'7F4A'7C15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBULL;
        return z ^ (z >> 31);
    }
    /// Uniform in [0, n): the high 64 bits of next() * n, in 32-bit halves.
    std::int64_t below(std::uint64_t n)
    {
        constexpr std::uint64_t half = 0xFFFF'FFFF;
        const std::uint64_t x = next();
        const std::uint64_t middle = (x >> 32) * (n & half) + ((x & half) * (n & half) >> 32);
        const std::uint64_t carry = (x & half) * (n >> 32) + (middle & half);
        return static_cast<std::int64_t>((x >> 32) * (n >> 32) + (middle >> 32) + (carry >> 32));
    }
    std::uint64_t top16() { return next() >> 48; }

private:
    std::uint64_t m_state;
};

} // namespace khop::bench
