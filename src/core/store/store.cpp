// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/store.h"

#include "base/invariant.h"
#include "store/migrations.h"
#include "store/rows.h"
#include "store/store_statements.h"

#include <QFileInfo>
#include <QSqlDriver>
#include <QSqlError>
#include <QVariant>
#include <QtEndian>

#include <algorithm>
#include <atomic>

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

void appendNumber(QByteArray &bytes, std::uint64_t value)
{
    const auto big = qToBigEndian(value);
    bytes.append(reinterpret_cast<const char *>(&big), sizeof big);
}

} // namespace

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

Result<std::unique_ptr<Store>> Store::open(const QString &path, Mode mode, const QString &keyFile)
{
    static std::atomic<int> connections{0};
    std::unique_ptr<Store> store(
        new Store(path, QStringLiteral("khop-store-%1").arg(++connections)));
    if (auto ready = store->prepare(mode, keyFile.isEmpty() ? JournalKeys::fileOf(path) : keyFile);
        !ready)
        return std::unexpected(ready.error());
    return store;
}

Result<void> Store::prepare(Mode mode, const QString &keyFile)
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
    auto keys = JournalKeys::read(keyFile);
    if (!keys)
        return std::unexpected(keys.error());
    m_keys = std::move(*keys);
    if (mode == Mode::ReadOnly)
        return {};
    if (file.exists() && !file.isWritable())
        return failed(QStringLiteral("the file is read-only; make it writable"));
    for (const auto &pragma :
         {QStringLiteral("PRAGMA journal_mode=WAL"), QStringLiteral("PRAGMA synchronous=FULL"),
          QStringLiteral("PRAGMA wal_autocheckpoint=0"), QStringLiteral("PRAGMA cache_size=-16384"),
          QStringLiteral("PRAGMA fullfsync=1")}) {
        if (!execute(pragma))
            return failed(m_db.lastError().text());
    }
    if (auto migrated = migrate(); !migrated)
        return migrated;
    const auto lastGroup = this->lastGroup();
    if (!lastGroup)
        return std::unexpected(lastGroup.error());
    if (auto started = m_keys.start(*lastGroup); !started)
        return started;
    return prepareStatements();
}

Result<void> Store::prepareStatements()
{
    m_statements = std::make_unique<Statements>();
    Statements &s = *m_statements;
    const bool prepared =
        s.journal.prepare(
            m_db, insertInto("journal", "first,last,time,commands,state,previous,hash,key", 8))
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
            "SELECT first,last,time,state,hash,key FROM journal ORDER BY first DESC LIMIT 1")))
        return failed(query.lastError().text());
    JournalGroup group;
    if (query.next()) {
        group.first = query.value(0).toULongLong();
        group.last = query.value(1).toULongLong();
        group.time = {query.value(2).toLongLong()};
        group.stateHash = static_cast<std::uint64_t>(query.value(3).toLongLong());
        group.hash = query.value(4).toByteArray();
        group.key = query.value(5).toUInt();
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
    // a database that is only read may be of a version without keys
    const auto keyed = readNumber(
        QStringLiteral("SELECT count(*) FROM pragma_table_info('journal') WHERE name='key'"));
    if (!keyed)
        return std::unexpected(keyed.error());
    query.prepare(QStringLiteral("SELECT first,last,time,commands,state,previous,hash,%1 FROM "
                                 "journal WHERE first>? ORDER BY first")
                      .arg(*keyed != 0 ? QStringLiteral("key") : QStringLiteral("0")));
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
        group.key = query.value(7).toUInt();
        if (!visit(group))
            return {};
    }
    if (query.lastError().isValid())
        return failed(query.lastError().text());
    return {};
}

Result<void> Store::commit(const Write &write)
{
    if (auto strict = setRelaxed(false); !strict)
        return strict;
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
    s.journal.bind(journal.key);
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
        const QByteArray hash =
            m_keys.sealOf(write.checkpoint->snapshot, write.checkpoint->sequence);
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

Result<std::optional<Checkpoint>> Store::lastCheckpoint()
{
    QSqlQuery query(m_db);
    query.setForwardOnly(true);
    if (!query.exec(
            QStringLiteral("SELECT sequence,snapshot,hash FROM checkpoint ORDER BY sequence DESC")))
        return failed(query.lastError().text());
    while (query.next()) {
        Checkpoint checkpoint{query.value(0).toULongLong(), query.value(1).toByteArray()};
        if (m_keys.sealOf(checkpoint.snapshot, checkpoint.sequence) == query.value(2).toByteArray())
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

} // namespace khop
