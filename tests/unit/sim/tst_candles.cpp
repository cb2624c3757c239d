// SPDX-License-Identifier: GPL-3.0-or-later
// Daily candles: units are told and never guessed, broken files say where, and a planned day keeps to
// its candle.
#include "engine_fixture.h"

#include "sim/candles.h"

#include <QDir>
#include <QTemporaryDir>

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

namespace {

const std::string head = "Date,Open,High,Low,Close,Volume\n";

CandleFile file(const std::string &rows, const char *name = "FPT.csv")
{
    auto parsed = parseCandles(head + rows, name);
    if (!parsed)
        qFatal("%s: %s", parsed.error().field.c_str(), parsed.error().value.c_str());
    return *parsed;
}

} // namespace

class CandlesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void brokenFilesSayWhere_data();
    void brokenFilesSayWhere();
    void theUnitIsDetectedWithItsReason_data();
    void theUnitIsDetectedWithItsReason();
    void longDecimalsAreRounded();
    void aDayOutsideTheCandlesIsRefused();
    void aPlannedDayKeepsToItsCandle();
    void theNextDayFollowsTheNextCandle();
    void aPlanInTheMiddleOfADayWaitsForTheNext();
    void realCandles();
};

void CandlesTest::brokenFilesSayWhere_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *name, const QString &line, const QString &field) {
        QTest::newRow(name) << QString::fromStdString(head) + u"2024-01-02,10,12,9,11,100\n"_s
                                   + line
                            << u"X.csv: "_s + field;
    };
    QTest::newRow("empty") << QString() << u"X.csv"_s;
    QTest::newRow("header") << u"Date;Open\n"_s << u"X.csv: line 1"_s;
    QTest::newRow("header only") << QString::fromStdString(head) << u"X.csv"_s;
    row("few cells", u"2024-01-03,10,12,9,11"_s, u"line 3"_s);
    row("not a date", u"03/01/2024,10,12,9,11,1"_s, u"line 3, Date"_s);
    row("same day", u"2024-01-02,10,12,9,11,1"_s, u"line 3, Date"_s);
    row("earlier day", u"2024-01-01,10,12,9,11,1"_s, u"line 3, Date"_s);
    row("not a number", u"2024-01-03,ten,12,9,11,1"_s, u"line 3, Open"_s);
    row("not a number for C", u"2024-01-03,10,nan,9,11,1"_s, u"line 3, High"_s);
    row("exponent", u"2024-01-03,10,1e3,9,11,1"_s, u"line 3, High"_s);
    row("zero", u"2024-01-03,10,12,0,11,1"_s, u"line 3, Low"_s);
    row("negative", u"2024-01-03,10,12,-9,11,1"_s, u"line 3, Low"_s);
    row("absurd", u"2024-01-03,10,12,9,99999999999999999999,1"_s, u"line 3, Close"_s);
    row("negative volume", u"2024-01-03,10,12,9,11,-1"_s, u"line 3, Volume"_s);
    row("absurd volume", u"2024-01-03,10,12,9,11,9999999999999"_s, u"line 3, Volume"_s);
    row("high below low", u"2024-01-03,10,9,12,11,1"_s, u"line 3, High"_s);
    row("open outside", u"2024-01-03,13,12,9,11,1"_s, u"line 3, Open"_s);
    row("close outside", u"2024-01-03,10,12,9,8,1"_s, u"line 3, Close"_s);
    row("open quote", u"2024-01-03,\"10,12,9,11,1"_s, u"line 3"_s);
    row("endless line", QString(5'000, u'1'), u"line 3"_s);
    row("blank line", u"\n2024-01-03,10,12,9,11,1"_s, u"line 3"_s);
}

void CandlesTest::brokenFilesSayWhere()
{
    QFETCH(QString, text);
    QFETCH(QString, field);
    const auto parsed = parseCandles(text.toStdString(), "X.csv");
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, Code::FILE_INVALID);
    QCOMPARE(QString::fromStdString(parsed.error().field), field);
    QVERIFY(!parsed.error().bound.empty());
    QVERIFY(parsed.error().value.size() < 100);
}

