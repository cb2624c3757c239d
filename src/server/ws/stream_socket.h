// SPDX-License-Identifier: GPL-3.0-or-later
// One client's WebSocket connection: the handshake's answer, frames in and out, the closing of it. Text
// comes to a callback; whoever sends calls flush() when it has nothing more for now, so that the messages
// of one turn leave in one write.
#pragma once

#include "server/ws/stream_frames.h"

#include <QtCore/qobject.h>
#include <QtNetwork/qhostaddress.h>
#include <QtNetwork/qtcpsocket.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace khop::server {

class StreamSocket final : public QObject
{
public:
    struct Callbacks {
        std::function<void(std::string_view text)>
            text;                   // followed by readable bytes, for the JSON reader
        std::function<void()> ping; // has been answered
        std::function<void()> pong;
        std::function<void()> read; // all that had arrived has been worked off
        std::function<void()> gone; // never from within a call of this class; the last one
    };

    /// Takes a connection whose handshake has been read and found right.
    StreamSocket(QTcpSocket *socket, std::string_view key, Callbacks callbacks, QObject *parent);
    ~StreamSocket() override;

    /// Whole frames. What is sent after the connection has begun to close is dropped.
    void send(std::string_view frames);
    void flush();
    /// Bytes that wait for the reader.
    qint64 waiting() const { return m_backlog + static_cast<qint64>(m_out.size()); }
    /// Says why, waits a moment for the other side to say the same, and ends the connection.
    void close(int code, std::string_view reason);
    /// Ends it now.
    void abort();
    bool isClosing() const { return m_closing; }
    std::string peer() const { return m_socket->peerAddress().toString().toStdString(); }

private:
    static constexpr std::size_t readAhead = 64 * 1024;
    static constexpr int closeTime = 2'000; // milliseconds for the other side to close

    qint64 unsent() const; // that the socket holds
    void onReadyRead();
    bool receive();
    void handle(const FrameReader::Event &event);
    void end();

    QTcpSocket *m_socket;
    bool m_encrypted;
    Callbacks m_callbacks;
    FrameReader m_reader;
    std::unique_ptr<char[]> m_buffer;
    std::size_t m_capacity = 0;
    std::size_t m_size = 0;
    std::string m_out;
    qint64 m_backlog = 0;   // bytes that the socket keeps for its reader
    bool m_closing = false; // nothing more is read but the other side's close
    bool m_broken = false;  // what comes after cannot be understood
    bool m_ended = false;
};

} // namespace khop::server
