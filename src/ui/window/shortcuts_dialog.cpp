// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/shortcuts_dialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>

namespace khop::ui {

using namespace Qt::StringLiterals;

ShortcutsDialog::ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent) : QDialog(parent)
{
    setObjectName(u"shortcutsDialog"_s);
    setWindowTitle(tr("Keyboard shortcuts"));
    auto *grid = new QGridLayout(this);
    grid->setHorizontalSpacing(24);
    int row = 0;
    const auto add = [this, grid, &row](const QString &keys, const QString &text) {
        auto *key = new QLabel(keys, this);
        QFont font = key->font();
        font.setBold(true);
        key->setFont(font);
        grid->addWidget(key, row, 0);
        grid->addWidget(new QLabel(text, this), row, 1);
        ++row;
    };
    for (const QAction *action : actions)
        add(action->shortcut().toString(QKeySequence::NativeText), action->text());
    add(u"Enter"_s,
        tr("On the ticket: next field; in the quantity: send; in the confirmation: confirm"));
    add(u"Tab"_s, tr("On the ticket: next field, the order type included"));
    add(u"↑ ↓"_s, tr("In the price: one price step; in the quantity: one lot"));
    add(u"Esc"_s, tr("Close the confirmation without sending"));
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *close = buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole);
    close->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    grid->addWidget(buttons, row, 0, 1, 2);
}

} // namespace khop::ui
