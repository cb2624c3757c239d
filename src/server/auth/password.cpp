// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/password.h"

#include <sodium.h>

#include <algorithm>
#include <array>

namespace khop::server {

namespace {

constexpr unsigned long long hashOperations = 3;
constexpr std::size_t hashMemory = 64 * 1024 * 1024;
constexpr std::size_t shortest = 8, longest = 128; // characters

// Those of at least eight characters that attackers try first, in English and Vietnamese; lower case.
constexpr std::array<std::string_view, 82> commonest{
    "password",   "password1", "password12", "password123",   "password1234", "passw0rd",
    "p@ssw0rd",   "p@ssword",  "12345678",   "123456789",     "1234567890",   "12345678910",
    "123123123",  "1234567a",  "123456789a", "87654321",      "987654321",    "0987654321",
    "0123456789", "11223344",  "12341234",   "12344321",      "147258369",    "159753456",
    "789456123",  "741852963", "qwertyui",   "qwertyuiop",    "qwerty12",     "qwerty123",
    "qwerty1234", "1qaz2wsx",  "1q2w3e4r",   "1q2w3e4r5t",    "q1w2e3r4",     "qazwsxedc",
    "asdfghjk",   "asdfghjkl", "asdf1234",   "zxcvbnm1",      "abcdefgh",     "abcd1234",
    "abc12345",   "abc123456", "a1234567",   "a12345678",     "a123456789",   "aa123456",
    "aa12345678", "iloveyou",  "iloveyou1",  "sunshine",      "princess",     "football",
    "baseball",   "superman",  "starwars",   "trustno1",      "letmein1",     "welcome1",
    "welcome123", "admin123",  "admin1234",  "administrator", "changeme",     "changeme1",
    "computer",   "internet",  "whatever",   "dragon123",     "monkey123",    "master123",
    "shadow123",  "michael1",  "jennifer",   "matkhau1",      "matkhau123",   "anhyeuem",
    "emyeuanh",   "khongbiet", "vietnam123", "secret123"};

std::string lowerCase(std::string_view text)
{
    std::string lower(text);
    for (char &c : lower) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c + 32);
    }
    return lower;
}

std::size_t characters(std::string_view utf8)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

Result<void> checkPassword(std::string_view password, std::string_view username)
{
    const auto wrong = [](const char *bound) {
        return refuse(Code::VALIDATION_ERROR, "password", {}, bound);
    };
    const std::size_t size = characters(password);
    if (size < shortest || size > longest)
        return wrong("8 to 128 characters");
    const std::string lower = lowerCase(password);
    if (lower == lowerCase(username))
        return wrong("another text than the user name");
    if (std::ranges::find(commonest, lower) != commonest.end()
        || lower.find_first_not_of(lower.front()) == std::string::npos)
        return wrong("one that is not among the commonest passwords");
    return {};
}

Result<std::string> hashPassword(const std::string &password)
{
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), hashOperations,
                              hashMemory, crypto_pwhash_ALG_ARGON2ID13)
        != 0)
        return refuse(Code::OVERLOADED, "password", {}, "64 MiB of memory");
    return std::string(hash.data());
}

bool verifyPassword(const std::string &hash, const std::string &password)
{
    return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

} // namespace khop::server
