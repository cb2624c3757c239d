// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/table_filter.h"

#include "ui/models/cell_model.h"

#include <algorithm>

namespace khop::ui {

TableFilter::TableFilter(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(OrderRole);
}

void TableFilter::setText(const QString &text, std::vector<int> columns)
{
    m_words = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_columns = std::move(columns);
    invalidateFilter();
}

void TableFilter::setCondition(std::function<bool(int)> condition)
{
    m_condition = std::move(condition);
    invalidateFilter();
}

bool TableFilter::filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const
{
    if (m_condition && !m_condition(sourceRow))
        return false;
    return std::all_of(m_words.begin(), m_words.end(), [&](const QString &word) {
        return std::any_of(m_columns.begin(), m_columns.end(), [&](int column) {
            const QModelIndex index = sourceModel()->index(sourceRow, column, sourceParent);
            return index.data(Qt::DisplayRole).toString().contains(word, Qt::CaseInsensitive)
                   || index.data(Qt::ToolTipRole).toString().contains(word, Qt::CaseInsensitive);
        });
    });
}

bool TableFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(OrderRole);
    const QVariant b = right.data(OrderRole);
    // Blank cells come last when descending, first when ascending, and never among the numbers.
    if (!a.isValid() || !b.isValid())
        return !a.isValid() && b.isValid();
    if (a.typeId() == QMetaType::LongLong)
        return a.toLongLong() < b.toLongLong();
    if (a.typeId() == QMetaType::ULongLong)
        return a.toULongLong() < b.toULongLong();
    if (a.typeId() == QMetaType::Double)
        return a.toDouble() < b.toDouble();
    return QString::compare(a.toString(), b.toString(), Qt::CaseInsensitive) < 0;
}

} // namespace khop::ui
