// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/history.h"

#include "store/import_rows.h"
#include "store/rows.h"

#include <QSqlError>
#include <QSqlQuery>
#include <QStringList>
#include <QVariant>

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr std::uint64_t allRows = std::numeric_limits<std::uint64_t>::max();

/// WHERE conditions with their values, in order.
class Conditions
{
public:
    void add(const char *condition, const QVariant &value)
    {
        m_conditions << QLatin1String(condition);
        m_values << value;
    }
    template <class Number>
    void addNumber(const char *condition, Number value)
    {
        add(condition, QVariant::fromValue<qlonglong>(static_cast<qlonglong>(value)));
    }
    void addTwice(const char *condition, std::int64_t value)
    {
        addNumber(condition, value);
        m_values << QVariant::fromValue<qlonglong>(value);
    }
    void oneOf(const char *column, const QList<int> &values)
    {
        QStringList marks;
        for (const int value : values) {
            marks << QStringLiteral("?");
            m_values << value;
        }
        m_conditions << QStringLiteral("%1 IN (%2)").arg(QLatin1String(column), marks.join(u','));
    }
    QString where() const
    {
        return m_conditions.isEmpty()
                   ? QString()
                   : QStringLiteral(" WHERE ") + m_conditions.join(QLatin1String(" AND "));
    }
    std::string text() const // tells one filter from another
    {
        QString all = where();
        for (const QVariant &value : m_values)
            all += QChar(u'\n') + value.toString();
        return all.toStdString();
    }
    void bind(QSqlQuery &query) const
    {
        for (int i = 0; i < m_values.size(); ++i)
            query.bindValue(i, m_values[i]);
    }

private:
    QStringList m_conditions;
    QVariantList m_values;
};

/// How many match; with the counts kept before, where there are some.
Result<std::uint64_t> readTotal(QSqlDatabase &db, const char *table, const Conditions &matching,
                                HistoryTotals *totals, const HistoryTotal &wanted)
{
    constexpr std::size_t mostTotals = 1'000;
    HistoryTotal total = wanted;
    std::uint64_t after = 0;
    if (totals) {
        if (totals->size() >= mostTotals)
            totals->clear();
        const auto kept = totals->find(table + matching.text());
        if (kept != totals->end() && kept->second.asOf == wanted.asOf
            && kept->second.upTo <= wanted.upTo) {
            after = kept->second.upTo;
            total.count = kept->second.count;
        }
    }
    if (after != wanted.upTo) {
        Conditions range = matching;
        if (after != 0)
            range.addNumber("no > ?", after);
        if (wanted.upTo != allRows)
            range.addNumber("no <= ?", wanted.upTo);
        QSqlQuery count(db);
        count.prepare(QStringLiteral("SELECT count(*) FROM %1").arg(QLatin1String(table))
                      + range.where());
        range.bind(count);
        if (!count.exec() || !count.next())
            return refuse(Code::STORE_ERROR, table, count.lastError().text().toStdString());
        total.count += count.value(0).toULongLong();
        if (totals)
            (*totals)[table + matching.text()] = total;
    }
    return total.count;
}

template <class Row, class Of>
Result<Page<Row>> readPage(QSqlDatabase &db, const char *table, const char *columns,
                           const Conditions &matching, std::optional<std::uint64_t> before,
                           std::size_t rows, Of of, HistoryTotals *totals = nullptr,
                           const HistoryTotal &upTo = {allRows, 0, 0})
{
    Page<Row> page;
    const auto total = readTotal(db, table, matching, totals, upTo);
    if (!total)
        return std::unexpected(total.error());
    page.total = *total;
    Conditions keyset = matching;
    if (before)
        keyset.addNumber("no < ?", *before);
    if (upTo.upTo != allRows)
        keyset.addNumber("no <= ?", upTo.upTo);
    QSqlQuery query(db);
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT %1 FROM %2%3 ORDER BY no DESC LIMIT %4")
                      .arg(QLatin1String(columns), QLatin1String(table), keyset.where())
                      .arg(rows + 1));
    keyset.bind(query);
    if (!query.exec())
        return refuse(Code::STORE_ERROR, table, query.lastError().text().toStdString());
    while (query.next()) {
        if (page.rows.size() == rows) {
            page.more = true;
            break;
        }
        page.rows.push_back(of(query));
    }
    return page;
}

