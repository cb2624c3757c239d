// SPDX-License-Identifier: GPL-3.0-or-later
// A blotter: a filter row over a table of cells.
#pragma once

#include "ui/models/cell_model.h"
#include "ui/models/table_filter.h"
#include "ui/views/cell_table.h"

#include <QWidget>

#include <functional>

class QComboBox;
class QLabel;
class QLineEdit;
class QToolBar;

namespace khop::ui {

class Blotter final : public QWidget
{
    Q_OBJECT

public:
    /// `textColumns` are searched by the filter's text.
    Blotter(CellModel &model, const Theme &theme, const QString &objectName,
            std::vector<int> textColumns, QWidget *parent = nullptr);

    CellTable *table() { return m_table; }
    /// Adds a drop-down of row conditions; `titles` is asked again when the language changes.
    void addChoice(std::function<QStringList()> titles,
                   std::function<bool(int sourceRow, int choice)> accepts);
    /// Buttons at the end of the filter row.
    void addAction(QAction *action);
    /// Actions put before the table's own in the context menu.
    void setMenuActions(QList<QAction *> actions) { m_menuActions = std::move(actions); }

    int sourceRow(int row) const;
    int currentSourceRow() const;
    std::vector<int> selectedSourceRows() const;
    void setSummary(const QString &text);
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);
    void resetState();

Q_SIGNALS:
    void activated(int sourceRow);

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyChoices();
    void showMenu(const QPoint &at);
    void retranslate();

    struct Choice {
        QComboBox *box;
        std::function<QStringList()> titles;
        std::function<bool(int, int)> accepts;
    };

    CellModel &m_model;
    TableFilter m_filter;
    CellTable *m_table;
    QLineEdit *m_search;
    QLabel *m_summary;
    QToolBar *m_bar;
    QAction *m_beforeSearch;
    std::vector<Choice> m_choices;
    std::vector<int> m_textColumns;
    QList<QAction *> m_menuActions;
    QString m_language; // the widths' own
    bool m_fitted = false;
};

} // namespace khop::ui
