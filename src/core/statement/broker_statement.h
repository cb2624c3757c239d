// SPDX-License-Identifier: GPL-3.0-or-later
// A broker's statement as a CSV file: what it has in it that is new, what is known already, and what
// cannot be read, with line, column and reason. Nothing is changed by looking.
#pragma once

#include "statement/statement_rows.h"
#include "statement/statement_text.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace khop {

struct StatementPreview {
    StatementKind kind = StatementKind::Trades;
    std::string format; // its name
    // how the file was read
    TextEncoding encoding = TextEncoding::Utf8;
    char separator = ',';
    std::size_t titleLine = 0;
    StatementColumns columns;
    StatementReading reading;
    // what it has in it
    std::vector<StatementRow> added;      // in order of time
    std::vector<StatementRow> duplicates; // of what was imported before
    std::vector<StatementFault> refused;  // in order of lines; at most 1,000
    std::size_t refusedCount = 0;         // all of them
    std::vector<SkippedRow> skipped;

    bool clean() const { return refusedCount == 0; }
};

/// Whether a row with that key was imported before.
using KnownKeys = std::function<bool(const std::string &key)>;

/// Reads a file. The titles are looked for in the first 30 rows, with each separator; what stands before
/// them is not read. Rows must be in order of days, either way, unless the format allows any.
///
/// Refuses the file (FILE_INVALID; the field is "NAME: line 4, Giá khớp" or what there is of it) when it is
/// no text, too large, or its titles do not tell what is needed; and when numbers or dates could be read
/// in two ways and the format does not say which.
Result<StatementPreview> previewStatement(std::string_view bytes, const std::string &fileName,
                                          StatementKind kind, const StatementFormat &format,
                                          std::span<const Instrument> instruments,
                                          const KnownKeys &known);

/// What a row does to a portfolio.
PortfolioEvent portfolioEvent(const StatementRow &row, std::uint16_t currency);

} // namespace khop
