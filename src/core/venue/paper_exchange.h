// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in exchange: instruments, sessions, books and quotes of HOSE, HNX, UPCoM and SPOT. Part of
// the deterministic engine: time comes in with runEvent(), nothing else moves it.
//
// Each instrument has an even-lot and an odd-lot book. Before and after an auction the books are put in
// call or made continuous; at its end they are uncrossed at the clamp of the base price (opening: the
// reference; else the last execution, else the reference). In HNX's post-close session the books hold
// PLO orders at the close price.
//
// Sessions belong to a board: an exchange's ordinary instruments, or its restricted shares, whose day is
// a row of auctions; the end of every row uncrosses, also where the next one is an auction too.
//
// A halted or suspended instrument takes no order and matches nothing: its books stay in call, ATO and
// ATC orders end with their auction, what rests may be cancelled where the phase allows it and expires
// with the day. A book that comes back crossed (its auction was missed) is uncrossed once, as a periodic
// auction, before it trades continuously again.
#pragma once

#include "base/bytes.h"
#include "base/large_array.h"
#include "base/mix.h"
#include "base/prefetch.h"
#include "engine/records.h"
#include "market/ex_rights.h"
#include "venue/execution_venue.h"
#include "venue/venue_tape.h"

#include <array>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace khop {

/// Even-lot prices of the day so far.
struct DayPrices {
    std::optional<Price> open, high, low, last;
};

class PaperExchange final : public ExecutionVenue
{
public:
    PaperExchange(VenueListener &listener, RollingHash &hash);
    ~PaperExchange() override;

    /// Starts with these rules and instruments at `now`; books are empty.
    void configure(MarketRules rules, std::vector<Instrument> instruments, Time now);
    /// Goes on with other rules and instruments: those listed so far keep their positions, what their
    /// day made of them, and their orders; orders that are off the new limits or ticks expire.
    /// `before`: the instruments as they were read last time, to see what the new data changes.
    void reconfigure(MarketRules rules, std::vector<Instrument> instruments,
                     const std::vector<Instrument> &before);
    bool configured() const { return !m_instruments.empty(); }

    // ExecutionVenue
    OrderRef newRef() override;
    std::optional<Error> check(const OrderEntry &entry, InstrumentIndex instrument) const override;
    void send(const VenueOrder &order) override;
    std::optional<Error> checkCancel(InstrumentIndex instrument) const override;
    std::optional<Quantity> cancel(OrderRef ref) override;
    void reduce(OrderRef ref, Quantity leaves) override;
    void replace(OrderRef ref, Price price, Quantity leaves) override;

    /// The next moment at which a session, a day or the post-close matching changes.
    Time nextEvent() const { return m_nextEvent; }
    /// Lets everything happen that is due at exactly nextEvent() == at.
    void runEvent(Time at);
    void setTime(Time now) { m_now = now; }

    const MarketRules &rules() const { return m_rules; }
    const std::vector<Instrument> &instruments() const { return m_instruments; }
    const Instrument &instrument(InstrumentIndex i) const { return m_instruments[i]; }
    /// Of the exchange's ordinary instruments.
    Phase phase(Exchange exchange) const { return stateOf(Board{exchange, false}).phase; }
    Board boardOf(InstrumentIndex i) const;
    Phase phaseOf(InstrumentIndex i) const { return stateOf(boardOf(i)).phase; }
    /// When the running session row, or round of auctions, of the instrument began.
    Time roundStart(InstrumentIndex i) const { return stateOf(boardOf(i)).since; }
    /// What comes after the running session row of the instrument.
    Phase nextPhaseOf(InstrumentIndex i) const;
    static bool isTraded(const Instrument &instrument)
    {
        return instrument.active && !instrument.halted;
    }
    /// What happens to the reference at the turn to exDate; all zero takes it back.
    void announce(InstrumentIndex i, Date exDate, const ExRights &rights);
    std::size_t announced() const { return m_exRights.size(); }
    /// While a day turns: what the reference would be without ex-rights.
    Price closeBefore(InstrumentIndex i) const { return m_listings[i].close; }
    /// The instrument moves to another exchange at the turn to that day, as its data may say too; nothing
    /// takes it back.
    void announceMove(InstrumentIndex i, Date on, std::optional<Exchange> to);
    /// What foreign investors may still buy; nothing where there is no limit.
    std::optional<Quantity> room(InstrumentIndex i) const { return m_listings[i].room; }
    /// Takes room (quantity > 0) or gives it back.
    void takeRoom(InstrumentIndex i, Quantity quantity);
    /// Counts a negotiated deal; the day's prices stay what they are.
    void recordPutThrough(InstrumentIndex i, Price price, Quantity quantity);
    /// Halts or resumes an instrument, or takes it off the list and back.
    void setState(InstrumentIndex i, bool halted, bool active);
    SessionState sessionState(Exchange exchange) const;
    Date day(Exchange exchange) const { return m_markets[static_cast<std::size_t>(exchange)].day; }
    bool hasMatchPrice(InstrumentIndex i) const;
    Price lastOrReference(InstrumentIndex i) const;
    EntryContext entryContext(InstrumentIndex i) const;
    Time settlementTime(Exchange exchange) const; // of a trade made now
    /// The worst price an order of an unpriced type may trade at: what a buy is held at.
    Price worstPrice(OrderType type, Side side, InstrumentIndex i) const;

