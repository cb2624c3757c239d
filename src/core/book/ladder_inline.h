// SPDX-License-Identifier: GPL-3.0-or-later
// The hot paths of LadderBooks and what they need inlined: for its own sources, and for a caller that
// wants add() and cancel() inlined into its loop.
#pragma once

#include "base/inlining.h"
#include "book/ladder_books.h"

#include <algorithm>
#include <bit>

namespace khop {

KHOP_HOT_INLINE void LadderBooks::setBit(const BookSide &side, std::int64_t place)
{
    const std::size_t word = static_cast<std::size_t>(place) / 64;
    m_bits[side.words + word] |= std::uint64_t{1} << (place & 63);
    m_bits[side.summary + word / 64] |= std::uint64_t{1} << (word & 63);
}

KHOP_HOT_INLINE void LadderBooks::clearBit(const BookSide &side, std::int64_t place)
{
    const std::size_t word = static_cast<std::size_t>(place) / 64;
    std::uint64_t &bits = m_bits[side.words + word];
    bits &= ~(std::uint64_t{1} << (place & 63));
    if (bits == 0)
        m_bits[side.summary + word / 64] &= ~(std::uint64_t{1} << (word & 63));
}

/// The first occupied place in [from, end), or -1.
inline std::int64_t LadderBooks::nextPlace(const BookSide &side, std::int64_t from,
                                           std::int64_t end) const
{
    if (from >= end)
        return -1;
    std::size_t word = static_cast<std::size_t>(from) / 64;
    std::uint64_t bits = m_bits[side.words + word] & (~std::uint64_t{0} << (from & 63));
    if (bits == 0) {
        const std::size_t summaries = (static_cast<std::size_t>(end) + 4095) / 4096;
        std::size_t summary = (word + 1) / 64;
        if (summary >= summaries)
            return -1;
        std::uint64_t words =
            m_bits[side.summary + summary] & (~std::uint64_t{0} << ((word + 1) & 63));
        while (words == 0) {
            if (++summary == summaries)
                return -1;
            words = m_bits[side.summary + summary];
        }
        word = summary * 64 + static_cast<std::size_t>(std::countr_zero(words));
        bits = m_bits[side.words + word];
    }
    const std::int64_t place =
        static_cast<std::int64_t>(word * 64) + static_cast<std::int64_t>(std::countr_zero(bits));
    return place < end ? place : -1;
}

/// The next occupied level behind `after`; of a window only what is inside it.
KHOP_HOT_INLINE LadderBooks::Rank LadderBooks::nextRank(const Book &book, const BookSide &side,
                                                        Rank after) const
{
    if (!book.windowed()) [[likely]] {
        const std::int64_t place = nextPlace(side, after + 1, book.lastRank + 1);
        return place < 0 ? noRank : place;
    }
    // Round the ring: what stands there may also be a better level, a whole turn too far.
    const std::int64_t from = placeOf(book, after);
    std::int64_t place = nextPlace(side, from + 1, windowSize);
    if (place < 0)
        place = nextPlace(side, 0, from);
    if (place < 0)
        return noRank;
    const Rank next = after + ((place - from) & (windowSize - 1));
    return isInside(side, next) ? next : noRank;
}

KHOP_HOT_INLINE LadderBooks::LevelNo LadderBooks::levelAt(const Book &book, const BookSide &side,
                                                          Rank rank) const
{
    if (!book.windowed()) [[likely]]
        return side.levels + static_cast<LevelNo>(rank);
    return m_ring[side.levels + static_cast<std::size_t>(placeOf(book, rank))];
}

KHOP_HOT_INLINE LadderBooks::Rank LadderBooks::rankOf(const Book &book, Side which,
                                                      LevelNo level) const
{
    if (!book.windowed()) [[likely]]
        return level - book.side(which).levels;
    return book.rankOf(which, book.ticks.indexOf(Price(m_levels[level].price)));
}

/// The level of a rank, about to get an order.
KHOP_HOT_INLINE LadderBooks::LevelNo LadderBooks::occupy(Book &book, Side which, Rank rank)
{
    if (book.windowed()) [[unlikely]]
        return occupyWindow(book, which, rank);
    BookSide &side = book.side(which);
    const LevelNo level = side.levels + static_cast<LevelNo>(rank);
    if (m_levels[level].first == 0) [[unlikely]]
        begin(side, rank);
    return level;
}

/// A node for a reference that is not in use.
KHOP_HOT_INLINE LadderBooks::NodeNo LadderBooks::takeNode(OrderRef ref)
{
    const NodeNo no = m_freeNode;
    if (no == 0) [[unlikely]]
        return takeNewNode(ref);
    m_freeNode = m_nodes[no].next;
    m_nodeOf[ref] = no;
    return no;
}

KHOP_HOT_INLINE void LadderBooks::freeNode(NodeNo no)
{
    Node &node = m_nodes[no];
    m_nodeOf[node.ref] = 0;
    node.next = m_freeNode;
    m_freeNode = no;
}

/// Puts an order at the end of a level's queue; no order there may have entered after it.
KHOP_HOT_INLINE void LadderBooks::append(LevelNo levelNo, const BookOrder &order,
                                         std::int64_t quantity, std::uint64_t entry)
{
    const NodeNo no = takeNode(order.ref);
    Node *const nodes = m_nodes.data();
    Level &level = m_levels[levelNo];
    const NodeNo last = level.last;
    Node &node = nodes[no];
    node.next = 0;
    node.previous = last;
    node.ref = order.ref;
    node.owner = order.owner;
    node.level = levelNo;
    node.quantity = quantity;
    (last != 0 ? nodes[last].next : level.first) = no;
    level.last = no;
    ++level.count;
    level.total += quantity;
    m_entry[no] = entry;
}

/// Puts a limit order into the book.
KHOP_HOT_INLINE void LadderBooks::rest(Book &book, const BookOrder &order, Rank rank,
                                       std::int64_t quantity, std::uint64_t entry)
{
    append(occupy(book, order.side, rank), order, quantity, entry);
}

/// Takes an order out of its level and forgets it; whether it was the last there.
KHOP_HOT_INLINE bool LadderBooks::unlink(NodeNo no)
{
    Node *const nodes = m_nodes.data();
    const Node &node = nodes[no];
    const LevelNo levelNo = node.level;
    Level &level = m_levels[levelNo];
    const NodeNo next = node.next;
    const NodeNo previous = node.previous;
    (previous != 0 ? nodes[previous].next : level.first) = next;
    (next != 0 ? nodes[next].previous : level.last) = previous;
    level.total -= node.quantity;
    freeNode(no);
    return --level.count == 0;
}

KHOP_HOT_INLINE void LadderBooks::remove(NodeNo no)
{
    const LevelNo level = m_nodes[no].level;
    if (unlink(no)) [[unlikely]]
        emptied(level);
}

/// The hot path: a valid limit order that meets nothing, in a continuous book with a band. It calls
/// nothing, so that the compiler need not save registers; all else goes the long way.
inline void LadderBooks::add(BookId id, const BookOrder &order, BookEvents &events)
{
    Book &book = m_books[id];
    const OrderRef ref = order.ref;
    const std::int64_t quantity = order.quantity.raw();
    const std::int64_t tick = book.ticks.mainIndexOf(order.price);
    const std::int64_t mirrored = book.lastRank - tick;
    const bool buys = order.side == Side::Buy;
    const NodeNo no = m_freeNode;
    if (tick < 0 || !book.plain || order.instruction != Instruction::Limit
        || !isValidQuantity(book, quantity) || ref >= m_references || m_nodeOf[ref] != 0 || no == 0
        || events.full()) [[unlikely]] {
        addOther(id, order, events);
        return;
    }
    if (book.side(opposite(order.side)).best <= (buys ? tick : mirrored)) {
        enterLimit(book, order, tick, events);
        return;
    }
    BookSide &side = book.side(order.side);
    const Rank rank = buys ? mirrored : tick;
    const LevelNo levelNo = side.levels + static_cast<LevelNo>(rank);
    Level &level = m_levels[levelNo];
    Node *const nodes = m_nodes.data();
    Node &node = nodes[no];
    m_freeNode = node.next;
    m_nodeOf[ref] = no;
    const NodeNo last = level.last;
    node.next = 0;
    node.previous = last;
    node.ref = ref;
    node.owner = order.owner;
    node.level = levelNo;
    node.quantity = quantity;
    level.last = no;
    ++level.count;
    level.total += quantity;
    m_entry[no] = m_nextEntry++;
    BookEvent &event = events.next();
    event.kind = BookEvent::Kind::Rested;
    event.ref = ref;
    event.maker = 0;
    event.price = order.price;
    event.quantity = order.quantity;
    if (last != 0) [[likely]] {
        nodes[last].next = no;
        return;
    }
    level.first = no;
    setBit(side, rank);
    side.best = std::min(side.best, rank);
}

inline std::optional<Quantity> LadderBooks::cancel(OrderRef ref)
{
    const NodeNo no = nodeOf(ref);
    if (no == 0) [[unlikely]]
        return std::nullopt;
    const std::int64_t open = m_nodes[no].quantity;
    const LevelNo level = m_nodes[no].level;
    if (unlink(no)) [[unlikely]]
        return cancelledLast(level, open);
    return Quantity(open);
}

template <class Visit>
void LadderBooks::forEachLevel(const Book &book, Side which, Visit visit) const
{
    const BookSide &side = book.side(which);
    for (Rank rank = side.best; rank != noRank; rank = nextRank(book, side, rank)) {
        if (!visit(m_levels[levelAt(book, side, rank)], rank))
            return;
    }
    if (!book.windowed())
        return;
    for (const auto &[rank, level] : farOf(side)) {
        if (!visit(m_levels[level], rank))
            return;
    }
}

} // namespace khop
