// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that leave today's tables for the history, and what the store knows of them: see DayArchive.
#include "store/rows.h"
#include "store/store_statements.h"

#include <QSqlError>
#include <QVariant>

namespace khop {

Result<std::int64_t> Store::readNumber(const QString &sql)
{
    QSqlQuery query(m_db);
    if (!query.exec(sql) || !query.next())
        return failed(query.lastError().text());
    return query.value(0).toLongLong();
}

Result<MovedRows> Store::moved()
{
    MovedRows moved;
    const auto read = [this](std::uint64_t &to, const char *table, const char *by) {
        const auto last = readNumber(
            QStringLiteral("SELECT ifnull((SELECT no FROM %1 ORDER BY %2 DESC LIMIT 1),0)")
                .arg(QLatin1String(table), QLatin1String(by)));
        if (last)
            to = static_cast<std::uint64_t>(*last);
        return last ? Result<void>{} : std::unexpected(last.error());
    };
    // executions have no key: their rows lie in the order they came in
    for (const auto &done :
         {read(moved.order, "orders_history", "no"),
          read(moved.execution, "executions_history", "rowid"),
          read(moved.trade, "trades_history", "no"), read(moved.entry, "entries_history", "no")}) {
        if (!done)
            return std::unexpected(done.error());
    }
    return moved;
}

/// How long a commit waits for the disk: FULL until its bytes are there, NORMAL not at all.
Result<void> Store::setRelaxed(bool relaxed)
{
    if (m_relaxed == relaxed)
        return {};
    QSqlQuery query(m_db);
    if (!query.exec(relaxed ? QStringLiteral("PRAGMA synchronous=NORMAL")
                            : QStringLiteral("PRAGMA synchronous=FULL")))
        return failed(query.lastError().text());
    m_relaxed = relaxed;
    return {};
}

Result<void> Store::moveToHistory(const HistoryMove &move)
{
    // nothing is promised to anybody here: the next commit's sync is early enough
    if (auto relaxed = setRelaxed(true); !relaxed)
        return relaxed;
    if (!m_db.transaction())
        return failed(m_db.lastError().text());
    Result<void> moved = moveRows(move);
    if (moved && !m_db.commit())
        moved = failed(m_db.lastError().text());
    if (!moved)
        m_db.rollback();
    return moved;
}

Result<void> Store::moveRows(const HistoryMove &move)
{
    Statements &s = *m_statements;
    auto next = move.orders.begin();
    const bool written = move.orders.empty() || s.pastOrder.execute([&](RowValues &row) {
        if (next == move.orders.end())
            return false;
        addOrder(row, **next++);
        return true;
    });
    if (!written)
        return failed(s.pastOrder.errorText());
    for (const OrderRecord *order : move.orders) {
        s.removeOrder.bind(static_cast<std::int64_t>(order->no));
        if (!s.removeOrder.execute())
            return failed(s.removeOrder.errorText());
    }
    RowValues row;
    for (const OrderRecord *order : move.left) {
        row.clear();
        addOrder(row, *order);
        s.replaceOrder.bind(row);
        if (!s.replaceOrder.execute())
            return failed(s.replaceOrder.errorText());
    }
    // executions have no key: their rows lie in the order they came in
    if (auto moved =
            moveRun(move.executions, s.pastExecution, addExecution,
                    QStringLiteral("DELETE FROM executions WHERE rowid<=(SELECT rowid FROM "
                                   "executions ORDER BY rowid LIMIT 1 OFFSET %1-1)"));
        !moved)
        return moved;
    if (auto moved = moveRun(move.trades, s.pastTrade, addTrade,
                             QStringLiteral("DELETE FROM trades WHERE no<=(SELECT no FROM trades "
                                            "ORDER BY no LIMIT 1 OFFSET %1-1)"));
        !moved)
        return moved;
    return moveRun(move.entries, s.pastEntry, addEntry,
                   QStringLiteral("DELETE FROM entries WHERE no<=(SELECT no FROM entries "
                                  "ORDER BY no LIMIT 1 OFFSET %1-1)"));
}

/// `oldest` removes as many of the oldest rows of today's table.
template <class Row>
Result<void> Store::moveRun(const HistoryMove::Run<Row> &run, BulkInsert &history,
                            void (*add)(RowValues &, const Row &), const QString &oldest)
{
    if (run.first == run.end)
        return {};
    std::size_t at = run.first;
    const bool written = history.execute([&](RowValues &row) {
        if (at == run.end)
            return false;
        add(row, (*run.rows)[at++]);
        return true;
    });
    if (!written)
        return failed(history.errorText());
    QSqlQuery remove(m_db);
    if (!remove.exec(oldest.arg(run.end - run.first)))
        return failed(remove.lastError().text());
    if (static_cast<std::size_t>(remove.numRowsAffected()) != run.end - run.first)
        return failed(QStringLiteral("today's rows are not those that memory has"));
    return {};
}

Result<std::int64_t> Store::lastChange()
{
    return readNumber(QStringLiteral("SELECT ifnull(max(rowid),0) FROM order_changes"));
}

/// The very last row stays, so that the numbers of rows go on.
Result<bool> Store::forgetChanges(std::int64_t upTo, int most)
{
    QSqlQuery query(m_db);
    if (!query.exec(QStringLiteral("DELETE FROM order_changes WHERE rowid IN (SELECT rowid FROM "
                                   "order_changes WHERE rowid<=%1 AND rowid<(SELECT max(rowid) "
                                   "FROM order_changes) ORDER BY rowid LIMIT %2)")
                        .arg(upTo)
                        .arg(most)))
        return failed(query.lastError().text());
    return query.numRowsAffected() < most;
}

std::optional<OrderRecord> Store::readOrder(OrderNo no)
{
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT %1 FROM orders_history WHERE no=?")
                      .arg(QLatin1String(orderColumns)));
    query.bindValue(0, QVariant::fromValue<qlonglong>(static_cast<qlonglong>(no)));
    if (query.exec() && query.next())
        return orderOf(query);
    if (!m_lastChanges) { // `order_changes` has no index: one walk for all that are asked for
        m_lastChanges.emplace();
        if (!query.exec(QStringLiteral("SELECT no,rowid FROM order_changes ORDER BY rowid")))
            return std::nullopt;
        while (query.next())
            (*m_lastChanges)[query.value(0).value<OrderNo>()] = query.value(1).toLongLong();
    }
    const auto change = m_lastChanges->find(no);
    query.prepare(
        QStringLiteral(
            "SELECT %1 FROM orders o LEFT JOIN order_changes c ON c.rowid=? AND c.no=o.no "
            "WHERE o.no=?")
            .arg(orderNowColumns()));
    query.bindValue(0, change == m_lastChanges->end() ? qlonglong{-1} : change->second);
    query.bindValue(1, QVariant::fromValue<qlonglong>(static_cast<qlonglong>(no)));
    return query.exec() && query.next() ? std::optional(orderOf(query)) : std::nullopt;
}

} // namespace khop
