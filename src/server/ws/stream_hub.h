// SPDX-License-Identifier: GPL-3.0-or-later
// WebSocket clients of one HTTP thread and what they are sent: /ws/v1 and the two feeds of the
// original services. Everything sent is committed state.
//
// Changes are gathered for a few milliseconds; a topic's frame is then encoded once and written to
// each subscriber. A reader that lags more than 1 MiB gets no book deltas until it has caught up, and
// a fresh snapshot then; one that lags more than 4 MiB is closed.
#pragma once

#include "engine/trading_service.h"
#include "server/api/api.h"

#include <QtCore/qobject.h>
#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>
#include <QtNetwork/qtcpsocket.h>
#include <QtWebSockets/qwebsocket.h>
#include <QtWebSockets/qwebsocketserver.h>

#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace khop::server {

class StreamHub final : public QObject
{
public:
    static constexpr int mostClients = 1'000;

    /// `open` is kept at the number of open streams, for other threads.
    StreamHub(TradingService &service, Api &api, std::string defaultSymbol,
              std::atomic<std::int64_t> &open);
    ~StreamHub() override;

    static bool isStream(std::string_view path);
    /// What the next socket taken is for. The error names the query parameter.
    Result<void> expect(std::string_view path, std::string_view symbol, std::string_view depth,
                        std::shared_ptr<const Caller> caller);
    void take(QTcpSocket *socket);
    void publish(std::shared_ptr<const CommittedGroup> group);
    int clientCount() const { return static_cast<int>(m_clients.size()); }
    void closeAll();

private:
    static constexpr qint64 lagging = 1024 * 1024; // bytes that wait for a reader
    static constexpr std::size_t bookLevels = 50;
    enum class Kind : std::uint8_t { Protocol, TradeFeed, BookFeed };

    struct Client {
        Kind kind = Kind::Protocol;
        QWebSocket *socket = nullptr;
        QPointer<QTcpSocket> wire;
        std::shared_ptr<const Caller> caller;
        InstrumentIndex instrument = noInstrument; // of a feed
        std::size_t depth = 5;                     // of a book feed
        std::int64_t since = 0;                    // steady milliseconds
        std::int64_t heard = 0;
        std::int64_t pinged = 0;
        std::int64_t second = 0; // messages in this second
        int messages = 0;
        std::set<InstrumentIndex> books, trades;
        std::set<InstrumentIndex> missed; // books whose deltas it has not been sent
        bool orders = false;
        std::uint64_t ordersSeq = 0;
        bool cancelsOnDisconnect = false; // the account's open orders, when the connection is lost
        bool closing = false;
    };
    struct Expected {
        Client client;
        std::string peer;
    };
    struct Book {
        BookDepth sent;
        std::string symbol;
        int readers = 0;
    };

    void onConnection();
    void onMessage(Client &client, const QString &text);
    void onAuth(Client &client, const JsonValue &message);
    void onSubscribe(Client &client, const JsonValue &message, bool on);
    void onCancelOnDisconnect(Client &client, const JsonValue &message);
    bool hasOnly(Client &client, const JsonValue &message,
                 std::initializer_list<std::string_view> known);
    void start(Client &client);
    void remove(QWebSocket *socket);
    void flush();
    void sweep();

    void sendBookSnapshot(Client &client, InstrumentIndex instrument);
    void sendOrdersSnapshot(Client &client);
    void sendTradeFeed(Client &client, const std::vector<const TradeRecord *> &trades);
    void sendRecentTrades(Client &client);
    void sendBookFeed(Client &client);
    void flushBooks();
    void flushTrades();
    void flushOrders();
    Book &bookOf(InstrumentIndex instrument);

    void send(Client &client, const std::string &json);
    void write(Client &client, const QByteArray &frame);
    void reply(Client &client, const JsonValue *message, std::string_view type,
               std::string_view body);
    void fail(Client &client, const JsonValue *message, const Error &error);
    void close(Client &client, int code, const char *reason);
    static QByteArray frame(std::string_view text);

    TradingService &m_service;
    Api &m_api;
    std::string m_defaultSymbol;
    std::atomic<std::int64_t> &m_open;
    QWebSocketServer m_server;
    std::unique_ptr<Expected> m_next;
    std::vector<Expected> m_expected;
    std::map<QWebSocket *, std::unique_ptr<Client>> m_clients;
    std::map<InstrumentIndex, Book> m_books;
    std::vector<std::shared_ptr<const CommittedGroup>> m_groups;
    QTimer m_flushTimer;
    QTimer m_sweepTimer;
};

} // namespace khop::server