void CandlesTest::theUnitIsDetectedWithItsReason_data()
{
    QTest::addColumn<QString>("rows");
    QTest::addColumn<int>("unit"); // -1: not clear
    QTest::addColumn<int>("why");
    using Why = DetectedUnit::Why;
    const auto row = [](const char *name, const char *rows, int unit, Why why) {
        QTest::newRow(name) << QString::fromLatin1(rows) << unit << static_cast<int>(why);
    };
    const int dong = static_cast<int>(CandleUnit::Vnd);
    const int thousand = static_cast<int>(CandleUnit::ThousandVnd);
    row("decimals", "2024-01-02,105.5,106,105,106,9", thousand, Why::Fractions);
    row("small", "2024-01-02,10,12,9,11,9", thousand, Why::Small);
    row("large", "2024-01-02,105500,106000,105000,106000,9", dong, Why::Large);
    row("between", "2024-01-02,500,600,400,500,9", -1, Why::Mixed);
    row("both", "2024-01-02,50,6000,40,5000,9", -1, Why::Mixed);
}

void CandlesTest::theUnitIsDetectedWithItsReason()
{
    QFETCH(QString, rows);
    QFETCH(int, unit);
    QFETCH(int, why);
    const DetectedUnit detected = detectUnit({file(rows.toStdString())});
    QCOMPARE(detected.unit ? static_cast<int>(*detected.unit) : -1, unit);
    QCOMPARE(static_cast<int>(detected.why), why);
    if (detected.unit)
        QVERIFY(detected.example.starts_with("FPT.csv line 2: "));
}

void CandlesTest::longDecimalsAreRounded()
{
    const CandleFile read = file("2024-01-02,15.270999999999999,15.271,15.2709999,15.271,9");
    QCOMPARE(read.candles[0].open, 15'271'000);
    QCOMPARE(read.candles[0].low, 15'271'000);
}

void CandlesTest::aDayOutsideTheCandlesIsRefused()
{
    EngineFixture f;
    const auto plan = planDays({file("2024-01-02,105,106,105,106,9\n")}, CandleUnit::ThousandVnd,
                               dateOf(2024, 1, 3), f.engine.exchange().instruments());
    QVERIFY(!plan);
    QCOMPARE(plan.error().field, std::string("candle_date"));
    QCOMPARE(plan.error().value, std::string("2024-01-03"));
}

namespace {

Error setPlan(EngineFixture &f, const std::vector<CandleFile> &files,
              std::optional<Date> from = std::nullopt, std::uint32_t *waiting = nullptr)
{
    auto plan = planDays(files, CandleUnit::ThousandVnd, from, f.engine.exchange().instruments());
    if (!plan)
        return plan.error();
    ByteWriter bytes;
    plan->plan.save(bytes);
    const CommandResult result = f.apply(f.engine.now(), PlanDays{bytes.take()});
    if (waiting)
        *waiting = result.count;
    return result.error;
}

} // namespace

