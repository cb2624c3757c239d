// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/statement_rows.h"

#include "base/decimal.h"
#include "base/json_tree.h"
#include "base/utf8.h"
#include "base/wide.h"
#include "statement/statement_text.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace khop {

namespace {

using Field = StatementField;

constexpr int priceDigits = 6; // of averages
constexpr std::int64_t oneDong = 1'000'000;
constexpr std::int64_t largestQuantity = 1'000'000'000'000;
constexpr std::int64_t suspectPrice = 1'000; // dong: thousands may be meant
constexpr std::size_t longestReference = 64;
constexpr std::size_t longestWords = 200;
constexpr std::size_t longestValue = 60; // in messages
/// Columns that lists of orders have and lists of executions do not.
constexpr std::array<std::string_view, 4> titlesOfOrders{"trang thai", "status", "kl dat",
                                                         "khoi luong dat"};

std::string upperCase(std::string_view text)
{
    std::string upper(text);
    for (char &c : upper)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return upper;
}

bool isWord(std::string_view folded, std::string_view word)
{
    return (' ' + std::string(folded) + ' ').contains(' ' + std::string(word) + ' ');
}

/// Whether a price in dong looks like one in thousands: a thousandth of what the share costs now.
bool looksLikeThousands(std::int64_t price, const Instrument &instrument)
{
    const std::int64_t reference = instrument.reference.raw() * oneDong;
    const Int128 thousands = static_cast<Int128>(price) * 1'000;
    return price < suspectPrice * oneDong && thousands > reference / 20
           && thousands < static_cast<Int128>(reference) * 20;
}

} // namespace

StatementRowReader::StatementRowReader(const StatementColumns &columns,
                                       const StatementReading &reading,
                                       std::span<const Instrument> instruments)
    : m_columns(columns)
    , m_reading(reading)
{
    for (const Instrument &instrument : instruments)
        m_instruments.push_back(&instrument);
    std::ranges::sort(m_instruments, {}, &Instrument::symbol);
    m_listsOrders = reading.kind == StatementKind::Trades
                    && std::ranges::any_of(columns.titles, [](const std::string &title) {
                           const std::string folded = foldedWords(title);
                           return std::ranges::find(titlesOfOrders, folded) != titlesOfOrders.end();
                       });
}

StatementRowReader::Cell StatementRowReader::cell(const StatementCells &row, Field field) const
{
    const int at = m_columns.at(field);
    if (at < 0)
        return {{}, 0, name(field)};
    const auto index = static_cast<std::size_t>(at);
    return {index < row.cells.size() ? trimmedCell(row.cells[index]) : std::string_view(),
            index + 1, m_columns.titles[index]};
}

std::unexpected<StatementFault> StatementRowReader::fault(const StatementCells &row, Field field,
                                                          Code code, std::string bound) const
{
    const Cell at = cell(row, field);
    return std::unexpected(StatementFault{
        row.line,
        at.column,
        {code, std::string(at.title), shortened(at.text, longestValue), std::move(bound)}});
}

StatementRowReader::Read<std::int64_t> StatementRowReader::number(const StatementCells &row,
                                                                  Field field, int scale,
                                                                  bool required) const
{
    const std::string_view text = cell(row, field).text;
    if (text.empty() || text == "-") {
        if (required)
            return fault(row, field, Code::REQUIRED, "a number");
        return 0;
    }
    const auto plain = plainNumber(text, m_reading.numberMarks);
    if (!plain)
        return fault(row, field, Code::VALIDATION_ERROR,
                     m_reading.numberMarks == NumberMarks::PointGroups
                         ? "a number like 1.234.567,5"
                         : "a number like 1,234,567.5");
    const auto value = parseDecimal(*plain, scale);
    if (!value)
        return fault(row, field, Code::VALIDATION_ERROR,
                     "at most " + std::to_string(scale) + " decimals, and "
                         + formatDecimal(std::numeric_limits<std::int64_t>::max(), scale));
    return *value;
}

StatementRowReader::Read<Money> StatementRowReader::cost(const StatementCells &row,
                                                         Field field) const
{
    const auto value = number(row, field, 0, false);
    if (!value)
        return std::unexpected(value.error());
    if (*value == std::numeric_limits<std::int64_t>::min())
        return fault(row, field, Code::VALIDATION_ERROR, "a sum of money");
    // some statements write what goes out with a minus
    return Money(*value < 0 ? -*value : *value);
}

