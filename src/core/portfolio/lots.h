// SPDX-License-Identifier: GPL-3.0-or-later
// What is owned of one security and what it cost, in both ways at once: by average cost, with the rules
// of Ledger::bought() and sold(), and by lots that leave first in, first out.
#pragma once

#include "base/integers.h"
#include "base/time.h"

#include <deque>

namespace khop {

/// What securities cost: at the prices paid, and with the fees of buying on top.
struct Cost {
    Money value;
    Money total;
    bool operator==(const Cost &) const = default;
};

/// Securities that came in together and are still owned.
struct Lot {
    Date since;
    Quantity quantity;
    Cost cost;
    bool operator==(const Lot &) const = default;
};

/// The sum of the costs of all lots and the average cost of the whole are the same until something is
/// sold, and again when nothing is left. No lot is empty.
class Lots
{
public:
    Quantity quantity() const { return m_quantity; }
    /// Of all that is owned, by average cost.
    const Cost &averageCost() const { return m_average; }
    /// Of all that is owned, by lots.
    const Cost &lotCost() const { return m_ofLots; }
    const std::deque<Lot> &lots() const { return m_lots; }

    /// A new lot. False, and nothing changed, when a sum does not fit. Expects a quantity above 0, costs
    /// not negative and a day not before the last lot's.
    bool add(const Lot &lot);

    struct Taken {
        Cost average;
        Cost lots;
    };
    /// Takes the oldest out. By average it costs its share of the whole, rounded half up; the part of a
    /// lot its share of that lot. Expects 0 < quantity <= quantity().
    Taken take(Quantity quantity);

    /// The same costs over another quantity, as splits have it: every lot keeps its share of the whole to
    /// one unit, and lots too small to have any are joined to the next. Expects quantities above 0.
    void spreadOver(Quantity quantity);

    /// Shares that come for nothing on a day to those from before another: their costs are spread over
    /// more; where none of them is left the new ones are a lot of their own. False, and nothing changed,
    /// when the quantity does not fit. Expects a quantity above 0.
    bool give(Quantity quantity, Date on, Date toThoseBefore);

    /// Takes the lots of another security over, each at its day. False, and nothing changed, when a
    /// sum does not fit.
    bool absorb(const Lots &other);

private:
    /// Spreads the costs of the first lots, which have `before` together, over `after`.
    void spreadFirst(std::size_t count, Quantity before, Quantity after);

    Quantity m_quantity;
    Cost m_average;
    Cost m_ofLots;
    std::deque<Lot> m_lots; // oldest first
};

} // namespace khop
