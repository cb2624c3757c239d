// SPDX-License-Identifier: GPL-3.0-or-later
// The limits in force for an account and how much of each is used: for people who want to know before they
// are refused.
#pragma once

#include "risk/risk_check.h"

namespace khop {

enum class RiskLimit : std::uint8_t {
    OrderValue,
    OrderQuantity,
    PriceCollar,
    Position,
    Concentration,
    PositionCount,
    OpenOrders,
    OrderRate,
    DuplicateWindow,
    DailyLoss,
    Restricted
};
std::string_view name(RiskLimit limit); // order_value … as in the API
Code codeOf(RiskLimit limit);           // of the refusal

/// Money in the smallest unit of `currency`, quantities of the instrument (whole units where there is
/// none), shares in ppm, windows in milliseconds.
struct LimitUse {
    RiskLimit limit = RiskLimit::OrderValue;
    std::optional<InstrumentIndex> instrument; // nothing: of every one
    std::optional<std::uint16_t> currency;
    std::optional<std::int64_t> used;   // nothing: it looks at single orders
    std::optional<std::int64_t> bound;  // nothing for Restricted
    std::optional<std::int64_t> window; // of OrderRate
};

/// Those of all instruments first; then those of single instruments that have limits of their own, or
/// that the account owns or is buying.
std::vector<LimitUse> limitUse(const RiskPolicy &policy, const RiskAsker &asker,
                               const RiskMarket &market);

} // namespace khop
