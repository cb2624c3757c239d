// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/token.h"

#include "base/decimal.h"
#include "server/auth/base64url.h"
#include "server/json/reader.h"
#include "server/json/writer.h"

#include <cstring>

namespace khop::server {

namespace {

constexpr std::size_t maximumTokenSize = 2048;

std::optional<std::string_view> stringClaim(const JsonValue &claims, std::string_view key)
{
    const std::optional<JsonValue> value = claims.find(key);
    return value && value->isString() ? std::optional(value->text()) : std::nullopt;
}

std::optional<std::int64_t> timeClaim(const JsonValue &claims, std::string_view key)
{
    const std::optional<JsonValue> value = claims.find(key);
    return value && value->isNumber() ? parseDecimal(value->text(), 0) : std::nullopt;
}

std::string_view scopeOf(Role role)
{
    switch (role) {
    case Role::Viewer: return "read";
    case Role::Trader: return "read trade";
    case Role::Admin: return "read admin";
    }
    return {};
}

/// The further accounts, if the claim lists accounts, the first one first, and nothing else.
std::optional<std::vector<Uuid>> furtherAccounts(const JsonValue &claims, const Uuid &firstAccount)
{
    const std::optional<JsonValue> accounts = claims.find("accounts");
    if (!accounts || !accounts->isArray())
        return std::nullopt;
    std::vector<Uuid> ids;
    for (auto item = accounts->first(); item; item = item->next()) {
        const auto id = item->isString() ? Uuid::parse(item->text()) : std::nullopt;
        if (!id)
            return std::nullopt;
        ids.push_back(*id);
    }
    if (ids.empty() || ids.front() != firstAccount)
        return std::nullopt;
    ids.erase(ids.begin());
    return ids;
}

} // namespace

std::string_view name(Role role)
{
    switch (role) {
    case Role::Viewer: return "viewer";
    case Role::Trader: return "trader";
    case Role::Admin: return "admin";
    }
    return {};
}

std::optional<Role> roleFromName(std::string_view name)
{
    for (const Role role : {Role::Viewer, Role::Trader, Role::Admin}) {
        if (server::name(role) == name)
            return role;
    }
    return std::nullopt;
}

TokenSigner::TokenSigner(const Secret &secret) : m_key(secret.reveal())
{
    const Digest hash = sha256("khop token key id" + secret.reveal());
    m_keyId = encodeBase64Url(bytesOf(hash).substr(0, 6));
    JsonWriter header;
    header.beginObject()
        .field("alg", "HS256")
        .field("typ", "JWT")
        .field("kid", m_keyId)
        .endObject();
    m_header = encodeBase64Url(header.text());
}

std::string TokenSigner::sign(const Claims &claims) const
{
    JsonWriter json;
    json.beginObject()
        .field("sub", claims.username)
        .field("user_id", claims.userId.text())
        .field("account_id", claims.accountId.text());
    json.key("accounts").beginArray().string(claims.accountId.text());
    for (const Uuid &account : claims.further)
        json.string(account.text());
    json.endArray();
    json.field("role", name(claims.role))
        .field("scope", scopeOf(claims.role))
        .field("type", "access")
        .field("iss", issuer)
        .field("aud", audience)
        .field("jti", claims.id)
        .numberField("iat", claims.issuedAt)
        .numberField("exp", claims.expiresAt)
        .endObject();
    std::string token = m_header + '.' + encodeBase64Url(json.text());
    return token + '.' + encodeBase64Url(bytesOf(m_key.of({token})));
}

Result<Claims> TokenSigner::verify(std::string_view token, std::int64_t now) const
{
    const auto invalid = [] { return refuse(Code::INVALID_TOKEN); };
    const std::size_t firstDot = token.find('.');
    const std::size_t lastDot = token.rfind('.');
    if (token.size() > maximumTokenSize || firstDot == std::string_view::npos || lastDot == firstDot
        || token.find('.', firstDot + 1) != lastDot)
        return invalid();

    const std::string_view header = token.substr(0, firstDot);
    if (header != m_header) {
        const std::optional<std::string> text = decodeBase64Url(header);
        const Result<JsonDocument> json =
            text ? JsonDocument::parse(*text) : Result<JsonDocument>(invalid());
        if (!json || !json->root().isObject())
            return invalid();
        const JsonValue fields = json->root();
        const std::optional<std::string_view> keyId = stringClaim(fields, "kid");
        const bool hasKeyId = fields.find("kid").has_value();
        if (stringClaim(fields, "alg") != "HS256" || stringClaim(fields, "typ") != "JWT"
            || (hasKeyId && keyId != m_keyId) || fields.size() != (hasKeyId ? 3U : 2U))
            return invalid();
    }
    const std::optional<std::string> mac = decodeBase64Url(token.substr(lastDot + 1));
    Digest given{};
    if (!mac || mac->size() != given.size())
        return invalid();
    std::memcpy(given.data(), mac->data(), given.size());
    if (!sameDigest(given, m_key.of({token.substr(0, lastDot)})))
        return invalid();

    const std::optional<std::string> payload =
        decodeBase64Url(token.substr(firstDot + 1, lastDot - firstDot - 1));
    const Result<JsonDocument> json =
        payload ? JsonDocument::parse(*payload) : Result<JsonDocument>(invalid());
    if (!json || !json->root().isObject())
        return invalid();
    const JsonValue fields = json->root();
    const auto username = stringClaim(fields, "sub");
    const auto userId = Uuid::parse(stringClaim(fields, "user_id").value_or(""));
    const auto accountId = Uuid::parse(stringClaim(fields, "account_id").value_or(""));
    const auto role = roleFromName(stringClaim(fields, "role").value_or(""));
    const auto id = stringClaim(fields, "jti");
    const auto issuedAt = timeClaim(fields, "iat");
    const auto expiresAt = timeClaim(fields, "exp");
    constexpr std::int64_t clockSkew = 60;
    constexpr std::size_t claimCount = 12;
    if (fields.size() != claimCount || !username || !userId || !accountId || !role || !id
        || !issuedAt || !expiresAt || stringClaim(fields, "type") != "access"
        || stringClaim(fields, "iss") != issuer || stringClaim(fields, "aud") != audience
        || *issuedAt > now + clockSkew || *expiresAt <= now || *expiresAt <= *issuedAt
        || stringClaim(fields, "scope") != scopeOf(*role))
        return invalid();
    std::optional<std::vector<Uuid>> further = furtherAccounts(fields, *accountId);
    if (!further)
        return invalid();
    return Claims{*userId,    std::string(*username), *accountId,
                  *role,      std::string(*id),       *issuedAt,
                  *expiresAt, std::move(*further)};
}

} // namespace khop::server
