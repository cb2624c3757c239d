// SPDX-License-Identifier: GPL-3.0-or-later
// The account's executions, newest first; the oldest leave beyond a bound.
#pragma once

#include "ui/models/cell_model.h"
#include "ui/models/listing.h"

#include <deque>

namespace khop::ui {

class ExecutionsModel final : public CellModel
{
    Q_OBJECT

public:
    enum Column {
        TimeColumn,
        Symbol,
        SideColumn,
        FillPrice,
        FillQuantity,
        FillValue,
        Fee,
        Tax,
        Settles,
        TradeNumber,
        OrderId,
        ColumnCount
    };
    static constexpr int longest = 5'000;

    using CellModel::CellModel;

    void setListing(Listing listing);
    /// Ascending by number; known ones are ignored.
    void add(const std::vector<ExecutionRecord> &executions);
    const ExecutionRecord *executionAt(int row) const;

protected:
    int rows() const override { return static_cast<int>(m_executions.size()); }
    int columns() const override { return ColumnCount; }
    Cell cell(int row, int column) const override;
    QVariant order(int row, int column) const override;
    QString plain(int row, int column) const override;
    ColumnText columnText(int column) const override;

private:
    const ExecutionRecord &at(int row) const
    {
        return m_executions[m_executions.size() - 1 - static_cast<std::size_t>(row)];
    }

    Listing m_listing;
    std::deque<ExecutionRecord> m_executions; // ascending by number
};

} // namespace khop::ui
