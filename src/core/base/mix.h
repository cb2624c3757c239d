// SPDX-License-Identifier: GPL-3.0-or-later
// Deterministic mixing: the rolling state hash and the seeded generator of practice participants.
#pragma once

#include <cstdint>
#include <string_view>

namespace khop {

/// A 64-bit rolling hash over the words it is given, in order.
class RollingHash
{
public:
    constexpr void add(std::uint64_t word)
    {
        m_value = (m_value ^ word) * 0x9E37'79B9'7F4A'7C15ULL;
        m_value ^= m_value >> 29;
    }
    constexpr void add(std::int64_t word) { add(static_cast<std::uint64_t>(word)); }
    /// One word per byte.
    constexpr void addBytes(std::string_view bytes)
    {
        for (const char c : bytes)
            add(std::uint64_t{static_cast<unsigned char>(c)});
    }
    constexpr std::uint64_t value() const { return m_value; }
    constexpr void set(std::uint64_t value) { m_value = value; }

private:
    std::uint64_t m_value = 0x6B68'6F70'6B68'6F70ULL;
};

/// splitmix64: the same seed gives the same numbers on every machine.
class SplitMix
{
public:
    constexpr explicit SplitMix(std::uint64_t seed = 0) : m_state(seed) {}
    constexpr std::uint64_t next()
    {
        m_state += 0x9E37'79B9'7F4A'7C15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBULL;
        return z ^ (z >> 31);
    }
    /// Uniform in [0, bound); bound > 0 and below 2^32.
    constexpr std::uint64_t below(std::uint64_t bound) { return ((next() >> 32) * bound) >> 32; }
    constexpr std::uint64_t state() const { return m_state; }

private:
    std::uint64_t m_state;
};

} // namespace khop
