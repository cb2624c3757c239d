// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/equity_curve.h"

#include <algorithm>
#include <limits>
#include <map>

namespace khop {

namespace {

/// One currency's sums per day; 128 bits, so that no sum of a day can overflow on the way.
struct DaySums {
    std::vector<Int128> holdings, cash, inflow, outflow;
    explicit DaySums(std::size_t days = 0) : holdings(days), cash(days), inflow(days), outflow(days)
    {}
};

class Curve
{
public:
    Curve(std::span<const Date> days, const DailyCloses &closes,
          std::span<const PortfolioListing> listings)
        : m_days(days)
        , m_closes(closes)
        , m_listings(listings)
    {}

    Result<void> addPositions(const PositionHistory &history);
    Result<void> addTransfers(const PositionHistory &history);
    void addCash(const PositionHistory &history);
    Result<void> addReceivable(const Receivable &receivable, const PositionHistory &history);
    Result<std::vector<EquityPoint>> points(const Conversions &now,
                                            std::span<const DatedConversions> rates) const;

private:
    DaySums &of(std::uint16_t currency)
    {
        DaySums &sums = m_sums[currency];
        if (sums.holdings.size() != m_days.size())
            sums = DaySums(m_days.size());
        return sums;
    }
    /// The first of the days that is that day or later.
    std::size_t indexOf(Date day) const
    {
        return static_cast<std::size_t>(std::ranges::lower_bound(m_days, day) - m_days.begin());
    }
    Result<const PortfolioListing *> listing(InstrumentIndex instrument) const;
    void addPosition(std::span<const PositionHistory::Point> points, std::span<const Close> closes,
                     const PortfolioListing &listing);

