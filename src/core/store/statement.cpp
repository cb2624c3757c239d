// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/statement.h"

#include <QSqlDriver>
#include <QVariant>

#ifdef KHOP_SQLITE_HANDLE
#include <sqlite3.h>
#else
#include <QSqlError>
#include <QSqlQuery>
#endif

namespace khop {

#ifdef KHOP_SQLITE_HANDLE

struct Statement::Private {
    sqlite3 *db = nullptr;
    sqlite3_stmt *statement = nullptr;
    int at = 0;
    ~Private() { sqlite3_finalize(statement); }
};

bool Statement::prepare(const QSqlDatabase &db, const QString &sql)
{
    const QVariant handle = db.driver()->handle();
    if (!handle.isValid() || qstrcmp(handle.typeName(), "sqlite3*") != 0)
        return false;
    d->db = *static_cast<sqlite3 *const *>(handle.data());
    const QByteArray text = sql.toUtf8();
    return d->db
           && sqlite3_prepare_v3(d->db, text.constData(), static_cast<int>(text.size()),
                                 SQLITE_PREPARE_PERSISTENT, &d->statement, nullptr)
                  == SQLITE_OK;
}

void Statement::bind(std::int64_t value) { sqlite3_bind_int64(d->statement, ++d->at, value); }
void Statement::bindNull() { sqlite3_bind_null(d->statement, ++d->at); }
void Statement::bindText(std::string_view text)
{
    sqlite3_bind_text64(d->statement, ++d->at, text.data(), text.size(), SQLITE_STATIC,
                        SQLITE_UTF8);
}
void Statement::bindBytes(std::string_view bytes)
{
    if (bytes.empty())
        sqlite3_bind_zeroblob(d->statement, ++d->at, 0);
    else
        sqlite3_bind_blob64(d->statement, ++d->at, bytes.data(), bytes.size(), SQLITE_STATIC);
}

bool Statement::execute()
{
    const int outcome = sqlite3_step(d->statement);
    d->at = 0;
    return sqlite3_reset(d->statement) == SQLITE_OK && outcome == SQLITE_DONE;
}

QString Statement::errorText() const { return QString::fromUtf8(sqlite3_errmsg(d->db)); }

#else

struct Statement::Private {
    QSqlQuery query;
    int at = 0;
};

bool Statement::prepare(const QSqlDatabase &db, const QString &sql)
{
    d->query = QSqlQuery(db);
    return d->query.prepare(sql);
}

void Statement::bind(std::int64_t value)
{
    d->query.bindValue(d->at++, QVariant::fromValue<qlonglong>(value));
}
void Statement::bindNull() { d->query.bindValue(d->at++, QVariant()); }
void Statement::bindText(std::string_view text)
{
    d->query.bindValue(d->at++,
                       QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
}
void Statement::bindBytes(std::string_view bytes)
{
    d->query.bindValue(d->at++, QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())));
}

bool Statement::execute()
{
    d->at = 0;
    return d->query.exec();
}

QString Statement::errorText() const { return d->query.lastError().text(); }

#endif

void Statement::bind(const RowValues &row)
{
    for (std::size_t i = 0; i < row.size(); ++i) {
        const RowValues::Value &value = row[i];
        switch (value.kind) {
        case RowValues::Kind::Null: bindNull(); break;
        case RowValues::Kind::Integer: bind(value.integer); break;
        case RowValues::Kind::Text: bindText(value.text); break;
        case RowValues::Kind::Bytes: bindBytes(value.text);
        }
    }
}

Statement::Statement() : d(std::make_unique<Private>()) {}
Statement::~Statement() = default;

} // namespace khop
