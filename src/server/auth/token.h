// SPDX-License-Identifier: GPL-3.0-or-later
// Access tokens: JSON Web Tokens signed with HS256, and nothing else.
#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/sha256.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace khop::server {

enum class Role : std::uint8_t { Viewer, Trader, Admin };
std::string_view name(Role role); // viewer trader admin
std::optional<Role> roleFromName(std::string_view name);

/// What an access token says.
struct Claims {
    Uuid userId;
    std::string username; // sub
    Uuid accountId;
    Role role = Role::Viewer;
    std::string id;            // jti
    std::int64_t issuedAt = 0; // Unix seconds
    std::int64_t expiresAt = 0;
    std::vector<Uuid> further; // accounts beside the first one
};

/// Signs and checks tokens with one secret.
class TokenSigner
{
public:
    static constexpr std::string_view issuer = "khop";
    static constexpr std::string_view audience = "khop-api";

    explicit TokenSigner(const Secret &secret);

    std::string sign(const Claims &claims) const;
    /// INVALID_TOKEN when anything at all is off; `now` in Unix seconds.
    Result<Claims> verify(std::string_view token, std::int64_t now) const;

private:
    HmacKey m_key;
    std::string m_keyId;
    std::string m_header; // encoded
};

} // namespace khop::server
