// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/portfolio_answer.h"

namespace khop {

Result<std::vector<EquityPoint>> withToday(std::span<const EquityPoint> past,
                                           const PositionHistory &history, const DailyCloses &live,
                                           const PortfolioMarket &market,
                                           std::span<const Receivable> receivables, Date day,
                                           Date today)
{
    std::vector<Date> days;
    if (!past.empty()) // so that what was counted there does not count again
        days.push_back(past.back().day);
    days.push_back(day);
    if (today > day)
        days.push_back(today);
    auto points = equityCurve(history, live, market, days, {}, receivables);
    if (!points)
        return points;
    std::vector<EquityPoint> curve(past.begin(), past.end());
    for (const EquityPoint &point : *points) {
        if (past.empty() || point.day > past.back().day)
            curve.push_back(point);
    }
    return curve;
}

std::vector<Date> tradingDays(const Calendar &calendar, Date from, Date to)
{
    std::vector<Date> days;
    for (Date day = from; day < to; day = day + 1) {
        if (calendar.isTradingDay(day))
            days.push_back(day);
    }
    return days;
}

} // namespace khop
