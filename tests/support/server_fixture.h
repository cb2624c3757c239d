// SPDX-License-Identifier: GPL-3.0-or-later
// A real server on loopback before a real desk, and a client that speaks raw bytes.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23

#include "api_contract.h"
#include "desk_fixture.h"
#include "server/auth/identity.h"
#include "server/json/reader.h"
#include "server/server.h"

#include <QTcpSocket>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace khop::test {

struct RawReply {
    int status = 0;
    std::map<std::string, std::string> headers; // names in lower case
    std::string body;
    server::JsonDocument json() const
    {
        auto document = server::JsonDocument::parse(body);
        if (!document)
            qFatal("not JSON: %s", body.c_str());
        return std::move(*document);
    }
};

/// A blocking client connection.
class RawClient
{
public:
    explicit RawClient(const QUrl &server)
    {
        m_socket.connectToHost(server.host(), static_cast<quint16>(server.port()));
        m_connected = m_socket.waitForConnected(5'000);
    }
    bool isConnected() const { return m_connected; }
    void send(std::string_view bytes)
    {
        m_sent += bytes;
        m_socket.write(bytes.data(), static_cast<qint64>(bytes.size()));
        while (m_socket.bytesToWrite() > 0 && m_socket.waitForBytesWritten(5'000)) {
        }
    }
    /// The next response; status 0 when none comes. `head`: it has no body.
    RawReply receive(int timeout = 5'000, bool head = false)
    {
        RawReply reply;
        std::size_t end = 0;
        while ((end = m_input.find("\r\n\r\n")) == std::string::npos) {
            if (!more(timeout))
                return reply;
        }
        std::string text = m_input.substr(0, end);
        m_input.erase(0, end + 4);
        reply.status = std::stoi(text.substr(9, 3));
        for (std::size_t at = text.find("\r\n"); at != std::string::npos;) {
            const std::size_t next = text.find("\r\n", at + 2);
            const std::string line =
                text.substr(at + 2, next == std::string::npos ? next : next - at - 2);
            const std::size_t colon = line.find(": ");
            std::string name = line.substr(0, colon);
            for (char &c : name)
                c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            reply.headers[name] = line.substr(colon + 2);
            at = next;
        }
        const auto length = reply.headers.find("content-length");
        if (length != reply.headers.end() && !head) {
            const auto size = static_cast<std::size_t>(std::stoul(length->second));
            while (m_input.size() < size && more(timeout)) {
            }
            reply.body = m_input.substr(0, size);
            m_input.erase(0, size);
        }
        checkContract(reply);
        return reply;
    }
    bool isClosedByServer(int timeout = 5'000)
    {
        while (m_socket.state() == QAbstractSocket::ConnectedState
               && m_socket.waitForReadyRead(timeout))
            m_input += m_socket.readAll().toStdString();
        return m_socket.state() != QAbstractSocket::ConnectedState;
    }
    static inline std::atomic<int> answersChecked = 0; // against the API's description
    const std::string &leftOver() const { return m_input; }
    std::string takeLeftOver() { return std::exchange(m_input, {}); }
    QTcpSocket &socket() { return m_socket; }

private:
    /// Whatever a server answers to any test is as the API's description says.
    void checkContract(const RawReply &reply)
    {
        if (reply.status < 200)
            return;
        const std::optional<Exchanged> asked = takeRequest();
        if (!asked)
            return;
        ++answersChecked;
        Exchanged exchanged = *asked;
        exchanged.status = reply.status;
        exchanged.headers = reply.headers;
        exchanged.body = reply.body;
        static std::mutex one; // some tests ask from several threads
        const std::scoped_lock lock(one);
        for (const QString &breach : ApiContract::own().breaches(exchanged))
            QTest::qFail(qPrintable(QStringLiteral("not as described: ") + breach), __FILE__,
                         __LINE__);
    }

    /// The first request that was sent and is still without its answer. Nothing where it cannot be read as
    /// one: bytes that are sent to be refused are the business of their own tests.
    std::optional<Exchanged> takeRequest()
    {
        const std::size_t end = m_sent.find("\r\n\r\n");
        const QString head = QString::fromLatin1(
            m_sent.data(), static_cast<qsizetype>(std::min(end, m_sent.size())));
        static const QRegularExpression line(QStringLiteral("^([A-Z]+) (/[^ ]*) HTTP/1\\.1\\r\\n"));
        const auto request = line.match(head);
        const auto header = [&](const char *name) {
            const QRegularExpression field(
                QStringLiteral("\\r\\n%1: *([^\\r]*)").arg(QLatin1String(name)),
                QRegularExpression::CaseInsensitiveOption);
            return field.match(head).captured(1);
        };
        const std::size_t size = header("content-length").toULongLong();
        if (end == std::string::npos || !request.hasMatch() || m_sent.size() - end - 4 < size
            || !header("transfer-encoding").isEmpty() || !header("upgrade").isEmpty()) {
            m_sent.clear();
            return std::nullopt;
        }
        Exchanged exchanged;
        exchanged.method = request.captured(1).toStdString();
        exchanged.target = request.captured(2).toStdString();
        exchanged.requestType = header("content-type").toStdString();
        exchanged.requestBody = m_sent.substr(end + 4, size);
        m_sent.erase(0, end + 4 + size);
        return exchanged;
    }

    bool more(int timeout)
    {
        if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(timeout))
            return false;
        m_input += m_socket.readAll().toStdString();
        return true;
    }

    QTcpSocket m_socket;
    bool m_connected = false;
    std::string m_sent;
    std::string m_input;
};

struct ServerFixture {
    DeskFixture desk;
    std::unique_ptr<server::Identity> identity;
    std::unique_ptr<server::Server> server;
    QUrl url;

    explicit ServerFixture(server::Options options = {},
                           const char *clock = "2026-11-20T10:00:00+07:00")
        : desk(clock)
    {
        server::IdentityOptions users;
        users.database = desk.folder.filePath(QStringLiteral("users.db"));
        users.dataDir = desk.folder.path();
        auto opened = server::Identity::open(users);
        if (!opened)
            qFatal("identity: %s", opened.error().bound.c_str());
        identity = std::move(*opened);
        options.port = 0;
        server = std::make_unique<server::Server>(options, *desk.desk, *identity);
        const auto started = server->start();
        if (!started)
            qFatal("server: %s", started.error().bound.c_str());
        url = *started;
    }

    RawReply call(std::string_view method, std::string_view target, std::string_view body = {},
                  std::string_view token = {}, std::string_view headers = {})
    {
        RawClient client(url);
        std::string request =
            std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
        if (!token.empty())
            request += "Authorization: Bearer " + std::string(token) + "\r\n";
        if (!body.empty())
            request += "Content-Type: application/json\r\nContent-Length: "
                       + std::to_string(body.size()) + "\r\n";
        request += std::string(headers) + "\r\n" + std::string(body);
        client.send(request);
        return client.receive(10'000, method == "HEAD");
    }

    struct Person {
        server::User user;
        std::string token;
        std::string refresh;
        AccountNo account = 0;
    };
    Person person(const std::string &name, server::Role role)
    {
        const auto user = identity->addUser({name, "correct horse " + name, role});
        if (!user)
            qFatal("user: %s", user.error().bound.c_str());
        const RawReply reply =
            call("POST", "/auth/login",
                 R"({"username":")" + name + R"(","password":"correct horse )" + name + R"("})");
        const auto document = reply.json();
        const auto data = document.root().find("data");
        if (reply.status != 200 || !data)
            qFatal("login: %d %s", reply.status, reply.body.c_str());
        return {*user, std::string(data->find("access_token")->text()),
                std::string(data->find("refresh_token")->text()),
                desk.desk->findAccount(user->accountId)->no};
    }
};

/// The text at a path of keys, such as "data/order_id"; empty when there is none.
inline std::string textAt(const RawReply &reply, std::string_view path)
{
    const server::JsonDocument document = reply.json();
    std::optional<server::JsonValue> value = document.root();
    while (value && !path.empty()) {
        const std::size_t slash = path.find('/');
        value = value->find(path.substr(0, slash));
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
    }
    if (!value)
        return {};
    return value->isBoolean() ? (value->boolean() ? "true" : "false") : std::string(value->text());
}

} // namespace khop::test

#endif
