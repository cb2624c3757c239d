// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/condition_check.h"

#include "base/decimal.h"
#include "market/order_entry.h"

#include <utility>

namespace khop {

namespace {

using Refusal = std::optional<Error>;

/// Where an order's fields are in the request: "" or "condition.then.".
struct Path {
    std::string prefix;
    std::string condition() const { return prefix + "condition"; }
};

Refusal at(const Path &path, Refusal refused)
{
    if (refused)
        refused->field = path.prefix + refused->field;
    return refused;
}

/// The checks of an entry that hold at any time: a session that takes every type, no holiday.
Refusal checkAnyTime(const PlaceOrder &place, OrderType type, std::optional<Price> price,
                     const Instrument &instrument, const MarketRules &rules, Time now)
{
    Session any;
    any.phase = Phase::Continuous;
    any.types.set();
    any.oddTypes.set(static_cast<std::size_t>(OrderType::LO));
    return checkEntry({place.side, type, TimeInForce::Day, place.quantity, price}, instrument,
                      rules, {now, any, true, true});
}

Refusal checkExpiry(const PlaceOrder &place, const ExchangeRules &exchange, Time now)
{
    const TimeInForce tif = place.timeInForce;
    const bool atOnce = tif == TimeInForce::IOC || tif == TimeInForce::FOK;
    if (atOnce && !has(exchange.timesInForce, tif))
        return Error{Code::TIME_IN_FORCE_NOT_ALLOWED, "time_in_force", std::string(name(tif)),
                     "DAY, GTD, GTC"};
    if (tif == TimeInForce::GTD && !place.expiresAt)
        return Error{Code::REQUIRED, "expires_at"};
    if (place.expiresAt && *place.expiresAt <= now)
        return Error{Code::VALIDATION_ERROR, "expires_at", isoTime(*place.expiresAt),
                     "after " + isoTime(now)};
    if (place.expiresAt && *place.expiresAt - now > longestWait)
        return Error{Code::VALIDATION_ERROR, "expires_at", isoTime(*place.expiresAt),
                     isoTime(now + longestWait) + " or earlier"};
    return std::nullopt;
}

/// A leg without a limit becomes an order of `type`; one with a limit an LO or LIMIT.
Refusal checkLegType(const PlaceOrder &place, bool limited, bool only, const Instrument &instrument,
                     const MarketRules &rules, Time now, const std::string &field)
{
    const OrderType market = marketTypeOf(rules.of(instrument.exchange));
    const OrderType limit = limitTypeOf(instrument);
    const OrderType type = place.type;
    const bool known = type == limit || type == market || type == OrderType::MTL
                       || type == OrderType::MOK || type == OrderType::MAK
                       || type == OrderType::Market;
    if (!known)
        return Error{Code::VALIDATION_ERROR, "order_type", std::string(name(type)),
                     std::string(name(limit)) + ", " + std::string(name(market))};
    if (limited && only && type != limit)
        return Error{Code::PRICE_NOT_ALLOWED, field, {}, std::string(name(type))};
    if (!limited && type == limit && market != limit)
        return Error{Code::PRICE_REQUIRED, field, {}, std::string(name(type))};
    const OrderType sent = limited ? limit : type;
    const std::optional<Price> anyPrice =
        carriesPrice(sent) ? std::optional(instrument.floor) : std::nullopt;
    return checkAnyTime(place, sent, anyPrice, instrument, rules, now);
}

Refusal checkLegTypes(const PlaceOrder &place, const Instrument &instrument,
                      const MarketRules &rules, Time now)
{
    const Condition &condition = *place.condition;
    if (condition.type == ConditionType::Trailing)
        return checkLegType(place, condition.limitOffset.has_value(), true, instrument, rules, now,
                            "condition.limit_offset");
    const bool only = condition.type != ConditionType::Oco;
    for (const auto &[leg, field] : {std::pair{&condition.takeProfit, "condition.take_profit"},
                                     std::pair{&condition.stopLoss, "condition.stop_loss"}}) {
        if (!*leg)
            continue;
        const std::string path = std::string(only ? "condition" : field) + ".limit_price";
        if (Refusal refused =
                checkLegType(place, (*leg)->limit.has_value(), only, instrument, rules, now, path))
            return refused;
    }
    return std::nullopt;
}

Refusal checkWaiting(const PlaceOrder &place, const Instrument &instrument,
                     const MarketRules &rules, Time now, Price last, const Path &path)
{
    if (place.price)
        return at(path, Error{Code::PRICE_NOT_ALLOWED, "price",
                              formatDecimal(place.price->raw(), instrument.priceScale),
                              std::string(name(place.condition->type))});
    if (Refusal refused =
            checkTriggers(*place.condition, place.side, instrument, last, path.condition()))
        return refused;
    if (Refusal refused = checkLegTypes(place, instrument, rules, now))
        return at(path, refused);
    return at(path, checkExpiry(place, rules.of(instrument.exchange), now));
}

/// The order after IF_DONE, when it has no condition of its own.
Refusal checkPlain(const PlaceOrder &place, const Instrument &instrument, const MarketRules &rules,
                   Time now)
{
    std::optional<Price> price = place.price;
    if (price && price->raw() > 0 && *price <= highestPrice) {
        if (!instrument.ticks.isOnTick(*price))
            return Error{
                Code::INVALID_TICK, "price", formatDecimal(price->raw(), instrument.priceScale),
                formatDecimal(instrument.ticks.tickAt(*price).raw(), instrument.priceScale)};
        price = instrument.floor; // the band is that of the day on which it is sent
    }
    if (Refusal refused = checkAnyTime(place, place.type, price, instrument, rules, now))
        return refused;
    return checkExpiry(place, rules.of(instrument.exchange), now);
}

Refusal checkBracket(const PlaceOrder &place, const PlaceOrder &child, const Instrument &instrument,
                     const MarketRules &rules, Time now, Price last)
{
    if (Refusal refused = checkTriggers(*place.condition, child.side, instrument,
                                        place.price.value_or(last), "condition"))
        return refused;
    for (const auto &leg : {place.condition->takeProfit, place.condition->stopLoss}) {
        if (!leg)
            continue;
        const OrderType sent = leg->limit ? limitTypeOf(instrument) : child.type;
        const std::optional<Price> anyPrice =
            carriesPrice(sent) ? std::optional(instrument.floor) : std::nullopt;
        if (Refusal refused = checkAnyTime(child, sent, anyPrice, instrument, rules, now))
            return refused;
    }
    return checkExpiry(child, rules.of(instrument.exchange), now);
}

} // namespace

OrderType marketTypeOf(const ExchangeRules &exchange)
{
    for (const OrderType type : {OrderType::MTL, OrderType::Market}) {
        if (has(exchange.orderTypes, type))
            return type;
    }
    return OrderType::LO;
}

OrderType limitTypeOf(const Instrument &instrument)
{
    return instrument.exchange == Exchange::SPOT ? OrderType::Limit : OrderType::LO;
}

TimeInForce ownTimeInForce(const PlaceOrder &place, const Instrument &instrument)
{
    const TimeInForce given = place.timeInForce;
    const bool longer = given == TimeInForce::GTD || given == TimeInForce::GTC;
    return isBracket(place) && instrument.banded && longer ? TimeInForce::Day : given;
}

PlaceOrder childOf(const PlaceOrder &place, const std::vector<Instrument> &instruments,
                   const MarketRules &rules)
{
    PlaceOrder child;
    const Condition &condition = *place.condition;
    if (condition.type == ConditionType::IfDone) {
        const ThenOrder &then = *condition.then;
        child.instrument = then.instrument;
        child.side = then.side;
        child.type = then.type;
        child.given = then.given;
        child.timeInForce = then.timeInForce;
        child.quantity = then.quantity;
        child.price = then.price;
        child.expiresAt = then.expiresAt;
        child.condition = then.condition;
        return child;
    }
    const Instrument &instrument = instruments[place.instrument];
    child.instrument = place.instrument;
    child.side = opposite(place.side);
    child.quantity = place.quantity;
    child.expiresAt = place.expiresAt;
    child.timeInForce = place.expiresAt ? TimeInForce::GTD : TimeInForce::GTC;
    auto legs = std::make_shared<Condition>();
    legs->type = !condition.stopLoss     ? ConditionType::TakeProfit
                 : !condition.takeProfit ? ConditionType::Stop
                                         : ConditionType::Oco;
    legs->stopLoss = condition.stopLoss;
    legs->takeProfit = condition.takeProfit;
    const bool limited = (!legs->stopLoss || legs->stopLoss->limit)
                         && (!legs->takeProfit || legs->takeProfit->limit);
    child.type = limited ? limitTypeOf(instrument) : marketTypeOf(rules.of(instrument.exchange));
    child.condition = std::move(legs);
    return child;
}

std::optional<Error> checkConditional(const PlaceOrder &place,
                                      const std::vector<Instrument> &instruments,
                                      const MarketRules &rules, Time now, const LastPrice &last)
{
    const Condition &condition = *place.condition;
    const Instrument &instrument = instruments[place.instrument];
    if (!hasChild(condition.type))
        return checkWaiting(place, instrument, rules, now, last(place.instrument), {});
    if (condition.type == ConditionType::IfDone && !condition.then)
        return Error{Code::REQUIRED, "condition.then"};
    const PlaceOrder child = childOf(place, instruments, rules);
    if (condition.type == ConditionType::Bracket)
        return checkBracket(place, child, instrument, rules, now, last(place.instrument));
    const Path path{"condition.then."};
    if (child.instrument >= instruments.size())
        return Error{Code::INSTRUMENT_UNKNOWN, path.prefix + "symbol"};
    const Instrument &listed = instruments[child.instrument];
    if (!child.condition)
        return at(path, checkPlain(child, listed, rules, now));
    if (hasChild(child.condition->type))
        return Error{Code::VALIDATION_ERROR, path.condition() + ".type",
                     std::string(name(child.condition->type)), "STOP, TAKE_PROFIT, TRAILING, OCO"};
    const Price from =
        child.instrument == place.instrument && place.price ? *place.price : last(child.instrument);
    return checkWaiting(child, listed, rules, now, from, path);
}

} // namespace khop
