// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a running program owns: the locked data directory, the practice desk, the users and, when
// wanted, the server.
#pragma once

#include "engine/desk.h"
#include "program/launch_options.h"
#include "server/auth/identity.h"
#include "server/server.h"

#include <QLockFile>

#include <memory>

namespace khop {

class House
{
public:
    /// Locks the data directory, opens desk and users, and makes the demo account where it is wanted.
    static Result<std::unique_ptr<House>> open(const LaunchOptions &options, ProgramKind kind);
    ~House();

    TradingService &desk() { return *m_desk; }
    Result<QString> startServer(); // its URL
    /// SHA-256 of the certificate; empty without TLS.
    const std::string &fingerprint() const { return m_fingerprint; }
    void stopServer();
    bool serving() const { return m_server != nullptr; }
    /// The demo user's account; 0 without one.
    AccountNo demoAccount() const { return m_demoAccount; }
    /// Set only at the first start, to be shown once.
    const std::optional<std::string> &demoPassword() const { return m_demoPassword; }

private:
    explicit House(const LaunchOptions &options) : m_options(options) {}
    Result<void> openDesk(ProgramKind kind);
    Result<void> checkMarketFiles(const DeskOptions &desk) const;
    Result<void> readCandlesFor(DeskOptions &desk) const;
    Result<void> startFromRecording(DeskOptions &desk) const;
    Result<void> beginPractice();
    Result<void> openUsers();
    Result<void> furnishDemo();
    Result<server::Tls> readTls() const;

    LaunchOptions m_options;
    std::unique_ptr<QLockFile> m_lock;
    std::unique_ptr<Desk> m_desk;
    std::unique_ptr<server::Identity> m_identity;
    std::unique_ptr<server::Server> m_server;
    std::string m_fingerprint;
    AccountNo m_demoAccount = 0;
    std::optional<std::string> m_demoPassword;
};

/// Makes the data directory if it is missing: it holds password hashes and keys, so only its user reads it.
Result<void> makeDataDir(const QString &path);

/// Opens the users of a data directory for `khopd user …`, beside a running server or not.
Result<std::unique_ptr<server::Identity>> openIdentity(const LaunchOptions &options);

/// What the candles' unit looks like and why, for the command line: the unit must be confirmed.
std::string candleUnitText(const DetectedUnit &detected);

/// The error as the command line shows it.
std::string shown(const Error &error);

} // namespace khop
