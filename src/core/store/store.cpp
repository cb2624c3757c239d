// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store.h"

#include "base/invariant.h"
#include "base/sha256.h"
#include "store/bulk_insert.h"
#include "store/import_rows.h"
#include "store/migrations.h"
#include "store/rows.h"
#include "store/statement.h"

#include <QFileInfo>
#include <QSqlDriver>
#include <QSqlError>
#include <QVariant>
#include <QtEndian>

#include <algorithm>
#include <atomic>
#include <span>

namespace khop {

namespace {

constexpr int checkpointsKept = 2;

QString placeholders(int count)
{
    QString marks = QStringLiteral("?");
    for (int i = 1; i < count; ++i)
        marks += QStringLiteral(",?");
    return marks;
}

QString insertInto(const char *table, const char *columns, int count)
{
    return QStringLiteral("INSERT INTO %1(%2) VALUES(%3)")
        .arg(QLatin1String(table), QLatin1String(columns), placeholders(count));
}

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

QByteArray digestOf(std::initializer_list<std::string_view> parts)
{
    const Digest digest = sha256(parts);
    return {reinterpret_cast<const char *>(digest.data()), static_cast<qsizetype>(digest.size())};
}

void appendNumber(QByteArray &bytes, std::uint64_t value)
{
    const auto big = qToBigEndian(value);
    bytes.append(reinterpret_cast<const char *>(&big), sizeof big);
}

} // namespace

QByteArray journalHash(const JournalGroup &group)
{
    QByteArray head;
    head.reserve(64);
    head.append(group.previous);
    appendNumber(head, group.first);
    appendNumber(head, group.last);
    appendNumber(head, static_cast<std::uint64_t>(group.time.ms));
    appendNumber(head, group.stateHash);
    return digestOf({view(head), group.commandBytes()});
}

struct Store::Statements {
    Statement journal, putThrough, balance, checkpoint, clientOrders, close, removeOrder,
        replaceOrder;
    BulkInsert order, orderChange, execution, trade, entry;
    BulkInsert pastOrder, pastExecution, pastTrade, pastEntry;
    ImportStatements imports;
};

Store::Store(QString path, QString connection)
    : m_path(std::move(path))
    , m_connection(std::move(connection))
{}

Store::~Store()
{
    m_statements.reset();
    m_db.close();
    m_db = {};
    QSqlDatabase::removeDatabase(m_connection);
}

std::unexpected<Error> Store::failed(const QString &what) const
{
    return refuse(Code::STORE_ERROR, m_path.toStdString(), what.toStdString());
}

bool Store::execute(const QString &sql)
{
    QSqlQuery query(m_db);
    return query.exec(sql);
}

Result<std::unique_ptr<Store>> Store::open(const QString &path, Mode mode)
{
    static std::atomic<int> connections{0};
    std::unique_ptr<Store> store(
        new Store(path, QStringLiteral("khop-store-%1").arg(++connections)));
    if (auto ready = store->prepare(mode); !ready)
        return std::unexpected(ready.error());
    return store;
}

Result<void> Store::prepare(Mode mode)
{
    const QFileInfo file(m_path);
    if (mode == Mode::ReadOnly && !file.exists())
        return failed(QStringLiteral("no such database"));
    if (file.exists() && file.isDir())
        return failed(QStringLiteral("is a directory, not a database file"));
    m_db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    m_db.setDatabaseName(m_path);
    m_db.setConnectOptions(mode == Mode::ReadOnly
                               ? QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000")
                               : QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
    if (!m_db.open())
        return failed(m_db.lastError().text());
    QSqlQuery check(m_db);
    if (!check.exec(QStringLiteral("SELECT count(*) FROM sqlite_master")))
        return failed(check.lastError().text());
    check.finish();
    if (mode == Mode::ReadOnly)
        return {};
    if (file.exists() && !file.isWritable())
        return failed(QStringLiteral("the file is read-only; make it writable"));
    for (const auto &pragma :
         {QStringLiteral("PRAGMA journal_mode=WAL"), QStringLiteral("PRAGMA synchronous=FULL"),
          QStringLiteral("PRAGMA wal_autocheckpoint=0"), QStringLiteral("PRAGMA cache_size=-65536"),
          QStringLiteral("PRAGMA fullfsync=1")}) {
        if (!execute(pragma))
            return failed(m_db.lastError().text());
    }
    if (auto migrated = migrate(); !migrated)
        return migrated;
    m_statements = std::make_unique<Statements>();
    Statements &s = *m_statements;
    const bool prepared =
        s.journal.prepare(m_db,
                          insertInto("journal", "first,last,time,commands,state,previous,hash", 7))
        && s.order.prepare(m_db, "orders", orderColumns, orderColumnCount)
        && s.orderChange.prepare(m_db, "order_changes", orderChangeColumns, orderChangeColumnCount)
        && s.execution.prepare(m_db, "executions", executionColumns, executionColumnCount)
        && s.trade.prepare(m_db, "trades", tradeColumns, tradeColumnCount)
        && s.entry.prepare(m_db, "entries", entryColumns, entryColumnCount)
        && s.pastOrder.prepare(m_db, "orders_history", orderColumns, orderColumnCount)
        && s.pastExecution.prepare(m_db, "executions_history", executionColumns,
                                   executionColumnCount)
        && s.pastTrade.prepare(m_db, "trades_history", tradeColumns, tradeColumnCount)
        && s.pastEntry.prepare(m_db, "entries_history", entryColumns, entryColumnCount)
        && s.removeOrder.prepare(m_db, QStringLiteral("DELETE FROM orders WHERE no=?"))
        && s.replaceOrder.prepare(
            m_db, QStringLiteral("INSERT OR REPLACE INTO orders(%1) VALUES(%2)")
                      .arg(QLatin1String(orderColumns), placeholders(orderColumnCount)))
        && s.putThrough.prepare(
            m_db, insertInto("put_through", putThroughColumns, putThroughColumnCount)
                      + QStringLiteral(" ON CONFLICT(no) DO UPDATE SET held=excluded.held,"
                                       "status=excluded.status,trade=excluded.trade,"
                                       "updated_at=excluded.updated_at,version=excluded.version"))
        && s.balance.prepare(
            m_db, QStringLiteral(
                      "INSERT OR REPLACE INTO balances(account,currency,available,held,pending) "
                      "VALUES(?,?,?,?,?)"))
        && s.checkpoint.prepare(m_db, insertInto("checkpoint", "sequence,snapshot,hash", 3))
        && s.clientOrders.prepare(m_db, insertInto("client_orders", "sequence,day,ids", 3))
        && s.imports.prepare(m_db)
        && s.close.prepare(m_db,
                           QStringLiteral("INSERT OR REPLACE INTO closes(instrument,day,price) "
                                          "VALUES(?,?,?)"));
    if (!prepared)
        return failed(m_db.lastError().text());
    QSqlQuery last(m_db);
    if (!last.exec(QStringLiteral("SELECT max(ifnull((SELECT max(no) FROM orders),0),"
                                  "ifnull((SELECT max(no) FROM orders_history),0))"))
        || !last.next())
        return failed(last.lastError().text());
    m_lastOrder = last.value(0).value<OrderNo>();
    return {};
}

Result<void> Store::migrate()
{
    KHOP_INVARIANT(migrations().size() == static_cast<std::size_t>(schemaVersion));
    QSqlQuery query(m_db);
    if (!query.exec(QStringLiteral("CREATE TABLE IF NOT EXISTS schema(component TEXT PRIMARY KEY, "
                                   "version INTEGER NOT NULL)"))
        || !query.exec(QStringLiteral("SELECT version FROM schema WHERE component='desk'")))
        return failed(query.lastError().text());
    int version = query.next() ? query.value(0).toInt() : 0;
    query.finish();
    if (version > schemaVersion)
        return failed(
            QStringLiteral("schema version %1 is newer than this program's %2; use a newer khop")
                .arg(version)
                .arg(schemaVersion));
    for (; version < schemaVersion; ++version) {
        if (!m_db.transaction())
            return failed(m_db.lastError().text());
        for (const QString &statement : migrations()[static_cast<std::size_t>(version)]) {
            if (!query.exec(statement)) {
                const QString why = query.lastError().text();
                m_db.rollback();
                return failed(why);
            }
        }
        query.exec(
            QStringLiteral("INSERT OR REPLACE INTO schema VALUES('desk',%1)").arg(version + 1));
        if (!m_db.commit())
            return failed(m_db.lastError().text());
    }
    return {};
}

Result<JournalGroup> Store::lastGroup()
{
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    if (!query.exec(QStringLiteral(
            "SELECT first,last,time,state,hash FROM journal ORDER BY first DESC LIMIT 1")))
        return failed(query.lastError().text());
    JournalGroup group;
    if (query.next()) {
        group.first = query.value(0).toULongLong();
        group.last = query.value(1).toULongLong();
        group.time = {query.value(2).toLongLong()};
        group.stateHash = static_cast<std::uint64_t>(query.value(3).toLongLong());
        group.hash = query.value(4).toByteArray();
    }
    return group;
}

std::uint64_t Store::groupOf(std::uint64_t command)
{
    QSqlQuery query(m_db);
    query.prepare(QStringLiteral("SELECT MAX(first) FROM journal WHERE first<=? AND last>=?"));
    query.addBindValue(QVariant::fromValue<qlonglong>(static_cast<qlonglong>(command)));
    query.addBindValue(QVariant::fromValue<qlonglong>(static_cast<qlonglong>(command)));
    const bool known = query.exec() && query.next() && !query.value(0).isNull();
    return std::max<std::uint64_t>(1, known ? query.value(0).toULongLong() : command);
}

Result<void> Store::readJournal(std::uint64_t after,
                                const std::function<bool(const JournalGroup &)> &visit)
{
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT first,last,time,commands,state,previous,hash FROM journal "
                                 "WHERE first>? ORDER BY first"));
    query.bindValue(0, QVariant::fromValue<qlonglong>(static_cast<qlonglong>(after)));
    if (!query.exec())
        return failed(query.lastError().text());
    while (query.next()) {
        JournalGroup group;
        group.first = query.value(0).toULongLong();
        group.last = query.value(1).toULongLong();
        group.time = {query.value(2).toLongLong()};
        group.commands = query.value(3).toByteArray();
        group.stateHash = static_cast<std::uint64_t>(query.value(4).toLongLong());
        group.previous = query.value(5).toByteArray();
        group.hash = query.value(6).toByteArray();
        if (!visit(group))
            return {};
    }
    if (query.lastError().isValid())
        return failed(query.lastError().text());
    return {};
}

