// SPDX-License-Identifier: GPL-3.0-or-later
// Where orders are executed. The paper exchange answers inside the call; a remote venue answers later,
// its reports arriving as commands. Either way the reports are these.
#pragma once

#include "base/result.h"
#include "book/order_books.h"
#include "market/order_entry.h"
#include "market/rules.h"

#include <optional>

namespace khop {

/// The instruments of one exchange that share their sessions: restricted shares may have their own.
struct Board {
    Exchange exchange = Exchange::HOSE;
    bool restricted = false;
    bool operator==(const Board &) const = default;
};

struct VenueOrder {
    OrderRef ref = 0; // from ExecutionVenue::newRef()
    Owner owner = 0;  // account; 0: a practice participant
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    OrderType type = OrderType::LO;
    TimeInForce timeInForce = TimeInForce::Day;
    Quantity quantity;
    Price price; // limit; for market types the worst price it may trade at
};

struct VenueTrade {
    InstrumentIndex instrument = noInstrument;
    Price price;
    Quantity quantity;
    Money value; // the notional, the same for both sides
    Side aggressor = Side::Buy;
    OrderRef buy = 0, sell = 0;
    Owner buyer = 0, seller = 0;
    bool oddLot = false;
    Phase phase = Phase::Continuous;
};

class VenueListener
{
public:
    virtual ~VenueListener() = default;
    virtual void traded(const VenueTrade &trade) = 0;
    virtual void resting(OrderRef ref, Price price) = 0; // in the book, maybe after trades
    virtual void killed(OrderRef ref, Quantity quantity, KillReason reason) = 0;
    virtual void expired(OrderRef ref, Quantity quantity) = 0; // its day or session is over
    /// Also from one auction to the next, when both are of the same phase.
    virtual void phaseChanged(Board board, Phase from, Phase to, Time at) = 0;
    virtual void dayEnded(Board board, Time at) = 0; // after the last session of a day
    /// What an instrument ended its exchange's day at; before newDay().
    virtual void closed(InstrumentIndex instrument, Date day, Price price) = 0;
    virtual void newDay(Exchange exchange, Time at) = 0; // references and limits are the new day's
    virtual void quoteChanged(InstrumentIndex instrument) = 0;
};

class ExecutionVenue
{
public:
    virtual ~ExecutionVenue() = default;

    virtual OrderRef newRef() = 0;
    /// The venue's own refusal of an order that would be sent now, if any.
    virtual std::optional<Error> check(const OrderEntry &entry,
                                       InstrumentIndex instrument) const = 0;
    virtual void send(const VenueOrder &order) = 0;
    /// Whether a resting order may be cancelled or amended in this phase.
    virtual std::optional<Error> checkCancel(InstrumentIndex instrument) const = 0;
    virtual std::optional<Quantity> cancel(OrderRef ref) = 0;             // its open quantity
    virtual void reduce(OrderRef ref, Quantity leaves) = 0;               // keeps priority
    virtual void replace(OrderRef ref, Price price, Quantity leaves) = 0; // loses it, may trade
};

} // namespace khop
