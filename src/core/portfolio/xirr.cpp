// SPDX-License-Identifier: GPL-3.0-or-later
// The flows are a polynomial in the daily discount factor. It is looked at from both ends, so that every
// weight is a power of a factor of at most 1 and fits a fraction of 62 bits: for positive rates
// discounted to the first day, for negative ones compounded to the last, by the factor 1 + rate.
//
// When the flows change sign once there is one root at most (Descartes) and halving finds it. Otherwise
// the range is cut into cells until in each the polynomial, or its slope, provably keeps its sign: what
// comes in and what goes out are both monotone in the factor, so their values at the ends bound them.
#include "portfolio/xirr.h"

#include <algorithm>
#include <vector>

namespace khop {

namespace {

constexpr int fractionBits = 62;
constexpr std::int64_t one = std::int64_t{1} << fractionBits;
constexpr std::int64_t leastFactor = one / 10'000 * 9'628;
constexpr std::int64_t side = one - leastFactor; // width of either half of the range
constexpr int longestSpan = 200 * 366;           // days
constexpr int mostCells = 4'000;
constexpr int daysPerYear = 365;

std::int64_t product(std::int64_t a, std::int64_t b)
{
    return static_cast<std::int64_t>(static_cast<Int128>(a) * b >> fractionBits);
}

std::int64_t power(std::int64_t factor, int exponent)
{
    std::int64_t result = one;
    for (; exponent > 0; exponent /= 2) {
        if (exponent % 2 == 1)
            result = product(result, factor);
        factor = product(factor, factor);
    }
    return result;
}

/// Flows of one day each, in order; days count from the first.
struct Flow {
    int day = 0;
    std::int64_t amount = 0;
};

/// A place in the range: rates rise with `x`, from 0 (compounding by the least factor) over `side` (a
/// rate of zero) to 2 * side (discounting by it).
struct Place {
    std::int64_t x = 0;
    bool discounts = false; // which half `x` is looked at from
    std::int64_t factor() const { return discounts ? one - (x - side) : leastFactor + x; }
};

/// Sums over the flows in and those out, with weights; and the same by exponent, for the slope.
struct Sums {
    Int128 in = 0, out = 0;
    Int128 slopeIn = 0, slopeOut = 0;
    bool positive() const { return in >= out; }
};

class Flows
{
public:
    /// False when there is nothing to look for.
    bool set(std::span<const DatedFlow> given);
    int signChanges() const;
    Sums at(Place place) const;

private:
    std::vector<Flow> m_flows;
    int m_span = 0;
    int m_slopeShift = 0;
};

bool Flows::set(std::span<const DatedFlow> given)
{
    std::vector<DatedFlow> sorted(given.begin(), given.end());
    std::ranges::stable_sort(sorted, {}, &DatedFlow::day);
    Int128 total = 0;
    for (const DatedFlow &flow : sorted) {
        const Int128 amount = flow.amount.raw();
        total += amount < 0 ? -amount : amount;
        if (total > std::numeric_limits<std::int64_t>::max()
            || flow.day - sorted.front().day > longestSpan)
            return false;
        const int day = flow.day - sorted.front().day;
        if (m_flows.empty() || m_flows.back().day != day)
            m_flows.push_back({day, 0});
        m_flows.back().amount += flow.amount.raw();
    }
    std::erase_if(m_flows, [](const Flow &flow) { return flow.amount == 0; });
    if (m_flows.size() < 2)
        return false;
    const int first = m_flows.front().day;
    for (Flow &flow : m_flows)
        flow.day -= first;
    m_span = m_flows.back().day;
    while (total * m_span >> m_slopeShift > std::numeric_limits<std::int64_t>::max())
        ++m_slopeShift;
    return true;
}

int Flows::signChanges() const
{
    int changes = 0;
    for (std::size_t i = 1; i < m_flows.size(); ++i)
        changes += (m_flows[i].amount > 0) != (m_flows[i - 1].amount > 0) ? 1 : 0;
    return changes;
}

Sums Flows::at(Place place) const
{
    const std::int64_t factor = place.factor();
    Sums sums;
    std::int64_t weight = one;
    int exponent = 0;
    const auto add = [&](const Flow &flow) {
        const int next = place.discounts ? flow.day : m_span - flow.day;
        weight = product(weight, power(factor, next - exponent));
        exponent = next;
        const std::int64_t size = flow.amount < 0 ? -flow.amount : flow.amount;
        const auto slope =
            static_cast<std::int64_t>(static_cast<Int128>(size) * exponent >> m_slopeShift);
        (flow.amount > 0 ? sums.in : sums.out) += static_cast<Int128>(size) * weight;
        (flow.amount > 0 ? sums.slopeIn : sums.slopeOut) += static_cast<Int128>(slope) * weight;
    };
    if (place.discounts)
        std::ranges::for_each(m_flows, add);
    else
        std::for_each(m_flows.rbegin(), m_flows.rend(), add);
    return sums;
}

struct Cell {
    Place from, to; // of the same half
    Sums atFrom, atTo;
    /// The ends with the smaller and the larger factor.
    const Sums &least() const { return from.discounts ? atTo : atFrom; }
    const Sums &most() const { return from.discounts ? atFrom : atTo; }
    bool keepsSign() const { return least().in > most().out || most().in < least().out; }
    bool isMonotone() const
    {
        return least().slopeIn > most().slopeOut || most().slopeIn < least().slopeOut;
    }
    bool changesSign() const { return atFrom.positive() != atTo.positive(); }
};

Cell cellOf(const Flows &flows, Place from, Place to)
{
    return {from, to, flows.at(from), flows.at(to)};
}

std::vector<Cell> halves(const Flows &flows, const Cell &cell)
{
    const Place middle{cell.from.x + (cell.to.x - cell.from.x) / 2, cell.from.discounts};
    const Sums sums = flows.at(middle);
    return {{cell.from, middle, cell.atFrom, sums}, {middle, cell.to, sums, cell.atTo}};
}

/// The cell that has the only root; nothing when there is none, another, or no telling.
std::optional<Cell> onlyRoot(const Flows &flows)
{
    std::vector<Cell> waiting{cellOf(flows, {0, false}, {side, false}),
                              cellOf(flows, {side, true}, {2 * side, true})};
    const bool oneAtMost = flows.signChanges() == 1;
    std::optional<Cell> found;
    for (int cells = 0; !waiting.empty(); ++cells) {
        const Cell cell = waiting.back();
        waiting.pop_back();
        if (cells == mostCells)
            return std::nullopt;
        if (oneAtMost || cell.isMonotone()) {
            if (cell.changesSign() && found)
                return std::nullopt;
            if (cell.changesSign())
                found = cell;
        } else if (!cell.keepsSign()) {
            if (cell.to.x - cell.from.x < 2)
                return std::nullopt;
            std::ranges::copy(halves(flows, cell), std::back_inserter(waiting));
        }
    }
    return found;
}

std::optional<Ratio> rateOf(Place place)
{
    constexpr std::int64_t million = 1'000'000;
    const std::int64_t year = power(place.factor(), daysPerYear);
    const auto grown = place.discounts ? mulDiv(million, one, year, Rounding::HalfUp)
                                       : mulDiv(million, year, one, Rounding::HalfUp);
    return grown ? std::optional(Ratio(*grown - million)) : std::nullopt;
}

} // namespace

std::optional<Ratio> xirr(std::span<const DatedFlow> given)
{
    Flows flows;
    if (!flows.set(given) || flows.signChanges() == 0)
        return std::nullopt;
    std::optional<Cell> cell = onlyRoot(flows);
    if (!cell)
        return std::nullopt;
    while (cell->to.x - cell->from.x > 1) {
        for (const Cell &half : halves(flows, *cell)) {
            if (half.changesSign()) {
                cell = half;
                break;
            }
        }
    }
    return rateOf(cell->to);
}

} // namespace khop
