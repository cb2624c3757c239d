// SPDX-License-Identifier: GPL-3.0-or-later
// What a broker's file is like: which column is which, how dates and numbers are written, what prices
// count. Presets for brokers, or a map that the user makes.
//
// Columns are known by their titles, folded (statement_text.h). The brokers publish no format, and their
// exports change: the presets hold the titles their screens and exports use, not a promise.
#pragma once

#include "base/result.h"
#include "statement/written_values.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop {

enum class StatementKind : std::uint8_t { Trades, Cash };
std::string_view name(StatementKind kind); // trades cash
std::optional<StatementKind> statementKindFromName(std::string_view name);

enum class StatementField : std::uint8_t {
    Day,   // of the trade or movement, with the time of day or without
    Clock, // the time of day, where it stands apart
    Symbol,
    Side,
    Shares, // executed
    UnitPrice,
    Value,
    Fee,
    Tax,
    Reference, // order or voucher number
    CashIn,
    CashOut,
    Amount, // with its sign
    Words,  // what a movement is
    Ignored // known, and not needed
};
inline constexpr int statementFieldCount = 15;
std::string_view name(StatementField field); // day clock symbol side …
std::optional<StatementField> statementFieldFromName(std::string_view name);

enum class StatementUnit : std::uint8_t { Vnd, ThousandVnd };

struct StatementFormat {
    std::string name; // SSI VNDIRECT TCBS DNSE ANY; empty: the user's own
    /// Titles by field, the most telling first: of several that are there the first one counts.
    std::map<StatementField, std::vector<std::string>> titles;
    std::optional<DateOrder> dateOrder;     // nothing: found from the file
    std::optional<NumberMarks> numberMarks; // nothing: found from the file
    StatementUnit priceUnit = StatementUnit::Vnd;
    std::optional<char> separator; // nothing: found from the file
    bool anyOrder = false;         // rows need not be in order of time
};

/// The presets by name, and ANY for brokers without one: the usual titles, and nothing assumed of dates.
/// Null for a name that is none of them.
const StatementFormat *statementPreset(std::string_view name);
std::vector<std::string_view> statementPresets();

/// The user's map: the title of a column for each field. Refuses (VALIDATION_ERROR) empty titles and two
/// fields with the same.
Result<StatementFormat> mappedFormat(const std::map<StatementField, std::string> &titles);

/// Where the fields stand in a file.
struct StatementColumns {
    std::vector<std::string> titles;                  // as they are written
    std::array<int, statementFieldCount> positions{}; // from 0; -1: not there
    std::vector<std::size_t> unknown;                 // columns that no title is known for

    StatementColumns() { positions.fill(-1); }
    int at(StatementField field) const { return positions[static_cast<std::size_t>(field)]; }
    bool has(StatementField field) const { return at(field) >= 0; }
    std::size_t found() const;
};

/// The columns a row of titles gives. Refuses (VALIDATION_ERROR, naming the title) two columns of one
/// title.
Result<StatementColumns> columnsOf(const std::vector<std::string> &cells,
                                   const StatementFormat &format);

/// The fields without which a kind cannot be read and that are not there, as text; empty when all are.
std::string missingFields(const StatementColumns &columns, const StatementFormat &format,
                          StatementKind kind);

} // namespace khop
