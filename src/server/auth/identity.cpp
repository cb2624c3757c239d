// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/identity.h"

#include "base/clock.h"
#include "server/auth/base64url.h"
#include "server/auth/login_delay.h"
#include "server/auth/user_store.h"

#include <QtCore/qdir.h>
#include <QtCore/qfile.h>
#include <QtCore/qthreadpool.h>

#include <sodium.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <unordered_set>

using namespace Qt::StringLiterals;

namespace khop::server {

namespace {

constexpr std::size_t shortestSecret = 32;
constexpr unsigned long long hashOperations = 3;
constexpr std::size_t hashMemory = 64 * 1024 * 1024;
constexpr int waitingJobs = 64; // each costs up to 64 MiB for a moment, two at a time

std::int64_t unixMilliseconds() { return WallClock().now().ms; }
std::int64_t unixSeconds() { return unixMilliseconds() / 1000; }
std::int64_t steadyMilliseconds() { return steadyNanoseconds() / 1'000'000; }

std::string randomBytes(std::size_t count)
{
    std::string bytes(count, '\0');
    randombytes_buf(bytes.data(), count);
    return bytes;
}

Uuid randomId()
{
    std::array<std::uint64_t, 2> words{};
    randombytes_buf(words.data(), sizeof words);
    return uuid7({unixMilliseconds()}, words[0], words[1]);
}

std::string sha256(std::string_view text)
{
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char *>(text.data()),
                       text.size());
    return {reinterpret_cast<const char *>(hash.data()), hash.size()};
}

Result<std::string> hashPassword(const std::string &password)
{
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), hashOperations,
                              hashMemory, crypto_pwhash_ALG_ARGON2ID13)
        != 0)
        return refuse(Code::OVERLOADED, "password", {}, "64 MiB of memory");
    return std::string(hash.data());
}

