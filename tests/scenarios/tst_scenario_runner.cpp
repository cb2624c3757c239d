// SPDX-License-Identifier: GPL-3.0-or-later
// khop-bench scenario as a reporter of bugs uses it: what it prints, that an expectation can fail, and
// what it says of lines that it does not understand.
#include <QTest>

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>

class ScenarioRunnerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyEventIsPrintedWithTheLineThatMadeIt();
    void aFailedExpectationIsNamedAndEndsWithOne_data();
    void aFailedExpectationIsNamedAndEndsWithOne();
    void whatIsNotSaidIsNotCompared();
    void aLineThatIsNotUnderstoodIsNamedAndEndsWithTwo_data();
    void aLineThatIsNotUnderstoodIsNamedAndEndsWithTwo();
    void anUnreadableFileIsNamed();
    void aFileOfManyScenariosStartsEachAfresh();
    void rulesAndInstrumentsMayComeFromFiles();
    void theDocumentedExamplesRun();

private:
    struct Outcome {
        int exitCode = -1;
        QByteArray out, err;
    };
    QString path() const { return m_directory.filePath(QStringLiteral("case.scn")); }
    Outcome run(const QByteArray &text)
    {
        QFile file(path());
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text) < 0)
            return {};
        file.close();
        return run(path());
    }
    Outcome run(const QString &file)
    {
        QProcess process;
        process.start(QStringLiteral(KHOP_BINARY_DIR "/khop-bench"),
                      {QStringLiteral("scenario"), file});
        if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit)
            return {};
        return {process.exitCode(), process.readAllStandardOutput(),
                process.readAllStandardError()};
    }

    QTemporaryDir m_directory;
};

namespace {

/// Six lines: a market in its morning session, with a sell of 300 in the book.
constexpr char market[] = "instrument AAA HOSE 20,000\n"
                          "account a plenty\n"
                          "account b cash=100,000,000\n"
                          "clock 2026-11-20 10:00\n"
                          "s: a sells 300 AAA at 20,000\n"
                          "b: b buys 500 AAA at 20,000\n";

} // namespace

void ScenarioRunnerTest::everyEventIsPrintedWithTheLineThatMadeIt()
{
    const Outcome outcome = run(QByteArray(market));
    QCOMPARE(outcome.exitCode, 0);
    QVERIFY(outcome.err.isEmpty());
    const QByteArray expected = "    5  s: a sells 300 AAA at 20,000\n"
                                "         > rests s 300@20,000\n"
                                "        -> OK\n"
                                "    6  b: b buys 500 AAA at 20,000\n"
                                "         > trade AAA 300@20,000 b x s\n"
                                "         > rests b 200@20,000\n"
                                "         > filled s 300\n"
                                "        -> OK\n"
                                "1 scenarios, 2 checks, 0 failed\n";
    QVERIFY2(outcome.out.endsWith(expected), outcome.out);
}

void ScenarioRunnerTest::aFailedExpectationIsNamedAndEndsWithOne_data()
{
    QTest::addColumn<QByteArray>("lines"); // from line 7 on
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, const char *lines, const char *message) {
        QTest::newRow(name) << QByteArray(lines) << QByteArray(message);
    };
    row("another event", "> trade AAA 200@20,000\n> ...",
        ":7: expected trade AAA 200@20,000, got trade AAA "
        "300@20,000 b x s");
    row("an event too many", "> trade AAA 300@20,000\n> rests b 200@20,000\n",
        ":8: expected nothing more, got filled s 300");
    row("an event that did not come", "cancel b\n> cancelled b 200\n> cancelled s 100",
        ":9: expected cancelled s 100, got nothing");
    row("nothing", "> nothing", ":7: expected nothing, got trade");
    row("accepted", "r: a buys 100 AAA at 20,000 -> PRICE_ABOVE_CEILING",
        ":7: expected PRICE_ABOVE_CEILING, got OK");
    row("refused", "r: a buys 100 AAA at 21,450",
        ":7: expected OK, got PRICE_ABOVE_CEILING price "
        "21450 21400");
    row("another bound", "r: a buys 100 AAA at 21,450 -> PRICE_ABOVE_CEILING price 21,450 21,300",
        ":7: expected PRICE_ABOVE_CEILING price 21,450 21,300, got PRICE_ABOVE_CEILING price 21450 "
        "21400");
    row("order", "expect order b leaves=100", ":7: expected leaves=100, got leaves=200");
    row("book", "expect book AAA bids 200@20,000 asks 100@20,000",
        ":7: expected asks 100@20,000, got asks none");
    row("a level more than said", "c: b buys 100 AAA at 19,900\nexpect book AAA bids 200@20,000",
        ":8: expected bids 200@20,000, got bids 200@20,000 100@19,900");
    row("quote", "expect quote AAA last=19,950", ":7: expected last=19,950, got last=20,000");
    row("cash", "expect cash b held=0", ":7: expected held=0, got held=4,006,000");
    row("shares", "expect shares b AAA sellable=300", ":7: expected sellable=300, got sellable=0");
    row("session", "expect session HOSE BREAK", ":7: expected BREAK, got CONTINUOUS");
    row("auction", "expect auction AAA volume=100", ":7: expected volume=100, got volume=0");
    row("count", "cancel-all b -> OK 2", ":7: expected OK 2, got OK 1");
    row("bare books", "books x\nbook 0 100 200\nadd 0 1 buy 5@100\n> rests 1 4@100",
        ":10: expected rests 1 4@100, got rests 1 5@100");
}

