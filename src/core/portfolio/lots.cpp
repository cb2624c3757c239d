// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/lots.h"

#include "base/invariant.h"
#include "base/wide.h"

#include <algorithm>

namespace khop {

namespace {

Money shareOf(Money whole, Quantity part, Quantity all)
{
    const auto share = mulDiv(whole.raw(), part.raw(), all.raw(), Rounding::HalfUp);
    KHOP_INVARIANT(share.has_value());
    return Money(*share);
}

Cost shareOf(const Cost &whole, Quantity part, Quantity all)
{
    return {shareOf(whole.value, part, all), shareOf(whole.total, part, all)};
}

void add(Cost &to, const Cost &cost)
{
    to.value += cost.value;
    to.total += cost.total;
}

void subtract(Cost &from, const Cost &cost)
{
    from.value -= cost.value;
    from.total -= cost.total;
}

template <class Unit>
bool fits(Unit a, Unit b)
{
    return checkedAdd(a.raw(), b.raw()).has_value();
}

bool fits(const Cost &a, const Cost &b) { return fits(a.value, b.value) && fits(a.total, b.total); }

} // namespace

bool Lots::add(const Lot &lot)
{
    if (!fits(m_quantity, lot.quantity) || !fits(m_average, lot.cost) || !fits(m_ofLots, lot.cost))
        return false;
    m_quantity += lot.quantity;
    khop::add(m_average, lot.cost);
    khop::add(m_ofLots, lot.cost);
    m_lots.push_back(lot);
    return true;
}

Lots::Taken Lots::take(Quantity quantity)
{
    KHOP_INVARIANT(quantity > Quantity{} && quantity <= m_quantity);
    Taken taken;
    taken.average = shareOf(m_average, quantity, m_quantity);
    subtract(m_average, taken.average);
    m_quantity -= quantity;
    while (!quantity.isZero()) {
        Lot &oldest = m_lots.front();
        const Quantity part = std::min(quantity, oldest.quantity);
        const Cost cost = shareOf(oldest.cost, part, oldest.quantity);
        khop::add(taken.lots, cost);
        subtract(oldest.cost, cost);
        oldest.quantity -= part;
        quantity -= part;
        if (oldest.quantity.isZero())
            m_lots.pop_front();
    }
    subtract(m_ofLots, taken.lots);
    return taken;
}

void Lots::spreadOver(Quantity quantity)
{
    KHOP_INVARIANT(quantity > Quantity{} && m_quantity > Quantity{});
    spreadFirst(m_lots.size(), m_quantity, quantity);
}

bool Lots::give(Quantity quantity, Date on, Date toThoseBefore)
{
    if (!fits(m_quantity, quantity))
        return false;
    std::size_t count = 0;
    Quantity before;
    for (; count < m_lots.size() && m_lots[count].since < toThoseBefore; ++count)
        before += m_lots[count].quantity;
    if (count == 0)
        return add({on, quantity, {}});
    spreadFirst(count, before, before + quantity);
    return true;
}

void Lots::spreadFirst(std::size_t count, Quantity before, Quantity after)
{
    Quantity soFar; // of the lots so far, as they were and as they are
    Quantity given;
    Cost waiting; // of lots that have no unit of their own
    std::deque<Lot> spread;
    for (std::size_t i = 0; i < count; ++i) {
        Lot lot = m_lots[i];
        soFar += lot.quantity;
        const auto upTo = mulDiv(soFar.raw(), after.raw(), before.raw(), Rounding::Down);
        KHOP_INVARIANT(upTo.has_value());
        lot.quantity = Quantity(*upTo) - given;
        given = Quantity(*upTo);
        khop::add(lot.cost, waiting);
        waiting = lot.quantity.isZero() ? lot.cost : Cost{};
        if (!lot.quantity.isZero())
            spread.push_back(lot);
    }
    spread.insert(spread.end(), m_lots.begin() + static_cast<std::ptrdiff_t>(count), m_lots.end());
    m_lots = std::move(spread);
    m_quantity += after - before;
}

bool Lots::absorb(const Lots &other)
{
    if (!fits(m_quantity, other.m_quantity) || !fits(m_average, other.m_average)
        || !fits(m_ofLots, other.m_ofLots))
        return false;
    std::deque<Lot> merged;
    std::ranges::merge(m_lots, other.m_lots, std::back_inserter(merged), {}, &Lot::since,
                       &Lot::since);
    m_lots = std::move(merged);
    m_quantity += other.m_quantity;
    khop::add(m_average, other.m_average);
    khop::add(m_ofLots, other.m_ofLots);
    return true;
}

} // namespace khop
