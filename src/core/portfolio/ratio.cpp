// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/ratio.h"

namespace khop {

namespace {

constexpr std::int64_t million = 1'000'000;

constexpr std::int64_t magnitude(std::int64_t value) { return value < 0 ? -value : value; }

} // namespace

std::optional<Ratio> ratioOf(Money part, Money whole)
{
    if (whole.raw() <= 0 || part.raw() == std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    const auto ratio = mulDiv(magnitude(part.raw()), million, whole.raw(), Rounding::HalfUp);
    if (!ratio)
        return std::nullopt;
    return Ratio(part.raw() < 0 ? -*ratio : *ratio);
}

std::optional<Growth> Growth::times(std::int64_t after, std::int64_t before) const
{
    const auto raw = mulDiv(m_raw, after, before, Rounding::HalfUp);
    return raw ? std::optional(Growth(*raw)) : std::nullopt;
}

std::optional<Ratio> Growth::since(Growth base) const
{
    return ratioOf(Money(m_raw - base.m_raw), Money(base.m_raw));
}

} // namespace khop
