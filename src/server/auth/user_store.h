// SPDX-License-Identifier: GPL-3.0-or-later
// Users and tokens as rows. Every call opens its own short-lived connection on the calling thread.
#pragma once

#include "base/result.h"
#include "server/auth/api_key.h"
#include "server/auth/identity.h"

#include <QtCore/qstring.h>

#include <optional>
#include <string>
#include <vector>

namespace khop::server {

struct StoredUser {
    User user;
    std::string passwordHash;
};

struct RefreshRow {
    std::string hash;   // SHA-256 of the token, raw bytes
    std::string family; // all that were refreshed from one login
    Uuid userId;
    std::string accessId;       // jti of the access token given with it
    std::int64_t expiresAt = 0; // Unix seconds
    bool used = false;
};

class UserStore
{
public:
    explicit UserStore(QString database) : m_database(std::move(database)) {}

    /// Creates or upgrades the tables.
    Result<void> migrate() const;

    Result<void> insertUser(const StoredUser &user) const; // VALIDATION_ERROR on a taken name
    /// OVERLOADED when somebody else has changed the user's rights or password meanwhile. `endSessions`: no
    /// refresh token of the user is good any longer.
    Result<void> updateUser(const StoredUser &before, const StoredUser &after,
                            bool endSessions = false) const;
    Result<void> removeRefresh(const std::string &hash) const;
    Result<std::optional<StoredUser>> findUser(const std::string &username) const;
    Result<std::optional<StoredUser>> findUser(const Uuid &id) const;
    Result<std::vector<StoredUser>> users() const;
    Result<void> insertAccount(const Uuid &userId, const FurtherAccount &account) const;

    Result<void> insertRefresh(const RefreshRow &row) const;
    /// Marks the row used and answers how it was before.
    Result<std::optional<RefreshRow>> useRefresh(const std::string &hash) const;
    /// Revokes every refresh token of the family, and their access tokens.
    Result<std::vector<std::string>> revokeFamily(const std::string &family,
                                                  std::int64_t until) const;
    Result<std::optional<std::string>> familyOfAccess(const std::string &accessId) const;
    Result<void> revokeAccess(const std::string &accessId, std::int64_t until) const;
    Result<std::vector<std::string>> revoked(
        std::int64_t now) const; // access token ids, still young
    Result<void> removeExpired(std::int64_t now) const;

    Result<std::uint64_t> insertKey(const ApiKey &key) const; // its number
    Result<void> removeKey(const Uuid &id) const;
    Result<std::vector<ApiKey>> keys() const; // without their signers

    /// Changes with every change to users, accounts or keys, whoever makes it.
    Result<std::int64_t> changes() const;

private:
    QString m_database;
};

} // namespace khop::server
