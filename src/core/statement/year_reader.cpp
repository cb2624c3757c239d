// SPDX-License-Identifier: GPL-3.0-or-later
// The records of a year, asked for one kind after the other.
#include "statement/all_pages.h"
#include "statement/year_statement.h"

namespace khop {

namespace {

constexpr int firstYear = 2000;

class YearReader : public std::enable_shared_from_this<YearReader>
{
public:
    using Done = std::function<void(Result<YearStatement>)>;

    YearReader(const TradingService &service, AccountInfo account, int year, Done done)
        : m_service(service)
        , m_account(std::move(account))
        , m_year(year)
        , m_from(vietnamTime(dateOf(year, 1, 1), 0))
        , m_done(std::move(done))
    {}

    void read() { readExecutions(); }

private:
    template <class Row, class Query>
    void ask(typename AllPages<Row, Query>::Ask question, Query query,
             std::function<bool(const Row &)> keep, std::vector<Row> YearRecords::*into,
             void (YearReader::*next)())
    {
        AllPages<Row, Query>::ask(
            m_service, question, std::move(query), mostYearRows, std::move(keep),
            [self = shared_from_this(), into, next](Result<std::vector<Row>> rows) {
                if (!rows) {
                    self->m_done(std::unexpected(rows.error()));
                    return;
                }
                self->m_records.*into = std::move(*rows);
                ((*self).*next)();
            });
    }
    void readExecutions()
    {
        TradeQuery query;
        query.account = m_account.no;
        query.from = m_from;
        ask<ExecutionRecord>(
            &TradingService::queryExecutions, query, [](const ExecutionRecord &) { return true; },
            &YearRecords::executions, &YearReader::readImported);
    }
    void readImported()
    {
        ImportRowQuery query;
        query.account = m_account.no;
        ask<ImportedRow>(
            &TradingService::queryImportRows, query, [](const ImportedRow &) { return true; },
            &YearRecords::imported, &YearReader::readImports);
    }
    void readImports()
    {
        ImportQuery query;
        query.account = m_account.no;
        ask<ImportRecord>(
            &TradingService::queryImports, query, [](const ImportRecord &) { return true; },
            &YearRecords::imports, &YearReader::readCash);
    }
    void readCash() { readEntries(false, &YearRecords::cash, &YearReader::readSecurities); }
    void readSecurities() { readEntries(true, &YearRecords::securities, &YearReader::finish); }
    void readEntries(bool securities, std::vector<LedgerEntry> YearRecords::*into,
                     void (YearReader::*next)())
    {
        EntryQuery query;
        query.account = m_account.no;
        query.securities = securities;
        ask<LedgerEntry>(
            &TradingService::queryEntries, query,
            [from = m_from](const LedgerEntry &entry) { return entry.time >= from; }, into, next);
    }
    void finish()
    {
        m_records.balances = m_service.balances(m_account.no);
        m_records.positions = m_service.positions(m_account.no);
        m_done(yearStatement(m_year, m_account, m_service.now(), m_records,
                             *m_service.instruments(), *m_service.rules()));
    }

    const TradingService &m_service;
    AccountInfo m_account;
    int m_year;
    Time m_from;
    Done m_done;
    YearRecords m_records;
};

} // namespace

void readYearStatement(const TradingService &service, AccountNo account, int year,
                       std::function<void(Result<YearStatement>)> done)
{
    const int present = yearOf(vietnamDate(service.now()));
    if (year < firstYear || year > present) {
        done(refuse(Code::VALIDATION_ERROR, "year", std::to_string(year),
                    std::to_string(firstYear) + " … " + std::to_string(present)));
        return;
    }
    const auto info = service.account(account);
    if (!info) {
        done(refuse(Code::ACCOUNT_UNKNOWN, "account_id"));
        return;
    }
    std::make_shared<YearReader>(service, *info, year, std::move(done))->read();
}

} // namespace khop
