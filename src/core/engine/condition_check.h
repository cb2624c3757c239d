// SPDX-License-Identifier: GPL-3.0-or-later
// What a conditional order must satisfy before it may wait. Its session, band, cash and shares are not
// looked at: they count when the condition is met.
#pragma once

#include "engine/command.h"
#include "market/rules.h"

#include <functional>
#include <vector>

namespace khop {

/// The last price of an instrument, else its reference.
using LastPrice = std::function<Price(InstrumentIndex)>;

/// Checks the condition of `place`, and of one with a child the child; the instrument of `place` exists.
/// Besides the errors of checkTriggers(): those of an entry at any session (type, lot, maximum), REQUIRED
/// and VALIDATION_ERROR for expires_at, PRICE_REQUIRED and PRICE_NOT_ALLOWED where the order type and the
/// legs disagree. Fields of the order after IF_DONE start with condition.then.
std::optional<Error> checkConditional(const PlaceOrder &place,
                                      const std::vector<Instrument> &instruments,
                                      const MarketRules &rules, Time now, const LastPrice &last);

/// The child of a BRACKET or IF_DONE, as an order of its own (without id and account).
PlaceOrder childOf(const PlaceOrder &place, const std::vector<Instrument> &instruments,
                   const MarketRules &rules);

/// The type of a market order: MTL, MARKET on SPOT, LO where the exchange knows nothing else (it goes to
/// the ceiling or floor of the day).
OrderType marketTypeOf(const ExchangeRules &exchange);
/// The type of an order with a limit: LO, LIMIT on SPOT.
OrderType limitTypeOf(const Instrument &instrument);

inline bool isBracket(const PlaceOrder &place)
{
    return place.condition && place.condition->type == ConditionType::Bracket;
}
/// That of the order itself: a bracket's GTD and GTC are its legs' where the exchange knows DAY only.
TimeInForce ownTimeInForce(const PlaceOrder &place, const Instrument &instrument);

} // namespace khop