Result<void> Store::commit(const Write &write)
{
    if (!m_db.transaction())
        return failed(m_db.lastError().text());
    Statements &s = *m_statements;
    const auto giveUp = [&](const auto &statement) {
        const QString why = statement.errorText();
        m_db.rollback();
        return failed(why);
    };
    const JournalGroup &journal = write.journal;
    s.journal.bind(static_cast<std::int64_t>(journal.first));
    s.journal.bind(static_cast<std::int64_t>(journal.last));
    s.journal.bind(journal.time.ms);
    s.journal.bindBytes(journal.commandBytes());
    s.journal.bind(static_cast<std::int64_t>(journal.stateHash));
    s.journal.bindBytes(view(journal.previous));
    s.journal.bindBytes(view(journal.hash));
    if (!s.journal.execute())
        return giveUp(s.journal);
    if (auto written = writeRows(*write.rows); !written) {
        m_db.rollback();
        return written;
    }
    for (const BalanceRow &row : write.balances) {
        s.balance.bind(row.account);
        s.balance.bind(row.currency);
        s.balance.bind(row.available.raw());
        s.balance.bind(row.held.raw());
        s.balance.bind(row.pending.raw());
        if (!s.balance.execute())
            return giveUp(s.balance);
    }
    if (write.checkpoint) {
        const auto sequence = static_cast<std::int64_t>(write.checkpoint->sequence);
        const QByteArray hash = digestOf({view(write.checkpoint->snapshot)});
        s.checkpoint.bind(sequence);
        s.checkpoint.bindBytes(view(write.checkpoint->snapshot));
        s.checkpoint.bindBytes(view(hash));
        if (!s.checkpoint.execute())
            return giveUp(s.checkpoint);
        QSqlQuery old(m_db);
        old.exec(QStringLiteral("DELETE FROM checkpoint WHERE sequence NOT IN "
                                "(SELECT sequence FROM checkpoint ORDER BY sequence DESC LIMIT %1)")
                     .arg(checkpointsKept));
        QByteArray ids;
        ids.reserve(static_cast<qsizetype>(write.clientOrders.size() * 48));
        for (const ClientOrder &client : write.clientOrders) {
            for (const std::uint64_t word :
                 {client.key.a, client.key.b, client.body, std::uint64_t{client.no}, client.id.high,
                  client.id.low})
                appendNumber(ids, word);
        }
        if (!ids.isEmpty()) {
            s.clientOrders.bind(sequence);
            s.clientOrders.bind(write.clientOrderDay.day);
            s.clientOrders.bindBytes(view(ids));
            if (!s.clientOrders.execute())
                return giveUp(s.clientOrders);
        }
    }
    if (!m_db.commit()) {
        const QString why = m_db.lastError().text();
        m_db.rollback();
        return failed(why);
    }
    return {};
}

