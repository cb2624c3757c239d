// SPDX-License-Identifier: GPL-3.0-or-later
// The role table: every route of the server with no token, an ended one, each role, and keys; and objects of
// somebody else. The routes come from the server itself: one that is added without a row here fails.
#include "../../support/server_fixture.h"
#include "../../support/signed_request.h"

#include <QFile>
#include <QTest>

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23
#include "base/clock.h"
#include "server/api/api.h"

#include <algorithm>

using namespace khop;
using namespace khop::test;
using server::Access;
using server::Method;
using server::RouteInfo;
using namespace Qt::StringLiterals;

namespace {

std::string label(const RouteInfo &route)
{
    return std::string(name(route.method)) + ' ' + route.pattern;
}

/// Routes for everybody signed in whose viewers are refused all the same: what they would change is theirs to
/// see only.
const std::set<std::string> notForViewers{"POST /risk/kill-switch", "DELETE /risk/kill-switch",
                                          "POST /import/{kind}", "POST /import/{id}/apply",
                                          "POST /import/{id}/undo"};

/// Paths whose parameter names what belongs to nobody in particular.
const std::set<std::string> common{
    "GET /corporate-actions/{id}",
    "POST /corporate-actions/{id}/elect",
    "GET /trades/{id}",
    "GET /export/{file}",
    "GET /statements/{file}",
    "POST /import/{kind}",
    "GET /positions/{symbol}",
    "GET /assets/{asset_id}/balance",
    "GET /assets/{asset_id}/transactions",
};

/// A path with an object of the trader `thu` in it.
struct Object {
    const char *path;
    const char *body = "";
    bool lastlyGone = false; // her own request takes the object away
};

} // namespace
#endif

class RolesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        m_admin = m_fixture->person("boss", server::Role::Admin);
        m_viewer = m_fixture->person("xem", server::Role::Viewer);
        m_trader = m_fixture->person("thu", server::Role::Trader);
        m_other = m_fixture->person("anh", server::Role::Trader);
        m_read = makeKey("read");
        m_trade = makeKey("trade");
    }
    void cleanupTestCase() { m_fixture.reset(); }

    /// A parameter that no route knows is refused by the route itself: whoever gets that far was let in.
    void everyRouteLetsInWhomItShould_data()
    {
        QTest::addColumn<int>("at");
        const std::vector<RouteInfo> table = server::Api::routeTable();
        for (std::size_t i = 0; i < table.size(); ++i)
            QTest::newRow(label(table[i]).c_str()) << static_cast<int>(i);
    }
    void everyRouteLetsInWhomItShould()
    {
        QFETCH(int, at);
        const RouteInfo route = server::Api::routeTable()[static_cast<std::size_t>(at)];
        const Access access = route.access;
        const bool open = access == Access::Public || access == Access::Local;
        const bool viewers =
            open || (access == Access::Read && !notForViewers.contains(label(route)));
        const bool traders = open || access == Access::Read || access == Access::Trade;
        const bool admins = open || access == Access::Read || access == Access::Admin;
        constexpr int in = 400, out = 403, unknown = 401;
        QCOMPARE(ask(route, {}), open ? in : unknown);
        QCOMPARE(ask(route, endedToken()), open ? in : unknown);
        QCOMPARE(ask(route, "nonsense"), open ? in : unknown);
        QCOMPARE(ask(route, m_viewer.token), viewers ? in : out);
        QCOMPARE(ask(route, m_trader.token), traders ? in : out);
        QCOMPARE(ask(route, m_other.token), traders ? in : out);
        QCOMPARE(ask(route, m_admin.token), admins ? in : out);
        if (open)
            return;
        const bool byKey = traders && !route.session;
        QCOMPARE(askSigned(route, m_trade), byKey ? in : out);
        QCOMPARE(askSigned(route, m_read), byKey && route.method == Method::Get ? in : out);
    }

    void theSameRoutesAnswerUnderTheirCanonicalBase()
    {
        for (const RouteInfo &route : server::Api::routeTable()) {
            if (route.access != Access::Admin)
                continue;
            QCOMPARE(ask(route, m_viewer.token, "/api/v1"), 403);
            QCOMPARE(ask(route, {}, "/api/v1"), 401);
        }
    }

    void whatIsSomebodyElsesIsNotThere()
    {
        const std::map<std::string, Object> objects = makeObjects();
        for (const RouteInfo &route : server::Api::routeTable()) {
            if (route.pattern.find('{') == std::string::npos || route.access == Access::Public
                || route.access == Access::Admin || common.contains(label(route)))
                continue;
            const auto row = objects.find(label(route));
            QVERIFY2(row != objects.end(),
                     (label(route) + " has no row: whose object does it name?").c_str());
            const Object &object = row->second;
            const std::string path = filled(object.path);
            const RawReply foreign =
                m_fixture->call(name(route.method), path, object.body, m_other.token);
            QVERIFY2(foreign.status == 404, (label(route) + ": " + foreign.body).c_str());
            QCOMPARE(textAt(foreign, "detail").find(m_trader.user.username), std::string::npos);
            const RawReply absent = m_fixture->call(name(route.method), withoutObject(object.path),
                                                    object.body, m_trader.token);
            QVERIFY2(absent.status == 404, (label(route) + ": " + absent.body).c_str());
            if (object.lastlyGone)
                continue;
            const RawReply own =
                m_fixture->call(name(route.method), path, object.body, m_trader.token);
            QVERIFY2(own.status != 404 && own.status < 500,
                     (label(route) + ": " + own.body).c_str());
        }
        for (const auto &[route, object] : objects) {
            if (!object.lastlyGone)
                continue;
            const std::string method = route.substr(0, route.find(' '));
            const RawReply own =
                m_fixture->call(method, filled(object.path), object.body, m_trader.token);
            QVERIFY2(own.status < 300, (route + ": " + own.body).c_str());
        }
    }

    void anotherUserOrAccountInAFilterIsRefused()
    {
        for (const char *list :
             {"/orders", "/positions", "/balance", "/balance/transactions", "/assets/balances",
              "/put-through", "/import", "/margin", "/risk/usage", "/risk/limits"}) {
            const std::string path = list;
            const std::string with = path + (path.find('?') == std::string::npos ? "?" : "&");
            const RawReply foreign = m_fixture->call(
                "GET", with + "account_id=" + m_trader.user.accountId.text(), {}, m_other.token);
            QVERIFY2(foreign.status == 403 || foreign.status == 404, (path + foreign.body).c_str());
            QCOMPARE(m_fixture->call("GET", path, {}, m_other.token).status, 200);
        }
    }

