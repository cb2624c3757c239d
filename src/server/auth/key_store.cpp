// SPDX-License-Identifier: GPL-3.0-or-later
// API keys as rows. Their secrets are derived and in no row.
#include "server/auth/identity_db.h"
#include "server/auth/user_store.h"

using namespace Qt::StringLiterals;

namespace khop::server {

Result<std::uint64_t> UserStore::insertKey(const ApiKey &key) const
{
    IdentityDb db(m_database);
    const QSqlQuery row =
        db.query(u"INSERT INTO identity_api_keys(key_id, user_id, label, scope, granted_role, salt,"
                 " created_at, expires_at) VALUES(?,?,?,?,?,?,?,?)"_s,
                 {text(key.id.text()), text(key.userId.text()), text(key.label),
                  text(std::string(name(key.scope))), text(std::string(name(key.grantedRole))),
                  blob(key.salt), static_cast<qlonglong>(key.createdAt),
                  static_cast<qlonglong>(key.expiresAt)});
    if (!db.ok())
        return db.error();
    return row.lastInsertId().toULongLong();
}

Result<void> UserStore::removeKey(const Uuid &id) const
{
    IdentityDb db(m_database);
    db.run(u"DELETE FROM identity_api_keys WHERE key_id = ?"_s, {text(id.text())});
    if (!db.ok())
        return db.error();
    return {};
}

Result<std::vector<ApiKey>> UserStore::keys() const
{
    IdentityDb db(m_database);
    QSqlQuery row = db.query(u"SELECT key_id, user_id, no, label, scope, granted_role, salt,"
                             " created_at, expires_at FROM identity_api_keys ORDER BY no"_s);
    if (!db.ok())
        return db.error();
    std::vector<ApiKey> keys;
    while (row.next()) {
        ApiKey key;
        key.id = Uuid::parse(row.value(0).toString().toStdString()).value_or(Uuid{});
        key.userId = Uuid::parse(row.value(1).toString().toStdString()).value_or(Uuid{});
        key.no = row.value(2).toULongLong();
        key.label = row.value(3).toString().toStdString();
        key.scope =
            keyScopeFromName(row.value(4).toString().toStdString()).value_or(KeyScope::Read);
        key.grantedRole =
            roleFromName(row.value(5).toString().toStdString()).value_or(Role::Viewer);
        key.salt = row.value(6).toByteArray().toStdString();
        key.createdAt = row.value(7).toLongLong();
        key.expiresAt = row.value(8).toLongLong();
        keys.push_back(std::move(key));
    }
    return keys;
}

} // namespace khop::server
