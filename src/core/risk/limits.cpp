// SPDX-License-Identifier: GPL-3.0-or-later
#include "risk/limits.h"

#include "base/decimal.h"
#include "base/wide.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr SymbolLimits unset;

const SymbolLimits &symbolOf(const RiskLimits *limits, InstrumentIndex instrument)
{
    if (!limits)
        return unset;
    const auto found = limits->symbols.find(instrument);
    return found == limits->symbols.end() ? unset : found->second;
}

MoneyLimits moneyOf(const RiskLimits *limits, std::uint16_t currency)
{
    if (!limits)
        return {};
    const auto found = limits->money.find(currency);
    return found == limits->money.end() ? MoneyLimits{} : found->second;
}

/// Whole units in those of the instrument.
std::optional<Quantity> scaled(std::optional<Quantity> units, const Instrument &instrument)
{
    if (!units)
        return std::nullopt;
    return Quantity(mulDiv(units->raw(), powerOfTen(instrument.quantityScale), 1, Rounding::Down)
                        .value_or(std::numeric_limits<std::int64_t>::max()));
}

/// The most specific one, where neither of the middle two is more specific than the other.
template <class Value>
std::optional<Value> chosen(const std::optional<Value> &ownSymbol, const std::optional<Value> &own,
                            const std::optional<Value> &houseSymbol,
                            const std::optional<Value> &house)
{
    if (ownSymbol)
        return ownSymbol;
    if (own && houseSymbol)
        return std::min(*own, *houseSymbol);
    return own ? own : houseSymbol ? houseSymbol : house;
}

template <class Value>
std::optional<Value> either(const std::optional<Value> &own, const std::optional<Value> &house)
{
    return own ? own : house;
}

class Checker
{
public:
    template <class Value>
    void range(const std::string &field, const std::optional<Value> &value, std::int64_t most,
               int scale = 0)
    {
        if constexpr (requires { value->raw(); })
            within(field, value ? std::optional(value->raw()) : std::nullopt, most, scale);
        else
            within(field, value, most, scale);
    }
    void symbol(const std::string &path, const SymbolLimits &limits, int moneyScale,
                int quantityScale, std::int64_t mostQuantity)
    {
        range(path + "order_value", limits.orderValue, mostLimitMoney, moneyScale);
        range(path + "order_quantity", limits.orderQuantity, mostQuantity, quantityScale);
        range(path + "price_collar", limits.priceCollar, wholePpm, 4);
        range(path + "position", limits.position, mostQuantity, quantityScale);
        range(path + "concentration", limits.concentration, wholePpm, 4);
    }
    void complain(Code code, const std::string &field, std::string value, std::string bound = {})
    {
        if (!m_error)
            m_error = Error{code, field, std::move(value), std::move(bound)};
    }
    std::optional<Error> take() { return std::move(m_error); }

private:
    void within(const std::string &field, std::optional<std::int64_t> value, std::int64_t most,
                int scale)
    {
        if (value && (*value < 1 || *value > most))
            complain(Code::VALIDATION_ERROR, field, formatDecimal(*value, scale, true),
                     formatDecimal(1, scale, true) + " … " + formatDecimal(most, scale, true));
    }

    std::optional<Error> m_error;
};

void optional(ByteWriter &out, const std::optional<std::int64_t> &value)
{
    out.u64(value ? 1 : 0);
    if (value)
        out.i64(*value);
}

std::optional<std::int64_t> optional(ByteReader &in)
{
    return in.u64() == 0 ? std::nullopt : std::optional(in.i64());
}

void encode(ByteWriter &out, const SymbolLimits &limits)
{
    out.optional(limits.orderValue);
    out.optional(limits.orderQuantity);
    optional(out, limits.priceCollar);
    out.optional(limits.position);
    optional(out, limits.concentration);
    out.u64(limits.restricted);
}

SymbolLimits decodeSymbol(ByteReader &in)
{
    SymbolLimits limits;
    limits.orderValue = in.optional<Money>();
    limits.orderQuantity = in.optional<Quantity>();
    limits.priceCollar = optional(in);
    limits.position = in.optional<Quantity>();
    limits.concentration = optional(in);
    limits.restricted = in.u64() != 0;
    return limits;
}

} // namespace

