// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/server.h"

#include "server/blocking_call.h"
#include "server/api/api.h"
#include "server/api/idempotency.h"
#include "server/http/listener.h"
#include "server/tls/configuration.h"
#include "server/ws/stream_hub.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <atomic>
#include <functional>

using namespace Qt::StringLiterals;

namespace khop::server {

namespace {

// Milliseconds. While clients are still connected they are told first; then what is under way ends.
constexpr int noticeTime = 1'000;
constexpr int drainTime = 10'000;

/// Everything that lives in one HTTP thread.
class Shard final : public QObject
{
public:
    Shard(const Options &options, TradingService &service, Identity &identity,
          std::vector<std::string> hosts, HttpListener::Counters &counters)
        : m_api(options, service, identity, *this)
        , m_hub(service, m_api, options.defaultSymbol, counters.streams)
        , m_listener(options.limits, std::move(hosts), m_api, counters)
    {
        m_api.setListener(&m_listener, &counters);
        m_api.setHub(&m_hub);
        m_subscription = service.subscribe(
            [mailbox = m_api.mailbox(), this](std::shared_ptr<const CommittedGroup> group) {
                mailbox->post([this, group = std::move(group)]() mutable {
                    if (group->newDay)
                        m_api.refreshMarket();
                    m_hub.publish(std::move(group));
                });
            });
    }
    ~Shard() override
    {
        m_subscription.reset();
        m_api.setHub(nullptr);
        m_api.close();
        m_hub.closeAll();
    }

    HttpListener &listener() { return m_listener; }
    StreamHub &hub() { return m_hub; }
    Api &api() { return m_api; }
    bool isIdle() const { return m_api.isIdle(); }

private:
    Api m_api;
    StreamHub m_hub;
    HttpListener m_listener;
    Subscription m_subscription;
};

} // namespace

struct Server::Private {
    Private(Options given, TradingService &desk, Identity &users)
        : options(std::move(given))
        , service(desk)
        , identity(users)
    {}

    Options options;
    TradingService &service;
    Identity &identity;
    HttpListener::Counters counters;
    std::unique_ptr<IdempotencyStore> idempotency;
    QThread thread;
    Shard *shard = nullptr; // lives in the thread
    QUrl url;
};

Server::Server(Options options, TradingService &service, Identity &identity)
    : d(std::make_unique<Private>(std::move(options), service, identity))
{}

Server::~Server() { stop(); }

Result<QUrl> Server::start()
{
    const QString host = d->options.host == u"localhost"_s ? u"127.0.0.1"_s : d->options.host;
    const QHostAddress address(host);
    if (address.isNull()) {
        return refuse(Code::CONFIGURATION_ERROR, "host", d->options.host.toStdString(),
                      "an IP address, such as 127.0.0.1");
    }
    const Tls &tls = d->options.tls;
    if (!address.isLoopback() && d->options.behindProxy.empty() && !tls.isOn()) {
        return refuse(Code::CONFIGURATION_ERROR, "host", d->options.host.toStdString(),
                      "127.0.0.1, or TLS (--tls-cert and --tls-key, or --tls-self-signed), or "
                      "--behind-proxy ADDR naming the proxy that terminates it");
    }
    const QHostAddress proxy(QString::fromStdString(d->options.behindProxy));
    if (!d->options.behindProxy.empty() && proxy.isNull())
        return refuse(Code::CONFIGURATION_ERROR, "behind-proxy", d->options.behindProxy,
                      "an IP address, such as 192.0.2.10");
    std::optional<QSslConfiguration> encryption;
    if (tls.isOn()) {
        Result<QSslConfiguration> read = tlsConfiguration(tls);
        if (!read)
            return std::unexpected(read.error());
        encryption = *read;
    }
    // An IPv6 address stands in brackets in a Host.
    const bool isV6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    std::vector<std::string> hosts{"localhost", "127.0.0.1", "[::1]",
                                   (isV6 ? u"[%1]"_s.arg(host) : host).toLower().toStdString()};
    hosts.insert(hosts.end(), d->options.allowedHosts.begin(), d->options.allowedHosts.end());

    auto idempotency = IdempotencyStore::open(d->options.idempotencyFile);
    if (!idempotency)
        return std::unexpected(idempotency.error());
    d->idempotency = std::move(*idempotency);
    d->thread.setObjectName(u"khop-http"_s);
    d->thread.start();
    QObject context;
    context.moveToThread(&d->thread);
    Result<quint16> bound = quint16{0};
    callBlocking(&context, [&] {
        d->shard = new Shard(d->options, d->service, d->identity, std::move(hosts), d->counters);
        d->shard->api().setIdempotency(d->idempotency.get());
        d->shard->listener().setProxy(proxy);
        if (encryption)
            d->shard->listener().setTls(*encryption);
        bound = d->shard->listener().listen(address, d->options.port);
        if (!bound) {
            delete d->shard;
            d->shard = nullptr;
        }
        context.moveToThread(nullptr);
    });
    if (!bound) {
        d->thread.quit();
        d->thread.wait();
        return refuse(Code::CONFIGURATION_ERROR, "port", std::to_string(d->options.port),
                      bound.error().bound
                          + "; another port (--port), or stop the program that uses it");
    }
    d->url = QUrl();
    d->url.setScheme(tls.isOn() ? u"https"_s : u"http"_s);
    d->url.setHost(host);
    d->url.setPort(*bound);
    if (d->options.log)
        d->options.log->write(LogLevel::Info, "Server started", {},
                              "\"url\":\"" + d->url.toString().toStdString() + '"');
    return d->url;
}

// In order: readiness is gone and new work refused, streams are closed (1001), clients that are still
// connected get a moment to learn of it; then nothing new is accepted, and what is owed is answered.
void Server::stop()
{
    if (!d->shard)
        return;
    if (d->options.log)
        d->options.log->write(LogLevel::Info, "Server stopping");
    callBlocking(d->shard, [this] {
        Shard &shard = *d->shard;
        shard.api().setStopping();
        shard.hub().closeAll();
        const auto waitUntil = [](int most, const std::function<bool()> &reached) {
            if (reached())
                return;
            QEventLoop loop;
            QTimer poll;
            QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
                if (reached())
                    loop.quit();
            });
            poll.start(10);
            QTimer::singleShot(most, &loop, &QEventLoop::quit);
            loop.exec();
        };
        waitUntil(noticeTime, [this] { return d->counters.open.load() == 0; });
        shard.listener().stopAccepting();
        waitUntil(drainTime, [&shard] { return shard.isIdle(); });
        delete d->shard;
        d->shard = nullptr;
    });
    d->thread.quit();
    d->thread.wait();
    d->idempotency.reset();
    if (d->options.log) {
        d->options.log->write(LogLevel::Info, "Server stopped");
        d->options.log->flush();
    }
}

bool Server::isRunning() const { return d->shard != nullptr; }

QUrl Server::url() const { return d->url; }

int Server::clientCount() const
{
    return static_cast<int>(d->counters.open.load()) + static_cast<int>(d->counters.streams.load());
}

} // namespace khop::server