template <class Row>
Result<Page<Row>> withoutFirst(Result<Page<Row>> page, std::size_t count)
{
    if (page)
        page->rows.erase(page->rows.begin(),
                         page->rows.begin()
                             + static_cast<std::ptrdiff_t>(std::min(count, page->rows.size())));
    return page;
}

} // namespace

History::History(QString databaseFile)
    : m_file(std::move(databaseFile))
    , m_thread([this](std::stop_token stop) { run(stop); })
{}

History::~History() = default;

void History::post(Task task)
{
    {
        std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_changed.notify_one();
}

void History::run(std::stop_token stop)
{
    const QString name = QStringLiteral("khop-history-%1").arg(reinterpret_cast<quintptr>(this));
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        db.setDatabaseName(m_file);
        db.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000"));
        db.open(); // a failure shows in every query's answer
        std::unique_lock lock(m_mutex);
        while (m_changed.wait(lock, stop, [this] { return !m_tasks.empty(); })) {
            Task task = std::move(m_tasks.front());
            m_tasks.pop_front();
            lock.unlock();
            task(db);
            lock.lock();
        }
        lock.unlock();
        db.close();
    }
    QSqlDatabase::removeDatabase(name);
}

void History::loadDay(const LastRows &last, OrderNo moved, Loaded loaded)
{
    post([last, moved, loaded = std::move(loaded)](QSqlDatabase &db) {
        auto leftOver = std::make_shared<DayPiece>(), piece = std::make_shared<DayPiece>();
        DayRows &rows = piece->rows;
        const auto read = [&db](const QString &sql, auto visit) {
            QSqlQuery query(db);
            query.setForwardOnly(true);
            if (query.exec(sql)) {
                while (query.next())
                    visit(query);
            }
        };
        // one transaction: all four tables as of the same commit
        db.transaction();
        const auto upTo = [](const char *columns, const char *table, std::uint64_t no) {
            return QStringLiteral("SELECT %1 FROM %2 WHERE no <= %3 ORDER BY no")
                .arg(QLatin1String(columns), QLatin1String(table))
                .arg(no);
        };
        read(upTo(orderColumns, "orders_now", last.order), [&](const QSqlQuery &row) {
            const OrderRecord order = orderOf(row);
            (order.no <= moved ? leftOver->rows : rows).put(order);
        });
        read(upTo(executionColumns, "executions", last.trade),
             [&](const QSqlQuery &row) { rows.put(executionOf(row)); });
        read(upTo(tradeColumns, "trades", last.trade),
             [&](const QSqlQuery &row) { rows.put(tradeOf(row)); });
        read(upTo(entryColumns, "entries", last.entry),
             [&](const QSqlQuery &row) { rows.put(entryOf(row)); });
        db.rollback();
        loaded(std::move(leftOver), std::move(piece));
    });
}

void History::afterLoading(std::function<void()> task)
{
    post([task = std::move(task)](QSqlDatabase &) { task(); });
}

void History::orders(const OrderQuery &query, const InstrumentList &instruments, OrderNo upTo,
                     std::uint32_t asOf, Answer<OrderRecord> answer)
{
    Conditions conditions;
    if (query.account)
        conditions.addNumber("account = ?", *query.account);
    if (!query.statuses.empty()) {
        QList<int> statuses;
        for (const OrderStatus status : query.statuses)
            statuses << static_cast<int>(status);
        conditions.oneOf("status", statuses);
    }
    if (query.instrument)
        conditions.addNumber("instrument = ?", *query.instrument);
    if (query.exchange) {
        QList<int> listed;
        for (const Instrument &instrument : instruments) {
            if (instrument.exchange == *query.exchange)
                listed << static_cast<int>(instrument.index);
        }
        conditions.oneOf("instrument", listed);
    }
    if (query.side)
        conditions.addNumber("side = ?", static_cast<int>(*query.side));
    if (query.type)
        conditions.addNumber("type = ?", static_cast<int>(*query.type));
    if (query.given)
        conditions.addNumber("given = ?", static_cast<int>(*query.given));
    if (query.from)
        conditions.addNumber("created_at >= ?", query.from->ms);
    if (query.to)
        conditions.addNumber("created_at < ?", query.to->ms);
    if (!query.clientOrderId.empty())
        conditions.add("client_order_id = ?", QString::fromStdString(query.clientOrderId));
    post([this, conditions, before = query.before, rows = query.limit + query.offset,
          total = HistoryTotal{upTo, asOf, 0}, answer = std::move(answer)](QSqlDatabase &db) {
        answer(readPage<OrderRecord>(db, "orders_history", orderColumns, conditions, before, rows,
                                     orderOf, &m_totals, total));
    });
}

