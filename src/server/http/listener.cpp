// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/listener.h"

#include "base/clock.h"
#include "server/http/qt_adapter.h"

#include <QtNetwork/qsslconfiguration.h>
#include <QtNetwork/qsslsocket.h>
#include <QtNetwork/qtcpsocket.h>

#include <algorithm>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

namespace khop::server {

namespace {

// Connections are descriptors; the usual soft limit of 1,024 is less than the server promises.
std::size_t allowedConnections(std::size_t wanted)
{
#ifdef Q_OS_UNIX
    constexpr rlim_t others = 128;    // files, databases, pipes
    constexpr rlim_t streams = 2'000; // WebSocket clients, which are not among the connections
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        const rlim_t needed = static_cast<rlim_t>(wanted) + streams + others;
        if (limit.rlim_cur < needed) {
            limit.rlim_cur =
                limit.rlim_max == RLIM_INFINITY ? needed : std::min(needed, limit.rlim_max);
            setrlimit(RLIMIT_NOFILE, &limit);
            getrlimit(RLIMIT_NOFILE, &limit);
        }
        if (limit.rlim_cur < needed) {
            const rlim_t left = limit.rlim_cur > 2 * others ? limit.rlim_cur - others : others;
            return std::min(wanted,
                            static_cast<std::size_t>(left)); // streams make do with the rest
        }
    }
#endif
    return wanted;
}

} // namespace

HttpListener::HttpListener(Limits limits, std::vector<std::string> hosts, RequestReceiver &receiver,
                           Counters &counters)
    : m_limits(limits)
    , m_hosts(std::move(hosts))
    , m_receiver(receiver)
    , m_counters(counters)
    , m_adapter(std::make_unique<QtHttpAdapter>(*this))
    , m_sweepTimer(this)
{
    m_limits.connections = allowedConnections(m_limits.connections);
    connect(&m_sweepTimer, &QTimer::timeout, this, &HttpListener::sweep);
}

HttpListener::~HttpListener() { closeAll(); }

Result<quint16> HttpListener::listen(const QHostAddress &address, quint16 port)
{
    const Result<quint16> bound = m_adapter->listen(address, port);
    if (bound)
        m_sweepTimer.start(m_limits.sweepInterval);
    return bound;
}

void HttpListener::setTls(const QSslConfiguration &configuration)
{
    m_tls = std::make_unique<QSslConfiguration>(configuration);
}

bool HttpListener::isProxy(const QHostAddress &peer) const
{
    return !m_proxy.isNull() && m_proxy.isEqual(peer, QHostAddress::ConvertV4MappedToIPv4);
}

void HttpListener::stopAccepting()
{
    m_draining = true;
    m_adapter->stopListening();
    std::vector<Connection *> all;
    for (const auto &[id, connection] : m_connections)
        all.push_back(connection);
    for (Connection *connection : all)
        connection->drain();
}

bool HttpListener::owesAnswers() const
{
    return std::any_of(m_connections.begin(), m_connections.end(),
                       [](const auto &entry) { return entry.second->owesAnswers(); });
}

std::vector<HttpListener::Client> HttpListener::clients() const
{
    std::vector<Client> all;
    for (const auto &[id, connection] : m_connections)
        all.push_back({connection->peer(), connection->requests()});
    return all;
}

void HttpListener::closeAll()
{
    while (!m_connections.empty())
        m_connections.begin()->second->abort();
}

void HttpListener::accept(qintptr descriptor)
{
    auto *encrypted = m_tls ? new QSslSocket : nullptr;
    QTcpSocket *socket = encrypted ? encrypted : new QTcpSocket;
    if (m_draining || !socket->setSocketDescriptor(descriptor)) {
        delete socket;
        return;
    }
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    if (m_connections.size() >= m_limits.connections && !makeRoom()) {
        m_counters.refusedConnections.fetch_add(1, std::memory_order_relaxed);
        if (encrypted) { // nothing can be said before the handshake
            delete socket;
            return;
        }
        const ReplyBytes reply =
            m_receiver.refusalReply({503, Code::OVERLOADED, "There are too many connections."});
        socket->write(reply.bytes.data(), static_cast<qint64>(reply.bytes.size()));
        socket->flush();
        delete socket;
        return;
    }
    m_counters.accepted.fetch_add(1, std::memory_order_relaxed);
    m_counters.open.fetch_add(1, std::memory_order_relaxed);
    const std::uint32_t id = m_nextId++;
    m_connections.emplace(id, new Connection(id, socket, *this));
    // A handshake that does not end is a first request that does not come, and timed out as such.
    if (encrypted) {
        encrypted->setSslConfiguration(*m_tls);
        encrypted->startServerEncryption();
    }
}

// A flood of connections that send nothing must not keep others out: the one that has been silent
// longest gives way.
bool HttpListener::makeRoom()
{
    Connection *oldest = nullptr;
    const std::int64_t time = now();
    for (const auto &[id, connection] : m_connections) {
        if (connection->isEvictable(time)
            && (!oldest || connection->lastProgress() < oldest->lastProgress()))
            oldest = connection;
    }
    if (!oldest)
        return false;
    oldest->abort();
    return true;
}

void HttpListener::reply(ReplyToken token, ReplyBytes reply)
{
    const auto found = m_connections.find(token.connection);
    if (found == m_connections.end())
        return;
    found->second->store(token.slot, std::move(reply));
    m_dirty.push_back(token.connection);
}

void HttpListener::flush()
{
    // Flushing a connection may process its next requests, whose answers make it dirty again.
    for (std::size_t i = 0; i < m_dirty.size(); ++i) {
        const auto found = m_connections.find(m_dirty[i]);
        if (found != m_connections.end())
            found->second->flush();
    }
    m_dirty.clear();
}

bool HttpListener::hostIsAllowed(std::string_view host) const
{
    if (m_hosts.empty())
        return true;
    std::string_view bare = host;
    const std::size_t bracket = bare.rfind(']');
    const std::size_t colon = bare.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
        for (const char c : bare.substr(colon + 1)) {
            if (c < '0' || c > '9')
                return false;
        }
        bare = bare.substr(0, colon);
    }
    return std::any_of(m_hosts.begin(), m_hosts.end(), [&](const std::string &allowed) {
        return equalsIgnoringCase(bare, allowed);
    });
}

bool HttpListener::present(Connection &connection)
{
    m_current = &connection;
    const bool agreed = m_adapter->present(connection.current());
    m_current = nullptr;
    return agreed;
}

void HttpListener::serveCurrent()
{
    m_counters.requests.fetch_add(1, std::memory_order_relaxed);
    m_receiver.receive(m_current->current(), {m_current->id(), m_current->currentSlot()});
}

void HttpListener::forget(Connection &connection)
{
    connection.bodyRead();
    if (m_connections.erase(connection.id()) > 0)
        m_counters.open.fetch_sub(1, std::memory_order_relaxed);
}

std::int64_t HttpListener::now() { return steadyNanoseconds() / 1'000'000; }

void HttpListener::sweep()
{
    const std::int64_t time = now();
    std::vector<Connection *> all;
    all.reserve(m_connections.size());
    for (const auto &[id, connection] : m_connections)
        all.push_back(connection);
    for (Connection *connection : all)
        connection->sweep(time);
    flush();
}

bool HttpListener::admitLargeBody()
{
    if (m_largeBodies >= m_limits.largeBodies)
        return false;
    ++m_largeBodies;
    return true;
}

} // namespace khop::server
