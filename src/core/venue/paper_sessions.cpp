// SPDX-License-Identifier: GPL-3.0-or-later
// The exchange's sessions: auctions, post-close matching, halts, expiry. The next day is in paper_day.cpp,
// snapshots are in paper_snapshot.cpp.
#include "venue/paper_exchange.h"

#include "base/invariant.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr Time never{std::numeric_limits<std::int64_t>::max()};
constexpr std::array allExchanges{Exchange::HOSE, Exchange::HNX, Exchange::UPCOM, Exchange::SPOT};

} // namespace

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

bool PaperExchange::exists(Board board) const
{
    return !board.restricted || !m_rules.of(board.exchange).restrictedSessions.empty();
}

void PaperExchange::configure(MarketRules rules, std::vector<Instrument> instruments, Time now)
{
    m_rules = std::move(rules);
    m_instruments = std::move(instruments);
    m_now = now;
    for (Instrument &instrument : m_instruments)
        makeMoves(instrument, dayAt(instrument.exchange, now));
    for (const Exchange exchange : allExchanges) {
        Market &market = m_markets[static_cast<std::size_t>(exchange)];
        market.day = dayAt(exchange, now);
        market.sessionsHeld = false;
        adoptRules(exchange, market.day);
        market.nextDay = startOfNextDay(exchange, market.day);
    }
    applyDayLimits(m_instruments, m_rules);
    openBooks();
    for (const Exchange exchange : allExchanges) {
        for (const bool restricted : {false, true})
            startBoard({exchange, restricted});
    }
    m_nextEvent = findNextEvent();
}

void PaperExchange::startBoard(Board board)
{
    BoardState &state = stateOf(board);
    state = {};
    state.ploMatch = state.nextChange = never;
    if (!exists(board))
        return;
    const Session session = m_rules.sessionAt(board.exchange, board.restricted, m_now);
    state.phase = session.phase;
    state.since = m_rules.timeOn(board.exchange, dayAt(board.exchange, m_now), session.from);
    state.nextChange = m_rules.nextSessionChange(board.exchange, m_now, board.restricted);
    state.dayOpen = state.phase != Phase::Closed;
    if (state.dayOpen)
        m_markets[static_cast<std::size_t>(board.exchange)].sessionsHeld = true;
    startBooks(board);
}

Time PaperExchange::findNextEvent() const
{
    Time next = never;
    for (const Market &market : m_markets)
        next = std::min(next, market.nextDay);
    for (const BoardState &board : m_boards)
        next = std::min({next, board.nextChange, board.ploMatch});
    return next;
}

void PaperExchange::runEvent(Time at)
{
    KHOP_INVARIANT(at == findNextEvent());
    m_now = at;
    for (const Exchange exchange : allExchanges) {
        for (const bool restricted : {false, true}) {
            if (stateOf({exchange, restricted}).ploMatch == at)
                matchPostClose({exchange, restricted});
        }
        if (m_markets[static_cast<std::size_t>(exchange)].nextDay == at)
            rollDay(exchange, dayAt(exchange, at), at);
        for (const bool restricted : {false, true}) {
            if (stateOf({exchange, restricted}).nextChange == at)
                nextSession({exchange, restricted}, at);
        }
    }
    m_nextEvent = findNextEvent();
}

void PaperExchange::nextSession(Board board, Time at)
{
    BoardState &state = stateOf(board);
    const Phase from = state.phase;
    const Phase to = m_rules.sessionAt(board.exchange, board.restricted, at).phase;
    state.nextChange = m_rules.nextSessionChange(board.exchange, at, board.restricted);
    if (from == to && !isAuction(from))
        return;
    if (isAuction(from))
        uncross(board, from);
    if (state.ploMatch != never)
        matchPostClose(board);
    const bool sessionsOver =
        to == Phase::Closed || to == Phase::PutThroughOnly || to == Phase::PostClose;
    if (sessionsOver)
        expireAll(board);
    state.phase = to;
    state.since = at;
    m_hash.add(static_cast<std::uint64_t>(position(board)) << 16 | static_cast<std::uint64_t>(to));
    m_hash.add(at.ms);
    if (m_tape && !board.restricted)
        m_tape->phaseChanged(board.exchange, to, at);
    startBooks(board);
    forEachOn(board, [this](InstrumentIndex i) { changed(i); });
    if (to != Phase::Closed) {
        state.dayOpen = true;
        m_markets[static_cast<std::size_t>(board.exchange)].sessionsHeld = true;
    }
    m_listener.phaseChanged(board, from, to, at);
    if (to == Phase::Closed && state.dayOpen) {
        state.dayOpen = false;
        m_listener.dayEnded(board, at);
    }
}

