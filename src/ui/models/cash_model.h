// SPDX-License-Identifier: GPL-3.0-or-later
// The account's cash, one row per currency.
#pragma once

#include "ui/models/cell_model.h"
#include "ui/models/listing.h"

namespace khop::ui {

class CashModel final : public CellModel
{
    Q_OBJECT

public:
    enum Column { Currency, Current, Available, Held, Pending, Deposited, Withdrawn, ColumnCount };

    using CellModel::CellModel;

    void setListing(Listing listing);
    void setBalances(std::vector<Balance> balances);
    const Balance *balanceAt(int row) const;

protected:
    int rows() const override { return static_cast<int>(m_balances.size()); }
    int columns() const override { return ColumnCount; }
    Cell cell(int row, int column) const override;
    QVariant order(int row, int column) const override;
    QString plain(int row, int column) const override;
    ColumnText columnText(int column) const override;

private:
    static Money amount(const Balance &balance, int column);

    Listing m_listing;
    std::vector<Balance> m_balances;
};

} // namespace khop::ui