Result<void> Store::writeRows(const CommittedGroup &rows)
{
    Statements &s = *m_statements;
    if (auto written = writeOrders(rows.orders); !written)
        return written;
    if (!s.execution.execute(std::span(rows.executions), addExecution))
        return failed(s.execution.errorText());
    if (!s.trade.execute(std::span(rows.trades), addTrade))
        return failed(s.trade.errorText());
    if (!s.entry.execute(std::span(rows.entries), addEntry))
        return failed(s.entry.errorText());
    RowValues row;
    for (const PutThroughRecord &deal : rows.putThroughs) {
        row.clear();
        addPutThrough(row, deal);
        s.putThrough.bind(row);
        if (!s.putThrough.execute())
            return failed(s.putThrough.errorText());
    }
    for (const EarlySettlement &settled : rows.settled) {
        if (auto written = writeSettlement(settled); !written)
            return written;
    }
    for (const EntryDecision &decided : rows.decided) {
        if (auto written = writeDecision(decided); !written)
            return written;
    }
    for (const ImportChange &change : rows.imports) {
        if (const QString why = s.imports.write(change); !why.isEmpty())
            return failed(why);
    }
    for (const DayClose &close : rows.closes) {
        s.close.bind(close.instrument);
        s.close.bind(close.day.day);
        s.close.bind(close.price.raw());
        if (!s.close.execute())
            return failed(s.close.errorText());
    }
    return {};
}

