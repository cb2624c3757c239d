// SPDX-License-Identifier: GPL-3.0-or-later
// The market as data: sessions, order types, ticks, bands, lots, limits, fees, taxes, holidays and
// the switches for uncertain rules. Read from resources/markets.json (or the user's own copy) at
// start and journalled with its content, so that a replay uses the rules that were in force.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "market/calendar.h"
#include "market/instrument.h"
#include "orders/order_terms.h"

#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop {

/// What a market does at a time of day.
enum class Phase : std::uint8_t {
    Closed,         // before the open, after the end, holidays: nothing is accepted
    OpeningAuction, // ATO
    Continuous,
    Break,           // lunch: the exchange takes nothing
    PeriodicAuction, // restricted shares between open and close
    ClosingAuction,  // ATC
    PostClose,       // PLO at the close price
    PutThroughOnly   // 14:45-15:00 on HOSE
};
inline constexpr int phaseCount = 8;
std::string_view name(Phase phase); // CLOSED OPENING_AUCTION CONTINUOUS BREAK …
constexpr bool isAuction(Phase phase)
{
    return phase == Phase::OpeningAuction || phase == Phase::PeriodicAuction
           || phase == Phase::ClosingAuction;
}

using OrderTypes = std::bitset<orderTypeCount>;
using TimesInForce = std::bitset<5>;
inline bool has(const TimesInForce &times, TimeInForce time)
{
    return times.test(static_cast<std::size_t>(time));
}
inline bool has(const OrderTypes &types, OrderType type)
{
    return types.test(static_cast<std::size_t>(type));
}

/// One row of an exchange's day; half-open [from, to), milliseconds since midnight of the exchange's
/// day (in Vietnam; UTC where it trades every day).
struct Session {
    std::int64_t from = 0;
    std::int64_t to = 0;
    Phase phase = Phase::Closed;
    OrderTypes types;    // even lots
    OrderTypes oddTypes; // odd lots
};

struct Settlement {
    int days = 2;                            // trading days after the trade; 0: at once
    std::int64_t timeOfDay = 13 * 3'600'000; // usable from then on
};

/// What of an order's value lies beyond `above`, and below the next tier, costs `fee`.
struct FeeTier {
    Money above;          // in the exchange's currency, > 0
    std::int64_t fee = 0; // parts per million
    bool operator==(const FeeTier &) const = default;
};

/// Fees and taxes from a day on. Rates in parts per million of the traded value.
struct Rates {
    Date from;                    // of a dated table; else the rules' own day
    std::int64_t fee = 1500;      // 0.15 %, the exchange's part included
    std::int64_t exchangeFee = 0; // the exchange's part of it
    std::int64_t sellTax = 1000;  // 0.10 %
    /// 5 % of cash dividends, and of free shares when they are sold.
    std::int64_t dividendTax = 50'000;
    Money parValue{10'000};     // of a share: what free shares count as then, at most
    std::int64_t custody = 0;   // per unit held and month, in millionths of the currency's unit
    std::vector<FeeTier> tiers; // ascending; the part of the value below the first costs `fee`
    bool operator==(const Rates &) const = default;
};

/// What a currency is worth from a day on: `rate` base units for one unit, in millionths.
struct FxRate {
    std::uint16_t currency = 0; // index into MarketRules::currencies
    Date from;
    std::int64_t rate = 0; // > 0
};

/// Exchange rates against the base currency. Whoever converts gets or gives `spread` (parts per million)
/// less or more than the rate.
struct FxRules {
    std::uint16_t base = 0; // index into MarketRules::currencies
    std::int64_t spread = 0;
    std::vector<FxRate> rates; // by currency, and ascending by day
    /// The rate in force on a day, of the base currency 1; nothing before the first one.
    std::optional<std::int64_t> rateOn(std::uint16_t currency, Date date) const;
};
inline constexpr int fxRateScale = 6;

/// What idle cash earns and an advance on it costs, from a day on; parts per million.
struct CashRates {
    std::uint16_t currency = 0; // index into MarketRules::currencies
    Date from;
    std::int64_t advanceFee = 0; // per calendar day of the amount advanced
    std::int64_t interest = 0;   // a year of 365 days
};

enum class AtoPricing : std::uint8_t { Krx, LegacyFirst };
enum class PloMode : std::uint8_t { KrxTwoPhase, Immediate };
enum class MtlRemainder : std::uint8_t { LastPlusOneTick, Last };
enum class SelfMatch : std::uint8_t { Allow, OmsBlock, CancelNewest, CancelOldest, CancelBoth };

/// The switches of the uncertain rules.
struct Policies {
    AtoPricing atoPricing = AtoPricing::Krx;
    PloMode ploMode = PloMode::KrxTwoPhase;
    std::int64_t ploMatchFrom = (14 * 60 + 55) * 60'000; // KrxTwoPhase: collected until then
    MtlRemainder mtlRemainder = MtlRemainder::LastPlusOneTick;
    bool amendBoth = false; // price and quantity in one amend
    bool oddLotInAuction = true;
    bool roomOnEntry = true;
    SelfMatch selfMatch = SelfMatch::Allow;
    int marketCollarPpm = 50'000;     // SPOT market orders: 5 % beyond the opposite best
    bool custodyByAccount = false;    // the depository's fee is passed on to whom it is for
    bool approvedWithdrawals = false; // cash goes out when an administrator says so
};

/// Bands in parts per million of the reference.
struct Band {
    std::int64_t normal = 70'000;
    std::int64_t firstDay = 200'000;
};

/// Negotiated deals outside the book. A deal takes at least `minimum`, a price inside the day's band on
/// a multiple of `tick`, and an hour of `hours` (milliseconds since midnight, half-open).
struct PutThroughRules {
    Quantity minimum{1};
    Price tick{1};
    std::vector<std::pair<std::int64_t, std::int64_t>> hours; // ascending
};

struct ExchangeRules {
    Exchange exchange = Exchange::HOSE;
    std::string currency = "VND";
    bool everyDay = false;                   // SPOT: 24/7, the day is the UTC day
    std::vector<Session> sessions;           // in order, no gaps needed: outside is Closed
    std::vector<Session> restrictedSessions; // HOSE restricted shares; empty: as the others
    OrderTypes orderTypes;                   // every type the exchange knows
    TimesInForce timesInForce = 1;           // DAY only
    bool banded = true;
    Band band;
    bool lowPriceRule = false; // ceiling or floor = reference -> +-1 tick; 100 -> 200 / 100
    int idleSessions = 25;   // after more sessions than that without a trade: first-day band again
    Quantity lot{100};       // in the instrument's own units (SPOT: 1, the smallest there is)
    Quantity maxQuantity{0}; // 0: none
    bool oddLots = true;
    Settlement settlement;
    Rates rates;                   // the first table
    std::vector<Rates> laterRates; // ascending by their day
    /// The table in force on a day.
    const Rates &ratesOn(Date date) const;
    TickTable shareTicks; // in the smallest unit of the exchange's currency
    std::vector<std::pair<InstrumentKind, TickTable>> kindTicks;
    std::optional<PutThroughRules> putThrough; // nothing: no such deals here
};

struct Currency {
    std::string code;
    int scale = 0;
};

/// Everything a desk needs to know of its markets.
class MarketRules
{
public:
    std::array<ExchangeRules, exchangeCount> exchanges;
    std::vector<Currency> currencies; // VND scale 0, USD scale 2
    Calendar calendar;
    Policies policies;
    FxRules fx;                  // the same in every version: it has its own days
    std::vector<CashRates> cash; // likewise, by currency and ascending by day
    Date effectiveFrom;
    std::string source; // the text they were read from: journalled, hashed
    /// Later versions, complete and in the order of their effectiveFrom. Their exchanges, policies and
    /// calendar count; currencies never change.
    std::vector<MarketRules> changes;

