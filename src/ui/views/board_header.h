// SPDX-License-Identifier: GPL-3.0-or-later
// The board's header of two lines: the groups (bid side, matched, ask side) above their columns.
#pragma once

#include "ui/theme.h"

#include <QHeaderView>

namespace khop::ui {

class BoardHeader final : public QHeaderView
{
    Q_OBJECT

public:
    explicit BoardHeader(const Theme &theme, QWidget *parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const override;

private:
    const Theme &m_theme;
};

} // namespace khop::ui
