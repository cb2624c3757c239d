// SPDX-License-Identifier: GPL-3.0-or-later
#include "market/calendar.h"

namespace khop {

namespace {

constexpr int friday = 5;

} // namespace

bool Calendar::isTradingDay(Date date) const
{
    return date.weekday() <= friday && !m_holidays.contains(date);
}

Date Calendar::nextTradingDay(Date date) const
{
    do {
        date = date + 1;
    } while (!isTradingDay(date));
    return date;
}

Date Calendar::addTradingDays(Date date, int count) const
{
    for (int i = 0; i < count; ++i)
        date = nextTradingDay(date);
    return date;
}

bool Calendar::isKnown(Date date) const { return yearOf(date) <= m_lastYear; }

} // namespace khop