bool verifyPassword(const std::string &hash, const std::string &password)
{
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool isPlaceholder(const std::string &secret)
{
    static constexpr std::array<std::string_view, 4> known{
        "your-secret-key-here", "your-super-secret-key-here", "your-secret-key", "changeme"};
    return std::find(known.begin(), known.end(), secret) != known.end()
           || secret.starts_with("your-") || secret.starts_with("your_");
}

Result<std::string> keptSecret(const QString &dataDir)
{
    const QString path = QDir(dataDir).filePath(u"secret.key"_s);
    QFile file(path);
    if (file.exists()) {
        if (!file.open(QIODevice::ReadOnly))
            return refuse(Code::CONFIGURATION_ERROR, path.toStdString(),
                          file.errorString().toStdString(), "a file this user can read");
        if (file.permissions().testAnyFlags(QFileDevice::ReadGroup | QFileDevice::ReadOther
                                            | QFileDevice::WriteGroup | QFileDevice::WriteOther))
            file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        const QByteArray kept = file.readAll().trimmed();
        if (kept.size() < static_cast<qsizetype>(shortestSecret))
            return refuse(Code::CONFIGURATION_ERROR, path.toStdString(),
                          std::to_string(kept.size()) + " bytes",
                          "at least 32 bytes, or no file: a new one is made then");
        return kept.toStdString();
    }
    const std::string secret = encodeBase64Url(randomBytes(48));
    // Born with 0600, and never seen half-written: written aside, then renamed.
    QFile fresh(path + u".new"_s);
    fresh.remove();
    if (!fresh.open(QIODevice::WriteOnly | QIODevice::NewOnly,
                    QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        || fresh.write(QByteArray::fromStdString(secret + '\n')) < 0 || !fresh.flush()
        || !fresh.rename(path))
        return refuse(Code::CONFIGURATION_ERROR, path.toStdString(),
                      fresh.errorString().toStdString(), "a data directory this user can write");
    return secret;
}

Result<void> checkNewUser(const NewUser &user)
{
    static constexpr std::string_view allowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    if (user.username.size() < 3 || user.username.size() > 32
        || user.username.find_first_not_of(allowed) != std::string::npos)
        return refuse(Code::VALIDATION_ERROR, "username", user.username.substr(0, 64),
                      "3 to 32 of the characters A-Z a-z 0-9 . _ -");
    if (user.password.size() < 8 || user.password.size() > 128)
        return refuse(Code::VALIDATION_ERROR, "password", {}, "8 to 128 characters");
    if (user.email.size() > 254 || user.fullName.size() > 200)
        return refuse(Code::VALIDATION_ERROR, user.email.size() > 254 ? "email" : "full_name", {},
                      "a shorter text");
    return {};
}

} // namespace

struct Identity::Private {
    Private(const QString &database, std::string secret)
        : store(database)
        , signer(std::move(secret))
    {}

    UserStore store;
    TokenSigner signer;
    LoginDelay delay;
    QThreadPool pool;
    std::atomic<int> waiting{0};
    std::atomic<std::uint64_t> epoch{1};
    int accessSeconds = 1800;
    std::int64_t refreshSeconds = 14 * 86'400;
    std::string absentUserHash; // checked for unknown names, so that they take as long

    std::mutex addingAccount;
    mutable std::shared_mutex mutex;
    std::unordered_map<Uuid, User> users;
    std::unordered_map<Uuid, Uuid> usersByAccount;
    std::unordered_set<std::string> revoked;

    void remember(const User &user)
    {
        const std::unique_lock lock(mutex);
        users[user.id] = user;
        usersByAccount[user.accountId] = user.id;
        for (const FurtherAccount &account : user.further)
            usersByAccount[account.id] = user.id;
    }

    template <class T>
    void start(Answer<T> answer, std::function<Result<T>()> work)
    {
        if (waiting.fetch_add(1) >= waitingJobs) {
            waiting.fetch_sub(1);
            answer(refuse(Code::OVERLOADED));
            return;
        }
        pool.start([this, answer = std::move(answer), work = std::move(work)] {
            Result<T> result = work();
            waiting.fetch_sub(1);
            answer(std::move(result));
        });
    }

    Result<User> add(const NewUser &request)
    {
        if (Result<void> checked = checkNewUser(request); !checked)
            return std::unexpected(checked.error());
        Result<std::string> hash = hashPassword(request.password);
        if (!hash)
            return std::unexpected(hash.error());
        StoredUser stored;
        stored.user = {randomId(),     request.username, request.role,       randomId(),
                       request.email,  request.fullName, unixMilliseconds(), true,
                       request.foreign};
        stored.passwordHash = std::move(*hash);
        if (Result<void> inserted = store.insertUser(stored); !inserted)
            return std::unexpected(inserted.error());
        remember(stored.user);
        return stored.user;
    }

    Result<Session> open(const User &user, const std::string &family)
    {
        const std::int64_t now = unixSeconds();
        Claims claims{user.id,           user.username, user.accountId,      user.role,
                      randomId().text(), now,           now + accessSeconds, {}};
        for (const FurtherAccount &account : user.further)
            claims.further.push_back(account.id);
        Session session{user, signer.sign(claims), encodeBase64Url(randomBytes(32)), accessSeconds};
        const Result<void> kept =
            store.insertRefresh({sha256(session.refreshToken), family, user.id, claims.id,
                                 now + refreshSeconds, false});
        if (!kept)
            return std::unexpected(kept.error());
        return session;
    }

    void revoke(const std::vector<std::string> &accessIds)
    {
        {
            const std::unique_lock lock(mutex);
            revoked.insert(accessIds.begin(), accessIds.end());
        }
        epoch.fetch_add(1);
    }
};

Identity::Identity() = default;

Identity::~Identity()
{
    if (d)
        d->pool.waitForDone();
}

Result<std::unique_ptr<Identity>> Identity::open(const IdentityOptions &options)
{
    if (sodium_init() < 0)
        return refuse(Code::CONFIGURATION_ERROR, "libsodium", "no source of randomness",
                      "a working one");
    std::string secret = options.secretKey;
    if (secret.empty()) {
        Result<std::string> kept = keptSecret(options.dataDir);
        if (!kept)
            return std::unexpected(kept.error());
        secret = std::move(*kept);
    } else if (!options.development && (secret.size() < shortestSecret || isPlaceholder(secret))) {
        return refuse(Code::CONFIGURATION_ERROR, "SECRET_KEY",
                      isPlaceholder(secret) ? "a placeholder" : "too short",
                      "at least 32 random bytes, or unset: one is made and kept");
    }

    std::unique_ptr<Identity> identity(new Identity);
    identity->d = std::make_unique<Private>(options.database, std::move(secret));
    Private &d = *identity->d;
    d.pool.setMaxThreadCount(2);
    d.accessSeconds = options.accessMinutes * 60;
    d.refreshSeconds = std::int64_t{options.refreshDays} * 86'400;
    if (Result<void> migrated = d.store.migrate(); !migrated)
        return std::unexpected(migrated.error());
    static_cast<void>(d.store.removeExpired(unixSeconds()));
    Result<std::vector<StoredUser>> users = d.store.users();
    if (!users)
        return std::unexpected(users.error());
    for (const StoredUser &stored : *users)
        d.remember(stored.user);
    if (Result<std::vector<std::string>> revoked = d.store.revoked(unixSeconds()))
        d.revoked.insert(revoked->begin(), revoked->end());
    if (Result<std::string> hash = hashPassword(encodeBase64Url(randomBytes(16))))
        d.absentUserHash = *hash;
    return identity;
}

Result<User> Identity::addUser(const NewUser &user) { return d->add(user); }

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
        d->remember((*found)->user);
        return d->open((*found)->user, randomId().text());
    });
}

