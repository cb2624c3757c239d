// SPDX-License-Identifier: GPL-3.0-or-later
// API keys: what a bot signs its requests with instead of logging in.
//
// A request carries X-Api-Key, X-Api-Timestamp (Unix milliseconds), X-Api-Nonce and X-Api-Signature: the
// HMAC-SHA256, in lower-case hexadecimal, of the lines METHOD, PATH?QUERY, the SHA-256 of the body in
// hexadecimal, timestamp and nonce, joined with '\n'.
#pragma once

#include "base/ids.h"
#include "base/secret.h"
#include "base/sha256.h"
#include "server/auth/token.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace khop::server {

enum class KeyScope : std::uint8_t { Read, Trade };
std::string_view name(KeyScope scope); // read trade
std::optional<KeyScope> keyScopeFromName(std::string_view name);

struct ApiKey {
    Uuid id; // X-Api-Key
    Uuid userId;
    std::uint64_t no = 0; // ascending with creation
    std::string label;
    KeyScope scope = KeyScope::Read;
    Role grantedRole = Role::Viewer; // the owner's when it was made: later rights do not widen it
    std::int64_t createdAt = 0;      // Unix milliseconds
    std::int64_t expiresAt = 0;      // 0: never
    std::string salt; // what the secret is derived from, with the server's own secret
    HmacKey signer;   // keyed with the secret; not kept in the database

    bool isExpired(std::int64_t now) const { return expiresAt != 0 && expiresAt <= now; }
    /// The role a request with this key has, its owner being what he is now.
    Role effectiveRole(Role owner) const;
};

/// What a request says about its signature.
struct SignedRequest {
    std::string_view method;
    std::string_view path; // as sent
    std::string_view query;
    std::string_view body;
    std::string_view timestamp;
    std::string_view nonce;
    std::string_view signature;
};

inline constexpr std::int64_t signatureWindow = 30'000; // milliseconds either way
inline constexpr std::size_t longestNonce = 64;

/// INVALID_SIGNATURE: form, a timestamp outside the window, or another signature than the key's. Whether the
/// nonce is new is asked afterwards.
Result<void> checkSignature(const HmacKey &key, const SignedRequest &request, std::int64_t now);

} // namespace khop::server
