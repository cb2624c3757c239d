// SPDX-License-Identifier: GPL-3.0-or-later
// Returns computed in another way than the portfolio does, in floating point: the oracle of the tests.
#pragma once

#include "portfolio/equity_curve.h"
#include "portfolio/xirr.h"

#include <cmath>
#include <span>
#include <vector>

namespace khop::test {

/// The present value of the flows at a rate a year, on the day of the first.
inline long double presentValue(std::span<const DatedFlow> flows, long double rate)
{
    long double sum = 0;
    for (const DatedFlow &flow : flows)
        sum += static_cast<long double>(flow.amount.raw())
               * std::pow(1 + rate, -static_cast<long double>(flow.day - flows[0].day) / 365);
    return sum;
}

/// Newton's method on the logarithm of 1 + rate, from a rate near the solution or from 0.
inline long double newtonRate(std::span<const DatedFlow> flows, long double start = 0)
{
    long double x = std::log1p(start);
    for (int i = 0; i < 200; ++i) {
        long double value = 0;
        long double slope = 0;
        for (const DatedFlow &flow : flows) {
            const long double years = static_cast<long double>(flow.day - flows[0].day) / 365;
            const long double term =
                static_cast<long double>(flow.amount.raw()) * std::exp(-x * years);
            value += term;
            slope -= years * term;
        }
        const long double step = value / slope;
        x -= step;
        if (std::fabs(step) < 1e-15L)
            break;
    }
    return std::expm1(x);
}

/// By units, as a fund does: money that comes in buys units at the value they had before its day, money
/// that goes out returns them at the value at its end.
inline long double unitReturn(std::span<const EquityPoint> curve)
{
    long double units = 0;
    long double unitValue = 1;
    for (const EquityPoint &point : curve) {
        units += static_cast<long double>(point.inflow.raw()) / unitValue;
        if (units <= 0)
            continue;
        unitValue = static_cast<long double>(point.equity().raw() + point.outflow.raw()) / units;
        units -= static_cast<long double>(point.outflow.raw()) / unitValue;
        if (point.equity().isZero())
            units = 0;
    }
    return unitValue - 1;
}

} // namespace khop::test