    std::optional<Price> best(InstrumentIndex i, Side side) const;
    /// What is served before an order at its price; nothing for one that does not rest.
    std::optional<Quantity> ahead(OrderRef ref) const { return m_books->ahead(ref); }
    OrderRef bestOrder(InstrumentIndex i, Side side) const
    {
        return m_books->bestOrder(m_listings[i].even, side);
    }
    /// Hints that change nothing (base/prefetch.h): what is going to be asked for.
    void approachInstrument(InstrumentIndex i) const
    {
        prefetchAll(m_listings[i]);
        m_books->approachBook(m_listings[i].even);
    }
    void approachLevel(InstrumentIndex i, Side side, Price price) const
    {
        m_books->approachLevel(m_listings[i].even, side, price);
    }
    void approachBest(InstrumentIndex i, Side side) const
    {
        m_books->approachBest(m_listings[i].even, side);
    }
    void approachOrder(OrderRef ref) const
    {
        prefetch(&m_entered[ref]);
        m_books->approachOrder(ref);
    }
    DayPrices dayPrices(InstrumentIndex i) const;

    /// Practice: another reference for a day in which the instrument has not traded and no order of it
    /// stands. False, and nothing changed, where it has.
    bool untouched(InstrumentIndex i) const;
    bool setReference(InstrumentIndex i, Price reference);

    // Recording and replay (paper_practice.cpp)
    void setTape(VenueTape *tape) { m_tape = tape; }
    DayOpening opening() const;
    /// The error of an opening that this exchange could not take on now.
    std::optional<Error> checkOpening(const DayOpening &opening) const;
    /// Puts the day in the opening's state; the books must be empty. Tells the new refs of its orders.
    void startFrom(const DayOpening &opening,
                   const std::function<void(const DayOpening::Order &order, InstrumentIndex i,
                                            OrderRef ref)> &entered);
    Quote quote(InstrumentIndex i) const;
    BookDepth depth(InstrumentIndex i, std::size_t levels) const;
    const OrderBooks &books() const { return *m_books; }
    BookId evenBook(InstrumentIndex i) const { return m_listings[i].even; }
    BookId oddBook(InstrumentIndex i) const { return m_listings[i].odd; }
    std::size_t restingOrders(InstrumentIndex i) const;

    void save(ByteWriter &out) const;
    bool load(ByteReader &in, MarketRules rules, std::vector<Instrument> instruments, Time now);

private:
    struct Market {
        Date day;                  // the day whose limits are in force
        Time nextDay;              // limits of a new day come in
        bool sessionsHeld = false; // a session of the day has begun
    };
    struct BoardState {
        Phase phase = Phase::Closed;
        Time since;           // start of the running session row
        Time nextChange;      // of the session row; Time max for a board that is not there
        Time ploMatch;        // collected PLO orders are matched; Time max when none is due
        bool dayOpen = false; // a session of the day has begun and the day has not ended
    };
    struct CalendarEntry { // of a board, holds from … until
        Time from{std::numeric_limits<std::int64_t>::max()};
        Time until;
        Session session;
        bool tradingDay = false;
        std::optional<Time> settles; // nothing: at once
    };
    struct Listing {
        BookId even = 0, odd = 0;
        std::optional<Price> open, high, low, last;
        Quantity lastQuantity;
        Quantity volume;
        Money value;
        Money continuousValue; // for UPCoM's average
        Quantity continuousVolume;
        int idleSessions = 0;         // trading days without an even-lot match, up to yesterday
        std::optional<Quantity> room; // for foreign buys; below 0 when overdrawn; nothing: no limit
        Quantity putThroughVolume;    // of the day, in none of the figures above
        Money putThroughValue;
        std::uint64_t sequence = 0;
        Price
            close; // what the day's reference would be without ex-rights; set at the turn of the day
    };
    struct Entered { // by ref
        InstrumentIndex instrument = noInstrument;
        Owner owner = 0;
        Side side = Side::Buy;
        bool odd = false;
        Quantity leaves;
    };

