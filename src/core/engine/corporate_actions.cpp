// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/corporate_actions.h"

#include <algorithm>
#include <array>

namespace khop {

namespace {

constexpr std::array<std::string_view, 3> typeNames{"CASH_DIVIDEND", "STOCK_DIVIDEND", "BONUS"};
constexpr std::array<std::string_view, 4> statusNames{"ANNOUNCED", "ENTITLED", "PAID", "WITHDRAWN"};

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

CorporateActions::Entry *CorporateActions::find(const Uuid &id)
{
    const auto it = std::ranges::find_if(
        m_entries, [&](const auto &numbered) { return numbered.second.action.id == id; });
    return it == m_entries.end() ? nullptr : &it->second;
}

void CorporateActions::add(CorporateAction action)
{
    const OrderNo no = action.no;
    m_entries.emplace(no, Entry{std::move(action), {}});
    changed();
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
        rights.bonusRatio += terms.ratio;
        rights.fromTreasury |= terms.fromTreasury;
    }
    return rights;
}

std::shared_ptr<const CorporateActionList> CorporateActions::shared() const
{
    if (!m_shared) {
        auto list = std::make_shared<CorporateActionList>();
        for (const auto &[no, entry] : m_entries)
            list->push_back(entry.action);
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
        out.time(action.createdAt);
        out.time(action.updatedAt);
        out.u64(entry.entitlements.size());
        for (const Entitlement &one : entry.entitlements) {
            out.u64(one.account);
            out.number(one.quantity);
        }
    }
}

bool CorporateActions::load(ByteReader &in, std::size_t accounts, std::size_t instruments)
{
    m_entries.clear();
    changed();
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
        action.createdAt = in.time();
        action.updatedAt = in.time();
        for (std::uint64_t each = in.u64(); each > 0 && in.ok(); --each) {
            const auto account = static_cast<AccountNo>(in.u64());
            entry.entitlements.push_back({account, in.number<Quantity>()});
            if (account == 0 || account > accounts)
                return false;
        }
        if (action.terms.instrument >= instruments)
            return false;
        m_entries.emplace(action.no, std::move(entry));
    }
    return in.ok();
}

void encodeTerms(ByteWriter &out, const CorporateTerms &terms)
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

CorporateTerms decodeTerms(ByteReader &in)
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

} // namespace khop
