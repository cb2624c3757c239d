// SPDX-License-Identifier: GPL-3.0-or-later
// WebSocket clients of one HTTP thread and what they are sent: /ws/v1 and the two feeds of the
// original services. Everything sent is committed state.
//
// Changes are gathered for a moment, as long as the last ones took to send; a topic's frame is then
// encoded once and written to each subscriber. A reader that lags more than 1 MiB gets no books and
// quotes until it has caught up, and fresh snapshots then; one that lags more than 4 MiB is closed.
#pragma once

#include "engine/trading_service.h"
#include "server/api/api.h"
#include "server/ws/stream_socket.h"

#include <QtCore/qobject.h>
#include <QtCore/qtimer.h>

#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace khop::server {

/// What a WebSocket handshake says that matters later.
struct StreamRequest {
    std::string_view path;
    std::string_view symbol, depth; // of the query; may be empty
    std::string_view key;
    std::shared_ptr<const Caller> caller; // null: says so later
    std::string_view token;               // the access token it was known by
    Language language = Language::English;
};

class StreamHub final : public QObject
{
public:
    static constexpr int mostClients = 2'000;
    /// Orders, changes and cancels of one connection that wait for their answer.
    static constexpr int mostOutstanding = 1'024;

    /// `open` is kept at the number of open streams, for other threads.
    StreamHub(TradingService &service, Api &api, std::string defaultSymbol,
              std::atomic<std::int64_t> &open);
    ~StreamHub() override;

    static bool isStream(std::string_view path);
    /// What the next socket taken is for. The error names the header or query parameter.
    Result<void> expect(const StreamRequest &request);
    void take(QTcpSocket *socket);
    void publish(std::shared_ptr<const CommittedGroup> group);
    /// Writes what has been sent to clients since the last call.
    void flushWrites();
    int clientCount() const { return static_cast<int>(m_clients.size()); }
    /// An object for each client, into an array that is open.
    void describeClients(JsonWriter &json) const;
    void closeAll();

private:
    static constexpr qint64 lagging = 1024 * 1024; // bytes that wait for a reader
    static constexpr std::size_t bookLevels = 50;
    enum class Kind : std::uint8_t { Protocol, TradeFeed, BookFeed };
    enum class Channel : std::uint8_t {
        Book,
        Trades,
        Quotes,
        Session,
        Orders,
        Executions,
        Positions,
        Cash
    };
    static constexpr int channelCount = 8;
    static constexpr int firstPrivate = static_cast<int>(Channel::Orders);
    static std::optional<Channel> channelFromName(std::string_view name);
    static std::string_view nameOf(Channel channel);

    struct PrivateFeed {
        bool on = false;
        AccountNo account = 0;
        std::uint64_t seq = 0; // of the last message
    };
    struct Replay { // pages of today's rows on their way to a subscriber
        Channel channel = Channel::Orders;
        AccountNo account = 0;
        std::uint64_t seq = 0;
        std::optional<std::uint64_t> since; // a replay; else a snapshot
        bool resync = false;
        bool locating = false;               // when `since` was is not known yet
        Time changedFrom;                    // rows that changed earlier are left out
        bool older = false;                  // open orders of earlier days come first
        std::optional<std::uint64_t> before; // cursor
        bool underWay = false;
    };
    struct Client {
        std::uint64_t no = 0;
        Kind kind = Kind::Protocol;
        StreamSocket *socket = nullptr;
        std::shared_ptr<const Caller> caller;
        std::string token;
        std::uint64_t tokenEpoch = 0; // when the token was last found valid
        Language language = Language::English;
        InstrumentIndex instrument = noInstrument; // of a feed
        std::size_t depth = 5;                     // of a book feed
        std::int64_t since = 0;                    // steady milliseconds
        std::int64_t heard = 0;
        std::int64_t pinged = 0;
        std::int64_t second = 0; // messages in this second, order entry aside
        int messages = 0;
        int outstanding = 0;
        bool dirty = false;                                  // something waits for flushWrites()
        std::array<std::set<InstrumentIndex>, 3> topics;     // Book, Trades, Quotes
        std::set<InstrumentIndex> missedBooks, missedQuotes; // not sent because it lagged
        bool session = false;
        std::array<PrivateFeed, channelCount> feeds; // of private channels
        std::deque<Replay> replays;
        bool cancelsOnDisconnect = false; // the account's open orders, when the connection is lost
    };
    struct Expected {
        Client client;
        std::string key;
    };
    struct Book {
        BookDepth sent;
        std::string symbol;
    };
    using Clients = std::vector<Client *>;