    /// The version that is in force on a day: this one or one of its changes.
    const MarketRules &inForceOn(Date date) const;

    const ExchangeRules &of(Exchange exchange) const
    {
        return exchanges[static_cast<std::size_t>(exchange)];
    }
    int currencyScale(std::string_view currency) const;
    /// What cash of a currency earns and costs on a day; null where nothing is said of it.
    const CashRates *cashRatesOn(std::uint16_t currency, Date date) const;
    const TickTable &ticksFor(Exchange exchange, InstrumentKind kind) const;

    /// The session of an instrument's market at a moment; phase Closed with the type sets empty outside.
    Session sessionAt(Exchange exchange, bool restricted, Time time) const;
    bool isTradingDay(Exchange exchange, Date date) const;
    /// Start of the next session row or end strictly after `time`, over days.
    Time nextSessionChange(Exchange exchange, Time time, bool restricted = false) const;
    /// The exchange's day at a moment, and a moment of it.
    Date dateAt(Exchange exchange, Time time) const;
    Time timeOn(Exchange exchange, Date date, std::int64_t timeOfDay) const;
    /// When cash and securities of a trade made now become usable.
    Time settlementTime(Exchange exchange, Time tradeTime) const;
};

/// The rates of these rules or, where they have none, those that come with the program for the same currencies.
FxRules fxOf(const MarketRules &rules);

/// Reads and checks the rules. The error is a CONFIGURATION_ERROR: `field` is the JSON path
/// (exchanges.HOSE.sessions[2].to) or the line and column, `value` what stands there, `bound` what would do.
Result<MarketRules> parseMarketRules(std::string_view json);

/// Sets ticks, lot, maximum, reference, ceiling and floor of the day from the exchange's rules.
/// Ceiling = floor to tick of ref x (1 + band), floor = ceil to tick; the tick is that of the
/// resulting price (D352, D17). `lowPriceRule` as in vietnam-market §4.
/// An instrument's own terms go before those of its exchange.
void applyDayLimits(Instrument &instrument, const MarketRules &rules);
/// The same for a whole list, which a new day calls: here the band of a covered warrant follows its
/// underlying share, as the exchange has it (distance of the share's limits / conversion ratio).
void applyDayLimits(std::vector<Instrument> &instruments, const MarketRules &rules);

/// The tick table that holds for an instrument: its own or its exchange's, in the instrument's scale.
TickTable ticksOf(const Instrument &instrument, const MarketRules &rules);
/// The tradable price nearest to a price, of two the higher; at least one tick.
Price nearestPrice(Price price, const TickTable &ticks);

/// Reads the --instruments CSV (header: symbol, exchange, name, ref and the optional columns); errors
/// name line and column. Index numbers follow the order of lines.
Result<std::vector<Instrument>> parseInstruments(std::string_view csv, const MarketRules &rules);

} // namespace khop
