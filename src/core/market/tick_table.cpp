// SPDX-License-Identifier: GPL-3.0-or-later
#include "market/tick_table.h"

#include "base/invariant.h"

namespace khop {

namespace {

/// The step that holds at a price. Tables have one to three steps: a scan from the top is the fastest.
const TickTable::Step &stepAt(const std::vector<TickTable::Step> &steps, Price price)
{
    KHOP_INVARIANT(!steps.empty());
    std::size_t i = steps.size() - 1;
    while (i > 0 && steps[i].from > price)
        --i;
    return steps[i];
}

} // namespace

Price TickTable::tickAt(Price price) const { return stepAt(m_steps, price).tick; }

bool TickTable::isOnTick(Price price) const
{
    const Step &step = stepAt(m_steps, price);
    return price >= step.from && (price - step.from).raw() % step.tick.raw() == 0;
}

Price TickTable::floorToTick(Price price) const
{
    const Step &step = stepAt(m_steps, price);
    return price - Price((price - step.from).raw() % step.tick.raw());
}

Price TickTable::ceilToTick(Price price) const
{
    const Price below = floorToTick(price);
    return below == price ? price : up(below);
}

Price TickTable::up(Price price) const { return price + tickAt(price); }

Price TickTable::down(Price price) const
{
    // At the first price of a step the tick of the step below holds.
    return price - tickAt(price - Price(1));
}

} // namespace khop
