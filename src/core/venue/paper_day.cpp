// SPDX-License-Identifier: GPL-3.0-or-later
// The turn of an exchange's day: the rules of the new day, references, moves between exchanges,
// ex-rights, limits, and books for them.
#include "base/invariant.h"
#include "base/wide.h"
#include "venue/paper_exchange.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr Time never{std::numeric_limits<std::int64_t>::max()};

} // namespace

/// What the rules of that day say of an exchange; policies and holidays are Vietnam's day's.
void PaperExchange::adoptRules(Exchange exchange, Date day)
{
    if (m_rules.changes.empty())
        return;
    const MarketRules &version = m_rules.inForceOn(day);
    if (&version == &m_rules)
        return;
    m_calendar = {};
    m_rules.exchanges[static_cast<std::size_t>(exchange)] = version.of(exchange);
    if (exchange != Exchange::HOSE)
        return;
    m_rules.policies = version.policies;
    m_rules.calendar = version.calendar;
    if (m_books)
        m_books->setPolicies({m_rules.policies.mtlRemainder, m_rules.policies.atoPricing,
                              m_rules.policies.selfMatch});
}

Price PaperExchange::nextReference(const Instrument &instrument, const Listing &listing) const
{
    if (instrument.exchange == Exchange::UPCOM) {
        // UPCoM: the day's average of even-lot continuous trades, to the nearest tick (100 dong)
        if (listing.continuousVolume.isZero())
            return instrument.reference;
        const int scale = instrument.priceScale - m_rules.currencyScale(instrument.currency);
        const Int128 value = static_cast<Int128>(listing.continuousValue.raw()) * powerOfTen(scale);
        const Int128 volume = listing.continuousVolume.raw();
        const Int128 average = std::min<Int128>(value / volume, highestPrice.raw());
        const Price tick = instrument.ticks.tickAt(Price(static_cast<std::int64_t>(average)));
        const Int128 unit = volume * tick.raw();
        return Price(static_cast<std::int64_t>((value * 2 + unit) / (unit * 2)) * tick.raw());
    }
    return listing.last.value_or(instrument.reference);
}

void PaperExchange::announce(InstrumentIndex i, Date exDate, const ExRights &rights)
{
    if (rights == ExRights{})
        m_exRights.erase({exDate, i});
    else
        m_exRights.insert_or_assign({exDate, i}, rights);
    m_hash.add(std::uint64_t{i} << 32 | static_cast<std::uint32_t>(exDate.day));
    m_hash.add(rights.cashDividend.raw());
    m_hash.add(rights.bonusRatio);
    m_hash.add(rights.rightsRatio);
    m_hash.add(rights.issuePrice.raw());
    m_hash.add(std::uint64_t{rights.fromTreasury});
    if (rights.splitRatio != 0) {
        m_hash.add(rights.splitRatio);
        m_hash.add(rights.splitPer);
    }
}

void PaperExchange::announceMove(InstrumentIndex i, Date on, std::optional<Exchange> to)
{
    if (to)
        m_moves.insert_or_assign({on, i}, *to);
    else
        m_moves.erase({on, i});
    m_hash.add(std::uint64_t{i} << 32 | static_cast<std::uint32_t>(on.day));
    m_hash.add(to ? static_cast<std::uint64_t>(*to) + 1 : 0);
}

void PaperExchange::makeAnnouncedMoves(Instrument &instrument, Date day)
{
    for (auto it = m_moves.begin(); it != m_moves.end() && it->first.first <= day;) {
        if (it->first.second != instrument.index) {
            ++it;
            continue;
        }
        instrument.exchange = it->second;
        it = m_moves.erase(it);
    }
}

/// What an ex-date, of today or of days without trading before it, does to the new day.
void PaperExchange::applyExRights(Instrument &instrument, Date day)
{
    for (auto it = m_exRights.begin(); it != m_exRights.end() && it->first.first <= day;) {
        if (it->first.second != instrument.index) {
            ++it;
            continue;
        }
        const ExRights &rights = it->second;
        const auto adjusted =
            exRightsReference(instrument.reference, rights, ticksOf(instrument, m_rules));
        if (adjusted)
            instrument.reference = *adjusted;
        instrument.wideBand |= !adjusted || rights.fromTreasury;
        it = m_exRights.erase(it);
    }
}

void PaperExchange::makeMoves(Instrument &instrument, Date day)
{
    while (!instrument.moves.empty() && instrument.moves.front().on <= day) {
        instrument.exchange = instrument.moves.front().to;
        instrument.moves.erase(instrument.moves.begin());
    }
}

