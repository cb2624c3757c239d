// SPDX-License-Identifier: GPL-3.0-or-later
// Pages of today's rows, and how many match a filter.
#include "engine/day_view.h"

#include <algorithm>
#include <type_traits>

namespace khop {

namespace {

/// Rows of two stretches, the earlier one first, reached by position.
template <class Row>
class Stretches
{
public:
    /// All rows of both, or those an index names.
    Stretches(const RowArray<Row> *earlier, const RowArray<Row> &rows)
        : m_earlier(earlier)
        , m_rows(rows)
    {}
    Stretches(const RowArray<Row> *earlier, const DayRows::Index *earlierIndex,
              const RowArray<Row> &rows, const DayRows::Index *index)
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

    const RowArray<Row> *m_earlier;
    const RowArray<Row> &m_rows;
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
    FilterKey key('o');
    key.add(query.account)
        .add(query.instrument)
        .add(query.exchange)
        .add(query.side)
        .add(query.type)
        .add(query.given)
        .add(query.from)
        .add(query.to);
    if (!query.statuses.empty() && query.account && !lasting) {
        total = m_rows.at(*query.account).countOf(query.statuses)
                + (m_earlier ? m_earlier->at(*query.account).countOf(query.statuses) : 0);
    } else if (!query.statuses.empty()) {
        for (const OrderStatus status : query.statuses)
            key.add(static_cast<std::int64_t>(status));
        total = m_orders.of(key.text(), m_rows.orders, m_rows.orderChanges, matching);
        if (m_earlier)
            total += m_earlierOrders.of(key.text(), m_earlier->orders, m_earlier->orderChanges,
                                        matching);
    } else if (lasting) {
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
