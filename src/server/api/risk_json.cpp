// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/risk_json.h"

#include "base/decimal.h"
#include "base/utf8.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr int percentScale = 4; // a percentage of a ppm

template <class Value>
std::optional<std::string> shown(const std::optional<Value> &value, int scale)
{
    if (!value)
        return std::nullopt;
    if constexpr (requires { value->raw(); })
        return formatDecimal(value->raw(), scale, true);
    else
        return formatDecimal(*value, scale, true);
}

void writeCount(JsonWriter &json, std::string_view name, const std::optional<std::int64_t> &count)
{
    if (count)
        json.numberField(name, *count);
    else
        json.nullField(name);
}

void writeSymbol(JsonWriter &json, const SymbolLimits &limits, int quantityScale)
{
    json.optionalField("order_quantity", shown(limits.orderQuantity, quantityScale))
        .optionalField("price_collar", shown(limits.priceCollar, percentScale))
        .optionalField("position", shown(limits.position, quantityScale))
        .optionalField("concentration", shown(limits.concentration, percentScale));
}

void writeMoney(JsonWriter &json, const char *name, const RiskLimits &limits,
                std::optional<Money> MoneyLimits::*field, const MarketView &market)
{
    json.key(name).beginObject();
    for (const auto &[index, money] : limits.money) {
        const Currency &currency = market.rules().currencies[index];
        if (money.*field)
            json.field(currency.code, market.money(currency.code, *(money.*field)));
    }
    json.endObject();
}

} // namespace

void LimitsReader::mistake(Code code, std::string field, std::string_view value, std::string bound)
{
    m_mistakes.push_back({code, std::move(field), shortened(value, 40), std::move(bound)});
}

/// Above 0 and at most `most`, both counted in 10^-scale.
std::optional<std::int64_t> LimitsReader::number(const std::string &path,
                                                 std::optional<JsonValue> value, int scale,
                                                 std::int64_t most)
{
    if (!value || value->isNull())
        return std::nullopt;
    const bool textual = value->isString() || value->isNumber();
    const auto raw = textual ? parseDecimal(value->text(), scale) : std::nullopt;
    if (raw && *raw >= 1 && *raw <= most)
        return raw;
    mistake(Code::VALIDATION_ERROR, path, textual ? value->text() : std::string_view{},
            formatDecimal(1, scale, true) + " … " + formatDecimal(most, scale, true));
    return std::nullopt;
}

/// {"VND": "100000000"}: an amount for each currency.
template <class Set>
void LimitsReader::money(const char *field, std::optional<JsonValue> value, Set set)
{
    if (!value || value->isNull())
        return;
    if (!value->isObject()) {
        mistake(Code::VALIDATION_ERROR, field, {}, "{\"VND\": amount}");
        return;
    }
    const auto &currencies = m_market.rules().currencies;
    for (auto member = value->first(); member; member = member->next()) {
        const std::string path = std::string(field) + '.' + std::string(member->key().substr(0, 8));
        const auto known = std::ranges::find(currencies, member->key(), &Currency::code);
        if (known == currencies.end())
            mistake(Code::UNKNOWN_FIELD, path, {});
        else if (const auto amount = number(path, *member, known->scale, mostLimitMoney))
            set(static_cast<std::uint16_t>(known - currencies.begin()), Money(*amount));
    }
}

void LimitsReader::readSymbol(const std::string &path, JsonValue value,
                              const Instrument &instrument, SymbolLimits &limits)
{
    if (!value.isObject()) {
        mistake(Code::VALIDATION_ERROR, path, {}, "an object");
        return;
    }
    Body body(value,
              {"order_value", "order_quantity", "price_collar", "position", "concentration"});
    for (const Error &wrong : body.mistakes())
        mistake(wrong.code, path + '.' + wrong.field, wrong.value, wrong.bound);
    const auto quantity = [&](const char *name) {
        const auto raw =
            number(path + '.' + name, body.value(name), instrument.quantityScale, mostLimitMoney);
        return raw ? std::optional(Quantity(*raw)) : std::nullopt;
    };
    const auto share = [&](const char *name) {
        return number(path + '.' + name, body.value(name), percentScale, wholePpm);
    };
    if (const auto raw =
            number(path + ".order_value", body.value("order_value"),
                   m_market.rules().currencyScale(instrument.currency), mostLimitMoney))
        limits.orderValue = Money(*raw);
    limits.orderQuantity = quantity("order_quantity");
    limits.position = quantity("position");
    limits.priceCollar = share("price_collar");
    limits.concentration = share("concentration");
}

