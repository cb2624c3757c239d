// SPDX-License-Identifier: GPL-3.0-or-later
// Users as administrators manage them, and how their sessions end.
#include "../../support/server_fixture.h"

#include <QTest>

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23
#include "server/auth/password.h"

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;
#endif

class UsersTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        m_admin = m_fixture->person("boss", server::Role::Admin);
        m_trader = m_fixture->person("thu", server::Role::Trader);
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void anAdministratorAddsReadsAndListsUsers()
    {
        const RawReply added =
            call("POST", "/users",
                 R"({"username":"lan","password":"a long password","role":"viewer",)"
                 R"("email":"lan@example.org","full_name":"Lan"})");
        QVERIFY2(added.status == 201, added.body.c_str());
        const std::string id = textAt(added, "data/user_id");
        QCOMPARE(added.headers.at("location"), "/api/v1/users/" + id);
        QCOMPARE(textAt(added, "data/role"), std::string("viewer"));
        QCOMPARE(textAt(added, "data/is_active"), std::string("true"));
        QVERIFY(added.body.find("password") == std::string::npos);
        QCOMPARE(textAt(call("GET", "/users/" + id), "data/email"), std::string("lan@example.org"));
        QCOMPARE(login("lan", "a long password").status, 200);

        const RawReply taken =
            call("POST", "/users", R"({"username":"lan","password":"a long one","role":"viewer"})");
        QCOMPARE(taken.status, 409);
        QVERIFY(taken.body.find("\"/username\"") != std::string::npos);
    }

    void usersAreListedNewestFirstAndInPages()
    {
        for (const char *name : {"page-a", "page-b", "page-c"})
            QVERIFY(m_fixture->identity->addUser({name, "a long password", server::Role::Viewer}));
        const RawReply first = call("GET", "/users?limit=2");
        QCOMPARE(first.status, 200);
        QCOMPARE(namesIn(first), (std::vector<std::string>{"page-c", "page-b"}));
        QCOMPARE(textAt(first, "data/has_more"), std::string("true"));
        const std::string total = textAt(first, "data/total_count");
        const RawReply next =
            call("GET", "/users?limit=2&cursor=" + textAt(first, "data/next_cursor"));
        QCOMPARE(namesIn(next).front(), std::string("page-a"));
        QCOMPARE(textAt(next, "data/total_count"), total);
        QCOMPARE(namesIn(call("GET", "/users?role=admin")), (std::vector<std::string>{"boss"}));
        QCOMPARE(call("GET", "/users?role=root").status, 422);
        QCOMPARE(call("GET", "/users?colour=red").status, 400);
    }

    void whatIsWrongIsNamedAndChangesNothing_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("field");
        const auto row = [](const char *what, const char *body, const char *field) {
            QTest::newRow(what) << QByteArray(body) << QByteArray(field);
        };
        row("no role", R"({"username":"nam","password":"a long password"})", "/role");
        row("unknown role", R"({"username":"nam","password":"a long password","role":"root"})",
            "/role");
        row("short name", R"({"username":"n","password":"a long password","role":"viewer"})",
            "/username");
        row("name with a space",
            R"({"username":"n m","password":"a long password","role":"viewer"})", "/username");
        row("short password", R"({"username":"nam","password":"1234567","role":"viewer"})",
            "/password");
        row("seven letters, more bytes",
            R"({"username":"nam","password":"ấấấấấấấ","role":"viewer"})", "/password");
        row("the user name", R"({"username":"nam-nguyen","password":"Nam-Nguyen","role":"viewer"})",
            "/password");
        row("a common password", R"({"username":"nam","password":"Password1","role":"viewer"})",
            "/password");
        row("one character", R"({"username":"nam","password":"zzzzzzzzzz","role":"viewer"})",
            "/password");
        row("unknown field",
            R"({"username":"nam","password":"a long password","role":"viewer","x":1})", "/x");
    }
    void whatIsWrongIsNamedAndChangesNothing()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, field);
        const std::string before = textAt(call("GET", "/users?limit=1"), "data/total_count");
        const RawReply refused = call("POST", "/users", body.toStdString());
        QVERIFY2(refused.status == 422, refused.body.c_str());
        QVERIFY2(refused.body.find('"' + field.toStdString() + '"') != std::string::npos,
                 refused.body.c_str());
        QCOMPARE(textAt(call("GET", "/users?limit=1"), "data/total_count"), before);
    }

    void longestPasswordsAreCountedInCharacters()
    {
        std::string text;
        for (int i = 0; i < 128; ++i)
            text += i % 2 == 0 ? "ấ" : "b";
        QVERIFY(server::checkPassword(text, "nam").has_value());
        QVERIFY(!server::checkPassword(text + "c", "nam").has_value());
    }

    void anotherRoleEndsTheSessionsAtOnce()
    {
        const auto person = m_fixture->person("role-changer", server::Role::Trader);
        QCOMPARE(call("PATCH", "/users/" + person.user.id.text(), R"({"role":"trader"})").status,
                 200); // as it is
        QCOMPARE(m_fixture->call("GET", "/orders", {}, person.token).status, 200);
        const RawReply changed =
            call("PATCH", "/users/" + person.user.id.text(), R"({"role":"viewer"})");
        QVERIFY2(changed.status == 200, changed.body.c_str());
        QCOMPARE(textAt(changed, "data/role"), std::string("viewer"));
        QCOMPARE(m_fixture->call("GET", "/orders", {}, person.token).status, 401);
        QCOMPARE(refresh(person.refresh).status, 401);
        const RawReply again = login("role-changer", "correct horse role-changer");
        QCOMPARE(textAt(again, "data/role"), std::string("viewer"));
        QCOMPARE(
            m_fixture
                ->call("POST", "/orders", R"({"symbol":"SSI"})", textAt(again, "data/access_token"))
                .status,
            403);
    }

    void anInactiveUserHasNoSessionsAndNoLogin()
    {
        const auto person = m_fixture->person("leaver", server::Role::Trader);
        const std::string path = "/users/" + person.user.id.text();
        QCOMPARE(call("PATCH", path, R"({"is_active":false})").status, 200);
        QCOMPARE(m_fixture->call("GET", "/orders", {}, person.token).status, 401);
        QCOMPARE(refresh(person.refresh).status, 401);
        QCOMPARE(login("leaver", "correct horse leaver").status, 401);
        QCOMPARE(call("PATCH", path, R"({"is_active":true})").status, 200);
        QCOMPARE(m_fixture->call("GET", "/orders", {}, person.token).status, 401); // stays ended
        QCOMPARE(login("leaver", "correct horse leaver").status, 200);
    }

    void anAdministratorGivesANewPassword()
    {
        const auto person = m_fixture->person("forgetful", server::Role::Trader);
        QCOMPARE(call("PATCH", "/users/" + person.user.id.text(),
                      R"({"password":"another password","live":true})")
                     .status,
                 200);
        QCOMPARE(m_fixture->call("GET", "/orders", {}, person.token).status, 401);
        QCOMPARE(login("forgetful", "correct horse forgetful").status, 401);
        QCOMPARE(login("forgetful", "another password").status, 200);
        QCOMPARE(textAt(call("GET", "/users/" + person.user.id.text()), "data/live"),
                 std::string("true"));
    }

    void theLastAdministratorStays()
    {
        const std::string path = "/users/" + m_admin.user.id.text();
        QCOMPARE(call("PATCH", path, R"({"role":"trader"})").status, 422);
        QCOMPARE(call("PATCH", path, R"({"is_active":false})").status, 422);
        QCOMPARE(call("GET", path).status, 200); // and the session goes on
    }

    void whatNamesNobodyIsNotFound()
    {
        for (const char *id : {"0192f0c1-2345-7abc-8def-0123456789ab", "x", "boss"}) {
            QCOMPARE(call("GET", std::string("/users/") + id).status, 404);
            QCOMPARE(call("PATCH", std::string("/users/") + id, "{}").status, 404);
        }
    }

    void aLogoutEverywhereEndsEverySession()
    {
        const auto person = m_fixture->person("everywhere", server::Role::Trader);
        const RawReply other = login("everywhere", "correct horse everywhere");
        const RawReply third = login("everywhere", "correct horse everywhere");
        const std::string second = textAt(other, "data/access_token");
        QCOMPARE(m_fixture->call("POST", "/auth/logout", {}, person.token).status, 200);
        QCOMPARE(m_fixture->call("GET", "/orders", {}, second).status, 200); // only its own
        QCOMPARE(m_fixture->call("POST", "/auth/logout", R"({"everywhere":1})", second).status,
                 422);
        QCOMPARE(m_fixture->call("POST", "/auth/logout", R"({"everywhere":true})", second).status,
                 200);
        QCOMPARE(m_fixture->call("GET", "/orders", {}, second).status, 401);
        QCOMPARE(m_fixture->call("GET", "/orders", {}, textAt(third, "data/access_token")).status,
                 401);
        QCOMPARE(refresh(textAt(third, "data/refresh_token")).status, 401);
        QCOMPARE(login("everywhere", "correct horse everywhere").status, 200);
    }

    void whatAnotherProcessChangesIsNoticed()
    {
        const auto person = m_fixture->person("watched", server::Role::Trader);
        server::IdentityOptions options;
        options.database = m_fixture->desk.folder.filePath(u"users.db"_s);
        options.dataDir = m_fixture->desk.folder.path();
        options.watch = false;
        auto beside = server::Identity::open(options); // as khopd user role does
        QVERIFY(beside.has_value());
        server::UserChange change;
        change.role = server::Role::Viewer;
        QVERIFY((*beside)->updateUser(person.user.id, change).has_value());
        QTRY_COMPARE_WITH_TIMEOUT(m_fixture->call("GET", "/orders", {}, person.token).status, 401,
                                  2'000);
        QVERIFY((*beside)->addUser({"newcomer", "a long password", server::Role::Viewer}));
        QTRY_VERIFY_WITH_TIMEOUT(
            call("GET", "/users?limit=1").body.find("newcomer") != std::string::npos, 2'000);
    }

private:
    RawReply call(std::string_view method, const std::string &path, std::string_view body = {})
    {
        return m_fixture->call(method, path, body, m_admin.token);
    }
    RawReply login(const std::string &name, const std::string &password)
    {
        return m_fixture->call("POST", "/auth/login",
                               R"({"username":")" + name + R"(","password":")" + password
                                   + R"("})");
    }
    RawReply refresh(const std::string &token)
    {
        return m_fixture->call("POST", "/auth/refresh", R"({"refresh_token":")" + token + R"("})");
    }
    static std::vector<std::string> namesIn(const RawReply &reply)
    {
        const server::JsonDocument document = reply.json();
        std::vector<std::string> names;
        for (auto user = document.root().find("data")->find("users")->first(); user;
             user = user->next())
            names.emplace_back(user->find("username")->text());
        return names;
    }

    std::unique_ptr<ServerFixture> m_fixture;
    ServerFixture::Person m_admin, m_trader;
};

QTEST_GUILESS_MAIN(UsersTest)
#include "tst_server_users.moc"
