// SPDX-License-Identifier: GPL-3.0-or-later
// The exchange's day: sessions, auctions, post-close matching, expiry, and the next day's limits.
#include "base/invariant.h"
#include "base/wide.h"
#include "venue/paper_exchange.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr Time never{std::numeric_limits<std::int64_t>::max()};
constexpr std::array allExchanges{Exchange::HOSE, Exchange::HNX, Exchange::UPCOM, Exchange::SPOT};

} // namespace

template <class Action>
void PaperExchange::forEachOn(Exchange exchange, Action action)
{
    for (const Instrument &instrument : m_instruments) {
        if (instrument.exchange == exchange)
            action(instrument.index);
    }
}

Date PaperExchange::dayAt(Exchange exchange, Time time) const
{
    return vietnamDate(m_rules.of(exchange).everyDay ? time + (-vietnamOffset) : time);
}

Time PaperExchange::startOfNextDay(Exchange exchange, Date day) const
{
    if (m_rules.of(exchange).everyDay)
        return Time{std::int64_t{day.day + 1} * millisecondsPerDay};
    return vietnamTime(m_rules.calendar.nextTradingDay(day), 0);
}

void PaperExchange::configure(MarketRules rules, std::vector<Instrument> instruments, Time now)
{
    m_rules = std::move(rules);
    m_instruments = std::move(instruments);
    m_now = now;
    openBooks();
    for (const Exchange exchange : allExchanges) {
        Market &market = m_markets[static_cast<std::size_t>(exchange)];
        market.day = dayAt(exchange, now);
        market.nextDay = startOfNextDay(exchange, market.day);
        market.phase = m_rules.sessionAt(exchange, false, now).phase;
        market.nextChange = m_rules.nextSessionChange(exchange, now);
        market.ploMatch = never;
        market.dayOpen = market.phase != Phase::Closed;
        startBooks(exchange, market.phase);
    }
}

Time PaperExchange::nextEvent() const
{
    Time next = never;
    for (const Market &market : m_markets)
        next = std::min({next, market.nextChange, market.nextDay, market.ploMatch});
    return next;
}

void PaperExchange::runEvent(Time at)
{
    m_now = at;
    for (const Exchange exchange : allExchanges) {
        Market &market = m_markets[static_cast<std::size_t>(exchange)];
        if (market.ploMatch == at)
            matchPostClose(exchange);
        if (market.nextDay == at)
            rollDay(exchange, dayAt(exchange, at), at);
        if (market.nextChange == at) {
            market.nextChange = m_rules.nextSessionChange(exchange, at);
            setPhase(exchange, m_rules.sessionAt(exchange, false, at).phase, at);
        }
    }
}

void PaperExchange::setPhase(Exchange exchange, Phase to, Time at)
{
    Market &market = m_markets[static_cast<std::size_t>(exchange)];
    const Phase from = market.phase;
    if (from == to)
        return;
    if (isAuction(from))
        uncross(exchange, from);
    if (market.ploMatch != never)
        matchPostClose(exchange);
    const bool sessionsOver =
        to == Phase::Closed || to == Phase::PutThroughOnly || to == Phase::PostClose;
    if (sessionsOver)
        expireAll(exchange);
    market.phase = to;
    m_hash.add(static_cast<std::uint64_t>(exchange) << 16 | static_cast<std::uint64_t>(to));
    m_hash.add(at.ms);
    if (m_tape)
        m_tape->phaseChanged(exchange, to, at);
    startBooks(exchange, to);
    forEachOn(exchange, [this](InstrumentIndex i) { changed(i); });
    if (to != Phase::Closed)
        market.dayOpen = true;
    m_listener.phaseChanged(exchange, from, to, at);
    if (to == Phase::Closed && market.dayOpen) {
        market.dayOpen = false;
        m_listener.dayEnded(exchange, at);
    }
}

void PaperExchange::startBooks(Exchange exchange, Phase phase)
{
    Market &market = m_markets[static_cast<std::size_t>(exchange)];
    const bool collect = phase == Phase::PostClose
                         && m_rules.policies.ploMode == PloMode::KrxTwoPhase
                         && vietnamTimeOfDay(m_now) < m_rules.policies.ploMatchFrom;
    if (collect)
        market.ploMatch = vietnamTime(vietnamDate(m_now), m_rules.policies.ploMatchFrom);
    forEachOn(exchange, [&](InstrumentIndex i) {
        for (const BookId book : {m_listings[i].even, m_listings[i].odd}) {
            if (isAuction(phase) || collect)
                m_books->startCall(book);
            else if (phase == Phase::Continuous || phase == Phase::PostClose)
                m_books->startContinuous(book);
        }
    });
}

void PaperExchange::uncross(Exchange exchange, Phase phase)
{
    forEachOn(exchange, [&](InstrumentIndex i) {
        const Price base =
            phase == Phase::OpeningAuction ? m_instruments[i].reference : lastOrReference(i);
        for (const bool odd : {false, true}) {
            if (odd && !m_rules.policies.oddLotInAuction)
                continue;
            m_events.clear();
            m_books->uncross(odd ? m_listings[i].odd : m_listings[i].even, base, m_events);
            if (m_tape) // a replay uncrosses by itself: these must be gone before
                tapeSelfTrades(0, nullptr, m_now + (-1));
            absorb(i, odd, phase, m_events);
        }
    });
}

