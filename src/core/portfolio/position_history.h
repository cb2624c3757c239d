// SPDX-License-Identifier: GPL-3.0-or-later
// How a portfolio was at the end of each day on which something happened to it: quantities and costs per
// security, cash and what came in and went out per currency.
//
// Built beside a Portfolio, event by event. It grows by at most one point per day and security or currency.
#pragma once

#include "portfolio/portfolio.h"

#include <map>
#include <span>
#include <vector>

namespace khop {

class PositionHistory
{
public:
    struct Point {
        Date day;
        Quantity quantity; // at the end of the day
        Cost averageCost;  // of all of it
        Money realized;    // by average cost, after costs, in total so far
        Price mark;        // of the last trade, for want of a close
    };
    struct CashPoint {
        Date day;
        Money balance; // at the end of the day
        Money inflow;  // on the day, from outside
        Money outflow;
    };
    /// Securities that came (quantity above 0) or went without a trade: a flow from or to the outside, of
    /// as much as they are worth on the day.
    struct Transfer {
        Date day;
        InstrumentIndex instrument = noInstrument;
        Quantity quantity;
    };

    /// Takes note of an event that was applied; `after` is the portfolio with it.
    void note(const PortfolioEvent &event, const Portfolio &after);

    const std::map<InstrumentIndex, std::vector<Point>> &positions() const { return m_positions; }
    std::span<const Point> of(InstrumentIndex instrument) const;
    const std::map<std::uint16_t, std::vector<CashPoint>> &cash() const { return m_cash; }
    const std::vector<Transfer> &transfers() const { return m_transfers; }
    bool empty() const { return m_positions.empty() && m_cash.empty(); }
    Date firstDay() const { return m_firstDay; }

private:
    void notePosition(Date day, InstrumentIndex instrument, const Portfolio &after);
    void noteCash(Date day, std::uint16_t currency, Money external, const Portfolio &after);

    std::map<InstrumentIndex, std::vector<Point>> m_positions;
    std::map<std::uint16_t, std::vector<CashPoint>> m_cash;
    std::vector<Transfer> m_transfers;
    Date m_firstDay;
};

} // namespace khop
