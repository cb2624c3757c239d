// SPDX-License-Identifier: GPL-3.0-or-later
// What a server is told at its start.
#pragma once

#include "base/secret.h"
#include "server/api/rate_limits.h"
#include "server/http/listener.h"
#include "server/observe/log.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qstring.h>

#include <memory>
#include <string>
#include <vector>

namespace khop::server {

/// Empty: plain HTTP.
struct Tls {
    QByteArray certificates; // PEM: the server's own, then those between it and the root
    Secret privateKey;       // PEM
    bool isOn() const { return !certificates.isEmpty(); }
};

struct Options {
    QString host = QStringLiteral("127.0.0.1");
    quint16 port = 8001; // 0: any free one
    bool demo = false;   // registration is open, new users trade at once
    bool registration = false;
    std::string behindProxy; // address of the proxy that terminates TLS
    std::vector<std::string>
        allowedHosts; // beside localhost, 127.0.0.1, [::1] and the bound address
    std::vector<std::string> allowedOrigins; // "https://desk.example"; beside the served hosts
    std::string defaultSymbol;               // of orders, book and trades that name none
    std::string defaultMarket = "HOSE";      // of questions about a session that name none
    std::string version = "0.1.0";
    Secret metricsToken; // reads /metrics from anywhere; empty: callers on this computer only
    Tls tls;
    Limits limits;
    RateOptions rates;
    QString idempotencyFile;  // empty: keys live as long as the server
    std::shared_ptr<Log> log; // null: none
};

} // namespace khop::server
