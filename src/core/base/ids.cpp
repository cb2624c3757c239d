// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ids.h"

namespace khop {

namespace {

constexpr std::size_t textLength = 36;

constexpr bool isHyphenAt(std::size_t position)
{
    return position == 8 || position == 13 || position == 18 || position == 23;
}

constexpr int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

std::string Uuid::text() const
{
    std::string text(textLength, '-');
    int shift = 124;
    for (std::size_t i = 0; i < textLength; ++i) {
        if (isHyphenAt(i))
            continue;
        const std::uint64_t half = shift >= 64 ? high >> (shift - 64) : low >> shift;
        text[i] = "0123456789abcdef"[half & 0xF];
        shift -= 4;
    }
    return text;
}

std::optional<Uuid> Uuid::parse(std::string_view text)
{
    if (text.size() != textLength)
        return std::nullopt;
    Uuid id;
    for (std::size_t i = 0; i < textLength; ++i) {
        if (isHyphenAt(i)) {
            if (text[i] != '-')
                return std::nullopt;
            continue;
        }
        const int digit = hexValue(text[i]);
        if (digit < 0)
            return std::nullopt;
        id.high = id.high << 4 | id.low >> 60;
        id.low = id.low << 4 | static_cast<std::uint64_t>(digit);
    }
    return id;
}

Uuid uuid7(Time time, std::uint64_t a, std::uint64_t b)
{
    constexpr std::uint64_t version = 0x7000;
    constexpr std::uint64_t variant = 0x8000'0000'0000'0000;
    return {static_cast<std::uint64_t>(time.ms) << 16 | version | (a & 0xFFF),
            variant | (b & 0x3FFF'FFFF'FFFF'FFFF)};
}

} // namespace khop
