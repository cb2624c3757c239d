// SPDX-License-Identifier: GPL-3.0-or-later
// The arrays of a new day, and the windows of books without a band.
#include "base/invariant.h"
#include "book/ladder_inline.h"

namespace khop {

namespace {

constexpr std::uint32_t wordsFor(std::uint32_t places) { return (places + 63) / 64; }

} // namespace

BookId LadderBooks::open(const BookSpec &spec)
{
    const BookId id = static_cast<BookId>(m_books.size());
    Book &book = m_books.emplace_back();
    for (const Side which : {Side::Buy, Side::Sell}) {
        book.side(which).atAuction = static_cast<LevelNo>(m_levels.size());
        m_levels.emplace_back().place = id << 1 | static_cast<std::uint32_t>(which);
    }
    prepare(id, spec);
    return id;
}

void LadderBooks::reopen(BookId id, const BookSpec &spec)
{
    KHOP_INVARIANT(size(id) == 0);
    prepare(id, spec);
}

/// Gives an empty book the levels of its band, or a window. Arrays that are large enough are used
/// again. New ones in the place of smaller ones are taken with room to spare, so that a band that
/// grows from day to day takes few.
void LadderBooks::prepare(BookId id, const BookSpec &spec)
{
    Book &book = m_books[id];
    book.spec = spec;
    book.ticks = TickLadder(spec.floor, spec.ceiling, spec.ticks);
    book.lot = ExactDivisor(spec.lot.raw());
    const std::int64_t most = spec.maxQuantity.isZero() ? std::numeric_limits<std::int64_t>::max()
                                                        : spec.maxQuantity.raw();
    book.mostLots = static_cast<std::uint64_t>(most / spec.lot.raw());
    book.lastRank = book.ticks.size() - 1;
    const bool window = book.ticks.size() > mostArrayTicks;
    const std::uint32_t needed =
        window ? windowSize : static_cast<std::uint32_t>(book.ticks.size());
    if (window != book.windowed() || needed > book.places) {
        const std::uint32_t places = window || book.places == 0 ? needed : std::bit_ceil(needed);
        for (BookSide &side : book.sides) {
            side.levels = static_cast<std::uint32_t>(window ? m_ring.size() : m_levels.size());
            if (window) {
                m_ring.resize(m_ring.size() + places);
                m_far.emplace_back();
            } else {
                m_levels.resize(m_levels.size() + places);
            }
            side.summary = static_cast<std::uint32_t>(m_bits.size());
            side.words = side.summary + wordsFor(wordsFor(places));
            m_bits.resize(side.words + wordsFor(places));
        }
        book.places = places;
        book.window = window;
    }
    book.setCall(book.call);
    for (const Side which : {Side::Buy, Side::Sell}) {
        BookSide &side = book.side(which);
        side.best = noRank;
        m_levels[side.atAuction].price = (which == Side::Buy ? spec.ceiling : spec.floor).raw();
        for (std::int64_t tick = 0; !window && tick <= book.lastRank; ++tick) {
            Level &level = m_levels[levelAt(book, side, book.rankOf(which, tick))];
            level.price = book.ticks.priceOf(tick).raw();
            level.place = id << 1 | static_cast<std::uint32_t>(which);
        }
    }
}

LadderBooks::LevelNo LadderBooks::takeLevel()
{
    if (m_freeLevels.empty()) {
        m_levels.emplace_back();
        return static_cast<LevelNo>(m_levels.size() - 1);
    }
    const LevelNo level = m_freeLevels.back();
    m_freeLevels.pop_back();
    m_levels[level] = {};
    return level;
}

LadderBooks::LevelNo LadderBooks::occupyWindow(Book &book, Side which, Rank rank)
{
    BookSide &side = book.side(which);
    if (side.best == noRank)
        side.from = rank - windowSize / 4;
    else if (rank < side.from)
        moveWindow(book, side, rank - windowSize / 4);
    const bool inside = isInside(side, rank);
    LevelNo &entry = inside ? m_ring[side.levels + static_cast<std::size_t>(placeOf(book, rank))]
                            : farOf(side)[rank];
    if (entry != 0)
        return entry;
    entry = takeLevel();
    m_levels[entry].price = book.ticks.priceOf(book.rankOf(which, rank)).raw();
    m_levels[entry].place = m_levels[side.atAuction].place;
    if (inside) {
        setBit(side, placeOf(book, rank));
        side.best = std::min(side.best, rank);
    }
    return entry;
}

void LadderBooks::emptiedWindow(Book &book, BookSide &side, Rank rank, LevelNo level)
{
    m_freeLevels.push_back(level);
    if (!isInside(side, rank)) {
        farOf(side).erase(rank);
        return;
    }
    m_ring[side.levels + static_cast<std::size_t>(placeOf(book, rank))] = 0;
    clearBit(side, placeOf(book, rank));
    if (rank != side.best)
        return;
    side.best = nextRank(book, side, rank);
    if (side.best == noRank && !farOf(side).empty())
        moveWindow(book, side, farOf(side).begin()->first - windowSize / 4);
}

/// Moves a window to better prices (what falls out behind goes to the far levels) or, when it is
/// empty, to where the far levels begin (which come in).
void LadderBooks::moveWindow(const Book &book, BookSide &side, Rank from)
{
    FarLevels &far = farOf(side);
    const auto entryOf = [&](Rank rank) -> LevelNo & {
        return m_ring[side.levels + static_cast<std::size_t>(placeOf(book, rank))];
    };
    for (Rank rank = side.best; rank != noRank;) {
        const Rank next = nextRank(book, side, rank); // before the window is another
        if (rank >= from + windowSize) {
            far.emplace(rank, entryOf(rank));
            entryOf(rank) = 0;
            clearBit(side, placeOf(book, rank));
            if (rank == side.best)
                side.best = noRank;
        }
        rank = next;
    }
    side.from = from;
    while (!far.empty() && isInside(side, far.begin()->first)) {
        const auto first = far.begin();
        entryOf(first->first) = first->second;
        setBit(side, placeOf(book, first->first));
        side.best = std::min(side.best, first->first);
        far.erase(first);
    }
}

} // namespace khop
