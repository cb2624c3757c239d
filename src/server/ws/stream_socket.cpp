// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ws/stream_socket.h"

#include "server/tls/configuration.h"

#include <QtCore/qtimer.h>
#include <QtNetwork/qsslsocket.h>
#include <QtNetwork/qtcpsocket.h>

#include <algorithm>
#include <cstring>

namespace khop::server {

namespace {

constexpr std::size_t firstBuffer = 512;
constexpr std::size_t keptBuffer = 8 * 1024;

} // namespace

StreamSocket::StreamSocket(QTcpSocket *socket, std::string_view key, Callbacks callbacks,
                           QObject *parent)
    : QObject(parent)
    , m_socket(socket)
    , m_encrypted(qobject_cast<QSslSocket *>(socket) != nullptr)
    , m_callbacks(std::move(callbacks))
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(readAhead);
    m_backlog = unsent(); // of an answer before the handshake
    connect(m_socket, &QTcpSocket::readyRead, this, &StreamSocket::onReadyRead);
    const auto measure = [this] { m_backlog = unsent(); };
    connect(m_socket, &QTcpSocket::bytesWritten, this, measure);
    if (auto *encrypted = qobject_cast<QSslSocket *>(socket))
        connect(encrypted, &QSslSocket::encryptedBytesWritten, this, measure);
    // Queued: a write that fails disconnects from within whatever wrote.
    connect(m_socket, &QTcpSocket::disconnected, this, &StreamSocket::end, Qt::QueuedConnection);
    m_out = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: "
            + acceptKey(key) + "\r\n\r\n";
    flush();
    // What came with the handshake.
    QMetaObject::invokeMethod(this, &StreamSocket::onReadyRead, Qt::QueuedConnection);
    if (m_socket->state() != QAbstractSocket::ConnectedState)
        abort();
}

StreamSocket::~StreamSocket() = default;

void StreamSocket::send(std::string_view frames)
{
    if (!m_closing)
        m_out += frames;
}

void StreamSocket::flush()
{
    if (m_out.empty() || m_ended)
        return;
    if (!m_socket->isOpen()) { // the other side has gone, and end() is on its way
        m_out.clear();
        return;
    }
    const qint64 sent = m_backlog > 0 ? 0 : sendAtOnce(*m_socket, m_out);
    if (sent < static_cast<qint64>(m_out.size())) {
        m_socket->write(m_out.data() + sent, static_cast<qint64>(m_out.size()) - sent);
        m_socket->flush();
        m_backlog = unsent();
    }
    if (m_out.capacity() > 4 * readAhead)
        std::string().swap(m_out);
    else
        m_out.clear();
}

qint64 StreamSocket::unsent() const
{
    return m_encrypted ? unsentBytes(*m_socket) : m_socket->bytesToWrite();
}

void StreamSocket::close(int code, std::string_view reason)
{
    if (m_closing)
        return;
    send(closeFrame(code, reason));
    m_closing = true;
    flush();
    QTimer::singleShot(closeTime, this, &StreamSocket::abort);
}

void StreamSocket::abort()
{
    if (m_ended)
        return;
    m_ended = m_closing = true;
    const bool connected = m_socket->state() != QAbstractSocket::UnconnectedState;
    m_socket->abort(); // says so itself when it was connected
    if (!connected)
        QMetaObject::invokeMethod(this, &StreamSocket::end, Qt::QueuedConnection);
}

void StreamSocket::end()
{
    m_ended = m_closing = true;
    if (const auto gone = std::exchange(m_callbacks, {}).gone)
        gone();
}

// False when there is nothing to read.
bool StreamSocket::receive()
{
    const auto available =
        static_cast<std::size_t>(std::max<qint64>(m_socket->bytesAvailable(), 0));
    if (available == 0)
        return false;
    // Asking for more than there is makes a QSslSocket decrypt what its full buffer has kept it from.
    constexpr std::size_t beyond = 1;
    const std::size_t wanted = m_size + available + beyond + FrameReader::padding;
    if (wanted > m_capacity) {
        std::size_t capacity = std::max(m_capacity, firstBuffer);
        while (capacity < wanted)
            capacity *= 2;
        auto larger = std::make_unique<char[]>(capacity);
        if (m_size > 0)
            std::memcpy(larger.get(), m_buffer.get(), m_size);
        m_buffer = std::move(larger);
        m_capacity = capacity;
    }
    const qint64 count = m_socket->read(
        m_buffer.get() + m_size, static_cast<qint64>(m_encrypted ? available + beyond : available));
    m_size += static_cast<std::size_t>(std::max<qint64>(count, 0));
    return count > 0;
}

void StreamSocket::onReadyRead()
{
    while (!m_ended && receive()) {
        std::size_t begin = 0;
        while (!m_broken && !m_ended) {
            const FrameReader::Event event = m_reader.next(m_buffer.get() + begin, m_size - begin);
            if (event.kind == FrameReader::Event::Kind::Broken) {
                m_broken = true;
                close(event.code, event.reason);
                break;
            }
            if (event.used == 0)
                break;
            begin += event.used;
            handle(event);
        }
        m_size = m_broken ? 0 : m_size - begin;
        if (m_size > 0)
            std::memmove(m_buffer.get(), m_buffer.get() + begin, m_size);
    }
    if (m_size == 0 && m_capacity > keptBuffer) {
        m_buffer.reset();
        m_capacity = 0;
    }
    if (m_callbacks.read)
        m_callbacks.read();
}

void StreamSocket::handle(const FrameReader::Event &event)
{
    using Kind = FrameReader::Event::Kind;
    if (event.kind == Kind::Close) {
        close(event.code, {});
        m_socket->disconnectFromHost(); // once the answer is written
        return;
    }
    if (m_closing)
        return;
    if (event.kind == Kind::Text) {
        m_callbacks.text(event.payload);
    } else if (event.kind == Kind::Ping) {
        std::string frame;
        appendFrame(frame, Opcode::Pong, event.payload);
        send(frame);
        if (m_callbacks.ping)
            m_callbacks.ping();
    } else if (event.kind == Kind::Pong) {
        m_callbacks.pong();
    }
}

} // namespace khop::server
