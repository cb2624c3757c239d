// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/activity_history.h"

#include "base/wide.h"

#include <limits>

namespace khop {

namespace {

void add(Money &sum, Money amount)
{
    sum = Money(
        checkedAdd(sum.raw(), amount.raw()).value_or(std::numeric_limits<std::int64_t>::max()));
}

} // namespace

Activity &Activity::operator+=(const Activity &other)
{
    trades += other.trades;
    add(bought, other.bought);
    add(sold, other.sold);
    add(fees, other.fees);
    add(taxes, other.taxes);
    add(deposited, other.deposited);
    add(withdrawn, other.withdrawn);
    add(dividends, other.dividends);
    return *this;
}

void ActivityHistory::note(const PortfolioEvent &event)
{
    if (const auto *trade = std::get_if<PortfolioTrade>(&event.body)) {
        Activity &day = m_days[{event.day, trade->currency}];
        ++day.trades;
        add(trade->side == Side::Buy ? day.bought : day.sold, trade->value);
        add(day.fees, trade->fee);
        add(day.taxes, trade->tax);
    } else if (const auto *cash = std::get_if<PortfolioCash>(&event.body)) {
        using Kind = PortfolioCash::Kind;
        Activity &day = m_days[{event.day, cash->currency}];
        const bool comes = cash->amount > Money{};
        if (isExternal(cash->kind))
            add(comes ? day.deposited : day.withdrawn, comes ? cash->amount : -cash->amount);
        else if (cash->kind == Kind::Dividend)
            add(day.dividends, cash->amount);
        else if (cash->kind == Kind::Charge)
            add(day.fees, -cash->amount);
        else if (cash->kind == Kind::Tax)
            add(day.taxes, -cash->amount);
    }
}

std::map<std::uint16_t, Activity> ActivityHistory::since(Date day) const
{
    std::map<std::uint16_t, Activity> sums;
    for (auto it = m_days.lower_bound({day, 0}); it != m_days.end(); ++it)
        sums[it->first.second] += it->second;
    return sums;
}

} // namespace khop
