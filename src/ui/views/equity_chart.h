// SPDX-License-Identifier: GPL-3.0-or-later
// The equity curve of a period: a line over the days, its highest and lowest value, the first and last day,
// and what stands under the mouse.
#pragma once

#include "portfolio/equity_curve.h"
#include "ui/theme.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace khop::ui {

class EquityChart final : public QWidget
{
    Q_OBJECT

public:
    explicit EquityChart(const Theme &theme, QWidget *parent = nullptr);

    /// `moneyScale`: decimals of the base currency.
    void setCurve(std::vector<EquityPoint> points, int moneyScale);
    std::size_t pointCount() const { return m_points.size(); }
    /// The point nearest to a place on the widget; nothing for an empty curve.
    std::optional<std::size_t> pointAt(int x) const;

    QSize sizeHint() const override { return {320, 140}; }
    QSize minimumSizeHint() const override { return {140, 70}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    QRectF plot() const;
    QPointF placeOf(std::size_t point) const;
    QString amountText(Money money) const;
    void paintAxes(QPainter &painter) const;
    void paintCurve(QPainter &painter) const;
    void paintMark(QPainter &painter) const;

    const Theme &m_theme;
    std::vector<EquityPoint> m_points;
    int m_moneyScale = 0;
    Money m_lowest, m_highest; // of the points
    std::optional<std::size_t> m_marked;
};

} // namespace khop::ui
