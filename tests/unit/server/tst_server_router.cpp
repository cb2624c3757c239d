// SPDX-License-Identifier: GPL-3.0-or-later
// Paths find their routes, and query strings are read strictly.
#ifndef Q_MOC_RUN
#include "server/api/problem.h"
#include "server/api/query.h"
#include "server/api/router.h"
#endif

#include <QTest>

using namespace khop;
using namespace khop::server;

class RouterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPathFindsItsRoute_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("route"); // 0: none
        QTest::addColumn<QString>("parameter");
        const auto row = [](const char *path, int route, const char *parameter = "") {
            QTest::newRow(path) << QString::fromLatin1(path) << route
                                << QString::fromLatin1(parameter);
        };
        row("/orders", 1);
        row("/orders/", 1);
        row("/api/v1/orders", 1);
        row("/api/v1/orders/", 1);
        row("/orders/abc", 2, "abc");
        row("/orders/abc/", 2, "abc");
        row("/orders/a%20b", 2, "a b");
        row("/orders/a%2Fb", 2, "a/b");
        row("/orders/abc/cancel", 3, "abc");
        row("/orders/batch", 4);
        row("/orders/abc/other", 0);
        row("/orders//cancel", 0);
        row("/orders/%zz", 0);
        row("//orders", 0);
        row("/api/v1", 0);
        row("/api/v2/orders", 0);
        row("/", 0);
    }
    void aPathFindsItsRoute()
    {
        QFETCH(QString, path);
        QFETCH(int, route);
        QFETCH(QString, parameter);
        Router<int> router;
        router.add(Method::Get, "/orders", 1);
        router.add(Method::Get, "/orders/{id}", 2);
        router.add(Method::Get, "/orders/{id}/cancel", 3);
        router.add(Method::Get, "/orders/batch", 4);
        const std::string text = path.toStdString();
        const auto match = router.find(text);
        const int found = match.methods ? (*match.methods)[0].value_or(0) : 0;
        QCOMPARE(found, route);
        QCOMPARE(match.parameters.empty() ? std::string() : match.parameters.front(),
                 parameter.toStdString());
    }

    void aQueryIsDecodedOnce()
    {
        const auto query = Query::parse("symbol=a%2Bb&x=1+2&&empty=&flag");
        QVERIFY(query.has_value());
        QCOMPARE(query->get("symbol"), std::optional<std::string_view>("a+b"));
        QCOMPARE(query->get("x"), std::optional<std::string_view>("1 2"));
        QVERIFY(!query->get("empty"));
        QVERIFY(query->allowOnly({"symbol", "x", "empty", "flag"}).has_value());
        QCOMPARE(query->allowOnly({"symbol", "x", "empty"}).error().field, std::string("flag"));
        QVERIFY(!Query::parse("a=1&a=2"));
        QVERIFY(!Query::parse("a=%4"));
        QVERIFY(!Query::parse("a=%xx"));
    }

    void pagingTakesOneFormOnly()
    {
        const auto paging = [](const char *text) { return Paging::from(*Query::parse(text)); };
        QCOMPARE(paging("")->limit, std::size_t{50});
        QCOMPARE(paging("page=3&page_size=20")->offset, std::size_t{40});
        QCOMPARE(paging("limit=7&offset=14")->offset, std::size_t{14});
        QCOMPARE(paging(("cursor=" + Paging::cursor(123'456)).c_str())->before,
                 std::optional<std::uint64_t>(123'456));
        QCOMPARE(paging("page=1&offset=5").error().code, Code::MALFORMED_REQUEST);
        QCOMPARE(paging("page=1&limit=5").error().code, Code::MALFORMED_REQUEST);
        QCOMPARE(paging("offset=1&cursor=c1").error().code, Code::MALFORMED_REQUEST);
        for (const char *bad : {"limit=0", "limit=101", "limit=x", "offset=-1", "page=0",
                                "cursor=5", "cursor=c", "limit=1e1"})
            QVERIFY2(!paging(bad), bad);
    }

    void theLanguageIsTheOnePreferred_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<bool>("vietnamese");
        QTest::newRow("none") << QByteArray() << false;
        QTest::newRow("vi") << QByteArray("vi") << true;
        QTest::newRow("vi-VN") << QByteArray("vi-VN,vi;q=0.9,en;q=0.8") << true;
        QTest::newRow("en first") << QByteArray("en-US,en;q=0.9,vi;q=0.5") << false;
        QTest::newRow("by weight") << QByteArray("en;q=0.4, vi;q=0.75") << true;
        QTest::newRow("vi refused") << QByteArray("vi;q=0") << false;
        QTest::newRow("another") << QByteArray("fr") << false;
        QTest::newRow("like vi") << QByteArray("vie") << false;
    }
    void theLanguageIsTheOnePreferred()
    {
        QFETCH(QByteArray, header);
        QFETCH(bool, vietnamese);
        QCOMPARE(preferredLanguage(header.toStdString()) == Language::Vietnamese, vietnamese);
    }
};

QTEST_APPLESS_MAIN(RouterTest)
#include "tst_server_router.moc"
