// SPDX-License-Identifier: GPL-3.0-or-later
#include "market/rules.h"

#include "base/invariant.h"
#include "base/wide.h"

#include <algorithm>
#include <map>

namespace khop {

namespace {

constexpr std::int64_t million = 1'000'000;

constexpr std::array<std::string_view, phaseCount> phaseNames{
    "CLOSED",           "OPENING_AUCTION", "CONTINUOUS", "BREAK",
    "PERIODIC_AUCTION", "CLOSING_AUCTION", "POST_CLOSE", "PUT_THROUGH_ONLY"};

/// Midnight of the exchange's day is this much before the same midnight in UTC.
std::int64_t offsetOf(const ExchangeRules &rules) { return rules.everyDay ? 0 : vietnamOffset; }

const std::vector<Session> &sessionsOf(const ExchangeRules &rules, bool restricted)
{
    return restricted && !rules.restrictedSessions.empty() ? rules.restrictedSessions
                                                           : rules.sessions;
}

/// The exchange's table is in its currency's smallest unit; an instrument may count finer.
TickTable scaledTo(const TickTable &table, int decimalsMore)
{
    if (decimalsMore <= 0)
        return table;
    const std::int64_t factor = powerOfTen(decimalsMore);
    std::vector<TickTable::Step> steps;
    for (const TickTable::Step &step : table.steps()) {
        const auto from = mulDiv(step.from.raw(), factor, 1, Rounding::Down);
        const auto tick = mulDiv(step.tick.raw(), factor, 1, Rounding::Down);
        if (!from || *from >= highestPrice.raw())
            break; // beyond every price
        steps.push_back(
            {Price(*from), std::min(Price(tick.value_or(highestPrice.raw())), highestPrice)});
    }
    return TickTable(std::move(steps));
}

Price productOf(Price price, std::int64_t parts, std::int64_t of, Rounding rounding)
{
    const auto product = mulDiv(price.raw(), parts, of, rounding);
    return product ? std::min(Price(*product), highestPrice) : highestPrice;
}

/// The limits must be prices one can trade at, whatever the reference was.
void keepTradable(Instrument &instrument)
{
    const Price lowest = instrument.ticks.up(Price(0));
    instrument.floor = std::max(instrument.floor, lowest);
    instrument.ceiling = std::max(instrument.ceiling, instrument.floor);
}

void applyBand(Instrument &instrument, std::int64_t band, bool lowPriceRule)
{
    const TickTable &ticks = instrument.ticks;
    const Price reference = instrument.reference;
    instrument.ceiling =
        ticks.floorToTick(productOf(reference, million + band, million, Rounding::Down));
    instrument.floor =
        ticks.ceilToTick(productOf(reference, million - band, million, Rounding::Up));
    if (lowPriceRule && (instrument.ceiling == reference || instrument.floor == reference)) {
        instrument.ceiling = ticks.up(reference);
        const Price below = ticks.down(reference);
        instrument.floor = below > Price(0) ? below : reference;
    }
    keepTradable(instrument);
}

void applyWarrantLimits(Instrument &warrant, const Instrument &underlying)
{
    const auto share = [&](Price distance, Rounding rounding) {
        return productOf(distance, million, warrant.ratio, rounding);
    };
    const Price up = share(underlying.ceiling - underlying.reference, Rounding::Down);
    const Price down = share(underlying.reference - underlying.floor, Rounding::Down);
    warrant.ceiling = warrant.ticks.floorToTick(std::min(warrant.reference + up, highestPrice));
    warrant.floor =
        warrant.reference > down ? warrant.ticks.ceilToTick(warrant.reference - down) : Price(0);
    keepTradable(warrant);
}

} // namespace

std::string_view name(Phase phase) { return phaseNames[static_cast<std::size_t>(phase)]; }

int MarketRules::currencyScale(std::string_view currency) const
{
    const auto it = std::ranges::find(currencies, currency, &Currency::code);
    KHOP_INVARIANT(it != currencies.end());
    return it->scale;
}

const TickTable &MarketRules::ticksFor(Exchange exchange, InstrumentKind kind) const
{
    const ExchangeRules &rules = of(exchange);
    for (const auto &[tableKind, table] : rules.kindTicks) {
        if (tableKind == kind)
            return table;
    }
    return rules.shareTicks;
}

Date MarketRules::dateAt(Exchange exchange, Time time) const
{
    return vietnamDate(time + (offsetOf(of(exchange)) - vietnamOffset));
}

Time MarketRules::timeOn(Exchange exchange, Date date, std::int64_t timeOfDay) const
{
    return {std::int64_t{date.day} * millisecondsPerDay + timeOfDay - offsetOf(of(exchange))};
}

bool MarketRules::isTradingDay(Exchange exchange, Date date) const
{
    return of(exchange).everyDay || calendar.isTradingDay(date);
}

Session MarketRules::sessionAt(Exchange exchange, bool restricted, Time time) const
{
    const Date date = dateAt(exchange, time);
    if (!isTradingDay(exchange, date))
        return {};
    const std::int64_t timeOfDay = time - timeOn(exchange, date, 0);
    for (const Session &session : sessionsOf(of(exchange), restricted)) {
        if (timeOfDay >= session.from && timeOfDay < session.to)
            return session;
    }
    return {};
}

Time MarketRules::nextSessionChange(Exchange exchange, Time time, bool restricted) const
{
    const std::vector<Session> &sessions = sessionsOf(of(exchange), restricted);
    KHOP_INVARIANT(!sessions.empty());
    for (Date date = dateAt(exchange, time);; date = date + 1) {
        if (!isTradingDay(exchange, date))
            continue;
        for (const Session &session : sessions) {
            for (const std::int64_t edge : {session.from, session.to}) {
                const Time moment = timeOn(exchange, date, edge);
                if (moment > time)
                    return moment;
            }
        }
    }
}

Time MarketRules::settlementTime(Exchange exchange, Time tradeTime) const
{
    const ExchangeRules &rules = of(exchange);
    if (rules.settlement.days == 0)
        return tradeTime;
    const Date traded = dateAt(exchange, tradeTime);
    const Date due = rules.everyDay ? traded + rules.settlement.days
                                    : calendar.addTradingDays(traded, rules.settlement.days);
    return timeOn(exchange, due, rules.settlement.timeOfDay);
}

const MarketRules &MarketRules::inForceOn(Date date) const
{
    const MarketRules *version = this;
    for (const MarketRules &change : changes) {
        if (change.effectiveFrom <= date)
            version = &change;
    }
    return *version;
}

TickTable ticksOf(const Instrument &instrument, const MarketRules &rules)
{
    if (instrument.own.ticks)
        return *instrument.own.ticks;
    const std::string &currency = rules.of(instrument.exchange).currency;
    return scaledTo(rules.ticksFor(instrument.exchange, instrument.kind),
                    instrument.priceScale - rules.currencyScale(currency));
}

Price nearestPrice(Price price, const TickTable &ticks)
{
    const Price below = ticks.floorToTick(price);
    const Price above = ticks.ceilToTick(price);
    const Price nearest = price - below < above - price ? below : above;
    return std::max(nearest, ticks.up(Price(0)));
}

void applyDayLimits(Instrument &instrument, const MarketRules &rules)
{
    const ExchangeRules &exchange = rules.of(instrument.exchange);
    const Instrument::OwnTerms &own = instrument.own;
    instrument.ticks = ticksOf(instrument, rules);
    instrument.lot = own.lot.value_or(exchange.lot);
    instrument.maxQuantity = own.maxQuantity.value_or(exchange.maxQuantity);
    instrument.banded = own.band.has_value() || exchange.banded;
    if (instrument.banded) {
        const bool wide = instrument.firstDay || instrument.wideBand;
        const std::int64_t usual = wide ? exchange.band.firstDay : exchange.band.normal;
        applyBand(instrument, own.band.value_or(usual), exchange.lowPriceRule);
    } else {
        instrument.floor = instrument.ticks.up(Price(0));
        instrument.ceiling = instrument.ticks.floorToTick(highestPrice);
    }
}

void applyDayLimits(std::vector<Instrument> &instruments, const MarketRules &rules)
{
    std::map<std::string_view, const Instrument *> bySymbol;
    for (Instrument &instrument : instruments) {
        applyDayLimits(instrument, rules);
        bySymbol.emplace(instrument.symbol, &instrument);
    }
    for (Instrument &instrument : instruments) {
        if (instrument.kind != InstrumentKind::CoveredWarrant || instrument.own.band
            || instrument.ratio <= 0)
            continue;
        const auto underlying = bySymbol.find(instrument.underlying);
        if (underlying != bySymbol.end())
            applyWarrantLimits(instrument, *underlying->second);
    }
}

} // namespace khop
