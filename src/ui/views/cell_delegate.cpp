// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/cell_delegate.h"

#include "ui/models/cell_model.h"

#include <QPainter>
#include <QPainterPath>

namespace khop::ui {

namespace {

constexpr int padding = 4;
constexpr int arrowWidth = 8;

void drawArrow(QPainter *painter, const QRect &rect, int direction)
{
    const qreal x = rect.left() + padding + 3.0;
    const qreal y = rect.center().y() + 0.5;
    const qreal half = 3.0 * direction;
    QPainterPath triangle;
    triangle.moveTo(x - 3.0, y + half);
    triangle.lineTo(x + 3.0, y + half);
    triangle.lineTo(x, y - half);
    triangle.closeSubpath();
    painter->setRenderHint(QPainter::Antialiasing, true);
    painter->fillPath(triangle, painter->pen().color());
    painter->setRenderHint(QPainter::Antialiasing, false);
}

} // namespace

CellDelegate::CellDelegate(const Theme &theme, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const Cell cell = index.data(CellDataRole).value<Cell>();
    const QRect rect = option.rect;
    const bool selected = option.state.testFlag(QStyle::State_Selected);

    QColor ground = index.row() % 2 != 0 ? m_theme.boardAlternate() : m_theme.boardBackground();
    if (m_grouped && m_grouped(index.column()))
        ground = m_theme.boardGroup();
    painter->fillRect(rect, ground);
    if (selected) {
        QColor highlight = option.palette.color(QPalette::Highlight);
        highlight.setAlpha(110);
        painter->fillRect(rect, highlight);
    }
    if (m_flashing && m_flashing(index))
        painter->fillRect(rect, m_theme.flash(cell.tone));
    if (cell.fill > 0) {
        QColor bar = m_theme.color(cell.tone);
        bar.setAlpha(48);
        const int width = static_cast<int>(rect.width() * cell.fill);
        const bool fromRight = cell.alignment.testFlag(Qt::AlignRight);
        painter->fillRect(fromRight ? rect.right() - width + 1 : rect.left(), rect.top() + 1, width,
                          rect.height() - 2, bar);
    }
    if (cell.text.isEmpty())
        return;

    painter->setPen(m_theme.color(cell.tone));
    if (cell.strong && !option.font.bold()) {
        QFont font = option.font;
        font.setBold(true);
        painter->setFont(font);
    } else {
        painter->setFont(option.font);
    }
    if (cell.direction != 0)
        drawArrow(painter, rect, cell.direction);
    const QRect textRect = rect.adjusted(padding, 0, -padding, 0);
    const QString text =
        painter->fontMetrics().elidedText(cell.text, Qt::ElideRight, textRect.width());
    painter->drawText(textRect, cell.alignment.toInt() | Qt::TextSingleLine, text);
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Cell cell = index.data(CellDataRole).value<Cell>();
    QFont font = option.font;
    font.setBold(cell.strong);
    const QFontMetrics metrics(font);
    const int width = metrics.horizontalAdvance(cell.text) + 2 * padding + 3
                      + (cell.direction != 0 ? arrowWidth : 0);
    return {width, metrics.height() + 6};
}

} // namespace khop::ui
