// SPDX-License-Identifier: GPL-3.0-or-later
// Who asks: by access token or by signature; and what he may.
#include "server/api/api.h"

#include "base/clock.h"

#include <sodium.h>

namespace khop::server {

namespace {

constexpr std::size_t mostCallers = 10'000; // kept, of tokens and of keys each

/// The token of an Authorization header, or nothing.
std::optional<std::string_view> bearerToken(const HttpRequest &request)
{
    const std::string_view header = request.header("authorization");
    if (header.size() < 8 || !equalsIgnoringCase(header.substr(0, 7), "bearer "))
        return std::nullopt;
    return header.substr(7);
}

} // namespace

Result<std::shared_ptr<const Caller>> Api::authenticate(const HttpRequest &request)
{
    const bool isSigned = !request.header("x-api-key").empty();
    if (isSigned && request.header("authorization").empty())
        return callerBySignature(request);
    const std::optional<std::string_view> token = bearerToken(request);
    if (!token || isSigned) // two ways at once: which one is meant is not ours to guess
        return khop::refuse(Code::UNAUTHENTICATED);
    return callerOf(*token);
}

/// Drops what was kept when a token may have been revoked since.
void Api::forgetStaleCallers()
{
    if (const std::uint64_t epoch = m_identity.epoch(); epoch != m_callersEpoch) {
        m_callers.clear();
        m_keys.clear();
        m_callersEpoch = epoch;
    }
    if (m_callers.size() > mostCallers)
        m_callers.clear();
    if (m_keys.size() > mostCallers)
        m_keys.clear();
}

Result<std::shared_ptr<const Caller>> Api::callerFor(Claims claims, bool readsOnly, bool byKey)
{
    const std::optional<AccountInfo> account = m_service.findAccount(claims.accountId);
    if (!account)
        return khop::refuse(byKey ? Code::INVALID_SIGNATURE : Code::INVALID_TOKEN);
    Caller caller{std::move(claims), account->no};
    caller.byKey = byKey;
    caller.readsOnly = readsOnly;
    caller.rateName = caller.claims.userId.text();
    caller.accounts.push_back({caller.claims.accountId, account->no});
    for (const Uuid &id : caller.claims.further) {
        if (const std::optional<AccountInfo> further = m_service.findAccount(id))
            caller.accounts.push_back({id, further->no});
    }
    return std::make_shared<const Caller>(std::move(caller));
}

// Checking a token costs more than the rest of a small request: callers are kept until their token
// ends or any token is revoked.
Result<std::shared_ptr<const Caller>> Api::callerOf(std::string_view accessToken)
{
    const std::int64_t now = WallClock().now().ms / 1000;
    forgetStaleCallers();
    if (const auto found = m_callers.find(accessToken); found != m_callers.end()) {
        if (found->second.expiresAt > now) {
            ++m_metrics.callerHits;
            return found->second.caller;
        }
        m_callers.erase(found);
    }
    ++m_metrics.callerMisses;
    Result<Claims> claims = m_identity.authenticate(accessToken);
    if (!claims)
        return std::unexpected(claims.error());
    const std::int64_t expiresAt = claims->expiresAt;
    Result<std::shared_ptr<const Caller>> caller = callerFor(std::move(*claims), false, false);
    if (caller)
        m_callers.emplace(std::string(accessToken), CachedCaller{*caller, expiresAt});
    return caller;
}

Result<std::shared_ptr<const Caller>> Api::callerBySignature(const HttpRequest &request)
{
    forgetStaleCallers();
    const std::int64_t now = WallClock().now().ms;
    const std::string_view id = request.header("x-api-key");
    auto found = m_keys.find(id);
    if (found != m_keys.end()) {
        ++m_metrics.callerHits;
    } else {
        ++m_metrics.callerMisses;
        const std::optional<Uuid> uuid = Uuid::parse(id);
        const std::shared_ptr<const ApiKey> key = uuid ? m_identity.apiKey(*uuid) : nullptr;
        if (!key)
            return khop::refuse(Code::INVALID_SIGNATURE);
        Result<Claims> claims = m_identity.claimsOf(*key);
        if (!claims)
            return std::unexpected(claims.error());
        const Result<std::shared_ptr<const Caller>> caller =
            callerFor(std::move(*claims), key->scope == KeyScope::Read, true);
        if (!caller)
            return caller;
        found = m_keys.emplace(std::string(id), CachedKey{*caller, key}).first;
    }
    const ApiKey &key = *found->second.key;
    if (key.isExpired(now))
        return khop::refuse(Code::INVALID_SIGNATURE);
    const SignedRequest told{name(request.method),
                             request.path,
                             request.query,
                             request.body,
                             request.header("x-api-timestamp"),
                             request.header("x-api-nonce"),
                             request.header("x-api-signature")};
    if (Result<void> checked = checkSignature(key.signer, told, now); !checked)
        return std::unexpected(checked.error());
    if (Result<void> fresh = m_identity.noteNonce(key, told.nonce); !fresh)
        return std::unexpected(fresh.error());
    return found->second.caller;
}

bool Api::isCurrent(const Caller &caller) const
{
    return m_identity.stillHolds(caller.claims, caller.byKey);
}

bool Api::mayTake(const Route &route, Method method, const Caller &caller)
{
    const Role role = caller.claims.role;
    if ((route.access == Access::Trade && role != Role::Trader)
        || (route.access == Access::Admin && role != Role::Admin))
        return false;
    return (!caller.readsOnly || method == Method::Get) && (!caller.byKey || !route.session);
}

bool Api::hasMetricsToken(const HttpRequest &request) const
{
    const std::string &token = m_options.metricsToken.reveal();
    const std::optional<std::string_view> given = bearerToken(request);
    return !token.empty() && given && given->size() == token.size()
           && sodium_memcmp(given->data(), token.data(), token.size()) == 0;
}

} // namespace khop::server