/// An order that changed several times in the group is written once, as it is at its end: a new one into
/// `orders`, one that is there already behind the changes of the day.
Result<void> Store::writeOrders(const std::vector<OrderRecord> &orders)
{
    std::vector<const OrderRecord *> &last = m_changed;
    last.clear();
    for (const OrderRecord &order : orders)
        last.push_back(&order);
    std::ranges::stable_sort(last, {}, &OrderRecord::no);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < last.size(); ++i) {
        if (i + 1 == last.size() || last[i + 1]->no != last[i]->no)
            last[kept++] = last[i];
    }
    last.resize(kept);
    const auto fresh = std::ranges::upper_bound(last, m_lastOrder, {}, &OrderRecord::no);
    const auto write = [](BulkInsert &table, auto first, auto end,
                          void (*add)(RowValues &, const OrderRecord &)) {
        return first == end || table.execute([&](RowValues &row) {
            if (first == end)
                return false;
            add(row, **first++);
            return true;
        });
    };
    if (!write(m_statements->orderChange, last.begin(), fresh, addOrderChange))
        return failed(m_statements->orderChange.errorText());
    if (!write(m_statements->order, fresh, last.end(), addOrder))
        return failed(m_statements->order.errorText());
    if (!last.empty())
        m_lastOrder = std::max(m_lastOrder, last.back()->no);
    return {};
}

