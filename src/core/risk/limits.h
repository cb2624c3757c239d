// SPDX-License-Identifier: GPL-3.0-or-later
// What orders must keep to before they trade, as data: for one account, or for the house, which is every
// account. Nothing set is no limit.
//
// Which value counts: the account's for that instrument; else the smaller of the account's own and the
// house's for that instrument; else the house's. An instrument restricted by either is restricted. Money
// limits are per currency, since nothing here converts one into another.
#pragma once

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "market/instrument.h"
#include "market/rules.h"

#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace khop {

// The greatest values that are taken.
inline constexpr std::int64_t mostLimitUnits = 1'000'000'000'000;
inline constexpr std::int64_t mostLimitMoney = 1'000'000'000'000'000'000;
inline constexpr std::int64_t wholePpm = 1'000'000;
inline constexpr std::int64_t mostCounted = 1'000'000;
inline constexpr std::int64_t mostRecentOrders = 1'000; // remembered of an account
inline constexpr std::int64_t longestPaceWindow = 3'600'000;

/// Limits on an order for an instrument and on what is held of it.
struct SymbolLimits {
    std::optional<Money> orderValue; // in the instrument's currency
    std::optional<Quantity> orderQuantity;
    std::optional<std::int64_t> priceCollar;   // ppm: a buy above, a sell below the last price
    std::optional<Quantity> position;          // owned and being bought
    std::optional<std::int64_t> concentration; // ppm of the assets in the instrument's currency
    bool restricted = false;                   // no orders at all

    bool operator==(const SymbolLimits &) const = default;
};

struct MoneyLimits {
    std::optional<Money> orderValue;
    std::optional<Money> dailyLoss; // realised and unrealised, of today
    bool operator==(const MoneyLimits &) const = default;
};

struct OrderRate {
    std::int64_t orders = 0;
    std::int64_t window = 0; // milliseconds of engine time
    bool operator==(const OrderRate &) const = default;
};

/// All limits that one setter has given: the house, or it for one account.
struct RiskLimits {
    SymbolLimits every; // of each instrument; quantities in whole units, orderValue is in `money`
    std::map<std::uint16_t, MoneyLimits> money; // by currency index
    std::optional<std::int64_t> positionCount;  // symbols owned or being bought
    std::optional<std::int64_t> openOrders;
    std::optional<OrderRate> rate;
    std::optional<std::int64_t> duplicateWindow; // milliseconds of engine time
    std::map<InstrumentIndex, SymbolLimits> symbols;

    bool operator==(const RiskLimits &) const = default;
    bool empty() const { return *this == RiskLimits{}; }
};

/// What counts for one account and one instrument, in that instrument's units.
struct LimitsInForce {
    SymbolLimits symbol;
    std::optional<Money> dailyLoss;
    std::optional<std::int64_t> positionCount, openOrders, duplicateWindow;
    std::optional<OrderRate> rate;

    /// Whether they ask what the account holds and is buying.
    bool lookAtAccount() const
    {
        return symbol.position || symbol.concentration || positionCount || dailyLoss;
    }
    bool lookAtPace() const { return rate || duplicateWindow; }
};

/// `own`: null where the account has none of its own.
LimitsInForce limitsInForce(const RiskLimits &house, const RiskLimits *own,
                            const Instrument &instrument, std::uint16_t currency);

/// VALIDATION_ERROR with the field as the API names it, INSTRUMENT_UNKNOWN.
std::optional<Error> checkLimits(const RiskLimits &limits,
                                 const std::vector<Instrument> &instruments,
                                 const MarketRules &rules);

/// The index of a currency that is known to be there.
std::uint16_t currencyIndex(const MarketRules &rules, std::string_view code);

/// The canonical binary form, in commands and snapshots.
void encodeLimits(ByteWriter &out, const RiskLimits &limits);
RiskLimits decodeLimits(ByteReader &in);

} // namespace khop
