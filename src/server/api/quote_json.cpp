// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/quote_json.h"

#include "base/decimal.h"
#include "base/wide.h"
#include "server/api/records_json.h"

namespace khop::server {

namespace {

constexpr std::size_t shownLevels = 3; // as on the exchanges' boards

} // namespace

void writeQuote(JsonWriter &json, const Quote &quote, const Instrument &instrument,
                const MarketView &market)
{
    const auto price = [&](std::string_view name, const std::optional<Price> &value) {
        if (value)
            json.field(name, market.price(instrument, *value));
        else
            json.nullField(name);
    };
    const auto banded = [&](Price bound) {
        return instrument.banded ? std::optional(bound) : std::nullopt;
    };
    json.field("symbol", instrument.symbol)
        .field("market", name(instrument.exchange))
        .field("currency", instrument.currency);
    price("reference", quote.reference);
    price("ceiling", banded(quote.ceiling));
    price("floor", banded(quote.floor));
    price("open", quote.open);
    price("high", quote.high);
    price("low", quote.low);
    price("last", quote.last);
    price("change", quote.last ? std::optional(Price(quote.last->raw() - quote.reference.raw()))
                               : std::nullopt);
    json.field("last_quantity", market.quantity(instrument, quote.lastQuantity))
        .field("volume", market.quantity(instrument, quote.volume))
        .field("value", market.money(instrument.currency, quote.value));
    json.key("bids");
    writeLevels(json, quote.bids, shownLevels, instrument, market);
    json.key("asks");
    writeLevels(json, quote.asks, shownLevels, instrument, market);
    price("indicative_price", quote.indicativePrice);
    json.field("indicative_quantity", market.quantity(instrument, quote.indicativeVolume))
        .field("session", name(quote.phase))
        .field("halted", quote.halted)
        .field("active", quote.active);
    if (quote.foreignRoom)
        json.field("foreign_room", market.quantity(instrument, *quote.foreignRoom));
    else
        json.nullField("foreign_room");
}

} // namespace khop::server
