// SPDX-License-Identifier: GPL-3.0-or-later
// A table of cells: fixed row heights, columns to choose, order and width kept, copy and CSV.
#pragma once

#include "ui/theme.h"
#include "ui/views/cell_delegate.h"

#include <QElapsedTimer>
#include <QTableView>
#include <QTimer>

#include <unordered_map>

class QSettings;

namespace khop::ui {

class CellTable : public QTableView
{
    Q_OBJECT

public:
    CellTable(const Theme &theme, const QString &objectName, QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;
    CellDelegate *cells() const { return m_delegate; }

    /// Lights the cell up for half a second. `row` and `column` are the source model's.
    void flash(int sourceRow, int sourceColumn);
    void clearFlashes();

    /// Widths from the contents and headers as they are now; not kept up with them afterwards.
    void fitColumns();
    std::vector<int> shownColumns() const;       ///< in visual order
    std::vector<int> selectedRowNumbers() const; ///< ascending
    void copySelection() const;
    void exportCsv(const QString &suggestedName);

    void saveState(QSettings &settings) const;
    /// False when nothing (usable) was saved.
    bool restoreState(const QSettings &settings);
    /// Columns hidden until the user asks for them.
    void setDefaultHidden(std::vector<int> columns);
    void showDefaultColumns();

    QList<QAction *> tableActions(); ///< copy, export, columns: for context menus

Q_SIGNALS:
    void problem(const QString &sentence);
    void resized();

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void endFlashes();
    void showColumnMenu(const QPoint &where);
    void retranslate();

    CellDelegate *m_delegate;
    QTimer m_flashTimer;
    QElapsedTimer m_clock;
    std::unordered_map<std::int64_t, qint64> m_flashes; // cell -> when it ends
    std::vector<int> m_defaultHidden;
    QAction *m_copy;
    QAction *m_export;
    QAction *m_columns;
};

} // namespace khop::ui
