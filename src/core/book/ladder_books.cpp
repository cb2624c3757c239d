// SPDX-License-Identifier: GPL-3.0-or-later
// Orders and continuous matching. Windows are in ladder_windows.cpp, auctions and views in
// ladder_auctions.cpp.
#include "base/invariant.h"
#include "book/ladder_levels.h"

namespace khop {

namespace {

void trade(BookEvents &events, const BookOrder &taker, OrderRef maker, std::int64_t price,
           std::int64_t quantity)
{
    events.push_back({BookEvent::Kind::Trade, KillReason::Remainder, taker.side, taker.ref, maker,
                      Price(price), Quantity(quantity)});
}

void rested(BookEvents &events, OrderRef ref, std::int64_t price, std::int64_t quantity)
{
    events.push_back({BookEvent::Kind::Rested, KillReason::Remainder, Side::Buy, ref, 0,
                      Price(price), Quantity(quantity)});
}

void killed(BookEvents &events, OrderRef ref, std::int64_t quantity, KillReason reason)
{
    events.push_back(
        {BookEvent::Kind::Killed, reason, Side::Buy, ref, 0, Price(), Quantity(quantity)});
}

} // namespace

LadderBooks::LadderBooks(std::size_t orders)
{
    m_levels.resize(1);
    m_nodes.reserve(orders + 1);
    m_nodes.resize(1);
    m_entry.reserve(orders + 1);
    m_entry.resize(1);
    m_nodeOf.resize(orders + 1);
}

void LadderBooks::setPolicies(const BookPolicies &policies)
{
    m_policies = policies;
    m_prevents =
        policies.selfMatch != SelfMatch::Allow && policies.selfMatch != SelfMatch::OmsBlock;
}

void LadderBooks::startContinuous(BookId id)
{
    Book &book = m_books[id];
    const Rank bid = book.side(Side::Buy).best;
    const Rank ask = book.side(Side::Sell).best;
    KHOP_INVARIANT(bid == noRank || ask == noRank || ask > book.lastRank - bid);
    for (const BookSide &side : book.sides)
        KHOP_INVARIANT(m_levels[side.atAuction].count == 0);
    book.call = false;
}

// Nodes

LadderBooks::NodeNo LadderBooks::takeNode(OrderRef ref)
{
    NodeNo no = m_freeNode;
    if (no != 0) [[likely]] {
        m_freeNode = m_nodes[no].next;
    } else {
        no = static_cast<NodeNo>(m_nodes.size());
        KHOP_INVARIANT(no != 0);
        m_nodes.emplace_back();
        m_entry.emplace_back();
    }
    if (ref >= m_nodeOf.size()) [[unlikely]]
        m_nodeOf.resize(std::max<std::size_t>(std::size_t{ref} + 1, m_nodeOf.size() * 2));
    m_nodeOf[ref] = no;
    return no;
}

void LadderBooks::freeNode(NodeNo no)
{
    Node &node = m_nodes[no];
    m_nodeOf[node.ref] = 0;
    node.next = m_freeNode;
    m_freeNode = no;
}

bool LadderBooks::isValidQuantity(const Book &book, std::int64_t quantity) const
{
    return quantity > 0 && book.lot.divides(quantity)
           && (book.maxQuantity == 0 || quantity <= book.maxQuantity);
}

void LadderBooks::append(LevelNo levelNo, NodeNo no)
{
    Level &level = m_levels[levelNo];
    Node &node = m_nodes[no];
    node.next = 0;
    node.previous = level.last;
    node.level = levelNo;
    (level.last != 0 ? m_nodes[level.last].next : level.first) = no;
    level.last = no;
    level.total += node.quantity;
    ++level.count;
}

/// Puts an order at the end of its level's queue; its priority must not be before that of one there.
void LadderBooks::rest(BookId id, const BookOrder &order, Rank rank, std::int64_t quantity,
                       std::uint64_t priority)
{
    Book &book = m_books[id];
    const NodeNo no = takeNode(order.ref);
    Node &node = m_nodes[no];
    node.ref = order.ref;
    node.owner = order.owner;
    node.instruction =
        order.instruction == Instruction::AtAuction ? Instruction::AtAuction : Instruction::Limit;
    node.quantity = quantity;
    m_entry[no] = priority;
    append(order.instruction == Instruction::AtAuction ? book.side(order.side).atAuction
                                                       : occupy(book, id, order.side, rank),
           no);
    ++book.orders;
    m_nextEntry = std::max(m_nextEntry, priority + 1);
}

/// Takes an order out of its level and forgets it.
void LadderBooks::remove(NodeNo no)
{
    const Node &node = m_nodes[no];
    const LevelNo levelNo = node.level;
    Level &level = m_levels[levelNo];
    (node.previous != 0 ? m_nodes[node.previous].next : level.first) = node.next;
    (node.next != 0 ? m_nodes[node.next].previous : level.last) = node.previous;
    level.total -= node.quantity;
    --level.count;
    Book &book = m_books[level.place >> 1];
    --book.orders;
    if (level.first == 0) {
        const Side which = static_cast<Side>(level.place & 1);
        BookSide &side = book.side(which);
        if (levelNo != side.atAuction)
            emptied(book, side, rankOf(book, which, levelNo), levelNo);
    }
    freeNode(no);
}

/// Takes part of an order, or all of it.
void LadderBooks::take(NodeNo no, std::int64_t quantity)
{
    Node &node = m_nodes[no];
    if (quantity == node.quantity) {
        remove(no);
        return;
    }
    node.quantity -= quantity;
    m_levels[node.level].total -= quantity;
}

// Orders

void LadderBooks::add(BookId id, const BookOrder &order, BookEvents &events)
{
    const Book &book = m_books[id];
    const std::int64_t tick = book.ticks.indexOf(order.price);
    if (tick == TickLadder::none || !isValidQuantity(book, order.quantity.raw())
        || isResting(order.ref)) [[unlikely]] {
        killed(events, order.ref, order.quantity.raw(), KillReason::Invalid);
        return;
    }
    enter(id, order, tick, events);
}

void LadderBooks::enter(BookId id, const BookOrder &order, std::int64_t tick, BookEvents &events)
{
    Book &book = m_books[id];
    Incoming incoming{order.quantity.raw()};
    if (book.call) [[unlikely]] {
        if (order.instruction != Instruction::Limit
            && order.instruction != Instruction::AtAuction) {
            killed(events, order.ref, incoming.left, KillReason::NoCounterpart);
            return;
        }
        rest(id, order, book.rankOf(order.side, tick), incoming.left, m_nextEntry);
        rested(events, order.ref, order.price.raw(), incoming.left);
        return;
    }
    const Rank rank = book.rankOf(order.side, tick);
    const Rank limit = book.lastRank - rank; // the last level of the other side that it meets
    if (order.instruction != Instruction::Limit) [[unlikely]] {
        if (order.instruction == Instruction::AtAuction) {
            killed(events, order.ref, incoming.left, KillReason::AuctionOver);
            return;
        }
        if (order.instruction == Instruction::FillOrKill && !canFill(book, order, limit)) {
            killed(events, order.ref, incoming.left, KillReason::NotFillable);
            return;
        }
    }
    if (book.side(opposite(order.side)).best <= limit) {
        match(book, order, limit, incoming, events);
        if (incoming.left == 0)
            return;
    }
    if (order.instruction != Instruction::Limit || incoming.prevented) [[unlikely]] {
        settleRest(id, order, tick, incoming, events);
        return;
    }
    rest(id, order, rank, incoming.left, m_nextEntry);
    rested(events, order.ref, order.price.raw(), incoming.left);
}

/// What becomes of the rest of an order that is no plain limit order, or that was stopped.
void LadderBooks::settleRest(BookId id, const BookOrder &order, std::int64_t tick,
                             const Incoming &incoming, BookEvents &events)
{
    Book &book = m_books[id];
    const bool rests = order.instruction == Instruction::MarketToLimit && incoming.lastFill != 0;
    if (incoming.prevented || !rests) {
        killed(events, order.ref, incoming.left,
               incoming.prevented       ? KillReason::SelfTrade
               : incoming.lastFill != 0 ? KillReason::Remainder
                                        : KillReason::NoCounterpart);
        return;
    }
    std::int64_t at = book.ticks.indexOf(Price(incoming.lastFill));
    if (m_policies.mtlRemainder == MtlRemainder::LastPlusOneTick)
        at = order.side == Side::Buy ? std::min(at + 1, tick) : std::max(at - 1, tick);
    rest(id, order, book.rankOf(order.side, at), incoming.left, m_nextEntry);
    rested(events, order.ref, book.ticks.priceOf(at).raw(), incoming.left);
}

std::optional<Quantity> LadderBooks::cancel(OrderRef ref)
{
    if (!isResting(ref)) [[unlikely]]
        return std::nullopt;
    const NodeNo no = m_nodeOf[ref];
    const Quantity open(m_nodes[no].quantity);
    remove(no);
    return open;
}

bool LadderBooks::reduce(OrderRef ref, Quantity leaves)
{
    if (!isResting(ref))
        return false;
    const NodeNo no = m_nodeOf[ref];
    const std::int64_t open = m_nodes[no].quantity;
    if (leaves.raw() <= 0 || leaves.raw() >= open)
        return false;
    take(no, open - leaves.raw());
    return true;
}

bool LadderBooks::replace(OrderRef ref, Price price, Quantity leaves, BookEvents &events)
{
    if (!isResting(ref)) [[unlikely]]
        return false;
    const NodeNo no = m_nodeOf[ref];
    const Node &node = m_nodes[no];
    const std::uint32_t place = m_levels[node.level].place;
    const BookId id = place >> 1;
    const Book &book = m_books[id];
    const std::int64_t tick = book.ticks.indexOf(price);
    if (node.instruction == Instruction::AtAuction || tick == TickLadder::none
        || !isValidQuantity(book, leaves.raw())) [[unlikely]]
        return false;
    const BookOrder order{ref,   node.owner, static_cast<Side>(place & 1), Instruction::Limit,
                          price, leaves};
    remove(no);
    enter(id, order, tick, events);
    return true;
}

// Continuous matching

/// Whether the whole order would trade now. Own orders are passed over when the oldest is to go, and
/// end the search when the newest is: the order would be stopped there.
bool LadderBooks::canFill(const Book &book, const BookOrder &order, Rank limit) const
{
    const Side other = opposite(order.side);
    const std::int64_t wanted = order.quantity.raw();
    std::int64_t available = 0;
    bool stopped = false;
    forEachLevel(book, other, [&](const Level &level, Rank rank) {
        if (rank > limit)
            return false;
        if (!m_prevents) {
            available += level.total;
            return available < wanted;
        }
        for (NodeNo no = level.first; no != 0 && available < wanted && !stopped;
             no = m_nodes[no].next) {
            if (!prevents(order.owner, m_nodes[no].owner))
                available += m_nodes[no].quantity;
            else
                stopped = m_policies.selfMatch != SelfMatch::CancelOldest;
        }
        return available < wanted && !stopped;
    });
    return available >= wanted;
}

void LadderBooks::match(Book &book, const BookOrder &order, Rank limit, Incoming &incoming,
                        BookEvents &events)
{
    if (m_prevents)
        matchLevels<true>(book, order, limit, incoming, events);
    else
        matchLevels<false>(book, order, limit, incoming, events);
}

/// Sweeps the other side, best price and oldest order first, up to the level `limit`.
template <bool MayPrevent>
void LadderBooks::matchLevels(Book &book, const BookOrder &order, Rank limit, Incoming &incoming,
                              BookEvents &events)
{
    BookSide &side = book.side(opposite(order.side));
    while (side.best <= limit && incoming.left != 0 && !incoming.prevented) {
        const LevelNo levelNo = levelAt(book, side, side.best);
        Level &level = m_levels[levelNo];
        NodeNo no = level.first;
        do {
            Node &maker = m_nodes[no];
            std::int64_t gone = maker.quantity;
            if (MayPrevent && prevents(order.owner, maker.owner)) [[unlikely]] {
                incoming.prevented = m_policies.selfMatch != SelfMatch::CancelOldest;
                if (m_policies.selfMatch == SelfMatch::CancelNewest)
                    break;
                killed(events, maker.ref, gone, KillReason::SelfTrade);
            } else {
                gone = std::min(gone, incoming.left);
                trade(events, order, maker.ref, level.price, gone);
                incoming.left -= gone;
                incoming.lastFill = level.price;
            }
            level.total -= gone;
            if (gone < maker.quantity) {
                maker.quantity -= gone;
                break;
            }
            const NodeNo next = maker.next;
            --level.count;
            --book.orders;
            freeNode(no);
            no = next;
        } while (no != 0 && incoming.left != 0 && !incoming.prevented);
        level.first = no;
        if (no != 0) {
            m_nodes[no].previous = 0;
        } else {
            level.last = 0;
            emptied(book, side, side.best, levelNo);
        }
    }
}

std::unique_ptr<OrderBooks> makeLadderBooks(std::size_t orders)
{
    return std::make_unique<LadderBooks>(orders);
}

} // namespace khop
