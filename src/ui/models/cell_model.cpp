// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cell_model.h"

#include <algorithm>

namespace khop::ui {

int CellModel::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : rows(); }

int CellModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columns();
}

QVariant CellModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    switch (role) {
    case CellDataRole: return QVariant::fromValue(cell(index.row(), index.column()));
    case Qt::DisplayRole: return cell(index.row(), index.column()).text;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(cell(index.row(), index.column()).alignment);
    case OrderRole: return order(index.row(), index.column());
    case PlainRole: return plain(index.row(), index.column());
    case Qt::ToolTipRole: {
        const QString text = hint(index.row(), index.column());
        return text.isEmpty() ? QVariant() : QVariant(text);
    }
    }
    return {};
}

QVariant CellModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columns())
        return {};
    if (role == WidestRole)
        return widest(section);
    const ColumnText text = columnText(section);
    if (role == Qt::DisplayRole)
        return text.title;
    if (role == Qt::ToolTipRole)
        return text.hint.isEmpty() ? text.title : text.hint;
    return {};
}

void CellModel::retranslate()
{
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, columns() - 1);
    if (rows() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rows() - 1, columns() - 1));
}

void CellModel::announceRows(std::vector<int> changed, int firstColumn, int lastColumn)
{
    std::sort(changed.begin(), changed.end());
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    for (std::size_t from = 0; from < changed.size();) {
        std::size_t to = from;
        while (to + 1 < changed.size() && changed[to + 1] == changed[to] + 1)
            ++to;
        Q_EMIT dataChanged(index(changed[from], firstColumn), index(changed[to], lastColumn));
        from = to + 1;
    }
}

} // namespace khop::ui
