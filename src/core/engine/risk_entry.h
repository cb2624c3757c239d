// SPDX-License-Identifier: GPL-3.0-or-later
// A new order as the limits see it: the same for the engine and for a preview.
#pragma once

#include "engine/command.h"
#include "risk/risk_check.h"

namespace khop {

inline bool waitsForCondition(const PlaceOrder &place)
{
    return place.condition && !hasChild(place.condition->type);
}

inline RecentOrder recentOrderOf(const PlaceOrder &place, Time now)
{
    return {now,         place.instrument, place.side,
            place.price, place.quantity,   place.condition ? conditionHash(*place.condition) : 0};
}

/// `worst`: the price it may trade at without a limit of its own.
inline RiskOrder riskOrderOf(const PlaceOrder &place, Price worst)
{
    RiskOrder order;
    order.instrument = place.instrument;
    order.side = place.side;
    order.terms = {place.quantity, place.price};
    order.worst = worst;
    order.more = place.side == Side::Buy ? place.quantity : Quantity{};
    order.condition = place.condition ? conditionHash(*place.condition) : 0;
    order.orders = place.condition && hasChild(place.condition->type) ? 2 : 1;
    return order;
}

inline RiskMoment entryMoment(const PlaceOrder &place)
{
    return waitsForCondition(place) ? RiskMoment::Conditional : RiskMoment::Entry;
}

} // namespace khop