void ScenarioRunnerTest::aFailedExpectationIsNamedAndEndsWithOne()
{
    QFETCH(QByteArray, lines);
    QFETCH(QByteArray, message);
    const Outcome outcome = run(market + lines);
    QCOMPARE(outcome.exitCode, 1);
    QCOMPARE(outcome.out.count("FAIL "), 1);
    QVERIFY2(outcome.out.contains("FAIL " + path().toUtf8() + message), outcome.out);
}

void ScenarioRunnerTest::whatIsNotSaidIsNotCompared()
{
    const Outcome outcome =
        run(market
            + QByteArray("> trade AAA\n> ...\n"
                         "r: a buys 100 AAA at 21450 -> PRICE_ABOVE_CEILING price\n"
                         "expect book AAA bids 200 @ 20000\n"));
    QVERIFY2(outcome.exitCode == 0, outcome.out + outcome.err);
}

void ScenarioRunnerTest::aLineThatIsNotUnderstoodIsNamedAndEndsWithTwo_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("message");
    const auto alone = [](const char *name, const QByteArray &text, const char *message) {
        QTest::newRow(name) << text << QByteArray(message);
    };
    const auto after = [](const char *name, const QByteArray &line, const char *message) {
        QTest::newRow(name) << market + line + "\n" << ":7: " + QByteArray(message);
    };
    alone("an action before the clock", "b: a buys 100 AAA at 1\n", ":1: 'b:' is not one of rules");
    alone("no instrument", "clock 2026-11-20 10:00\n", ":1: 'clock' is not possible yet");
    alone("no date", "instrument AAA HOSE 20,000\nclock 10:00\n", ":2: '10:00' is not a date");
    alone("an impossible date", "instrument AAA HOSE 20,000\nclock 2026-02-30 10:00\n",
          ":2: '2026-02-30' is not a date");
    alone("unknown exchange", "instrument AAA NYSE 1\n", ":1: 'NYSE' is not an exchange");
    alone("a column that does not exist",
          "scenario x\ninstrument AAA HOSE 20,000 color=red\nclock 2026-11-20 10:00\n",
          ":3: 'clock' is not possible");
    alone("a value that does not fit",
          "instrument AAA HOSE 20,000\ninstrument BBB HOSE 20,000 lot=-1\nclock 2026-11-20 10:00\n",
          ".scn:2: CONFIGURATION_ERROR line 3, column lot");
    alone("unknown switch", "policy amend_all = true\n",
          ":1: 'policies.amend_all' is not a rule: 'policies.amend_all': the rules have no "
          "'amend_all' there, but auction_rule");
    alone("unknown value of a switch",
          "policy plo_mode = SOMETIMES\ninstrument AAA HOSE 20,000\nclock 2026-11-20 10:00\n",
          "policies.plo_mode: 'SOMETIMES'");
    alone("a switch without a value", "policy amend_both\n", ":1: the line ends where '='");
    alone("a file that is not there", "rules nowhere.json\n", ":1: 'nowhere.json' is not a file");
    alone("a line too long", QByteArray(1'001, 'x'), ":1: this is no line of text");
    alone("no text", QByteArray("instrument \xff\n"), ":1: this is no line of text");
    alone("a control character", QByteArray("instrument \0 x\n", 15),
          ":1: this is no line of text");
    after("unknown action", "buy 100 AAA", "'buy' is not an action (order, amend");
    after("unknown account", "x: zoe buys 100 AAA at 20,000", "'zoe' is not an account");
    after("unknown symbol", "x: a buys 100 ZZZ at 20,000", "'ZZZ' is not a listed symbol");
    after("a side", "x: a takes 100 AAA at 20,000", "'takes' is not 'buys' or 'sells'");
    after("a quantity", "x: a buys 1,00 AAA at 20,000", "'1,00' is not a quantity");
    after("a price", "x: a buys 100 AAA at 20.5", "'20.5' is not an order type, a price");
    after("neither type nor price", "x: a buys 100 AAA",
          "the line ends where an order type or a price");
    after("a name twice", "b: a buys 100 AAA at 20,000", "'b' is not free");
    after("a deal without a price", "d: a sells 20,000 AAA to b",
          "the line ends where an order type or a price");
    after("unknown deal", "accept s", "'s' is not the name of a put-through deal");
    after("an unknown right", "ex-rights AAA 2026-11-23 gift=1", "'gift=1' is not cash=1,000");
    after("no date of rights", "ex-rights AAA soon", "'soon' is not a date");
    after("unknown order", "cancel x", "'x' is not the name of an order");
    after("nothing to amend", "amend b", "the line ends where a price or a quantity");
    after("no answer", "cancel b ->", "the line ends where the answer that is expected");
    after("unknown expectation", "expect luck", "'luck' is not one of order");
    after("unknown key", "expect order b colour=red",
          "'colour=red' is not KEY=VALUE with one of status, type");
    after("time that goes back", "clock 09:00",
          "'2026-11-20T02:00:00.000Z' is not within 400 days");
    after("time of no day", "clock 25:00", "'25:00' is not a time");
    after("a jump too far", "clock 2030-01-01 10:00",
          "'2030-01-01T03:00:00.000Z' is not within 400 days");
    after("a market that changes", "instrument BBB HOSE 1,000", "'instrument' is not known after");
    after("account twice", "account a plenty", "'a' is not free");
    after("a grant of nothing", "account c cash=ten", "'ten' is not an amount of VND");
    after("an event without words", ">", "the line ends where an event");
    after("words too many", "expect session HOSE BREAK now", "'now' is not known here");
    after("too many books", "books x\nbook 1 100 200", "");
    alone("bare books: off the tick", "books x\nbook 0 150 200 ticks=0:100\n",
          ":2: '150 200' is not a floor above 0");
    alone("bare books: unknown book", "books x\nbook 0 100 200\ncall 1\n",
          ":3: '1' is not the number of a book");
    alone("bare books: unknown operation", "books x\nbook 0 100 200\nsell 1\n",
          ":3: 'sell' is not one of policies, book, add");
}

void ScenarioRunnerTest::aLineThatIsNotUnderstoodIsNamedAndEndsWithTwo()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, message);
    if (message == ":7: ")
        message = ":8: '1' is not the number of the next book";
    const Outcome outcome = run(text);
    QVERIFY2(outcome.exitCode == 2, outcome.out);
    QVERIFY2(outcome.err.contains(message) && outcome.err.contains(path().toUtf8()), outcome.err);
}

