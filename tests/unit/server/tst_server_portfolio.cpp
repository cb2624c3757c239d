// SPDX-License-Identifier: GPL-3.0-or-later
// Positions, assets and portfolios over REST, to the dong.
#include "../../support/server_fixture.h"
#include "../portfolio/independent_returns.h"

#include <QTest>

#include <charconv>

using namespace khop;
using namespace khop::test;

namespace {

/// As textAt(), with the places of lists as numbers: data/lots/0/quantity.
std::string itemAt(const RawReply &reply, std::string_view path)
{
    const server::JsonDocument document = reply.json();
    std::optional<server::JsonValue> value = document.root();
    while (value && !path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view key = path.substr(0, slash);
        path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
        if (!value->isArray()) {
            value = value->find(key);
            continue;
        }
        int place = 0;
        std::from_chars(key.data(), key.data() + key.size(), place);
        value = value->first();
        for (; value && place > 0; --place)
            value = value->next();
    }
    return value && !value->isNull() ? std::string(value->text()) : std::string();
}

std::size_t sizeAt(const RawReply &reply, std::string_view key)
{
    const server::JsonDocument document = reply.json();
    return document.root().find("data")->find(key)->size();
}

QString shown(const std::string &text) { return QString::fromStdString(text); }

} // namespace

class PortfolioApiTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_trader, m_other, m_admin;
    QByteArray m_startedFor;

    RawReply get(const std::string &target, const ServerFixture::Person &who)
    {
        return m_server->call("GET", target, {}, who.token);
    }
    RawReply get(const std::string &target) { return get(target, m_trader); }
    void compare(const RawReply &reply, const char *path, const char *expected)
    {
        QCOMPARE(shown(itemAt(reply, std::string("data/") + path)), QString::fromLatin1(expected));
    }
    void announce(const char *body)
    {
        const RawReply reply = m_server->call("POST", "/corporate-actions", body, m_admin.token);
        QVERIFY2(reply.status == 201, reply.body.c_str());
    }
    void start()
    {
        m_server.reset();
        m_server = std::make_unique<ServerFixture>();
        m_trader = m_server->person("anh", server::Role::Trader);
        m_other = m_server->person("binh", server::Role::Trader);
        m_admin = m_server->person("chi", server::Role::Admin);
    }
    /// Somebody else's trade: the price of the day.
    void print(const char *symbol, std::int64_t price)
    {
        DeskFixture &desk = m_server->desk;
        desk.shares(desk.account, symbol, 100);
        desk.order(desk.account, symbol, Side::Sell, OrderType::LO, 100, price);
        desk.order(m_other.account, symbol, Side::Buy, OrderType::LO, 100, price);
    }

