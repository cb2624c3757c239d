// SPDX-License-Identifier: GPL-3.0-or-later
// Rows into the end of a table, a whole group by one statement. Where Statement uses the driver's own
// handle, the statement reads the rows from a virtual table (INSERT … SELECT * FROM khop_new_<table>), so
// that one cursor stays at the table's end; a statement for each row costs more than twice as much.
// Elsewhere it is a Statement for each row. Same behaviour either way.
#pragma once

#include "store/row_values.h"

#include <QSqlDatabase>
#include <QString>

#include <functional>
#include <memory>
#include <span>

namespace khop {

class BulkInsert
{
public:
    BulkInsert();
    ~BulkInsert();
    BulkInsert(const BulkInsert &) = delete;
    BulkInsert &operator=(const BulkInsert &) = delete;

    /// `columns`: their names with commas between; `count` of them, RowValues::most at most.
    bool prepare(const QSqlDatabase &db, const char *table, const char *columns, int count);

    /// Inserts what `next` adds to the empty row it is given, until it returns false.
    bool execute(const std::function<bool(RowValues &)> &next);
    template <class Record>
    bool execute(std::span<const Record> records, void (*add)(RowValues &, const Record &))
    {
        auto at = records.begin();
        return records.empty() || execute([&](RowValues &row) {
                   if (at == records.end())
                       return false;
                   add(row, *at++);
                   return true;
               });
    }
    QString errorText() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace khop
