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

/// The page of those that match, newest first, from the cursor on; it looks no further than the page
/// needs. Numbers ascend with the rows' position.
template <class Row, class Matches>
Page<Row> pageOf(const Stretches<Row> &rows, Matches matches, std::optional<std::uint64_t> before,
                 std::size_t limit, std::size_t offset, std::uint64_t total)
{
    Page<Row> page;
    page.total = total;
    std::size_t end = rows.size();
    if (before) {
        std::size_t low = 0;
        while (low < end) {
            const std::size_t middle = low + (end - low) / 2;
            if (rows[middle].no < *before)
                low = middle + 1;
            else
                end = middle;
        }
    }
    std::uint64_t found = 0;
    for (std::size_t k = end; k-- > 0;) {
        if (!before && found == total) // there are no more of them
            break;
        const Row &row = rows[k];
        if (!matches(row))
            continue;
        if (found++ < offset)
            continue;
        if (page.rows.size() == limit) {
            page.more = true;
            break;
        }
        page.rows.push_back(row);
    }
    return page;
}

/// What tells one filter from another.
class FilterKey
{
public:
    explicit FilterKey(char kind) : m_text(1, kind) {}
    FilterKey &add(std::int64_t value)
    {
        m_text += ' ' + std::to_string(value);
        return *this;
    }
    template <class Value>
    FilterKey &add(const std::optional<Value> &value)
    {
        if (!value) {
            m_text += " -";
            return *this;
        }
        if constexpr (std::is_same_v<Value, Time>)
            return add(value->ms);
        else
            return add(static_cast<std::int64_t>(*value));
    }
    const std::string &text() const { return m_text; }

private:
    std::string m_text;
};

FilterKey keyOf(char kind, const TradeQuery &query)
{
    return FilterKey(kind)
        .add(query.account)
        .add(query.instrument)
        .add(query.order)
        .add(query.side)
        .add(query.from)
        .add(query.to);
}

template <class Rows, class Matches>
std::uint64_t countOf(const Rows &rows, Matches matches)
{
    std::uint64_t count = 0;
    for (std::size_t k = 0; k < rows.size(); ++k)
        count += matches(rows[k]) ? 1 : 0;
    return count;
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
    const std::uint32_t *const place = orderByNo.find(no);
    return place ? &orders[*place] : nullptr;
}

const OrderRecord *DayRows::find(const Uuid &id) const
{
    const std::uint32_t *const place = orderById.find(id);
    return place ? &orders[*place] : nullptr;
}

void DayRows::put(const OrderRecord &order)
{
    AccountRows &own = of(order.account);
    if (const std::uint32_t *const place = orderByNo.find(order.no)) {
        OrderRecord &known = orders[*place];
        if (known.version <= order.version) {
            --own.byStatus[static_cast<std::size_t>(known.status)];
            ++own.byStatus[static_cast<std::size_t>(order.status)];
            known = order;
        }
        return;
    }
    const auto place = static_cast<std::uint32_t>(orders.size());
    orderByNo.insert(order.no, place);
    orderById.insert(order.id, place);
    earlierOfClientId.push_back(place);
    if (!order.clientOrderId.empty()) {
        const std::uint64_t hash = std::hash<std::string>{}(order.clientOrderId);
        if (const std::uint32_t *const earlier = orderByClientId.find(hash))
            earlierOfClientId.back() = *earlier;
        orderByClientId.insert(hash, place);
    }
    own.orders.push_back(place);
    ++own.byStatus[static_cast<std::size_t>(order.status)];
    orders.push_back(order);
}

std::uint64_t DayRows::AccountRows::countOf(const std::vector<OrderStatus> &statuses) const
{
    std::array<bool, orderStatusCount> asked{};
    for (const OrderStatus status : statuses)
        asked[static_cast<std::size_t>(status)] = true;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < asked.size(); ++i)
        count += asked[i] ? byStatus[i] : 0;
    return count;
}

