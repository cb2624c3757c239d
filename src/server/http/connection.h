// SPDX-License-Identifier: GPL-3.0-or-later
// One client's TCP connection and its guard. Bytes are framed and limited here; only whole, valid
// requests go on. Answers may come in any order and leave in the order of the requests.
//
// While answers are owed nothing more is read from the client: that bounds memory, and it is also
// what lets a client that half-closes its side still get its answer.
#pragma once

#include "server/http/framing.h"

#include <QtCore/qobject.h>

#include <memory>
#include <string>
#include <vector>

QT_BEGIN_NAMESPACE
class QSslSocket;
class QTcpSocket;
QT_END_NAMESPACE

namespace khop::server {

class HttpListener;

class Connection final : public QObject
{
    Q_OBJECT

public:
    Connection(std::uint32_t id, QTcpSocket *socket, HttpListener &listener);
    ~Connection() override;

    std::uint32_t id() const { return m_id; }
    const HttpRequest &current() const
    {
        return m_framing.request();
    } // while it is being handed on
    std::uint32_t currentSlot() const
    {
        return m_firstSlot + static_cast<std::uint32_t>(m_slots.size()) - 1;
    }
    const std::string &peer() const { return m_peer; }
    std::int64_t requests() const // answered or under way
    {
        return std::int64_t{m_firstSlot} - 1 + static_cast<std::int64_t>(m_slots.size());
    }

    void store(std::uint32_t slot, ReplyBytes reply); // takes effect with flush()
    void flush();
    void refuse(const Refusal &refusal);
    /// Called by the listener's sweep; `now` in steady milliseconds.
    void sweep(std::int64_t now);
    bool isEvictable(std::int64_t now) const;
    std::int64_t lastProgress() const { return m_since; }
    bool owesAnswers() const { return !m_slots.empty(); }
    /// No new requests; closes when what is owed has been written.
    void drain();
    void abort();
    /// A large body is complete, or never will be.
    void bodyRead();
    /// Gives the socket away, unread after the current request. The connection ends here.
    QTcpSocket *release();

private:
    enum class State : std::uint8_t { Idle, Head, Body, Owing, Writing, Lingering, Closed };

    struct Slot {
        ReplyBytes reply;
        bool done = false;
        bool close = false;
        bool headOnly = false;
        bool http10 = false;
    };

    void onReadyRead();
    void onBytesWritten();
    void onDisconnected();
    void process();
    bool takeRequests();
    void writeReady();
    bool readMore();
    void dispatch();
    void pauseReading();
    void resumeReading();
    void linger();
    void endWrites();
    void takeForwarded();
    void enter(State state);
    bool admitBody();
    void adaptHead(Slot &slot) const;

    std::uint32_t m_id;
    State m_state = State::Idle;
    bool m_paused = false;
    bool m_processing = false;
    bool m_marker = false;  // one byte of ours stands in the read buffer
    bool m_closing = false; // the last slot's answer closes
    bool m_continueSent = false;
    bool m_refused = false;     // and may still be sending
    bool m_behindProxy = false; // the peer is the trusted proxy
    QTcpSocket *m_socket;
    QSslSocket *m_tls; // the same, or null
    HttpListener &m_listener;
    Framing m_framing;
    std::unique_ptr<char[]> m_buffer;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
    std::vector<Slot> m_slots;
    std::uint32_t m_firstSlot = 1;
    std::string m_peer;
    std::string m_client; // whom the proxy speaks for
    std::int64_t m_since;
    std::size_t m_discarded = 0;
    std::size_t m_discardedBefore = 0; // at the last sweep
    bool m_large = false;              // a large body is being read
};

} // namespace khop::server
