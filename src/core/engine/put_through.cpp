// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/put_through.h"

#include "base/invariant.h"

#include <array>
#include <limits>

namespace khop {

std::string_view name(PutThroughStatus status)
{
    constexpr std::array<std::string_view, 5> names{"PROPOSED", "EXECUTED", "REJECTED", "CANCELLED",
                                                    "EXPIRED"};
    return names[static_cast<std::size_t>(status)];
}

PutThroughDeals::Deal *PutThroughDeals::find(const Uuid &id)
{
    const auto it = m_byId.find(id);
    return it == m_byId.end() ? nullptr : &m_open.at(it->second);
}

std::size_t PutThroughDeals::proposals(AccountNo account) const
{
    const auto it = m_proposals.find(account);
    return it == m_proposals.end() ? 0 : it->second;
}

Time PutThroughDeals::nextExpiry() const
{
    return m_expiries.empty() ? Time{std::numeric_limits<std::int64_t>::max()}
                              : m_expiries.begin()->first;
}

std::vector<Uuid> PutThroughDeals::due(Time now) const
{
    std::vector<Uuid> ids;
    for (const auto &[at, no] : m_expiries) {
        if (at > now)
            break;
        ids.push_back(m_open.at(no).record.id);
    }
    return ids;
}

PutThroughDeals::Deal &PutThroughDeals::add(Deal deal)
{
    const PutThroughRecord &record = deal.record;
    const OrderNo no = record.no;
    const bool isNew = m_byId.emplace(record.id, no).second;
    KHOP_INVARIANT(isNew);
    m_expiries.emplace(record.expiresAt, no);
    ++m_proposals[record.proposer];
    return m_open.emplace(no, std::move(deal)).first->second;
}

void PutThroughDeals::remove(const Uuid &id)
{
    const auto it = m_byId.find(id);
    const auto deal = m_open.find(it->second);
    const PutThroughRecord &record = deal->second.record;
    m_expiries.erase({record.expiresAt, record.no});
    if (--m_proposals[record.proposer] == 0)
        m_proposals.erase(record.proposer);
    m_open.erase(deal);
    m_byId.erase(it);
}

void PutThroughDeals::save(ByteWriter &out) const
{
    out.u64(m_open.size());
    for (const auto &[no, deal] : m_open) {
        const PutThroughRecord &record = deal.record;
        out.u64(no);
        out.id(record.id);
        out.u64(record.instrument);
        out.u64(record.proposer);
        out.u64(record.counterparty);
        out.u64(static_cast<std::uint64_t>(record.side));
        out.number(record.price);
        out.number(record.quantity);
        out.number(record.held);
        for (const Time time : {record.createdAt, record.updatedAt, record.expiresAt})
            out.time(time);
        out.u64(record.version);
        out.text(record.description);
        out.number(deal.room);
    }
}

bool PutThroughDeals::load(ByteReader &in, std::size_t accounts, std::size_t instruments)
{
    *this = {};
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        Deal deal;
        PutThroughRecord &record = deal.record;
        record.no = in.u64();
        record.id = in.id();
        record.instrument = static_cast<InstrumentIndex>(in.u64());
        record.proposer = static_cast<AccountNo>(in.u64());
        record.counterparty = static_cast<AccountNo>(in.u64());
        record.side = in.choice<Side>(2);
        record.price = in.number<Price>();
        record.quantity = in.number<Quantity>();
        record.held = in.number<Money>();
        for (Time *time : {&record.createdAt, &record.updatedAt, &record.expiresAt})
            *time = in.time();
        record.version = static_cast<std::uint32_t>(in.u64());
        record.description = in.text();
        deal.room = in.number<Quantity>();
        const auto known = [&](AccountNo no) { return no >= 1 && no <= accounts; };
        if (!in.ok() || record.instrument >= instruments || !known(record.proposer)
            || !known(record.counterparty) || m_byId.contains(record.id))
            return false;
        add(std::move(deal));
    }
    return in.ok();
}

} // namespace khop
