// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/qt_adapter.h"

#include "server/http/listener.h"

#include <QtCore/qpointer.h>
#include <QtCore/qtimer.h>
#include <QtHttpServer/qabstracthttpserver.h>
#include <QtHttpServer/qhttpserverrequest.h>
#include <QtHttpServer/qhttpserverresponder.h>
#include <QtNetwork/qtcpserver.h>
#include <QtNetwork/qtcpsocket.h>

#include <algorithm>
#include <cstring>

namespace khop::server {

namespace {

/// A connected socket without a network: reads come from memory, writes go nowhere.
class FeedSocket final : public QTcpSocket
{
    Q_OBJECT

public:
    FeedSocket()
    {
        setSocketState(ConnectedState);
        setOpenMode(ReadWrite);
        setPeerAddress(QHostAddress(QHostAddress::LocalHost));
    }
    ~FeedSocket() override
    {
        setSocketState(UnconnectedState);
        setOpenMode(NotOpen);
    }

    void feed(const char *data, std::size_t size)
    {
        m_data = data;
        m_left = static_cast<qint64>(size);
        Q_EMIT readyRead();
    }
    bool isBroken() const { return m_broken || m_left != 0 || QIODevice::bytesAvailable() != 0; }

    qint64 bytesAvailable() const override { return QIODevice::bytesAvailable() + m_left; }
    qint64 bytesToWrite() const override { return 0; }
    bool isSequential() const override { return true; }
    void disconnectFromHost() override { m_broken = true; }
    void close() override { m_broken = true; }

protected:
    qint64 readData(char *data, qint64 maxSize) override
    {
        const qint64 count = std::min(maxSize, m_left);
        std::memcpy(data, m_data, static_cast<std::size_t>(count));
        m_data += count;
        m_left -= count;
        return count;
    }
    qint64 readLineData(char *data, qint64 maxSize) override
    {
        const void *end = std::memchr(m_data, '\n', static_cast<std::size_t>(m_left));
        const qint64 line = end ? static_cast<const char *>(end) - m_data + 1 : m_left;
        return readData(data, std::min(maxSize, line));
    }
    qint64 skipData(qint64 maxSize) override
    {
        const qint64 count = std::min(maxSize, m_left);
        m_data += count;
        m_left -= count;
        return count;
    }
    qint64 writeData(const char *, qint64 size) override { return size; }

private:
    const char *m_data = nullptr;
    qint64 m_left = 0;
    bool m_broken = false;
};

QHttpServerRequest::Method qtMethod(Method method)
{
    switch (method) {
    case Method::Get: return QHttpServerRequest::Method::Get;
    case Method::Head: return QHttpServerRequest::Method::Head;
    case Method::Post: return QHttpServerRequest::Method::Post;
    case Method::Put: return QHttpServerRequest::Method::Put;
    case Method::Patch: return QHttpServerRequest::Method::Patch;
    case Method::Delete: return QHttpServerRequest::Method::Delete;
    case Method::Options: return QHttpServerRequest::Method::Options;
    }
    return QHttpServerRequest::Method::Unknown;
}

} // namespace

/// Accepts connections for the listener, and hands the feed to QtHttpServer as if it were one.
class QtHttpAdapter::Acceptor final : public QTcpServer
{
    Q_OBJECT

public:
    explicit Acceptor(HttpListener &listener) : m_listener(listener)
    {
        // Out of descriptors: QTcpServer stops accepting; try again when some may be free.
        connect(this, &QTcpServer::acceptError, this,
                [this] { QTimer::singleShot(100, this, [this] { resumeAccepting(); }); });
    }
    void announce(QTcpSocket *socket)
    {
        addPendingConnection(socket);
        Q_EMIT newConnection();
    }

protected:
    void incomingConnection(qintptr descriptor) override { m_listener.accept(descriptor); }

private:
    HttpListener &m_listener;
};

class QtHttpAdapter::Server final : public QAbstractHttpServer
{
    Q_OBJECT

public:
    explicit Server(HttpListener &listener)
        : m_listener(listener)
        , m_acceptor(new Acceptor(listener))
    {
        m_acceptor->setParent(this); // before bind() would: a busy port never gets that far
    }
    ~Server() override { delete m_feed.data(); }

    Result<quint16> listen(const QHostAddress &address, quint16 port)
    {
        m_acceptor->setListenBacklogSize(1024);
        if (!m_acceptor->listen(address, port)) {
            return refuse(Code::CONFIGURATION_ERROR, "port", std::to_string(port),
                          m_acceptor->errorString().toStdString());
        }
        bind(m_acceptor);
        return m_acceptor->serverPort();
    }
    void stopListening() { m_acceptor->close(); }

    bool present(const HttpRequest &request)
    {
        m_text.assign(name(request.method))
            .append(" ")
            .append(request.path)
            .append(" HTTP/1.1\r\n");
        m_text.append("Content-Length: ")
            .append(std::to_string(request.body.size()))
            .append("\r\n\r\n");
        m_text.append(request.body);
        if (!m_feed || m_feed->isBroken())
            renewFeed();
        m_expected = &request;
        m_agreed = false;
        m_feed->feed(m_text.data(), m_text.size());
        m_expected = nullptr;
        return m_agreed;
    }

protected:
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
    bool handleRequest(const QHttpServerRequest &request, QTcpSocket *) override
    {
        return serve(request);
    }
    void missingHandler(const QHttpServerRequest &, QTcpSocket *) override {}
#elif QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    bool handleRequest(const QHttpServerRequest &request, QHttpServerResponder &&) override
    {
        return serve(request);
    }
    void missingHandler(const QHttpServerRequest &, QHttpServerResponder &&) override {}
#else
    bool handleRequest(const QHttpServerRequest &request, QHttpServerResponder &) override
    {
        return serve(request);
    }
    void missingHandler(const QHttpServerRequest &, QHttpServerResponder &) override {}
#endif

private:
    bool serve(const QHttpServerRequest &request)
    {
        if (!m_expected || request.method() != qtMethod(m_expected->method))
            return true;
        const QByteArray body = request.body();
        if (std::string_view(body.constData(), static_cast<std::size_t>(body.size()))
            != m_expected->body)
            return true;
        m_agreed = true;
        m_listener.serveCurrent();
        return true;
    }

    void renewFeed()
    {
        if (m_feed) {
            m_feed->disconnect();
            m_feed->deleteLater();
        }
        m_feed = new FeedSocket;
        m_acceptor->announce(m_feed);
    }

    HttpListener &m_listener;
    Acceptor *m_acceptor; // a child
    QPointer<FeedSocket> m_feed;
    std::string m_text; // the request in canonical form
    const HttpRequest *m_expected = nullptr;
    bool m_agreed = false;
};

QtHttpAdapter::QtHttpAdapter(HttpListener &listener) : m_server(std::make_unique<Server>(listener))
{}

QtHttpAdapter::~QtHttpAdapter() = default;

Result<quint16> QtHttpAdapter::listen(const QHostAddress &address, quint16 port)
{
    return m_server->listen(address, port);
}

void QtHttpAdapter::stopListening() { m_server->stopListening(); }

bool QtHttpAdapter::present(const HttpRequest &request) { return m_server->present(request); }

} // namespace khop::server

#include "qt_adapter.moc"