void History::order(const Uuid &id, std::function<void(Result<OrderRecord>)> answer)
{
    post([id, answer = std::move(answer)](QSqlDatabase &db) {
        QSqlQuery query(db);
        query.setForwardOnly(true);
        query.prepare(QStringLiteral("SELECT %1 FROM orders_history WHERE id = ?")
                          .arg(QLatin1String(orderColumns)));
        query.bindValue(0, uuidBytes(id));
        if (!query.exec())
            answer(refuse(Code::STORE_ERROR, "orders_history",
                          query.lastError().text().toStdString()));
        else if (query.next())
            answer(orderOf(query));
        else
            answer(refuse(Code::NOT_FOUND, "order_id", id.text()));
    });
}

void History::executions(const TradeQuery &query, std::uint64_t upTo,
                         Answer<ExecutionRecord> answer)
{
    Conditions conditions;
    if (query.account)
        conditions.addNumber("account = ?", *query.account);
    if (query.instrument)
        conditions.addNumber("instrument = ?", *query.instrument);
    if (query.order)
        conditions.addNumber("order_no = ?", *query.order);
    if (query.side)
        conditions.addNumber("side = ?", static_cast<int>(*query.side));
    if (query.from)
        conditions.addNumber("time >= ?", query.from->ms);
    if (query.to)
        conditions.addNumber("time < ?", query.to->ms);
    post([this, conditions, before = query.before, rows = query.limit + query.offset,
          total = HistoryTotal{upTo, 0, 0}, answer = std::move(answer)](QSqlDatabase &db) {
        answer(readPage<ExecutionRecord>(db, "executions_history", executionColumns, conditions,
                                         before, rows, executionOf, &m_totals, total));
    });
}

void History::trades(const TradeQuery &query, std::uint64_t upTo, Answer<TradeRecord> answer)
{
    Conditions conditions;
    if (query.account) // written so that each side can use its index
        conditions.addTwice(
            "no IN (SELECT no FROM trades_history WHERE buy_account = ? AND buy_account > 0 "
            "UNION SELECT no FROM trades_history WHERE sell_account = ? AND sell_account > 0)",
            *query.account);
    if (query.instrument)
        conditions.addNumber("instrument = ?", *query.instrument);
    if (query.order)
        conditions.addTwice("(buy_order = ? OR sell_order = ?)",
                            static_cast<std::int64_t>(*query.order));
    if (query.from)
        conditions.addNumber("time >= ?", query.from->ms);
    if (query.to)
        conditions.addNumber("time < ?", query.to->ms);
    post([this, conditions, before = query.before, rows = query.limit + query.offset,
          total = HistoryTotal{upTo, 0, 0}, answer = std::move(answer)](QSqlDatabase &db) {
        answer(readPage<TradeRecord>(db, "trades_history", tradeColumns, conditions, before, rows,
                                     tradeOf, &m_totals, total));
    });
}

void History::entries(const EntryQuery &query, std::uint64_t upTo, Answer<LedgerEntry> answer)
{
    Conditions conditions;
    conditions.addNumber("account = ?", query.account);
    conditions.addNumber("securities = ?", query.securities ? 1 : 0);
    if (query.currency)
        conditions.addNumber("currency = ?", *query.currency);
    if (query.type)
        conditions.addNumber("type = ?", static_cast<int>(*query.type));
    post([this, conditions, before = query.before, rows = query.limit + query.offset,
          total = HistoryTotal{upTo, 0, 0}, answer = std::move(answer)](QSqlDatabase &db) {
        answer(readPage<LedgerEntry>(db, "entries_history", entryColumns, conditions, before, rows,
                                     entryOf, &m_totals, total));
    });
}

