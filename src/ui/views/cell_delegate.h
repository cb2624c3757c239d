// SPDX-License-Identifier: GPL-3.0-or-later
// Paints a Cell from one fetch of the model: no style options, no further roles.
#pragma once

#include "ui/theme.h"

#include <QStyledItemDelegate>

#include <functional>

namespace khop::ui {

class CellDelegate final : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit CellDelegate(const Theme &theme, QObject *parent = nullptr);

    /// Whether a cell (view coordinates) has just changed.
    void setFlashing(std::function<bool(const QModelIndex &)> flashing)
    {
        m_flashing = std::move(flashing);
    }
    /// Columns drawn on the darker ground of a group.
    void setGrouped(std::function<bool(int column)> grouped) { m_grouped = std::move(grouped); }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    const Theme &m_theme;
    std::function<bool(const QModelIndex &)> m_flashing;
    std::function<bool(int)> m_grouped;
};

} // namespace khop::ui