/// A trade was settled before its time: today's, or one of the days before.
Result<void> Store::writeSettlement(const EarlySettlement &settled)
{
    QSqlQuery query(m_db);
    const auto update = [&](const char *table, std::optional<AccountNo> account) {
        query.prepare(
            QStringLiteral("UPDATE %1 SET settles_at=? WHERE no=?%2")
                .arg(QLatin1String(table), account ? QStringLiteral(" AND account=?") : QString()));
        query.addBindValue(static_cast<qlonglong>(settled.at.ms));
        query.addBindValue(static_cast<qlonglong>(settled.trade));
        if (account)
            query.addBindValue(static_cast<qlonglong>(*account));
        return query.exec();
    };
    bool written = update("trades", std::nullopt) && update("trades_history", std::nullopt);
    for (const AccountNo account : settled.accounts)
        written = written && update("executions", account) && update("executions_history", account);
    return written ? Result<void>{} : failed(query.lastError().text());
}

Result<void> Store::writeDecision(const EntryDecision &decided)
{
    QSqlQuery query(m_db);
    for (const char *const table : {"entries", "entries_history"}) {
        query.prepare(
            QStringLiteral("UPDATE %1 SET status=? WHERE no=?").arg(QLatin1String(table)));
        query.addBindValue(static_cast<int>(decided.status));
        query.addBindValue(static_cast<qlonglong>(decided.entry));
        if (!query.exec())
            return failed(query.lastError().text());
    }
    return {};
}

Result<std::optional<Checkpoint>> Store::lastCheckpoint()
{
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    if (!query.exec(
            QStringLiteral("SELECT sequence,snapshot,hash FROM checkpoint ORDER BY sequence DESC")))
        return failed(query.lastError().text());
    while (query.next()) {
        Checkpoint checkpoint{query.value(0).toULongLong(), query.value(1).toByteArray()};
        if (digestOf({view(checkpoint.snapshot)}) == query.value(2).toByteArray())
            return checkpoint;
    }
    return std::optional<Checkpoint>{};
}

Result<std::vector<ClientOrder>> Store::clientOrders(Date day)
{
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT ids FROM client_orders WHERE day=? ORDER BY sequence"));
    query.bindValue(0, day.day);
    if (!query.exec())
        return failed(query.lastError().text());
    std::vector<ClientOrder> all;
    while (query.next()) {
        const QByteArray ids = query.value(0).toByteArray();
        if (ids.size() % 48 != 0)
            return failed(QStringLiteral("client_orders: a row is damaged"));
        for (qsizetype at = 0; at < ids.size(); at += 48) {
            const auto word = [&](int k) {
                return qFromBigEndian<quint64>(ids.constData() + at + k * 8);
            };
            all.push_back({{word(0), word(1)}, word(2), word(3), {word(4), word(5)}});
        }
    }
    return all;
}

Result<void> Store::forgetClientOrders(Date before)
{
    if (!execute(QStringLiteral("DELETE FROM client_orders WHERE day<%1").arg(before.day)))
        return failed(QStringLiteral("forgetting client order ids failed"));
    return {};
}

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

Result<void> Store::moveToHistory(const HistoryMove &move)
{
    // nothing is promised to anybody here: the next commit's sync is early enough
    if (!execute(QStringLiteral("PRAGMA synchronous=NORMAL")) || !m_db.transaction())
        return failed(m_db.lastError().text());
    Result<void> moved = moveRows(move);
    if (moved && !m_db.commit())
        moved = failed(m_db.lastError().text());
    if (!moved)
        m_db.rollback();
    if (!execute(QStringLiteral("PRAGMA synchronous=FULL")))
        return failed(m_db.lastError().text());
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
