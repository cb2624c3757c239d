// SPDX-License-Identifier: GPL-3.0-or-later
// Pages of today's rows, and how many match a filter.
#include "engine/day_view.h"

#include <algorithm>
#include <deque>
#include <type_traits>

namespace khop {

namespace {

/// Rows of several pieces, one after the other, reached by position.
template <class Row>
class Stretches
{
public:
    /// All rows, or those an index names.
    void add(const RowArray<Row> &rows, const DayRows::Index *index = nullptr)
    {
        const std::size_t count = index ? index->size() : rows.size();
        if (count == 0)
            return;
        m_parts.push_back({&rows, index, m_size});
        m_size += count;
    }
    std::size_t size() const { return m_size; }
    const Row &operator[](std::size_t k) const
    {
        auto part = m_parts.rbegin(); // few, and the newest are asked for most
        while (k < part->first)
            ++part;
        k -= part->first;
        return (*part->rows)[part->index ? (*part->index)[k] : k];
    }

private:
    struct Part {
        const RowArray<Row> *rows;
        const DayRows::Index *index;
        std::size_t first;
    };
    std::vector<Part> m_parts;
    std::size_t m_size = 0;
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
    if (order.account == 0 || (query.account && order.account != *query.account))
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

Page<OrderRecord> DayView::orders(const OrderQuery &query, MovedRows &moved) const
{
    std::shared_lock lock(m_mutex);
    moved = m_moved;
    const auto matching = [&](const OrderRecord &order) { return matches(order, query); };
    Stretches<OrderRecord> rows;
    const auto forEachPiece = [this](auto visit) {
        visit(*m_leftOver);
        for (const auto &piece : m_pieces)
            visit(*piece);
    };
    if (!query.clientOrderId.empty()) {
        std::deque<DayRows::Index> found;
        forEachPiece([&](const DayPiece &piece) {
            found.push_back(piece.rows.withClientId(query.clientOrderId));
            rows.add(piece.rows.orders, &found.back());
        });
        return pageOf(rows, matching, query.before, query.limit, query.offset,
                      countOf(rows, matching));
    }
    std::size_t forgotten = 0;
    forEachPiece([&](const DayPiece &piece) {
        const DayRows::AccountRows *const own =
            query.account ? &piece.rows.at(*query.account) : nullptr;
        rows.add(piece.rows.orders, own ? &own->orders : nullptr);
        forgotten += own ? own->forgotten : piece.rows.forgotten;
    });
    const bool lasting = query.instrument || query.exchange || query.side || query.type
                         || query.given || query.from || query.to;
    std::uint64_t total = rows.size() - forgotten;
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
        total = 0;
        forEachPiece([&](const DayPiece &piece) {
            total += piece.rows.at(*query.account).countOf(query.statuses);
        });
    } else if (!query.statuses.empty()) {
        for (const OrderStatus status : query.statuses)
            key.add(static_cast<std::int64_t>(status));
        total = 0;
        forEachPiece([&](const DayPiece &piece) {
            total +=
                piece.totals.of(key.text(), piece.rows.orders, piece.rows.orderChanges, matching);
        });
    } else if (lasting) {
        total = m_totals.of(key.text(), rows, matching);
    }
    return pageOf(rows, matching, query.before, query.limit, query.offset, total);
}

Page<ExecutionRecord> DayView::executions(const TradeQuery &query, MovedRows &moved) const
{
    std::shared_lock lock(m_mutex);
    moved = m_moved;
    Stretches<ExecutionRecord> rows;
    for (const auto &piece : m_pieces)
        rows.add(piece->rows.executions,
                 query.account ? &piece->rows.at(*query.account).executions : nullptr);
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

Page<TradeRecord> DayView::trades(const TradeQuery &query, MovedRows &moved) const
{
    static const DayRows::Index none;
    std::shared_lock lock(m_mutex);
    moved = m_moved;
    Stretches<TradeRecord> rows;
    for (const auto &piece : m_pieces) {
        const DayRows &of = piece->rows;
        const DayRows::Index *index = nullptr;
        if (query.account)
            index = &of.at(*query.account).trades;
        else if (query.instrument)
            index =
                *query.instrument < of.tradesOf.size() ? &of.tradesOf[*query.instrument] : &none;
        rows.add(of.trades, index);
    }
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

bool DayView::addTrades(InstrumentIndex instrument, std::uint64_t after,
                        CandleBuilder &candles) const
{
    std::shared_lock lock(m_mutex);
    if (m_moved.trade > after)
        return false;
    for (const auto &piece : m_pieces) {
        const DayRows &rows = piece->rows;
        if (instrument >= rows.tradesOf.size())
            continue;
        for (const std::uint32_t index : rows.tradesOf[instrument]) {
            if (rows.trades[index].no > after)
                candles.add(rows.trades[index]);
        }
    }
    return true;
}

Page<LedgerEntry> DayView::entries(const EntryQuery &query, MovedRows &moved) const
{
    std::shared_lock lock(m_mutex);
    moved = m_moved;
    Stretches<LedgerEntry> rows;
    for (const auto &piece : m_pieces)
        rows.add(piece->rows.entries, &piece->rows.at(query.account).entries);
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
