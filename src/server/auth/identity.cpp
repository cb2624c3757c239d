// SPDX-License-Identifier: GPL-3.0-or-later
// Opening, and what memory knows of the tables.
#include "server/auth/identity.h"

#include "base/clock.h"
#include "server/auth/base64url.h"
#include "server/auth/identity_private.h"
#include "server/auth/kept_secret.h"
#include "server/auth/password.h"

#include <sodium.h>

#include <algorithm>

namespace khop::server {

namespace {

constexpr std::chrono::milliseconds watchInterval{500};
constexpr int watchesPerCleaning = 1'200; // ten minutes

} // namespace

std::int64_t unixMilliseconds() { return WallClock().now().ms; }

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

Identity::Private::Private(const QString &database, Secret secret)
    : store(database)
    , serverSecret(std::move(secret))
    , signer(serverSecret)
    , nonces(2 * signatureWindow)
{
    randombytes_buf(nonceKey.data(), nonceKey.size());
}

Identity::Private::~Private()
{
    watcher.request_stop();
    pool.waitForDone();
}

void Identity::Private::remember(const User &user)
{
    const std::unique_lock lock(mutex);
    rememberLocked(user);
}

void Identity::Private::rememberLocked(const User &user)
{
    const auto known = users.find(user.id);
    const std::uint64_t no = known == users.end() ? byAge.size() + 1 : known->second.no;
    if (known == users.end())
        byAge.push_back(user.id);
    User &kept = users[user.id];
    kept = user;
    kept.no = no;
    usersByAccount[user.accountId] = user.id;
    for (const FurtherAccount &account : user.further)
        usersByAccount[account.id] = user.id;
}

void Identity::Private::revoke(const std::vector<std::string> &accessIds)
{
    {
        const std::unique_lock lock(mutex);
        revoked.insert(accessIds.begin(), accessIds.end());
    }
    epoch.fetch_add(1);
}

Result<void> Identity::Private::reload()
{
    const std::scoped_lock one(changing);
    const Result<std::int64_t> changes = store.changes();
    if (!changes)
        return std::unexpected(changes.error());
    const Result<std::vector<StoredUser>> readUsers = store.users();
    if (!readUsers)
        return std::unexpected(readUsers.error());
    Result<std::vector<ApiKey>> readKeys = store.keys();
    if (!readKeys)
        return std::unexpected(readKeys.error());
    const Result<std::vector<std::string>> ended = store.revoked(unixSeconds());
    if (!ended)
        return std::unexpected(ended.error());
    std::vector<std::shared_ptr<const ApiKey>> ready;
    for (ApiKey &key : *readKeys)
        ready.push_back(withSigner(std::move(key)));
    {
        const std::unique_lock lock(mutex);
        users.clear();
        byAge.clear();
        usersByAccount.clear();
        for (const StoredUser &stored : *readUsers)
            rememberLocked(stored.user);
        revoked = {ended->begin(), ended->end()};
        keys.clear();
        keysOf.clear();
        for (std::shared_ptr<const ApiKey> &key : ready)
            rememberKeyLocked(std::move(key));
    }
    knownChanges = *changes;
    epoch.fetch_add(1);
    return {};
}

/// A change made by another process is one that this one has not counted.
void Identity::Private::watch(const std::stop_token &stop)
{
    for (int round = 1; !stop.stop_requested(); ++round) {
        std::unique_lock lock(watching);
        stopWatching.wait_for(lock, stop, watchInterval, [] { return false; });
        if (stop.stop_requested())
            return;
        const bool cleaning = round % watchesPerCleaning == 0;
        if (cleaning)
            static_cast<void>(store.removeExpired(unixSeconds()));
        const Result<std::int64_t> changes = store.changes();
        // A store that cannot be read now is asked again in a moment.
        if (changes && (cleaning || *changes != knownChanges))
            static_cast<void>(reload());
    }
}

Identity::Identity() = default;

Identity::~Identity() = default;

Result<std::unique_ptr<Identity>> Identity::open(const IdentityOptions &options)
{
    if (sodium_init() < 0)
        return refuse(Code::CONFIGURATION_ERROR, "libsodium", "no source of randomness",
                      "a working one");
    Result<Secret> secret = serverSecret(options.secretKey, options.dataDir, options.development);
    if (!secret)
        return std::unexpected(secret.error());
    std::unique_ptr<Identity> identity(new Identity);
    identity->d = std::make_unique<Private>(options.database, std::move(*secret));
    Private &d = *identity->d;
    d.pool.setMaxThreadCount(2);
    d.accessSeconds = options.accessMinutes * 60;
    d.refreshSeconds = std::int64_t{options.refreshDays} * 86'400;
    if (Result<void> migrated = d.store.migrate(); !migrated)
        return std::unexpected(migrated.error());
    static_cast<void>(d.store.removeExpired(unixSeconds()));
    if (Result<void> loaded = d.reload(); !loaded)
        return std::unexpected(loaded.error());
    if (Result<std::string> hash = hashPassword(encodeBase64Url(randomBytes(16))))
        d.absentUserHash = *hash;
    if (options.watch)
        d.watcher = std::jthread([&d](const std::stop_token &stop) { d.watch(stop); });
    return identity;
}

Result<Claims> Identity::authenticate(std::string_view accessToken) const
{
    Result<Claims> claims = d->signer.verify(accessToken, unixSeconds());
    if (!claims)
        return claims;
    const std::optional<Uuid> id = Uuid::parse(claims->id);
    const std::shared_lock lock(d->mutex);
    const auto user = d->users.find(claims->userId);
    if (!id || user == d->users.end() || !user->second.active
        || user->second.accountId != claims->accountId || user->second.role != claims->role
        || madeAt(*id) <= user->second.tokensAfter || d->revoked.contains(claims->id))
        return refuse(Code::INVALID_TOKEN);
    claims->further.clear(); // the accounts there are now, not those of the day it was signed
    for (const FurtherAccount &account : user->second.further)
        claims->further.push_back(account.id);
    return claims;
}

bool Identity::stillHolds(const Claims &claims, bool byKey) const
{
    const std::optional<Uuid> id = Uuid::parse(claims.id);
    if (!id)
        return false;
    if (byKey) {
        const std::shared_ptr<const ApiKey> key = apiKey(*id);
        const Result<Claims> now = key ? claimsOf(*key) : Result<Claims>(refuse(Code::NOT_FOUND));
        return now && now->role == claims.role;
    }
    const std::shared_lock lock(d->mutex);
    const auto user = d->users.find(claims.userId);
    return user != d->users.end() && user->second.active && user->second.role == claims.role
           && madeAt(*id) > user->second.tokensAfter && !d->revoked.contains(claims.id);
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

UserPage Identity::userPage(const UserQuery &query) const
{
    UserPage page;
    std::size_t skipped = 0;
    const std::shared_lock lock(d->mutex);
    for (auto id = d->byAge.rbegin(); id != d->byAge.rend(); ++id) {
        const User &user = d->users.at(*id);
        if ((query.role && user.role != *query.role)
            || (query.active && user.active != *query.active))
            continue;
        ++page.total;
        if ((query.before && user.no >= *query.before) || skipped++ < query.offset)
            continue;
        if (page.rows.size() < query.limit)
            page.rows.push_back(user);
        else
            page.more = true;
    }
    return page;
}

} // namespace khop::server
