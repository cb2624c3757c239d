// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/api_key.h"

#include "base/decimal.h"
#include "base/hex.h"

namespace khop::server {

namespace {

std::optional<unsigned char> hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned char>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned char>(c - 'a' + 10);
    return std::nullopt;
}

std::optional<Digest> digestFromHex(std::string_view text)
{
    Digest digest{};
    if (text.size() != 2 * digest.size())
        return std::nullopt;
    for (std::size_t i = 0; i < digest.size(); ++i) {
        const auto high = hexDigit(text[2 * i]), low = hexDigit(text[2 * i + 1]);
        if (!high || !low)
            return std::nullopt;
        digest[i] = static_cast<unsigned char>(*high << 4 | *low);
    }
    return digest;
}

bool isNonce(std::string_view text)
{
    static constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return !text.empty() && text.size() <= longestNonce
           && text.find_first_not_of(allowed) == std::string_view::npos;
}

} // namespace

std::string_view name(KeyScope scope) { return scope == KeyScope::Trade ? "trade" : "read"; }

std::optional<KeyScope> keyScopeFromName(std::string_view name)
{
    if (name == "read")
        return KeyScope::Read;
    if (name == "trade")
        return KeyScope::Trade;
    return std::nullopt;
}

Role ApiKey::effectiveRole(Role owner) const
{
    if (scope == KeyScope::Trade)
        return owner == Role::Trader && grantedRole == Role::Trader ? Role::Trader : Role::Viewer;
    // An administrator's reading key reads what he reads; a trader's must not trade.
    return owner == Role::Admin && grantedRole == Role::Admin ? Role::Admin : Role::Viewer;
}

Result<void> checkSignature(const HmacKey &key, const SignedRequest &request, std::int64_t now)
{
    const auto time = parseDecimal(request.timestamp, 0);
    if (!time || request.timestamp.size() > 16 || *time < now - signatureWindow
        || *time > now + signatureWindow)
        return refuse(Code::INVALID_SIGNATURE, "X-Api-Timestamp", {},
                      "Unix milliseconds, at most 30 seconds from the server's clock");
    if (!isNonce(request.nonce))
        return refuse(Code::INVALID_SIGNATURE, "X-Api-Nonce", {}, "[A-Za-z0-9._-]{1,64}");
    const std::optional<Digest> given = digestFromHex(request.signature);
    if (!given)
        return refuse(Code::INVALID_SIGNATURE, "X-Api-Signature", {},
                      "64 lower-case hexadecimal digits");
    const std::string body = hexOf(bytesOf(sha256(request.body)));
    const Digest expected =
        key.of({request.method, "\n", request.path, request.query.empty() ? "" : "?", request.query,
                "\n", body, "\n", request.timestamp, "\n", request.nonce});
    if (!sameDigest(*given, expected))
        return refuse(Code::INVALID_SIGNATURE);
    return {};
}

} // namespace khop::server
