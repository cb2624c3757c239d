// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/performance.h"

#include "portfolio/xirr.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace khop {

namespace {

constexpr std::array<std::string_view, 7> periodNames{"1D", "1W", "1M", "3M", "6M", "1Y", "ALL"};

Date monthsBefore(Date date, int count)
{
    using namespace std::chrono;
    const year_month_day day{sys_days(days(date.day))};
    const year_month month = year_month(day.year(), day.month()) - months(count);
    const year_month_day last{month / std::chrono::last};
    return {static_cast<std::int32_t>(
        sys_days(month / std::min(day.day(), last.day())).time_since_epoch().count())};
}

/// The point a period is measured from; nothing when that is before the first.
std::optional<std::size_t> basePoint(std::span<const EquityPoint> curve, Period period)
{
    if (period == Period::All)
        return std::nullopt;
    if (period == Period::Day)
        return curve.size() < 2 ? std::nullopt : std::optional(curve.size() - 2);
    const Date start = startOf(period, curve.back().day);
    const auto after = std::ranges::upper_bound(curve, start, {}, &EquityPoint::day);
    if (after == curve.begin())
        return std::nullopt;
    return static_cast<std::size_t>(after - curve.begin()) - 1;
}

/// Sums that fit: start, end and flows of a period that follows the base point.
bool addFlows(Performance &result, std::span<const EquityPoint> points)
{
    Int128 inflow = 0;
    Int128 outflow = 0;
    for (const EquityPoint &point : points) {
        inflow += point.inflow.raw();
        outflow += point.outflow.raw();
    }
    const Int128 gain =
        Int128(result.endEquity.raw()) - result.startEquity.raw() - inflow + outflow;
    for (const Int128 sum : {inflow, outflow, gain}) {
        if (sum > std::numeric_limits<std::int64_t>::max()
            || sum < std::numeric_limits<std::int64_t>::min())
            return false;
    }
    result.inflow = Money(static_cast<std::int64_t>(inflow));
    result.outflow = Money(static_cast<std::int64_t>(outflow));
    result.gain = Money(static_cast<std::int64_t>(gain));
    return true;
}

std::optional<Ratio> moneyWeighted(const Performance &result, std::span<const EquityPoint> points)
{
    std::vector<DatedFlow> flows{{result.from, -result.startEquity}};
    for (const EquityPoint &point : points) {
        if (!point.inflow.isZero())
            flows.push_back({point.day, -point.inflow});
        if (!point.outflow.isZero())
            flows.push_back({point.day, point.outflow});
    }
    flows.push_back({result.to, result.endEquity});
    return xirr(flows);
}

/// The deepest fall of the growth after `base`, which it had on `from`.
std::optional<Drawdown> deepest(Growth base, Date from, std::span<const Growth> growth,
                                std::span<const EquityPoint> points)
{
    Drawdown deepest{{}, from, from, std::nullopt};
    Growth peak = base;
    Date peakDay = from;
    Growth peakOfDeepest = base;
    bool recovered = true;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (growth[i] >= peak) {
            peak = growth[i];
            peakDay = points[i].day;
        }
        if (!recovered && growth[i] >= peakOfDeepest) {
            deepest.recovered = points[i].day;
            recovered = true;
        }
        const auto change = growth[i].since(peak);
        if (!change)
            return std::nullopt;
        if (-*change > deepest.depth) {
            deepest = {-*change, peakDay, points[i].day, std::nullopt};
            peakOfDeepest = peak;
            recovered = false;
        }
    }
    return deepest;
}

std::optional<IndexComparison> compared(std::span<const Close> index, const Performance &result)
{
    const Close *const start = closeOn(index, result.from);
    const Close *const end = closeOn(index, result.to);
    if (!start)
        return std::nullopt;
    const auto change =
        ratioOf(Money(end->price.raw() - start->price.raw()), Money(start->price.raw()));
    if (!change)
        return std::nullopt;
    IndexComparison comparison{*change, std::nullopt};
    if (result.timeWeighted)
        comparison.excess = *result.timeWeighted - *change;
    return comparison;
}

} // namespace

std::string_view name(Period period) { return periodNames[static_cast<std::size_t>(period)]; }

std::optional<Period> periodFromName(std::string_view upperCaseName)
{
    const auto found = std::ranges::find(periodNames, upperCaseName);
    return found == periodNames.end()
               ? std::nullopt
               : std::optional(static_cast<Period>(found - periodNames.begin()));
}

Date startOf(Period period, Date last)
{
    switch (period) {
    case Period::Day: return last + -1;
    case Period::Week: return last + -7;
    case Period::Month: return monthsBefore(last, 1);
    case Period::ThreeMonths: return monthsBefore(last, 3);
    case Period::SixMonths: return monthsBefore(last, 6);
    case Period::Year: return monthsBefore(last, 12);
    case Period::All: break;
    }
    return last;
}

std::optional<std::vector<Growth>> growthOf(std::span<const EquityPoint> curve)
{
    std::vector<Growth> growth;
    growth.reserve(curve.size());
    Growth now;
    Money before;
    for (const EquityPoint &point : curve) {
        const auto invested = checkedAdd(before.raw(), point.inflow.raw());
        const auto left = checkedAdd(point.equity().raw(), point.outflow.raw());
        if (!invested || !left || *invested < 0 || *left < 0)
            return std::nullopt;
        if (*invested > 0) {
            const auto next = now.times(*left, *invested);
            if (!next)
                return std::nullopt;
            now = *next;
        }
        growth.push_back(now);
        before = point.equity();
    }
    return growth;
}

std::optional<Performance> performance(std::span<const EquityPoint> curve, Period period,
                                       std::span<const Close> index)
{
    if (curve.empty())
        return std::nullopt;
    const std::optional<std::size_t> base = basePoint(curve, period);
    const std::size_t first = base ? *base + 1 : 0;
    const std::span<const EquityPoint> points = curve.subspan(first);
    Performance result;
    result.from = curve[base.value_or(0)].day;
    result.to = curve.back().day;
    result.startEquity = base ? curve[*base].equity() : Money{};
    result.endEquity = curve.back().equity();
    if (!addFlows(result, points))
        return std::nullopt;
    result.moneyWeighted = moneyWeighted(result, points);
    if (const auto growth = growthOf(curve)) {
        const Growth start = base ? (*growth)[*base] : Growth();
        result.timeWeighted = growth->back().since(start);
        result.drawdown = deepest(start, result.from, std::span(*growth).subspan(first), points);
    }
    result.index = compared(index, result);
    return result;
}

} // namespace khop
