// SPDX-License-Identifier: GPL-3.0-or-later
// What previews need of fees and margin, and rows of trades that were settled before their time.
#include "engine/day_view.h"

#include <algorithm>
#include <set>

namespace khop {

/// As refreshRisk(): after a group only the accounts that it changed. The caller holds the lock.
void DayView::refreshMoney(const Engine &engine, const CommittedGroup *group)
{
    m_fees = engine.money().fees.shared();
    auto policy = engine.money().margin.shared();
    const bool all = !group || policy != m_margin;
    m_margin = std::move(policy);
    if (all) {
        m_marginAccounts.clear();
        for (const auto &[account, terms] : *m_margin)
            m_marginAccounts[account] = engine.marginAccount(account);
        return;
    }
    if (m_margin->empty())
        return;
    std::set<AccountNo> changed;
    for (const OrderRecord &order : group->orders)
        changed.insert(order.account);
    for (const PutThroughRecord &deal : group->putThroughs)
        changed.insert(deal.proposer);
    for (const auto &[account, currency] : group->balances)
        changed.insert(account);
    for (const auto &[account, instrument] : group->positions)
        changed.insert(account);
    for (const AccountNo account : changed) {
        if (m_margin->contains(account))
            m_marginAccounts[account] = engine.marginAccount(account);
    }
}

void DayView::settleEarly(const std::vector<EarlySettlement> &settled)
{
    for (const EarlySettlement &one : settled) {
        m_rows.settle(one);
        if (m_earlier)
            m_earlier->settle(one);
        else
            m_settledEarlier.push_back(one);
    }
}

void DayRows::settle(const EarlySettlement &settled)
{
    const auto trade = std::ranges::lower_bound(trades, settled.trade, {}, &TradeRecord::no);
    if (trade == trades.end() || trade->no != settled.trade)
        return;
    trade->settlesAt = settled.at;
    for (const AccountNo account : settled.accounts) {
        for (const std::uint32_t index : at(account).executions) {
            if (executions[index].no == settled.trade)
                executions[index].settlesAt = settled.at;
        }
    }
}

std::shared_ptr<const FeesInForce> DayView::fees() const
{
    std::shared_lock lock(m_mutex);
    return m_fees;
}

std::shared_ptr<const MarginPolicy> DayView::marginPolicy() const
{
    std::shared_lock lock(m_mutex);
    return m_margin;
}

MarginAccount DayView::marginAccount(AccountNo account) const
{
    std::shared_lock lock(m_mutex);
    const auto found = m_marginAccounts.find(account);
    return found == m_marginAccounts.end() ? MarginAccount{} : found->second;
}

} // namespace khop