void PaperExchange::matchPostClose(Exchange exchange)
{
    m_markets[static_cast<std::size_t>(exchange)].ploMatch = never;
    uncross(exchange, Phase::PostClose);
    forEachOn(exchange, [this](InstrumentIndex i) {
        m_books->startContinuous(m_listings[i].even);
        m_books->startContinuous(m_listings[i].odd);
        changed(i);
    });
}

void PaperExchange::expireAll(Exchange exchange)
{
    if (m_rules.of(exchange).everyDay)
        return; // GTC and GTD live on; DAY orders carry their own expiry
    forEachOn(exchange, [this](InstrumentIndex i) {
        for (const BookId book : {m_listings[i].even, m_listings[i].odd}) {
            for (const RestingOrder &order : m_books->resting(book)) {
                const auto open = m_books->cancel(order.ref);
                KHOP_INVARIANT(open.has_value());
                m_hash.add(std::uint64_t{order.ref} << 8 | 4);
                m_listener.expired(order.ref, *open);
                release(order.ref);
            }
        }
    });
}

Price PaperExchange::nextReference(const Instrument &instrument, const Listing &listing) const
{
    if (instrument.exchange == Exchange::UPCOM) {
        // UPCoM: the day's average of even-lot continuous trades, to the nearest tick (100 dong)
        if (listing.continuousVolume.isZero())
            return instrument.reference;
        const std::int64_t tick = instrument.ticks.tickAt(instrument.reference).raw();
        const auto ticks = mulDiv(listing.continuousValue.raw(), 1,
                                  tick * listing.continuousVolume.raw(), Rounding::HalfUp);
        return Price(ticks.value_or(0) * tick);
    }
    return listing.last.value_or(instrument.reference);
}

void PaperExchange::rollDay(Exchange exchange, Date day, Time at)
{
    Market &market = m_markets[static_cast<std::size_t>(exchange)];
    market.day = day;
    market.nextDay = startOfNextDay(exchange, day);
    for (Instrument &instrument : m_instruments) {
        if (instrument.exchange != exchange)
            continue;
        Listing &listing = m_listings[instrument.index];
        const bool traded = listing.last.has_value();
        instrument.reference = nextReference(instrument, listing);
        instrument.hasMatchPrice = false;
        instrument.last = Price{};
        if (instrument.firstDay && (traded || exchange == Exchange::HOSE))
            instrument.firstDay = false;
        const Listing yesterday = listing;
        listing = {};
        listing.even = yesterday.even;
        listing.odd = yesterday.odd;
        listing.sequence = yesterday.sequence;
        m_hash.add(instrument.reference.raw());
    }
    applyDayLimits(m_instruments, m_rules); // of all: a warrant's band follows its underlying's
    forEachOn(exchange, [this](InstrumentIndex i) {
        const Instrument &instrument = m_instruments[i];
        if (instrument.banded) {
            const BookSpec spec{instrument.floor, instrument.ceiling, instrument.ticks};
            m_books->reopen(m_listings[i].even, spec);
            m_books->reopen(m_listings[i].odd, spec);
        }
        changed(i);
    });
    if (m_tape && !m_rules.of(exchange).everyDay)
        m_tape->dayOver(at);
    m_listener.newDay(exchange, at);
}

void PaperExchange::save(ByteWriter &out) const
{
    out.time(m_now);
    for (const Market &market : m_markets) {
        out.u64(static_cast<std::uint64_t>(market.phase));
        out.i64(market.day.day);
        out.time(market.nextChange);
        out.time(market.nextDay);
        out.time(market.ploMatch);
        out.u64(market.dayOpen);
    }
    out.u64(m_instruments.size());
    for (const Instrument &instrument : m_instruments) {
        const Listing &listing = m_listings[instrument.index];
        out.number(instrument.reference);
        out.number(instrument.ceiling);
        out.number(instrument.floor);
        out.u64(instrument.firstDay);
        out.u64(instrument.hasMatchPrice);
        out.number(instrument.last);
        out.i64(instrument.foreignRoom);
        out.u64(instrument.halted);
        out.u64(instrument.active);
        for (const auto &price : {listing.open, listing.high, listing.low, listing.last})
            out.optional(price);
        out.number(listing.lastQuantity);
        out.number(listing.volume);
        out.number(listing.value);
        out.number(listing.continuousValue);
        out.number(listing.continuousVolume);
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
        market.phase = in.choice<Phase>(phaseCount);
        market.day = {static_cast<std::int32_t>(in.i64())};
        market.nextChange = in.time();
        market.nextDay = in.time();
        market.ploMatch = in.time();
        market.dayOpen = in.u64() != 0;
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
        instrument.reference = in.number<Price>();
        instrument.ceiling = in.number<Price>();
        instrument.floor = in.number<Price>();
        instrument.firstDay = in.u64() != 0;
        instrument.hasMatchPrice = in.u64() != 0;
        instrument.last = in.number<Price>();
        instrument.foreignRoom = in.i64();
        instrument.halted = in.u64() != 0;
        instrument.active = in.u64() != 0;
        for (auto *price : {&listing.open, &listing.high, &listing.low, &listing.last})
            *price = in.optional<Price>();
        listing.lastQuantity = in.number<Quantity>();
        listing.volume = in.number<Quantity>();
        listing.value = in.number<Money>();
        listing.continuousValue = in.number<Money>();
        listing.continuousVolume = in.number<Quantity>();
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
    const std::uint64_t entered = in.u64();
    const std::uint64_t freeRefs = in.u64();
    if (!in.ok() || entered > 0xFFFF'FFFF || freeRefs > entered)
        return false;
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
    return in.ok();
}

} // namespace khop
