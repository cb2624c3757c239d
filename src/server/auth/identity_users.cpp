// SPDX-License-Identifier: GPL-3.0-or-later
// Users, their sessions and their passwords.
#include "server/auth/identity_private.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "server/auth/base64url.h"
#include "server/auth/password.h"

#include <algorithm>

namespace khop::server {

namespace {

std::int64_t steadyMilliseconds() { return steadyNanoseconds() / 1'000'000; }

std::string hashOf(std::string_view token) { return std::string(bytesOf(sha256(token))); }

Result<void> checkTexts(const std::string &email, const std::string &fullName)
{
    if (email.size() > 254 || fullName.size() > 200)
        return refuse(Code::VALIDATION_ERROR, email.size() > 254 ? "email" : "full_name", {},
                      "a shorter text");
    return {};
}

Result<void> checkNewUser(const NewUser &user)
{
    static constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    if (user.username.size() < 3 || user.username.size() > 32
        || user.username.find_first_not_of(allowed) != std::string::npos)
        return refuse(Code::VALIDATION_ERROR, "username", shortened(user.username, 64),
                      "3 to 32 of the characters A-Z a-z 0-9 . _ -");
    if (Result<void> checked = checkPassword(user.password, user.username); !checked)
        return checked;
    return checkTexts(user.email, user.fullName);
}

} // namespace

Result<User> Identity::Private::add(const NewUser &request)
{
    if (Result<void> checked = checkNewUser(request); !checked)
        return std::unexpected(checked.error());
    Result<std::string> hash = hashPassword(request.password);
    if (!hash)
        return std::unexpected(hash.error());
    StoredUser stored;
    User &user = stored.user;
    user.id = randomId();
    user.username = request.username;
    user.role = request.role;
    user.accountId = randomId();
    user.email = request.email;
    user.fullName = request.fullName;
    user.createdAt = unixMilliseconds();
    user.foreign = request.foreign;
    stored.passwordHash = std::move(*hash);
    const std::scoped_lock one(changing);
    if (Result<void> inserted = store.insertUser(stored); !inserted)
        return std::unexpected(inserted.error());
    remember(user);
    return user;
}

Result<User> Identity::Private::rewrite(const Uuid &id,
                                        const std::function<Result<bool>(StoredUser &)> &change)
{
    const std::scoped_lock one(changing);
    Result<std::optional<StoredUser>> found = store.findUser(id);
    if (!found)
        return std::unexpected(found.error());
    if (!*found)
        return refuse(Code::NOT_FOUND);
    const StoredUser &before = **found;
    StoredUser after = before;
    const Result<bool> endSessions = change(after);
    if (!endSessions)
        return std::unexpected(endSessions.error());
    if (*endSessions)
        after.user.tokensAfter = std::max(unixMilliseconds(), before.user.tokensAfter + 1);
    if (Result<void> updated = store.updateUser(before, after, *endSessions); !updated)
        return std::unexpected(updated.error());
    remember(after.user);
    epoch.fetch_add(1);
    return after.user;
}

bool Identity::Private::isLastAdmin(const User &user) const
{
    if (user.role != Role::Admin || !user.active)
        return false;
    const std::shared_lock lock(mutex);
    return std::ranges::none_of(users, [&](const auto &entry) {
        const User &other = entry.second;
        return other.id != user.id && other.role == Role::Admin && other.active;
    });
}

Result<User> Identity::Private::update(const Uuid &id, const UserChange &change)
{
    std::string hash;
    if (change.password) {
        const Result<std::optional<StoredUser>> found = store.findUser(id);
        if (!found)
            return std::unexpected(found.error());
        if (!*found)
            return refuse(Code::NOT_FOUND);
        if (Result<void> checked = checkPassword(*change.password, (*found)->user.username);
            !checked)
            return std::unexpected(checked.error());
        Result<std::string> hashed = hashPassword(*change.password);
        if (!hashed)
            return std::unexpected(hashed.error());
        hash = std::move(*hashed);
    }
    return rewrite(id, [&](StoredUser &stored) -> Result<bool> {
        User &user = stored.user;
        const bool demoted = change.role && *change.role != Role::Admin;
        const bool ended = change.active && !*change.active;
        if ((demoted || ended) && isLastAdmin(user))
            return refuse(Code::VALIDATION_ERROR, demoted ? "role" : "is_active", {},
                          "as it is: this is the only administrator");
        const Role role = user.role;
        const bool active = user.active;
        user.role = change.role.value_or(user.role);
        user.active = change.active.value_or(user.active);
        user.live = change.live.value_or(user.live);
        user.email = change.email.value_or(user.email);
        user.fullName = change.fullName.value_or(user.fullName);
        if (change.password)
            stored.passwordHash = hash;
        if (Result<void> checked = checkTexts(user.email, user.fullName); !checked)
            return std::unexpected(checked.error());
        return user.role != role || user.active != active || change.password.has_value();
    });
}

// The row is read again after the refresh token stands in its table: a change that ends sessions is then either
// seen here, or finds the token and ends it.
Result<Session> Identity::Private::openSession(const StoredUser &checked, const std::string &family)
{
    const User &user = checked.user;
    const std::int64_t now = unixSeconds();
    Claims claims{user.id,           user.username, user.accountId,      user.role,
                  randomId().text(), now,           now + accessSeconds, {}};
    for (const FurtherAccount &account : user.further)
        claims.further.push_back(account.id);
    Session session{user, signer.sign(claims), encodeBase64Url(randomBytes(32)), accessSeconds};
    const std::string hash = hashOf(session.refreshToken);
    const std::scoped_lock one(changing);
    if (Result<void> kept =
            store.insertRefresh({hash, family, user.id, claims.id, now + refreshSeconds, false});
        !kept)
        return std::unexpected(kept.error());
    const Result<std::optional<StoredUser>> current = store.findUser(user.id);
    if (!current)
        return std::unexpected(current.error());
    if (!*current || !(*current)->user.active || (*current)->passwordHash != checked.passwordHash
        || (*current)->user.tokensAfter != user.tokensAfter) {
        static_cast<void>(store.removeRefresh(hash));
        return refuse(Code::INVALID_CREDENTIALS);
    }
    remember((*current)->user);
    return session;
}

Result<User> Identity::addUser(const NewUser &user) { return d->add(user); }

Result<User> Identity::updateUser(const Uuid &id, const UserChange &change)
{
    return d->update(id, change);
}

Result<std::optional<std::string>> Identity::ensureDemoUser()
{
    const Result<std::optional<StoredUser>> found = d->store.findUser("demo");
    if (!found)
        return std::unexpected(found.error());
    if (*found)
        return std::optional<std::string>();
    const std::string password = encodeBase64Url(randomBytes(12));
    const Result<User> added = d->add({"demo", password, Role::Trader});
    if (!added)
        return std::unexpected(added.error());
    return std::optional(password);
}

std::vector<User> Identity::users() const
{
    std::vector<User> users;
    if (const Result<std::vector<StoredUser>> stored = d->store.users()) {
        for (const StoredUser &row : *stored)
            users.push_back(row.user);
    }
    return users;
}

void Identity::login(std::string username, std::string password, std::string address,
                     Answer<Session> answer)
{
    const std::int64_t wait = d->delay.wait(username, address, steadyMilliseconds());
    if (wait > 0) {
        answer(refuse(Code::TOO_MANY_ATTEMPTS, {}, {}, std::to_string((wait + 999) / 1000)));
        return;
    }
    d->start<Session>(std::move(answer), [this, username, password, address]() -> Result<Session> {
        const Result<std::optional<StoredUser>> found = d->store.findUser(username);
        if (!found)
            return std::unexpected(found.error());
        const bool known = found->has_value() && (*found)->user.active;
        const bool right =
            verifyPassword(known ? (*found)->passwordHash : d->absentUserHash, password);
        if (!known || !right) {
            d->delay.failed(username, address, steadyMilliseconds());
            return refuse(Code::INVALID_CREDENTIALS);
        }
        d->delay.succeeded(username, address);
        return d->openSession(**found, randomId().text());
    });
}

void Identity::refresh(std::string refreshToken, Answer<Session> answer)
{
    d->start<Session>(std::move(answer), [this, refreshToken]() -> Result<Session> {
        const Result<std::optional<RefreshRow>> row = d->store.useRefresh(hashOf(refreshToken));
        if (!row)
            return std::unexpected(row.error());
        if (!*row || (*row)->expiresAt <= unixSeconds())
            return refuse(Code::INVALID_TOKEN);
        if ((*row)->used) { // someone else holds a copy: nobody of this family goes on
            const std::scoped_lock one(d->changing);
            const auto ids =
                d->store.revokeFamily((*row)->family, unixSeconds() + d->accessSeconds);
            if (ids)
                d->revoke(*ids);
            return refuse(Code::INVALID_TOKEN);
        }
        const Result<std::optional<StoredUser>> user = d->store.findUser((*row)->userId);
        if (!user)
            return std::unexpected(user.error());
        if (!*user || !(*user)->user.active)
            return refuse(Code::INVALID_TOKEN);
        Result<Session> session = d->openSession(**user, (*row)->family);
        if (!session && session.error().code == Code::INVALID_CREDENTIALS)
            return refuse(Code::INVALID_TOKEN);
        return session;
    });
}

void Identity::logout(const Claims &claims, Answer<bool> answer)
{
    d->start<bool>(std::move(answer), [this, claims]() -> Result<bool> {
        const std::scoped_lock one(d->changing);
        std::vector<std::string> ids{claims.id};
        const Result<std::optional<std::string>> family = d->store.familyOfAccess(claims.id);
        if (!family)
            return std::unexpected(family.error());
        if (*family) {
            const auto revoked = d->store.revokeFamily(**family, unixSeconds() + d->accessSeconds);
            if (!revoked)
                return std::unexpected(revoked.error());
            ids = *revoked;
        }
        if (Result<void> kept = d->store.revokeAccess(claims.id, claims.expiresAt); !kept)
            return std::unexpected(kept.error());
        d->revoke(ids);
        return true;
    });
}

void Identity::logoutEverywhere(const Uuid &userId, Answer<bool> answer)
{
    d->start<bool>(std::move(answer), [this, userId]() -> Result<bool> {
        const Result<User> user =
            d->rewrite(userId, [](StoredUser &) { return Result<bool>(true); });
        if (!user)
            return std::unexpected(user.error());
        return true;
    });
}

void Identity::registerUser(NewUser user, Answer<User> answer)
{
    d->start<User>(std::move(answer), [this, user] { return d->add(user); });
}

void Identity::changeUser(const Uuid &id, UserChange change, Answer<User> answer)
{
    d->start<User>(std::move(answer), [this, id, change] { return d->update(id, change); });
}

void Identity::changeProfile(const Uuid &userId, ProfileChange change, Answer<User> answer)
{
    d->start<User>(std::move(answer), [this, userId, change]() -> Result<User> {
        if (change.password) {
            const Result<std::optional<StoredUser>> found = d->store.findUser(userId);
            if (!found)
                return std::unexpected(found.error());
            if (!*found || !change.currentPassword
                || !verifyPassword((*found)->passwordHash, *change.currentPassword))
                return refuse(Code::VALIDATION_ERROR, "current_password", {},
                              "the password in force");
        }
        return d->update(userId, {.role = {},
                                  .active = {},
                                  .live = {},
                                  .email = change.email,
                                  .fullName = change.fullName,
                                  .password = change.password});
    });
}

void Identity::addAccount(const Uuid &userId, std::string label, Answer<User> answer)
{
    d->start<User>(std::move(answer), [this, userId, label]() -> Result<User> {
        if (label.empty() || label.size() > 64)
            return refuse(Code::VALIDATION_ERROR, "label", label.substr(0, 80), "1 to 64 bytes");
        const std::scoped_lock one(d->changing);
        Result<std::optional<StoredUser>> found = d->store.findUser(userId);
        if (!found)
            return std::unexpected(found.error());
        if (!*found)
            return refuse(Code::NOT_FOUND);
        User &user = (*found)->user;
        if (user.further.size() + 1 >= mostAccounts)
            return refuse(Code::VALIDATION_ERROR, "accounts", std::to_string(mostAccounts),
                          "at most " + std::to_string(mostAccounts));
        user.further.push_back({randomId(), label, unixMilliseconds()});
        if (Result<void> kept = d->store.insertAccount(userId, user.further.back()); !kept)
            return std::unexpected(kept.error());
        d->remember(user);
        return user;
    });
}

} // namespace khop::server
