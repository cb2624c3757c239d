// SPDX-License-Identifier: GPL-3.0-or-later
// The exchange's rules on one order at its entry: which refusal it earns, if any. Stateless: what the
// account owns and what the book holds is checked elsewhere.
#pragma once

#include "base/result.h"
#include "market/rules.h"

#include <optional>

namespace khop {

/// An order as it asks to enter the exchange.
struct OrderEntry {
    Side side = Side::Buy;
    OrderType type = OrderType::LO;
    TimeInForce timeInForce = TimeInForce::Day;
    Quantity quantity;
    std::optional<Price> price;
};

/// What the instrument's market knows at that moment.
struct EntryContext {
    Time time;
    Session session; // from MarketRules::sessionAt
    bool tradingDay = true;
    bool hasMatchPrice = true; // an even-lot execution happened today (PLO)
};

/// Checked in this order: instrument state, holiday, type on exchange, session, type in session,
/// time in force, price presence, quantity, lot, maximum, limits, tick. The error names the field as the
/// API calls it, the value and the bound: for MARKET_CLOSED the phase and the moment (in Vietnam) at
/// which orders are taken again, for HOLIDAY the day and the next trading day, for INVALID_TICK the tick.
std::optional<Error> checkEntry(const OrderEntry &entry, const Instrument &instrument,
                                const MarketRules &rules, const EntryContext &context);
/// The same without the checks on session and holiday: for orders that are queued for a later session.
/// MARKET_CLOSED and ORDER_TYPE_NOT_IN_SESSION are not among its answers, but a type that no later
/// session of the day takes is refused with ORDER_TYPE_NOT_IN_SESSION.
std::optional<Error> checkQueuedEntry(const OrderEntry &entry, const Instrument &instrument,
                                      const MarketRules &rules, const EntryContext &context);
/// The day an order given at this moment belongs to: today while a session to come (or the running one)
/// takes orders, else the next trading day.
Date entryDay(const Instrument &instrument, const MarketRules &rules, Time time);
/// True for a quantity that goes to the odd-lot book.
bool isOddLot(Quantity quantity, const Instrument &instrument);

} // namespace khop
