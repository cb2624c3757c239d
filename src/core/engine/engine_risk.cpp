// SPDX-License-Identifier: GPL-3.0-or-later
// Limits and kill switches: their commands, what the checks ask of the engine, and what an account's result
// was when the day began. The checks themselves are in risk/.
#include "engine/engine.h"
#include "engine/risk_entry.h"

#include <algorithm>

namespace khop {

Error Engine::run(const SetRiskLimits &set, CommandResult &result)
{
    if (set.account != 0 && !m_ledger.exists(set.account))
        return {Code::ACCOUNT_UNKNOWN, "account_id"};
    const RiskLimits limits = set.limits ? *set.limits : RiskLimits{};
    if (auto off = checkLimits(limits, m_exchange.instruments(), m_exchange.rules()))
        return *off;
    ByteWriter bytes;
    encodeLimits(bytes, limits);
    m_hash.add(std::uint64_t{set.account});
    m_hash.addBytes(bytes.bytes());
    m_risk.setLimits(set.account, limits);
    result.account = set.account;
    return {};
}

Error Engine::run(const SetKillSwitch &set, CommandResult &result)
{
    if (set.account != 0 && !m_ledger.exists(set.account))
        return {Code::ACCOUNT_UNKNOWN, "account_id"};
    if (set.on && (set.reason.empty() || set.reason.size() > longestKillReason))
        return {Code::VALIDATION_ERROR, "reason", set.reason,
                "1 … " + std::to_string(longestKillReason) + " bytes"};
    const bool byHouse = set.byHouse || set.account == 0;
    m_hash.add(std::uint64_t{set.account} << 2 | std::uint64_t{byHouse} << 1
               | std::uint64_t{set.on});
    m_hash.addBytes(set.reason);
    m_risk.setKill(set.account, byHouse, set.on ? std::optional(set.reason) : std::nullopt);
    if (!set.on && byHouse && set.account != 0) // the house lifts the owner's too
        m_risk.setKill(set.account, false, std::nullopt);
    result.account = set.account;
    if (!set.on)
        return {};
    if (set.account != 0)
        result.count = cancelKilled(set.account);
    for (AccountNo no = 1; set.account == 0 && no <= m_ledger.size(); ++no)
        result.count += cancelKilled(no);
    return {};
}

/// Cancels what an account has open, as far as it may be cancelled now; answers with the number.
std::uint32_t Engine::cancelKilled(AccountNo account)
{
    CommandResult all;
    run(CancelAll{account, noInstrument}, all);
    std::vector<Uuid> deals;
    for (const auto &[no, deal] : m_deals.open()) {
        if (deal.record.proposer == account)
            deals.push_back(deal.record.id);
    }
    for (const Uuid &id : deals) {
        cancelDeal(id);
        ++all.count;
    }
    return all.count;
}

/// What could not be cancelled when its switch was set goes as soon as a session lets it.
void Engine::sweepKilled()
{
    const auto policy = m_risk.shared();
    if (!policy->killsAny())
        return;
    for (AccountNo no = 1; no <= m_ledger.size(); ++no) {
        if (policy->killed(no) && !m_byAccount[no].empty())
            cancelKilled(no);
    }
    emitTouched();
}

RiskMarket Engine::riskMarket() const
{
    return {m_exchange.instruments(), m_exchange.rules(),
            [this](InstrumentIndex i) { return m_exchange.lastOrReference(i); }};
}

/// What remains of an account's open buys, without the order in `except`.
std::map<InstrumentIndex, Quantity> Engine::buyingOf(AccountNo account, Slot except) const
{
    std::map<InstrumentIndex, Quantity> buying;
    for (const Slot slot : m_byAccount[account]) {
        const LiveOrder &order = m_orders[slot];
        const OrderRecord &record = order.record;
        const bool buys = record.side == Side::Buy && order.wait == Wait::Nothing;
        if (buys && slot != except && !record.remaining.isZero())
            buying[record.instrument] += record.remaining;
    }
    for (const auto &[no, deal] : m_deals.open()) {
        if (deal.record.proposer == account && deal.record.side == Side::Buy)
            buying[deal.record.instrument] += deal.record.quantity;
    }
    return buying;
}

RiskAccount Engine::riskAccount(AccountNo no, Slot except) const
{
    const Ledger::Account &account = m_ledger.account(no);
    RiskAccount state;
    state.held.reserve(account.holdings.size());
    for (auto &&[instrument, holding] : account.holdings)
        state.held.push_back({instrument, holding.owned(), holding.cost, holding.realized});
    for (auto &&[currency, cash] : account.cash)
        state.cash[currency] = cash.available + cash.held + cash.pending;
    state.buying = buyingOf(no, except);
    state.dayStart = m_risk.dayStart(no);
    return state;
}

std::optional<Error> Engine::checkLimitsOf(AccountNo account, const RiskOrder &order,
                                           RiskMoment moment, Slot except) const
{
    const auto state = [&] { return riskAccount(account, except); };
    const auto recent = [&] { return m_risk.recent(account); };
    // by reference: an order that no limit concerns costs no allocation
    const RiskAsker asker{account, m_now, m_byAccount[account].size(), std::cref(state),
                          std::cref(recent)};
    return checkRisk(order, moment, m_risk.policy(), asker, riskMarket());
}

std::optional<Error> Engine::checkRiskOfEntry(const PlaceOrder &place, Price worst) const
{
    return checkLimitsOf(place.account, riskOrderOf(place, worst), entryMoment(place), noSlot);
}

/// A queued or met order, at the moment at which it goes to the exchange.
std::optional<Error> Engine::checkRiskOfSending(Slot slot, Price worst) const
{
    const OrderRecord &record = m_orders[slot].record;
    RiskOrder order;
    order.instrument = record.instrument;
    order.side = record.side;
    order.terms = {record.remaining, carriesPrice(record.type) ? record.price : std::nullopt};
    order.worst = worst;
    order.more = record.side == Side::Buy ? record.remaining : Quantity{};
    return checkLimitsOf(record.account, order, RiskMoment::Sending, slot);
}

std::optional<Error> Engine::checkRiskOfAmendment(Slot slot, Price price, Quantity total) const
{
    const OrderRecord &record = m_orders[slot].record;
    RiskOrder order;
    order.instrument = record.instrument;
    order.side = record.side;
    order.terms = {total, price};
    order.worst = price;
    if (record.side == Side::Buy && total > record.quantity)
        order.more = total - record.quantity;
    order.before = RiskOrder::Terms{record.quantity, record.price};
    return checkLimitsOf(record.account, order, RiskMoment::Amendment, noSlot);
}

/// An order that waits for a condition: its trigger and its limit count when the condition is met.
std::optional<Error> Engine::checkRiskOfWaiting(Slot slot, const AmendOrder &amend) const
{
    const OrderRecord &record = m_orders[slot].record;
    RiskOrder order;
    order.instrument = record.instrument;
    order.side = record.side;
    order.terms = {amend.quantity.value_or(record.quantity),
                   amend.price ? amend.price : record.price};
    order.before = RiskOrder::Terms{record.quantity, record.price};
    order.otherTerms = amend.trigger.has_value();
    return checkLimitsOf(record.account, order, RiskMoment::Conditional, noSlot);
}

std::optional<Error> Engine::checkRiskOfDeal(AccountNo account, Side side, InstrumentIndex index,
                                             Price price, Quantity quantity) const
{
    RiskOrder order;
    order.instrument = index;
    order.side = side;
    order.terms = {quantity, price};
    order.worst = price;
    order.more = side == Side::Buy ? quantity : Quantity{};
    return checkLimitsOf(account, order, RiskMoment::Deal, noSlot);
}

/// Remembers an accepted order where a limit looks at the pace of orders.
void Engine::noteRisk(const PlaceOrder &place)
{
    const RiskPolicy &policy = m_risk.policy();
    const Instrument &instrument = m_exchange.instrument(place.instrument);
    m_risk.note(place.account, recentOrderOf(place, m_now),
                limitsInForce(policy.house, policy.limitsOf(place.account), instrument,
                              currencyOf(instrument)));
}

RiskUse Engine::riskUse(AccountNo account) const
{
    const RiskPolicy &policy = m_risk.policy();
    RiskUse use;
    use.openOrders = m_byAccount[account].size();
    if (policy.looksAtAccount(account)) {
        use.buying = buyingOf(account, noSlot);
        use.dayStart = m_risk.dayStart(account);
    }
    if (const RecentOrders *const recent = m_risk.recent(account))
        use.recent = *recent;
    return use;
}

/// Every account's result so far, by currency; those that are zero are left out.
RiskBook::DayStarts Engine::accountResults() const
{
    const RiskMarket market = riskMarket();
    RiskBook::DayStarts starts;
    std::vector<HeldSymbol> held;
    for (AccountNo no = 1; no <= m_ledger.size(); ++no) {
        held.clear();
        for (auto &&[instrument, holding] : m_ledger.account(no).holdings)
            held.push_back({instrument, holding.owned(), holding.cost, holding.realized});
        if (held.empty())
            continue;
        for (const auto &[currency, result] : results(held, market)) {
            if (!result.isZero())
                starts[{no, currency}] = result;
        }
    }
    return starts;
}

/// Today's losses count from here.
void Engine::startRiskDay()
{
    RiskBook::DayStarts starts = accountResults();
    for (const auto &[of, result] : starts) {
        m_hash.add(std::uint64_t{of.first} << 16 | of.second);
        m_hash.add(result.raw());
    }
    m_risk.startDay(std::move(starts));
}

/// Practice has put other prices in place of those that `before` was counted with: no profit, no loss.
void Engine::forgetRepricing(const RiskBook::DayStarts &before)
{
    for (const auto &[of, result] : before)
        m_risk.shiftDayStart(of.first, of.second, -result);
    for (const auto &[of, result] : accountResults())
        m_risk.shiftDayStart(of.first, of.second, result);
}

/// Securities that were given are no profit of the day either.
void Engine::noteGift(AccountNo account, const Instrument &instrument, Quantity quantity,
                      Money cost)
{
    const Quantity owned = m_ledger.account(account).holdings.find(instrument.index)->owned();
    const RiskMarket market = riskMarket();
    const Money gained = marketValue(instrument.index, owned, market)
                         - marketValue(instrument.index, owned - quantity, market);
    m_risk.shiftDayStart(account, currencyOf(instrument), gained - cost);
}

} // namespace khop
