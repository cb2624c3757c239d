// SPDX-License-Identifier: GPL-3.0-or-later
// The triggers that wait on each instrument, sorted by price. A last price that is near none of them costs
// four comparisons; one that meets k of them O(k log n). Trailing orders stand under their best price too,
// so that only those which a price leaves behind are looked at.
#pragma once

#include "orders/condition.h"

#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace khop {

class TriggerBook
{
public:
    using Slot = std::uint32_t;
    using Orders = std::vector<std::pair<OrderNo, Slot>>; // ascending by number

    void open(std::size_t instruments) { m_listings.resize(instruments); }
    void add(InstrumentIndex instrument, const Condition &condition, Side side, OrderNo no,
             Slot slot);
    /// With the condition as it was added.
    void remove(InstrumentIndex instrument, const Condition &condition, Side side, OrderNo no,
                Slot slot);

    bool empty(InstrumentIndex instrument) const { return m_listings[instrument].count == 0; }
    /// Whether this last price meets a trigger or moves a trailing one.
    bool concerns(InstrumentIndex instrument, Price last) const;
    Orders met(InstrumentIndex instrument, Price last) const;
    /// Trailing orders for which it is better than their best price.
    Orders bettered(InstrumentIndex instrument, Price last) const;
    std::size_t size() const;

private:
    using Key = std::tuple<Price, OrderNo, Slot>;
    using Keys = std::set<Key>;
    struct Listing {
        Keys rising, falling;             // met at or above, at or below
        Keys trailingSells, trailingBuys; // by best price
        std::size_t count = 0;
    };
    template <class Change>
    void change(InstrumentIndex instrument, const Condition &condition, Side side, Change change);

    std::vector<Listing> m_listings;
};

} // namespace khop
