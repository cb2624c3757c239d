// SPDX-License-Identifier: GPL-3.0-or-later
// The HTTP and WebSocket server, for the programs' mains. Runs in a thread of its own.
#pragma once

#include "base/result.h"
#include "engine/trading_service.h"
#include "server/auth/identity.h"
#include "server/options.h"

#include <QtCore/qurl.h>

#include <memory>

namespace khop::server {

class Server
{
public:
    /// The service and the identity must outlive the server.
    Server(Options options, TradingService &service, Identity &identity);
    ~Server(); // stops

    /// Answers the address once it serves. CONFIGURATION_ERROR names the host or the busy port, and
    /// what would do.
    Result<QUrl> start();
    /// Takes no new connections, answers what is under way (a few seconds at most), ends the rest.
    void stop();

    bool isRunning() const;
    QUrl url() const;
    int clientCount() const; // HTTP and WebSocket connections

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace khop::server
