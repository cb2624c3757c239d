// SPDX-License-Identifier: GPL-3.0-or-later
#include "risk/risk_book.h"

#include "base/wide.h"

#include <algorithm>

namespace khop {

void RiskBook::adopt(RiskPolicy policy)
{
    std::erase_if(policy.accounts, [](const auto &entry) { return entry.second.empty(); });
    m_any = !policy.empty();
    m_policy = std::make_shared<const RiskPolicy>(std::move(policy));
    std::erase_if(m_recent,
                  [this](const auto &entry) { return !m_policy->looksAtPace(entry.first); });
}

void RiskBook::setLimits(AccountNo account, RiskLimits limits)
{
    RiskPolicy policy = *m_policy;
    (account == 0 ? policy.house : policy.accounts[account].limits) = std::move(limits);
    adopt(std::move(policy));
}

void RiskBook::setKill(AccountNo account, bool byHouse, std::optional<std::string> reason)
{
    RiskPolicy policy = *m_policy;
    if (account == 0)
        policy.killAll = std::move(reason);
    else if (byHouse)
        policy.accounts[account].kill.byHouse = std::move(reason);
    else
        policy.accounts[account].kill.byOwner = std::move(reason);
    adopt(std::move(policy));
}

void RiskBook::note(AccountNo account, const RecentOrder &order, const LimitsInForce &limits)
{
    if (!limits.lookAtPace())
        return;
    RecentOrders &recent = m_recent[account];
    const std::int64_t window =
        std::max(limits.rate ? limits.rate->window : 0, limits.duplicateWindow.value_or(0));
    while (!recent.empty()
           && (order.at - recent.front().at >= window || std::ssize(recent) >= mostRecentOrders))
        recent.pop_front();
    recent.push_back(order);
}

const RecentOrders *RiskBook::recent(AccountNo account) const
{
    const auto found = m_recent.find(account);
    return found == m_recent.end() ? nullptr : &found->second;
}

std::map<std::uint16_t, Money> RiskBook::dayStart(AccountNo account) const
{
    std::map<std::uint16_t, Money> starts;
    for (auto it = m_dayStarts.lower_bound({account, 0});
         it != m_dayStarts.end() && it->first.first == account; ++it)
        starts[it->first.second] = it->second;
    return starts;
}

void RiskBook::shiftDayStart(AccountNo account, std::uint16_t currency, Money by)
{
    const auto found = m_dayStarts.find({account, currency});
    const Money was = found == m_dayStarts.end() ? Money{} : found->second;
    // only amounts that were cut off before can fail to fit: the start stays where it was
    const auto shifted = checkedAdd(was.raw(), by.raw());
    if (!shifted || by.isZero())
        return;
    if (*shifted == 0)
        m_dayStarts.erase(found);
    else
        m_dayStarts[{account, currency}] = Money(*shifted);
}

void RiskBook::save(ByteWriter &out) const
{
    m_policy->save(out);
    out.u64(m_recent.size());
    for (const auto &[account, recent] : m_recent) {
        out.u64(account);
        out.u64(recent.size());
        for (const RecentOrder &order : recent) {
            out.time(order.at);
            out.u64(order.instrument);
            out.u64(static_cast<std::uint64_t>(order.side));
            out.optional(order.price);
            out.number(order.quantity);
            out.fixed(order.condition);
        }
    }
    out.u64(m_dayStarts.size());
    for (const auto &[of, result] : m_dayStarts) {
        out.u64(of.first);
        out.u64(of.second);
        out.number(result);
    }
}

bool RiskBook::load(ByteReader &in, std::size_t accounts, std::size_t instruments)
{
    *this = {};
    RiskPolicy policy;
    if (!policy.load(in, accounts))
        return false;
    for (const auto &[no, account] : policy.accounts) {
        if (!account.limits.symbols.empty()
            && account.limits.symbols.rbegin()->first >= instruments)
            return false;
    }
    if (!policy.house.symbols.empty() && policy.house.symbols.rbegin()->first >= instruments)
        return false;
    adopt(std::move(policy));
    for (std::uint64_t lists = in.u64(); lists > 0 && in.ok(); --lists) {
        RecentOrders &recent = m_recent[static_cast<AccountNo>(in.u64())];
        for (std::uint64_t orders = in.u64(); orders > 0 && in.ok(); --orders) {
            RecentOrder order;
            order.at = in.time();
            order.instrument = static_cast<InstrumentIndex>(in.u64());
            order.side = in.choice<Side>(2);
            order.price = in.optional<Price>();
            order.quantity = in.number<Quantity>();
            order.condition = in.fixed();
            recent.push_back(order);
        }
    }
    for (std::uint64_t starts = in.u64(); starts > 0 && in.ok(); --starts) {
        const auto account = static_cast<AccountNo>(in.u64());
        const auto currency = static_cast<std::uint16_t>(in.u64());
        m_dayStarts[{account, currency}] = in.number<Money>();
    }
    return in.ok();
}

} // namespace khop
