// SPDX-License-Identifier: GPL-3.0-or-later
// Filters and sorts a CellModel. Filters look at columns that do not change with every tick.
#pragma once

#include <QSortFilterProxyModel>

#include <functional>

namespace khop::ui {

class TableFilter final : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit TableFilter(QObject *parent = nullptr);

    /// Rows whose text in one of `columns` contains every word of it (any case).
    void setText(const QString &text, std::vector<int> columns);
    /// A further condition on the source row; none when empty.
    void setCondition(std::function<bool(int sourceRow)> condition);

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    QStringList m_words;
    std::vector<int> m_columns;
    std::function<bool(int)> m_condition;
};

} // namespace khop::ui
