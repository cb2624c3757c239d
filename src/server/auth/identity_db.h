// SPDX-License-Identifier: GPL-3.0-or-later
// A short-lived connection to the tables of users, for the thread that makes it.
#pragma once

#include "base/result.h"

#include <QtCore/quuid.h>
#include <QtSql/qsqldatabase.h>
#include <QtSql/qsqlerror.h>
#include <QtSql/qsqlquery.h>

#include <initializer_list>
#include <string>

namespace khop::server {

inline QString text(const std::string &value) { return QString::fromStdString(value); }
inline QByteArray blob(const std::string &bytes) { return QByteArray::fromStdString(bytes); }

/// One connection, closed and removed with the object.
class IdentityDb
{
public:
    explicit IdentityDb(const QString &database)
        : m_name(QStringLiteral("khop-identity-") + QUuid::createUuid().toString(QUuid::Id128))
    {
        m_db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name);
        m_db.setDatabaseName(database);
        m_db.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=10000"));
        if (!m_db.open()) {
            m_error = m_db.lastError().text();
            return;
        }
        run(QStringLiteral("PRAGMA journal_mode=WAL"));
        run(QStringLiteral("PRAGMA synchronous=FULL"));
    }
    ~IdentityDb()
    {
        m_db.close();
        m_db = {};
        QSqlDatabase::removeDatabase(m_name);
    }
    IdentityDb(const IdentityDb &) = delete;
    IdentityDb &operator=(const IdentityDb &) = delete;

    QSqlQuery query(const QString &sql, std::initializer_list<QVariant> values = {})
    {
        QSqlQuery query(m_db);
        query.setForwardOnly(true);
        if (!m_error.isEmpty())
            return query;
        if (!query.prepare(sql)) {
            m_error = query.lastError().text();
            return query;
        }
        for (const QVariant &value : values)
            query.addBindValue(value);
        if (!query.exec())
            m_error = query.lastError().text();
        return query;
    }
    void run(const QString &sql, std::initializer_list<QVariant> values = {})
    {
        query(sql, values);
    }

    // A write lock from the first statement on: no upgrade that could fail as busy half-way.
    void begin() { run(QStringLiteral("BEGIN IMMEDIATE")); }
    void commit()
    {
        if (m_error.isEmpty())
            run(QStringLiteral("COMMIT"));
        else
            m_db.rollback();
    }

    bool ok() const { return m_error.isEmpty(); }
    std::unexpected<Error> error() const
    {
        return refuse(Code::STORE_ERROR, "database", m_db.databaseName().toStdString(),
                      m_error.toStdString());
    }

private:
    QString m_name;
    QSqlDatabase m_db;
    QString m_error;
};

} // namespace khop::server
