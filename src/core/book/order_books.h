// SPDX-License-Identifier: GPL-3.0-or-later
// The order books of a matching engine, behind one interface: the plain reference (std::map levels)
// and the ladder implement it and pass the same tests.
//
// The interface is at the level of all books together, so that an implementation can keep one pool
// and one id table for every instrument. Orders are named by OrderRef: small dense integers the
// caller gives and may reuse once the order is gone. The caller has checked prices and quantities
// against the rules and says so with clear errors; a book checks again what it could not survive:
// an order off the band or its ticks, off the lot, above the maximum or with a reference in use is
// killed as Invalid.
//
// A book is either continuous (orders match on arrival, at the resting order's price, price then
// time) or in call (orders collect; uncross() matches them at one price). Time priority is the
// order of add() and of replace(), across both modes.
#pragma once

#include "base/ids.h"
#include "base/integers.h"
#include "market/rules.h"
#include "market/tick_table.h"
#include "orders/order_terms.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace khop {

using BookId = std::uint32_t;   // dense, as opened
using OrderRef = std::uint32_t; // 1…; 0 is none
using Owner = std::uint32_t;    // account for self-trade prevention; 0: never prevented

/// How an order behaves in the book.
enum class Instruction : std::uint8_t {
    Limit,         // trades up to its price, the rest rests (LO, LIMIT, PLO at the close price)
    MarketToLimit, // sweeps up to its price (the band's end); the rest rests one tick beyond the
                   // last fill (capped at the band), or is killed when nothing was there (MTL)
    ImmediateOrCancel, // trades up to its price, the rest is killed (MAK, MARKET, IOC)
    FillOrKill,        // all at once up to its price, or nothing (MOK, FOK)
    AtAuction          // ATO, ATC: only in call; no price of its own; killed after the uncross
};

struct BookOrder {
    OrderRef ref = 0;
    Owner owner = 0;
    Side side = Side::Buy;
    Instruction instruction = Instruction::Limit;
    Price price; // limit; for unpriced instructions the ceiling (buy) or floor (sell)
    Quantity quantity;
};

enum class KillReason : std::uint8_t {
    NoCounterpart,
    Remainder,
    NotFillable,
    SelfTrade,
    AuctionOver,
    Invalid
};

struct BookEvent {
    enum class Kind : std::uint8_t { Trade, Rested, Killed };
    Kind kind = Kind::Trade;
    KillReason reason = KillReason::Remainder; // Killed
    Side aggressor = Side::Buy; // Trade: side of the incoming order (auction: side that
                                // came later of the two)
    OrderRef ref = 0;   // Trade: the incoming (auction: the later) order; else the order itself
    OrderRef maker = 0; // Trade: the resting (auction: the earlier) order
    Price price;        // Trade: trade price; Rested: limit it rests at
    Quantity quantity;  // Trade: traded; Rested: resting; Killed: quantity taken away
};

/// Events in order, in memory taken ahead: books append, the caller reads, clears and uses it again.
/// It grows when it must, and never shrinks.
class BookEvents
{
public:
    explicit BookEvents(std::size_t room = 1024)
        : m_room(std::make_unique<BookEvent[]>(room))
        , m_end(m_room.get())
        , m_limit(m_end + room)
    {}

    void push_back(const BookEvent &event)
    {
        if (full()) [[unlikely]]
            grow();
        *m_end++ = event;
    }
    /// The place of one more event, to be filled in; the buffer must not be full.
    BookEvent &next() { return *m_end++; }
    bool full() const { return m_end == m_limit; }
    void clear() { m_end = m_room.get(); }
    std::size_t size() const { return static_cast<std::size_t>(m_end - m_room.get()); }
    bool empty() const { return m_end == m_room.get(); }
    const BookEvent *begin() const { return m_room.get(); }
    const BookEvent *end() const { return m_end; }
    const BookEvent &operator[](std::size_t i) const { return m_room[i]; }
    const BookEvent &front() const { return m_room[0]; }
    const BookEvent &back() const { return m_end[-1]; }

    void grow(); // makes room where there is none

private:
    std::unique_ptr<BookEvent[]> m_room;
    BookEvent *m_end;
    BookEvent *m_limit;
};

struct BookSpec {
    Price floor;
    Price ceiling;
    TickTable ticks;
    Quantity lot{1};         // quantities entered are multiples of it
    Quantity maxQuantity{0}; // of one order; 0: none
};

