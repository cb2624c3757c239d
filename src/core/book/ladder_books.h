// SPDX-License-Identifier: GPL-3.0-or-later
// The fast order books: price levels in an array over the day's band.
//
// Layout:
// - Orders are 32-byte nodes in one pool for all books, free ones chained, last freed first reused.
//   An order's reference leads to its node through one array (direct, no hashing).
// - A level is a 32-byte record: price, total, number of orders, first and last node. The nodes of a
//   level form a list, oldest first (intrusive FIFO, 32-bit links).
// - A banded book has one level record per tick and side, in a row. Levels are counted from the best
//   price there can be, so that on both sides a smaller number is a better price, and a buy at
//   number i meets sells up to number (ticks - 1 - i).
// - A bit per level says that orders rest there; a summary bit per 64 of them. The number of the best
//   level is kept; when it empties, the next is found through the bits.
// - A book without a band, or with one of more than 2^16 ticks (SPOT), keeps a window instead:
//   4,096 levels per side from a little above the best price, in a ring of level numbers, and the
//   rest, all worse, in a std::map. The window moves when a better price comes or all of it is gone.
// - Orders without a price (ATO, ATC) queue in a level of their own per side.
// - Entry order is kept beside the nodes: only auctions and snapshots ask for it.
//
// Invariants:
// - bit set <=> the level has orders <=> its total and count are positive; they are the sums over its
//   nodes; entry order ascends along a level;
// - a side's best number is that of its first set bit; in a window every level outside is worse than
//   those inside, and there is none outside while the inside is empty;
// - a book that is not in call is not crossed and holds no orders without a price.
//
// Complexity: add, cancel, reduce, replace O(1) plus fills, plus finding the next level (one or two
// words in a band of 4,096 ticks); a window that moves costs its levels once. ahead O(orders at the
// price), size O(levels). Auctions O(levels + orders that trade). Nothing on these paths takes memory once pool,
// reference table and the caller's events have grown to the day's size; far levels of a window do.
//
// Limits: 2^32 - 1 orders at once and as greatest reference; prices below 2^61; sums of quantities
// within 63 bits. Not thread-safe.
#pragma once

#include "base/large_array.h"
#include "base/prefetch.h"
#include "book/auction.h"
#include "book/order_books.h"
#include "book/tick_ladder.h"

#include <array>
#include <limits>
#include <map>
#include <vector>

namespace khop {

class LadderBooks final : public OrderBooks
{
public:
    /// Takes memory for so many orders at once and for references up to `references`; it takes more
    /// when it has to.
    explicit LadderBooks(std::size_t orders = 1 << 16, OrderRef references = 1 << 16);

    BookId open(const BookSpec &spec) override;
    void reopen(BookId book, const BookSpec &spec) override;
    void setPolicies(const BookPolicies &policies) override;

    void startContinuous(BookId book) override;
    void startCall(BookId book) override { m_books[book].setCall(true); }
    bool inCall(BookId book) const override { return m_books[book].call; }

    void add(BookId book, const BookOrder &order, BookEvents &events) override;
    std::optional<Quantity> cancel(OrderRef ref) override;
    bool reduce(OrderRef ref, Quantity leaves) override;
    bool replace(OrderRef ref, Price price, Quantity leaves, BookEvents &events) override;

    Indicative indicative(BookId book, Price base) const override;
    Indicative uncross(BookId book, Price base, BookEvents &events) override;
    std::optional<Price> auctionPrice(BookId book, Side side, Price base) const override;

    std::optional<Price> best(BookId book, Side side) const override;
    OrderRef bestOrder(BookId book, Side side) const override;
    void approachBook(BookId book) const override { prefetchAll(m_books[book]); }
    void approachOrder(OrderRef ref) const override { prefetch(&m_nodes[nodeOf(ref)]); }
    void approachLevel(BookId book, Side side, Price price) const override;
    void approachBest(BookId book, Side side) const override;
    void depth(BookId book, Side side, std::size_t levels,
               std::vector<BookLevel> &out) const override;
    std::optional<RestingOrder> find(OrderRef ref) const override;
    std::optional<Quantity> ahead(OrderRef ref) const override;
    std::vector<RestingOrder> resting(BookId book) const override;
    std::size_t size(BookId book) const override;

