// SPDX-License-Identifier: GPL-3.0-or-later
// What an account did on each day, per currency: trades with their values and costs, cash in and out.
#pragma once

#include "portfolio/portfolio_event.h"

#include <map>
#include <utility>

namespace khop {

/// Sums of a day, or of several; one that does not fit stays at the most.
struct Activity {
    std::int64_t trades = 0;
    Money bought, sold; // values without costs
    Money fees, taxes;  // taxes on dividends included
    Money deposited, withdrawn;
    Money dividends; // before tax

    Activity &operator+=(const Activity &other);
};

/// It grows by at most one row per day and currency.
class ActivityHistory
{
public:
    void note(const PortfolioEvent &event);
    /// What was done from that day on, by currency.
    std::map<std::uint16_t, Activity> since(Date day) const;

private:
    std::map<std::pair<Date, std::uint16_t>, Activity> m_days;
};

} // namespace khop
