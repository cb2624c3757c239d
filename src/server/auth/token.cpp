// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/token.h"

#include "base/decimal.h"
#include "server/auth/base64url.h"
#include "server/json/reader.h"
#include "server/json/writer.h"

#include <sodium.h>

namespace khop::server {

namespace {

constexpr std::size_t maximumTokenSize = 2048;

std::string_view view(const unsigned char *bytes, std::size_t size)
{
    return {reinterpret_cast<const char *>(bytes), size};
}

const unsigned char *bytes(std::string_view text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

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

TokenSigner::TokenSigner(std::string secret) : m_secret(std::move(secret))
{
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
    const std::string labelled = "khop token key id" + m_secret;
    crypto_hash_sha256(hash.data(), bytes(labelled), labelled.size());
    m_keyId = encodeBase64Url(view(hash.data(), 6));
    JsonWriter header;
    header.beginObject()
        .field("alg", "HS256")
        .field("typ", "JWT")
        .field("kid", m_keyId)
        .endObject();
    m_header = encodeBase64Url(header.text());
}

std::string TokenSigner::signature(std::string_view signedPart) const
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes(m_secret), m_secret.size());
    crypto_auth_hmacsha256_update(&state, bytes(signedPart), signedPart.size());
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac;
    crypto_auth_hmacsha256_final(&state, mac.data());
    return std::string(view(mac.data(), mac.size()));
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
        .field("scope", claims.role == Role::Viewer ? "read" : "read trade")
        .field("type", "access")
        .field("iss", issuer)
        .field("aud", audience)
        .field("jti", claims.id)
        .numberField("iat", claims.issuedAt)
        .numberField("exp", claims.expiresAt)
        .endObject();
    std::string token = m_header + '.' + encodeBase64Url(json.text());
    const std::string mac = signature(token);
    return token + '.' + encodeBase64Url(mac);
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
    const std::string expected = signature(token.substr(0, lastDot));
    if (!mac || mac->size() != expected.size()
        || sodium_memcmp(mac->data(), expected.data(), expected.size()) != 0)
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
    if (!username || !userId || !accountId || !role || !id || !issuedAt || !expiresAt
        || stringClaim(fields, "type") != "access" || stringClaim(fields, "iss") != issuer
        || stringClaim(fields, "aud") != audience || *issuedAt > now + clockSkew
        || *expiresAt <= now)
        return invalid();
    return Claims{
        *userId, std::string(*username), *accountId, *role, std::string(*id), *issuedAt, *expiresAt,
        {}};
}

} // namespace khop::server
