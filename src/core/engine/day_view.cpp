// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/day_view.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::size_t publishedLevels = 50;

/// Walks `count` rows newest first and cuts a page out of those that match.
template <class Row, class At, class Matches, class Before>
Page<Row> pageOf(std::size_t count, At at, Matches matches, Before beforeCursor, std::size_t limit, std::size_t offset)
{
    Page<Row> page;
    std::size_t skipped = 0;
    for (std::size_t k = count; k-- > 0;) {
        const Row &row = at(k);
        if (!matches(row))
            continue;
        ++page.total;
        if (!beforeCursor(row) || skipped++ < offset)
            continue;
        if (page.rows.size() < limit)
            page.rows.push_back(row);
        else
            page.more = true;
    }
    return page;
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
    m_tradesOf.resize(m_instruments->size());
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
        for (const auto &[currency, cash] : account.cash)
            m_balances[{no, currency}] = engine.balance(no, currency);
        for (const auto &[instrument, holding] : account.holdings)
            m_positions[{no, instrument}] = engine.position(no, instrument);
    }
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
        m_sessions[static_cast<std::size_t>(e)] = engine.exchange().sessionState(static_cast<Exchange>(e));
    m_now = engine.now();
}

DayView::AccountRows &DayView::rowsOf(AccountNo account)
{
    if (m_rows.size() <= account)
        m_rows.resize(account + 1);
    return m_rows[account];
}

void DayView::put(const OrderRecord &order)
{
    const auto [it, fresh] = m_orderByNo.try_emplace(order.no, static_cast<std::uint32_t>(m_orders.size()));
    if (!fresh) {
        if (m_orders[it->second].version <= order.version)
            m_orders[it->second] = order;
        return;
    }
    m_orderById.emplace(order.id, it->second);
    rowsOf(order.account).orders.push_back(it->second);
    m_orders.push_back(order);
}

void DayView::put(const ExecutionRecord &execution)
{
    rowsOf(execution.account).executions.push_back(static_cast<std::uint32_t>(m_executions.size()));
    m_executions.push_back(execution);
}

void DayView::put(const TradeRecord &trade)
{
    const auto index = static_cast<std::uint32_t>(m_trades.size());
    if (trade.instrument < m_tradesOf.size())
        m_tradesOf[trade.instrument].push_back(index);
    if (trade.buyAccount != 0)
        rowsOf(trade.buyAccount).trades.push_back(index);
    if (trade.sellAccount != 0 && trade.sellAccount != trade.buyAccount)
        rowsOf(trade.sellAccount).trades.push_back(index);
    m_trades.push_back(trade);
}

void DayView::put(const LedgerEntry &entry)
{
    rowsOf(entry.account).entries.push_back(static_cast<std::uint32_t>(m_entries.size()));
    m_entries.push_back(entry);
}

void DayView::putRows(const CommittedGroup &group)
{
    for (const OrderRecord &order : group.orders)
        put(order);
    for (const ExecutionRecord &execution : group.executions)
        put(execution);
    for (const TradeRecord &trade : group.trades)
        put(trade);
    for (const LedgerEntry &entry : group.entries)
        put(entry);
}

void DayView::apply(const CommittedGroup &group, const Engine &engine)
{
    if (group.newDay)
        configure(engine);
    std::unique_lock lock(m_mutex);
    if (m_loaded) {
        putRows(group);
    } else {
        CommittedGroup rows;
        rows.orders = group.orders;
        rows.executions = group.executions;
        rows.trades = group.trades;
        rows.entries = group.entries;
        m_early.push_back(std::move(rows));
    }
    std::vector<InstrumentIndex> books = group.books;
    std::sort(books.begin(), books.end());
    books.erase(std::unique(books.begin(), books.end()), books.end());
    for (const InstrumentIndex instrument : books)
        refreshBook(instrument, engine);
    for (const auto &[account, currency] : group.balances)
        m_balances[{account, currency}] = engine.balance(account, currency);
    for (const auto &[account, instrument] : group.positions)
        m_positions[{account, instrument}] = engine.position(account, instrument);
    while (m_accounts.size() < engine.ledger().size()) {
        const AccountInfo &info = engine.ledger().account(static_cast<AccountNo>(m_accounts.size() + 1)).info;
        m_accounts.push_back(info);
        m_accountById.emplace(info.id, info.no);
    }
    if (!group.sessions.empty())
        refreshSessions(engine);
    m_now = group.time;
}

