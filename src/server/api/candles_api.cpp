// SPDX-License-Identifier: GPL-3.0-or-later
// Candles of what was traded on this desk, and indices.
#include "server/api/api.h"

#include "base/utf8.h"
#include "server/json/writer.h"

#include <array>

namespace khop::server {

namespace {

constexpr Text candlesRead{"The candles.", "Biểu đồ nến."};
constexpr Text indicesRead{"The indices.", "Danh sách chỉ số."};

struct Interval {
    std::string_view name;
    std::int64_t milliseconds;
    int days; // that are shown unless asked otherwise
};
constexpr std::array intervals{
    Interval{"1m", 60'000, 1},     Interval{"5m", 300'000, 1},
    Interval{"15m", 900'000, 5},   Interval{"30m", 1'800'000, 5},
    Interval{"1h", 3'600'000, 20}, Interval{"1D", millisecondsPerDay, 366}};

} // namespace

void Api::listCandles(Call &call)
{
    if (!allowOnly(call,
                   {"symbol", "asset_id", "interval", "from", "to", "limit", "adjusted", "desk"})
        || !practiceDesk(call))
        return;
    bool refused = false;
    const Instrument *instrument = symbolParameter(call, true, refused);
    if (refused)
        return;
    const std::string_view asked = call.query.get("interval").value_or("1m");
    const auto interval = std::ranges::find(intervals, asked, &Interval::name);
    if (interval == intervals.end()) {
        failQuery(call.to, Error{Code::VALIDATION_ERROR, "interval", shortened(asked, 16),
                                 "1m, 5m, 15m, 30m, 1h, 1D"});
        return;
    }
    const auto adjusted = flagParameter(call, "adjusted");
    const auto limit = adjusted ? wholeParameter(call, "limit", 1, 1'000, 500) : std::nullopt;
    if (!limit)
        return;
    if (*adjusted) {
        failQuery(call.to, Error{Code::NOT_IMPLEMENTED, "adjusted"});
        return;
    }
    const auto from = timeFilter(call.query, {"from"}, false);
    const auto to = timeFilter(call.query, {"to"}, true);
    if (!from || !to) {
        failQuery(call.to, from ? to.error() : from.error());
        return;
    }
    CandleQuery query;
    query.instrument = instrument->index;
    query.interval = interval->milliseconds;
    query.to = to->value_or(m_service.now() + 1);
    query.from = from->value_or(vietnamTime(vietnamDate(query.to + -1) + -(interval->days - 1), 0));
    query.limit = static_cast<std::size_t>(*limit);
    m_service.queryCandles(
        query, here<std::vector<TradedCandle>>(
                   [this, whom = call.to, index = instrument->index,
                    name = interval->name](Result<std::vector<TradedCandle>> candles) {
                       const Instrument *traded = m_market.instrument(index);
                       if (!candles || !traded) {
                           fail(whom, candles ? Error{Code::INSTRUMENT_UNKNOWN} : candles.error());
                           return;
                       }
                       JsonWriter json;
                       json.beginObject().field("symbol", traded->symbol).field("interval", name);
                       json.key("candles").beginArray();
                       for (const TradedCandle &candle : *candles) {
                           json.beginObject()
                               .field("time", isoTime(candle.time))
                               .field("open", m_market.price(*traded, candle.open))
                               .field("high", m_market.price(*traded, candle.high))
                               .field("low", m_market.price(*traded, candle.low))
                               .field("close", m_market.price(*traded, candle.close))
                               .field("volume", m_market.quantity(*traded, candle.volume))
                               .field("value", m_market.money(traded->currency, candle.value))
                               .numberField("trades", static_cast<std::int64_t>(candle.trades))
                               .endObject();
                       }
                       json.endArray()
                           .numberField("total_count", static_cast<std::int64_t>(candles->size()))
                           .endObject();
                       succeed(whom, 200, candlesRead, json.text());
                   }));
}

/// The practice desk keeps none: they come with a feed.
void Api::listIndices(Call &call)
{
    if (!allowOnly(call, {"desk"}) || !practiceDesk(call))
        return;
    JsonWriter json;
    json.beginObject().key("indices").beginArray().endArray();
    json.numberField("total_count", 0).endObject();
    succeed(call.to, 200, indicesRead, json.text());
}

} // namespace khop::server