StatementRowReader::Read<WrittenTime> StatementRowReader::when(const StatementCells &row) const
{
    const Cell day = cell(row, Field::Day);
    auto time = writtenTime(day.text, m_reading.dateOrder);
    if (!time)
        return fault(row, Field::Day, day.text.empty() ? Code::REQUIRED : Code::VALIDATION_ERROR,
                     m_reading.dateOrder == DateOrder::DayFirst
                         ? "dd/mm/yyyy or yyyy-mm-dd, with a time of day if there is one"
                         : "mm/dd/yyyy or yyyy-mm-dd, with a time of day if there is one");
    const std::string_view clock = cell(row, Field::Clock).text;
    if (clock.empty() || time->timeOfDay)
        return *time;
    const auto both =
        writtenTime(isoDate(time->day) + ' ' + std::string(clock), DateOrder::DayFirst);
    if (!both)
        return fault(row, Field::Clock, Code::VALIDATION_ERROR, "hh:mm or hh:mm:ss");
    return *both;
}

StatementRowReader::Read<const Instrument *> StatementRowReader::instrument(
    const StatementCells &row) const
{
    const Cell at = cell(row, Field::Symbol);
    if (at.text.empty())
        return fault(row, Field::Symbol, Code::REQUIRED, "FPT, VNM, …");
    const std::string symbol = upperCase(at.text);
    const auto found = std::ranges::lower_bound(m_instruments, symbol, {}, &Instrument::symbol);
    if (found == m_instruments.end() || (*found)->symbol != symbol)
        return fault(row, Field::Symbol, Code::INSTRUMENT_UNKNOWN, {});
    if ((*found)->currency != "VND" || (*found)->quantityScale != 0 || (*found)->priceScale != 0)
        return fault(row, Field::Symbol, Code::VALIDATION_ERROR, "a security in whole dong");
    return *found;
}

StatementRowReader::Read<Side> StatementRowReader::side(const StatementCells &row) const
{
    const std::string words = foldedWords(cell(row, Field::Side).text);
    const bool buys = isWord(words, "mua") || isWord(words, "buy");
    const bool sells = isWord(words, "ban") || isWord(words, "sell");
    if (buys == sells) // a single B is Bán to some and Buy to others
        return fault(row, Field::Side, words.empty() ? Code::REQUIRED : Code::VALIDATION_ERROR,
                     "Mua | Bán | Buy | Sell");
    return buys ? Side::Buy : Side::Sell;
}

/// In millionths of a dong.
StatementRowReader::Read<std::int64_t> StatementRowReader::price(const StatementCells &row,
                                                                 const Instrument &instrument) const
{
    // thousands with nine digits are dong with six: both are read in the same unit
    const int unitDigits = m_reading.priceUnit == StatementUnit::ThousandVnd ? 3 : 0;
    const auto price = number(row, Field::UnitPrice, priceDigits + unitDigits, true);
    if (!price)
        return price;
    if (*price <= 0 || *price > highestPrice.raw() * oneDong)
        return fault(row, Field::UnitPrice, Code::INVALID_PRICE,
                     "above 0 and at most " + formatDecimal(highestPrice.raw(), unitDigits, true));
    if (m_reading.priceUnit == StatementUnit::Vnd && looksLikeThousands(*price, instrument))
        return fault(row, Field::UnitPrice, Code::INVALID_PRICE,
                     "in dong; if thousand dong are meant, say so (kVND)");
    return price;
}

/// Sets price and value, which must agree when both are given: to half a dong a share, since averages are
/// rounded.
StatementRowReader::Read<void> StatementRowReader::priced(const StatementCells &row,
                                                          const Instrument &instrument,
                                                          StatementTrade &trade) const
{
    const auto price = this->price(row, instrument);
    if (!price)
        return std::unexpected(price.error());
    const auto value = cost(row, Field::Value);
    if (!value)
        return std::unexpected(value.error());
    const Int128 exact = static_cast<Int128>(*price) * trade.quantity.raw();
    if (exact / oneDong > std::numeric_limits<std::int64_t>::max())
        return fault(row, Field::Shares, Code::VALIDATION_ERROR,
                     "worth at most " + std::to_string(std::numeric_limits<std::int64_t>::max()));
    const auto whole = static_cast<std::int64_t>(exact / oneDong);
    if (value->isZero() && *price % oneDong != 0)
        return fault(row, Field::UnitPrice, Code::INVALID_PRICE,
                     "whole dong, or the value of the trade beside it");
    const Int128 off = static_cast<Int128>(value->raw()) * oneDong - exact;
    const Int128 allowed = static_cast<Int128>(trade.quantity.raw()) * (oneDong / 2);
    if (!value->isZero() && (off > allowed || -off > allowed))
        return fault(row, Field::Value, Code::VALIDATION_ERROR,
                     "quantity times price, " + std::to_string(whole));
    trade.price = Price((*price + oneDong / 2) / oneDong);
    trade.value = value->isZero() ? Money(whole) : *value;
    return {};
}

