// SPDX-License-Identifier: GPL-3.0-or-later
// The account's holdings as its portfolio values them: what each is worth, of how much, and has gained.
#pragma once

#include "ui/models/cell_model.h"
#include "ui/models/listing.h"

namespace khop::ui {

class PortfolioModel final : public CellModel
{
    Q_OBJECT

public:
    enum Column {
        Symbol, // then what is best seen where there is little room
        Weight,
        DailyPnl,
        UnrealizedPnl,
        PnlPercent,
        MarketValue,
        HeldQuantity,
        AverageCost,
        MarketPrice,
        RealizedPnl,
        ColumnCount
    };

    using CellModel::CellModel;

    void setListing(Listing listing);
    /// Those with a quantity; what was sold out today stays for the day.
    void setPortfolio(const PortfolioAnswer &answer);
    InstrumentIndex instrumentAt(int row) const; ///< or noInstrument

protected:
    int rows() const override { return static_cast<int>(m_rows.size()); }
    int columns() const override { return ColumnCount; }
    Cell cell(int row, int column) const override;
    QVariant order(int row, int column) const override;
    QString plain(int row, int column) const override;
    ColumnText columnText(int column) const override;
    QString hint(int row, int column) const override;

private:
    struct Row {
        Valuation::Position position;
        Money realized;
        std::optional<Ratio> weight;
    };
    std::optional<Price> averageCost(const Row &row) const;

    Listing m_listing;
    std::vector<Row> m_rows;
};

} // namespace khop::ui