    void restore(BookId book, const std::vector<RestingOrder> &orders) override;

private:
    using NodeNo = std::uint32_t;  // 0: none
    using LevelNo = std::uint32_t; // position in m_levels; 0: none
    using Rank = std::int64_t;     // of a level on its side; smaller is better

    static constexpr Rank noRank = std::numeric_limits<Rank>::max();
    static constexpr std::int64_t mostArrayTicks = 1 << 16;
    static constexpr Rank windowSize = 4096;
    static constexpr Owner nobody = std::numeric_limits<Owner>::max(); // no account has it

    struct Node {
        NodeNo next = 0; // behind it in its level; among free nodes the next free one
        NodeNo previous = 0;
        OrderRef ref = 0;
        Owner owner = 0;
        LevelNo level = 0;
        std::uint32_t unused = 0;
        std::int64_t quantity = 0;
    };
    struct Level {
        std::int64_t price = 0;
        std::int64_t total = 0;
        std::uint32_t count = 0;
        NodeNo first = 0;
        NodeNo last = 0;
        std::uint32_t place = 0; // book << 1 | side
    };
    static_assert(sizeof(Node) == 32 && sizeof(Level) == 32);

    struct BookSide {
        Rank best = noRank;
        std::uint32_t levels = 0;  // array: first level record; window: first entry in m_ring
        std::uint32_t words = 0;   // first word of its bits in m_bits
        std::uint32_t summary = 0; // first summary word in m_bits
        LevelNo atAuction = 0;
        Rank from = 0; // window: rank of its first place; array: 0
    };
    struct alignas(64) Book {
        TickLadder ticks;
        ExactDivisor lot;
        std::uint64_t mostLots = 0; // of one order
        Rank lastRank = 0;          // ticks - 1
        std::array<BookSide, 2> sides;
        std::uint32_t places = 0; // levels per side that there is room for
        bool window = false;
        bool call = false;
        bool plain = true; // neither: the hot path
        BookSpec spec;

        bool windowed() const { return window; }
        void setCall(bool on)
        {
            call = on;
            plain = !call && !window;
        }
        BookSide &side(Side which) { return sides[static_cast<std::size_t>(which)]; }
        const BookSide &side(Side which) const { return sides[static_cast<std::size_t>(which)]; }
        /// Both ways: the level of a tick and the tick of a level.
        Rank rankOf(Side side, std::int64_t tick) const
        {
            return side == Side::Buy ? lastRank - tick : tick;
        }
    };
    using FarLevels = std::map<Rank, LevelNo>; // behind a window
    FarLevels &farOf(const BookSide &side) { return m_far[side.levels / windowSize]; }
    const FarLevels &farOf(const BookSide &side) const { return m_far[side.levels / windowSize]; }

    /// The part of an incoming order that is still to be dealt with, and what happened so far.
    struct Incoming {
        std::int64_t left = 0;
        std::int64_t lastFill = 0; // price of the last trade; 0: none
        bool prevented = false;    // stopped by self-trade prevention
    };
    struct Fill {
        NodeNo older = 0;
        NodeNo newer = 0;
        std::int64_t quantity = 0;
    };

    // storage
    void prepare(BookId id, const BookSpec &spec);
    NodeNo takeNewNode(OrderRef ref);
    void growReferences(OrderRef ref);
    NodeNo takeNode(OrderRef ref);
    void freeNode(NodeNo no);
    /// The node of a resting order, or 0.
    NodeNo nodeOf(OrderRef ref) const { return ref < m_references ? m_nodeOf[ref] : 0; }
    static bool isValidQuantity(const Book &book, std::int64_t quantity)
    {
        return book.lot.quotient(static_cast<std::uint64_t>(quantity)) - 1 < book.mostLots;
    }

