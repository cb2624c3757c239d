// SPDX-License-Identifier: GPL-3.0-or-later
// The paper exchange as bytes: boards, references, the day's figures and the books.
#include "venue/paper_exchange.h"

#include <algorithm>

namespace khop {

void PaperExchange::save(ByteWriter &out) const
{
    out.time(m_now);
    for (const Market &market : m_markets) {
        out.i64(market.day.day);
        out.time(market.nextDay);
        out.u64(market.sessionsHeld);
    }
    for (const BoardState &board : m_boards) {
        out.u64(static_cast<std::uint64_t>(board.phase));
        for (const Time time : {board.since, board.nextChange, board.ploMatch})
            out.time(time);
        out.u64(board.dayOpen);
    }
    out.u64(m_instruments.size());
    for (const Instrument &instrument : m_instruments) {
        const Listing &listing = m_listings[instrument.index];
        out.u64(static_cast<std::uint64_t>(instrument.exchange));
        out.u64(instrument.moves.size());
        out.number(instrument.reference);
        out.number(instrument.ceiling);
        out.number(instrument.floor);
        out.u64(instrument.firstDay);
        out.u64(instrument.wideBand);
        out.u64(instrument.hasMatchPrice);
        out.number(instrument.last);
        out.optional(listing.room);
        out.u64(instrument.halted);
        out.u64(instrument.active);
        for (const auto &price : {listing.open, listing.high, listing.low, listing.last})
            out.optional(price);
        out.number(listing.lastQuantity);
        out.number(listing.volume);
        out.number(listing.value);
        out.number(listing.continuousValue);
        out.number(listing.continuousVolume);
        out.u64(static_cast<std::uint64_t>(listing.idleSessions));
        out.number(listing.putThroughVolume);
        out.number(listing.putThroughValue);
        out.u64(listing.sequence);
        for (const BookId book : {listing.even, listing.odd}) {
            out.u64(m_books->inCall(book));
            const auto orders = m_books->resting(book);
            out.u64(orders.size());
            for (const RestingOrder &order : orders) {
                out.u64(order.ref);
                out.u64(order.owner);
                out.u64(static_cast<std::uint64_t>(order.side));
                out.u64(static_cast<std::uint64_t>(order.instruction));
                out.number(order.price);
                out.number(order.quantity);
                out.u64(order.priority);
            }
        }
    }
    out.u64(m_exRights.size());
    for (const auto &[when, rights] : m_exRights) {
        out.i64(when.first.day);
        out.u64(when.second);
        out.number(rights.cashDividend);
        out.i64(rights.bonusRatio);
        out.i64(rights.rightsRatio);
        out.number(rights.issuePrice);
        out.u64(rights.fromTreasury);
        out.i64(rights.splitRatio);
        out.i64(rights.splitPer);
    }
    out.u64(m_moves.size());
    for (const auto &[when, to] : m_moves) {
        out.i64(when.first.day);
        out.u64(when.second);
        out.u64(static_cast<std::uint64_t>(to));
    }
    out.u64(m_entered.size());
    out.u64(m_freeRefs.size());
    for (const OrderRef ref : m_freeRefs)
        out.u64(ref);
}

bool PaperExchange::load(ByteReader &in, MarketRules rules, std::vector<Instrument> instruments,
                         Time now)
{
    m_rules = std::move(rules);
    m_instruments = std::move(instruments);
    m_now = in.time();
    if (m_now > now)
        return false;
    for (Market &market : m_markets) {
        market.day = {static_cast<std::int32_t>(in.i64())};
        market.nextDay = in.time();
        market.sessionsHeld = in.u64() != 0;
    }
    for (BoardState &board : m_boards) {
        board.phase = in.choice<Phase>(phaseCount);
        for (Time *time : {&board.since, &board.nextChange, &board.ploMatch})
            *time = in.time();
        board.dayOpen = in.u64() != 0;
    }
    if (in.u64() != m_instruments.size())
        return false;
    struct Saved {
        bool call[2];
        std::vector<RestingOrder> orders[2];
    };
    std::vector<Saved> saved(m_instruments.size());
    std::vector<Listing> listings(m_instruments.size());
    for (Instrument &instrument : m_instruments) {
        Listing &listing = listings[instrument.index];
        instrument.exchange = in.choice<Exchange>(exchangeCount);
        const std::uint64_t moves = in.u64();
        if (moves > instrument.moves.size())
            return false;
        instrument.moves.erase(instrument.moves.begin(),
                               instrument.moves.end() - static_cast<std::ptrdiff_t>(moves));
        instrument.reference = in.number<Price>();
        instrument.ceiling = in.number<Price>();
        instrument.floor = in.number<Price>();
        instrument.firstDay = in.u64() != 0;
        instrument.wideBand = in.u64() != 0;
        instrument.hasMatchPrice = in.u64() != 0;
        instrument.last = in.number<Price>();
        listing.room = in.optional<Quantity>();
        instrument.foreignRoom = listing.room ? std::max<std::int64_t>(0, listing.room->raw()) : -1;
        instrument.halted = in.u64() != 0;
        instrument.active = in.u64() != 0;
        for (auto *price : {&listing.open, &listing.high, &listing.low, &listing.last})
            *price = in.optional<Price>();
        listing.lastQuantity = in.number<Quantity>();
        listing.volume = in.number<Quantity>();
        listing.value = in.number<Money>();
        listing.continuousValue = in.number<Money>();
        listing.continuousVolume = in.number<Quantity>();
        listing.idleSessions = static_cast<int>(in.u64());
        listing.putThroughVolume = in.number<Quantity>();
        listing.putThroughValue = in.number<Money>();
        listing.sequence = in.u64();
        for (int odd = 0; odd < 2; ++odd) {
            saved[instrument.index].call[odd] = in.u64() != 0;
            const std::uint64_t count = in.u64();
            for (std::uint64_t k = 0; k < count && in.ok(); ++k) {
                RestingOrder order;
                order.ref = static_cast<OrderRef>(in.u64());
                order.owner = static_cast<Owner>(in.u64());
                order.side = in.choice<Side>(2);
                order.instruction = in.choice<Instruction>(5);
                order.price = in.number<Price>();
                order.quantity = in.number<Quantity>();
                order.priority = in.u64();
                saved[instrument.index].orders[odd].push_back(order);
            }
        }
    }
    m_exRights.clear();
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        const Date exDate{static_cast<std::int32_t>(in.i64())};
        const auto i = static_cast<InstrumentIndex>(in.u64());
        ExRights rights;
        rights.cashDividend = in.number<Price>();
        rights.bonusRatio = in.i64();
        rights.rightsRatio = in.i64();
        rights.issuePrice = in.number<Price>();
        rights.fromTreasury = in.u64() != 0;
        rights.splitRatio = in.i64();
        rights.splitPer = in.i64();
        if (i >= m_instruments.size())
            return false;
        m_exRights.emplace(std::pair(exDate, i), rights);
    }
    m_moves.clear();
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        const Date on{static_cast<std::int32_t>(in.i64())};
        const auto i = static_cast<InstrumentIndex>(in.u64());
        if (i >= m_instruments.size())
            return false;
        m_moves.emplace(std::pair(on, i), in.choice<Exchange>(exchangeCount));
    }
    const std::uint64_t entered = in.u64();
    const std::uint64_t freeRefs = in.u64();
    if (!in.ok() || entered > 0xFFFF'FFFF || freeRefs > entered)
        return false;
    for (int e = 0; e < exchangeCount; ++e)
        adoptRules(static_cast<Exchange>(e), m_markets[static_cast<std::size_t>(e)].day);
    applyDayLimits(m_instruments, m_rules);
    openBooks();
    m_entered.assign(entered, {});
    for (std::uint64_t k = 0; k < freeRefs; ++k)
        m_freeRefs.push_back(static_cast<OrderRef>(in.u64()));
    for (const Instrument &instrument : m_instruments) {
        Listing &listing = listings[instrument.index];
        listing.even = m_listings[instrument.index].even;
        listing.odd = m_listings[instrument.index].odd;
        for (int odd = 0; odd < 2; ++odd) {
            const BookId book = odd ? listing.odd : listing.even;
            if (saved[instrument.index].call[odd])
                m_books->startCall(book);
            else
                m_books->startContinuous(book);
            for (const RestingOrder &order : saved[instrument.index].orders[odd]) {
                if (order.ref >= entered)
                    return false;
                m_entered[order.ref] = {instrument.index, order.owner, order.side, odd == 1,
                                        order.quantity};
            }
            m_books->restore(book, saved[instrument.index].orders[odd]);
        }
    }
    m_listings = std::move(listings);
    m_nextEvent = findNextEvent();
    return in.ok();
}

} // namespace khop
