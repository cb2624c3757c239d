// SPDX-License-Identifier: GPL-3.0-or-later
#include "orders/condition.h"

#include "base/decimal.h"
#include "base/mix.h"
#include "base/wide.h"

#include <algorithm>
#include <array>

namespace khop {

namespace {

using Refusal = std::optional<Error>;

constexpr std::array<std::string_view, conditionTypeCount> typeNames{
    "STOP", "TAKE_PROFIT", "TRAILING", "OCO", "BRACKET", "IF_DONE"};

std::string text(Price price, const Instrument &instrument)
{
    return formatDecimal(price.raw(), instrument.priceScale);
}

Refusal checkPrice(Price price, const Instrument &instrument, std::string field)
{
    const std::string value = text(price, instrument);
    if (price.raw() <= 0)
        return Error{Code::INVALID_PRICE, std::move(field), value, "above 0"};
    if (price > highestPrice)
        return Error{Code::INVALID_PRICE, std::move(field), value, text(highestPrice, instrument)};
    if (!instrument.ticks.isOnTick(price))
        return Error{Code::INVALID_TICK, std::move(field), value,
                     text(instrument.ticks.tickAt(price), instrument)};
    return std::nullopt;
}

/// One leg, compared with the last price.
Refusal checkLeg(const ConditionLeg &terms, Leg leg, Side side, const Instrument &instrument,
                 Price last, const std::string &path)
{
    if (Refusal refused = checkPrice(terms.trigger, instrument, path + ".trigger_price"))
        return refused;
    if (terms.limit) {
        if (Refusal refused = checkPrice(*terms.limit, instrument, path + ".limit_price"))
            return refused;
    }
    const bool reached = meetsUpwards(side, leg) ? last >= terms.trigger : last <= terms.trigger;
    if (reached)
        return Error{Code::TRIGGER_ALREADY_REACHED, path + ".trigger_price",
                     text(terms.trigger, instrument), text(last, instrument)};
    return std::nullopt;
}

Refusal checkTrail(const Condition &condition, const Instrument &instrument,
                   const std::string &path)
{
    constexpr std::int64_t all = 1'000'000;
    const bool amount = !condition.trailAmount.isZero(), percent = condition.trailPpm != 0;
    if (amount == percent)
        return Error{Code::VALIDATION_ERROR, path, {}, "trail_amount or trail_percent, not both"};
    if (amount && (condition.trailAmount.raw() < 0 || condition.trailAmount > highestPrice))
        return Error{Code::VALIDATION_ERROR, path + ".trail_amount",
                     text(condition.trailAmount, instrument), "a price difference above 0"};
    if (percent && (condition.trailPpm < 0 || condition.trailPpm >= all))
        return Error{Code::VALIDATION_ERROR, path + ".trail_percent",
                     formatDecimal(condition.trailPpm, 4), "above 0 and below 100"};
    if (condition.limitOffset
        && (condition.limitOffset->raw() < 0 || *condition.limitOffset > highestPrice))
        return Error{Code::VALIDATION_ERROR, path + ".limit_offset",
                     text(*condition.limitOffset, instrument), "a price difference, 0 or above"};
    return std::nullopt;
}

void encodeLeg(ByteWriter &out, const std::optional<ConditionLeg> &leg)
{
    out.u64(leg.has_value());
    if (leg) {
        out.number(leg->trigger);
        out.optional(leg->limit);
    }
}

std::optional<ConditionLeg> decodeLeg(ByteReader &in)
{
    if (in.u64() == 0)
        return std::nullopt;
    ConditionLeg leg;
    leg.trigger = in.number<Price>();
    leg.limit = in.optional<Price>();
    return leg;
}

void encodeThen(ByteWriter &out, const ThenOrder &order)
{
    out.u64(order.instrument);
    out.u64(static_cast<std::uint64_t>(order.side));
    out.u64(static_cast<std::uint64_t>(order.type));
    out.u64(static_cast<std::uint64_t>(order.given));
    out.u64(static_cast<std::uint64_t>(order.timeInForce));
    out.number(order.quantity);
    out.optional(order.price);
    out.u64(order.expiresAt.has_value());
    if (order.expiresAt)
        out.time(*order.expiresAt);
    encodeCondition(out, order.condition.get());
}

std::shared_ptr<const Condition> decodeNested(ByteReader &in, int depth);

std::shared_ptr<const ThenOrder> decodeThen(ByteReader &in, int depth)
{
    auto order = std::make_shared<ThenOrder>();
    order->instrument = static_cast<InstrumentIndex>(in.u64());
    order->side = in.choice<Side>(2);
    order->type = in.choice<OrderType>(orderTypeCount);
    order->given = in.choice<GivenName>(5);
    order->timeInForce = in.choice<TimeInForce>(5);
    order->quantity = in.number<Quantity>();
    order->price = in.optional<Price>();
    if (in.u64() != 0)
        order->expiresAt = in.time();
    order->condition = decodeNested(in, depth + 1);
    return order;
}

std::shared_ptr<const Condition> decodeNested(ByteReader &in, int depth)
{
    constexpr int deepest = 2; // a condition in the order of an IF_DONE
    if (in.u64() == 0 || !in.ok())
        return nullptr;
    if (depth >= deepest) {
        in.fail();
        return nullptr;
    }
    auto condition = std::make_shared<Condition>();
    condition->type = in.choice<ConditionType>(conditionTypeCount);
    condition->stopLoss = decodeLeg(in);
    condition->takeProfit = decodeLeg(in);
    condition->trailAmount = in.number<Price>();
    condition->trailPpm = in.i64();
    condition->limitOffset = in.optional<Price>();
    condition->best = in.number<Price>();
    condition->met = in.choice<Leg>(3);
    condition->metAt = in.time();
    condition->child = in.id();
    if (in.u64() != 0)
        condition->then = decodeThen(in, depth);
    return condition;
}

} // namespace

std::string_view name(ConditionType type) { return typeNames[static_cast<std::size_t>(type)]; }

std::optional<ConditionType> conditionTypeFromName(std::string_view upperCaseName)
{
    const auto it = std::ranges::find(typeNames, upperCaseName);
    return it == typeNames.end()
               ? std::nullopt
               : std::optional(static_cast<ConditionType>(it - typeNames.begin()));
}

std::string_view name(Leg leg)
{
    return leg == Leg::None ? "" : leg == Leg::StopLoss ? "STOP_LOSS" : "TAKE_PROFIT";
}

Leg legMet(const Condition &condition, Side side, Price last)
{
    const auto met = [&](const std::optional<ConditionLeg> &terms, Leg leg) {
        return terms && (meetsUpwards(side, leg) ? last >= terms->trigger : last <= terms->trigger);
    };
    if (met(condition.stopLoss, Leg::StopLoss))
        return Leg::StopLoss;
    return met(condition.takeProfit, Leg::TakeProfit) ? Leg::TakeProfit : Leg::None;
}

bool isLimited(const Condition &condition)
{
    if (condition.type == ConditionType::Trailing)
        return condition.limitOffset.has_value();
    return (!condition.stopLoss || condition.stopLoss->limit)
           && (!condition.takeProfit || condition.takeProfit->limit);
}

ConditionLeg trailingLeg(const Condition &condition, Side side, const Instrument &instrument)
{
    const TickTable &ticks = instrument.ticks;
    const Price lowest = ticks.tickAt(Price(0));
    Price trail = condition.trailAmount;
    if (condition.trailPpm != 0)
        trail = Price(
            mulDiv(condition.best.raw(), condition.trailPpm, 1'000'000, Rounding::Up).value_or(0));
    const auto away = [&](Price from, Price distance) {
        return side == Side::Sell ? ticks.floorToTick(std::max(from - distance, lowest))
                                  : ticks.ceilToTick(from + distance);
    };
    ConditionLeg leg{away(condition.best, trail), std::nullopt};
    if (condition.limitOffset) {
        const Price limit = away(leg.trigger, *condition.limitOffset);
        leg.limit = side == Side::Sell ? std::max(limit, instrument.floor)
                                       : std::min(limit, instrument.ceiling);
    }
    return leg;
}

std::optional<Error> checkTriggers(const Condition &condition, Side side,
                                   const Instrument &instrument, Price last,
                                   const std::string &path)
{
    const auto &stop = condition.stopLoss, &profit = condition.takeProfit;
    switch (condition.type) {
    case ConditionType::Stop:
        if (!stop)
            return Error{Code::REQUIRED, path + ".trigger_price"};
        return checkLeg(*stop, Leg::StopLoss, side, instrument, last, path);
    case ConditionType::TakeProfit:
        if (!profit)
            return Error{Code::REQUIRED, path + ".trigger_price"};
        return checkLeg(*profit, Leg::TakeProfit, side, instrument, last, path);
    case ConditionType::Trailing: return checkTrail(condition, instrument, path);
    case ConditionType::Oco:
    case ConditionType::Bracket:
        // a bracket may have one leg only
        if (!profit && (condition.type == ConditionType::Oco || !stop))
            return Error{Code::REQUIRED, path + ".take_profit"};
        if (!stop && condition.type == ConditionType::Oco)
            return Error{Code::REQUIRED, path + ".stop_loss"};
        if (profit) {
            if (Refusal refused = checkLeg(*profit, Leg::TakeProfit, side, instrument, last,
                                           path + ".take_profit"))
                return refused;
        }
        if (stop)
            return checkLeg(*stop, Leg::StopLoss, side, instrument, last, path + ".stop_loss");
        return std::nullopt;
    case ConditionType::IfDone:
        if (!condition.then)
            return Error{Code::REQUIRED, path + ".then"};
        return std::nullopt;
    }
    return std::nullopt;
}

void encodeCondition(ByteWriter &out, const Condition *condition)
{
    out.u64(condition != nullptr);
    if (!condition)
        return;
    out.u64(static_cast<std::uint64_t>(condition->type));
    encodeLeg(out, condition->stopLoss);
    encodeLeg(out, condition->takeProfit);
    out.number(condition->trailAmount);
    out.i64(condition->trailPpm);
    out.optional(condition->limitOffset);
    out.number(condition->best);
    out.u64(static_cast<std::uint64_t>(condition->met));
    out.time(condition->metAt);
    out.id(condition->child);
    out.u64(condition->then != nullptr);
    if (condition->then)
        encodeThen(out, *condition->then);
}

std::shared_ptr<const Condition> decodeCondition(ByteReader &in) { return decodeNested(in, 0); }

std::uint64_t conditionHash(const Condition &condition)
{
    ByteWriter out;
    encodeCondition(out, &condition);
    RollingHash hash;
    for (const char c : out.bytes())
        hash.add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    return hash.value();
}

} // namespace khop