void PaperExchange::startBooks(Board board)
{
    BoardState &state = stateOf(board);
    const bool collect = state.phase == Phase::PostClose
                         && m_rules.policies.ploMode == PloMode::KrxTwoPhase
                         && vietnamTimeOfDay(m_now) < m_rules.policies.ploMatchFrom;
    if (collect)
        state.ploMatch = vietnamTime(vietnamDate(m_now), m_rules.policies.ploMatchFrom);
    forEachOn(board, [&](InstrumentIndex i) { startBooks(i, state); });
}

/// Puts both books of an instrument in the mode of its board. What comes back crossed is matched at one
/// price first.
void PaperExchange::startBooks(InstrumentIndex i, const BoardState &board)
{
    const bool collects =
        isAuction(board.phase) || board.ploMatch != never || !isTraded(m_instruments[i]);
    const bool matches = board.phase == Phase::Continuous || board.phase == Phase::PostClose;
    for (const bool odd : {false, true}) {
        const BookId book = odd ? m_listings[i].odd : m_listings[i].even;
        if (collects) {
            m_books->startCall(book);
        } else if (matches) {
            const auto bid = m_books->best(book, Side::Buy), ask = m_books->best(book, Side::Sell);
            if (bid && ask && *bid >= *ask)
                uncross(i, odd,
                        board.phase == Phase::PostClose ? board.phase : Phase::PeriodicAuction);
            m_books->startContinuous(book);
        }
    }
}

Price PaperExchange::auctionBase(InstrumentIndex i, Phase phase) const
{
    return phase == Phase::OpeningAuction ? m_instruments[i].reference : lastOrReference(i);
}

void PaperExchange::uncross(InstrumentIndex i, bool odd, Phase phase)
{
    m_events.clear();
    m_books->uncross(odd ? m_listings[i].odd : m_listings[i].even, auctionBase(i, phase), m_events);
    if (m_tape) // a replay uncrosses by itself: these must be gone before
        tapeSelfTrades(0, nullptr, m_now + (-1));
    absorb(i, odd, phase, m_events);
}

void PaperExchange::uncross(Board board, Phase phase)
{
    forEachOn(board, [&](InstrumentIndex i) {
        if (!isTraded(m_instruments[i])) {
            endAuction(i);
            return;
        }
        uncross(i, false, phase);
        if (m_rules.policies.oddLotInAuction)
            uncross(i, true, phase);
    });
}

/// The auction of a halted instrument ends without a match.
void PaperExchange::endAuction(InstrumentIndex i)
{
    for (const RestingOrder &order : m_books->resting(m_listings[i].even)) {
        if (order.instruction != Instruction::AtAuction)
            continue;
        const auto open = m_books->cancel(order.ref);
        KHOP_INVARIANT(open.has_value());
        m_hash.add(std::uint64_t{order.ref} << 8 | 5);
        m_listener.killed(order.ref, *open, KillReason::AuctionOver);
        release(order.ref);
    }
}

void PaperExchange::matchPostClose(Board board)
{
    stateOf(board).ploMatch = never;
    uncross(board, Phase::PostClose);
    forEachOn(board, [&](InstrumentIndex i) {
        startBooks(i, stateOf(board));
        changed(i);
    });
}

void PaperExchange::setState(InstrumentIndex i, bool halted, bool active)
{
    Instrument &instrument = m_instruments[i];
    const bool traded = isTraded(instrument);
    instrument.halted = halted;
    instrument.active = active;
    m_hash.add(std::uint64_t{i} << 8 | std::uint64_t{halted} << 1 | std::uint64_t{active});
    if (m_tape)
        m_tape->stateChanged(i, halted, active, m_now);
    if (isTraded(instrument) != traded)
        startBooks(i, stateOf(boardOf(i)));
    changed(i);
}

void PaperExchange::expireAll(Board board)
{
    if (m_rules.of(board.exchange).everyDay)
        return; // GTC and GTD live on; DAY orders carry their own expiry
    forEachOn(board, [this](InstrumentIndex i) {
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

} // namespace khop
