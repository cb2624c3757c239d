// SPDX-License-Identifier: GPL-3.0-or-later
// Put-through deals, halts and foreign accounts over REST.
#include "../../support/server_fixture.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

class ExchangeApiTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_seller, m_buyer, m_stranger, m_admin;

    RawReply propose(const std::string &body)
    {
        return m_server->call("POST", "/put-through", body, m_seller.token);
    }
    RawReply offer() // SSI, the seller's, to the buyer
    {
        return propose(
            R"({"symbol":"SSI","side":"SELL","counterparty":"bich","quantity":20000,"price":"31.01","price_unit":"kVND","description":"lô lớn"})");
    }
    RawReply answer(const std::string &id, const std::string &verb,
                    const ServerFixture::Person &who)
    {
        return m_server->call("POST", "/api/v1/put-through/" + id + "/" + verb, {}, who.token);
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<ServerFixture>();
        m_seller = m_server->person("binh", server::Role::Trader);
        m_buyer = m_server->person("bich", server::Role::Trader);
        m_stranger = m_server->person("lan", server::Role::Trader);
        m_admin = m_server->person("anh", server::Role::Admin);
        m_server->desk.cash(m_buyer.account, 100'000'000'000);
        m_server->desk.shares(m_seller.account, "SSI", 1'000'000);
    }
    void cleanupTestCase() { m_server.reset(); }

    void aCounterpartyIsOnePerson()
    {
        const auto ask = [&](const std::string &name, const ServerFixture::Person &account) {
            return propose(R"({"symbol":"SSI","side":"SELL","quantity":20000,"price":31000,)"
                           R"("counterparty":")"
                           + name + R"(","counterparty_account_id":")"
                           + account.user.accountId.text() + R"("})");
        };
        QCOMPARE(ask("lan", m_buyer).status, 422);
        QCOMPARE(ask("nobody", m_buyer).status, 422);
        const RawReply same = ask("bich", m_buyer);
        QCOMPARE(same.status, 201);
        QCOMPARE(answer(textAt(same, "data/put_through_id"), "cancel", m_seller).status, 200);
    }

    void aDealGoesAllTheWay()
    {
        const RawReply proposed = offer();
        QCOMPARE(proposed.status, 201);
        const std::string id = textAt(proposed, "data/put_through_id");
        QCOMPARE(proposed.headers.at("location"), "/api/v1/put-through/" + id);
        QCOMPARE(textAt(proposed, "data/status"), std::string("PROPOSED"));
        QCOMPARE(textAt(proposed, "data/price"), std::string("31010"));
        QCOMPARE(textAt(proposed, "data/total_amount"), std::string("620200000"));
        QCOMPARE(textAt(proposed, "data/counterparty"), std::string("bich"));
        QCOMPARE(textAt(proposed, "data/description"), std::string("lô lớn"));
        QCOMPARE(textAt(proposed, "data/updated_at"), textAt(proposed, "data/created_at"));

        QCOMPARE(answer(id, "accept", m_stranger).status, 404);
        QCOMPARE(answer(id, "accept", m_seller).status, 403);
        const RawReply seen = m_server->call("GET", "/put-through/" + id, {}, m_buyer.token);
        QCOMPARE(textAt(seen, "data/status"), std::string("PROPOSED"));
        QCOMPARE(m_server->call("GET", "/put-through/" + id, {}, m_stranger.token).status, 404);

        const RawReply accepted = answer(id, "accept", m_buyer);
        QCOMPARE(accepted.status, 200);
        QCOMPARE(textAt(accepted, "data/status"), std::string("EXECUTED"));
        const RawReply again = answer(id, "cancel", m_seller);
        QCOMPARE(again.status, 409);
        QCOMPARE(textAt(again, "code"), std::string("PUT_THROUGH_ENDED"));

        const RawReply trade = m_server->call("GET", "/trades/" + textAt(accepted, "data/trade_id"),
                                              {}, m_seller.token);
        QCOMPARE(trade.status, 200);
        QCOMPARE(textAt(trade, "data/put_through"), std::string("true"));
        QCOMPARE(textAt(trade, "data/quantity"), std::string("20000"));
    }

    void dealsAreListedToTheirParties()
    {
        const std::string id = textAt(offer(), "data/put_through_id");
        const auto count = [&](const ServerFixture::Person &who, const std::string &query) {
            return textAt(m_server->call("GET", "/put-through" + query, {}, who.token),
                          "data/total_count");
        };
        const int mine = std::stoi(count(m_seller, ""));
        QVERIFY(mine >= 1);
        QCOMPARE(count(m_buyer, ""), std::to_string(mine));
        QCOMPARE(count(m_stranger, ""), std::string("0"));
        QCOMPARE(count(m_admin, ""), std::to_string(mine));
        QCOMPARE(count(m_seller, "?status=PROPOSED&symbol=SSI"), std::string("1"));
        QCOMPARE(m_server->call("GET", "/put-through?status=OPEN", {}, m_seller.token).status, 422);
        QCOMPARE(answer(id, "reject", m_buyer).status, 200);
        QCOMPARE(count(m_seller, "?status=PROPOSED"), std::string("0"));
    }

    void wrongProposalsAreNamed_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char *what, const char *body, const char *code) {
            QTest::newRow(what) << QByteArray(body) << QByteArray(code);
        };
        row("too few",
            R"({"symbol":"SSI","side":"SELL","counterparty":"bich","quantity":19900,"price":31000})",
            "PUT_THROUGH_MINIMUM");
        row("nobody",
            R"({"symbol":"SSI","side":"SELL","counterparty":"nobody","quantity":20000,"price":31000})",
            "ACCOUNT_UNKNOWN");
        row("oneself",
            R"({"symbol":"SSI","side":"SELL","counterparty":"binh","quantity":20000,"price":31000})",
            "SELF_TRADE");
        row("no symbol", R"({"side":"SELL","counterparty":"bich","quantity":20000,"price":31000})",
            "VALIDATION_ERROR");
        row("unknown field",
            R"({"symbol":"SSI","side":"SELL","counterparty":"bich","quantity":20000,"price":31000,"x":1})",
            "UNKNOWN_FIELD");
        row("above the ceiling",
            R"({"symbol":"SSI","side":"SELL","counterparty":"bich","quantity":20000,"price":99000})",
            "PRICE_ABOVE_CEILING");
        row("half a dong",
            R"({"symbol":"SSI","side":"SELL","counterparty":"bich","quantity":20000,"price":31000.5})",
            "INVALID_PRICE");
    }
    void wrongProposalsAreNamed()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, code);
        const RawReply reply = propose(body.toStdString());
        QVERIFY(reply.status == 422 || reply.status == 404);
        QCOMPARE(textAt(reply, "code"), code.toStdString());
    }

    void cashComesAndGoes()
    {
        const ServerFixture::Person saver = m_server->person("hoa", server::Role::Trader);
        const auto post = [&](const std::string &verb, const std::string &body) {
            return m_server->call("POST", "/balance/" + verb, body, saver.token);
        };
        const auto list = [&](const std::string &query) {
            return m_server->call("GET", "/balance/transactions" + query, {}, saver.token);
        };
        QCOMPARE(textAt(post("deposit", R"({"amount":"1500000"})"), "data/current_balance"),
                 std::string("1500000"));
        QCOMPARE(textAt(post("deposit", R"({"amount":"12.34","currency":"usd"})"),
                        "data/available_balance"),
                 std::string("12.34"));
        QCOMPARE(textAt(post("withdraw", R"({"amount":500000})"), "data/current_balance"),
                 std::string("1000000"));
        const RawReply tooMuch = post("withdraw", R"({"amount":"1000001"})");
        QCOMPARE(tooMuch.status, 422);
        QCOMPARE(textAt(tooMuch, "code"), std::string("INSUFFICIENT_CASH"));
        for (const char *body :
             {R"({"amount":0})", R"({"amount":-5})", R"({"amount":"0.5"})", R"({})",
              R"({"amount":1,"currency":"XAU"})", R"({"amount":1,"to":"me"})"}) {
            for (const char *verb : {"deposit", "withdraw"})
                QCOMPARE(post(verb, body).status, 422);
        }
        QCOMPARE(textAt(list(""), "data/total_count"), std::string("3"));
        QCOMPARE(textAt(list("?currency=VND&type=withdraw"), "data/total_count"), std::string("1"));
        QVERIFY(list("?type=WITHDRAW").body.find(R"("direction":"OUT")") != std::string::npos);
        QCOMPARE(list("?type=GIFT").status, 422);
        QCOMPARE(list("?currency=XAU").status, 422);
        // nobody else's
        QCOMPARE(textAt(m_server->call("GET", "/balance/transactions", {}, m_stranger.token),
                        "data/total_count"),
                 std::string("0"));
        QCOMPARE(m_server->call("POST", "/balance/deposit", R"({"amount":1})", {}).status, 401);
    }

    void corporateActionsAreAnnouncedAndWithdrawn()
    {
        const std::string body =
            R"({"symbol":"VNM","type":"cash_dividend","amount":"1500","ex_date":"2026-12-07","pay_date":"2026-12-21"})";
        const auto post = [&](const std::string &text, const ServerFixture::Person &who) {
            return m_server->call("POST", "/corporate-actions", text, who.token);
        };
        QCOMPARE(post(body, m_buyer).status, 403);
        const RawReply announced = post(body, m_admin);
        QCOMPARE(announced.status, 201);
        const std::string id = textAt(announced, "data/corporate_action_id");
        QCOMPARE(announced.headers.at("location"), "/api/v1/corporate-actions/" + id);
        QCOMPARE(textAt(announced, "data/status"), std::string("ANNOUNCED"));
        QCOMPARE(textAt(announced, "data/record_date"), std::string("2026-12-08"));
        QCOMPARE(textAt(announced, "data/amount"), std::string("1500"));
        const std::string bonus =
            R"({"symbol":"VNM","type":"BONUS","ratio":"0.25","fraction_price":10000,"ex_date":"2026-12-07","pay_date":"2026-12-21"})";
        QCOMPARE(textAt(post(bonus, m_admin), "data/ratio"), std::string("0.25"));

        const auto get = [&](const std::string &path) {
            return m_server->call("GET", path, {}, m_buyer.token);
        };
        QCOMPARE(textAt(get("/corporate-actions?symbol=VNM"), "data/total_count"),
                 std::string("2"));
        const RawReply first = get("/corporate-actions?limit=1");
        QCOMPARE(textAt(first, "data/has_more"), std::string("true"));
        const RawReply second =
            get("/corporate-actions?limit=1&cursor=" + textAt(first, "data/next_cursor"));
        QVERIFY(second.body.find(id) != std::string::npos);
        QCOMPARE(textAt(second, "data/has_more"), std::string("false"));
        QCOMPARE(get("/corporate-actions/" + id).status, 200);
        QCOMPARE(get("/corporate-actions/x").status, 404);

        QCOMPARE(m_server->call("DELETE", "/corporate-actions/" + id, {}, m_buyer.token).status,
                 403);
        const auto withdraw = [&] {
            return m_server->call("DELETE", "/corporate-actions/" + id, {}, m_admin.token);
        };
        QCOMPARE(textAt(withdraw(), "data/status"), std::string("WITHDRAWN"));
        QCOMPARE(withdraw().status, 422);
        QCOMPARE(textAt(get("/corporate-actions?status=withdrawn"), "data/total_count"),
                 std::string("1"));

        for (
            const auto &[text, field] : std::vector<std::pair<std::string, std::string>>{
                {R"({"type":"BONUS","ratio":1,"ex_date":"2026-12-07","pay_date":"2026-12-21"})",
                 "symbol"},
                {R"({"symbol":"VNM","type":"GIFT","ex_date":"2026-12-07","pay_date":"2026-12-21"})",
                 "type"},
                {R"({"symbol":"VNM","type":"BONUS","ratio":"0.0000001","ex_date":"2026-12-07","pay_date":"2026-12-21"})",
                 "ratio"},
                {R"({"symbol":"VNM","type":"CASH_DIVIDEND","amount":0,"ex_date":"2026-12-07","pay_date":"2026-12-21"})",
                 "amount"},
                {R"({"symbol":"VNM","type":"CASH_DIVIDEND","amount":5,"ex_date":"7/12/2026","pay_date":"2026-12-21"})",
                 "ex_date"},
                {R"({"symbol":"VNM","type":"CASH_DIVIDEND","amount":5,"ex_date":"2026-12-06","pay_date":"2026-12-21"})",
                 "ex_date"},
                {R"({"symbol":"VNM","type":"CASH_DIVIDEND","amount":5,"ex_date":"2026-12-07","pay_date":"2026-12-07"})",
                 "pay_date"}}) {
            const RawReply refused = post(text, m_admin);
            QCOMPARE(refused.status, 422);
            QVERIFY2(refused.body.find("\"/" + field + '"') != std::string::npos,
                     refused.body.c_str());
        }
    }

    void anAdminHaltsAndResumes()
    {
        QCOMPARE(m_server->call("POST", "/inventory/assets/VNM/halt", {}, m_buyer.token).status,
                 403);
        const RawReply halted =
            m_server->call("POST", "/api/v1/inventory/assets/VNM/halt", {}, m_admin.token);
        QCOMPARE(halted.status, 200);
        QCOMPARE(textAt(halted, "data/halted"), std::string("true"));
        const RawReply refused = m_server->call(
            "POST", "/orders", R"({"symbol":"VNM","side":"BUY","quantity":100,"price":62000})",
            m_buyer.token);
        QCOMPARE(textAt(refused, "code"), std::string("INSTRUMENT_HALTED"));
        QCOMPARE(textAt(m_server->call("POST", "/instruments/VNM/resume", {}, m_admin.token),
                        "data/halted"),
                 std::string("false"));
        QCOMPARE(textAt(m_server->call("POST", "/instruments/VNM/deactivate", {}, m_admin.token),
                        "data/active"),
                 std::string("false"));
        QCOMPARE(textAt(m_server->call("POST", "/inventory/assets/VNM/activate", {}, m_admin.token),
                        "data/active"),
                 std::string("true"));
        QCOMPARE(m_server->call("POST", "/instruments/NONE/halt", {}, m_admin.token).status, 404);
    }

    void anAccountIsMadeForeign()
    {
        const std::string path = "/accounts/" + m_stranger.user.accountId.text() + "/foreign";
        QCOMPARE(m_server->call("PUT", path, R"({"foreign":true})", m_stranger.token).status, 403);
        QCOMPARE(m_server->call("PUT", path, R"({})", m_admin.token).status, 422);
        QCOMPARE(m_server->call("PUT", path, R"({"foreign":true})", m_admin.token).status, 200);
        QVERIFY(m_server->desk.desk->account(m_stranger.account)->foreign);
    }
};

QTEST_GUILESS_MAIN(ExchangeApiTest)
#include "tst_server_exchange.moc"