    std::span<const Date> m_days;
    const DailyCloses &m_closes;
    std::span<const PortfolioListing> m_listings;
    std::map<std::uint16_t, DaySums> m_sums;
};

/// As worth(), in 128 bits.
Int128 wideWorth(const PortfolioListing &listing, Price price, Quantity quantity)
{
    const Int128 product = static_cast<Int128>(price.raw()) * quantity.raw();
    if (listing.shift == 0)
        return product;
    if (listing.shift < 0)
        return product * powerOfTen(-listing.shift);
    const std::int64_t divisor = powerOfTen(listing.shift);
    return (product * 2 + divisor) / (Int128(divisor) * 2);
}

Result<const PortfolioListing *> Curve::listing(InstrumentIndex instrument) const
{
    if (instrument >= m_listings.size())
        return refuse(Code::INSTRUMENT_UNKNOWN, "instrument", std::to_string(instrument));
    return &m_listings[instrument];
}

void Curve::addPosition(std::span<const PositionHistory::Point> points,
                        std::span<const Close> closes, const PortfolioListing &listing)
{
    std::vector<Int128> &holdings = of(listing.currency).holdings;
    std::size_t point = 0;
    std::size_t close = 0;
    Quantity quantity;
    Price mark;
    Price last;
    for (std::size_t i = indexOf(points.front().day); i < m_days.size(); ++i) {
        const Date day = m_days[i];
        for (; point < points.size() && points[point].day <= day; ++point) {
            quantity = points[point].quantity;
            mark = points[point].mark;
        }
        if (quantity.isZero()) {
            if (point == points.size())
                return;
            continue;
        }
        for (; close < closes.size() && closes[close].day <= day; ++close)
            last = closes[close].price;
        holdings[i] += wideWorth(listing, last.isZero() ? mark : last, quantity);
    }
}

Result<void> Curve::addPositions(const PositionHistory &history)
{
    for (const auto &[instrument, points] : history.positions()) {
        const auto listed = listing(instrument);
        if (!listed)
            return std::unexpected(listed.error());
        addPosition(points, m_closes.of(instrument), **listed);
    }
    return {};
}

Result<void> Curve::addTransfers(const PositionHistory &history)
{
    for (const PositionHistory::Transfer &transfer : history.transfers()) {
        const std::size_t at = indexOf(transfer.day);
        if (at == m_days.size())
            continue;
        const auto listed = listing(transfer.instrument);
        if (!listed)
            return std::unexpected(listed.error());
        const Close *const close = closeOn(m_closes.of(transfer.instrument), m_days[at]);
        const auto points = history.of(transfer.instrument);
        const auto after =
            std::ranges::upper_bound(points, m_days[at], {}, &PositionHistory::Point::day);
        const Price price = close ? close->price : std::prev(after)->mark;
        const bool comes = transfer.quantity > Quantity{};
        DaySums &sums = of((*listed)->currency);
        (comes ? sums.inflow : sums.outflow)[at] +=
            wideWorth(**listed, price, comes ? transfer.quantity : -transfer.quantity);
    }
    return {};
}

void Curve::addCash(const PositionHistory &history)
{
    for (const auto &[currency, points] : history.cash()) {
        DaySums &sums = of(currency);
        for (std::size_t p = 0; p < points.size(); ++p) {
            const std::size_t from = indexOf(points[p].day);
            if (from == m_days.size())
                break;
            sums.inflow[from] += points[p].inflow.raw();
            sums.outflow[from] += points[p].outflow.raw();
            const std::size_t to =
                p + 1 < points.size() ? indexOf(points[p + 1].day) : m_days.size();
            std::fill(sums.cash.begin() + static_cast<std::ptrdiff_t>(from),
                      sums.cash.begin() + static_cast<std::ptrdiff_t>(to), points[p].balance.raw());
        }
    }
}

Result<void> Curve::addReceivable(const Receivable &receivable, const PositionHistory &history)
{
    const auto listed = listing(receivable.instrument);
    if (!listed)
        return std::unexpected(listed.error());
    DaySums &sums = of(receivable.currency);
    const auto points = history.of(receivable.instrument);
    for (std::size_t i = indexOf(receivable.from);
         i < m_days.size() && receivable.isOpenOn(m_days[i]); ++i) {
        const Close *const close = closeOn(m_closes.of(receivable.instrument), m_days[i]);
        const auto after =
            std::ranges::upper_bound(points, m_days[i], {}, &PositionHistory::Point::day);
        const Price mark = after == points.begin() ? Price{} : std::prev(after)->mark;
        sums.holdings[i] += wideWorth(**listed, close ? close->price : mark, receivable.shares);
        sums.cash[i] += receivable.cash.raw();
    }
    return {};
}

/// Converts and adds; false when something does not fit.
bool addConverted(Money &sum, Int128 amount, std::uint16_t currency, const Conversions &conversions)
{
    if (amount > std::numeric_limits<std::int64_t>::max()
        || amount < std::numeric_limits<std::int64_t>::min())
        return false;
    const auto converted = conversions.toBase(currency, Money(static_cast<std::int64_t>(amount)));
    const auto total = converted ? checkedAdd(sum.raw(), converted->raw()) : std::nullopt;
    if (total)
        sum = Money(*total);
    return total.has_value();
}

Result<std::vector<EquityPoint>> Curve::points(const Conversions &now,
                                               std::span<const DatedConversions> rates) const
{
    std::vector<EquityPoint> points;
    points.reserve(m_days.size());
    for (std::size_t i = 0; i < m_days.size(); ++i) {
        EquityPoint point{m_days[i], {}, {}, {}, {}};
        const auto after = std::ranges::upper_bound(rates, point.day, {}, &DatedConversions::from);
        const Conversions &conversions =
            after == rates.begin() ? now : std::prev(after)->conversions;
        bool fit = true;
        for (const auto &[currency, sums] : m_sums) {
            fit = fit && addConverted(point.holdings, sums.holdings[i], currency, conversions)
                  && addConverted(point.cash, sums.cash[i], currency, conversions)
                  && addConverted(point.inflow, sums.inflow[i], currency, conversions)
                  && addConverted(point.outflow, sums.outflow[i], currency, conversions);
        }
        if (!fit || !checkedAdd(point.holdings.raw(), point.cash.raw()))
            return refuse(Code::VALIDATION_ERROR, "equity", isoDate(point.day),
                          "at most " + std::to_string(std::numeric_limits<std::int64_t>::max()));
        points.push_back(point);
    }
    return points;
}

} // namespace

Result<std::vector<EquityPoint>> equityCurve(const PositionHistory &history,
                                             const DailyCloses &closes,
                                             const PortfolioMarket &market,
                                             std::span<const Date> days,
                                             std::span<const DatedConversions> rates,
                                             std::span<const Receivable> receivables)
{
    for (std::size_t i = 1; i < days.size(); ++i) {
        if (days[i] <= days[i - 1])
            return refuse(Code::VALIDATION_ERROR, "days", isoDate(days[i]),
                          "after " + isoDate(days[i - 1]));
    }
    if (history.empty())
        return {};
    const auto first = std::ranges::lower_bound(days, history.firstDay());
    Curve curve(days.subspan(static_cast<std::size_t>(first - days.begin())), closes,
                market.listings);
    if (const auto added = curve.addPositions(history); !added)
        return std::unexpected(added.error());
    if (const auto added = curve.addTransfers(history); !added)
        return std::unexpected(added.error());
    curve.addCash(history);
    for (const Receivable &receivable : receivables) {
        if (const auto added = curve.addReceivable(receivable, history); !added)
            return std::unexpected(added.error());
    }
    return curve.points(market.conversions, rates);
}

} // namespace khop
