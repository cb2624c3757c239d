// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a statement in the words of a portfolio, each checked by itself.
#pragma once

#include "market/instrument.h"
#include "portfolio/portfolio_event.h"
#include "statement/cash_words.h"
#include "statement/statement_format.h"

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace khop {

struct StatementTrade {
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    Quantity quantity;
    Price price; // in dong; of an average with fractions the nearest
    Money value; // without costs
    Money fee;
    Money tax;
    bool operator==(const StatementTrade &) const = default;
};

struct StatementCash {
    PortfolioCash::Kind kind = PortfolioCash::Kind::Deposit;
    Money amount; // above 0: comes
    InstrumentIndex instrument =
        noInstrument; // of a dividend, and of the tax on one where it is said
    bool operator==(const StatementCash &) const = default;
};

struct StatementRow {
    std::size_t line = 0; // in the file, from 1
    WrittenTime time;
    std::string reference; // the broker's number, if there is one; at most 64 bytes
    std::string words;     // of a cash movement; at most 200 bytes
    std::variant<StatementTrade, StatementCash> body;
    /// What makes it the same movement in another file: day, what and how much, and the how manieth of
    /// its like on that day. Costs, references and times of day are not in it, since not every export of a
    /// broker has them.
    std::string key;
};

/// A row that was refused. The error's field is the title of its column.
struct StatementFault {
    std::size_t line = 0;
    std::size_t column = 0; // from 1; 0: the row as a whole
    Error error;
};

/// A row that says nothing of its own.
struct SkippedRow {
    enum class Why : std::uint8_t {
        Note,        // a heading, a sum or a remark
        NotExecuted, // an order of which nothing was executed
        OfTrade      // cash of a trade, or an advance on it
    };
    std::size_t line = 0;
    Why why = Why::Note;
};

/// A record's cells with what is needed to read them.
struct StatementCells {
    std::size_t line = 0;
    std::vector<std::string> cells;
};

/// How the cells of a file are written, once that is settled.
struct StatementReading {
    StatementKind kind = StatementKind::Trades;
    DateOrder dateOrder = DateOrder::DayFirst;
    NumberMarks numberMarks = NumberMarks::CommaGroups;
    StatementUnit priceUnit = StatementUnit::Vnd;
};

class StatementRowReader
{
public:
    StatementRowReader(const StatementColumns &columns, const StatementReading &reading,
                       std::span<const Instrument> instruments);

    std::variant<StatementRow, StatementFault, SkippedRow> read(const StatementCells &row) const;

private:
    struct Cell {
        std::string_view text;
        std::size_t column = 0; // from 1
        std::string_view title;
    };
    template <class T>
    using Read = std::expected<T, StatementFault>;

    Cell cell(const StatementCells &row, StatementField field) const;
    /// Scale: digits behind the point; 0 when the cell is empty and need not be there.
    Read<std::int64_t> number(const StatementCells &row, StatementField field, int scale,
                              bool required) const;
    Read<Money> cost(const StatementCells &row, StatementField field) const;
    Read<WrittenTime> when(const StatementCells &row) const;
    Read<const Instrument *> instrument(const StatementCells &row) const;
    Read<Side> side(const StatementCells &row) const;
    Read<StatementTrade> trade(const StatementCells &row) const;
    Read<std::int64_t> price(const StatementCells &row, const Instrument &instrument) const;
    Read<void> priced(const StatementCells &row, const Instrument &instrument,
                      StatementTrade &trade) const;
    Read<Money> amount(const StatementCells &row) const;
    Read<StatementCash> cash(const StatementCells &row, CashMeaning meaning, Money amount) const;
    const Instrument *namedIn(std::string_view words) const;
    std::optional<SkippedRow> skipped(const StatementCells &row) const;
    std::unexpected<StatementFault> fault(const StatementCells &row, StatementField field,
                                          Code code, std::string bound) const;

    const StatementColumns &m_columns;
    StatementReading m_reading;
    std::vector<const Instrument *> m_instruments; // by symbol
    bool m_listsOrders = false;                    // executed or not
};

/// Numbers rows that are alike on a day, in their order, and completes their keys.
void numberRows(std::vector<StatementRow> &rows, std::span<const Instrument> instruments);

} // namespace khop
