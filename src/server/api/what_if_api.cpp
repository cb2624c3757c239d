// SPDX-License-Identifier: GPL-3.0-or-later
// POST /positions/what-if: the portfolio after trades that were not made, at prices that are not there.
#include "server/api/api.h"

#include "base/decimal.h"
#include "portfolio/what_if.h"
#include "server/api/portfolio_json.h"

namespace khop::server {

namespace {

constexpr Text whatIfRead{"What would be.", "Danh mục giả định."};
constexpr std::size_t mostItems = 1'000;
constexpr int percentScale = 4; // parts per million
constexpr std::int64_t lowestPercent = -1'000'000;
constexpr std::int64_t highestPercent = 1'000'000'000;

/// The mistakes of one member of an array, with its place before their fields.
void adopt(Body &body, const Body &item, const std::string &place)
{
    for (const Error &mistake : item.mistakes())
        body.mistake(mistake.code, place + '.' + mistake.field, mistake.value, mistake.bound);
}

const Instrument *readSymbol(Body &body, const MarketView &market)
{
    const auto symbol = body.requiredText("symbol", 32);
    const Instrument *instrument = symbol ? market.find(*symbol) : nullptr;
    if (symbol && !instrument)
        body.mistake(Code::INSTRUMENT_UNKNOWN, "symbol", *symbol);
    return instrument;
}

std::optional<std::int64_t> readAbove0(Body &body, const char *field, int scale, Code code)
{
    const auto text = body.decimal(field);
    if (!text)
        return std::nullopt;
    const auto number = parseDecimal(*text, scale);
    if (number && *number > 0)
        return number;
    body.mistake(code, field, *text, "above 0");
    return std::nullopt;
}

void readTrade(JsonValue json, const std::string &place, const MarketView &market, Body &body,
               WhatIf &what)
{
    if (!json.isObject()) {
        body.mistake(Code::VALIDATION_ERROR, place, {}, "an object");
        return;
    }
    Body item(json, {"symbol", "side", "quantity", "price"});
    WhatIfTrade trade;
    const Instrument *instrument = readSymbol(item, market);
    const auto side = item.requiredText("side", 8);
    if (side && upperCase(*side) != "BUY" && upperCase(*side) != "SELL")
        item.mistake(Code::VALIDATION_ERROR, "side", *side, "BUY, SELL");
    trade.side = side && upperCase(*side) == "SELL" ? Side::Sell : Side::Buy;
    if (!item.has("quantity"))
        item.mistake(Code::REQUIRED, "quantity");
    if (instrument) {
        trade.instrument = instrument->index;
        trade.quantity =
            Quantity(readAbove0(item, "quantity", instrument->quantityScale, Code::INVALID_QUANTITY)
                         .value_or(0));
        const auto price = readAbove0(item, "price", instrument->priceScale, Code::INVALID_PRICE);
        trade.price = price ? Price(*price) : market.lastPrice(*instrument);
        trade.rates = market.rules().of(instrument->exchange).rates;
    }
    adopt(body, item, place);
    what.trades.push_back(trade);
}

void readPrice(JsonValue json, const std::string &place, const MarketView &market, Body &body,
               WhatIf &what)
{
    if (!json.isObject()) {
        body.mistake(Code::VALIDATION_ERROR, place, {}, "an object");
        return;
    }
    Body item(json, {"symbol", "price"});
    const Instrument *instrument = readSymbol(item, market);
    if (!item.has("price"))
        item.mistake(Code::REQUIRED, "price");
    if (instrument) {
        const auto price = readAbove0(item, "price", instrument->priceScale, Code::INVALID_PRICE);
        what.prices.push_back({instrument->index, Price(price.value_or(0))});
    }
    adopt(body, item, place);
}

template <class Read>
void readItems(Body &body, const char *field, Read read)
{
    const auto list = body.value(field);
    if (!list)
        return;
    if (!list->isArray() || list->size() > mostItems) {
        body.mistake(Code::VALIDATION_ERROR, field,
                     list->isArray() ? std::to_string(list->size()) : std::string(),
                     "a list of at most " + std::to_string(mostItems));
        return;
    }
    std::size_t at = 0;
    for (auto item = list->first(); item; item = item->next())
        read(*item, std::string(field) + '[' + std::to_string(at++) + ']');
}

WhatIf readWhatIf(Body &body, const MarketView &market)
{
    WhatIf what;
    readItems(body, "trades", [&](JsonValue json, const std::string &place) {
        readTrade(json, place, market, body, what);
    });
    readItems(body, "prices", [&](JsonValue json, const std::string &place) {
        readPrice(json, place, market, body, what);
    });
    if (const auto text = body.decimal("all_prices_percent")) {
        const auto percent = parseDecimal(*text, percentScale);
        if (percent && *percent >= lowestPercent && *percent <= highestPercent)
            what.allPrices = *percent;
        else
            body.mistake(Code::VALIDATION_ERROR, "all_prices_percent", *text, "-100…100000");
    }
    return what;
}

void writeState(JsonWriter &json, const char *key, const Valuation &valuation,
                const MarketView &market)
{
    json.key(key).beginObject();
    json.field("cash_balance", baseMoney(market, valuation.totals().cash));
    writeTotals(json, valuation.totals(), market);
    json.endObject();
}

} // namespace

void Api::whatIfPositions(Call &call)
{
    if (!allowOnly(call, {"account_id", "user_id", "desk"}) || !practiceDesk(call))
        return;
    const auto account = oneAccount(call);
    if (!account)
        return;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return;
    Body body(document->root(), {"trades", "prices", "all_prices_percent"});
    WhatIf what = readWhatIf(body, m_market);
    if (!body.mistakes().empty()) {
        fail(call.to, body.mistakes());
        return;
    }
    withPortfolio(
        call.to, {.account = *account},
        [this, what = std::move(what)](const Answerer &to, const PortfolioAnswer &portfolio) {
            const auto outcome = whatIf(portfolio.past->portfolio, portfolio.valuation, what);
            if (!outcome) {
                fail(to, outcome.error());
                return;
            }
            JsonWriter json;
            json.beginObject();
            writeState(json, "now", portfolio.valuation, m_market);
            writeState(json, "then", outcome->valuation, m_market);
            json.key("positions").beginArray();
            for (const auto &position : outcome->valuation.positions())
                writeValuedPosition(json, position, outcome->valuation, m_market);
            json.endArray();
            writeAllocation(json, outcome->valuation, m_market);
            json.endObject();
            succeed(to, 200, whatIfRead, json.text());
        });
}

} // namespace khop::server