void DayView::loadOrder(OrderRecord order)
{
    std::unique_lock lock(m_mutex);
    put(order);
}
void DayView::loadExecution(ExecutionRecord execution)
{
    std::unique_lock lock(m_mutex);
    put(execution);
}
void DayView::loadTrade(TradeRecord trade)
{
    std::unique_lock lock(m_mutex);
    put(trade);
}
void DayView::loadEntry(LedgerEntry entry)
{
    std::unique_lock lock(m_mutex);
    put(entry);
}

void DayView::loaded()
{
    std::vector<std::function<void()>> waiting;
    {
        std::unique_lock lock(m_mutex);
        for (const CommittedGroup &group : std::exchange(m_early, {}))
            putRows(group);
        if (m_archiveBefore)
            dropBefore(*m_archiveBefore);
        m_loaded = true;
        waiting = std::exchange(m_afterLoading, {});
    }
    m_loadedChanged.notify_all();
    for (const auto &again : waiting)
        again();
}

bool DayView::whenLoaded(std::function<void()> again) const
{
    {
        std::shared_lock lock(m_mutex);
        if (m_loaded)
            return false;
    }
    std::unique_lock lock(m_mutex);
    if (m_loaded)
        return false;
    m_afterLoading.push_back(std::move(again));
    return true;
}

void DayView::waitLoaded(std::shared_lock<std::shared_mutex> &lock) const
{
    m_loadedChanged.wait(lock, [this] { return m_loaded; });
}

void DayView::archive(Time before)
{
    std::unique_lock lock(m_mutex);
    if (m_loaded)
        dropBefore(before);
    else
        m_archiveBefore = before;
}

void DayView::dropBefore(Time before)
{
    std::deque<OrderRecord> orders = std::exchange(m_orders, {});
    std::deque<ExecutionRecord> executions = std::exchange(m_executions, {});
    std::deque<TradeRecord> trades = std::exchange(m_trades, {});
    std::deque<LedgerEntry> entries = std::exchange(m_entries, {});
    m_orderByNo.clear();
    m_orderById.clear();
    m_rows.clear();
    for (Index &index : m_tradesOf)
        index.clear();
    for (const OrderRecord &order : orders) {
        if (isOpen(order.status) || order.createdAt >= before)
            put(order);
    }
    for (const ExecutionRecord &execution : executions) {
        if (execution.time >= before)
            put(execution);
    }
    for (const TradeRecord &trade : trades) {
        if (trade.time >= before)
            put(trade);
    }
    for (const LedgerEntry &entry : entries) {
        if (entry.time >= before)
            put(entry);
    }
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
    for (auto it = m_balances.lower_bound({account, 0}); it != m_balances.end() && it->first.first == account; ++it)
        balances.push_back(it->second);
    return balances;
}

