// SPDX-License-Identifier: GPL-3.0-or-later
// Access tokens: what is signed here is accepted, and nothing else; users and their sessions.
#ifndef Q_MOC_RUN
#include "base/clock.h"
#include "server/auth/base64url.h"
#include "server/auth/identity.h"
#include "server/auth/login_delay.h"
#include "server/auth/token.h"

#include <sodium.h>
#endif

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23
#include <future>

using namespace khop;
using namespace khop::server;
using namespace Qt::StringLiterals;

namespace {

constexpr std::int64_t now = 1800000000;
const std::string secret = "0123456789abcdef0123456789abcdef";

Claims claims()
{
    return {uuid7({1}, 1, 1), "an", uuid7({2}, 2, 2), Role::Trader, "j-1", now, now + 1800};
}

std::string sign(const std::string &header, const std::string &payload,
                 const std::string &key = secret)
{
    const std::string part = encodeBase64Url(header) + '.' + encodeBase64Url(payload);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char *>(key.data()),
                                key.size());
    crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char *>(part.data()),
                                  part.size());
    std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256_final(&state, reinterpret_cast<unsigned char *>(mac.data()));
    return part + '.' + encodeBase64Url(mac);
}

std::string payloadOf(const std::string &token)
{
    const auto first = token.find('.');
    return *decodeBase64Url(
        std::string_view(token).substr(first + 1, token.rfind('.') - first - 1));
}

