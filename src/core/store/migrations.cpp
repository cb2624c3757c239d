// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.h"

#include "store/import_rows.h"

namespace khop {

const std::vector<QStringList> &migrations()
{
    const auto orders = QStringLiteral(
        "(no INTEGER PRIMARY KEY, id BLOB NOT NULL, account INTEGER NOT NULL, client_order_id "
        "TEXT, "
        "instrument INTEGER NOT NULL, side INTEGER NOT NULL, type INTEGER NOT NULL, given INTEGER "
        "NOT NULL, "
        "time_in_force INTEGER NOT NULL, status INTEGER NOT NULL, price INTEGER, quantity INTEGER "
        "NOT NULL, "
        "remaining INTEGER NOT NULL, traded INTEGER NOT NULL, cancelled INTEGER NOT NULL, "
        "traded_value INTEGER NOT NULL, fee INTEGER NOT NULL, tax INTEGER NOT NULL, held INTEGER "
        "NOT NULL, "
        "reject_code INTEGER, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, expires_at "
        "INTEGER, "
        "version INTEGER NOT NULL, description TEXT, CHECK (quantity = remaining + traded + "
        "cancelled))");
    const auto executions = QStringLiteral(
        "(no INTEGER NOT NULL, side INTEGER NOT NULL, id BLOB NOT NULL, order_no INTEGER NOT NULL, "
        "order_id BLOB NOT NULL, account INTEGER NOT NULL, instrument INTEGER NOT NULL, price "
        "INTEGER NOT NULL, "
        "quantity INTEGER NOT NULL, value INTEGER NOT NULL, fee INTEGER NOT NULL, tax INTEGER NOT "
        "NULL, "
        "time INTEGER NOT NULL, settles_at INTEGER NOT NULL)");
    const auto trades = QStringLiteral("(no INTEGER PRIMARY KEY, instrument INTEGER NOT NULL, "
                                       "price INTEGER NOT NULL, quantity INTEGER NOT NULL, "
                                       "value INTEGER NOT NULL, aggressor INTEGER NOT NULL, "
                                       "buy_order INTEGER, sell_order INTEGER, "
                                       "buy_order_id BLOB, sell_order_id BLOB, buy_account INTEGER "
                                       "NOT NULL, sell_account INTEGER NOT NULL, "
                                       "odd_lot INTEGER NOT NULL, phase INTEGER NOT NULL, time "
                                       "INTEGER NOT NULL, settles_at INTEGER NOT NULL)");
    const auto entries = QStringLiteral(
        "(no INTEGER PRIMARY KEY, type INTEGER NOT NULL, account INTEGER NOT NULL, securities "
        "INTEGER NOT NULL, "
        "instrument INTEGER, currency INTEGER, amount INTEGER NOT NULL CHECK (amount > 0), "
        "from_bucket INTEGER NOT NULL, to_bucket INTEGER NOT NULL, order_no INTEGER, execution "
        "INTEGER, "
        "time INTEGER NOT NULL)");
    const auto latest = [](std::initializer_list<const char *> columns) {
        QStringList all;
        for (const char *const column : columns)
            all << QStringLiteral("CASE WHEN c.no IS NULL THEN o.%1 ELSE c.%1 END AS %1")
                       .arg(QLatin1String(column));
        return all.join(u',');
    };
    static const std::vector<QStringList> all{
        {
            QStringLiteral(
                "CREATE TABLE journal(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, "
                "time INTEGER NOT NULL, "
                "commands BLOB NOT NULL, state INTEGER NOT NULL, previous BLOB NOT NULL, "
                "hash BLOB NOT NULL)"),
            QStringLiteral(
                "CREATE TABLE checkpoint(sequence INTEGER PRIMARY KEY, snapshot BLOB NOT "
                "NULL, hash BLOB NOT NULL)"),
            QStringLiteral(
                "CREATE TABLE client_orders(sequence INTEGER PRIMARY KEY, day INTEGER NOT "
                "NULL, ids BLOB NOT NULL)"),
            QStringLiteral(
                "CREATE TABLE balances(account INTEGER NOT NULL, currency INTEGER NOT NULL, "
                "available INTEGER NOT NULL CHECK (available >= 0), held INTEGER NOT NULL "
                "CHECK (held >= 0), "
                "pending INTEGER NOT NULL CHECK (pending >= 0), PRIMARY KEY (account, "
                "currency)) WITHOUT ROWID"),
            QStringLiteral("CREATE TABLE orders") + orders,
            QStringLiteral("CREATE TABLE executions") + executions,
            QStringLiteral("CREATE TABLE trades") + trades,
            QStringLiteral("CREATE TABLE entries") + entries,
            QStringLiteral("CREATE TABLE orders_history") + orders,
            QStringLiteral("CREATE INDEX orders_history_id ON orders_history(id)"),
            QStringLiteral("CREATE INDEX orders_history_account ON orders_history(account, no)"),
            QStringLiteral("CREATE TABLE executions_history") + executions,
            QStringLiteral(
                "CREATE INDEX executions_history_account ON executions_history(account, no)"),
            QStringLiteral(
                "CREATE INDEX executions_history_order ON executions_history(order_no, no)"),
            QStringLiteral("CREATE TABLE trades_history") + trades,
            QStringLiteral(
                "CREATE INDEX trades_history_instrument ON trades_history(instrument, no)"),
            QStringLiteral(
                "CREATE INDEX trades_history_buyer ON trades_history(buy_account, no) WHERE "
                "buy_account > 0"),
            QStringLiteral("CREATE INDEX trades_history_seller ON trades_history(sell_account, no) "
                           "WHERE sell_account > 0"),
            QStringLiteral("CREATE TABLE entries_history") + entries,
            QStringLiteral("CREATE INDEX entries_history_account ON entries_history(account, no)"),
        },
        {
            QStringLiteral("ALTER TABLE trades ADD COLUMN put_through INTEGER NOT NULL DEFAULT 0"),
            QStringLiteral("ALTER TABLE trades_history ADD COLUMN put_through INTEGER NOT NULL "
                           "DEFAULT 0"),
            QStringLiteral(
                "CREATE TABLE put_through(no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, "
                "instrument INTEGER NOT NULL, proposer INTEGER NOT NULL, counterparty "
                "INTEGER NOT NULL, side INTEGER NOT NULL, price INTEGER NOT NULL, quantity "
                "INTEGER NOT NULL, held INTEGER NOT NULL, status INTEGER NOT NULL, trade "
                "INTEGER, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, "
                "expires_at INTEGER NOT NULL, version INTEGER NOT NULL, description TEXT)"),
            QStringLiteral("CREATE INDEX put_through_proposer ON put_through(proposer, no)"),
            QStringLiteral(
                "CREATE INDEX put_through_counterparty ON put_through(counterparty, no)"),
        },
        {
            // conditional orders; the same order of columns in both tables, since days move between them
            QStringLiteral("ALTER TABLE orders ADD COLUMN condition BLOB"),
            QStringLiteral("ALTER TABLE orders ADD COLUMN parent BLOB"),
            QStringLiteral("ALTER TABLE orders_history ADD COLUMN condition BLOB"),
            QStringLiteral("ALTER TABLE orders_history ADD COLUMN parent BLOB"),
        },
        {
            QStringLiteral("ALTER TABLE entries ADD COLUMN status INTEGER NOT NULL DEFAULT 0"),
            QStringLiteral(
                "ALTER TABLE entries_history ADD COLUMN status INTEGER NOT NULL DEFAULT 0"),
        },
        importMigration(),
        {
            // what portfolios are valued with; the same order of columns in both tables of entries
            QStringLiteral("CREATE TABLE closes(instrument INTEGER NOT NULL, day INTEGER NOT NULL, "
                           "price INTEGER NOT NULL, PRIMARY KEY (instrument, day)) WITHOUT ROWID"),
            QStringLiteral("ALTER TABLE entries ADD COLUMN cost INTEGER"),
            QStringLiteral("ALTER TABLE entries_history ADD COLUMN cost INTEGER"),
        },
        {
            // what became of an order after its first group; several changes of one: the last row holds
            QStringLiteral(
                "CREATE TABLE order_changes(no INTEGER NOT NULL, type INTEGER NOT NULL, given "
                "INTEGER NOT NULL, time_in_force INTEGER NOT NULL, status INTEGER NOT NULL, price "
                "INTEGER, quantity INTEGER NOT NULL, remaining INTEGER NOT NULL, traded INTEGER "
                "NOT NULL, cancelled INTEGER NOT NULL, traded_value INTEGER NOT NULL, fee INTEGER "
                "NOT NULL, tax INTEGER NOT NULL, held INTEGER NOT NULL, reject_code INTEGER, "
                "updated_at INTEGER NOT NULL, expires_at INTEGER, version INTEGER NOT NULL, "
                "condition BLOB, CHECK (quantity = remaining + traded + cancelled))"),
            QStringLiteral(
                "CREATE VIEW orders_now AS SELECT o.no AS no, id, account, client_order_id, "
                "instrument, side, %1, created_at, %2, description, %3, parent FROM orders o LEFT "
                "JOIN (SELECT no AS changed, max(rowid) AS last FROM order_changes GROUP BY no) m "
                "ON m.changed = o.no LEFT JOIN order_changes c ON c.rowid = m.last")
                .arg(latest({"type", "given", "time_in_force", "status", "price", "quantity",
                             "remaining", "traded", "cancelled", "traded_value", "fee", "tax",
                             "held", "reject_code"}),
                     latest({"updated_at", "expires_at", "version"}), latest({"condition"})),
        },
        {
            // of the file of keys: 0 before there was one
            QStringLiteral("ALTER TABLE journal ADD COLUMN key INTEGER NOT NULL DEFAULT 0"),
        }};
    return all;
}

} // namespace khop
