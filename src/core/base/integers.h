// SPDX-License-Identifier: GPL-3.0-or-later
// Price, Quantity and Money: 64-bit integers that cannot be mixed up.
//
// A Price counts 10^-priceScale of the instrument's currency (VND: whole dong), a Quantity
// 10^-quantityScale of the instrument (shares: 1), a Money 10^-scale of its currency (VND: whole
// dong, USD: cents). The scales belong to the instrument and the currency, not to the value.
#pragma once

#include <compare>
#include <cstdint>

namespace khop {

template <class Unit>
class Integer
{
public:
    constexpr Integer() = default;
    constexpr explicit Integer(std::int64_t raw) : m_raw(raw) {}

    constexpr std::int64_t raw() const { return m_raw; }
    constexpr bool isZero() const { return m_raw == 0; }

    friend constexpr auto operator<=>(Integer, Integer) = default;
    friend constexpr Integer operator+(Integer a, Integer b) { return Integer(a.m_raw + b.m_raw); }
    friend constexpr Integer operator-(Integer a, Integer b) { return Integer(a.m_raw - b.m_raw); }
    constexpr Integer operator-() const { return Integer(-m_raw); }
    constexpr Integer &operator+=(Integer b)
    {
        m_raw += b.m_raw;
        return *this;
    }
    constexpr Integer &operator-=(Integer b)
    {
        m_raw -= b.m_raw;
        return *this;
    }

private:
    std::int64_t m_raw = 0;
};

using Price = Integer<struct PriceUnit>;
using Quantity = Integer<struct QuantityUnit>;
using Money = Integer<struct MoneyUnit>;

} // namespace khop
