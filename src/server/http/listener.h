// SPDX-License-Identifier: GPL-3.0-or-later
// The listening socket of one HTTP thread, its connections and their time limits. Lives, and is
// called, in that thread only.
#pragma once

#include "base/result.h"
#include "server/http/connection.h"
#include "server/http/request.h"

#include <QtCore/qtimer.h>
#include <QtNetwork/qhostaddress.h>

#include <atomic>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

QT_BEGIN_NAMESPACE
class QSslConfiguration;
class QTcpSocket;
QT_END_NAMESPACE

namespace khop::server {

struct Limits {
    FramingLimits framing;
    std::size_t connections = 768; // a half-open one costs about 11 KiB
    std::size_t largeBodies = 4;   // being read at a time
    std::size_t slots = 32;        // requests of one connection that are owed an answer
    int headTimeout = 10'000;      // milliseconds from the first byte to the empty line
    int bodyTimeout = 20'000;
    int idleTimeout = 60'000;      // between requests
    int firstByteTimeout = 10'000; // after connecting
    int writeTimeout = 30'000;     // a reader that takes nothing
    int lingerTimeout = 2'000;
    int sweepInterval = 250;
};

/// What the listener serves.
class RequestReceiver
{
public:
    virtual ~RequestReceiver() = default;
    /// The request's views die when this returns; the answer may come at any time later.
    virtual void receive(const HttpRequest &request, ReplyToken token) = 0;
    /// A WebSocket handshake: either answers like any request (true), or takes the connection
    /// (false) and is then given its socket with takeSocket(), to answer the handshake itself.
    virtual bool refuseUpgrade(const HttpRequest &request, ReplyToken token) = 0;
    virtual void takeSocket(QTcpSocket *socket) = 0;
    /// The bytes of a refusal made before any request was handed on.
    virtual ReplyBytes refusalReply(const Refusal &refusal) = 0;
};

class QtHttpAdapter;

class HttpListener final : public QObject
{
    Q_OBJECT

public:
    struct Counters { // read by other threads
        std::atomic<std::uint64_t> accepted{0}, refusedConnections{0}, requests{0}, refusals{0},
            timeouts{0};
        std::atomic<std::int64_t> open{0}, streams{0};
    };

    HttpListener(Limits limits, std::vector<std::string> hosts, RequestReceiver &receiver,
                 Counters &counters);
    ~HttpListener() override;

    /// Connections are encrypted.
    void setTls(const QSslConfiguration &configuration);
    /// The proxy whose X-Forwarded headers count.
    void setProxy(const QHostAddress &proxy) { m_proxy = proxy; }
    Result<quint16> listen(const QHostAddress &address, quint16 port);
    void stopAccepting();
    bool owesAnswers() const;
    struct Client {
        std::string peer;
        std::int64_t requests = 0;
    };
    std::vector<Client> clients() const;
    void closeAll();

    /// Stores an answer; it leaves with the next flush(). An answer for a connection that is gone is
    /// dropped: what it reports has happened all the same.
    void reply(ReplyToken token, ReplyBytes reply);
    void flush();

    // For connections.
    const Limits &limits() const { return m_limits; }
    RequestReceiver &receiver() { return m_receiver; }
    Counters &counters() { return m_counters; }
    bool hostIsAllowed(std::string_view host) const;
    bool isProxy(const QHostAddress &peer) const;
    bool present(Connection &connection);
    void forget(Connection &connection);
    static std::int64_t now(); // steady milliseconds
    bool admitLargeBody();
    void largeBodyRead() { --m_largeBodies; }

    // For the adapter.
    void accept(qintptr descriptor);
    void serveCurrent();

private:
    void sweep();
    bool makeRoom();

    Limits m_limits;
    std::vector<std::string> m_hosts; // empty: any
    RequestReceiver &m_receiver;
    Counters &m_counters;
    std::unique_ptr<QtHttpAdapter> m_adapter;
    std::unique_ptr<QSslConfiguration> m_tls; // null: not encrypted
    QHostAddress m_proxy;
    std::unordered_map<std::uint32_t, Connection *> m_connections;
    std::vector<std::uint32_t> m_dirty;
    Connection *m_current = nullptr;
    std::uint32_t m_nextId = 1;
    std::size_t m_largeBodies = 0;
    bool m_draining = false;
    QTimer m_sweepTimer;
};

} // namespace khop::server
