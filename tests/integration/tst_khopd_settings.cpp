// SPDX-License-Identifier: GPL-3.0-or-later
// khopd's settings and their sources, and what it says about a running server.
#include "../support/server_fixture.h"

#include <QProcess>
#include <QRegularExpression>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTest>

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23
#include "base/secret.h"

#include <sstream>
#include <type_traits>

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

namespace {

const QString program = QStringLiteral(KHOP_BINARY_DIR "/khopd");

struct Outcome {
    int status = -1;
    QString output;
};

QProcessEnvironment cleanEnvironment(const QStringList &set = {})
{
    QProcessEnvironment environment;
    for (const QString &kept : {u"PATH"_s, u"HOME"_s, u"LD_LIBRARY_PATH"_s, u"TMPDIR"_s}) {
        if (qEnvironmentVariableIsSet(qPrintable(kept)))
            environment.insert(kept, qEnvironmentVariable(qPrintable(kept)));
    }
    for (const QString &variable : set)
        environment.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
    return environment;
}

Outcome run(const QStringList &arguments, const QStringList &environment = {},
            const QByteArray &input = {})
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setProcessEnvironment(cleanEnvironment(environment));
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(30'000))
        process.kill();
    return {process.exitCode(), QString::fromUtf8(process.readAll())};
}

QString written(const QTemporaryDir &folder, const QString &name, const QByteArray &content)
{
    QFile file(folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) < 0)
        qFatal("%s", qPrintable(file.errorString()));
    return file.fileName();
}

