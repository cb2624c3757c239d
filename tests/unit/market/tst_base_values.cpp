// SPDX-License-Identifier: GPL-3.0-or-later
#include "market_fixture.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/ids.h"
#include "base/wide.h"

#include <QRandomGenerator>

#include <limits>

using namespace khop;
using namespace khop::tests;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 greatest = std::numeric_limits<qint64>::max();
constexpr qint64 least = std::numeric_limits<qint64>::min();

} // namespace

class BaseValuesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decimalsAreReadExactly_data();
    void decimalsAreReadExactly();
    void decimalsThatAreNotPlainAreRefused_data();
    void decimalsThatAreNotPlainAreRefused();
    void decimalsAreWritten_data();
    void decimalsAreWritten();
    void decimalsSurviveTheRoundTrip();
    void ratiosRoundHalfAwayFromZero_data();
    void ratiosRoundHalfAwayFromZero();
    void momentsAreRead_data();
    void momentsAreRead();
    void textThatIsNoMomentIsRefused_data();
    void textThatIsNoMomentIsRefused();
    void momentsSurviveTheRoundTrip();
    void everyDayOfFourCenturiesSurvivesTheRoundTrip();
    void timesOfDayAreRead_data();
    void timesOfDayAreRead();
    void vietnamIsSevenHoursAhead();
    void uuidsSurviveTheRoundTrip();
    void textThatIsNoUuidIsRefused_data();
    void textThatIsNoUuidIsRefused();
    void uuidsOfVersionSevenSortByTime();
    void practiceClockHoldsStill();
    void practiceClockRunsAtItsSpeed();
    void ticksChangeWhereTheTableSays_data();
    void ticksChangeWhereTheTableSays();
};

void BaseValuesTest::decimalsAreReadExactly_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("scale");
    QTest::addColumn<qint64>("raw");
    const auto row = [](const char *text, int scale, qint64 raw) {
        QTest::addRow("%s at %d", text, scale) << QByteArray(text) << scale << raw;
    };
    row("0", 0, 0);
    row("-0", 0, 0);
    row("85500", 0, 85'500);
    row("85.5", 2, 8'550);
    row("85.5", 3, 85'500);
    row("85.50", 1, 855);
    row("85.000", 0, 85);
    row("0085", 0, 85);
    row("-1.25", 2, -125);
    row("0.00000001", 8, 1);
    row("-0.00000001", 8, -1);
    row("92233720368.54775807", 8, greatest);
    row("9223372036854775807", 0, greatest);
    row("-9223372036854775808", 0, least);
    row("9.223372036854775807", 18, greatest);
    row("000000000000000000000000000000000000000000000000000000007", 0, 7);
}

void BaseValuesTest::decimalsAreReadExactly()
{
    QFETCH(QByteArray, text);
    QFETCH(int, scale);
    QFETCH(qint64, raw);
    const auto parsed = parseDecimal(text.toStdString(), scale);
    QVERIFY(parsed);
    QCOMPARE(*parsed, raw);
}

void BaseValuesTest::decimalsThatAreNotPlainAreRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("scale");
    const auto row = [](const char *text, int scale) {
        QTest::addRow("'%s' at %d", text, scale) << QByteArray(text) << scale;
    };
    for (const char *text : {"", "-", ".", "5.", ".5", "+5", " 5", "5 ", "1e3", "1E3", "1,000",
                             "1.000.000", "0x10", "--1", "1-", "NaN", "inf", "1_000", "٣"})
        row(text, 2);
    row("85.5", 0);
    row("85.505", 2);
    row("0.000000001", 8);
    row("9223372036854775808", 0);
    row("-9223372036854775809", 0);
    row("92233720368.54775808", 8);
    row("9223372036854775807", 1);
    row("99999999999999999999999999999999999999999999999999999999", 0);
}

void BaseValuesTest::decimalsThatAreNotPlainAreRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(int, scale);
    QVERIFY(!parseDecimal(text.toStdString(), scale));
}

