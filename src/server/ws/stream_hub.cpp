// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ws/stream_hub.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "server/api/records_json.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace khop::server {

namespace {

constexpr qint64 lost = 4 * 1024 * 1024;
constexpr quint64 messageLimit = 64 * 1024;
constexpr int gatherTime = 3; // milliseconds
constexpr std::int64_t authTime = 5'000;
constexpr std::int64_t pingInterval = 20'000;
constexpr std::int64_t silenceLimit = 60'000;
constexpr int messagesPerSecond = 100;

constexpr int closeUnauthorized = 4401;
constexpr int closeTimeout = 4408;
constexpr int closeTooMany = 4429;
constexpr int closeTryLater = 1013;

std::string peerOf(const QHostAddress &address, quint16 port)
{
    return address.toString().toStdString() + ' ' + std::to_string(port);
}

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
    , m_server(u"khop"_s, QWebSocketServer::NonSecureMode)
{
    m_server.setMaxPendingConnections(mostClients);
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_server, &QWebSocketServer::newConnection, this, &StreamHub::onConnection);
    connect(&m_flushTimer, &QTimer::timeout, this, &StreamHub::flush);
    connect(&m_sweepTimer, &QTimer::timeout, this, &StreamHub::sweep);
    m_sweepTimer.start(1'000);
}

StreamHub::~StreamHub() { closeAll(); }

bool StreamHub::isStream(std::string_view path)
{
    const std::string_view stream = streamName(path);
    return stream == "/ws/v1" || stream == "/ws/trades" || stream == "/ws/orderbook";
}

Result<void> StreamHub::expect(std::string_view path, std::string_view symbol,
                               std::string_view depth, std::shared_ptr<const Caller> caller)
{
    const std::string_view stream = streamName(path);
    auto expected = std::make_unique<Expected>();
    Client &client = expected->client;
    client.kind = stream == "/ws/v1"       ? Kind::Protocol
                  : stream == "/ws/trades" ? Kind::TradeFeed
                                           : Kind::BookFeed;
    client.caller = std::move(caller);
    if (m_clients.size() + m_expected.size() >= static_cast<std::size_t>(mostClients))
        return refuse(Code::OVERLOADED);
    if (client.kind != Kind::Protocol) {
        const std::string_view wanted = symbol.empty() ? std::string_view(m_defaultSymbol) : symbol;
        if (wanted.empty())
            return refuse(Code::REQUIRED, "symbol");
        const Instrument *instrument = m_api.market().find(wanted);
        if (!instrument)
            return refuse(Code::INSTRUMENT_UNKNOWN, "symbol", std::string(wanted.substr(0, 32)));
        client.instrument = instrument->index;
    }
    if (!depth.empty()) {
        const auto levels = parseDecimal(depth, 0);
        if (!levels || *levels < 1 || *levels > static_cast<std::int64_t>(bookLevels))
            return refuse(Code::VALIDATION_ERROR, "depth", std::string(depth.substr(0, 16)),
                          "1…50");
        client.depth = static_cast<std::size_t>(*levels);
    }
    m_next = std::move(expected);
    return {};
}

void StreamHub::take(QTcpSocket *socket)
{
    socket->setParent(this);
    m_next->client.wire = socket;
    m_next->client.since = HttpListener::now();
    m_next->peer = peerOf(socket->peerAddress(), socket->peerPort());
    m_expected.push_back(std::move(*m_next));
    m_next.reset();
    m_server.handleConnection(socket);
}

void StreamHub::onConnection()
{
    while (QWebSocket *socket = m_server.nextPendingConnection()) {
        const std::string peer = peerOf(socket->peerAddress(), socket->peerPort());
        const auto found =
            std::find_if(m_expected.begin(), m_expected.end(),
                         [&](const Expected &expected) { return expected.peer == peer; });
        if (found == m_expected.end() || !found->client.wire) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        auto client = std::make_unique<Client>(std::move(found->client));
        m_expected.erase(found);
        client->socket = socket;
        client->heard = client->pinged = client->since = HttpListener::now();
        socket->setParent(this);
        socket->setMaxAllowedIncomingFrameSize(messageLimit);
        socket->setMaxAllowedIncomingMessageSize(messageLimit);
        Client &added = *m_clients.emplace(socket, std::move(client)).first->second;
        m_open.store(clientCount());
        connect(socket, &QWebSocket::textMessageReceived, this,
                [this, &added](const QString &text) { onMessage(added, text); });
        connect(socket, &QWebSocket::binaryMessageReceived, this, [this, &added] {
            close(added, QWebSocketProtocol::CloseCodeDatatypeNotSupported, "text only");
        });
        connect(socket, &QWebSocket::pong, this, [&added] { added.heard = HttpListener::now(); });
        connect(socket, &QWebSocket::disconnected, this, [this, socket] { remove(socket); });
        if (added.caller)
            start(added);
    }
}

void StreamHub::remove(QWebSocket *socket)
{
    const auto found = m_clients.find(socket);
    if (found == m_clients.end())
        return;
    for (const InstrumentIndex instrument : found->second->books) {
        const auto book = m_books.find(instrument);
        if (book != m_books.end() && --book->second.readers == 0)
            m_books.erase(book);
    }
    if (found->second->cancelsOnDisconnect)
        m_service.submit(CancelAll{found->second->caller->account, noInstrument},
                         [](const CommandResult &) {});
    m_clients.erase(found);
    m_open.store(clientCount());
    socket->deleteLater();
}

// Not a loss of the clients: nothing of theirs is cancelled.
void StreamHub::closeAll()
{
    m_flushTimer.stop();
    m_sweepTimer.stop();
    for (auto &[socket, client] : m_clients) {
        socket->disconnect(this);
        socket->close(QWebSocketProtocol::CloseCodeGoingAway, u"the server stops"_s);
        socket->flush();
        socket->deleteLater();
    }
    m_clients.clear();
    m_books.clear();
    m_open.store(0);
}

void StreamHub::close(Client &client, int code, const char *reason)
{
    if (client.closing)
        return;
    client.closing = true;
    // A reader too slow to take what waits for it will not take a close frame either.
    if (client.wire && client.wire->bytesToWrite() > lost) {
        QMetaObject::invokeMethod(client.socket, &QWebSocket::abort, Qt::QueuedConnection);
        return;
    }
    QMetaObject::invokeMethod(
        client.socket,
        [socket = client.socket, code, text = QString::fromLatin1(reason)] {
            socket->close(static_cast<QWebSocketProtocol::CloseCode>(code), text);
        },
        Qt::QueuedConnection);
}

QByteArray StreamHub::frame(std::string_view text)
{
    QByteArray bytes;
    bytes.reserve(static_cast<qsizetype>(text.size()) + 10);
    bytes.append('\x81'); // final, text
    if (text.size() < 126) {
        bytes.append(static_cast<char>(text.size()));
    } else if (text.size() < 65'536) {
        bytes.append('\x7E');
        bytes.append(static_cast<char>(text.size() >> 8))
            .append(static_cast<char>(text.size() & 0xFF));
    } else {
        bytes.append('\x7F');
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes.append(
                static_cast<char>(static_cast<std::uint64_t>(text.size()) >> shift & 0xFF));
    }
    bytes.append(text.data(), static_cast<qsizetype>(text.size()));
    return bytes;
}

void StreamHub::write(Client &client, const QByteArray &bytes)
{
    if (client.closing || !client.wire)
        return;
    client.wire->write(bytes);
    if (client.wire->bytesToWrite() > lost)
        close(client, closeTryLater, "too slow");
}

void StreamHub::send(Client &client, const std::string &json) { write(client, frame(json)); }

void StreamHub::reply(Client &client, const JsonValue *message, std::string_view type,
                      std::string_view body)
{
    JsonWriter json;
    json.beginObject().field("type", type);
    const std::optional<JsonValue> id = message ? message->find("id") : std::nullopt;
    if (id && id->isString())
        json.field("id", id->text());
    else if (id && id->isNumber())
        json.key("id").raw(id->text());
    const std::optional<JsonValue> op = message ? message->find("op") : std::nullopt;
    if (op && op->isString())
        json.field("op", op->text());
    std::string text = json.take();
    if (!body.empty())
        text.append(",").append(body);
    send(client, text + '}');
}

void StreamHub::fail(Client &client, const JsonValue *message, const Error &error)
{
    JsonWriter json;
    json.field("code", codeName(error.code)).field("message", sentence(error, Language::English));
    reply(client, message, "error", json.text());
}

void StreamHub::onMessage(Client &client, const QString &text)
{
    if (client.closing)
        return;
    const std::int64_t now = HttpListener::now();
    client.heard = now;
    if (client.second != now / 1000) {
        client.second = now / 1000;
        client.messages = 0;
    }
    if (++client.messages > messagesPerSecond) {
        close(client, closeTooMany, "too many messages");
        return;
    }
    const std::string utf8 = text.toStdString();
    if (utf8 == "ping") {
        write(client, frame("pong"));
        return;
    }
    const Result<JsonDocument> document = JsonDocument::parse(utf8);
    if (!document || !document->root().isObject()) {
        fail(client, nullptr,
             document ? Error{Code::VALIDATION_ERROR, {}, {}, "an object"} : document.error());
        return;
    }
    const JsonValue message = document->root();
    std::optional<JsonValue> op = message.find("op");
    if (!op)
        op = message.find("type");
    const std::string_view verb = op && op->isString() ? op->text() : std::string_view{};
    if (verb == "ping")
        reply(client, &message, "pong", {});
    else if (verb == "auth")
        onAuth(client, message);
    else if (!client.caller)
        close(client, closeUnauthorized, "auth comes first");
    else if (client.kind == Kind::Protocol && (verb == "subscribe" || verb == "unsubscribe"))
        onSubscribe(client, message, verb == "subscribe");
    else if (client.kind == Kind::Protocol && verb == "cancel_on_disconnect")
        onCancelOnDisconnect(client, message);
    else
        fail(client, &message,
             Error{Code::VALIDATION_ERROR, "op", std::string(verb.substr(0, 32)),
                   client.kind == Kind::Protocol
                       ? "auth, subscribe, unsubscribe, cancel_on_disconnect, ping"
                       : "auth, ping"});
}

void StreamHub::onAuth(Client &client, const JsonValue &message)
{
    const std::optional<JsonValue> token = message.find("token");
    Result<std::shared_ptr<const Caller>> caller =
        token && token->isString()
            ? m_api.callerOf(token->text())
            : Result<std::shared_ptr<const Caller>>(refuse(Code::UNAUTHENTICATED));
    if (!caller || (client.caller && client.caller->claims.userId != (*caller)->claims.userId)) {
        close(client, closeUnauthorized, "the token is not valid");
        return;
    }
    const bool first = !client.caller;
    client.caller = std::move(*caller);
    reply(client, &message, "ack", {});
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
            fail(client, &message,
                 Error{Code::UNKNOWN_FIELD, std::string(member->key().substr(0, 64))});
            return false;
        }
    }
    return true;
}