private Q_SLOTS:
    void init() // one server for all rows of a table
    {
        if (m_startedFor != QTest::currentTestFunction())
            start();
        m_startedFor = QTest::currentTestFunction();
    }
    void cleanupTestCase() { m_server.reset(); }

    void theStatementIsRightToTheDong()
    {
        DeskFixture &desk = m_server->desk;
        desk.cash(m_other.account, 1'000'000'000);
        desk.shares(m_other.account, "SSI", 10'000);
        QCOMPARE(
            m_server->call("POST", "/balance/deposit", R"({"amount":"100000000"})", m_trader.token)
                .status,
            200);
        desk.order(m_other.account, "SSI", Side::Sell, OrderType::LO, 1'000, 31'000);
        const RawReply bought = m_server->call(
            "POST", "/orders",
            R"({"symbol":"SSI","side":"BUY","order_type":"LO","quantity":1000,"price":"31000"})",
            m_trader.token);
        QCOMPARE(bought.status, 201);
        RawReply position = get("/positions/SSI?lots=true");
        compare(position, "quantity", "1000");
        compare(position, "sellable", "0");
        compare(position, "pending_t0", "1000");
        compare(position, "average_price", "31046.5");
        compare(position, "cost_basis", "31046500");
        compare(position, "market_value", "31000000");
        compare(position, "unrealized_pnl", "-46500");
        compare(position, "unrealized_pnl_before_costs", "0");
        compare(position, "daily_pnl", "-46500");
        compare(position, "fees", "46500");
        compare(position, "weight_percent", "100");
        compare(position, "lots/0/quantity", "1000");
        compare(position, "lots/0/average_price", "31046.5");
        compare(position, "lots/0/since", "2026-11-20");
        compare(get("/balance"), "current_balance", "68953500");
        RawReply summary = get("/positions/summary/portfolio");
        compare(summary, "cash_balance", "68953500");
        compare(summary, "total_market_value", "31000000");
        compare(summary, "total_portfolio_value", "99953500");
        compare(summary, "total_return_percent", "-0.0465");
        compare(summary, "position_count", "1");
        compare(summary, "net_invested", "100000000");

        desk.clockTo("2026-11-24T12:59:00+07:00");
        compare(get("/positions/SSI"), "sellable", "0");
        desk.clockTo("2026-11-24T13:00:00+07:00");
        compare(get("/positions/SSI"), "sellable", "1000");

        desk.order(m_other.account, "SSI", Side::Buy, OrderType::LO, 500, 32'000);
        const RawReply sold = m_server->call(
            "POST", "/orders",
            R"({"symbol":"SSI","side":"SELL","order_type":"LO","quantity":500,"price":"32000"})",
            m_trader.token);
        QCOMPARE(sold.status, 201);
        position = get("/positions/SSI?lots=true");
        compare(position, "quantity", "500");
        compare(position, "realized_pnl", "436750");
        compare(position, "realized_pnl_before_costs", "500000");
        compare(position, "realized_pnl_fifo", "436750");
        compare(position, "taxes", "16000");
        compare(position, "cost_basis", "15523250");
        compare(position, "unrealized_pnl", "476750");
        compare(position, "daily_pnl",
                "960000"); // 500 x 1,000 on what is left; 460,000 on what went

        announce(
            R"({"symbol":"SSI","type":"CASH_DIVIDEND","amount":"1000","ex_date":"2026-11-30","pay_date":"2026-12-02"})");
        announce(
            R"({"symbol":"SSI","type":"BONUS","ratio":"0.1","ex_date":"2026-12-04","pay_date":"2026-12-08"})");
        desk.clockTo("2026-12-01T10:00:00+07:00");
        summary = get("/positions/summary/portfolio");
        compare(summary, "receivable", "475000");
        compare(summary, "total_portfolio_value", "100888500");
        desk.clockTo("2026-12-02T10:00:00+07:00");
        compare(get("/positions/summary/portfolio"), "receivable", "0");
        compare(get("/balance"), "current_balance",
                "85388500"); // 68,953,500 + 15,960,000 + 475,000
        position = get("/positions/SSI");
        compare(position, "dividends", "500000");
        compare(position, "taxes", "41000");
        desk.clockTo("2026-12-08T10:00:00+07:00");
        position = get("/positions/SSI?lots=true");
        compare(position, "quantity", "550");
        compare(position, "average_price", "28224.09");
        compare(position, "cost_basis", "15523250");
        compare(position, "market_price", "28200"); // (32,000 - 1,000) / 1.1, to the tick
        compare(position, "market_value", "15510000");
        compare(position, "lots/0/quantity", "550");

        // more money, and a price: the returns of both by another way
        desk.clockTo("2026-12-09T10:00:00+07:00");
        desk.cash(m_trader.account, 50'000'000);
        print("SSI", 29'000);
        const std::int64_t before = 85'388'500 + 550 * 28'200;
        const std::int64_t after = 85'388'500 + 50'000'000 + 550 * 29'000;
        const RawReply performance = get("/positions/analytics/performance?period=ALL");
        compare(performance, "start_value", "0");
        compare(performance, "end_value", "151338500");
        compare(performance, "inflow", "150000000");
        compare(performance, "gain", "1338500");
        compare(performance, "from", "2026-11-20");
        compare(performance, "to", "2026-12-09");
        const double twr = std::stod(itemAt(performance, "data/time_weighted_return_percent"));
        const double expected = 100
                                * (static_cast<double>(before) / 1e8 * static_cast<double>(after)
                                       / static_cast<double>(before + 50'000'000)
                                   - 1);
        QVERIFY2(std::abs(twr - expected) < 0.0002, qPrintable(QString::number(twr)));
        const std::vector<DatedFlow> flows{{dateOf(2026, 11, 20), Money(-100'000'000)},
                                           {dateOf(2026, 12, 9), Money(-50'000'000)},
                                           {dateOf(2026, 12, 9), Money(after)}};
        const double xirr = std::stod(itemAt(performance, "data/xirr_percent"));
        QVERIFY2(std::abs(xirr - 100 * static_cast<double>(newtonRate(flows))) < 0.0002,
                 qPrintable(QString::number(xirr)));
        QCOMPARE(sizeAt(performance, "equity_curve"), std::size_t{14}); // trading days
        compare(performance, "equity_curve/0/equity", "99953500");
        compare(performance, "equity_curve/1/equity", "99953500"); // nobody traded: the reference
        compare(performance, "equity_curve/2/equity", "100913500");
        // the ex-date: 500 x 1,000 less in the price, 475,000 to come, and there
        compare(performance, "equity_curve/6/equity", "100888500");
        compare(performance, "equity_curve/8/equity", "100888500");
        compare(performance, "equity_curve/10/equity", "100898500"); // 550 x 28,200, 50 to come
        compare(performance, "equity_curve/12/equity", "100898500");
        compare(performance, "drawdown/percent", "0.0465"); // the fee of the first day
        compare(performance, "drawdown/trough", "2026-11-20");
        compare(performance, "benchmark_absent", "NOT_ASKED");
        compare(performance, "allocation/by_symbol/0/name", "SSI");
        compare(performance, "allocation/by_sector/0/percent", "100");
        // an instrument's closes serve as an index
        const RawReply compared = get("/positions/analytics/performance?period=1D&benchmark=SSI");
        compare(compared, "from", "2026-12-08");
        compare(compared, "start_value", "100898500");
        compare(compared, "benchmark/change_percent", "2.8369"); // 28,200 -> 29,000
        compare(compared, "inflow", "50000000");

        const RawReply changes = get("/positions/history/changes?symbol=SSI&days=30");
        compare(changes, "total_count", "3");
        compare(changes, "changes/0/date", "2026-12-08");
        compare(changes, "changes/0/quantity_change", "50");
        compare(changes, "changes/1/quantity_change", "-500");
        compare(changes, "changes/1/realized_pnl_change", "436750");
        compare(changes, "changes/2/quantity", "1000");
        const RawReply first = get("/positions/history/changes?limit=2");
        QCOMPARE(sizeAt(first, "changes"), std::size_t{2});
        const RawReply rest =
            get("/positions/history/changes?limit=2&cursor=" + itemAt(first, "data/next_cursor"));
        compare(rest, "changes/0/quantity", "1000");
        compare(rest, "total_count", "3");
        compare(get("/positions/history/changes?days=2"), "total_count", "1");

        const RawReply did = get("/accounts/activity-summary?days=365");
        compare(did, "orders/placed", "2");
        compare(did, "orders/filled", "2");
        compare(did, "by_currency/0/executions", "2");
        compare(did, "by_currency/0/bought", "31000000");
        compare(did, "by_currency/0/sold", "16000000");
        compare(did, "by_currency/0/fees", "70500");
        compare(did, "by_currency/0/taxes", "41000");
        compare(did, "by_currency/0/dividends", "500000");
        compare(did, "by_currency/0/deposited", "150000000");

        // the same after a start: from the store alone
        const std::string seen = get("/positions/analytics/performance?period=ALL").body;
        m_server->server.reset();
        desk.desk.reset();
        desk.open("2026-12-09T10:00:00+07:00");
        m_server->server = std::make_unique<server::Server>(server::Options{.port = 0}, *desk.desk,
                                                            *m_server->identity);
        m_server->url = m_server->server->start().value();
        const std::string again = get("/positions/analytics/performance?period=ALL").body;
        const auto data = [](const std::string &body) { // without time and request id
            return body.substr(0, body.find("\"timestamp\""));
        };
        QCOMPARE(shown(data(again)), shown(data(seen)));
        compare(get("/positions/SSI?lots=true"), "lots/0/quantity", "550");
    }

    void currenciesAreAddedInTheBaseCurrency()
    {
        DeskFixture &desk = m_server->desk;
        QCOMPARE(desk.send(EndowCash{m_trader.account, "USD", Money(100'000)}).error.code,
                 Code::OK);
        desk.cash(m_trader.account, 5'000'000);
        QCOMPARE(desk.send(EndowSecurities{m_trader.account, desk.symbol("DEMO"), Quantity(25'000),
                                           Price(14'000)})
                     .error.code,
                 Code::OK); // 2.5 at 140.00
        const RawReply position = get("/positions/DEMO");
        compare(position, "cost_basis", "350.00");
        compare(position, "market_value", "375.00");
        compare(position, "unrealized_pnl", "25.00");
        const RawReply summary = get("/positions/summary/portfolio");
        compare(summary, "cash_balance", "31000000"); // 5,000,000 + 1,000.00 x 26,000
        compare(summary, "total_market_value", "9750000");
        compare(summary, "unrealized_pnl", "650000");
        compare(summary, "total_portfolio_value", "40750000");
        const RawReply mine = get("/portfolio/anh");
        compare(mine, "username", "anh");
        compare(mine, "usd_balance", "1000.00");
        compare(mine, "total_portfolio_value", "40750000");
        compare(mine, "asset_count", "1");
        compare(mine, "assets/0/asset_id", "DEMO");
        compare(mine, "assets/0/quantity", "2.5");
        compare(mine, "assets/0/percentage", "100");
        compare(get("/portfolio/anh", m_admin), "asset_count", "1");
        QCOMPARE(get("/portfolio/anh", m_other).status, 404);
        QCOMPARE(get("/portfolio/nobody").status, 404);
        QCOMPARE(get("/portfolio/nobody", m_admin).status, 404);
    }

    void assetsSpeakTheOldWords()
    {
        DeskFixture &desk = m_server->desk;
        desk.cash(m_trader.account, 100'000'000);
        desk.shares(m_other.account, "FPT", 1'000);
        desk.shares(m_trader.account, "SSI", 300);
        desk.order(m_other.account, "FPT", Side::Sell, OrderType::LO, 200, 105'000);
        desk.order(m_trader.account, "FPT", Side::Buy, OrderType::LO, 200, 105'000);
        const RawReply one = get("/assets/fpt/balance");
        compare(one, "quantity", "200");
        compare(one, "available_quantity", "0");
        compare(one, "pending_quantity", "200");
        compare(one, "market_value", "21000000");
        compare(get("/assets/VIC/balance"), "quantity", "0");
        QCOMPARE(get("/assets/XXX/balance").status, 404);
        const RawReply all = get("/assets/balances?limit=1");
        compare(all, "total_count", "2");
        compare(all, "total_market_value", "30300000"); // 21,000,000 + 300 x 31,000
        QCOMPARE(sizeAt(all, "asset_balances"), std::size_t{1});
        const RawReply rest =
            get("/assets/balances?limit=1000&cursor=" + itemAt(all, "data/next_cursor"));
        QCOMPARE(sizeAt(rest, "asset_balances"), std::size_t{1});
        QCOMPARE(get("/assets/balances?limit=1001").status, 422);
        const RawReply trades = get("/assets/FPT/transactions");
        compare(trades, "transactions/0/transaction_type", "BUY");
        compare(trades, "transactions/0/quantity", "200");
        compare(trades, "transactions/0/price", "105000");
        compare(trades, "transactions/0/total_amount", "21000000");
        compare(trades, "transactions/0/status", "PENDING");
        compare(get("/assets/FPT/transactions?transaction_type=sell"), "total_count", "0");
        compare(get("/assets/FPT/transactions?type=BUY&from_date=2026-11-20"), "total_count", "1");
        compare(get("/assets/FPT/transactions?to_date=2026-11-19"), "total_count", "0");
        desk.clockTo("2026-11-24T13:00:00+07:00");
        compare(get("/assets/FPT/transactions"), "transactions/0/status", "COMPLETED");
        compare(get("/assets/FPT/transactions?type=BUY"), "total_count", "1");
        compare(get("/assets/FPT/transactions?type=SELL"), "total_count", "0");
    }

    void whatIfChangesNothing()
    {
        DeskFixture &desk = m_server->desk;
        desk.cash(m_trader.account, 100'000'000);
        desk.shares(m_trader.account, "SSI", 1'000);
        const std::uint64_t hash = desk.desk->health().stateHash;
        const RawReply reply = m_server->call(
            "POST", "/positions/what-if",
            R"({"trades":[{"symbol":"SSI","side":"SELL","quantity":400,"price":"32000"},
                {"symbol":"FPT","side":"BUY","quantity":"100"}],
                "prices":[{"symbol":"SSI","price":33000}],"all_prices_percent":"-10"})",
            m_trader.token);
        QVERIFY2(reply.status == 200, reply.body.c_str());
        compare(reply, "now/total_market_value", "31000000");
        compare(reply, "now/cash_balance", "100000000");
        const std::int64_t fpt = (*desk.desk->instruments())[desk.symbol("FPT")].reference.raw();
        // 12,800,000 less 0.15 % and 0.1 %; bought at the reference with 0.15 %
        const std::int64_t cash = 100'000'000 + 12'800'000 - 19'200 - 12'800 - fpt * 100
                                  - (fpt * 100 * 15 + 5'000) / 10'000;
        compare(reply, "then/cash_balance", std::to_string(cash).c_str());
        compare(reply, "then/total_market_value",
                std::to_string(600 * 33'000 + fpt * 9 / 10 * 100).c_str());
        compare(reply, "then/position_count", "2");
        QCOMPARE(desk.desk->health().stateHash, hash);
        compare(get("/positions/SSI"), "quantity", "1000");
    }

    void wrongWhatIfsAreNamed_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char *what, const char *body, const char *pointer,
                            const char *code) {
            QTest::newRow(what) << QByteArray(body) << QByteArray(pointer) << QByteArray(code);
        };
        row("more than there is",
            R"({"trades":[{"symbol":"SSI","side":"SELL","quantity":1000000}]})",
            "/trades/0/quantity", "INSUFFICIENT_SECURITIES");
        row("nothing", R"({"trades":[{"symbol":"SSI","side":"SELL","quantity":0}]})",
            "/trades/0/quantity", "INVALID_QUANTITY");
        row("no side", R"({"trades":[{"symbol":"SSI","quantity":100}]})", "/trades/0/side",
            "REQUIRED");
        row("a wrong side", R"({"trades":[{"symbol":"SSI","side":"HOLD","quantity":100}]})",
            "/trades/0/side", "VALIDATION_ERROR");
        row("unknown", R"({"prices":[{"symbol":"XXX","price":1}]})", "/prices/0/symbol",
            "INSTRUMENT_UNKNOWN");
        row("a price of nothing", R"({"prices":[{"symbol":"SSI","price":0}]})", "/prices/0/price",
            "INVALID_PRICE");
        row("half a dong", R"({"prices":[{"symbol":"SSI","price":31000.5}]})", "/prices/0/price",
            "INVALID_PRICE");
        row("below nothing", R"({"all_prices_percent":-101})", "/all_prices_percent",
            "VALIDATION_ERROR");
        row("an unknown field", R"({"trade":[]})", "/trade", "UNKNOWN_FIELD");
        row("no list", R"({"trades":{}})", "/trades", "VALIDATION_ERROR");
        row("too large",
            R"({"trades":[{"symbol":"SSI","side":"BUY","quantity":1000000000000000000,"price":1000000000}]})",
            "/trades/0/quantity", "VALIDATION_ERROR");
    }
    void wrongWhatIfsAreNamed()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, pointer);
        QFETCH(QByteArray, code);
        m_server->desk.shares(m_trader.account, "SSI", 1'000);
        const RawReply reply =
            m_server->call("POST", "/positions/what-if", body.toStdString(), m_trader.token);
        QVERIFY2(reply.status == 422, reply.body.c_str());
        QCOMPARE(shown(itemAt(reply, "errors/0/pointer")), QString::fromLatin1(pointer));
        QCOMPARE(shown(itemAt(reply, "errors/0/code")), QString::fromLatin1(code));
    }

    void wrongQuestionsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("status");
        const auto row = [](const char *target, int status) {
            QTest::newRow(target) << QByteArray(target) << status;
        };
        row("/positions?sort=x", 400);
        row("/positions?lots=yes", 422);
        row("/positions?limit=101", 422);
        row("/positions?offset=1&page=2", 400);
        row("/positions/VIC", 404);
        row("/positions/summary/portfolio?x=1", 400);
        row("/positions/summary/portfolio?account_id=00000000-0000-7000-8000-000000000000", 403);
        row("/positions/history/changes?days=0", 422);
        row("/positions/history/changes?days=366", 422);
        row("/positions/history/changes?days=ten", 422);
        row("/positions/history/changes?symbol=XXX", 422);
        row("/positions/analytics/performance?period=2D", 422);
        row("/positions/analytics/performance?benchmark=VNINDEX", 422);
        row("/positions/analytics/performance?from=2026-01-01", 400);
        row("/assets/SSI/transactions?transaction_type=GIVE", 422);
        row("/assets/SSI/transactions?from_date=yesterday", 422);
        row("/accounts/market-schedule?date=20261120", 422);
        row("/accounts/activity-summary?days=1000", 422);
        row("/accounts/permissions?x=1", 400);
        row("/positions?desk=live", 503);
    }
    void wrongQuestionsAreRefused()
    {
        QFETCH(QByteArray, target);
        QFETCH(int, status);
        const RawReply reply = get(target.toStdString());
        QVERIFY2(reply.status == status, reply.body.c_str());
        QCOMPARE(m_server->call("GET", target.toStdString()).status, 401);
    }

    void theAccountKnowsItsRightsAndHours()
    {
        const RawReply rights = get("/accounts/permissions");
        compare(rights, "role", "trader");
        QVERIFY(rights.body.find("\"can_trade\":true") != std::string::npos);
        m_server->call("POST", "/risk/kill-switch", R"({"reason":"test"})", m_trader.token);
        QVERIFY(get("/accounts/permissions").body.find("\"can_trade\":false") != std::string::npos);
        const RawReply day = get("/accounts/market-schedule?date=2026-11-20");
        compare(day, "markets/0/market", "HOSE");
        compare(day, "markets/0/sessions/0/from", "09:00");
        compare(day, "markets/0/sessions/0/state", "OPENING_AUCTION");
        compare(day, "markets/0/sessions/0/order_types/1", "ATO");
        compare(day, "next_trading_day", "2026-11-23");
        const RawReply holiday = get("/accounts/market-schedule?date=2026-09-02");
        compare(holiday, "markets/0/sessions/0/from", "");
        compare(holiday, "markets/3/market", "SPOT");
        compare(holiday, "markets/3/sessions/0/state", "CONTINUOUS");
    }
};

QTEST_GUILESS_MAIN(PortfolioApiTest)
#include "tst_server_portfolio.moc"
