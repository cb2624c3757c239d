// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/corporate_actions.h"

#include <algorithm>
#include <array>

namespace khop {

namespace {

constexpr std::array<std::string_view, corporateActionTypeCount> typeNames{
    "CASH_DIVIDEND", "STOCK_DIVIDEND", "BONUS", "RIGHTS", "SPLIT", "MERGER", "TRANSFER"};
constexpr std::array<std::string_view, corporateActionStatusCount> statusNames{
    "ANNOUNCED", "ENTITLED", "PAID", "WITHDRAWN", "FAILED"};
constexpr std::int64_t whole = 1'000'000; // of a ratio

} // namespace

std::string_view name(CorporateActionType type)
{
    return typeNames[static_cast<std::size_t>(type)];
}
std::string_view name(CorporateActionStatus status)
{
    return statusNames[static_cast<std::size_t>(status)];
}

std::optional<CorporateActionType> corporateActionTypeFromName(std::string_view upperCaseName)
{
    const auto *const it = std::ranges::find(typeNames, upperCaseName);
    return it == typeNames.end()
               ? std::nullopt
               : std::optional(static_cast<CorporateActionType>(it - typeNames.begin()));
}

std::optional<Quantity> CorporateTerms::sharesFor(Quantity held) const
{
    const auto shares = mulDiv(held.raw(), ratio, per * whole, Rounding::Down);
    return shares ? std::optional(Quantity(*shares)) : std::nullopt;
}

Price CorporateTerms::fractionOf(Quantity held) const
{
    const auto rest = static_cast<std::int64_t>(Int128(held.raw()) * ratio % (per * whole));
    return Price(mulDiv(fractionPrice.raw(), rest, per * whole, Rounding::Down).value_or(0));
}

std::optional<Quantity> CorporateTerms::rightsFor(Quantity newShares) const
{
    const auto rights = mulDiv(newShares.raw(), per * whole, ratio, Rounding::Up);
    return rights ? std::optional(Quantity(*rights)) : std::nullopt;
}

CorporateEntitlement *CorporateActions::Entry::find(AccountNo account)
{
    const auto it =
        std::ranges::lower_bound(entitlements, account, {}, &CorporateEntitlement::account);
    return it == entitlements.end() || it->account != account ? nullptr : &*it;
}

CorporateEntitlement &CorporateActions::Entry::of(AccountNo account)
{
    const auto it =
        std::ranges::lower_bound(entitlements, account, {}, &CorporateEntitlement::account);
    if (it != entitlements.end() && it->account == account)
        return *it;
    CorporateEntitlement fresh;
    fresh.account = account;
    return *entitlements.insert(it, fresh);
}

CorporateActions::Entry *CorporateActions::find(const Uuid &id)
{
    const auto it = std::ranges::find_if(
        m_entries, [&](const auto &numbered) { return numbered.second.action.id == id; });
    return it == m_entries.end() ? nullptr : &it->second;
}

void CorporateActions::add(CorporateAction action)
{
    const OrderNo no = action.no;
    m_entries.emplace(no, Entry{std::move(action), {}, {}});
    m_shared.reset();
}

ExRights CorporateActions::exRights(InstrumentIndex instrument, Date exDate) const
{
    ExRights rights;
    for (const auto &[no, entry] : m_entries) {
        const CorporateTerms &terms = entry.action.terms;
        if (entry.action.status != CorporateActionStatus::Announced
            || terms.instrument != instrument || terms.exDate != exDate)
            continue;
        rights.cashDividend += terms.cash;
        rights.fromTreasury |= terms.fromTreasury;
        if (terms.givesShares())
            rights.bonusRatio += *mulDiv(terms.ratio, 1, terms.per, Rounding::HalfUp);
        if (terms.isRights()) {
            rights.rightsRatio +=
                *mulDiv(terms.rightsPerShare, terms.ratio, terms.per * whole, Rounding::HalfUp);
            rights.issuePrice = terms.issuePrice;
        }
        if (terms.type == CorporateActionType::Split) {
            rights.splitRatio = terms.ratio;
            rights.splitPer = terms.per;
        }
    }
    return rights;
}

std::shared_ptr<const CorporateActionList> CorporateActions::shared() const
{
    if (!m_shared) {
        auto list = std::make_shared<CorporateActionList>();
        for (const auto &[no, entry] : m_entries) {
            if (!entry.shown && !entry.entitlements.empty())
                entry.shown = std::make_shared<const CorporateEntitlements>(entry.entitlements);
            list->push_back(entry.action);
            list->back().entitlements = entry.shown;
        }
        m_shared = std::move(list);
    }
    return m_shared;
}

void CorporateActions::save(ByteWriter &out) const
{
    out.u64(m_entries.size());
    for (const auto &[no, entry] : m_entries) {
        const CorporateAction &action = entry.action;
        out.u64(no);
        out.id(action.id);
        encodeTerms(out, action.terms);
        out.u64(static_cast<std::uint64_t>(action.status));
        out.u64(action.holders);
        out.number(action.entitled);
        out.number(action.cash);
        out.number(action.tax);
        out.number(action.shares);
        out.u64(action.skipped);
        out.number(action.rights);
        out.number(action.lapsed);
        out.number(action.raised);
        out.number(action.close);
        out.number(action.reference);
        out.time(action.createdAt);
        out.time(action.updatedAt);
        out.u64(entry.entitlements.size());
        for (const CorporateEntitlement &one : entry.entitlements) {
            out.u64(one.account);
            for (const Quantity quantity :
                 {one.quantity, one.rights, one.bought, one.sold, one.subscribed, one.offered})
                out.number(quantity);
            out.number(one.held);
            out.u64(one.offeredTo);
            out.number(one.offerPrice);
        }
    }
}

bool CorporateActions::load(ByteReader &in, std::size_t accounts, std::size_t instruments)
{
    m_entries.clear();
    m_shared.reset();
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        Entry entry;
        CorporateAction &action = entry.action;
        action.no = in.u64();
        action.id = in.id();
        action.terms = decodeTerms(in);
        action.status = in.choice<CorporateActionStatus>(statusNames.size());
        action.holders = in.u64();
        action.entitled = in.number<Quantity>();
        action.cash = in.number<Money>();
        action.tax = in.number<Money>();
        action.shares = in.number<Quantity>();
        action.skipped = in.u64();
        action.rights = in.number<Quantity>();
        action.lapsed = in.number<Quantity>();
        action.raised = in.number<Money>();
        action.close = in.number<Price>();
        action.reference = in.number<Price>();
        action.createdAt = in.time();
        action.updatedAt = in.time();
        for (std::uint64_t each = in.u64(); each > 0 && in.ok(); --each) {
            CorporateEntitlement one;
            one.account = static_cast<AccountNo>(in.u64());
            for (Quantity *quantity : {&one.quantity, &one.rights, &one.bought, &one.sold,
                                       &one.subscribed, &one.offered})
                *quantity = in.number<Quantity>();
            one.held = in.number<Money>();
            one.offeredTo = static_cast<AccountNo>(in.u64());
            one.offerPrice = in.number<Price>();
            if (one.account == 0 || one.account > accounts || one.offeredTo > accounts)
                return false;
            entry.entitlements.push_back(one);
        }
        const CorporateTerms &terms = action.terms;
        if (terms.instrument >= instruments
            || (terms.into >= instruments && terms.into != noInstrument))
            return false;
        m_entries.emplace(action.no, std::move(entry));
    }
    return in.ok();
}

