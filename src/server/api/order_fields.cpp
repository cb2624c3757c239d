// SPDX-License-Identifier: GPL-3.0-or-later
// POST /orders: the request's JSON as a command.
#include "server/api/order_fields.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "engine/condition_check.h"
#include "server/api/api.h"
#include "server/api/condition_json.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr std::string_view clientOrderIdCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-";

const std::initializer_list<std::string_view> orderFields = {
    "symbol",     "asset_id",    "side",          "order_type", "quantity",        "price",
    "price_unit", "market",      "time_in_force", "expires_at", "client_order_id", "account_id",
    "user_id",    "description", "queue",         "condition"};

/// Of the order after IF_DONE: it belongs to the one before.
const std::initializer_list<std::string_view> thenFields = {
    "symbol",     "asset_id", "side",          "order_type", "quantity", "price",
    "price_unit", "market",   "time_in_force", "expires_at", "condition"};

std::string joined(std::initializer_list<std::string_view> words)
{
    std::string text;
    for (const std::string_view word : words)
        text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

} // namespace

std::optional<TypeName> typeFromName(std::string_view upper, Exchange exchange)
{
    const bool spot = exchange == Exchange::SPOT;
    const OrderType market = spot ? OrderType::Market : OrderType::MTL;
    const OrderType limit = spot ? OrderType::Limit : OrderType::LO;
    if (upper == "MARKET")
        return TypeName{market, GivenName::OwnType, {}};
    if (upper == "LIMIT")
        return TypeName{limit, GivenName::OwnType, {}};
    if (upper == "MP")
        return TypeName{OrderType::MTL, GivenName::OwnType, {}};
    if (upper == "MARKET_BUY")
        return TypeName{market, GivenName::MarketBuy, Side::Buy};
    if (upper == "MARKET_SELL")
        return TypeName{market, GivenName::MarketSell, Side::Sell};
    if (upper == "LIMIT_BUY")
        return TypeName{limit, GivenName::LimitBuy, Side::Buy};
    if (upper == "LIMIT_SELL")
        return TypeName{limit, GivenName::LimitSell, Side::Sell};
    if (const std::optional<OrderType> type = orderTypeFromName(upper))
        return TypeName{*type, GivenName::OwnType, {}};
    return std::nullopt;
}

std::optional<Side> sideFromText(std::string_view text)
{
    const std::string upper = upperCase(text.substr(0, 8));
    if (upper == "BUY" || upper == "B" || upper == "1")
        return Side::Buy;
    if (upper == "SELL" || upper == "S" || upper == "-1")
        return Side::Sell;
    return std::nullopt;
}

std::optional<Price> parsePrice(std::string_view text, const Instrument &instrument, bool thousands)
{
    const auto raw = parseDecimal(text, instrument.priceScale + (thousands ? 3 : 0));
    return raw ? std::optional(Price(*raw)) : std::nullopt;
}

