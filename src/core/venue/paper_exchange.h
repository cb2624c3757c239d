// SPDX-License-Identifier: GPL-3.0-or-later
// The built-in exchange: instruments, sessions, books and quotes of HOSE, HNX, UPCoM and SPOT. Part of
// the deterministic engine: time comes in with runEvent(), nothing else moves it.
//
// Each instrument has an even-lot and an odd-lot book. Before and after an auction the books are put in
// call or made continuous; at its end they are uncrossed at the clamp of the base price (opening: the
// reference; closing: the last execution, else the reference). In HNX's post-close session the books hold
// PLO orders at the close price.
#pragma once

#include "base/bytes.h"
#include "base/mix.h"
#include "engine/records.h"
#include "venue/execution_venue.h"
#include "venue/venue_tape.h"

#include <array>
#include <functional>
#include <memory>
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
    Time nextEvent() const;
    /// Lets everything happen that is due at exactly nextEvent() == at.
    void runEvent(Time at);
    void setTime(Time now) { m_now = now; }

    const MarketRules &rules() const { return m_rules; }
    const std::vector<Instrument> &instruments() const { return m_instruments; }
    const Instrument &instrument(InstrumentIndex i) const { return m_instruments[i]; }
    Phase phase(Exchange exchange) const
    {
        return m_markets[static_cast<std::size_t>(exchange)].phase;
    }
    Session session(Exchange exchange) const;
    SessionState sessionState(Exchange exchange) const;
    Date day(Exchange exchange) const { return m_markets[static_cast<std::size_t>(exchange)].day; }
    bool hasMatchPrice(InstrumentIndex i) const;
    Price lastOrReference(InstrumentIndex i) const;
    EntryContext entryContext(InstrumentIndex i) const;
    /// The worst price an order of an unpriced type may trade at: what a buy is held at.
    Price worstPrice(OrderType type, Side side, InstrumentIndex i) const;

    std::optional<Price> best(InstrumentIndex i, Side side) const;
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
    std::size_t restingOrders(InstrumentIndex i) const;

    void save(ByteWriter &out) const;
    bool load(ByteReader &in, MarketRules rules, std::vector<Instrument> instruments, Time now);

private:
    struct Market {
        Phase phase = Phase::Closed;
        Date day;             // the day whose limits are in force
        Time nextChange;      // of phase
        Time nextDay;         // limits of a new day come in
        Time ploMatch;        // collected PLO orders are matched; Time max when none is due
        bool dayOpen = false; // a session of `day` has begun and the day has not ended
    };
    struct Listing {
        BookId even = 0, odd = 0;
        std::optional<Price> open, high, low, last;
        Quantity lastQuantity;
        Quantity volume;
        Money value;
        Money continuousValue; // for UPCoM's average
        Quantity continuousVolume;
        std::uint64_t sequence = 0;
    };
    struct Entered { // by ref
        InstrumentIndex instrument = noInstrument;
        Owner owner = 0;
        Side side = Side::Buy;
        bool odd = false;
        Quantity leaves;
    };

    void openBooks();
    void setPhase(Exchange exchange, Phase to, Time at);
    void startBooks(Exchange exchange, Phase phase);
    void uncross(Exchange exchange, Phase phase);
    void matchPostClose(Exchange exchange);
    void expireAll(Exchange exchange);
    void rollDay(Exchange exchange, Date day, Time at);
    Price nextReference(const Instrument &instrument, const Listing &listing) const;
    Date dayAt(Exchange exchange, Time time) const;
    Time startOfNextDay(Exchange exchange, Date day) const;
    void absorb(InstrumentIndex instrument, bool odd, Phase phase, const BookEvents &events);
    void recordTrade(InstrumentIndex instrument, bool odd, Phase phase, Price price,
                     Quantity quantity);
    void changed(InstrumentIndex instrument);
    void tapeSelfTrades(OrderRef own, VenueOrder *order, Time at);
    void release(OrderRef ref);
    template <class Action>
    void forEachOn(Exchange exchange, Action action);

    VenueListener &m_listener;
    RollingHash &m_hash;
    MarketRules m_rules;
    std::vector<Instrument> m_instruments;
    std::vector<Listing> m_listings;
    std::array<Market, exchangeCount> m_markets;
    std::unique_ptr<OrderBooks> m_books;
    std::vector<Entered> m_entered; // by ref
    std::vector<OrderRef> m_freeRefs;
    BookEvents m_events;
    VenueTape *m_tape = nullptr;
    Time m_now;
};

} // namespace khop