void LimitsReader::symbols(JsonValue value, RiskLimits &limits)
{
    if (!value.isObject()) {
        mistake(Code::VALIDATION_ERROR, "symbols", {}, "{\"SYMBOL\": {…}}");
        return;
    }
    for (auto member = value.first(); member; member = member->next()) {
        const std::string path = "symbols." + shortened(member->key(), 32);
        if (const Instrument *const instrument = m_market.find(member->key()))
            readSymbol(path, *member, *instrument, limits.symbols[instrument->index]);
        else
            mistake(Code::INSTRUMENT_UNKNOWN, path, member->key());
    }
}

void LimitsReader::restricted(JsonValue value, RiskLimits &limits)
{
    if (!value.isArray()) {
        mistake(Code::VALIDATION_ERROR, "restricted", {}, "an array of symbols");
        return;
    }
    std::size_t at = 0;
    for (auto item = value.first(); item; item = item->next(), ++at) {
        const std::string path = "restricted." + std::to_string(at);
        const Instrument *const instrument =
            item->isString() ? m_market.find(item->text()) : nullptr;
        if (instrument)
            limits.symbols[instrument->index].restricted = true;
        else
            mistake(Code::INSTRUMENT_UNKNOWN, path,
                    item->isString() ? item->text() : std::string_view{});
    }
}

void LimitsReader::rate(JsonValue value, RiskLimits &limits)
{
    if (!value.isObject()) {
        mistake(Code::VALIDATION_ERROR, "order_rate", {}, "{\"orders\": …, \"window_ms\": …}");
        return;
    }
    Body body(value, {"orders", "window_ms"});
    for (const Error &wrong : body.mistakes())
        mistake(wrong.code, "order_rate." + wrong.field, wrong.value, wrong.bound);
    for (const char *required : {"orders", "window_ms"}) {
        if (!body.has(required))
            mistake(Code::REQUIRED, std::string("order_rate.") + required, {});
    }
    const auto orders = number("order_rate.orders", body.value("orders"), 0, mostRecentOrders);
    const auto window =
        number("order_rate.window_ms", body.value("window_ms"), 0, longestPaceWindow);
    if (orders && window)
        limits.rate = OrderRate{*orders, *window};
}

RiskLimits LimitsReader::read(JsonValue object)
{
    Body body(object, {"order_value", "order_quantity", "price_collar", "position",
                       "position_count", "concentration", "open_orders", "order_rate",
                       "duplicate_window_ms", "daily_loss", "restricted", "symbols"});
    m_mistakes = body.mistakes();
    RiskLimits limits;
    money("order_value", body.value("order_value"), [&](std::uint16_t currency, Money amount) {
        limits.money[currency].orderValue = amount;
    });
    money("daily_loss", body.value("daily_loss"),
          [&](std::uint16_t currency, Money amount) { limits.money[currency].dailyLoss = amount; });
    const auto units = [&](const char *name) {
        const auto raw = number(name, body.value(name), 0, mostLimitUnits);
        return raw ? std::optional(Quantity(*raw)) : std::nullopt;
    };
    limits.every.orderQuantity = units("order_quantity");
    limits.every.position = units("position");
    limits.every.priceCollar =
        number("price_collar", body.value("price_collar"), percentScale, wholePpm);
    limits.every.concentration =
        number("concentration", body.value("concentration"), percentScale, wholePpm);
    limits.positionCount = number("position_count", body.value("position_count"), 0, mostCounted);
    limits.openOrders = number("open_orders", body.value("open_orders"), 0, mostCounted);
    limits.duplicateWindow =
        number("duplicate_window_ms", body.value("duplicate_window_ms"), 0, longestPaceWindow);
    if (const auto value = body.value("order_rate"))
        rate(*value, limits);
    if (const auto value = body.value("symbols"))
        symbols(*value, limits);
    if (const auto value = body.value("restricted"))
        restricted(*value, limits);
    return limits;
}

