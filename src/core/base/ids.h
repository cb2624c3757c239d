// SPDX-License-Identifier: GPL-3.0-or-later
// Ids: UUIDs (version 7) outside, dense integers inside.
#pragma once

#include "base/time.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace khop {

/// 128 bits, big-endian as in the text form.
struct Uuid {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend constexpr auto operator<=>(const Uuid &, const Uuid &) = default;
    constexpr bool isNull() const { return high == 0 && low == 0; }
    std::string text() const;
    static std::optional<Uuid> parse(std::string_view text); // the 36-character form only
};

/// UUIDv7 from a moment and 74 bits that make it unique: `a` (12 bits used) and `b` (62 bits used).
Uuid uuid7(Time time, std::uint64_t a, std::uint64_t b);
/// The low 62 bits that uuid7() was given as `b`.
constexpr std::uint64_t uuid7Low(const Uuid &id) { return id.low & 0x3FFF'FFFF'FFFF'FFFFULL; }

using AccountNo = std::uint32_t;       // dense, in order of creation; 0 is nobody
using InstrumentIndex = std::uint32_t; // position in the instrument list
using OrderNo = std::uint64_t;         // unique for ever, ascending with creation
inline constexpr InstrumentIndex noInstrument = 0xFFFF'FFFF;

} // namespace khop

template <>
struct std::hash<khop::Uuid> {
    std::size_t operator()(const khop::Uuid &id) const noexcept
    {
        return static_cast<std::size_t>((id.high ^ (id.low * 0x9E37'79B9'7F4A'7C15ULL))
                                        * 0xBF58'476D'1CE4'E5B9ULL);
    }
};