private:
    int ask(const RouteInfo &route, const std::string &token, const std::string &base = {})
    {
        return m_fixture
            ->call(name(route.method), base + pathOf(route), bodyOf(route), token, headersOf(route))
            .status;
    }
    int askSigned(const RouteInfo &route, const Key &key)
    {
        const std::string path = pathOf(route);
        return m_fixture
            ->call(name(route.method), path, bodyOf(route), {},
                   headersOf(route)
                       + headersFor(key,
                                    {std::string(name(route.method)), path, bodyOf(route), 0, {}}))
            .status;
    }
    static std::string pathOf(const RouteInfo &route)
    {
        std::string path;
        bool inside = false;
        for (const char c : route.pattern) {
            if (c == '{' || c == '}') {
                inside = c == '{';
                path += inside ? "SSI" : "";
            } else if (!inside) {
                path += c;
            }
        }
        if (route.pattern == "/import/{kind}")
            path = "/import/trades";
        else if (route.pattern == "/export/{file}")
            path = "/export/orders.csv";
        else if (route.pattern == "/statements/{file}")
            path = "/statements/2026.csv";
        return path + "?no_such_parameter=1";
    }
    static std::string bodyOf(const RouteInfo &route)
    {
        return route.method == Method::Get || route.file ? "" : "{}";
    }
    static std::string headersOf(const RouteInfo &route)
    {
        return route.file ? "Content-Length: 0\r\n" : "";
    }

    std::string endedToken()
    {
        QFile file(m_fixture->desk.folder.filePath(u"secret.key"_s));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("no secret.key");
        const server::TokenSigner signer{Secret(file.readAll().trimmed().toStdString())};
        const std::int64_t now = WallClock().now().ms / 1000;
        const server::User &user = m_admin.user;
        server::Claims claims{user.id,
                              user.username,
                              user.accountId,
                              user.role,
                              uuid7({WallClock().now().ms}, 1, 1).text(),
                              now - 1'800,
                              now - 1,
                              {}};
        const std::string ended = signer.sign(claims);
        claims.expiresAt = now + 1'800;
        if (m_fixture->call("GET", "/users", {}, signer.sign(claims)).status != 200)
            qFatal("the token would not be good if it had not ended");
        return ended;
    }

    Key makeKey(const std::string &scope)
    {
        const RawReply made =
            m_fixture->call("POST", "/auth/api-keys",
                            R"({"label":"bot","scope":")" + scope + R"("})", m_trader.token);
        return {textAt(made, "data/key_id"), textAt(made, "data/secret")};
    }

    std::string preview(const std::string &row)
    {
        RawClient client(m_fixture->url);
        const std::string file = "Ngày;Diễn giải;Phát sinh tăng;Phát sinh giảm\n" + row + '\n';
        client.send("POST /import/cash?preset=SSI HTTP/1.1\r\nHost: localhost\r\n"
                    "Content-Type: text/csv\r\nAuthorization: Bearer "
                    + m_trader.token + "\r\nContent-Length: " + std::to_string(file.size())
                    + "\r\n\r\n" + file);
        return textAt(client.receive(), "data/import_id");
    }

    /// Things of the trader's: their ids replace the names in the paths.
    std::map<std::string, Object> makeObjects()
    {
        const auto endow = [&](const ServerFixture::Person &person) {
            const std::string base = "/accounts/" + person.user.accountId.text();
            QCOMPARE(m_fixture
                         ->call("POST", base + "/cash",
                                R"({"amount":"1000000000","currency":"VND"})", m_admin.token)
                         .status,
                     200);
            QCOMPARE(m_fixture
                         ->call("POST", base + "/securities",
                                R"({"symbol":"SSI","quantity":100000})", m_admin.token)
                         .status,
                     200);
        };
        const auto post = [&](const ServerFixture::Person &person, const char *path,
                              const std::string &body) {
            const RawReply made = m_fixture->call("POST", path, body, person.token);
            if (made.status >= 300)
                qFatal("%s: %s", path, made.body.c_str());
            return made;
        };
        endow(m_trader);
        const auto person = m_fixture->person("cuong", server::Role::Trader);
        endow(person);
        const RawReply sold = post(
            person, "/orders", R"({"symbol":"SSI","side":"SELL","quantity":100,"price":"31500"})");
        Q_UNUSED(sold);
        m_ids["order"] =
            textAt(post(m_trader, "/orders",
                        R"({"symbol":"SSI","side":"BUY","quantity":100,"price":"31000"})"),
                   "data/order_id");
        m_ids["deal"] =
            textAt(post(m_trader, "/put-through",
                        R"({"symbol":"SSI","side":"SELL","counterparty":"cuong","quantity":20000,)"
                        R"("price":"31500"})"),
                   "data/put_through_id");
        m_ids["import"] = preview("02/11/2026;Nộp tiền;100.000.000;0");
        static_cast<void>(post(m_trader, ("/import/" + m_ids["import"] + "/apply").c_str(), {}));
        m_ids["preview"] = preview("03/11/2026;Nộp tiền;200.000.000;0");
        m_ids["account"] = m_trader.user.accountId.text();
        m_ids["key"] = makeKey("read").id;
        m_ids["user"] = "thu";
        return {
            {"GET /orders/{id}", {"/orders/<order>"}},
            {"PUT /orders/{id}", {"/orders/<order>", R"({"quantity":100})"}},
            {"PATCH /orders/{id}", {"/orders/<order>", R"({"quantity":100})"}},
            {"POST /orders/{id}/validate", {"/orders/<order>/validate", R"({"quantity":100})"}},
            {"GET /orders/{id}/executions", {"/orders/<order>/executions"}},
            {"GET /orders/{id}/queue", {"/orders/<order>/queue"}},
            {"POST /orders/{id}/cancel", {"/orders/<order>/cancel", "", true}},
            {"DELETE /orders/{id}", {"/orders/<order>", "", true}},
            {"GET /put-through/{id}", {"/put-through/<deal>"}},
            {"POST /put-through/{id}/accept", {"/put-through/<deal>/accept"}},
            {"POST /put-through/{id}/reject", {"/put-through/<deal>/reject"}},
            {"POST /put-through/{id}/cancel", {"/put-through/<deal>/cancel", "", true}},
            {"GET /import/{id}", {"/import/<import>"}},
            {"POST /import/{id}/apply", {"/import/<preview>/apply", "", true}},
            {"POST /import/{id}/undo", {"/import/<import>/undo", "", true}},
            {"GET /portfolio/{username}", {"/portfolio/<user>"}},
            {"GET /accounts/{account_id}/fees", {"/accounts/<account>/fees"}},
            {"GET /auth/api-keys/{id}", {"/auth/api-keys/<key>"}},
            {"DELETE /auth/api-keys/{id}", {"/auth/api-keys/<key>", "", true}},
        };
    }
    std::string filled(const std::string &path) const
    {
        const auto open = path.find('<'), close = path.find('>');
        return path.substr(0, open) + m_ids.at(path.substr(open + 1, close - open - 1))
               + path.substr(close + 1);
    }
    static std::string withoutObject(const std::string &path)
    {
        const auto open = path.find('<'), close = path.find('>');
        return path.substr(0, open) + "0192f0c1-2345-7abc-8def-0123456789ab"
               + path.substr(close + 1);
    }

    std::unique_ptr<ServerFixture> m_fixture;
    ServerFixture::Person m_admin, m_viewer, m_trader, m_other;
    Key m_read, m_trade;
    std::map<std::string, std::string> m_ids;
};

QTEST_GUILESS_MAIN(RolesTest)
#include "tst_server_roles.moc"
