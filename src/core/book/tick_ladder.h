// SPDX-License-Identifier: GPL-3.0-or-later
// The valid prices of a book's band as numbers 0, 1, 2 …: floor is 0, each tick one more, through
// every change of the tick inside the band.
//
// indexOf() costs one multiplication, one rotation and one comparison where the tick does not change
// inside the band, and a short search where it does. It is exact for every 64-bit price: a price
// outside the band or off the tick has no index.
#pragma once

#include "market/tick_table.h"

#include <bit>
#include <cstdint>
#include <vector>

namespace khop {

/// Exact division by a number that stays the same, in one multiplication and one rotation: the
/// product with the inverse modulo 2^64 of the divisor's odd part, rotated by its power of two, is the
/// quotient of a multiple, and for any other number greater than every quotient there is (Warren,
/// Hacker's Delight, 10-17). So one comparison tells that n is a multiple and its quotient in bounds.
class ExactDivisor
{
public:
    ExactDivisor() = default;
    explicit ExactDivisor(std::int64_t divisor)
        : m_divisor(static_cast<std::uint64_t>(divisor))
        , m_shift(std::countr_zero(m_divisor))
    {
        const std::uint64_t odd = m_divisor >> m_shift;
        m_inverse = odd;
        for (int i = 0; i < 5; ++i) // each doubles the right bits: 3, 6, 12, 24, 48, 96
            m_inverse *= 2 - odd * m_inverse;
    }

    std::int64_t divisor() const { return static_cast<std::int64_t>(m_divisor); }
    /// n / divisor for a multiple, else a number above 2^64 / divisor.
    std::uint64_t quotient(std::uint64_t n) const { return std::rotr(n * m_inverse, m_shift); }

private:
    std::uint64_t m_inverse = 1;
    std::uint64_t m_divisor = 1;
    int m_shift = 0;
};

class TickLadder
{
public:
    static constexpr std::int64_t none = -1;

    TickLadder() = default;
    /// Floor and ceiling must be on their ticks; every tick is positive.
    TickLadder(Price floor, Price ceiling, const TickTable &ticks);

    std::int64_t size() const { return m_size; }
    /// The number of a price, or `none`.
    std::int64_t indexOf(Price price) const
    {
        const std::int64_t index = mainIndexOf(price);
        return index >= 0 ? index : indexElsewhere(price);
    }
    /// The same for the longest stretch of the band with one tick; `none` elsewhere.
    std::int64_t mainIndexOf(Price price) const { return m_main.indexOf(price); }
    Price priceOf(std::int64_t index) const;

private:
    /// Prices tick by tick.
    struct Piece {
        std::int64_t from = 0;
        std::uint64_t count = 0;
        std::int64_t first = 0; // index of `from`
        ExactDivisor tick;

        std::int64_t indexOf(Price price) const
        {
            const std::uint64_t steps = tick.quotient(static_cast<std::uint64_t>(price.raw())
                                                      - static_cast<std::uint64_t>(from));
            if (steps >= count) [[unlikely]]
                return none;
            return first + static_cast<std::int64_t>(steps);
        }
    };
    std::int64_t indexElsewhere(Price price) const;

    Piece m_main; // the longest piece
    std::vector<Piece> m_others;
    std::int64_t m_size = 0;
};

} // namespace khop
