// SPDX-License-Identifier: GPL-3.0-or-later
// The single truth: one SQLite file (WAL, synchronous=FULL) written by one connection, one transaction
// per group of commands: the journal row (canonical commands, state hash, previous hash, hash) and the
// rows it made. A group is durable when commit() returns.
//
// Today's tables have no secondary index and rows are only added at their ends, so that writes stay
// sequential: an order's row stays as it was at the end of its first group, later states of it are rows of
// `order_changes`, and the view `orders_now` shows both as one. Older rows move to the history tables, which
// are indexed for keyset queries: see DayArchive.
//
// A Store belongs to the thread that opened it.
#pragma once

#include "base/result.h"
#include "engine/day_rows.h"
#include "engine/engine.h"
#include "engine/records.h"
#include "store/journal.h"

#include <QByteArray>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace khop {

class BulkInsert;
class RowValues;

struct BalanceRow {
    AccountNo account = 0;
    std::uint16_t currency = 0;
    Money available, held, pending;
};

struct Checkpoint {
    std::uint64_t sequence = 0;
    QByteArray snapshot;
};

/// Rows that leave today's tables, of each kind the oldest there.
struct HistoryMove {
    template <class Row>
    struct Run {
        const RowArray<Row> *rows = nullptr;
        std::size_t first = 0, end = 0;
    };
    std::vector<const OrderRecord *> orders; // that have ended, any
    std::vector<const OrderRecord *> left;   // that stay: their rows are as they are now
    Run<ExecutionRecord> executions;
    Run<TradeRecord> trades;
    Run<LedgerEntry> entries;
};

class Store
{
public:
    enum class Mode { ReadWrite, ReadOnly };

    /// Opens or makes the database and brings its schema up to date. Errors name the file: not a
    /// database, newer schema, read-only, corrupt, without the key of its last group. Without `keyFile` the keys
    /// are beside the database.
    static Result<std::unique_ptr<Store>> open(const QString &path, Mode mode,
                                               const QString &keyFile = {});
    ~Store();

    const JournalKeys &keys() const { return m_keys; }
    /// The last group, without its commands; sequence 0 in a new database.
    Result<JournalGroup> lastGroup();
    /// The first command of the group that holds this one; the command itself past the last group, 1 at least.
    std::uint64_t groupOf(std::uint64_t command);
    /// Calls `visit` for every group after `sequence`, in order, until it returns false.
    Result<void> readJournal(std::uint64_t after,
                             const std::function<bool(const JournalGroup &)> &visit);

    struct Write {
        JournalGroup journal;
        const CommittedGroup *rows = nullptr;
        std::vector<BalanceRow> balances;
        std::optional<Checkpoint> checkpoint;
        Date clientOrderDay;
        std::vector<ClientOrder> clientOrders; // of the checkpoint: those since the one before
    };
    Result<void> commit(const Write &write);

    Result<std::optional<Checkpoint>> lastCheckpoint();
    Result<std::vector<ClientOrder>> clientOrders(Date day);
    Result<void> forgetClientOrders(Date before);

    /// What is in the history.
    Result<MovedRows> moved();
    /// One transaction, durable with the next commit().
    Result<void> moveToHistory(const HistoryMove &move);
    /// The last row of `order_changes`; 0: none.
    Result<std::int64_t> lastChange();
    /// Removes rows of `order_changes` up to that one, some of them; true when there are no more.
    Result<bool> forgetChanges(std::int64_t upTo, int most);

    /// An order of today's tables as they were when the store was opened, or of the history.
    std::optional<OrderRecord> readOrder(OrderNo no);

    static constexpr int schemaVersion = 8;

private:
    Store(QString path, QString connection);
    Result<void> prepare(Mode mode, const QString &keyFile);
    Result<void> prepareStatements();
    Result<void> migrate();
    Result<void> writeRows(const CommittedGroup &rows);
    Result<void> writeOrders(const std::vector<OrderRecord> &orders);
    Result<void> writeSettlement(const EarlySettlement &settled);
    Result<void> writeDecision(const EntryDecision &decided);
    Result<void> moveRows(const HistoryMove &move);
    template <class Row>
    Result<void> moveRun(const HistoryMove::Run<Row> &run, BulkInsert &history,
                         void (*add)(RowValues &, const Row &), const QString &oldest);
    std::unexpected<Error> failed(const QString &what) const;
    bool execute(const QString &sql);
    Result<void> setRelaxed(bool relaxed);
    Result<std::int64_t> readNumber(const QString &sql);

    QString m_path;
    QString m_connection;
    QSqlDatabase m_db;
    JournalKeys m_keys;
    struct Statements;
    std::unique_ptr<Statements> m_statements;
    bool m_relaxed = false;                     // since the last move: commit() must not be
    OrderNo m_lastOrder = 0;                    // that has a row
    std::vector<const OrderRecord *> m_changed; // of the group that is being written
    std::optional<std::unordered_map<OrderNo, std::int64_t>> m_lastChanges; // by order: the row
};

} // namespace khop
