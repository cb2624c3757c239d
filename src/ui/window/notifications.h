// SPDX-License-Identifier: GPL-3.0-or-later
// Non-modal notices in the corner of the window: fills, refusals, what was done. They go by themselves,
// the important ones later; a click sends one away.
#pragma once

#include "ui/theme.h"

#include <QWidget>

class QVBoxLayout;

namespace khop::ui {

class Notifications final : public QWidget
{
    Q_OBJECT

public:
    Notifications(const Theme &theme, QWidget *window);

    void show(Tone tone, const QString &title, const QString &text);
    QString newestText() const;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();

    const Theme &m_theme;
    QVBoxLayout *m_column;
};

} // namespace khop::ui
