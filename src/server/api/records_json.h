// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's records as the API writes them. Shared by REST and WebSocket.
#pragma once

#include "engine/records.h"
#include "engine/trading_service.h"
#include "server/api/market_view.h"
#include "server/api/query.h"
#include "server/json/writer.h"

namespace khop::server {

/// The name an order goes by: the one it was given under, else its type's own.
std::string_view orderTypeText(const OrderRecord &order);

/// The rows of a page as an array called `name`, each by `write`, and the members that tell of the rest.
template <class Row, class Write>
void writePage(JsonWriter &json, std::string_view name, const Page<Row> &page, Write write)
{
    json.key(name).beginArray();
    for (const Row &row : page.rows)
        write(row);
    json.endArray();
    json.numberField("total_count", static_cast<std::int64_t>(page.total))
        .field("has_more", page.more);
    json.optionalField("next_cursor", page.more && !page.rows.empty()
                                          ? std::optional(Paging::cursor(page.rows.back().no))
                                          : std::nullopt);
}

void writeOrder(JsonWriter &json, const OrderRecord &order, const MarketView &market);
void writeExecution(JsonWriter &json, const ExecutionRecord &execution, const MarketView &market);
/// Order ids are shown to `viewer` only where the order is its own; 0 sees none.
void writeTrade(JsonWriter &json, const TradeRecord &trade, const MarketView &market,
                AccountNo viewer, bool seesAll, Time now);
void writeBook(JsonWriter &json, const BookDepth &depth, const MarketView &market);
/// The member "indicative" of an auction that would match; nothing otherwise.
void writeIndicative(JsonWriter &json, const BookDepth &depth, const Instrument &instrument,
                     const MarketView &market);
void writeLevels(JsonWriter &json, const std::vector<BookLevel> &levels, std::size_t most,
                 const Instrument &instrument, const MarketView &market);
void writeInstrument(JsonWriter &json, const Instrument &instrument, const Quote &quote,
                     const MarketView &market);
void writePutThrough(JsonWriter &json, const PutThroughRecord &deal, const MarketView &market);
/// What an account has of an instrument, from symbol to pending_t2, into an object that is open.
void writeHolding(JsonWriter &json, const Position &position, const Instrument &instrument,
                  const MarketView &market);
void writeBalance(JsonWriter &json, const Balance &balance, const MarketView &market);
void writeSession(JsonWriter &json, const SessionState &session);

} // namespace khop::server