std::string replaced(std::string text, const std::string &from, const std::string &to)
{
    const auto at = text.find(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

template <class T, class Start>
Result<T> wait(Start start)
{
    std::promise<Result<T>> promise;
    start([&promise](Result<T> result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
}

} // namespace
#endif

class TokensTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY(sodium_init() >= 0); }

    void aSignedTokenSaysWhatWasSigned()
    {
        const TokenSigner signer{Secret(secret)};
        const auto read = signer.verify(signer.sign(claims()), now + 10);
        QVERIFY(read.has_value());
        QCOMPARE(read->username, std::string("an"));
        QCOMPARE(read->userId, claims().userId);
        QCOMPARE(read->accountId, claims().accountId);
        QCOMPARE(read->role, Role::Trader);
        QVERIFY(!signer.verify(signer.sign(claims()), now + 1800)); // ended
        QVERIFY(!signer.verify(signer.sign(claims()), now - 120));  // from the future
        QVERIFY(!TokenSigner(Secret("another secret of 32 characters!!"))
                     .verify(signer.sign(claims()), now + 10));
    }

    void forgedTokensAreRefused_data()
    {
        QTest::addColumn<QByteArray>("token");
        const TokenSigner signer{Secret(secret)};
        const std::string good = signer.sign(claims());
        const std::string payload = payloadOf(good);
        const std::string header = R"({"alg":"HS256","typ":"JWT"})";
        const auto row = [](const char *what, const std::string &token) {
            QTest::newRow(what) << QByteArray::fromStdString(token);
        };
        row("alg none", sign(R"({"alg":"none","typ":"JWT"})", payload));
        row("alg none, no signature", encodeBase64Url(R"({"alg":"none","typ":"JWT"})") + '.'
                                          + encodeBase64Url(payload) + '.');
        row("alg HS512", sign(R"({"alg":"HS512","typ":"JWT"})", payload));
        row("alg RS256", sign(R"({"alg":"RS256","typ":"JWT"})", payload));
        row("alg twice", sign(R"({"alg":"HS256","alg":"HS256","typ":"JWT"})", payload));
        row("no typ", sign(R"({"alg":"HS256"})", payload));
        row("jku in the header", sign(R"({"alg":"HS256","typ":"JWT","jku":"x"})", payload));
        row("another kid", sign(R"({"alg":"HS256","typ":"JWT","kid":"x"})", payload));
        row("another key", sign(header, payload, "an entirely different key......."));
        row("empty key", sign(header, payload, ""));
        row("refresh type", sign(header, replaced(payload, "\"access\"", "\"refresh\"")));
        row("another issuer", sign(header, replaced(payload, "\"khop\"", "\"other\"")));
        row("another audience", sign(header, replaced(payload, "\"khop-api\"", "\"other\"")));
        row("unknown role", sign(header, replaced(payload, "\"trader\"", "\"root\"")));
        row("exp as text",
            sign(header, replaced(payload, "\"exp\":1800001800", "\"exp\":\"1800001800\"")));
        row("exp with an exponent",
            sign(header, replaced(payload, "\"exp\":1800001800", "\"exp\":1e12")));
        row("crit in the header", sign(R"({"alg":"HS256","typ":"JWT","crit":["exp"]})", payload));
        row("a claim more", sign(header, replaced(payload, "{", "{\"nbf\":1,")));
        row("a claim less", sign(header, replaced(payload, "\"jti\":\"j-1\",", "")));
        row("a scope beyond the role",
            sign(header, replaced(payload, "\"read trade\"", "\"read trade admin\"")));
        row("accounts as text",
            sign(header, replaced(payload, "\"accounts\":[", "\"accounts\":[1,")));
        row("iat far in the future",
            sign(header, replaced(payload, "\"iat\":1800000000", "\"iat\":1800000900")));
        row("exp before iat", sign(header, replaced(payload, "\"exp\":1800001800", "\"exp\":1")));
        row("changed payload", replaced(good, encodeBase64Url(payload),
                                        encodeBase64Url(replaced(payload, "trader", "admin!"))));
        row("cut signature", good.substr(0, good.size() - 2));
        row("padded signature", good + "=");
        row("four parts", good + ".x");
        row("two parts", good.substr(0, good.rfind('.')));
        row("empty", "");
        row("very long", std::string(5000, 'a') + good);
    }
    void forgedTokensAreRefused()
    {
        QFETCH(QByteArray, token);
        QVERIFY(!TokenSigner(Secret(secret)).verify(token.toStdString(), now + 10));
    }

    void aTokenWithoutKidFromTheSameKeyIsAccepted()
    {
        const TokenSigner signer{Secret(secret)};
        QVERIFY(signer.verify(
            sign(R"({"typ":"JWT","alg":"HS256"})", payloadOf(signer.sign(claims()))), now + 10));
    }

    void base64UrlHasOneFormPerValue()
    {
        for (std::size_t size = 0; size < 40; ++size) {
            std::string bytes;
            for (std::size_t i = 0; i < size; ++i)
                bytes += static_cast<char>(i * 37 + size);
            QCOMPARE(decodeBase64Url(encodeBase64Url(bytes)), std::optional(bytes));
        }
        for (const char *bad : {"A", "AB=", "A+", "A/", "AB", "ABCDE", "AA A"})
            QVERIFY2(!decodeBase64Url(bad) || std::string_view(bad) == "AA", bad);
    }

    void aKeyIsMadeOnceAndKeptPrivate()
    {
        QTemporaryDir folder;
        const IdentityOptions options{.database = folder.filePath(u"k.db"_s),
                                      .dataDir = folder.path()};
        QVERIFY(Identity::open(options).has_value());
        const QString path = folder.filePath(u"secret.key"_s);
        QCOMPARE(
            QFileInfo(path).permissions()
                & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
            QFile::Permissions());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray first = file.readAll();
        QVERIFY(first.size() >= 32);
        QVERIFY(Identity::open(options).has_value());
        file.seek(0);
        QCOMPARE(file.readAll(), first);
    }

    void weakSecretsAreRefusedOutsideDevelopment()
    {
        QTemporaryDir folder;
        IdentityOptions options{.database = folder.filePath(u"k.db"_s), .dataDir = folder.path()};
        for (const char *weak :
             {"short", "your-secret-key-here", "your-super-secret-key-change-in-production"}) {
            options.secretKey = Secret(weak);
            const auto opened = Identity::open(options);
            QVERIFY2(!opened, weak);
            QCOMPARE(opened.error().field, std::string("SECRET_KEY"));
        }
        options.development = true;
        QVERIFY(Identity::open(options).has_value());
    }

    void sessionsAreOpenedRefreshedOnceAndEnded()
    {
        QTemporaryDir folder;
        auto identity =
            *Identity::open({.database = folder.filePath(u"k.db"_s), .dataDir = folder.path()});
        QVERIFY(identity->addUser({"anh", "correct horse", Role::Trader}).has_value());
        QCOMPARE(identity->addUser({"anh", "correct horse", Role::Trader}).error().field,
                 std::string("username"));
        QCOMPARE(identity->addUser({"x", "correct horse", Role::Trader}).error().field,
                 std::string("username"));
        QCOMPARE(identity->addUser({"binh", "short", Role::Trader}).error().field,
                 std::string("password"));

        const auto login = [&](const char *name, const char *password) {
            return wait<Session>(
                [&](auto answer) { identity->login(name, password, "1.2.3.4", answer); });
        };
        QCOMPARE(login("anh", "wrong horse").error().code, Code::INVALID_CREDENTIALS);
        QCOMPARE(login("nobody", "correct horse").error().code, Code::INVALID_CREDENTIALS);
        const auto session = login("anh", "correct horse");
        QVERIFY(session.has_value());
        QVERIFY(identity->authenticate(session->accessToken).has_value());

        const auto refresh = [&](const std::string &token) {
            return wait<Session>([&](auto answer) { identity->refresh(token, answer); });
        };
        const auto second = refresh(session->refreshToken);
        QVERIFY(second.has_value());
        QVERIFY(identity->authenticate(second->accessToken).has_value());
        // Used again: the whole family ends.
        QCOMPARE(refresh(session->refreshToken).error().code, Code::INVALID_TOKEN);
        QCOMPARE(refresh(second->refreshToken).error().code, Code::INVALID_TOKEN);
        QVERIFY(!identity->authenticate(second->accessToken));

        const auto third = login("anh", "correct horse");
        const std::uint64_t epoch = identity->epoch();
        QVERIFY(wait<bool>([&](auto answer) {
            identity->logout(*identity->authenticate(third->accessToken), answer);
        }));
        QVERIFY(identity->epoch() != epoch);
        QVERIFY(!identity->authenticate(third->accessToken));
        QCOMPARE(refresh(third->refreshToken).error().code, Code::INVALID_TOKEN);
        // And it stays so after a restart.
        identity.reset();
        identity =
            *Identity::open({.database = folder.filePath(u"k.db"_s), .dataDir = folder.path()});
        QVERIFY(!identity->authenticate(third->accessToken));
        QCOMPARE(identity->users().size(), std::size_t{1});
    }

    void failuresDelayButNeverLock()
    {
        LoginDelay delay;
        std::int64_t time = 1000000;
        delay.failed("an", "a", time);
        delay.failed("an", "a", time);
        QCOMPARE(delay.wait("an", "a", time), std::int64_t{0});
        std::int64_t longest = 0;
        for (int i = 0; i < 40; ++i) {
            delay.failed("an", "a", time);
            const std::int64_t wait = delay.wait("an", "a", time);
            QVERIFY(wait >= longest);
            longest = wait;
            time += wait;
        }
        QCOMPARE(longest, std::int64_t{30000});
        QCOMPARE(delay.wait("an", "b", time), std::int64_t{0}); // another address is not held up
        QCOMPARE(delay.wait("an", "a", time), std::int64_t{0}); // and the wait ends
        delay.succeeded("an", "a");
        delay.failed("an", "a", time);
        QCOMPARE(delay.wait("an", "a", time), std::int64_t{0});
    }
};

QTEST_GUILESS_MAIN(TokensTest)
#include "tst_server_tokens.moc"
