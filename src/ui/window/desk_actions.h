// SPDX-License-Identifier: GPL-3.0-or-later
// The verbs of the desk. Menu, context menu, buttons and keys share these actions.
#pragma once

#include <QAction>
#include <QObject>

namespace khop::ui {

class DeskActions final : public QObject
{
    Q_OBJECT

public:
    explicit DeskActions(QObject *parent);

    QAction *buy;
    QAction *sell;
    QAction *send;
    QAction *search;
    QAction *amend;
    QAction *cancel;
    QAction *cancelAll;
    QAction *exportCsv;
    QAction *corporateActions;
    QAction *importStatement;
    QAction *exportRecords;
    QAction *yearStatement;
    QAction *askBeforeSending;
    QAction *resetLayout;
    QAction *dark;
    QAction *light;
    QAction *vietnamese;
    QAction *english;
    QAction *pause;
    QAction *step;
    QAction *nextSession;
    QAction *resetPractice;
    QAction *record;
    QAction *replay;
    QAction *stopReplay;
    QAction *candles;
    QAction *shortcuts;
    QAction *about;
    QAction *quit;

    void retranslate();
    /// Actions with a key, for the list of shortcuts.
    QList<QAction *> withKeys() const;

    /// Text fields claim some of the keys (Ctrl+E and Ctrl+K are theirs on X11); on the desk they mean the
    /// desk's verbs, wherever the cursor stands. Installed on the application.
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QAction *make(const char *objectName, const QKeySequence &key = {});
};

} // namespace khop::ui
