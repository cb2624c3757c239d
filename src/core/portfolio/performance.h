// SPDX-License-Identifier: GPL-3.0-or-later
// How a portfolio did over a period: what it gained, what that was of the money in it, how deep it fell,
// and how an index did meanwhile.
#pragma once

#include "portfolio/daily_closes.h"
#include "portfolio/equity_curve.h"
#include "portfolio/ratio.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace khop {

enum class Period : std::uint8_t { Day, Week, Month, ThreeMonths, SixMonths, Year, All };
std::string_view name(Period period); // 1D 1W 1M 3M 6M 1Y ALL
std::optional<Period> periodFromName(std::string_view upperCaseName);
/// The day whose close a period that ends on `last` is measured from: that many days or calendar months
/// before, in a shorter month its last day. Not for Day, which starts at the point before, and All.
Date startOf(Period period, Date last);

/// What one unit of money that was in the portfolio from its first day on had become at each point:
/// money that comes in counts from the start of its day, money that goes out until its end. A day
/// without money in it changes nothing. Nothing when a portfolio owes more than it owns.
std::optional<std::vector<Growth>> growthOf(std::span<const EquityPoint> curve);

/// The deepest fall from a peak, flows aside.
struct Drawdown {
    Ratio depth; // of the peak: 250,000 is a quarter; 0: it never fell
    Date peak;
    Date trough;
    std::optional<Date> recovered; // when the peak was reached again
};

struct IndexComparison {
    Ratio change;                // of the index, from close to close
    std::optional<Ratio> excess; // time-weighted return less that
};

struct Performance {
    Date from; // the close it is measured from, or the first day of all
    Date to;
    Money startEquity; // 0 from the first day of all
    Money endEquity;
    Money inflow;
    Money outflow;
    Money gain;                         // endEquity - startEquity - inflow + outflow
    std::optional<Ratio> timeWeighted;  // over the period, not a year
    std::optional<Ratio> moneyWeighted; // XIRR, a year
    std::optional<Drawdown> drawdown;
    std::optional<IndexComparison> index; // nothing when it has no close at the start
};

/// Over the period that ends with the curve; from its first point when it does not go back so far.
/// Nothing for an empty curve, or when sums do not fit.
std::optional<Performance> performance(std::span<const EquityPoint> curve, Period period,
                                       std::span<const Close> index = {});

} // namespace khop