    // levels (ladder_inline.h); windows (ladder_windows.cpp)
    static std::int64_t placeOf(const Book &book, Rank rank)
    {
        return book.windowed() ? rank & (windowSize - 1) : rank;
    }
    LevelNo levelAt(const Book &book, const BookSide &side, Rank rank) const;
    LevelNo occupy(Book &book, Side which, Rank rank);
    void begin(BookSide &side, Rank rank);
    void emptied(LevelNo level);
    std::optional<Quantity> cancelledLast(LevelNo level, std::int64_t quantity);
    Rank rankOf(const Book &book, Side side, LevelNo level) const;
    Rank nextRank(const Book &book, const BookSide &side, Rank after) const;
    std::int64_t nextPlace(const BookSide &side, std::int64_t from, std::int64_t end) const;
    void setBit(const BookSide &side, std::int64_t place);
    void clearBit(const BookSide &side, std::int64_t place);
    template <class Visit>
    void forEachLevel(const Book &book, Side which, Visit visit) const; // best first, until false

    bool isInside(const BookSide &side, Rank rank) const { return rank - side.from < windowSize; }
    LevelNo occupyWindow(Book &book, Side which, Rank rank);
    void emptiedWindow(Book &book, BookSide &side, Rank rank, LevelNo level);
    void moveWindow(const Book &book, BookSide &side, Rank from);
    LevelNo takeLevel();

    // continuous
    void addOther(BookId id, const BookOrder &order, BookEvents &events);
    void enterLimit(Book &book, const BookOrder &order, std::int64_t tick, BookEvents &events);
    void enterOther(Book &book, const BookOrder &order, std::int64_t tick, BookEvents &events);
    Incoming match(Book &book, const BookOrder &order, Rank limit, BookEvents &events);
    void freeHead(Level &level, NodeNo head, NodeNo last);
    bool preventTrade(BookSide &side, const Book &book, BookEvents &events);
    bool canFill(const Book &book, const BookOrder &order, Rank limit) const;
    bool prevents(Owner incoming, Owner resting) const
    {
        return m_prevents && incoming != 0 && incoming == resting;
    }
    void settleRest(Book &book, const BookOrder &order, std::int64_t tick, const Incoming &incoming,
                    BookEvents &events);
    void rest(Book &book, const BookOrder &order, Rank rank, std::int64_t quantity,
              std::uint64_t entry);
    void restUnpriced(Book &book, const BookOrder &order, std::uint64_t entry);
    void append(LevelNo levelNo, const BookOrder &order, std::int64_t quantity,
                std::uint64_t entry);
    bool unlink(NodeNo no);
    void remove(NodeNo no);
    void take(NodeNo no, std::int64_t quantity);

    // auctions
    const AuctionBook &collect(const Book &book) const;
    void serve(const Book &book, Side which, Price price, std::optional<Price> atAuction,
               std::vector<NodeNo> &turns) const;
    void allocate(const std::vector<NodeNo> &buys, const std::vector<NodeNo> &sells);
    bool preventInAuction(BookEvents &events);
    void killAtAuction(const Book &book, BookEvents &events);
    RestingOrder shown(NodeNo no) const;
    bool isUnpriced(NodeNo no) const
    {
        const LevelNo level = m_nodes[no].level;
        const std::uint32_t place = m_levels[level].place;
        return m_books[place >> 1].sides[place & 1].atAuction == level;
    }
    Side sideOf(NodeNo no) const
    {
        return static_cast<Side>(m_levels[m_nodes[no].level].place & 1);
    }

    BookPolicies m_policies;
    bool m_prevents = false;
    LargeArray<Book> m_books;
    LargeArray<Level> m_levels; // 0 is none
    std::vector<LevelNo> m_freeLevels;
    std::vector<LevelNo> m_ring; // of the windows
    LargeArray<std::uint64_t> m_bits;
    LargeArray<Node> m_nodes;          // 0 is none
    LargeArray<std::uint64_t> m_entry; // by node: lower came first
    LargeArray<NodeNo> m_nodeOf;       // by reference
    OrderRef m_references = 0;         // its size
    NodeNo m_freeNode = 0;
    std::uint64_t m_nextEntry = 1;
    std::vector<FarLevels> m_far; // of the windows, in the order of their rings

    std::array<std::vector<NodeNo>, 2> m_served; // scratch of uncross()
    std::vector<Fill> m_fills;
    mutable AuctionBook m_collected;
};

} // namespace khop
