// SPDX-License-Identifier: GPL-3.0-or-later
// The words and numbers of a yearly statement in its language.
#pragma once

#include "base/sentences.h"
#include "base/time.h"
#include "statement/year_statement.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace khop {

enum class YearWord : std::uint8_t {
    Title,
    Year,
    OwnerName,
    Account,
    AsOf,
    Currency,
    Trades,
    Day,
    Symbol,
    SideTitle,
    Buy,
    Sell,
    Shares,
    UnitPrice,
    Value,
    Fee,
    Tax,
    Realized,
    Source,
    Imported,
    Month,
    MonthTotal,
    YearTotal,
    Bought,
    Sold,
    Fees,
    SaleTax,
    Cash,
    Opening,
    Deposited,
    Withdrawn,
    Dividends,
    DividendTax,
    Interest,
    Charges,
    Other,
    Closing,
    Holdings,
    OpeningQuantity,
    ClosingQuantity,
    Nothing,
    Page,
    Practice
};
std::string_view word(YearWord word, Language language);

/// From the opening to the closing balance, what went out below 0.
std::vector<std::pair<YearWord, Money>> cashLines(const YearSection &section);

/// 1234567 with scale 0: 1,234,567 in English, 1.234.567 in Vietnamese.
std::string grouped(std::int64_t raw, int scale, Language language);
/// 2026-11-05 in English, 05/11/2026 in Vietnamese.
std::string writtenDay(Date day, Language language);
/// November 2026, Tháng 11/2026.
std::string writtenMonth(int year, int month, Language language);

} // namespace khop
