// SPDX-License-Identifier: GPL-3.0-or-later
// What practice does to the paper exchange that no real exchange would: set a day's reference, tell the
// state of a day to a recorder, and take such a state on for a replay.
#include "base/invariant.h"
#include "venue/paper_exchange.h"

#include <algorithm>

namespace khop {

namespace {

/// The best price of a side, or nothing; only of orders with a price of their own.
std::optional<Price> bestOf(const std::vector<DayOpening::Order> &orders, Side side)
{
    std::optional<Price> best;
    for (const DayOpening::Order &order : orders) {
        if (order.side == side && order.instruction != Instruction::AtAuction
            && (!best || (side == Side::Buy ? order.price > *best : order.price < *best)))
            best = order.price;
    }
    return best;
}

} // namespace

DayPrices PaperExchange::dayPrices(InstrumentIndex i) const
{
    const Listing &listing = m_listings[i];
    return {listing.open, listing.high, listing.low, listing.last};
}

bool PaperExchange::untouched(InstrumentIndex i) const
{
    return !m_listings[i].last && restingOrders(i) == 0;
}

bool PaperExchange::setReference(InstrumentIndex i, Price reference)
{
    if (!untouched(i))
        return false;
    Instrument &instrument = m_instruments[i];
    instrument.reference = reference;
    applyDayLimits(instrument, m_rules);
    const BookSpec spec{instrument.floor, instrument.ceiling, instrument.ticks};
    m_books->reopen(m_listings[i].even, spec);
    m_books->reopen(m_listings[i].odd, spec);
    m_hash.add(reference.raw());
    changed(i);
    return true;
}

/// Orders that self-trade prevention took away did not trade: on the tape they are cancelled before.
/// What it took of the order itself comes off its quantity.
void PaperExchange::tapeSelfTrades(OrderRef own, VenueOrder *order, Time at)
{
    for (const BookEvent &event : m_events) {
        if (event.kind != BookEvent::Kind::Killed || event.reason != KillReason::SelfTrade)
            continue;
        if (order && event.ref == own)
            order->quantity -= event.quantity;
        else
            m_tape->cancelled(event.ref, at);
    }
}

DayOpening PaperExchange::opening() const
{
    DayOpening opening;
    for (const Instrument &instrument : m_instruments) {
        const Listing &listing = m_listings[instrument.index];
        DayOpening::Listing day{instrument.reference,
                                instrument.ceiling,
                                instrument.floor,
                                instrument.firstDay,
                                instrument.hasMatchPrice,
                                instrument.halted,
                                instrument.active,
                                listing.open,
                                listing.high,
                                listing.low,
                                listing.last,
                                listing.lastQuantity,
                                listing.volume,
                                listing.continuousVolume,
                                listing.value,
                                listing.continuousValue,
                                {},
                                {}};
        for (const bool odd : {false, true}) {
            for (const RestingOrder &order : m_books->resting(odd ? listing.odd : listing.even))
                (odd ? day.odd : day.even)
                    .push_back({order.ref, order.owner != 0, order.side, order.instruction,
                                order.price, order.quantity});
        }
        opening.listings.push_back(std::move(day));
    }
    return opening;
}

std::optional<Error> PaperExchange::checkOpening(const DayOpening &opening) const
{
    if (opening.listings.size() != m_instruments.size())
        return Error{Code::VALIDATION_ERROR, "opening", std::to_string(opening.listings.size()),
                     std::to_string(m_instruments.size()) + " instruments"};
    for (const Instrument &instrument : m_instruments) {
        const DayOpening::Listing &day = opening.listings[instrument.index];
        const Phase now = phaseOf(instrument.index);
        const bool traded = day.active && !day.halted;
        const bool takes = now == Phase::Continuous || now == Phase::Break
                           || now == Phase::PostClose || isAuction(now);
        const auto off = [&instrument](const char *what) {
            return Error{Code::VALIDATION_ERROR, "opening." + instrument.symbol, what,
                         "a state this market can be in"};
        };
        if (day.floor <= Price(0) || day.reference < day.floor || day.ceiling < day.reference
            || day.ceiling > highestPrice)
            return off("reference, ceiling and floor");
        for (const auto *orders : {&day.even, &day.odd}) {
            if (!orders->empty() && !takes)
                return off("orders in a closed market");
            const auto bid = bestOf(*orders, Side::Buy), ask = bestOf(*orders, Side::Sell);
            if (traded && !isAuction(now) && now != Phase::PostClose && bid && ask && *bid >= *ask)
                return off("a crossed book");
            for (const DayOpening::Order &order : *orders) {
                if (order.instruction == Instruction::AtAuction && !isAuction(now))
                    return off("an order at the auction's price outside a call");
            }
        }
    }
    return std::nullopt;
}

void PaperExchange::startFrom(
    const DayOpening &opening,
    const std::function<void(const DayOpening::Order &, InstrumentIndex, OrderRef)> &entered)
{
    for (Instrument &instrument : m_instruments) {
        const InstrumentIndex i = instrument.index;
        const DayOpening::Listing &day = opening.listings[i];
        Listing &listing = m_listings[i];
        KHOP_INVARIANT(restingOrders(i) == 0);
        instrument.reference = day.reference;
        instrument.ceiling = day.ceiling;
        instrument.floor = day.floor;
        instrument.firstDay = day.firstDay;
        instrument.hasMatchPrice = day.hasMatchPrice;
        instrument.halted = day.halted;
        instrument.active = day.active;
        listing.open = day.open;
        listing.high = day.high;
        listing.low = day.low;
        listing.last = day.last;
        listing.lastQuantity = day.lastQuantity;
        listing.volume = day.volume;
        listing.value = day.value;
        listing.continuousVolume = day.continuousVolume;
        listing.continuousValue = day.continuousValue;
        const BookSpec spec{instrument.floor, instrument.ceiling, instrument.ticks};
        for (const bool odd : {false, true}) {
            const BookId book = odd ? listing.odd : listing.even;
            m_books->reopen(book, spec);
            std::vector<RestingOrder> resting;
            for (const DayOpening::Order &order : odd ? day.odd : day.even) {
                const OrderRef ref = newRef();
                m_entered[ref] = {i, 0, order.side, odd, order.quantity};
                resting.push_back({ref, 0, order.side, order.instruction, order.price,
                                   order.quantity, resting.size() + 1});
                entered(order, i, ref);
                m_hash.add(std::uint64_t{ref} << 8 | 5);
                m_hash.add(order.quantity.raw());
            }
            m_books->restore(book, resting);
        }
        startBooks(i, stateOf(boardOf(i))); // halted or not as it was
        m_hash.add(instrument.reference.raw());
        changed(i);
    }
}

} // namespace khop
