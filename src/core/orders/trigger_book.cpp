// SPDX-License-Identifier: GPL-3.0-or-later
#include "orders/trigger_book.h"

#include <algorithm>

namespace khop {

template <class Change>
void TriggerBook::change(InstrumentIndex instrument, const Condition &condition, Side side,
                         Change change)
{
    Listing &listing = m_listings[instrument];
    const auto keysOf = [&](Leg leg) -> Keys & {
        return meetsUpwards(side, leg) ? listing.rising : listing.falling;
    };
    if (condition.stopLoss)
        change(keysOf(Leg::StopLoss), condition.stopLoss->trigger);
    if (condition.takeProfit)
        change(keysOf(Leg::TakeProfit), condition.takeProfit->trigger);
    if (condition.type == ConditionType::Trailing)
        change(side == Side::Sell ? listing.trailingSells : listing.trailingBuys, condition.best);
}

void TriggerBook::add(InstrumentIndex instrument, const Condition &condition, Side side, OrderNo no,
                      Slot slot)
{
    change(instrument, condition, side,
           [&](Keys &keys, Price price) { keys.emplace(price, no, slot); });
    ++m_listings[instrument].count;
}

void TriggerBook::remove(InstrumentIndex instrument, const Condition &condition, Side side,
                         OrderNo no, Slot slot)
{
    change(instrument, condition, side,
           [&](Keys &keys, Price price) { keys.erase({price, no, slot}); });
    --m_listings[instrument].count;
}

bool TriggerBook::concerns(InstrumentIndex instrument, Price last) const
{
    const Listing &listing = m_listings[instrument];
    const auto lowest = [](const Keys &keys) { return std::get<Price>(*keys.begin()); };
    const auto highest = [](const Keys &keys) { return std::get<Price>(*keys.rbegin()); };
    return (!listing.rising.empty() && last >= lowest(listing.rising))
           || (!listing.falling.empty() && last <= highest(listing.falling))
           || (!listing.trailingSells.empty() && last > lowest(listing.trailingSells))
           || (!listing.trailingBuys.empty() && last < highest(listing.trailingBuys));
}

TriggerBook::Orders TriggerBook::met(InstrumentIndex instrument, Price last) const
{
    const Listing &listing = m_listings[instrument];
    Orders orders;
    for (auto it = listing.rising.begin();
         it != listing.rising.end() && std::get<Price>(*it) <= last; ++it)
        orders.emplace_back(std::get<OrderNo>(*it), std::get<Slot>(*it));
    for (auto it = listing.falling.rbegin();
         it != listing.falling.rend() && std::get<Price>(*it) >= last; ++it)
        orders.emplace_back(std::get<OrderNo>(*it), std::get<Slot>(*it));
    std::sort(orders.begin(), orders.end());
    orders.erase(std::unique(orders.begin(), orders.end()), orders.end());
    return orders;
}

TriggerBook::Orders TriggerBook::bettered(InstrumentIndex instrument, Price last) const
{
    const Listing &listing = m_listings[instrument];
    Orders orders;
    for (auto it = listing.trailingSells.begin();
         it != listing.trailingSells.end() && std::get<Price>(*it) < last; ++it)
        orders.emplace_back(std::get<OrderNo>(*it), std::get<Slot>(*it));
    for (auto it = listing.trailingBuys.rbegin();
         it != listing.trailingBuys.rend() && std::get<Price>(*it) > last; ++it)
        orders.emplace_back(std::get<OrderNo>(*it), std::get<Slot>(*it));
    std::sort(orders.begin(), orders.end());
    return orders;
}

std::size_t TriggerBook::size() const
{
    std::size_t count = 0;
    for (const Listing &listing : m_listings)
        count += listing.count;
    return count;
}

} // namespace khop
