// SPDX-License-Identifier: GPL-3.0-or-later
#include "program/running_server.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QHostAddress>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>
#include <QSslCertificate>
#include <QSslSocket>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <csignal>
#endif

namespace khop {

namespace {

using namespace Qt::StringLiterals;

constexpr int patience = 3'000; // milliseconds

QString notePath(const QString &dataDir) { return QDir(dataDir).filePath(u"server.json"_s); }

bool isAlive(qint64 process)
{
#ifdef Q_OS_UNIX
    return ::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM;
#else
    return process != 0;
#endif
}

/// The connected socket, or nothing.
std::unique_ptr<QTcpSocket> connectedTo(const RunningServer &server)
{
    const QUrl url = reachable(server.url);
    const auto port = static_cast<quint16>(url.port());
    if (url.scheme() != u"https"_s) {
        auto socket = std::make_unique<QTcpSocket>();
        socket->connectToHost(url.host(), port);
        return socket->waitForConnected(patience) ? std::move(socket) : nullptr;
    }
    // Known by its fingerprint, not by a name that somebody has certified.
    auto socket = std::make_unique<QSslSocket>();
    socket->setPeerVerifyMode(QSslSocket::VerifyNone);
    socket->connectToHostEncrypted(url.host(), port);
    if (!socket->waitForEncrypted(patience))
        return nullptr;
    const QByteArray digest = socket->peerCertificate().digest(QCryptographicHash::Sha256);
    return digest.toHex(':').toUpper().toStdString() == server.fingerprint ? std::move(socket)
                                                                           : nullptr;
}

} // namespace

Result<void> noteRunning(const QString &dataDir, const RunningServer &server)
{
    const QJsonObject note{{u"process"_s, QCoreApplication::applicationPid()},
                           {u"url"_s, server.url.toString()},
                           {u"fingerprint"_s, QString::fromStdString(server.fingerprint)}};
    QSaveFile file(notePath(dataDir));
    if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(note).toJson()) < 0
        || !file.commit())
        return refuse(Code::CONFIGURATION_ERROR, file.fileName().toStdString(),
                      file.errorString().toStdString(), "a data directory this user can write");
    return {};
}

void forgetRunning(const QString &dataDir) { QFile::remove(notePath(dataDir)); }

std::optional<RunningServer> runningServer(const QString &dataDir)
{
    const QString lockPath = QDir(dataDir).filePath(u"khop.lock"_s);
    if (!QFile::exists(lockPath))
        return std::nullopt;
    QLockFile lock(lockPath);
    RunningServer server;
    QString host, application;
    if (!lock.getLockInfo(&server.process, &host, &application) || !isAlive(server.process))
        return std::nullopt;
    QFile file(notePath(dataDir));
    if (!file.open(QIODevice::ReadOnly))
        return server;
    const QJsonObject note = QJsonDocument::fromJson(file.readAll()).object();
    if (note.value(u"process"_s).toInteger() != server.process) // left by one that was killed
        return server;
    server.url = QUrl(note.value(u"url"_s).toString());
    server.fingerprint = note.value(u"fingerprint"_s).toString().toStdString();
    return server;
}

QUrl reachable(const QUrl &url)
{
    QUrl near = url;
    const QHostAddress address(url.host());
    if (address == QHostAddress(QHostAddress::AnyIPv4)
        || address == QHostAddress(QHostAddress::Any))
        near.setHost(u"127.0.0.1"_s);
    else if (address == QHostAddress(QHostAddress::AnyIPv6))
        near.setHost(u"::1"_s);
    return near;
}

Health healthOf(const RunningServer &server)
{
    const std::unique_ptr<QTcpSocket> socket = connectedTo(server);
    if (!socket)
        return {};
    socket->write("GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    QByteArray answer;
    while (socket->waitForReadyRead(patience) && answer.size() < 64 * 1024)
        answer += socket->readAll();
    answer += socket->readAll();
    const qsizetype body = answer.indexOf("\r\n\r\n");
    if (!answer.startsWith("HTTP/1.1 ") || body < 0)
        return {};
    return {answer.mid(9, 3).toInt(), answer.mid(body + 4).toStdString()};
}

} // namespace khop
