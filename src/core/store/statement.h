// SPDX-License-Identifier: GPL-3.0-or-later
// A prepared statement of the hot path. Where Qt's SQLite driver uses the system's SQLite, it is
// prepared on the driver's own handle, which costs half of QSqlQuery per row (QSqlResult::bindValue makes
// a name for every position); elsewhere it is a QSqlQuery. Same behaviour either way.
#pragma once

#include "store/row_values.h"

#include <QSqlDatabase>
#include <QString>

#include <cstdint>
#include <memory>
#include <string_view>

namespace khop {

class Statement
{
public:
    Statement();
    ~Statement();
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;

    bool prepare(const QSqlDatabase &db, const QString &sql);

    // In the order of the question marks. Text and bytes must live until execute().
    void bind(std::int64_t value);
    void bindNull();
    void bindText(std::string_view text); // UTF-8
    void bindBytes(std::string_view bytes);
    void bind(const RowValues &row);

    /// Runs the statement and makes it ready for the next values.
    bool execute();
    QString errorText() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace khop
