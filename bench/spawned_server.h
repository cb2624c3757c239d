// SPDX-License-Identifier: GPL-3.0-or-later
// A khopd of one's own, for one measurement: empty data directory, free port, a held-open morning
// of continuous trading without participants. Stopped and removed with the object.
#pragma once

#include "loopback.h"

#include <QProcess>
#include <QTemporaryDir>

#include <expected>
#include <memory>
#include <string>

namespace khop::bench {

class SpawnedServer
{
public:
    /// Starts the program and waits until it says that it is ready.
    static std::expected<std::unique_ptr<SpawnedServer>, std::string> start(
        const std::string &program);
    ~SpawnedServer();

    const LoopbackAddress &address() const { return m_address; }
    /// khopd user add.
    std::expected<void, std::string> addUser(const std::string &name, const std::string &role,
                                             const std::string &password) const;
    /// Ends it with SIGTERM; an error when it does not end with exit code 0.
    std::expected<void, std::string> stop();

private:
    SpawnedServer() = default;
    std::string lastWords();

    QString m_program;
    QTemporaryDir m_directory;
    QProcess m_process;
    LoopbackAddress m_address;
};

} // namespace khop::bench
