// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's records as the API writes them. Shared by REST and WebSocket.
#pragma once

#include "engine/records.h"
#include "server/api/market_view.h"
#include "server/json/writer.h"

namespace khop::server {

/// The name an order goes by: the one it was given under, else its type's own.
std::string_view orderTypeText(const OrderRecord &order);

void writeOrder(JsonWriter &json, const OrderRecord &order, const MarketView &market);
void writeExecution(JsonWriter &json, const ExecutionRecord &execution, const MarketView &market);
/// Order ids are shown to `viewer` only where the order is its own; 0 sees none.
void writeTrade(JsonWriter &json, const TradeRecord &trade, const MarketView &market,
                AccountNo viewer, bool seesAll, Time now);
void writeBook(JsonWriter &json, const BookDepth &depth, const MarketView &market);
void writeLevels(JsonWriter &json, const std::vector<BookLevel> &levels, std::size_t most,
                 const Instrument &instrument, const MarketView &market);
void writeInstrument(JsonWriter &json, const Instrument &instrument, const Quote &quote,
                     const MarketView &market);
void writePutThrough(JsonWriter &json, const PutThroughRecord &deal, const MarketView &market);
void writePosition(JsonWriter &json, const Position &position, const Quote &quote,
                   const MarketView &market);
void writeBalance(JsonWriter &json, const Balance &balance, const MarketView &market);
void writeSession(JsonWriter &json, const SessionState &session);

} // namespace khop::server
