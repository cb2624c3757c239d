// SPDX-License-Identifier: GPL-3.0-or-later
// Fees, margin, advances, conversions, settlement by hand and buying power over REST.
#include "../../support/server_fixture.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

class MoneyApiTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_trader, m_other, m_viewer, m_admin;

    static std::string idOf(const ServerFixture::Person &who) { return who.user.accountId.text(); }
    RawReply call(std::string_view method, const std::string &path, const std::string &body,
                  const ServerFixture::Person &who)
    {
        return m_server->call(method, path, body, who.token);
    }
    RawReply order(const ServerFixture::Person &who, const std::string &side,
                   const std::string &quantity, const std::string &price,
                   const std::string &path = "/orders")
    {
        return call("POST", path,
                    R"({"symbol":"SSI","side":")" + side + R"(","price":")" + price
                        + R"(","quantity":)" + quantity + "}",
                    who);
    }
    std::string fees(const ServerFixture::Person &who)
    {
        return "/accounts/" + idOf(who) + "/fees";
    }
    std::string margin(const ServerFixture::Person &who)
    {
        return "/accounts/" + idOf(who) + "/margin";
    }

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<ServerFixture>();
        m_trader = m_server->person("binh", server::Role::Trader);
        m_other = m_server->person("bich", server::Role::Trader);
        m_viewer = m_server->person("lan", server::Role::Viewer);
        m_admin = m_server->person("anh", server::Role::Admin);
        m_server->desk.cash(m_trader.account, 100'000'000);
        m_server->desk.cash(m_other.account, 1'000'000'000);
        m_server->desk.shares(m_trader.account, "SSI", 1'000);
        m_server->desk.shares(m_other.account, "SSI", 100'000);
    }
    void cleanup() { m_server.reset(); }

    void feesAreSetAndPredicted()
    {
        const std::string table =
            R"({"from":"2026-11-20","fee":"0.1","tiers":[{"above":"20000000","fee":0.05}]})";
        QCOMPARE(call("PUT", fees(m_trader), table, m_trader).status, 403);
        const RawReply set = call("PUT", fees(m_trader), table, m_admin);
        QCOMPARE(set.status, 200);
        QVERIFY(set.body.find(R"("exchange":"HOSE","currency":"VND","fee":"0.1")")
                != std::string::npos);
        QVERIFY(set.body.find(R"("exchange":"SPOT","currency":"USD","fee":"0.15")")
                != std::string::npos);
        QVERIFY(set.body.find(R"("tiers":[{"above":"20000000","fee":"0.05"}])")
                != std::string::npos);
        QCOMPARE(call("GET", fees(m_trader), {}, m_trader).status, 200);
        QCOMPARE(call("GET", fees(m_trader), {}, m_other).status, 404);
        const RawReply preview = order(m_trader, "BUY", "1000", "31000", "/orders/validate");
        QCOMPARE(textAt(preview, "data/fee"), std::string("25500"));
        QCOMPARE(textAt(preview, "data/exchange_fee"), std::string("8370"));
        QCOMPARE(textAt(preview, "data/hold"), std::string("31025500"));
        const RawReply placed = order(m_trader, "BUY", "1000", "31000");
        QCOMPARE(placed.status, 201);
        QCOMPARE(m_server->desk.dong(m_trader.account).held.raw(), 31'025'500);
        order(m_other, "SELL", "1000", "31000");
        const RawReply filled =
            call("GET", "/orders/" + textAt(placed, "data/order_id"), {}, m_trader);
        QCOMPARE(textAt(filled, "data/fee"), std::string("25500"));
        QCOMPARE(textAt(filled, "data/exchange_fee"), std::string("8370"));
    }

    void brokenFeesNameTheirFields()
    {
        const auto refused = [&](const std::string &body, const char *what) {
            const RawReply reply = call("PUT", fees(m_trader), body, m_admin);
            QCOMPARE(reply.status, 422);
            if (reply.body.find(what) == std::string::npos)
                qFatal("%s: %s", what, reply.body.c_str());
        };
        refused(R"({"fee":"0.1"})", R"("pointer":"/from","code":"REQUIRED")");
        refused(R"({"from":"2026-11-19","fee":"0.1"})", "from");
        refused(R"({"from":"2026-11-20","fee":"10.0001"})", "10.0001");
        refused(R"({"from":"2026-11-20","fee":"-1"})", "fee");
        refused(R"({"from":"2026-11-20","exchanges":["NYSE"]})", "HOSE, HNX, UPCOM, SPOT");
        refused(
            R"({"from":"2026-11-20","fee":"0.1","tiers":[{"above":5,"fee":1},{"above":5,"fee":1}]})",
            "tiers[1].above");
        refused(R"({"from":"2026-11-20","fee":"0.1","gift":1})", "UNKNOWN_FIELD");
    }

    void marginIsShownAndEnforced()
    {
        const std::string terms =
            R"({"limit":"1000000000","initial_ratio":"50","maintenance_ratio":"30",)"
            R"("force_sell_ratio":"25","interest":"12","loan_ratios":{"SSI":"50"}})";
        QCOMPARE(textAt(call("GET", "/margin", {}, m_trader), "data/margin"), std::string("false"));
        QCOMPARE(call("PUT", margin(m_trader), terms, m_trader).status, 403);
        const RawReply set = call("PUT", margin(m_trader), terms, m_admin);
        QCOMPARE(set.status, 200);
        QCOMPARE(textAt(set, "data/state"), std::string("NORMAL"));
        QCOMPARE(textAt(set, "data/loan_ratios/SSI"), std::string("50"));
        // half of 1,000 SSI at 31,000 backs a loan too: (100,000,000 + 15,500,000) / 50 %
        const RawReply power =
            call("GET", "/positions/buying-power/available?symbol=SSI&price=31000", {}, m_trader);
        QCOMPARE(textAt(power, "data/buying_power"), std::string("231000000"));
        const RawReply preview = order(m_trader, "BUY", "7000", "31000", "/orders/validate");
        QCOMPARE(textAt(preview, "data/valid"), std::string("true"));
        QCOMPARE(textAt(preview, "data/loan"), std::string("117325500"));
        QCOMPARE(order(m_trader, "BUY", "7000", "31000").status, 201);
        const RawReply state = call("GET", "/margin", {}, m_trader);
        QCOMPARE(textAt(state, "data/loan"), std::string("117325500"));
        QCOMPARE(textAt(state, "data/limit_left"), std::string("882674500"));
        const RawReply more = order(m_trader, "BUY", "1000", "31000", "/orders/validate");
        QVERIFY(more.body.find("MARGIN_LIMIT") != std::string::npos);
        const RawReply refused = order(m_trader, "BUY", "1000", "31000");
        QCOMPARE(refused.status, 422);
        QVERIFY(refused.body.find("MARGIN_LIMIT") != std::string::npos);
        QCOMPARE(call("DELETE", margin(m_trader), {}, m_admin).status, 422);
        QCOMPARE(call("DELETE", "/orders", {}, m_trader).status, 200);
        QCOMPARE(call("DELETE", margin(m_trader), {}, m_admin).status, 200);
        QCOMPARE(
            call("PUT", margin(m_trader), R"({"limit":"1","loan_ratios":{"NIX":"1"}})", m_admin)
                .status,
            422);
    }

    void anAdvanceIsQuotedAndPaid()
    {
        order(m_other, "BUY", "500", "32000");
        QCOMPARE(order(m_trader, "SELL", "500", "32000").status, 201);
        const RawReply quote = call("GET", "/cash-advance/quote", {}, m_trader);
        QCOMPARE(textAt(quote, "data/available"), std::string("15934505"));
        QCOMPARE(textAt(quote, "data/fee"), std::string("25495"));
        QCOMPARE(call("POST", "/cash-advance", R"({"amount":"15934506"})", m_trader).status, 422);
        const RawReply paid = call("POST", "/cash-advance", R"({"amount":"10000000"})", m_trader);
        QCOMPARE(paid.status, 201);
        QCOMPARE(textAt(paid, "data/fee"), std::string("16000"));
        QCOMPARE(textAt(paid, "data/available_balance"), std::string("110000000"));
        QCOMPARE(textAt(paid, "data/advanced"), std::string("10000000"));
        QCOMPARE(call("POST", "/cash-advance", R"({"amount":"1"})", m_viewer).status, 403);
        const RawReply power = call("GET", "/positions/buying-power/available", {}, m_trader);
        QVERIFY(
            power.body.find(
                R"("pending_settlement":[{"date":"2026-11-24","at":"2026-11-24T06:00:00.000Z","amount":"5944000","cash_available_then":"115944000"}])")
            != std::string::npos);
        const RawReply entries = call("GET", "/balance/transactions?type=ADVANCE", {}, m_trader);
        QCOMPARE(textAt(entries, "data/total_count"), std::string("1"));
    }

    void currenciesAreConverted()
    {
        const RawReply rates = call("GET", "/fx", {}, m_viewer);
        QVERIFY(
            rates.body.find(
                R"({"currency":"USD","rate":"26000","bid":"25870","ask":"26130","from":"2025-05-05"})")
            != std::string::npos);
        const RawReply bought = call("POST", "/fx/convert",
                                     R"({"from":"VND","to":"usd","amount":"1000000"})", m_trader);
        QCOMPARE(bought.status, 200);
        QCOMPARE(textAt(bought, "data/received"), std::string("38.27"));
        QCOMPARE(call("POST", "/fx/convert", R"({"from":"VND","to":"EUR","amount":"1"})", m_trader)
                     .status,
                 422);
        QCOMPARE(
            call("POST", "/fx/convert", R"({"from":"USD","to":"VND","amount":"38.28"})", m_trader)
                .status,
            422);
    }

    void aWithdrawalWaitsWhereTheRulesSaySo()
    {
        std::string rules = defaultMarketRulesText();
        const std::string_view atOnce = "\"AT_ONCE\"";
        rules.replace(rules.find(atOnce), atOnce.size(), "\"APPROVED\"");
        QVERIFY(m_server->desk.send(Configure{rules, defaultInstrumentsText()}).ok());
        const RawReply asked = call("POST", "/balance/withdraw", R"({"amount":"400"})", m_trader);
        QCOMPARE(asked.status, 202);
        QCOMPARE(textAt(asked, "data/held_balance"), std::string("400"));
        const auto rows = [&] {
            return call("GET", "/balance/transactions?type=WITHDRAW", {}, m_trader).body;
        };
        QVERIFY(rows().find(R"("status":"PENDING")") != std::string::npos);
        const std::string id = rows().substr(rows().find("\"transaction_id\":\"") + 18, 36);
        const std::string path = "/balance/transactions/" + id;
        QCOMPARE(call("PATCH", path, R"({"status":"COMPLETED"})", m_trader).status, 403);
        QCOMPARE(call("PATCH", path, R"({"status":"PENDING"})", m_admin).status, 422);
        const RawReply decided = call("PATCH", path, R"({"status":"COMPLETED"})", m_admin);
        QCOMPARE(decided.status, 200);
        QCOMPARE(textAt(decided, "data/held_balance"), std::string("0"));
        QCOMPARE(textAt(decided, "data/total_withdrawn"), std::string("400"));
        QVERIFY(rows().find(R"("status":"PENDING")") == std::string::npos);
        QCOMPARE(call("PATCH", path, R"({"status":"CANCELLED"})", m_admin).status, 404);
        // the store says so too
        const AccountNo trader = m_trader.account;
        m_server->server.reset();
        m_server->desk.desk.reset();
        m_server->desk.open(std::nullopt);
        EntryQuery query;
        query.account = trader;
        query.type = LedgerEntry::Type::Withdraw;
        std::promise<bool> answered;
        m_server->desk.desk->queryEntries(query, [&](Result<Page<LedgerEntry>> found) {
            answered.set_value(found && found->rows.size() == 2
                               && found->rows[1].status == LedgerEntry::Status::Completed);
        });
        QVERIFY(answered.get_future().get());
        m_server->identity.reset();
    }

    void aTradeIsSettledByHand()
    {
        order(m_other, "BUY", "500", "32000");
        order(m_trader, "SELL", "500", "32000");
        const RawReply mine = call("GET", "/trades?mine=true", {}, m_trader);
        const std::size_t at = mine.body.find("\"trade_id\":\"") + 12;
        const std::string id = mine.body.substr(at, 36);
        QCOMPARE(textAt(call("GET", "/trades/" + id, {}, m_trader), "data/is_settled"),
                 std::string("false"));
        QCOMPARE(call("POST", "/trades/" + id + "/settle", {}, m_trader).status, 403);
        for (const char *path : {"/trades/", "/settle/"}) { // again: the same
            const std::string suffix = std::string_view(path) == "/trades/" ? "/settle" : "";
            const RawReply settled = call("POST", path + id + suffix, {}, m_admin);
            QCOMPARE(settled.status, 200);
            QCOMPARE(textAt(settled, "data/is_settled"), std::string("true"));
            QVERIFY(!textAt(settled, "data/settlement_timestamp").empty());
        }
        QCOMPARE(textAt(call("GET", "/trades/" + id, {}, m_trader), "data/is_settled"),
                 std::string("true"));
        QCOMPARE(m_server->desk.dong(m_trader.account).available.raw(), 115'960'000);
        QCOMPARE(m_server->desk.position(m_other.account, "SSI").sellable.raw(), 100'500);
        QCOMPARE(call("POST", "/settle/" + std::string(36, '0'), {}, m_admin).status, 404);
    }

    void whatADeskSettledByHandIsSettledAfterARestart()
    {
        order(m_other, "BUY", "500", "32000");
        order(m_trader, "SELL", "500", "32000");
        const RawReply mine = call("GET", "/trades?mine=true", {}, m_trader);
        const std::string id = mine.body.substr(mine.body.find("\"trade_id\":\"") + 12, 36);
        QCOMPARE(call("POST", "/settle/" + id, {}, m_admin).status, 200);
        const AccountNo trader = m_trader.account;
        m_server->server.reset();
        m_server->desk.desk.reset();
        m_server->desk.open(std::nullopt);
        QCOMPARE(m_server->desk.dong(trader).available.raw(), 115'960'000);
        TradeQuery query;
        query.account = trader;
        std::promise<bool> answered;
        m_server->desk.desk->queryTrades(query, [&](Result<Page<TradeRecord>> rows) {
            answered.set_value(rows && rows->rows.size() == 1
                               && rows->rows[0].settlesAt <= m_server->desk.desk->now());
        });
        QVERIFY(answered.get_future().get());
        m_server->identity.reset();
    }
};

QTEST_GUILESS_MAIN(MoneyApiTest)
#include "tst_server_money.moc"
