// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/portfolio_books.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::size_t mostBooks = 2'000;

/// The day itself if it is one of trading, else the one before it.
Date lastTradingDay(const Calendar &calendar, Date day)
{
    for (int back = 0; back < 60; ++back) {
        if (calendar.isTradingDay(day + -back))
            return day + -back;
    }
    return day;
}

/// The prices of now as closes of the day that has not ended.
DailyCloses pricesAsCloses(const PortfolioAnswer &answer)
{
    DailyCloses live;
    for (const Valuation::Position &position : answer.valuation.positions()) {
        if (!position.price.isZero())
            (void)live.add(position.instrument, {answer.day, position.price});
    }
    for (const Receivable &receivable : answer.valuation.receivables()) {
        const ValuationPrice &price = answer.valuation.prices()[receivable.instrument];
        const Price now = price.last.isZero() ? price.reference : price.last;
        if (!now.isZero() && live.of(receivable.instrument).empty())
            (void)live.add(receivable.instrument, {answer.day, now});
    }
    return live;
}

} // namespace

PortfolioBooks::Market PortfolioBooks::marketOn(Date day) const
{
    auto instruments = m_view.instruments();
    auto rules = m_view.rules();
    const std::lock_guard lock(m_marketMutex);
    if (m_market.instruments != instruments || m_market.rules != rules || m_market.day != day) {
        auto market = std::make_shared<PortfolioMarket>();
        m_market.dated = datedConversions(*rules);
        market->listings = portfolioListings(*instruments, *rules);
        market->conversions = conversionsOn(m_market.dated, day);
        m_market.market = std::move(market);
        m_market.instruments = std::move(instruments);
        m_market.rules = std::move(rules);
        m_market.day = day;
    }
    return m_market;
}

PortfolioBooks::SlotPtr PortfolioBooks::slotOf(AccountNo account)
{
    const std::lock_guard lock(m_slotsMutex);
    SlotPtr &slot = m_slots[account];
    if (!slot) {
        slot = std::make_shared<Slot>();
        slot->account = account;
    }
    slot->lastAsked = ++m_questions;
    SlotPtr asked = slot;
    if (m_slots.size() > mostBooks) {
        const auto oldest = std::ranges::min_element(
            m_slots, {}, [](const auto &item) { return item.second->lastAsked.load(); });
        m_slots.erase(oldest); // whoever is at it keeps it until the answer
    }
    return asked;
}

std::vector<PortfolioEvent> PortfolioBooks::furtherEvents(AccountNo) const { return {}; }

void PortfolioBooks::forget(AccountNo account)
{
    const std::lock_guard lock(m_slotsMutex);
    m_slots.erase(account); // whoever is at it keeps it until the answer
}

void PortfolioBooks::clear()
{
    std::unordered_map<AccountNo, SlotPtr> slots;
    {
        const std::lock_guard lock(m_slotsMutex);
        slots = std::exchange(m_slots, {});
    }
    for (const auto &[account, slot] : slots)
        finish(slot, refuse(Code::SHUTTING_DOWN));
}

void PortfolioBooks::beforeArchive()
{
    std::vector<SlotPtr> slots;
    {
        const std::lock_guard lock(m_slotsMutex);
        slots.reserve(m_slots.size());
        for (const auto &[account, slot] : m_slots)
            slots.push_back(slot);
    }
    for (const SlotPtr &slot : slots) {
        const std::lock_guard lock(slot->mutex);
        // a book that cannot follow is built anew with the next question, which tells why
        if (slot->loaded && !catchUp(*slot)) {
            slot->loaded = false;
            slot->book = {};
        }
    }
}

Result<void> PortfolioBooks::take(Slot &slot, const AccountRecords &records, Date through) const
{
    const Market market = marketOn(vietnamDate(m_view.committedTime()));
    const auto actions = m_view.corporateActions();
    // after the records: it knows every import in them
    const Imports::OfAccount imports = m_view.imports(slot.account);
    return slot.book.take(records, {*market.market, *actions, imports}, through);
}

Result<void> PortfolioBooks::catchUp(Slot &slot) const
{
    const Date today = vietnamDate(m_view.committedTime());
    return take(slot,
                m_view.recordsAfter(slot.account, slot.book.lastEntry(), slot.book.lastExecution()),
                today);
}

void PortfolioBooks::load(const SlotPtr &slot, std::function<void(Result<Past>)> done)
{
    std::unique_lock lock(slot->mutex);
    if (slot->loaded) {
        const Result<void> up = catchUp(*slot);
        const Past past = slot->book.past();
        lock.unlock();
        done(up ? Result<Past>(past) : std::unexpected(up.error()));
        return;
    }
    slot->waiting.push_back(std::move(done));
    if (std::exchange(slot->loading, true))
        return;
    slot->book = PortfolioBook(furtherEvents(slot->account));
    lock.unlock();
    readPage(slot);
}

/// The history first, then what is in memory. When rows leave memory after the history was read, what was taken
/// has a gap, and everything is read again.
void PortfolioBooks::readPage(const SlotPtr &slot)
{
    const MovedRows moved = m_view.moved();
    std::uint64_t after = 0;
    {
        const std::lock_guard lock(slot->mutex);
        after = slot->book.lastEntry();
    }
    m_reader()->records(
        slot->account, after, moved.entry, [this, slot, moved](Result<History::RecordsPage> page) {
            Result<void> done = page ? Result<void>() : std::unexpected(page.error());
            bool again = page && page->more;
            if (page) {
                const std::lock_guard lock(slot->mutex);
                done = take(*slot, page->records, Date{});
                if (done && !again) {
                    done = catchUp(*slot);
                    if (m_view.moved() != moved) {
                        slot->book = PortfolioBook(furtherEvents(slot->account));
                        done = {};
                        again = true;
                    }
                }
            }
            if (done && again)
                readPage(slot);
            else
                finish(slot, done);
        });
}

