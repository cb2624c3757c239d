// SPDX-License-Identifier: GPL-3.0-or-later
// What a trade costs: commission by tiers of an order's cumulative value, and the exchange's part of it.
#pragma once

#include "ledger/notional.h"
#include "market/rules.h"

#include <algorithm>

namespace khop {

/// The commission by tiers: each part of the value at its own tier's rate, the sum rounded half up. It never
/// falls as the value grows, so that no execution gives a fee back.
Money tieredCommission(const Rates &rates, Money value);

/// The commission on an order's cumulative value, the exchange's part included.
inline Money commission(const Rates &rates, Money value)
{
    return rates.tiers.empty() ? portion(value, rates.fee) : tieredCommission(rates, value);
}

/// What of a commission goes on to the exchange; an account that pays less gives it all.
inline Money exchangePart(const Rates &rates, Money value, Money commission)
{
    return std::min(portion(value, rates.exchangeFee), commission);
}

} // namespace khop
