// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/condition_json.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "base/wide.h"
#include "server/api/order_fields.h"

namespace khop::server {

namespace {

constexpr int percentDecimals = 4; // a ten-thousandth of a percent is one part per million

const std::initializer_list<std::string_view> legFields = {"trigger_price", "limit_price"};

std::initializer_list<std::string_view> fieldsOf(ConditionType type)
{
    static const std::initializer_list<std::string_view> single = {"type", "trigger_price",
                                                                   "limit_price"};
    static const std::initializer_list<std::string_view> trail = {"type", "trail_amount",
                                                                  "trail_percent", "limit_offset"};
    static const std::initializer_list<std::string_view> legs = {"type", "take_profit",
                                                                 "stop_loss"};
    static const std::initializer_list<std::string_view> then = {"type", "then"};
    switch (type) {
    case ConditionType::Stop:
    case ConditionType::TakeProfit: return single;
    case ConditionType::Trailing: return trail;
    case ConditionType::Oco:
    case ConditionType::Bracket: return legs;
    case ConditionType::IfDone: return then;
    }
    return single;
}

void writeLeg(JsonWriter &json, const ConditionLeg &leg, const Instrument &instrument,
              const MarketView &market)
{
    json.field("trigger_price", market.price(instrument, leg.trigger));
    if (leg.limit)
        json.field("limit_price", market.price(instrument, *leg.limit));
    else
        json.nullField("limit_price");
}

void writeLegOf(JsonWriter &json, std::string_view name, const std::optional<ConditionLeg> &leg,
                const Instrument &instrument, const MarketView &market)
{
    if (!leg) {
        json.nullField(name);
        return;
    }
    json.key(name).beginObject();
    writeLeg(json, *leg, instrument, market);
    json.endObject();
}

void writeTrail(JsonWriter &json, const Condition &condition, const Instrument &instrument,
                const MarketView &market)
{
    if (condition.trailPpm != 0)
        json.nullField("trail_amount")
            .field("trail_percent", formatDecimal(condition.trailPpm, percentDecimals, true));
    else
        json.field("trail_amount", market.price(instrument, condition.trailAmount))
            .nullField("trail_percent");
    if (condition.limitOffset)
        json.field("limit_offset", market.price(instrument, *condition.limitOffset));
    else
        json.nullField("limit_offset");
    if (!condition.stopLoss) // it does not stand yet
        return;
    json.field("best_price", market.price(instrument, condition.best));
    writeLeg(json, *condition.stopLoss, instrument, market);
}

void writeThen(JsonWriter &json, const ThenOrder &order, const MarketView &market)
{
    const Instrument *instrument = market.instrument(order.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    const bool ownName = order.given == GivenName::OwnType;
    json.beginObject()
        .field("symbol", instrument->symbol)
        .field("side", name(order.side))
        .field("order_type", ownName ? name(order.type) : name(order.given))
        .field("time_in_force", name(order.timeInForce))
        .field("quantity", market.quantity(*instrument, order.quantity));
    if (order.price)
        json.field("price", market.price(*instrument, *order.price));
    else
        json.nullField("price");
    json.optionalField("expires_at",
                       order.expiresAt ? std::optional(isoTime(*order.expiresAt)) : std::nullopt);
    json.key("condition");
    if (order.condition)
        writeCondition(json, *order.condition, *instrument, market);
    else
        json.null();
    json.endObject();
}

} // namespace

std::optional<Price> ConditionReader::readPrice(Body &body, std::string_view name,
                                                const std::string &path)
{
    const std::optional<std::string_view> text = body.decimal(name);
    if (!text)
        return std::nullopt;
    const std::optional<Price> price = parsePrice(*text, m_instrument, m_thousands);
    if (!price || price->raw() < 0) {
        m_mistakes.push_back({Code::INVALID_PRICE, path + '.' + std::string(name),
                              std::string(*text), "a price of this market"});
        return std::nullopt;
    }
    return price;
}

std::optional<ConditionLeg> ConditionReader::readLeg(Body &body, const std::string &path)
{
    if (!body.has("trigger_price"))
        body.mistake(Code::REQUIRED, "trigger_price");
    const std::optional<Price> trigger = readPrice(body, "trigger_price", path);
    const std::optional<Price> limit = readPrice(body, "limit_price", path);
    return trigger ? std::optional(ConditionLeg{*trigger, limit}) : std::nullopt;
}

std::optional<ConditionLeg> ConditionReader::readLegOf(Body &body, std::string_view name)
{
    const std::optional<JsonValue> value = body.value(name);
    if (!value)
        return std::nullopt;
    if (!value->isObject()) {
        body.mistake(Code::VALIDATION_ERROR, name, {}, "an object");
        return std::nullopt;
    }
    const std::string path = "condition." + std::string(name);
    Body fields(*value, legFields);
    const std::optional<ConditionLeg> leg = readLeg(fields, path);
    take(fields, path);
    return leg;
}

void ConditionReader::readTrail(Body &body, Condition &condition)
{
    condition.trailAmount = readPrice(body, "trail_amount", "condition").value_or(Price{});
    condition.limitOffset = readPrice(body, "limit_offset", "condition");
    if (const auto percent = body.decimal("trail_percent")) {
        const auto ppm = parseDecimal(*percent, percentDecimals);
        if (!ppm || *ppm <= 0 || *ppm >= 100 * powerOfTen(percentDecimals))
            body.mistake(Code::VALIDATION_ERROR, "trail_percent", *percent,
                         "above 0 and below 100, at most 4 decimals");
        condition.trailPpm = ppm.value_or(0);
    }
    if (body.has("trail_amount") == body.has("trail_percent"))
        body.mistake(body.has("trail_amount") ? Code::VALIDATION_ERROR : Code::REQUIRED,
                     "trail_amount", {}, "given, or trail_percent, not both");
    else if (body.has("trail_amount") && condition.trailAmount.isZero())
        body.mistake(Code::VALIDATION_ERROR, "trail_amount", "0", "above 0");
}

/// The mistakes of an object inside the request, under its path.
void ConditionReader::take(const Body &body, const std::string &path)
{
    for (Error mistake : body.mistakes()) {
        mistake.field = path + '.' + mistake.field;
        m_mistakes.push_back(std::move(mistake));
    }
}

std::shared_ptr<Condition> ConditionReader::read(JsonValue json)
{
    constexpr auto types = "STOP, TAKE_PROFIT, TRAILING, OCO, BRACKET, IF_DONE";
    if (!json.isObject()) {
        m_mistakes.push_back({Code::VALIDATION_ERROR, "condition", {}, "an object"});
        return nullptr;
    }
    const std::optional<JsonValue> given = json.find("type");
    const auto type =
        given && given->isString() ? conditionTypeFromName(upperCase(given->text())) : std::nullopt;
    if (!type) {
        const bool missing = !given || given->isNull();
        m_mistakes.push_back({missing ? Code::REQUIRED : Code::VALIDATION_ERROR, "condition.type",
                              missing ? std::string() : shortened(given->text(), 32), types});
        return nullptr;
    }
    Body body(json, fieldsOf(*type));
    auto condition = std::make_shared<Condition>();
    condition->type = *type;
    switch (*type) {
    case ConditionType::Stop: condition->stopLoss = readLeg(body, "condition"); break;
    case ConditionType::TakeProfit: condition->takeProfit = readLeg(body, "condition"); break;
    case ConditionType::Trailing: readTrail(body, *condition); break;
    case ConditionType::Oco:
    case ConditionType::Bracket:
        condition->takeProfit = readLegOf(body, "take_profit");
        condition->stopLoss = readLegOf(body, "stop_loss");
        for (const auto *leg : {"take_profit", "stop_loss"}) {
            if (*type == ConditionType::Oco && !body.has(leg))
                body.mistake(Code::REQUIRED, leg);
        }
        if (!body.has("take_profit") && !body.has("stop_loss") && *type == ConditionType::Bracket)
            body.mistake(Code::REQUIRED, "take_profit");
        break;
    case ConditionType::IfDone:
        m_then = body.value("then");
        if (!m_then)
            body.mistake(Code::REQUIRED, "then");
        else if (!m_then->isObject())
            body.mistake(Code::VALIDATION_ERROR, "then", {}, "an object");
        break;
    }
    take(body, "condition");
    return m_mistakes.empty() ? condition : nullptr;
}

ConditionReader::Change ConditionReader::readChange(JsonValue json)
{
    Change change;
    if (!json.isObject()) {
        m_mistakes.push_back({Code::VALIDATION_ERROR, "condition", {}, "an object"});
        return change;
    }
    Body body(json, legFields);
    change.trigger = readPrice(body, "trigger_price", "condition");
    change.limit = readPrice(body, "limit_price", "condition");
    if (!body.has("trigger_price") && !body.has("limit_price"))
        body.mistake(Code::REQUIRED, "trigger_price");
    take(body, "condition");
    return change;
}

void writeCondition(JsonWriter &json, const Condition &condition, const Instrument &instrument,
                    const MarketView &market)
{
    json.beginObject().field("type", name(condition.type));
    switch (condition.type) {
    case ConditionType::Stop:
    case ConditionType::TakeProfit:
        writeLeg(json, condition.stopLoss ? *condition.stopLoss : *condition.takeProfit, instrument,
                 market);
        break;
    case ConditionType::Trailing: writeTrail(json, condition, instrument, market); break;
    case ConditionType::Oco:
    case ConditionType::Bracket:
        writeLegOf(json, "take_profit", condition.takeProfit, instrument, market);
        writeLegOf(json, "stop_loss", condition.stopLoss, instrument, market);
        break;
    case ConditionType::IfDone:
        json.key("then");
        if (condition.then)
            writeThen(json, *condition.then, market);
        else
            json.null();
        break;
    }
    if (hasChild(condition.type))
        json.optionalField("child_order_id", condition.child.isNull()
                                                 ? std::nullopt
                                                 : std::optional(condition.child.text()));
    else if (condition.met == Leg::None)
        json.nullField("triggered").nullField("triggered_at");
    else
        json.field("triggered", name(condition.met))
            .field("triggered_at", isoTime(condition.metAt));
    json.endObject();
}

} // namespace khop::server
