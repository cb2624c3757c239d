// SPDX-License-Identifier: GPL-3.0-or-later
// Who may use the desk: users, their passwords and roles, and the tokens they were given. Kept in
// tables of its own in the desk's SQLite file. Thread-safe.
//
// What another process changes in the tables (khopd user …) is noticed within a second.
//
// Functions marked "blocks" reach the database or compute a password hash: never call them from an
// HTTP thread, use the forms with a callback.
#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "base/secret.h"
#include "server/auth/api_key.h"
#include "server/auth/token.h"

#include <QtCore/qstring.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop::server {

/// An account beside a user's first one.
struct FurtherAccount {
    Uuid id;
    std::string label;
    std::int64_t createdAt = 0; // Unix milliseconds
};

struct User {
    Uuid id;
    std::string username;
    Role role = Role::Viewer;
    Uuid accountId; // opened on the desk when first needed
    std::string email, fullName;
    std::int64_t createdAt = 0; // Unix milliseconds
    bool active = true;
    bool foreign = false;                // a foreign investor: the account's buys take foreign room
    std::vector<FurtherAccount> further; // oldest first
    bool live = false;                   // may trade at a broker, when that is armed
    std::int64_t tokensAfter = 0;        // Unix milliseconds: tokens up to then are revoked
    std::uint64_t no = 0;                // place in the order of creation, from 1
};

struct NewUser {
    std::string username; // [A-Za-z0-9._-]{3,32}
    std::string password; // 8 to 128 characters
    Role role = Role::Trader;
    std::string email = {}, fullName = {};
    bool foreign = false;
};

/// What administrators change of a user; absent: stays.
struct UserChange {
    std::optional<Role> role;
    std::optional<bool> active, live;
    std::optional<std::string> email, fullName, password;
};

struct UserQuery {
    std::optional<Role> role;
    std::optional<bool> active;
    std::size_t limit = 50, offset = 0;
    std::optional<std::uint64_t> before; // users with a smaller number
};
struct UserPage {
    std::vector<User> rows; // newest first
    std::uint64_t total = 0;
    bool more = false;
};

struct NewApiKey {
    std::string label; // 1 to 64 bytes
    KeyScope scope = KeyScope::Read;
    std::int64_t expiresAt = 0; // Unix milliseconds; 0: never
};
struct AddedApiKey {
    std::shared_ptr<const ApiKey> key;
    Secret secret; // shown once
};

struct Session {
    User user;
    std::string accessToken;
    std::string refreshToken;
    std::int64_t expiresIn = 0; // seconds
};

struct IdentityOptions {
    QString database;         // the SQLite file
    QString dataDir;          // where a generated secret is kept
    Secret secretKey;         // empty: the kept or a new random one
    bool development = false; // ENVIRONMENT=development: a weak secret is let through
    int accessMinutes = 30;
    int refreshDays = 14;
    bool watch = true; // notice what other processes change
};

class Identity
{
public:
    /// Blocks. The error names the file or variable and what would do.
    static Result<std::unique_ptr<Identity>> open(const IdentityOptions &options);
    ~Identity();

    /// Blocks. VALIDATION_ERROR (field) or DUPLICATE_ORDER's like: a taken name is INVALID on "username".
    Result<User> addUser(const NewUser &user);
    /// Blocks. Makes user "demo" at the first start and answers its password, once.
    Result<std::optional<std::string>> ensureDemoUser();
    /// Blocks. Every user, oldest first.
    std::vector<User> users() const;
    /// Blocks. NOT_FOUND, VALIDATION_ERROR (field). Another role, password or an end of being active ends the
    /// user's sessions at once.
    Result<User> updateUser(const Uuid &id, const UserChange &change);

    // Called on a worker's thread; `answer` too.
    template <class T>
    using Answer = std::function<void(Result<T>)>;
    void login(std::string username, std::string password, std::string address,
               Answer<Session> answer);
    void refresh(std::string refreshToken, Answer<Session> answer);
    void logout(const Claims &claims, Answer<bool> answer);
    /// Ends every session of the user; keys stay.
    void logoutEverywhere(const Uuid &userId, Answer<bool> answer);
    void registerUser(NewUser user, Answer<User> answer);
    struct ProfileChange {
        std::optional<std::string> email, fullName;
        std::optional<std::string> password, currentPassword;
    };
    static constexpr std::size_t mostAccounts = 20; // of one user
    /// A further account for a user; opened on the desk by the caller. VALIDATION_ERROR (label; accounts when
    /// there are too many), NOT_FOUND.
    void addAccount(const Uuid &userId, std::string label, Answer<User> answer);
    void changeProfile(const Uuid &userId, ProfileChange change, Answer<User> answer);
    void changeUser(const Uuid &id, UserChange change, Answer<User> answer); // as updateUser()

    static constexpr std::size_t mostKeys = 20; // of one user
    /// VALIDATION_ERROR (label; scope when the owner may not; api_keys when there are too many).
    void addApiKey(const Uuid &userId, NewApiKey key, Answer<AddedApiKey> answer);
    /// NOT_FOUND unless it is the user's.
    void removeApiKey(const Uuid &userId, const Uuid &id, Answer<bool> answer);

    // Never block.
    Result<Claims> authenticate(std::string_view accessToken) const;
    /// Changes whenever an accepted token may have become invalid: drop what was cached.
    std::uint64_t epoch() const;
    /// Accounts that were added are open on the desk now.
    void accountsOpened();
    std::optional<User> user(const Uuid &id) const;
    std::optional<User> userByAccount(const Uuid &accountId) const;
    UserPage userPage(const UserQuery &query) const;
    /// The user's keys, oldest first.
    std::vector<std::shared_ptr<const ApiKey>> apiKeys(const Uuid &userId) const;
    std::shared_ptr<const ApiKey> apiKey(const Uuid &id) const; // null: no such key
    /// Claims of requests with the key: its owner's, with the key's own rights. INVALID_SIGNATURE once key or
    /// owner are no longer good.
    Result<Claims> claimsOf(const ApiKey &key) const;
    /// False once the session or the key of the claims has been revoked or has another role.
    bool stillHolds(const Claims &claims, bool byKey) const;
    /// INVALID_SIGNATURE when the key has used the nonce before; OVERLOADED when too many are remembered.
    Result<void> noteNonce(const ApiKey &key, std::string_view nonce);

private:
    Identity();
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace khop::server
