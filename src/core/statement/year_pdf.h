// SPDX-License-Identifier: GPL-3.0-or-later
// A yearly statement as a PDF: A4, headings again on every page, page numbers, an embedded font that has
// all of Vietnamese.
#pragma once

#include "statement/year_statement.h"

#include <string>

namespace khop {

inline constexpr std::size_t mostPdfTrades = 20'000; // 400 pages

/// Refuses more trades than mostPdfTrades (VALIDATION_ERROR of "trades"); fails with INTERNAL_ERROR when the
/// library does.
Result<std::string> yearPdf(const YearStatement &statement, const InstrumentList &instruments,
                            const MarketRules &rules, Language language);

} // namespace khop
