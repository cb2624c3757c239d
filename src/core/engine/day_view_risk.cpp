// SPDX-License-Identifier: GPL-3.0-or-later
// What previews need to predict the limits: the policy in force, and of the accounts it looks at what the
// engine knows of them.
#include "engine/day_view.h"

#include <set>

namespace khop {

/// After a group only those whose orders, deals or positions it changed; without one, or when the policy has
/// changed, all. The caller holds the lock.
void DayView::refreshRisk(const Engine &engine, const CommittedGroup *group)
{
    auto policy = engine.risk().shared();
    const bool all = !group || policy != m_risk;
    m_risk = std::move(policy);
    m_corporate = engine.corporateActions().shared();
    const bool everyone = !m_risk->house.empty();
    if (!everyone && m_risk->accounts.empty()) {
        m_riskUses.clear();
        return;
    }
    const auto refresh = [&](AccountNo no) {
        if (everyone || m_risk->limitsOf(no))
            m_riskUses[no] = engine.riskUse(no);
    };
    if (all) {
        m_riskUses.clear();
        for (AccountNo no = 1; no <= engine.ledger().size(); ++no)
            refresh(no);
        return;
    }
    std::set<AccountNo> changed;
    for (const OrderRecord &order : group->orders)
        changed.insert(order.account);
    for (const PutThroughRecord &deal : group->putThroughs)
        changed.insert(deal.proposer);
    for (const auto &[account, instrument] : group->positions)
        changed.insert(account);
    for (const AccountNo no : changed)
        refresh(no);
}

std::shared_ptr<const RiskPolicy> DayView::riskPolicy() const
{
    std::shared_lock lock(m_mutex);
    return m_risk;
}

std::shared_ptr<const CorporateActionList> DayView::corporateActions() const
{
    std::shared_lock lock(m_mutex);
    return m_corporate;
}

RiskUse DayView::riskUse(AccountNo account) const
{
    std::shared_lock lock(m_mutex);
    const auto found = m_riskUses.find(account);
    return found == m_riskUses.end() ? RiskUse{} : found->second;
}

} // namespace khop
