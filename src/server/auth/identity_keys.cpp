// SPDX-License-Identifier: GPL-3.0-or-later
// API keys. A key's secret is derived from the server's and from what its row holds: a copy of the database
// alone signs nothing.
#include "server/auth/identity_private.h"

#include "base/clock.h"
#include "server/auth/base64url.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>

namespace khop::server {

namespace {

// Without another end, claims of a key end with the age.
constexpr std::int64_t endOfTime = 253'402'300'799; // 9999-12-31

} // namespace

Secret Identity::Private::secretOf(const ApiKey &key) const
{
    const HmacKey derive(serverSecret.reveal());
    return Secret(
        encodeBase64Url(bytesOf(derive.of({"khop api key\n", key.id.text(), "\n", key.salt}))));
}

std::shared_ptr<const ApiKey> Identity::Private::withSigner(ApiKey key) const
{
    key.signer = HmacKey(secretOf(key).reveal());
    return std::make_shared<const ApiKey>(std::move(key));
}

void Identity::Private::rememberKeyLocked(std::shared_ptr<const ApiKey> key)
{
    keysOf[key->userId].push_back(key->id);
    const Uuid id = key->id;
    keys[id] = std::move(key);
}

void Identity::Private::forgetKey(const ApiKey &key)
{
    {
        const std::unique_lock lock(mutex);
        std::erase(keysOf[key.userId], key.id);
        keys.erase(key.id);
    }
    epoch.fetch_add(1);
}

void Identity::addApiKey(const Uuid &userId, NewApiKey request, Answer<AddedApiKey> answer)
{
    d->start<AddedApiKey>(std::move(answer), [this, userId, request]() -> Result<AddedApiKey> {
        if (request.label.empty() || request.label.size() > 64)
            return refuse(Code::VALIDATION_ERROR, "label", request.label.substr(0, 80),
                          "1 to 64 bytes");
        const std::int64_t now = unixMilliseconds();
        if (request.expiresAt != 0 && request.expiresAt <= now)
            return refuse(Code::VALIDATION_ERROR, "expires_at", {}, "a time to come");
        const std::scoped_lock one(d->changing);
        const std::optional<User> owner = user(userId);
        if (!owner)
            return refuse(Code::NOT_FOUND);
        if (request.scope == KeyScope::Trade && owner->role != Role::Trader)
            return refuse(Code::VALIDATION_ERROR, "scope", "trade", "read");
        if (apiKeys(userId).size() >= mostKeys)
            return refuse(Code::VALIDATION_ERROR, "api_keys", std::to_string(mostKeys),
                          "at most " + std::to_string(mostKeys));
        ApiKey key;
        key.id = randomId();
        key.userId = userId;
        key.label = request.label;
        key.scope = request.scope;
        key.grantedRole = owner->role;
        key.createdAt = now;
        key.expiresAt = request.expiresAt;
        key.salt = randomBytes(16);
        const Result<std::uint64_t> no = d->store.insertKey(key);
        if (!no)
            return std::unexpected(no.error());
        key.no = *no;
        Secret secret = d->secretOf(key);
        std::shared_ptr<const ApiKey> added = d->withSigner(std::move(key));
        {
            const std::unique_lock lock(d->mutex);
            d->rememberKeyLocked(added);
        }
        return AddedApiKey{std::move(added), std::move(secret)};
    });
}

void Identity::removeApiKey(const Uuid &userId, const Uuid &id, Answer<bool> answer)
{
    d->start<bool>(std::move(answer), [this, userId, id]() -> Result<bool> {
        const std::scoped_lock one(d->changing);
        const std::shared_ptr<const ApiKey> key = apiKey(id);
        if (!key || key->userId != userId)
            return refuse(Code::NOT_FOUND);
        if (Result<void> removed = d->store.removeKey(id); !removed)
            return std::unexpected(removed.error());
        d->forgetKey(*key);
        return true;
    });
}

std::vector<std::shared_ptr<const ApiKey>> Identity::apiKeys(const Uuid &userId) const
{
    std::vector<std::shared_ptr<const ApiKey>> list;
    const std::shared_lock lock(d->mutex);
    if (const auto ids = d->keysOf.find(userId); ids != d->keysOf.end()) {
        for (const Uuid &id : ids->second)
            list.push_back(d->keys.at(id));
    }
    return list;
}

std::shared_ptr<const ApiKey> Identity::apiKey(const Uuid &id) const
{
    const std::shared_lock lock(d->mutex);
    const auto found = d->keys.find(id);
    return found == d->keys.end() ? nullptr : found->second;
}

Result<Claims> Identity::claimsOf(const ApiKey &key) const
{
    const std::int64_t now = unixMilliseconds();
    const std::shared_lock lock(d->mutex);
    const auto owner = d->users.find(key.userId);
    if (owner == d->users.end() || !owner->second.active || key.isExpired(now))
        return refuse(Code::INVALID_SIGNATURE);
    const User &user = owner->second;
    Claims claims;
    claims.userId = user.id;
    claims.username = user.username;
    claims.accountId = user.accountId;
    claims.role = key.effectiveRole(user.role);
    claims.id = key.id.text();
    claims.issuedAt = key.createdAt / 1000;
    claims.expiresAt = key.expiresAt != 0 ? key.expiresAt / 1000 : endOfTime;
    for (const FurtherAccount &account : user.further)
        claims.further.push_back(account.id);
    return claims;
}

Result<void> Identity::noteNonce(const ApiKey &key, std::string_view nonce)
{
    std::array<char, sizeof(std::uint64_t) + longestNonce> text{};
    std::memcpy(text.data(), &key.no, sizeof key.no);
    const std::size_t size = std::min(nonce.size(), longestNonce);
    std::memcpy(text.data() + sizeof key.no, nonce.data(), size);
    std::uint64_t hash = 0;
    static_assert(crypto_shorthash_BYTES == sizeof hash && crypto_shorthash_KEYBYTES == 16);
    crypto_shorthash(reinterpret_cast<unsigned char *>(&hash),
                     reinterpret_cast<const unsigned char *>(text.data()), sizeof key.no + size,
                     d->nonceKey.data());
    switch (d->nonces.note(hash, steadyNanoseconds() / 1'000'000)) {
    case Nonces::Verdict::New: return {};
    case Nonces::Verdict::Used:
        return refuse(Code::INVALID_SIGNATURE, "X-Api-Nonce", {}, "one that was not used before");
    case Nonces::Verdict::Full: break;
    }
    return refuse(Code::OVERLOADED);
}

} // namespace khop::server