struct BookPolicies {
    MtlRemainder mtlRemainder = MtlRemainder::LastPlusOneTick;
    AtoPricing atoPricing = AtoPricing::Krx;
    SelfMatch selfMatch = SelfMatch::Allow; // Allow and OmsBlock: the book prevents nothing
};

/// The price and volume an uncross would have now; price only with volume > 0.
struct Indicative {
    std::optional<Price> price;
    Quantity volume;
    Quantity surplus; // of the side that is not filled at that price
    Side surplusSide = Side::Buy;
    std::optional<Price> low, high; // the interval of candidate prices
};

struct BookLevel {
    Price price;
    Quantity quantity;
    std::uint32_t orders = 0;
};

struct RestingOrder {
    OrderRef ref = 0;
    Owner owner = 0;
    Side side = Side::Buy;
    Instruction instruction = Instruction::Limit;
    Price price;
    Quantity quantity;
    std::uint64_t priority = 0; // lower came first
};

class OrderBooks
{
public:
    virtual ~OrderBooks() = default;

    virtual BookId open(const BookSpec &spec) = 0;
    virtual void reopen(BookId book, const BookSpec &spec) = 0; // new day; the book must be empty
    virtual void setPolicies(const BookPolicies &policies) = 0;

    virtual void startContinuous(BookId book) = 0; // the book must not be crossed
    virtual void startCall(BookId book) = 0;
    virtual bool inCall(BookId book) const = 0;

    /// Enters an order: trades and at most one final Rested or Killed event.
    virtual void add(BookId book, const BookOrder &order, BookEvents &events) = 0;
    /// Takes a resting order out; its open quantity, or nothing when it does not rest here.
    virtual std::optional<Quantity> cancel(OrderRef ref) = 0;
    /// Lowers the open quantity and keeps the place in the queue; 0 < leaves < open.
    virtual bool reduce(OrderRef ref, Quantity leaves) = 0;
    /// New price or greater quantity: leaves the queue and enters again as a Limit, maybe trading.
    /// False, and nothing changed, for an order that does not rest here or an invalid new value.
    virtual bool replace(OrderRef ref, Price price, Quantity leaves, BookEvents &events) = 0;

    /// What an uncross would give now: `base` clamped into the interval of candidate prices
    /// (auction.h). `base` is the last execution price, else the reference; for the opening it is
    /// the reference.
    virtual Indicative indicative(BookId book, Price base) const = 0;
    /// Matches by price and time at that price, then kills the AtAuction orders left. Trades come
    /// in the order in which both sides are served. Self-trade prevention comes before the price:
    /// what it kills takes no part in it.
    virtual Indicative uncross(BookId book, Price base, BookEvents &events) = 0;
    /// The price an AtAuction order of that side has now (tests, display); none without one.
    virtual std::optional<Price> auctionPrice(BookId book, Side side, Price base) const = 0;

    virtual std::optional<Price> best(BookId book, Side side) const = 0; // priced orders only
    /// The order that is served first at the best price; 0: none.
    virtual OrderRef bestOrder(BookId book, Side side) const = 0;
    /// Hints that change nothing (base/prefetch.h): this book, level, order or bestOrder() is going to
    /// be asked for.
    virtual void approachBook(BookId /*book*/) const {}
    virtual void approachLevel(BookId /*book*/, Side /*side*/, Price /*price*/) const {}
    virtual void approachOrder(OrderRef /*ref*/) const {}
    virtual void approachBest(BookId /*book*/, Side /*side*/) const {}
    virtual void depth(BookId book, Side side, std::size_t levels,
                       std::vector<BookLevel> &out) const = 0;
    virtual std::optional<RestingOrder> find(OrderRef ref) const = 0;
    /// The quantity before an order at its price.
    virtual std::optional<Quantity> ahead(OrderRef ref) const = 0;
    /// All orders by priority, for snapshots and expiry.
    virtual std::vector<RestingOrder> resting(BookId book) const = 0;
    virtual std::size_t size(BookId book) const = 0;

    /// Puts back a book from resting(); in that order, without matching.
    virtual void restore(BookId book, const std::vector<RestingOrder> &orders) = 0;
};

std::unique_ptr<OrderBooks> makeReferenceBooks();
/// `orders`: how many may rest at once before memory is taken anew.
std::unique_ptr<OrderBooks> makeLadderBooks(std::size_t orders);
inline std::unique_ptr<OrderBooks> makeLadderBooks() { return makeLadderBooks(1 << 16); }

} // namespace khop
