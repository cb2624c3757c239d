// SPDX-License-Identifier: GPL-3.0-or-later
// The put-through deals that wait for an answer. Finished ones are rows, not state.
#pragma once

#include "base/bytes.h"
#include "engine/records.h"

#include <map>
#include <set>
#include <unordered_map>

namespace khop {

/// Deals one account may have proposed at a time.
inline constexpr std::size_t mostProposals = 100;

class PutThroughDeals
{
public:
    struct Deal {
        PutThroughRecord record;
        Quantity room; // foreign room the proposer's buy has taken
    };
    using Deals = std::map<OrderNo, Deal>;

    const Deals &open() const { return m_open; }
    Deal *find(const Uuid &id);
    std::size_t proposals(AccountNo account) const;
    /// The earliest end of a deal, or Time max.
    Time nextExpiry() const;
    /// The deals that have ended by `now`, by number.
    std::vector<Uuid> due(Time now) const;

    Deal &add(Deal deal);
    void remove(const Uuid &id);

    void save(ByteWriter &out) const;
    /// False when a deal names accounts or instruments that are not there.
    bool load(ByteReader &in, std::size_t accounts, std::size_t instruments);

private:
    Deals m_open;
    std::unordered_map<Uuid, OrderNo> m_byId;
    std::set<std::pair<Time, OrderNo>> m_expiries;
    std::map<AccountNo, std::size_t> m_proposals;
};

} // namespace khop
