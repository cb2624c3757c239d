// SPDX-License-Identifier: GPL-3.0-or-later
// The program khop-bench as scripts use it: its streams to the bit, its trade hashes, its refusals.
#include <QTest>

#include "books_under_test.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtEndian>

using namespace khop;

class KhopBenchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void genWritesTheSameBytesEverywhere_data();
    void genWritesTheSameBytesEverywhere();
    void bookReproducesTheTradeHash_data();
    void bookReproducesTheTradeHash();
    void aBrokenStreamIsRefusedWithOffsetAndReason_data();
    void aBrokenStreamIsRefusedWithOffsetAndReason();
    void wrongUseEndsWithTwoAndAnExplanation_data();
    void wrongUseEndsWithTwoAndAnExplanation();
    void everySubcommandHasHelp_data();
    void everySubcommandHasHelp();
    void anUnwritableFileIsNamed();
    void engineRunsTheSameCommandsTheSameWay();
    void portfolioComesToTheSameFigures();
    void aFailingCaseIsShownAndEndsWithOne();
    void aBrokenFileOfCasesIsRefusedByRowAndField_data();
    void aBrokenFileOfCasesIsRefusedByRowAndField();

private:
    struct Outcome {
        int exitCode = -1;
        QByteArray out, err;
    };
    Outcome run(const QStringList &arguments)
    {
        QProcess process;
        process.start(QStringLiteral(KHOP_BINARY_DIR "/khop-bench"), arguments);
        if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit)
            return {};
        return {process.exitCode(), process.readAllStandardOutput(),
                process.readAllStandardError()};
    }
    /// A new stream's path.
    QString generate(const QString &kind, const QString &operations)
    {
        const QString path = m_directory.filePath(kind + QLatin1Char('-') + operations);
        const Outcome made =
            run({QStringLiteral("gen"), QStringLiteral("--stream"), kind, QStringLiteral("--ops"),
                 operations, QStringLiteral("--out"), path});
        return made.exitCode == 0 ? path : QString();
    }

    QTemporaryDir m_directory;
};

void KhopBenchTest::genWritesTheSameBytesEverywhere_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("operations");
    QTest::addColumn<QByteArray>("sha256");
    const auto row = [](const char *kind, const char *operations, const char *sha256) {
        QTest::addRow("%s of %s operations", kind, operations)
            << QString::fromLatin1(kind) << QString::fromLatin1(operations) << QByteArray(sha256);
    };
    row("s1", "20", "86504c250df84e985412c7c9c8bd61dc632010a139f6a8fc885462253d88b925");
    row("s1", "1000", "4b8a24696382df749302f37c5f0ef1ec609e96edc91bda52d75e9e0e0647dfa2");
    row("s1", "100000", "6609fc7d0846b069b1e8480aeb6edca795ddebc47d227957337851c8ffeb4879");
    row("s2", "20", "6f81f02988168f3943196e444d3d76a3d3cc3abd9e3fb85565fd0dd16874780e");
    row("s2", "1000", "d4c8cd624c975f903b7a8dcc6afa68ad25944570807afb69219b622bf581218d");
    row("s2", "100000", "ebe1fb85b3d8733b23e5a4bc240a108c0d8425f520dc96f80822bc761a097716");
}

void KhopBenchTest::genWritesTheSameBytesEverywhere()
{
    QFETCH(QString, kind);
    QFETCH(QString, operations);
    QFETCH(QByteArray, sha256);
    QFile file(generate(kind, operations));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex(), sha256);
}

void KhopBenchTest::bookReproducesTheTradeHash_data()
{
    QTest::addColumn<QString>("engine");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("operations");
    QTest::addColumn<qint64>("trades");
    QTest::addColumn<qint64>("volume");
    QTest::addColumn<QString>("hash");
    const auto row = [](const char *kind, const char *operations, qint64 trades, qint64 volume,
                        const char *hash) {
        for (const Implementation &implementation : implementations) {
            QTest::addRow("%s, %s of %s operations", implementation.name, kind, operations)
                << QString::fromLatin1(implementation.name) << QString::fromLatin1(kind)
                << QString::fromLatin1(operations) << trades << volume << QString::fromLatin1(hash);
        }
    };
    row("s1", "20", 2, 1000, "7059a70fbce17cb4");
    row("s1", "1000", 186, 97000, "9955a5f8a415fb3d");
    row("s1", "100000", 19157, 10620700, "d85b225215788718");
    row("s2", "20", 0, 0, "14650fb0739d0383");
    row("s2", "1000", 57, 23300, "5f6a7e62c0878b84");
    row("s2", "100000", 14743, 7875400, "edde5c9506c827bb");
}

