// SPDX-License-Identifier: GPL-3.0-or-later
// Corporate actions: announced, entitled at the turn to the ex-date, paid at the turn to the pay date.
#include "engine/engine.h"

#include "base/wide.h"
#include "ledger/order_cost.h"

#include <algorithm>

namespace khop {

using Bucket = LedgerEntry::Bucket;

Error Engine::run(const AnnounceCorporateAction &announce, CommandResult &result)
{
    const CorporateTerms terms = completed(announce.terms);
    if (Error refused = checkTerms(terms); refused.code != Code::OK)
        return refused;
    if (announce.id.isNull() || m_corporate.find(announce.id))
        return {Code::VALIDATION_ERROR, "corporate_action_id", announce.id.text()};
    CorporateAction action;
    action.no = m_lastOrder = std::max(m_lastOrder + 1, m_sequence);
    action.id = announce.id;
    action.terms = terms;
    action.createdAt = action.updatedAt = m_now;
    m_corporate.add(action);
    noteCorporate(action);
    tellExchange(terms, false);
    result.corporateAction = std::make_shared<CorporateAction>(std::move(action));
    return {};
}

Error Engine::run(const WithdrawCorporateAction &withdraw, CommandResult &result)
{
    CorporateActions::Entry *const entry = m_corporate.find(withdraw.id);
    if (!entry)
        return {Code::NOT_FOUND, "corporate_action_id", withdraw.id.text()};
    CorporateAction &action = entry->action;
    if (action.status != CorporateActionStatus::Announced)
        return {Code::VALIDATION_ERROR, "status", std::string(name(action.status)),
                std::string(name(CorporateActionStatus::Announced))};
    changeStatus(*entry, CorporateActionStatus::Withdrawn);
    tellExchange(action.terms, true);
    result.corporateAction = std::make_shared<CorporateAction>(action);
    return {};
}

/// What the exchange does on the ex-date by itself: the reference and, of a transfer, the listing.
void Engine::tellExchange(const CorporateTerms &terms, bool withdrawn)
{
    m_exchange.announce(terms.instrument, terms.exDate,
                        m_corporate.exRights(terms.instrument, terms.exDate));
    if (terms.type == CorporateActionType::Transfer)
        m_exchange.announceMove(terms.instrument, terms.exDate,
                                withdrawn ? std::nullopt : std::optional(terms.to));
}

void Engine::noteCorporate(const CorporateAction &action)
{
    m_hash.add(action.no << 8 | static_cast<std::uint64_t>(action.status));
    m_hash.add(std::uint64_t{action.terms.instrument} << 32
               | static_cast<std::uint32_t>(action.terms.exDate.day));
    m_hash.add(action.entitled.raw());
    m_hash.add(action.cash.raw() ^ action.shares.raw());
    m_hash.add(action.skipped);
}

void Engine::changeStatus(CorporateActions::Entry &entry, CorporateActionStatus status)
{
    entry.action.status = status;
    entry.action.updatedAt = m_now;
    m_corporate.changed(entry);
    noteCorporate(entry.action);
}

/// At the turn of an exchange's day, before anybody trades: what is paid with it, and what begins. What is
/// delivered on a day counts for what is given from that day on.
void Engine::turnCorporateActions(Exchange exchange)
{
    if (m_exchange.rules().of(exchange).everyDay)
        return;
    // the exchange on which an instrument is now, which may have been another yesterday
    const auto today = [this](const CorporateTerms &terms) {
        return m_exchange.day(m_exchange.instrument(terms.instrument).exchange);
    };
    for (auto &[no, entry] : m_corporate.entries()) {
        if (entry.action.status == CorporateActionStatus::Entitled
            && entry.action.terms.payDate <= today(entry.action.terms))
            pay(entry);
    }
    for (auto &[no, entry] : m_corporate.entries()) {
        const CorporateTerms &terms = entry.action.terms;
        if (entry.action.status != CorporateActionStatus::Announced || terms.exDate > today(terms))
            continue;
        entitle(entry);
        if (terms.atOnce())
            carryOut(entry);
        else if (terms.payDate <= today(terms)) // days have been missed
            pay(entry);
    }
}

/// Notes who holds the share.
void Engine::entitle(CorporateActions::Entry &entry)
{
    CorporateAction &action = entry.action;
    const CorporateTerms &terms = action.terms;
    for (AccountNo no = 1; no <= m_ledger.size(); ++no) {
        const Ledger::Holding *const holding = m_ledger.account(no).holdings.find(terms.instrument);
        if (!holding || holding->owned().isZero())
            continue;
        CorporateEntitlement one;
        one.account = no;
        one.quantity = holding->owned();
        if (terms.isRights()) {
            const auto rights =
                mulDiv(one.quantity.raw(), terms.rightsPerShare, 1'000'000, Rounding::Down);
            if (rights && *rights <= mostEndowed)
                one.rights = Quantity(*rights);
            else
                ++action.skipped; // more than there can be
        }
        action.entitled = shownSum(action.entitled, one.quantity);
        action.rights = shownSum(action.rights, one.rights);
        entry.entitlements.push_back(one);
    }
    action.holders = entry.entitlements.size();
    action.close = m_exchange.closeBefore(terms.instrument);
    action.reference = m_exchange.instrument(terms.instrument).reference;
    changeStatus(entry, CorporateActionStatus::Entitled);
    cancelWaiting(terms.instrument);
}

/// Orders that wait at the desk were meant for the share as it was; those of the exchange ended with their
/// day.
void Engine::cancelWaiting(InstrumentIndex instrument)
{
    for (const Slot slot : openSlots()) {
        const LiveOrder &order = m_orders[slot];
        if (order.live && order.ref == 0 && order.record.instrument == instrument
            && isOpen(order.record.status))
            cancelNow(slot);
    }
    emitTouched();
}

void Engine::pay(CorporateActions::Entry &entry)
{
    CorporateAction &action = entry.action;
    if (action.terms.isRights()) {
        listNewShares(entry);
    } else {
        const Instrument &instrument = m_exchange.instrument(action.terms.instrument);
        for (const CorporateEntitlement &one : entry.entitlements) {
            if (action.terms.givesShares())
                deliverShares(action, one);
            else
                payCash(action, one.account,
                        notional(instrument, scaleOf(instrument), action.terms.cash, one.quantity,
                                 Rounding::Down),
                        true);
        }
    }
    entry.entitlements.clear();
    entry.entitlements.shrink_to_fit();
    changeStatus(entry, CorporateActionStatus::Paid);
}

/// New shares cost nothing, so the average falls; fractions are paid in cash or lapse.
void Engine::deliverShares(CorporateAction &action, const CorporateEntitlement &one)
{
    const InstrumentIndex index = action.terms.instrument;
    const auto shares = action.terms.sharesFor(one.quantity);
    const Quantity owned = m_ledger.account(one.account).holdings.find(index)->owned();
    if (!shares || shares->raw() > m_ledger.endowableSecurities(index, owned)) {
        ++action.skipped; // more than a holding can be
        return;
    }
    m_ledger.moveSecurities(one.account, index, *shares, Bucket::Outside, Bucket::Available,
                            {LedgerEntry::Type::Dividend, action.no}, m_now);
    m_ledger.cameFree(one.account, index, *shares);
    action.shares = shownSum(action.shares, *shares);
    notePosition(one.account, index);
    payFraction(action, one.account, one.quantity, index);
}

void Engine::payFraction(CorporateAction &action, AccountNo account, Quantity held,
                         InstrumentIndex ofShare)
{
    const Instrument &instrument = m_exchange.instrument(ofShare);
    payCash(action, account,
            notional(instrument, scaleOf(instrument), action.terms.fractionOf(held),
                     Quantity(powerOfTen(instrument.quantityScale)), Rounding::Down),
            false);
}

void Engine::payCash(CorporateAction &action, AccountNo account, std::optional<Money> gross,
                     bool taxed)
{
    const Instrument &instrument = m_exchange.instrument(action.terms.instrument);
    const std::uint16_t currency = currencyOf(instrument);
    if (gross && gross->isZero())
        return;
    if (!gross
        || gross->raw() > m_ledger.endowableCash(currency, m_ledger.available(account, currency))) {
        ++action.skipped; // more than an account can have
        return;
    }
    const Money tax = taxed ? portion(*gross, rates(account, instrument).dividendTax) : Money{};
    m_ledger.moveCash(account, currency, *gross, Bucket::Outside, Bucket::Available,
                      {LedgerEntry::Type::Dividend, action.no}, m_now);
    m_ledger.moveCash(account, currency, tax, Bucket::Available, Bucket::TaxDue,
                      {LedgerEntry::Type::Tax, action.no}, m_now);
    action.cash = shownSum(action.cash, *gross);
    action.tax = shownSum(action.tax, tax);
    noteBalance(account, currency);
}

/// The tax on what came free of charge and is sold now, `most` at most: it comes out of the proceeds.
Money Engine::incomeTax(AccountNo account, const Instrument &instrument, Quantity sold, Price price,
                        Money most)
{
    const Quantity free = m_ledger.freeOf(account, instrument.index, sold);
    if (free.isZero())
        return {};
    m_ledger.leftFree(account, instrument.index, free);
    return std::min(most, incomeTaxOf(instrument, scaleOf(instrument), rates(account, instrument),
                                      free, price));
}

} // namespace khop