void PortfolioBooks::finish(const SlotPtr &slot, const Result<void> &outcome)
{
    std::unique_lock lock(slot->mutex);
    slot->loading = false;
    slot->loaded = outcome.has_value();
    slot->ended.reset();
    auto waiting = std::exchange(slot->waiting, {});
    const Past past = slot->book.past();
    if (!outcome)
        slot->book = {};
    lock.unlock();
    for (const auto &answer : waiting)
        answer(outcome ? Result<Past>(past) : std::unexpected(outcome.error()));
}

void PortfolioBooks::ask(const PortfolioQuery &query, Answer answer)
{
    const SlotPtr slot = slotOf(query.account);
    load(slot, [this, slot, query, answer = std::move(answer)](Result<Past> past) {
        auto so = past ? valued(*past) : std::unexpected(past.error());
        if (!so || !query.curve)
            answer(std::move(so));
        else
            addCurve(slot, query, std::make_shared<PortfolioAnswer>(std::move(*so)), answer);
    });
}

Result<PortfolioAnswer> PortfolioBooks::valued(const Past &past) const
{
    const Date today = vietnamDate(m_view.committedTime());
    const Market market = marketOn(today);
    const Date day = lastTradingDay(market.rules->calendar, today);
    auto receivables = receivablesOf(past->history, *m_view.corporateActions(), *market.instruments,
                                     *market.rules);
    auto open = receivables;
    std::erase_if(open, [&](const Receivable &one) { return !one.isOpenOn(today); });
    auto valuation = Valuation::of(past->portfolio, market.market, m_view.valuationPrices(), day,
                                   std::move(open));
    if (!valuation)
        return std::unexpected(valuation.error());
    return PortfolioAnswer{past, std::move(*valuation), std::move(receivables), day, today, {}, {}};
}

std::vector<History::ClosesAfter> PortfolioBooks::closesToRead(const PortfolioQuery &query,
                                                               const PortfolioPast &past)
{
    std::vector<History::ClosesAfter> wanted;
    const std::shared_lock lock(m_closesMutex);
    const auto want = [&](InstrumentIndex instrument) {
        if (instrument < m_closesRead.size() && m_closesRead[instrument] == m_days)
            return;
        const auto known = m_closes.of(instrument);
        wanted.push_back({instrument, known.empty() ? Date{-1'000'000} : known.back().day});
    };
    for (const auto &[instrument, points] : past.history.positions())
        want(instrument);
    if (query.benchmark)
        want(*query.benchmark);
    return wanted;
}

void PortfolioBooks::addCurve(const SlotPtr &slot, const PortfolioQuery &query,
                              std::shared_ptr<PortfolioAnswer> so, Answer answer)
{
    const std::uint64_t days = m_days;
    const auto wanted = closesToRead(query, *so->past);
    const auto complete = [this, slot, query, so, answer = std::move(answer)] {
        const auto done = curveFromMemory(*slot, query, *so);
        answer(done ? Result<PortfolioAnswer>(std::move(*so)) : std::unexpected(done.error()));
    };
    if (wanted.empty()) {
        complete();
        return;
    }
    m_reader()->closes(wanted, [this, wanted, days, complete,
                                slot](Result<std::vector<DayClose>> closes) {
        if (closes) {
            const std::unique_lock lock(m_closesMutex);
            for (const DayClose &close : *closes) // one that two questions read is there already
                (void)m_closes.add(close.instrument, {close.day, close.price});
            for (const History::ClosesAfter &of : wanted) {
                if (of.instrument >= m_closesRead.size())
                    m_closesRead.resize(of.instrument + 1);
                m_closesRead[of.instrument] = days;
            }
        }
        complete(); // without them the last trades count
    });
}

Result<void> PortfolioBooks::curveFromMemory(Slot &slot, const PortfolioQuery &query,
                                             PortfolioAnswer &to) const
{
    const Market market = marketOn(to.today);
    const PositionHistory &history = to.past->history;
    Curve ended;
    {
        const std::lock_guard lock(slot.mutex);
        if (slot.ended && slot.endedBefore == to.day)
            ended = slot.ended;
    }
    const std::shared_lock lock(m_closesMutex);
    if (!ended) {
        const auto days = history.empty()
                              ? std::vector<Date>()
                              : tradingDays(market.rules->calendar, history.firstDay(), to.day);
        auto points =
            equityCurve(history, m_closes, *market.market, days, market.dated, to.receivables);
        if (!points)
            return std::unexpected(points.error());
        ended = std::make_shared<const std::vector<EquityPoint>>(std::move(*points));
        const std::lock_guard slotLock(slot.mutex);
        slot.ended = ended;
        slot.endedBefore = to.day;
    }
    const DailyCloses live = pricesAsCloses(to);
    auto curve = withToday(*ended, history, live, *market.market, to.receivables, to.day, to.today);
    if (!curve)
        return std::unexpected(curve.error());
    to.curve = std::move(*curve);
    if (query.benchmark) {
        for (const Close &close : m_closes.of(*query.benchmark)) {
            if (close.day < to.day)
                to.benchmark.push_back(close);
        }
        const ValuationPrice price = *query.benchmark < to.valuation.prices().size()
                                         ? to.valuation.prices()[*query.benchmark]
                                         : ValuationPrice{};
        if (!to.benchmark.empty())
            to.benchmark.push_back({to.day, price.last.isZero() ? price.reference : price.last});
    }
    return {};
}

} // namespace khop
