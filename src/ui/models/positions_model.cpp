// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/positions_model.h"

#include "base/wide.h"
#include "ui/numbers.h"

#include <algorithm>

namespace khop::ui {

namespace {

/// a x b x 10^exponent / divisor, rounded half up; nothing when it does not fit.
std::optional<std::int64_t> scaled(std::int64_t a, std::int64_t b, int exponent,
                                   std::int64_t divisor)
{
    if (a < 0 || b < 0 || divisor <= 0)
        return std::nullopt;
    if (exponent < 0)
        return mulDiv(a, b, divisor * powerOfTen(-exponent), Rounding::HalfUp);
    const auto wide = mulDiv(b, powerOfTen(exponent), 1, Rounding::Down);
    return wide ? mulDiv(a, *wide, divisor, Rounding::HalfUp) : std::nullopt;
}

Quantity pending(const Position &position)
{
    return position.pendingToday + position.pendingYesterday + position.pendingBefore;
}

} // namespace

void PositionsModel::setListing(Listing listing)
{
    m_listing = std::move(listing);
    retranslate();
}

void PositionsModel::setPositions(std::vector<Position> positions)
{
    const bool sameRows = std::equal(
        positions.begin(), positions.end(), m_rows.begin(), m_rows.end(),
        [](const Position &a, const Position &b) { return a.instrument == b.instrument; });
    if (!sameRows) {
        beginResetModel();
        m_rows = std::move(positions);
        endResetModel();
        return;
    }
    m_rows = std::move(positions);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rows() - 1, ColumnCount - 1));
}

void PositionsModel::updateQuotes(const std::vector<Quote> &quotes)
{
    std::vector<int> changed;
    for (const Quote &quote : quotes) {
        const Price price = quote.last.value_or(quote.reference);
        auto [known, isNew] = m_last.try_emplace(quote.instrument, price);
        if (!isNew && known->second == price)
            continue;
        known->second = price;
        const auto row =
            std::find_if(m_rows.begin(), m_rows.end(), [&quote](const Position &position) {
                return position.instrument == quote.instrument;
            });
        if (row != m_rows.end())
            changed.push_back(static_cast<int>(row - m_rows.begin()));
    }
    announceRows(std::move(changed), MarketPrice, PnlPercent);
}

const Position *PositionsModel::positionAt(int row) const
{
    return row >= 0 && row < rows() ? &m_rows[static_cast<std::size_t>(row)] : nullptr;
}

PositionsModel::Valuation PositionsModel::valuation(const Position &position) const
{
    const Instrument &instrument = m_listing.instrument(position.instrument);
    const auto last = m_last.find(position.instrument);
    Valuation result;
    result.market = last != m_last.end() ? last->second : instrument.reference;
    const int exponent = m_listing.moneyScale(position.instrument) - instrument.priceScale
                         - instrument.quantityScale;
    if (const auto value = scaled(result.market.raw(), position.quantity.raw(), exponent, 1)) {
        result.value = Money(*value);
        result.pnl = *result.value - position.costBasis;
    }
    if (position.quantity.raw() > 0) {
        if (const auto cost =
                scaled(position.costBasis.raw(), 1, -exponent, position.quantity.raw()))
            result.cost = Price(*cost);
    }
    return result;
}

Cell PositionsModel::cell(int row, int column) const
{
    const Position &position = m_rows[static_cast<std::size_t>(row)];
    const Instrument &instrument = m_listing.instrument(position.instrument);
    const int scale = m_listing.moneyScale(position.instrument);
    const Valuation worth = valuation(position);
    Cell cell;
    const auto shares = [&cell, &instrument](Quantity quantity) {
        cell.text = quantityText(quantity, instrument);
        if (quantity.isZero())
            cell.tone = Tone::Muted;
    };
    const auto gain = [&cell, scale](Money money) {
        cell.text = moneyText(money, scale);
        if (money.raw() > 0)
            cell.text.prepend(QLatin1Char('+'));
        cell.tone = money.raw() > 0 ? Tone::Up : money.raw() < 0 ? Tone::Down : Tone::Muted;
    };
    switch (static_cast<Column>(column)) {
    case Symbol:
        cell.text = QString::fromStdString(instrument.symbol);
        cell.alignment = Qt::AlignLeft | Qt::AlignVCenter;
        cell.strong = true;
        break;
    case TotalQuantity: shares(position.quantity); break;
    case Sellable: shares(position.sellable); break;
    case Held: shares(position.held); break;
    case PendingSettlement: shares(pending(position)); break;
    case AverageCost:
        if (worth.cost)
            cell.text = priceText(*worth.cost, instrument);
        break;
    case MarketPrice: cell.text = priceText(worth.market, instrument); break;
    case MarketValue:
        if (worth.value)
            cell.text = moneyText(*worth.value, scale);
        break;
    case UnrealizedPnl:
        if (worth.pnl)
            gain(*worth.pnl);
        break;
    case PnlPercent:
        if (worth.pnl && position.costBasis.raw() > 0) {
            gain(*worth.pnl);
            cell.text = percentText(worth.pnl->raw(), position.costBasis.raw());
        }
        break;
    case RealizedPnl: gain(position.realizedPnl); break;
    case ColumnCount: break;
    }
    return cell;
}

