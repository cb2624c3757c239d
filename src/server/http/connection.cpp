// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/connection.h"

#include "server/http/forwarded.h"
#include "server/http/listener.h"
#include "server/tls/configuration.h"

#include <QtNetwork/qsslsocket.h>
#include <QtNetwork/qtcpsocket.h>

#include <algorithm>
#include <cstring>

#ifdef Q_OS_WIN
#include <winsock2.h>
#else
#include <sys/socket.h>
#endif

namespace khop::server {

namespace {

constexpr qint64 readAhead = 64 * 1024; // Qt's own buffer per connection
constexpr std::size_t firstBuffer = 256;
constexpr std::size_t keptBuffer = 8 * 1024; // a larger one is given back between requests
constexpr qint64 writeBufferLimit = 256 * 1024;
constexpr std::size_t discardLimit = 8 * 1024 * 1024;

// The peer learns that nothing more comes, while we can still read what it is sending: closing with
// unread input would reset the connection and may destroy the answer on its way.
void shutdownWrites(QTcpSocket *socket)
{
#ifdef Q_OS_WIN
    ::shutdown(static_cast<SOCKET>(socket->socketDescriptor()), SD_SEND);
#else
    ::shutdown(static_cast<int>(socket->socketDescriptor()), SHUT_WR);
#endif
}

} // namespace

Connection::Connection(std::uint32_t id, QTcpSocket *socket, HttpListener &listener)
    : m_id(id)
    , m_socket(socket)
    , m_tls(qobject_cast<QSslSocket *>(socket))
    , m_listener(listener)
    , m_framing(listener.limits().framing)
    , m_peer(socket->peerAddress().toString().toStdString())
    , m_since(HttpListener::now())
{
    const QHostAddress peer = socket->peerAddress();
    m_behindProxy = listener.isProxy(peer);
    m_framing.setPeer(m_peer, peer.isLoopback());
    m_framing.setScheme(m_tls ? "https" : "http");
    m_socket->setParent(this);
    m_socket->setReadBufferSize(readAhead);
    connect(m_socket, &QTcpSocket::readyRead, this, &Connection::onReadyRead);
    connect(m_socket, &QTcpSocket::bytesWritten, this, &Connection::onBytesWritten);
    connect(m_socket, &QTcpSocket::disconnected, this, &Connection::onDisconnected);
    if (m_tls)
        connect(m_tls, &QSslSocket::encryptedBytesWritten, this, &Connection::onBytesWritten);
}

Connection::~Connection() = default;

/// Large bodies are read a few at a time, since they are kept until they are complete.
bool Connection::admitBody()
{
    if (m_large
        || m_framing.needed()
               <= m_listener.limits().framing.body + m_listener.limits().framing.head)
        return true;
    m_large = m_listener.admitLargeBody();
    return m_large;
}

void Connection::bodyRead()
{
    if (std::exchange(m_large, false))
        m_listener.largeBodyRead();
}

void Connection::enter(State state)
{
    m_state = state;
    m_since = HttpListener::now();
}

void Connection::onReadyRead()
{
    if (m_state == State::Lingering) {
        m_discarded += static_cast<std::size_t>(m_socket->skip(m_socket->bytesAvailable()));
        if (m_discarded > discardLimit)
            abort();
        return;
    }
    if (m_paused || m_processing || m_state == State::Closed)
        return;
    process();
    m_listener.flush();
}

bool Connection::readMore()
{
    const auto available =
        static_cast<std::size_t>(std::max<qint64>(m_socket->bytesAvailable(), 0));
    if (available == 0)
        return false;
    if (m_begin == m_end)
        m_begin = m_end = 0;
    const std::size_t held = m_end - m_begin;
    // Asking for more than there is makes a QSslSocket decrypt what its full buffer has kept it from.
    const std::size_t beyond = m_tls ? 1 : 0;
    const std::size_t wanted = held + available + beyond + HttpRequest::bodyPadding;
    if (m_begin + wanted > m_capacity) {
        if (wanted > m_capacity) {
            std::size_t capacity = std::max(m_capacity, firstBuffer);
            while (capacity < wanted)
                capacity *= 2;
            auto larger = std::make_unique<char[]>(capacity);
            if (held > 0)
                std::memcpy(larger.get(), m_buffer.get() + m_begin, held);
            m_buffer = std::move(larger);
            m_capacity = capacity;
        } else {
            std::memmove(m_buffer.get(), m_buffer.get() + m_begin, held);
        }
        m_begin = 0;
        m_end = held;
    }
    const qint64 count =
        m_socket->read(m_buffer.get() + m_end, static_cast<qint64>(available + beyond));
    if (count <= 0)
        return false;
    m_end += static_cast<std::size_t>(count);
    return true;
}

// Reads, hands on and answers until input runs dry or an answer is owed. A client that never stops
// sending gives way to the others after some rounds.
void Connection::process()
{
    m_processing = true;
    int rounds = 0;
    while (takeRequests() && ++rounds < 16)
        writeReady();
    writeReady();
    m_processing = false;
    if (m_state == State::Closed || m_state == State::Lingering)
        return;
    if (!m_slots.empty()) {
        m_state = State::Owing;
        pauseReading();
        return;
    }
    if (unsentBytes(*m_socket) > writeBufferLimit) {
        enter(State::Writing);
        pauseReading();
        return;
    }
    if (m_begin == m_end && m_capacity > keptBuffer) {
        m_buffer.reset();
        m_capacity = m_begin = m_end = 0;
    }
    if (m_begin == m_end && m_state != State::Idle)
        enter(State::Idle);
    if (rounds == 16)
        QMetaObject::invokeMethod(this, &Connection::onReadyRead, Qt::QueuedConnection);
}

// Hands on what has arrived; true when there may be more to do once the answers are written.
bool Connection::takeRequests()
{
    bool fresh = m_begin < m_end;
    while (m_slots.size() < m_listener.limits().slots) {
        if (m_state == State::Closed || m_state == State::Lingering || m_closing)
            return false;
        if (!fresh && (!m_slots.empty() || !readMore()))
            return !m_slots.empty() && m_slots.front().done;
        const Framing::Progress progress =
            m_framing.advance(m_buffer.get() + m_begin, m_end - m_begin);
        if (progress == Framing::Progress::Refused) {
            refuse(m_framing.refusal());
            return false;
        }
        if (progress == Framing::Progress::Complete) {
            dispatch();
            fresh = m_begin < m_end;
            continue;
        }
        fresh = false;
        if (!m_slots.empty())
            return m_slots.front().done;
        const State waiting = progress == Framing::Progress::NeedHead ? State::Head : State::Body;
        if (m_state != waiting)
            enter(waiting);
        if (progress == Framing::Progress::NeedBody && !admitBody()) {
            refuse({503, Code::OVERLOADED, "Too many large bodies are under way."});
            return false;
        }
        if (progress == Framing::Progress::NeedBody && !m_continueSent
            && m_framing.request().expectContinue) {
            m_continueSent = true;
            m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
            m_socket->flush();
        }
    }
    return m_slots.front().done;
}

void Connection::dispatch()
{
    const HttpRequest &request = m_framing.request();
    if (m_behindProxy)
        takeForwarded();
    Slot slot;
    slot.close = !request.keepAlive;
    slot.headOnly = request.method == Method::Head;
    slot.http10 = request.http10;
    m_closing = slot.close;
    m_continueSent = false;
    m_slots.push_back(std::move(slot));
    const ReplyToken token{m_id, currentSlot()};
    if (!request.host.empty() && !m_listener.hostIsAllowed(request.host)) {
        m_slots.pop_back();
        m_framing.take();
        refuse({421, Code::WRONG_HOST, "This host is not served here."});
        return;
    }
    if (request.upgrade && request.method == Method::Get && m_slots.size() == 1
        && !m_listener.receiver().refuseUpgrade(request, token)) {
        m_slots.pop_back();
        m_begin += m_framing.take();
        RequestReceiver &receiver = m_listener.receiver();
        receiver.takeSocket(release());
        return;
    }
    const bool answeredUpgrade =
        request.upgrade && request.method == Method::Get && m_slots.size() == 1;
    if (!answeredUpgrade && !m_listener.present(*this)) {
        m_slots.pop_back();
        m_framing.take();
        refuse({400, Code::MALFORMED_REQUEST, "The request can be read in two ways."});
        return;
    }
    m_begin += m_framing.take();
    bodyRead();
}

/// The request is taken as its client's whom the proxy speaks for, never as one from this computer.
void Connection::takeForwarded()
{
    const Forwarded forwarded = forwardedBy(m_framing.request());
    m_client = forwarded.client;
    if (m_client.empty())
        m_framing.setPeer(m_peer, m_socket->peerAddress().isLoopback());
    else
        m_framing.setPeer(m_client, false);
    m_framing.setScheme(forwarded.scheme);
    if (!forwarded.host.empty())
        m_framing.setHost(forwarded.host);
}

QTcpSocket *Connection::release()
{
    m_socket->disconnect(this);
    m_socket->setReadBufferSize(0);
    for (std::size_t i = m_end; i > m_begin; --i)
        m_socket->ungetChar(m_buffer[i - 1]);
    QTcpSocket *socket = std::exchange(m_socket, nullptr);
    socket->setParent(nullptr);
    m_state = State::Closed;
    m_listener.forget(*this);
    deleteLater();
    return socket;
}

// With a full read buffer of one byte, QTcpSocket leaves the descriptor alone, and so does not learn
// of a half-close while the answer is still to be written.
void Connection::pauseReading()
{
    if (m_paused)
        return;
    m_paused = true;
    if (m_tls) // buffers what fits, and a client that ends the session is owed nothing more
        return;
    m_socket->setReadBufferSize(1);
    if (m_socket->bytesAvailable() == 0) {
        m_socket->ungetChar('\0');
        m_marker = true;
    }
}

void Connection::resumeReading()
{
    if (!m_paused)
        return;
    m_paused = false;
    if (m_tls)
        return;
    if (std::exchange(m_marker, false)) {
        char marker = 0;
        m_socket->getChar(&marker);
    }
    m_socket->setReadBufferSize(readAhead);
}

void Connection::store(std::uint32_t slot, ReplyBytes reply)
{
    const std::uint32_t index = slot - m_firstSlot;
    if (index >= m_slots.size() || m_slots[index].done)
        return;
    m_slots[index].reply = std::move(reply);
    m_slots[index].done = true;
}

void Connection::adaptHead(Slot &slot) const
{
    std::string &bytes = slot.reply.bytes;
    if (slot.headOnly)
        bytes.resize(slot.reply.headSize);
    if (slot.close)
        bytes.insert(slot.reply.headSize - 2, "Connection: close\r\n");
    else if (slot.http10)
        bytes.insert(slot.reply.headSize - 2, "Connection: keep-alive\r\n");
}

void Connection::writeReady()
{
    if (m_state == State::Closed || m_state == State::Lingering || m_slots.empty()
        || !m_slots.front().done)
        return;
    bool close = false;
    std::size_t count = 0;
    std::string joined;
    while (count < m_slots.size() && m_slots[count].done && !close) {
        Slot &slot = m_slots[count++];
        adaptHead(slot);
        close = slot.close;
        if (joined.empty())
            joined = std::move(slot.reply.bytes);
        else
            joined += slot.reply.bytes;
    }
    m_slots.erase(m_slots.begin(), m_slots.begin() + static_cast<std::ptrdiff_t>(count));
    m_firstSlot += static_cast<std::uint32_t>(count);
    m_since = HttpListener::now();
    const qint64 sent = sendAtOnce(*m_socket, joined);
    if (sent < static_cast<qint64>(joined.size())) {
        m_socket->write(joined.data() + sent, static_cast<qint64>(joined.size()) - sent);
        m_socket->flush();
    }
    if (m_state != State::Closed && close) { // else the write has failed
        m_slots.clear();
        linger();
    }
}

void Connection::flush()
{
    if (m_processing)
        return;
    writeReady();
    if (m_state != State::Owing || !m_slots.empty())
        return;
    if (unsentBytes(*m_socket) > 0) {
        enter(State::Writing);
        return;
    }
    enter(State::Idle);
    resumeReading();
    if (m_begin < m_end || m_socket->bytesAvailable() > 0)
        process();
}

void Connection::onBytesWritten()
{
    if (m_state == State::Closed)
        return;
    if (m_state == State::Lingering && unsentBytes(*m_socket) == 0)
        endWrites();
    if (m_state != State::Writing || m_processing)
        return;
    m_since = HttpListener::now();
    if (unsentBytes(*m_socket) > 0)
        return;
    enter(State::Idle);
    resumeReading();
    process();
    m_listener.flush();
}

void Connection::refuse(const Refusal &refusal)
{
    m_listener.counters().refusals.fetch_add(1, std::memory_order_relaxed);
    Slot slot;
    slot.reply = m_listener.receiver().refusalReply(refusal);
    slot.done = slot.close = true;
    m_closing = m_refused = true;
    m_begin = m_end;
    m_slots.push_back(std::move(slot));
    writeReady(); // now, or after the answers that are owed before it
}

void Connection::linger()
{
    m_buffer.reset();
    m_capacity = m_begin = m_end = 0;
    enter(State::Lingering);
    resumeReading();
    if (m_socket->bytesAvailable() > 0)
        m_socket->skip(m_socket->bytesAvailable());
    if (unsentBytes(*m_socket) == 0)
        endWrites();
}

// TLS has no half-close that would leave us reading. So a client that may still be sending, because it was
// refused in mid-request, is given a moment to fall silent: see sweep().
void Connection::endWrites()
{
    if (!m_tls)
        shutdownWrites(m_socket);
    else if (!m_refused)
        m_tls->disconnectFromHost();
}

void Connection::onDisconnected()
{
    if (m_state == State::Closed)
        return;
    m_state = State::Closed;
    m_listener.forget(*this);
    deleteLater();
}

void Connection::abort()
{
    if (m_state == State::Closed)
        return;
    m_state = State::Closed;
    m_listener.forget(*this);
    m_socket->disconnect(this);
    m_socket->abort();
    deleteLater();
}

void Connection::drain()
{
    if (m_slots.empty())
        abort();
    else
        m_slots.back().close = m_closing = true;
}

bool Connection::isEvictable(std::int64_t now) const
{
    const bool waiting =
        m_state == State::Idle || m_state == State::Head || m_state == State::Lingering;
    const bool neverAsked = m_firstSlot == 1;
    if (m_state == State::Body) // that drips in; others arrive within a moment
        return m_slots.empty() && now - m_since >= 1'000;
    return waiting && m_slots.empty() && (neverAsked || now - m_since >= 500);
}

void Connection::sweep(std::int64_t now)
{
    const Limits &limits = m_listener.limits();
    const std::int64_t age = now - m_since;
    switch (m_state) {
    case State::Idle:
        if (age >= (m_firstSlot == 1 ? limits.firstByteTimeout : limits.idleTimeout))
            abort();
        break;
    case State::Head:
    case State::Body:
        if (age >= (m_state == State::Head ? limits.headTimeout : limits.bodyTimeout)) {
            m_listener.counters().timeouts.fetch_add(1, std::memory_order_relaxed);
            refuse({408, Code::REQUEST_TIMEOUT, "The request did not arrive in time."});
        }
        break;
    case State::Writing:
        if (age >= limits.writeTimeout)
            abort();
        break;
    case State::Lingering:
        if (age >= limits.lingerTimeout) {
            abort();
        } else if (m_tls && m_refused
                   && std::exchange(m_discardedBefore, m_discarded) == m_discarded
                   && unsentBytes(*m_socket) == 0) {
            m_refused = false;
            m_tls->disconnectFromHost();
        }
        break;
    case State::Owing:
    case State::Closed: break;
    }
}

} // namespace khop::server