void History::candles(const CandleQuery &query, std::uint64_t after,
                      std::shared_ptr<CandleBuilder> candles,
                      std::function<void(Result<std::uint64_t>)> done)
{
    post([query, after, candles = std::move(candles), done = std::move(done)](QSqlDatabase &db) {
        QSqlQuery rows(db);
        rows.setForwardOnly(true);
        const auto failed = [&] {
            done(
                refuse(Code::STORE_ERROR, "trades_history", rows.lastError().text().toStdString()));
        };
        if (!rows.exec(QStringLiteral("SELECT ifnull(max(no),0) FROM trades_history"))
            || !rows.next())
            return failed();
        const auto last = rows.value(0).toULongLong();
        rows.prepare(QStringLiteral(
            "SELECT time, price, quantity, value FROM trades_history WHERE instrument = ? "
            "AND no > ? AND no <= ? AND time >= ? AND time < ? AND odd_lot = 0 "
            "AND put_through = 0 ORDER BY no"));
        rows.addBindValue(query.instrument);
        for (const std::int64_t value :
             {static_cast<std::int64_t>(after), static_cast<std::int64_t>(last), query.from.ms,
              query.to.ms})
            rows.addBindValue(QVariant::fromValue<qlonglong>(value));
        if (!rows.exec())
            return failed();
        while (rows.next())
            candles->add({rows.value(0).toLongLong()}, Price(rows.value(1).toLongLong()),
                         Quantity(rows.value(2).toLongLong()), Money(rows.value(3).toLongLong()));
        done(std::uint64_t{last});
    });
}

void History::putThroughs(const PutThroughQuery &query, Answer<PutThroughRecord> answer)
{
    Conditions conditions;
    if (query.account) // written so that each side can use its index
        conditions.addTwice("no IN (SELECT no FROM put_through WHERE proposer = ? "
                            "UNION SELECT no FROM put_through WHERE counterparty = ?)",
                            *query.account);
    if (query.id)
        conditions.add("id = ?", uuidBytes(*query.id));
    if (query.instrument)
        conditions.addNumber("instrument = ?", *query.instrument);
    if (query.status)
        conditions.addNumber("status = ?", static_cast<int>(*query.status));
    post([conditions, query, answer = std::move(answer)](QSqlDatabase &db) {
        auto page =
            readPage<PutThroughRecord>(db, "put_through", putThroughColumns, conditions,
                                       query.before, query.limit + query.offset, putThroughOf);
        if (page && query.offset > 0) {
            const auto skipped = std::min(query.offset, page->rows.size());
            page->rows.erase(page->rows.begin(),
                             page->rows.begin() + static_cast<std::ptrdiff_t>(skipped));
        }
        answer(std::move(page));
    });
}

void History::imports(const ImportQuery &query, Answer<ImportRecord> answer)
{
    Conditions conditions;
    if (query.account)
        conditions.addNumber("account = ?", *query.account);
    if (query.id)
        conditions.add("id = ?", uuidBytes(*query.id));
    post([conditions, query, answer = std::move(answer)](QSqlDatabase &db) {
        answer(
            withoutFirst(readPage<ImportRecord>(db, "imports", importColumns, conditions,
                                                query.before, query.limit + query.offset, importOf),
                         query.offset));
    });
}

void History::importRows(const ImportRowQuery &query, Answer<ImportedRow> answer)
{
    Conditions conditions;
    if (query.account)
        conditions.addNumber("account = ?", *query.account);
    if (query.batch)
        conditions.addNumber("batch = ?", *query.batch);
    else
        conditions.addNumber(
            "batch NOT IN (SELECT no FROM imports WHERE undone_at IS NOT NULL) AND ?", 1);
    if (query.from)
        conditions.addNumber("day >= ?", query.from->day);
    if (query.to)
        conditions.addNumber("day <= ?", query.to->day);
    post([conditions, query, answer = std::move(answer)](QSqlDatabase &db) {
        answer(withoutFirst(readPage<ImportedRow>(db, "import_rows", importRowColumns, conditions,
                                                  query.before, query.limit + query.offset,
                                                  importRowOf),
                            query.offset));
    });
}

} // namespace khop
