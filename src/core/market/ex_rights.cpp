// SPDX-License-Identifier: GPL-3.0-or-later
#include "market/ex_rights.h"

#include "base/wide.h"
#include "market/instrument.h"

#include <algorithm>

namespace khop {

namespace {

constexpr Int128 million = 1'000'000;

/// The multiple of the tick nearest to numerator / denominator, half up.
Price nearestMultiple(Int128 numerator, Int128 denominator, Price tick)
{
    const Int128 unit = denominator * tick.raw();
    return Price(static_cast<std::int64_t>((numerator * 2 + unit) / (unit * 2) * tick.raw()));
}

} // namespace

std::optional<Price> exRightsReference(Price close, const ExRights &rights, const TickTable &ticks)
{
    Int128 numerator = (static_cast<Int128>(close.raw()) - rights.cashDividend.raw()) * million
                       + static_cast<Int128>(rights.issuePrice.raw()) * rights.rightsRatio;
    Int128 denominator = million + rights.bonusRatio + rights.rightsRatio;
    if (numerator <= 0)
        return std::nullopt;
    if (rights.splitRatio > 0) {
        numerator = numerator * rights.splitPer * million;
        denominator = denominator * rights.splitRatio;
    }
    const Int128 whole = std::min<Int128>(numerator / denominator, highestPrice.raw());
    const Price result = nearestMultiple(numerator, denominator,
                                         ticks.tickAt(Price(static_cast<std::int64_t>(whole))));
    const Price least = ticks.up(Price(0));
    if (result < least)
        return rights.splitRatio > 0 ? std::optional(least) : std::nullopt;
    return std::min(result, ticks.floorToTick(highestPrice));
}

} // namespace khop
