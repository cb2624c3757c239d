// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/executions_model.h"

#include "ui/numbers.h"
#include "ui/words.h"

#include <algorithm>
#include <utility>

namespace khop::ui {

void ExecutionsModel::setListing(Listing listing)
{
    m_listing = std::move(listing);
    retranslate();
}

void ExecutionsModel::add(const std::vector<ExecutionRecord> &executions)
{
    // A trade of the account with itself is two executions of one number.
    const auto before = [](const ExecutionRecord &a, const ExecutionRecord &b) {
        return std::pair(a.no, a.order) < std::pair(b.no, b.order);
    };
    std::vector<ExecutionRecord> added;
    for (const ExecutionRecord &execution : executions) {
        if (!std::binary_search(m_executions.begin(), m_executions.end(), execution, before))
            added.push_back(execution);
    }
    if (added.empty())
        return;
    std::sort(added.begin(), added.end(), before);
    const bool ahead = m_executions.empty() || before(m_executions.back(), added.front());
    if (ahead) {
        beginInsertRows({}, 0, static_cast<int>(added.size()) - 1);
        m_executions.insert(m_executions.end(), added.begin(), added.end());
        endInsertRows();
    } else {
        for (const ExecutionRecord &execution : added) {
            const auto place =
                std::lower_bound(m_executions.begin(), m_executions.end(), execution, before);
            const int row = static_cast<int>(m_executions.end() - place);
            beginInsertRows({}, row, row);
            m_executions.insert(place, execution);
            endInsertRows();
        }
    }
    if (rows() > longest) {
        const int excess = rows() - longest;
        beginRemoveRows({}, rows() - excess, rows() - 1);
        m_executions.erase(m_executions.begin(), m_executions.begin() + excess);
        endRemoveRows();
    }
}

const ExecutionRecord *ExecutionsModel::executionAt(int row) const
{
    return row >= 0 && row < rows() ? &at(row) : nullptr;
}

Cell ExecutionsModel::cell(int row, int column) const
{
    const ExecutionRecord &execution = at(row);
    const Instrument &instrument = m_listing.instrument(execution.instrument);
    const int scale = m_listing.moneyScale(execution.instrument);
    Cell cell;
    const auto left = [&cell](QString text) {
        cell.text = std::move(text);
        cell.alignment = Qt::AlignLeft | Qt::AlignVCenter;
    };
    switch (static_cast<Column>(column)) {
    case TimeColumn: left(timeOfDayText(execution.time)); break;
    case Symbol:
        left(QString::fromStdString(instrument.symbol));
        cell.strong = true;
        break;
    case SideColumn:
        left(sideText(execution.side));
        cell.tone = sideTone(execution.side);
        cell.strong = true;
        break;
    case FillPrice: cell.text = priceText(execution.price, instrument); break;
    case FillQuantity: cell.text = quantityText(execution.quantity, instrument); break;
    case FillValue: cell.text = moneyText(execution.value, scale); break;
    case Fee: cell.text = moneyText(execution.fee, scale); break;
    case Tax: cell.text = moneyText(execution.tax, scale); break;
    case Settles: left(dateText(vietnamDate(execution.settlesAt))); break;
    case TradeNumber: cell.text = QString::number(execution.no); break;
    case OrderId: left(QString::fromStdString(execution.orderId.text())); break;
    case ColumnCount: break;
    }
    return cell;
}

QVariant ExecutionsModel::order(int row, int column) const
{
    const ExecutionRecord &execution = at(row);
    const auto number = [](auto value) { return QVariant(static_cast<qlonglong>(value.raw())); };
    switch (static_cast<Column>(column)) {
    case TimeColumn:
    case TradeNumber: return QVariant(static_cast<qulonglong>(execution.no));
    case FillPrice: return number(execution.price);
    case FillQuantity: return number(execution.quantity);
    case FillValue: return number(execution.value);
    case Fee: return number(execution.fee);
    case Tax: return number(execution.tax);
    case Settles: return QVariant(static_cast<qlonglong>(execution.settlesAt.ms));
    case Symbol:
    case SideColumn:
    case OrderId:
    case ColumnCount: break;
    }
    return cell(row, column).text;
}

QString ExecutionsModel::plain(int row, int column) const
{
    const ExecutionRecord &execution = at(row);
    const Instrument &instrument = m_listing.instrument(execution.instrument);
    const int scale = m_listing.moneyScale(execution.instrument);
    switch (static_cast<Column>(column)) {
    case TimeColumn: return QString::fromStdString(isoTime(execution.time));
    case SideColumn: {
        const std::string_view side = name(execution.side);
        return QString::fromLatin1(side.data(), static_cast<qsizetype>(side.size()));
    }
    case FillPrice: return plainPrice(execution.price, instrument);
    case FillQuantity: return plainQuantity(execution.quantity, instrument);
    case FillValue: return plainMoney(execution.value, scale);
    case Fee: return plainMoney(execution.fee, scale);
    case Tax: return plainMoney(execution.tax, scale);
    case Settles: return QString::fromStdString(isoTime(execution.settlesAt));
    case Symbol:
    case TradeNumber:
    case OrderId:
    case ColumnCount: break;
    }
    return cell(row, column).text;
}

ColumnText ExecutionsModel::columnText(int column) const
{
    switch (static_cast<Column>(column)) {
    case TimeColumn: return {tr("Time")};
    case Symbol: return {tr("Symbol", "short"), tr("Security")};
    case SideColumn: return {tr("Side", "short"), tr("Side")};
    case FillPrice: return {tr("Last price")};
    case FillQuantity: return {tr("Filled qty", "short"), tr("Matched volume")};
    case FillValue: return {tr("Fill value", "short"), tr("Fill value")};
    case Fee: return {tr("Fee", "short"), tr("Fee")};
    case Tax: return {tr("Tax")};
    case Settles: return {tr("Settlement date")};
    case TradeNumber: return {tr("Trade no.")};
    case OrderId: return {tr("Order ID", "short"), tr("Order ID")};
    case ColumnCount: break;
    }
    return {};
}

} // namespace khop::ui
