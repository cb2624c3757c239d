// SPDX-License-Identifier: GPL-3.0-or-later
// The price board with its exchange tabs and symbol filter.
#pragma once

#include "ui/models/board_model.h"
#include "ui/models/desk_feed.h"
#include "ui/models/table_filter.h"
#include "ui/views/cell_table.h"

#include <QWidget>

class QLineEdit;
class QTabBar;

namespace khop::ui {

class BoardPanel final : public QWidget
{
    Q_OBJECT

public:
    BoardPanel(DeskFeed &feed, const Theme &theme, QWidget *parent = nullptr);

    BoardModel *model() { return &m_model; }
    CellTable *table() { return m_table; }
    InstrumentIndex selected() const;
    void select(InstrumentIndex instrument);
    void focusFilter();
    void focusTable();
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);

Q_SIGNALS:
    void instrumentSelected(khop::InstrumentIndex instrument);
    /// A price was double-clicked (or the row, without one); `side` is the order it suggests.
    void ticketWanted(khop::InstrumentIndex instrument, khop::Side side,
                      std::optional<khop::Price> price);

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void applyFilter();
    void spreadColumns();
    void fillTabs();
    void showMenu(const QPoint &at);
    void open(const QModelIndex &index);
    void retranslate();
    int sourceRow(const QModelIndex &index) const;

    DeskFeed &m_feed;
    BoardModel m_model;
    TableFilter m_filter;
    CellTable *m_table;
    QTabBar *m_tabs;
    QLineEdit *m_search;
};

} // namespace khop::ui
