// SPDX-License-Identifier: GPL-3.0-or-later
// What a portfolio was worth at the end of each day, in the base currency: its positions at the closes of
// the day, and its cash.
#pragma once

#include "base/result.h"
#include "portfolio/daily_closes.h"
#include "portfolio/listing.h"
#include "portfolio/position_history.h"
#include "portfolio/receivables.h"

#include <span>
#include <vector>

namespace khop {

struct EquityPoint {
    Date day;
    Money holdings;
    Money cash;    // sale proceeds and dividends on their way included
    Money inflow;  // from outside, since the point before
    Money outflow; // to the outside
    Money equity() const { return holdings + cash; }
};

/// One point for each of the days (ascending), from the first on which the portfolio has a past. A
/// security is worth its last close, before its first one its last trade. What happened between two of the
/// days counts on the later one. Currencies are converted as they were on the day, `rates` ascending; before
/// the first of them as the market does now. What is receivable counts on its days, shares as owned ones do.
///
/// O(days x positions held). Refuses (VALIDATION_ERROR) days that do not ascend and sums that do not fit,
/// and (INSTRUMENT_UNKNOWN) a position without a listing.
Result<std::vector<EquityPoint>> equityCurve(const PositionHistory &history,
                                             const DailyCloses &closes,
                                             const PortfolioMarket &market,
                                             std::span<const Date> days,
                                             std::span<const DatedConversions> rates = {},
                                             std::span<const Receivable> receivables = {});

} // namespace khop
