// SPDX-License-Identifier: GPL-3.0-or-later
// HTTPS: what is spoken, what is not, and that the guard holds behind it as before plain connections.
#include "../../support/server_fixture.h"

#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QSslCertificate>
#include <QSslCertificateExtension>
#include <QSslCipher>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTest>
#include <QWebSocket>

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23
#include "server/tls/certificate.h"

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

namespace {

/// A client that trusts whatever certificate it is shown.
class TlsClient
{
public:
    explicit TlsClient(const QUrl &server, QSsl::SslProtocol protocol = QSsl::SecureProtocols,
                       const QString &ciphers = {})
    {
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setProtocol(protocol);
        if (!ciphers.isEmpty())
            configuration.setCiphers(ciphers);
        socket.setSslConfiguration(configuration);
        socket.setPeerVerifyMode(QSslSocket::VerifyNone);
        socket.connectToHostEncrypted(server.host(), static_cast<quint16>(server.port()));
        connected = socket.waitForEncrypted(5'000);
    }
    void send(const QByteArray &bytes)
    {
        socket.write(bytes);
        socket.flush();
    }
    /// What comes until `end` has come or the server closes.
    QByteArray receive(const QByteArray &end = {}, int timeout = 5'000)
    {
        QByteArray bytes;
        while ((end.isEmpty() || !bytes.contains(end)) && socket.waitForReadyRead(timeout))
            bytes += socket.readAll();
        return bytes + socket.readAll();
    }
    bool closes(int timeout = 5'000)
    {
        return socket.state() == QAbstractSocket::UnconnectedState
               || socket.waitForDisconnected(timeout);
    }

    QSslSocket socket;
    bool connected = false;
};

server::Options overTls()
{
    static const QTemporaryDir folder;
    const auto tls = server::selfSignedTls(folder.path(), u"127.0.0.1"_s);
    if (!tls)
        qFatal("certificate: %s", tls.error().bound.c_str());
    server::Options options;
    options.tls = *tls;
    return options;
}

/// A trader's token, got over TLS.
std::string tokenOf(ServerFixture &fixture)
{
    if (!fixture.identity->addUser({"thu", "correct horse thu", server::Role::Trader}))
        qFatal("no user");
    const QByteArray body = "{\"username\":\"thu\",\"password\":\"correct horse thu\"}";
    TlsClient client(fixture.url);
    client.send("POST /auth/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                "Content-Type: application/json\r\nContent-Length: "
                + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    const QByteArray answer = client.receive();
    const auto document =
        server::JsonDocument::parse(answer.mid(answer.indexOf("\r\n\r\n") + 4).toStdString());
    return std::string(document->root().find("data")->find("access_token")->text());
}

QByteArray get(const char *path, const char *more = "")
{
    return QByteArray("GET ") + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n";
}

} // namespace
#endif

class TlsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRequestIsAnsweredUnderBothVersions_data()
    {
        QTest::addColumn<int>("protocol");
        QTest::newRow("1.2") << static_cast<int>(QSsl::TlsV1_2);
        QTest::newRow("1.3") << static_cast<int>(QSsl::TlsV1_3);
    }
    void aRequestIsAnsweredUnderBothVersions()
    {
        QFETCH(int, protocol);
        ServerFixture fixture(overTls());
        QCOMPARE(fixture.url.scheme(), u"https"_s);
        TlsClient client(fixture.url, static_cast<QSsl::SslProtocol>(protocol));
        QVERIFY2(client.connected, qPrintable(client.socket.errorString()));
        QCOMPARE(static_cast<int>(client.socket.sessionProtocol()), protocol);
        for (int i = 0; i < 3; ++i) {
            client.send(get("/health/live"));
            QVERIFY(client.receive("}").startsWith("HTTP/1.1 200 "));
        }
        client.send(get("/health/live") + get("/health/live") + get("/health/live")
                    + get("/markets", "Connection: close\r\n"));
        const QByteArray answers = client.receive();
        QCOMPARE(answers.count("HTTP/1.1 200 "), 4);
        QVERIFY(client.closes());
        // Ended, not cut off: the client is told that nothing more comes.
        QCOMPARE(client.socket.error(), QAbstractSocket::RemoteHostClosedError);
    }

    void weakVersionsAndCiphersAreRefused_data()
    {
        QTest::addColumn<QString>("ciphers");
        for (const char *cipher : {"ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384",
                                   "AES128-GCM-SHA256", "AES128-SHA", "DHE-RSA-AES128-GCM-SHA256"})
            QTest::newRow(cipher) << QString::fromLatin1(cipher);
    }
    void weakVersionsAndCiphersAreRefused()
    {
        QFETCH(QString, ciphers);
        ServerFixture fixture(overTls());
        QVERIFY(!TlsClient(fixture.url, QSsl::TlsV1_2, ciphers).connected);
        QVERIFY(
            TlsClient(fixture.url, QSsl::TlsV1_2, u"ECDHE-ECDSA-AES128-GCM-SHA256"_s).connected);
    }

    void plainRequestsAreNotAnswered()
    {
        ServerFixture fixture(overTls());
        RawClient client(fixture.url);
        client.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(client.isClosedByServer());
        QVERIFY(client.leftOver().find("HTTP/") == std::string::npos);
        QVERIFY(TlsClient(fixture.url).connected);
    }

    void largeAnswersAndBodiesPassWhole()
    {
        ServerFixture fixture(overTls());
        TlsClient client(fixture.url);
        QVERIFY(client.connected);
        // More than the buffers of socket and library take at once.
        const QByteArray body = "{\"username\":\"" + QByteArray(200000, 'x') + "\"}";
        client.send("POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                    "application/json\r\nContent-Length: "
                    + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        QVERIFY(client.receive("request_id").startsWith("HTTP/1.1 422 "));
        QByteArray many;
        for (int i = 0; i < 30; ++i)
            many += get("/instruments?limit=100", i == 29 ? "Connection: close\r\n" : "");
        client.send(many);
        QCOMPARE(client.receive().count("HTTP/1.1 200 "), 30);
    }

    void aHandshakeThatDoesNotEndIsEnded()
    {
        server::Options options = overTls();
        options.limits.firstByteTimeout = 300;
        ServerFixture fixture(options);
        RawClient silent(fixture.url);
        QVERIFY(silent.isClosedByServer());
        RawClient half(fixture.url);
        half.send(std::string("\x16\x03\x01\x02\x00\x01", 6)); // a ClientHello that breaks off
        QVERIFY(half.isClosedByServer());
        TlsClient idle(fixture.url);
        QVERIFY(idle.connected);
        QVERIFY(idle.closes());
    }

    void theGuardsTimesAndCapsHold()
    {
        server::Options options = overTls();
        options.limits.headTimeout = 300;
        options.limits.connections = 4;
        ServerFixture fixture(options);
        {
            TlsClient slow(fixture.url);
            slow.send("GET /health/live HTTP/1.1\r\nHost: loc");
            QVERIFY(slow.receive().startsWith("HTTP/1.1 408 "));
            QVERIFY(slow.closes());
            TlsClient wrong(fixture.url);
            wrong.send("GET /health/live HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n");
            QVERIFY(wrong.receive().startsWith("HTTP/1.1 421 "));
            TlsClient broken(fixture.url);
            broken.send(
                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n");
            QVERIFY(broken.receive().startsWith("HTTP/1.1 400 "));
            TlsClient large(fixture.url);
            large.send("POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                       "99999999\r\n\r\n"
                       + QByteArray(100'000, 'x'));
            QVERIFY(large.receive().startsWith("HTTP/1.1 413 "));
        }
        std::vector<std::unique_ptr<TlsClient>> many;
        for (int i = 0; i < 12; ++i) // silent ones give way
            many.push_back(std::make_unique<TlsClient>(fixture.url));
        TlsClient last(fixture.url);
        QVERIFY(last.connected);
        last.send(get("/health/live"));
        QVERIFY(last.receive("}").startsWith("HTTP/1.1 200 "));
        QTRY_VERIFY(fixture.server->clientCount() <= 4);
    }

    void aReaderThatTakesNothingIsEnded()
    {
        server::Options options = overTls();
        options.limits.writeTimeout = 500;
        ServerFixture fixture(options);
        TlsClient client(fixture.url);
        QVERIFY(client.connected);
        client.socket.setReadBufferSize(1);
        for (int i = 0; i < 2'000; ++i)
            client.socket.write(get("/instruments?limit=100"));
        for (int i = 0; i < 20 && client.socket.bytesToWrite() > 0; ++i)
            client.socket.waitForBytesWritten(100);
        QTRY_COMPARE_WITH_TIMEOUT(fixture.server->clientCount(), 0, 20'000);
    }

    void streamsAreEncryptedToo()
    {
        ServerFixture fixture(overTls());
        const std::string trader = tokenOf(fixture);
        QWebSocket stream;
        QSslConfiguration trusting = stream.sslConfiguration();
        trusting.setPeerVerifyMode(QSslSocket::VerifyNone);
        stream.setSslConfiguration(trusting);
        QSignalSpy messages(&stream, &QWebSocket::textMessageReceived);
        QUrl url = fixture.url;
        url.setScheme(u"wss"_s);
        url.setPath(u"/ws/v1"_s);
        stream.open(url);
        QTRY_COMPARE(stream.state(), QAbstractSocket::ConnectedState);
        stream.sendTextMessage(
            u"{\"op\":\"auth\",\"token\":\"%1\"}"_s.arg(QString::fromStdString(trader)));
        QTRY_VERIFY(!messages.isEmpty());
        QVERIFY(messages.last().first().toString().contains(u"auth"_s));
        stream.sendTextMessage(
            u"{\"op\":\"subscribe\",\"id\":1,\"channel\":\"book\",\"symbols\":[\"SSI\"]}"_s);
        QTRY_VERIFY(messages.count() >= 2);
        QSignalSpy closed(&stream, &QWebSocket::disconnected);
        stream.sendBinaryMessage("x");
        QTRY_COMPARE(closed.count(), 1);
        QCOMPARE(stream.closeCode(), QWebSocketProtocol::CloseCodeDatatypeNotSupported);
    }

    void aSelfSignedCertificateIsMadeOnceForItsAddresses()
    {
        QTemporaryDir folder;
        const auto first = server::selfSignedTls(folder.path(), u"192.0.2.7"_s);
        QVERIFY(first.has_value());
        for (const QString &name : {u"tls.key"_s, u"tls.crt"_s})
            QCOMPARE(QFileInfo(folder.filePath(name)).permissions()
                         & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther),
                     QFile::Permissions());
        const QSslCertificate certificate(first->certificates);
        QCOMPARE(certificate.issuerDisplayName(), certificate.subjectDisplayName());
        QCOMPARE(certificate.publicKey().algorithm(), QSsl::Ec);
        QCOMPARE(certificate.publicKey().length(), 256);
        const qint64 days = QDateTime::currentDateTimeUtc().daysTo(certificate.expiryDate());
        QVERIFY(days >= 364 && days <= 366);
        const auto names = certificate.subjectAlternativeNames();
        QVERIFY(names.contains(QSsl::DnsEntry, u"localhost"_s));
        QVERIFY(names.contains(QSsl::IpAddressEntry, u"192.0.2.7"_s));
        QVERIFY(names.contains(QSsl::IpAddressEntry, u"127.0.0.1"_s));
        QCOMPARE(server::fingerprint(*first),
                 certificate.digest(QCryptographicHash::Sha256).toHex(':').toUpper().toStdString());

        const auto again = server::selfSignedTls(folder.path(), u"192.0.2.7"_s);
        QCOMPARE(server::fingerprint(*again), server::fingerprint(*first));
        const auto moved = server::selfSignedTls(folder.path(), u"192.0.2.8"_s);
        QVERIFY(server::fingerprint(*moved) != server::fingerprint(*first));
        QFile broken(folder.filePath(u"tls.crt"_s));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("nonsense");
        broken.close();
        QVERIFY(server::selfSignedTls(folder.path(), u"192.0.2.8"_s).has_value());
    }

    void filesThatDoNotFitAreNamed()
    {
        QTemporaryDir one, other;
        QVERIFY(server::selfSignedTls(one.path(), u"127.0.0.1"_s).has_value());
        QVERIFY(server::selfSignedTls(other.path(), u"127.0.0.1"_s).has_value());
        const auto failing = [](const QString &certificate, const QString &key) {
            const auto read = server::readTls(certificate, key);
            return read ? std::string() : read.error().field;
        };
        const QString certificate = one.filePath(u"tls.crt"_s), key = one.filePath(u"tls.key"_s);
        QVERIFY(server::readTls(certificate, key).has_value());
        QCOMPARE(failing(certificate, other.filePath(u"tls.key"_s)),
                 other.filePath(u"tls.key"_s).toStdString());
        QCOMPARE(failing(key, key), key.toStdString());
        QCOMPARE(failing(certificate, certificate), certificate.toStdString());
        QCOMPARE(failing(one.filePath(u"none"_s), key), one.filePath(u"none"_s).toStdString());
    }
};

QTEST_GUILESS_MAIN(TlsTest)
#include "tst_server_tls.moc"
