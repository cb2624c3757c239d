// SPDX-License-Identifier: GPL-3.0-or-later
// An account's year: its trades month by month, fees and taxes, dividends, and what it had before and
// after. One section for each currency. Every figure comes from what the desk recorded; imported rows
// count on their own days, undone ones not at all.
#pragma once

#include "base/sentences.h"
#include "engine/trading_service.h"

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace khop {

inline constexpr std::size_t mostYearRows = 500'000; // of each kind of record

struct YearTrade {
    Date day;
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    Quantity quantity;
    Price price;
    Money value, fee, tax;
    Money realized; // by a sale
    bool imported = false;
};

struct YearSums {
    Money bought, sold; // values without costs
    Money fees;
    Money saleTax;
    Money realized;
    std::size_t trades = 0;
};

struct YearHolding {
    InstrumentIndex instrument = noInstrument;
    Quantity opening, closing;
};

/// opening + deposited - withdrawn + sold - bought - fees - saleTax + dividends - dividendTax + interest
/// - charges + other = closing, where cash counts from the trade on and not from its settlement.
struct YearSection {
    std::uint16_t currency = 0;
    std::vector<YearTrade> trades; // ascending by day
    std::array<YearSums, 12> months;
    YearSums total;
    Money opening, closing;
    Money deposited, withdrawn;
    Money dividends, dividendTax;
    Money interest;
    Money charges;                     // custody, advances, taxes on nothing that was held
    Money other;                       // adjustments, conversions
    std::vector<YearHolding> holdings; // by symbol; those that were 0 both times are left out
};

struct YearStatement {
    int year = 0;
    std::string owner;
    std::string account;               // its id
    Date asOf;                         // the last day in it: of a year under way today
    std::vector<YearSection> sections; // by currency; those without anything are left out
};

/// What the figures are made from.
struct YearRecords {
    std::vector<ExecutionRecord> executions;   // since the year began
    std::vector<ImportedRow> imported;         // all of the account
    std::vector<ImportRecord> imports;         // all of the account
    std::vector<LedgerEntry> cash, securities; // entries since the year began
    std::vector<Balance> balances;
    std::vector<Position> positions;
};

YearStatement yearStatement(int year, const AccountInfo &account, Time now,
                            const YearRecords &records, const InstrumentList &instruments,
                            const MarketRules &rules);

/// Reads what is recorded and reckons. Refuses a year before 2000 or after the present one, and more
/// records than mostYearRows (VALIDATION_ERROR). `done` may run on a reader's thread; `service` must
/// outlive the answer.
void readYearStatement(const TradingService &service, AccountNo account, int year,
                       std::function<void(Result<YearStatement>)> done);

/// As CSV with the titles of the language: trades, months, cash, holdings.
std::string yearCsv(const YearStatement &statement, const InstrumentList &instruments,
                    const MarketRules &rules, Language language, bool byteOrderMark);

} // namespace khop