void StreamHub::onCancelOnDisconnect(Client &client, const JsonValue &message)
{
    if (!hasOnly(client, message, {"op", "id", "enabled"}))
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

void StreamHub::onSubscribe(Client &client, const JsonValue &message, bool on)
{
    if (!hasOnly(client, message, {"op", "id", "channel", "symbols", "desk", "since_seq"}))
        return;
    const std::optional<JsonValue> desk = message.find("desk");
    if (desk && desk->text() != "practice") {
        fail(client, &message,
             Error{Code::VENUE_UNAVAILABLE, "desk", std::string(desk->text().substr(0, 16))});
        return;
    }
    const std::optional<JsonValue> channelValue = message.find("channel");
    const std::string_view channel =
        channelValue && channelValue->isString() ? channelValue->text() : std::string_view{};
    if (channel != "book" && channel != "trades" && channel != "orders") {
        fail(client, &message,
             Error{Code::VALIDATION_ERROR, "channel", std::string(channel.substr(0, 32)),
                   "book, trades, orders"});
        return;
    }
    if (channel == "orders") {
        reply(client, &message, "ack", "\"channel\":\"orders\"");
        client.orders = on;
        if (on)
            sendOrdersSnapshot(client);
        return;
    }

    std::vector<InstrumentIndex> instruments;
    const std::optional<JsonValue> symbols = message.find("symbols");
    if (!symbols || !symbols->isArray() || symbols->size() == 0 || symbols->size() > 200) {
        fail(client, &message,
             Error{Code::VALIDATION_ERROR, "symbols", {}, "an array of 1 to 200 symbols"});
        return;
    }
    for (std::optional<JsonValue> item = symbols->first(); item; item = item->next()) {
        const Instrument *instrument =
            item->isString() ? m_api.market().find(item->text()) : nullptr;
        if (!instrument) {
            fail(client, &message,
                 Error{Code::INSTRUMENT_UNKNOWN, "symbols",
                       std::string(item->text().substr(0, 32))});
            return;
        }
        instruments.push_back(instrument->index);
    }
    JsonWriter body;
    body.field("channel", channel);
    reply(client, &message, "ack", body.text());
    for (const InstrumentIndex instrument : instruments) {
        if (channel == "trades") {
            if (on)
                client.trades.insert(instrument);
            else
                client.trades.erase(instrument);
        } else if (on && client.books.insert(instrument).second) {
            ++bookOf(instrument).readers;
            sendBookSnapshot(client, instrument);
        } else if (!on && client.books.erase(instrument) > 0) {
            const auto book = m_books.find(instrument);
            if (book != m_books.end() && --book->second.readers == 0)
                m_books.erase(book);
        }
    }
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
    client.missed.erase(instrument);
    send(client, json.text());
}

void StreamHub::sendOrdersSnapshot(Client &client)
{
    // Everything of the trading day, which covers whatever a reconnecting client may have missed.
    OrderQuery query;
    query.account = client.caller->account;
    query.from = vietnamTime(vietnamDate(m_service.now()), 0);
    query.limit = 1'000;
    const std::uint64_t sequence = m_service.health().sequence;
    m_service.queryOrders(query, [mailbox = m_api.mailbox(), this, hub = QPointer<StreamHub>(this),
                                  socket = client.socket,
                                  sequence](Result<Page<OrderRecord>> rows) {
        mailbox->post([this, hub, socket, sequence, rows = std::move(rows)] {
            const auto found = hub ? m_clients.find(socket) : decltype(m_clients.find(socket)){};
            if (!hub || found == m_clients.end() || !rows)
                return;
            JsonWriter json;
            json.beginObject()
                .field("channel", "orders")
                .field("type", "snapshot")
                .numberField("seq", static_cast<std::int64_t>(sequence));
            json.key("orders").beginArray();
            for (const OrderRecord &order : rows->rows)
                writeOrder(json, order, m_api.market());
            json.endArray().endObject();
            found->second->ordersSeq = std::max(found->second->ordersSeq, sequence);
            send(*found->second, json.text());
        });
    });
}

void StreamHub::publish(std::shared_ptr<const CommittedGroup> group)
{
    if (m_clients.empty())
        return;
    m_groups.push_back(std::move(group));
    if (!m_flushTimer.isActive())
        m_flushTimer.start(gatherTime);
}

void StreamHub::flush()
{
    flushOrders();
    flushTrades();
    flushBooks();
    m_groups.clear();
}

void StreamHub::sweep()
{
    const std::int64_t now = HttpListener::now();
    std::erase_if(m_expected, [now](Expected &expected) {
        const bool late = now - expected.client.since > authTime;
        if (late && expected.client.wire)
            expected.client.wire->abort();
        return late || !expected.client.wire;
    });
    for (auto &[socket, client] : m_clients) {
        if (client->closing)
            continue;
        if (!client->caller) {
            if (now - client->since >= authTime)
                close(*client, closeTimeout, "no auth in time");
            continue;
        }
        if (client->caller->claims.expiresAt * 1000 <= WallClock().now().ms) {
            close(*client, closeUnauthorized, "the token has ended");
            continue;
        }
        if (now - client->heard >= silenceLimit) {
            close(*client, closeTimeout, "no pong");
            continue;
        }
        if (now - client->pinged >= pingInterval) {
            client->pinged = now;
            client->socket->ping();
        }
        if (client->kind == Kind::TradeFeed)
            sendRecentTrades(*client);
        else if (client->kind == Kind::BookFeed)
            sendBookFeed(*client);
        for (const InstrumentIndex index : std::set<InstrumentIndex>(client->missed)) {
            if (client->wire && client->wire->bytesToWrite() <= lagging)
                sendBookSnapshot(*client, index);
        }
    }
}

} // namespace khop::server
