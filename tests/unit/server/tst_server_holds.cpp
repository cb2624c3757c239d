// SPDX-License-Identifier: GPL-3.0-or-later
// What orders hold, to the dong: worked values, what /orders/validate says before each step, and what the
// balance shows after it.
#include "../../support/server_fixture.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

namespace {

/// 0.15 % of a value in dong, halves up.
constexpr std::int64_t feeOf(std::int64_t value) { return (value * 15 + 5'000) / 10'000; }
static_assert(feeOf(31'000'000) == 46'500 && feeOf(3'333) == 5 && feeOf(333) == 0);

} // namespace

class HoldsTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_buyer;
    AccountNo m_seller = 0;

    RawReply call(const char *method, const std::string &path, const std::string &body = {})
    {
        return m_server->call(method, path, body, m_buyer.token);
    }
    static std::string order(const char *symbol, const char *side, const char *type,
                             std::int64_t quantity, const char *price)
    {
        std::string body = std::string("{\"symbol\":\"") + symbol + "\",\"side\":\"" + side
                           + "\",\"order_type\":\"" + type
                           + "\",\"quantity\":" + std::to_string(quantity);
        if (price)
            body += std::string(",\"price\":\"") + price + '"';
        return body + '}';
    }
    std::int64_t dong(const char *field)
    {
        return std::stoll(textAt(call("GET", "/balance"), std::string("data/") + field));
    }
    /// Cash held and available, from what was there at the start.
    void holds(std::int64_t held, std::int64_t spent = 0)
    {
        QCOMPARE(dong("held_balance"), held);
        QCOMPARE(dong("available_balance"), 100'000'000 - spent - held);
        QCOMPARE(dong("current_balance"), 100'000'000 - spent);
    }
    void predicts(const std::string &path, const std::string &body, std::int64_t hold,
                  std::int64_t fee)
    {
        const RawReply reply = call("POST", path, body);
        QCOMPARE(reply.status, 200);
        QCOMPARE(textAt(reply, "data/valid"), "true");
        QCOMPARE(textAt(reply, "data/hold"), std::to_string(hold));
        QCOMPARE(textAt(reply, "data/fee"), std::to_string(fee));
    }
    /// Checked first, then sent: the hold of this order alone is as predicted.
    std::string place(const std::string &body, std::int64_t hold, std::int64_t fee)
    {
        predicts("/orders/validate", body, hold, fee);
        const RawReply placed = call("POST", "/orders", body);
        if (placed.status != 201)
            qFatal("%s", placed.body.c_str());
        return textAt(placed, "data/order_id");
    }
    void amend(const std::string &id, const std::string &body, std::int64_t hold, std::int64_t fee)
    {
        predicts("/orders/" + id + "/validate", body, hold, fee);
        QCOMPARE(call("PATCH", "/orders/" + id, body).status, 200);
    }
    void offer(std::int64_t quantity, std::int64_t price)
    {
        DeskFixture &desk = m_server->desk;
        QCOMPARE(desk.order(m_seller, "SSI", Side::Sell, OrderType::LO, quantity, price).error.code,
                 Code::OK);
    }

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<ServerFixture>();
        m_buyer = m_server->person("binh", server::Role::Trader);
        m_server->desk.cash(m_buyer.account, 100'000'000);
        m_seller = m_server->desk.openAccount("seller");
        m_server->desk.shares(m_seller, "SSI", 100'000);
    }
    void cleanup() { m_server.reset(); }

    /// SSI: reference 31,000, so ceiling 33,150 and floor 28,850.
    void limitOrderAmendedUpAndDownFilledAtABetterPriceAndCancelled()
    {
        // 1,000 x 31,000 and 0.15 % of it
        const std::string id = place(order("SSI", "BUY", "LO", 1'000, "31000"), 31'046'500, 46'500);
        holds(31'046'500);
        // the price up: 1,000 x 31,500 + 47,250
        amend(id, R"({"price":"31500"})", 31'547'250, 47'250);
        holds(31'547'250);
        // and down: 1,000 x 30,500 + 45,750
        amend(id, R"({"price":"30500"})", 30'545'750, 45'750);
        holds(30'545'750);
        // more of it: 1,500 x 30,500 = 45,750,000 + 68,625
        amend(id, R"({"quantity":1500})", 45'818'625, 68'625);
        holds(45'818'625);
        // less: 700 x 30,500 = 21,350,000 + 32,025
        amend(id, R"({"quantity":700})", 21'382'025, 32'025);
        holds(21'382'025);
        call("DELETE", "/orders/" + id);
        holds(0);
    }

    void aFillAtABetterPriceGivesBackTheDifference()
    {
        offer(400, 30'800);
        // held at its limit: 1,000 x 31,000 + 46,500; 400 of it trade at 30,800 at once:
        // paid 12,320,000 + 18,480; what remains, 600 x 31,000 = 18,600,000, needs the fee of both
        // together less what was paid: 0.15 % of 30,920,000 = 46,380, so 27,900 more
        const std::string id = place(order("SSI", "BUY", "LO", 1'000, "31000"), 31'046'500, 46'500);
        holds(18'600'000 + 27'900, 12'320'000 + 18'480);
        // amended up by what trades: 1,100 in all, 700 left: 21,700,000 + 0.15 % of 34,020,000
        // (51,030) less 18,480
        amend(id, R"({"quantity":1100})", 21'700'000 + 51'030 - 18'480, 51'030 - 18'480);
        holds(21'732'550, 12'338'480);
        // 200 more trade, now at the limit: 6,200,000; fee on 18,520,000 = 27,780, less 18,480
        QCOMPARE(m_server->desk.order(m_seller, "SSI", Side::Sell, OrderType::LO, 200, 31'000)
                     .error.code,
                 Code::OK);
        // 500 left: 15,500,000 + 0.15 % of 34,020,000 less 27,780
        holds(15'500'000 + 51'030 - 27'780, 18'520'000 + 27'780);
        call("DELETE", "/orders/" + id);
        holds(0, 18'547'780);
        QCOMPARE(feeOf(18'520'000), 27'780);
    }

    void aMarketToLimitOrderIsHeldAtTheCeilingUntilItRests()
    {
        offer(300, 31'000);
        // 1,000 x 33,150 = 33,150,000 + 49,725 before it trades
        const std::string id =
            place(order("SSI", "BUY", "MTL", 1'000, nullptr), 33'199'725, 49'725);
        // 300 traded at 31,000: 9,300,000 + 13,950; the other 700 rest one tick above that: 21,735,000
        // and 0.15 % of 31,035,000 (46,552.5) less 13,950
        holds(21'735'000 + 46'553 - 13'950, 9'300'000 + 13'950);
        // the rest is a limit order now: 30,000 x 700 = 21,000,000; 0.15 % of 30,300,000 = 45,450
        amend(id, R"({"price":"30000"})", 21'000'000 + 45'450 - 13'950, 45'450 - 13'950);
        holds(21'031'500, 9'313'950);
        call("DELETE", "/orders/" + id);
        holds(0, 9'313'950);
    }

    void severalOrdersHoldTheirSum()
    {
        place(order("SSI", "BUY", "LO", 300, "30000"), 9'013'500, 13'500);
        place(order("SSI", "BUY", "LO", 7, "29000"), 203'305, 305); // 304.5 of fee
        place(order("ACB", "BUY", "LO", 100, "24000"), 2'403'600, 3'600);
        holds(9'013'500 + 203'305 + 2'403'600);
        QCOMPARE(call("DELETE", "/orders?symbol=SSI").status, 200);
        holds(2'403'600);
    }

    /// Available is 100,000,000: 3,221 x 31,000 + 0.15 % is the last lot that fits, at lot 100 so 3,200.
    void oneDongTooMuchIsRefusedBeforeAndAfter()
    {
        DeskFixture &desk = m_server->desk;
        const std::string body = order("SSI", "BUY", "LO", 1'000, "31000");
        QVERIFY(
            desk.send(WithdrawCash{m_buyer.account, "VND", Money(100'000'000 - 31'046'500)}).ok());
        predicts("/orders/validate", body, 31'046'500, 46'500);
        QVERIFY(desk.send(WithdrawCash{m_buyer.account, "VND", Money(1)}).ok());
        for (const char *path : {"/orders/validate", "/orders"}) {
            const RawReply reply = call("POST", path, body);
            const bool check = std::string_view(path) == "/orders/validate";
            QCOMPARE(reply.status, check ? 200 : 422);
            QVERIFY2(reply.body.find("INSUFFICIENT_CASH") != std::string::npos, reply.body.c_str());
        }
        QCOMPARE(dong("held_balance"), 0);
        QCOMPARE(dong("available_balance"), 31'046'499);
    }

    void anAmendmentThatWouldNotBeTakenSaysWhy_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("above the ceiling")
            << QByteArray(R"({"price":"33200"})") << QByteArray("PRICE_ABOVE_CEILING");
        QTest::newRow("between ticks")
            << QByteArray(R"({"price":"31010"})") << QByteArray("INVALID_TICK");
        QTest::newRow("odd lot") << QByteArray(R"({"quantity":50})") << QByteArray("INVALID_LOT");
        QTest::newRow("both") << QByteArray(R"({"price":"31500","quantity":900})")
                              << QByteArray("AMEND_PRICE_OR_QUANTITY");
        QTest::newRow("too dear") << QByteArray(R"({"quantity":4000})")
                                  << QByteArray("INSUFFICIENT_CASH");
    }
    void anAmendmentThatWouldNotBeTakenSaysWhy()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, code);
        const std::string id = place(order("SSI", "BUY", "LO", 1'000, "31000"), 31'046'500, 46'500);
        const RawReply checked = call("POST", "/orders/" + id + "/validate", body.toStdString());
        QCOMPARE(checked.status, 200);
        QCOMPARE(textAt(checked, "data/valid"), "false");
        QVERIFY2(checked.body.find(code.toStdString()) != std::string::npos, checked.body.c_str());
        const RawReply sent = call("PATCH", "/orders/" + id, body.toStdString());
        QCOMPARE(sent.status, 422);
        QCOMPARE(textAt(sent, "code"), code.toStdString());
        holds(31'046'500);
    }

    void anothersOrderIsNotFound()
    {
        const std::string id = place(order("SSI", "BUY", "LO", 1'000, "31000"), 31'046'500, 46'500);
        const auto other = m_server->person("bich", server::Role::Trader);
        const RawReply reply = m_server->call("POST", "/orders/" + id + "/validate",
                                              R"({"quantity":500})", other.token);
        QCOMPARE(reply.status, 404);
    }

    /// A sell holds its shares, not cash.
    void aSaleHoldsShares()
    {
        m_server->desk.shares(m_buyer.account, "SSI", 1'000);
        const std::string id = place(order("SSI", "SELL", "LO", 600, "32000"), 0, 28'800);
        const auto position = [&] { return m_server->desk.position(m_buyer.account, "SSI"); };
        QCOMPARE(position().held, Quantity(600));
        amend(id, R"({"quantity":1000})", 0, 48'000);
        QCOMPARE(position().held, Quantity(1'000));
        const RawReply more = call("POST", "/orders/" + id + "/validate", R"({"quantity":1100})");
        QVERIFY(more.body.find("INSUFFICIENT_SECURITIES") != std::string::npos);
        amend(id, R"({"quantity":200})", 0, 9'600);
        QCOMPARE(position().held, Quantity(200));
        QCOMPARE(position().sellable, Quantity(800));
        holds(0);
    }
};

QTEST_GUILESS_MAIN(HoldsTest)
#include "tst_server_holds.moc"
