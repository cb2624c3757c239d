// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/client_orders.h"

#include "base/mix.h"

#include <bit>
#include <cstring>

namespace khop {

namespace {

/// Eight characters as a number, the first in the highest byte.
std::uint64_t wordOf(std::string_view text)
{
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    if constexpr (std::endian::native == std::endian::little) {
        word = (word & 0x00FF'00FF'00FF'00FFULL) << 8 | (word >> 8 & 0x00FF'00FF'00FF'00FFULL);
        word = (word & 0x0000'FFFF'0000'FFFFULL) << 16 | (word >> 16 & 0x0000'FFFF'0000'FFFFULL);
        word = word << 32 | word >> 32;
    }
    return word;
}

/// Gives the text's words to every hash: its length, eight characters at a time, and what is left.
template <class... Hashes>
void addText(std::string_view text, Hashes &...hashes)
{
    const auto add = [&](std::uint64_t word) { (hashes.add(word), ...); };
    add(text.size());
    for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t)))
        add(wordOf(text));
    std::uint64_t rest = 0;
    for (const char c : text)
        rest = rest << 8 | static_cast<unsigned char>(c);
    add(rest);
}

} // namespace

ClientOrderKey clientOrderKey(AccountNo account, std::string_view clientOrderId)
{
    RollingHash a, b;
    a.set(0x1B87'3593'CC9E'2D51ULL ^ account);
    b.set(0x85EB'CA6B'27D4'EB2FULL + account);
    addText(clientOrderId, a, b);
    return {a.value(), b.value()};
}

std::uint64_t orderBodyHash(const PlaceOrder &order)
{
    RollingHash hash;
    hash.add(std::uint64_t{order.instrument});
    hash.add(static_cast<std::uint64_t>(order.side) | static_cast<std::uint64_t>(order.type) << 8
             | static_cast<std::uint64_t>(order.given) << 16
             | static_cast<std::uint64_t>(order.timeInForce) << 24
             | std::uint64_t{order.queue} << 32 | std::uint64_t{order.price.has_value()} << 33
             | std::uint64_t{order.expiresAt.has_value()} << 34);
    hash.add(order.quantity.raw());
    hash.add(order.price.value_or(Price{}).raw());
    hash.add(order.expiresAt.value_or(Time{}).ms);
    if (order.condition)
        hash.add(conditionHash(*order.condition));
    addText(order.description, hash);
    return hash.value();
}

} // namespace khop
