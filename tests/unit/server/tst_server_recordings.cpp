// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings over REST, on a real desk: record, list, replay with an order in it, pause and step, stop,
// restart in the middle, remove.
#include "../../support/server_fixture.h"

#include <QFile>
#include <QTest>

using namespace khop;
using namespace khop::test;

class RecordingsApiTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_admin, m_trader;

    RawReply call(std::string_view method, const std::string &target, std::string_view body = {})
    {
        return m_server->call(method, target, body, m_admin.token);
    }
    Desk &desk() { return *m_server->desk.desk; }

private Q_SLOTS:
    void initTestCase();
    void aDayIsRecordedAndListed();
    void aReplayStartsAtTheRecordedTimeAndTakesOrders();
    void aReplayGoesOnAfterARestart();
    void whatCannotBeDoneIsRefused();
    void aRecordingIsRemoved();
};

void RecordingsApiTest::initTestCase()
{
    m_server = std::make_unique<ServerFixture>(server::Options{}, "2026-11-20T09:59:00+07:00");
    m_admin = m_server->person("admin", server::Role::Admin);
    m_trader = m_server->person("trader", server::Role::Trader);
    m_server->desk.send(SetParticipants{true, 5});
}

void RecordingsApiTest::aDayIsRecordedAndListed()
{
    const RawReply begun = call("POST", "/recordings", R"({"id": "morning"})");
    QCOMPARE(begun.status, 201);
    QCOMPARE(textAt(begun, "data/status"), std::string("RECORDING"));
    QCOMPARE(call("POST", "/recordings").status, 422); // one at a time
    QVERIFY(desk().setSpeed(100).has_value());
    QTRY_VERIFY_WITH_TIMEOUT(desk().now() >= at("2026-11-20T10:05:00+07:00"), 30'000);
    QVERIFY(desk().setSpeed(0).has_value());
    QCOMPARE(call("DELETE", "/recordings/morning").status, 422); // in use
    const RawReply stopped = call("POST", "/recordings/morning/stop");
    QCOMPARE(stopped.status, 200);
    const auto document = stopped.json();
    const auto row = *document.root().find("data")->find("recordings")->first();
    QCOMPARE(std::string(row.find("status")->text()), std::string("COMPLETE"));
    QVERIFY(std::stoll(std::string(row.find("trades")->text())) > 100);
    QCOMPARE(m_server->call("GET", "/recordings", {}, m_trader.token).status, 200);
    QCOMPARE(m_server->call("POST", "/recordings", {}, m_trader.token).status, 403);
}

void RecordingsApiTest::aReplayStartsAtTheRecordedTimeAndTakesOrders()
{
    const RawReply begun = call("POST", "/recordings/morning/replay", R"({"speed": 0})");
    QCOMPARE(begun.status, 200);
    QCOMPARE(isoDate(vietnamDate(desk().now())), std::string("2026-11-23")); // the next trading day
    QCOMPARE(textAt(begun, "data/replay/id"), std::string("morning"));
    // steps: from one recorded event to the next
    const auto next = desk().state().nextEvent;
    QVERIFY(next.has_value());
    QVERIFY(desk().jumpTo(*next).has_value());
    m_server->desk.send(Tick{});
    QVERIFY(desk().state().played > 0);
    // an order of an account among the recorded ones
    const InstrumentIndex hpg = m_server->desk.symbol("HPG");
    m_server->desk.cash(m_trader.account, 1'000'000'000);
    QVERIFY(!desk().quote(hpg).asks.empty());
    const auto bought =
        m_server->desk.order(m_trader.account, "HPG", Side::Buy, OrderType::MTL, 500);
    QCOMPARE(bought.error.code, Code::OK);
    QVERIFY(bought.order->traded > Quantity(0));
    QCOMPARE(call("POST", "/recordings").status, 201); // a replay can be recorded, too
    QCOMPARE(call("POST", "/recordings/2026-11-23/stop").status, 200);
}

void RecordingsApiTest::aReplayGoesOnAfterARestart()
{
    m_server->desk.clockTo("2026-11-23T10:01:00+07:00");
    const std::uint64_t played = desk().state().played;
    m_server->server->stop();
    m_server->server.reset();
    m_server->desk.desk.reset();
    m_server->desk.open({});
    QCOMPARE(desk().state().replaying, std::string("morning"));
    QVERIFY(desk().state().played >= played);
    m_server->desk.clockTo("2026-11-23T10:02:00+07:00");
    QVERIFY(desk().state().played > played);
    m_server->desk.clockTo("2026-11-23T10:20:00+07:00"); // past the end
    QCOMPARE(desk().state().replaying, std::string());
    QVERIFY(desk().clock().participants); // the crowd is back
    const auto verified = verifyDatabase(m_server->desk.folder.filePath(QStringLiteral("khop.db")));
    QVERIFY2(verified && !verified->badSequence, verified ? verified->why.c_str() : "");
    server::Options options;
    options.port = 0;
    m_server->server = std::make_unique<server::Server>(options, desk(), *m_server->identity);
    m_server->url = *m_server->server->start();
}

void RecordingsApiTest::whatCannotBeDoneIsRefused()
{
    QCOMPARE(call("POST", "/recordings", R"({"id": "../x"})").status, 422);
    QCOMPARE(call("POST", "/recordings", R"({"name": "x"})").status, 422);
    QCOMPARE(call("POST", "/recordings", R"({"id": "morning"})").status, 422); // taken
    QCOMPARE(call("POST", "/recordings/none/replay").status, 404);
    QCOMPARE(call("POST", "/recordings/morning/replay", R"({"speed": 101})").status, 422);
    QCOMPARE(call("POST", "/recordings/morning/stop").status, 404);
    QCOMPARE(call("DELETE", "/recordings/none").status, 404);
    QFile broken(m_server->desk.folder.filePath(QStringLiteral("recordings/broken.khoprec")));
    QVERIFY(broken.open(QIODevice::WriteOnly));
    broken.write("KHOPREC1 and nothing else");
    broken.close();
    const RawReply refused = call("POST", "/recordings/broken/replay");
    QCOMPARE(refused.status, 422);
    QCOMPARE(textAt(refused, "code"), std::string("FILE_INVALID"));
    QVERIFY(textAt(refused, "detail").find("broken.khoprec, byte 8") != std::string::npos);
    QVERIFY(call("GET", "/recordings").body.find("BROKEN") != std::string::npos);
    // nor while an order is open
    const auto open =
        m_server->desk.order(m_trader.account, "HPG", Side::Buy, OrderType::LO, 100, 28'000);
    QCOMPARE(open.error.code, Code::OK);
    QCOMPARE(call("POST", "/recordings/morning/replay").status, 422);
}

void RecordingsApiTest::aRecordingIsRemoved()
{
    QCOMPARE(call("DELETE", "/recordings/morning").status, 200);
    QCOMPARE(call("DELETE", "/recordings/morning").status, 404);
}

QTEST_GUILESS_MAIN(RecordingsApiTest)
#include "tst_server_recordings.moc"
