// SPDX-License-Identifier: GPL-3.0-or-later
// What previews need of fees and margin, and rows of trades that were settled before their time.
#include "engine/day_view.h"

#include <algorithm>
#include <set>

namespace khop {

/// As refreshRisk(): after a group only the accounts that it changed. The caller holds the lock.
void DayView::refreshMoney(const Engine &engine, const CommittedGroup *group)
{
    if (auto fees = engine.money().fees.shared(); !group || fees != m_fees) {
        m_fees = std::move(fees);
        m_olderFees.clear();
        for (auto &[order, rates] : engine.ordersOnOlderFees())
            m_olderFees.emplace(order, std::move(rates));
    }
    m_withdrawals = engine.money().withdrawals;
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
        for (const auto &piece : m_pieces)
            piece->rows.settle(one);
        if (!m_complete)
            m_settledEarlier.push_back(one);
    }
}

void DayRows::settle(const EarlySettlement &settled)
{
    const std::size_t trade = placeOf(trades, settled.trade);
    if (trade == trades.size() || trades[trade].no != settled.trade)
        return;
    trades[trade].settlesAt = settled.at;
    for (const AccountNo account : settled.accounts) {
        for (const std::uint32_t index : at(account).executions) {
            if (executions[index].no == settled.trade)
                executions[index].settlesAt = settled.at;
        }
    }
}

void DayView::decide(const std::vector<EntryDecision> &decided)
{
    for (const EntryDecision &one : decided) {
        for (const auto &piece : m_pieces)
            piece->rows.decide(one);
        if (!m_complete)
            m_decidedEarlier.push_back(one);
    }
}

void DayRows::decide(const EntryDecision &decided)
{
    const std::size_t entry = placeOf(entries, decided.entry);
    if (entry < entries.size() && entries[entry].no == decided.entry)
        entries[entry].status = decided.status;
}

std::shared_ptr<const PendingWithdrawals> DayView::pendingWithdrawals() const
{
    std::shared_lock lock(m_mutex);
    return m_withdrawals;
}

std::shared_ptr<const FeesInForce> DayView::fees() const
{
    std::shared_lock lock(m_mutex);
    return m_fees;
}

Rates DayView::ratesOf(const OrderRecord &order) const
{
    std::shared_lock lock(m_mutex);
    const auto older = m_olderFees.find(order.no);
    return older != m_olderFees.end()
               ? older->second
               : m_fees->of(order.account, (*m_instruments)[order.instrument].exchange);
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
