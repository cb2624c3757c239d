// SPDX-License-Identifier: GPL-3.0-or-later
// What the practice crowd is like: how lively, how volatile, which kinds of participants in which
// proportion; for all instruments and for single ones. Journalled as its text.
#pragma once

#include "base/result.h"
#include "market/rules.h"

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

namespace khop {

enum class CrowdKind : std::uint8_t { Maker, Noise, Momentum, OddLot };
inline constexpr int crowdKindCount = 4;

struct CrowdShape {
    struct Own { // per mille; 0: as the others
        std::int64_t intensity = 0;
        std::int64_t volatility = 0;
        Quantity dailyVolume; // zero: by the exchange's usual turnover
    };
    std::int64_t intensity = 1000; // per mille of the usual number of orders
    std::int64_t volatility = 1000;
    std::array<std::int64_t, crowdKindCount> shares{42, 34, 14, 10}; // weights, by kind
    std::map<InstrumentIndex, Own> own;
};

/// Reads the JSON text of a shape; empty text is the usual one. The error (CONFIGURATION_ERROR, or
/// MALFORMED_JSON with line and column) names the path, what stands there and what would do.
Result<CrowdShape> parseCrowdShape(std::string_view json,
                                   const std::vector<Instrument> &instruments);

/// An instrument's usual day, which orders are scaled to.
struct CrowdPace {
    std::int64_t gap = 1000;     // milliseconds between two actions in a quiet hour
    std::int64_t volatility = 0; // of a day, parts per million of the price
    std::int64_t stepsRoot = 1;  // square root of the actions of a day
    Quantity dailyVolume;        // what the day should trade, about
    Quantity takeSize;           // mean size of an order that takes
    std::int64_t stride = 1;     // ticks from one quoted level to the next
    std::int64_t looseness = 0;  // ticks by which makers stand off: thin markets have wide spreads
};
CrowdPace paceOf(const Instrument &instrument, const MarketRules &rules, const CrowdShape &shape);

/// Per mille of the usual rate at a moment of the exchange's day: lively at both ends.
std::int64_t livelinessAt(const ExchangeRules &exchange, std::int64_t timeOfDay);

} // namespace khop
