// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the list of instruments from CSV (RFC 4180, one record per line, UTF-8). Sizes are bounded,
// every cell is checked, and what the file says of ceilings and floors must agree with the rules.
#include "market/rules.h"

#include "base/csv_line.h"
#include "base/decimal.h"
#include "base/json_fields.h"
#include "base/json_tree.h"
#include "base/utf8.h"
#include "base/wide.h"

#include <algorithm>
#include <array>
#include <map>

namespace khop {

namespace {

constexpr std::size_t largestFile = 32 << 20;
constexpr std::size_t longestLine = 4096;
constexpr std::size_t mostInstruments = 20'000;
constexpr std::size_t longestSymbol = 32;
constexpr std::size_t longestText = 256;
constexpr std::size_t mostTickSteps = 16;
constexpr int finestScale = 8;
constexpr int ppmScale = 6;
constexpr std::int64_t largestQuantity = 1'000'000'000'000'000;
constexpr std::int64_t dearestLot = 1'000'000'000'000'000; // in its currency's smallest unit

enum class Column {
    Symbol,
    ExchangeName,
    Name,
    Ref,
    Ceil,
    Floor,
    TickAtRef,
    Mark,
    Kind,
    Underlying,
    Ratio,
    CurrencyCode,
    PriceScale,
    QuantityScale,
    Ticks,
    OwnBand,
    Lot,
    MaxQuantity,
    FirstDay,
    Last,
    HasMatchPrice,
    ForeignRoom,
    Restricted,
    Halted,
    Sector,
    Active,
    Moves
};
constexpr int columnCount = 27;
constexpr std::array<std::string_view, columnCount> columnNames{"symbol",
                                                                "exchange",
                                                                "name",
                                                                "ref",
                                                                "ceil",
                                                                "floor",
                                                                "tick_at_ref",
                                                                "mark",
                                                                "kind",
                                                                "underlying",
                                                                "ratio",
                                                                "currency",
                                                                "price_scale",
                                                                "quantity_scale",
                                                                "tick_table",
                                                                "band",
                                                                "lot",
                                                                "max_quantity",
                                                                "first_day",
                                                                "last",
                                                                "has_match_price",
                                                                "foreign_room",
                                                                "restricted",
                                                                "halted",
                                                                "sector",
                                                                "active",
                                                                "moves"};
constexpr std::array requiredColumns{Column::Symbol, Column::ExchangeName, Column::Name,
                                     Column::Ref};

std::string_view columnName(Column column) { return columnNames[static_cast<std::size_t>(column)]; }

/// Reads the rows; after the first complaint nothing more is read.
class InstrumentsReader
{
public:
    explicit InstrumentsReader(const MarketRules &rules) : m_rules(rules) {}

    Result<std::vector<Instrument>> read(std::string_view csv);

private:
    bool complain(std::string place, std::string value, std::string bound)
    {
        if (!m_error)
            m_error = Error{Code::CONFIGURATION_ERROR, std::move(place), shortened(value, 60),
                            std::move(bound)};
        return false;
    }
    bool complain(Column column, std::string bound)
    {
        return complain(placeOf(m_line, column), cell(column), std::move(bound));
    }
    bool complainLine(std::string value, std::string bound)
    {
        return complain("line " + std::to_string(m_line), std::move(value), std::move(bound));
    }
    static std::string placeOf(std::size_t line, Column column)
    {
        return "line " + std::to_string(line) + ", column " + std::string(columnName(column));
    }

    bool readHeader(const std::vector<std::string> &names);
    bool readRow();
    bool readIdentity(Instrument &instrument);
    bool readScales(Instrument &instrument);
    bool readOwnTerms(Instrument &instrument);
    bool readState(Instrument &instrument);
    bool readWarrant(Instrument &instrument);
    bool readMoves(Instrument &instrument);
    std::optional<TickTable> tickTable(int scale);
    bool checkPrices();
    bool checkPrice(const Instrument &instrument, Column column, Price computed);

