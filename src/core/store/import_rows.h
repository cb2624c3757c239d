// SPDX-License-Identifier: GPL-3.0-or-later
// Batches of imported statements and their rows as rows of the database.
#pragma once

#include "engine/imports.h"
#include "store/statement.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QStringList>

namespace khop {

inline constexpr auto importColumns =
    "no,id,account,kind,currency,file_name,format,rows,duplicates,covered,applied_at,undone_at";
inline constexpr auto importRowColumns =
    "no,batch,account,currency,line,day,kind,instrument,side,quantity,price,value,fee,tax,words,"
    "key,realized";

/// The statements that bring a database to where it has their tables.
QStringList importMigration();

class ImportStatements
{
public:
    bool prepare(const QSqlDatabase &db);
    /// Empty, or what went wrong.
    QString write(const ImportChange &change);

private:
    bool writeRow(const ImportedRow &row);

    Statement m_batch, m_row, m_undone;
};

ImportRecord importOf(const QSqlQuery &row);
ImportedRow importRowOf(const QSqlQuery &row);

} // namespace khop
