// SPDX-License-Identifier: GPL-3.0-or-later
// A user's several accounts: each with its own cash, positions, orders and limits, none another user's.
#include "../../support/server_fixture.h"

#include <QTest>

using namespace khop;
using namespace khop::test;

class AccountsTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;
    ServerFixture::Person m_trader, m_other, m_admin;
    std::string m_second;

    RawReply call(const char *method, const std::string &path, const std::string &body = {})
    {
        return m_server->call(method, path, body, m_trader.token);
    }
    static std::string order(const std::string &account, int quantity = 100)
    {
        return "{\"symbol\":\"SSI\",\"side\":\"BUY\",\"price\":\"31000\",\"account_id\":\""
               + account + "\",\"quantity\":" + std::to_string(quantity) + "}";
    }
    std::string first() { return m_trader.user.accountId.text(); }

private Q_SLOTS:
    void init()
    {
        m_server = std::make_unique<ServerFixture>();
        m_trader = m_server->person("binh", server::Role::Trader);
        m_other = m_server->person("bich", server::Role::Trader);
        m_admin = m_server->person("anh", server::Role::Admin);
        m_server->desk.cash(m_trader.account, 10'000'000);
        const RawReply added = call("POST", "/accounts", "{\"label\":\"Long term\"}");
        QCOMPARE(added.status, 201);
        QCOMPARE(textAt(added, "data/label"), "Long term");
        m_second = textAt(added, "data/account_id");
        QVERIFY(m_second != first());
    }
    void cleanup() { m_server.reset(); }

    void bothAreListedAndNamedInTheProfile()
    {
        const RawReply list = call("GET", "/accounts");
        QCOMPARE(list.status, 200);
        QCOMPARE(textAt(list, "data/total_count"), "2");
        QVERIFY(list.body.find(m_second) != std::string::npos);
        const RawReply profile = call("GET", "/accounts/profile");
        QCOMPARE(textAt(profile, "data/account_id"), first());
        QVERIFY(profile.body.find(m_second) != std::string::npos);
        const RawReply others = m_server->call("GET", "/accounts", {}, m_other.token);
        QVERIFY(others.body.find(m_second) == std::string::npos);
    }

    void eachHasItsOwnCashAndOrders()
    {
        QCOMPARE(m_server
                     ->call("POST", "/accounts/" + m_second + "/cash",
                            "{\"amount\":\"5000000\",\"currency\":\"VND\"}", m_admin.token)
                     .status,
                 200);
        QCOMPARE(textAt(call("GET", "/balance"), "data/available_balance"), "10000000");
        QCOMPARE(textAt(call("GET", "/balance?account_id=" + m_second), "data/available_balance"),
                 "5000000");
        // 200 x 31,000 are more than the second has, and less than the first
        const RawReply dear = call("POST", "/orders", order(m_second, 200));
        QCOMPARE(dear.status, 422);
        QCOMPARE(textAt(dear, "code"), "INSUFFICIENT_CASH");
        const RawReply placed = call("POST", "/orders", order(m_second));
        QCOMPARE(placed.status, 201);
        QCOMPARE(textAt(placed, "data/account_id"), m_second);
        QCOMPARE(textAt(placed, "data/username"), "binh");
        QCOMPARE(textAt(call("GET", "/balance"), "data/held_balance"), "0");
        QCOMPARE(textAt(call("GET", "/balance?account_id=" + m_second), "data/held_balance"),
                 "3104650");
        const std::string id = textAt(placed, "data/order_id");
        QVERIFY(call("GET", "/orders").body.find(id) == std::string::npos);
        QVERIFY(call("GET", "/orders?account_id=" + m_second).body.find(id) != std::string::npos);
        // by its id it is found, changed and cancelled whichever account it is of
        QCOMPARE(call("GET", "/orders/" + id).status, 200);
        QCOMPARE(call("PATCH", "/orders/" + id, "{\"price\":\"30000\"}").status, 200);
        QCOMPARE(m_server->call("GET", "/orders/" + id, {}, m_other.token).status, 404);
        QCOMPARE(call("DELETE", "/orders/" + id).status, 200);
        QCOMPARE(textAt(call("GET", "/balance?account_id=" + m_second), "data/held_balance"), "0");
    }

    void cancelAllIsOfOneAccount()
    {
        m_server->call("POST", "/accounts/" + m_second + "/cash",
                       "{\"amount\":\"5000000\",\"currency\":\"VND\"}", m_admin.token);
        const std::string mine = textAt(call("POST", "/orders", order(first())), "data/order_id");
        const std::string further =
            textAt(call("POST", "/orders", order(m_second)), "data/order_id");
        QCOMPARE(call("DELETE", "/orders?account_id=" + m_second).status, 200);
        QCOMPARE(textAt(call("GET", "/orders/" + further), "data/status"), "CANCELLED");
        QCOMPARE(textAt(call("GET", "/orders/" + mine), "data/status"), "ACTIVE");
    }

    void nobodyUsesAnothersAccount()
    {
        const std::string others = m_other.user.accountId.text();
        QCOMPARE(call("POST", "/orders", order(others)).status, 403);
        QCOMPARE(call("GET", "/balance?account_id=" + others).status, 403);
        QCOMPARE(call("GET", "/orders?account_id=" + others).status, 403);
        QVERIFY(call("DELETE", "/orders?account_id=" + others).status >= 400);
        QCOMPARE(m_server->call("GET", "/balance?account_id=" + m_second, {}, m_other.token).status,
                 403);
        QCOMPARE(m_server->call("GET", "/balance?account_id=" + m_second, {}, m_admin.token).status,
                 200);
        QCOMPARE(m_server->desk.position(m_other.account, "SSI").quantity, Quantity(0));
    }

    void labelsAndNumbersAreBounded()
    {
        QCOMPARE(call("POST", "/accounts", "{}").status, 422);
        QCOMPARE(call("POST", "/accounts", "{\"label\":\"\"}").status, 422);
        QCOMPARE(call("POST", "/accounts", "{\"label\":\"a\",\"kind\":1}").status, 422);
        const auto viewer = m_server->person("lan", server::Role::Viewer);
        QCOMPARE(m_server->call("POST", "/accounts", "{\"label\":\"a\"}", viewer.token).status,
                 403);
        for (std::size_t k = 2; k < server::Identity::mostAccounts; ++k)
            QCOMPARE(call("POST", "/accounts", "{\"label\":\"more\"}").status, 201);
        const RawReply tooMany = call("POST", "/accounts", "{\"label\":\"more\"}");
        QCOMPARE(tooMany.status, 422);
        QVERIFY2(tooMany.body.find("20") != std::string::npos, tooMany.body.c_str());
        // and a token with all of them still works
        const RawReply login = m_server->call(
            "POST", "/auth/login", "{\"username\":\"binh\",\"password\":\"correct horse binh\"}");
        QCOMPARE(login.status, 200);
        const RawReply list =
            m_server->call("GET", "/accounts", {}, textAt(login, "data/access_token"));
        QCOMPARE(textAt(list, "data/total_count"), "20");
    }

    void theyAreThereAfterARestart()
    {
        m_server->server.reset();
        m_server->identity.reset();
        server::IdentityOptions users;
        users.database = m_server->desk.folder.filePath(QStringLiteral("users.db"));
        users.dataDir = m_server->desk.folder.path();
        const auto identity = server::Identity::open(users);
        QVERIFY(identity.has_value());
        const auto user = (*identity)->user(m_trader.user.id);
        QVERIFY(user.has_value());
        QCOMPARE(user->further.size(), std::size_t{1});
        QCOMPARE(user->further.front().id.text(), m_second);
        QCOMPARE((*identity)->userByAccount(user->further.front().id)->id, m_trader.user.id);
    }
};

QTEST_GUILESS_MAIN(AccountsTest)
#include "tst_server_accounts.moc"
