// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/board_model.h"

#include "ui/numbers.h"
#include "ui/words.h"

#include <algorithm>
#include <utility>

namespace khop::ui {

using namespace Qt::StringLiterals;

namespace {

/// Level (0 = best) and side of a depth column.
struct DepthColumn {
    bool bid = false;
    bool price = false;
    std::size_t level = 0;
};

std::optional<DepthColumn> depthColumn(int column)
{
    if (column >= BoardModel::BidPrice3 && column <= BoardModel::BidQuantity1) {
        const int offset = column - BoardModel::BidPrice3;
        return DepthColumn{true, offset % 2 == 0, static_cast<std::size_t>(2 - offset / 2)};
    }
    if (column >= BoardModel::AskPrice1 && column <= BoardModel::AskQuantity3) {
        const int offset = column - BoardModel::AskPrice1;
        return DepthColumn{false, offset % 2 == 0, static_cast<std::size_t>(offset / 2)};
    }
    return std::nullopt;
}

bool isPriceColumn(int column)
{
    const std::optional<DepthColumn> depth = depthColumn(column);
    if (depth)
        return depth->price;
    return column == BoardModel::Ceiling || column == BoardModel::Floor
           || column == BoardModel::Reference || column == BoardModel::LastPrice
           || column == BoardModel::High || column == BoardModel::Low;
}

/// During an auction the board shows the price the auction would have now.
std::optional<Price> shownLast(const Quote &quote)
{
    return isAuction(quote.phase) && quote.indicativePrice ? quote.indicativePrice : quote.last;
}

int direction(Price price, const Quote &quote)
{
    return price > quote.reference ? 1 : price < quote.reference ? -1 : 0;
}

} // namespace

Tone priceTone(Price price, const Quote &quote, bool banded)
{
    if (price == quote.reference)
        return Tone::Reference;
    if (banded && price >= quote.ceiling)
        return Tone::Ceiling;
    if (banded && price <= quote.floor)
        return Tone::Floor;
    return price > quote.reference ? Tone::Up : Tone::Down;
}

void BoardModel::setInstruments(std::vector<Instrument> instruments)
{
    beginResetModel();
    std::vector<Row> rows;
    rows.reserve(instruments.size());
    for (Instrument &instrument : instruments) {
        Row row;
        row.quote.instrument = instrument.index;
        row.quote.reference = instrument.reference;
        row.quote.ceiling = instrument.ceiling;
        row.quote.floor = instrument.floor;
        row.instrument = std::move(instrument);
        rows.push_back(std::move(row));
    }
    m_rows = std::move(rows);
    endResetModel();
}

void BoardModel::updateQuotes(const std::vector<Quote> &quotes)
{
    std::vector<int> changedRows;
    int first = ColumnCount;
    int last = 0;
    std::vector<std::pair<int, int>> changedCells;
    for (const Quote &quote : quotes) {
        const int row = rowOf(quote.instrument);
        if (row < 0)
            continue;
        Row &known = m_rows[static_cast<std::size_t>(row)];
        Row next{known.instrument, quote};
        bool changed = known.quote.phase != quote.phase;
        if (changed) {
            first = 0;
            last = ColumnCount - 1;
        }
        for (int column = Ceiling; column < ColumnCount; ++column) {
            const std::optional<std::int64_t> before = number(known, column);
            const std::optional<std::int64_t> after = number(next, column);
            if (before == after)
                continue;
            changed = true;
            // The whole match block takes the colour of the last price.
            first = std::min(first, column == LastPrice ? int(Symbol) : column);
            last = std::max(last, column == LastPrice ? int(ChangePercent) : column);
            if (before && after)
                changedCells.emplace_back(row, column);
        }
        known = std::move(next);
        if (changed)
            changedRows.push_back(row);
    }
    announceRows(std::move(changedRows), std::min(first, last), last);
    for (const auto &[row, column] : changedCells)
        Q_EMIT cellChanged(row, column);
}

const Instrument *BoardModel::instrumentAt(int row) const
{
    return row >= 0 && row < rows() ? &m_rows[static_cast<std::size_t>(row)].instrument : nullptr;
}

const Quote *BoardModel::quoteAt(int row) const
{
    return row >= 0 && row < rows() ? &m_rows[static_cast<std::size_t>(row)].quote : nullptr;
}

std::optional<Price> BoardModel::priceAt(int row, int column) const
{
    if (row < 0 || row >= rows() || !isPriceColumn(column))
        return std::nullopt;
    const std::optional<std::int64_t> value = number(m_rows[static_cast<std::size_t>(row)], column);
    return value ? std::optional(Price(*value)) : std::nullopt;
}

int BoardModel::rowOf(InstrumentIndex instrument) const
{
    return instrument < m_rows.size() ? static_cast<int>(instrument) : -1;
}

QString BoardModel::groupOf(int column)
{
    if (column >= BidPrice3 && column <= BidQuantity1)
        return tr("Bid side");
    if (column >= LastPrice && column <= ChangePercent)
        return tr("Matched");
    if (column >= AskPrice1 && column <= AskQuantity3)
        return tr("Ask side");
    return {};
}

std::pair<int, int> BoardModel::groupRange(int column)
{
    if (column >= BidPrice3 && column <= BidQuantity1)
        return {BidPrice3, BidQuantity1};
    if (column >= LastPrice && column <= ChangePercent)
        return {LastPrice, ChangePercent};
    if (column >= AskPrice1 && column <= AskQuantity3)
        return {AskPrice1, AskQuantity3};
    return {column, column};
}

std::optional<std::int64_t> BoardModel::number(const Row &row, int column)
{
    const Quote &quote = row.quote;
    if (const std::optional<DepthColumn> depth = depthColumn(column)) {
        const std::vector<BookLevel> &side = depth->bid ? quote.bids : quote.asks;
        if (depth->level >= side.size())
            return std::nullopt;
        const BookLevel &level = side[depth->level];
        return depth->price ? level.price.raw() : level.quantity.raw();
    }
    const std::optional<Price> last = shownLast(quote);
    switch (static_cast<Column>(column)) {
    case Ceiling: return row.instrument.banded ? std::optional(quote.ceiling.raw()) : std::nullopt;
    case Floor: return row.instrument.banded ? std::optional(quote.floor.raw()) : std::nullopt;
    case Reference: return quote.reference.raw();
    case LastPrice: return last ? std::optional(last->raw()) : std::nullopt;
    case LastQuantity: {
        const Quantity quantity = isAuction(quote.phase) && quote.indicativePrice
                                      ? quote.indicativeVolume
                                      : quote.lastQuantity;
        return last && quantity.raw() > 0 ? std::optional(quantity.raw()) : std::nullopt;
    }
    case Change:
    case ChangePercent: return last ? std::optional((*last - quote.reference).raw()) : std::nullopt;
    case TotalVolume:
        return quote.volume.raw() > 0 ? std::optional(quote.volume.raw()) : std::nullopt;
    case High: return quote.high ? std::optional(quote.high->raw()) : std::nullopt;
    case Low: return quote.low ? std::optional(quote.low->raw()) : std::nullopt;
    case Symbol:
    case BidPrice3:
    case BidQuantity3:
    case BidPrice2:
    case BidQuantity2:
    case BidPrice1:
    case BidQuantity1:
    case AskPrice1:
    case AskQuantity1:
    case AskPrice2:
    case AskQuantity2:
    case AskPrice3:
    case AskQuantity3:
    case ColumnCount: break;
    }
    return std::nullopt;
}

Cell BoardModel::cell(int rowNumber, int column) const
{
    const Row &row = m_rows[static_cast<std::size_t>(rowNumber)];
    const Instrument &instrument = row.instrument;
    const Quote &quote = row.quote;
    const std::optional<Price> last = shownLast(quote);
    Cell cell;
    if (column == Symbol) {
        cell.text = QString::fromStdString(instrument.symbol);
        cell.alignment = Qt::AlignLeft | Qt::AlignVCenter;
        cell.strong = true;
        cell.tone = last ? priceTone(*last, quote, instrument.banded) : Tone::Reference;
        return cell;
    }
    const std::optional<std::int64_t> value = number(row, column);
    if (!value)
        return cell;
    if (isPriceColumn(column)) {
        const Price price(*value);
        cell.text = priceText(price, instrument);
        cell.tone = priceTone(price, quote, instrument.banded);
        cell.strong = column == LastPrice;
        if (column == LastPrice)
            cell.direction = direction(price, quote);
        return cell;
    }
    if (column == Change || column == ChangePercent) {
        cell.tone = priceTone(*last, quote, instrument.banded);
        cell.text = column == Change ? changeText(quote.reference, *last, instrument)
                                     : percentText(*value, quote.reference.raw());
        return cell;
    }
    cell.text = quantityText(Quantity(*value), instrument);
    if (const std::optional<DepthColumn> depth = depthColumn(column)) {
        const std::vector<BookLevel> &side = depth->bid ? quote.bids : quote.asks;
        cell.tone = priceTone(side[depth->level].price, quote, instrument.banded);
    } else if (column == LastQuantity) {
        cell.tone = priceTone(*last, quote, instrument.banded);
    }
    return cell;
}

QVariant BoardModel::order(int row, int column) const
{
    const Row &known = m_rows[static_cast<std::size_t>(row)];
    if (column == Symbol)
        return QString::fromStdString(known.instrument.symbol);
    const std::optional<std::int64_t> value = number(known, column);
    if (column == ChangePercent && value && !known.quote.reference.isZero())
        return static_cast<double>(*value) / static_cast<double>(known.quote.reference.raw());
    return value ? QVariant(static_cast<qlonglong>(*value)) : QVariant();
}

QString BoardModel::plain(int row, int column) const
{
    const Row &known = m_rows[static_cast<std::size_t>(row)];
    const std::optional<std::int64_t> value = number(known, column);
    if (column == Symbol || column == ChangePercent || !value)
        return cell(row, column).text;
    return isPriceColumn(column) || column == Change
               ? plainPrice(Price(*value), known.instrument)
               : plainQuantity(Quantity(*value), known.instrument);
}

ColumnText BoardModel::columnText(int column) const
{
    switch (static_cast<Column>(column)) {
    case Symbol: return {tr("Symbol", "short"), tr("Security")};
    case Ceiling: return {tr("Ceiling", "short"), tr("Ceiling price")};
    case Floor: return {tr("Floor", "short"), tr("Floor price")};
    case Reference: return {tr("Ref.", "short"), tr("Reference price")};
    case BidPrice3: return {tr("Price 3"), tr("Best bid price 3")};
    case BidQuantity3: return {tr("Vol. 3"), tr("Best bid volume 3")};
    case BidPrice2: return {tr("Price 2"), tr("Best bid price 2")};
    case BidQuantity2: return {tr("Vol. 2"), tr("Best bid volume 2")};
    case BidPrice1: return {tr("Price 1"), tr("Best bid price 1")};
    case BidQuantity1: return {tr("Vol. 1"), tr("Best bid volume 1")};
    case LastPrice: return {tr("Price"), tr("Last price")};
    case LastQuantity: return {tr("Vol."), tr("Matched volume")};
    case Change: return {tr("+/-"), tr("Change")};
    case ChangePercent: return {tr("%"), tr("Change %")};
    case AskPrice1: return {tr("Price 1"), tr("Best ask price 1")};
    case AskQuantity1: return {tr("Vol. 1"), tr("Best ask volume 1")};
    case AskPrice2: return {tr("Price 2"), tr("Best ask price 2")};
    case AskQuantity2: return {tr("Vol. 2"), tr("Best ask volume 2")};
    case AskPrice3: return {tr("Price 3"), tr("Best ask price 3")};
    case AskQuantity3: return {tr("Vol. 3"), tr("Best ask volume 3")};
    case TotalVolume: return {tr("Total vol.", "short"), tr("Total volume")};
    case High: return {tr("High", "short"), tr("High")};
    case Low: return {tr("Low", "short"), tr("Low")};
    case ColumnCount: break;
    }
    return {};
}

QString BoardModel::hint(int row, int column) const
{
    const Row &known = m_rows[static_cast<std::size_t>(row)];
    if (column == Symbol) {
        return u"%1 · %2 · %3"_s.arg(QString::fromStdString(known.instrument.name),
                                     exchangeText(known.instrument.exchange),
                                     phaseText(known.quote.phase));
    }
    const std::optional<Price> price = priceAt(row, column);
    if (!price)
        return {};
    return u"%1 %2"_s.arg(currencyPriceText(*price, known.instrument),
                          QString::fromStdString(known.instrument.currency));
}

} // namespace khop::ui
