// SPDX-License-Identifier: GPL-3.0-or-later
// A scroll area that gives way from top to bottom only: it is never narrower than what it shows.
#pragma once

#include <QScrollArea>

namespace khop::ui {

/// Keeps room for the vertical bar at all times, so that its content does not move sideways when
/// the bar comes. The width follows the content's texts and fonts.
class VerticalScroll : public QScrollArea
{
    Q_OBJECT

public:
    /// Takes ownership of the content.
    VerticalScroll(QWidget *content, QWidget *parent);

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace khop::ui