QVariant PositionsModel::order(int row, int column) const
{
    const Position &position = m_rows[static_cast<std::size_t>(row)];
    const auto number = [](auto value) { return QVariant(static_cast<qlonglong>(value.raw())); };
    const Valuation worth = valuation(position);
    switch (static_cast<Column>(column)) {
    case TotalQuantity: return number(position.quantity);
    case Sellable: return number(position.sellable);
    case Held: return number(position.held);
    case PendingSettlement: return number(pending(position));
    case AverageCost: return worth.cost ? number(*worth.cost) : QVariant();
    case MarketPrice: return number(worth.market);
    case MarketValue: return worth.value ? number(*worth.value) : QVariant();
    case UnrealizedPnl: return worth.pnl ? number(*worth.pnl) : QVariant();
    case PnlPercent:
        return worth.pnl && position.costBasis.raw() > 0
                   ? QVariant(static_cast<double>(worth.pnl->raw())
                              / static_cast<double>(position.costBasis.raw()))
                   : QVariant();
    case RealizedPnl: return number(position.realizedPnl);
    case Symbol:
    case ColumnCount: break;
    }
    return cell(row, column).text;
}

QString PositionsModel::plain(int row, int column) const
{
    const Position &position = m_rows[static_cast<std::size_t>(row)];
    const Instrument &instrument = m_listing.instrument(position.instrument);
    const int scale = m_listing.moneyScale(position.instrument);
    const Valuation worth = valuation(position);
    switch (static_cast<Column>(column)) {
    case TotalQuantity: return plainQuantity(position.quantity, instrument);
    case Sellable: return plainQuantity(position.sellable, instrument);
    case Held: return plainQuantity(position.held, instrument);
    case PendingSettlement: return plainQuantity(pending(position), instrument);
    case AverageCost: return worth.cost ? plainPrice(*worth.cost, instrument) : QString();
    case MarketPrice: return plainPrice(worth.market, instrument);
    case MarketValue: return worth.value ? plainMoney(*worth.value, scale) : QString();
    case UnrealizedPnl: return worth.pnl ? plainMoney(*worth.pnl, scale) : QString();
    case RealizedPnl: return plainMoney(position.realizedPnl, scale);
    case Symbol:
    case PnlPercent:
    case ColumnCount: break;
    }
    return cell(row, column).text;
}

ColumnText PositionsModel::columnText(int column) const
{
    switch (static_cast<Column>(column)) {
    case Symbol: return {tr("Symbol", "short"), tr("Security")};
    case TotalQuantity: return {tr("Quantity", "short"), tr("Quantity")};
    case Sellable: return {tr("Available", "short"), tr("Available to sell")};
    case Held: return {tr("Blocked", "short"), tr("Blocked shares")};
    case PendingSettlement: return {tr("Unsettled", "short"), tr("Shares pending settlement")};
    case AverageCost: return {tr("Avg. cost", "short"), tr("Average cost")};
    case MarketPrice: return {tr("Mkt price", "short"), tr("Market price")};
    case MarketValue: return {tr("Mkt value", "short"), tr("Market value")};
    case UnrealizedPnl: return {tr("Unrealised", "short"), tr("Unrealised P&L")};
    case PnlPercent: return {tr("%"), tr("P&L %")};
    case RealizedPnl: return {tr("Realised P&L")};
    case ColumnCount: break;
    }
    return {};
}

QString PositionsModel::hint(int row, int column) const
{
    if (column != Symbol)
        return {};
    return QString::fromStdString(
        m_listing.instrument(m_rows[static_cast<std::size_t>(row)].instrument).name);
}

} // namespace khop::ui
