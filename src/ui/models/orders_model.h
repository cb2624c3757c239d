// SPDX-License-Identifier: GPL-3.0-or-later
// The order blotter: the account's orders, newest first. Finished orders beyond a bound leave the
// table from the oldest on (history is read elsewhere); open ones never do.
#pragma once

#include "ui/models/cell_model.h"
#include "ui/models/listing.h"

#include <deque>

namespace khop::ui {

class OrdersModel final : public CellModel
{
    Q_OBJECT

public:
    enum Column {
        TimeColumn,
        Symbol,
        SideColumn,
        Type,
        OrderPrice,
        OrderQuantity,
        FilledQuantity,
        AveragePrice,
        Status,
        ConditionColumn,
        LeavesQuantity,
        CancelledQuantity,
        FillValue,
        Fee,
        Tax,
        Held,
        Reason,
        ClientId,
        OrderId,
        ColumnCount
    };
    static constexpr int longest = 5'000;

    using CellModel::CellModel;

    void setListing(Listing listing);
    void clear();
    /// Last known states, ascending by number. Older versions than the known one are ignored.
    void update(const std::vector<OrderRecord> &orders);

    const OrderRecord *orderAt(int row) const;
    const OrderRecord *find(OrderNo no) const;
    int openOrders() const;

protected:
    int rows() const override { return static_cast<int>(m_orders.size()); }
    int columns() const override { return ColumnCount; }
    Cell cell(int row, int column) const override;
    QVariant order(int row, int column) const override;
    QString plain(int row, int column) const override;
    ColumnText columnText(int column) const override;
    QString hint(int row, int column) const override;
    QString widest(int column) const override;

private:
    std::size_t slot(int row) const { return m_orders.size() - 1 - static_cast<std::size_t>(row); }
    const OrderRecord &at(int row) const { return m_orders[slot(row)]; }
    int rowOf(OrderNo no) const;
    void insert(const OrderRecord &order);
    void dropOldest();

    Listing m_listing;
    std::deque<OrderRecord> m_orders; // ascending by number; shown the other way round
};

/// Price of an order as the blotter shows it: the limit, or ATO, MTL, … where it has none.
QString orderPriceText(const OrderRecord &order, const Instrument &instrument);
std::optional<Price> averagePrice(const OrderRecord &order, const Instrument &instrument,
                                  int moneyScale);

} // namespace khop::ui