LimitsInForce limitsInForce(const RiskLimits &house, const RiskLimits *own,
                            const Instrument &instrument, std::uint16_t currency)
{
    const SymbolLimits &ownSymbol = symbolOf(own, instrument.index);
    const SymbolLimits &houseSymbol = symbolOf(&house, instrument.index);
    const SymbolLimits &ownEvery = own ? own->every : unset;
    const MoneyLimits ownMoney = moneyOf(own, currency), houseMoney = moneyOf(&house, currency);
    LimitsInForce limits;
    SymbolLimits &symbol = limits.symbol;
    symbol.orderValue = chosen(ownSymbol.orderValue, ownMoney.orderValue, houseSymbol.orderValue,
                               houseMoney.orderValue);
    symbol.orderQuantity =
        chosen(ownSymbol.orderQuantity, scaled(ownEvery.orderQuantity, instrument),
               houseSymbol.orderQuantity, scaled(house.every.orderQuantity, instrument));
    symbol.priceCollar = chosen(ownSymbol.priceCollar, ownEvery.priceCollar,
                                houseSymbol.priceCollar, house.every.priceCollar);
    symbol.position = chosen(ownSymbol.position, scaled(ownEvery.position, instrument),
                             houseSymbol.position, scaled(house.every.position, instrument));
    symbol.concentration = chosen(ownSymbol.concentration, ownEvery.concentration,
                                  houseSymbol.concentration, house.every.concentration);
    symbol.restricted = ownSymbol.restricted || houseSymbol.restricted;
    limits.dailyLoss = either(ownMoney.dailyLoss, houseMoney.dailyLoss);
    limits.positionCount = either(own ? own->positionCount : std::nullopt, house.positionCount);
    limits.openOrders = either(own ? own->openOrders : std::nullopt, house.openOrders);
    limits.rate = either(own ? own->rate : std::nullopt, house.rate);
    limits.duplicateWindow =
        either(own ? own->duplicateWindow : std::nullopt, house.duplicateWindow);
    return limits;
}

std::optional<Error> checkLimits(const RiskLimits &limits,
                                 const std::vector<Instrument> &instruments,
                                 const MarketRules &rules)
{
    Checker checker;
    for (const auto &[currency, money] : limits.money) {
        if (currency >= rules.currencies.size()) {
            checker.complain(Code::VALIDATION_ERROR, "currency", std::to_string(currency));
            break;
        }
        const Currency &known = rules.currencies[currency];
        checker.range("order_value." + known.code, money.orderValue, mostLimitMoney, known.scale);
        checker.range("daily_loss." + known.code, money.dailyLoss, mostLimitMoney, known.scale);
    }
    checker.symbol({}, limits.every, 0, 0, mostLimitUnits);
    checker.range("position_count", limits.positionCount, mostCounted);
    checker.range("open_orders", limits.openOrders, mostCounted);
    if (limits.rate) {
        checker.range("order_rate.orders", std::optional(limits.rate->orders), mostRecentOrders);
        checker.range("order_rate.window_ms", std::optional(limits.rate->window),
                      longestPaceWindow);
    }
    checker.range("duplicate_window_ms", limits.duplicateWindow, longestPaceWindow);
    for (const auto &[index, symbol] : limits.symbols) {
        if (index >= instruments.size()) {
            checker.complain(Code::INSTRUMENT_UNKNOWN, "symbols", std::to_string(index));
            break;
        }
        const Instrument &instrument = instruments[index];
        checker.symbol("symbols." + instrument.symbol + ".", symbol,
                       rules.currencyScale(instrument.currency), instrument.quantityScale,
                       mostLimitMoney);
    }
    return checker.take();
}

std::uint16_t currencyIndex(const MarketRules &rules, std::string_view code)
{
    const auto found = std::ranges::find(rules.currencies, code, &Currency::code);
    return static_cast<std::uint16_t>(found - rules.currencies.begin());
}

void encodeLimits(ByteWriter &out, const RiskLimits &limits)
{
    encode(out, limits.every);
    out.u64(limits.money.size());
    for (const auto &[currency, money] : limits.money) {
        out.u64(currency);
        out.optional(money.orderValue);
        out.optional(money.dailyLoss);
    }
    optional(out, limits.positionCount);
    optional(out, limits.openOrders);
    out.u64(limits.rate ? 1 : 0);
    if (limits.rate) {
        out.i64(limits.rate->orders);
        out.i64(limits.rate->window);
    }
    optional(out, limits.duplicateWindow);
    out.u64(limits.symbols.size());
    for (const auto &[instrument, symbol] : limits.symbols) {
        out.u64(instrument);
        encode(out, symbol);
    }
}

RiskLimits decodeLimits(ByteReader &in)
{
    RiskLimits limits;
    limits.every = decodeSymbol(in);
    for (std::uint64_t currencies = in.u64(); currencies > 0 && in.ok(); --currencies) {
        MoneyLimits &money = limits.money[static_cast<std::uint16_t>(in.u64())];
        money.orderValue = in.optional<Money>();
        money.dailyLoss = in.optional<Money>();
    }
    limits.positionCount = optional(in);
    limits.openOrders = optional(in);
    if (in.u64() != 0) {
        const std::int64_t orders = in.i64();
        limits.rate = OrderRate{orders, in.i64()};
    }
    limits.duplicateWindow = optional(in);
    for (std::uint64_t symbols = in.u64(); symbols > 0 && in.ok(); --symbols) {
        const auto instrument = static_cast<InstrumentIndex>(in.u64());
        limits.symbols[instrument] = decodeSymbol(in);
    }
    return limits;
}

} // namespace khop
