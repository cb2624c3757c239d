// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/decimal.h"

#include "base/wide.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// The digits of a magnitude with `scale` of them behind the point, a zero before it if need be.
std::string unsignedText(Int128 magnitude, int scale)
{
    std::string text; // least significant digit first
    int digits = 0;
    do {
        if (digits == scale && scale > 0)
            text.push_back('.');
        text.push_back(static_cast<char>('0' + static_cast<int>(magnitude % 10)));
        magnitude = magnitude / 10;
        ++digits;
    } while (magnitude > 0 || digits <= scale);
    std::ranges::reverse(text);
    return text;
}

constexpr Int128 magnitudeOf(std::int64_t raw)
{
    const Int128 wide = raw;
    return wide < 0 ? -wide : wide;
}

} // namespace

std::optional<std::int64_t> parseDecimal(std::string_view text, int scale)
{
    const bool negative = text.starts_with('-');
    if (negative)
        text.remove_prefix(1);
    const std::size_t point = std::min(text.find('.'), text.size());
    const std::string_view whole = text.substr(0, point);
    std::string_view fraction = text.substr(std::min(point + 1, text.size()));
    if (whole.empty() || (point < text.size() && fraction.empty()))
        return std::nullopt;
    if (!std::ranges::all_of(whole, isDigit) || !std::ranges::all_of(fraction, isDigit))
        return std::nullopt;
    while (fraction.ends_with('0'))
        fraction.remove_suffix(1);
    if (fraction.size() > static_cast<std::size_t>(scale))
        return std::nullopt;

    Int128 value = 0;
    const Int128 limit = magnitudeOf(std::numeric_limits<std::int64_t>::min());
    const auto append = [&](int digit) {
        value = value * 10 + digit;
        return value <= limit;
    };
    for (const char c : whole) {
        if (!append(c - '0'))
            return std::nullopt;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(scale); ++i) {
        if (!append(i < fraction.size() ? fraction[i] - '0' : 0))
            return std::nullopt;
    }
    if (negative)
        return static_cast<std::int64_t>(-value);
    if (value == limit)
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::string formatDecimal(std::int64_t raw, int scale, bool trim)
{
    std::string text = unsignedText(magnitudeOf(raw), scale);
    if (trim && scale > 0) {
        while (text.ends_with('0'))
            text.pop_back();
        if (text.ends_with('.'))
            text.pop_back();
    }
    if (raw < 0)
        text.insert(text.begin(), '-');
    return text;
}

std::string formatGrouped(std::int64_t raw, int scale)
{
    std::string text = formatDecimal(raw, scale);
    const std::size_t first = raw < 0 ? 1 : 0;
    for (std::size_t i = std::min(text.find('.'), text.size()); i > first + 3; i -= 3)
        text.insert(i - 3, 1, ',');
    return text;
}

std::string formatRatio(std::int64_t numerator, std::int64_t denominator, int decimals)
{
    if (denominator == 0)
        return formatDecimal(0, decimals);
    const Int128 divisor = magnitudeOf(denominator);
    const Int128 dividend = magnitudeOf(numerator) * powerOfTen(decimals);
    Int128 quotient = dividend / divisor;
    if ((dividend - quotient * divisor) * 2 >= divisor)
        quotient = quotient + 1;
    std::string text = unsignedText(quotient, decimals);
    if (quotient != 0 && (numerator < 0) != (denominator < 0))
        text.insert(text.begin(), '-');
    return text;
}

} // namespace khop
