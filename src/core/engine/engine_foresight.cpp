// SPDX-License-Identifier: GPL-3.0-or-later
// Looking ahead in a group. With a million orders at rest a command meets some twenty cache lines that
// nothing has touched lately, most of them one behind the other: id, slot, order, its place in the book, its
// owner's holding. Those of the next commands are asked for in steps, so that they arrive side by side
// while others are applied. Nothing here changes or decides anything; what has become wrong by the time a
// command is applied was asked for in vain.
#include "engine/engine.h"

namespace khop {

void Engine::foresee(const Command &command, Foreseen &seen, Foresight stage) const
{
    if (stage == Foresight::Ids) {
        seen = {};
        if (const auto *place = std::get_if<PlaceOrder>(&command.body))
            foreseeIds(*place);
        else if (const auto *cancel = std::get_if<CancelOrder>(&command.body))
            m_byId.approach(cancel->id);
        else if (const auto *amend = std::get_if<AmendOrder>(&command.body))
            m_byId.approach(amend->id);
        return;
    }
    if (stage == Foresight::Order) {
        if (const auto *place = std::get_if<PlaceOrder>(&command.body))
            foreseeMeeting(*place, seen);
        else if (const auto *cancel = std::get_if<CancelOrder>(&command.body))
            foreseeOrder(cancel->id, seen);
        else if (const auto *amend = std::get_if<AmendOrder>(&command.body))
            foreseeOrder(amend->id, seen);
        return;
    }
    if (!seen.slot && seen.meets)
        foreseePlace(std::get<PlaceOrder>(command.body), seen);
    else if (seen.slot)
        foreseeRest(m_orders[*seen.slot], seen, stage);
}

/// A new order: where its ids are looked up, what it sells, its book.
void Engine::foreseeIds(const PlaceOrder &place) const
{
    if (!m_ledger.exists(place.account) || place.instrument >= m_exchange.instruments().size())
        return;
    m_byId.approach(place.id);
    if (!place.clientOrderId.empty())
        m_clientOrders.approach(clientOrderKey(place.account, place.clientOrderId));
    m_ledger.approach(place.account, place.instrument);
    prefetch(&m_byAccount[place.account]);
    m_exchange.approachInstrument(place.instrument);
}

/// Then whether it will meet an order.
void Engine::foreseeMeeting(const PlaceOrder &place, Foreseen &seen) const
{
    if (!m_ledger.exists(place.account) || place.instrument >= m_exchange.instruments().size())
        return;
    m_ledger.approachSoon(place.account, place.instrument);
    const std::vector<Slot> &own = m_byAccount[place.account];
    prefetch(own.data() + own.size());
    const Side other = opposite(place.side);
    const auto best = m_exchange.best(place.instrument, other);
    const bool buys = place.side == Side::Buy;
    seen.meets = best && (!place.price || (buys ? *best <= *place.price : *best >= *place.price));
    if (seen.meets)
        m_exchange.approachBest(place.instrument, other);
    else if (place.price)
        m_exchange.approachLevel(place.instrument, place.side, *place.price);
}

/// Then the order it meets.
void Engine::foreseePlace(const PlaceOrder &place, Foreseen &seen) const
{
    const OrderRef ref = m_exchange.bestOrder(place.instrument, opposite(place.side));
    seen.meets = ref != 0 && ref < m_slotByRef.size();
    if (!seen.meets)
        return;
    const Slot slot = m_slotByRef[ref];
    seen.slot = slot;
    m_exchange.approachOrder(ref);
    prefetchAll(m_orders[slot]);
    prefetch(&m_accountPosition[slot]);
}

/// What goes with an order that trades or ends.
void Engine::foreseeRest(const LiveOrder &order, const Foreseen &seen, Foresight stage) const
{
    const OrderRecord &record = order.record;
    if (!order.live || !(seen.meets || record.side == Side::Sell || stage == Foresight::Place))
        return; // it has ended since, or is a buy, which touches no holding
    switch (stage) {
    case Foresight::Ids:
    case Foresight::Order: break;
    case Foresight::Place:
        if (order.ref != 0)
            m_exchange.approachOrder(order.ref);
        prefetch(&m_byAccount[record.account].back());
        break;
    case Foresight::Keeper:
        if (seen.meets)
            m_byId.approach(record.id);
        m_ledger.approach(record.account, record.instrument);
        break;
    case Foresight::Holding: m_ledger.approachSoon(record.account, record.instrument); break;
    }
}

/// A cancel or an amendment: its order.
void Engine::foreseeOrder(const Uuid &id, Foreseen &seen) const
{
    if (const Slot *const slot = m_byId.find(id)) {
        seen.slot = *slot;
        prefetchAll(m_orders[*slot]);
        prefetch(&m_accountPosition[*slot]);
    }
}

} // namespace khop
