// SPDX-License-Identifier: GPL-3.0-or-later
// The whole state as bytes, so that recovery replays only what came after.
#include "engine/engine.h"

#include "base/invariant.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::uint64_t snapshotVersion = 5;

void saveRecord(ByteWriter &out, const OrderRecord &record)
{
    out.u64(record.no);
    out.id(record.id);
    out.u64(record.account);
    out.text(record.clientOrderId);
    out.u64(record.instrument);
    out.u64(static_cast<std::uint64_t>(record.side));
    out.u64(static_cast<std::uint64_t>(record.type));
    out.u64(static_cast<std::uint64_t>(record.given));
    out.u64(static_cast<std::uint64_t>(record.timeInForce));
    out.u64(static_cast<std::uint64_t>(record.status));
    out.optional(record.price);
    for (const Quantity quantity :
         {record.quantity, record.remaining, record.traded, record.cancelled})
        out.number(quantity);
    for (const Money amount : {record.tradedValue, record.fee, record.tax, record.held})
        out.number(amount);
    out.time(record.createdAt);
    out.time(record.updatedAt);
    out.u64(record.expiresAt.has_value());
    out.time(record.expiresAt.value_or(Time{}));
    out.u64(record.version);
    out.text(record.description);
    encodeCondition(out, record.condition.get());
    out.id(record.parent);
}

OrderRecord loadRecord(ByteReader &in)
{
    OrderRecord record;
    record.no = in.u64();
    record.id = in.id();
    record.account = static_cast<AccountNo>(in.u64());
    record.clientOrderId = in.text();
    record.instrument = static_cast<InstrumentIndex>(in.u64());
    record.side = in.choice<Side>(2);
    record.type = in.choice<OrderType>(orderTypeCount);
    record.given = in.choice<GivenName>(5);
    record.timeInForce = in.choice<TimeInForce>(5);
    record.status = in.choice<OrderStatus>(10);
    record.price = in.optional<Price>();
    for (Quantity *quantity :
         {&record.quantity, &record.remaining, &record.traded, &record.cancelled})
        *quantity = in.number<Quantity>();
    for (Money *amount : {&record.tradedValue, &record.fee, &record.tax, &record.held})
        *amount = in.number<Money>();
    record.createdAt = in.time();
    record.updatedAt = in.time();
    const bool expires = in.u64() != 0;
    const Time expiresAt = in.time();
    if (expires)
        record.expiresAt = expiresAt;
    record.version = static_cast<std::uint32_t>(in.u64());
    record.description = in.text();
    record.condition = decodeCondition(in);
    record.parent = in.id();
    return record;
}

} // namespace

std::string Engine::snapshot() const
{
    KHOP_INVARIANT(m_touched.empty() && m_work.empty() && !m_retryMet);
    ByteWriter out;
    out.u64(snapshotVersion);
    out.u64(m_sequence);
    out.time(m_now);
    out.fixed(m_hash.value());
    out.u64(m_lastTrade);
    out.u64(m_lastOrder);
    out.i64(m_clientOrderDay.day);
    out.i64(m_configuredOn.day);
    out.text(m_rulesText);
    out.text(m_instrumentsText);
    out.text(m_pendingRules);
    out.text(m_pendingInstruments);
    if (m_exchange.configured()) {
        m_exchange.save(out);
        m_participants.save(out);
        m_replay.save(out);
        out.u64(m_crowdAfterReplay);
        for (const auto &last : m_last)
            out.optional(last);
    }
    m_ledger.save(out);
    // by account position, so that the order in which a scan meets them is the same after a restore
    out.u64(m_orders.size());
    out.u64(m_byId.size());
    for (AccountNo account = 1; account < m_byAccount.size(); ++account) {
        for (const Slot slot : m_byAccount[account]) {
            const LiveOrder &order = m_orders[slot];
            out.u64(slot);
            saveRecord(out, order.record);
            out.u64(order.ref);
            out.number(order.holdPrice);
            out.number(order.room);
            out.time(order.sentAt);
            out.u64(m_queued.contains({order.record.no, slot}));
            out.u64(static_cast<std::uint64_t>(order.wait));
            out.number(order.parentTraded);
            out.u64(order.fees);
        }
    }
    out.u64(m_freeSlots.size());
    for (const Slot slot : m_freeSlots)
        out.u64(slot);
    m_deals.save(out);
    m_risk.save(out);
    m_corporate.save(out);
    m_imports.save(out);
    m_money.save(out);
    return out.take();
}

