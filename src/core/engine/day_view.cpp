// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/day_view.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::size_t publishedLevels = 50;

/// Rows of two stretches, the earlier one first, reached by position.
template <class Row>
class Stretches
{
public:
    /// All rows of both, or those an index names.
    Stretches(const std::deque<Row> *earlier, const std::deque<Row> &rows)
        : m_earlier(earlier)
        , m_rows(rows)
    {}
    Stretches(const std::deque<Row> *earlier, const DayRows::Index *earlierIndex,
              const std::deque<Row> &rows, const DayRows::Index *index)
        : m_earlier(earlier)
        , m_rows(rows)
        , m_earlierIndex(earlierIndex)
        , m_index(index)
    {}
    std::size_t size() const { return first() + (m_index ? m_index->size() : m_rows.size()); }
    const Row &operator[](std::size_t k) const
    {
        if (k < first())
            return (*m_earlier)[m_earlierIndex ? (*m_earlierIndex)[k] : k];
        k -= first();
        return m_rows[m_index ? (*m_index)[k] : k];
    }

private:
    std::size_t first() const
    {
        return !m_earlier ? 0 : m_earlierIndex ? m_earlierIndex->size() : m_earlier->size();
    }

    const std::deque<Row> *m_earlier;
    const std::deque<Row> &m_rows;
    const DayRows::Index *m_earlierIndex = nullptr;
    const DayRows::Index *m_index = nullptr;
};

