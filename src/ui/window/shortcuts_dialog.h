// SPDX-License-Identifier: GPL-3.0-or-later
// The keys, listed.
#pragma once

#include <QDialog>

class QAction;

namespace khop::ui {

class ShortcutsDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent = nullptr);
};

} // namespace khop::ui
