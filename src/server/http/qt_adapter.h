// SPDX-License-Identifier: GPL-3.0-or-later
// The only file that knows QtHttpServer and its versions.
//
// QtHttpServer 6.4 has no limits, no time-outs, frames loosely and cannot answer later without
// risking a dead socket. So it never meets the network: connections are guarded and framed by
// Connection, and each whole request is then presented to QtHttpServer through one in-memory socket.
// It parses the request a second time, independently; a request is served only when both parsers
// agree on its method and body. Answers bypass it.
#pragma once

#include "base/result.h"
#include "server/http/request.h"

#include <QtNetwork/qhostaddress.h>

#include <memory>

namespace khop::server {

class HttpListener;

class QtHttpAdapter
{
public:
    explicit QtHttpAdapter(HttpListener &listener);
    ~QtHttpAdapter();

    Result<quint16> listen(const QHostAddress &address, quint16 port);
    void stopListening();

    /// Calls HttpListener::serveCurrent() when QtHttpServer reads the same request in these bytes;
    /// false when it does not.
    bool present(const HttpRequest &request, const char *bytes, std::size_t size);

private:
    class Server;
    class Acceptor;
    std::unique_ptr<Server> m_server;
};

} // namespace khop::server
