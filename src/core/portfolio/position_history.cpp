// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/position_history.h"

#include "base/wide.h"

namespace khop {

namespace {

/// The point of that day, a copy of the one before when it is new.
template <class Point>
Point &pointOf(std::vector<Point> &points, Date day)
{
    if (points.empty() || points.back().day < day) {
        points.push_back(points.empty() ? Point{} : points.back());
        points.back().day = day;
    }
    return points.back();
}

} // namespace

void PositionHistory::note(const PortfolioEvent &event, const Portfolio &after)
{
    if (empty())
        m_firstDay = event.day;
    if (const auto *trade = std::get_if<PortfolioTrade>(&event.body)) {
        notePosition(event.day, trade->instrument, after);
        noteCash(event.day, trade->currency, {}, after);
    } else if (const auto *cash = std::get_if<PortfolioCash>(&event.body)) {
        noteCash(event.day, cash->currency, isExternal(cash->kind) ? cash->amount : Money{}, after);
    } else if (const auto *transfer = std::get_if<PortfolioTransfer>(&event.body)) {
        notePosition(event.day, transfer->instrument, after);
        m_transfers.push_back({event.day, transfer->instrument, transfer->quantity});
    } else if (const auto *dividend = std::get_if<PortfolioShareDividend>(&event.body)) {
        notePosition(event.day, dividend->instrument, after);
    } else if (const auto *restatement = std::get_if<PortfolioRestatement>(&event.body)) {
        notePosition(event.day, restatement->instrument, after);
        if (restatement->into != restatement->instrument)
            notePosition(event.day, restatement->into, after);
    }
}

void PositionHistory::notePosition(Date day, InstrumentIndex instrument, const Portfolio &after)
{
    const Portfolio::Holding &holding = *after.find(instrument);
    Point &point = pointOf(m_positions[instrument], day);
    point.quantity = holding.lots.quantity();
    point.averageCost = holding.lots.averageCost();
    point.realized = holding.figures.byAverage.afterCosts;
    point.mark = holding.mark;
}

void PositionHistory::noteCash(Date day, std::uint16_t currency, Money external,
                               const Portfolio &after)
{
    std::vector<CashPoint> &points = m_cash[currency];
    const bool newDay = points.empty() || points.back().day < day;
    CashPoint &point = pointOf(points, day);
    if (newDay)
        point.inflow = point.outflow = {};
    point.balance = after.cashIn(currency)->balance;
    // the portfolio's own totals fit, and so do those of a day
    (external > Money{} ? point.inflow : point.outflow) +=
        external > Money{} ? external : -external;
}

std::span<const PositionHistory::Point> PositionHistory::of(InstrumentIndex instrument) const
{
    const auto found = m_positions.find(instrument);
    return found == m_positions.end() ? std::span<const Point>() : std::span(found->second);
}

} // namespace khop