void BaseValuesTest::decimalsAreWritten_data()
{
    QTest::addColumn<QString>("got");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *expected, const std::string &got) {
        QTest::addRow("%s", expected) << shown(got) << QString::fromLatin1(expected);
    };
    row("0", formatDecimal(0, 0));
    row("0.00", formatDecimal(0, 2));
    row("0.05", formatDecimal(5, 2));
    row("-0.05", formatDecimal(-5, 2));
    row("85.50", formatDecimal(8'550, 2));
    row("85.5", formatDecimal(8'550, 2, true));
    row("85", formatDecimal(8'500, 2, true));
    row("8500", formatDecimal(8'500, 0, true));
    row("0", formatDecimal(0, 8, true));
    row("9223372036854775807", formatDecimal(greatest, 0));
    row("-92233720368.54775808", formatDecimal(least, 8));
    row("1", formatGrouped(1));
    row("999", formatGrouped(999));
    row("1,000", formatGrouped(1'000));
    row("-999", formatGrouped(-999));
    row("-1,000", formatGrouped(-1'000));
    row("-123,456", formatGrouped(-123'456));
    row("1,234,567", formatGrouped(1'234'567));
    row("12,345.67", formatGrouped(1'234'567, 2));
    row("-9,223,372,036,854,775,808", formatGrouped(least));
}

void BaseValuesTest::decimalsAreWritten()
{
    QFETCH(QString, got);
    QFETCH(QString, expected);
    QCOMPARE(got, expected);
}

void BaseValuesTest::decimalsSurviveTheRoundTrip()
{
    QRandomGenerator random(20'261'120);
    for (int i = 0; i < 20'000; ++i) {
        const auto raw = static_cast<qint64>(random.generate64()) >> random.bounded(64);
        const int scale = random.bounded(19);
        QCOMPARE(parseDecimal(formatDecimal(raw, scale), scale), std::optional<std::int64_t>(raw));
        QCOMPARE(parseDecimal(formatDecimal(raw, scale, true), scale),
                 std::optional<std::int64_t>(raw));
        std::string grouped = formatGrouped(raw, scale);
        std::erase(grouped, ',');
        QCOMPARE(grouped, formatDecimal(raw, scale));
    }
}

void BaseValuesTest::ratiosRoundHalfAwayFromZero_data()
{
    QTest::addColumn<qint64>("numerator");
    QTest::addColumn<qint64>("denominator");
    QTest::addColumn<int>("decimals");
    QTest::addColumn<QString>("expected");
    const auto row = [](qint64 numerator, qint64 denominator, int decimals, const char *expected) {
        QTest::addRow("%lld/%lld", static_cast<long long>(numerator),
                      static_cast<long long>(denominator))
            << numerator << denominator << decimals << QString::fromLatin1(expected);
    };
    row(1, 3, 4, "0.3333");
    row(2, 3, 4, "0.6667");
    row(1, 8, 2, "0.13");
    row(-1, 8, 2, "-0.13");
    row(1, -8, 2, "-0.13");
    row(-1, -8, 2, "0.13");
    row(-1, 1'000, 2, "0.00");
    row(100, 1, 0, "100");
    row(7, 0, 2, "0.00");
    row(greatest, 1, 4, "9223372036854775807.0000");
    row(least, 1, 2, "-9223372036854775808.00");
}

void BaseValuesTest::ratiosRoundHalfAwayFromZero()
{
    QFETCH(qint64, numerator);
    QFETCH(qint64, denominator);
    QFETCH(int, decimals);
    QFETCH(QString, expected);
    QCOMPARE(shown(formatRatio(numerator, denominator, decimals)), expected);
}

void BaseValuesTest::momentsAreRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("moment");
    const auto row = [](const char *text, const char *moment) {
        QTest::newRow(text) << QByteArray(text) << QString::fromLatin1(moment);
    };
    row("2026-11-20T02:05:00Z", "2026-11-20T02:05:00.000Z");
    row("2026-11-20T09:05:00+07:00", "2026-11-20T02:05:00.000Z");
    row("2026-11-20T00:05:00.1+07:00", "2026-11-19T17:05:00.100Z");
    row("2026-11-20T02:05:00.123456789Z", "2026-11-20T02:05:00.123Z");
    row("2026-12-31T23:59:59.999-00:30", "2027-01-01T00:29:59.999Z");
    row("2024-02-29t00:00:00z", "2024-02-29T00:00:00.000Z");
    row("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z");
    row("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z");
    row("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z");
}

void BaseValuesTest::momentsAreRead()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, moment);
    const auto parsed = parseIsoTime(text.toStdString());
    QVERIFY(parsed);
    QCOMPARE(shown(isoTime(*parsed)), moment);
}

void BaseValuesTest::textThatIsNoMomentIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"",
                             "2026-11-20",
                             "2026-11-20T09:05:00",
                             "2026-11-20T09:05Z",
                             "2026-11-20 09:05:00Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-02-29T00:00:00Z",
                             "2026-11-31T00:00:00Z",
                             "2026-11-20T24:00:00Z",
                             "2026-11-20T23:60:00Z",
                             "2026-11-20T23:59:60Z",
                             "2026-11-20T09:05:00+7",
                             "2026-11-20T09:05:00+0700",
                             "2026-11-20T09:05:00+24:00",
                             "2026-11-20T09:05:00.Z",
                             "2026-11-20T09:05:00.1234567890Z",
                             "2026-11-20T09:05:00ZZ",
                             " 2026-11-20T09:05:00Z",
                             "26-11-20T09:05:00Z",
                             "2026-1-20T09:05:00Z",
                             "-026-11-20T09:05:00Z"})
        QTest::newRow(text) << QByteArray(text);
}

void BaseValuesTest::textThatIsNoMomentIsRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!parseIsoTime(text.toStdString()));
}

void BaseValuesTest::momentsSurviveTheRoundTrip()
{
    QRandomGenerator random(7);
    for (int i = 0; i < 20'000; ++i) {
        const Time time{static_cast<qint64>(random.generate64() >> 18) - (qint64{1} << 45)};
        QCOMPARE(parseIsoTime(isoTime(time)), std::optional(time));
    }
}

void BaseValuesTest::everyDayOfFourCenturiesSurvivesTheRoundTrip()
{
    int weekday = dateOf(1800, 1, 1).weekday();
    for (Date date = dateOf(1800, 1, 1); date < dateOf(2200, 1, 1); date = date + 1) {
        QCOMPARE(parseIsoDate(isoDate(date)), std::optional(date));
        QCOMPARE(date.weekday(), weekday);
        weekday = weekday % 7 + 1;
    }
    QCOMPARE(dateOf(2026, 11, 20).weekday(), 5);
    QCOMPARE(yearOf(dateOf(2026, 12, 31)), 2026);
    QCOMPARE(dateOf(1970, 1, 1).day, 0);
}

void BaseValuesTest::timesOfDayAreRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("milliseconds"); // -1: refused
    const auto row = [](const char *text, qint64 milliseconds) {
        QTest::newRow(text) << QByteArray(text) << milliseconds;
    };
    row("00:00", 0);
    row("09:15", 33'300'000);
    row("14:55:30", 53'730'000);
    row("24:00", 86'400'000);
    for (const char *text :
         {"", "9:15", "09:15:", "09:60", "24:01", "25:00", "09.15", "09:15:60", "09:15Z"})
        row(text, -1);
}

void BaseValuesTest::timesOfDayAreRead()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, milliseconds);
    QCOMPARE(parseTimeOfDay(text.toStdString()).value_or(-1), milliseconds);
}

void BaseValuesTest::vietnamIsSevenHoursAhead()
{
    const Time evening = *parseIsoTime("2026-11-19T17:00:00Z");
    QCOMPARE(vietnamDate(evening), dateOf(2026, 11, 20));
    QCOMPARE(vietnamTimeOfDay(evening), 0);
    QCOMPARE(vietnamDate(evening + -1), dateOf(2026, 11, 19));
    QCOMPARE(vietnamTimeOfDay(evening + -1), millisecondsPerDay - 1);
    QCOMPARE(vietnamTime(dateOf(2026, 11, 20), 0), evening);
    QCOMPARE(shown(formatTimeOfDay(33'300'000)), u"09:15"_s);
}

void BaseValuesTest::uuidsSurviveTheRoundTrip()
{
    const auto id = Uuid::parse("0192fe4d-7bd4-7abc-8def-0123456789ab");
    QVERIFY(id);
    QCOMPARE(shown(id->text()), u"0192fe4d-7bd4-7abc-8def-0123456789ab"_s);
    QCOMPARE(Uuid::parse("0192FE4D-7BD4-7ABC-8DEF-0123456789AB"), id);
    QCOMPARE(shown(Uuid{}.text()), u"00000000-0000-0000-0000-000000000000"_s);
    QVERIFY(Uuid{}.isNull() && !id->isNull());
    QRandomGenerator random(11);
    for (int i = 0; i < 1'000; ++i) {
        const Uuid any{random.generate64(), random.generate64()};
        QCOMPARE(Uuid::parse(any.text()), std::optional(any));
    }
}

void BaseValuesTest::textThatIsNoUuidIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
         {"", "0192fe4d7bd47abc8def0123456789ab", "{0192fe4d-7bd4-7abc-8def-0123456789ab}",
          "0192fe4d-7bd4-7abc-8def-0123456789a", "0192fe4d-7bd4-7abc-8def-0123456789abc",
          "0192fe4d-7bd4-7abc-8def-0123456789ag", "0192fe4d_7bd4-7abc-8def-0123456789ab",
          "0192fe4-d7bd4-7abc-8def-0123456789ab"})
        QTest::newRow(text) << QByteArray(text);
}

void BaseValuesTest::textThatIsNoUuidIsRefused()
{
    QFETCH(QByteArray, text);
    QVERIFY(!Uuid::parse(text.toStdString()));
}

void BaseValuesTest::uuidsOfVersionSevenSortByTime()
{
    const Time time = *parseIsoTime("2026-11-20T02:05:00.123Z");
    const Uuid id = uuid7(time, 0xFFFF'FFFF, ~std::uint64_t{0});
    const QString text = shown(id.text());
    QCOMPARE(text[14], u'7');
    QVERIFY(u"89ab"_s.contains(text[19]));
    QCOMPARE(static_cast<std::int64_t>(id.high >> 16), time.ms);
    QCOMPARE(uuid7Low(uuid7(time, 1, 42)), std::uint64_t{42});
    QCOMPARE(uuid7Low(id), 0x3FFF'FFFF'FFFF'FFFFU);
    QVERIFY(id < uuid7(time + 1, 0, 0));
    QVERIFY(id.text() < uuid7(time + 1, 0, 0).text());
    QVERIFY(uuid7(time, 1, 5) < uuid7(time, 1, 6));
}

void BaseValuesTest::practiceClockHoldsStill()
{
    const Time open = *parseIsoTime("2026-11-20T02:00:00Z");
    PracticeClock clock(open, 0);
    QCOMPARE(clock.now(), open);
    clock.jumpTo(open + 900'000);
    QCOMPARE(clock.now(), open + 900'000);
    clock.setSpeed(1'000);
    QCOMPARE(clock.speed(), 100);
    clock.setSpeed(-1);
    QCOMPARE(clock.speed(), 0);
    const Time held = clock.now();
    QVERIFY(held >= open + 900'000);
    QCOMPARE(clock.now(), held);
}

void BaseValuesTest::practiceClockRunsAtItsSpeed()
{
    const Time open = *parseIsoTime("2026-11-20T02:00:00Z");
    const std::int64_t before = steadyNanoseconds();
    PracticeClock clock(open, 100);
    const std::int64_t made = steadyNanoseconds();
    QTRY_VERIFY(clock.now() - open >= 1'000); // ten milliseconds of ours
    const std::int64_t started = steadyNanoseconds();
    const Time now = clock.now();
    const std::int64_t ended = steadyNanoseconds();
    QVERIFY(now - open >= (started - made) / 10'000);
    QVERIFY(now - open <= (ended - before) / 10'000 + 1);
    clock.setSpeed(0);
    QVERIFY(clock.now() >= now);
}

void BaseValuesTest::ticksChangeWhereTheTableSays_data()
{
    QTest::addColumn<qint64>("price");
    QTest::addColumn<qint64>("down");
    QTest::addColumn<qint64>("floored");
    QTest::addColumn<qint64>("ceiled");
    QTest::addColumn<qint64>("up");
    const auto valid = [](qint64 price, qint64 down, qint64 up) {
        QTest::addRow("%lld", static_cast<long long>(price))
            << price << down << price << price << up;
    };
    const auto between = [](qint64 price, qint64 floored, qint64 ceiled) {
        QTest::addRow("%lld", static_cast<long long>(price))
            << price << qint64{-1} << floored << ceiled << qint64{-1};
    };
    valid(10, 0, 20);
    valid(9'990, 9'980, 10'000);
    valid(10'000, 9'990, 10'050);
    valid(10'050, 10'000, 10'100);
    valid(49'950, 49'900, 50'000);
    valid(50'000, 49'950, 50'100);
    valid(50'100, 50'000, 50'200);
    between(9'995, 9'990, 10'000);
    between(10'010, 10'000, 10'050);
    between(49'999, 49'950, 50'000);
    between(50'050, 50'000, 50'100);
    between(1, 0, 10);
}

void BaseValuesTest::ticksChangeWhereTheTableSays()
{
    QFETCH(qint64, price);
    QFETCH(qint64, down);
    QFETCH(qint64, floored);
    QFETCH(qint64, ceiled);
    QFETCH(qint64, up);
    const TickTable &ticks = shippedRules().of(Exchange::HOSE).shareTicks;
    QCOMPARE(ticks.isOnTick(Price(price)), down >= 0);
    QCOMPARE(ticks.floorToTick(Price(price)), Price(floored));
    QCOMPARE(ticks.ceilToTick(Price(price)), Price(ceiled));
    if (down >= 0) {
        QCOMPARE(ticks.down(Price(price)), Price(down));
        QCOMPARE(ticks.up(Price(price)), Price(up));
    }
    QVERIFY(!ticks.isOnTick(Price(-10)));
}

QTEST_GUILESS_MAIN(BaseValuesTest)
#include "tst_base_values.moc"
