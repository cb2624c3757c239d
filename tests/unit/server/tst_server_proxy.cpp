// SPDX-License-Identifier: GPL-3.0-or-later
// X-Forwarded headers count from the trusted proxy, and mean nothing from anybody else.
#include "../../support/server_fixture.h"

#include <QTest>

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23
#include "server/http/forwarded.h"

using namespace khop;
using namespace khop::test;

namespace {

server::Options behind(const char *proxy)
{
    server::Options options;
    options.behindProxy = proxy;
    options.allowedHosts = {"desk.example"};
    return options;
}

/// Attempts until one is delayed; 0 when none of them is.
int attemptsUntilDelayed(ServerFixture &fixture, const std::function<std::string(int)> &headers)
{
    for (int i = 1; i <= 6; ++i) {
        const RawReply reply =
            fixture.call("POST", "/auth/login",
                         "{\"username\":\"thu\",\"password\":\"wrong password\"}", {}, headers(i));
        if (reply.status == 429)
            return i;
    }
    return 0;
}

} // namespace
#endif

class ProxyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void failedLoginsCountForTheClientTheProxyNames()
    {
        ServerFixture fixture(behind("127.0.0.1"));
        QVERIFY(fixture.identity->addUser({"thu", "correct horse thu", server::Role::Trader}));
        const auto from = [](int last) {
            return "X-Forwarded-For: 203.0.113.9, 192.0.2." + std::to_string(last) + "\r\n";
        };
        QCOMPARE(attemptsUntilDelayed(fixture, [&](int i) { return from(i); }), 0);
        QVERIFY(attemptsUntilDelayed(fixture, [&](int) { return from(77); }) > 0);
        // What the client itself puts before it changes nothing.
        QVERIFY(attemptsUntilDelayed(fixture,
                                     [&](int i) {
                                         return "X-Forwarded-For: 198.51.100." + std::to_string(i)
                                                + "\r\nX-Forwarded-For: 192.0.2.88\r\n";
                                     })
                > 0);
    }

    void fromOthersTheHeadersAreIgnored()
    {
        ServerFixture fixture(behind("192.0.2.10"));
        QVERIFY(fixture.identity->addUser({"thu", "correct horse thu", server::Role::Trader}));
        QVERIFY(attemptsUntilDelayed(
                    fixture,
                    [&](int i) { return "X-Forwarded-For: 192.0.2." + std::to_string(i) + "\r\n"; })
                > 0);
        QCOMPARE(
            fixture.call("GET", "/health", {}, {}, "X-Forwarded-Host: evil.example\r\n").status,
            200);
        QCOMPARE(fixture.call("GET", "/health", {}, {}, "X-Forwarded-Proto: gopher\r\n").status,
                 200);
    }

    void theHostIsTheOneTheClientAskedFor()
    {
        ServerFixture fixture(behind("127.0.0.1"));
        const auto status = [&](const char *host) {
            return fixture
                .call("GET", "/health", {}, {}, std::string("X-Forwarded-Host: ") + host + "\r\n")
                .status;
        };
        QCOMPARE(status("desk.example"), 200);
        QCOMPARE(status("evil.example"), 421);
        QCOMPARE(fixture.call("GET", "/health").status, 200);
    }

    void aClientOfTheProxyIsNotOnThisComputer()
    {
        ServerFixture fixture(behind("127.0.0.1"));
        QCOMPARE(fixture.call("GET", "/metrics").status, 200);
        QCOMPARE(fixture.call("GET", "/metrics", {}, {}, "X-Forwarded-For: 127.0.0.1\r\n").status,
                 403);
    }

    void anOriginIsServedUnderItsScheme()
    {
        ServerFixture fixture(behind("127.0.0.1"));
        const auto opened = [&](const char *origin, const char *proto) {
            return fixture
                .call("GET", "/ws/v1", {}, {},
                      std::string("Connection: Upgrade\r\nUpgrade: websocket\r\n"
                                  "Sec-WebSocket-Version: 13\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                  "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Host: desk.example\r\n"
                                  "Origin: ")
                          + origin + "\r\n"
                          + (*proto ? std::string("X-Forwarded-Proto: ") + proto + "\r\n" : ""))
                .status;
        };
        QCOMPARE(opened("https://desk.example", "https"), 101);
        QCOMPARE(opened("https://desk.example", ""), 101);
        QCOMPARE(opened("http://desk.example", "https"), 403);
        QCOMPARE(opened("https://evil.example", "https"), 403);
    }

    void addressesAreReadInEveryForm_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("client");
        const auto row = [](const char *header, const char *client) {
            QTest::newRow(header) << QByteArray(header) << QByteArray(client);
        };
        row("192.0.2.1", "192.0.2.1");
        row("192.0.2.1:4711", "192.0.2.1");
        row("198.51.100.1 , 192.0.2.1", "192.0.2.1");
        row("2001:db8::1", "2001:db8::1");
        row("[2001:DB8::1]:4711", "2001:db8::1");
        row("unknown", "");
        row("[2001:db8::1", "");
        row("192.0.2.1, ", "");
        row("", "");
    }
    void addressesAreReadInEveryForm()
    {
        QFETCH(QByteArray, header);
        QFETCH(QByteArray, client);
        server::HttpRequest request;
        request.headers.push_back(
            {"X-Forwarded-For",
             std::string_view(header.constData(), static_cast<std::size_t>(header.size()))});
        QCOMPARE(server::forwardedBy(request).client, client.toStdString());
    }
};

QTEST_GUILESS_MAIN(ProxyTest)
#include "tst_server_proxy.moc"
