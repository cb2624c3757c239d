// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/board_header.h"

#include "ui/models/board_model.h"

#include <QPainter>

namespace khop::ui {

namespace {

constexpr int linePadding = 6;

}

BoardHeader::BoardHeader(const Theme &theme, QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
    , m_theme(theme)
{
    setSectionsClickable(true);
    setSortIndicatorShown(true);
}

QSize BoardHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), 2 * (fontMetrics().height() + linePadding)};
}

void BoardHeader::paintSection(QPainter *painter, const QRect &rect, int column) const
{
    painter->save();
    painter->setClipRect(rect);
    painter->fillRect(rect, m_theme.headerBackground());
    painter->setPen(m_theme.grid());
    const int half = rect.height() / 2;
    const QString group = BoardModel::groupOf(column);
    const auto [first, last] = BoardModel::groupRange(column);

    QRect label = rect;
    if (!group.isEmpty()) {
        const int left = sectionViewportPosition(first);
        const int right = sectionViewportPosition(last) + sectionSize(last);
        const QRect caption(left, rect.top(), right - left, half);
        painter->drawLine(rect.left(), rect.top() + half, rect.right(), rect.top() + half);
        painter->setPen(m_theme.color(Tone::Plain));
        // Each section draws its part of the caption that spans the group.
        painter->drawText(caption, Qt::AlignCenter | Qt::TextSingleLine, group);
        label.setTop(rect.top() + half);
        painter->setPen(m_theme.grid());
    }
    if (column == last)
        painter->drawLine(rect.topRight(), rect.bottomRight());
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());

    painter->setPen(m_theme.color(Tone::Muted));
    const QString title = model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    painter->drawText(label, Qt::AlignCenter | Qt::TextSingleLine, title);
    if (isSortIndicatorShown() && sortIndicatorSection() == column) {
        painter->setPen(QPen(m_theme.color(Tone::Reference), 2));
        const int y =
            sortIndicatorOrder() == Qt::AscendingOrder ? rect.bottom() - 1 : label.top() + 1;
        painter->drawLine(rect.left() + 4, y, rect.right() - 4, y);
    }
    painter->restore();
}

} // namespace khop::ui
