// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a group, on their way into today's tables.
#include "store/rows.h"
#include "store/store_statements.h"

#include <QSqlError>

#include <algorithm>
#include <span>

namespace khop {

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

} // namespace khop