void PaperExchange::rollInstrument(Instrument &instrument, Date day, bool sessionsHeld)
{
    Listing &listing = m_listings[instrument.index];
    const bool traded = instrument.exchange == Exchange::UPCOM ? !listing.continuousVolume.isZero()
                                                               : listing.last.has_value();
    instrument.reference = nextReference(instrument, listing);
    instrument.hasMatchPrice = false;
    instrument.last = Price{};
    instrument.wideBand = false;
    int idle = listing.idleSessions;
    if (!listing.volume.isZero())
        idle = 0;
    else if (sessionsHeld)
        ++idle;
    // a first day is over: on HOSE with the day, elsewhere once there is a price to go on from
    if (traded || (sessionsHeld && instrument.exchange == Exchange::HOSE))
        instrument.firstDay = false;
    if (idle > m_rules.of(instrument.exchange).idleSessions)
        instrument.firstDay = true;
    Listing next;
    next.even = listing.even;
    next.odd = listing.odd;
    next.idleSessions = idle;
    next.room = listing.room;
    next.sequence = listing.sequence;
    listing = next;
    const Exchange before = instrument.exchange;
    makeMoves(instrument, day);
    makeAnnouncedMoves(instrument, day);
    instrument.firstDay |= instrument.exchange != before;
    listing.close = instrument.reference;
    applyExRights(instrument, day);
    instrument.reference = nearestPrice(instrument.reference, ticksOf(instrument, m_rules));
    m_hash.add(instrument.reference.raw());
    m_hash.add(std::uint64_t{instrument.firstDay} << 8 | std::uint64_t{instrument.wideBand});
}

void PaperExchange::rollDay(Exchange exchange, Date day, Time at)
{
    Market &market = m_markets[static_cast<std::size_t>(exchange)];
    const bool sessionsHeld = std::exchange(market.sessionsHeld, false);
    forEachOn(exchange,
              [&](InstrumentIndex i) { m_listener.closed(i, market.day, lastOrReference(i)); });
    adoptRules(exchange, day);
    market.day = day;
    market.nextDay = startOfNextDay(exchange, day);
    std::vector<InstrumentIndex> rolled;
    std::vector<TickTable> grids;
    forEachOn(exchange, [&](InstrumentIndex i) {
        rolled.push_back(i);
        grids.push_back(m_instruments[i].ticks);
    });
    for (const InstrumentIndex i : rolled)
        rollInstrument(m_instruments[i], day, sessionsHeld);
    applyDayLimits(m_instruments, m_rules); // of all: a warrant's band follows its underlying's
    for (std::size_t k = 0; k < rolled.size(); ++k) {
        const Instrument &instrument = m_instruments[rolled[k]];
        if (instrument.banded || instrument.ticks != grids[k])
            renewBooks(rolled[k]);
        changed(rolled[k]);
    }
    for (const bool restricted : {false, true}) {
        const Board board{exchange, restricted};
        BoardState &state = stateOf(board);
        if (!exists(board))
            state.nextChange = never;
        else if (state.nextChange != at)
            state.nextChange = m_rules.nextSessionChange(exchange, at, restricted);
    }
    if (m_tape && !m_rules.of(exchange).everyDay)
        m_tape->dayOver(at);
    m_listener.newDay(exchange, at);
}

/// Books for the day's limits. Only SPOT has orders from the day before; those that are off a new grid
/// expire, the others keep their places.
void PaperExchange::renewBooks(InstrumentIndex i)
{
    const Instrument &instrument = m_instruments[i];
    const BookSpec spec{instrument.floor, instrument.ceiling, instrument.ticks};
    for (const BookId book : {m_listings[i].even, m_listings[i].odd}) {
        if (m_books->size(book) == 0) {
            m_books->reopen(book, spec);
            continue;
        }
        std::vector<RestingOrder> kept;
        for (const RestingOrder &order : m_books->resting(book)) {
            const auto open = m_books->cancel(order.ref);
            KHOP_INVARIANT(open.has_value());
            const bool fits = order.price >= spec.floor && order.price <= spec.ceiling
                              && spec.ticks.isOnTick(order.price);
            if (fits) {
                kept.push_back(order);
                continue;
            }
            m_hash.add(std::uint64_t{order.ref} << 8 | 4);
            m_listener.expired(order.ref, *open);
            release(order.ref);
        }
        m_books->reopen(book, spec);
        m_books->restore(book, kept);
    }
}

} // namespace khop
