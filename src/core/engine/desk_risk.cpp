// SPDX-License-Identifier: GPL-3.0-or-later
// Limits as readers see them: how much of each is used, and what a preview must say.
#include "engine/desk.h"

#include "engine/risk_entry.h"

namespace khop {

/// Calls `ask` with the committed state of an account and of the market.
template <class Ask>
auto Desk::askRisk(AccountNo account, Ask ask) const
{
    const auto policy = m_view.riskPolicy();
    const auto instruments = m_view.instruments();
    const auto rules = m_view.rules();
    const RiskUse use = m_view.riskUse(account);
    const auto state = [&] {
        RiskAccount known;
        for (const Position &position : m_view.positions(account))
            known.held.push_back(
                {position.instrument, position.quantity, position.costBasis, position.realizedPnl});
        for (const Balance &balance : m_view.balances(account))
            known.cash[currencyIndex(*rules, balance.currency)] = balance.current + balance.pending;
        known.buying = use.buying;
        known.dayStart = use.dayStart;
        return known;
    };
    const RiskMarket market{*instruments, *rules, [&](InstrumentIndex i) {
                                return m_view.quote(i).last.value_or((*instruments)[i].reference);
                            }};
    const RiskAsker asker{account, readClock(), use.openOrders, state,
                          [&use] { return &use.recent; }};
    return ask(*policy, asker, market);
}

std::optional<Error> Desk::previewRisk(const PlaceOrder &place, Price worst) const
{
    if (m_view.riskPolicy()->empty())
        return std::nullopt;
    return askRisk(place.account, [&](const RiskPolicy &policy, const RiskAsker &asker,
                                      const RiskMarket &market) {
        return checkRisk(riskOrderOf(place, worst), entryMoment(place), policy, asker, market);
    });
}

std::vector<LimitUse> Desk::limitUse(AccountNo account) const
{
    return askRisk(account,
                   [](const RiskPolicy &policy, const RiskAsker &asker, const RiskMarket &market) {
                       return khop::limitUse(policy, asker, market);
                   });
}

/// The limits that the program is started with take the place of those fields of the house's.
Result<void> Desk::applyHouseLimits()
{
    auto limits = std::make_shared<RiskLimits>(m_engine->risk().policy().house);
    if (m_options.mostPerOrder)
        limits->every.orderQuantity = Quantity(*m_options.mostPerOrder);
    if (m_options.mostSymbols)
        limits->positionCount = *m_options.mostSymbols;
    if (*limits == m_engine->risk().policy().house)
        return {};
    auto set = applyAtStart(SetRiskLimits{0, std::move(limits)});
    return set ? Result<void>{} : std::unexpected(set.error());
}

} // namespace khop