    // Connections
    void remove(std::uint64_t no);
    void onText(Client &client, std::string_view text);
    void onAuth(Client &client, const JsonValue &message);
    void onCancelOnDisconnect(Client &client, const JsonValue &message);
    bool admit(Client &client);
    bool stillMay(Client &client);
    bool hasOnly(Client &client, const JsonValue &message,
                 std::initializer_list<std::string_view> known);
    void start(Client &client);
    void sweep();
    void sweep(Client &client, std::int64_t now);

    // Order entry
    void onOrder(Client &client, JsonDocument document, std::string_view verb);
    void answerOrder(Client &client, std::string_view id, std::string_view verb,
                     const OrderOutcome &outcome);

    // Subscriptions
    void onSubscribe(Client &client, const JsonValue &message, bool on);
    void onResync(Client &client, const JsonValue &message);
    std::optional<Channel> readChannel(Client &client, const JsonValue &message);
    std::optional<std::vector<InstrumentIndex>> readSymbols(Client &client,
                                                            const JsonValue &message);
    void subscribeTopic(Client &client, Channel channel, InstrumentIndex instrument, bool on);
    void subscribePrivate(Client &client, const JsonValue &message, Channel channel, bool on);
    Clients &readers(Channel channel, InstrumentIndex instrument)
    {
        return m_readers[static_cast<std::size_t>(channel)][instrument];
    }

    // Market data
    void flush();
    void flushBooks(const std::set<InstrumentIndex> &changed);
    void flushQuotes(const std::set<InstrumentIndex> &changed);
    void flushTrades();
    void sendTrades(const Clients &clients, const std::vector<const TradeRecord *> &trades);
    void flushSessions();
    void sendBookSnapshot(Client &client, InstrumentIndex instrument);
    void sendQuote(Client &client, InstrumentIndex instrument);
    void sendSession(Client &client, Exchange exchange, std::string_view type);
    std::string quoteFrame(InstrumentIndex instrument, std::string_view type);
    Book &bookOf(InstrumentIndex instrument);

    // Private channels
    void flushPrivate();
    void flushOrders(const CommittedGroup &group);
    void flushExecutions(const CommittedGroup &group);
    void flushPositions();
    void flushCash();
    void sendUpdate(AccountNo account, Channel channel, std::uint64_t seq, std::string_view rows);
    void startReplay(Client &client, Channel channel, std::optional<std::uint64_t> since);
    void sendState(Client &client, Channel channel, bool resync);
    void pumpReplay(Client &client);
    void located(std::uint64_t client, const Result<Page<OrderRecord>> &before);
    template <class Row>
    void sendPage(std::uint64_t client, const Result<Page<Row>> &rows);
    std::optional<Time> timeOf(std::uint64_t sequence) const;
    std::unordered_map<AccountNo, Clients> &watchers(Channel channel)
    {
        return m_watchers[static_cast<std::size_t>(channel) - firstPrivate];
    }
    void unwatch(Client &client, Channel channel);
    std::string positionsJson(AccountNo account, const std::set<InstrumentIndex> *only) const;
    std::string cashJson(AccountNo account, const std::set<std::uint16_t> *only) const;

    // The feeds of the original services
    void sendTradeFeed(Client &client, const std::vector<const TradeRecord *> &trades);
    void sendRecentTrades(Client &client);
    void sendBookFeed(Client &client);

    void send(Client &client, std::string_view json);
    void write(Client &client, std::string_view frames);
    static std::string frame(std::string_view json);
    static std::string idOf(const JsonValue &message);
    void reply(Client &client, const JsonValue *message, std::string_view type,
               std::string_view body = {});
    void fail(Client &client, const JsonValue *message, const Error &error);
    void close(Client &client, int code, const char *reason);
    bool isLagging(const Client &client) const { return client.socket->waiting() > lagging; }

    TradingService &m_service;
    Api &m_api;
    std::string m_defaultSymbol;
    std::atomic<std::int64_t> &m_open;
    std::unique_ptr<Expected> m_next;
    std::unordered_map<std::uint64_t, std::unique_ptr<Client>> m_clients;
    std::uint64_t m_nextClient = 1;
    std::vector<std::uint64_t> m_dirty;
    std::array<std::unordered_map<InstrumentIndex, Clients>, 3> m_readers; // Book, Trades, Quotes
    std::unordered_map<InstrumentIndex, Clients> m_bookFeeds, m_tradeFeeds;
    std::array<std::unordered_map<AccountNo, Clients>, channelCount - firstPrivate> m_watchers;
    std::map<InstrumentIndex, Book> m_books;
    std::vector<std::shared_ptr<const CommittedGroup>> m_groups;
    std::uint64_t m_sequence = 0;                       // of the last group published
    std::deque<std::pair<std::uint64_t, Time>> m_times; // sequences and when they were reached
    std::int64_t m_flushCost = 0;                       // milliseconds the last one took
    QTimer m_flushTimer;
    QTimer m_sweepTimer;
    QTimer m_replayTimer;
};

} // namespace khop::server
