// SPDX-License-Identifier: GPL-3.0-or-later
// The note a serving program leaves in its data directory (server.json), and what is found by it.
#pragma once

#include "base/result.h"

#include <QString>
#include <QUrl>

#include <optional>
#include <string>

namespace khop {

struct RunningServer {
    qint64 process = 0;
    QUrl url;
    std::string fingerprint; // of its certificate; empty without TLS
};

/// Writes the note for this process.
Result<void> noteRunning(const QString &dataDir, const RunningServer &server);
void forgetRunning(const QString &dataDir);
/// The server that holds the data directory now; nothing when none does. One that does not serve (yet) has
/// no URL.
std::optional<RunningServer> runningServer(const QString &dataDir);

struct Health {
    int status = 0;   // HTTP; 0: no answer
    std::string body; // of /health/ready
};
/// Blocks for some seconds at most.
Health healthOf(const RunningServer &server);

/// The address under which this computer reaches what listens at `url`: a wildcard is not one.
QUrl reachable(const QUrl &url);

} // namespace khop
