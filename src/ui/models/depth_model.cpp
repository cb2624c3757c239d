// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/depth_model.h"

#include "ui/models/board_model.h"
#include "ui/numbers.h"

#include <algorithm>

namespace khop::ui {

void DepthModel::setInstrument(const Instrument &instrument)
{
    m_instrument = instrument;
    m_depth = {};
    m_largest = 1;
    Q_EMIT dataChanged(index(0, 0), index(levels - 1, ColumnCount - 1));
}

void DepthModel::setDepth(const BookDepth &depth)
{
    m_depth = depth;
    m_largest = 1;
    for (const std::vector<BookLevel> *side : {&m_depth.bids, &m_depth.asks}) {
        for (const BookLevel &level : *side)
            m_largest = std::max(m_largest, level.quantity.raw());
    }
    Q_EMIT dataChanged(index(0, 0), index(levels - 1, ColumnCount - 1));
}

std::optional<Price> DepthModel::priceAt(int row, int column) const
{
    const BookLevel *known = row >= 0 && row < levels ? level(row, column) : nullptr;
    return known ? std::optional(known->price) : std::nullopt;
}

const BookLevel *DepthModel::level(int row, int column) const
{
    const std::vector<BookLevel> &side = column <= BidPrice ? m_depth.bids : m_depth.asks;
    return static_cast<std::size_t>(row) < side.size() ? &side[static_cast<std::size_t>(row)]
                                                       : nullptr;
}

Cell DepthModel::cell(int row, int column) const
{
    Cell cell;
    const BookLevel *known = level(row, column);
    if (column == AskPrice || column == AskQuantity || column == AskOrders)
        cell.alignment = Qt::AlignLeft | Qt::AlignVCenter;
    if (!known)
        return cell;
    switch (static_cast<Column>(column)) {
    case BidPrice:
    case AskPrice: {
        Quote limits;
        limits.reference = m_instrument.reference;
        limits.ceiling = m_instrument.ceiling;
        limits.floor = m_instrument.floor;
        cell.text = priceText(known->price, m_instrument);
        cell.tone = priceTone(known->price, limits, m_instrument.banded);
        cell.strong = row == 0;
        break;
    }
    case BidQuantity:
    case AskQuantity:
        cell.text = quantityText(known->quantity, m_instrument);
        cell.tone = column == BidQuantity ? Tone::Buy : Tone::Sell;
        cell.fill = static_cast<double>(known->quantity.raw()) / static_cast<double>(m_largest);
        break;
    case BidOrders:
    case AskOrders:
        cell.text = QString::number(known->orders);
        cell.tone = Tone::Muted;
        break;
    case ColumnCount: break;
    }
    return cell;
}

QVariant DepthModel::order(int row, int) const { return row; }

QString DepthModel::plain(int row, int column) const
{
    const BookLevel *known = level(row, column);
    if (!known)
        return {};
    if (column == BidPrice || column == AskPrice)
        return plainPrice(known->price, m_instrument);
    if (column == BidQuantity || column == AskQuantity)
        return plainQuantity(known->quantity, m_instrument);
    return QString::number(known->orders);
}

ColumnText DepthModel::columnText(int column) const
{
    switch (static_cast<Column>(column)) {
    case BidOrders: return {tr("No.", "number of orders"), tr("Number of orders")};
    case BidQuantity: return {tr("Bid vol.", "short"), tr("Bid side")};
    case BidPrice: return {tr("Bid", "short"), tr("Bid side")};
    case AskPrice: return {tr("Ask", "short"), tr("Ask side")};
    case AskQuantity: return {tr("Ask vol.", "short"), tr("Ask side")};
    case AskOrders: return {tr("No.", "number of orders"), tr("Number of orders")};
    case ColumnCount: break;
    }
    return {};
}

} // namespace khop::ui
