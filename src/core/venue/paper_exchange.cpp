// SPDX-License-Identifier: GPL-3.0-or-later
#include "venue/paper_exchange.h"

#include "base/invariant.h"
#include "base/wide.h"
#include "ledger/order_cost.h"

#include <algorithm>

namespace khop {

namespace {

Instruction instructionOf(OrderType type, TimeInForce timeInForce)
{
    if (timeInForce == TimeInForce::FOK)
        return Instruction::FillOrKill;
    if (timeInForce == TimeInForce::IOC)
        return Instruction::ImmediateOrCancel;
    switch (type) {
    case OrderType::LO:
    case OrderType::Limit:
    case OrderType::PLO: return Instruction::Limit;
    case OrderType::ATO:
    case OrderType::ATC: return Instruction::AtAuction;
    case OrderType::MTL: return Instruction::MarketToLimit;
    case OrderType::MOK: return Instruction::FillOrKill;
    case OrderType::MAK:
    case OrderType::Market: return Instruction::ImmediateOrCancel;
    }
    return Instruction::Limit;
}

} // namespace

PaperExchange::PaperExchange(VenueListener &listener, RollingHash &hash)
    : m_listener(listener)
    , m_hash(hash)
{}
PaperExchange::~PaperExchange() = default;

void PaperExchange::openBooks()
{
    m_calendar = {};
    m_books = makeLadderBooks();
    m_books->setPolicies(
        {m_rules.policies.mtlRemainder, m_rules.policies.atoPricing, m_rules.policies.selfMatch});
    m_listings.assign(m_instruments.size(), {});
    for (Instrument &instrument : m_instruments) {
        Listing &listing = m_listings[instrument.index];
        const BookSpec spec{instrument.floor, instrument.ceiling, instrument.ticks};
        listing.even = m_books->open(spec);
        listing.odd = m_books->open(spec);
        if (!instrument.last.isZero())
            listing.last = instrument.last;
        if (instrument.foreignRoom >= 0)
            listing.room = Quantity(instrument.foreignRoom);
    }
    m_entered.assign(1, {}); // ref 0 is none
    m_freeRefs.clear();
}

OrderRef PaperExchange::newRef()
{
    if (!m_freeRefs.empty()) {
        const OrderRef ref = m_freeRefs.back();
        m_freeRefs.pop_back();
        return ref;
    }
    m_entered.push_back({});
    return static_cast<OrderRef>(m_entered.size() - 1);
}

void PaperExchange::release(OrderRef ref)
{
    m_entered[ref] = {};
    m_freeRefs.push_back(ref);
}

bool PaperExchange::hasMatchPrice(InstrumentIndex i) const
{
    return m_listings[i].last.has_value() || m_instruments[i].hasMatchPrice;
}

Price PaperExchange::lastOrReference(InstrumentIndex i) const
{
    return m_listings[i].last.value_or(m_instruments[i].reference);
}

Board PaperExchange::boardOf(InstrumentIndex i) const
{
    const Instrument &instrument = m_instruments[i];
    return {instrument.exchange,
            instrument.restricted && !m_rules.of(instrument.exchange).restrictedSessions.empty()};
}

Phase PaperExchange::nextPhaseOf(InstrumentIndex i) const
{
    const Board board = boardOf(i);
    return m_rules.sessionAt(board.exchange, board.restricted, stateOf(board).nextChange).phase;
}

/// What the calendar and the rules say of a moment stays the same until the next session change: it
/// is looked up once.
const PaperExchange::CalendarEntry &PaperExchange::calendarEntry(Exchange exchange,
                                                                 bool restricted) const
{
    CalendarEntry &entry = m_calendar[position(Board{exchange, restricted})];
    if (m_now < entry.from || m_now >= entry.until) {
        entry.from = m_now;
        entry.until = std::min(m_rules.nextSessionChange(exchange, m_now, restricted),
                               vietnamTime(vietnamDate(m_now) + 1, 0));
        entry.session = m_rules.sessionAt(exchange, restricted, m_now);
        entry.tradingDay = m_rules.isTradingDay(exchange, vietnamDate(m_now));
        entry.settles = m_rules.of(exchange).settlement.days == 0
                            ? std::nullopt
                            : std::optional(m_rules.settlementTime(exchange, m_now));
    }
    return entry;
}

EntryContext PaperExchange::entryContext(InstrumentIndex i) const
{
    const Instrument &instrument = m_instruments[i];
    const CalendarEntry &now = calendarEntry(instrument.exchange, instrument.restricted);
    return {m_now, now.session, now.tradingDay, hasMatchPrice(i)};
}

Time PaperExchange::settlementTime(Exchange exchange) const
{
    return calendarEntry(exchange, false).settles.value_or(m_now);
}

std::optional<Error> PaperExchange::check(const OrderEntry &entry, InstrumentIndex i) const
{
    return checkEntry(entry, m_instruments[i], m_rules, entryContext(i));
}

Price PaperExchange::worstPrice(OrderType type, Side side, InstrumentIndex i) const
{
    const Instrument &instrument = m_instruments[i];
    if (type == OrderType::PLO)
        return lastOrReference(i);
    if (instrument.banded)
        return side == Side::Buy ? instrument.ceiling : instrument.floor;
    const Price start = best(i, opposite(side)).value_or(lastOrReference(i));
    return marketCollar(instrument, side, start, m_rules.policies.marketCollarPpm);
}

void PaperExchange::send(const VenueOrder &order)
{
    const bool odd = isOddLot(order.quantity, m_instruments[order.instrument]);
    m_entered[order.ref] = {order.instrument, order.owner, order.side, odd, order.quantity};
    m_events.clear();
    m_books->add(odd ? m_listings[order.instrument].odd : m_listings[order.instrument].even,
                 {order.ref, order.owner, order.side, instructionOf(order.type, order.timeInForce),
                  order.price, order.quantity},
                 m_events);
    if (m_tape) {
        VenueOrder taped = order;
        tapeSelfTrades(order.ref, &taped, m_now);
        if (!taped.quantity.isZero())
            m_tape->entered(taped, m_now);
    }
    absorb(order.instrument, odd, phaseOf(order.instrument), m_events);
    changed(order.instrument);
}

std::optional<Error> PaperExchange::checkCancel(InstrumentIndex i) const
{
    const Instrument &instrument = m_instruments[i];
    const Phase now = calendarEntry(instrument.exchange, instrument.restricted).session.phase;
    // what would reach the exchange when the break ends meets the next auction of restricted shares
    const bool meetsAuction = now == Phase::Break && isAuction(nextPhaseOf(i));
    if (isAuction(now) || meetsAuction)
        return Error{Code::CANCEL_NOT_ALLOWED_IN_AUCTION, "symbol", instrument.symbol,
                     std::string(name(now))};
    if (now == Phase::PostClose)
        return Error{Code::ORDER_NOT_CANCELLABLE, "symbol", instrument.symbol,
                     std::string(name(now))};
    return std::nullopt;
}

std::optional<Quantity> PaperExchange::cancel(OrderRef ref)
{
    const auto open = m_books->cancel(ref);
    if (open) {
        const InstrumentIndex i = m_entered[ref].instrument;
        m_hash.add(std::uint64_t{ref} << 8 | 1);
        m_hash.add(open->raw());
        if (m_tape)
            m_tape->cancelled(ref, m_now);
        release(ref);
        changed(i);
    }
    return open;
}

void PaperExchange::reduce(OrderRef ref, Quantity leaves)
{
    const bool done = m_books->reduce(ref, leaves);
    KHOP_INVARIANT(done);
    m_entered[ref].leaves = leaves;
    if (m_tape)
        m_tape->reduced(ref, leaves, m_now);
    m_hash.add(std::uint64_t{ref} << 8 | 2);
    m_hash.add(leaves.raw());
    changed(m_entered[ref].instrument);
}

void PaperExchange::replace(OrderRef ref, Price price, Quantity leaves)
{
    const Entered entered = m_entered[ref];
    m_entered[ref].leaves = leaves;
    m_events.clear();
    const bool done = m_books->replace(ref, price, leaves, m_events);
    KHOP_INVARIANT(done);
    if (m_tape) {
        VenueOrder taped;
        taped.quantity = leaves;
        tapeSelfTrades(ref, &taped, m_now);
        if (taped.quantity.isZero())
            m_tape->cancelled(ref, m_now);
        else
            m_tape->replaced(ref, price, taped.quantity, m_now);
    }
    m_hash.add(std::uint64_t{ref} << 8 | 3);
    absorb(entered.instrument, entered.odd, phaseOf(entered.instrument), m_events);
    changed(entered.instrument);
}

void PaperExchange::absorb(InstrumentIndex i, bool odd, Phase phase, const BookEvents &events)
{
    for (const BookEvent &event : events) {
        m_hash.add(std::uint64_t{event.ref} << 32 | event.maker);
        m_hash.add(static_cast<std::uint64_t>(event.kind)
                   ^ static_cast<std::uint64_t>(event.price.raw()) << 4);
        m_hash.add(event.quantity.raw());
        switch (event.kind) {
        case BookEvent::Kind::Trade: {
            Entered &taker = m_entered[event.ref];
            Entered &maker = m_entered[event.maker];
            const bool takerBuys = taker.side == Side::Buy;
            const Instrument &instrument = m_instruments[i];
            const auto value = notional(instrument, m_rules.currencyScale(instrument.currency),
                                        event.price, event.quantity, Rounding::Down);
            KHOP_INVARIANT(value.has_value());
            const VenueTrade trade{i,
                                   event.price,
                                   event.quantity,
                                   *value,
                                   event.aggressor,
                                   takerBuys ? event.ref : event.maker,
                                   takerBuys ? event.maker : event.ref,
                                   takerBuys ? taker.owner : maker.owner,
                                   takerBuys ? maker.owner : taker.owner,
                                   odd,
                                   phase};
            recordTrade(trade);
            taker.leaves -= event.quantity;
            maker.leaves -= event.quantity;
            if (m_tape)
                m_tape->traded(trade, m_now);
            m_listener.traded(trade);
            if (m_entered[event.maker].leaves.isZero())
                release(event.maker);
            if (m_entered[event.ref].leaves.isZero())
                release(event.ref);
            break;
        }
        case BookEvent::Kind::Rested: m_listener.resting(event.ref, event.price); break;
        case BookEvent::Kind::Killed:
            m_entered[event.ref].leaves -= event.quantity;
            m_listener.killed(event.ref, event.quantity, event.reason);
            if (m_entered[event.ref].leaves.isZero())
                release(event.ref);
            break;
        }
    }
}

void PaperExchange::recordTrade(const VenueTrade &trade)
{
    if (trade.oddLot)
        return; // odd lots set no prices
    Listing &listing = m_listings[trade.instrument];
    const Price price = trade.price;
    if (!listing.open)
        listing.open = price;
    listing.high = std::max(listing.high.value_or(price), price);
    listing.low = std::min(listing.low.value_or(price), price);
    listing.last = price;
    listing.lastQuantity = trade.quantity;
    listing.volume += trade.quantity;
    listing.value += trade.value;
    if (trade.phase == Phase::Continuous) {
        listing.continuousVolume += trade.quantity;
        listing.continuousValue += trade.value;
    }
}

void PaperExchange::takeRoom(InstrumentIndex i, Quantity quantity)
{
    Listing &listing = m_listings[i];
    if (!listing.room || quantity.isZero())
        return;
    *listing.room -= quantity;
    m_instruments[i].foreignRoom = std::max<std::int64_t>(0, listing.room->raw());
    m_hash.add(std::uint64_t{i} << 8 | 6);
    m_hash.add(listing.room->raw());
    changed(i);
}

void PaperExchange::recordPutThrough(InstrumentIndex i, Price price, Quantity quantity)
{
    Listing &listing = m_listings[i];
    const Instrument &instrument = m_instruments[i];
    listing.putThroughVolume += quantity;
    listing.putThroughValue += notional(instrument, m_rules.currencyScale(instrument.currency),
                                        price, quantity, Rounding::Down)
                                   .value_or(Money{});
    m_hash.add(std::uint64_t{i} << 8 | 7);
    m_hash.add(listing.putThroughVolume.raw());
    changed(i);
}

void PaperExchange::changed(InstrumentIndex i)
{
    ++m_listings[i].sequence;
    m_listener.quoteChanged(i);
}

std::optional<Price> PaperExchange::best(InstrumentIndex i, Side side) const
{
    return m_books->best(m_listings[i].even, side);
}

std::size_t PaperExchange::restingOrders(InstrumentIndex i) const
{
    return m_books->size(m_listings[i].even) + m_books->size(m_listings[i].odd);
}

SessionState PaperExchange::sessionState(Exchange exchange) const
{
    const BoardState &market = stateOf(Board{exchange, false});
    const Session session = m_rules.sessionAt(exchange, false, m_now);
    SessionState state;
    state.exchange = exchange;
    state.phase = market.phase;
    state.date = dayAt(exchange, m_now);
    state.tradingDay = m_rules.isTradingDay(exchange, state.date);
    state.since =
        market.phase == Phase::Closed ? m_now : vietnamTime(vietnamDate(m_now), session.from);
    state.until = market.nextChange;
    state.next = m_rules.sessionAt(exchange, false, market.nextChange).phase;
    state.orderTypes = session.types;
    return state;
}

} // namespace khop
