// SPDX-License-Identifier: GPL-3.0-or-later
// The plain order books: the oracle that every faster implementation must agree with.
//
// Layout: per book and side a std::map of price levels, best first; per level a std::list of
// orders, oldest first; AtAuction orders in a list of their own per side. One std::unordered_map
// names the place of every resting order. Iterators of these containers stay valid until their
// element goes.
//
// Invariants:
// - a level exists only while orders rest on it, and its total is the sum of their open quantities;
// - within a level, and within the AtAuction lists, priorities ascend;
// - a book that is not in call is not crossed and holds no AtAuction order.
//
// Complexity: add, replace O(log levels + fills); cancel, reduce, find one lookup (cancel also
// O(log levels) when its level goes); ahead O(orders at the price); auctions O(n log n) of the
// orders in the book. An order that trades in full on arrival allocates nothing, one that rests
// allocates one list node, one index node and, on a new price, one map node.
//
// Self-trade prevention looks at the pair that would trade next. In an auction it comes before the
// price: while two orders of one owner would meet, one or both are killed and the price is
// determined anew, so that the auction's rule holds for all that trades.
//
// Limits: a reference must not rest twice; sums of quantities must stay within 64 bits. Not
// thread-safe.
#pragma once

#include "book/auction.h"
#include "book/order_books.h"

#include <array>
#include <list>
#include <map>
#include <unordered_map>
#include <vector>

namespace khop {

class ReferenceBooks final : public OrderBooks
{
public:
    BookId open(const BookSpec &spec) override;
    void reopen(BookId book, const BookSpec &spec) override;
    void setPolicies(const BookPolicies &policies) override { m_policies = policies; }

    void startContinuous(BookId book) override;
    void startCall(BookId book) override { m_books[book].call = true; }
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
    void depth(BookId book, Side side, std::size_t levels,
               std::vector<BookLevel> &out) const override;
    std::optional<RestingOrder> find(OrderRef ref) const override;
    std::optional<Quantity> ahead(OrderRef ref) const override;
    std::vector<RestingOrder> resting(BookId book) const override;
    std::size_t size(BookId book) const override { return m_books[book].orders; }

    void restore(BookId book, const std::vector<RestingOrder> &orders) override;

private:
    using Queue = std::list<RestingOrder>;

    struct Level {
        Queue orders;
        Quantity total;
    };
    /// Keyed so that begin() is the best level of either side: -price for buys, price for sells.
    using Levels = std::map<std::int64_t, Level>;

    struct BookSide {
        Levels levels;
        Queue atAuction;
        Quantity atAuctionTotal;
    };
    struct Book {
        BookSpec spec;
        std::array<BookSide, 2> sides;
        std::size_t orders = 0;
        bool call = false;

        BookSide &side(Side which) { return sides[static_cast<std::size_t>(which)]; }
        const BookSide &side(Side which) const { return sides[static_cast<std::size_t>(which)]; }
    };
    struct Place {
        BookId book = 0;
        Levels::iterator level; // unused for AtAuction orders
        Queue::iterator order;
    };
    using Places = std::unordered_map<OrderRef, Place>;

    /// The part of an incoming order that is still to be dealt with, and what happened to it so
    /// far.
    struct Incoming {
        Quantity left;
        std::optional<Price> lastFill;
        bool prevented = false; // stopped by self-trade prevention
    };
    /// One order's turn in an auction.
    struct Turn {
        std::int64_t key = 0; // of its effective price
        bool first = false;   // before all limit orders, whatever the price
        Places::iterator place;
    };
    struct Fill {
        Places::iterator older;
        Places::iterator newer;
        Quantity quantity;
    };

    static bool isValid(const BookSpec &spec, Price price, Quantity quantity);
    bool prevents(Owner incoming, Owner resting) const;
    bool canFill(const Book &book, const BookOrder &order) const;
    void match(Book &book, const BookOrder &order, Incoming &incoming, BookEvents &events);
    void enter(BookId id, const BookOrder &order, BookEvents &events);
    void rest(BookId id, const RestingOrder &order);
    void remove(Places::iterator place);
    void take(Places::iterator place, Quantity quantity);

    AuctionBook auctionBook(const Book &book) const;
    std::vector<Turn> turns(const Book &book, Side side, Price price,
                            const EffectivePrices &effective);
    static std::vector<Fill> allocate(const std::vector<Turn> &buys,
                                      const std::vector<Turn> &sells);
    bool preventInAuction(const std::vector<Fill> &fills, BookEvents &events);

    BookPolicies m_policies;
    std::vector<Book> m_books;
    Places m_places;
    std::uint64_t m_nextPriority = 1;
};

} // namespace khop