void ScenarioRunnerTest::anUnreadableFileIsNamed()
{
    const Outcome missing = run(QStringLiteral("/nonexistent/x.scn"));
    QCOMPARE(missing.exitCode, 2);
    QVERIFY2(missing.err.contains("/nonexistent/x.scn: "), missing.err);
    const QTemporaryDir none;
    const Outcome empty = run(none.path());
    QCOMPARE(empty.exitCode, 2);
    QVERIFY2(empty.err.contains("holds no *.scn file"), empty.err);
    const Outcome large = run(QByteArray((8 << 20) + 1, '#'));
    QCOMPARE(large.exitCode, 2);
    QVERIFY2(large.err.contains("is larger than 8 MiB"), large.err);
}

void ScenarioRunnerTest::aFileOfManyScenariosStartsEachAfresh()
{
    const QByteArray two = "scenario one\n" + QByteArray(market) + "scenario two\n" + market
                           + "expect book AAA bids 200@20,000 asks none\n";
    const Outcome outcome = run(two);
    QVERIFY2(outcome.exitCode == 0, outcome.out + outcome.err);
    QVERIFY2(outcome.out.endsWith("2 scenarios, 6 checks, 0 failed\n"), outcome.out);
}

void ScenarioRunnerTest::rulesAndInstrumentsMayComeFromFiles()
{
    const QString rules = m_directory.filePath(QStringLiteral("rules.json"));
    QFile::remove(rules);
    QVERIFY(QFile::copy(QStringLiteral(KHOP_SOURCE_DIR "/resources/markets.json"), rules));
    QFile instruments(m_directory.filePath(QStringLiteral("list.csv")));
    QVERIFY(instruments.open(QIODevice::WriteOnly));
    instruments.write("symbol,exchange,name,ref\nXYZ,HOSE,Name,12000\n");
    instruments.close();
    const Outcome outcome = run(QByteArray("rules rules.json\ninstruments list.csv\n"
                                           "clock 2026-11-20 10:00\n"
                                           "expect quote XYZ reference=12,000 ceiling=12,800\n"
                                           "scenario the-list-that-comes-with-the-program\n"
                                           "instruments default\nclock 2026-11-20 10:00\n"
                                           "expect quote ACB reference=24,000\n"));
    QVERIFY2(outcome.exitCode == 0, outcome.out + outcome.err);
}

/// Every block of docs/SCENARIOS.md that is marked as a scenario.
void ScenarioRunnerTest::theDocumentedExamplesRun()
{
    QFile page(QStringLiteral(KHOP_SOURCE_DIR "/docs/SCENARIOS.md"));
    QVERIFY(page.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(page.readAll());
    static const QRegularExpression block(QStringLiteral("```scenario\\n(.*?)```"),
                                          QRegularExpression::DotMatchesEverythingOption);
    int count = 0;
    for (auto it = block.globalMatch(text); it.hasNext(); ++count) {
        const Outcome outcome = run(it.next().captured(1).toUtf8());
        QVERIFY2(outcome.exitCode == 0, outcome.out + outcome.err);
    }
    QVERIFY(count >= 2);
}

QTEST_GUILESS_MAIN(ScenarioRunnerTest)
#include "tst_scenario_runner.moc"