bool Engine::restore(std::string_view snapshot)
{
    ByteReader in(snapshot);
    if (in.u64() != snapshotVersion)
        return false;
    m_sequence = in.u64();
    m_now = in.time();
    const std::uint64_t hash = in.fixed();
    m_lastTrade = in.u64();
    m_lastOrder = in.u64();
    m_clientOrderDay = {static_cast<std::int32_t>(in.i64())};
    m_configuredOn = {static_cast<std::int32_t>(in.i64())};
    m_rulesText = in.text();
    m_instrumentsText = in.text();
    m_pendingRules = in.text();
    m_pendingInstruments = in.text();
    if (!in.ok())
        return false;
    if (!m_rulesText.empty()) {
        auto rules = parseMarketRules(m_rulesText);
        if (!rules)
            return false;
        auto instruments = parseInstruments(m_instrumentsText, rules->inForceOn(m_configuredOn));
        if (!instruments || !m_exchange.load(in, std::move(*rules), std::move(*instruments), m_now)
            || !m_participants.load(in) || !m_replay.load(in))
            return false;
        m_crowdAfterReplay = in.u64() != 0;
        indexCurrencies();
        m_triggers = {};
        m_triggers.open(m_exchange.instruments().size());
        m_last.clear();
        for (std::size_t i = 0; i < m_exchange.instruments().size(); ++i)
            m_last.push_back(in.optional<Price>());
    }
    if (!m_ledger.load(in))
        return false;
    m_byAccount.assign(m_ledger.size() + 1, {});
    m_waitingOf.assign(m_ledger.size() + 1, 0);
    const std::uint64_t slots = in.u64();
    const std::uint64_t live = in.u64();
    if (!in.ok() || slots > snapshot.size() || live > slots)
        return false;
    m_orders.clear();
    m_orders.grow(slots);
    m_accountPosition.assign(slots, 0);
    for (std::uint64_t k = 0; k < live; ++k) {
        const auto slot = static_cast<Slot>(in.u64());
        OrderRecord record = loadRecord(in);
        const auto ref = static_cast<OrderRef>(in.u64());
        const auto holdPrice = in.number<Price>();
        const auto room = in.number<Quantity>();
        const Time sentAt = in.time();
        const bool queued = in.u64() != 0;
        const auto wait = in.choice<Wait>(4);
        const auto parentTraded = in.number<Quantity>();
        const auto fees = static_cast<FeeBook::Terms>(in.u64());
        if (wait == Wait::Trigger && !record.condition)
            return false;
        if (!in.ok() || slot >= slots || ref > 0xFFF'FFFF || !m_ledger.exists(record.account)
            || record.instrument >= m_exchange.instruments().size())
            return false;
        LiveOrder &order = m_orders[slot];
        order.record = std::move(record);
        order.ref = ref;
        order.holdPrice = holdPrice;
        order.room = room;
        order.sentAt = sentAt;
        order.parentTraded = parentTraded;
        order.fees = fees;
        order.wait = wait;
        order.live = true;
        auto &own = m_byAccount[order.record.account];
        m_accountPosition[slot] = static_cast<std::uint32_t>(own.size());
        own.push_back(slot);
        m_byId.insert(order.record.id, slot);
        if (ref != 0) {
            if (m_slotByRef.size() <= ref)
                m_slotByRef.resize(ref + 1);
            m_slotByRef[ref] = slot;
        }
        if (queued)
            m_queued.emplace(order.record.no, slot);
        if (wait != Wait::Nothing)
            ++m_waitingOf[order.record.account];
        if (wait == Wait::Trigger)
            arm(slot);
        if (wait == Wait::Sending)
            m_met.emplace(order.record.no, slot);
        if (order.record.status == OrderStatus::PendingCancel)
            m_pendingCancel.emplace(order.record.no, slot);
        if (order.record.expiresAt)
            m_expiries.emplace(*order.record.expiresAt, order.record.no, slot);
    }
    for (std::uint64_t freeSlots = in.u64(); freeSlots > 0 && in.ok(); --freeSlots)
        m_freeSlots.push_back(static_cast<Slot>(in.u64()));
    if (!m_deals.load(in, m_ledger.size(), m_exchange.instruments().size())
        || !m_risk.load(in, m_ledger.size(), m_exchange.instruments().size())
        || !m_corporate.load(in, m_ledger.size(), m_exchange.instruments().size())
        || !m_imports.load(in, m_ledger.size(), m_exchange.instruments().size()))
        return false;
    if (!m_money.load(in, m_ledger.size(), m_exchange.instruments().size()))
        return false;
    for (const Slot slot : openSlots()) {
        if (!m_money.fees.knows(m_orders[slot].fees))
            return false;
    }
    m_hash.set(hash);
    return in.ok() && in.atEnd() && checkInvariants().empty();
}

} // namespace khop
