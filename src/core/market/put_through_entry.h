// SPDX-License-Identifier: GPL-3.0-or-later
// The exchange's rules on a negotiated deal: which refusal it earns, if any.
#pragma once

#include "base/result.h"
#include "market/rules.h"

#include <optional>

namespace khop {

/// Checked in this order: instrument state, whether the exchange has such deals, holiday, hours, minimum,
/// a first day without a price, limits, tick. `hasMatchPrice`: an even-lot match was there today.
std::optional<Error> checkPutThrough(Quantity quantity, Price price, const Instrument &instrument,
                                     const MarketRules &rules, Time time, bool hasMatchPrice);
/// The same for an answer to a deal that was proposed: state, holiday and hours.
std::optional<Error> checkPutThroughHours(const Instrument &instrument, const MarketRules &rules,
                                          Time time);
/// The end of the day's last hours for such deals.
Time putThroughEnd(const Instrument &instrument, const MarketRules &rules, Time time);

} // namespace khop
