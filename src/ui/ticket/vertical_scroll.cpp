// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ticket/vertical_scroll.h"

#include <QEvent>
#include <QScrollBar>

namespace khop::ui {

VerticalScroll::VerticalScroll(QWidget *content, QWidget *parent) : QScrollArea(parent)
{
    setWidget(content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    content->installEventFilter(this);
}

QSize VerticalScroll::minimumSizeHint() const
{
    QSize hint = QScrollArea::minimumSizeHint();
    if (widget()) {
        hint.setWidth(widget()->minimumSizeHint().width()
                      + verticalScrollBar()->sizeHint().width());
    }
    return hint;
}

bool VerticalScroll::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QScrollArea::eventFilter(watched, event);
}

} // namespace khop::ui
