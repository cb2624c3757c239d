// SPDX-License-Identifier: GPL-3.0-or-later
// Shares, returns and rates of a portfolio as whole parts per million, and the growth factors that
// daily returns are chained in. Integers, so that every machine shows the same digits.
#pragma once

#include "base/integers.h"
#include "base/wide.h"

#include <compare>
#include <cstdint>
#include <optional>

namespace khop {

/// Parts per million: 25,000 is 2.5 %.
using Ratio = Integer<struct RatioUnit>;

/// part / whole, rounded half away from zero; nothing when whole <= 0 or the result does not fit.
std::optional<Ratio> ratioOf(Money part, Money whole);

/// A factor >= 0 in steps of 2^-40: what 1 has become. Chaining loses at most a step each time, so ten
/// years of days are good to a thousandth of a part per million; the largest is 8 million.
class Growth
{
public:
    constexpr Growth() = default;

    /// Times after / before; nothing when that does not fit. Expects before > 0 and after >= 0.
    std::optional<Growth> times(std::int64_t after, std::int64_t before) const;
    /// What was gained or lost since `base`: this / base - 1; nothing when it does not fit.
    std::optional<Ratio> since(Growth base) const;

    constexpr std::int64_t raw() const { return m_raw; }
    friend constexpr auto operator<=>(Growth, Growth) = default;

private:
    constexpr explicit Growth(std::int64_t raw) : m_raw(raw) {}
    std::int64_t m_raw = std::int64_t{1} << 40;
};

} // namespace khop