/// Walks the rows newest first and cuts a page out of those that match.
template <class Row, class Matches, class Before>
Page<Row> pageOf(const Stretches<Row> &rows, Matches matches, Before beforeCursor,
                 std::size_t limit, std::size_t offset)
{
    Page<Row> page;
    std::size_t skipped = 0;
    for (std::size_t k = rows.size(); k-- > 0;) {
        const Row &row = rows[k];
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

DayRows::AccountRows &DayRows::of(AccountNo account)
{
    if (accounts.size() <= account)
        accounts.resize(account + 1);
    return accounts[account];
}

const DayRows::AccountRows &DayRows::at(AccountNo account) const
{
    static const AccountRows none;
    return account < accounts.size() ? accounts[account] : none;
}

const OrderRecord *DayRows::find(OrderNo no) const
{
    const auto it = orderByNo.find(no);
    return it == orderByNo.end() ? nullptr : &orders[it->second];
}

const OrderRecord *DayRows::find(const Uuid &id) const
{
    const auto it = orderById.find(id);
    return it == orderById.end() ? nullptr : &orders[it->second];
}

void DayRows::put(const OrderRecord &order)
{
    const auto [it, fresh] =
        orderByNo.try_emplace(order.no, static_cast<std::uint32_t>(orders.size()));
    if (!fresh) {
        if (orders[it->second].version <= order.version)
            orders[it->second] = order;
        return;
    }
    orderById.emplace(order.id, it->second);
    of(order.account).orders.push_back(it->second);
    orders.push_back(order);
}

void DayRows::put(const ExecutionRecord &execution)
{
    of(execution.account).executions.push_back(static_cast<std::uint32_t>(executions.size()));
    executions.push_back(execution);
}

void DayRows::put(const TradeRecord &trade)
{
    const auto index = static_cast<std::uint32_t>(trades.size());
    if (tradesOf.size() <= trade.instrument)
        tradesOf.resize(trade.instrument + 1);
    tradesOf[trade.instrument].push_back(index);
    if (trade.buyAccount != 0)
        of(trade.buyAccount).trades.push_back(index);
    if (trade.sellAccount != 0 && trade.sellAccount != trade.buyAccount)
        of(trade.sellAccount).trades.push_back(index);
    trades.push_back(trade);
}

void DayRows::put(const LedgerEntry &entry)
{
    of(entry.account).entries.push_back(static_cast<std::uint32_t>(entries.size()));
    entries.push_back(entry);
}

DayRows DayRows::since(Time time) const
{
    DayRows kept;
    for (const OrderRecord &order : orders) {
        if (isOpen(order.status) || order.createdAt >= time)
            kept.put(order);
    }
    for (const ExecutionRecord &execution : executions) {
        if (execution.time >= time)
            kept.put(execution);
    }
    for (const TradeRecord &trade : trades) {
        if (trade.time >= time)
            kept.put(trade);
    }
    for (const LedgerEntry &entry : entries) {
        if (entry.time >= time)
            kept.put(entry);
    }
    return kept;
}

void DayView::apply(const CommittedGroup &group, const Engine &engine)
{
    if (group.newDay)
        configure(engine);
    std::unique_lock lock(m_mutex);
    for (const OrderRecord &order : group.orders) {
        if (order.no > m_startedAfter)
            m_rows.put(order);
        else if (m_earlier)
            m_earlier->put(order);
        else
            m_changedEarlier.insert_or_assign(order.no, order);
    }
    for (const ExecutionRecord &execution : group.executions)
        m_rows.put(execution);
    for (const TradeRecord &trade : group.trades)
        m_rows.put(trade);
    for (const LedgerEntry &entry : group.entries)
        m_rows.put(entry);
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

void DayView::setEarlier(std::shared_ptr<DayRows> rows)
{
    std::unique_lock lock(m_mutex);
    for (const auto &[no, order] : m_changedEarlier)
        rows->put(order);
    m_changedEarlier.clear();
    for (const EarlySettlement &one : m_settledEarlier)
        rows->settle(one);
    m_settledEarlier.clear();
    for (const EntryDecision &one : m_decidedEarlier)
        rows->decide(one);
    m_decidedEarlier.clear();
    m_earlier = std::move(rows);
}

bool DayView::complete() const
{
    std::shared_lock lock(m_mutex);
    return m_earlier != nullptr;
}

void DayView::archive(Time before)
{
    std::unique_lock lock(m_mutex);
    m_rows = m_rows.since(before);
    if (m_earlier)
        *m_earlier = m_earlier->since(before);
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
    const OrderRecord *order = m_rows.find(id);
    if (!order && m_earlier)
        order = m_earlier->find(id);
    return order ? std::optional(*order) : std::nullopt;
}

std::optional<OrderRecord> DayView::order(OrderNo no) const
{
    std::shared_lock lock(m_mutex);
    const OrderRecord *order = m_rows.find(no);
    if (!order && m_earlier)
        order = m_earlier->find(no);
    return order ? std::optional(*order) : std::nullopt;
}

bool DayView::matches(const OrderRecord &order, const OrderQuery &query) const
{
    if (query.account && order.account != *query.account)
        return false;
    if (!query.statuses.empty()
        && std::find(query.statuses.begin(), query.statuses.end(), order.status)
               == query.statuses.end())
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
    const auto *earlier = m_earlier ? &m_earlier->orders : nullptr;
    const Stretches<OrderRecord> rows =
        query.account
            ? Stretches<OrderRecord>(earlier,
                                     earlier ? &m_earlier->at(*query.account).orders : nullptr,
                                     m_rows.orders, &m_rows.at(*query.account).orders)
            : Stretches<OrderRecord>(earlier, m_rows.orders);
    return pageOf(
        rows, [&](const OrderRecord &order) { return matches(order, query); },
        [&](const OrderRecord &order) { return !query.before || order.no < *query.before; },
        query.limit, query.offset);
}

Page<ExecutionRecord> DayView::executions(const TradeQuery &query) const
{
    std::shared_lock lock(m_mutex);
    const auto *earlier = m_earlier ? &m_earlier->executions : nullptr;
    const Stretches<ExecutionRecord> rows =
        query.account ? Stretches<ExecutionRecord>(
                            earlier, earlier ? &m_earlier->at(*query.account).executions : nullptr,
                            m_rows.executions, &m_rows.at(*query.account).executions)
                      : Stretches<ExecutionRecord>(earlier, m_rows.executions);
    const auto matching = [&](const ExecutionRecord &row) {
        return (!query.instrument || row.instrument == *query.instrument)
               && (!query.order || row.order == *query.order)
               && (!query.side || row.side == *query.side)
               && (!query.from || row.time >= *query.from) && (!query.to || row.time < *query.to);
    };
    return pageOf(
        rows, matching,
        [&](const ExecutionRecord &row) { return !query.before || row.no < *query.before; },
        query.limit, query.offset);
}

Page<TradeRecord> DayView::trades(const TradeQuery &query) const
{
    static const DayRows::Index none;
    std::shared_lock lock(m_mutex);
    const auto *earlier = m_earlier ? &m_earlier->trades : nullptr;
    const auto indexIn = [&query](const DayRows &rows) -> const DayRows::Index * {
        if (query.account)
            return &rows.at(*query.account).trades;
        return *query.instrument < rows.tradesOf.size() ? &rows.tradesOf[*query.instrument] : &none;
    };
    const Stretches<TradeRecord> rows =
        query.account || query.instrument
            ? Stretches<TradeRecord>(earlier, earlier ? indexIn(*m_earlier) : nullptr,
                                     m_rows.trades, indexIn(m_rows))
            : Stretches<TradeRecord>(earlier, m_rows.trades);
    const auto matching = [&](const TradeRecord &row) {
        return (!query.instrument || row.instrument == *query.instrument)
               && (!query.order || row.buyOrder == *query.order || row.sellOrder == *query.order)
               && (!query.from || row.time >= *query.from) && (!query.to || row.time < *query.to);
    };
    return pageOf(
        rows, matching,
        [&](const TradeRecord &row) { return !query.before || row.no < *query.before; },
        query.limit, query.offset);
}

Page<LedgerEntry> DayView::entries(const EntryQuery &query) const
{
    std::shared_lock lock(m_mutex);
    const auto *earlier = m_earlier ? &m_earlier->entries : nullptr;
    const Stretches<LedgerEntry> rows(earlier,
                                      earlier ? &m_earlier->at(query.account).entries : nullptr,
                                      m_rows.entries, &m_rows.at(query.account).entries);
    const auto matching = [&](const LedgerEntry &row) {
        return row.securities == query.securities
               && (!query.currency || row.currency == *query.currency)
               && (!query.type || row.type == *query.type);
    };
    return pageOf(
        rows, matching,
        [&](const LedgerEntry &row) { return !query.before || row.no < *query.before; },
        query.limit, query.offset);
}

} // namespace khop
