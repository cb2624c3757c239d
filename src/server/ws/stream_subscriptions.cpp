// SPDX-License-Identifier: GPL-3.0-or-later
// What a client of /ws/v1 wants to be told: channels, symbols, fresh snapshots.
#include "base/decimal.h"
#include "base/utf8.h"
#include "server/ws/stream_hub.h"

#include <algorithm>

namespace khop::server {

namespace {

constexpr std::array<std::string_view, 8> channelNames = {
    "book", "trades", "quotes", "session", "orders", "executions", "positions", "cash"};
constexpr const char *channelList =
    "book, trades, quotes, session, orders, executions, positions, cash";
constexpr std::size_t mostSymbols = 200;      // of one message
constexpr std::size_t mostSubscribed = 2'000; // of one connection and channel

} // namespace

std::optional<StreamHub::Channel> StreamHub::channelFromName(std::string_view name)
{
    const auto found = std::find(channelNames.begin(), channelNames.end(), name);
    if (found == channelNames.end())
        return std::nullopt;
    return static_cast<Channel>(found - channelNames.begin());
}

std::string_view StreamHub::nameOf(Channel channel)
{
    return channelNames[static_cast<std::size_t>(channel)];
}

std::optional<StreamHub::Channel> StreamHub::readChannel(Client &client, const JsonValue &message)
{
    const std::optional<JsonValue> value = message.find("channel");
    const std::string_view text = value && value->isString() ? value->text() : std::string_view{};
    const std::optional<Channel> channel = channelFromName(text);
    if (!channel)
        fail(client, &message,
             Error{Code::VALIDATION_ERROR, "channel", shortened(text, 32), channelList});
    return channel;
}

std::optional<std::vector<InstrumentIndex>> StreamHub::readSymbols(Client &client,
                                                                   const JsonValue &message)
{
    std::vector<InstrumentIndex> instruments;
    const std::optional<JsonValue> symbols = message.find("symbols");
    if (!symbols || !symbols->isArray() || symbols->size() == 0 || symbols->size() > mostSymbols) {
        fail(client, &message,
             Error{Code::VALIDATION_ERROR, "symbols", {}, "an array of 1 to 200 symbols"});
        return std::nullopt;
    }
    for (std::optional<JsonValue> item = symbols->first(); item; item = item->next()) {
        const Instrument *instrument =
            item->isString() ? m_api.market().find(item->text()) : nullptr;
        if (!instrument) {
            fail(client, &message,
                 Error{Code::INSTRUMENT_UNKNOWN, "symbols", shortened(item->text(), 32)});
            return std::nullopt;
        }
        instruments.push_back(instrument->index);
    }
    return instruments;
}

void StreamHub::onSubscribe(Client &client, const JsonValue &message, bool on)
{
    if (!hasOnly(client, message,
                 {"op", "type", "id", "channel", "symbols", "desk", "since_seq", "account_id"}))
        return;
    if (const std::optional<JsonValue> desk = message.find("desk");
        desk && desk->text() != "practice") {
        const bool live = desk->isString() && desk->text() == "live";
        fail(client, &message,
             Error{live ? Code::VENUE_UNAVAILABLE : Code::VALIDATION_ERROR, "desk",
                   shortened(desk->text(), 16), "practice, live"});
        return;
    }
    const std::optional<Channel> channel = readChannel(client, message);
    if (!channel)
        return;
    const bool isPrivate = static_cast<int>(*channel) >= firstPrivate;
    const bool ofSymbols = !isPrivate && *channel != Channel::Session;
    for (const std::string_view member : {"since_seq", "account_id", "symbols"}) {
        const bool wanted = member == "symbols" ? ofSymbols : isPrivate;
        if (!wanted && message.find(member)) {
            fail(client, &message, Error{Code::UNKNOWN_FIELD, std::string(member)});
            return;
        }
    }
    if (isPrivate) {
        subscribePrivate(client, message, *channel, on);
        return;
    }
    std::vector<InstrumentIndex> instruments;
    if (ofSymbols) {
        auto symbols = readSymbols(client, message);
        if (!symbols)
            return;
        instruments = std::move(*symbols);
        if (on
            && client.topics[static_cast<std::size_t>(*channel)].size() + instruments.size()
                   > mostSubscribed) {
            fail(client, &message,
                 Error{Code::VALIDATION_ERROR, "symbols", {}, "at most 2000 of a channel"});
            return;
        }
    }
    reply(client, &message, "ack", "\"channel\":\"" + std::string(nameOf(*channel)) + '"');
    if (!ofSymbols) {
        const bool before = std::exchange(client.session, on);
        for (int i = 0; on && !before && i < exchangeCount; ++i)
            sendSession(client, static_cast<Exchange>(i), "snapshot");
        return;
    }
    for (const InstrumentIndex instrument : instruments)
        subscribeTopic(client, *channel, instrument, on);
}

void StreamHub::subscribeTopic(Client &client, Channel channel, InstrumentIndex instrument, bool on)
{
    auto &topics = client.topics[static_cast<std::size_t>(channel)];
    if (on) {
        if (!topics.insert(instrument).second)
            return;
        readers(channel, instrument).push_back(&client);
        if (channel == Channel::Book)
            sendBookSnapshot(client, instrument);
        else if (channel == Channel::Quotes)
            sendQuote(client, instrument);
        return;
    }
    if (topics.erase(instrument) == 0)
        return;
    auto &all = m_readers[static_cast<std::size_t>(channel)];
    const auto found = all.find(instrument);
    std::erase(found->second, &client);
    if (!found->second.empty())
        return;
    all.erase(found);
    if (channel == Channel::Book)
        m_books.erase(instrument);
}

void StreamHub::subscribePrivate(Client &client, const JsonValue &message, Channel channel, bool on)
{
    AccountNo account = client.caller->account;
    if (const std::optional<JsonValue> value = message.find("account_id")) {
        const Caller::Own *own =
            client.caller->own(value->isString() ? Uuid::parse(value->text()) : std::nullopt);
        if (!own) {
            fail(client, &message, Error{Code::FORBIDDEN, "account_id"});
            return;
        }
        account = own->no;
    }
    std::optional<std::uint64_t> since;
    if (const std::optional<JsonValue> value = message.find("since_seq");
        value && !value->isNull()) {
        const auto number = value->isNumber() ? parseDecimal(value->text(), 0) : std::nullopt;
        if (!number || *number < 0) {
            fail(client, &message,
                 Error{Code::VALIDATION_ERROR, "since_seq", shortened(value->text(), 32),
                       "a whole number of at least 0"});
            return;
        }
        since = static_cast<std::uint64_t>(*number);
    }
    PrivateFeed &feed = client.feeds[static_cast<std::size_t>(channel)];
    std::erase_if(client.replays, [channel](const Replay &replay) {
        return replay.channel == channel && !replay.underWay;
    });
    unwatch(client, channel);
    reply(client, &message, "ack", "\"channel\":\"" + std::string(nameOf(channel)) + '"');
    if (!on)
        return;
    feed = {true, account, m_sequence};
    watchers(channel)[account].push_back(&client);
    startReplay(client, channel, since);
}

void StreamHub::unwatch(Client &client, Channel channel)
{
    PrivateFeed &feed = client.feeds[static_cast<std::size_t>(channel)];
    if (!std::exchange(feed.on, false))
        return;
    const auto found = watchers(channel).find(feed.account);
    std::erase(found->second, &client);
    if (found->second.empty())
        watchers(channel).erase(found);
}

void StreamHub::onResync(Client &client, const JsonValue &message)
{
    if (!hasOnly(client, message, {"op", "type", "id", "channel", "symbols"}))
        return;
    const std::optional<Channel> channel = readChannel(client, message);
    if (!channel)
        return;
    if (*channel != Channel::Book && *channel != Channel::Quotes) {
        fail(client, &message,
             Error{Code::VALIDATION_ERROR, "channel", std::string(nameOf(*channel)),
                   "book, quotes"});
        return;
    }
    const auto instruments = readSymbols(client, message);
    if (!instruments)
        return;
    const auto &topics = client.topics[static_cast<std::size_t>(*channel)];
    for (const InstrumentIndex instrument : *instruments) {
        if (!topics.contains(instrument)) {
            fail(client, &message,
                 Error{Code::VALIDATION_ERROR, "symbols",
                       m_api.market().instrument(instrument)->symbol, "subscribed symbols"});
            return;
        }
    }
    reply(client, &message, "ack", "\"channel\":\"" + std::string(nameOf(*channel)) + '"');
    for (const InstrumentIndex instrument : *instruments) {
        if (*channel == Channel::Book)
            sendBookSnapshot(client, instrument);
        else
            sendQuote(client, instrument);
    }
}

} // namespace khop::server