void CandlesTest::aPlannedDayKeepsToItsCandle()
{
    EngineFixture f;
    f.apply(f.engine.now(), SetParticipants{true, 21});
    const std::vector<CandleFile> files{
        file("2024-01-02,95,96,94,95.0,900\n2024-01-03,96.1,99.3,95.2,98.4,4200000\n"),
        file("2024-01-02,30,31,29,30.0,900\n2024-01-03,30.5,30.6,28.2,28.4,22000000\n", "HPG.csv"),
        file("2024-01-02,16,17,16,16.0,900\n2024-01-03,16.2,17.3,15.9,17.1,9000000\n", "SHS.csv"),
        file("2024-01-02,90,91,90,90.0,900\n2024-01-03,91,93,88.5,92.1,400000\n", "VGI.csv")};
    QCOMPARE(setPlan(f, files).code, Code::OK);
    QCOMPARE(f.engine.exchange().instrument(f.symbol("FPT")).reference, Price(95'000));
    QCOMPARE(f.engine.exchange().instrument(f.symbol("FPT")).ceiling, Price(101'600));
    f.run("2026-11-20T15:05:00+07:00");
    const std::vector<CandleFile> &planned = files;
    for (const CandleFile &want : planned) {
        const Candle &candle = want.candles.back();
        const Quote quote = f.engine.exchange().quote(f.symbol(want.symbol));
        const char *symbol = want.symbol.c_str();
        QVERIFY2(quote.open && quote.last, symbol);
        QCOMPARE(quote.open->raw(), candle.open / 1000);
        QCOMPARE(quote.high->raw(), candle.high / 1000);
        QCOMPARE(quote.low->raw(), candle.low / 1000);
        QCOMPARE(quote.last->raw(), candle.close / 1000);
        const std::int64_t volume = quote.volume.raw();
        QVERIFY2(volume * 2 > candle.volume.raw() && volume < candle.volume.raw() * 2,
                 qPrintable(QString::number(volume)));
    }
    QCOMPARE(replayed(f.journal.bytes()), f.engine.stateHash());
}

void CandlesTest::theNextDayFollowsTheNextCandle()
{
    EngineFixture f("2026-11-19T08:55:00+07:00");
    f.apply(f.engine.now(), SetParticipants{true, 22});
    QCOMPARE(setPlan(f, {file("2024-01-02,95,96,94,95.5,900000\n2024-01-03,96,99,95,98,800000\n")},
                     dateOf(2024, 1, 2))
                 .code,
             Code::OK);
    f.run("2026-11-20T15:05:00+07:00", 5'000);
    const InstrumentIndex fpt = f.symbol("FPT");
    QCOMPARE(f.engine.exchange().instrument(fpt).reference, Price(95'500));
    QCOMPARE(f.engine.exchange().quote(fpt).last, std::optional(Price(98'000)));
    f.run("2026-11-23T10:00:00+07:00", 5'000); // past the candles the crowd goes on by itself
    QCOMPARE(f.engine.exchange().instrument(fpt).reference, Price(98'000));
    QVERIFY(f.engine.exchange().quote(fpt).volume > Quantity(0));
}

void CandlesTest::aPlanInTheMiddleOfADayWaitsForTheNext()
{
    EngineFixture f;
    f.apply(f.engine.now(), SetParticipants{true, 23});
    f.run("2026-11-20T10:00:00+07:00");
    const InstrumentIndex fpt = f.symbol("FPT");
    const Price before = f.engine.exchange().instrument(fpt).reference;
    std::uint32_t waiting = 0;
    QCOMPARE(setPlan(f, {file("2024-01-02,95,96,94,95.5,900000\n2024-01-03,96,99,95,98,800000\n")},
                     dateOf(2024, 1, 3), &waiting)
                 .code,
             Code::OK);
    QCOMPARE(waiting, 1U);
    QCOMPARE(f.engine.exchange().instrument(fpt).reference, before);
    f.run("2026-11-23T09:20:00+07:00", 5'000);
    QCOMPARE(f.engine.exchange().instrument(fpt).reference, Price(95'500));
    QCOMPARE(f.engine.exchange().quote(fpt).open, std::optional(Price(96'000)));
}

void CandlesTest::realCandles()
{
    const QString folder = qEnvironmentVariable("KHOP_TEST_CANDLES");
    if (folder.isEmpty() || !QDir(folder).exists())
        QSKIP("KHOP_TEST_CANDLES names no folder of daily candles");
    EngineFixture f;
    f.apply(f.engine.now(), SetParticipants{true, 24});
    std::vector<CandleFile> files;
    for (const QFileInfo &entry : QDir(folder).entryInfoList({u"*.csv"_s}, QDir::Files)) {
        auto read = readCandles(entry.filePath());
        if (!read) { // real files have their faults, and are told where
            QVERIFY(read.error().field.find(": line ") != std::string::npos);
            continue;
        }
        files.push_back(std::move(read->front()));
    }
    QVERIFY(files.size() > 5);
    const DetectedUnit detected = detectUnit(files);
    QCOMPARE(detected.unit, std::optional(CandleUnit::ThousandVnd));
    QCOMPARE(setPlan(f, files).code, Code::OK);
    f.run("2026-11-20T15:05:00+07:00");
    int checked = 0;
    for (const CandleFile &want : files) {
        const Instrument &instrument = f.engine.exchange().instrument(f.symbol(want.symbol));
        const Quote quote = f.engine.exchange().quote(instrument.index);
        const Candle &candle = want.candles.back();
        const std::int64_t close = candle.close / 1000;
        const std::int64_t tick = instrument.ticks.tickAt(Price(close)).raw();
        if (close > instrument.ceiling.raw() || close < instrument.floor.raw())
            continue; // the files are adjusted for dividends, the band is not
        QVERIFY2(quote.last && std::abs(quote.last->raw() - close) <= tick, want.symbol.c_str());
        QVERIFY2(std::abs(quote.high->raw() - candle.high / 1000) <= tick, want.symbol.c_str());
        QVERIFY2(std::abs(quote.low->raw() - candle.low / 1000) <= tick, want.symbol.c_str());
        ++checked;
    }
    QVERIFY(checked > 5);
}

QTEST_GUILESS_MAIN(CandlesTest)
#include "tst_candles.moc"
