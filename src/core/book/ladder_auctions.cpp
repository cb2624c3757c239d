// SPDX-License-Identifier: GPL-3.0-or-later
// Auctions and views of LadderBooks.
#include "base/invariant.h"
#include "book/ladder_inline.h"

namespace khop {

namespace {

/// Whether an order of this side and price comes before one at `other`.
bool isBetter(Side side, Price price, Price other)
{
    return side == Side::Buy ? price > other : price < other;
}

} // namespace

// Auctions

/// What collected in the book; valid until the next call.
const AuctionBook &LadderBooks::collect(const Book &book) const
{
    for (const Side which : {Side::Buy, Side::Sell}) {
        AuctionSide &side = which == Side::Buy ? m_collected.buys : m_collected.sells;
        side.levels.clear();
        forEachLevel(book, which, [&](const Level &level, Rank) {
            side.levels.push_back({Price(level.price), Quantity(level.total)});
            return true;
        });
        side.atAuction = Quantity(m_levels[book.side(which).atAuction].total);
    }
    return m_collected;
}

Indicative LadderBooks::indicative(BookId id, Price base) const
{
    const Book &book = m_books[id];
    return determineAuction(collect(book), book.spec, base, m_policies.atoPricing);
}

std::optional<Price> LadderBooks::auctionPrice(BookId id, Side side, Price base) const
{
    const Book &book = m_books[id];
    const EffectivePrices prices =
        effectivePrices(collect(book), book.spec, base, m_policies.atoPricing);
    return side == Side::Buy ? prices.buy : prices.sell;
}

/// The orders of a side that take part at the price, in the order in which they are served. Those
/// without a price stand at `atAuction`, among limit orders of that price by their entry.
void LadderBooks::serve(const Book &book, Side which, Price price, std::optional<Price> atAuction,
                        std::vector<NodeNo> &turns) const
{
    turns.clear();
    NodeNo unpriced = m_levels[book.side(which).atAuction].first;
    if (!atAuction || isBetter(which, price, *atAuction))
        unpriced = 0;
    const bool first = m_policies.atoPricing == AtoPricing::LegacyFirst;
    const auto serveUnpriced = [&](std::uint64_t before) {
        for (; unpriced != 0 && m_entry[unpriced] < before; unpriced = m_nodes[unpriced].next)
            turns.push_back(unpriced);
    };
    constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
    if (first)
        serveUnpriced(all);
    forEachLevel(book, which, [&](const Level &level, Rank) {
        const Price at(level.price);
        if (isBetter(which, price, at))
            return false;
        if (unpriced != 0 && isBetter(which, *atAuction, at))
            serveUnpriced(all);
        for (NodeNo no = level.first; no != 0; no = m_nodes[no].next) {
            if (unpriced != 0 && *atAuction == at)
                serveUnpriced(m_entry[no]);
            turns.push_back(no);
        }
        return true;
    });
    serveUnpriced(all);
}

/// Serves both sides in turn until one of them has nothing left.
void LadderBooks::allocate(const std::vector<NodeNo> &buys, const std::vector<NodeNo> &sells)
{
    m_fills.clear();
    auto buy = buys.begin();
    auto sell = sells.begin();
    std::int64_t bought = 0; // so far, of the buy in turn
    std::int64_t sold = 0;
    while (buy != buys.end() && sell != sells.end()) {
        const std::int64_t buyOpen = m_nodes[*buy].quantity - bought;
        const std::int64_t sellOpen = m_nodes[*sell].quantity - sold;
        const std::int64_t quantity = std::min(buyOpen, sellOpen);
        const bool buyIsLater = m_entry[*buy] > m_entry[*sell];
        m_fills.push_back({buyIsLater ? *sell : *buy, buyIsLater ? *buy : *sell, quantity});
        bought = quantity == buyOpen ? 0 : bought + quantity;
        sold = quantity == sellOpen ? 0 : sold + quantity;
        if (quantity == buyOpen)
            ++buy;
        if (quantity == sellOpen)
            ++sell;
    }
}

/// Kills of the first pair of one owner what self-trade prevention says; false when there is none.
bool LadderBooks::preventInAuction(BookEvents &events)
{
    const auto pair = std::ranges::find_if(m_fills, [this](const Fill &fill) {
        return prevents(m_nodes[fill.newer].owner, m_nodes[fill.older].owner);
    });
    if (pair == m_fills.end())
        return false;
    const auto kill = [&](NodeNo no) {
        const Node &node = m_nodes[no];
        events.push_back({BookEvent::Kind::Killed, KillReason::SelfTrade, Side::Buy, node.ref, 0,
                          Price(), Quantity(node.quantity)});
        remove(no);
    };
    if (m_policies.selfMatch != SelfMatch::CancelNewest)
        kill(pair->older);
    if (m_policies.selfMatch != SelfMatch::CancelOldest)
        kill(pair->newer);
    return true;
}

/// Kills the orders without a price, by entry.
void LadderBooks::killAtAuction(const Book &book, BookEvents &events)
{
    const Level &buys = m_levels[book.side(Side::Buy).atAuction];
    const Level &sells = m_levels[book.side(Side::Sell).atAuction];
    while (buys.first != 0 || sells.first != 0) {
        const bool buyNext =
            sells.first == 0 || (buys.first != 0 && m_entry[buys.first] < m_entry[sells.first]);
        const NodeNo no = buyNext ? buys.first : sells.first;
        events.push_back({BookEvent::Kind::Killed, KillReason::AuctionOver, Side::Buy,
                          m_nodes[no].ref, 0, Price(), Quantity(m_nodes[no].quantity)});
        remove(no);
    }
}

/// Self-trade prevention comes before the price: as long as two orders of one owner would meet, it
/// takes its toll and the price is determined anew, so that the rule holds for what trades.
Indicative LadderBooks::uncross(BookId id, Price base, BookEvents &events)
{
    const Book &book = m_books[id];
    Indicative result;
    do {
        const AuctionBook &collected = collect(book);
        result = determineAuction(collected, book.spec, base, m_policies.atoPricing);
        m_fills.clear();
        if (result.price) {
            const EffectivePrices effective =
                effectivePrices(collected, book.spec, base, m_policies.atoPricing);
            serve(book, Side::Buy, *result.price, effective.buy, m_served[0]);
            serve(book, Side::Sell, *result.price, effective.sell, m_served[1]);
            allocate(m_served[0], m_served[1]);
        }
    } while (preventInAuction(events));

    for (const Fill &fill : m_fills) {
        events.push_back({BookEvent::Kind::Trade, KillReason::Remainder, sideOf(fill.newer),
                          m_nodes[fill.newer].ref, m_nodes[fill.older].ref, *result.price,
                          Quantity(fill.quantity)});
        // Each order's fills follow one another, so nothing refers to an order that is filled.
        take(fill.older, fill.quantity);
        take(fill.newer, fill.quantity);
    }
    killAtAuction(book, events);
    return result;
}

// Views

RestingOrder LadderBooks::shown(NodeNo no) const
{
    const Node &node = m_nodes[no];
    return {node.ref,
            node.owner,
            sideOf(no),
            isUnpriced(no) ? Instruction::AtAuction : Instruction::Limit,
            Price(m_levels[node.level].price),
            Quantity(node.quantity),
            m_entry[no]};
}

std::optional<Price> LadderBooks::best(BookId id, Side which) const
{
    const Book &book = m_books[id];
    const BookSide &side = book.side(which);
    if (side.best == noRank)
        return std::nullopt;
    return Price(m_levels[levelAt(book, side, side.best)].price);
}

OrderRef LadderBooks::bestOrder(BookId id, Side which) const
{
    const Book &book = m_books[id];
    const BookSide &side = book.side(which);
    return side.best == noRank
               ? 0
               : m_nodes[m_levels[levelAt(book, side, side.best)].first].ref; // of node 0: 0
}

void LadderBooks::approachLevel(BookId id, Side which, Price price) const
{
    const Book &book = m_books[id];
    const std::int64_t tick = book.ticks.mainIndexOf(price);
    if (tick >= 0 && !book.windowed())
        prefetch(&m_levels[levelAt(book, book.side(which), book.rankOf(which, tick))]);
}

void LadderBooks::approachBest(BookId id, Side which) const
{
    const Book &book = m_books[id];
    const BookSide &side = book.side(which);
    if (side.best != noRank)
        prefetch(&m_nodes[m_levels[levelAt(book, side, side.best)].first]);
}

void LadderBooks::depth(BookId id, Side which, std::size_t levels,
                        std::vector<BookLevel> &out) const
{
    out.clear();
    if (levels == 0)
        return;
    forEachLevel(m_books[id], which, [&](const Level &level, Rank) {
        out.push_back({Price(level.price), Quantity(level.total), level.count});
        return out.size() < levels;
    });
}

std::optional<RestingOrder> LadderBooks::find(OrderRef ref) const
{
    const NodeNo no = nodeOf(ref);
    if (no == 0)
        return std::nullopt;
    return shown(no);
}

std::optional<Quantity> LadderBooks::ahead(OrderRef ref) const
{
    const NodeNo resting = nodeOf(ref);
    if (resting == 0)
        return std::nullopt;
    std::int64_t before = 0;
    for (NodeNo no = m_nodes[resting].previous; no != 0; no = m_nodes[no].previous)
        before += m_nodes[no].quantity;
    return Quantity(before);
}

std::size_t LadderBooks::size(BookId id) const
{
    std::size_t orders = 0;
    for (const Side which : {Side::Buy, Side::Sell}) {
        orders += m_levels[m_books[id].side(which).atAuction].count;
        forEachLevel(m_books[id], which, [&](const Level &level, Rank) {
            orders += level.count;
            return true;
        });
    }
    return orders;
}

std::vector<RestingOrder> LadderBooks::resting(BookId id) const
{
    const Book &book = m_books[id];
    std::vector<RestingOrder> result;
    result.reserve(size(id));
    const auto addLevel = [&](const Level &level) {
        for (NodeNo no = level.first; no != 0; no = m_nodes[no].next)
            result.push_back(shown(no));
    };
    for (const Side which : {Side::Buy, Side::Sell}) {
        addLevel(m_levels[book.side(which).atAuction]);
        forEachLevel(book, which, [&](const Level &level, Rank) {
            addLevel(level);
            return true;
        });
    }
    std::ranges::sort(result, {}, &RestingOrder::priority);
    return result;
}

void LadderBooks::restore(BookId id, const std::vector<RestingOrder> &orders)
{
    Book &book = m_books[id];
    KHOP_INVARIANT(size(id) == 0);
    KHOP_INVARIANT(std::ranges::is_sorted(orders, {}, &RestingOrder::priority));
    for (const RestingOrder &order : orders) {
        const std::int64_t tick = book.ticks.indexOf(order.price);
        KHOP_INVARIANT(tick != TickLadder::none && nodeOf(order.ref) == 0);
        const BookOrder entered{order.ref,         order.owner, order.side,
                                order.instruction, order.price, order.quantity};
        if (order.instruction == Instruction::AtAuction)
            restUnpriced(book, entered, order.priority);
        else
            rest(book, entered, book.rankOf(order.side, tick), order.quantity.raw(),
                 order.priority);
        m_nextEntry = std::max(m_nextEntry, order.priority + 1);
    }
}

} // namespace khop
