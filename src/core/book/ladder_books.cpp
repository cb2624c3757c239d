// SPDX-License-Identifier: GPL-3.0-or-later
// Orders and continuous matching. Windows are in ladder_windows.cpp, auctions and views in
// ladder_auctions.cpp.
#include "base/invariant.h"
#include "book/ladder_inline.h"

namespace khop {

namespace {

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

LadderBooks::LadderBooks(std::size_t orders, OrderRef references)
{
    m_levels.resize(1);
    m_nodes.reserve(orders + 1);
    m_nodes.resize(1);
    m_entry.reserve(orders + 1);
    m_entry.resize(1);
    m_nodeOf.resize(std::size_t{references} + 1);
    m_references = static_cast<OrderRef>(m_nodeOf.size());
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
    book.setCall(false);
}

// Nodes

KHOP_COLD LadderBooks::NodeNo LadderBooks::takeNewNode(OrderRef ref)
{
    const std::size_t no = m_nodes.size();
    KHOP_INVARIANT(no < std::numeric_limits<NodeNo>::max());
    const std::size_t more = std::min<std::size_t>(std::max(m_nodes.capacity(), no * 2),
                                                   std::numeric_limits<NodeNo>::max());
    m_nodes.resize(more);
    m_entry.resize(more);
    for (std::size_t free = more; --free > no;) {
        m_nodes[free].next = m_freeNode;
        m_freeNode = static_cast<NodeNo>(free);
    }
    m_nodeOf[ref] = static_cast<NodeNo>(no);
    return static_cast<NodeNo>(no);
}

/// A level of an array gets its first order.
KHOP_APART void LadderBooks::begin(BookSide &side, Rank rank)
{
    setBit(side, rank);
    side.best = std::min(side.best, rank);
}

/// A level has lost its last order.
KHOP_APART void LadderBooks::emptied(LevelNo level)
{
    const std::uint32_t place = m_levels[level].place;
    Book &book = m_books[place >> 1];
    BookSide &side = book.sides[place & 1];
    if (level == side.atAuction) [[unlikely]]
        return;
    const Rank rank = rankOf(book, static_cast<Side>(place & 1), level);
    if (book.windowed()) [[unlikely]] {
        emptiedWindow(book, side, rank, level);
        return;
    }
    clearBit(side, rank);
    if (rank == side.best)
        side.best = nextRank(book, side, rank);
}

KHOP_COLD void LadderBooks::growReferences(OrderRef ref)
{
    m_nodeOf.resize(
        std::min<std::size_t>(std::max<std::size_t>(std::size_t{ref} + 1, m_nodeOf.size() * 2),
                              std::numeric_limits<OrderRef>::max()));
    m_references = static_cast<OrderRef>(m_nodeOf.size());
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

/// Lets go of the orders from the head of a level's queue up to `last`, whose references are free
/// already: they are a chain, and become free nodes as one. `head` is the order behind them.
KHOP_HOT_INLINE void LadderBooks::freeHead(Level &level, NodeNo head, NodeNo last)
{
    if (last == 0)
        return;
    m_nodes[last].next = m_freeNode;
    m_freeNode = level.first;
    level.first = head;
    (head != 0 ? m_nodes[head].previous : level.last) = 0;
}

/// An incoming order meets one of its owner at the head of the best level: kills what the policy
/// says of the two, or rather of the older; false when the newer is to go.
KHOP_COLD bool LadderBooks::preventTrade(BookSide &side, const Book &book, BookEvents &events)
{
    const SelfMatch policy = m_policies.selfMatch;
    if (policy != SelfMatch::CancelNewest) {
        const NodeNo own = m_levels[levelAt(book, side, side.best)].first;
        killed(events, m_nodes[own].ref, m_nodes[own].quantity, KillReason::SelfTrade);
        remove(own);
    }
    return policy == SelfMatch::CancelOldest;
}

/// Sweeps the other side, best price and oldest order first, up to the level `limit`, which the best
/// one must reach.
KHOP_HOT_INLINE LadderBooks::Incoming LadderBooks::match(Book &book, const BookOrder &order,
                                                         Rank limit, BookEvents &events)
{
    Node *const nodes = m_nodes.data();
    NodeNo *const nodeOf = m_nodeOf.data();
    BookSide &side = book.side(opposite(order.side));
    const Owner own = m_prevents && order.owner != 0 ? order.owner : nobody;
    std::int64_t left = order.quantity.raw();
    std::int64_t lastFill = 0;
    do {
        const LevelNo levelNo = levelAt(book, side, side.best);
        Level &level = m_levels[levelNo];
        const std::int64_t price = level.price;
        NodeNo no = level.first;
        NodeNo last = 0; // of those that are filled
        while (left != 0 && no != 0) {
            Node &maker = nodes[no];
            if (maker.owner == own) [[unlikely]]
                break;
            if (events.full()) [[unlikely]]
                events.grow();
            const std::int64_t open = maker.quantity;
            const std::int64_t gone = std::min(open, left);
            BookEvent &event = events.next();
            event.kind = BookEvent::Kind::Trade;
            event.aggressor = order.side;
            event.ref = order.ref;
            event.maker = maker.ref;
            event.price = Price(price);
            event.quantity = Quantity(gone);
            lastFill = price;
            level.total -= gone;
            left -= gone;
            if (gone != open) {
                maker.quantity = open - gone;
                break;
            }
            --level.count;
            nodeOf[maker.ref] = 0;
            last = no;
            no = maker.next;
        }
        freeHead(level, no, last);
        if (no == 0) {
            emptied(levelNo);
        } else if (left != 0) [[unlikely]] { // an order of the same owner
            if (!preventTrade(side, book, events))
                return {left, lastFill, true};
        }
    } while (left != 0 && side.best <= limit);
    return {left, lastFill, false};
}

// Orders

KHOP_APART void LadderBooks::addOther(BookId id, const BookOrder &order, BookEvents &events)
{
    Book &book = m_books[id];
    if (order.ref >= m_references)
        growReferences(order.ref);
    const std::int64_t tick = book.ticks.indexOf(order.price);
    if (tick < 0 || !isValidQuantity(book, order.quantity.raw()) || m_nodeOf[order.ref] != 0) {
        killed(events, order.ref, order.quantity.raw(), KillReason::Invalid);
        return;
    }
    if (book.call || order.instruction != Instruction::Limit) [[unlikely]]
        enterOther(book, order, tick, events);
    else
        enterLimit(book, order, tick, events);
}

/// A limit order arrives at a continuous book.
KHOP_APART void LadderBooks::enterLimit(Book &book, const BookOrder &order, std::int64_t tick,
                                        BookEvents &events)
{
    const Rank rank = book.rankOf(order.side, tick);
    const Rank limit = book.lastRank - rank; // the last level of the other side that it meets
    Incoming incoming{order.quantity.raw()};
    if (book.side(opposite(order.side)).best <= limit)
        incoming = match(book, order, limit, events);
    if (incoming.left == 0)
        return;
    if (incoming.prevented) [[unlikely]] {
        settleRest(book, order, tick, incoming, events);
        return;
    }
    rest(book, order, rank, incoming.left, m_nextEntry++);
    rested(events, order.ref, order.price.raw(), incoming.left);
}

void LadderBooks::restUnpriced(Book &book, const BookOrder &order, std::uint64_t entry)
{
    append(book.side(order.side).atAuction, order, order.quantity.raw(), entry);
}

/// An order arrives at a book in call, or one of another kind at a continuous book.
void LadderBooks::enterOther(Book &book, const BookOrder &order, std::int64_t tick,
                             BookEvents &events)
{
    Incoming incoming{order.quantity.raw()};
    const Rank rank = book.rankOf(order.side, tick);
    const Rank limit = book.lastRank - rank;
    if (book.call) {
        if (order.instruction != Instruction::Limit
            && order.instruction != Instruction::AtAuction) {
            killed(events, order.ref, incoming.left, KillReason::NoCounterpart);
            return;
        }
        if (order.instruction == Instruction::AtAuction)
            restUnpriced(book, order, m_nextEntry++);
        else
            rest(book, order, rank, incoming.left, m_nextEntry++);
        rested(events, order.ref, order.price.raw(), incoming.left);
    } else if (order.instruction == Instruction::AtAuction) {
        killed(events, order.ref, incoming.left, KillReason::AuctionOver);
    } else if (order.instruction == Instruction::FillOrKill && !canFill(book, order, limit)) {
        killed(events, order.ref, incoming.left, KillReason::NotFillable);
    } else {
        if (book.side(opposite(order.side)).best <= limit)
            incoming = match(book, order, limit, events);
        if (incoming.left != 0)
            settleRest(book, order, tick, incoming, events);
    }
}

/// What becomes of the rest of an order that is no plain limit order, or that was stopped.
void LadderBooks::settleRest(Book &book, const BookOrder &order, std::int64_t tick,
                             const Incoming &incoming, BookEvents &events)
{
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
    rest(book, order, book.rankOf(order.side, at), incoming.left, m_nextEntry++);
    rested(events, order.ref, book.ticks.priceOf(at).raw(), incoming.left);
}

KHOP_APART std::optional<Quantity> LadderBooks::cancelledLast(LevelNo level, std::int64_t quantity)
{
    emptied(level);
    return Quantity(quantity);
}

bool LadderBooks::reduce(OrderRef ref, Quantity leaves)
{
    const NodeNo no = nodeOf(ref);
    const std::int64_t open = m_nodes[no].quantity;
    if (no == 0 || leaves.raw() <= 0 || leaves.raw() >= open)
        return false;
    take(no, open - leaves.raw());
    return true;
}

bool LadderBooks::replace(OrderRef ref, Price price, Quantity leaves, BookEvents &events)
{
    const NodeNo no = nodeOf(ref);
    if (no == 0) [[unlikely]]
        return false;
    const Node &node = m_nodes[no];
    const std::uint32_t place = m_levels[node.level].place;
    Book &book = m_books[place >> 1];
    const std::int64_t tick = book.ticks.indexOf(price);
    if (book.sides[place & 1].atAuction == node.level || tick == TickLadder::none
        || !isValidQuantity(book, leaves.raw())) [[unlikely]]
        return false;
    const BookOrder order{ref,   node.owner, static_cast<Side>(place & 1), Instruction::Limit,
                          price, leaves};
    remove(no);
    if (book.call) [[unlikely]]
        enterOther(book, order, tick, events);
    else
        enterLimit(book, order, tick, events);
    return true;
}

std::unique_ptr<OrderBooks> makeLadderBooks(std::size_t orders)
{
    return std::make_unique<LadderBooks>(orders, static_cast<OrderRef>(orders));
}

} // namespace khop
