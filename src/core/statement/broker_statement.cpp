// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/broker_statement.h"

#include "base/csv_line.h"
#include "base/json_tree.h"
#include "base/utf8.h"
#include "statement/statement_table.h"

#include <algorithm>
#include <array>

namespace khop {

namespace {

using Field = StatementField;

constexpr std::size_t mostRowsBeforeTitles = 30;
constexpr std::size_t mostColumns = 64;
constexpr std::size_t mostFaults = 1'000;
constexpr std::array numberFields{Field::Shares, Field::UnitPrice, Field::Value,   Field::Fee,
                                  Field::Tax,    Field::CashIn,    Field::CashOut, Field::Amount};

/// A row of titles, as it is with one separator.
struct Titles {
    char separator = ',';
    std::size_t record = 0;
    StatementColumns columns;
};

class StatementReader
{
public:
    StatementReader(std::string fileName, StatementKind kind, const StatementFormat &format)
        : m_fileName(std::move(fileName))
        , m_format(format)
    {
        m_preview.kind = kind;
        m_preview.format = format.name;
    }

    Result<StatementPreview> read(std::string_view bytes, std::span<const Instrument> instruments,
                                  const KnownKeys &known);

private:
    std::string place(std::size_t line) const
    {
        return m_fileName + ": line " + std::to_string(line);
    }
    Result<void> findTitles(std::span<const TextRecord> records);
    void cutRows(std::span<const TextRecord> records);
    Result<void> settleNumbers();
    Result<void> settleDates();
    template <class Reading>
    std::unexpected<Error> open(const ReadingVote<Reading> &vote, std::string bound) const;
    void readRows(std::span<const Instrument> instruments);
    void refuseRow(StatementFault fault);
    void keepOrder();
    void divide(std::span<const Instrument> instruments, const KnownKeys &known);

