// SPDX-License-Identifier: GPL-3.0-or-later
// What portfolios are built from: an account's records of finished days, in pages, oldest first; and closes.
#include "store/history.h"

#include "store/rows.h"

#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <algorithm>

namespace khop {

namespace {

constexpr int recordsPerPage = 20'000;

void bindNumber(QSqlQuery &query, int at, std::uint64_t value)
{
    query.bindValue(at, QVariant::fromValue<qlonglong>(static_cast<qlonglong>(value)));
}

std::unexpected<Error> failed(const char *table, const QSqlQuery &query)
{
    return refuse(Code::STORE_ERROR, table, query.lastError().text().toStdString());
}

Result<History::RecordsPage> readRecords(QSqlDatabase &db, AccountNo account, std::uint64_t entry,
                                         std::uint64_t upTo)
{
    History::RecordsPage page;
    QSqlQuery query(db);
    query.setForwardOnly(true);
    using Type = LedgerEntry::Type;
    query.prepare(QStringLiteral("SELECT %1 FROM entries_history WHERE account=? AND no>? "
                                 "AND no<=? AND type NOT IN (%2,%3,%4,%5) "
                                 "AND (execution IS NULL OR securities=1) ORDER BY no LIMIT %6")
                      .arg(QLatin1String(entryColumns))
                      .arg(static_cast<int>(Type::OrderHold))
                      .arg(static_cast<int>(Type::OrderRelease))
                      .arg(static_cast<int>(Type::OrderRefund))
                      .arg(static_cast<int>(Type::Settlement))
                      .arg(recordsPerPage));
    bindNumber(query, 0, account);
    bindNumber(query, 1, entry);
    bindNumber(query, 2, upTo);
    if (!query.exec())
        return failed("entries_history", query);
    std::uint64_t first = 0, last = 0;
    while (query.next()) {
        page.records.entries.push_back(entryOf(query));
        if (const std::uint64_t execution = page.records.entries.back().execution) {
            first = first == 0 ? execution : std::min(first, execution);
            last = std::max(last, execution);
        }
    }
    page.more = page.records.entries.size() == recordsPerPage;
    if (last == 0)
        return page;
    query.prepare(QStringLiteral("SELECT %1 FROM executions_history WHERE account=? AND no>=? AND "
                                 "no<=? ORDER BY no")
                      .arg(QLatin1String(executionColumns)));
    bindNumber(query, 0, account);
    bindNumber(query, 1, first);
    bindNumber(query, 2, last);
    if (!query.exec())
        return failed("executions_history", query);
    while (query.next())
        page.records.executions.push_back(executionOf(query));
    return page;
}

Result<std::vector<DayClose>> readCloses(QSqlDatabase &db,
                                         const std::vector<History::ClosesAfter> &wanted)
{
    std::vector<DayClose> closes;
    QSqlQuery query(db);
    query.setForwardOnly(true);
    query.prepare(
        QStringLiteral("SELECT day,price FROM closes WHERE instrument=? AND day>? ORDER BY day"));
    for (const History::ClosesAfter &of : wanted) {
        bindNumber(query, 0, of.instrument);
        query.bindValue(1, of.day.day);
        if (!query.exec())
            return failed("closes", query);
        while (query.next())
            closes.push_back({of.instrument,
                              {static_cast<std::int32_t>(query.value(0).toInt())},
                              Price(query.value(1).toLongLong())});
    }
    return closes;
}

} // namespace

void History::records(AccountNo account, std::uint64_t entry, std::uint64_t upTo,
                      std::function<void(Result<RecordsPage>)> answer)
{
    post([account, entry, upTo, answer = std::move(answer)](QSqlDatabase &db) {
        answer(readRecords(db, account, entry, upTo));
    });
}

void History::closes(std::vector<ClosesAfter> wanted,
                     std::function<void(Result<std::vector<DayClose>>)> answer)
{
    post([wanted = std::move(wanted), answer = std::move(answer)](QSqlDatabase &db) {
        answer(readCloses(db, wanted));
    });
}

} // namespace khop