bool areSimple(const CorporateTerms &terms)
{
    const CorporateTerms none;
    return (terms.givesShares() || terms.type == CorporateActionType::CashDividend)
           && terms.per == none.per && terms.issuePrice == none.issuePrice
           && terms.rightsPerShare == none.rightsPerShare
           && terms.subscriptionFrom == none.subscriptionFrom
           && terms.subscriptionTo == none.subscriptionTo && terms.transferTo == none.transferTo
           && terms.into == none.into && terms.to == none.to;
}

void encodeSimpleTerms(ByteWriter &out, const CorporateTerms &terms)
{
    out.u64(terms.instrument);
    out.u64(static_cast<std::uint64_t>(terms.type));
    for (const Date date : {terms.exDate, terms.recordDate, terms.payDate})
        out.i64(date.day);
    out.number(terms.cash);
    out.i64(terms.ratio);
    out.number(terms.fractionPrice);
    out.u64(terms.fromTreasury);
    out.text(terms.description);
}

CorporateTerms decodeSimpleTerms(ByteReader &in)
{
    CorporateTerms terms;
    terms.instrument = static_cast<InstrumentIndex>(in.u64());
    terms.type = in.choice<CorporateActionType>(typeNames.size());
    for (Date *date : {&terms.exDate, &terms.recordDate, &terms.payDate})
        *date = {static_cast<std::int32_t>(in.i64())};
    terms.cash = in.number<Price>();
    terms.ratio = in.i64();
    terms.fractionPrice = in.number<Price>();
    terms.fromTreasury = in.u64() != 0;
    terms.description = in.text();
    return terms;
}

void encodeTerms(ByteWriter &out, const CorporateTerms &terms)
{
    encodeSimpleTerms(out, terms);
    out.i64(terms.per);
    out.number(terms.issuePrice);
    out.i64(terms.rightsPerShare);
    for (const Date date : {terms.subscriptionFrom, terms.subscriptionTo, terms.transferTo})
        out.i64(date.day);
    out.u64(terms.into);
    out.u64(static_cast<std::uint64_t>(terms.to));
}

CorporateTerms decodeTerms(ByteReader &in)
{
    CorporateTerms terms = decodeSimpleTerms(in);
    terms.per = in.i64();
    terms.issuePrice = in.number<Price>();
    terms.rightsPerShare = in.i64();
    for (Date *date : {&terms.subscriptionFrom, &terms.subscriptionTo, &terms.transferTo})
        *date = {static_cast<std::int32_t>(in.i64())};
    terms.into = static_cast<InstrumentIndex>(in.u64());
    terms.to = in.choice<Exchange>(exchangeCount);
    return terms;
}

} // namespace khop
