// SPDX-License-Identifier: GPL-3.0-or-later
// Orders that belong together: BRACKET and IF_DONE. The parent is an ordinary order; its one child is there
// from the start, waits (Wait::Parent) and ends with the parent if that traded nothing.
//
// BRACKET: the child holds the legs and comes alive with the parent's first trade. Its quantity is the
// parent's, and what the parent has traded once that has ended. A leg that is met before takes the rest of
// the parent back from the exchange first, so that what it sells is all there will be.
// IF_DONE: the child comes alive when the parent is filled. When the parent ends with a part filled, a child
// of the same instrument takes that part, any other is cancelled.
//
// A child that sells what its parent bought waits, when it is met, until the shares have settled. Cancelling
// a child leaves its parent alone.
#include "base/invariant.h"
#include "engine/condition_check.h"
#include "engine/engine.h"

#include <algorithm>
#include <map>

namespace khop {

void Engine::addChild(Slot parentSlot, const PlaceOrder &place)
{
    PlaceOrder child = childOf(place, m_exchange.instruments(), m_exchange.rules());
    child.account = place.account;
    const Slot slot = addWaiting(child, Wait::Parent, place.id);
    auto condition = std::make_shared<Condition>(*place.condition);
    condition->child = m_orders[slot].record.id;
    m_orders[parentSlot].record.condition = std::move(condition);
}

/// Called with every change of an order that has a child.
void Engine::noteParent(const OrderRecord &parent)
{
    const Condition &condition = *parent.condition;
    const Slot *const found = m_byId.find(condition.child);
    if (!found)
        return;
    LiveOrder &child = m_orders[*found];
    if (child.wait == Wait::Nothing)
        return;
    child.parentTraded = parent.traded;
    Work work;
    work.instrument = parent.instrument;
    work.child = condition.child;
    work.bracket = condition.type == ConditionType::Bracket;
    work.ended = !isOpen(parent.status);
    work.filled = parent.status == OrderStatus::Filled;
    m_work.push_back(work);
}

void Engine::followParent(const Work &work)
{
    const Slot *const found = m_byId.find(work.child);
    if (!found)
        return;
    const Slot slot = *found;
    LiveOrder &child = m_orders[slot];
    const Quantity traded = child.parentTraded;
    if (child.wait == Wait::Nothing)
        return;
    if (work.ended && traded.isZero()) {
        cancelNow(slot);
        return;
    }
    const bool whole = work.filled || child.record.instrument == work.instrument;
    if (!work.bracket && work.ended && !whole) {
        cancelNow(slot);
        return;
    }
    if (work.ended) {
        child.parentTraded = {};
        if (work.bracket || !work.filled)
            resize(slot, work.bracket ? traded : std::min(traded, child.record.quantity));
    } else if (const Slot *const parent = m_byId.find(child.record.parent);
               work.bracket && parent && child.wait != Wait::Sending) {
        resize(slot, m_orders[*parent].record.quantity);
    }
    const bool alive = work.bracket ? !traded.isZero() : work.ended;
    if (alive && child.wait == Wait::Parent)
        activate(slot);
}

/// A leg of a bracket is met: no more is bought (or sold) for it.
void Engine::stopParent(Slot slot)
{
    LiveOrder &child = m_orders[slot];
    if (child.parentTraded.isZero())
        return; // its parent has ended, or it has none
    if (const Slot *const found = m_byId.find(child.record.parent)) {
        const Slot parentSlot = *found;
        const LiveOrder &parent = m_orders[parentSlot];
        if (parent.ref != 0 && !m_exchange.checkCancel(parent.record.instrument))
            cancelNow(parentSlot);
    }
    resize(slot, child.parentTraded);
}

/// The quantity of an order that waits.
void Engine::resize(Slot slot, Quantity quantity)
{
    OrderRecord &record = m_orders[slot].record;
    KHOP_INVARIANT(quantity > Quantity(0) && record.traded.isZero());
    if (record.quantity == quantity)
        return;
    record.quantity = record.remaining = quantity;
    touch(slot);
}

std::string Engine::checkConditions() const
{
    std::size_t standing = 0, sending = 0;
    std::map<AccountNo, std::uint32_t> waiting;
    for (const Slot slot : openSlots()) {
        const LiveOrder &order = m_orders[slot];
        const OrderRecord &record = order.record;
        const Uuid &id = record.id;
        if (order.wait == Wait::Nothing)
            continue;
        ++waiting[record.account];
        standing += order.wait == Wait::Trigger ? 1 : 0;
        sending += order.wait == Wait::Sending ? 1 : 0;
        if (order.ref != 0 || !record.held.isZero() || record.status != OrderStatus::Queued
            || !record.traded.isZero())
            return "order " + id.text() + ": waits for a condition and is at work";
        if (order.wait == Wait::Sending && !m_met.contains({record.no, slot}))
            return "order " + id.text() + ": its condition is met and nobody sends it";
        const Slot *const parent = m_byId.find(record.parent);
        const bool orphan = !parent || !m_orders[*parent].record.condition
                            || m_orders[*parent].record.condition->child != id;
        if (order.wait == Wait::Parent && orphan)
            return "order " + id.text() + ": waits for an order that has ended";
    }
    if (standing != m_triggers.size() || sending != m_met.size())
        return "conditions: the trigger book does not match the waiting orders";
    for (AccountNo no = 1; no < m_waitingOf.size(); ++no) {
        const auto it = waiting.find(no);
        if (m_waitingOf[no] != (it == waiting.end() ? 0 : it->second))
            return "account " + std::to_string(no) + ": waiting orders are miscounted";
    }
    return {};
}

} // namespace khop
