// SPDX-License-Identifier: GPL-3.0-or-later
// What committed groups change, for the subscribers of /ws/v1.
#include "server/api/records_json.h"
#include "server/ws/stream_hub.h"

#include <algorithm>
#include <unordered_set>

namespace khop::server {

namespace {

// Levels that differ, with their quantity now: 0 when they are gone.
void writeChanges(JsonWriter &json, const std::vector<BookLevel> &before,
                  const std::vector<BookLevel> &now, const Instrument &instrument,
                  const MarketView &market)
{
    const auto find = [](const std::vector<BookLevel> &levels, Price price) {
        return std::find_if(levels.begin(), levels.end(),
                            [price](const BookLevel &level) { return level.price == price; });
    };
    const auto change = [&](Price price, Quantity quantity) {
        json.beginObject()
            .field("price", market.price(instrument, price))
            .field("quantity", market.quantity(instrument, quantity))
            .endObject();
    };
    json.beginArray();
    for (const BookLevel &level : before) {
        if (find(now, level.price) == now.end())
            change(level.price, Quantity{});
    }
    for (const BookLevel &level : now) {
        const auto old = find(before, level.price);
        if (old == before.end() || old->quantity != level.quantity)
            change(level.price, level.quantity);
    }
    json.endArray();
}

} // namespace

void StreamHub::flushBooks()
{
    std::unordered_set<InstrumentIndex> changed;
    for (const auto &group : m_groups)
        changed.insert(group->books.begin(), group->books.end());
    for (auto &[index, book] : m_books) {
        const Instrument *instrument = m_api.market().instrument(index);
        if (!changed.contains(index) || !instrument)
            continue;
        BookDepth now = m_service.depth(index, bookLevels);
        if (now.sequence == book.sent.sequence)
            continue;
        JsonWriter json;
        json.beginObject()
            .field("channel", "book")
            .field("type", "delta")
            .field("symbol", book.symbol)
            .numberField("seq", static_cast<std::int64_t>(now.sequence))
            .numberField("prev_seq", static_cast<std::int64_t>(book.sent.sequence));
        json.key("bids");
        writeChanges(json, book.sent.bids, now.bids, *instrument, m_api.market());
        json.key("asks");
        writeChanges(json, book.sent.asks, now.asks, *instrument, m_api.market());
        if (now.indicativePrice)
            writeIndicative(json, now, *instrument, m_api.market());
        else if (book.sent.indicativePrice)
            json.nullField("indicative");
        json.field("session", name(now.phase)).field("timestamp", isoTime(now.time)).endObject();
        book.sent = std::move(now);
        const QByteArray bytes = frame(json.text());
        for (auto &[socket, client] : m_clients) {
            if (!client->books.contains(index) || !client->wire)
                continue;
            if (client->wire->bytesToWrite() > lagging)
                client->missed.insert(index);
            else if (client->missed.contains(index))
                sendBookSnapshot(*client, index);
            else
                write(*client, bytes);
        }
    }
    for (auto &[socket, client] : m_clients) {
        if (client->kind == Kind::BookFeed && client->caller
            && changed.contains(client->instrument))
            sendBookFeed(*client);
    }
}

void StreamHub::flushTrades()
{
    std::map<InstrumentIndex, std::vector<const TradeRecord *>> trades;
    for (const auto &group : m_groups) {
        for (const TradeRecord &trade : group->trades)
            trades[trade.instrument].push_back(&trade);
    }
    const Time now = m_service.now();
    for (const auto &[index, list] : trades) {
        const Instrument *instrument = m_api.market().instrument(index);
        if (!instrument)
            continue;
        const auto encode = [&, &rows = list](AccountNo viewer) {
            JsonWriter json;
            json.beginObject()
                .field("channel", "trades")
                .field("type", "update")
                .field("symbol", instrument->symbol);
            json.key("trades").beginArray();
            for (const TradeRecord *trade : rows)
                writeTrade(json, *trade, m_api.market(), viewer, false, now);
            json.endArray().endObject();
            return frame(json.text());
        };
        QByteArray common;
        for (auto &[socket, client] : m_clients) {
            if (client->kind == Kind::TradeFeed && client->caller && client->instrument == index)
                sendTradeFeed(*client, list);
            if (!client->trades.contains(index))
                continue;
            // Only the parties of a trade see their order ids in it.
            const AccountNo viewer = client->caller->account;
            const bool party =
                std::any_of(list.begin(), list.end(), [viewer](const TradeRecord *trade) {
                    return trade->buyAccount == viewer || trade->sellAccount == viewer;
                });
            if (!party && common.isEmpty())
                common = encode(0);
            write(*client, party ? encode(viewer) : common);
        }
    }
}

void StreamHub::flushOrders()
{
    for (auto &[socket, client] : m_clients) {
        if (!client->orders)
            continue;
        for (const auto &group : m_groups) {
            if (group->sequence <= client->ordersSeq)
                continue;
            JsonWriter orders;
            orders.beginArray();
            bool any = false;
            for (const OrderRecord &order : group->orders) {
                if (order.account != client->caller->account)
                    continue;
                writeOrder(orders, order, m_api.market());
                any = true;
            }
            orders.endArray();
            if (!any)
                continue;
            JsonWriter json;
            json.beginObject()
                .field("channel", "orders")
                .field("type", "update")
                .numberField("seq", static_cast<std::int64_t>(group->sequence))
                .numberField("prev_seq", static_cast<std::int64_t>(client->ordersSeq));
            json.key("orders").raw(orders.text()).endObject();
            client->ordersSeq = group->sequence;
            send(*client, json.text());
        }
    }
}

} // namespace khop::server
