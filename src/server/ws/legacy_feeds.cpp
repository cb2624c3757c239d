// SPDX-License-Identifier: GPL-3.0-or-later
// The feeds of the original services: /ws/trades and /ws/orderbook, with JSON numbers.
#include "server/api/records_json.h"
#include "server/ws/stream_hub.h"

namespace khop::server {

namespace {

constexpr std::size_t recentTrades = 20;

} // namespace

void StreamHub::sendTradeFeed(Client &client, const std::vector<const TradeRecord *> &trades)
{
    const Instrument *instrument = m_api.market().instrument(client.instrument);
    if (!instrument)
        return;
    const AccountNo viewer = client.caller->account;
    JsonWriter json;
    json.beginObject().key("trades").beginArray();
    for (const TradeRecord *trade : trades) {
        json.beginObject().field("trade_id", trade->id.text());
        json.key("price").raw(m_api.market().price(*instrument, trade->price));
        json.key("quantity").raw(m_api.market().quantity(*instrument, trade->quantity));
        json.field("execution_timestamp", isoTime(trade->time));
        json.optionalField("bid_order_id", trade->buyAccount != 0 && trade->buyAccount == viewer
                                               ? std::optional(trade->buyOrderId.text())
                                               : std::nullopt);
        json.optionalField("ask_order_id", trade->sellAccount != 0 && trade->sellAccount == viewer
                                               ? std::optional(trade->sellOrderId.text())
                                               : std::nullopt);
        json.endObject();
    }
    json.endArray().endObject();
    send(client, json.text());
}

void StreamHub::sendRecentTrades(Client &client)
{
    if (isLagging(client))
        return;
    TradeQuery query;
    query.instrument = client.instrument;
    query.limit = recentTrades;
    m_service.queryTrades(
        query, [mailbox = m_api.mailbox(), this, no = client.no](Result<Page<TradeRecord>> rows) {
            mailbox->post([this, no, rows = std::move(rows)] {
                const auto found = m_clients.find(no);
                if (!rows || found == m_clients.end())
                    return;
                std::vector<const TradeRecord *> trades;
                for (const TradeRecord &trade : rows->rows)
                    trades.push_back(&trade);
                sendTradeFeed(*found->second, trades);
            });
        });
}

void StreamHub::sendBookFeed(Client &client)
{
    const Instrument *instrument = m_api.market().instrument(client.instrument);
    if (!instrument || isLagging(client))
        return;
    const BookDepth depth = m_service.depth(client.instrument, client.depth);
    JsonWriter json;
    const auto side = [&](const char *name, const std::vector<BookLevel> &levels) {
        json.key(name).beginArray();
        for (const BookLevel &level : levels) {
            json.beginObject();
            json.key("price").raw(m_api.market().price(*instrument, level.price));
            json.key("quantity").raw(m_api.market().quantity(*instrument, level.quantity));
            json.endObject();
        }
        json.endArray();
    };
    json.beginObject();
    side("bids", depth.bids);
    side("asks", depth.asks);
    json.endObject();
    send(client, json.text());
}

} // namespace khop::server
