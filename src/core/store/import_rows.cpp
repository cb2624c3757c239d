// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/import_rows.h"

#include "store/rows.h"

#include <QVariant>
#include <QtEndian>

namespace khop {

namespace {

constexpr int tradeRow = 100; // kinds of cash stand below it

void bindIf(Statement &row, bool present, std::int64_t value)
{
    if (present)
        row.bind(value);
    else
        row.bindNull();
}

/// 16 bytes, alive until the row is written.
struct Bytes {
    char bytes[16];
    Bytes(std::uint64_t high, std::uint64_t low)
    {
        qToBigEndian(high, bytes);
        qToBigEndian(low, bytes + 8);
    }
    std::string_view view() const { return {bytes, sizeof bytes}; }
};

std::int64_t integer(const QSqlQuery &row, int column) { return row.value(column).toLongLong(); }
std::string text(const QSqlQuery &row, int column)
{
    return row.value(column).toString().toStdString();
}

} // namespace

QStringList importMigration()
{
    return {
        QStringLiteral("ALTER TABLE executions ADD COLUMN realized INTEGER NOT NULL DEFAULT 0"),
        QStringLiteral(
            "ALTER TABLE executions_history ADD COLUMN realized INTEGER NOT NULL DEFAULT 0"),
        QStringLiteral("CREATE TABLE imports(no INTEGER PRIMARY KEY, id BLOB NOT NULL, account "
                       "INTEGER NOT NULL, kind INTEGER NOT NULL, currency INTEGER NOT NULL, "
                       "file_name TEXT NOT NULL, format TEXT NOT NULL, rows INTEGER NOT NULL, "
                       "duplicates INTEGER NOT NULL, covered INTEGER NOT NULL, applied_at INTEGER "
                       "NOT NULL, undone_at INTEGER)"),
        QStringLiteral("CREATE INDEX imports_account ON imports(account, no)"),
        QStringLiteral("CREATE INDEX imports_id ON imports(id)"),
        QStringLiteral("CREATE TABLE import_rows(no INTEGER PRIMARY KEY, batch INTEGER NOT NULL, "
                       "account INTEGER NOT NULL, currency INTEGER NOT NULL, line INTEGER NOT "
                       "NULL, day INTEGER NOT NULL, kind INTEGER NOT NULL, instrument INTEGER, "
                       "side INTEGER, quantity INTEGER, price INTEGER, value INTEGER NOT NULL, fee "
                       "INTEGER, tax INTEGER, words TEXT, key BLOB NOT NULL, realized INTEGER NOT "
                       "NULL)"),
        QStringLiteral("CREATE INDEX import_rows_account ON import_rows(account, no)"),
        QStringLiteral("CREATE INDEX import_rows_batch ON import_rows(batch, no)"),
    };
}

bool ImportStatements::prepare(const QSqlDatabase &db)
{
    return m_batch.prepare(
               db, QStringLiteral("INSERT INTO imports(%1) VALUES(?,?,?,?,?,?,?,?,?,?,?,NULL)")
                       .arg(QLatin1String(importColumns)))
           && m_row.prepare(db, QStringLiteral("INSERT INTO import_rows(%1) "
                                               "VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
                                    .arg(QLatin1String(importRowColumns)))
           && m_undone.prepare(db, QStringLiteral("UPDATE imports SET undone_at = ? WHERE no = ?"));
}

QString ImportStatements::write(const ImportChange &change)
{
    const ImportRecord &record = change.record;
    if (!change.rows) {
        m_undone.bind(record.undoneAt.value_or(Time{}).ms);
        m_undone.bind(static_cast<std::int64_t>(record.no));
        return m_undone.execute() ? QString() : m_undone.errorText();
    }
    const Bytes id(record.id.high, record.id.low);
    m_batch.bind(static_cast<std::int64_t>(record.no));
    m_batch.bindBytes(id.view());
    m_batch.bind(record.account);
    m_batch.bind(static_cast<std::int64_t>(record.kind));
    m_batch.bind(record.currency);
    m_batch.bindText(record.fileName);
    m_batch.bindText(record.format);
    m_batch.bind(static_cast<std::int64_t>(record.rows));
    m_batch.bind(static_cast<std::int64_t>(record.duplicates));
    m_batch.bind(record.covered.raw());
    m_batch.bind(record.appliedAt.ms);
    if (!m_batch.execute())
        return m_batch.errorText();
    for (const ImportedRow &row : *change.rows) {
        if (!writeRow(row))
            return m_row.errorText();
    }
    return {};
}

bool ImportStatements::writeRow(const ImportedRow &imported)
{
    const ImportRow &row = imported.row;
    const Bytes key(row.key.a, row.key.b);
    m_row.bind(static_cast<std::int64_t>(imported.batch));
    m_row.bind(imported.account);
    m_row.bind(imported.currency);
    m_row.bind(row.line);
    m_row.bind(row.day.day);
    if (const auto *trade = std::get_if<ImportTrade>(&row.body)) {
        m_row.bind(tradeRow);
        m_row.bind(trade->instrument);
        m_row.bind(static_cast<std::int64_t>(trade->side));
        m_row.bind(trade->quantity.raw());
        m_row.bind(trade->price.raw());
        for (const Money amount : {trade->value, trade->fee, trade->tax})
            m_row.bind(amount.raw());
    } else {
        const auto &cash = std::get<ImportCash>(row.body);
        m_row.bind(static_cast<std::int64_t>(cash.kind));
        bindIf(m_row, cash.instrument != noInstrument, cash.instrument);
        for (int empty = 0; empty < 3; ++empty)
            m_row.bindNull();
        m_row.bind(cash.amount.raw());
        m_row.bindNull();
        m_row.bindNull();
    }
    if (row.words.empty())
        m_row.bindNull();
    else
        m_row.bindText(row.words);
    m_row.bindBytes(key.view());
    m_row.bind(imported.realized.raw());
    return m_row.execute();
}

ImportRecord importOf(const QSqlQuery &row)
{
    ImportRecord record;
    int at = 0;
    record.no = static_cast<OrderNo>(integer(row, at++));
    record.id = uuidOf(row.value(at++).toByteArray());
    record.account = static_cast<AccountNo>(integer(row, at++));
    record.kind = integer(row, at++) == 0 ? ImportKind::Trades : ImportKind::Cash;
    record.currency = static_cast<std::uint16_t>(integer(row, at++));
    record.fileName = text(row, at++);
    record.format = text(row, at++);
    record.rows = static_cast<std::size_t>(integer(row, at++));
    record.duplicates = static_cast<std::size_t>(integer(row, at++));
    record.covered = Money(integer(row, at++));
    record.appliedAt = {integer(row, at++)};
    if (!row.isNull(at))
        record.undoneAt = Time{integer(row, at)};
    return record;
}

ImportedRow importRowOf(const QSqlQuery &row)
{
    ImportedRow imported;
    int at = 0;
    imported.no = static_cast<std::uint64_t>(integer(row, at++));
    imported.batch = static_cast<OrderNo>(integer(row, at++));
    imported.account = static_cast<AccountNo>(integer(row, at++));
    imported.currency = static_cast<std::uint16_t>(integer(row, at++));
    imported.row.line = static_cast<std::uint32_t>(integer(row, at++));
    imported.row.day = {static_cast<std::int32_t>(integer(row, at++))};
    const std::int64_t kind = integer(row, at++);
    const InstrumentIndex instrument =
        row.isNull(at) ? noInstrument : static_cast<InstrumentIndex>(integer(row, at));
    ++at;
    const Side side = integer(row, at++) == 0 ? Side::Buy : Side::Sell;
    const Quantity quantity(integer(row, at++));
    const Price price(integer(row, at++));
    const Money value(integer(row, at++));
    const Money fee(integer(row, at++));
    const Money tax(integer(row, at++));
    if (kind == tradeRow)
        imported.row.body = ImportTrade{instrument, side, quantity, price, value, fee, tax};
    else
        imported.row.body = ImportCash{static_cast<PortfolioCash::Kind>(kind), value, instrument};
    imported.row.words = text(row, at++);
    const Uuid key = uuidOf(row.value(at++).toByteArray());
    imported.row.key = {key.high, key.low};
    imported.realized = Money(integer(row, at++));
    return imported;
}

} // namespace khop