    std::string m_fileName;
    const StatementFormat &m_format;
    StatementPreview m_preview;
    std::vector<StatementCells> m_cells;
    std::vector<StatementRow> m_rows;
};

Result<StatementPreview> StatementReader::read(std::string_view bytes,
                                               std::span<const Instrument> instruments,
                                               const KnownKeys &known)
{
    const auto text = readStatementText(bytes, m_fileName);
    if (!text)
        return std::unexpected(text.error());
    m_preview.encoding = text->encoding;
    const auto records = recordsOf(text->text, m_fileName);
    if (!records)
        return std::unexpected(records.error());
    if (const auto found = findTitles(*records); !found)
        return std::unexpected(found.error());
    cutRows(*records);
    m_preview.reading.kind = m_preview.kind;
    m_preview.reading.priceUnit = m_format.priceUnit;
    for (const auto settle : {&StatementReader::settleNumbers, &StatementReader::settleDates}) {
        if (const auto settled = (this->*settle)(); !settled)
            return std::unexpected(settled.error());
    }
    readRows(instruments);
    keepOrder();
    divide(instruments, known);
    return std::move(m_preview);
}

/// The row and separator that tell the most fields.
Result<void> StatementReader::findTitles(std::span<const TextRecord> records)
{
    std::optional<Titles> best;
    std::optional<Error> ambiguous;
    const std::string separators =
        m_format.separator ? std::string(1, *m_format.separator) : std::string(knownSeparators);
    const std::size_t rows = std::min(records.size(), mostRowsBeforeTitles);
    for (std::size_t i = 0; i < rows; ++i) {
        for (const char separator : separators) {
            const auto cells = cellsOfCsvLine(records[i].text, separator);
            if (!cells || cells->size() < 2 || cells->size() > mostColumns)
                continue;
            auto columns = columnsOf(*cells, m_format);
            if (!columns) {
                ambiguous = columns.error();
                ambiguous->field = place(records[i].line) + ", " + ambiguous->value;
                ambiguous->code = Code::FILE_INVALID;
            } else if (!best || columns->found() > best->columns.found()) {
                best = Titles{separator, i, std::move(*columns)};
            }
        }
    }
    const std::string missing = best ? missingFields(best->columns, m_format, m_preview.kind) : "";
    if (best && missing.empty()) {
        m_preview.separator = best->separator;
        m_preview.columns = std::move(best->columns);
        m_preview.titleLine = records[best->record].line;
        return {};
    }
    if (ambiguous)
        return std::unexpected(*ambiguous);
    if (!best || best->columns.found() == 0)
        return refuse(Code::FILE_INVALID, place(records.empty() ? 1 : records.front().line),
                      records.empty() ? "no row" : shortened(records.front().text, 60),
                      "columns with titles for " + missingFields({}, m_format, m_preview.kind));
    return refuse(Code::FILE_INVALID, place(records[best->record].line),
                  shortened(records[best->record].text, 60), "also a column for " + missing);
}

void StatementReader::cutRows(std::span<const TextRecord> records)
{
    for (const TextRecord &record : records) {
        if (record.line <= m_preview.titleLine)
            continue;
        auto cells = cellsOfCsvLine(record.text, m_preview.separator);
        if (cells)
            m_cells.push_back({record.line, std::move(*cells)});
        else
            refuseRow({record.line,
                       0,
                       {Code::FILE_INVALID, "line " + std::to_string(record.line),
                        shortened(record.text, 60), "quotes around whole cells"}});
    }
}

template <class Reading>
std::unexpected<Error> StatementReader::open(const ReadingVote<Reading> &vote,
                                             std::string bound) const
{
    const auto &at = *vote.open();
    return refuse(Code::FILE_INVALID, place(at.line) + ", " + m_preview.columns.titles[at.column],
                  at.written, std::move(bound));
}

Result<void> StatementReader::settleNumbers()
{
    if (m_format.numberMarks) {
        m_preview.reading.numberMarks = *m_format.numberMarks;
        return {};
    }
    ReadingVote<NumberMarks> vote;
    for (const StatementCells &row : m_cells) {
        for (const Field field : numberFields) {
            const auto column = static_cast<std::size_t>(m_preview.columns.at(field));
            if (!m_preview.columns.has(field) || column >= row.cells.size()
                || trimmedCell(row.cells[column]).empty())
                continue;
            const std::string &text = row.cells[column];
            vote.add(plainNumber(text, NumberMarks::PointGroups),
                     plainNumber(text, NumberMarks::CommaGroups), text, row.line, column);
        }
    }
    const auto marks = vote.decided(NumberMarks::PointGroups, NumberMarks::CommaGroups);
    if (!marks)
        return open(vote, "to be told which mark groups thousands, the point or the comma");
    m_preview.reading.numberMarks = *marks;
    return {};
}

Result<void> StatementReader::settleDates()
{
    if (m_format.dateOrder) {
        m_preview.reading.dateOrder = *m_format.dateOrder;
        return {};
    }
    ReadingVote<DateOrder> vote;
    const auto column = static_cast<std::size_t>(m_preview.columns.at(Field::Day));
    for (const StatementCells &row : m_cells) {
        if (column < row.cells.size() && !trimmedCell(row.cells[column]).empty())
            vote.add(writtenTime(row.cells[column], DateOrder::DayFirst),
                     writtenTime(row.cells[column], DateOrder::MonthFirst), row.cells[column],
                     row.line, column);
    }
    const auto order = vote.decided(DateOrder::DayFirst, DateOrder::MonthFirst);
    if (!order)
        return open(vote, "to be told whether the day or the month comes first");
    m_preview.reading.dateOrder = *order;
    return {};
}

void StatementReader::refuseRow(StatementFault fault)
{
    ++m_preview.refusedCount;
    if (m_preview.refused.size() < mostFaults)
        m_preview.refused.push_back(std::move(fault));
}

void StatementReader::readRows(std::span<const Instrument> instruments)
{
    const StatementRowReader reader(m_preview.columns, m_preview.reading, instruments);
    for (const StatementCells &cells : m_cells) {
        auto read = reader.read(cells);
        if (auto *row = std::get_if<StatementRow>(&read))
            m_rows.push_back(std::move(*row));
        else if (auto *fault = std::get_if<StatementFault>(&read))
            refuseRow(std::move(*fault));
        else
            m_preview.skipped.push_back(std::get<SkippedRow>(read));
    }
}

/// Brings the rows into ascending order. Statements go up or down by day; a row that goes the other way
/// than most is refused, since its date is probably wrong.
void StatementReader::keepOrder()
{
    std::size_t up = 0, down = 0;
    for (std::size_t i = 1; i < m_rows.size(); ++i) {
        up += m_rows[i].time.day > m_rows[i - 1].time.day ? 1 : 0;
        down += m_rows[i].time.day < m_rows[i - 1].time.day ? 1 : 0;
    }
    if (down > up)
        std::ranges::reverse(m_rows);
    if (m_format.anyOrder) {
        std::ranges::stable_sort(m_rows, {}, [](const StatementRow &row) { return row.time.day; });
    } else {
        const auto column = static_cast<std::size_t>(m_preview.columns.at(Field::Day));
        std::vector<StatementRow> ordered;
        for (StatementRow &row : m_rows) {
            if (ordered.empty() || row.time.day >= ordered.back().time.day)
                ordered.push_back(std::move(row));
            else
                refuseRow({row.line,
                           column + 1,
                           {Code::VALIDATION_ERROR, m_preview.columns.titles[column],
                            isoDate(row.time.day),
                            isoDate(ordered.back().time.day) + " or later, as line "
                                + std::to_string(ordered.back().line) + " has it"}});
        }
        m_rows = std::move(ordered);
    }
    // within a day the times decide where all rows have one
    const auto timed = [](const StatementRow &row) { return row.time.timeOfDay.has_value(); };
    if (std::ranges::all_of(m_rows, timed))
        std::ranges::stable_sort(m_rows, {}, [](const StatementRow &row) {
            return std::pair(row.time.day, *row.time.timeOfDay);
        });
    std::ranges::stable_sort(m_preview.refused, {}, &StatementFault::line);
}

void StatementReader::divide(std::span<const Instrument> instruments, const KnownKeys &known)
{
    numberRows(m_rows, instruments);
    for (StatementRow &row : m_rows)
        (known(row.key) ? m_preview.duplicates : m_preview.added).push_back(std::move(row));
}

} // namespace

Result<StatementPreview> previewStatement(std::string_view bytes, const std::string &fileName,
                                          StatementKind kind, const StatementFormat &format,
                                          std::span<const Instrument> instruments,
                                          const KnownKeys &known)
{
    return StatementReader(fileName, kind, format).read(bytes, instruments, known);
}

PortfolioEvent portfolioEvent(const StatementRow &row, std::uint16_t currency)
{
    if (const auto *trade = std::get_if<StatementTrade>(&row.body))
        return {row.time.day,
                PortfolioTrade{trade->instrument, currency, trade->side, trade->quantity,
                               trade->price, trade->value, trade->fee, trade->tax}};
    const auto &cash = std::get<StatementCash>(row.body);
    return {row.time.day, PortfolioCash{cash.kind, currency, cash.amount, cash.instrument}};
}

} // namespace khop
