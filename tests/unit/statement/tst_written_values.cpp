// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and dates as brokers write them: what they are, and what is none.
#include "statement_fixture.h"

using namespace khop;

class WrittenValuesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbers_data();
    void numbers();
    void times_data();
    void times();
    void whatDoesNotDifferNeedsNoDecision();
    void moreRefusalsDecide();
    void whatDiffersStaysOpen();
};

void WrittenValuesTest::numbers_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("points"); // with points in groups; empty: none
    QTest::addColumn<QString>("commas");
    const auto row = [](const char *written, const char *points, const char *commas) {
        QTest::newRow(written) << QString::fromUtf8(written) << QString::fromLatin1(points)
                               << QString::fromLatin1(commas);
    };
    row("1234567", "1234567", "1234567");
    row("1.234.567", "1234567", "");
    row("1,234,567", "", "1234567");
    row("1.234.567,50", "1234567.50", "");
    row("1,234,567.50", "", "1234567.50");
    row("31.000", "31000", "31.000");
    row("31,000", "31.000", "31000");
    row("31.05", "", "31.05");
    row("31,05", "31.05", "");
    row("0", "0", "0");
    row("0.500", "", "0.500");
    row("0,000", "0.000", "");
    row("-1.000.000", "-1000000", "");
    row("(1,000,000)", "", "-1000000");
    row("- 500", "-500", "-500");
    row("+500", "500", "500");
    row("500 đ", "500", "500");
    row("500VND", "500", "500");
    row("1.000.000 ₫", "1000000", "");
    row(" 500\xC2\xA0", "500", "500");
    for (const char *none :
         {"",           "-",           "x",
          "1e5",        "1 000",       "1.23.456",
          "1.2345.678", ".5",          "5.",
          "5,",         ",5",          "1..000",
          "1,,000",     "--5",         "(5",
          "5)",         "()",          "(-5)",
          "0x10",       "1.234,567.8", "1,234.567,8",
          "nan",        "VND",         "１２３",
          "5-",         "1.000.00",    "12345678901234567890123456789012345678901"})
        row(none, "", "");
}

void WrittenValuesTest::numbers()
{
    QFETCH(QString, written);
    QFETCH(QString, points);
    QFETCH(QString, commas);
    if (written == u"5," || written == u",5" || written == u"5." || written == u".5")
        QVERIFY(points.isEmpty() && commas.isEmpty());
    const auto read = [&](NumberMarks marks) {
        return QString::fromStdString(plainNumber(written.toStdString(), marks).value_or(""));
    };
    QCOMPARE(read(NumberMarks::PointGroups), points);
    QCOMPARE(read(NumberMarks::CommaGroups), commas);
}

void WrittenValuesTest::times_data()
{
    QTest::addColumn<QString>("written");
    QTest::addColumn<QString>("dayFirst"); // YYYY-MM-DD seconds; empty: none
    QTest::addColumn<QString>("monthFirst");
    const auto row = [](const char *written, const char *dayFirst, const char *monthFirst) {
        QTest::newRow(written) << QString::fromUtf8(written) << QString::fromLatin1(dayFirst)
                               << QString::fromLatin1(monthFirst);
    };
    row("02/11/2026", "2026-11-02", "2026-02-11");
    row("2/1/2026", "2026-01-02", "2026-02-01");
    row("25-11-2026", "2026-11-25", "");
    row("11.25.2026", "", "2026-11-25");
    row("2026-11-02", "2026-11-02", "2026-11-02");
    row("2026/11/02", "2026-11-02", "2026-11-02");
    row("29/02/2028", "2028-02-29", "");
    row("02/11/2026 09:16", "2026-11-02 33360", "2026-02-11 33360");
    row("02/11/2026 9:16:05", "2026-11-02 33365", "2026-02-11 33365");
    row("02/11/2026 09:16:05.123", "2026-11-02 33365", "2026-02-11 33365");
    row("2026-11-02T09:16:05", "2026-11-02 33365", "2026-11-02 33365");
    row("09:16:05 25/11/2026", "2026-11-25 33365", "");
    for (const char *none : {"",
                             "x",
                             "02/11/26",
                             "02/11",
                             "2026",
                             "31/02/2026",
                             "29/02/2027",
                             "00/11/2026",
                             "02/13/2026x",
                             "02/11-2026",
                             "2026-11-02 25:00",
                             "02/11/2026 9",
                             "02/11/2026 09:61",
                             "02/11/2026 ",
                             "46328",
                             "2026-11-02T",
                             "002/11/2026",
                             "02/11/20266",
                             "2026-11-02 9:1:x",
                             "2026-11-02 09:16:05.x",
                             "2026-11-02 24:00"}) {
        if (QByteArray(none) != "02/11/2026 ")
            row(none, "", "");
    }
    row("02/11/2026 ", "2026-11-02", "2026-02-11");
}

void WrittenValuesTest::times()
{
    QFETCH(QString, written);
    QFETCH(QString, dayFirst);
    QFETCH(QString, monthFirst);
    const auto read = [&](DateOrder order) {
        const auto time = writtenTime(written.toStdString(), order);
        if (!time)
            return QString();
        QString text = QString::fromStdString(isoDate(time->day));
        if (time->timeOfDay)
            text += u' ' + QString::number(*time->timeOfDay / 1000);
        return text;
    };
    QCOMPARE(read(DateOrder::DayFirst), dayFirst);
    QCOMPARE(read(DateOrder::MonthFirst), monthFirst);
}

namespace {

ReadingVote<NumberMarks> voteOn(std::initializer_list<const char *> cells)
{
    ReadingVote<NumberMarks> vote;
    std::size_t line = 1;
    for (const char *cell : cells)
        vote.add(plainNumber(cell, NumberMarks::PointGroups),
                 plainNumber(cell, NumberMarks::CommaGroups), cell, line++, 0);
    return vote;
}

std::optional<NumberMarks> decided(std::initializer_list<const char *> cells)
{
    return voteOn(cells).decided(NumberMarks::PointGroups, NumberMarks::CommaGroups);
}

} // namespace

void WrittenValuesTest::whatDoesNotDifferNeedsNoDecision()
{
    QVERIFY(decided({"100", "0", "31000"}).has_value());
    QVERIFY(decided({}).has_value());
}

void WrittenValuesTest::moreRefusalsDecide()
{
    QCOMPARE(decided({"31.000", "1.234.567"}), std::optional(NumberMarks::PointGroups));
    QCOMPARE(decided({"31.000", "31.05"}), std::optional(NumberMarks::CommaGroups));
    QCOMPARE(decided({"31,000", "1,234,567", "nonsense"}), std::optional(NumberMarks::CommaGroups));
}

void WrittenValuesTest::whatDiffersStaysOpen()
{
    QVERIFY(!decided({"100", "31.000"}));
    QVERIFY(!decided({"31,000", "nonsense"}));
    QVERIFY(!decided({"1.234.567", "1,234,567", "31.000"}));
    QCOMPARE(voteOn({"100", "31.000"}).open()->line, std::size_t{2});
}

QTEST_APPLESS_MAIN(WrittenValuesTest)
#include "tst_written_values.moc"
