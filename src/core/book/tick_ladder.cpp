// SPDX-License-Identifier: GPL-3.0-or-later
#include "book/tick_ladder.h"

#include "base/invariant.h"

#include <algorithm>

namespace khop {

TickLadder::TickLadder(Price floor, Price ceiling, const TickTable &ticks)
{
    KHOP_INVARIANT(floor <= ceiling && ticks.isOnTick(floor) && ticks.isOnTick(ceiling));
    std::vector<Piece> pieces;
    for (Price from = floor; from <= ceiling;) {
        const Price tick = ticks.tickAt(from);
        Price end = ceiling; // of the stretch with this tick
        for (const TickTable::Step &step : ticks.steps()) {
            if (step.from > from) {
                end = std::min(end, step.from - tick);
                break;
            }
        }
        const std::int64_t count = (end - from).raw() / tick.raw() + 1;
        pieces.push_back(
            {from.raw(), static_cast<std::uint64_t>(count), m_size, ExactDivisor(tick.raw())});
        m_size += count;
        from += Price(count * tick.raw());
    }
    const auto longest = std::ranges::max_element(pieces, {}, &Piece::count);
    m_main = *longest;
    pieces.erase(longest);
    m_others = std::move(pieces);
}

std::int64_t TickLadder::indexElsewhere(Price price) const
{
    for (const Piece &piece : m_others) {
        if (const std::int64_t index = piece.indexOf(price); index != none)
            return index;
    }
    return none;
}

Price TickLadder::priceOf(std::int64_t index) const
{
    const Piece *piece = &m_main;
    for (const Piece &other : m_others) {
        if (index >= other.first && index - other.first < static_cast<std::int64_t>(other.count))
            piece = &other;
    }
    return Price(piece->from + (index - piece->first) * piece->tick.divisor());
}

} // namespace khop
