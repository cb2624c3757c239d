// SPDX-License-Identifier: GPL-3.0-or-later
// Conditional orders: entry, triggers, and the moment at which a condition is met. Those that belong to
// another order are in engine_families.cpp.
//
// Conditions act on the last price of even lots in continuous sessions and on nothing else. What a command
// or a step of time brings about is noted while it happens and worked off after it, in order, one price at
// a time: of the orders that one price meets, the one with the lower number goes first; what their own
// trades bring about comes last in the list. There is no recursion, and each round ends a wait, so that it
// ends.
//
// A met order is sent if its session takes it now and then passes every check of an entry: the band, cash
// or shares, opposite orders. If the session does not take it, it stays QUEUED and goes with the next that
// does, whatever the price is by then. What any other rule refuses is REJECTED.
#include "base/decimal.h"
#include "base/invariant.h"
#include "engine/condition_check.h"
#include "engine/engine.h"
#include "market/order_entry.h"

#include <algorithm>

namespace khop {

Error Engine::checkConditional(const PlaceOrder &place) const
{
    if (m_waitingOf[place.account] >= mostConditions)
        return {Code::OPEN_ORDER_LIMIT, "condition", std::to_string(m_waitingOf[place.account] + 1),
                std::to_string(mostConditions)};
    const auto last = [this](InstrumentIndex i) { return m_exchange.lastOrReference(i); };
    return khop::checkConditional(place, m_exchange.instruments(), m_exchange.rules(), m_now, last)
        .value_or(Error{});
}

Error Engine::placeWaiting(const PlaceOrder &place, const ClientOrder &client,
                           CommandResult &result)
{
    if (m_risk.any()) {
        if (auto refusal = checkRiskOfEntry(place, Price{}))
            return *refusal;
        noteRisk(place);
    }
    const Slot slot = addWaiting(place, Wait::Parent, {});
    activate(slot);
    rememberClientOrder(client, m_orders[slot].record);
    result.order = m_orders[slot].record;
    return {};
}

Engine::Slot Engine::addWaiting(const PlaceOrder &place, Wait wait, const Uuid &parent)
{
    const Slot slot = newSlot();
    LiveOrder &order = m_orders[slot];
    OrderRecord &record = order.record;
    describe(record, place);
    order.fees =
        m_money.fees.termsOf(place.account, m_exchange.instrument(place.instrument).exchange);
    if (record.id.isNull())
        record.id = uuid7(m_now, 3, record.no);
    record.parent = parent;
    record.status = OrderStatus::Queued;
    const auto &condition = place.condition;
    if (condition && condition->type == ConditionType::Stop)
        record.price = condition->stopLoss->limit;
    if (condition && condition->type == ConditionType::TakeProfit)
        record.price = condition->takeProfit->limit;
    order.wait = wait;
    ++m_waitingOf[record.account];
    enlist(slot);
    touch(slot);
    return slot;
}

/// The wait for the condition begins: now its time to live is known and its trigger stands.
void Engine::activate(Slot slot)
{
    LiveOrder &order = m_orders[slot];
    OrderRecord &record = order.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    if (!record.expiresAt)
        setExpiry(slot, record.timeInForce == TimeInForce::GTC ? m_now + longestWait
                                                               : lastMomentOf(instrument));
    touch(slot);
    if (!record.condition) {
        order.wait = Wait::Sending;
        m_met.emplace(record.no, slot);
        sendMet(slot);
        return;
    }
    order.wait = Wait::Trigger;
    if (record.condition->type == ConditionType::Trailing) {
        auto started = std::make_shared<Condition>(*record.condition);
        started->best = m_exchange.lastOrReference(record.instrument);
        started->stopLoss = trailingLeg(*started, record.side, instrument);
        record.price = started->stopLoss->limit;
        record.condition = std::move(started);
    }
    arm(slot);
    // a child may come alive behind its own trigger
    const auto &last = m_last[record.instrument];
    if (record.parent.isNull() || !last)
        return;
    if (const Leg leg = legMet(*record.condition, record.side, *last); leg != Leg::None)
        meet(slot, leg);
}

void Engine::arm(Slot slot)
{
    const OrderRecord &record = m_orders[slot].record;
    m_triggers.add(record.instrument, *record.condition, record.side, record.no, slot);
}

void Engine::disarm(Slot slot)
{
    const OrderRecord &record = m_orders[slot].record;
    m_triggers.remove(record.instrument, *record.condition, record.side, record.no, slot);
}

void Engine::setExpiry(Slot slot, Time at)
{
    OrderRecord &record = m_orders[slot].record;
    if (record.expiresAt)
        m_expiries.erase({*record.expiresAt, record.no, slot});
    record.expiresAt = at;
    m_expiries.emplace(at, record.no, slot);
}

/// The end of the day of an order that waits from now on: of the first trading day with some of its
/// continuous sessions still to come (of any session, where the instrument has only auctions).
Time Engine::lastMomentOf(const Instrument &instrument) const
{
    const MarketRules &rules = m_exchange.rules();
    const ExchangeRules &exchange = rules.of(instrument.exchange);
    Date day = rules.dateAt(instrument.exchange, m_now);
    if (exchange.everyDay)
        return rules.timeOn(instrument.exchange, day + 1, 0);
    const bool own = instrument.restricted && !exchange.restrictedSessions.empty();
    const auto &sessions = own ? exchange.restrictedSessions : exchange.sessions;
    const bool continuous = std::ranges::any_of(
        sessions, [](const Session &session) { return session.phase == Phase::Continuous; });
    while (true) {
        std::optional<Time> end;
        bool acts = false;
        for (const Session &session : sessions) {
            if (session.types.none())
                continue;
            const Time to = rules.timeOn(instrument.exchange, day, session.to);
            acts |= to > m_now && (!continuous || session.phase == Phase::Continuous);
            end = to;
        }
        if (!end)
            return m_now + millisecondsPerDay; // no session takes orders
        if (acts && rules.isTradingDay(instrument.exchange, day))
            return *end;
        day = rules.calendar.nextTradingDay(day);
    }
}

void Engine::runConditions()
{
    emitTouched();
    while (m_retryMet || !m_work.empty()) {
        if (std::exchange(m_retryMet, false)) {
            const auto met = m_met; // sending changes the set
            for (const auto &[no, slot] : met) {
                if (m_met.contains({no, slot}))
                    sendMet(slot);
                emitTouched();
            }
            continue;
        }
        const Work work = m_work.front();
        m_work.pop_front();
        if (work.child.isNull())
            actOnLast(work.instrument, work.last);
        else
            followParent(work);
        emitTouched();
    }
}

void Engine::actOnLast(InstrumentIndex instrument, Price last)
{
    for (const auto &[no, slot] : m_triggers.bettered(instrument, last))
        follow(slot, last);
    for (const auto &[no, slot] : m_triggers.met(instrument, last)) {
        const LiveOrder &order = m_orders[slot];
        // an earlier one may have changed or ended it
        if (!order.live || order.record.no != no || order.wait != Wait::Trigger)
            continue;
        const Leg leg = legMet(*order.record.condition, order.record.side, last);
        if (leg == Leg::None)
            continue;
        meet(slot, leg);
        emitTouched();
    }
}

/// A trailing stop moves with a better last price.
void Engine::follow(Slot slot, Price last)
{
    OrderRecord &record = m_orders[slot].record;
    disarm(slot);
    auto moved = std::make_shared<Condition>(*record.condition);
    moved->best = last;
    moved->stopLoss = trailingLeg(*moved, record.side, m_exchange.instrument(record.instrument));
    record.price = moved->stopLoss->limit;
    record.condition = std::move(moved);
    arm(slot);
    touch(slot);
}

void Engine::meet(Slot slot, Leg leg)
{
    LiveOrder &order = m_orders[slot];
    OrderRecord &record = order.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    disarm(slot);
    auto met = std::make_shared<Condition>(*record.condition);
    met->met = leg;
    met->metAt = m_now;
    if (met->type == ConditionType::Trailing) // its limit: in the band of this day
        met->stopLoss->limit = trailingLeg(*met, record.side, instrument).limit;
    const auto limit = leg == Leg::StopLoss ? met->stopLoss->limit : met->takeProfit->limit;
    record.condition = std::move(met);
    record.price = limit;
    if (limit && record.type != limitTypeOf(instrument)) { // OCO with one limit
        record.type = limitTypeOf(instrument);
        record.given = GivenName::OwnType;
    }
    order.wait = Wait::Sending;
    m_met.emplace(record.no, slot);
    touch(slot);
    stopParent(slot);
    sendMet(slot);
}

void Engine::sendMet(Slot slot)
{
    LiveOrder &order = m_orders[slot];
    OrderRecord &record = order.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    const bool atOnce =
        record.timeInForce == TimeInForce::IOC || record.timeInForce == TimeInForce::FOK;
    const bool daily = instrument.banded || record.type == OrderType::Market;
    const TimeInForce tif = daily && !atOnce ? TimeInForce::Day : record.timeInForce;
    const Price worst = m_exchange.worstPrice(record.type, record.side, record.instrument);
    std::optional<Price> price = record.price;
    if (carriesPrice(record.type) && !price) // a market order where only LO is known
        price = worst;
    std::optional<Error> refusal = m_exchange.check(
        {record.side, record.type, tif, record.remaining, price}, record.instrument);
    const bool later =
        refusal && (waitsForSession(refusal->code) || refusal->code == Code::INSTRUMENT_HALTED);
    if (later)
        return;
    if (!refusal && sharesWillArrive(record))
        return;
    if (!refusal)
        refusal =
            checkAgainstOwn(record.account, record.instrument, record.side, price.value_or(worst));
    if (!refusal && record.side == Side::Buy)
        refusal = checkRoom(record.account, record.instrument, record.remaining);
    if (!refusal && m_risk.any())
        refusal = checkRiskOfSending(slot, price.value_or(worst));
    if (!refusal) {
        order.holdPrice = price.value_or(worst);
        refusal = hold(order);
    }
    touch(slot);
    if (refusal) {
        record.rejectCode = refusal->code;
        finish(order, OrderStatus::Rejected, record.remaining);
        return;
    }
    leaveConditions(slot);
    if (instrument.banded && record.expiresAt) { // an order of the exchange's day from here
        m_expiries.erase({*record.expiresAt, record.no, slot});
        record.expiresAt.reset();
    }
    record.timeInForce = tif;
    record.price = record.type == OrderType::Market ? order.holdPrice : price;
    sendToVenue(slot);
}

/// Whether a child has to wait for shares that its account has bought and not received yet.
bool Engine::sharesWillArrive(const OrderRecord &record) const
{
    if (record.side == Side::Buy || record.parent.isNull())
        return false;
    const auto &holdings = m_ledger.account(record.account).holdings;
    const Ledger::Holding *const found = holdings.find(record.instrument);
    return found && found->available < record.remaining
           && found->available + found->pending >= record.remaining;
}

/// Its wait is over, one way or the other.
void Engine::leaveConditions(Slot slot)
{
    LiveOrder &order = m_orders[slot];
    if (order.wait == Wait::Nothing)
        return;
    if (order.wait == Wait::Trigger)
        disarm(slot);
    m_met.erase({order.record.no, slot});
    --m_waitingOf[order.record.account];
    order.wait = Wait::Nothing;
}

Error Engine::amendWaiting(Slot slot, const AmendOrder &amend)
{
    LiveOrder &order = m_orders[slot];
    OrderRecord &record = order.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    const bool ofBracket = !order.parentTraded.isZero() || order.wait == Wait::Parent;
    if (order.wait == Wait::Sending || (amend.quantity && ofBracket))
        return {Code::ORDER_NOT_AMENDABLE, "status", std::string(name(record.status))};
    PlaceOrder changed;
    changed.side = record.side;
    changed.instrument = record.instrument;
    changed.type = record.type;
    changed.timeInForce = record.timeInForce;
    changed.quantity = amend.quantity.value_or(record.quantity);
    changed.expiresAt = record.expiresAt;
    auto condition = record.condition ? std::make_shared<Condition>(*record.condition) : nullptr;
    ConditionLeg *leg = !condition                                     ? nullptr
                        : condition->type == ConditionType::Stop       ? &*condition->stopLoss
                        : condition->type == ConditionType::TakeProfit ? &*condition->takeProfit
                                                                       : nullptr;
    if (amend.trigger && !leg)
        return {Code::ORDER_NOT_AMENDABLE, "condition.trigger_price"};
    if (amend.price && (!leg || !leg->limit))
        return {Code::ORDER_NOT_AMENDABLE, "order_type", std::string(name(record.type))};
    if (amend.trigger)
        leg->trigger = *amend.trigger;
    if (amend.price)
        leg->limit = *amend.price;
    if (amend.quantity
        && isOddLot(*amend.quantity, instrument) != isOddLot(record.quantity, instrument))
        return {Code::INVALID_LOT, "quantity",
                formatDecimal(amend.quantity->raw(), instrument.quantityScale, true),
                formatDecimal(instrument.lot.raw(), instrument.quantityScale, true)};
    changed.condition = condition;
    const auto last = [&](InstrumentIndex i) { return m_exchange.lastOrReference(i); };
    if (condition) {
        if (auto refusal = khop::checkConditional(changed, m_exchange.instruments(),
                                                  m_exchange.rules(), m_now, last))
            return *refusal;
    }
    if (order.wait == Wait::Trigger)
        disarm(slot);
    if (leg)
        record.price = leg->limit;
    record.condition = std::move(condition);
    record.quantity = record.remaining = changed.quantity;
    if (order.wait == Wait::Trigger)
        arm(slot);
    touch(slot);
    return {};
}

} // namespace khop
