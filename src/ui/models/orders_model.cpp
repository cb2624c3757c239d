// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/orders_model.h"

#include "base/wide.h"
#include "ui/condition_words.h"
#include "ui/language.h"
#include "ui/numbers.h"
#include "ui/words.h"

#include <algorithm>

namespace khop::ui {

namespace {

QString fromView(std::string_view text)
{
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

QString orderPriceText(const OrderRecord &order, const Instrument &instrument)
{
    if (order.price && (carriesPrice(order.type) || order.type == OrderType::MTL))
        return priceText(*order.price, instrument);
    return fromView(name(order.type));
}

std::optional<Price> averagePrice(const OrderRecord &order, const Instrument &instrument,
                                  int moneyScale)
{
    if (order.traded.raw() <= 0)
        return std::nullopt;
    // price [10^-ps] = value [10^-ms] x 10^(ps + qs - ms) / quantity [10^-qs]
    const int exponent = instrument.priceScale + instrument.quantityScale - moneyScale;
    const auto value = exponent >= 0
                           ? mulDiv(order.tradedValue.raw(), powerOfTen(exponent),
                                    order.traded.raw(), Rounding::HalfUp)
                           : mulDiv(order.tradedValue.raw(), 1,
                                    order.traded.raw() * powerOfTen(-exponent), Rounding::HalfUp);
    return value ? std::optional(Price(*value)) : std::nullopt;
}

void OrdersModel::setListing(Listing listing)
{
    m_listing = std::move(listing);
    retranslate();
}

void OrdersModel::clear()
{
    beginResetModel();
    m_orders.clear();
    endResetModel();
}

void OrdersModel::update(const std::vector<OrderRecord> &orders)
{
    std::vector<int> changed;
    std::vector<OrderRecord> added;
    for (const OrderRecord &order : orders) {
        const int row = rowOf(order.no);
        if (row < 0) {
            added.push_back(order);
        } else if (OrderRecord &known = m_orders[slot(row)]; order.version >= known.version) {
            known = order;
            changed.push_back(row);
        }
    }
    announceRows(std::move(changed), 0, ColumnCount - 1);

    std::sort(added.begin(), added.end(), [](const auto &a, const auto &b) { return a.no < b.no; });
    const auto newer = std::find_if(added.begin(), added.end(), [this](const OrderRecord &order) {
        return m_orders.empty() || order.no > m_orders.back().no;
    });
    for (auto it = added.begin(); it != newer; ++it)
        insert(*it);
    if (newer != added.end()) {
        beginInsertRows({}, 0, static_cast<int>(added.end() - newer) - 1);
        m_orders.insert(m_orders.end(), newer, added.end());
        endInsertRows();
    }
    dropOldest();
}

void OrdersModel::insert(const OrderRecord &order)
{
    const auto place =
        std::lower_bound(m_orders.begin(), m_orders.end(), order.no,
                         [](const OrderRecord &known, OrderNo no) { return known.no < no; });
    const int row = static_cast<int>(m_orders.end() - place);
    beginInsertRows({}, row, row);
    m_orders.insert(place, order);
    endInsertRows();
}

void OrdersModel::dropOldest()
{
    // In one sweep from the oldest end, in runs of finished orders.
    std::size_t excess = m_orders.size() > longest ? m_orders.size() - longest : 0;
    for (std::size_t from = 0; excess > 0 && from < m_orders.size();) {
        if (isOpen(m_orders[from].status)) {
            ++from;
            continue;
        }
        std::size_t to = from;
        while (to < m_orders.size() && to - from < excess && !isOpen(m_orders[to].status))
            ++to;
        const int lastRow = static_cast<int>(m_orders.size() - 1 - from);
        const int firstRow = static_cast<int>(m_orders.size() - to);
        beginRemoveRows({}, firstRow, lastRow);
        m_orders.erase(m_orders.begin() + static_cast<std::ptrdiff_t>(from),
                       m_orders.begin() + static_cast<std::ptrdiff_t>(to));
        endRemoveRows();
        excess -= to - from;
    }
}

int OrdersModel::rowOf(OrderNo no) const
{
    const auto place =
        std::lower_bound(m_orders.begin(), m_orders.end(), no,
                         [](const OrderRecord &known, OrderNo n) { return known.no < n; });
    if (place == m_orders.end() || place->no != no)
        return -1;
    return static_cast<int>(m_orders.end() - place) - 1;
}

const OrderRecord *OrdersModel::orderAt(int row) const
{
    return row >= 0 && row < rows() ? &at(row) : nullptr;
}

const OrderRecord *OrdersModel::find(OrderNo no) const { return orderAt(rowOf(no)); }

int OrdersModel::openOrders() const
{
    return static_cast<int>(
        std::count_if(m_orders.begin(), m_orders.end(),
                      [](const OrderRecord &order) { return isOpen(order.status); }));
}

Cell OrdersModel::cell(int row, int column) const
{
    const OrderRecord &order = at(row);
    const Instrument &instrument = m_listing.instrument(order.instrument);
    const int scale = m_listing.moneyScale(order.instrument);
    Cell cell;
    const auto left = [&cell](QString text) {
        cell.text = std::move(text);
        cell.alignment = Qt::AlignLeft | Qt::AlignVCenter;
    };
    const auto amount = [&cell, scale](Money money) {
        if (!money.isZero())
            cell.text = moneyText(money, scale);
    };
    const auto shares = [&cell, &instrument](Quantity quantity) {
        if (!quantity.isZero())
            cell.text = quantityText(quantity, instrument);
    };
    switch (static_cast<Column>(column)) {
    case TimeColumn: left(timeOfDayText(order.createdAt)); break;
    case Symbol:
        left(QString::fromStdString(instrument.symbol));
        cell.strong = true;
        break;
    case SideColumn:
        left(sideText(order.side));
        cell.tone = sideTone(order.side);
        cell.strong = true;
        break;
    case Type: left(fromView(name(order.type))); break;
    case OrderPrice: cell.text = orderPriceText(order, instrument); break;
    case OrderQuantity: shares(order.quantity); break;
    case FilledQuantity: shares(order.traded); break;
    case LeavesQuantity: shares(order.remaining); break;
    case CancelledQuantity: shares(order.cancelled); break;
    case AveragePrice:
        if (const auto price = averagePrice(order, instrument, scale))
            cell.text = priceText(*price, instrument);
        break;
    case FillValue: amount(order.tradedValue); break;
    case Fee: amount(order.fee); break;
    case Tax: amount(order.tax); break;
    case Held: amount(order.held); break;
    case Status:
        left(orderStatusText(order));
        cell.tone = statusTone(order.status);
        break;
    case ConditionColumn:
        if (order.condition)
            left(conditionText(*order.condition, order.side, instrument));
        break;
    case Reason:
        if (order.rejectCode != Code::OK)
            left(sentenceText(Error{order.rejectCode}));
        break;
    case ClientId: left(QString::fromStdString(order.clientOrderId)); break;
    case OrderId: left(QString::fromStdString(order.id.text())); break;
    case ColumnCount: break;
    }
    return cell;
}

QVariant OrdersModel::order(int row, int column) const
{
    const OrderRecord &order = at(row);
    const auto number = [](auto value) { return QVariant(static_cast<qlonglong>(value.raw())); };
    switch (static_cast<Column>(column)) {
    case TimeColumn: return QVariant(static_cast<qulonglong>(order.no));
    case OrderPrice: return order.price ? number(*order.price) : QVariant();
    case OrderQuantity: return number(order.quantity);
    case FilledQuantity: return number(order.traded);
    case LeavesQuantity: return number(order.remaining);
    case CancelledQuantity: return number(order.cancelled);
    case FillValue: return number(order.tradedValue);
    case Fee: return number(order.fee);
    case Tax: return number(order.tax);
    case Held: return number(order.held);
    case AveragePrice: {
        const auto price = averagePrice(order, m_listing.instrument(order.instrument),
                                        m_listing.moneyScale(order.instrument));
        return price ? number(*price) : QVariant();
    }
    case Symbol:
    case SideColumn:
    case Type:
    case Status:
    case ConditionColumn:
    case Reason:
    case ClientId:
    case OrderId:
    case ColumnCount: break;
    }
    return cell(row, column).text;
}

QString OrdersModel::plain(int row, int column) const
{
    const OrderRecord &order = at(row);
    const Instrument &instrument = m_listing.instrument(order.instrument);
    const int scale = m_listing.moneyScale(order.instrument);
    switch (static_cast<Column>(column)) {
    case TimeColumn: return QString::fromStdString(isoTime(order.createdAt));
    case SideColumn: return fromView(name(order.side));
    case OrderPrice: return order.price ? plainPrice(*order.price, instrument) : QString();
    case OrderQuantity: return plainQuantity(order.quantity, instrument);
    case FilledQuantity: return plainQuantity(order.traded, instrument);
    case LeavesQuantity: return plainQuantity(order.remaining, instrument);
    case CancelledQuantity: return plainQuantity(order.cancelled, instrument);
    case AveragePrice: {
        const auto price = averagePrice(order, instrument, scale);
        return price ? plainPrice(*price, instrument) : QString();
    }
    case FillValue: return plainMoney(order.tradedValue, scale);
    case Fee: return plainMoney(order.fee, scale);
    case Tax: return plainMoney(order.tax, scale);
    case Held: return plainMoney(order.held, scale);
    case Status: return fromView(name(order.status));
    case Symbol:
    case Type:
    case ConditionColumn:
    case Reason:
    case ClientId:
    case OrderId:
    case ColumnCount: break;
    }
    return cell(row, column).text;
}

ColumnText OrdersModel::columnText(int column) const
{
    switch (static_cast<Column>(column)) {
    case TimeColumn: return {tr("Time")};
    case Symbol: return {tr("Symbol", "short"), tr("Security")};
    case SideColumn: return {tr("Side", "short"), tr("Side")};
    case Type: return {tr("Order type")};
    case OrderPrice: return {tr("Order price")};
    case OrderQuantity: return {tr("Order qty", "short"), tr("Order quantity")};
    case FilledQuantity: return {tr("Filled qty", "short"), tr("Matched volume")};
    case LeavesQuantity: return {tr("Leaves", "short"), tr("Leaves quantity")};
    case CancelledQuantity: return {tr("Cancelled qty", "short"), tr("Cancelled quantity")};
    case AveragePrice: return {tr("Avg. price", "short"), tr("Average fill price")};
    case Status: return {tr("Status", "short"), tr("Status")};
    case ConditionColumn: return {tr("Condition")};
    case FillValue: return {tr("Fill value", "short"), tr("Fill value")};
    case Fee: return {tr("Fee", "short"), tr("Fee")};
    case Tax: return {tr("Tax")};
    case Held: return {tr("Blocked cash")};
    case Reason: return {tr("Reject reason")};
    case ClientId: return {tr("Client order ID")};
    case OrderId: return {tr("Order ID", "short"), tr("Order ID")};
    case ColumnCount: break;
    }
    return {};
}

QString OrdersModel::widest(int column) const
{
    switch (column) {
    case Status: return statusText(OrderStatus::PartiallyFilled);
    case OrderPrice:
    case AveragePrice: return QStringLiteral("188.88");
    case OrderQuantity:
    case FilledQuantity:
    case LeavesQuantity:
    case CancelledQuantity: return QStringLiteral("188,800");
    case FillValue:
    case Held: return QStringLiteral("888,888,888");
    }
    return {};
}

QString OrdersModel::hint(int row, int column) const
{
    const OrderRecord &order = at(row);
    if (column == Symbol)
        return QString::fromStdString(m_listing.instrument(order.instrument).name);
    if (column == Type)
        return orderTypeText(order.type);
    if (column == Status && order.rejectCode != Code::OK)
        return sentenceText(Error{order.rejectCode});
    return {};
}

} // namespace khop::ui
