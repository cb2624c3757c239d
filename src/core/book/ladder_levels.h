// SPDX-License-Identifier: GPL-3.0-or-later
// The levels of LadderBooks: what its hot paths need inlined. Included by its sources only.
#pragma once

#include "book/ladder_books.h"

#include <algorithm>
#include <bit>

namespace khop {

inline void LadderBooks::setBit(const BookSide &side, std::int64_t place)
{
    const std::size_t word = static_cast<std::size_t>(place) / 64;
    m_bits[side.words + word] |= std::uint64_t{1} << (place & 63);
    m_bits[side.summary + word / 64] |= std::uint64_t{1} << (word & 63);
}

inline void LadderBooks::clearBit(const BookSide &side, std::int64_t place)
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
inline LadderBooks::Rank LadderBooks::nextRank(const Book &book, const BookSide &side,
                                               Rank after) const
{
    if (!book.windowed()) [[likely]] {
        const std::int64_t place = nextPlace(side, after + 1, book.lastRank + 1);
        return place < 0 ? noRank : place;
    }
    // Nothing inside is better than `after`, so a place before it in the ring is behind it.
    const std::int64_t from = placeOf(book, after);
    std::int64_t place = nextPlace(side, from + 1, windowSize);
    if (place < 0)
        place = nextPlace(side, 0, from);
    return place < 0 ? noRank : after + ((place - from) & (windowSize - 1));
}

inline LadderBooks::LevelNo LadderBooks::levelAt(const Book &book, const BookSide &side,
                                                 Rank rank) const
{
    if (!book.windowed()) [[likely]]
        return side.levels + static_cast<LevelNo>(rank);
    return m_ring[side.levels + static_cast<std::size_t>(placeOf(book, rank))];
}

inline LadderBooks::Rank LadderBooks::rankOf(const Book &book, Side which, LevelNo level) const
{
    if (!book.windowed()) [[likely]]
        return level - book.side(which).levels;
    return book.rankOf(which, book.ticks.indexOf(Price(m_levels[level].price)));
}

/// The level of a rank, about to get an order.
inline LadderBooks::LevelNo LadderBooks::occupy(Book &book, BookId id, Side which, Rank rank)
{
    if (book.windowed()) [[unlikely]]
        return occupyWindow(book, id, which, rank);
    BookSide &side = book.side(which);
    const LevelNo level = side.levels + static_cast<LevelNo>(rank);
    if (m_levels[level].first == 0) {
        setBit(side, rank);
        side.best = std::min(side.best, rank);
    }
    return level;
}

/// A level has lost its last order.
inline void LadderBooks::emptied(Book &book, BookSide &side, Rank rank, LevelNo level)
{
    if (book.windowed()) [[unlikely]] {
        emptiedWindow(book, side, rank, level);
        return;
    }
    clearBit(side, rank);
    if (rank == side.best)
        side.best = nextRank(book, side, rank);
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