StatementRowReader::Read<StatementTrade> StatementRowReader::trade(const StatementCells &row) const
{
    StatementTrade trade;
    const auto listed = instrument(row);
    if (!listed)
        return std::unexpected(listed.error());
    trade.instrument = (*listed)->index;
    const auto way = side(row);
    if (!way)
        return std::unexpected(way.error());
    trade.side = *way;
    const auto quantity = number(row, Field::Shares, 0, true);
    if (!quantity)
        return std::unexpected(quantity.error());
    if (*quantity <= 0)
        return fault(row, Field::Shares, Code::INVALID_QUANTITY, "1");
    if (*quantity > largestQuantity)
        return fault(row, Field::Shares, Code::VALIDATION_ERROR,
                     "at most " + std::to_string(largestQuantity));
    trade.quantity = Quantity(*quantity);
    if (const auto done = priced(row, **listed, trade); !done)
        return std::unexpected(done.error());
    const auto fee = cost(row, Field::Fee);
    const auto tax = cost(row, Field::Tax);
    if (!fee || !tax)
        return std::unexpected(fee ? tax.error() : fee.error());
    for (const auto &[field, amount] : {std::pair{Field::Fee, *fee}, {Field::Tax, *tax}}) {
        if (amount > trade.value)
            return fault(row, field, Code::VALIDATION_ERROR,
                         "at most the value, " + std::to_string(trade.value.raw()));
    }
    trade.fee = *fee;
    trade.tax = *tax;
    return trade;
}

StatementRowReader::Read<Money> StatementRowReader::amount(const StatementCells &row) const
{
    const bool single = m_columns.has(Field::Amount);
    const auto in = number(row, single ? Field::Amount : Field::CashIn, 0, single);
    const auto out = single ? Read<std::int64_t>(0) : number(row, Field::CashOut, 0, false);
    if (!in || !out)
        return std::unexpected(in ? out.error() : in.error());
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    if (*in == least || *out == least || (*in == 0) == (*out == 0))
        return fault(row, single ? Field::Amount : Field::CashIn, Code::VALIDATION_ERROR,
                     single ? "other than 0" : "one amount that comes or goes");
    return *out == 0 ? Money(single ? *in : std::abs(*in)) : Money(-std::abs(*out));
}

