// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk answers about a portfolio: what it was, what it is worth now, and how it came to that.
#pragma once

#include "portfolio/equity_curve.h"
#include "portfolio/portfolio_book.h"
#include "portfolio/valuation.h"

namespace khop {

struct PortfolioQuery {
    AccountNo account = 0;
    bool curve = false; // the equity curve is wanted
    std::optional<InstrumentIndex>
        benchmark; // whose closes are wanted, with the price now as the last
};

struct PortfolioAnswer {
    std::shared_ptr<const PortfolioPast> past;
    Valuation valuation;                 // now; its totals are in the base currency
    std::vector<Receivable> receivables; // of all days
    Date day;                            // the trading day it is, or was last
    Date today;                          // in Vietnam
    std::vector<EquityPoint> curve;      // by trading day; the last points are of now
    std::vector<Close> benchmark;        // empty where there is none
};

/// The curve from all that has ended, and from the day that has not: `past` ends before `day`, `live` holds
/// the prices of now as closes of `day`. `today` is after `day` when that was the last trading day.
Result<std::vector<EquityPoint>> withToday(std::span<const EquityPoint> past,
                                           const PositionHistory &history, const DailyCloses &live,
                                           const PortfolioMarket &market,
                                           std::span<const Receivable> receivables, Date day,
                                           Date today);

/// Trading days from `from` to the one before `to`.
std::vector<Date> tradingDays(const Calendar &calendar, Date from, Date to);

} // namespace khop
