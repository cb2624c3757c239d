// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/equity_chart.h"

#include "ui/numbers.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace khop::ui {

namespace {

QString dayText(Date day)
{
    const QString iso = QString::fromStdString(isoDate(day)); // 2026-11-20
    return iso.mid(8, 2) + QLatin1Char('/') + iso.mid(5, 2) + QLatin1Char('/') + iso.left(4);
}

} // namespace

EquityChart::EquityChart(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("equityChart"));
    setMouseTracking(true);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void EquityChart::setCurve(std::vector<EquityPoint> points, int moneyScale)
{
    m_points = std::move(points);
    m_moneyScale = moneyScale;
    m_marked.reset();
    if (!m_points.empty()) {
        const auto [low, high] = std::ranges::minmax_element(
            m_points, {}, [](const EquityPoint &point) { return point.equity(); });
        m_lowest = low->equity();
        m_highest = high->equity();
    }
    update();
}

QString EquityChart::amountText(Money money) const { return moneyText(money, m_moneyScale); }

QRectF EquityChart::plot() const
{
    const int line = fontMetrics().height();
    return QRectF(rect()).adjusted(6, line + 4, -6, -(line + 4));
}

// Pixels, not money: the only place where an amount becomes a fraction.
QPointF EquityChart::placeOf(std::size_t point) const
{
    const QRectF area = plot();
    const double across =
        m_points.size() < 2 ? 0.5
                            : static_cast<double>(point) / static_cast<double>(m_points.size() - 1);
    const auto span = static_cast<double>(m_highest.raw()) - static_cast<double>(m_lowest.raw());
    const double up = span <= 0 ? 0.5
                                : (static_cast<double>(m_points[point].equity().raw())
                                   - static_cast<double>(m_lowest.raw()))
                                      / span;
    return {area.left() + across * area.width(), area.bottom() - up * area.height()};
}

std::optional<std::size_t> EquityChart::pointAt(int x) const
{
    if (m_points.empty())
        return std::nullopt;
    const QRectF area = plot();
    const double across = (x - area.left()) / std::max(1.0, area.width());
    const double place = std::round(across * static_cast<double>(m_points.size() - 1));
    return static_cast<std::size_t>(
        std::clamp(place, 0.0, static_cast<double>(m_points.size() - 1)));
}

void EquityChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.boardBackground());
    if (m_points.empty()) {
        painter.setPen(m_theme.color(Tone::Muted));
        painter.drawText(rect(), Qt::AlignCenter, tr("No history yet"));
        return;
    }
    paintAxes(painter);
    painter.setRenderHint(QPainter::Antialiasing);
    paintCurve(painter);
    paintMark(painter);
}

void EquityChart::paintAxes(QPainter &painter) const
{
    const QRectF area = plot();
    painter.setPen(QPen(m_theme.grid(), 1));
    for (const double part : {0.0, 0.5, 1.0}) {
        const double y = std::round(area.top() + part * area.height()) + 0.5;
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    }
    painter.setPen(m_theme.color(Tone::Muted));
    const QRectF above(area.left(), 2, area.width(), area.top() - 4);
    const QRectF below(area.left(), area.bottom() + 2, area.width(), height() - area.bottom() - 4);
    painter.drawText(above, Qt::AlignLeft | Qt::AlignVCenter, amountText(m_highest));
    // the lowest stands inside, at its line
    const QRectF low(area.left(), area.bottom() - fontMetrics().height(), area.width(),
                     fontMetrics().height());
    if (m_lowest != m_highest)
        painter.drawText(low, Qt::AlignLeft | Qt::AlignBottom, amountText(m_lowest));
    painter.drawText(below, Qt::AlignLeft | Qt::AlignVCenter, dayText(m_points.front().day));
    if (m_points.size() > 1)
        painter.drawText(below, Qt::AlignRight | Qt::AlignVCenter, dayText(m_points.back().day));
}

void EquityChart::paintCurve(QPainter &painter) const
{
    const bool gained = m_points.back().equity() >= m_points.front().equity();
    const QColor colour = m_theme.color(gained ? Tone::Up : Tone::Down);
    QPainterPath line(placeOf(0));
    for (std::size_t i = 1; i < m_points.size(); ++i)
        line.lineTo(placeOf(i));
    QPainterPath under = line;
    under.lineTo(placeOf(m_points.size() - 1).x(), plot().bottom());
    under.lineTo(placeOf(0).x(), plot().bottom());
    under.closeSubpath();
    QColor shade = colour;
    shade.setAlpha(28);
    painter.fillPath(under, shade);
    painter.setPen(QPen(colour, 1.6));
    painter.drawPath(line);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(placeOf(m_points.size() - 1), 2.5, 2.5);
}

void EquityChart::paintMark(QPainter &painter) const
{
    if (!m_marked || *m_marked >= m_points.size())
        return;
    const QPointF place = placeOf(*m_marked);
    painter.setPen(QPen(m_theme.color(Tone::Muted), 1, Qt::DotLine));
    painter.drawLine(QPointF(place.x(), plot().top()), QPointF(place.x(), plot().bottom()));
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(Tone::Plain));
    painter.drawEllipse(place, 3, 3);
    const EquityPoint &point = m_points[*m_marked];
    const QString text = dayText(point.day) + QStringLiteral(" · ") + amountText(point.equity());
    painter.setPen(m_theme.color(Tone::Plain));
    painter.drawText(QRectF(plot().left(), 2, plot().width(), plot().top() - 4),
                     Qt::AlignRight | Qt::AlignVCenter, text);
}

void EquityChart::mouseMoveEvent(QMouseEvent *event)
{
    m_marked = pointAt(event->pos().x());
    update();
}

void EquityChart::leaveEvent(QEvent *)
{
    m_marked.reset();
    update();
}

} // namespace khop::ui