void KhopBenchTest::bookReproducesTheTradeHash()
{
    QFETCH(QString, engine);
    QFETCH(QString, kind);
    QFETCH(QString, operations);
    QFETCH(qint64, trades);
    QFETCH(qint64, volume);
    QFETCH(QString, hash);
    const Outcome outcome = run({QStringLiteral("book"), QStringLiteral("--stream"),
                                 generate(kind, operations), QStringLiteral("--engine"), engine});
    QCOMPARE(outcome.exitCode, 0);
    QCOMPARE(outcome.out.count('\n'), 1);
    const QJsonObject line = QJsonDocument::fromJson(outcome.out).object();
    QCOMPARE(line[u"ops"].toInteger(), operations.toLongLong());
    QCOMPARE(line[u"trades"].toInteger(), trades);
    QCOMPARE(line[u"volume"].toInteger(), volume);
    QCOMPARE(line[u"hash"].toString(), hash);
    QVERIFY(line[u"seconds"].toDouble() > 0);
    QVERIFY(line[u"mops"].toDouble() > 0);
}

void KhopBenchTest::aBrokenStreamIsRefusedWithOffsetAndReason_data()
{
    // Of the stream s1 with 20 operations: 32 bytes of header, one instrument, 16 bytes an
    // operation.
    QTest::addColumn<int>("offset");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("message");
    const auto at = [](const char *name, int offset, const QByteArray &bytes, const char *message) {
        QTest::newRow(name) << offset << bytes << QByteArray(message);
    };
    const auto u32 = [](std::uint32_t value) {
        QByteArray bytes(4, '\0');
        qToLittleEndian(value, bytes.data());
        return bytes;
    };
    at("magic", 0, "x", "offset 0: this is no order stream");
    at("too few operations in the file", 8, u32(21),
       "offset 8: the header says 21 operations, the file holds 20");
    at("too many operations in the file", 8, u32(19), "offset 8: the header says 19 operations");
    at("no instrument", 16, u32(0), "offset 16: 0 instruments");
    at("more instruments than bytes", 16, u32(65'000), "inside the list of instruments");
    at("greatest id too large", 24, u32(4'000'000), "offset 24: greatest id 4000000");
    at("floor above ceiling", 32, u32(14'000), "offset 32: instrument 0: floor 14000");
    at("negative floor", 32, u32(0xFFFF'FFFF), "offset 32: instrument 0: floor -1");
    at("type", 48, "\7", "offset 48: operation 0: type 7");
    at("side", 49, "\2", "offset 48: operation 0: side 2");
    at("instrument", 50, "\1", "offset 48: operation 0: instrument 1 of 1");
    at("id of nobody", 52, u32(0), "offset 48: operation 0: id 0");
    at("id twice", 48 + 16 + 4, u32(1), "offset 64: operation 1: id 1 is added a second time");
    at("price beyond the band", 56, u32(13'911),
       "offset 48: operation 0: price 13911 is not within 12090 to 13910");
    at("no quantity", 60, u32(0), "offset 48: operation 0: quantity 0");
    at("cancel of an order never added", 48, QByteArray("\1\1\0\0\1\0\0\0\xc9\x32\0\0\0\0\0\0", 16),
       "offset 48: operation 0: id 1 was not added");
    at("a truncated file", -1, "", "the file holds 19 and 15 bytes");
    at("an empty file", -2, "", "offset 0: the file ends inside the header");
}

void KhopBenchTest::aBrokenStreamIsRefusedWithOffsetAndReason()
{
    QFETCH(int, offset);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, message);
    const QString path = generate(QStringLiteral("s1"), QStringLiteral("20"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    if (offset == -2)
        QVERIFY(file.resize(0));
    else if (offset == -1)
        QVERIFY(file.resize(file.size() - 1));
    else
        QVERIFY(file.seek(offset) && file.write(bytes) == bytes.size());
    file.close();
    const Outcome outcome = run({QStringLiteral("book"), QStringLiteral("--stream"), path});
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY(outcome.out.isEmpty());
    QVERIFY2(outcome.err.contains(message) && outcome.err.contains(path.toUtf8()),
             outcome.err.constData());
}

void KhopBenchTest::wrongUseEndsWithTwoAndAnExplanation_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const char *arguments, const char *message) {
        QTest::newRow(name) << QString::fromLatin1(arguments).split(QLatin1Char(' '),
                                                                    Qt::SkipEmptyParts)
                            << QByteArray(message);
    };
    row("nothing", "", "SUB-COMMAND");
    row("unknown sub-command", "books", "unknown sub-command 'books'");
    row("unknown option", "gen --steam s1", "unknown option '--steam'");
    row("missing value", "gen --stream", "option '--stream' needs a value");
    row("missing option", "gen --stream s1 --ops 20", "option '--out' is required");
    row("unknown stream", "gen --stream s3 --ops 20 --out x", "'s3' is neither s1 nor s2");
    row("operations that are no number", "gen --stream s1 --ops 20k --out x",
        "'20k' is not a whole number");
    row("no operations", "gen --stream=s1 --ops=0 --out=x", "'0' is not a whole number from 1");
    row("stray argument", "book x", "unexpected argument 'x'");
    row("missing file", "book --stream /nonexistent/stream", "/nonexistent/stream: ");
    row("unknown engine", "book --stream x --engine rocket", "no engine 'rocket'");
}

void KhopBenchTest::wrongUseEndsWithTwoAndAnExplanation()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, message);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY(outcome.out.isEmpty());
    QVERIFY2(outcome.err.contains(message), outcome.err.constData());
}

void KhopBenchTest::everySubcommandHasHelp_data()
{
    QTest::addColumn<QString>("name");
    const QList<QByteArray> lines = run({QStringLiteral("--help")}).out.split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("  "))
            QTest::newRow(line.trimmed().split(' ').first().constData())
                << QString::fromLatin1(line.trimmed().split(' ').first());
    }
}

void KhopBenchTest::everySubcommandHasHelp()
{
    QFETCH(QString, name);
    const Outcome outcome = run({name, QStringLiteral("--help")});
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY(outcome.out.startsWith("khop-bench " + name.toUtf8()));
    QVERIFY(outcome.err.isEmpty());
}

void KhopBenchTest::anUnwritableFileIsNamed()
{
    const Outcome outcome =
        run({QStringLiteral("gen"), QStringLiteral("--stream"), QStringLiteral("s1"),
             QStringLiteral("--ops"), QStringLiteral("20"), QStringLiteral("--out"),
             QStringLiteral("/nonexistent/stream")});
    QCOMPARE(outcome.exitCode, 1);
    QVERIFY2(outcome.err.contains("/nonexistent/stream: "), outcome.err.constData());
}

void KhopBenchTest::engineRunsTheSameCommandsTheSameWay()
{
    const QStringList arguments{QStringLiteral("engine"), QStringLiteral("--commands"),
                                QStringLiteral("3000"), QStringLiteral("--accounts"),
                                QStringLiteral("3")};
    const QJsonObject first = QJsonDocument::fromJson(run(arguments).out).object();
    const QJsonObject again = QJsonDocument::fromJson(run(arguments).out).object();
    QCOMPARE(first[u"commands"].toInteger(), 3'000);
    QVERIFY(first[u"orders"].toInteger() > 1'000);
    QVERIFY(first[u"trades"].toInteger() > 100);
    QVERIFY(first[u"refused"].toInteger() < 300);
    QVERIFY(first[u"commands_per_second"].toDouble() > 0);
    QCOMPARE(again[u"state_hash"].toString(), first[u"state_hash"].toString());
}

void KhopBenchTest::portfolioComesToTheSameFigures()
{
    const QStringList arguments =
        QStringLiteral("portfolio --positions 20 --years 1 --trades 400 --ticks 1000 --repeat 1")
            .split(u' ');
    const QJsonObject first = QJsonDocument::fromJson(run(arguments).out).object();
    const QJsonObject again = QJsonDocument::fromJson(run(arguments).out).object();
    QCOMPARE(first[u"positions"].toInteger(), 20);
    QVERIFY(first[u"curve_ms"].toDouble() > 0);
    for (const QString &figure :
         {QStringLiteral("equity"), QStringLiteral("twr_ppm"), QStringLiteral("xirr_ppm")}) {
        QVERIFY(first.contains(figure));
        QCOMPARE(again[figure].toInteger(), first[figure].toInteger());
    }
}

void KhopBenchTest::aFailingCaseIsShownAndEndsWithOne()
{
    const QString path = m_directory.filePath(QStringLiteral("failing.json"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"([{"id":"X1","exchange":"HOSE","time":"10:00","ref":25000,"side":"B","type":"LO",
                    "qty":100,"price":25000,"opts":{},"expect":"R_TICK"},
                   {"id":"X2","exchange":"HOSE","ref":20000,"last":null,"orders":[
                    ["b","B","LO",20000,100],
                    ["s","S","LO",20000,100]],"price":20050,"volume":100,"fills":{"b":100,"s":100},
                    "cand":[20000,20000],"eff":{}},
                   {"id":"X3","exchange":"HOSE","time":"10:00","ref":25000,"side":"B","type":"LO",
                    "qty":150,"price":25000,"expect":"R_LOT","note":"a remark"},
                   {"id":"X4","exchange":"HOSE","time":"10:00","ref":25000,"side":"B","type":"MP",
                    "qty":100,"opts":{"halted":true},"expect":"INSTRUMENT_HALTED"},
                   {"id":"X5","exchange":"HOSE","time":"10:00","ref":25000,"side":"B","type":"LO",
                    "qty":150,"price":25000,"expect":"R_LOT","account":"foreign"},
                   {"id":"X6","exchange":"HOSE","time":"10:00","ref":25000,"side":"B","type":"LO",
                    "qty":150,"price":25000,"expect":"R_LOT","opts":{"colour":"red"}}])");
    file.close();
    const Outcome outcome = run({QStringLiteral("cases"), path});
    QCOMPARE(outcome.exitCode, 1);
    const QList<QByteArray> lines = outcome.out.split('\n');
    QCOMPARE(lines.size(), 7);
    QCOMPARE(lines[0], "X1 FAIL got OK, expected R_TICK");
    QVERIFY2(lines[1].startsWith("X2 FAIL got price 20000 volume 100"), lines[1].constData());
    QCOMPARE(lines[2], "X3 OK got R_LOT");
    QCOMPARE(lines[3], "X4 OK got INSTRUMENT_HALTED");
    QVERIFY2(lines[4].startsWith("X5 FAIL got field 'account' is not one of id, "),
             lines[4].constData());
    QVERIFY2(lines[5].startsWith("X6 FAIL got instrument: ") && lines[5].contains("'colour'"),
             lines[5].constData());
}

void KhopBenchTest::aBrokenFileOfCasesIsRefusedByRowAndField_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const char *json, const char *message) {
        QTest::newRow(name) << QByteArray(json) << QByteArray(message);
    };
    row("no JSON", "[{", "line 1, column 3");
    row("no array", "{}", "is not an array of cases");
    row("another shape", R"([{"id":"B01","given":"x"}])", "row 1 (B01): row:");
    row("missing field", R"([{"id":"V1","type":"LO","exchange":"HOSE"}])",
        "row 1 (V1): ref: nothing is not");
    row("a text for a number", R"([{"id":"V1","type":"LO","exchange":"HOSE","ref":"x"}])",
        "row 1 (V1): ref:");
    row("unknown order type",
        R"([{"id":"V1","type":"XX","exchange":"HOSE","ref":1,"time":"10:00","side":"B"}])",
        "type: XX is not an order type");
    row("short order", R"([{"id":"A1","exchange":"HOSE","ref":1,"orders":[["a","B"]]}])",
        "orders[0]:");
}

void KhopBenchTest::aBrokenFileOfCasesIsRefusedByRowAndField()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, message);
    const QString path = m_directory.filePath(QStringLiteral("broken.json"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(json);
    file.close();
    const Outcome outcome = run({QStringLiteral("cases"), path});
    QCOMPARE(outcome.exitCode, 2);
    QVERIFY(outcome.out.isEmpty());
    QVERIFY2(outcome.err.contains(message) && outcome.err.contains(path.toUtf8()),
             outcome.err.constData());
}

QTEST_GUILESS_MAIN(KhopBenchTest)
#include "tst_khop_bench.moc"
