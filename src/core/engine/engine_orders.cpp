// SPDX-License-Identifier: GPL-3.0-or-later
// Order entry, amendment, cancellation and the queue for later sessions.
#include "engine/engine.h"

#include "base/decimal.h"
#include "base/invariant.h"
#include "engine/amendment.h"
#include "engine/condition_check.h"
#include "ledger/order_cost.h"

#include <algorithm>
#include <new>

namespace khop {

using Bucket = LedgerEntry::Bucket;

bool waitsForSession(Code code)
{
    return code == Code::MARKET_CLOSED || code == Code::HOLIDAY
           || code == Code::ORDER_TYPE_NOT_IN_SESSION;
}

Engine::Slot Engine::newSlot()
{
    if (!m_freeSlots.empty()) {
        const Slot slot = m_freeSlots.back();
        m_freeSlots.pop_back();
        return slot;
    }
    m_orders.grow();
    m_accountPosition.resize(m_orders.size());
    return static_cast<Slot>(m_orders.size() - 1);
}

void Engine::freeSlot(Slot slot)
{
    LiveOrder &order = m_orders[slot];
    std::destroy_at(&order);
    ::new (static_cast<void *>(&order)) LiveOrder;
    m_freeSlots.push_back(slot);
}

void Engine::removeSlot(Slot slot)
{
    LiveOrder &order = m_orders[slot];
    m_byId.erase(order.record.id);
    if (!m_queued.empty())
        m_queued.erase({order.record.no, slot});
    if (!m_pendingCancel.empty())
        m_pendingCancel.erase({order.record.no, slot});
    if (order.record.expiresAt)
        m_expiries.erase({*order.record.expiresAt, order.record.no, slot});
    auto &own = m_byAccount[order.record.account];
    const std::uint32_t hole = m_accountPosition[slot];
    own[hole] = own.back();
    m_accountPosition[own[hole]] = hole;
    own.pop_back();
    freeSlot(slot);
}

void Engine::emitTouched()
{
    for (std::size_t k = 0; k < m_touched.size(); ++k) {
        const Slot slot = m_touched[k];
        LiveOrder &order = m_orders[slot];
        OrderRecord &record = order.record;
        KHOP_INVARIANT(record.quantity == record.remaining + record.traded + record.cancelled);
        order.touched = false;
        record.updatedAt = m_now;
        m_hash.add(record.no << 8 | static_cast<std::uint64_t>(record.status));
        m_hash.add(record.remaining.raw());
        m_hash.add(record.traded.raw());
        m_hash.add(record.price.value_or(Price{}).raw());
        m_hash.add(record.held.raw());
        if (record.condition) {
            m_hash.add(conditionHash(*record.condition));
            if (hasChild(record.condition->type))
                noteParent(record);
        }
        m_out->orders.push_back(record);
        if (isOpen(record.status))
            ++record.version;
        else
            removeSlot(slot);
    }
    m_touched.clear();
}

/// What the account has on the other side. `limit`: the worst price the new order may trade at.
std::optional<Error> Engine::checkAgainstOwn(AccountNo account, InstrumentIndex index, Side side,
                                             Price limit) const
{
    const Instrument &instrument = m_exchange.instrument(index);
    const bool auction = isAuction(m_exchange.phaseOf(index));
    const SelfMatch selfMatch = m_exchange.rules().policies.selfMatch;
    if (!auction && selfMatch != SelfMatch::OmsBlock)
        return std::nullopt;
    for (const Slot slot : m_byAccount[account]) {
        const OrderRecord &own = m_orders[slot].record;
        if (own.instrument != index || own.side == side || m_orders[slot].ref == 0)
            continue;
        // Circular 120/2020: not both sides in the same auction; orders of an earlier round may stand
        if (auction && instrument.banded && m_orders[slot].sentAt >= m_exchange.roundStart(index))
            return Error{Code::OPPOSITE_ORDER_IN_AUCTION, "side", std::string(name(side)),
                         own.id.text()};
        if (!auction && selfMatch == SelfMatch::OmsBlock && own.price) {
            const bool crosses = side == Side::Buy ? limit >= *own.price : limit <= *own.price;
            if (crosses)
                return Error{Code::SELF_TRADE, "price", priceText(instrument, limit),
                             priceText(instrument, *own.price)};
        }
    }
    return std::nullopt;
}

std::optional<Error> Engine::hold(LiveOrder &order)
{
    OrderRecord &record = order.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    if (record.side == Side::Sell) {
        const Quantity sellable = m_ledger.sellable(record.account, record.instrument);
        if (record.remaining > sellable)
            return Error{Code::INSUFFICIENT_SECURITIES, "quantity",
                         formatDecimal(record.remaining.raw(), instrument.quantityScale, true),
                         formatDecimal(sellable.raw(), instrument.quantityScale, true)};
        m_ledger.moveSecurities(record.account, record.instrument, record.remaining,
                                Bucket::Available, Bucket::Held,
                                {LedgerEntry::Type::OrderHold, record.no}, m_now);
        notePosition(record.account, record.instrument);
        return std::nullopt;
    }
    const std::uint16_t currency = currencyOf(instrument);
    const auto need = buyHold(instrument, scaleOf(instrument), ratesOf(order), order.holdPrice,
                              record.remaining, record.tradedValue);
    if (auto refusal = fund(record.account, instrument, need, Money{}))
        return refusal;
    record.held = *need;
    m_ledger.moveCash(record.account, currency, *need, Bucket::Available, Bucket::Held,
                      {LedgerEntry::Type::OrderHold, record.no}, m_now);
    noteBalance(record.account, currency);
    return std::nullopt;
}

void Engine::rehold(LiveOrder &order, Money need)
{
    OrderRecord &record = order.record;
    const std::uint16_t currency = currencyOf(m_exchange.instrument(record.instrument));
    if (need < record.held)
        m_ledger.moveCash(record.account, currency, record.held - need, Bucket::Held,
                          Bucket::Available, {LedgerEntry::Type::OrderRelease, record.no}, m_now);
    else
        m_ledger.moveCash(record.account, currency, need - record.held, Bucket::Available,
                          Bucket::Held, {LedgerEntry::Type::OrderHold, record.no}, m_now);
    record.held = need;
    noteBalance(record.account, currency);
}

void Engine::finish(LiveOrder &order, OrderStatus status, Quantity cancelled)
{
    OrderRecord &record = order.record;
    keepRoom(order, Quantity{});
    if (order.wait != Wait::Nothing) {
        leaveConditions(*m_byId.find(record.id)); // nothing is held
    } else if (record.side == Side::Buy) {
        rehold(order, Money{});
    } else if (!cancelled.isZero()) {
        m_ledger.moveSecurities(record.account, record.instrument, cancelled, Bucket::Held,
                                Bucket::Available, {LedgerEntry::Type::OrderRelease, record.no},
                                m_now);
        notePosition(record.account, record.instrument);
    }
    record.cancelled += cancelled;
    record.remaining -= cancelled;
    KHOP_INVARIANT(record.remaining.isZero());
    record.status = status;
}

Error Engine::run(const PlaceOrder &place, CommandResult &result)
{
    if (!m_ledger.exists(place.account))
        return {Code::ACCOUNT_UNKNOWN, "account_id"};
    if (place.instrument >= m_exchange.instruments().size())
        return {Code::INSTRUMENT_UNKNOWN, "symbol"};
    if (place.id.isNull() || m_byId.contains(place.id))
        return {Code::VALIDATION_ERROR, "order_id", place.id.text()};
    ClientOrder client;
    if (!place.clientOrderId.empty()) {
        client = {clientOrderKey(place.account, place.clientOrderId), orderBodyHash(place), 0, {}};
        if (const KnownOrder *known = m_clientOrders.find(client.key)) {
            result.order.emplace();
            result.order->no = known->no();
            if (known->body != static_cast<std::uint32_t>(client.body))
                return {Code::DUPLICATE_CLIENT_ORDER_ID, "client_order_id", place.clientOrderId};
            result.duplicate = true;
            return {};
        }
    }
    const Instrument &instrument = m_exchange.instrument(place.instrument);
    if (place.condition) {
        if (Error refused = checkConditional(place); refused.code != Code::OK)
            return refused;
        if (!hasChild(place.condition->type))
            return placeWaiting(place, client, result);
    }
    const TimeInForce timeInForce = ownTimeInForce(place, instrument);
    const OrderEntry entry{place.side, place.type, timeInForce, place.quantity, place.price};
    std::optional<Error> refusal = m_exchange.check(entry, place.instrument);
    bool queue = false;
    if (refusal && place.queue && waitsForSession(refusal->code)) {
        refusal = checkQueuedEntry(entry, instrument, m_exchange.rules(),
                                   m_exchange.entryContext(place.instrument));
        queue = !refusal;
    }
    if (refusal)
        return *refusal;
    if (place.expiresAt && *place.expiresAt <= m_now)
        return {Code::VALIDATION_ERROR, "expires_at", isoTime(*place.expiresAt), isoTime(m_now)};
    const Price limit = place.price
                            ? *place.price
                            : m_exchange.worstPrice(place.type, place.side, place.instrument);
    if (!queue) {
        refusal = checkAgainstOwn(place.account, place.instrument, place.side, limit);
        if (!refusal && place.side == Side::Buy)
            refusal = checkRoom(place.account, place.instrument, place.quantity);
        if (refusal)
            return *refusal;
    }
    if (m_risk.any() && !m_forcing) [[unlikely]] {
        if (refusal = checkRiskOfEntry(place, limit); refusal)
            return *refusal;
    }

    const Slot slot = newSlot();
    LiveOrder &order = m_orders[slot];
    OrderRecord &record = order.record;
    describe(record, place);
    order.fees = m_money.fees.termsOf(place.account, instrument.exchange);
    record.timeInForce = timeInForce;
    if (isBracket(place) && timeInForce == TimeInForce::Day)
        record.expiresAt.reset(); // it is that of the legs
    const bool spotDay = !instrument.banded && place.timeInForce == TimeInForce::Day;
    if (spotDay && !record.expiresAt) // SPOT's day is the UTC day
        record.expiresAt = Time{(m_now.ms / millisecondsPerDay + 1) * millisecondsPerDay};
    order.holdPrice = limit;
    if (place.type == OrderType::Market)
        record.price = order.holdPrice;
    if (refusal = hold(order); refusal) {
        freeSlot(slot);
        return *refusal;
    }
    enlist(slot);
    rememberClientOrder(client, record);
    if (m_risk.any() && !m_forcing) [[unlikely]]
        noteRisk(place);
    touch(slot);
    if (place.condition)
        addChild(slot, place);
    if (queue) {
        record.status = OrderStatus::Queued;
        m_queued.emplace(record.no, slot);
    } else {
        sendToVenue(slot);
    }
    result.order = record;
    return {};
}

/// Writes a new order into an empty record. Its number is taken from the command's; a command that makes
/// two orders leaves the next one ahead.
void Engine::describe(OrderRecord &record, const PlaceOrder &place)
{
    record.no = m_lastOrder = std::max(m_lastOrder + 1, m_sequence);
    record.id = place.id;
    record.account = place.account;
    record.clientOrderId = place.clientOrderId;
    record.instrument = place.instrument;
    record.side = place.side;
    record.type = place.type;
    record.given = place.given;
    record.timeInForce = place.timeInForce;
    record.price = place.price;
    record.quantity = record.remaining = place.quantity;
    record.createdAt = record.updatedAt = m_now;
    record.expiresAt = place.expiresAt;
    record.description = place.description;
    record.condition = place.condition;
}

/// Makes an order one of the open ones.
void Engine::enlist(Slot slot)
{
    LiveOrder &order = m_orders[slot];
    const OrderRecord &record = order.record;
    order.live = true;
    m_byId.insert(record.id, slot);
    auto &own = m_byAccount[record.account];
    m_accountPosition[slot] = static_cast<std::uint32_t>(own.size());
    own.push_back(slot);
    if (record.expiresAt)
        m_expiries.emplace(*record.expiresAt, record.no, slot);
}

void Engine::rememberClientOrder(ClientOrder client, const OrderRecord &record)
{
    if (record.clientOrderId.empty())
        return;
    client.no = record.no;
    client.id = record.id;
    addClientOrder(client);
    m_newClientOrders.push_back(client);
}

void Engine::sendToVenue(Slot slot)
{
    LiveOrder &order = m_orders[slot];
    OrderRecord &record = order.record;
    order.ref = m_exchange.newRef();
    if (m_slotByRef.size() <= order.ref)
        m_slotByRef.resize(order.ref + 1);
    m_slotByRef[order.ref] = slot;
    record.status = OrderStatus::Active;
    order.sentAt = m_now;
    reserveRoom(order);
    m_exchange.send({order.ref, record.account, record.instrument, record.side, record.type,
                     record.timeInForce, record.remaining, order.holdPrice});
}

void Engine::releaseQueued(Board board)
{
    const auto queued = m_queued; // sending changes the set
    for (const auto &[no, slot] : queued) {
        LiveOrder &order = m_orders[slot];
        OrderRecord &record = order.record;
        const Instrument &instrument = m_exchange.instrument(record.instrument);
        if (m_exchange.boardOf(record.instrument) != board)
            continue;
        auto refusal =
            m_exchange.check({record.side, record.type, record.timeInForce, record.remaining,
                              carriesPrice(record.type) ? record.price : std::nullopt},
                             record.instrument);
        if (refusal && waitsForSession(refusal->code))
            continue;
        m_queued.erase({no, slot});
        touch(slot);
        if (!refusal) {
            const Price limit =
                carriesPrice(record.type)
                    ? *record.price
                    : m_exchange.worstPrice(record.type, record.side, record.instrument);
            refusal = checkAgainstOwn(record.account, record.instrument, record.side, limit);
        }
        if (!refusal && record.side == Side::Buy)
            refusal = checkRoom(record.account, record.instrument, record.remaining);
        if (!refusal && m_risk.any())
            refusal = checkRiskOfSending(
                slot, m_exchange.worstPrice(record.type, record.side, record.instrument));
        if (refusal) {
            record.rejectCode = refusal->code;
            finish(order, OrderStatus::Rejected, record.remaining);
            continue;
        }
        if (!carriesPrice(record.type)) {
            // the band may be a new day's: hold at today's worst price, or refuse
            order.holdPrice = m_exchange.worstPrice(record.type, record.side, record.instrument);
            if (record.side == Side::Buy) {
                const auto need = buyHold(instrument, scaleOf(instrument), ratesOf(order),
                                          order.holdPrice, record.remaining, record.tradedValue);
                if (const auto unfunded = fund(record.account, instrument, need, record.held)) {
                    record.rejectCode = unfunded->code;
                    finish(order, OrderStatus::Rejected, record.remaining);
                    continue;
                }
                rehold(order, *need);
            }
        }
        sendToVenue(slot);
        emitTouched();
    }
}

Error Engine::cancelNow(Slot slot)
{
    LiveOrder &order = m_orders[slot];
    if (order.ref != 0) {
        const auto open = m_exchange.cancel(order.ref);
        KHOP_INVARIANT(open.has_value() && *open == order.record.remaining);
        order.ref = 0;
    }
    finish(order, OrderStatus::Cancelled, order.record.remaining);
    touch(slot);
    return {};
}

Error Engine::run(const CancelOrder &cancel, CommandResult &result)
{
    const Slot *const found = m_byId.find(cancel.id);
    if (!found || (cancel.account != 0 && m_orders[*found].record.account != cancel.account))
        return {Code::NOT_FOUND, "order_id", cancel.id.text()};
    const Slot slot = *found;
    LiveOrder &order = m_orders[slot];
    if (order.ref != 0) {
        if (auto refusal = m_exchange.checkCancel(order.record.instrument))
            return *refusal;
        if (m_exchange.phaseOf(order.record.instrument) == Phase::Break) {
            // nothing reaches the exchange at lunch: the desk keeps the request and sends it at 13:00
            if (order.record.status != OrderStatus::PendingCancel) {
                order.record.status = OrderStatus::PendingCancel;
                m_pendingCancel.emplace(order.record.no, slot);
                touch(slot);
            }
            result.order = order.record;
            return {};
        }
    }
    cancelNow(slot);
    result.order = order.record;
    return {};
}

Error Engine::run(const CancelAll &cancel, CommandResult &result)
{
    if (!m_ledger.exists(cancel.account))
        return {Code::ACCOUNT_UNKNOWN, "account_id"};
    std::vector<std::pair<OrderNo, Uuid>> open;
    for (const Slot slot : m_byAccount[cancel.account]) {
        const OrderRecord &record = m_orders[slot].record;
        if (cancel.instrument == noInstrument || record.instrument == cancel.instrument)
            open.emplace_back(record.no, record.id);
    }
    std::sort(open.begin(), open.end());
    for (const auto &[no, id] : open) {
        CommandResult one;
        if (run(CancelOrder{cancel.account, id}, one).code == Code::OK)
            ++result.count;
    }
    return {};
}

Error Engine::run(const AmendOrder &amend, CommandResult &result)
{
    const Slot *const found = m_byId.find(amend.id);
    if (!found || (amend.account != 0 && m_orders[*found].record.account != amend.account))
        return {Code::NOT_FOUND, "order_id", amend.id.text()};
    const Slot slot = *found;
    LiveOrder &order = m_orders[slot];
    OrderRecord &record = order.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    result.order = record;
    // the record's version was raised when it was last shown: the one shown is one less
    const std::uint32_t shown = record.version - 1;
    result.order->version = shown;
    if (amend.version && *amend.version != shown)
        return {Code::VERSION_MISMATCH, "version", std::to_string(*amend.version),
                std::to_string(shown)};
    if (record.status == OrderStatus::PendingCancel)
        return {Code::ORDER_NOT_AMENDABLE, "status", std::string(name(record.status))};
    if (order.wait != Wait::Nothing) {
        if (m_risk.any()) {
            if (auto refusal = checkRiskOfWaiting(slot, amend))
                return *refusal;
        }
        if (const Error refusal = amendWaiting(slot, amend); refusal.code != Code::OK)
            return refusal;
        result.order = record;
        return {};
    }
    const auto checked =
        checkAmendment(record, amend, order.ref != 0, instrument, m_exchange.rules(),
                       m_exchange.entryContext(record.instrument));
    if (!checked)
        return checked.error();
    if (!checked->changes)
        return {};
    const auto [price, total, changes] = *checked;
    if (m_risk.any()) [[unlikely]] {
        if (auto refusal = checkRiskOfAmendment(slot, price, total))
            return *refusal;
    }
    if (const Error refusal = amendAtVenue(slot, price, total); refusal.code != Code::OK)
        return refusal;
    result.order = record;
    return {};
}

Error Engine::amendAtVenue(Slot slot, Price price, Quantity total)
{
    LiveOrder &order = m_orders[slot];
    OrderRecord &record = order.record;
    const Instrument &instrument = m_exchange.instrument(record.instrument);
    const Quantity leaves = total - record.traded;
    if (record.side == Side::Buy && order.ref != 0 && leaves > record.remaining) {
        if (auto refusal = checkRoom(record.account, record.instrument, leaves - record.remaining))
            return *refusal;
    }
    if (record.side == Side::Buy) {
        const auto need = buyHold(instrument, scaleOf(instrument), ratesOf(order), price, leaves,
                                  record.tradedValue);
        if (auto refusal = fund(record.account, instrument, need, record.held))
            return *refusal;
        rehold(order, *need);
    } else if (leaves > record.remaining) {
        const Quantity more = leaves - record.remaining;
        const Quantity sellable = m_ledger.sellable(record.account, record.instrument);
        if (more > sellable)
            return {
                Code::INSUFFICIENT_SECURITIES, "quantity",
                formatDecimal(total.raw(), instrument.quantityScale, true),
                formatDecimal((record.quantity + sellable).raw(), instrument.quantityScale, true)};
        m_ledger.moveSecurities(record.account, record.instrument, more, Bucket::Available,
                                Bucket::Held, {LedgerEntry::Type::OrderHold, record.no}, m_now);
        notePosition(record.account, record.instrument);
    } else if (leaves < record.remaining) {
        m_ledger.moveSecurities(record.account, record.instrument, record.remaining - leaves,
                                Bucket::Held, Bucket::Available,
                                {LedgerEntry::Type::OrderRelease, record.no}, m_now);
        notePosition(record.account, record.instrument);
    }
    const bool keepsPlace = price == *record.price && leaves < record.remaining;
    record.quantity = total;
    record.remaining = leaves;
    record.price = price;
    order.holdPrice = price;
    touch(slot);
    if (order.ref == 0)
        return {};
    keepRoom(order, leaves);
    reserveRoom(order);
    if (keepsPlace)
        m_exchange.reduce(order.ref, leaves);
    else
        m_exchange.replace(order.ref, price, leaves);
    return {};
}

} // namespace khop
