// SPDX-License-Identifier: GPL-3.0-or-later
// The money-weighted return a year: the rate at which the present values of all flows cancel out
// (XIRR: actual days / 365).
#pragma once

#include "base/time.h"
#include "portfolio/ratio.h"

#include <span>

namespace khop {

/// What an investor gets out (amount above 0) or puts in on a day.
struct DatedFlow {
    Date day;
    Money amount;
};

/// The rate, when there is exactly one between -99.9999 % and 1,000,000 times a year: a daily factor from
/// 0.9628 to its inverse. Nothing when there is none or more than one, when it cannot be told within a
/// fixed number of steps, when all flows are on one day or over more than 200 years, or when they sum to
/// more than 63 bits. Flows may come in any order.
std::optional<Ratio> xirr(std::span<const DatedFlow> flows);

} // namespace khop
