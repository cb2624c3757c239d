// SPDX-License-Identifier: GPL-3.0-or-later
// The price board: one row per instrument in the columns of the Vietnamese boards.
#pragma once

#include "engine/records.h"
#include "ui/models/cell_model.h"

#include <optional>

namespace khop::ui {

class BoardModel final : public CellModel
{
    Q_OBJECT

public:
    enum Column {
        Symbol,
        Ceiling,
        Floor,
        Reference,
        BidPrice3,
        BidQuantity3,
        BidPrice2,
        BidQuantity2,
        BidPrice1,
        BidQuantity1,
        LastPrice,
        LastQuantity,
        Change,
        ChangePercent,
        AskPrice1,
        AskQuantity1,
        AskPrice2,
        AskQuantity2,
        AskPrice3,
        AskQuantity3,
        TotalVolume,
        High,
        Low,
        ColumnCount
    };
    static constexpr int levels = 3;

    using CellModel::CellModel;

    void setInstruments(std::vector<Instrument> instruments);
    void updateQuotes(const std::vector<Quote> &quotes);

    const Instrument *instrumentAt(int row) const;
    const Quote *quoteAt(int row) const;
    /// The price a cell shows, where it shows one.
    std::optional<Price> priceAt(int row, int column) const;
    int rowOf(InstrumentIndex instrument) const;

    /// Caption of the group a column belongs to; empty outside the groups.
    static QString groupOf(int column);
    static std::pair<int, int> groupRange(int column);

Q_SIGNALS:
    /// A cell shows another value than before.
    void cellChanged(int row, int column);

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
        Instrument instrument;
        Quote quote;
    };
    /// The number behind a cell; nothing where the cell is blank.
    static std::optional<std::int64_t> number(const Row &row, int column);

    std::vector<Row> m_rows;
};

/// The colour of a price among the day's limits.
Tone priceTone(Price price, const Quote &quote, bool banded);

} // namespace khop::ui
