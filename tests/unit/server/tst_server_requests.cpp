// SPDX-License-Identifier: GPL-3.0-or-later
// What every request meets: rates, keys that make it safe to send again, metrics, the log, the end.
#include "../../support/server_fixture.h"
#include "server/api/idempotency.h"

#include <QFile>
#include <QTest>

#include <future>
#include <thread>

using namespace Qt::StringLiterals;
using namespace khop;
using namespace khop::test;
using server::IdempotencyStore;
using Verdict = IdempotencyStore::Verdict;

namespace {

IdempotencyStore::Outcome begin(IdempotencyStore &store, const std::string &id,
                                const std::string &fingerprint)
{
    std::promise<IdempotencyStore::Outcome> outcome;
    store.begin("principal", id, fingerprint,
                [&outcome](IdempotencyStore::Outcome o) { outcome.set_value(std::move(o)); });
    return outcome.get_future().get();
}

std::unique_ptr<IdempotencyStore> opened(const QString &file)
{
    auto store = IdempotencyStore::open(file);
    if (!store)
        qFatal("store: %s", store.error().bound.c_str());
    return std::move(*store);
}

const char *const deposit = "{\"amount\":\"1000000\",\"currency\":\"VND\"}";

} // namespace

class RequestsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyAnswerNamesTheRate()
    {
        ServerFixture server;
        const auto trader = server.person("binh", server::Role::Trader);
        const RawReply open = server.call("GET", "/markets");
        QCOMPARE(open.headers.at("ratelimit-policy"), "\"address\";q=200000;w=1");
        const RawReply own = server.call("GET", "/balance", {}, trader.token);
        QCOMPARE(own.headers.at("ratelimit-policy"), "\"principal\";q=100000;w=1");
        QCOMPARE(own.headers.at("ratelimit"), "\"principal\";r=99999;t=1");
        QCOMPARE(own.headers.at("x-ratelimit-limit"), "100000");
        QCOMPARE(own.headers.at("x-ratelimit-remaining"), "99999");
        QCOMPARE(own.headers.at("x-ratelimit-reset"), "1");
    }

    void aUserOverTheRateWaitsAndOthersDoNot()
    {
        server::Options options;
        options.rates.requests = 5;
        ServerFixture server(options);
        const auto trader = server.person("binh", server::Role::Trader);
        const auto other = server.person("anh", server::Role::Trader);
        for (int i = 0; i < 2; ++i)
            QCOMPARE(server.call("GET", "/balance", {}, other.token).status, 200);
        RawReply refused;
        for (int i = 0; i < 6 && refused.status != 429; ++i)
            refused = server.call("GET", "/balance", {}, trader.token);
        QCOMPARE(refused.status, 429);
        QCOMPARE(textAt(refused, "code"), "RATE_LIMITED");
        QCOMPARE(refused.headers.at("retry-after"), "1");
        QCOMPARE(refused.headers.at("x-ratelimit-remaining"), "0");
    }

    void logInsHaveARateOfTheirOwn()
    {
        server::Options options;
        options.rates.logins = 3;
        ServerFixture server(options);
        const char *wrong = "{\"username\":\"nobody1\",\"password\":\"wrong horse\"}";
        int last = 0;
        for (int i = 0; i < 5 && last != 429; ++i)
            last = server.call("POST", "/auth/login", wrong).status;
        QCOMPARE(last, 429);
        QCOMPARE(server.call("GET", "/markets").status, 200);
    }

    void aRequestUnderTheSameKeyIsCarriedOutOnce()
    {
        ServerFixture server;
        const auto trader = server.person("binh", server::Role::Trader);
        const auto other = server.person("bich", server::Role::Trader);
        const char *key = "Idempotency-Key: one-2026\r\n";
        const RawReply first = server.call("POST", "/balance/deposit", deposit, trader.token, key);
        QCOMPARE(first.status, 200);
        QVERIFY(!first.headers.contains("idempotency-replayed"));
        const RawReply again = server.call("POST", "/balance/deposit", deposit, trader.token, key);
        QCOMPARE(again.status, first.status);
        QCOMPARE(again.body, first.body);
        QCOMPARE(again.headers.at("idempotency-replayed"), "true");
        QCOMPARE(textAt(server.call("GET", "/balance", {}, trader.token), "data/current_balance"),
                 "1000000");

        const RawReply different =
            server.call("POST", "/balance/deposit", "{\"amount\":\"2000000\",\"currency\":\"VND\"}",
                        trader.token, key);
        QCOMPARE(different.status, 422);
        QCOMPARE(textAt(different, "code"), "IDEMPOTENCY_KEY_REUSED");
        // Another user's keys are their own.
        const RawReply others = server.call("POST", "/balance/deposit", deposit, other.token, key);
        QCOMPARE(others.status, 200);
        QVERIFY(!others.headers.contains("idempotency-replayed"));
    }

    void refusalsAreKeptTooButNotWhatWasNeverLookedAt()
    {
        ServerFixture server;
        const auto trader = server.person("binh", server::Role::Trader);
        const char *key = "Idempotency-Key: two\r\n";
        const char *bad = "{\"amount\":\"-1\",\"currency\":\"VND\"}";
        QCOMPARE(server.call("POST", "/balance/deposit", bad, trader.token, key).status, 422);
        const RawReply again = server.call("POST", "/balance/deposit", bad, trader.token, key);
        QCOMPARE(again.status, 422);
        QCOMPARE(again.headers.at("idempotency-replayed"), "true");
        // Without a right to it nothing is kept.
        const char *mine = "Idempotency-Key: three\r\n";
        QCOMPARE(server.call("POST", "/balance/deposit", deposit, {}, mine).status, 401);
        QCOMPARE(server.call("POST", "/balance/deposit", deposit, trader.token, mine).status, 200);
    }

    void anOrderUnderAKeyKeepsItsLocation()
    {
        ServerFixture server;
        const auto trader = server.person("binh", server::Role::Trader);
        server.desk.cash(trader.account, 100'000'000);
        const char *order =
            "{\"symbol\":\"SSI\",\"side\":\"BUY\",\"price\":\"31000\",\"quantity\":100}";
        const char *key = "Idempotency-Key: order-1\r\n";
        const RawReply first = server.call("POST", "/orders", order, trader.token, key);
        QCOMPARE(first.status, 201);
        const RawReply again = server.call("POST", "/orders", order, trader.token, key);
        QCOMPARE(again.status, 201);
        QCOMPARE(again.headers.at("location"), first.headers.at("location"));
        QCOMPARE(textAt(server.call("GET", "/orders", {}, trader.token), "data/total_count"), "1");
    }

    void keysThatAreNone_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("space inside") << QByteArray("a b");
        QTest::newRow("too long") << QByteArray(256, 'k');
        QTest::newRow("not ASCII") << QByteArray("kh\xC3\xB3"
                                                 "a");
    }
    void keysThatAreNone()
    {
        QFETCH(QByteArray, key);
        ServerFixture server;
        const auto trader = server.person("binh", server::Role::Trader);
        const RawReply reply = server.call("POST", "/balance/deposit", deposit, trader.token,
                                           "Idempotency-Key: " + key.toStdString() + "\r\n");
        QCOMPARE(reply.status, 400);
        QCOMPARE(textAt(server.call("GET", "/balance", {}, trader.token), "data/current_balance"),
                 "0");
    }

    void keysOutliveTheServerAndWhatItWasDoingIsUnknown()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"keys.db"_s);
        {
            const auto store = opened(file);
            QCOMPARE(begin(*store, "done", "f").verdict, Verdict::Begin);
            QCOMPARE(begin(*store, "cut off", "f").verdict, Verdict::Begin);
            QCOMPARE(begin(*store, "cut off", "f").verdict, Verdict::UnderWay);
            QCOMPARE(begin(*store, "given back", "f").verdict, Verdict::Begin);
            server::Response answer;
            answer.status = 201;
            answer.body = "{\"success\":true}";
            answer.headers.emplace_back("Location", "/api/v1/orders/1");
            store->finish("done", answer);
            store->release("given back");
            store->flush();
        }
        const auto store = opened(file);
        const IdempotencyStore::Outcome done = begin(*store, "done", "f");
        QCOMPARE(done.verdict, Verdict::Answered);
        QCOMPARE(done.answer.status, 201);
        QCOMPARE(done.answer.body, "{\"success\":true}");
        QCOMPARE(done.answer.headers.size(), std::size_t(1));
        QCOMPARE(begin(*store, "done", "g").verdict, Verdict::Different);
        QCOMPARE(begin(*store, "cut off", "f").verdict, Verdict::Unknown);
        QCOMPARE(begin(*store, "given back", "f").verdict, Verdict::Begin);
    }

    void onePrincipalCannotFillTheStore()
    {
        const auto store = opened({});
        int begun = 0;
        Verdict last = Verdict::Begin;
        std::promise<void> all;
        const int tries = static_cast<int>(IdempotencyStore::mostOfPrincipal) + 1;
        for (int i = 0; i < tries; ++i) {
            store->begin("greedy", std::to_string(i), "f", [&](IdempotencyStore::Outcome outcome) {
                last = outcome.verdict;
                if (++begun == tries)
                    all.set_value();
            });
        }
        all.get_future().wait();
        QCOMPARE(last, Verdict::TooMany);
        QCOMPARE(begin(*store, "another's", "f").verdict, Verdict::Begin);
    }

    void metricsCountByRoute()
    {
        ServerFixture server;
        const auto trader = server.person("binh", server::Role::Trader);
        server.desk.cash(trader.account, 100'000'000);
        server.call("POST", "/orders",
                    "{\"symbol\":\"SSI\",\"side\":\"BUY\",\"price\":\"31000\",\"quantity\":100}",
                    trader.token);
        server.call("GET", "/orders/nothing", {}, trader.token);
        const std::string text = server.call("GET", "/metrics").body;
        const auto has = [&text](const char *line) { return text.find(line) != std::string::npos; };
        QVERIFY2(
            has("khop_http_requests_total{method=\"POST\",route=\"/orders\",status=\"201\"} 1\n"),
            text.c_str());
        QVERIFY(has(
            "khop_http_requests_total{method=\"GET\",route=\"/orders/{id}\",status=\"404\"} 1\n"));
        for (const char *stage : {"parse", "queue", "apply", "commit", "reply", "whole"}) {
            const std::string bucket = std::string("khop_command_stage_seconds_bucket{stage=\"")
                                       + stage + "\",le=\"+Inf\"} ";
            const std::size_t at = text.find(bucket);
            QVERIFY2(at != std::string::npos, stage);
            QVERIFY2(text[at + bucket.size()] != '0', stage);
        }
        QVERIFY(has("process_cpu_seconds_total "));
        QVERIFY(has("khop_http_errors_total{class=\"4xx\"} 1\n"));
    }

    void theLogTellsWhatHappenedAndNoSecret()
    {
        QTemporaryDir folder;
        server::Log::Options where;
        where.file = folder.filePath(u"logs/khop.log"_s);
        auto log = server::Log::open(where);
        QVERIFY(log.has_value());
        server::Options options;
        options.log = std::move(*log);
        std::string order;
        {
            ServerFixture server(options);
            const auto trader = server.person("binh", server::Role::Trader);
            server.desk.cash(trader.account, 100'000'000);
            const RawReply placed = server.call(
                "POST", "/orders",
                "{\"symbol\":\"SSI\",\"side\":\"BUY\",\"price\":\"31000\",\"quantity\":100}",
                trader.token, "X-Request-ID: req_123456\r\n");
            order = textAt(placed, "data/order_id");
        }
        options.log->flush();
        QFile file(where.file);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
        bool found = false;
        for (const QByteArray &line : lines) {
            const auto parsed = server::JsonDocument::parse(line.toStdString());
            QVERIFY2(parsed.has_value(), line.constData());
            QVERIFY2(!line.contains("correct horse") && !line.contains("eyJ"), line.constData());
            const auto id = parsed->root().find("request_id");
            if (!id || id->text() != "req_123456")
                continue;
            found = true;
            QCOMPARE(parsed->root().find("level")->text(), "INFO");
            QCOMPARE(parsed->root().find("message")->text(), "The order was accepted.");
            QCOMPARE(parsed->root().find("order_id")->text(), std::string_view(order));
            QVERIFY(parsed->root().find("account_id").has_value());
        }
        QVERIFY(found);
        QVERIFY(lines.last().contains("Server stopped"));
    }

    void aLogIsKeptToItsSizeAndNumber()
    {
        QTemporaryDir folder;
        server::Log::Options where;
        where.file = folder.filePath(u"khop.log"_s);
        where.fileSize = 2'000;
        where.files = 3;
        auto log = server::Log::open(where);
        QVERIFY(log.has_value());
        for (int i = 0; i < 200; ++i) {
            (*log)->write(server::LogLevel::Info, "line " + std::to_string(i));
            (*log)->flush();
        }
        QVERIFY(QFile::exists(where.file));
        QVERIFY(QFile::exists(where.file + u".2"_s));
        QVERIFY(!QFile::exists(where.file + u".3"_s));
        for (const QString &name : {where.file, where.file + u".1"_s, where.file + u".2"_s})
            QVERIFY(QFileInfo(name).size() <= where.fileSize);
    }

    void aStoppingServerSaysSoToWhoIsStillThere()
    {
        ServerFixture server;
        const auto trader = server.person("binh", server::Role::Trader);
        RawClient client(server.url);
        const std::string ready = "GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n";
        client.send(ready);
        QCOMPARE(client.receive().status, 200);
        std::jthread stopping([&server] { server.server->stop(); });
        RawReply answer;
        do {
            client.send(ready);
            answer = client.receive();
        } while (answer.status == 200);
        QCOMPARE(answer.status, 503);
        client.send("POST /orders HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + trader.token + "\r\nContent-Length: 0\r\n\r\n");
        const RawReply refused = client.receive();
        QCOMPARE(refused.status, 503);
        QCOMPARE(textAt(refused, "code"), "SHUTTING_DOWN");
        QVERIFY(client.isClosedByServer(15'000));
    }
};

QTEST_GUILESS_MAIN(RequestsTest)
#include "tst_server_requests.moc"