DayRows::Index DayRows::withClientId(const std::string &clientOrderId) const
{
    Index found;
    const std::uint32_t *const latest =
        orderByClientId.find(std::hash<std::string>{}(clientOrderId));
    if (!latest)
        return found;
    for (std::uint32_t place = *latest;; place = earlierOfClientId[place]) {
        found.push_back(place);
        if (earlierOfClientId[place] == place)
            break;
    }
    std::ranges::reverse(found);
    return found;
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
    // Rows stand in the order of their numbers; a group may tell of a child before its parent.
    std::vector<const OrderRecord *> fresh;
    const OrderNo latest = m_rows.orders.empty() ? m_startedAfter : m_rows.orders.back().no;
    for (const OrderRecord &order : group.orders) {
        if (order.no > latest)
            fresh.push_back(&order);
        else if (order.no > m_startedAfter)
            m_rows.put(order);
        else if (m_earlier)
            m_earlier->put(order);
        else
            m_changedEarlier.insert_or_assign(order.no, order);
    }
    if (!std::ranges::is_sorted(fresh, {}, &OrderRecord::no))
        std::ranges::stable_sort(fresh, {}, &OrderRecord::no);
    for (const OrderRecord *order : fresh)
        m_rows.put(*order);
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
    m_totals.forget();
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
    m_totals.forget();
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
    const auto matching = [&](const OrderRecord &order) { return matches(order, query); };
    if (!query.clientOrderId.empty()) {
        const DayRows::Index now = m_rows.withClientId(query.clientOrderId);
        const DayRows::Index before =
            m_earlier ? m_earlier->withClientId(query.clientOrderId) : DayRows::Index{};
        const Stretches<OrderRecord> rows(earlier, earlier ? &before : nullptr, m_rows.orders,
                                          &now);
        return pageOf(rows, matching, query.before, query.limit, query.offset,
                      countOf(rows, matching));
    }
    const Stretches<OrderRecord> rows =
        query.account
            ? Stretches<OrderRecord>(earlier,
                                     earlier ? &m_earlier->at(*query.account).orders : nullptr,
                                     m_rows.orders, &m_rows.at(*query.account).orders)
            : Stretches<OrderRecord>(earlier, m_rows.orders);
    const bool lasting = query.instrument || query.exchange || query.side || query.type
                         || query.given || query.from || query.to;
    std::uint64_t total = rows.size();
    if (!query.statuses.empty()) {
        // A status changes: those of an account are counted as they do, others now.
        if (query.account && !lasting) {
            total = m_rows.at(*query.account).countOf(query.statuses)
                    + (m_earlier ? m_earlier->at(*query.account).countOf(query.statuses) : 0);
        } else {
            total = countOf(rows, matching);
        }
    } else if (lasting) {
        const FilterKey key = FilterKey('o')
                                  .add(query.account)
                                  .add(query.instrument)
                                  .add(query.exchange)
                                  .add(query.side)
                                  .add(query.type)
                                  .add(query.given)
                                  .add(query.from)
                                  .add(query.to);
        total = m_totals.of(key.text(), rows, matching);
    }
    return pageOf(rows, matching, query.before, query.limit, query.offset, total);
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
    const bool all = !query.instrument && !query.order && !query.side && !query.from && !query.to;
    const std::uint64_t total =
        all ? rows.size() : m_totals.of(keyOf('e', query).text(), rows, matching);
    return pageOf(rows, matching, query.before, query.limit, query.offset, total);
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
    const bool all =
        (!query.instrument || !query.account) && !query.order && !query.from && !query.to;
    const std::uint64_t total =
        all ? rows.size() : m_totals.of(keyOf('t', query).text(), rows, matching);
    return pageOf(rows, matching, query.before, query.limit, query.offset, total);
}

void DayView::addTrades(InstrumentIndex instrument, CandleBuilder &candles) const
{
    std::shared_lock lock(m_mutex);
    for (const DayRows *rows : {static_cast<const DayRows *>(m_earlier.get()), &m_rows}) {
        if (!rows || instrument >= rows->tradesOf.size())
            continue;
        for (const std::uint32_t index : rows->tradesOf[instrument])
            candles.add(rows->trades[index]);
    }
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
    const FilterKey key = FilterKey('l')
                              .add(query.account)
                              .add(query.currency)
                              .add(query.type)
                              .add(query.securities ? 1 : 0);
    return pageOf(rows, matching, query.before, query.limit, query.offset,
                  m_totals.of(key.text(), rows, matching));
}

} // namespace khop
