// SPDX-License-Identifier: GPL-3.0-or-later
// The rows a desk has, memory's and the history's as one. Readers never see the seam: a page of memory says up to
// which numbers rows had left it, and the history is read up to there.
#include "engine/desk.h"

#include <algorithm>
#include <iterator>

namespace khop {

/// Where the rows of a kind are, and the question itself.
template <class Query, class Row>
struct Desk::RowSource {
    void (Desk::*ask)(const Query &, Answer<Page<Row>>) const;
    Page<Row> (DayView::*memory)(const Query &, MovedRows &) const;
    std::uint64_t MovedRows::*moved;
    void (History::*past)(const Query &, std::uint64_t, History::Answer<Row>);
};

namespace {

std::uint64_t numberOf(const OrderRecord &row) { return row.no; }
std::uint64_t numberOf(const ExecutionRecord &row) { return row.no; }
std::uint64_t numberOf(const TradeRecord &row) { return row.no; }
std::uint64_t numberOf(const LedgerEntry &row) { return row.no; }

/// Memory's rows and those of the history, both newest first, as one page that is.
template <class Row>
Page<Row> merged(Page<Row> memory, Page<Row> past, std::size_t limit, std::size_t offset)
{
    Page<Row> page;
    page.total = memory.total + past.total;
    page.rows.reserve(memory.rows.size() + past.rows.size());
    std::merge(std::make_move_iterator(memory.rows.begin()),
               std::make_move_iterator(memory.rows.end()),
               std::make_move_iterator(past.rows.begin()), std::make_move_iterator(past.rows.end()),
               std::back_inserter(page.rows),
               [](const Row &a, const Row &b) { return numberOf(a) > numberOf(b); });
    page.rows.erase(page.rows.begin(),
                    page.rows.begin()
                        + static_cast<std::ptrdiff_t>(std::min(offset, page.rows.size())));
    page.more = memory.more || past.more || page.rows.size() > limit;
    if (page.rows.size() > limit)
        page.rows.resize(limit);
    return page;
}

/// What the history reader calls: merges its page with memory's and answers.
template <class Row>
std::function<void(Result<Page<Row>>)> withMemory(Page<Row> memory, std::size_t limit,
                                                  std::size_t offset,
                                                  std::function<void(Result<Page<Row>>)> answer)
{
    return [memory = std::move(memory), limit, offset,
            answer = std::move(answer)](Result<Page<Row>> past) {
        if (past)
            answer(merged(memory, std::move(*past), limit, offset));
        else
            answer(std::unexpected(past.error()));
    };
}

/// The query that fetches everything a merged page may need from memory's rows.
template <class Query>
Query widened(Query query)
{
    query.limit += query.offset;
    query.offset = 0;
    return query;
}

/// What to ask the history, which has rows up to `upTo`, for beside that page of memory: no more than how many
/// there are when the page is full of later ones.
template <class Query, class Row>
Query beside(const Page<Row> &memory, Query query, std::uint64_t upTo)
{
    if (memory.rows.size() == query.limit + query.offset && !memory.rows.empty()
        && numberOf(memory.rows.back()) > upTo)
        query.limit = query.offset = 0;
    return query;
}

} // namespace

void Desk::findOrder(const Uuid &id, Answer<OrderRecord> answer) const
{
    if (auto order = m_view.order(id))
        answer(std::move(*order));
    else if (!m_view.complete())
        m_history->afterLoading([this, id, answer = std::move(answer)] { findOrder(id, answer); });
    else if (m_view.moved().order != 0)
        m_history->order(id, std::move(answer));
    else
        answer(refuse(Code::NOT_FOUND, "order_id", id.text()));
}

void Desk::queryOrders(const OrderQuery &query, Answer<Page<OrderRecord>> answer) const
{
    if (!m_view.complete())
        return askLater(&Desk::queryOrders, query, std::move(answer));
    MovedRows moved;
    const bool open = !query.statuses.empty() && std::ranges::all_of(query.statuses, isOpen);
    if (open || m_view.moved().order == 0) {
        auto page = m_view.orders(query, moved);
        if (open || moved.order == 0) // the history has no open orders
            return answer(std::move(page));
    }
    const std::uint32_t drops = m_view.drops();
    auto page = m_view.orders(widened(query), moved);
    const OrderQuery rest = beside(page, query, moved.order);
    auto both = withMemory(std::move(page), query.limit, query.offset, answer);
    m_history->orders(rest, *m_view.instruments(), moved.order, moved.late,
                      [this, query, drops, both = std::move(both),
                       answer = std::move(answer)](Result<Page<OrderRecord>> past) {
                          if (drops % 2 == 0 && m_view.drops() == drops)
                              return both(std::move(past));
                          m_view.awaitDrop(); // orders that stayed behind leave memory just now
                          queryOrders(query, answer);
                      });
}

/// Asks again on the reader's thread, after the rows that are being read.
template <class Query, class T>
void Desk::askLater(void (Desk::*ask)(const Query &, Answer<T>) const, const Query &query,
                    Answer<T> answer) const
{
    m_history->afterLoading(
        [this, ask, query, answer = std::move(answer)] { (this->*ask)(query, answer); });
}

/// Rows that never change once they are there: memory's, and those that have left it.
template <class Query, class Row>
void Desk::queryRows(const RowSource<Query, Row> &source, const Query &query,
                     Answer<Page<Row>> answer) const
{
    if (!m_view.complete())
        return askLater(source.ask, query, std::move(answer));
    MovedRows moved;
    auto page = (m_view.*source.memory)(widened(query), moved);
    const std::uint64_t upTo = moved.*source.moved;
    const Query rest = beside(page, query, upTo);
    auto both = withMemory(std::move(page), query.limit, query.offset, std::move(answer));
    if (upTo == 0)
        both(Page<Row>{});
    else
        (m_history.get()->*source.past)(rest, upTo, std::move(both));
}

void Desk::queryExecutions(const TradeQuery &query, Answer<Page<ExecutionRecord>> answer) const
{
    queryRows(
        {&Desk::queryExecutions, &DayView::executions, &MovedRows::execution, &History::executions},
        query, std::move(answer));
}

void Desk::queryTrades(const TradeQuery &query, Answer<Page<TradeRecord>> answer) const
{
    queryRows({&Desk::queryTrades, &DayView::trades, &MovedRows::trade, &History::trades}, query,
              std::move(answer));
}

void Desk::queryEntries(const EntryQuery &query, Answer<Page<LedgerEntry>> answer) const
{
    queryRows({&Desk::queryEntries, &DayView::entries, &MovedRows::entry, &History::entries}, query,
              std::move(answer));
}

void Desk::queryCandles(const CandleQuery &query, Answer<std::vector<TradedCandle>> answer) const
{
    if (!m_view.complete())
        return askLater(&Desk::queryCandles, query, std::move(answer));
    addCandles(query, 0, std::make_shared<CandleBuilder>(query), std::move(answer));
}

/// The trades after that one: memory's, and before them those that have left it.
void Desk::addCandles(const CandleQuery &query, std::uint64_t after,
                      std::shared_ptr<CandleBuilder> candles,
                      Answer<std::vector<TradedCandle>> answer) const
{
    if (m_view.addTrades(query.instrument, after, *candles))
        return answer(candles->take());
    m_history->candles(
        query, after, candles,
        [this, query, candles, answer = std::move(answer)](Result<std::uint64_t> last) {
            if (last)
                addCandles(query, *last, candles, answer);
            else
                answer(std::unexpected(last.error()));
        });
}

void Desk::queryPutThroughs(const PutThroughQuery &query,
                            Answer<Page<PutThroughRecord>> answer) const
{
    m_history->putThroughs(query, std::move(answer));
}

void Desk::queryImports(const ImportQuery &query, Answer<Page<ImportRecord>> answer) const
{
    m_history->imports(query, std::move(answer));
}

void Desk::queryImportRows(const ImportRowQuery &query, Answer<Page<ImportedRow>> answer) const
{
    m_history->importRows(query, std::move(answer));
}

} // namespace khop