    /// The cell of the current row; empty where the column is absent.
    const std::string &cell(Column column) const
    {
        static const std::string none;
        const int at = m_positions[static_cast<std::size_t>(column)];
        return at < 0 ? none : m_cells[static_cast<std::size_t>(at)];
    }
    bool text(Column column, std::string &out, std::size_t longest);
    bool flag(Column column, bool &out);
    bool number(Column column, int scale, std::int64_t least, std::int64_t most, std::int64_t &out);

    const MarketRules &m_rules;
    std::array<int, columnCount> m_positions{};
    std::vector<std::string> m_cells;
    std::size_t m_line = 0;
    std::vector<Instrument> m_instruments;
    std::vector<std::pair<std::size_t, std::vector<std::string>>>
        m_rows; // line and cells of each instrument
    std::map<std::string, std::size_t, std::less<>> m_lineOfSymbol;
    std::optional<Error> m_error;
};

bool InstrumentsReader::readHeader(const std::vector<std::string> &names)
{
    m_positions.fill(-1);
    std::string known;
    for (const std::string_view name : columnNames)
        known += (known.empty() ? "" : " | ") + std::string(name);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto it = std::ranges::find(columnNames, names[i]);
        const std::string place =
            "line " + std::to_string(m_line) + ", column " + std::to_string(i + 1);
        if (it == columnNames.end())
            return complain(place, names[i], known);
        int &position = m_positions[static_cast<std::size_t>(it - columnNames.begin())];
        if (position >= 0)
            return complain(place, names[i], names[i] + " × 1");
        position = static_cast<int>(i);
    }
    for (const Column column : requiredColumns) {
        if (m_positions[static_cast<std::size_t>(column)] < 0)
            return complainLine({}, "symbol, exchange, name, ref, …");
    }
    return true;
}

bool InstrumentsReader::text(Column column, std::string &out, std::size_t longest)
{
    const std::string &value = cell(column);
    if (value.size() > longest)
        return complain(column, "<= " + std::to_string(longest) + " bytes");
    out = value;
    return true;
}

bool InstrumentsReader::flag(Column column, bool &out)
{
    const std::string &value = cell(column);
    if (value.empty())
        return true;
    if (value != "true" && value != "false" && value != "1" && value != "0")
        return complain(column, "true | false");
    out = value == "true" || value == "1";
    return true;
}

/// Leaves `out` as it is where the cell is empty.
bool InstrumentsReader::number(Column column, int scale, std::int64_t least, std::int64_t most,
                               std::int64_t &out)
{
    const std::string &value = cell(column);
    if (value.empty())
        return true;
    const auto parsed = parseDecimal(value, scale);
    if (!parsed || *parsed < least || *parsed > most)
        return complain(column, rangeText(least, most, scale));
    out = *parsed;
    return true;
}

bool InstrumentsReader::readIdentity(Instrument &instrument)
{
    const std::string &symbol = cell(Column::Symbol);
    const auto isSymbolCharacter = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    };
    if (symbol.empty() || symbol.size() > longestSymbol
        || !std::ranges::all_of(symbol, isSymbolCharacter) || symbol[0] == '.' || symbol[0] == '-')
        return complain(Column::Symbol, "[A-Z0-9_][A-Z0-9._-]{0,31}");
    const auto [earlier, isNew] = m_lineOfSymbol.emplace(symbol, m_line);
    if (!isNew)
        return complain(Column::Symbol,
                        symbol + " × 1 (line " + std::to_string(earlier->second) + ')');
    instrument.symbol = symbol;

    const auto exchange = exchangeFromName(cell(Column::ExchangeName));
    if (!exchange)
        return complain(Column::ExchangeName, "HOSE | HNX | UPCOM | SPOT");
    instrument.exchange = *exchange;
    if (!cell(Column::Kind).empty()) {
        const auto kind = instrumentKindFromName(cell(Column::Kind));
        if (!kind)
            return complain(Column::Kind, "SHARE | ETF | FUND | CW | CRYPTO");
        instrument.kind = *kind;
    }
    if (!text(Column::Name, instrument.name, longestText)
        || !text(Column::Sector, instrument.sector, longestText)
        || !text(Column::Mark, instrument.note, longestText))
        return false;
    if (instrument.name.empty())
        instrument.name = symbol;
    return true;
}

