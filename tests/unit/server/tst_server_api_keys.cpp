// SPDX-License-Identifier: GPL-3.0-or-later
// API keys: how they are made, what a signature covers, and what a key may.
#include "../../support/server_fixture.h"
#include "../../support/signed_request.h"
#include "base/hex.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>
#include <QMessageAuthenticationCode>
#include <QTest>

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23
#include "server/auth/nonces.h"

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

#endif

class ApiKeysTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_fixture = std::make_unique<ServerFixture>();
        m_trader = m_fixture->person("thu", server::Role::Trader);
        m_other = m_fixture->person("anh", server::Role::Trader);
        m_viewer = m_fixture->person("xem", server::Role::Viewer);
        m_admin = m_fixture->person("boss", server::Role::Admin);
        m_read = makeKey(m_trader, "read");
        m_trade = makeKey(m_trader, "trade");
    }
    void cleanupTestCase() { m_fixture.reset(); }

    void aKeyIsShownWithItsSecretOnceAndListedWithoutIt()
    {
        const RawReply made = m_fixture->call(
            "POST", "/auth/api-keys",
            R"({"label":"night bot","scope":"read","expires_at":"2099-01-01T00:00:00Z"})",
            m_trader.token);
        QVERIFY2(made.status == 201, made.body.c_str());
        const std::string id = textAt(made, "data/key_id"), secret = textAt(made, "data/secret");
        QCOMPARE(made.headers.at("location"), "/api/v1/auth/api-keys/" + id);
        QVERIFY(secret.size() >= 43);
        const RawReply listed = m_fixture->call("GET", "/auth/api-keys", {}, m_trader.token);
        QVERIFY(listed.body.find(id) != std::string::npos);
        QVERIFY(listed.body.find(secret) == std::string::npos);
        QVERIFY(listed.body.find("\"secret\"") == std::string::npos);
        const RawReply one = m_fixture->call("GET", "/auth/api-keys/" + id, {}, m_trader.token);
        QCOMPARE(textAt(one, "data/label"), std::string("night bot"));
        QCOMPARE(textAt(one, "data/expires_at"), std::string("2099-01-01T00:00:00.000Z"));
        // Somebody else's key is not there.
        QCOMPARE(m_fixture->call("GET", "/auth/api-keys/" + id, {}, m_other.token).status, 404);
        QCOMPARE(m_fixture->call("DELETE", "/auth/api-keys/" + id, {}, m_other.token).status, 404);
        QCOMPARE(call({id, secret}, {}).status, 200);
        QCOMPARE(m_fixture->call("DELETE", "/auth/api-keys/" + id, {}, m_trader.token).status, 200);
        QCOMPARE(call({id, secret}, {}).status, 401);
        QCOMPARE(m_fixture->call("DELETE", "/auth/api-keys/" + id, {}, m_trader.token).status, 404);
    }

    void theDatabaseDoesNotHoldTheSecret()
    {
        for (const char *name : {"users.db", "users.db-wal"}) {
            QFile file(m_fixture->desk.folder.filePath(QString::fromLatin1(name)));
            if (!file.open(QIODevice::ReadOnly))
                continue;
            const QByteArray bytes = file.readAll();
            QVERIFY(!bytes.contains(QByteArray::fromStdString(m_trade.secret)));
            QVERIFY(!bytes.contains(QByteArray::fromBase64(
                QByteArray::fromStdString(m_trade.secret), QByteArray::Base64UrlEncoding)));
        }
    }

    void wrongRequestsForKeysAreRefused_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("field");
        QTest::newRow("no label") << QByteArray(R"({"scope":"read"})") << QByteArray("/label");
        QTest::newRow("empty label")
            << QByteArray(R"({"label":"","scope":"read"})") << QByteArray("/label");
        QTest::newRow("no scope") << QByteArray(R"({"label":"x"})") << QByteArray("/scope");
        QTest::newRow("unknown scope")
            << QByteArray(R"({"label":"x","scope":"admin"})") << QByteArray("/scope");
        QTest::newRow("ended") << QByteArray(
            R"({"label":"x","scope":"read","expires_at":"2020-01-01T00:00:00Z"})")
                               << QByteArray("/expires_at");
        QTest::newRow("no time") << QByteArray(
            R"({"label":"x","scope":"read","expires_at":"soon"})")
                                 << QByteArray("/expires_at");
        QTest::newRow("unknown field")
            << QByteArray(R"({"label":"x","scope":"read","role":"admin"})") << QByteArray("/role");
    }
    void wrongRequestsForKeysAreRefused()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, field);
        const RawReply refused =
            m_fixture->call("POST", "/auth/api-keys", body.toStdString(), m_trader.token);
        QVERIFY2(refused.status == 422, refused.body.c_str());
        QVERIFY2(refused.body.find(field.toStdString()) != std::string::npos, refused.body.c_str());
    }

    void aKeyIsNeverMoreThanItsOwner()
    {
        for (const auto &person : {m_viewer, m_admin})
            QCOMPARE(m_fixture
                         ->call("POST", "/auth/api-keys", R"({"label":"x","scope":"trade"})",
                                person.token)
                         .status,
                     422);
    }

    void readingKeysReadAndTradingKeysTrade()
    {
        QCOMPARE(call(m_read, {}).status, 200);
        QCOMPARE(call(m_trade, {}).status, 200);
        const std::string order =
            R"({"symbol":"SSI"})"; // 422: the way in is open, the order is not
        const Signing place{"POST", "/api/v1/orders", order, 0, {}};
        QCOMPARE(call(m_read, place).status, 403);
        QCOMPARE(call(m_trade, place).status, 422);
        QCOMPARE(
            call(m_read, {"POST", "/api/v1/risk/kill-switch", R"({"reason":"x"})", 0, {}}).status,
            403);
        QCOMPARE(call(m_trade, {"GET", "/api/v1/users", {}, 0, {}}).status, 403);
        // Credentials are a matter of sessions.
        QCOMPARE(call(m_trade, {"GET", "/api/v1/auth/api-keys", {}, 0, {}}).status, 200);
        QCOMPARE(call(m_trade,
                      {"POST", "/api/v1/auth/api-keys", R"({"label":"x","scope":"read"})", 0, {}})
                     .status,
                 403);
        QCOMPARE(call(m_trade, {"PUT", "/api/v1/auth/profile", R"({"email":"a@b"})", 0, {}}).status,
                 403);
        QCOMPARE(call(m_trade, {"DELETE", "/api/v1/auth/api-keys/" + m_read.id, {}, 0, {}}).status,
                 403);
    }

    void theSignatureCoversTheWholeRequest()
    {
        const Signing good{"GET", "/api/v1/orders?limit=5&status=ACTIVE", {}, 0, {}};
        QCOMPARE(call(m_read, good).status, 200);
        const auto sent = [&](const std::string &method, const std::string &target,
                              const std::string &body, const Signing &said) {
            return m_fixture->call(method, target, body, {}, headersFor(m_trade, said)).status;
        };
        QCOMPARE(sent("GET", "/api/v1/orders?limit=6&status=ACTIVE", {}, good), 401);
        QCOMPARE(sent("GET", "/orders?limit=5&status=ACTIVE", {}, good), 401);
        QCOMPARE(sent("DELETE", good.target, {}, good), 401);
        QCOMPARE(sent("POST", "/api/v1/orders", R"({"symbol":"SSJ"})",
                      {"POST", "/api/v1/orders", R"({"symbol":"SSI"})", 0, {}}),
                 401);
        QCOMPARE(
            m_fixture->call("GET", good.target, {}, {}, headersFor({m_trade.id, "x"}, good)).status,
            401);
        QCOMPARE(
            m_fixture
                ->call("GET", good.target, {}, {}, headersFor({m_read.id, m_trade.secret}, good))
                .status,
            401);
    }

    void whatIsOutsideTheWindowIsRefused()
    {
        for (const qint64 shift : {-31'000, 31'000, -3'600'000}) {
            const RawReply refused = call(m_read, {"GET", "/api/v1/orders", {}, shift, {}});
            QCOMPARE(refused.status, 401);
            QCOMPARE(textAt(refused, "code"), std::string("INVALID_SIGNATURE"));
            QVERIFY(refused.body.find("X-Api-Timestamp") != std::string::npos);
        }
        for (const qint64 shift : {-25'000, 25'000})
            QCOMPARE(call(m_read, {"GET", "/api/v1/orders", {}, shift, {}}).status, 200);
    }

    void aNonceIsGoodOnce()
    {
        const std::string headers = headersFor(m_read, {"GET", "/api/v1/orders", {}, 0, "once"});
        QCOMPARE(m_fixture->call("GET", "/api/v1/orders", {}, {}, headers).status, 200);
        const RawReply replayed = m_fixture->call("GET", "/api/v1/orders", {}, {}, headers);
        QCOMPARE(replayed.status, 401);
        QVERIFY(replayed.body.find("X-Api-Nonce") != std::string::npos);
        // Under another timestamp too; and another key has nonces of its own.
        QCOMPARE(call(m_read, {"GET", "/api/v1/orders", {}, 5'000, "once"}).status, 401);
        QCOMPARE(call(m_trade, {"GET", "/api/v1/orders", {}, 0, "once"}).status, 200);
        // A refused request uses none up.
        QCOMPARE(m_fixture
                     ->call("GET", "/api/v1/orders", {}, {},
                            headersFor({m_read.id, "x"}, {"GET", "/api/v1/orders", {}, 0, "later"}))
                     .status,
                 401);
        QCOMPARE(call(m_read, {"GET", "/api/v1/orders", {}, 0, "later"}).status, 200);
    }

    void headersThatAreMissingOrMalformedAreRefused()
    {
        const auto without = [&](const std::string &name) {
            std::string headers = headersFor(m_read, {});
            const auto at = headers.find(name + ": ");
            return headers.erase(at, headers.find("\r\n", at) + 2 - at);
        };
        const auto statusOf = [&](const std::string &headers) {
            return m_fixture->call("GET", "/api/v1/orders", {}, {}, headers).status;
        };
        for (const char *name : {"X-Api-Key", "X-Api-Timestamp", "X-Api-Nonce", "X-Api-Signature"})
            QVERIFY2(statusOf(without(name)) == 401, name);
        for (const char *key : {"", "x", "0192f0c1-2345-7abc-8def-0123456789ab"})
            QCOMPARE(statusOf(headersFor({key, m_read.secret}, {})), 401);
        QCOMPARE(statusOf(headersFor(m_read, {"GET", "/api/v1/orders", {}, 0, "two words"})), 401);
        QCOMPARE(
            statusOf(headersFor(m_read, {"GET", "/api/v1/orders", {}, 0, std::string(65, 'n')})),
            401);
        std::string upper = headersFor(m_read, {});
        const auto at = upper.find("X-Api-Signature: ") + 17;
        for (auto i = at; i < at + 64; ++i)
            upper[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(upper[i])));
        QCOMPARE(statusOf(upper), 401);
        // A key and a token at once: which is meant?
        QCOMPARE(
            m_fixture->call("GET", "/api/v1/orders", {}, m_trader.token, headersFor(m_read, {}))
                .status,
            401);
    }

    void aKeyEndsWithItsTimeAndItsOwner()
    {
        const auto person = m_fixture->person("owner", server::Role::Trader);
        const Key key = makeKey(person, "trade");
        const Signing place{"POST", "/api/v1/orders", R"({"symbol":"SSI"})", 0, {}};
        QCOMPARE(call(key, place).status, 422);
        const auto change = [&](std::string_view body) {
            return m_fixture->call("PATCH", "/users/" + person.user.id.text(), body, m_admin.token)
                .status;
        };
        QCOMPARE(change(R"({"role":"viewer"})"), 200);
        QCOMPARE(call(key, place).status, 403);
        QCOMPARE(call(key, {}).status, 200);
        QCOMPARE(change(R"({"role":"admin"})"), 200); // more rights than the key was given
        QCOMPARE(call(key, {"GET", "/api/v1/users", {}, 0, {}}).status, 403);
        QCOMPARE(change(R"({"is_active":false})"), 200);
        QCOMPARE(call(key, {}).status, 401);

        const std::string soon = QDateTime::currentDateTimeUtc()
                                     .addMSecs(1'500)
                                     .toString(Qt::ISODateWithMs)
                                     .toStdString();
        const RawReply made = m_fixture->call(
            "POST", "/auth/api-keys",
            R"({"label":"short","scope":"read","expires_at":")" + soon + R"("})", m_trader.token);
        QVERIFY2(made.status == 201, made.body.c_str());
        const Key shortLived{textAt(made, "data/key_id"), textAt(made, "data/secret")};
        QCOMPARE(call(shortLived, {}).status, 200);
        QTRY_COMPARE_WITH_TIMEOUT(call(shortLived, {}).status, 401, 5'000);
    }

    void keysAreGoodAfterANewStart()
    {
        server::IdentityOptions options;
        options.database = m_fixture->desk.folder.filePath(u"users.db"_s);
        options.dataDir = m_fixture->desk.folder.path();
        auto again = server::Identity::open(options);
        QVERIFY(again.has_value());
        const auto key = (*again)->apiKey(*Uuid::parse(m_trade.id));
        QVERIFY(key != nullptr);
        const Digest mine = key->signer.of({"text"});
        QCOMPARE(hexOf(bytesOf(mine)),
                 QMessageAuthenticationCode::hash("text", QByteArray::fromStdString(m_trade.secret),
                                                  QCryptographicHash::Sha256)
                     .toHex()
                     .toStdString());
    }

    void aUserHasTwentyKeysAtMost()
    {
        const auto person = m_fixture->person("collector", server::Role::Viewer);
        for (std::size_t i = 0; i < server::Identity::mostKeys; ++i)
            QVERIFY(!makeKey(person, "read").id.empty());
        QCOMPARE(
            m_fixture
                ->call("POST", "/auth/api-keys", R"({"label":"x","scope":"read"})", person.token)
                .status,
            422);
    }

    void aStreamOpensWithASignature()
    {
        const std::string upgrade =
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        const Signing open{"GET", "/ws/v1", {}, 0, {}};
        QCOMPARE(
            m_fixture->call("GET", "/ws/v1", {}, {}, upgrade + headersFor(m_read, open)).status,
            101);
        QCOMPARE(
            m_fixture->call("GET", "/ws/v1", {}, {}, upgrade + headersFor({m_read.id, "x"}, open))
                .status,
            401);
    }

    void aStreamEndsWithItsKey()
    {
        const Key key = makeKey(m_trader, "read");
        RawClient client(m_fixture->url);
        client.send("GET /ws/v1 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + headersFor(key, {"GET", "/ws/v1", {}, 0, {}}) + "\r\n");
        QCOMPARE(client.receive(5'000, true).status, 101);
        QVERIFY(!client.isClosedByServer(1'500)); // good as long as its key
        QCOMPARE(m_fixture->call("DELETE", "/auth/api-keys/" + key.id, {}, m_trader.token).status,
                 200);
        QVERIFY(client.isClosedByServer(5'000));
        QVERIFY(client.leftOver().find("\x11\x31") != std::string::npos); // 4401
    }

    void noncesAreForgottenInTime()
    {
        using Verdict = server::Nonces::Verdict;
        server::Nonces nonces(1'000, 1'000);
        QCOMPARE(nonces.note(7, 10'000), Verdict::New);
        QCOMPARE(nonces.note(7, 10'999), Verdict::Used);
        QCOMPARE(nonces.note(8, 11'100), Verdict::New);
        QCOMPARE(nonces.note(7, 11'200), Verdict::Used); // kept for a lifetime and less than two
        QCOMPARE(nonces.note(8, 12'000), Verdict::Used);
        QCOMPARE(nonces.note(7, 12'200), Verdict::New);
        QCOMPARE(nonces.note(0, 12'200), Verdict::New);
        QCOMPARE(nonces.note(0, 12'200), Verdict::Used);
        std::uint64_t number = 1'000;
        int taken = 0;
        while (nonces.note(number * 0x9E37'79B9'7F4A'7C15ULL, 20'000) == Verdict::New) {
            ++number;
            ++taken;
        }
        QCOMPARE(taken, 1'000); // no more are kept, and none is let through unkept
        QCOMPARE(nonces.note(5, 20'500), Verdict::Full);
        QCOMPARE(nonces.note(5, 21'000), Verdict::New);
    }

private:
    Key makeKey(const ServerFixture::Person &person, const std::string &scope)
    {
        const RawReply made =
            m_fixture->call("POST", "/auth/api-keys",
                            R"({"label":"bot","scope":")" + scope + R"("})", person.token);
        if (made.status != 201)
            qFatal("key: %s", made.body.c_str());
        return {textAt(made, "data/key_id"), textAt(made, "data/secret")};
    }
    RawReply call(const Key &key, const Signing &request)
    {
        return m_fixture->call(request.method, request.target, request.body, {},
                               headersFor(key, request));
    }

    std::unique_ptr<ServerFixture> m_fixture;
    ServerFixture::Person m_trader, m_other, m_viewer, m_admin;
    Key m_read, m_trade;
};

QTEST_GUILESS_MAIN(ApiKeysTest)
#include "tst_server_api_keys.moc"
