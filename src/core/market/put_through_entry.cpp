// SPDX-License-Identifier: GPL-3.0-or-later
#include "market/put_through_entry.h"

#include "base/decimal.h"
#include "base/wide.h"

#include <algorithm>

namespace khop {

namespace {

using Refusal = std::optional<Error>;

std::string text(Price price, const Instrument &instrument)
{
    return formatDecimal(price.raw(), instrument.priceScale);
}

std::string text(Quantity quantity, const Instrument &instrument)
{
    return formatDecimal(quantity.raw(), instrument.quantityScale, true);
}

std::string vietnamText(Time time)
{
    return isoDate(vietnamDate(time)) + ' ' + formatTimeOfDay(vietnamTimeOfDay(time));
}

Date nextDay(Exchange exchange, const MarketRules &rules, Date day)
{
    do {
        day = day + 1;
    } while (!rules.isTradingDay(exchange, day));
    return day;
}

/// When such deals are taken again, for the message.
std::string nextHours(Exchange exchange, const PutThroughRules &putThrough,
                      const MarketRules &rules, Time time)
{
    const Date today = rules.dateAt(exchange, time);
    for (const auto &[from, to] : putThrough.hours) {
        const Time opening = rules.timeOn(exchange, today, from);
        if (opening > time)
            return vietnamText(opening);
    }
    return vietnamText(
        rules.timeOn(exchange, nextDay(exchange, rules, today), putThrough.hours.front().first));
}

Refusal checkPrice(Price price, const Instrument &instrument, const MarketRules &rules)
{
    if (price > instrument.ceiling)
        return Error{Code::PRICE_ABOVE_CEILING, "price", text(price, instrument),
                     text(instrument.ceiling, instrument)};
    if (price < instrument.floor)
        return Error{Code::PRICE_BELOW_FLOOR, "price", text(price, instrument),
                     text(instrument.floor, instrument)};
    const ExchangeRules &exchange = rules.of(instrument.exchange);
    const int decimals = instrument.priceScale - rules.currencyScale(instrument.currency);
    const std::int64_t tick =
        mulDiv(exchange.putThrough->tick.raw(), powerOfTen(decimals), 1, Rounding::Down)
            .value_or(highestPrice.raw());
    if (price.raw() % tick != 0)
        return Error{Code::INVALID_TICK, "price", text(price, instrument),
                     text(Price(tick), instrument)};
    return std::nullopt;
}

} // namespace

Refusal checkPutThroughHours(const Instrument &instrument, const MarketRules &rules, Time time)
{
    const Exchange exchange = instrument.exchange;
    const auto &putThrough = rules.of(exchange).putThrough;
    if (!instrument.active)
        return Error{Code::INSTRUMENT_INACTIVE, "symbol", instrument.symbol};
    if (instrument.halted)
        return Error{Code::INSTRUMENT_HALTED, "symbol", instrument.symbol};
    if (!putThrough)
        return Error{Code::ORDER_TYPE_NOT_ON_EXCHANGE, "symbol", "PUT_THROUGH",
                     std::string(name(exchange))};
    const Date today = rules.dateAt(exchange, time);
    if (!rules.isTradingDay(exchange, today))
        return Error{Code::HOLIDAY, {}, isoDate(today), isoDate(nextDay(exchange, rules, today))};
    const std::int64_t timeOfDay = time - rules.timeOn(exchange, today, 0);
    const bool open = std::ranges::any_of(putThrough->hours, [&](const auto &hours) {
        return timeOfDay >= hours.first && timeOfDay < hours.second;
    });
    if (open)
        return std::nullopt;
    const Phase phase = rules.sessionAt(exchange, false, time).phase;
    return Error{Code::MARKET_CLOSED,
                 {},
                 std::string(name(phase == Phase::Break ? phase : Phase::Closed)),
                 nextHours(exchange, *putThrough, rules, time)};
}

Refusal checkPutThrough(Quantity quantity, Price price, const Instrument &instrument,
                        const MarketRules &rules, Time time, bool hasMatchPrice)
{
    if (Refusal refused = checkPutThroughHours(instrument, rules, time))
        return refused;
    const Quantity minimum = rules.of(instrument.exchange).putThrough->minimum;
    if (quantity < minimum)
        return Error{Code::PUT_THROUGH_MINIMUM, "quantity", text(quantity, instrument),
                     text(minimum, instrument)};
    if (instrument.firstDay && !hasMatchPrice)
        return Error{Code::PUT_THROUGH_FIRST_DAY, "symbol", instrument.symbol};
    return checkPrice(price, instrument, rules);
}

Time putThroughEnd(const Instrument &instrument, const MarketRules &rules, Time time)
{
    const Exchange exchange = instrument.exchange;
    return rules.timeOn(exchange, rules.dateAt(exchange, time),
                        rules.of(exchange).putThrough->hours.back().second);
}

} // namespace khop
