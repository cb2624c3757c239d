// SPDX-License-Identifier: GPL-3.0-or-later
// The table models' common ground: a table of cells that a delegate paints from one fetch. The model
// decides nothing; it writes what it was given.
#pragma once

#include "ui/theme.h"

#include <QAbstractTableModel>
#include <QMetaType>
#include <QString>

#include <vector>

namespace khop::ui {

enum CellRole {
    CellDataRole = Qt::UserRole + 1, // Cell
    OrderRole,                       // what the column is sorted by
    PlainRole,                       // text for files: no grouping, whole currency units
    WidestRole                       // of a header: the longest text its column usually holds
};

struct Cell {
    QString text;
    Tone tone = Tone::Plain;
    Qt::Alignment alignment = Qt::AlignRight | Qt::AlignVCenter;
    bool strong = false;
    int direction = 0; // 1 up, -1 down: drawn as an arrow, for eyes that see no colour
    double fill = 0;   // 0…1: share of the cell a volume bar covers (pixels, not money)
};

struct ColumnText {
    QString title;
    QString hint = {}; // what the short title stands for
};

class CellModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex &parent = {}) const final;
    int columnCount(const QModelIndex &parent = {}) const final;
    QVariant data(const QModelIndex &index, int role) const final;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

    /// Tells the views that every text is to be read again.
    void retranslate();

protected:
    virtual int rows() const = 0;
    virtual int columns() const = 0;
    virtual Cell cell(int row, int column) const = 0;
    virtual QVariant order(int row, int column) const = 0;
    virtual QString plain(int row, int column) const = 0;
    virtual ColumnText columnText(int column) const = 0;
    virtual QString hint(int, int) const { return {}; }
    virtual QString widest(int) const { return {}; }

    /// Announces changed rows (any order, duplicates allowed) as contiguous ranges.
    void announceRows(std::vector<int> rows, int firstColumn, int lastColumn);
};

} // namespace khop::ui

Q_DECLARE_METATYPE(khop::ui::Cell)
