// SPDX-License-Identifier: GPL-3.0-or-later
// Conditional orders over REST: what clients write, what they read, and what survives a restart.
#include "../../support/server_fixture.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

class ServerConditionsTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_trader, m_other;

    RawReply order(const std::string &body)
    {
        return m_server->call("POST", "/api/v1/orders", body, m_trader.token);
    }
    RawReply get(const std::string &target)
    {
        return m_server->call("GET", target, {}, m_trader.token);
    }
    /// One trade at this price between others. Each test that does so has a symbol of its own.
    void print(const char *symbol, std::int64_t price)
    {
        m_server->desk.order(m_other.account, symbol, Side::Sell, OrderType::LO, 100, price);
        m_server->desk.order(m_other.account, symbol, Side::Buy, OrderType::LO, 100, price);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<ServerFixture>();
        m_trader = m_server->person("trang", server::Role::Trader);
        m_other = m_server->person("oanh", server::Role::Trader);
        for (const AccountNo account : {m_trader.account, m_other.account}) {
            m_server->desk.cash(account, 10'000'000'000);
            for (const char *symbol : {"SSI", "MBB"})
                m_server->desk.shares(account, symbol, 100'000);
        }
    }
    void cleanupTestCase() { m_server.reset(); }

    void aStopWaitsAndIsMet()
    {
        const RawReply placed = order(
            R"({"symbol":"MBB","side":"SELL","quantity":100,"condition":{"type":"stop","trigger_price":"26000"}})");
        QVERIFY2(placed.status == 201, placed.body.c_str());
        QCOMPARE(textAt(placed, "data/status"), std::string("QUEUED"));
        QCOMPARE(textAt(placed, "data/order_type"), std::string("MTL"));
        QCOMPARE(textAt(placed, "data/condition/type"), std::string("STOP"));
        QCOMPARE(textAt(placed, "data/condition/trigger_price"), std::string("26000"));
        QCOMPARE(textAt(placed, "data/expires_at"), std::string("2026-11-20T07:45:00.000Z"));
        const std::string path = "/api/v1/orders/" + textAt(placed, "data/order_id");
        print("MBB", 26'000);
        const RawReply after = get(path);
        QVERIFY(textAt(after, "data/status") != "QUEUED");
        QCOMPARE(textAt(after, "data/condition/triggered"), std::string("STOP_LOSS"));
        QVERIFY(!textAt(after, "data/condition/triggered_at").empty());
    }

    void thePriceOfTheOrderMayBeTheLimit()
    {
        for (
            const char *body :
            {R"({"symbol":"SSI","side":"SELL","quantity":100,"price":30.4,"price_unit":"kVND","condition":{"type":"STOP","trigger_price":30.5}})",
             R"({"symbol":"SSI","side":"SELL","quantity":100,"condition":{"type":"STOP","trigger_price":30500,"limit_price":30400}})"}) {
            const RawReply placed = order(body);
            QVERIFY2(placed.status == 201, placed.body.c_str());
            QCOMPARE(textAt(placed, "data/order_type"), std::string("LO"));
            QCOMPARE(textAt(placed, "data/price"), std::string("30400"));
            QCOMPARE(textAt(placed, "data/condition/limit_price"), std::string("30400"));
        }
    }

    void everyKindIsWrittenAsItWasRead_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("value");
        const auto row = [](const char *name, const char *condition, const char *path,
                            const char *value, const char *rest = R"(,"order_type":"MTL")") {
            QTest::newRow(name) << QByteArray(R"({"symbol":"SSI","side":"SELL","quantity":100)")
                                       + rest + R"(,"condition":)" + condition + '}'
                                << QByteArray(path) << QByteArray(value);
        };
        row("take-profit", R"({"type":"TAKE_PROFIT","trigger_price":"32000"})", "trigger_price",
            "32000");
        row("trailing percent", R"({"type":"TRAILING","trail_percent":"1.5"})", "trigger_price",
            "30500");
        row("trailing percent shown", R"({"type":"TRAILING","trail_percent":1.5})", "trail_percent",
            "1.5");
        row("trailing amount", R"({"type":"TRAILING","trail_amount":500,"limit_offset":100})",
            "limit_price", "30400", "");
        row("best price", R"({"type":"TRAILING","trail_amount":500})", "best_price", "31000");
        row("oco",
            R"({"type":"OCO","take_profit":{"trigger_price":32000,"limit_price":32000},"stop_loss":{"trigger_price":30000}})",
            "stop_loss/trigger_price", "30000");
        row("bracket",
            R"({"type":"BRACKET","take_profit":{"trigger_price":30000},"stop_loss":{"trigger_price":32000}})",
            "take_profit/trigger_price", "30000", R"(,"price":31500)");
        row("if done", R"({"type":"IF_DONE","then":{"side":"BUY","quantity":100,"price":30000}})",
            "then/price", "30000", R"(,"price":31500)");
        row("if done, then a stop",
            R"({"type":"IF_DONE","then":{"side":"BUY","quantity":100,"condition":{"type":"STOP","trigger_price":32000}}})",
            "then/condition/trigger_price", "32000", R"(,"price":31500)");
    }
    void everyKindIsWrittenAsItWasRead()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, value);
        const RawReply placed = order(body.toStdString());
        QVERIFY2(placed.status == 201, placed.body.c_str());
        QCOMPARE(textAt(placed, "data/condition/" + path.toStdString()), value.toStdString());
        const RawReply read = get("/api/v1/orders/" + textAt(placed, "data/order_id"));
        QCOMPARE(textAt(read, "data/condition/" + path.toStdString()), value.toStdString());
    }

    void badConditionsAreRefusedAtTheirField_data()
    {
        QTest::addColumn<QByteArray>("condition");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("pointer");
        const auto row = [](const char *name, const char *condition, const char *code,
                            const char *pointer) {
            QTest::newRow(name) << QByteArray(condition) << QByteArray(code) << QByteArray(pointer);
        };
        row("not an object", "5", "VALIDATION_ERROR", "/condition");
        row("no type", "{}", "VALIDATION_ERROR", "/condition/type");
        row("unknown type", R"({"type":"ICEBERG"})", "VALIDATION_ERROR", "/condition/type");
        row("unknown field", R"({"type":"STOP","trigger_price":30500,"x":1})", "UNKNOWN_FIELD",
            "/condition/x");
        row("another kind's field", R"({"type":"STOP","trigger_price":30500,"trail_amount":1})",
            "UNKNOWN_FIELD", "/condition/trail_amount");
        row("no trigger", R"({"type":"STOP"})", "VALIDATION_ERROR", "/condition/trigger_price");
        row("half a dong", R"({"type":"STOP","trigger_price":"30500.5"})", "INVALID_PRICE",
            "/condition/trigger_price");
        row("negative", R"({"type":"STOP","trigger_price":-5})", "INVALID_PRICE",
            "/condition/trigger_price");
        row("off the tick", R"({"type":"STOP","trigger_price":30510})", "INVALID_TICK",
            "/condition/trigger_price");
        row("wrong side", R"({"type":"STOP","trigger_price":31500})", "TRIGGER_ALREADY_REACHED",
            "/condition/trigger_price");
        row("both trails", R"({"type":"TRAILING","trail_amount":1,"trail_percent":1})",
            "VALIDATION_ERROR", "/condition/trail_amount");
        row("100 percent", R"({"type":"TRAILING","trail_percent":100})", "VALIDATION_ERROR",
            "/condition/trail_percent");
        row("five decimals", R"({"type":"TRAILING","trail_percent":"1.00001"})", "VALIDATION_ERROR",
            "/condition/trail_percent");
        row("half an OCO", R"({"type":"OCO","take_profit":{"trigger_price":32000}})",
            "VALIDATION_ERROR", "/condition/stop_loss");
        row("a leg's field",
            R"({"type":"OCO","take_profit":{"trigger_price":32000,"y":1},"stop_loss":{"trigger_price":30000}})",
            "UNKNOWN_FIELD", "/condition/take_profit/y");
        row("nothing to do then", R"({"type":"IF_DONE"})", "VALIDATION_ERROR", "/condition/then");
        row("nested families",
            R"({"type":"IF_DONE","then":{"side":"BUY","quantity":100,"price":30000,"condition":{"type":"IF_DONE","then":{}}}})",
            "VALIDATION_ERROR", "/condition/then/condition/type");
        row("a client id in then",
            R"({"type":"IF_DONE","then":{"side":"BUY","quantity":100,"price":30000,"client_order_id":"x"}})",
            "UNKNOWN_FIELD", "/condition/then/client_order_id");
        row("then at a bad price",
            R"({"type":"IF_DONE","then":{"side":"BUY","quantity":100,"price":"30000.5"}})",
            "INVALID_TICK", "/condition/then/price");
    }
    void badConditionsAreRefusedAtTheirField()
    {
        QFETCH(QByteArray, condition);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, pointer);
        const std::string plain = condition.contains("IF_DONE") ? R"("price":31500,)" : "";
        const RawReply reply = order(R"({"symbol":"SSI","side":"SELL","quantity":100,)" + plain
                                     + R"("condition":)" + condition.toStdString() + '}');
        QVERIFY2(reply.status == 422, reply.body.c_str());
        const auto document = reply.json();
        const auto first = document.root().find("errors")->first();
        QVERIFY(first);
        QVERIFY2(first->find("pointer")->text() == pointer.toStdString(), reply.body.c_str());
        QVERIFY2(textAt(reply, "code") == code.toStdString(), reply.body.c_str());
        QVERIFY(!textAt(reply, "detail").empty());
    }

    void aWaitingOrderIsAmendedAndCancelled()
    {
        const RawReply placed = order(
            R"({"symbol":"SSI","side":"SELL","quantity":100,"condition":{"type":"STOP","trigger_price":30500,"limit_price":30400}})");
        const std::string path = "/api/v1/orders/" + textAt(placed, "data/order_id");
        const RawReply amended = m_server->call(
            "PUT", path,
            R"({"quantity":200,"condition":{"trigger_price":"30300","limit_price":"30200"}})",
            m_trader.token);
        QVERIFY2(amended.status == 200, amended.body.c_str());
        QCOMPARE(textAt(amended, "data/quantity"), std::string("200"));
        QCOMPARE(textAt(amended, "data/price"), std::string("30200"));
        QCOMPARE(textAt(amended, "data/condition/trigger_price"), std::string("30300"));
        const RawReply wrong = m_server->call(
            "PUT", path, R"({"condition":{"trigger_price":"31300"}})", m_trader.token);
        QCOMPARE(textAt(wrong, "code"), std::string("TRIGGER_ALREADY_REACHED"));
        const RawReply cancelled = m_server->call("DELETE", path, {}, m_trader.token);
        QCOMPARE(cancelled.status, 200);
        QCOMPARE(textAt(cancelled, "data/status"), std::string("CANCELLED"));
    }

    void theLegsOfABracketAreFoundByTheirParent()
    {
        const RawReply placed = order(
            R"({"symbol":"HPG","side":"BUY","quantity":100,"price":29000,"condition":{"type":"BRACKET","take_profit":{"trigger_price":30000},"stop_loss":{"trigger_price":28500}}})");
        QVERIFY2(placed.status == 201, placed.body.c_str());
        const std::string child = textAt(placed, "data/condition/child_order_id");
        const RawReply legs = get("/api/v1/orders/" + child);
        QCOMPARE(legs.status, 200);
        QCOMPARE(textAt(legs, "data/parent_order_id"), textAt(placed, "data/order_id"));
        QCOMPARE(textAt(legs, "data/condition/type"), std::string("OCO"));
        QCOMPARE(textAt(get("/api/v1/orders?status=QUEUED&symbol=HPG"), "data/total_count"),
                 std::string("1"));
    }

    void aDryRunOfAConditionHoldsNothing()
    {
        const RawReply good = m_server->call(
            "POST", "/api/v1/orders/validate",
            R"({"symbol":"SSI","side":"BUY","quantity":100,"condition":{"type":"STOP","trigger_price":31500}})",
            m_trader.token);
        QCOMPARE(textAt(good, "data/valid"), std::string("true"));
        QCOMPARE(textAt(good, "data/hold"), std::string("0"));
        const RawReply bad = m_server->call(
            "POST", "/api/v1/orders/validate",
            R"({"symbol":"SSI","side":"BUY","quantity":100,"condition":{"type":"STOP","trigger_price":30500}})",
            m_trader.token);
        QCOMPARE(textAt(bad, "data/valid"), std::string("false"));
    }

    void aConditionAndItsFamilySurviveARestartAndTheDayAndStayInHistory()
    {
        DeskFixture &desk = m_server->desk;
        const auto daily = desk.send(desk.stopSale(m_trader.account, "SSI", 30'500));
        const auto kept =
            desk.send(desk.stopSale(m_trader.account, "SSI", 30'500, TimeInForce::GTC));
        QCOMPARE(kept.error.code, Code::OK);
        m_server->server.reset();
        desk.desk.reset();
        desk.open({});
        const auto find = [&desk](const CommandResult &placed) {
            std::promise<Result<OrderRecord>> promise;
            desk.desk->findOrder(placed.order->id,
                                 [&](Result<OrderRecord> r) { promise.set_value(std::move(r)); });
            return promise.get_future().get().value();
        };
        QCOMPARE(find(kept).status, OrderStatus::Queued);
        QCOMPARE(find(kept).condition->stopLoss->trigger.raw(), 30'500);
        desk.clockTo("2026-11-23T10:00:00+07:00"); // finished orders of Friday are history now
        const OrderRecord past = find(daily);
        QCOMPARE(past.status, OrderStatus::Expired);
        QVERIFY(past.condition);
        QCOMPARE(past.condition->stopLoss->trigger.raw(), 30'500);
        print("SSI", 30'500);
        QVERIFY(find(kept).status != OrderStatus::Queued);
        desk.desk.reset();
        const auto verified = verifyDatabase(desk.folder.filePath(QStringLiteral("khop.db")));
        QVERIFY(verified.has_value());
        QVERIFY2(!verified->badSequence, verified->why.c_str());
    }
};

QTEST_GUILESS_MAIN(ServerConditionsTest)
#include "tst_server_conditions.moc"
