// SPDX-License-Identifier: GPL-3.0-or-later
// An instrument as the exchange lists it today, with its reference, ceiling and floor.
#pragma once

#include "base/ids.h"
#include "base/integers.h"
#include "base/time.h"
#include "market/tick_table.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop {

enum class Exchange : std::uint8_t { HOSE, HNX, UPCOM, SPOT };
inline constexpr int exchangeCount = 4;

enum class InstrumentKind : std::uint8_t { Share, Etf, Fund, CoveredWarrant, Crypto };

/// A listing that changes to another exchange on a day: wide band there on its first day, from the last
/// close here.
struct ExchangeMove {
    Date on;
    Exchange to = Exchange::HOSE;
};

/// `ceiling` and `floor` bound the prices of the day; on SPOT there is no band (`banded` is false,
/// floor is one tick, ceiling a technical bound).
struct Instrument {
    /// What the instrument's own data says instead of its exchange's rules; kept from day to day.
    struct OwnTerms {
        std::optional<TickTable> ticks;
        std::optional<std::int64_t> band; // parts per million, first day or not
        std::optional<Quantity> lot;
        std::optional<Quantity> maxQuantity;
    };

    InstrumentIndex index = noInstrument;
    std::string symbol;
    std::string name;
    Exchange exchange = Exchange::HOSE;
    InstrumentKind kind = InstrumentKind::Share;
    std::string currency = "VND";
    std::string sector;
    int priceScale = 0;
    int quantityScale = 0;
    TickTable ticks;
    Price reference;
    Price ceiling;
    Price floor;
    bool banded = true;
    Quantity lot{100};       // even lot; quantities below it are odd lots (1 on SPOT: no odd lots)
    Quantity maxQuantity{0}; // 0: no limit
    bool firstDay = false;   // first trading day, or first day back: wide band, no odd lots
    bool wideBand = false;   // today only: the first-day band without being a first day
    bool hasMatchPrice = false;    // true: data says an even-lot execution happened today already
    Price last{0};                 // last price carried in by data; 0: none
    std::int64_t foreignRoom = -1; // -1: unlimited
    bool restricted = false;       // HOSE restricted shares: 15-minute auctions all day
    bool halted = false;
    bool active = true;
    std::string note;
    std::string underlying;          // covered warrants: the symbol it is on …
    std::int64_t ratio = 0;          // … and how many warrants make one share, in millionths
    std::vector<ExchangeMove> moves; // to come, ascending
    OwnTerms own;
};

/// The greatest price an instrument without a band takes: a technical bound, in raw units.
inline constexpr Price highestPrice{1'000'000'000'000};

std::string_view name(Exchange exchange);   // HOSE HNX UPCOM SPOT
std::string_view name(InstrumentKind kind); // SHARE ETF FUND CW CRYPTO
std::optional<Exchange> exchangeFromName(std::string_view upperCaseName);
std::optional<InstrumentKind> instrumentKindFromName(std::string_view upperCaseName);

} // namespace khop
