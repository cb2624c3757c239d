// SPDX-License-Identifier: GPL-3.0-or-later
// What may be announced: the terms of a corporate action, each field against its bounds, and against the
// other actions of the share.
#include "base/decimal.h"
#include "engine/engine.h"

#include <array>

namespace khop {

namespace {

constexpr std::size_t longestDescription = 500;
constexpr int ratioScale = 6;
constexpr std::int64_t whole = 1'000'000; // of a ratio

Error notWithin(const char *field, std::int64_t value, std::int64_t least, std::int64_t most,
                int scale)
{
    return {Code::VALIDATION_ERROR, field, formatDecimal(value, scale),
            formatDecimal(least, scale) + " … " + formatDecimal(most, scale)};
}

Error notBefore(const char *field, Date date, Date least)
{
    return {Code::VALIDATION_ERROR, field, isoDate(date), ">= " + isoDate(least)};
}

/// A field that an action of this type may have within bounds, and of no other type at all.
struct Bounded {
    const char *field;
    std::int64_t value;
    bool used;
    std::int64_t least, most;
    std::int64_t unused; // what stands there where it is not used
    int scale;
};

bool isLive(CorporateActionStatus status)
{
    return status == CorporateActionStatus::Announced || status == CorporateActionStatus::Entitled;
}

bool concerns(const CorporateTerms &terms, InstrumentIndex instrument)
{
    return terms.instrument == instrument || terms.into == instrument;
}

bool shareSymbol(const CorporateTerms &a, const CorporateTerms &b)
{
    return concerns(a, b.instrument) || (b.into != noInstrument && concerns(a, b.into));
}

/// New shares of it are on their way when the day of the other one, which converts, comes.
bool delivers(const CorporateTerms &terms) { return terms.givesShares() || terms.isRights(); }

bool collide(const CorporateTerms &a, const CorporateTerms &b)
{
    if (!shareSymbol(a, b))
        return false;
    const bool together = a.exDate == b.exDate
                          && (a.converts() || b.converts() || (a.isRights() && b.isRights())
                              || (a.type == b.type && a.type == CorporateActionType::Transfer));
    const auto within = [](const CorporateTerms &converting, const CorporateTerms &other) {
        return converting.converts() && delivers(other) && converting.exDate >= other.exDate
               && converting.exDate <= other.payDate;
    };
    const auto goneBefore = [](const CorporateTerms &merger, const CorporateTerms &other) {
        return merger.type == CorporateActionType::Merger && concerns(other, merger.instrument)
               && merger.exDate <= other.exDate;
    };
    return together || within(a, b) || within(b, a) || goneBefore(a, b) || goneBefore(b, a);
}

} // namespace

/// The dates that follow from others where they are not given.
CorporateTerms Engine::completed(CorporateTerms terms) const
{
    const auto fill = [](Date &date, Date otherwise) {
        if (date == Date{})
            date = otherwise;
    };
    if (terms.instrument >= m_exchange.instruments().size())
        return terms;
    if (terms.atOnce()) {
        fill(terms.recordDate, terms.exDate);
        fill(terms.payDate, terms.exDate);
        return terms;
    }
    fill(terms.recordDate, m_exchange.rules().calendar.nextTradingDay(terms.exDate));
    if (terms.isRights()) {
        fill(terms.subscriptionFrom, terms.recordDate);
        fill(terms.transferTo, terms.subscriptionTo);
    }
    return terms;
}

Error Engine::checkTerms(const CorporateTerms &terms) const
{
    if (terms.instrument >= m_exchange.instruments().size())
        return {Code::INSTRUMENT_UNKNOWN, "symbol"};
    const Instrument &instrument = m_exchange.instrument(terms.instrument);
    if (!instrument.banded || instrument.kind == InstrumentKind::CoveredWarrant)
        return {Code::VALIDATION_ERROR, "symbol", instrument.symbol, "a share or fund"};
    using Check = Error (Engine::*)(const CorporateTerms &) const;
    constexpr std::array<Check, 4> checks{&Engine::checkTermDates, &Engine::checkTermAmounts,
                                          &Engine::checkTermTargets, &Engine::checkTermNeighbours};
    for (const Check check : checks) {
        if (Error refused = (this->*check)(terms); refused.code != Code::OK)
            return refused;
    }
    if (terms.description.size() > longestDescription)
        return {Code::VALIDATION_ERROR, "description", std::to_string(terms.description.size()),
                std::to_string(longestDescription)};
    if (m_corporate.size() >= mostCorporateActions)
        return {Code::VALIDATION_ERROR, "symbol", instrument.symbol,
                std::to_string(mostCorporateActions)};
    return {};
}

Error Engine::checkTermDates(const CorporateTerms &terms) const
{
    const Exchange exchange = m_exchange.instrument(terms.instrument).exchange;
    const Date today = m_exchange.day(exchange);
    if (terms.exDate <= today)
        return {Code::VALIDATION_ERROR, "ex_date", isoDate(terms.exDate), "> " + isoDate(today)};
    for (const auto &[field, date] :
         {std::pair("record_date", terms.recordDate), {"pay_date", terms.payDate}}) {
        if (terms.atOnce() && date != terms.exDate)
            return {Code::VALIDATION_ERROR, field, isoDate(date), isoDate(terms.exDate)};
    }
    if (!terms.atOnce() && terms.recordDate <= terms.exDate)
        return {Code::VALIDATION_ERROR, "record_date", isoDate(terms.recordDate),
                "> " + isoDate(terms.exDate)};
    if (terms.payDate < terms.recordDate)
        return notBefore("pay_date", terms.payDate, terms.recordDate);
    for (const auto &[field, date] : {std::pair("ex_date", terms.exDate),
                                      {"record_date", terms.recordDate},
                                      {"pay_date", terms.payDate}}) {
        if (!m_exchange.rules().isTradingDay(exchange, date))
            return {Code::HOLIDAY, field, isoDate(date)};
    }
    const std::array dates{std::pair("subscription_from", terms.subscriptionFrom),
                           std::pair("transfer_to", terms.transferTo),
                           std::pair("subscription_to", terms.subscriptionTo)};
    Date least = terms.recordDate;
    for (const auto &[field, date] : dates) {
        if (!terms.isRights() && date != Date{})
            return {Code::VALIDATION_ERROR, field, isoDate(date), "left out (only with RIGHTS)"};
        if (terms.isRights() && date < least)
            return notBefore(field, date, least);
        least = date;
    }
    if (terms.isRights() && terms.payDate <= terms.subscriptionTo)
        return {Code::VALIDATION_ERROR, "pay_date", isoDate(terms.payDate),
                "> " + isoDate(terms.subscriptionTo)};
    return {};
}

Error Engine::checkTermAmounts(const CorporateTerms &terms) const
{
    const int scale = m_exchange.instrument(terms.instrument).priceScale;
    const bool cash = terms.type == CorporateActionType::CashDividend;
    const bool fractions = terms.givesShares() || terms.converts();
    const std::array bounds{
        Bounded{"amount", terms.cash.raw(), cash, 1, highestPrice.raw(), 0, scale},
        Bounded{"ratio", terms.ratio, terms.hasRatio(), 1, highestRatio, 0, ratioScale},
        Bounded{"per", terms.per, terms.hasRatio(), 1, highestPer, 1, 0},
        Bounded{"fraction_price", terms.fractionPrice.raw(), fractions, 0, highestPrice.raw(), 0,
                scale},
        Bounded{"issue_price", terms.issuePrice.raw(), terms.isRights(), 1, highestPrice.raw(), 0,
                scale},
        Bounded{"rights_per_share", terms.rightsPerShare, terms.isRights(), 1, highestRatio, whole,
                ratioScale}};
    for (const Bounded &one : bounds) {
        const std::int64_t least = one.used ? one.least : one.unused;
        const std::int64_t most = one.used ? one.most : one.unused;
        if (one.value < least || one.value > most)
            return notWithin(one.field, one.value, least, most, one.scale);
    }
    if (terms.type == CorporateActionType::Split && terms.ratio == terms.per * whole)
        return {Code::VALIDATION_ERROR, "ratio", formatDecimal(terms.ratio, ratioScale, true),
                "other than 1 for 1"};
    return {};
}

/// What a share is merged into, and where it is transferred to.
Error Engine::checkTermTargets(const CorporateTerms &terms) const
{
    const Instrument &instrument = m_exchange.instrument(terms.instrument);
    const bool merger = terms.type == CorporateActionType::Merger;
    if (!merger && terms.into != noInstrument)
        return {Code::VALIDATION_ERROR, "into", {}, "left out (only with MERGER)"};
    if (merger) {
        if (terms.into >= m_exchange.instruments().size())
            return {Code::INSTRUMENT_UNKNOWN, "into"};
        const Instrument &into = m_exchange.instrument(terms.into);
        const bool alike = into.banded && into.kind != InstrumentKind::CoveredWarrant
                           && into.currency == instrument.currency
                           && into.priceScale == instrument.priceScale
                           && into.quantityScale == instrument.quantityScale;
        if (terms.into == terms.instrument || !alike)
            return {Code::VALIDATION_ERROR, "into", into.symbol,
                    "another share in " + instrument.currency};
        for (const Instrument *one : {&instrument, &into}) {
            if (!one->active)
                return {Code::INSTRUMENT_INACTIVE, one == &into ? "into" : "symbol", one->symbol};
        }
    }
    if (terms.type != CorporateActionType::Transfer)
        return terms.to == Exchange::HOSE
                   ? Error{}
                   : Error{Code::VALIDATION_ERROR, "exchange", std::string(name(terms.to)),
                           "left out (only with TRANSFER)"};
    const ExchangeRules &there = m_exchange.rules().of(terms.to);
    if (terms.to == instrument.exchange || !there.banded || there.everyDay
        || there.currency != instrument.currency)
        return {Code::VALIDATION_ERROR, "exchange", std::string(name(terms.to)),
                "another exchange than " + std::string(name(instrument.exchange))
                    + " for shares in " + instrument.currency};
    return {};
}

/// Splits and mergers stand alone on their day, and no new shares may be on their way then. One issue of
/// rights, one transfer a day; nothing of a share that is merged by then.
Error Engine::checkTermNeighbours(const CorporateTerms &terms) const
{
    for (const auto &[no, entry] : m_corporate.entries()) {
        const CorporateTerms &other = entry.action.terms;
        if (isLive(entry.action.status) && collide(terms, other))
            return {Code::VALIDATION_ERROR, "ex_date", isoDate(terms.exDate),
                    "clear of " + std::string(name(other.type)) + " "
                        + m_exchange.instrument(other.instrument).symbol + " "
                        + isoDate(other.exDate)
                        + (other.payDate == other.exDate ? "" : " … " + isoDate(other.payDate))};
    }
    return {};
}

} // namespace khop
