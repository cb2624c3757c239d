// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/user_store.h"

#include "base/bounds.h"
#include "server/auth/identity_db.h"

#include <unordered_map>
#include <vector>

using namespace Qt::StringLiterals;

namespace khop::server {

namespace {

QString countedWhen(const QString &change, const QString &table)
{
    return u"CREATE TRIGGER %2_%1 AFTER %1 ON %2 BEGIN UPDATE identity_changes SET number ="
           " number + 1; END"_s.arg(change, table);
}

// Entry n brings the tables from version n to n + 1.
const std::vector<QStringList> migrations{
    {
        u"CREATE TABLE identity_users(user_id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE,"
        " password_hash TEXT NOT NULL, role TEXT NOT NULL, account_id TEXT NOT NULL UNIQUE,"
        " email TEXT NOT NULL, full_name TEXT NOT NULL, created_at INTEGER NOT NULL,"
        " active INTEGER NOT NULL)"_s,
        u"CREATE TABLE identity_refresh_tokens(hash BLOB PRIMARY KEY, family TEXT NOT NULL,"
        " user_id TEXT NOT NULL, access_id TEXT NOT NULL, expires_at INTEGER NOT NULL,"
        " used INTEGER NOT NULL) WITHOUT ROWID"_s,
        u"CREATE INDEX identity_refresh_family ON identity_refresh_tokens(family)"_s,
        u"CREATE INDEX identity_refresh_access ON identity_refresh_tokens(access_id)"_s,
        u"CREATE TABLE identity_revoked(access_id TEXT PRIMARY KEY, expires_at INTEGER NOT NULL)"
        " WITHOUT ROWID"_s,
    },
    {
        u"ALTER TABLE identity_users ADD COLUMN foreign_investor INTEGER NOT NULL DEFAULT 0"_s,
    },
    {
        u"CREATE TABLE identity_accounts(account_id TEXT PRIMARY KEY, user_id TEXT NOT NULL,"
        " label TEXT NOT NULL, created_at INTEGER NOT NULL)"_s,
        u"CREATE INDEX identity_accounts_user ON identity_accounts(user_id, created_at)"_s,
    },
    {
        u"ALTER TABLE identity_users ADD COLUMN live INTEGER NOT NULL DEFAULT 0"_s,
        u"ALTER TABLE identity_users ADD COLUMN tokens_after INTEGER NOT NULL DEFAULT 0"_s,
        u"CREATE INDEX identity_refresh_user ON identity_refresh_tokens(user_id)"_s,
        u"CREATE TABLE identity_api_keys(no INTEGER PRIMARY KEY AUTOINCREMENT, key_id TEXT NOT NULL"
        " UNIQUE, user_id TEXT NOT NULL, label TEXT NOT NULL, scope TEXT NOT NULL, granted_role "
        "TEXT"
        " NOT NULL, salt BLOB NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL)"_s,
        u"CREATE INDEX identity_api_keys_user ON identity_api_keys(user_id)"_s,
        // Whoever changes something counts it, so that a server beside notices.
        u"CREATE TABLE identity_changes(number INTEGER NOT NULL)"_s,
        u"INSERT INTO identity_changes VALUES(0)"_s,
        countedWhen(u"INSERT"_s, u"identity_users"_s),
        countedWhen(u"UPDATE"_s, u"identity_users"_s),
        countedWhen(u"INSERT"_s, u"identity_accounts"_s),
        countedWhen(u"INSERT"_s, u"identity_api_keys"_s),
        countedWhen(u"DELETE"_s, u"identity_api_keys"_s),
    },
};

const int schemaVersion = static_cast<int>(migrations.size());

const QString userColumns = u"user_id, username, password_hash, role, account_id, email, full_name,"
                            " created_at, active, foreign_investor, live, tokens_after"_s;

StoredUser userFrom(const QSqlQuery &row)
{
    StoredUser stored;
    stored.user.id = Uuid::parse(row.value(0).toString().toStdString()).value_or(Uuid{});
    stored.user.username = row.value(1).toString().toStdString();
    stored.passwordHash = row.value(2).toString().toStdString();
    stored.user.role = roleFromName(row.value(3).toString().toStdString()).value_or(Role::Viewer);
    stored.user.accountId = Uuid::parse(row.value(4).toString().toStdString()).value_or(Uuid{});
    stored.user.email = row.value(5).toString().toStdString();
    stored.user.fullName = row.value(6).toString().toStdString();
    stored.user.createdAt = row.value(7).toLongLong();
    stored.user.active = row.value(8).toBool();
    stored.user.foreign = row.value(9).toBool();
    stored.user.live = row.value(10).toBool();
    stored.user.tokensAfter = row.value(11).toLongLong();
    return stored;
}

FurtherAccount accountFrom(const QSqlQuery &row)
{
    return {Uuid::parse(row.value(0).toString().toStdString()).value_or(Uuid{}),
            row.value(1).toString().toStdString(), row.value(2).toLongLong()};
}

void readAccounts(IdentityDb &db, User &user)
{
    QSqlQuery row = db.query(u"SELECT account_id, label, created_at FROM identity_accounts"
                             " WHERE user_id = ? ORDER BY created_at, account_id"_s,
                             {text(user.id.text())});
    while (db.ok() && row.next())
        user.further.push_back(accountFrom(row));
}

/// The only user of a query, with his accounts.
Result<std::optional<StoredUser>> oneUser(IdentityDb &db, QSqlQuery row)
{
    if (!db.ok())
        return db.error();
    if (!row.next())
        return std::optional<StoredUser>();
    StoredUser stored = userFrom(row);
    row.finish();
    readAccounts(db, stored.user);
    if (!db.ok())
        return db.error();
    return std::optional(std::move(stored));
}

} // namespace

Result<void> UserStore::migrate() const
{
    IdentityDb db(m_database);
    db.begin();
    db.run(u"CREATE TABLE IF NOT EXISTS identity_schema(version INTEGER NOT NULL)"_s);
    int version = 0;
    {
        QSqlQuery row = db.query(u"SELECT max(version) FROM identity_schema"_s);
        if (db.ok() && row.next())
            version = row.value(0).toInt();
    }
    if (db.ok() && version > schemaVersion) {
        return refuse(Code::STORE_ERROR, "database", m_database.toStdString(),
                      "its user tables have version " + std::to_string(version)
                          + ", made by a newer program; this one knows "
                          + std::to_string(schemaVersion));
    }
    for (int next = version; next < schemaVersion && db.ok(); ++next) {
        for (const QString &statement : migrations[static_cast<std::size_t>(next)])
            db.run(statement);
        db.run(u"INSERT INTO identity_schema VALUES(?)"_s, {next + 1});
    }
    db.commit();
    if (!db.ok())
        return db.error();
    return {};
}

Result<void> UserStore::insertUser(const StoredUser &stored) const
{
    IdentityDb db(m_database);
    db.begin();
    {
        QSqlQuery row = db.query(u"SELECT 1 FROM identity_users WHERE username = ?"_s,
                                 {text(stored.user.username)});
        if (db.ok() && row.next()) {
            row.finish();
            db.commit();
            return refuse(Code::VALIDATION_ERROR, "username", stored.user.username,
                          std::string(nameNotTaken));
        }
    }
    db.run(u"INSERT INTO identity_users(%1) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"_s.arg(userColumns),
           {text(stored.user.id.text()), text(stored.user.username), text(stored.passwordHash),
            text(std::string(name(stored.user.role))), text(stored.user.accountId.text()),
            text(stored.user.email), text(stored.user.fullName),
            static_cast<qlonglong>(stored.user.createdAt), stored.user.active, stored.user.foreign,
            stored.user.live, static_cast<qlonglong>(stored.user.tokensAfter)});
    db.commit();
    if (!db.ok())
        return db.error();
    return {};
}

Result<void> UserStore::updateUser(const StoredUser &before, const StoredUser &after,
                                   bool endSessions) const
{
    IdentityDb db(m_database);
    const QString id = text(after.user.id.text());
    db.begin();
    const int changed =
        db.query(u"UPDATE identity_users SET password_hash = ?, role = ?, email = ?, full_name = ?,"
                 " active = ?, live = ?, tokens_after = ? WHERE user_id = ? AND password_hash = ?"
                 " AND role = ? AND active = ? AND live = ? AND tokens_after = ?"_s,
                 {text(after.passwordHash), text(std::string(name(after.user.role))),
                  text(after.user.email), text(after.user.fullName), after.user.active,
                  after.user.live, static_cast<qlonglong>(after.user.tokensAfter), id,
                  text(before.passwordHash), text(std::string(name(before.user.role))),
                  before.user.active, before.user.live,
                  static_cast<qlonglong>(before.user.tokensAfter)})
            .numRowsAffected();
    if (endSessions)
        db.run(u"DELETE FROM identity_refresh_tokens WHERE user_id = ?"_s, {id});
    db.commit();
    if (!db.ok())
        return db.error();
    if (changed != 1)
        return refuse(Code::OVERLOADED);
    return {};
}

Result<std::optional<StoredUser>> UserStore::findUser(const std::string &username) const
{
    IdentityDb db(m_database);
    return oneUser(db,
                   db.query(u"SELECT %1 FROM identity_users WHERE username = ?"_s.arg(userColumns),
                            {text(username)}));
}

Result<std::optional<StoredUser>> UserStore::findUser(const Uuid &id) const
{
    IdentityDb db(m_database);
    return oneUser(db,
                   db.query(u"SELECT %1 FROM identity_users WHERE user_id = ?"_s.arg(userColumns),
                            {text(id.text())}));
}

Result<std::vector<StoredUser>> UserStore::users() const
{
    IdentityDb db(m_database);
    QSqlQuery row =
        db.query(u"SELECT %1 FROM identity_users ORDER BY created_at, user_id"_s.arg(userColumns));
    if (!db.ok())
        return db.error();
    std::vector<StoredUser> users;
    std::unordered_map<Uuid, std::size_t> places;
    while (row.next()) {
        users.push_back(userFrom(row));
        places[users.back().user.id] = users.size() - 1;
    }
    row = db.query(u"SELECT account_id, label, created_at, user_id FROM identity_accounts"
                   " ORDER BY created_at, account_id"_s);
    while (db.ok() && row.next()) {
        const auto owner = Uuid::parse(row.value(3).toString().toStdString());
        const auto place = owner ? places.find(*owner) : places.end();
        if (place != places.end())
            users[place->second].user.further.push_back(accountFrom(row));
    }
    if (!db.ok())
        return db.error();
    return users;
}

Result<void> UserStore::insertAccount(const Uuid &userId, const FurtherAccount &account) const
{
    IdentityDb db(m_database);
    db.run(u"INSERT INTO identity_accounts VALUES(?,?,?,?)"_s,
           {text(account.id.text()), text(userId.text()), text(account.label),
            static_cast<qlonglong>(account.createdAt)});
    if (!db.ok())
        return db.error();
    return {};
}

Result<void> UserStore::insertRefresh(const RefreshRow &row) const
{
    IdentityDb db(m_database);
    db.run(u"INSERT INTO identity_refresh_tokens VALUES(?,?,?,?,?,0)"_s,
           {blob(row.hash), text(row.family), text(row.userId.text()), text(row.accessId),
            static_cast<qlonglong>(row.expiresAt)});
    if (!db.ok())
        return db.error();
    return {};
}

Result<void> UserStore::removeRefresh(const std::string &hash) const
{
    IdentityDb db(m_database);
    db.run(u"DELETE FROM identity_refresh_tokens WHERE hash = ?"_s, {blob(hash)});
    if (!db.ok())
        return db.error();
    return {};
}

Result<std::optional<RefreshRow>> UserStore::useRefresh(const std::string &hash) const
{
    IdentityDb db(m_database);
    db.begin();
    std::optional<RefreshRow> found;
    {
        QSqlQuery row = db.query(u"SELECT family, user_id, access_id, expires_at, used"
                                 " FROM identity_refresh_tokens WHERE hash = ?"_s,
                                 {blob(hash)});
        if (db.ok() && row.next()) {
            found = RefreshRow{hash,
                               row.value(0).toString().toStdString(),
                               Uuid::parse(row.value(1).toString().toStdString()).value_or(Uuid{}),
                               row.value(2).toString().toStdString(),
                               row.value(3).toLongLong(),
                               row.value(4).toBool()};
        }
    }
    if (found && !found->used)
        db.run(u"UPDATE identity_refresh_tokens SET used = 1 WHERE hash = ?"_s, {blob(hash)});
    db.commit();
    if (!db.ok())
        return db.error();
    return found;
}

Result<std::vector<std::string>> UserStore::revokeFamily(const std::string &family,
                                                         std::int64_t until) const
{
    IdentityDb db(m_database);
    db.begin();
    std::vector<std::string> accessIds;
    {
        QSqlQuery row = db.query(
            u"SELECT access_id FROM identity_refresh_tokens WHERE family = ?"_s, {text(family)});
        while (db.ok() && row.next())
            accessIds.push_back(row.value(0).toString().toStdString());
    }
    for (const std::string &id : accessIds)
        db.run(u"INSERT OR IGNORE INTO identity_revoked VALUES(?,?)"_s,
               {text(id), static_cast<qlonglong>(until)});
    db.run(u"UPDATE identity_refresh_tokens SET used = 1 WHERE family = ?"_s, {text(family)});
    db.commit();
    if (!db.ok())
        return db.error();
    return accessIds;
}

Result<std::optional<std::string>> UserStore::familyOfAccess(const std::string &accessId) const
{
    IdentityDb db(m_database);
    QSqlQuery row = db.query(u"SELECT family FROM identity_refresh_tokens WHERE access_id = ?"_s,
                             {text(accessId)});
    if (!db.ok())
        return db.error();
    return row.next() ? std::optional(row.value(0).toString().toStdString()) : std::nullopt;
}

Result<void> UserStore::revokeAccess(const std::string &accessId, std::int64_t until) const
{
    IdentityDb db(m_database);
    db.run(u"INSERT OR IGNORE INTO identity_revoked VALUES(?,?)"_s,
           {text(accessId), static_cast<qlonglong>(until)});
    if (!db.ok())
        return db.error();
    return {};
}

Result<std::vector<std::string>> UserStore::revoked(std::int64_t now) const
{
    IdentityDb db(m_database);
    QSqlQuery row = db.query(u"SELECT access_id FROM identity_revoked WHERE expires_at > ?"_s,
                             {static_cast<qlonglong>(now)});
    if (!db.ok())
        return db.error();
    std::vector<std::string> ids;
    while (row.next())
        ids.push_back(row.value(0).toString().toStdString());
    return ids;
}

Result<std::int64_t> UserStore::changes() const
{
    IdentityDb db(m_database);
    QSqlQuery row = db.query(u"SELECT number FROM identity_changes"_s);
    if (!db.ok())
        return db.error();
    return row.next() ? row.value(0).toLongLong() : 0;
}

Result<void> UserStore::removeExpired(std::int64_t now) const
{
    IdentityDb db(m_database);
    db.run(u"DELETE FROM identity_refresh_tokens WHERE expires_at <= ?"_s,
           {static_cast<qlonglong>(now)});
    db.run(u"DELETE FROM identity_revoked WHERE expires_at <= ?"_s, {static_cast<qlonglong>(now)});
    if (!db.ok())
        return db.error();
    return {};
}

} // namespace khop::server
