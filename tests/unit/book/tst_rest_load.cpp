// SPDX-License-Identifier: GPL-3.0-or-later
// khop-bench rest against a khopd that it starts, and what it refuses.
#include <QTest>

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

class RestLoadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOrderIsAcknowledged();
    void onlyLoopbackAddressesAreTaken_data();
    void onlyLoopbackAddressesAreTaken();
    void aMissingServerIsNamed();
    void aProgramThatIsNoServerIsNamed();
    void optionsThatContradictAreRefused_data();
    void optionsThatContradictAreRefused();

private:
    struct Outcome {
        int exitCode = -1;
        QByteArray out, err;
    };
    Outcome run(const QStringList &arguments)
    {
        QProcess process;
        process.start(QStringLiteral(KHOP_BINARY_DIR "/khop-bench"),
                      QStringList{QStringLiteral("rest")} + arguments);
        if (!process.waitForFinished(100'000) || process.exitStatus() != QProcess::NormalExit)
            return {};
        return {process.exitCode(), process.readAllStandardOutput(),
                process.readAllStandardError()};
    }
};

void RestLoadTest::everyOrderIsAcknowledged()
{
    const Outcome outcome =
        run({QStringLiteral("--accounts"), QStringLiteral("2"), QStringLiteral("--connections"),
             QStringLiteral("8"), QStringLiteral("--seconds"), QStringLiteral("1"),
             QStringLiteral("--symbol"), QStringLiteral("ACB,SHS,ACV")});
    QVERIFY2(outcome.exitCode == 0, outcome.err.constData());
    QCOMPARE(outcome.out.count('\n'), 1);
    const QJsonObject line = QJsonDocument::fromJson(outcome.out).object();
    QCOMPARE(line[u"connections"].toInt(), 8);
    QCOMPARE(line[u"accounts"].toInt(), 2);
    QVERIFY(line[u"acks"].toInt() > 8);
    QVERIFY(line[u"acks_per_second"].toDouble() > 0);
    QVERIFY(line[u"p50_ms"].toDouble() > 0);
    QVERIFY(line[u"p50_ms"].toDouble() <= line[u"p90_ms"].toDouble());
    QVERIFY(line[u"p90_ms"].toDouble() <= line[u"p99_ms"].toDouble());
    QVERIFY(line[u"p99_ms"].toDouble() <= line[u"max_ms"].toDouble());
    QVERIFY2(line[u"errors"].isObject() && line[u"errors"].toObject().isEmpty(),
             outcome.out.constData());
}

void RestLoadTest::onlyLoopbackAddressesAreTaken_data()
{
    QTest::addColumn<QString>("url");
    for (const char *url : {"http://10.0.0.1:8001", "http://0.0.0.0:8001", "http://128.0.0.1:8001",
                            "http://example.org:8001", "http://127.0.0.1.example.org:8001",
                            "http://localhost.example.org:8001", "http://[::2]:8001",
                            "http://127.0.0.1@10.0.0.1:8001", "https://127.0.0.1:8001",
                            "http://127.0.0.1", "http://127.0.0.1:0", "http://127.0.0.1:65536",
                            "http://127.0.0.1:8001/api", "127.0.0.1:8001"})
        QTest::newRow(url) << QString::fromLatin1(url);
}

void RestLoadTest::onlyLoopbackAddressesAreTaken()
{
    QFETCH(QString, url);
    const Outcome outcome =
        run({QStringLiteral("--token"), QStringLiteral("x"), QStringLiteral("--url"), url});
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY2(outcome.err.contains("option '--url': '" + url.toUtf8() + "'"),
             outcome.err.constData());
}

void RestLoadTest::aMissingServerIsNamed()
{
    const Outcome outcome = run({QStringLiteral("--token"), QStringLiteral("x"),
                                 QStringLiteral("--url"), QStringLiteral("http://127.0.0.1:1")});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(outcome.err.contains("http://127.0.0.1:1/api/v1/instruments/ACB: Connection refused"),
             outcome.err.constData());
}

void RestLoadTest::aProgramThatIsNoServerIsNamed()
{
    const Outcome other = run({QStringLiteral("--spawn"), QStringLiteral("/bin/true")});
    QCOMPARE(other.exitCode, 1);
    QVERIFY2(other.err.contains("/bin/true ended instead of getting ready"), other.err.constData());
    const Outcome missing = run({QStringLiteral("--spawn"), QStringLiteral("/nonexistent/khopd")});
    QCOMPARE(missing.exitCode, 1);
    QVERIFY2(missing.err.contains("/nonexistent/khopd: "), missing.err.constData());
}

void RestLoadTest::optionsThatContradictAreRefused_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("nobody orders")
        << QStringList{QStringLiteral("--url"), QStringLiteral("http://127.0.0.1:8001")}
        << QByteArray("--url needs --user and --password, or --token");
    QTest::newRow("no password") << QStringList{QStringLiteral("--user"), QStringLiteral("someone")}
                                 << QByteArray("--user needs --password");
    QTest::newRow("a token for a new server")
        << QStringList{QStringLiteral("--token=x"), QStringLiteral("--spawn=/bin/true")}
        << QByteArray("--spawn makes its own users");
    QTest::newRow("nothing to trade")
        << QStringList{QStringLiteral("--symbol=,")} << QByteArray("option '--symbol'");
    QTest::newRow("no connection") << QStringList{QStringLiteral("--connections=0")}
                                   << QByteArray("option '--connections': '0'");
}

void RestLoadTest::optionsThatContradictAreRefused()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, message);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY2(outcome.err.contains(message), outcome.err.constData());
}

QTEST_GUILESS_MAIN(RestLoadTest)
#include "tst_rest_load.moc"
