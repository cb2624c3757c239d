// SPDX-License-Identifier: GPL-3.0-or-later
// The only file that knows QtHttpServer and its versions.
//
// QtHttpServer 6.4 has no limits, no time-outs, frames loosely and cannot answer later without
// risking a dead socket. So it never meets the network: connections are guarded and framed by
// Connection, and each whole request is then presented to QtHttpServer, in canonical form and through
// one in-memory socket. A request is served only when it reads the same method and body in it. Answers
// bypass it.
//
// The canonical form leaves out the headers: QtHttpServer 6.4 reads a head byte by byte, which for the
// usual bearer token costs more than everything else that happens to a small request.
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

    /// Calls HttpListener::serveCurrent() when QtHttpServer reads the same request; false when not.
    bool present(const HttpRequest &request);

private:
    class Server;
    class Acceptor;
    std::unique_ptr<Server> m_server;
};

} // namespace khop::server
