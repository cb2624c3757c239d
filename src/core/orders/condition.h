// SPDX-License-Identifier: GPL-3.0-or-later
// Conditional orders: their terms and the arithmetic of their triggers. The exchange never sees a
// condition; the desk waits for it and sends an ordinary order when it is met.
//
// A stop leg is met when the last price reaches its trigger against the position (a buy's at or above it, a
// sell's at or below it), a take-profit leg the other way round. STOP has a stop leg, TAKE_PROFIT the other,
// OCO both with one quantity: the leg that is met first decides, and the other is gone with it. TRAILING is
// a stop leg that follows the best price since entry. BRACKET is on an ordinary order: what it trades is
// protected by a child order with the legs. IF_DONE is on an ordinary order too: its child is any other
// order, which comes alive when it has traded.
//
// Pure: no clock, no book, no account.
#pragma once

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "market/instrument.h"
#include "orders/order_terms.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace khop {

enum class ConditionType : std::uint8_t { Stop, TakeProfit, Trailing, Oco, Bracket, IfDone };
inline constexpr int conditionTypeCount = 6;
std::string_view name(ConditionType type); // STOP TAKE_PROFIT TRAILING OCO BRACKET IF_DONE
std::optional<ConditionType> conditionTypeFromName(std::string_view upperCaseName);

enum class Leg : std::uint8_t { None, StopLoss, TakeProfit };
std::string_view name(Leg leg); // STOP_LOSS TAKE_PROFIT; empty for None

struct ConditionLeg {
    Price trigger;
    std::optional<Price> limit; // none: a market order of the exchange
    bool operator==(const ConditionLeg &) const = default;
};

struct ThenOrder;

struct Condition {
    ConditionType type = ConditionType::Stop;
    std::optional<ConditionLeg> stopLoss;   // STOP, OCO, BRACKET; of TRAILING the stop as it stands
    std::optional<ConditionLeg> takeProfit; // TAKE_PROFIT, OCO, BRACKET
    Price trailAmount;                      // TRAILING: above 0, or
    std::int64_t trailPpm = 0;              // parts per million of the best price
    std::optional<Price> limitOffset;       // TRAILING: the limit is the stop -/+ this
    std::shared_ptr<const ThenOrder> then;  // IF_DONE
    // how it stands
    Price best; // TRAILING: the highest (sell) or lowest (buy) last price since entry
    Leg met = Leg::None;
    Time metAt;
    Uuid child; // BRACKET, IF_DONE: the order that waits for this one
};

/// The order of IF_DONE, without an id and an account of its own.
struct ThenOrder {
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    OrderType type = OrderType::LO;
    GivenName given = GivenName::OwnType;
    TimeInForce timeInForce = TimeInForce::Day;
    Quantity quantity;
    std::optional<Price> price;
    std::optional<Time> expiresAt;
    std::shared_ptr<const Condition> condition; // not BRACKET, not IF_DONE
};

/// BRACKET and IF_DONE stand on an order that is sent at once; the others wait.
constexpr bool hasChild(ConditionType type)
{
    return type == ConditionType::Bracket || type == ConditionType::IfDone;
}

/// The longest a condition may wait.
inline constexpr std::int64_t longestWait = 30 * millisecondsPerDay;
/// How many orders of an account may wait for a condition.
inline constexpr std::size_t mostConditions = 500;

/// Whether the leg of an order of this side is met at or above its trigger (else: at or below it).
constexpr bool meetsUpwards(Side side, Leg leg)
{
    return (side == Side::Buy) == (leg == Leg::StopLoss);
}
/// Which leg the last price meets. Both cannot be: the stop comes first where data says so all the same.
Leg legMet(const Condition &condition, Side side, Price last);

/// Whether every leg has a limit.
bool isLimited(const Condition &condition);

/// Where a trailing stop stands at its best price: trail away from it, rounded to the tick that is
/// further away, so that it never triggers before the trail is used up; at least one tick from zero. The
/// limit is the offset further, rounded away likewise. A limit beyond the day's band on the side where
/// nothing can trade is moved to the band: it takes the same prices.
ConditionLeg trailingLeg(const Condition &condition, Side side, const Instrument &instrument);
/// Whether this price is better than the best so far.
constexpr bool isBetter(Price last, Price best, Side side)
{
    return side == Side::Sell ? last > best : last < best;
}

/// Checks form, ticks and the side of the triggers. `last` is the price they are compared with: the last
/// one, else the reference; for the legs of a bracket the price at which the order itself buys or sells.
/// `side` is that of the order with the legs. Errors name the field from `path` on:
/// TRIGGER_ALREADY_REACHED condition.trigger_price with the trigger and the last price, INVALID_TICK with
/// the tick, REQUIRED, VALIDATION_ERROR.
std::optional<Error> checkTriggers(const Condition &condition, Side side,
                                   const Instrument &instrument, Price last,
                                   const std::string &path);

/// The canonical binary form, in commands, snapshots and rows.
void encodeCondition(ByteWriter &out, const Condition *condition);
/// Null for none; the reader fails on anything malformed.
std::shared_ptr<const Condition> decodeCondition(ByteReader &in);
std::uint64_t conditionHash(const Condition &condition);

} // namespace khop