/// A server on a free port, on a held practice day.
class Serving
{
public:
    Serving(const QString &folder, const QStringList &more, const QStringList &environment = {})
    {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.setProcessEnvironment(cleanEnvironment(environment));
        m_process.start(program, QStringList{u"--data-dir"_s, folder, u"--port"_s, u"0"_s,
                                             u"--clock"_s, u"2026-11-20T10:00:00+07:00"_s,
                                             u"--speed"_s, u"0"_s, u"--participants"_s, u"off"_s}
                                     + more);
        while (!output.contains(u"ready "_s) && m_process.waitForReadyRead(20'000))
            output += QString::fromUtf8(m_process.readAll());
        static const QRegularExpression ready(u"ready (https?://\\S+)"_s);
        url = QUrl(ready.match(output).captured(1));
    }
    ~Serving()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(20'000))
            m_process.kill();
        m_process.waitForFinished();
    }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    RawReply call(const std::string &target, const std::string &headers = {},
                  const std::string &body = {}) const
    {
        RawClient client(url);
        client.send((body.empty() ? "GET " : "POST ") + target + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: "
                    + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body);
        return client.receive(20'000);
    }

    QString output;
    QUrl url;

private:
    QProcess m_process;
};

template <class T>
concept Printable = requires(std::ostringstream stream, QDebug debug, const T &value) {
    stream << value;
} || requires(QDebug debug, const T &value) { debug << value; };
static_assert(Printable<std::string> && !Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>
              && !std::is_convertible_v<std::string, Secret>);

} // namespace
#endif

class KhopdSettingsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sourcesGoBeforeOneAnother()
    {
        QTemporaryDir folder;
        const QString config = written(folder, u"khop.conf"_s,
                                       "# the desk\nport=1001\nHOST = 127.0.0.3\n"
                                       "participants=off\nDEFAULT_SYMBOL=FPT # ours\n"
                                       "export MAX_POSITIONS='7'\n");
        const QString env = written(folder, u".env"_s,
                                    "PORT=1002\nHOST=127.0.0.2\nANOTHER_PROGRAM=1\nDEBUG=true\n");
        const auto shown = [&](const QStringList &more, const QStringList &environment) {
            return run(QStringList{u"--config"_s, config, u"--print-config"_s} + more, environment)
                .output;
        };
        QString text = shown({}, {});
        QVERIFY2(text.contains(u"PORT = 1001  (file: "_s + config + u":2 port)"_s),
                 qPrintable(text));
        QVERIFY(text.contains(u"HOST = 127.0.0.3  (file"_s));
        QVERIFY(text.contains(u"--participants = off  (file"_s));
        QVERIFY(text.contains(u"DEFAULT_SYMBOL = FPT  (file"_s));
        QVERIFY(text.contains(u"MAX_POSITIONS = 7  (file"_s));
        QVERIFY(text.contains(u"ALGORITHM = HS256  (default)"_s));
        text = shown({u"--env-file"_s, env}, {});
        QVERIFY(text.contains(u"PORT = 1002  (file: "_s + env));
        text = shown({u"--env-file"_s, env}, {u"PORT=1003"_s});
        QVERIFY(text.contains(u"PORT = 1003  (environment: PORT)"_s));
        QVERIFY(text.contains(u"HOST = 127.0.0.2  (file: "_s + env));
        text = shown({u"--port"_s, u"1004"_s, u"--env-file"_s, env}, {u"PORT=1003"_s});
        QVERIFY(text.contains(u"PORT = 1004  (command line: --port)"_s));
        text = shown({}, {u"PORT="_s}); // empty is not given
        QVERIFY(text.contains(u"PORT = 1001"_s));
    }

    void secretsAreNotShown()
    {
        const Outcome shown =
            run({u"--print-config"_s},
                {u"SECRET_KEY=0123456789abcdef0123456789abcdef"_s, u"SSI_API_KEY=consumer-id"_s,
                 u"SSI_API_SECRET=consumer-secret"_s, u"REDIS_PASSWORD=hunter2"_s,
                 u"REDIS_URL=redis://:hunter3@localhost:6379/0"_s});
        QCOMPARE(shown.status, 0);
        for (const char *secret :
             {"0123456789abcdef", "consumer-id", "consumer-secret", "hunter2", "hunter3"})
            QVERIFY2(!shown.output.contains(QLatin1StringView(secret)), qPrintable(shown.output));
        QVERIFY(shown.output.contains(u"SECRET_KEY = ********  (environment: SECRET_KEY)"_s));
        const Outcome refused = run({}, {u"DATABASE_URL=postgresql://user:hunter4@localhost/x"_s});
        QCOMPARE(refused.status, 2);
        QVERIFY(!refused.output.contains(u"hunter4"_s));
        QVERIFY(refused.output.contains(u"PostgreSQL"_s));
    }

    void whatWillNotDoIsNamed_data()
    {
        QTest::addColumn<QStringList>("environment");
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("named");
        const auto variable = [](const char *assignment) {
            const QString text = QString::fromLatin1(assignment);
            QTest::newRow(assignment)
                << QStringList{text} << QStringList() << text.section(u'=', 0, 0);
        };
        for (const char *assignment :
             {"PORT=http",
              "PORT=65536",
              "PORT=-1",
              "DATABASE_URL=mysql://localhost/x",
              "DATABASE_URL=postgresql+asyncpg://user:password@localhost:5432/trading_db",
              "DATABASE_URL=sqlite:///",
              "LIVE_DATABASE_URL=postgresql://x/y",
              "ALGORITHM=none",
              "ALGORITHM=RS256",
              "ACCESS_TOKEN_EXPIRE_MINUTES=0",
              "ACCESS_TOKEN_EXPIRE_MINUTES=x",
              "MAX_ORDER_SIZE=0",
              "MAX_ORDER_SIZE=1.5",
              "MAX_POSITIONS=many",
              "DEFAULT_MARKET=NYSE",
              "LOG_LEVEL=loud",
              "DEBUG=perhaps",
              "DATABASE_ECHO=2",
              "ENVIRONMENT=moon",
              "REDIS_URL=http://localhost",
              "REDIS_URL=redis://",
              "SSI_API_URL=http://example.org",
              "SSI_API_URL=fc-data.ssi.com.vn",
              "SECRET_KEY=your_secret_key",
              "SECRET_KEY=your-secret-key-here",
              "SECRET_KEY=short",
              "SECRET_KEY=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
              "BEHIND_PROXY=proxy.example",
              "ALLOWED_ORIGINS=desk.example",
              "ALLOWED_ORIGINS=https://desk.example/path"})
            variable(assignment);
        QTest::newRow("half of the broker's key")
            << QStringList{u"SSI_API_KEY=x"_s} << QStringList() << u"SSI_API_SECRET"_s;
        const auto option = [](const char *what, const QStringList &arguments) {
            QTest::newRow(what) << QStringList() << arguments << arguments.first();
        };
        option("half of a certificate", {u"--tls-cert"_s, u"/no/such/file"_s});
        option("speed", {u"--speed"_s, u"101"_s});
        option("seed", {u"--seed"_s, u"-1"_s});
        option("unit without candles", {u"--candle-unit"_s, u"VND"_s});
        option("keys in the database",
               {u"--journal-keys"_s, u"/tmp/x.db"_s, u"--database"_s, u"sqlite:////tmp/./x.db"_s});
        QTest::newRow("unknown option")
            << QStringList() << QStringList{u"--colour"_s} << u"colour"_s;
        QTest::newRow("a file that is not there")
            << QStringList() << QStringList{u"--config"_s, u"/no/such/file"_s}
            << u"/no/such/file"_s;
    }
    void whatWillNotDoIsNamed()
    {
        QFETCH(QStringList, environment);
        QFETCH(QStringList, arguments);
        QFETCH(QString, named);
        QTemporaryDir folder;
        QStringList all{u"--data-dir"_s, folder.filePath(u"data"_s)};
        if (named != u"PORT"_s)
            all += {u"--port"_s, u"0"_s};
        const Outcome refused = run(all + arguments, environment);
        QVERIFY2(refused.status == 1 || refused.status == 2, qPrintable(refused.output));
        QVERIFY2(refused.output.contains(named), qPrintable(refused.output));
        QVERIFY2(!refused.output.contains(u"ready"_s), qPrintable(refused.output));
    }

    void badLinesOfAFileAreNamed_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("line");
        QTest::newRow("no assignment") << QByteArray("PORT=1\nnonsense\n") << 2;
        QTest::newRow("unknown") << QByteArray("\n\nCOLOUR=red\n") << 3;
        QTest::newRow("twice") << QByteArray("PORT=1\nport=2\n") << 2;
        QTest::newRow("open quote") << QByteArray("HOST=\"127.0.0.1\n") << 1;
        QTest::newRow("bad value") << QByteArray("# x\nPORT=x\n") << 2;
        QTest::newRow("no key") << QByteArray("=1\n") << 1;
    }
    void badLinesOfAFileAreNamed()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, line);
        QTemporaryDir folder;
        const QString file = written(folder, u"khop.conf"_s, content);
        const Outcome refused = run({u"--config"_s, file, u"--data-dir"_s, folder.path()});
        QCOMPARE(refused.status, 2);
        QVERIFY2(refused.output.contains(file + u':' + QString::number(line)),
                 qPrintable(refused.output));
    }

    void aWeakSecretIsLetThroughInDevelopmentOnly()
    {
        QTemporaryDir folder;
        const Serving serving(folder.path(), {},
                              {u"ENVIRONMENT=development"_s, u"SECRET_KEY=your_secret_key"_s});
        QVERIFY2(serving.url.isValid(), qPrintable(serving.output));
    }

    void theExampleNamesEverySetting()
    {
        QFile file(QStringLiteral(KHOP_SOURCE_DIR "/.env.example"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray example = file.readAll();
        const Outcome shown = run({u"--print-config"_s});
        int variables = 0;
        for (const QString &line : shown.output.split(u'\n', Qt::SkipEmptyParts)) {
            const QString name = line.section(u' ', 0, 0);
            if (name.startsWith(u"--"_s))
                continue;
            ++variables;
            QVERIFY2(example.contains("\n#" + name.toUtf8() + "="), qPrintable(name));
        }
        QVERIFY(variables > 25);
        // And taken as it is, it is a file without a mistake.
        QTemporaryDir folder;
        const QString copy = written(folder, u"khop.conf"_s, example);
        QCOMPARE(run({u"--config"_s, copy, u"--print-config"_s}).status, 0);
    }

    void statusTellsOfTheServerOfADataDirectory()
    {
        QTemporaryDir folder;
        const QStringList status{u"status"_s, u"--data-dir"_s, folder.path()};
        QCOMPARE(run(status).status, 3);
        {
            const Serving serving(folder.path(), {});
            const Outcome running = run(status);
            QVERIFY2(running.status == 0, qPrintable(running.output));
            QVERIFY(running.output.contains(serving.url.toString()));
            QVERIFY(running.output.contains(u"healthy"_s));
        }
        QCOMPARE(run(status).status, 3);
        {
            Serving serving(folder.path(), {});
            serving.kill(); // leaves its note behind
        }
        QCOMPARE(run(status).status, 3);
        const Serving encrypted(folder.path(), {u"--tls-self-signed"_s});
        QVERIFY2(encrypted.url.scheme() == u"https"_s, qPrintable(encrypted.output));
        const Outcome running = run(status);
        QVERIFY2(running.status == 0, qPrintable(running.output));
        static const QRegularExpression fingerprint(
            u"certificate SHA-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})"_s);
        QCOMPARE(fingerprint.match(running.output).captured(1),
                 fingerprint.match(encrypted.output).captured(1));
        QVERIFY(fingerprint.match(running.output).hasMatch());
    }

    void aPublicAddressWantsTls()
    {
        QTemporaryDir folder;
        const QStringList any{u"--data-dir"_s, folder.path(), u"--port"_s,
                              u"0"_s,          u"--host"_s,   u"0.0.0.0"_s};
        const Outcome refused = run(any);
        QCOMPARE(refused.status, 1);
        QVERIFY(refused.output.contains(u"--tls-self-signed"_s));
        const Serving encrypted(folder.filePath(u"data"_s),
                                {u"--host"_s, u"0.0.0.0"_s, u"--tls-self-signed"_s});
        QVERIFY2(encrypted.url.isValid(), qPrintable(encrypted.output));
    }

    void theJournalsKeysAreElsewhereAndRotateBesideARunningServer()
    {
        QTemporaryDir folder, elsewhere;
        const QStringList data{u"--data-dir"_s, folder.path()};
        const QStringList keys{u"--journal-keys"_s, elsewhere.filePath(u"desk.keys"_s)};
        {
            const Serving serving(folder.path(), keys);
            QVERIFY2(serving.url.isValid(), qPrintable(serving.output));
            QVERIFY(!QFile::exists(folder.filePath(u"khop.db.keys"_s)));
            const Outcome rotated = run(QStringList{u"journal-key"_s, u"rotate"_s} + data + keys);
            QCOMPARE(rotated.output, u"key 1 from seq 1\nkey 2 from the next start\n"_s);
        }
        const Serving serving(folder.path(), keys);
        QVERIFY2(serving.url.isValid(), qPrintable(serving.output));
        static const QRegularExpression inUse(u"^key 1 from seq 1\nkey 2 from seq \\d+\n$"_s);
        const Outcome list = run(QStringList{u"journal-key"_s, u"list"_s} + data + keys);
        QVERIFY2(inUse.match(list.output).hasMatch(), qPrintable(list.output));
        const Outcome whole = run(QStringList{u"verify"_s} + data + keys);
        QVERIFY2(whole.status == 0, qPrintable(whole.output));
        const Outcome without = run(QStringList{u"verify"_s} + data);
        QCOMPARE(without.status, 1);
        QVERIFY2(without.output.contains(u"key 1 is not in the file of keys"_s),
                 qPrintable(without.output));
        for (const QStringList &wrong : {QStringList{}, QStringList{u"remove"_s}}) {
            const Outcome refused = run(QStringList{u"journal-key"_s} + wrong);
            QVERIFY(refused.status != 0);
            QVERIFY2(refused.output.contains(u"list | rotate"_s), qPrintable(refused.output));
        }
    }

    void usersAreManagedBesideARunningServer()
    {
        QTemporaryDir folder;
        const auto user = [&](const QStringList &arguments, const QByteArray &input = {}) {
            return run(QStringList{u"user"_s} + arguments
                           + QStringList{u"--data-dir"_s, folder.path()},
                       {}, input);
        };
        const QStringList add{u"add"_s, u"thu"_s, u"--role"_s, u"trader"_s, u"--password-stdin"_s};
        QCOMPARE(user(add, "a long password\n").status, 0);
        const Serving serving(folder.path(), {});
        const auto login = [&](const std::string &password) {
            return serving.call("/auth/login", {},
                                "{\"username\":\"thu\",\"password\":\"" + password + "\"}");
        };
        const auto statusOf = [&](const std::string &token) {
            return serving.call("/orders", "Authorization: Bearer " + token + "\r\n").status;
        };
        const std::string token = textAt(login("a long password"), "data/access_token");
        QCOMPARE(statusOf(token), 200);
        QCOMPARE(user({u"role"_s, u"thu"_s, u"viewer"_s}).status, 0);
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(token), 401, 2'000);
        const std::string second = textAt(login("a long password"), "data/access_token");
        QCOMPARE(statusOf(second), 200);
        QCOMPARE(user({u"passwd"_s, u"thu"_s, u"--password-stdin"_s}, "another password\n").status,
                 0);
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(second), 401, 2'000);
        QCOMPARE(login("a long password").status, 401);
        const std::string third = textAt(login("another password"), "data/access_token");
        QCOMPARE(statusOf(third), 200);
        QCOMPARE(user({u"disable"_s, u"thu"_s}).status, 0);
        QTRY_COMPARE_WITH_TIMEOUT(statusOf(third), 401, 2'000);
        QCOMPARE(login("another password").status, 401);
        const Outcome list = user({u"list"_s});
        QVERIFY2(list.output.contains(u"user thu viewer account"_s), qPrintable(list.output));
        QVERIFY(list.output.contains(u"disabled"_s));
        QCOMPARE(user({u"enable"_s, u"thu"_s}).status, 0);
        for (const QStringList &wrong :
             {QStringList{u"role"_s, u"thu"_s, u"root"_s},
              QStringList{u"role"_s, u"nobody"_s, u"viewer"_s}, QStringList{u"passwd"_s, u"thu"_s},
              QStringList{u"dance"_s}, QStringList{}})
            QCOMPARE(user(wrong).status, 1);
        QCOMPARE(user({u"passwd"_s, u"thu"_s, u"--password-stdin"_s}, "short\n").status, 1);
    }

    void metricsAreReadWithTheirToken()
    {
        QTemporaryDir folder;
        const QString token = written(folder, u"token"_s, "0123456789abcdef-token\n");
        const Serving serving(folder.filePath(u"data"_s), {u"--metrics-token-file"_s, token});
        // A request that a proxy passed on is not one from this computer.
        const std::string passed = "X-Forwarded-For: 192.0.2.1\r\n";
        QCOMPARE(serving.call("/metrics").status, 200);
        QCOMPARE(serving.call("/metrics", passed).status, 403);
        QCOMPARE(
            serving.call("/metrics", passed + "Authorization: Bearer 0123456789abcdef-token\r\n")
                .status,
            200);
        QCOMPARE(
            serving.call("/metrics", passed + "Authorization: Bearer 0123456789abcdef-tokem\r\n")
                .status,
            403);
        const QString weak = written(folder, u"weak"_s, "short\n");
        QCOMPARE(run({u"--data-dir"_s, folder.filePath(u"other"_s), u"--port"_s, u"0"_s,
                      u"--metrics-token-file"_s, weak})
                     .status,
                 1);
    }

    void logsAreShownReadably()
    {
        QTemporaryDir folder;
        QCOMPARE(run({u"logs"_s, u"--data-dir"_s, folder.path()}).status, 1);
        QVERIFY(QDir(folder.path()).mkdir(u"logs"_s));
        QByteArray lines;
        for (int i = 0; i < 300; ++i)
            lines +=
                "{\"timestamp\":\"2026-11-20T02:00:00Z\",\"level\":\"info\",\"message\":\"line "
                + QByteArray::number(i) + "\",\"request_id\":\"r-" + QByteArray::number(i)
                + "\"}\n";
        written(folder, u"logs/khopd.log"_s, lines + "not \x1b[31mJSON\n");
        const Outcome last = run({u"logs"_s, u"-n"_s, u"2"_s, u"--data-dir"_s, folder.path()});
        QCOMPARE(last.status, 0);
        QCOMPARE(last.output,
                 u"2026-11-20T02:00:00Z  INFO     line 299  request_id=r-299\nnot ?[31mJSON\n"_s);
        QCOMPARE(run({u"logs"_s, u"--data-dir"_s, folder.path()}).output.count(u'\n'), 100);
        QCOMPARE(run({u"logs"_s, u"-n"_s, u"5000"_s, u"--data-dir"_s, folder.path()})
                     .output.count(u'\n'),
                 301);
        QVERIFY(run({u"logs"_s, u"--json"_s, u"-n"_s, u"2"_s, u"--data-dir"_s, folder.path()})
                    .output.startsWith(u"{\"timestamp\""_s));
        QCOMPARE(run({u"logs"_s, u"-n"_s, u"x"_s, u"--data-dir"_s, folder.path()}).status, 1);
    }
};

QTEST_GUILESS_MAIN(KhopdSettingsTest)
#include "tst_khopd_settings.moc"
