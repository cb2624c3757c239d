// SPDX-License-Identifier: GPL-3.0-or-later
// The price step as a function of the price itself (HOSE: 10 below 10,000, 50 to 49,950, 100 above).
#pragma once

#include "base/integers.h"

#include <vector>

namespace khop {

/// Steps ascending by `from`; the first starts at 0. A step holds for prices >= from, up to the next.
class TickTable
{
public:
    struct Step {
        Price from;
        Price tick;
        bool operator==(const Step &) const = default;
    };

    TickTable() = default;
    /// Expects validated steps: first from 0, ascending, ticks > 0, each `from` on the grid of the
    /// step below it.
    explicit TickTable(std::vector<Step> steps) : m_steps(std::move(steps)) {}

    const std::vector<Step> &steps() const { return m_steps; }
    Price tickAt(Price price) const; // the tick that holds at this price
    bool isOnTick(Price price) const;
    Price floorToTick(Price price) const; // greatest valid price <= price
    Price ceilToTick(Price price) const;  // least valid price >= price
    Price up(Price price) const;          // next valid price above a valid price
    Price down(Price price) const;        // next valid price below; 49,950 below 50,000

    bool operator==(const TickTable &) const = default;

private:
    std::vector<Step> m_steps;
};

} // namespace khop
