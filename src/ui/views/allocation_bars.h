// SPDX-License-Identifier: GPL-3.0-or-later
// What the market value is made of: a bar per part, the largest first; parts too many for the room there is
// are one bar at the end.
#pragma once

#include "portfolio/valuation.h"
#include "ui/theme.h"

#include <QWidget>

#include <vector>

namespace khop::ui {

class AllocationBars final : public QWidget
{
    Q_OBJECT

public:
    explicit AllocationBars(const Theme &theme, QWidget *parent = nullptr);

    void setSlices(std::vector<Valuation::Slice> slices);
    /// As they are drawn, in a room for so many.
    std::vector<Valuation::Slice> shown(std::size_t most) const;

    QSize sizeHint() const override { return {200, 140}; }
    QSize minimumSizeHint() const override { return {150, 60}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    const Theme &m_theme;
    std::vector<Valuation::Slice> m_slices;
};

} // namespace khop::ui
