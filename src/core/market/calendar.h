// SPDX-License-Identifier: GPL-3.0-or-later
// Trading days: weekdays that are not holidays. Past the last listed year weekdays trade.
#pragma once

#include "base/time.h"

#include <set>

namespace khop {

class Calendar
{
public:
    Calendar() = default;
    Calendar(std::set<Date> holidays, int lastYear)
        : m_holidays(std::move(holidays))
        , m_lastYear(lastYear)
    {}

    bool isTradingDay(Date date) const;
    Date nextTradingDay(Date date) const;            // strictly after
    Date addTradingDays(Date date, int count) const; // count trading days after `date`
    int lastYear() const { return m_lastYear; }      // last year whose holidays are known
    bool isKnown(Date date) const;                   // false past the last listed year
    const std::set<Date> &holidays() const { return m_holidays; }

private:
    std::set<Date> m_holidays;
    int m_lastYear = 0;
};

} // namespace khop
