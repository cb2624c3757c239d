// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/portfolio_model.h"

#include "base/wide.h"
#include "ui/numbers.h"

#include <algorithm>

namespace khop::ui {

namespace {

constexpr std::int64_t whole = 1'000'000; // of a ratio

} // namespace

void PortfolioModel::setListing(Listing listing)
{
    m_listing = std::move(listing);
    retranslate();
}

void PortfolioModel::setPortfolio(const PortfolioAnswer &answer)
{
    const Valuation &valuation = answer.valuation;
    std::vector<Row> after;
    for (const Valuation::Position &position : valuation.positions()) {
        const Portfolio::Holding *const holding = answer.past->portfolio.find(position.instrument);
        const auto base = valuation.market()->conversions.toBase(
            valuation.market()->listings[position.instrument].currency, position.marketValue);
        after.push_back({position, holding ? holding->figures.byAverage.afterCosts : Money{},
                         base ? ratioOf(*base, valuation.totals().marketValue) : std::nullopt});
    }
    const bool sameRows = std::ranges::equal(
        after, m_rows, {}, [](const Row &row) { return row.position.instrument; },
        [](const Row &row) { return row.position.instrument; });
    if (!sameRows) {
        beginResetModel();
        m_rows = std::move(after);
        endResetModel();
        return;
    }
    m_rows = std::move(after);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rows() - 1, ColumnCount - 1));
}

InstrumentIndex PortfolioModel::instrumentAt(int row) const
{
    return row >= 0 && row < rows() ? m_rows[static_cast<std::size_t>(row)].position.instrument
                                    : noInstrument;
}

std::optional<Price> PortfolioModel::averageCost(const Row &row) const
{
    const Valuation::Position &position = row.position;
    const Instrument &instrument = m_listing.instrument(position.instrument);
    const int shift = instrument.priceScale + instrument.quantityScale
                      - m_listing.moneyScale(position.instrument);
    if (position.quantity.isZero() || shift < 0)
        return std::nullopt;
    const auto price = mulDiv(position.averageCost.total.raw(), powerOfTen(shift),
                              position.quantity.raw(), Rounding::HalfUp);
    return price ? std::optional(Price(*price)) : std::nullopt;
}

Cell PortfolioModel::cell(int row, int column) const
{
    const Row &held = m_rows[static_cast<std::size_t>(row)];
    const Valuation::Position &position = held.position;
    const Instrument &instrument = m_listing.instrument(position.instrument);
    const int scale = m_listing.moneyScale(position.instrument);
    Cell cell;
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
    case HeldQuantity:
        cell.text = quantityText(position.quantity, instrument);
        cell.tone = position.quantity.isZero() ? Tone::Muted : Tone::Plain;
        break;
    case AverageCost:
        if (const auto cost = averageCost(held))
            cell.text = priceText(*cost, instrument);
        break;
    case MarketPrice: cell.text = priceText(position.price, instrument); break;
    case MarketValue: cell.text = moneyText(position.marketValue, scale); break;
    case Weight:
        if (held.weight) {
            cell.text =
                percentText(held.weight->raw(), whole).remove(QLatin1Char('+')) + QLatin1Char('%');
            cell.fill = static_cast<double>(held.weight->raw()) / static_cast<double>(whole);
        }
        break;
    case DailyPnl: gain(position.daily); break;
    case UnrealizedPnl: gain(position.unrealized.afterCosts); break;
    case PnlPercent:
        if (position.averageCost.total.raw() > 0) {
            gain(position.unrealized.afterCosts);
            cell.text =
                percentText(position.unrealized.afterCosts.raw(), position.averageCost.total.raw());
        }
        break;
    case RealizedPnl: gain(held.realized); break;
    case ColumnCount: break;
    }
    return cell;
}

QVariant PortfolioModel::order(int row, int column) const
{
    const Row &held = m_rows[static_cast<std::size_t>(row)];
    const Valuation::Position &position = held.position;
    const auto number = [](auto value) { return QVariant(static_cast<qlonglong>(value.raw())); };
    switch (static_cast<Column>(column)) {
    case HeldQuantity: return number(position.quantity);
    case AverageCost: {
        const auto cost = averageCost(held);
        return cost ? number(*cost) : QVariant();
    }
    case MarketPrice: return number(position.price);
    case MarketValue: return number(position.marketValue);
    case Weight: return held.weight ? number(*held.weight) : QVariant();
    case DailyPnl: return number(position.daily);
    case UnrealizedPnl: return number(position.unrealized.afterCosts);
    case PnlPercent: {
        const auto gained = ratioOf(position.unrealized.afterCosts, position.averageCost.total);
        return gained ? number(*gained) : QVariant();
    }
    case RealizedPnl: return number(held.realized);
    case Symbol:
    case ColumnCount: break;
    }
    return cell(row, column).text;
}

QString PortfolioModel::plain(int row, int column) const
{
    const Row &held = m_rows[static_cast<std::size_t>(row)];
    const Valuation::Position &position = held.position;
    const Instrument &instrument = m_listing.instrument(position.instrument);
    const int scale = m_listing.moneyScale(position.instrument);
    switch (static_cast<Column>(column)) {
    case HeldQuantity: return plainQuantity(position.quantity, instrument);
    case AverageCost: {
        const auto cost = averageCost(held);
        return cost ? plainPrice(*cost, instrument) : QString();
    }
    case MarketPrice: return plainPrice(position.price, instrument);
    case MarketValue: return plainMoney(position.marketValue, scale);
    case DailyPnl: return plainMoney(position.daily, scale);
    case UnrealizedPnl: return plainMoney(position.unrealized.afterCosts, scale);
    case RealizedPnl: return plainMoney(held.realized, scale);
    case Symbol:
    case Weight:
    case PnlPercent:
    case ColumnCount: break;
    }
    return cell(row, column).text;
}

ColumnText PortfolioModel::columnText(int column) const
{
    switch (static_cast<Column>(column)) {
    case Symbol: return {tr("Symbol", "short"), tr("Security")};
    case HeldQuantity: return {tr("Quantity", "short"), tr("Quantity")};
    case AverageCost: return {tr("Avg. cost", "short"), tr("Average cost, fees included")};
    case MarketPrice: return {tr("Mkt price", "short"), tr("Market price")};
    case MarketValue: return {tr("Mkt value", "short"), tr("Market value")};
    case Weight: return {tr("Weight", "short"), tr("Share of the market value of all holdings")};
    case DailyPnl:
        return {tr("P&L today", "short"), tr("P&L since the reference, trades of today included")};
    case UnrealizedPnl: return {tr("Unrealised", "short"), tr("Unrealised P&L")};
    case PnlPercent: return {tr("%"), tr("P&L %")};
    case RealizedPnl: return {tr("Realised P&L")};
    case ColumnCount: break;
    }
    return {};
}

QString PortfolioModel::hint(int row, int column) const
{
    if (column != Symbol)
        return {};
    return QString::fromStdString(m_listing.instrument(instrumentAt(row)).name);
}

} // namespace khop::ui
