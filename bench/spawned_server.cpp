// SPDX-License-Identifier: GPL-3.0-or-later
#include "spawned_server.h"

#include <QElapsedTimer>
#include <QFile>

namespace khop::bench {

namespace {

constexpr int patience = 30'000; // milliseconds for a start, a stop, a sub-command

} // namespace

std::expected<std::unique_ptr<SpawnedServer>, std::string> SpawnedServer::start(
    const std::string &program)
{
    std::unique_ptr<SpawnedServer> server(new SpawnedServer);
    server->m_program = QString::fromStdString(program);
    const auto port = LoopbackAddress::unusedPort();
    if (!port)
        return std::unexpected(port.error());
    if (!server->m_directory.isValid())
        return std::unexpected(server->m_directory.errorString().toStdString());

    QProcess &process = server->m_process;
    process.setStandardErrorFile(server->m_directory.filePath(QStringLiteral("stderr")));
    process.start(server->m_program,
                  {QStringLiteral("--data-dir"),
                   server->m_directory.filePath(QStringLiteral("data")), QStringLiteral("--port"),
                   QString::number(port->port()), QStringLiteral("--clock"),
                   QStringLiteral("2026-11-20T09:30:00+07:00"), QStringLiteral("--speed"),
                   QStringLiteral("1"), QStringLiteral("--participants"), QStringLiteral("off")});
    if (!process.waitForStarted(patience))
        return std::unexpected(program + ": " + process.errorString().toStdString());
    QElapsedTimer waited;
    waited.start();
    while (waited.elapsed() < patience) {
        while (process.canReadLine()) {
            const QByteArray line = process.readLine().trimmed();
            if (!line.startsWith("ready "))
                continue;
            const auto address = LoopbackAddress::fromUrl(line.mid(6).toStdString());
            if (!address)
                return std::unexpected(address.error());
            server->m_address = *address;
            return server;
        }
        if (process.state() == QProcess::NotRunning)
            return std::unexpected(program
                                   + " ended instead of getting ready: " + server->lastWords());
        process.waitForReadyRead(500);
    }
    return std::unexpected(program + " did not get ready: " + server->lastWords());
}

SpawnedServer::~SpawnedServer()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(patience)) {
        m_process.kill();
        m_process.waitForFinished(patience);
    }
}

std::string SpawnedServer::lastWords()
{
    QFile file(m_directory.filePath(QStringLiteral("stderr")));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return file.readAll().trimmed().right(500).toStdString();
}

std::expected<void, std::string> SpawnedServer::addUser(const std::string &name,
                                                        const std::string &role,
                                                        const std::string &password) const
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(m_program,
                  {QStringLiteral("user"), QStringLiteral("add"), QString::fromStdString(name),
                   QStringLiteral("--role"), QString::fromStdString(role),
                   QStringLiteral("--password-stdin"), QStringLiteral("--data-dir"),
                   m_directory.filePath(QStringLiteral("data"))});
    process.write(QByteArray::fromStdString(password) + '\n');
    process.closeWriteChannel();
    if (!process.waitForFinished(patience) || process.exitStatus() != QProcess::NormalExit
        || process.exitCode() != 0) {
        return std::unexpected("user add " + name + ": "
                               + process.readAll().trimmed().toStdString());
    }
    return {};
}

std::expected<void, std::string> SpawnedServer::stop()
{
    m_process.terminate();
    if (!m_process.waitForFinished(patience))
        return std::unexpected("the server did not end within 30 s of SIGTERM: " + lastWords());
    if (m_process.exitStatus() != QProcess::NormalExit || m_process.exitCode() != 0) {
        return std::unexpected("the server ended with exit code "
                               + std::to_string(m_process.exitCode()) + ": " + lastWords());
    }
    return {};
}

} // namespace khop::bench