bool InstrumentsReader::readScales(Instrument &instrument)
{
    const ExchangeRules &exchange = m_rules.of(instrument.exchange);
    instrument.currency = exchange.currency;
    // Every fee, hold and limit of an exchange is in its currency.
    if (!cell(Column::CurrencyCode).empty() && cell(Column::CurrencyCode) != exchange.currency)
        return complain(Column::CurrencyCode, exchange.currency);
    const int currencyScale = m_rules.currencyScale(exchange.currency);
    std::int64_t priceScale = currencyScale;
    std::int64_t quantityScale = 0;
    // An exchange with lots counts whole shares.
    const int finestQuantity = exchange.lot.raw() > 1 ? 0 : finestScale;
    if (!number(Column::PriceScale, 0, currencyScale, finestScale, priceScale)
        || !number(Column::QuantityScale, 0, 0, finestQuantity, quantityScale))
        return false;
    instrument.priceScale = static_cast<int>(priceScale);
    instrument.quantityScale = static_cast<int>(quantityScale);
    return true;
}

/// from:tick steps with semicolons between them, e.g. 0:10;10000:50;50000:100.
std::optional<TickTable> InstrumentsReader::tickTable(int scale)
{
    std::vector<TickTable::Step> steps;
    std::string_view rest = cell(Column::Ticks);
    while (!rest.empty() && steps.size() < mostTickSteps) {
        const std::string_view step = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(step.size() + 1, rest.size()));
        const std::size_t colon = step.find(':');
        if (colon == std::string_view::npos)
            return std::nullopt;
        const auto from = parseDecimal(step.substr(0, colon), scale);
        const auto tick = parseDecimal(step.substr(colon + 1), scale);
        if (!from || !tick || *tick <= 0 || *tick > highestPrice.raw()
            || *from > highestPrice.raw())
            return std::nullopt;
        const bool first = steps.empty();
        if (first ? *from != 0
                  : *from <= steps.back().from.raw() || *from % steps.back().tick.raw() != 0)
            return std::nullopt;
        if (*from % *tick != 0)
            return std::nullopt;
        steps.push_back({Price(*from), Price(*tick)});
    }
    if (steps.empty() || !rest.empty())
        return std::nullopt;
    return TickTable(std::move(steps));
}