    static std::size_t position(Board board)
    {
        return static_cast<std::size_t>(board.exchange) * 2 + (board.restricted ? 1 : 0);
    }
    const BoardState &stateOf(Board board) const { return m_boards[position(board)]; }
    BoardState &stateOf(Board board) { return m_boards[position(board)]; }

    void openBooks();
    static void makeMoves(Instrument &instrument, Date day);
    void makeAnnouncedMoves(Instrument &instrument, Date day);
    const CalendarEntry &calendarEntry(Exchange exchange, bool restricted) const;
    bool exists(Board board) const;
    Time findNextEvent() const;
    void startBoard(Board board);
    void nextSession(Board board, Time at);
    void startBooks(Board board);
    void startBooks(InstrumentIndex i, const BoardState &board);
    Price auctionBase(InstrumentIndex i, Phase phase) const;
    void uncross(InstrumentIndex i, bool odd, Phase phase);
    void uncross(Board board, Phase phase);
    void endAuction(InstrumentIndex i);
    void matchPostClose(Board board);
    void expireAll(Board board);
    void rollDay(Exchange exchange, Date day, Time at);
    void adoptRules(Exchange exchange, Date day);
    void rollInstrument(Instrument &instrument, Date day, bool sessionsHeld);
    void applyExRights(Instrument &instrument, Date day);
    void renewBooks(InstrumentIndex i);
    Price nextReference(const Instrument &instrument, const Listing &listing) const;
    Date dayAt(Exchange exchange, Time time) const;
    Time startOfNextDay(Exchange exchange, Date day) const;
    void absorb(InstrumentIndex instrument, bool odd, Phase phase, const BookEvents &events);
    void recordTrade(const VenueTrade &trade);
    void changed(InstrumentIndex instrument);
    void tapeSelfTrades(OrderRef own, VenueOrder *order, Time at);
    static bool isDue(Time time) { return time.ms != std::numeric_limits<std::int64_t>::max(); }
    bool collects(InstrumentIndex i) const;
    void showRemaining(InstrumentIndex i, const Indicative &indicative, BookDepth &depth) const;
    void release(OrderRef ref);
    template <class Action>
    void forEachOn(Exchange exchange, Action action)
    {
        for (const Instrument &instrument : m_instruments) {
            if (instrument.exchange == exchange)
                action(instrument.index);
        }
    }
    template <class Action>
    void forEachOn(Board board, Action action)
    {
        forEachOn(board.exchange, [&](InstrumentIndex i) {
            if (boardOf(i) == board)
                action(i);
        });
    }

    VenueListener &m_listener;
    RollingHash &m_hash;
    MarketRules m_rules;
    std::vector<Instrument> m_instruments;
    std::vector<Listing> m_listings;
    std::map<std::pair<Date, InstrumentIndex>, ExRights> m_exRights; // to come
    std::map<std::pair<Date, InstrumentIndex>, Exchange> m_moves;    // to come, beside the data's
    std::array<Market, exchangeCount> m_markets;
    std::array<BoardState, std::size_t{exchangeCount} * 2> m_boards;
    mutable std::array<CalendarEntry, std::size_t{exchangeCount} * 2> m_calendar;
    std::unique_ptr<OrderBooks> m_books;
    Time m_nextEvent{std::numeric_limits<std::int64_t>::max()}; // findNextEvent()
    LargeArray<Entered> m_entered;                              // by ref
    std::vector<OrderRef> m_freeRefs;
    BookEvents m_events;
    VenueTape *m_tape = nullptr;
    Time m_now;
};

} // namespace khop
