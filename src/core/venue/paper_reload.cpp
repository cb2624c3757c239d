// SPDX-License-Identifier: GPL-3.0-or-later
// New rules and instruments under a running exchange.
#include "venue/paper_exchange.h"

#include <algorithm>

namespace khop {

namespace {

/// What the day has made of an instrument stays, unless the data says something new of it.
void carryOver(Instrument &next, const Instrument &running, const Instrument &before)
{
    if (next.reference == before.reference)
        next.reference = running.reference;
    if (next.firstDay == before.firstDay)
        next.firstDay = running.firstDay;
    if (next.halted == before.halted)
        next.halted = running.halted;
    if (next.active == before.active)
        next.active = running.active;
    next.wideBand = running.wideBand;
    next.hasMatchPrice = running.hasMatchPrice;
}

} // namespace

void PaperExchange::reconfigure(MarketRules rules, std::vector<Instrument> instruments,
                                const std::vector<Instrument> &before)
{
    struct Kept {
        std::vector<RestingOrder> orders[2];
    };
    const std::vector<Listing> listings = m_listings;
    const LargeArray<Entered> entered = m_entered;
    const std::vector<OrderRef> freeRefs = m_freeRefs;
    std::vector<Kept> kept(listings.size());
    for (InstrumentIndex i = 0; i < listings.size(); ++i) {
        kept[i].orders[0] = m_books->resting(listings[i].even);
        kept[i].orders[1] = m_books->resting(listings[i].odd);
    }
    const std::vector<Instrument> running = m_instruments;
    for (InstrumentIndex i = 0; i < running.size(); ++i)
        carryOver(instruments[i], running[i], before[i]);
    m_rules = std::move(rules);
    m_calendar = {};
    m_instruments = std::move(instruments);
    for (int e = 0; e < exchangeCount; ++e)
        adoptRules(static_cast<Exchange>(e), m_markets[static_cast<std::size_t>(e)].day);
    for (Instrument &instrument : m_instruments) {
        const auto move = [this](Instrument &listed) {
            makeMoves(listed, m_markets[static_cast<std::size_t>(listed.exchange)].day);
        };
        move(instrument);
        if (instrument.index < running.size()) {
            // where a corporate action has brought it, unless the data says something new
            Instrument was = before[instrument.index];
            move(was);
            if (instrument.exchange == was.exchange)
                instrument.exchange = running[instrument.index].exchange;
        }
        instrument.reference = nearestPrice(instrument.reference, ticksOf(instrument, m_rules));
    }
    applyDayLimits(m_instruments, m_rules);
    openBooks();
    m_entered = entered;
    m_freeRefs = freeRefs;
    std::vector<OrderRef> expired;
    for (InstrumentIndex i = 0; i < listings.size(); ++i) {
        const Instrument &instrument = m_instruments[i];
        Listing &listing = m_listings[i];
        const BookId books[2] = {listing.even, listing.odd};
        const bool newRoom = instrument.foreignRoom != before[i].foreignRoom;
        const std::optional<Quantity> room = newRoom ? listing.room : listings[i].room;
        listing = listings[i];
        listing.even = books[0];
        listing.odd = books[1];
        listing.room = room;
        for (int odd = 0; odd < 2; ++odd) {
            m_books->startCall(books[odd]);
            std::erase_if(kept[i].orders[odd], [&](const RestingOrder &order) {
                const bool fits = order.price >= instrument.floor
                                  && order.price <= instrument.ceiling
                                  && instrument.ticks.isOnTick(order.price)
                                  && instrument.exchange == running[i].exchange;
                if (!fits)
                    expired.push_back(order.ref);
                return !fits;
            });
            m_books->restore(books[odd], kept[i].orders[odd]);
        }
    }
    for (Instrument &instrument : m_instruments) {
        const auto &room = m_listings[instrument.index].room;
        instrument.foreignRoom = room ? std::max<std::int64_t>(0, room->raw()) : -1;
    }
    for (const OrderRef ref : expired) {
        const Quantity open = m_entered[ref].leaves;
        m_hash.add(std::uint64_t{ref} << 8 | 4);
        m_listener.expired(ref, open);
        release(ref);
    }
    for (int e = 0; e < exchangeCount; ++e) {
        const auto exchange = static_cast<Exchange>(e);
        Market &market = m_markets[static_cast<std::size_t>(e)];
        market.nextDay = startOfNextDay(exchange, market.day);
        const bool sessionsHeld = market.sessionsHeld;
        for (const bool restricted : {false, true}) {
            const Board board{exchange, restricted};
            if (!isAuction(m_rules.sessionAt(exchange, restricted, m_now).phase))
                forEachOn(board, [this](InstrumentIndex i) { endAuction(i); });
            startBoard(board);
        }
        market.sessionsHeld |= sessionsHeld;
    }
    m_nextEvent = findNextEvent();
}

} // namespace khop
