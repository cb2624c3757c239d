// SPDX-License-Identifier: GPL-3.0-or-later
// The API's description and the server are the same, in both directions; and the check that says so can fail.
#include "../../support/server_fixture.h"

#ifndef Q_MOC_RUN
#include "server/api/api.h"
#endif

#include <QtEndian>
#include <QTest>

using namespace khop;
using namespace khop::test;

namespace {

/// "/import/{id}" and "/import/{kind}" are the same path.
QString withoutNames(QString path)
{
    static const QRegularExpression parameter(QStringLiteral("\\{[^}]*\\}"));
    return path.replace(parameter, QStringLiteral("{}"));
}

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// "GET /orders read".
QStringList routesOfTheServer()
{
    QStringList routes;
    for (const server::RouteInfo &route : server::Api::routeTable())
        routes << text(server::name(route.method)) + u' ' + withoutNames(text(route.pattern)) + u' '
                      + text(server::name(route.access));
    return routes;
}

QStringList breachesOf(const char *method, const char *target, int status, const QByteArray &body,
                       const char *type = "application/json", const QByteArray &sent = {})
{
    Exchanged exchanged{method, target, "application/json", sent.toStdString(),
                        status, {},     body.toStdString()};
    exchanged.headers = {{"content-type", type}, {"x-request-id", "1"}};
    QStringList wrong = ApiContract::own().breaches(exchanged);
    static const QRegularExpression limits(QStringLiteral("the header (X-)?RateLimit"));
    wrong.removeIf([](const QString &line) { return limits.match(line).hasMatch(); });
    return wrong;
}

const QByteArray clockAnswer = R"({"success":true,"message":"The practice clock.","data":{
    "time":"2026-11-20T03:00:00.000Z","practice":true,"speed":1,"paused":false,"participants":false,
    "calendar_known":true},"timestamp":"2026-11-20T03:00:00.000Z","request_id":"1"})";

} // namespace

class OpenApiTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<ServerFixture> m_server;

