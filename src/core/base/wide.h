// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where products pass through 128 bits.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#ifdef _MSC_VER
#include <__msvc_int128.hpp>
#endif

namespace khop {

#ifdef _MSC_VER
using Int128 = std::_Signed128;
#else
__extension__ using Int128 = __int128;
#endif

enum class Rounding { Down, HalfUp, Up };

/// a * b / divisor, rounded; nothing when the result does not fit 64 bits. Expects a, b >= 0 and
/// divisor > 0.
constexpr std::optional<std::int64_t> mulDiv(std::int64_t a, std::int64_t b, std::int64_t divisor,
                                             Rounding rounding)
{
#ifndef _MSC_VER
    std::int64_t narrow = 0;
    if (!__builtin_mul_overflow(a, b, &narrow))
        [[likely]] { // as nearly always: no 128-bit division
        const std::int64_t quotient = narrow / divisor;
        const std::int64_t rest = narrow - quotient * divisor;
        const bool up = rounding == Rounding::Up       ? rest > 0
                        : rounding == Rounding::HalfUp ? rest >= divisor - rest
                                                       : false;
        return quotient + (up ? 1 : 0);
    }
#endif
    const Int128 product = static_cast<Int128>(a) * b;
    Int128 quotient = product / divisor;
    const Int128 rest = product - quotient * divisor;
    if ((rounding == Rounding::Up && rest > 0)
        || (rounding == Rounding::HalfUp && rest * 2 >= divisor))
        quotient = quotient + 1;
    if (quotient > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return static_cast<std::int64_t>(quotient);
}

/// a + b, or nothing on overflow.
constexpr std::optional<std::int64_t> checkedAdd(std::int64_t a, std::int64_t b)
{
#ifndef _MSC_VER
    std::int64_t narrow = 0;
    return __builtin_add_overflow(a, b, &narrow) ? std::nullopt : std::optional(narrow);
#else
    const Int128 sum = static_cast<Int128>(a) + b;
    if (sum > std::numeric_limits<std::int64_t>::max()
        || sum < std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    return static_cast<std::int64_t>(sum);
#endif
}

constexpr std::int64_t powerOfTen(int exponent)
{
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i)
        power *= 10;
    return power;
}

} // namespace khop
