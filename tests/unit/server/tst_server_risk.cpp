// SPDX-License-Identifier: GPL-3.0-or-later
// Limits, their use and the kill switch over REST: forms, roles, sentences.
#include "../../support/server_fixture.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

class RiskApiTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_trader, m_other, m_viewer, m_admin;

    std::string idOf(const ServerFixture::Person &who) { return who.user.accountId.text(); }
    RawReply put(const std::string &body, const std::string &query = {})
    {
        return m_server->call("PUT", "/api/v1/risk/limits" + query, body, m_admin.token);
    }
    RawReply putFor(const ServerFixture::Person &who, const std::string &body)
    {
        return put(body, "?account_id=" + idOf(who));
    }
    RawReply order(const ServerFixture::Person &who, const std::string &quantity,
                   const std::string &path = "/orders", std::string_view headers = {})
    {
        return m_server->call(
            "POST", path,
            "{\"symbol\":\"SSI\",\"side\":\"BUY\",\"price\":\"31000\",\"quantity\":" + quantity
                + "}",
            who.token, headers);
    }
    RawReply kill(const ServerFixture::Person &who, const std::string &body)
    {
        return m_server->call("POST", "/risk/kill-switch", body, who.token);
    }
    /// A body with a reason and, where given, an account.
    static std::string because(const std::string &reason, const std::string &account = {})
    {
        std::string body = "{\"reason\":\"" + reason + "\"";
        if (!account.empty())
            body += ",\"account_id\":\"" + account + "\"";
        return body + "}";
    }
    RawReply lift(const ServerFixture::Person &who, const std::string &body = {},
                  const std::string &query = {})
    {
        return m_server->call("DELETE", "/risk/kill-switch" + query, body, who.token);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<ServerFixture>();
        m_trader = m_server->person("binh", server::Role::Trader);
        m_other = m_server->person("bich", server::Role::Trader);
        m_viewer = m_server->person("lan", server::Role::Viewer);
        m_admin = m_server->person("anh", server::Role::Admin);
        m_server->desk.cash(m_trader.account, 100'000'000'000);
        m_server->desk.cash(m_other.account, 100'000'000'000);
    }
    void cleanupTestCase() { m_server.reset(); }
    void cleanup()
    {
        QCOMPARE(put("{}").status, 200);
        QCOMPARE(putFor(m_trader, "{}").status, 200);
        QCOMPARE(lift(m_admin).status, 200);
        QCOMPARE(lift(m_admin, {}, "?account_id=" + idOf(m_trader)).status, 200);
        m_server->call("DELETE", "/orders", {}, m_trader.token);
    }

    void whatIsSetIsRead()
    {
        const std::string limits =
            R"({"order_value":{"VND":"500000000","USD":"1000.50"},"order_quantity":"100000",)"
            R"("price_collar":"5","position":200000,"position_count":20,"concentration":"35.25",)"
            R"("open_orders":50,"order_rate":{"orders":10,"window_ms":1000},)"
            R"("duplicate_window_ms":500,"daily_loss":{"VND":"20000000"},"restricted":["VIC","hpg"],)"
            R"("symbols":{"FPT":{"order_value":"90000000","position":"1000","concentration":"10"}}})";
        const RawReply set = putFor(m_trader, limits);
        QCOMPARE(set.status, 200);
        const RawReply read = m_server->call("GET", "/risk/limits", {}, m_trader.token);
        QCOMPARE(read.status, 200);
        QCOMPARE(textAt(read, "data/username"), std::string("binh"));
        const std::string path = "data/limits/";
        QCOMPARE(textAt(read, path + "order_value/VND"), std::string("500000000"));
        QCOMPARE(textAt(read, path + "order_value/USD"), std::string("1000.50"));
        QCOMPARE(textAt(read, path + "order_quantity"), std::string("100000"));
        QCOMPARE(textAt(read, path + "price_collar"), std::string("5"));
        QCOMPARE(textAt(read, path + "position"), std::string("200000"));
        QCOMPARE(textAt(read, path + "position_count"), std::string("20"));
        QCOMPARE(textAt(read, path + "concentration"), std::string("35.25"));
        QCOMPARE(textAt(read, path + "open_orders"), std::string("50"));
        QCOMPARE(textAt(read, path + "order_rate/window_ms"), std::string("1000"));
        QCOMPARE(textAt(read, path + "duplicate_window_ms"), std::string("500"));
        QCOMPARE(textAt(read, path + "daily_loss/VND"), std::string("20000000"));
        QCOMPARE(textAt(read, path + "symbols/FPT/position"), std::string("1000"));
        QCOMPARE(textAt(read, path + "symbols/FPT/order_value"), std::string("90000000"));
        QVERIFY(textAt(read, path + "symbols/VIC").empty());
        QVERIFY(read.body.find(R"("restricted":["HPG","VIC"])") != std::string::npos);
        QVERIFY(textAt(read, "data/house/order_quantity").empty());
        // what is read can be set again as it is
        const std::size_t from = read.body.find("\"limits\":") + 9;
        const std::size_t to = read.body.find(",\"house\"");
        const RawReply again = putFor(m_trader, read.body.substr(from, to - from));
        QCOMPARE(again.status, 200);
        QCOMPARE(m_server->desk.desk->riskPolicy()->limitsOf(m_trader.account)->symbols.size(),
                 std::size_t{3});
    }

    void refusalsNameLimitAndUse()
    {
        QCOMPARE(put(R"({"position":"1000"})").status, 200);
        QCOMPARE(order(m_trader, "600").status, 201);
        const RawReply preview = order(m_trader, "500", "/orders/validate");
        QCOMPARE(textAt(preview, "data/valid"), std::string("false"));
        QVERIFY(preview.body.find("POSITION_LIMIT") != std::string::npos);
        const RawReply refused = order(m_trader, "500");
        QCOMPARE(refused.status, 422);
        QCOMPARE(textAt(refused, "code"), std::string("POSITION_LIMIT"));
        QCOMPARE(textAt(refused, "detail"),
                 std::string("The position would be 1,100; the limit is 1,000."));
        const RawReply vietnamese = order(m_trader, "500", "/orders", "Accept-Language: vi\r\n");
        QCOMPARE(textAt(vietnamese, "detail"),
                 std::string("Vị thế sẽ là 1,100; hạn mức là 1,000."));
        QCOMPARE(order(m_trader, "400").status, 201);
        const RawReply usage = m_server->call("GET", "/risk/usage", {}, m_trader.token);
        QCOMPARE(usage.status, 200);
        QVERIFY(usage.body.find(
                    R"({"limit":"position","code":"POSITION_LIMIT","symbol":"SSI","currency":null,)"
                    R"("used":"1000","bound":"1000","window_ms":null})")
                != std::string::npos);
        QCOMPARE(textAt(usage, "data/kill_switch/on"), std::string("false"));
        QCOMPARE(m_server->call("GET", "/accounts/trading-limits", {}, m_trader.token).status, 200);
    }

    void rolesDecideWhoReadsAndSets()
    {
        const std::string none = "{}";
        const std::string target = "/risk/limits?account_id=" + idOf(m_trader);
        for (const auto *who : {&m_trader, &m_viewer}) {
            QCOMPARE(m_server->call("PUT", "/risk/limits", none, who->token).status, 403);
            QCOMPARE(m_server->call("GET", "/risk/limits", {}, who->token).status, 200);
        }
        QCOMPARE(m_server->call("PUT", target, none, m_trader.token).status, 403);
        QCOMPARE(m_server->call("GET", target, {}, m_other.token).status, 403);
        QCOMPARE(m_server->call("GET", target, {}, m_admin.token).status, 200);
        QCOMPARE(m_server->call("GET", "/risk/limits", none.substr(2), {}).status, 401);
        QCOMPARE(
            m_server->call("GET", "/risk/usage?account_id=" + idOf(m_trader), {}, m_other.token)
                .status,
            403);
        QCOMPARE(
            textAt(m_server->call("GET", "/risk/limits", {}, m_admin.token), "data/account_id"),
            std::string());
    }

    void wrongLimitsAreNamed_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("pointer");
        QTest::newRow("unknown") << R"({"max":1})" << 422 << "/max";
        QTest::newRow("zero") << R"({"open_orders":0})" << 422 << "/open_orders";
        QTest::newRow("negative") << R"({"position":"-5"})" << 422 << "/position";
        QTest::newRow("exponent") << R"({"position":1e3})" << 422 << "/position";
        QTest::newRow("fraction") << R"({"order_quantity":"1.5"})" << 422 << "/order_quantity";
        QTest::newRow("above all") << R"({"concentration":"100.0001"})" << 422 << "/concentration";
        QTest::newRow("too fine") << R"({"price_collar":"0.00001"})" << 422 << "/price_collar";
        QTest::newRow("currency") << R"({"order_value":{"EUR":"1"}})" << 422 << "/order_value/EUR";
        QTest::newRow("no currency") << R"({"daily_loss":"5"})" << 422 << "/daily_loss";
        QTest::newRow("symbol") << R"({"symbols":{"XYZ":{}}})" << 422 << "/symbols/XYZ";
        QTest::newRow("of a symbol")
            << R"({"symbols":{"FPT":{"position":0}}})" << 422 << "/symbols/FPT/position";
        QTest::newRow("unknown of a symbol")
            << R"({"symbols":{"FPT":{"open_orders":1}}})" << 422 << "/symbols/FPT/open_orders";
        QTest::newRow("restricted") << R"({"restricted":["VIC",7]})" << 422 << "/restricted/1";
        QTest::newRow("half a rate")
            << R"({"order_rate":{"orders":5}})" << 422 << "/order_rate/window_ms";
        QTest::newRow("overflow") << R"({"order_value":{"VND":"99999999999999999999"}})" << 422
                                  << "/order_value/VND";
        QTest::newRow("not an object") << R"([1])" << 422 << "";
        QTest::newRow("malformed") << "{\"position\":" << 400 << "";
    }
    void wrongLimitsAreNamed()
    {
        QFETCH(QString, body);
        QFETCH(int, status);
        QFETCH(QString, pointer);
        QCOMPARE(put(R"({"position_count":7})").status, 200);
        const RawReply reply = put(body.toStdString());
        QCOMPARE(reply.status, status);
        if (!pointer.isEmpty())
            QVERIFY2(reply.body.find("\"pointer\":\"" + pointer.toStdString() + '"')
                         != std::string::npos,
                     reply.body.c_str());
        QCOMPARE(m_server->desk.desk->riskPolicy()->house.positionCount,
                 std::optional(std::int64_t{7}));
    }

    void tradersStopThemselves()
    {
        QCOMPARE(order(m_trader, "100").status, 201);
        const RawReply set = kill(m_trader, because("tính nhầm"));
        QCOMPARE(set.status, 200);
        QCOMPARE(textAt(set, "data/cancelled"), std::string("1"));
        QCOMPARE(textAt(set, "data/kill_switch/by"), std::string("owner"));
        const RawReply refused = order(m_trader, "100");
        QCOMPARE(refused.status, 422);
        QCOMPARE(textAt(refused, "code"), std::string("KILL_SWITCH"));
        QCOMPARE(textAt(refused, "detail"),
                 std::string("Trading is blocked by the kill switch: tính nhầm."));
        QCOMPARE(order(m_other, "100").status, 201);
        const RawReply usage = m_server->call("GET", "/risk/usage", {}, m_trader.token);
        QCOMPARE(textAt(usage, "data/kill_switch/reason"), std::string("tính nhầm"));
        QCOMPARE(lift(m_trader).status, 200);
        QCOMPARE(order(m_trader, "100").status, 201);
        QCOMPARE(lift(m_trader).status, 200); // again changes nothing
    }

    void onlyTheHouseLiftsWhatItSet()
    {
        QCOMPARE(kill(m_admin, because("audit", idOf(m_trader))).status, 200);
        QCOMPARE(order(m_trader, "100").status, 422);
        QCOMPARE(lift(m_trader).status, 403);
        QCOMPARE(order(m_trader, "100").status, 422);
        QCOMPARE(lift(m_admin, because("done", idOf(m_trader))).status, 200);
        QCOMPARE(order(m_trader, "100").status, 201);

        QCOMPARE(kill(m_admin, because("everyone")).status, 200);
        QCOMPARE(order(m_trader, "100").status, 422);
        QCOMPARE(order(m_other, "100").status, 422);
        QCOMPARE(lift(m_other).status, 403);
        const RawReply lifted = lift(m_admin);
        QCOMPARE(textAt(lifted, "data/kill_switch/on"), std::string("false"));
        QCOMPARE(order(m_other, "100").status, 201);
    }

    void theSwitchIsNotForOthers()
    {
        QCOMPARE(kill(m_other, because("x", idOf(m_trader))).status, 403);
        QCOMPARE(kill(m_viewer, because("x")).status, 403);
        QCOMPARE(lift(m_viewer).status, 403);
        QCOMPARE(kill(m_trader, "{}").status, 422);
        QCOMPARE(kill(m_trader, because("")).status, 422);
        QCOMPARE(kill(m_trader, R"({"reason":"x","when":"now"})").status, 422);
        QCOMPARE(kill(m_trader, because(std::string(201, 'x'))).status, 422);
        QCOMPARE(kill(m_admin, because("x", "nobody")).status, 404);
        QCOMPARE(order(m_trader, "100").status, 201);
    }
};

QTEST_GUILESS_MAIN(RiskApiTest)
#include "tst_server_risk.moc"
