// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 and HMAC-SHA256 by OpenSSL, which uses the processor's instructions for them: the journal's
// chain takes every command, and a signature is checked for every request of a bot.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st; // OpenSSL's EVP_MD_CTX

namespace khop {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view bytes);
/// Of the parts one after the other.
Digest sha256(std::initializer_list<std::string_view> parts);
std::string_view bytesOf(const Digest &digest);
bool sameDigest(const Digest &a, const Digest &b); // in a time that tells nothing

/// A key made ready once; the text of the key is not kept. Thread-safe.
class HmacKey
{
public:
    HmacKey() = default;
    explicit HmacKey(std::string_view key);

    /// Of the parts one after the other.
    Digest of(std::initializer_list<std::string_view> parts) const;

private:
    struct Free {
        void operator()(evp_md_ctx_st *context) const;
    };
    using Context = std::shared_ptr<evp_md_ctx_st>; // written once, then only copied from
    Context m_inner, m_outer;
};

} // namespace khop
