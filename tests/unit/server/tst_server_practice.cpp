// SPDX-License-Identifier: GPL-3.0-or-later
// The practice day starts over by POST /practice/reset: who may, what it answers, what it refuses.
#include "../../support/server_fixture.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

class PracticeApiTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_admin, m_trader;

    RawReply reset(std::string_view body = {})
    {
        return m_server->call("POST", "/practice/reset", body, m_admin.token);
    }
    Desk &desk() { return *m_server->desk.desk; }

private Q_SLOTS:
    void initTestCase();
    void theDayStartsOverForAdministratorsOnly();
    void bodiesSayNothing();
    void aRecordingComesFirst();
    void aRealDeskForbidsIt();
};

void PracticeApiTest::initTestCase()
{
    m_server = std::make_unique<ServerFixture>();
    m_admin = m_server->person("boss", server::Role::Admin);
    m_trader = m_server->person("thu", server::Role::Trader);
}

void PracticeApiTest::theDayStartsOverForAdministratorsOnly()
{
    m_server->desk.cash(m_trader.account, 10'000'000);
    const RawReply placed = m_server->call(
        "POST", "/orders", R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000})",
        m_trader.token);
    QCOMPARE(placed.status, 201);
    const std::string order = "/orders/" + textAt(placed, "data/order_id");
    QCOMPARE(m_server->call("POST", "/practice/reset", {}, m_trader.token).status, 403);
    QCOMPARE(m_server->call("POST", "/practice/reset").status, 401);
    QCOMPARE(textAt(m_server->call("GET", order, {}, m_trader.token), "data/status"),
             std::string("ACTIVE"));
    const RawReply reply = reset();
    QVERIFY2(reply.status == 200, reply.body.c_str());
    QCOMPARE(textAt(reply, "data/time"), std::string("2026-11-23T01:59:45.000Z"));
    QCOMPARE(textAt(reply, "data/practice"), std::string("true"));
    // it was done before it was answered
    QCOMPARE(textAt(m_server->call("GET", order, {}, m_trader.token), "data/status"),
             std::string("CANCELLED"));
    QCOMPARE(m_server->desk.dong(m_trader.account).available.raw(), 10'000'000);
}

void PracticeApiTest::bodiesSayNothing()
{
    QCOMPARE(reset("{}").status, 200);
    const Time before = desk().now();
    const RawReply refused = reset(R"({"time":"2026-11-20T09:00:00+07:00"})");
    QCOMPARE(refused.status, 422);
    QCOMPARE(textAt(refused, "code"), std::string("UNKNOWN_FIELD"));
    QCOMPARE(reset("[]").status, 422);
    QCOMPARE(m_server->call("POST", "/practice/reset?day=1", {}, m_admin.token).status, 400);
    QCOMPARE(desk().now(), before);
}

void PracticeApiTest::aRecordingComesFirst()
{
    QVERIFY(desk().record("monday").has_value());
    const Time before = desk().now();
    const RawReply refused = reset();
    QCOMPARE(refused.status, 422);
    QCOMPARE(textAt(refused, "code"), std::string("VALIDATION_ERROR"));
    QCOMPARE(desk().now(), before);
    QVERIFY(desk().stopRecording().has_value());
    QCOMPARE(reset().status, 200);
}

void PracticeApiTest::aRealDeskForbidsIt()
{
    DeskOptions options;
    options.databaseFile = m_server->desk.folder.filePath(QStringLiteral("real.db"));
    options.practice = false;
    const auto real = Desk::open(options);
    QVERIFY(real.has_value());
    m_server->server->stop();
    server::Options serving;
    serving.port = 0;
    m_server->server = std::make_unique<server::Server>(serving, **real, *m_server->identity);
    m_server->url = *m_server->server->start();
    const RawReply session = // gives the administrator an account here
        m_server->call("POST", "/auth/login",
                       R"({"username":"boss","password":"correct horse boss"})");
    m_admin.token = textAt(session, "data/access_token");
    const RawReply refused = reset();
    QCOMPARE(refused.status, 403);
    QCOMPARE(textAt(refused, "code"), std::string("FORBIDDEN"));
    m_server->server->stop();
    m_server->server.reset();
}

QTEST_GUILESS_MAIN(PracticeApiTest)
#include "tst_server_practice.moc"