void writeLimits(JsonWriter &json, const RiskLimits &limits, const MarketView &market)
{
    json.beginObject();
    writeMoney(json, "order_value", limits, &MoneyLimits::orderValue, market);
    writeSymbol(json, limits.every, 0);
    writeCount(json, "position_count", limits.positionCount);
    writeCount(json, "open_orders", limits.openOrders);
    json.key("order_rate");
    if (limits.rate)
        json.beginObject()
            .numberField("orders", limits.rate->orders)
            .numberField("window_ms", limits.rate->window)
            .endObject();
    else
        json.null();
    writeCount(json, "duplicate_window_ms", limits.duplicateWindow);
    writeMoney(json, "daily_loss", limits, &MoneyLimits::dailyLoss, market);
    json.key("restricted").beginArray();
    for (const auto &[index, symbol] : limits.symbols) {
        if (const Instrument *const instrument = market.instrument(index);
            instrument && symbol.restricted)
            json.string(instrument->symbol);
    }
    json.endArray();
    json.key("symbols").beginObject();
    for (const auto &[index, symbol] : limits.symbols) {
        const Instrument *const instrument = market.instrument(index);
        if (!instrument || symbol == SymbolLimits{.restricted = symbol.restricted})
            continue;
        json.key(instrument->symbol).beginObject();
        json.optionalField("order_value", symbol.orderValue
                                              ? std::optional(market.money(instrument->currency,
                                                                           *symbol.orderValue))
                                              : std::nullopt);
        writeSymbol(json, symbol, instrument->quantityScale);
        json.endObject();
    }
    json.endObject().endObject();
}

void writeLimitUse(JsonWriter &json, const LimitUse &use, const MarketView &market)
{
    const Instrument *const instrument =
        use.instrument ? market.instrument(*use.instrument) : nullptr;
    const auto &currencies = market.rules().currencies;
    int scale = 0;
    switch (use.limit) {
    case RiskLimit::OrderValue:
    case RiskLimit::DailyLoss: scale = use.currency ? currencies[*use.currency].scale : 0; break;
    case RiskLimit::OrderQuantity:
    case RiskLimit::Position: scale = instrument ? instrument->quantityScale : 0; break;
    case RiskLimit::PriceCollar:
    case RiskLimit::Concentration: scale = percentScale; break;
    case RiskLimit::PositionCount:
    case RiskLimit::OpenOrders:
    case RiskLimit::OrderRate:
    case RiskLimit::DuplicateWindow:
    case RiskLimit::Restricted: break;
    }
    json.beginObject().field("limit", name(use.limit)).field("code", codeName(codeOf(use.limit)));
    json.optionalField("symbol", instrument ? std::optional(instrument->symbol) : std::nullopt)
        .optionalField("currency",
                       use.currency ? std::optional(currencies[*use.currency].code) : std::nullopt)
        .optionalField("used", shown(use.used, scale))
        .optionalField("bound", shown(use.bound, scale));
    writeCount(json, "window_ms", use.window);
    json.endObject();
}

void writeKillSwitch(JsonWriter &json, const RiskPolicy &policy, AccountNo account)
{
    const RiskPolicy::Account *const own = policy.find(account);
    const std::string *const reason = policy.killed(account);
    std::optional<std::string> by;
    if (reason)
        by = policy.killAll || own->kill.byHouse ? "house" : "owner";
    json.beginObject()
        .field("on", reason != nullptr)
        .optionalField("reason", reason ? std::optional(*reason) : std::nullopt)
        .optionalField("by", by)
        .field("all_accounts", policy.killAll.has_value())
        .endObject();
}

} // namespace khop::server
