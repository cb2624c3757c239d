// SPDX-License-Identifier: GPL-3.0-or-later
// Corporate actions: announced, entitled at the turn to the ex-date, paid at the turn to the pay date.
#include "engine/engine.h"

#include "base/decimal.h"
#include "base/invariant.h"
#include "ledger/order_cost.h"

#include <algorithm>
#include <limits>

namespace khop {

using Bucket = LedgerEntry::Bucket;

namespace {

constexpr std::size_t longestDescription = 500;
constexpr std::int64_t whole = 1'000'000; // of a ratio

/// Of totals that are only shown: what does not fit stays at the most.
template <class Amount>
Amount sumOf(Amount a, Amount b)
{
    return Amount(checkedAdd(a.raw(), b.raw()).value_or(std::numeric_limits<std::int64_t>::max()));
}

Error notWithin(const char *field, std::int64_t value, std::int64_t least, std::int64_t most,
                int scale)
{
    return {Code::VALIDATION_ERROR, field, formatDecimal(value, scale),
            formatDecimal(least, scale) + " … " + formatDecimal(most, scale)};
}

} // namespace

Error Engine::checkTerms(const CorporateTerms &terms) const
{
    if (terms.instrument >= m_exchange.instruments().size())
        return {Code::INSTRUMENT_UNKNOWN, "symbol"};
    const Instrument &instrument = m_exchange.instrument(terms.instrument);
    const MarketRules &rules = m_exchange.rules();
    if (!instrument.banded || instrument.kind == InstrumentKind::CoveredWarrant)
        return {Code::VALIDATION_ERROR, "symbol", instrument.symbol, "a share or fund"};
    const Date today = m_exchange.day(instrument.exchange);
    if (terms.exDate <= today)
        return {Code::VALIDATION_ERROR, "ex_date", isoDate(terms.exDate), "> " + isoDate(today)};
    if (terms.recordDate <= terms.exDate)
        return {Code::VALIDATION_ERROR, "record_date", isoDate(terms.recordDate),
                "> " + isoDate(terms.exDate)};
    if (terms.payDate < terms.recordDate)
        return {Code::VALIDATION_ERROR, "pay_date", isoDate(terms.payDate),
                ">= " + isoDate(terms.recordDate)};
    for (const auto &[field, date] : {std::pair("ex_date", terms.exDate),
                                      {"record_date", terms.recordDate},
                                      {"pay_date", terms.payDate}}) {
        if (!rules.isTradingDay(instrument.exchange, date))
            return {Code::HOLIDAY, field, isoDate(date)};
    }
    const int scale = instrument.priceScale;
    const std::int64_t cash = terms.cash.raw();
    if (terms.givesShares() ? cash != 0 : cash <= 0 || cash > highestPrice.raw())
        return notWithin("amount", cash, terms.givesShares() ? 0 : 1,
                         terms.givesShares() ? 0 : highestPrice.raw(), scale);
    if (terms.givesShares() ? terms.ratio <= 0 || terms.ratio > highestRatio : terms.ratio != 0)
        return notWithin("ratio", terms.ratio, terms.givesShares() ? 1 : 0,
                         terms.givesShares() ? highestRatio : 0, 6);
    if (terms.fractionPrice < Price{} || terms.fractionPrice > highestPrice
        || (!terms.givesShares() && !terms.fractionPrice.isZero()))
        return notWithin("fraction_price", terms.fractionPrice.raw(), 0,
                         terms.givesShares() ? highestPrice.raw() : 0, scale);
    if (terms.description.size() > longestDescription)
        return {Code::VALIDATION_ERROR, "description", std::to_string(terms.description.size()),
                std::to_string(longestDescription)};
    if (m_corporate.size() >= mostCorporateActions)
        return {Code::VALIDATION_ERROR, "symbol", instrument.symbol,
                std::to_string(mostCorporateActions)};
    return {};
}

Error Engine::run(const AnnounceCorporateAction &announce, CommandResult &result)
{
    CorporateTerms terms = announce.terms;
    if (terms.recordDate == Date{} && terms.instrument < m_exchange.instruments().size())
        terms.recordDate = m_exchange.rules().calendar.nextTradingDay(terms.exDate);
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
    m_exchange.announce(terms.instrument, terms.exDate,
                        m_corporate.exRights(terms.instrument, terms.exDate));
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
    action.status = CorporateActionStatus::Withdrawn;
    action.updatedAt = m_now;
    m_corporate.changed();
    noteCorporate(action);
    m_exchange.announce(action.terms.instrument, action.terms.exDate,
                        m_corporate.exRights(action.terms.instrument, action.terms.exDate));
    result.corporateAction = std::make_shared<CorporateAction>(action);
    return {};
}

void Engine::noteCorporate(const CorporateAction &action)
{
    m_hash.add(action.no << 8 | static_cast<std::uint64_t>(action.status));
    m_hash.add(std::uint64_t{action.terms.instrument} << 32
               | static_cast<std::uint32_t>(action.terms.exDate.day));
    m_hash.add(action.entitled.raw());
    m_hash.add(action.cash.raw() ^ action.shares.raw());
}

/// At the turn of an exchange's day, before anybody trades: what begins and what is paid with it.
void Engine::turnCorporateActions(Exchange exchange)
{
    const Date day = m_exchange.day(exchange);
    for (auto &[no, entry] : m_corporate.entries()) {
        const CorporateTerms &terms = entry.action.terms;
        if (m_exchange.instrument(terms.instrument).exchange != exchange)
            continue;
        if (entry.action.status == CorporateActionStatus::Announced && terms.exDate <= day)
            entitle(entry);
        if (entry.action.status == CorporateActionStatus::Entitled && terms.payDate <= day)
            pay(entry);
    }
}

/// Notes who holds the share. Orders that wait at the desk were meant for it with what is given now:
/// they are cancelled; those of the exchange ended with their day.
void Engine::entitle(CorporateActions::Entry &entry)
{
    CorporateAction &action = entry.action;
    const InstrumentIndex instrument = action.terms.instrument;
    for (AccountNo no = 1; no <= m_ledger.size(); ++no) {
        const Ledger::Holding *const holding = m_ledger.account(no).holdings.find(instrument);
        if (!holding || holding->owned().isZero())
            continue;
        entry.entitlements.push_back({no, holding->owned()});
        action.entitled = sumOf(action.entitled, holding->owned());
    }
    action.holders = entry.entitlements.size();
    action.status = CorporateActionStatus::Entitled;
    action.updatedAt = m_now;
    m_corporate.changed();
    noteCorporate(action);
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
    for (const CorporateActions::Entitlement &one : entry.entitlements) {
        if (action.terms.givesShares())
            deliverShares(action, one);
        else
            payCash(action, one.account,
                    notional(m_exchange.instrument(action.terms.instrument),
                             scaleOf(m_exchange.instrument(action.terms.instrument)),
                             action.terms.cash, one.quantity, Rounding::Down),
                    true);
    }
    entry.entitlements.clear();
    entry.entitlements.shrink_to_fit();
    action.status = CorporateActionStatus::Paid;
    action.updatedAt = m_now;
    m_corporate.changed();
    noteCorporate(action);
}

/// New shares cost nothing, so the average falls; fractions are paid in cash or lapse.
void Engine::deliverShares(CorporateAction &action, const CorporateActions::Entitlement &one)
{
    const InstrumentIndex index = action.terms.instrument;
    const Instrument &instrument = m_exchange.instrument(index);
    const auto shares = mulDiv(one.quantity.raw(), action.terms.ratio, whole, Rounding::Down);
    const Quantity owned = m_ledger.account(one.account).holdings.find(index)->owned();
    if (!shares || *shares > m_ledger.endowableSecurities(index, owned))
        return; // more than a holding can be
    const Int128 rest = Int128(one.quantity.raw()) * action.terms.ratio - Int128(*shares) * whole;
    m_ledger.moveSecurities(one.account, index, Quantity(*shares), Bucket::Outside,
                            Bucket::Available, {LedgerEntry::Type::Dividend, action.no}, m_now);
    action.shares = sumOf(action.shares, Quantity(*shares));
    notePosition(one.account, index);
    const auto fraction = mulDiv(action.terms.fractionPrice.raw(), static_cast<std::int64_t>(rest),
                                 whole, Rounding::Down);
    if (fraction)
        payCash(action, one.account,
                notional(instrument, scaleOf(instrument), Price(*fraction),
                         Quantity(powerOfTen(instrument.quantityScale)), Rounding::Down),
                false);
}

void Engine::payCash(CorporateAction &action, AccountNo account, std::optional<Money> gross,
                     bool taxed)
{
    const Instrument &instrument = m_exchange.instrument(action.terms.instrument);
    const std::uint16_t currency = currencyOf(instrument);
    if (!gross || gross->isZero()
        || gross->raw() > m_ledger.endowableCash(currency, m_ledger.available(account, currency)))
        return; // nothing, or more than an account can have
    const Money tax = taxed ? portion(*gross, rates(account, instrument).dividendTax) : Money{};
    m_ledger.moveCash(account, currency, *gross, Bucket::Outside, Bucket::Available,
                      {LedgerEntry::Type::Dividend, action.no}, m_now);
    m_ledger.moveCash(account, currency, tax, Bucket::Available, Bucket::TaxDue,
                      {LedgerEntry::Type::Tax, action.no}, m_now);
    action.cash = sumOf(action.cash, *gross);
    action.tax = sumOf(action.tax, tax);
    noteBalance(account, currency);
}

} // namespace khop
