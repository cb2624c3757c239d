// SPDX-License-Identifier: GPL-3.0-or-later
// The REST resources over a real server and desk.
#include "../../support/server_fixture.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

class ApiTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_trader, m_other, m_viewer, m_admin;

    RawReply order(const std::string &body, const std::string &headers = {})
    {
        return m_server->call("POST", "/api/v1/orders", body, m_trader.token, headers);
    }
    RawReply get(const std::string &target)
    {
        return m_server->call("GET", target, {}, m_trader.token);
    }

private Q_SLOTS:
    void initTestCase()
    {
        server::Options options;
        options.demo = true;
        options.defaultSymbol = "DEMO";
        m_server = std::make_unique<ServerFixture>(options);
        m_trader = m_server->person("trang", server::Role::Trader);
        m_other = m_server->person("oanh", server::Role::Trader);
        m_viewer = m_server->person("vinh", server::Role::Viewer);
        m_admin = m_server->person("anh", server::Role::Admin);
        m_server->desk.cash(m_trader.account, 10'000'000'000);
        m_server->desk.cash(m_other.account, 10'000'000'000);
        m_server->desk.shares(m_other.account, "SSI", 100'000);
    }
    void cleanupTestCase() { m_server.reset(); }

    void anOrderGoesAllTheWay()
    {
        const RawReply placed = order(
            R"({"symbol":"ssi","side":"buy","quantity":100,"price":"31000","client_order_id":"way-1","description":"đầu tiên"})");
        QCOMPARE(placed.status, 201);
        const std::string id = textAt(placed, "data/order_id");
        QCOMPARE(placed.headers.at("location"), "/api/v1/orders/" + id);
        QCOMPARE(textAt(placed, "data/status"), std::string("ACTIVE"));
        QCOMPARE(textAt(placed, "data/order_type"), std::string("LO"));
        QCOMPARE(textAt(placed, "data/price"), std::string("31000"));
        QCOMPARE(textAt(placed, "data/total_amount"), std::string("3100000"));
        QCOMPARE(textAt(placed, "data/username"), std::string("trang"));
        QCOMPARE(textAt(placed, "data/description"), std::string("đầu tiên"));
        QCOMPARE(textAt(placed, "data/user_id"), m_trader.user.id.text());

        // The same body again is the same order; another body is not.
        const RawReply again = order(
            R"({"symbol":"ssi","side":"buy","quantity":100,"price":"31000","client_order_id":"way-1","description":"đầu tiên"})");
        QCOMPARE(again.status, 200);
        QCOMPARE(textAt(again, "data/order_id"), id);
        const RawReply changed = order(
            R"({"symbol":"ssi","side":"buy","quantity":200,"price":"31000","client_order_id":"way-1"})");
        QCOMPARE(changed.status, 409);
        QCOMPARE(textAt(changed, "code"), std::string("DUPLICATE_CLIENT_ORDER_ID"));

        QCOMPARE(get("/orders/" + id + "/").status, 200);
        QCOMPARE(textAt(get("/orders?client_order_id=way-1"), "data/total_count"),
                 std::string("1"));
        QCOMPARE(m_server->call("GET", "/orders/" + id, {}, m_other.token).status, 404);
        QCOMPARE(m_server->call("GET", "/orders/" + id, {}, m_admin.token).status, 200);

        const RawReply stale = m_server->call("PUT", "/orders/" + id,
                                              R"({"quantity":50,"version":9})", m_trader.token);
        QCOMPARE(stale.status, 412);
        const RawReply less = m_server->call("PATCH", "/orders/" + id, R"({"quantity":"50"})",
                                             m_trader.token, "If-Match: \"1\"\r\n");
        QCOMPARE(less.status, 422); // 50 is no even lot
        const RawReply moved = m_server->call(
            "PUT", "/orders/" + id, R"({"price":30.9,"price_unit":"kVND"})", m_trader.token);
        QCOMPARE(moved.status, 200);
        QCOMPARE(textAt(moved, "data/price"), std::string("30900"));
        QCOMPARE(textAt(moved, "data/version"), std::string("2"));
        QCOMPARE(m_server->call("PUT", "/orders/" + id, R"({"price":30900})", m_other.token).status,
                 404);

        QCOMPARE(m_server->call("DELETE", "/orders/" + id, {}, m_other.token).status, 404);
        const RawReply cancelled = m_server->call("DELETE", "/orders/" + id, {}, m_trader.token);
        QCOMPARE(cancelled.status, 200);
        QCOMPARE(textAt(cancelled, "data/status"), std::string("CANCELLED"));
        QCOMPARE(m_server->call("POST", "/orders/" + id + "/cancel", {}, m_trader.token).status,
                 200);
    }

    void aFillShowsInTradesPositionsAndBalance()
    {
        QCOMPARE(m_server
                     ->call("POST", "/orders",
                            R"({"symbol":"SSI","side":"S","quantity":300,"price":31200})",
                            m_other.token)
                     .status,
                 201);
        const RawReply buy = order(
            R"({"symbol":"SSI","side":1,"quantity":"300","price":31500.0,"order_type":"limit_buy"})");
        QCOMPARE(buy.status, 201);
        QCOMPARE(textAt(buy, "data/status"), std::string("FILLED"));
        QCOMPARE(textAt(buy, "data/order_type"), std::string("LIMIT_BUY"));
        QCOMPARE(textAt(buy, "data/average_traded_price"), std::string("31200"));
        QCOMPARE(textAt(buy, "data/fee"), std::string("14040"));
        const std::string id = textAt(buy, "data/order_id");
        const RawReply executions = get("/orders/" + id + "/executions");
        QCOMPARE(textAt(executions, "data/total_count"), std::string("1"));
        const RawReply trades = get("/trades?symbol=SSI&mine=true");
        QCOMPARE(textAt(trades, "data/total_count"), std::string("1"));
        const auto document = trades.json();
        const auto trade = document.root().find("data")->find("trades")->first();
        QCOMPARE(trade->find("bid_order_id")->text(), std::string_view(id));
        QVERIFY(trade->find("ask_order_id")->isNull());
        QVERIFY(!trade->find("is_settled")->boolean());
        const RawReply one = get("/trades/" + std::string(trade->find("trade_id")->text()));
        QCOMPARE(one.status, 200);
        QCOMPARE(textAt(one, "data/quantity"), std::string("300"));
        QCOMPARE(get("/trades/01a1f991-3a84-733f-9452-5b09f9c7fc04").status, 404);
        QCOMPARE(get("/trades/xyz").status, 404);

        const RawReply position = get("/positions/SSI");
        QCOMPARE(textAt(position, "data/quantity"), std::string("300"));
        QCOMPARE(textAt(position, "data/pending_t0"), std::string("300"));
        QCOMPARE(textAt(position, "data/cost_basis"), std::string("9374040"));
        QCOMPARE(get("/positions/VIC").status, 404);
        QCOMPARE(textAt(get("/accounts/balance"), "data/current_balance"),
                 std::string("9990625960"));
        QCOMPARE(textAt(get("/orders?status=COMPLETED&symbol=SSI"), "data/total_count"),
                 std::string("1"));
        QCOMPARE(textAt(get("/orders?order_type=LIMIT_BUY"), "data/total_count"), std::string("1"));
        const RawReply filled = m_server->call("DELETE", "/orders/" + id, {}, m_trader.token);
        QCOMPARE(filled.status, 409);
        QCOMPARE(textAt(filled, "code"), std::string("ORDER_NOT_CANCELLABLE"));
    }

    void badOrdersAreRefusedWithTheirCode_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("pointer");
        const auto row = [](const char *what, const char *body, int status, const char *code,
                            const char *pointer = "") {
            QTest::newRow(what) << QByteArray(body) << status << QByteArray(code)
                                << QByteArray(pointer);
        };
        row("not JSON", "{", 400, "MALFORMED_JSON");
        row("array", "[]", 422, "VALIDATION_ERROR");
        row("duplicate key", R"({"symbol":"SSI","symbol":"SSI"})", 400, "MALFORMED_JSON");
        row("unknown field",
            R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000,"qty":1})", 422,
            "UNKNOWN_FIELD", "/qty");
        row("no side", R"({"symbol":"SSI","quantity":100,"price":31000})", 422, "VALIDATION_ERROR",
            "/side");
        row("side 2", R"({"symbol":"SSI","side":2,"quantity":100,"price":31000})", 422,
            "VALIDATION_ERROR", "/side");
        row("neither type nor price", R"({"symbol":"SSI","side":"BUY","quantity":100})", 422,
            "VALIDATION_ERROR", "/order_type");
        row("side against type",
            R"({"symbol":"SSI","side":"SELL","order_type":"MARKET_BUY","quantity":100})", 422,
            "VALIDATION_ERROR", "/side");
        row("unknown symbol", R"({"symbol":"XXX","side":"BUY","quantity":100,"price":31000})", 422,
            "INSTRUMENT_UNKNOWN", "/symbol");
        row("another market",
            R"({"symbol":"SSI","market":"HNX","side":"BUY","quantity":100,"price":31000})", 422,
            "MARKET_MISMATCH", "/market");
        row("quantity 0", R"({"symbol":"SSI","side":"BUY","quantity":0,"price":31000})", 422,
            "INVALID_QUANTITY", "/quantity");
        row("quantity -100", R"({"symbol":"SSI","side":"BUY","quantity":-100,"price":31000})", 422,
            "INVALID_QUANTITY", "/quantity");
        row("quantity 1e2", R"({"symbol":"SSI","side":"BUY","quantity":1e2,"price":31000})", 422,
            "VALIDATION_ERROR", "/quantity");
        row("quantity 100.5", R"({"symbol":"SSI","side":"BUY","quantity":100.5,"price":31000})",
            422, "INVALID_QUANTITY", "/quantity");
        row("quantity beyond 64 bits",
            R"({"symbol":"SSI","side":"BUY","quantity":99999999999999999999,"price":31000})", 422,
            "INVALID_QUANTITY", "/quantity");
        row("quantity true", R"({"symbol":"SSI","side":"BUY","quantity":true,"price":31000})", 422,
            "VALIDATION_ERROR", "/quantity");
        row("150 shares", R"({"symbol":"SSI","side":"BUY","quantity":150,"price":31000})", 422,
            "INVALID_LOT", "/quantity");
        row("price 0", R"({"symbol":"SSI","side":"BUY","quantity":100,"price":0})", 422,
            "INVALID_PRICE", "/price");
        row("price -1", R"({"symbol":"SSI","side":"BUY","quantity":100,"price":-1})", 422,
            "INVALID_PRICE", "/price");
        row("off tick", R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31001})", 422,
            "INVALID_TICK", "/price");
        row("half a dong", R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000.5})", 422,
            "INVALID_TICK", "/price");
        row("in thousands", R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31.0})", 422,
            "PRICE_BELOW_FLOOR", "/price");
        row("in thousands, fraction",
            R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31.05})", 422,
            "PRICE_BELOW_FLOOR", "/price");
        row("above the ceiling",
            R"({"symbol":"SSI","side":"BUY","quantity":100,"price":"9000000"})", 422,
            "PRICE_ABOVE_CEILING", "/price");
        row("ATO now", R"({"symbol":"SSI","side":"BUY","quantity":100,"order_type":"ATO"})", 422,
            "ORDER_TYPE_NOT_IN_SESSION");
        row("GTC on HOSE",
            R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000,"time_in_force":"GTC"})",
            422, "TIME_IN_FORCE_NOT_ALLOWED");
        row("shares not owned", R"({"symbol":"VIC","side":"SELL","quantity":100,"price":164000})",
            422, "INSUFFICIENT_SECURITIES");
        row("client id with a space",
            R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000,"client_order_id":"a b"})",
            422, "VALIDATION_ERROR", "/client_order_id");
        row("another's account",
            R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000,"user_id":"123e4567-e89b-12d3-a456-426614174000"})",
            403, "FORBIDDEN", "/user_id");
    }
    void badOrdersAreRefusedWithTheirCode()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, pointer);
        const RawReply reply = order(body.toStdString());
        QVERIFY2(reply.status == status, reply.body.c_str());
        QVERIFY2(textAt(reply, "code") == code.toStdString(), reply.body.c_str());
        QCOMPARE(textAt(reply, "type"), "urn:khop:problem:" + code.toStdString());
        QCOMPARE(textAt(reply, "success"), std::string("false"));
        QVERIFY(!textAt(reply, "detail").empty());
        const auto document = reply.json();
        const auto first = document.root().find("errors")->first();
        QCOMPARE(first && !pointer.isEmpty() ? std::string(first->find("pointer")->text())
                                             : pointer.toStdString(),
                 pointer.toStdString());
    }

    void aPriceInThousandsIsRefusedWithAHint()
    {
        const RawReply reply = order(
            R"({"symbol":"VIC","side":"BUY","order_type":"LO","quantity":100,"price":85.5,"market":"HOSE"})");
        QCOMPARE(textAt(reply, "code"), std::string("PRICE_BELOW_FLOOR"));
        QVERIFY(textAt(reply, "detail").find("kVND") != std::string::npos);
        const RawReply vietnamese =
            order(R"({"symbol":"VIC","side":"BUY","quantity":100,"price":85.5})",
                  "Accept-Language: vi\r\n");
        QVERIFY(textAt(vietnamese, "detail").find("Giá") != std::string::npos);
        QCOMPARE(textAt(vietnamese, "code"), std::string("PRICE_BELOW_FLOOR"));
    }

    void rolesDecideWhoMayWhat()
    {
        const std::string body = R"({"symbol":"SSI","side":"BUY","quantity":100,"price":31000})";
        QCOMPARE(m_server->call("POST", "/orders", body).status, 401);
        QCOMPARE(m_server->call("POST", "/orders", body).headers.at("www-authenticate"),
                 std::string("Bearer"));
        QCOMPARE(m_server->call("POST", "/orders", body, "not.a.token").status, 401);
        QCOMPARE(m_server->call("POST", "/orders", body, m_viewer.token).status, 403);
        QCOMPARE(m_server->call("POST", "/orders", body, m_admin.token).status, 403);
        QCOMPARE(m_server->call("GET", "/orders", {}, m_viewer.token).status, 200);
        QCOMPARE(m_server->call("GET", "/practice/clock", {}, m_trader.token).status, 403);
        QCOMPARE(m_server->call("GET", "/practice/clock", {}, m_admin.token).status, 200);
        const std::string cash = "/accounts/" + m_viewer.user.accountId.text() + "/cash";
        QCOMPARE(m_server->call("POST", cash, R"({"amount":"1000000"})", m_trader.token).status,
                 403);
        QCOMPARE(
            m_server->call("POST", cash, R"({"amount":"1000000","currency":"VND"})", m_admin.token)
                .status,
            200);
        QCOMPARE(
            textAt(m_server->call("GET", "/balance", {}, m_viewer.token), "data/available_balance"),
            std::string("1000000"));
        QCOMPARE(m_server->call("POST", cash, R"({"amount":"0.5"})", m_admin.token).status, 422);
        QCOMPARE(m_server->call("POST", "/accounts/nobody/cash", R"({"amount":"1"})", m_admin.token)
                     .status,
                 404);
        QCOMPARE(get("/orders?user_id=" + m_trader.user.id.text()).status, 200);
        QCOMPARE(get("/orders?user_id=" + m_other.user.id.text()).status, 403);
        QCOMPARE(
            m_server->call("GET", "/orders?user_id=" + m_other.user.id.text(), {}, m_admin.token)
                .status,
            200);
    }

    void oddQueriesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("status");
        QTest::newRow("unknown parameter") << QByteArray("/orders?x=1") << 400;
        QTest::newRow("bad status") << QByteArray("/orders?status=DONE") << 422;
        QTest::newRow("bad date") << QByteArray("/orders?start_date=yesterday") << 422;
        QTest::newRow("limit 101") << QByteArray("/orders?limit=101") << 422;
        QTest::newRow("page and offset") << QByteArray("/orders?page=1&offset=2") << 400;
        QTest::newRow("twice") << QByteArray("/orders?page=1&page=2") << 400;
        QTest::newRow("depth 0") << QByteArray("/orderbook?depth=0") << 422;
        QTest::newRow("depth 51") << QByteArray("/orderbook?depth=51") << 422;
        QTest::newRow("unknown symbol") << QByteArray("/orderbook?symbol=XXX") << 422;
        QTest::newRow("live desk") << QByteArray("/orderbook?desk=live") << 503;
        QTest::newRow("bad order id") << QByteArray("/orders/123") << 404;
        QTest::newRow("unknown order")
            << QByteArray("/orders/987fcdeb-51a2-43d7-8f9e-123456789abc") << 404;
        QTest::newRow("unknown path") << QByteArray("/api/v1/nothing") << 404;
        QTest::newRow("unknown instrument") << QByteArray("/instruments/XXX") << 404;
    }
    void oddQueriesAreRefused()
    {
        QFETCH(QByteArray, target);
        QFETCH(int, status);
        QCOMPARE(get(target.toStdString()).status, status);
    }

    void bodiesMustBeJson()
    {
        RawClient client(m_server->url);
        client.send("POST /orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + m_trader.token
                    + "\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");
        QCOMPARE(client.receive().status, 415);
    }

    void pagesFollowEachOtherByCursor()
    {
        for (int i = 0; i < 5; ++i)
            QCOMPARE(
                m_server
                    ->call(
                        "POST", "/orders",
                        R"({"symbol":"ACB","side":"BUY","quantity":100,"order_type":"LO","price":)"
                            + std::to_string(m_server->desk.desk->instruments()
                                                 ->at(m_server->desk.symbol("ACB"))
                                                 .floor.raw())
                            + "}",
                        m_other.token)
                    .status,
                201);
        std::string cursor;
        std::set<std::string> seen;
        int pages = 0;
        do {
            const RawReply reply = m_server->call(
                "GET", "/orders?symbol=ACB&limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor),
                {}, m_other.token);
            QCOMPARE(reply.status, 200);
            QCOMPARE(textAt(reply, "data/total_count"), std::string("5"));
            const auto document = reply.json();
            for (auto item = document.root().find("data")->find("orders")->first(); item;
                 item = item->next())
                QVERIFY(seen.insert(std::string(item->find("order_id")->text())).second);
            cursor = textAt(reply, "data/next_cursor");
            ++pages;
        } while (!cursor.empty() && pages < 10);
        QCOMPARE(pages, 3);
        QCOMPARE(seen.size(), std::size_t{5});
        const RawReply all = m_server->call("DELETE", "/orders?symbol=ACB", {}, m_other.token);
        QCOMPARE(textAt(all, "data/cancelled"), std::string("5"));
    }

    void ordersOfABatchHaveTheirOwnResults()
    {
        const RawReply reply = m_server->call(
            "POST", "/orders/batch",
            R"({"orders":[{"symbol":"SSI","side":"BUY","quantity":100,"price":31000},{"symbol":"SSI","side":"BUY","quantity":150,"price":31000},{"x":1}]})",
            m_trader.token);
        QCOMPARE(reply.status, 200);
        QCOMPARE(textAt(reply, "data/accepted"), std::string("1"));
        QCOMPARE(textAt(reply, "data/refused"), std::string("2"));
        const RawReply dry = m_server->call(
            "POST", "/orders/validate",
            R"({"symbol":"SSI","side":"BUY","quantity":1000,"price":31000})", m_trader.token);
        QCOMPARE(textAt(dry, "data/valid"), std::string("true"));
        QCOMPARE(textAt(dry, "data/hold"), std::string("31046500"));
    }

    void registrationIsOpenInDemoOnly()
    {
        const std::string body = R"({"username":"new.user","password":"long enough"})";
        const RawReply added = m_server->call("POST", "/auth/register", body);
        QCOMPARE(added.status, 201);
        QCOMPARE(m_server->call("POST", "/auth/register", body).status, 409);
        const RawReply in = m_server->call("POST", "/auth/login", body);
        QCOMPARE(in.status, 200);
        QCOMPARE(m_server->call("GET", "/balance", {}, textAt(in, "data/access_token")).status,
                 200);
        QCOMPARE(m_server->call("POST", "/auth/logout", {}, textAt(in, "data/access_token")).status,
                 200);
        QCOMPARE(m_server->call("GET", "/balance", {}, textAt(in, "data/access_token")).status,
                 401);
        ServerFixture closed;
        QCOMPARE(closed.call("POST", "/auth/register", body).status, 403);
    }

    void metricsAreForThisComputerOnly()
    {
        QCOMPARE(m_server->call("GET", "/metrics").status, 200);
        QCOMPARE(m_server->call("GET", "/internal/metrics").status, 200);
        QCOMPARE(m_server->call("GET", "/metrics", {}, {}, "X-Forwarded-For: 1.2.3.4\r\n").status,
                 403);
        QCOMPARE(m_server->call("GET", "/health/detailed").status, 401);
    }
};

QTEST_GUILESS_MAIN(ApiTest)
#include "tst_server_api.moc"
