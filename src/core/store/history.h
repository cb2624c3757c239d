// SPDX-License-Identifier: GPL-3.0-or-later
// Finished days, read from SQL on a connection and thread of their own: keyset queries over the history
// tables, newest first. The writer never waits for a reader (WAL).
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

/// How many finished rows match a filter: they change only when a day is archived.
using HistoryTotals = std::unordered_map<std::string, std::uint64_t>;

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
    /// Reads the rows of days not yet archived, up to `last`: the first task, so that everything posted
    /// later comes after it.
    void loadDay(const LastRows &last, std::function<void(std::shared_ptr<DayRows>)> loaded);
    /// Runs on the reader's thread once all earlier tasks are done.
    void afterLoading(std::function<void()> task);
    /// A day was archived.
    void forgetTotals();

    /// `answer` runs on the reader's thread. Rows from the newest, limit + offset of them at most; offset
    /// is left to the caller, who merges them with today's.
    template <class Row>
    using Answer = std::function<void(Result<Page<Row>>)>;
    void orders(const OrderQuery &query, const InstrumentList &instruments,
                Answer<OrderRecord> answer);
    void order(const Uuid &id, std::function<void(Result<OrderRecord>)> answer);
    void executions(const TradeQuery &query, Answer<ExecutionRecord> answer);
    void trades(const TradeQuery &query, Answer<TradeRecord> answer);
    void entries(const EntryQuery &query, Answer<LedgerEntry> answer);
    /// Adds the trades of finished days.
    void candles(const CandleQuery &query, std::shared_ptr<CandleBuilder> candles,
                 std::function<void(Result<void>)> done);
    void imports(const ImportQuery &query, Answer<ImportRecord> answer);
    void importRows(const ImportRowQuery &query, Answer<ImportedRow> answer);
    /// What a portfolio wants to know of an account, oldest first: its records after that entry.
    struct RecordsPage {
        AccountRecords records;
        bool more = false;
    };
    void records(AccountNo account, std::uint64_t entry,
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
