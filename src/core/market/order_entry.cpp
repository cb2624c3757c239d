// SPDX-License-Identifier: GPL-3.0-or-later
#include "market/order_entry.h"

#include "base/decimal.h"

namespace khop {

namespace {

using Refusal = std::optional<Error>;

Refusal refusal(Code code, std::string field, std::string value = {}, std::string bound = {})
{
    return Error{code, std::move(field), std::move(value), std::move(bound)};
}

std::string text(Price price, const Instrument &instrument)
{
    return formatDecimal(price.raw(), instrument.priceScale);
}

std::string text(Quantity quantity, const Instrument &instrument)
{
    return formatDecimal(quantity.raw(), instrument.quantityScale, true);
}

std::string list(const OrderTypes &types)
{
    std::string names;
    for (int i = 0; i < orderTypeCount; ++i) {
        if (types.test(static_cast<std::size_t>(i))) {
            names += names.empty() ? "" : ", ";
            names += name(static_cast<OrderType>(i));
        }
    }
    return names;
}

bool takesOrders(Phase phase)
{
    return phase == Phase::Continuous || phase == Phase::PostClose || isAuction(phase);
}

const std::vector<Session> &sessionsOf(const Instrument &instrument, const MarketRules &rules)
{
    const ExchangeRules &exchange = rules.of(instrument.exchange);
    return instrument.restricted && !exchange.restrictedSessions.empty()
               ? exchange.restrictedSessions
               : exchange.sessions;
}

std::string vietnamText(Time time)
{
    return isoDate(vietnamDate(time)) + ' ' + formatTimeOfDay(vietnamTimeOfDay(time));
}

/// When orders are taken again, for the message.
std::string nextOpening(const Instrument &instrument, const MarketRules &rules, Time time)
{
    const Date day = entryDay(instrument, rules, time);
    for (const Session &session : sessionsOf(instrument, rules)) {
        const Time from = rules.timeOn(instrument.exchange, day, session.from);
        if (takesOrders(session.phase) && from > time)
            return vietnamText(from);
    }
    return {};
}

Refusal checkState(const Instrument &instrument)
{
    if (!instrument.active)
        return refusal(Code::INSTRUMENT_INACTIVE, "symbol", instrument.symbol);
    if (instrument.halted)
        return refusal(Code::INSTRUMENT_HALTED, "symbol", instrument.symbol);
    return std::nullopt;
}

Refusal checkTypeOnExchange(const OrderEntry &entry, const ExchangeRules &exchange)
{
    if (has(exchange.orderTypes, entry.type))
        return std::nullopt;
    return refusal(Code::ORDER_TYPE_NOT_ON_EXCHANGE, "order_type", std::string(name(entry.type)),
                   std::string(name(exchange.exchange)) + ": " + list(exchange.orderTypes));
}

Refusal checkTimeInForce(const OrderEntry &entry, const ExchangeRules &exchange)
{
    TimesInForce allowed = exchange.timesInForce;
    // What is never left in the book cannot stay in it for days.
    if (entry.type == OrderType::Market) {
        allowed.reset(static_cast<std::size_t>(TimeInForce::GTC));
        allowed.reset(static_cast<std::size_t>(TimeInForce::GTD));
    }
    if (has(allowed, entry.timeInForce))
        return std::nullopt;
    std::string names;
    for (std::size_t i = 0; i < allowed.size(); ++i) {
        if (allowed.test(i)) {
            names += names.empty() ? "" : ", ";
            names += name(static_cast<TimeInForce>(i));
        }
    }
    return refusal(Code::TIME_IN_FORCE_NOT_ALLOWED, "time_in_force",
                   std::string(name(entry.timeInForce)), names);
}

Refusal checkPricePresence(const OrderEntry &entry, const Instrument &instrument)
{
    const bool priced = entry.price && *entry.price > Price(0);
    if (carriesPrice(entry.type) ? priced : !entry.price)
        return std::nullopt;
    return refusal(carriesPrice(entry.type) ? Code::PRICE_REQUIRED : Code::PRICE_NOT_ALLOWED,
                   "price", entry.price ? text(*entry.price, instrument) : std::string(),
                   std::string(name(entry.type)));
}

/// `oddTypes`: what the market takes of odd lots, now or at the order's session.
Refusal checkQuantity(const OrderEntry &entry, const Instrument &instrument,
                      const ExchangeRules &exchange, const OrderTypes &oddTypes)
{
    const Quantity quantity = entry.quantity;
    const auto refused = [&](Code code, Quantity bound) {
        return refusal(code, "quantity", text(quantity, instrument), text(bound, instrument));
    };
    if (quantity <= Quantity(0)) {
        return refusal(Code::INVALID_QUANTITY, "quantity", text(quantity, instrument),
                       exchange.oddLots ? "1" : text(instrument.lot, instrument));
    }
    if (exchange.oddLots && isOddLot(quantity, instrument)) {
        if (entry.type != OrderType::LO)
            return refused(Code::ODD_LOT_LIMIT_ONLY, instrument.lot);
        if (instrument.firstDay)
            return refused(Code::ODD_LOT_FIRST_DAY, instrument.lot);
        if (!has(oddTypes, OrderType::LO))
            return refused(Code::MARKET_CLOSED, instrument.lot);
    } else if (quantity.raw() % instrument.lot.raw() != 0) {
        return refused(Code::INVALID_LOT, instrument.lot);
    }
    if (!instrument.maxQuantity.isZero() && quantity > instrument.maxQuantity)
        return refused(Code::QUANTITY_ABOVE_MAXIMUM, instrument.maxQuantity);
    return std::nullopt;
}

Refusal checkPrice(const OrderEntry &entry, const Instrument &instrument)
{
    if (!entry.price)
        return std::nullopt;
    const Price price = *entry.price;
    const auto refused = [&](Code code, Price bound) {
        return refusal(code, "price", text(price, instrument), text(bound, instrument));
    };
    if (price > instrument.ceiling)
        return refused(Code::PRICE_ABOVE_CEILING, instrument.ceiling);
    if (price < instrument.floor)
        return refused(Code::PRICE_BELOW_FLOOR, instrument.floor);
    if (!instrument.ticks.isOnTick(price))
        return refused(Code::INVALID_TICK, instrument.ticks.tickAt(price));
    return std::nullopt;
}

/// The part that both ways in have in common after the session.
Refusal checkTerms(const OrderEntry &entry, const Instrument &instrument,
                   const ExchangeRules &exchange, const OrderTypes &oddTypes)
{
    if (Refusal refused = checkPricePresence(entry, instrument))
        return refused;
    if (Refusal refused = checkQuantity(entry, instrument, exchange, oddTypes))
        return refused;
    return checkPrice(entry, instrument);
}

} // namespace

Refusal checkEntry(const OrderEntry &entry, const Instrument &instrument, const MarketRules &rules,
                   const EntryContext &context)
{
    const ExchangeRules &exchange = rules.of(instrument.exchange);
    if (Refusal refused = checkState(instrument))
        return refused;
    if (!context.tradingDay) {
        return refusal(Code::HOLIDAY, {}, isoDate(rules.dateAt(instrument.exchange, context.time)),
                       isoDate(entryDay(instrument, rules, context.time)));
    }
    if (Refusal refused = checkTypeOnExchange(entry, exchange))
        return refused;
    if (!takesOrders(context.session.phase)) {
        return refusal(Code::MARKET_CLOSED, {}, std::string(name(context.session.phase)),
                       nextOpening(instrument, rules, context.time));
    }
    if (!has(context.session.types, entry.type)) {
        return refusal(Code::ORDER_TYPE_NOT_IN_SESSION, "order_type", std::string(name(entry.type)),
                       list(context.session.types));
    }
    if (Refusal refused = checkTimeInForce(entry, exchange))
        return refused;
    if (entry.type == OrderType::PLO && !context.hasMatchPrice)
        return refusal(Code::NO_MATCH_PRICE, "order_type", std::string(name(entry.type)),
                       instrument.symbol);
    return checkTerms(entry, instrument, exchange, context.session.oddTypes);
}

Refusal checkQueuedEntry(const OrderEntry &entry, const Instrument &instrument,
                         const MarketRules &rules, const EntryContext &context)
{
    const ExchangeRules &exchange = rules.of(instrument.exchange);
    if (Refusal refused = checkState(instrument))
        return refused;
    if (Refusal refused = checkTypeOnExchange(entry, exchange))
        return refused;

    const Date day = entryDay(instrument, rules, context.time);
    OrderTypes types;
    OrderTypes oddTypes;
    for (const Session &session : sessionsOf(instrument, rules)) {
        if (rules.timeOn(instrument.exchange, day, session.to) > context.time) {
            types |= session.types;
            oddTypes |= session.oddTypes;
        }
    }
    if (!has(types, entry.type))
        return refusal(Code::ORDER_TYPE_NOT_IN_SESSION, "order_type", std::string(name(entry.type)),
                       list(types));
    if (Refusal refused = checkTimeInForce(entry, exchange))
        return refused;
    // A match price may still come before the session after the close: NO_MATCH_PRICE is for then.
    return checkTerms(entry, instrument, exchange, oddTypes);
}

Date entryDay(const Instrument &instrument, const MarketRules &rules, Time time)
{
    const Exchange exchange = instrument.exchange;
    Date day = rules.dateAt(exchange, time);
    if (rules.isTradingDay(exchange, day)) {
        for (const Session &session : sessionsOf(instrument, rules)) {
            if (takesOrders(session.phase) && rules.timeOn(exchange, day, session.to) > time)
                return day;
        }
    }
    do {
        day = day + 1;
    } while (!rules.isTradingDay(exchange, day));
    return day;
}

bool isOddLot(Quantity quantity, const Instrument &instrument)
{
    return quantity > Quantity(0) && quantity < instrument.lot;
}

} // namespace khop