const Instrument *StatementRowReader::namedIn(std::string_view words) const
{
    const Instrument *named = nullptr;
    while (!words.empty()) {
        const std::size_t start = words.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
        if (start == std::string_view::npos)
            break;
        words.remove_prefix(start);
        const std::size_t end =
            std::min(words.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"), words.size());
        const std::string symbol(words.substr(0, end));
        const auto found = std::ranges::lower_bound(m_instruments, symbol, {}, &Instrument::symbol);
        if (found != m_instruments.end() && (*found)->symbol == symbol) {
            if (named && named != *found)
                return nullptr; // two: which is meant is open
            named = *found;
        }
        words.remove_prefix(end);
    }
    return named;
}

StatementRowReader::Read<StatementCash> StatementRowReader::cash(const StatementCells &row,
                                                                 CashMeaning meaning,
                                                                 Money amount) const
{
    using Kind = PortfolioCash::Kind;
    StatementCash cash;
    cash.amount = amount;
    switch (meaning) {
    case CashMeaning::Deposit: cash.kind = Kind::Deposit; break;
    case CashMeaning::Withdraw: cash.kind = Kind::Withdraw; break;
    case CashMeaning::Dividend: cash.kind = Kind::Dividend; break;
    case CashMeaning::Interest: cash.kind = Kind::Interest; break;
    case CashMeaning::Tax: cash.kind = Kind::Tax; break;
    case CashMeaning::Charge:
    case CashMeaning::OfTrade: cash.kind = Kind::Charge; break;
    }
    if (cash.kind != Kind::Dividend && cash.kind != Kind::Tax)
        return cash;
    if (!cell(row, Field::Symbol).text.empty()) {
        const auto listed = instrument(row);
        if (!listed)
            return std::unexpected(listed.error());
        cash.instrument = (*listed)->index;
    } else if (const Instrument *const named = namedIn(cell(row, Field::Words).text)) {
        cash.instrument = named->index;
    } else {
        return fault(row, Field::Words, Code::VALIDATION_ERROR, "one that names its symbol");
    }
    return cash;
}

/// Headings that come again, sums, remarks and orders without an execution.
std::optional<SkippedRow> StatementRowReader::skipped(const StatementCells &row) const
{
    std::size_t filled = 0;
    std::string first;
    for (const std::string &text : row.cells) {
        const std::string_view trimmed = trimmedCell(text);
        if (!trimmed.empty() && ++filled == 1)
            first = foldedWords(trimmed);
    }
    const bool isSum = first == "tong" || first.starts_with("tong ") || first.starts_with("cong ")
                       || first.starts_with("total") || first.starts_with("so du dau")
                       || first.starts_with("so du cuoi");
    if (filled <= 1 || isSum)
        return SkippedRow{row.line, SkippedRow::Why::Note};
    if (cell(row, Field::Day).text == cell(row, Field::Day).title) // the titles of the next page
        return SkippedRow{row.line, SkippedRow::Why::Note};
    if (m_listsOrders && number(row, Field::Shares, 0, false).value_or(1) == 0)
        return SkippedRow{row.line, SkippedRow::Why::NotExecuted};
    return std::nullopt;
}

std::variant<StatementRow, StatementFault, SkippedRow> StatementRowReader::read(
    const StatementCells &row) const
{
    if (const auto skip = skipped(row))
        return *skip;
    const auto extra = std::find_if(
        row.cells.begin()
            + static_cast<std::ptrdiff_t>(std::min(row.cells.size(), m_columns.titles.size())),
        row.cells.end(), [](const std::string &text) { return !text.empty(); });
    if (extra != row.cells.end())
        return StatementFault{row.line,
                              static_cast<std::size_t>(extra - row.cells.begin()) + 1,
                              {Code::FILE_INVALID, "line " + std::to_string(row.line),
                               std::to_string(row.cells.size()) + " cells",
                               std::to_string(m_columns.titles.size()) + " cells"}};
    const auto time = when(row);
    if (!time)
        return time.error();
    StatementRow result;
    result.line = row.line;
    result.time = *time;
    result.reference = shortened(cell(row, Field::Reference).text, longestReference);
    if (m_reading.kind == StatementKind::Trades) {
        const auto read = trade(row);
        if (!read)
            return read.error();
        result.body = *read;
        return result;
    }
    const auto money = amount(row);
    if (!money)
        return money.error();
    const std::string_view words = cell(row, Field::Words).text;
    result.words = shortened(words, longestWords);
    const auto meaning = cashMeaning(foldedWords(words), *money > Money{});
    if (!meaning)
        return fault(row, Field::Words, Code::VALIDATION_ERROR, std::string(knownCashWords()))
            .error();
    if (*meaning == CashMeaning::OfTrade)
        return SkippedRow{row.line, SkippedRow::Why::OfTrade};
    const auto read = cash(row, *meaning, *money);
    if (!read)
        return read.error();
    result.body = *read;
    return result;
}

namespace {

std::string keyOf(const StatementRow &row, std::span<const Instrument> instruments)
{
    const auto symbol = [&](InstrumentIndex index) {
        return index < instruments.size() ? instruments[index].symbol : std::string();
    };
    std::string key = isoDate(row.time.day);
    if (const auto *trade = std::get_if<StatementTrade>(&row.body)) {
        key += trade->side == Side::Buy ? " B " : " S ";
        key += symbol(trade->instrument) + ' ' + std::to_string(trade->quantity.raw()) + ' '
               + std::to_string(trade->value.raw());
    } else {
        const auto &cash = std::get<StatementCash>(row.body);
        key += " C" + std::to_string(static_cast<int>(cash.kind)) + ' ' + symbol(cash.instrument)
               + ' ' + std::to_string(cash.amount.raw());
    }
    return key;
}

} // namespace

void numberRows(std::vector<StatementRow> &rows, std::span<const Instrument> instruments)
{
    std::map<std::string, int> counts;
    for (StatementRow &row : rows) {
        const std::string key = keyOf(row, instruments);
        row.key = key + " #" + std::to_string(++counts[key]);
    }
}

} // namespace khop
