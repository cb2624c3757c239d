// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cash_model.h"

#include "ui/numbers.h"

namespace khop::ui {

void CashModel::setListing(Listing listing)
{
    m_listing = std::move(listing);
    retranslate();
}

void CashModel::setBalances(std::vector<Balance> balances)
{
    if (balances.size() != m_balances.size()) {
        beginResetModel();
        m_balances = std::move(balances);
        endResetModel();
        return;
    }
    m_balances = std::move(balances);
    if (!m_balances.empty())
        Q_EMIT dataChanged(index(0, 0), index(rows() - 1, ColumnCount - 1));
}

const Balance *CashModel::balanceAt(int row) const
{
    return row >= 0 && row < rows() ? &m_balances[static_cast<std::size_t>(row)] : nullptr;
}

Money CashModel::amount(const Balance &balance, int column)
{
    switch (static_cast<Column>(column)) {
    case Current: return balance.current;
    case Available: return balance.available;
    case Held: return balance.held;
    case Pending: return balance.pending;
    case Deposited: return balance.deposited;
    case Withdrawn: return balance.withdrawn;
    case Currency:
    case ColumnCount: break;
    }
    return {};
}

Cell CashModel::cell(int row, int column) const
{
    const Balance &balance = m_balances[static_cast<std::size_t>(row)];
    Cell cell;
    if (column == Currency) {
        cell.text = QString::fromStdString(balance.currency);
        cell.alignment = Qt::AlignLeft | Qt::AlignVCenter;
        cell.strong = true;
        return cell;
    }
    const Money money = amount(balance, column);
    cell.text = moneyText(money, m_listing.currencyScale(balance.currency));
    if (money.isZero())
        cell.tone = Tone::Muted;
    return cell;
}

QVariant CashModel::order(int row, int column) const
{
    const Balance &balance = m_balances[static_cast<std::size_t>(row)];
    if (column == Currency)
        return QString::fromStdString(balance.currency);
    return static_cast<qlonglong>(amount(balance, column).raw());
}

QString CashModel::plain(int row, int column) const
{
    const Balance &balance = m_balances[static_cast<std::size_t>(row)];
    if (column == Currency)
        return QString::fromStdString(balance.currency);
    return plainMoney(amount(balance, column), m_listing.currencyScale(balance.currency));
}

ColumnText CashModel::columnText(int column) const
{
    switch (static_cast<Column>(column)) {
    case Currency: return {tr("Currency")};
    case Current: return {tr("Cash balance")};
    case Available: return {tr("Available cash")};
    case Held: return {tr("Blocked cash")};
    case Pending: return {tr("Cash pending settlement")};
    case Deposited: return {tr("Deposit")};
    case Withdrawn: return {tr("Withdraw")};
    case ColumnCount: break;
    }
    return {};
}

} // namespace khop::ui
