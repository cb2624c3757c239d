// SPDX-License-Identifier: GPL-3.0-or-later
// What the main window does with files: statements in, records and the year out.
#include "ui/window/desk_actions.h"
#include "ui/window/export_dialogs.h"
#include "ui/window/import_dialog.h"
#include "ui/window/main_window.h"

#include <QMenu>
#include <QMenuBar>

namespace khop::ui {

void MainWindow::buildFileMenu()
{
    m_fileMenu = menuBar()->addMenu(QString());
    m_fileMenu->addAction(m_actions->importStatement);
    m_fileMenu->addSeparator();
    m_fileMenu->addActions({m_actions->exportRecords, m_actions->yearStatement});
    m_fileMenu->addSeparator();
    m_fileMenu->addAction(m_actions->exportCsv);
    m_fileMenu->addSeparator();
    m_fileMenu->addAction(m_actions->quit);
}

void MainWindow::connectStatements(AccountNo account)
{
    const auto show = [](QDialog *dialog) {
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    };
    connect(m_actions->importStatement, &QAction::triggered, this,
            [this, account, show] { show(new ImportDialog(m_feed, account, this)); });
    connect(m_actions->exportRecords, &QAction::triggered, this,
            [this, account, show] { show(new ExportDialog(m_feed, account, this)); });
    connect(m_actions->yearStatement, &QAction::triggered, this,
            [this, account, show] { show(new YearDialog(m_feed, account, this)); });
}

} // namespace khop::ui
