// SPDX-License-Identifier: GPL-3.0-or-later
// What committed groups change, for the subscribers of /ws/v1.
#include "server/api/quote_json.h"
#include "server/api/records_json.h"
#include "server/ws/stream_hub.h"

#include <algorithm>

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

void StreamHub::flush()
{
    const std::int64_t begun = HttpListener::now();
    std::set<InstrumentIndex> changed;
    const bool books = !m_books.empty() || !m_bookFeeds.empty()
                       || !m_readers[static_cast<std::size_t>(Channel::Quotes)].empty();
    if (books) {
        for (const auto &group : m_groups)
            changed.insert(group->books.begin(), group->books.end());
    }
    flushPrivate();
    flushTrades();
    flushSessions();
    flushBooks(changed);
    flushQuotes(changed);
    m_groups.clear();
    flushWrites();
    m_flushCost = HttpListener::now() - begun;
}

StreamHub::Book &StreamHub::bookOf(InstrumentIndex instrument)
{
    const auto [found, added] = m_books.try_emplace(instrument);
    if (added) {
        found->second.sent = m_service.depth(instrument, bookLevels);
        found->second.symbol = m_api.market().instrument(instrument)->symbol;
    }
    return found->second;
}

// A snapshot is of the state the other readers have been sent, so that the next delta fits both.
void StreamHub::sendBookSnapshot(Client &client, InstrumentIndex instrument)
{
    const Book &book = bookOf(instrument);
    const Instrument *traded = m_api.market().instrument(instrument);
    if (!traded)
        return;
    JsonWriter json;
    json.beginObject()
        .field("channel", "book")
        .field("type", "snapshot")
        .field("symbol", book.symbol)
        .numberField("seq", static_cast<std::int64_t>(book.sent.sequence));
    json.key("bids");
    writeLevels(json, book.sent.bids, bookLevels, *traded, m_api.market());
    json.key("asks");
    writeLevels(json, book.sent.asks, bookLevels, *traded, m_api.market());
    writeIndicative(json, book.sent, *traded, m_api.market());
    json.field("session", name(book.sent.phase))
        .field("timestamp", isoTime(book.sent.time))
        .endObject();
    client.missedBooks.erase(instrument);
    send(client, json.text());
}

void StreamHub::flushBooks(const std::set<InstrumentIndex> &changed)
{
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
        const std::string bytes = frame(json.text());
        for (Client *client : readers(Channel::Book, index)) {
            if (isLagging(*client))
                client->missedBooks.insert(index);
            else if (client->missedBooks.contains(index))
                sendBookSnapshot(*client, index);
            else
                write(*client, bytes);
        }
    }
    for (auto &[index, clients] : m_bookFeeds) {
        if (!changed.contains(index))
            continue;
        for (Client *client : clients) {
            if (client->caller)
                sendBookFeed(*client);
        }
    }
}

std::string StreamHub::quoteFrame(InstrumentIndex instrument, std::string_view type)
{
    const Instrument *traded = m_api.market().instrument(instrument);
    if (!traded)
        return {};
    const Quote quote = m_service.quote(instrument);
    const MarketView &market = m_api.market();
    JsonWriter json;
    json.beginObject().field("channel", "quotes").field("type", type);
    json.numberField("seq", static_cast<std::int64_t>(quote.sequence));
    writeQuote(json, quote, *traded, market);
    json.field("timestamp", isoTime(m_service.now())).endObject();
    return frame(json.text());
}

void StreamHub::sendQuote(Client &client, InstrumentIndex instrument)
{
    client.missedQuotes.erase(instrument);
    write(client, quoteFrame(instrument, "snapshot"));
}

void StreamHub::flushQuotes(const std::set<InstrumentIndex> &changed)
{
    for (const auto &[index, clients] : m_readers[static_cast<std::size_t>(Channel::Quotes)]) {
        if (!changed.contains(index))
            continue;
        const std::string bytes = quoteFrame(index, "update");
        for (Client *client : clients) {
            if (isLagging(*client))
                client->missedQuotes.insert(index);
            else
                write(*client, bytes);
        }
    }
}

void StreamHub::flushTrades()
{
    const auto &subscribed = m_readers[static_cast<std::size_t>(Channel::Trades)];
    if (subscribed.empty() && m_tradeFeeds.empty())
        return;
    std::map<InstrumentIndex, std::vector<const TradeRecord *>> trades;
    for (const auto &group : m_groups) {
        for (const TradeRecord &trade : group->trades) {
            if (subscribed.contains(trade.instrument) || m_tradeFeeds.contains(trade.instrument))
                trades[trade.instrument].push_back(&trade);
        }
    }
    for (const auto &[index, list] : trades) {
        if (const auto found = m_tradeFeeds.find(index); found != m_tradeFeeds.end()) {
            for (Client *client : found->second) {
                if (client->caller)
                    sendTradeFeed(*client, list);
            }
        }
        if (const auto found = subscribed.find(index); found != subscribed.end())
            sendTrades(found->second, list);
    }
}

// Only the parties of a trade see their order ids in it.
void StreamHub::sendTrades(const Clients &clients, const std::vector<const TradeRecord *> &trades)
{
    const Instrument *instrument = m_api.market().instrument(trades.front()->instrument);
    if (!instrument)
        return;
    const Time now = m_service.now();
    const auto encode = [&](AccountNo viewer) {
        JsonWriter json;
        json.beginObject()
            .field("channel", "trades")
            .field("type", "update")
            .field("symbol", instrument->symbol);
        json.key("trades").beginArray();
        for (const TradeRecord *trade : trades)
            writeTrade(json, *trade, m_api.market(), viewer, false, now);
        json.endArray().endObject();
        return frame(json.text());
    };
    std::map<AccountNo, std::string> frames; // by party; 0: everybody else
    for (const TradeRecord *trade : trades) {
        frames.try_emplace(trade->buyAccount);
        frames.try_emplace(trade->sellAccount);
    }
    for (Client *client : clients) {
        const AccountNo account = client->caller->account;
        const AccountNo viewer = frames.contains(account) ? account : 0;
        std::string &bytes = frames[viewer];
        if (bytes.empty())
            bytes = encode(viewer);
        write(*client, bytes);
    }
}

void StreamHub::sendSession(Client &client, Exchange exchange, std::string_view type)
{
    JsonWriter session;
    writeSession(session, m_service.session(exchange));
    JsonWriter json;
    json.beginObject().field("channel", "session").field("type", type);
    json.key("session").raw(session.text()).endObject();
    send(client, json.text());
}

void StreamHub::flushSessions()
{
    std::set<Exchange> changed;
    for (const auto &group : m_groups) {
        for (const SessionChange &change : group->sessions)
            changed.insert(change.exchange);
    }
    if (changed.empty())
        return;
    for (const auto &[no, client] : m_clients) {
        for (const Exchange exchange : changed) {
            if (client->session)
                sendSession(*client, exchange, "update");
        }
    }
}

} // namespace khop::server