std::vector<Position> DayView::positions(AccountNo account) const
{
    std::shared_lock lock(m_mutex);
    std::vector<Position> positions;
    for (auto it = m_positions.lower_bound({account, 0}); it != m_positions.end() && it->first.first == account; ++it)
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

Quantity DayView::sellable(AccountNo account, InstrumentIndex instrument) const
{
    std::shared_lock lock(m_mutex);
    const auto it = m_positions.find({account, instrument});
    return it == m_positions.end() ? Quantity{} : it->second.sellable;
}

std::optional<OrderRecord> DayView::order(const Uuid &id) const
{
    std::shared_lock lock(m_mutex);
    waitLoaded(lock);
    const auto it = m_orderById.find(id);
    return it == m_orderById.end() ? std::nullopt : std::optional(m_orders[it->second]);
}

std::optional<OrderRecord> DayView::order(OrderNo no) const
{
    std::shared_lock lock(m_mutex);
    const auto it = m_orderByNo.find(no);
    return it == m_orderByNo.end() ? std::nullopt : std::optional(m_orders[it->second]);
}

bool DayView::matches(const OrderRecord &order, const OrderQuery &query) const
{
    if (query.account && order.account != *query.account)
        return false;
    if (!query.statuses.empty() && std::find(query.statuses.begin(), query.statuses.end(), order.status) == query.statuses.end())
        return false;
    if (query.instrument && order.instrument != *query.instrument)
        return false;
    if (query.exchange && (*m_instruments)[order.instrument].exchange != *query.exchange)
        return false;
    if ((query.side && order.side != *query.side) || (query.type && order.type != *query.type)
        || (query.given && order.given != *query.given))
        return false;
    if ((query.from && order.createdAt < *query.from) || (query.to && order.createdAt >= *query.to))
        return false;
    return query.clientOrderId.empty() || order.clientOrderId == query.clientOrderId;
}

Page<OrderRecord> DayView::orders(const OrderQuery &query) const
{
    std::shared_lock lock(m_mutex);
    waitLoaded(lock);
    const auto matching = [&](const OrderRecord &order) { return matches(order, query); };
    const auto before = [&](const OrderRecord &order) { return !query.before || order.no < *query.before; };
    if (!query.account)
        return pageOf<OrderRecord>(m_orders.size(), [&](std::size_t k) -> const OrderRecord & { return m_orders[k]; },
                                   matching, before, query.limit, query.offset);
    if (*query.account >= m_rows.size())
        return {};
    const Index &own = m_rows[*query.account].orders;
    return pageOf<OrderRecord>(own.size(), [&](std::size_t k) -> const OrderRecord & { return m_orders[own[k]]; },
                               matching, before, query.limit, query.offset);
}

Page<ExecutionRecord> DayView::executions(const TradeQuery &query) const
{
    std::shared_lock lock(m_mutex);
    waitLoaded(lock);
    const auto matching = [&](const ExecutionRecord &row) {
        return (!query.account || row.account == *query.account) && (!query.instrument || row.instrument == *query.instrument)
            && (!query.order || row.order == *query.order) && (!query.from || row.time >= *query.from)
            && (!query.to || row.time < *query.to);
    };
    const auto before = [&](const ExecutionRecord &row) { return !query.before || row.no < *query.before; };
    if (!query.account)
        return pageOf<ExecutionRecord>(m_executions.size(),
                                       [&](std::size_t k) -> const ExecutionRecord & { return m_executions[k]; },
                                       matching, before, query.limit, query.offset);
    if (*query.account >= m_rows.size())
        return {};
    const Index &own = m_rows[*query.account].executions;
    return pageOf<ExecutionRecord>(own.size(),
                                   [&](std::size_t k) -> const ExecutionRecord & { return m_executions[own[k]]; },
                                   matching, before, query.limit, query.offset);
}

Page<TradeRecord> DayView::trades(const TradeQuery &query) const
{
    std::shared_lock lock(m_mutex);
    waitLoaded(lock);
    const auto matching = [&](const TradeRecord &row) {
        return (!query.instrument || row.instrument == *query.instrument)
            && (!query.account || row.buyAccount == *query.account || row.sellAccount == *query.account)
            && (!query.order || row.buyOrder == *query.order || row.sellOrder == *query.order)
            && (!query.from || row.time >= *query.from) && (!query.to || row.time < *query.to);
    };
    const auto before = [&](const TradeRecord &row) { return !query.before || row.no < *query.before; };
    const Index *index = nullptr;
    if (query.account) {
        if (*query.account >= m_rows.size())
            return {};
        index = &m_rows[*query.account].trades;
    } else if (query.instrument) {
        if (*query.instrument >= m_tradesOf.size())
            return {};
        index = &m_tradesOf[*query.instrument];
    }
    const std::size_t count = index ? index->size() : m_trades.size();
    return pageOf<TradeRecord>(count, [&](std::size_t k) -> const TradeRecord & { return m_trades[index ? (*index)[k] : k]; },
                               matching, before, query.limit, query.offset);
}

Page<LedgerEntry> DayView::entries(const EntryQuery &query) const
{
    std::shared_lock lock(m_mutex);
    waitLoaded(lock);
    if (query.account >= m_rows.size())
        return {};
    const Index &own = m_rows[query.account].entries;
    return pageOf<LedgerEntry>(own.size(), [&](std::size_t k) -> const LedgerEntry & { return m_entries[own[k]]; },
                               [&](const LedgerEntry &row) {
                                   return row.securities == query.securities
                                       && (!query.currency || row.currency == *query.currency)
                                       && (!query.type || row.type == *query.type);
                               },
                               [&](const LedgerEntry &row) { return !query.before || row.no < *query.before; },
                               query.limit, query.offset);
}

} // namespace khop