std::optional<Api::OrderRequest> Api::readOrder(JsonValue json, const Caller &caller,
                                                std::vector<Error> &errors,
                                                std::optional<Error> &refusal,
                                                const Instrument *before, Members beside) const
{
    OrderRequest request;
    PlaceOrder &order = request.order;
    Body body(json, before ? thenFields : orderFields, beside);
    order.account = caller.account;

    std::optional<std::string_view> symbol = body.text("symbol", 32);
    const std::optional<std::string_view> asset = body.text("asset_id", 32);
    if (symbol && asset && upperCase(*symbol) != upperCase(*asset))
        body.mistake(Code::VALIDATION_ERROR, "asset_id", *asset, "the same as symbol");
    if (!symbol)
        symbol = asset;
    if (!symbol && !body.has("symbol") && !body.has("asset_id")) {
        if (before)
            symbol = before->symbol;
        else if (!m_options.defaultSymbol.empty())
            symbol = m_options.defaultSymbol;
    }
    const Instrument *instrument = symbol ? m_market.find(*symbol) : nullptr;
    if (!symbol)
        body.mistake(Code::REQUIRED, "symbol");
    else if (!instrument)
        body.mistake(Code::INSTRUMENT_UNKNOWN, "symbol", *symbol);

    std::optional<Side> side;
    if (const std::optional<JsonValue> value = body.value("side")) {
        if (value->isString() || value->isNumber())
            side = sideFromText(value->text());
        if (!side)
            body.mistake(Code::VALIDATION_ERROR, "side", shortened(value->text(), 16), "BUY, SELL");
    }
    const std::optional<std::string_view> quantityText = body.decimal("quantity");
    if (!body.has("quantity"))
        body.mistake(Code::REQUIRED, "quantity");
    const std::optional<std::string_view> priceText = body.decimal("price");
    const std::optional<std::string_view> priceUnit = body.text("price_unit", 8);
    const std::optional<std::string_view> typeText = body.text("order_type", 16);
    const std::optional<std::string_view> market = body.text("market", 16);
    if (const auto tif = body.text("time_in_force", 8)) {
        if (const auto parsed = timeInForceFromName(upperCase(*tif)))
            order.timeInForce = *parsed;
        else
            body.mistake(Code::VALIDATION_ERROR, "time_in_force", *tif, "DAY, GTC, GTD, IOC, FOK");
    }
    if (const auto expires = body.text("expires_at", 40)) {
        order.expiresAt = parseIsoTime(*expires);
        if (!order.expiresAt)
            body.mistake(Code::VALIDATION_ERROR, "expires_at", *expires,
                         "2026-11-20T14:45:00+07:00");
    }
    if (const auto id = body.text("client_order_id", 64)) {
        if (id->empty() || id->find_first_not_of(clientOrderIdCharacters) != std::string_view::npos)
            body.mistake(Code::VALIDATION_ERROR, "client_order_id", *id,
                         "1 to 64 of A-Z a-z 0-9 . _ : -");
        order.clientOrderId = *id;
    }
    if (const auto account = body.text("account_id", 40)) {
        if (const Caller::Own *own = caller.own(Uuid::parse(*account)))
            order.account = own->no;
        else
            refusal = Error{Code::FORBIDDEN, "account_id"};
    }
    if (const auto user = body.text("user_id", 40);
        user && Uuid::parse(*user) != caller.claims.userId)
        refusal = Error{Code::FORBIDDEN, "user_id"};
    if (const auto description = body.text("description", 2000)) {
        const auto characters = std::count_if(description->begin(), description->end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        });
        if (characters > 500)
            body.mistake(Code::VALIDATION_ERROR, "description", {}, "at most 500 characters");
        order.description = *description;
    }
    order.queue = body.boolean("queue").value_or(false);
    if (instrument) {
        request.instrument = instrument;
        order.instrument = instrument->index;
        if (market && upperCase(*market) != name(instrument->exchange))
            body.mistake(Code::MARKET_MISMATCH, "market", *market,
                         std::string(name(instrument->exchange)));
        if (priceUnit) {
            const std::string unit = upperCase(*priceUnit);
            request.priceInThousands = unit == "KVND" && instrument->currency == "VND";
            if (!request.priceInThousands && unit != instrument->currency)
                body.mistake(Code::VALIDATION_ERROR, "price_unit", *priceUnit,
                             instrument->currency == "VND" ? "VND, kVND" : instrument->currency);
        }
        const std::shared_ptr<Condition> condition =
            readConditionOf(body, request, caller, refusal, before != nullptr);
        order.condition = condition;
        const bool waits = condition && !hasChild(condition->type);
        if (condition && waits && order.expiresAt && !body.has("time_in_force"))
            order.timeInForce = TimeInForce::GTD;
        if (typeText) {
            if (const auto type = typeFromName(upperCase(*typeText), instrument->exchange)) {
                order.type = type->type;
                order.given = type->given;
                if (type->side && side && *side != *type->side)
                    body.mistake(Code::VALIDATION_ERROR, "side", name(*side),
                                 std::string(name(*type->side)));
                if (type->side)
                    side = type->side;
            } else {
                body.mistake(
                    Code::VALIDATION_ERROR, "order_type", *typeText,
                    joined({"LO", "ATO", "ATC", "MTL", "MOK", "MAK", "PLO", "MP", "MARKET", "LIMIT",
                            "MARKET_BUY", "MARKET_SELL", "LIMIT_BUY", "LIMIT_SELL"}));
            }
        } else if (priceText) {
            order.type = instrument->exchange == Exchange::SPOT ? OrderType::Limit : OrderType::LO;
        } else if (waits && !body.has("order_type") && !body.has("price")) {
            order.type = isLimited(*condition)
                             ? limitTypeOf(*instrument)
                             : marketTypeOf(m_market.rules().of(instrument->exchange));
        } else if (!body.has("order_type") && !body.has("price") && !body.has("condition")) {
            body.mistake(Code::REQUIRED, "order_type");
        } else if (condition && !waits && !body.has("order_type") && !body.has("price")) {
            body.mistake(Code::REQUIRED, "order_type");
        }
        if (quantityText) {
            const auto raw = parseDecimal(*quantityText, instrument->quantityScale);
            if (raw && *raw > 0)
                order.quantity = Quantity(*raw);
            else
                body.mistake(Code::INVALID_QUANTITY, "quantity", *quantityText,
                             instrument->quantityScale == 0
                                 ? std::string("a whole number above 0")
                                 : "above 0, at most " + std::to_string(instrument->quantityScale)
                                       + " decimals");
        }
        if (priceText) {
            request.priceText = *priceText;
            order.price = parsePrice(*priceText, *instrument, request.priceInThousands);
            if (!order.price && !priceText->starts_with('-')) {
                // Finer than this market's prices. It is refused, but the rules that come first
                // (session, band) are to speak first.
                order.price = parsePrice(priceText->substr(0, priceText->find('.')), *instrument,
                                         request.priceInThousands);
                request.fractionalPrice =
                    order.price
                    && parseDecimal(
                        *priceText,
                        18 - static_cast<int>(std::min<std::size_t>(18, priceText->find('.'))));
                if (request.fractionalPrice)
                    order.price = std::max(*order.price, Price(1));
                else
                    order.price.reset();
            }
            if (!order.price || order.price->raw() <= 0)
                body.mistake(Code::INVALID_PRICE, "price", *priceText, "a price above 0");
            if (waits)
                priceAsLimit(body, request, *condition);
        }
    }
    if (side)
        order.side = *side;
    else if (!body.has("side") && (instrument || !typeText))
        body.mistake(Code::REQUIRED, "side");
    errors = body.mistakes();
    return errors.empty() && !refusal ? std::optional(std::move(request)) : std::nullopt;
}

