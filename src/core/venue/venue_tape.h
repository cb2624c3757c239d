// SPDX-License-Identifier: GPL-3.0-or-later
// What a recorder sees of an exchange: the order flow as the venue sees it, in order. Observes only:
// nothing a tape does may change an outcome.
#pragma once

#include "venue/execution_venue.h"

namespace khop {

class VenueTape
{
public:
    virtual ~VenueTape() = default;
    /// An order as it enters the book, before the trades it makes.
    virtual void entered(const VenueOrder &order, Time at) = 0;
    virtual void cancelled(OrderRef ref, Time at) = 0;
    virtual void reduced(OrderRef ref, Quantity leaves, Time at) = 0;
    virtual void replaced(OrderRef ref, Price price, Quantity leaves, Time at) = 0;
    virtual void traded(const VenueTrade &trade, Time at) = 0;
    /// Halted or resumed, taken off the list or back.
    virtual void stateChanged(InstrumentIndex instrument, bool halted, bool active, Time at) = 0;
    virtual void phaseChanged(Exchange exchange, Phase to, Time at) = 0;
    /// The first exchange rolls to a new day: what was recorded is complete.
    virtual void dayOver(Time at) = 0;
};

/// The state of a day at the moment a recording starts: what a replay starts from.
struct DayOpening {
    struct Order {
        OrderRef ref = 0;
        bool account = false; // an account's; else of the public market
        Side side = Side::Buy;
        Instruction instruction = Instruction::Limit;
        Price price;
        Quantity quantity;
    };
    struct Listing {
        Price reference, ceiling, floor;
        bool firstDay = false, hasMatchPrice = false, halted = false, active = true;
        std::optional<Price> open, high, low, last;
        Quantity lastQuantity, volume, continuousVolume;
        Money value, continuousValue;
        std::vector<Order> even, odd; // by priority
    };
    std::vector<Listing> listings; // by instrument
};

} // namespace khop
