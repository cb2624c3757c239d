// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/day_view.h"

#include "base/invariant.h"

#include <algorithm>
#include <utility>

namespace khop {

namespace {

constexpr std::size_t publishedLevels = 50;

/// A group tells of every change, of the same thing perhaps a thousand times.
template <class Key>
std::vector<Key> unique(std::vector<Key> keys)
{
    std::ranges::sort(keys);
    const auto repeated = std::ranges::unique(keys);
    keys.erase(repeated.begin(), repeated.end());
    return keys;
}

} // namespace

void DayView::configure(const Engine &engine)
{
    const PaperExchange &exchange = engine.exchange();
    auto instruments = std::make_shared<InstrumentList>(exchange.instruments());
    auto rules = std::make_shared<MarketRules>(exchange.rules());
    std::unique_lock lock(m_mutex);
    m_instruments = std::move(instruments);
    m_rules = std::move(rules);
    m_bySymbol.clear();
    for (const Instrument &instrument : *m_instruments)
        m_bySymbol.emplace(instrument.symbol, instrument.index);
    m_quotes.resize(m_instruments->size());
    m_depths.resize(m_instruments->size());
    for (const Instrument &instrument : *m_instruments)
        refreshBook(instrument.index, engine);
    refreshSessions(engine);
    const Ledger &ledger = engine.ledger();
    m_accounts.clear();
    m_accountById.clear();
    m_balances.clear();
    m_positions.clear();
    for (AccountNo no = 1; no <= ledger.size(); ++no) {
        const Ledger::Account &account = ledger.account(no);
        m_accounts.push_back(account.info);
        m_accountById.emplace(account.info.id, no);
        for (auto &&[currency, cash] : account.cash)
            m_balances[{no, currency}] = engine.balance(no, currency);
        for (auto &&[instrument, holding] : account.holdings)
            m_positions[{no, instrument}] = engine.position(no, instrument);
    }
    refreshRisk(engine, nullptr);
    refreshMoney(engine, nullptr);
    refreshImports(engine, nullptr);
}

void DayView::refreshBook(InstrumentIndex instrument, const Engine &engine)
{
    m_depths[instrument] = engine.exchange().depth(instrument, publishedLevels);
    Quote &quote = m_quotes[instrument];
    quote = engine.exchange().quote(instrument);
}

void DayView::refreshSessions(const Engine &engine)
{
    for (int e = 0; e < exchangeCount; ++e)
        m_sessions[static_cast<std::size_t>(e)] =
            engine.exchange().sessionState(static_cast<Exchange>(e));
    m_now = engine.now();
}

void DayView::apply(const CommittedGroup &group, const Engine &engine)
{
    if (group.newDay)
        configure(engine);
    std::unique_lock lock(m_mutex);
    // Rows stand in the order of their numbers; a group may tell of a child before its parent.
    DayRows &rows = m_pieces.back()->rows;
    std::vector<const OrderRecord *> fresh;
    const OrderNo latest = m_lastOrder;
    for (const OrderRecord &order : group.orders) {
        if (order.no > latest)
            fresh.push_back(&order);
        else if (DayPiece *const piece = pieceOf(order.no))
            piece->rows.put(order);
        else { // an order that changes is open, so it will be among the earlier ones
            KHOP_INVARIANT(!m_complete);
            m_changedEarlier.insert_or_assign(order.no, order);
        }
    }
    if (!std::ranges::is_sorted(fresh, {}, &OrderRecord::no))
        std::ranges::stable_sort(fresh, {}, &OrderRecord::no);
    for (const OrderRecord *order : fresh)
        rows.put(*order);
    if (!fresh.empty())
        m_lastOrder = fresh.back()->no;
    for (const ExecutionRecord &execution : group.executions)
        rows.put(execution);
    for (const TradeRecord &trade : group.trades)
        rows.put(trade);
    for (const LedgerEntry &entry : group.entries)
        rows.put(entry);
    for (const InstrumentIndex instrument : unique(group.books))
        refreshBook(instrument, engine);
    for (const auto &[account, currency] : unique(group.balances))
        m_balances[{account, currency}] = engine.balance(account, currency);
    for (const auto &[account, instrument] : unique(group.positions))
        m_positions[{account, instrument}] = engine.position(account, instrument);
    while (m_accounts.size() < engine.ledger().size()) {
        const AccountInfo &info =
            engine.ledger().account(static_cast<AccountNo>(m_accounts.size() + 1)).info;
        m_accounts.push_back(info);
        m_accountById.emplace(info.id, info.no);
    }
    for (const AccountNo no : group.accounts)
        m_accounts[no - 1] = engine.ledger().account(no).info;
    if (!group.sessions.empty())
        refreshSessions(engine);
    refreshRisk(engine, &group);
    refreshMoney(engine, &group);
    settleEarly(group.settled);
    decide(group.decided);
    refreshImports(engine, &group);
    m_now = group.time;
}

void DayView::start(OrderNo last, std::int64_t lastChange, const MovedRows &moved)
{
    std::unique_lock lock(m_mutex);
    m_leftOver = std::make_shared<DayPiece>();
    m_pieces = {std::make_shared<DayPiece>()};
    m_moved = moved;
    m_complete = false;
    m_lastOrder = last;
    m_startedAfterChange = lastChange;
    m_changedEarlier.clear();
    m_settledEarlier.clear();
    m_decidedEarlier.clear();
    m_totals.forget();
}

void DayView::setEarlier(std::shared_ptr<DayPiece> leftOver, std::shared_ptr<DayPiece> piece)
{
    std::unique_lock lock(m_mutex);
    piece->lastChange = m_startedAfterChange;
    piece->ended = piece->rows.begin() < vietnamTime(vietnamDate(m_now), 0);
    m_leftOver = std::move(leftOver);
    if (!piece->rows.empty())
        m_pieces.insert(m_pieces.begin(), std::move(piece));
    m_complete = true;
    for (const auto &[no, order] : m_changedEarlier) {
        DayPiece *const of = pieceOf(no);
        KHOP_INVARIANT(of);
        of->rows.put(order);
    }
    m_changedEarlier.clear();
    settleEarly(std::exchange(m_settledEarlier, {}));
    decide(std::exchange(m_decidedEarlier, {}));
    m_totals.forget();
}

/// The piece that has the order; null before the rows of earlier starts have been read. The caller holds the lock.
DayPiece *DayView::pieceOf(OrderNo no) const
{
    for (std::size_t k = m_pieces.size(); k-- > 0;) {
        const auto &orders = m_pieces[k]->rows.orders;
        if (orders.empty() || no < orders.front().no)
            continue;
        if (m_pieces[k]->rows.find(no))
            return m_pieces[k].get();
        break;
    }
    return m_leftOver->rows.find(no) ? m_leftOver.get() : nullptr;
}

bool DayView::complete() const
{
    std::shared_lock lock(m_mutex);
    return m_complete;
}

MovedRows DayView::moved() const
{
    std::shared_lock lock(m_mutex);
    return m_moved;
}

DayView::Weight DayView::weight() const
{
    std::shared_lock lock(m_mutex);
    Weight weight{m_pieces.back()->rows.weight(), 0};
    for (const auto &piece : m_pieces)
        weight.all += piece->rows.weight();
    return weight;
}

void DayView::closePiece(std::int64_t lastChange, bool dayEnded)
{
    auto next = std::make_shared<DayPiece>();
    std::unique_lock lock(m_mutex);
    if (!m_pieces.back()->rows.empty()) {
        m_pieces.back()->lastChange = lastChange;
        m_pieces.push_back(std::move(next));
    }
    if (!dayEnded)
        return;
    for (std::size_t k = 0; k + 1 < m_pieces.size(); ++k)
        m_pieces[k]->ended = true;
}

const DayPiece *DayView::oldest() const
{
    return m_pieces.size() > 1 ? m_pieces.front().get() : nullptr;
}

void DayView::endDrop()
{
    ++m_drops;
    m_drops.notify_all();
}

void DayView::awaitDrop() const
{
    for (std::uint32_t drops = m_drops; drops % 2 != 0; drops = m_drops)
        m_drops.wait(drops);
}

std::array<std::shared_ptr<DayPiece>, 2> DayView::dropOldest(
    const std::vector<std::uint32_t> &ended, const std::vector<OrderNo> &staying)
{
    constexpr std::size_t few = 1'024;
    std::shared_ptr<DayPiece> tidied; // those left over without the places of those that have left
    const DayRows &left = m_leftOver->rows;
    const std::size_t gone = left.forgotten + ended.size();
    if (gone > few + left.orders.size() / 2
        || left.orderChanges.size() > few + left.orders.size() * 4) {
        tidied = std::make_shared<DayPiece>();
        for (std::size_t k = 0, next = 0; k < left.orders.size(); ++k) {
            if (next < ended.size() && ended[next] == k)
                ++next;
            else if (left.orders[k].account != 0)
                tidied->rows.put(left.orders[k]);
        }
    }
    std::unique_lock lock(m_mutex);
    KHOP_INVARIANT(m_pieces.size() > 1);
    std::shared_ptr<DayPiece> dropped = std::move(m_pieces.front());
    m_pieces.erase(m_pieces.begin());
    if (tidied) {
        tidied.swap(m_leftOver);
    } else {
        for (const std::uint32_t place : ended)
            m_leftOver->rows.forget(place);
    }
    const DayRows &rows = dropped->rows;
    m_moved.late += ended.empty() ? 0 : 1;
    for (const OrderNo no : staying)
        m_leftOver->rows.put(*rows.find(no));
    if (!rows.orders.empty())
        m_moved.order = rows.orders.back().no;
    if (!rows.executions.empty())
        m_moved.execution = rows.executions.back().no;
    if (!rows.trades.empty())
        m_moved.trade = rows.trades.back().no;
    if (!rows.entries.empty())
        m_moved.entry = rows.entries.back().no;
    m_totals.forget();
    return {std::move(dropped), std::move(tidied)};
}

std::shared_ptr<const InstrumentList> DayView::instruments() const
{
    std::shared_lock lock(m_mutex);
    return m_instruments;
}

std::shared_ptr<const MarketRules> DayView::rules() const
{
    std::shared_lock lock(m_mutex);
    return m_rules;
}

std::optional<InstrumentIndex> DayView::findInstrument(std::string_view symbol) const
{
    std::shared_lock lock(m_mutex);
    const auto it = m_bySymbol.find(std::string(symbol));
    return it == m_bySymbol.end() ? std::nullopt : std::optional(it->second);
}

Quote DayView::quote(InstrumentIndex instrument) const
{
    std::shared_lock lock(m_mutex);
    return instrument < m_quotes.size() ? m_quotes[instrument] : Quote{};
}

BookDepth DayView::depth(InstrumentIndex instrument, std::size_t levels) const
{
    std::shared_lock lock(m_mutex);
    if (instrument >= m_depths.size())
        return {};
    BookDepth depth = m_depths[instrument];
    lock.unlock();
    depth.bids.resize(std::min(depth.bids.size(), levels));
    depth.asks.resize(std::min(depth.asks.size(), levels));
    return depth;
}

SessionState DayView::session(Exchange exchange) const
{
    std::shared_lock lock(m_mutex);
    return m_sessions[static_cast<std::size_t>(exchange)];
}

EntryContext DayView::entryContext(InstrumentIndex i) const
{
    std::shared_lock lock(m_mutex);
    const Instrument &instrument = (*m_instruments)[i];
    return {m_now, m_rules->sessionAt(instrument.exchange, instrument.restricted, m_now),
            m_rules->isTradingDay(instrument.exchange, vietnamDate(m_now)),
            m_quotes[i].last.has_value() || instrument.hasMatchPrice};
}

std::vector<AccountInfo> DayView::accounts() const
{
    std::shared_lock lock(m_mutex);
    return m_accounts;
}

std::optional<AccountInfo> DayView::findAccount(const Uuid &id) const
{
    std::shared_lock lock(m_mutex);
    const auto it = m_accountById.find(id);
    return it == m_accountById.end() ? std::nullopt : std::optional(m_accounts[it->second - 1]);
}

std::optional<AccountInfo> DayView::account(AccountNo no) const
{
    std::shared_lock lock(m_mutex);
    return no >= 1 && no <= m_accounts.size() ? std::optional(m_accounts[no - 1]) : std::nullopt;
}

std::vector<Balance> DayView::balances(AccountNo account) const
{
    std::shared_lock lock(m_mutex);
    std::vector<Balance> balances;
    for (auto it = m_balances.lower_bound({account, 0});
         it != m_balances.end() && it->first.first == account; ++it)
        balances.push_back(it->second);
    return balances;
}

std::vector<Position> DayView::positions(AccountNo account) const
{
    std::shared_lock lock(m_mutex);
    std::vector<Position> positions;
    for (auto it = m_positions.lower_bound({account, 0});
         it != m_positions.end() && it->first.first == account; ++it)
        positions.push_back(it->second);
    return positions;
}

Money DayView::available(AccountNo account, std::string_view currency) const
{
    for (const Balance &balance : balances(account)) {
        if (balance.currency == currency)
            return balance.available;
    }
    return {};
}

Quantity DayView::taxable(AccountNo account, InstrumentIndex instrument) const
{
    std::shared_lock lock(m_mutex);
    const auto it = m_positions.find({account, instrument});
    return it == m_positions.end() ? Quantity{} : it->second.taxable;
}

Quantity DayView::sellable(AccountNo account, InstrumentIndex instrument) const
{
    std::shared_lock lock(m_mutex);
    const auto it = m_positions.find({account, instrument});
    return it == m_positions.end() ? Quantity{} : it->second.sellable;
}

std::optional<OrderRecord> DayView::order(const Uuid &id) const
{
    std::shared_lock lock(m_mutex);
    for (std::size_t k = m_pieces.size(); k-- > 0;) {
        if (const OrderRecord *const order = m_pieces[k]->rows.find(id))
            return *order;
    }
    const OrderRecord *const order = m_leftOver->rows.find(id);
    return order ? std::optional(*order) : std::nullopt;
}

std::optional<OrderRecord> DayView::order(OrderNo no) const
{
    std::shared_lock lock(m_mutex);
    const DayPiece *const piece = pieceOf(no);
    return piece ? std::optional(*piece->rows.find(no)) : std::nullopt;
}

} // namespace khop
