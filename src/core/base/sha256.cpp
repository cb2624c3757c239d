// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sha256.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstdlib>

namespace khop {

namespace {

// Looked up once: by name it costs more than hashing a small request.
const EVP_MD *algorithm()
{
    static const EVP_MD *const sha = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    if (!sha)
        std::abort(); // an OpenSSL without SHA-256
    return sha;
}

EVP_MD_CTX *scratch()
{
    struct Owner {
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        Owner() = default;
        ~Owner() { EVP_MD_CTX_free(context); }
        Owner(const Owner &) = delete;
        Owner &operator=(const Owner &) = delete;
    };
    thread_local const Owner owner;
    return owner.context;
}

void add(EVP_MD_CTX *context, std::string_view bytes)
{
    EVP_DigestUpdate(context, bytes.data(), bytes.size());
}

Digest finish(EVP_MD_CTX *context)
{
    Digest digest{};
    EVP_DigestFinal_ex(context, digest.data(), nullptr);
    return digest;
}

} // namespace

Digest sha256(std::string_view bytes) { return sha256({bytes}); }

Digest sha256(std::initializer_list<std::string_view> parts)
{
    EVP_MD_CTX *context = scratch();
    EVP_DigestInit_ex2(context, algorithm(), nullptr);
    for (const std::string_view part : parts)
        add(context, part);
    return finish(context);
}

std::string_view bytesOf(const Digest &digest)
{
    return {reinterpret_cast<const char *>(digest.data()), digest.size()};
}

bool sameDigest(const Digest &a, const Digest &b)
{
    return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void HmacKey::Free::operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }

// RFC 2104: the key, padded to a block, opens the inner and the outer hash.
HmacKey::HmacKey(std::string_view key)
{
    constexpr std::size_t block = 64;
    std::string padded = key.size() > block ? std::string(bytesOf(sha256(key))) : std::string(key);
    padded.resize(block, '\0');
    const auto keyed = [&padded](char pad) {
        for (char &c : padded)
            c = static_cast<char>(c ^ pad);
        Context context(EVP_MD_CTX_new(), Free());
        EVP_DigestInit_ex2(context.get(), algorithm(), nullptr);
        add(context.get(), padded);
        return context;
    };
    m_inner = keyed('\x36');
    m_outer = keyed('\x36' ^ '\x5c'); // the inner pad is taken off again
    OPENSSL_cleanse(padded.data(), padded.size());
}

Digest HmacKey::of(std::initializer_list<std::string_view> parts) const
{
    EVP_MD_CTX *context = scratch();
    EVP_MD_CTX_copy_ex(context, m_inner.get());
    for (const std::string_view part : parts)
        add(context, part);
    const Digest inner = finish(context);
    EVP_MD_CTX_copy_ex(context, m_outer.get());
    add(context, bytesOf(inner));
    return finish(context);
}

} // namespace khop