bool InstrumentsReader::readOwnTerms(Instrument &instrument)
{
    Instrument::OwnTerms &own = instrument.own;
    if (!cell(Column::Ticks).empty()) {
        own.ticks = tickTable(instrument.priceScale);
        if (!own.ticks)
            return complain(Column::Ticks, "0:10;10000:50;50000:100");
    }
    std::int64_t band = 0;
    std::int64_t lot = 0;
    std::int64_t most = 0;
    if (!number(Column::OwnBand, ppmScale, 1, 999'999, band)
        || !number(Column::Lot, instrument.quantityScale, 1, largestQuantity, lot)
        || !number(Column::MaxQuantity, instrument.quantityScale, 1, largestQuantity, most))
        return false;
    if (band > 0)
        own.band = band;
    if (lot > 0)
        own.lot = Quantity(lot);
    if (most > 0)
        own.maxQuantity = Quantity(most);
    return true;
}

bool InstrumentsReader::readState(Instrument &instrument)
{
    if (!number(Column::ForeignRoom, 0, -1, largestQuantity, instrument.foreignRoom))
        return false;
    if (!flag(Column::FirstDay, instrument.firstDay)
        || !flag(Column::HasMatchPrice, instrument.hasMatchPrice)
        || !flag(Column::Restricted, instrument.restricted)
        || !flag(Column::Halted, instrument.halted) || !flag(Column::Active, instrument.active))
        return false;
    if (instrument.restricted && m_rules.of(instrument.exchange).restrictedSessions.empty())
        return complain(Column::Restricted, "false");
    return true;
}

bool InstrumentsReader::readWarrant(Instrument &instrument)
{
    const bool isWarrant = instrument.kind == InstrumentKind::CoveredWarrant;
    if (!text(Column::Underlying, instrument.underlying, longestSymbol)
        || !number(Column::Ratio, ppmScale, 1, highestPrice.raw(), instrument.ratio))
        return false;
    if (isWarrant == instrument.underlying.empty())
        return complain(Column::Underlying, isWarrant ? "FPT, VNM, …" : "CW");
    if (isWarrant == (instrument.ratio == 0))
        return complain(Column::Ratio,
                        isWarrant ? rangeText(1, highestPrice.raw(), ppmScale) : "CW");
    return true;
}

/// date:exchange with semicolons between them, ascending, e.g. 2026-12-01:HOSE.
bool InstrumentsReader::readMoves(Instrument &instrument)
{
    constexpr std::string_view bound = "2026-12-01:HOSE";
    constexpr std::size_t mostMoves = 8;
    std::string_view rest = cell(Column::Moves);
    Exchange from = instrument.exchange;
    while (!rest.empty()) {
        const std::string_view move = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(move.size() + 1, rest.size()));
        const auto on = parseIsoDate(move.substr(0, 10));
        const auto to =
            move.size() > 11 && move[10] == ':' ? exchangeFromName(move.substr(11)) : std::nullopt;
        if (!on || !to || instrument.moves.size() == mostMoves)
            return complain(Column::Moves, std::string(bound));
        const ExchangeRules &old = m_rules.of(from);
        const ExchangeRules &next = m_rules.of(*to);
        const bool fits = *to != from && next.currency == old.currency
                          && next.everyDay == old.everyDay && next.banded == old.banded;
        if (!fits || (!instrument.moves.empty() && *on <= instrument.moves.back().on))
            return complain(Column::Moves, std::string(bound));
        instrument.moves.push_back({*on, *to});
        from = *to;
    }
    return true;
}

bool InstrumentsReader::readRow()
{
    Instrument instrument;
    instrument.index = static_cast<InstrumentIndex>(m_instruments.size());
    if (!readIdentity(instrument) || !readScales(instrument) || !readOwnTerms(instrument)
        || !readState(instrument) || !readWarrant(instrument) || !readMoves(instrument))
        return false;
    std::int64_t reference = 0;
    std::int64_t last = 0;
    if (cell(Column::Ref).empty())
        return complain(Column::Ref, rangeText(1, highestPrice.raw(), instrument.priceScale));
    if (!number(Column::Ref, instrument.priceScale, 1, highestPrice.raw(), reference)
        || !number(Column::Last, instrument.priceScale, 1, highestPrice.raw(), last))
        return false;
    instrument.reference = Price(reference);
    instrument.last = Price(last);
    m_instruments.push_back(std::move(instrument));
    return true;
}

bool InstrumentsReader::checkPrice(const Instrument &instrument, Column column, Price computed)
{
    std::int64_t given = computed.raw();
    const std::string right = formatDecimal(computed.raw(), instrument.priceScale);
    if (!number(column, instrument.priceScale, 0, highestPrice.raw(), given))
        return false;
    return given == computed.raw() || complain(column, right);
}

