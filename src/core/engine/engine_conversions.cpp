// SPDX-License-Identifier: GPL-3.0-or-later
// Splits, mergers and transfers, at the turn to their day. Holdings become another quantity of the share, or
// of another, at once and in full: what is on its way stays on its way, costs stay, and what came free of
// charge stays taxable. No order of the share is left by then.
#include "base/invariant.h"
#include "base/wide.h"
#include "engine/engine.h"
#include "ledger/order_cost.h"

namespace khop {

using Bucket = LedgerEntry::Bucket;

void Engine::carryOut(CorporateActions::Entry &entry)
{
    CorporateAction &action = entry.action;
    const CorporateTerms &terms = action.terms;
    const InstrumentIndex into =
        terms.type == CorporateActionType::Merger ? terms.into : terms.instrument;
    const bool done = !terms.converts() || fits(entry, into);
    if (terms.converts() && done) {
        for (const CorporateEntitlement &one : entry.entitlements)
            convert(action, one, into);
    }
    if (done && into != terms.instrument)
        m_exchange.setState(terms.instrument, m_exchange.instrument(terms.instrument).halted,
                            false);
    entry.entitlements.clear();
    entry.entitlements.shrink_to_fit();
    changeStatus(entry, done ? CorporateActionStatus::Paid : CorporateActionStatus::Failed);
}

/// Whether everybody may have what the shares become, and all together: it is done for all or for nobody.
bool Engine::fits(const CorporateActions::Entry &entry, InstrumentIndex into) const
{
    const CorporateTerms &terms = entry.action.terms;
    const bool same = into == terms.instrument;
    Int128 more = 0;
    for (const CorporateEntitlement &one : entry.entitlements) {
        const auto shares = terms.sharesFor(one.quantity);
        const Ledger::Holding *const holding = m_ledger.account(one.account).holdings.find(into);
        const Quantity owned = !same && holding ? holding->owned() : Quantity{};
        if (!shares || shares->raw() > mostEndowed - owned.raw())
            return false;
        if (!same && holding) {
            const Money cost = m_ledger.account(one.account).holdings.find(terms.instrument)->cost;
            if (!checkedAdd(holding->cost.raw(), cost.raw()))
                return false;
        }
        more += Int128(shares->raw()) - (same ? one.quantity.raw() : 0);
    }
    return more <= mostEndowedToAll
           && static_cast<std::int64_t>(more) <= m_ledger.unendowedSecurities(into);
}

void Engine::convert(CorporateAction &action, const CorporateEntitlement &one, InstrumentIndex into)
{
    const CorporateTerms &terms = action.terms;
    const Reason reason{LedgerEntry::Type::SystemAdjustment, action.no};
    const Reason moved{LedgerEntry::Type::Settlement, action.no};
    const AccountNo account = one.account;
    const Ledger::Holding &before = *m_ledger.account(account).holdings.find(terms.instrument);
    KHOP_INVARIANT(before.held.isZero() && before.owned() == one.quantity);
    const Quantity settled = before.available;
    const auto arrivals = m_ledger.takeArrivals(account, terms.instrument, moved, m_now);
    const Quantity all = *terms.sharesFor(one.quantity);
    notePosition(account, terms.instrument);
    if (all.isZero()) {
        cashOut(action, one);
        return;
    }
    m_ledger.moveSecurities(account, terms.instrument, one.quantity, Bucket::Available,
                            Bucket::Outside, reason, m_now);
    m_ledger.moveSecurities(account, into, all, Bucket::Outside, Bucket::Available, reason, m_now);
    // each part gets what the sum up to it gives, less what those before it got
    Quantity upTo = settled;
    Quantity given = *terms.sharesFor(settled);
    for (const Ledger::Arrival &arrival : arrivals) {
        upTo += arrival.quantity;
        const Quantity part = *terms.sharesFor(upTo) - given;
        given += part;
        if (part.isZero())
            continue;
        m_ledger.moveSecurities(account, into, part, Bucket::Available, Bucket::Pending, moved,
                                m_now);
        m_ledger.securitiesArrive(account, into, part, arrival.at, arrival.traded);
    }
    m_ledger.restated(account, terms.instrument, into, all);
    action.shares = shownSum(action.shares, all);
    notePosition(account, into);
    payFraction(action, account, one.quantity, into);
}

/// A holding that gives no whole share is sold for the price of its fraction.
void Engine::cashOut(CorporateAction &action, const CorporateEntitlement &one)
{
    const CorporateTerms &terms = action.terms;
    const Instrument &instrument = m_exchange.instrument(terms.instrument);
    const std::uint16_t currency = currencyOf(instrument);
    Money value = notional(instrument, scaleOf(instrument), terms.fractionOf(one.quantity),
                           Quantity(powerOfTen(instrument.quantityScale)), Rounding::Down)
                      .value_or(Money{});
    if (value.raw() > m_ledger.endowableCash(currency, m_ledger.available(one.account, currency))) {
        ++action.skipped;
        value = {};
    }
    const std::uint64_t trade = ++m_lastTrade;
    const Reason reason{LedgerEntry::Type::OrderPayment, action.no, trade};
    m_ledger.leftFree(one.account, terms.instrument,
                      m_ledger.freeOf(one.account, terms.instrument, one.quantity));
    m_ledger.moveSecurities(one.account, terms.instrument, one.quantity, Bucket::Available,
                            Bucket::Outside, reason, m_now);
    m_ledger.moveCash(one.account, currency, value, Bucket::Outside, Bucket::Available, reason,
                      m_now);
    const Money realized =
        m_ledger.sold(one.account, terms.instrument, one.quantity, one.quantity, value);
    const Price price(value.raw() / one.quantity.raw());
    m_out->executions.push_back({uuid7(m_now, 2, trade), trade, action.no, action.id, one.account,
                                 terms.instrument, Side::Sell, price, one.quantity, value, Money{},
                                 Money{}, m_now, m_now, realized});
    action.cash = shownSum(action.cash, value);
    noteBalance(one.account, currency);
}

} // namespace khop