/// `condition` of an order, with the order after IF_DONE; its mistakes go to `body`.
std::shared_ptr<Condition> Api::readConditionOf(Body &body, const OrderRequest &request,
                                                const Caller &caller, std::optional<Error> &refusal,
                                                bool inner) const
{
    const std::optional<JsonValue> value = body.value("condition");
    if (!value)
        return nullptr;
    ConditionReader reader(*request.instrument, request.priceInThousands);
    std::shared_ptr<Condition> condition = reader.read(*value);
    std::vector<Error> mistakes = reader.mistakes();
    if (condition && hasChild(condition->type) && inner) {
        mistakes.push_back({Code::VALIDATION_ERROR, "condition.type",
                            std::string(name(condition->type)),
                            "STOP, TAKE_PROFIT, TRAILING, OCO"});
    } else if (condition && reader.then()) {
        std::vector<Error> wrong;
        const auto then = readOrder(*reader.then(), caller, wrong, refusal, request.instrument);
        for (Error &mistake : wrong) {
            mistake.field = "condition.then." + mistake.field;
            mistakes.push_back(std::move(mistake));
        }
        if (then && then->fractionalPrice)
            mistakes.push_back({Code::INVALID_TICK, "condition.then.price", then->priceText,
                                m_market.price(*then->instrument, then->instrument->ticks.tickAt(
                                                                      *then->order.price))});
        if (then) {
            const PlaceOrder &order = then->order;
            condition->then = std::make_shared<ThenOrder>(
                ThenOrder{order.instrument, order.side, order.type, order.given, order.timeInForce,
                          order.quantity, order.price, order.expiresAt, order.condition});
        }
    }
    for (Error &mistake : mistakes)
        body.mistake(mistake.code, mistake.field, mistake.value, mistake.bound);
    return mistakes.empty() ? condition : nullptr;
}

/// STOP and TAKE_PROFIT: the order's price is another way to write condition.limit_price.
void Api::priceAsLimit(Body &body, OrderRequest &request, Condition &condition) const
{
    auto &leg = condition.stopLoss ? condition.stopLoss : condition.takeProfit;
    const bool single =
        condition.type == ConditionType::Stop || condition.type == ConditionType::TakeProfit;
    if (!single || !leg || !request.order.price)
        return;
    if (request.fractionalPrice)
        body.mistake(Code::INVALID_TICK, "price", request.priceText,
                     m_market.price(*request.instrument,
                                    request.instrument->ticks.tickAt(*request.order.price)));
    else if (leg->limit && *leg->limit != *request.order.price)
        body.mistake(Code::VALIDATION_ERROR, "price", request.priceText,
                     "the same as condition.limit_price");
    leg->limit = request.order.price;
    request.order.price.reset();
    request.fractionalPrice = false;
}

Error Api::fractionalPriceError(const OrderRequest &request) const
{
    std::optional<Error> refusal = m_service.preview(request.order).refusal;
    const bool later = !refusal || refusal->code == Code::INVALID_TICK
                       || refusal->code == Code::INSUFFICIENT_CASH
                       || refusal->code == Code::INSUFFICIENT_SECURITIES;
    if (later)
        return {Code::INVALID_TICK, "price", request.priceText,
                m_market.price(*request.instrument,
                               request.instrument->ticks.tickAt(*request.order.price))};
    if (refusal->field == "price")
        refusal->value = request.priceText;
    return *refusal;
}

std::string Api::hintFor(const Error &error, const OrderRequest &request, Language language) const
{
    if (error.code != Code::PRICE_BELOW_FLOOR || request.priceInThousands || !request.instrument
        || request.instrument->currency != "VND")
        return {};
    // A hundredth of the lowest price allowed: nobody means that.
    const auto whole =
        parsePrice(std::string_view(request.priceText).substr(0, request.priceText.find('.')),
                   *request.instrument, false);
    if (!whole || whole->raw() >= request.instrument->floor.raw() / 100)
        return {};
    return std::string(
        Text{"Prices are in dong; to give thousands of dong, send price_unit \"kVND\".",
             "Giá tính bằng đồng; nếu nhập theo nghìn đồng, hãy gửi price_unit \"kVND\"."}
            .in(language));
}

} // namespace khop::server