private Q_SLOTS:
    void initTestCase() { m_server = std::make_unique<ServerFixture>(); }
    void cleanupTestCase() { m_server.reset(); }

    void theDescriptionIsServedToEverybody()
    {
        const RawReply reply = m_server->call("GET", "/openapi.json");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.headers.at("content-type"), std::string("application/json"));
        const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(reply.body));
        QCOMPARE(document.object().value(QStringLiteral("openapi")).toString(),
                 QStringLiteral("3.1.0"));
        QCOMPARE(m_server->call("GET", "/api/v1/openapi.json").body, reply.body);
        const std::string known = "If-None-Match: " + reply.headers.at("etag") + "\r\n";
        const RawReply again = m_server->call("GET", "/openapi.json", {}, {}, known);
        QCOMPARE(again.status, 304);
        QVERIFY(again.body.empty());

        const RawReply packed =
            m_server->call("GET", "/openapi.json", {}, {}, "Accept-Encoding: gzip, deflate\r\n");
        QCOMPARE(packed.headers.at("content-encoding"), std::string("deflate"));
        QVERIFY(packed.headers.at("etag") != reply.headers.at("etag"));
        QVERIFY(packed.body.size() < reply.body.size() / 8);
        const auto size = static_cast<quint32>(reply.body.size());
        QByteArray stream(4, '\0');
        qToBigEndian(size, stream.data());
        stream += QByteArray::fromStdString(packed.body);
        QCOMPARE(qUncompress(stream).toStdString(), reply.body);
    }

    void thePageComesFromHereAlone()
    {
        const RawReply page = m_server->call("GET", "/docs");
        QCOMPARE(page.status, 200);
        QCOMPARE(page.headers.at("content-type"), std::string("text/html; charset=utf-8"));
        const std::string &policy = page.headers.at("content-security-policy");
        QVERIFY(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"));
        QVERIFY(policy.find("unsafe") == std::string::npos);
        QCOMPARE(page.headers.at("x-content-type-options"), std::string("nosniff"));
        static const QRegularExpression link(QStringLiteral("(?:src|href)=\"([^\"]*)\""));
        int links = 0;
        for (const auto &found : link.globalMatch(QString::fromStdString(page.body))) {
            const std::string target = found.captured(1).toStdString();
            QVERIFY2(target.starts_with('/') && !target.starts_with("//"), target.c_str());
            QCOMPARE(m_server->call("GET", target).status, 200);
            ++links;
        }
        QVERIFY(links >= 4);
        QCOMPARE(m_server->call("GET", "/docs/").body, page.body);
        QCOMPARE(m_server->call("GET", "/docs/../khopd").status, 404);
        QCOMPARE(m_server->call("GET", "/docs/nothing.js").status, 404);
    }

    void everyRouteIsDescribedAndEveryDescriptionIsARoute()
    {
        QStringList routes = routesOfTheServer();
        QStringList described;
        const QJsonObject &paths = ApiContract::own().paths();
        for (auto path = paths.begin(); path != paths.end(); ++path) {
            const QJsonObject item = path.value().toObject();
            for (auto one = item.begin(); one != item.end(); ++one) {
                if (one.key() != u"parameters")
                    described << one.key().toUpper() + u' ' + withoutNames(path.key()) + u' '
                                     + one.value()
                                           .toObject()
                                           .value(QStringLiteral("x-access"))
                                           .toString();
            }
        }
        routes.sort();
        described.sort();
        for (const QString &route : routes)
            QVERIFY2(described.contains(route),
                     qPrintable(route + QStringLiteral(" is not described")));
        for (const QString &route : described)
            QVERIFY2(routes.contains(route), qPrintable(route + QStringLiteral(" is no route")));
        QCOMPARE(routes, described);
    }

    void everyPathNamesItsMethods()
    {
        const QJsonObject &paths = ApiContract::own().paths();
        for (const QString &path : paths.keys()) {
            QString target = path;
            static const QRegularExpression parameter(QStringLiteral("\\{[^}]*\\}"));
            target.replace(parameter, QStringLiteral("x"));
            const RawReply reply = m_server->call("OPTIONS", target.toStdString());
            QCOMPARE(reply.status, 204);
            QStringList allowed =
                QString::fromStdString(reply.headers.at("allow")).split(QStringLiteral(", "));
            allowed.sort();
            QCOMPARE(allowed, ApiContract::own().methodsOf(path));
            for (const char *method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
                if (!allowed.contains(QLatin1String(method)))
                    QCOMPARE(m_server->call(method, target.toStdString()).status, 405);
            }
        }
    }

    void whoMayIsAsDescribed_data()
    {
        QTest::addColumn<QString>("role");
        for (const char *role : {"nobody", "viewer", "trader", "admin"})
            QTest::newRow(role) << QString::fromLatin1(role);
    }
    void whoMayIsAsDescribed()
    {
        QFETCH(QString, role);
        std::string token;
        if (role != u"nobody")
            token =
                m_server
                    ->person("who-" + role.toStdString(), *server::roleFromName(role.toStdString()))
                    .token;
        const QJsonObject &paths = ApiContract::own().paths();
        for (auto path = paths.begin(); path != paths.end(); ++path) {
            QString target = path.key();
            static const QRegularExpression parameter(QStringLiteral("\\{[^}]*\\}"));
            target.replace(parameter, QStringLiteral("00000000-0000-7000-8000-000000000000"));
            const QJsonObject item = path.value().toObject();
            for (auto one = item.begin(); one != item.end(); ++one) {
                if (one.key() == u"parameters" || path.key() == u"/auth/logout")
                    continue;
                const QJsonObject operation = one.value().toObject();
                const QString access = operation.value(QStringLiteral("x-access")).toString();
                QStringList may{QStringLiteral("nobody"), QStringLiteral("viewer"),
                                QStringLiteral("trader"), QStringLiteral("admin")};
                if (access == u"trade")
                    may = {QStringLiteral("trader")};
                else if (access == u"admin")
                    may = {QStringLiteral("admin")};
                else if (access == u"read")
                    may.removeFirst();
                const QJsonArray roles = operation.value(QStringLiteral("x-roles")).toArray();
                if (!roles.isEmpty() && !roles.contains(role))
                    may.removeAll(role);
                const std::string method = one.key().toUpper().toStdString();
                // an unknown parameter: who may go on is refused for it, and nothing is done
                const RawReply reply = m_server->call(
                    method, target.toStdString() + "?no_such_parameter=1", {}, token);
                const QString what = QString::fromStdString(method) + u' ' + target + u' '
                                     + QString::number(reply.status);
                if (may.contains(role))
                    QVERIFY2(reply.status == 400 || reply.status == 404 || reply.status == 501,
                             qPrintable(what));
                else
                    QVERIFY2(reply.status == (token.empty() ? 401 : 403)
                                 || (!roles.isEmpty() && reply.status == 404),
                             qPrintable(what));
            }
        }
    }

    void examplesAreWhatTheirSchemasSay()
    {
        const JsonSchema &schema = ApiContract::own().schema();
        const QJsonObject schemas = schema.document()
                                        .value(QStringLiteral("components"))
                                        .toObject()
                                        .value(QStringLiteral("schemas"))
                                        .toObject();
        int examples = 0;
        for (auto one = schemas.begin(); one != schemas.end(); ++one) {
            for (const QJsonValue &example :
                 one.value().toObject().value(QStringLiteral("examples")).toArray()) {
                const QStringList wrong = schema.mistakes(example, one.value(), one.key());
                QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
                ++examples;
            }
        }
        const QJsonObject &paths = ApiContract::own().paths();
        for (const QJsonValue &path : paths) {
            for (const QJsonValue &operation : path.toObject()) {
                const QJsonObject body = operation.toObject()
                                             .value(QStringLiteral("requestBody"))
                                             .toObject()
                                             .value(QStringLiteral("content"))
                                             .toObject()
                                             .value(QStringLiteral("application/json"))
                                             .toObject();
                for (const QJsonValue &example :
                     body.value(QStringLiteral("examples")).toObject()) {
                    const QStringList wrong = schema.mistakes(
                        example.toObject().value(QStringLiteral("value")),
                        body.value(QStringLiteral("schema")),
                        operation.toObject().value(QStringLiteral("operationId")).toString());
                    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
                    ++examples;
                }
            }
        }
        QVERIFY(examples > 40);
    }

    void everyAnswerIsChecked()
    {
        const int before = RawClient::answersChecked;
        RawClient client(m_server->url);
        client.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QCOMPARE(client.receive().status, 200);
        QCOMPARE(client.receive().status, 404);
        QCOMPARE(m_server->call("POST", "/auth/login", "{}").status, 422);
        QCOMPARE(RawClient::answersChecked.load(), before + 3);
    }

    void theCheckSeesEachKindOfDrift_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("sent");
        QTest::addColumn<QString>("seen");
        const auto row = [](const char *title, const char *method, const char *target, int status,
                            QByteArray body, QByteArray sent, const char *seen) {
            QTest::newRow(title) << QByteArray(method) << QByteArray(target) << status << body
                                 << sent << QString::fromUtf8(seen);
        };
        const auto with = [](const char *from, const char *to) {
            return QByteArray(clockAnswer).replace(from, to);
        };
        row("nothing", "GET", "/practice/clock", 200, clockAnswer, {}, "");
        row("another field", "GET", "/practice/clock", 200,
            with("\"speed\":1", "\"speed\":1,\"colour\":2"), {}, "/data/colour is not allowed");
        row("a field less", "GET", "/practice/clock", 200, with("\"speed\":1,", ""), {},
            "should have speed");
        row("another type", "GET", "/practice/clock", 200, with("\"speed\":1", "\"speed\":\"1\""),
            {}, "should be of type \"integer\"");
        row("another form", "GET", "/practice/clock", 200,
            with("03:00:00.000Z\",\"practice", "03:00:00Z\",\"practice"), {}, "should match");
        row("another status", "GET", "/practice/clock", 202, clockAnswer, {},
            "this status is not described");
        row("another path", "GET", "/practice/clocks", 200, clockAnswer, {},
            "no such path is described");
        row("another method", "POST", "/practice/clock", 200, clockAnswer, {},
            "no such method is described");
        row("a parameter", "GET", "/practice/clock?zone=1", 200, clockAnswer, {},
            "the parameter zone is not described");
        row("a field of the request", "PUT", "/practice/clock", 200, clockAnswer, R"({"zone":1})",
            "body/zone is not allowed");
        row("a request out of bounds", "PUT", "/practice/clock", 200, clockAnswer,
            R"({"speed":101})", "fits 0 branches of anyOf");
        row("no request", "PUT", "/practice/clock", 200, clockAnswer, {},
            "a body is described as required");
    }
    void theCheckSeesEachKindOfDrift()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, target);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, sent);
        QFETCH(QString, seen);
        const QStringList wrong = breachesOf(method.constData(), target.constData(), status, body,
                                             "application/json", sent);
        if (seen.isEmpty())
            QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
        else
            QVERIFY2(wrong.join(u'\n').contains(seen), qPrintable(wrong.join(u'\n')));
    }

    void aFaultyDescriptionIsRefusedWithItsPlace()
    {
        const auto mistake = [](std::string common, std::string tag) {
            const std::vector<server::DescriptionFile> files{{"common.json", std::move(common)},
                                                             {"one.json", std::move(tag)}};
            const auto made = server::describeApi(files);
            return made ? std::string() : made.error().field + " | " + made.error().bound;
        };
        const std::string common =
            R"({"openapi":"3.1.0","schemas":{"Id":{"type":"string"},"Problem":{}},"problems":{
            "400":{"description":"a"},"429":{"description":"b"},"503":{"description":"c"},
            "Refused":{"description":"d"}}})";
        QCOMPARE(mistake(common, R"({"paths":{"/a":{"get":{"access":"public"}}}})"), std::string());
        QCOMPARE(mistake(common, R"({"paths":{"/a":{"get":{"access":"nobody"}}}})"),
                 std::string("one.json: get /a | access: public, local, read, trade or admin"));
        QCOMPARE(mistake(common, R"({"paths":{"/a":{"fetch":{"access":"public"}}}})"),
                 std::string("one.json: /a | 'fetch' is no method"));
        QCOMPARE(mistake(common,
                         R"({"paths":{"/a":{"get":{"access":"public","parameters":["Colour"]}}}})"),
                 std::string("one.json: parameters | 'Colour' is nowhere"));
        QCOMPARE(mistake(common, R"({"schemas":{"Id":{"type":"string"}}})"),
                 std::string("one.json: Id | each name once"));
        QVERIFY(mistake(common, R"({"schemas":{"A":{},"A":{}}})").starts_with("one.json | "));
    }
};

QTEST_GUILESS_MAIN(OpenApiTest)
#include "tst_server_openapi.moc"