void Identity::refresh(std::string refreshToken, Answer<Session> answer)
{
    d->start<Session>(std::move(answer), [this, refreshToken]() -> Result<Session> {
        const Result<std::optional<RefreshRow>> row = d->store.useRefresh(sha256(refreshToken));
        if (!row)
            return std::unexpected(row.error());
        if (!*row || (*row)->expiresAt <= unixSeconds())
            return refuse(Code::INVALID_TOKEN);
        if ((*row)->used) { // someone else holds a copy: nobody of this family goes on
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
        d->remember((*user)->user);
        return d->open((*user)->user, (*row)->family);
    });
}

void Identity::logout(const Claims &claims, Answer<bool> answer)
{
    d->start<bool>(std::move(answer), [this, claims]() -> Result<bool> {
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

void Identity::registerUser(NewUser user, Answer<User> answer)
{
    d->start<User>(std::move(answer), [this, user] { return d->add(user); });
}

void Identity::changeProfile(const Uuid &userId, ProfileChange change, Answer<User> answer)
{
    d->start<User>(std::move(answer), [this, userId, change]() -> Result<User> {
        Result<std::optional<StoredUser>> found = d->store.findUser(userId);
        if (!found)
            return std::unexpected(found.error());
        if (!*found)
            return refuse(Code::NOT_FOUND);
        StoredUser &stored = **found;
        if (change.email)
            stored.user.email = *change.email;
        if (change.fullName)
            stored.user.fullName = *change.fullName;
        if (stored.user.email.size() > 254 || stored.user.fullName.size() > 200)
            return refuse(Code::VALIDATION_ERROR,
                          stored.user.email.size() > 254 ? "email" : "full_name", {},
                          "a shorter text");
        if (change.password) {
            if (!change.currentPassword
                || !verifyPassword(stored.passwordHash, *change.currentPassword))
                return refuse(Code::VALIDATION_ERROR, "current_password", {},
                              "the password in force");
            if (change.password->size() < 8 || change.password->size() > 128)
                return refuse(Code::VALIDATION_ERROR, "password", {}, "8 to 128 characters");
            Result<std::string> hash = hashPassword(*change.password);
            if (!hash)
                return std::unexpected(hash.error());
            stored.passwordHash = std::move(*hash);
        }
        if (Result<void> updated = d->store.updateUser(stored); !updated)
            return std::unexpected(updated.error());
        d->remember(stored.user);
        return stored.user;
    });
}

void Identity::addAccount(const Uuid &userId, std::string label, Answer<User> answer)
{
    d->start<User>(std::move(answer), [this, userId, label]() -> Result<User> {
        if (label.empty() || label.size() > 64)
            return refuse(Code::VALIDATION_ERROR, "label", label.substr(0, 80), "1 to 64 bytes");
        const std::scoped_lock one(d->addingAccount);
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

Result<Claims> Identity::authenticate(std::string_view accessToken) const
{
    Result<Claims> claims = d->signer.verify(accessToken, unixSeconds());
    if (!claims)
        return claims;
    const std::shared_lock lock(d->mutex);
    const auto user = d->users.find(claims->userId);
    if (user == d->users.end() || !user->second.active
        || user->second.accountId != claims->accountId || d->revoked.contains(claims->id))
        return refuse(Code::INVALID_TOKEN);
    // the role and accounts in force, not those of the day it was signed
    claims->role = user->second.role;
    claims->further.clear();
    for (const FurtherAccount &account : user->second.further)
        claims->further.push_back(account.id);
    return claims;
}

std::uint64_t Identity::epoch() const { return d->epoch.load(); }

void Identity::accountsOpened() { d->epoch.fetch_add(1); }

std::optional<User> Identity::user(const Uuid &id) const
{
    const std::shared_lock lock(d->mutex);
    const auto found = d->users.find(id);
    return found == d->users.end() ? std::nullopt : std::optional(found->second);
}

std::optional<User> Identity::userByAccount(const Uuid &accountId) const
{
    const std::shared_lock lock(d->mutex);
    const auto found = d->usersByAccount.find(accountId);
    if (found == d->usersByAccount.end())
        return std::nullopt;
    const auto user = d->users.find(found->second);
    return user == d->users.end() ? std::nullopt : std::optional(user->second);
}

} // namespace khop::server
