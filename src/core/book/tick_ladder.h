// SPDX-License-Identifier: GPL-3.0-or-later
// The valid prices of a book's band as numbers 0, 1, 2 …: floor is 0, each tick one more, through
// every change of the tick inside the band.
//
// indexOf() costs one multiplication and one comparison where the tick does not change inside the
// band, and a short search where it does. It is exact for every 64-bit price: a price outside the
// band or off the tick has no index.
#pragma once

#include "base/wide.h"
#include "market/tick_table.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace khop {

/// Division by a number that stays the same, as one multiplication: exact for 0 <= n <= limit(),
/// which is at least 2^62 / divisor.
class Divisor
{
public:
    Divisor() = default;
    explicit Divisor(std::int64_t divisor)
        : m_magic(((std::uint64_t{1} << 63) + static_cast<std::uint64_t>(divisor) - 1)
                  / static_cast<std::uint64_t>(divisor))
        , m_divisor(divisor)
        , m_limit((std::int64_t{1} << 62) / divisor)
    {}

    std::int64_t divisor() const { return m_divisor; }
    std::int64_t limit() const { return m_limit; }
    std::int64_t quotient(std::int64_t n) const
    {
        return static_cast<std::int64_t>(highProduct(static_cast<std::uint64_t>(n) << 1, m_magic));
    }
    /// Whether n > 0 is a multiple, for any n.
    bool divides(std::int64_t n) const
    {
        if (n > m_limit) [[unlikely]]
            return n % m_divisor == 0;
        return quotient(n) * m_divisor == n;
    }

private:
    std::uint64_t m_magic = std::uint64_t{1} << 63;
    std::int64_t m_divisor = 1;
    std::int64_t m_limit = std::int64_t{1} << 62;
};

class TickLadder
{
public:
    static constexpr std::int64_t none = -1;

    TickLadder() = default;
    /// The band must be on its ticks and below 2^61; every tick is positive.
    TickLadder(Price floor, Price ceiling, const TickTable &ticks);

    std::int64_t size() const { return m_size; }
    /// The number of a price, or `none`.
    std::int64_t indexOf(Price price) const
    {
        const std::int64_t index = mainIndexOf(price);
        return index >= 0 ? index : indexElsewhere(price);
    }
    /// The same for the longest stretch of the band with one tick; `none` elsewhere.
    std::int64_t mainIndexOf(Price price) const
    {
        const std::uint64_t offset =
            static_cast<std::uint64_t>(price.raw()) - static_cast<std::uint64_t>(m_main.from);
        if (offset > static_cast<std::uint64_t>(m_main.span)) [[unlikely]]
            return none;
        return indexIn(m_main, static_cast<std::int64_t>(offset));
    }
    Price priceOf(std::int64_t index) const;

private:
    /// Prices from … from + span, both included, tick by tick.
    struct Piece {
        std::int64_t from = 0;
        std::int64_t span = 0;
        std::int64_t first = 0; // index of `from`
        Divisor tick;
    };

    static std::int64_t indexIn(const Piece &piece, std::int64_t offset)
    {
        const std::int64_t steps = piece.tick.quotient(offset);
        return steps * piece.tick.divisor() == offset ? piece.first + steps : none;
    }
    std::int64_t indexElsewhere(Price price) const;

    Piece m_main; // the longest piece
    std::vector<Piece> m_others;
    std::int64_t m_size = 0;
};

} // namespace khop
