// SPDX-License-Identifier: GPL-3.0-or-later
// The server of a house: its options, its certificate, and the note by which others find it.
#include "program/house.h"

#include "program/running_server.h"
#include "server/tls/certificate.h"

#include <QFile>
#include <QHostAddress>

namespace khop {

namespace {

using namespace Qt::StringLiterals;

Result<Secret> tokenIn(const QString &path)
{
    constexpr qint64 shortest = 16, longest = 1'024; // bytes
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return refuse(Code::CONFIGURATION_ERROR, path.toStdString(),
                      file.errorString().toStdString(), "a file this user can read");
    const QByteArray token = file.read(longest + 1).trimmed();
    const bool plain = std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7F'; });
    if (token.size() < shortest || token.size() > longest || !plain)
        return refuse(Code::CONFIGURATION_ERROR, path.toStdString(),
                      std::to_string(token.size()) + " bytes",
                      "one line of 16 to 1024 printable characters without spaces");
    return Secret(token.toStdString());
}

} // namespace

Result<server::Tls> House::readTls() const
{
    if (m_options.tlsSelfSigned)
        return server::selfSignedTls(m_options.dataDir, m_options.host);
    if (!m_options.tlsCertificateFile.isEmpty())
        return server::readTls(m_options.tlsCertificateFile, m_options.tlsKeyFile);
    return server::Tls{};
}

Result<QString> House::startServer()
{
    server::Options options;
    options.host = m_options.host;
    options.port = m_options.port;
    options.demo = m_options.demo;
    options.registration = m_options.demo;
    options.behindProxy = m_options.behindProxy.toStdString();
    options.allowedHosts = m_options.allowedHosts;
    options.allowedOrigins = m_options.allowedOrigins;
    options.defaultSymbol = m_options.defaultSymbol.toStdString();
    options.defaultMarket = m_options.defaultMarket.toStdString();
    const bool reached =
        !options.behindProxy.empty()
        || (m_options.host != u"localhost"_s && !QHostAddress(m_options.host).isLoopback());
    options.rates.requests = m_options.rateLimit.value_or(reached ? 1'000 : 100'000);
    options.rates.logins = m_options.loginRateLimit.value_or(options.rates.logins);
    options.idempotencyFile = m_options.dataDir + u"/requests.db"_s;
    server::Log::Options log;
    log.file = m_options.dataDir + u"/logs/khopd.log"_s;
    log.level =
        server::logLevelFromName(m_options.logLevel.toStdString()).value_or(server::LogLevel::Info);
    auto opened = server::Log::open(log);
    if (!opened)
        return std::unexpected(opened.error());
    options.log = std::move(*opened);
    if (!m_options.metricsTokenFile.isEmpty()) {
        Result<Secret> token = tokenIn(m_options.metricsTokenFile);
        if (!token)
            return std::unexpected(token.error());
        options.metricsToken = std::move(*token);
    }
    Result<server::Tls> tls = readTls();
    if (!tls)
        return std::unexpected(tls.error());
    m_fingerprint = server::fingerprint(*tls);
    options.tls = std::move(*tls);
    auto server = std::make_unique<server::Server>(options, *m_desk, *m_identity);
    auto url = server->start();
    if (!url)
        return std::unexpected(url.error());
    m_server = std::move(server);
    if (auto noted = noteRunning(m_options.dataDir, {0, *url, m_fingerprint}); !noted)
        return std::unexpected(noted.error());
    return url->toString();
}

void House::stopServer()
{
    if (m_server) {
        m_server->stop();
        forgetRunning(m_options.dataDir);
    }
    m_server.reset();
}

} // namespace khop
