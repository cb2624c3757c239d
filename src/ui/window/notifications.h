// SPDX-License-Identifier: GPL-3.0-or-later
// Non-modal notices in the corner of the window: fills, refusals, what was done. They go by themselves,
// the important ones later; what is shown only once stays until it is closed.
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
    /// Stays until it is closed; its text can be selected and copied.
    void keep(Tone tone, const QString &title, const QString &text);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void add(Tone tone, const QString &title, const QString &text, bool stays);
    void dismiss(QWidget *card);
    void place();

    const Theme &m_theme;
    QVBoxLayout *m_column;
};

} // namespace khop::ui
