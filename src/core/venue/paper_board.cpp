// SPDX-License-Identifier: GPL-3.0-or-later
// What the exchange shows of an instrument: depth, indicative price, quote.
#include "venue/paper_exchange.h"

#include <algorithm>

namespace khop {

namespace {

/// Takes a volume out of levels from the best one on.
void consume(std::vector<BookLevel> &levels, Quantity volume)
{
    std::size_t gone = 0;
    for (BookLevel &level : levels) {
        const Quantity taken = std::min(volume, level.quantity);
        level.quantity -= taken;
        volume -= taken;
        if (!level.quantity.isZero())
            break;
        ++gone;
    }
    levels.erase(levels.begin(), levels.begin() + static_cast<std::ptrdiff_t>(gone));
}

struct AuctionOrders {
    Quantity quantity;
    std::uint32_t orders = 0;
    std::uint64_t first = 0; // the earliest one's priority
};

} // namespace

bool PaperExchange::collects(InstrumentIndex i) const
{
    const BoardState &board = stateOf(boardOf(i));
    return isTraded(m_instruments[i]) && (isAuction(board.phase) || isDue(board.ploMatch));
}

/// Lowers the depth of an auction to what a match at the indicative price would leave.
void PaperExchange::showRemaining(InstrumentIndex i, const Indicative &indicative,
                                  BookDepth &depth) const
{
    const BookId book = m_listings[i].even;
    const Instrument &instrument = m_instruments[i];
    const Price base = auctionBase(i, depth.phase);
    const std::vector<RestingOrder> orders = m_books->resting(book);
    for (const Side side : {Side::Buy, Side::Sell}) {
        std::vector<BookLevel> &levels = side == Side::Buy ? depth.bids : depth.asks;
        AuctionOrders unpriced;
        for (const RestingOrder &order : orders) {
            if (order.side != side || order.instruction != Instruction::AtAuction)
                continue;
            unpriced.first = unpriced.orders == 0 ? order.priority : unpriced.first;
            unpriced.quantity += order.quantity;
            ++unpriced.orders;
        }
        if (unpriced.orders == 0) {
            consume(levels, indicative.volume);
            continue;
        }
        // limit orders that are served before: at the band's end, of an earlier time
        Quantity before;
        const Price own = m_books->auctionPrice(book, side, base).value_or(base);
        for (const RestingOrder &order : orders) {
            const bool ahead = side == Side::Buy ? order.price >= own : order.price <= own;
            if (m_rules.policies.atoPricing == AtoPricing::Krx && order.side == side
                && order.instruction != Instruction::AtAuction && ahead
                && order.priority < unpriced.first)
                before += order.quantity;
        }
        const Quantity first = std::min(before, indicative.volume);
        const Quantity taken = std::min(unpriced.quantity, indicative.volume - first);
        consume(levels, indicative.volume - taken);
        unpriced.quantity -= taken;
        if (unpriced.quantity.isZero())
            continue;
        Price shown = indicative.price.value_or(lastOrReference(i));
        if (!levels.empty())
            shown = side == Side::Buy
                        ? std::min(instrument.ticks.up(levels.front().price), instrument.ceiling)
                        : std::max(instrument.ticks.down(levels.front().price), instrument.floor);
        if (!levels.empty() && levels.front().price == shown) {
            levels.front().quantity += unpriced.quantity;
            levels.front().orders += unpriced.orders;
        } else {
            levels.insert(levels.begin(), {shown, unpriced.quantity, unpriced.orders});
        }
    }
}

BookDepth PaperExchange::depth(InstrumentIndex i, std::size_t levels) const
{
    const Listing &listing = m_listings[i];
    BookDepth depth;
    depth.instrument = i;
    depth.phase = phaseOf(i);
    depth.sequence = listing.sequence;
    depth.time = m_now;
    const bool auction = collects(i) && m_books->size(listing.even) > 0;
    // a match takes levels away from the best side: ask for all, show the asked number
    const std::size_t wanted = auction ? m_books->size(listing.even) : levels;
    m_books->depth(listing.even, Side::Buy, wanted, depth.bids);
    m_books->depth(listing.even, Side::Sell, wanted, depth.asks);
    if (auction) {
        const Indicative indicative =
            m_books->indicative(listing.even, auctionBase(i, depth.phase));
        depth.indicativePrice = indicative.price;
        depth.indicativeVolume = indicative.volume;
        depth.indicativeSurplus = indicative.surplus;
        depth.surplusSide = indicative.surplusSide;
        showRemaining(i, indicative, depth);
        depth.bids.resize(std::min(depth.bids.size(), levels));
        depth.asks.resize(std::min(depth.asks.size(), levels));
    }
    return depth;
}

Quote PaperExchange::quote(InstrumentIndex i) const
{
    const Listing &listing = m_listings[i];
    const Instrument &instrument = m_instruments[i];
    BookDepth book = depth(i, 10);
    Quote quote;
    quote.instrument = i;
    quote.reference = instrument.reference;
    quote.ceiling = instrument.ceiling;
    quote.floor = instrument.floor;
    quote.open = listing.open;
    quote.high = listing.high;
    quote.low = listing.low;
    quote.last = listing.last;
    quote.lastQuantity = listing.lastQuantity;
    quote.volume = listing.volume;
    quote.value = listing.value;
    quote.bids = std::move(book.bids);
    quote.asks = std::move(book.asks);
    quote.indicativePrice = book.indicativePrice;
    quote.indicativeVolume = book.indicativeVolume;
    quote.phase = book.phase;
    quote.sequence = listing.sequence;
    if (listing.room)
        quote.foreignRoom = std::max(Quantity{}, *listing.room);
    quote.putThroughVolume = listing.putThroughVolume;
    quote.putThroughValue = listing.putThroughValue;
    quote.halted = instrument.halted;
    quote.active = instrument.active;
    return quote;
}

} // namespace khop
