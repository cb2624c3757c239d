// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/server.h"

#include "server/blocking_call.h"
#include "server/api/api.h"
#include "server/http/listener.h"
#include "server/ws/stream_hub.h"

#include <QtCore/qeventloop.h>
#include <QtCore/qthread.h>
#include <QtCore/qtimer.h>

#include <atomic>

using namespace Qt::StringLiterals;

namespace khop::server {

namespace {

constexpr int drainTime = 3'000; // milliseconds

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
        m_api.close();
        m_hub.closeAll();
    }

    HttpListener &listener() { return m_listener; }
    StreamHub &hub() { return m_hub; }
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
    if (!address.isLoopback() && d->options.behindProxy.empty()) {
        return refuse(Code::CONFIGURATION_ERROR, "host", d->options.host.toStdString(),
                      "127.0.0.1, or --behind-proxy ADDR naming the proxy that terminates TLS");
    }
    std::vector<std::string> hosts{"localhost", "127.0.0.1", "[::1]", host.toStdString()};
    hosts.insert(hosts.end(), d->options.allowedHosts.begin(), d->options.allowedHosts.end());

    d->thread.setObjectName(u"khop-http"_s);
    d->thread.start();
    QObject context;
    context.moveToThread(&d->thread);
    Result<quint16> bound = quint16{0};
    callBlocking(&context, [&] {
        d->shard = new Shard(d->options, d->service, d->identity, std::move(hosts), d->counters);
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
    d->url.setScheme(u"http"_s);
    d->url.setHost(host);
    d->url.setPort(*bound);
    return d->url;
}

void Server::stop()
{
    if (!d->shard)
        return;
    callBlocking(d->shard, [this] {
        d->shard->listener().stopAccepting();
        if (!d->shard->isIdle()) {
            QEventLoop loop;
            QTimer poll;
            QObject::connect(&poll, &QTimer::timeout, &loop, [&] {
                if (d->shard->isIdle())
                    loop.quit();
            });
            poll.start(10);
            QTimer::singleShot(drainTime, &loop, &QEventLoop::quit);
            loop.exec();
        }
        delete d->shard;
        d->shard = nullptr;
    });
    d->thread.quit();
    d->thread.wait();
}

bool Server::isRunning() const { return d->shard != nullptr; }

QUrl Server::url() const { return d->url; }

int Server::clientCount() const
{
    return static_cast<int>(d->counters.open.load()) + static_cast<int>(d->counters.streams.load());
}

} // namespace khop::server
