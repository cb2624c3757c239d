// SPDX-License-Identifier: GPL-3.0-or-later
// What has left memory, read from SQL on a connection and thread of their own: keyset queries over the history
// tables, newest first. The writer never waits for a reader (WAL). Who asks says up to which numbers memory has
// no rows any more: the tables have more, whose turn it is not yet.
#pragma once

#include "engine/day_view.h"
#include "engine/trading_service.h"

#include <QSqlDatabase>
#include <QString>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

namespace khop {

/// How many rows up to a number match a filter.
struct HistoryTotal {
    std::uint64_t upTo = 0;
    std::uint32_t asOf = 0;
    std::uint64_t count = 0;
};
using HistoryTotals = std::unordered_map<std::string, HistoryTotal>;

class History
{
public:
    explicit History(QString databaseFile);
    ~History();

    /// The last numbers given before this start.
    struct LastRows {
        OrderNo order = 0;
        std::uint64_t trade = 0, entry = 0;
    };
    /// Reads the rows that are not in the history, up to `last`: the first task, so that everything posted
    /// later comes after it. Apart are orders that stayed behind when others up to `moved` left.
    using Loaded =
        std::function<void(std::shared_ptr<DayPiece> leftOver, std::shared_ptr<DayPiece> piece)>;
    void loadDay(const LastRows &last, OrderNo moved, Loaded loaded);
    /// Runs on the reader's thread once all earlier tasks are done.
    void afterLoading(std::function<void()> task);

    /// `answer` runs on the reader's thread. Rows up to `upTo` from the newest, limit + offset of them at most;
    /// offset is left to the caller, who merges them with memory's.
    template <class Row>
    using Answer = std::function<void(Result<Page<Row>>)>;
    /// `asOf`: another number tells that orders have come that are older than some that were there.
    void orders(const OrderQuery &query, const InstrumentList &instruments, OrderNo upTo,
                std::uint32_t asOf, Answer<OrderRecord> answer);
    void order(const Uuid &id, std::function<void(Result<OrderRecord>)> answer);
    void executions(const TradeQuery &query, std::uint64_t upTo, Answer<ExecutionRecord> answer);
    void trades(const TradeQuery &query, std::uint64_t upTo, Answer<TradeRecord> answer);
    void entries(const EntryQuery &query, std::uint64_t upTo, Answer<LedgerEntry> answer);
    /// Adds the trades after that one; answers with the last one that is there, of any instrument.
    void candles(const CandleQuery &query, std::uint64_t after,
                 std::shared_ptr<CandleBuilder> candles,
                 std::function<void(Result<std::uint64_t>)> done);
    void imports(const ImportQuery &query, Answer<ImportRecord> answer);
    void importRows(const ImportRowQuery &query, Answer<ImportedRow> answer);
    /// What a portfolio wants to know of an account, oldest first: its records after that entry, up to `upTo`.
    struct RecordsPage {
        AccountRecords records;
        bool more = false;
    };
    void records(AccountNo account, std::uint64_t entry, std::uint64_t upTo,
                 std::function<void(Result<RecordsPage>)> answer);
    struct ClosesAfter {
        InstrumentIndex instrument = noInstrument;
        Date day;
    };
    /// By instrument in the order given, ascending by day.
    void closes(std::vector<ClosesAfter> wanted,
                std::function<void(Result<std::vector<DayClose>>)> answer);
    /// Of all days: deals are few and not moved.
    void putThroughs(const PutThroughQuery &query, Answer<PutThroughRecord> answer);

private:
    using Task = std::function<void(QSqlDatabase &)>;
    void post(Task task);
    void run(std::stop_token stop);

    QString m_file;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Task> m_tasks;
    HistoryTotals m_totals; // the reader's thread's
    std::jthread m_thread;
};

} // namespace khop
