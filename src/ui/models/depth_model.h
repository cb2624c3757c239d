// SPDX-License-Identifier: GPL-3.0-or-later
// Ten levels of one instrument's book, bids on the left, asks on the right.
#pragma once

#include "engine/records.h"
#include "ui/models/cell_model.h"

namespace khop::ui {

class DepthModel final : public CellModel
{
    Q_OBJECT

public:
    enum Column { BidOrders, BidQuantity, BidPrice, AskPrice, AskQuantity, AskOrders, ColumnCount };
    static constexpr int levels = 10;

    using CellModel::CellModel;

    void setInstrument(const Instrument &instrument);
    void setDepth(const BookDepth &depth);
    std::optional<Price> priceAt(int row, int column) const;
    const BookDepth &depth() const { return m_depth; }

protected:
    int rows() const override { return levels; }
    int columns() const override { return ColumnCount; }
    Cell cell(int row, int column) const override;
    QVariant order(int row, int column) const override;
    QString plain(int row, int column) const override;
    ColumnText columnText(int column) const override;

private:
    const BookLevel *level(int row, int column) const;

    Instrument m_instrument;
    BookDepth m_depth;
    std::int64_t m_largest = 1;
};

} // namespace khop::ui
