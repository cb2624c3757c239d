// SPDX-License-Identifier: GPL-3.0-or-later
// The account's positions, valued at the last price (the reference while there is none).
#pragma once

#include "ui/models/cell_model.h"
#include "ui/models/listing.h"

#include <map>

namespace khop::ui {

class PositionsModel final : public CellModel
{
    Q_OBJECT

public:
    enum Column {
        Symbol,
        TotalQuantity,
        Sellable,
        Held,
        PendingSettlement,
        AverageCost,
        MarketPrice,
        MarketValue,
        UnrealizedPnl,
        PnlPercent,
        RealizedPnl,
        ColumnCount
    };

    using CellModel::CellModel;

    void setListing(Listing listing);
    void setPositions(std::vector<Position> positions); // ascending by instrument, all of them
    void updateQuotes(const std::vector<Quote> &quotes);

    const Position *positionAt(int row) const;

protected:
    int rows() const override { return static_cast<int>(m_rows.size()); }
    int columns() const override { return ColumnCount; }
    Cell cell(int row, int column) const override;
    QVariant order(int row, int column) const override;
    QString plain(int row, int column) const override;
    ColumnText columnText(int column) const override;
    QString hint(int row, int column) const override;

private:
    /// The row's numbers; nothing where they cannot be told.
    struct Valuation {
        Price market;
        std::optional<Price> cost;
        std::optional<Money> value;
        std::optional<Money> pnl;
    };
    Valuation valuation(const Position &position) const;

    Listing m_listing;
    std::vector<Position> m_rows;
    std::map<InstrumentIndex, Price> m_last;
};

} // namespace khop::ui
