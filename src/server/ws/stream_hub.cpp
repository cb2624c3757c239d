// SPDX-License-Identifier: GPL-3.0-or-later
// Connections of streams: taken, heard, answered, closed.
#include "server/ws/stream_hub.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/utf8.h"
#include "server/json/writer.h"

#include <QtNetwork/qtcpsocket.h>

#include <algorithm>

namespace khop::server {

namespace {

constexpr qint64 lost = 4 * 1024 * 1024;
constexpr int mostUnknown = 256; // connections that have not said who they are
constexpr std::int64_t authTime = 5'000;
constexpr std::int64_t pingInterval = 20'000;
constexpr std::int64_t silenceLimit = 60'000;
constexpr int messagesPerSecond = 100;
constexpr std::size_t longestId = 64;

std::string_view streamName(std::string_view path)
{
    if (path.starts_with("/api/v1/"))
        path.remove_prefix(7);
    if (path.size() > 1 && path.back() == '/')
        path.remove_suffix(1);
    return path;
}

} // namespace

StreamHub::StreamHub(TradingService &service, Api &api, std::string defaultSymbol,
                     std::atomic<std::int64_t> &open)
    : m_service(service)
    , m_api(api)
    , m_defaultSymbol(std::move(defaultSymbol))
    , m_open(open)
    , m_sequence(service.health().sequence)
{
    m_times.emplace_back(m_sequence, m_service.now());
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setTimerType(Qt::PreciseTimer);
    m_replayTimer.setSingleShot(true);
    connect(&m_flushTimer, &QTimer::timeout, this, &StreamHub::flush);
    connect(&m_sweepTimer, &QTimer::timeout, this, qOverload<>(&StreamHub::sweep));
    connect(&m_replayTimer, &QTimer::timeout, this, [this] {
        for (auto &[no, client] : m_clients)
            pumpReplay(*client);
        flushWrites();
    });
    m_sweepTimer.start(1'000);
}

StreamHub::~StreamHub() { closeAll(); }

bool StreamHub::isStream(std::string_view path)
{
    const std::string_view stream = streamName(path);
    return stream == "/ws/v1" || stream == "/ws/trades" || stream == "/ws/orderbook";
}

Result<void> StreamHub::expect(const StreamRequest &request)
{
    const std::string_view stream = streamName(request.path);
    auto expected = std::make_unique<Expected>();
    Client &client = expected->client;
    client.kind = stream == "/ws/v1"       ? Kind::Protocol
                  : stream == "/ws/trades" ? Kind::TradeFeed
                                           : Kind::BookFeed;
    client.caller = request.caller;
    client.token = request.token;
    client.tokenEpoch = m_api.tokenEpoch();
    client.language = request.language;
    expected->key = request.key;
    if (m_clients.size() >= static_cast<std::size_t>(mostClients))
        return refuse(Code::OVERLOADED);
    if (client.kind != Kind::Protocol) {
        const std::string_view wanted =
            request.symbol.empty() ? std::string_view(m_defaultSymbol) : request.symbol;
        if (wanted.empty())
            return refuse(Code::REQUIRED, "symbol");
        const Instrument *instrument = m_api.market().find(wanted);
        if (!instrument)
            return refuse(Code::INSTRUMENT_UNKNOWN, "symbol", shortened(wanted, 32));
        client.instrument = instrument->index;
    }
    if (!request.depth.empty()) {
        const auto levels = parseDecimal(request.depth, 0);
        if (!levels || *levels < 1 || *levels > static_cast<std::int64_t>(bookLevels))
            return refuse(Code::VALIDATION_ERROR, "depth", shortened(request.depth, 16), "1…50");
        client.depth = static_cast<std::size_t>(*levels);
    }
    m_next = std::move(expected);
    return {};
}

void StreamHub::take(QTcpSocket *socket)
{
    const std::unique_ptr<Expected> expected = std::move(m_next);
    auto taken = std::make_unique<Client>(std::move(expected->client));
    Client &client = *taken;
    client.no = m_nextClient++;
    client.heard = client.pinged = client.since = HttpListener::now();
    m_clients.emplace(client.no, std::move(taken));
    m_open.store(clientCount());
    StreamSocket::Callbacks callbacks;
    callbacks.text = [this, &client](std::string_view text) { onText(client, text); };
    callbacks.ping = [this, &client] {
        client.dirty = true;
        m_dirty.push_back(client.no);
        admit(client);
    };
    callbacks.pong = [&client] { client.heard = HttpListener::now(); };
    callbacks.read = [this] { flushWrites(); };
    callbacks.gone = [this, no = client.no] { remove(no); };
    client.socket = new StreamSocket(socket, expected->key, std::move(callbacks), this);
    if (client.kind == Kind::BookFeed)
        m_bookFeeds[client.instrument].push_back(&client);
    else if (client.kind == Kind::TradeFeed)
        m_tradeFeeds[client.instrument].push_back(&client);
    if (client.caller) {
        start(client);
        flushWrites();
        return;
    }
    // Strangers that keep silent make room for those who come after them.
    Client *oldest = nullptr;
    int unknown = 0;
    for (const auto &[no, other] : m_clients) {
        if (other->caller || other->socket->isClosing())
            continue;
        ++unknown;
        if (!oldest || other->no < oldest->no)
            oldest = other.get();
    }
    if (unknown > mostUnknown)
        close(*oldest, closeTimeout, "no auth in time");
}

void StreamHub::remove(std::uint64_t no)
{
    const auto found = m_clients.find(no);
    if (found == m_clients.end())
        return;
    Client &client = *found->second;
    for (const Channel channel : {Channel::Book, Channel::Trades, Channel::Quotes}) {
        const auto topics = client.topics[static_cast<std::size_t>(channel)];
        for (const InstrumentIndex instrument : topics)
            subscribeTopic(client, channel, instrument, false);
    }
    for (auto *feeds : {&m_bookFeeds, &m_tradeFeeds}) {
        if (const auto feed = feeds->find(client.instrument); feed != feeds->end())
            std::erase(feed->second, &client);
    }
    for (int channel = firstPrivate; channel < channelCount; ++channel)
        unwatch(client, static_cast<Channel>(channel));
    if (client.cancelsOnDisconnect)
        m_service.submit(CancelAll{client.caller->account, noInstrument},
                         [](const CommandResult &) {});
    client.socket->deleteLater();
    m_clients.erase(found);
    m_open.store(clientCount());
}

void StreamHub::describeClients(JsonWriter &json) const
{
    for (const auto &[no, client] : m_clients) {
        json.beginObject()
            .field("kind", client->kind == Kind::Protocol ? "stream" : "feed")
            .field("peer", client->socket->peer())
            .nullField("requests");
        if (client->caller)
            json.field("username", client->caller->claims.username);
        else
            json.nullField("username");
        json.numberField("waiting_bytes", client->socket->waiting()).endObject();
    }
}

// Not a loss of the clients: nothing of theirs is cancelled.
void StreamHub::closeAll()
{
    m_flushTimer.stop();
    m_sweepTimer.stop();
    m_replayTimer.stop();
    for (auto &[no, client] : m_clients) {
        client->socket->close(closeGoingAway, "the server stops");
        delete client->socket;
    }
    m_clients.clear();
    for (auto &topic : m_readers)
        topic.clear();
    m_bookFeeds.clear();
    m_tradeFeeds.clear();
    for (auto &watchers : m_watchers)
        watchers.clear();
    m_books.clear();
    m_dirty.clear();
    m_open.store(0);
}

void StreamHub::close(Client &client, int code, const char *reason)
{
    client.socket->close(code,
                         reason); // behind what waits; who does not take it in time is cut off
}

std::string StreamHub::frame(std::string_view json)
{
    std::string bytes;
    bytes.reserve(json.size() + 10);
    appendFrame(bytes, Opcode::Text, json);
    return bytes;
}

void StreamHub::write(Client &client, std::string_view frames)
{
    if (client.socket->isClosing())
        return;
    client.socket->send(frames);
    if (!client.dirty) {
        client.dirty = true;
        m_dirty.push_back(client.no);
    }
    if (client.socket->waiting() > lost) {
        client.socket->flush();
        if (client.socket->waiting() > lost)
            close(client, closeTryLater, "too slow");
    }
}

void StreamHub::send(Client &client, std::string_view json) { write(client, frame(json)); }

void StreamHub::flushWrites()
{
    for (const std::uint64_t no : std::exchange(m_dirty, {})) {
        const auto found = m_clients.find(no);
        if (found == m_clients.end())
            continue;
        found->second->dirty = false;
        found->second->socket->flush();
    }
}

/// The message's id as it is sent back, in JSON; empty when it has none.
std::string StreamHub::idOf(const JsonValue &message)
{
    const std::optional<JsonValue> id = message.find("id");
    if (!id || id->isNull())
        return {};
    JsonWriter json;
    if (id->isNumber())
        json.raw(id->text());
    else
        json.string(id->text());
    return json.take();
}

void StreamHub::reply(Client &client, const JsonValue *message, std::string_view type,
                      std::string_view body)
{
    JsonWriter json;
    json.beginObject().field("type", type);
    if (const std::string id = message ? idOf(*message) : std::string(); !id.empty())
        json.key("id").raw(id);
    std::optional<JsonValue> op = message ? message->find("op") : std::nullopt;
    if (op && op->isString())
        json.field("op", op->text().substr(0, longestId));
    std::string text = json.take();
    if (!body.empty())
        text.append(",").append(body);
    send(client, text + '}');
}

void StreamHub::fail(Client &client, const JsonValue *message, const Error &error)
{
    JsonWriter json;
    json.field("code", codeName(error.code)).field("message", sentence(error, client.language));
    reply(client, message, "error", json.text());
}

/// Counts a message; false, and the connection closes, when there are too many.
bool StreamHub::admit(Client &client)
{
    const std::int64_t now = HttpListener::now();
    client.heard = now;
    if (client.second != now / 1000) {
        client.second = now / 1000;
        client.messages = 0;
    }
    if (++client.messages <= messagesPerSecond)
        return true;
    close(client, closeTooMany, "too many messages");
    return false;
}

/// The token or the key of a client may have been revoked since; the connection closes then.
bool StreamHub::stillMay(Client &client)
{
    const std::uint64_t epoch = m_api.tokenEpoch();
    if (client.tokenEpoch == epoch || !client.caller)
        return true;
    Result<std::shared_ptr<const Caller>> caller =
        !client.caller->byKey             ? m_api.callerOf(client.token)
        : m_api.isCurrent(*client.caller) ? Result<std::shared_ptr<const Caller>>(client.caller)
                                          : khop::refuse(Code::INVALID_SIGNATURE);
    if (!caller) {
        close(client, closeUnauthorized, "the token is not valid any more");
        return false;
    }
    client.caller = std::move(*caller);
    client.tokenEpoch = epoch;
    return true;
}

void StreamHub::onText(Client &client, std::string_view text)
{
    if (text == "ping") {
        if (admit(client))
            write(client, frame("pong"));
        return;
    }
    Result<JsonDocument> document = JsonDocument::parsePadded(text);
    if (!document || !document->root().isObject()) {
        if (admit(client))
            fail(client, nullptr,
                 document ? Error{Code::VALIDATION_ERROR, {}, {}, "an object"} : document.error());
        return;
    }
    const JsonValue message = document->root();
    std::optional<JsonValue> op = message.find("op");
    if (!op)
        op = message.find("type");
    const std::string_view verb = op && op->isString() ? op->text() : std::string_view{};
    const bool protocol = client.kind == Kind::Protocol;
    const bool order = protocol && verb.starts_with("order.");
    if (!(order && client.caller) && !admit(client)) // orders are limited by those outstanding
        return;
    const std::optional<JsonValue> id = message.find("id");
    if (id && !id->isNull()
        && ((!id->isString() && !id->isNumber()) || id->text().size() > longestId)) {
        fail(client, nullptr,
             Error{Code::VALIDATION_ERROR, "id", {}, "a number, or text of at most 64 bytes"});
        return;
    }
    if (verb == "ping")
        reply(client, &message, "pong");
    else if (verb == "auth")
        onAuth(client, message);
    else if (!client.caller)
        close(client, closeUnauthorized, "auth comes first");
    else if (!stillMay(client))
        return;
    else if (order)
        onOrder(client, std::move(*document), std::string(verb));
    else if (protocol && (verb == "subscribe" || verb == "unsubscribe"))
        onSubscribe(client, message, verb == "subscribe");
    else if (protocol && verb == "resync")
        onResync(client, message);
    else if (protocol && verb == "cancel_on_disconnect")
        onCancelOnDisconnect(client, message);
    else
        fail(client, &message,
             Error{Code::VALIDATION_ERROR, "op", shortened(verb, 32),
                   protocol ? "auth, subscribe, unsubscribe, resync, order.place, order.amend, "
                              "order.cancel, cancel_on_disconnect, ping"
                            : "auth, ping"});
}

void StreamHub::onAuth(Client &client, const JsonValue &message)
{
    if (!hasOnly(client, message, {"op", "type", "id", "token", "lang"}))
        return;
    if (const std::optional<JsonValue> language = message.find("lang")) {
        if (!language->isString() || (language->text() != "vi" && language->text() != "en")) {
            fail(client, &message,
                 Error{Code::VALIDATION_ERROR, "lang", shortened(language->text(), 16), "vi, en"});
            return;
        }
        client.language = language->text() == "vi" ? Language::Vietnamese : Language::English;
    }
    const std::optional<JsonValue> token = message.find("token");
    Result<std::shared_ptr<const Caller>> caller =
        token && token->isString()
            ? m_api.callerOf(token->text())
            : Result<std::shared_ptr<const Caller>>(refuse(Code::UNAUTHENTICATED));
    if (!caller) {
        close(client, closeUnauthorized, "the token is not valid");
        return;
    }
    if (client.caller && client.caller->claims.userId != (*caller)->claims.userId) {
        close(client, closeForbidden, "this connection is another user's");
        return;
    }
    const bool first = !client.caller;
    client.caller = std::move(*caller);
    client.token = token->text();
    client.tokenEpoch = m_api.tokenEpoch();
    reply(client, &message, "ack");
    if (first)
        start(client);
}

void StreamHub::start(Client &client)
{
    switch (client.kind) {
    case Kind::Protocol: break;
    case Kind::TradeFeed: sendRecentTrades(client); break;
    case Kind::BookFeed: sendBookFeed(client); break;
    }
}

bool StreamHub::hasOnly(Client &client, const JsonValue &message,
                        std::initializer_list<std::string_view> known)
{
    for (std::optional<JsonValue> member = message.first(); member; member = member->next()) {
        if (std::find(known.begin(), known.end(), member->key()) == known.end()) {
            fail(client, &message, Error{Code::UNKNOWN_FIELD, shortened(member->key(), 64)});
            return false;
        }
    }
    return true;
}

void StreamHub::onCancelOnDisconnect(Client &client, const JsonValue &message)
{
    if (!hasOnly(client, message, {"op", "type", "id", "enabled"}))
        return;
    const std::optional<JsonValue> enabled = message.find("enabled");
    if (!enabled || !enabled->isBoolean()) {
        fail(client, &message, Error{Code::VALIDATION_ERROR, "enabled", {}, "true, false"});
        return;
    }
    if (client.caller->claims.role != Role::Trader) {
        fail(client, &message, Error{Code::FORBIDDEN});
        return;
    }
    client.cancelsOnDisconnect = enabled->boolean();
    reply(client, &message, "ack",
          client.cancelsOnDisconnect ? R"("enabled":true)" : R"("enabled":false)");
}

void StreamHub::sweep()
{
    const std::int64_t now = HttpListener::now();
    for (auto &[no, client] : m_clients) {
        if (!client->socket->isClosing())
            sweep(*client, now);
    }
    flushWrites();
}

void StreamHub::sweep(Client &client, std::int64_t now)
{
    if (!client.caller) {
        if (now - client.since >= authTime)
            close(client, closeTimeout, "no auth in time");
        return;
    }
    if (client.caller->claims.expiresAt * 1000 <= WallClock().now().ms) {
        close(client, closeUnauthorized, "the token has ended");
        return;
    }
    if (!stillMay(client))
        return;
    if (now - client.heard >= silenceLimit) {
        close(client, closeTimeout, "no pong");
        return;
    }
    if (now - client.pinged >= pingInterval) {
        client.pinged = now;
        std::string ping;
        appendFrame(ping, Opcode::Ping, {});
        write(client, ping);
    }
    if (client.kind == Kind::TradeFeed)
        sendRecentTrades(client);
    else if (client.kind == Kind::BookFeed)
        sendBookFeed(client);
    if (isLagging(client))
        return;
    for (const InstrumentIndex index : std::set<InstrumentIndex>(client.missedBooks))
        sendBookSnapshot(client, index);
    for (const InstrumentIndex index : std::set<InstrumentIndex>(client.missedQuotes))
        sendQuote(client, index);
}

} // namespace khop::server