/// The checks that need the limits of the day, which need the whole list.
bool InstrumentsReader::checkPrices()
{
    applyDayLimits(m_instruments, m_rules);
    for (std::size_t i = 0; i < m_instruments.size(); ++i) {
        const Instrument &instrument = m_instruments[i];
        m_line = m_rows[i].first;
        m_cells = std::move(m_rows[i].second);
        const auto shown = [&](Price price) {
            return formatDecimal(price.raw(), instrument.priceScale);
        };
        const TickTable &ticks = instrument.ticks;
        const Price reference = instrument.reference;
        if (!ticks.isOnTick(reference)) {
            const Price below = ticks.floorToTick(reference);
            return complain(Column::Ref, (below > Price(0) ? shown(below) + " | " : "")
                                             + shown(ticks.up(below)));
        }
        if (reference < instrument.floor || reference > instrument.ceiling)
            return complain(Column::Ref,
                            shown(instrument.floor) + " … " + shown(instrument.ceiling));
        if (!instrument.last.isZero()
            && (!ticks.isOnTick(instrument.last) || instrument.last < instrument.floor
                || instrument.last > instrument.ceiling))
            return complain(Column::Last,
                            shown(instrument.floor) + " … " + shown(instrument.ceiling));
        // a lot that is worth too much would leave no room for sums of money
        const int shift = instrument.priceScale + instrument.quantityScale
                          - m_rules.currencyScale(instrument.currency);
        const auto worth =
            mulDiv(instrument.ceiling.raw(), instrument.lot.raw(), powerOfTen(shift), Rounding::Up);
        if (!worth || *worth > dearestLot)
            return complain(
                instrument.own.lot ? Column::Lot : Column::Ref,
                shown(instrument.ceiling) + " × "
                    + formatDecimal(instrument.lot.raw(), instrument.quantityScale, true)
                    + " <= " + formatDecimal(dearestLot, 0));
        if (!instrument.maxQuantity.isZero() && instrument.maxQuantity < instrument.lot)
            return complain(Column::MaxQuantity,
                            ">= " + formatDecimal(instrument.lot.raw(), instrument.quantityScale));
        if (instrument.kind == InstrumentKind::CoveredWarrant
            && !m_lineOfSymbol.contains(instrument.underlying))
            return complain(Column::Underlying, "FPT, VNM, …");
        if (!checkPrice(instrument, Column::Ceil, instrument.ceiling)
            || !checkPrice(instrument, Column::Floor, instrument.floor)
            || !checkPrice(instrument, Column::TickAtRef, ticks.tickAt(reference)))
            return false;
    }
    return true;
}

Result<std::vector<Instrument>> InstrumentsReader::read(std::string_view csv)
{
    if (csv.size() > largestFile)
        complain("bytes", std::to_string(csv.size()),
                 rangeText(1, static_cast<std::int64_t>(largestFile), 0));
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF"; // spreadsheets write one
    if (csv.starts_with(byteOrderMark))
        csv.remove_prefix(byteOrderMark.size());

    bool headerRead = false;
    while (!csv.empty() && !m_error) {
        std::string_view line = csv.substr(0, csv.find('\n'));
        csv.remove_prefix(std::min(line.size() + 1, csv.size()));
        ++m_line;
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty())
            continue;
        if (line.size() > longestLine) {
            complainLine(std::to_string(line.size()) + " bytes",
                         "<= " + std::to_string(longestLine) + " bytes");
            break;
        }
        const bool clean = std::ranges::none_of(
            line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
        if (!clean || !isUtf8(line)) {
            complainLine({}, "UTF-8");
            break;
        }
        const auto cells = cellsOfCsvLine(line);
        if (!cells) {
            complainLine(shortened(line, 60), "\"…\",\"…\"");
            break;
        }
        if (!headerRead) {
            headerRead = readHeader(*cells);
            m_rows.clear();
            m_cells = *cells;
            continue;
        }
        const auto width = static_cast<std::size_t>(1 + *std::ranges::max_element(m_positions));
        if (cells->size() != width) {
            complain("line " + std::to_string(m_line) + ", cells", std::to_string(cells->size()),
                     std::to_string(width));
            break;
        }
        if (m_instruments.size() == mostInstruments) {
            complainLine(std::to_string(mostInstruments + 1),
                         "<= " + std::to_string(mostInstruments));
            break;
        }
        m_cells = *cells;
        if (readRow())
            m_rows.emplace_back(m_line, m_cells);
    }
    if (!m_error && m_instruments.empty())
        complain("line " + std::to_string(std::max<std::size_t>(m_line, 1) + (headerRead ? 1 : 0)),
                 {}, headerRead ? "FPT,HOSE,FPT,105500" : "symbol,exchange,name,ref,…");
    if (!m_error)
        checkPrices();
    if (m_error)
        return std::unexpected(*m_error);
    return std::move(m_instruments);
}

} // namespace

Result<std::vector<Instrument>> parseInstruments(std::string_view csv, const MarketRules &rules)
{
    return InstrumentsReader(rules).read(csv);
}

} // namespace khop
