// SPDX-License-Identifier: GPL-3.0-or-later
// Rights to buy new shares: subscribed to, sold once, offered to another account, or left to lapse. What a
// subscription costs is held until the shares are listed and goes to the issuer then.
#include "base/decimal.h"
#include "base/invariant.h"
#include "engine/engine.h"
#include "ledger/order_cost.h"

#include <algorithm>

namespace khop {

using Bucket = LedgerEntry::Bucket;
using Entitlement = CorporateEntitlement;

namespace {

/// How many accounts may have a part of one action that they did not hold when it began.
constexpr std::size_t mostBuyers = 100'000;

Quantity taken(const CorporateTerms &terms, const Entitlement &one)
{
    return terms.rightsFor(one.subscribed).value_or(Quantity{});
}

/// Rights that are neither used nor offered.
Quantity unused(const CorporateTerms &terms, const Entitlement &one)
{
    return one.rights + one.bought - one.offered - taken(terms, one);
}

/// Bought rights are used first, since they cannot be sold again.
Quantity saleable(const CorporateTerms &terms, const Entitlement &one)
{
    return std::min(one.rights - one.offered, unused(terms, one));
}

Error tooMany(const Instrument &instrument, Quantity wanted, Quantity most)
{
    return {Code::INSUFFICIENT_SECURITIES, "quantity",
            formatDecimal(wanted.raw(), instrument.quantityScale, true),
            formatDecimal(most.raw(), instrument.quantityScale, true)};
}

} // namespace

Error Engine::run(const ElectRights &elect, CommandResult &result)
{
    if (!m_ledger.exists(elect.account))
        return {Code::ACCOUNT_UNKNOWN, "account_id"};
    CorporateActions::Entry *const entry = m_corporate.find(elect.id);
    if (Error refused = checkElection(elect, entry); refused.code != Code::OK)
        return refused;
    Error refused;
    switch (elect.choice) {
    case ElectRights::Choice::Subscribe: refused = subscribe(elect, *entry); break;
    case ElectRights::Choice::Sell: refused = sellRights(elect, *entry); break;
    case ElectRights::Choice::Offer: refused = offerRights(elect, *entry); break;
    case ElectRights::Choice::Accept: refused = acceptRights(elect, *entry); break;
    }
    if (refused.code != Code::OK)
        return refused;
    entry->action.updatedAt = m_now;
    m_corporate.changed(*entry);
    auto own = std::make_shared<CorporateAction>(entry->action);
    CorporateEntitlements shown;
    for (const AccountNo no : {elect.account, elect.other}) {
        const Entitlement *const one = no == 0 ? nullptr : entry->find(no);
        if (!one)
            continue;
        for (const std::int64_t part : {one->rights.raw(), one->bought.raw(), one->sold.raw(),
                                        one->subscribed.raw(), one->offered.raw()})
            m_hash.add(part);
        m_hash.add(std::uint64_t{no} << 32 | one->offeredTo);
        m_hash.add(one->offerPrice.raw());
        if (no == elect.account)
            shown.push_back(*one);
    }
    own->entitlements = std::make_shared<const CorporateEntitlements>(std::move(shown));
    result.corporateAction = std::move(own);
    return {};
}

/// Whether this may be chosen of this action at all, today.
Error Engine::checkElection(const ElectRights &elect, const CorporateActions::Entry *entry) const
{
    if (!entry)
        return {Code::NOT_FOUND, "corporate_action_id", elect.id.text()};
    const CorporateTerms &terms = entry->action.terms;
    if (!terms.isRights())
        return {Code::VALIDATION_ERROR, "type", std::string(name(terms.type)),
                std::string(name(CorporateActionType::Rights))};
    if (entry->action.status != CorporateActionStatus::Entitled)
        return {Code::VALIDATION_ERROR, "status", std::string(name(entry->action.status)),
                std::string(name(CorporateActionStatus::Entitled))};
    const bool subscribes = elect.choice == ElectRights::Choice::Subscribe;
    const Date today = vietnamDate(m_now);
    const Date last = subscribes ? terms.subscriptionTo : terms.transferTo;
    if (today < terms.subscriptionFrom || today > last)
        return {Code::VALIDATION_ERROR, "date", isoDate(today),
                isoDate(terms.subscriptionFrom) + " … " + isoDate(last)};
    const Instrument &instrument = m_exchange.instrument(terms.instrument);
    const bool takesBack = subscribes || elect.choice == ElectRights::Choice::Offer;
    if (elect.quantity < Quantity(takesBack ? 0 : 1))
        return {Code::INVALID_QUANTITY, "quantity",
                formatDecimal(elect.quantity.raw(), instrument.quantityScale, true),
                takesBack ? "0" : "1"};
    const bool priced = !subscribes && !elect.quantity.isZero();
    if (priced ? elect.price <= Price{} || elect.price > highestPrice : !elect.price.isZero())
        return {Code::INVALID_PRICE, "price", priceText(instrument, elect.price),
                priced ? "1 … " + priceText(instrument, highestPrice) : "0"};
    return {};
}

Error Engine::subscribe(const ElectRights &elect, CorporateActions::Entry &entry)
{
    const CorporateTerms &terms = entry.action.terms;
    const Instrument &instrument = m_exchange.instrument(terms.instrument);
    Entitlement *const one = entry.find(elect.account);
    const Quantity most =
        one ? terms.sharesFor(one->rights + one->bought - one->offered).value_or(Quantity{})
            : Quantity{};
    if (!one || elect.quantity > most)
        return tooMany(instrument, elect.quantity, most);
    const int scale = scaleOf(instrument);
    const std::uint16_t currency = currencyOf(instrument);
    const auto cost = notional(instrument, scale, terms.issuePrice, elect.quantity, Rounding::Up);
    const Money free = m_ledger.available(elect.account, currency) + one->held;
    if (!cost || *cost > free)
        return {Code::INSUFFICIENT_CASH, "quantity", cost ? formatDecimal(cost->raw(), scale) : "",
                formatDecimal(free.raw(), scale)};
    if (*cost > one->held)
        m_ledger.moveCash(elect.account, currency, *cost - one->held, Bucket::Available,
                          Bucket::Held, {LedgerEntry::Type::OrderHold, entry.action.no}, m_now);
    else
        m_ledger.moveCash(elect.account, currency, one->held - *cost, Bucket::Held,
                          Bucket::Available, {LedgerEntry::Type::OrderRelease, entry.action.no},
                          m_now);
    one->held = *cost;
    one->subscribed = elect.quantity;
    noteBalance(elect.account, currency);
    return {};
}

/// What a right is worth at the market: the gain on the new shares it buys; nothing where they cost more.
Price Engine::rightsWorth(const CorporateTerms &terms) const
{
    const Price gain = m_exchange.lastOrReference(terms.instrument) - terms.issuePrice;
    if (gain <= Price{})
        return {};
    return Price(
        mulDiv(gain.raw(), terms.ratio, terms.per * 1'000'000, Rounding::Down).value_or(0));
}

Error Engine::sellRights(const ElectRights &elect, CorporateActions::Entry &entry)
{
    CorporateAction &action = entry.action;
    const Instrument &instrument = m_exchange.instrument(action.terms.instrument);
    Entitlement *const one = entry.find(elect.account);
    const Quantity most = one ? saleable(action.terms, *one) : Quantity{};
    if (elect.quantity > most)
        return tooMany(instrument, elect.quantity, most);
    if (elect.price > rightsWorth(action.terms))
        return {Code::VALIDATION_ERROR, "price", priceText(instrument, elect.price),
                "<= " + priceText(instrument, rightsWorth(action.terms))};
    const std::uint16_t currency = currencyOf(instrument);
    const auto value =
        notional(instrument, scaleOf(instrument), elect.price, elect.quantity, Rounding::Down);
    const std::int64_t room =
        m_ledger.endowableCash(currency, m_ledger.available(elect.account, currency));
    if (!value || value->raw() > room)
        return {Code::VALIDATION_ERROR, "quantity",
                formatDecimal(elect.quantity.raw(), instrument.quantityScale, true),
                "<= " + formatDecimal(room, scaleOf(instrument))};
    const Money tax = portion(*value, rates(elect.account, instrument).sellTax);
    m_ledger.moveCash(elect.account, currency, *value, Bucket::Street, Bucket::Available,
                      {LedgerEntry::Type::OrderPayment, action.no}, m_now);
    m_ledger.moveCash(elect.account, currency, tax, Bucket::Available, Bucket::TaxDue,
                      {LedgerEntry::Type::Tax, action.no}, m_now);
    action.tax = shownSum(action.tax, tax);
    one->rights -= elect.quantity;
    one->sold += elect.quantity;
    action.lapsed = shownSum(action.lapsed, elect.quantity); // the market does not subscribe
    noteBalance(elect.account, currency);
    return {};
}

Error Engine::offerRights(const ElectRights &elect, CorporateActions::Entry &entry)
{
    const CorporateTerms &terms = entry.action.terms;
    Entitlement *const one = entry.find(elect.account);
    const bool takesBack = elect.quantity.isZero();
    if (!takesBack && (!m_ledger.exists(elect.other) || elect.other == elect.account))
        return {Code::ACCOUNT_UNKNOWN, "counterparty"};
    Entitlement without = one ? *one : Entitlement{};
    without.offered = {};
    const Quantity most = saleable(terms, without);
    if (!one || elect.quantity > most)
        return tooMany(m_exchange.instrument(terms.instrument), elect.quantity, most);
    one->offered = elect.quantity;
    one->offeredTo = takesBack ? AccountNo{0} : elect.other;
    one->offerPrice = elect.price;
    return {};
}

/// The other account's rights change hands against cash; the seller pays the tax on the sale.
Error Engine::acceptRights(const ElectRights &elect, CorporateActions::Entry &entry)
{
    CorporateAction &action = entry.action;
    const Instrument &instrument = m_exchange.instrument(action.terms.instrument);
    const Entitlement *const theirs = entry.find(elect.other);
    if (!theirs || theirs->offeredTo != elect.account)
        return {Code::NOT_FOUND, "counterparty"};
    if (elect.quantity != theirs->offered)
        return tooMany(instrument, elect.quantity, theirs->offered);
    if (elect.price != theirs->offerPrice)
        return {Code::INVALID_PRICE, "price", priceText(instrument, elect.price),
                priceText(instrument, theirs->offerPrice)};
    if (!entry.find(elect.account) && entry.entitlements.size() >= action.holders + mostBuyers)
        return {Code::VALIDATION_ERROR, "account_id", std::to_string(elect.account),
                std::to_string(mostBuyers)};
    const Entitlement *const own = entry.find(elect.account);
    const std::int64_t room = mostEndowed - (own ? (own->rights + own->bought).raw() : 0);
    if (elect.quantity.raw() > room)
        return {Code::INVALID_QUANTITY, "quantity",
                formatDecimal(elect.quantity.raw(), instrument.quantityScale, true),
                "<= " + formatDecimal(room, instrument.quantityScale, true)};
    const int scale = scaleOf(instrument);
    const std::uint16_t currency = currencyOf(instrument);
    const Money available = m_ledger.available(elect.account, currency);
    const auto value = notional(instrument, scale, elect.price, elect.quantity, Rounding::Down);
    if (!value || *value > available)
        return {Code::INSUFFICIENT_CASH, "quantity",
                value ? formatDecimal(value->raw(), scale) : "",
                formatDecimal(available.raw(), scale)};
    const Reason reason{LedgerEntry::Type::OrderPayment, action.no};
    m_ledger.moveCash(elect.account, currency, *value, Bucket::Available, Bucket::Street, reason,
                      m_now);
    m_ledger.moveCash(elect.other, currency, *value, Bucket::Street, Bucket::Available, reason,
                      m_now);
    const Money tax = portion(*value, rates(elect.other, instrument).sellTax);
    m_ledger.moveCash(elect.other, currency, tax, Bucket::Available, Bucket::TaxDue,
                      {LedgerEntry::Type::Tax, action.no}, m_now);
    action.tax = shownSum(action.tax, tax);
    entry.of(elect.account).bought += elect.quantity;
    Entitlement &seller = *entry.find(elect.other); // the list may have grown
    seller.rights -= elect.quantity;
    seller.sold += elect.quantity;
    seller.offered = {};
    seller.offeredTo = 0;
    seller.offerPrice = {};
    noteBalance(elect.account, currency);
    noteBalance(elect.other, currency);
    return {};
}

void Engine::listNewShares(CorporateActions::Entry &entry)
{
    CorporateAction &action = entry.action;
    for (const Entitlement &one : entry.entitlements) {
        action.lapsed = shownSum(action.lapsed, one.rights + one.bought - taken(action.terms, one));
        if (!one.subscribed.isZero())
            listFor(action, one);
    }
}

/// The issuer gets its money and the subscriber the shares: a purchase, and shown as one.
void Engine::listFor(CorporateAction &action, const Entitlement &one)
{
    const InstrumentIndex index = action.terms.instrument;
    const std::uint16_t currency = currencyOf(m_exchange.instrument(index));
    const Ledger::Holding *const holding = m_ledger.account(one.account).holdings.find(index);
    const Quantity owned = holding ? holding->owned() : Quantity{};
    const Money cost = holding ? holding->cost : Money{};
    noteBalance(one.account, currency);
    if (one.subscribed.raw() > m_ledger.endowableSecurities(index, owned)
        || !checkedAdd(cost.raw(), one.held.raw())) {
        ++action.skipped; // more than a holding can be: the money comes back
        m_ledger.moveCash(one.account, currency, one.held, Bucket::Held, Bucket::Available,
                          {LedgerEntry::Type::OrderRelease, action.no}, m_now);
        noteBalance(one.account, currency);
        return;
    }
    const std::uint64_t trade = ++m_lastTrade;
    const Reason reason{LedgerEntry::Type::OrderPayment, action.no, trade};
    m_ledger.moveCash(one.account, currency, one.held, Bucket::Held, Bucket::Outside, reason,
                      m_now);
    m_ledger.moveSecurities(one.account, index, one.subscribed, Bucket::Outside, Bucket::Available,
                            reason, m_now);
    m_ledger.bought(one.account, index, one.held);
    m_out->executions.push_back({uuid7(m_now, 1, trade), trade, action.no, action.id, one.account,
                                 index, Side::Buy, action.terms.issuePrice, one.subscribed,
                                 one.held, Money{}, Money{}, m_now, m_now});
    action.shares = shownSum(action.shares, one.subscribed);
    action.raised = shownSum(action.raised, one.held);
    notePosition(one.account, index);
}

void Engine::addRightsHolds(std::map<std::pair<AccountNo, std::uint16_t>, Money> &cashHeld) const
{
    for (const auto &[no, entry] : m_corporate.entries()) {
        for (const Entitlement &one : entry.entitlements) {
            if (!one.held.isZero())
                cashHeld[{one.account,
                          currencyOf(m_exchange.instrument(entry.action.terms.instrument))}] +=
                    one.held;
        }
    }
}

} // namespace khop
