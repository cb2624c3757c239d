// SPDX-License-Identifier: GPL-3.0-or-later
// Brokers' lists of executions: read in every dress into the same rows, again into nothing new, and what
// cannot be read is refused with its line, column and reason.
#include "statement_fixture.h"

#include "base/mix.h"
#include "base/sentences.h"
#include "statement/statement_table.h"

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

namespace {

std::string textOf(const StatementRow &row)
{
    const auto &trade = std::get<StatementTrade>(row.body);
    std::string text = isoDate(row.time.day) + (trade.side == Side::Buy ? " B " : " S ")
                       + instruments()[trade.instrument].symbol;
    for (const std::int64_t value : {trade.quantity.raw(), trade.price.raw(), trade.value.raw(),
                                     trade.fee.raw(), trade.tax.raw()})
        text += ' ' + std::to_string(value);
    return text;
}

std::string textOf(const std::vector<StatementRow> &rows)
{
    std::string text;
    for (const StatementRow &row : rows)
        text += textOf(row) + "; ";
    return text;
}

/// The refusals as "line:column CODE".
std::string textOf(const std::vector<StatementFault> &faults)
{
    std::string text;
    for (const StatementFault &fault : faults)
        text += std::to_string(fault.line) + ':' + std::to_string(fault.column) + ' '
                + std::string(codeName(fault.error.code)) + "; ";
    return text;
}

const std::string workedTrades = "2026-11-02 B SSI 1000 31000 31000000 46500 0; 2026-11-05 S SSI "
                                 "500 32000 16000000 24000 16000; ";

StatementFormat plainFormat()
{
    using Field = StatementField;
    return *mappedFormat({{Field::Day, "day"},
                          {Field::Symbol, "symbol"},
                          {Field::Side, "side"},
                          {Field::Shares, "quantity"},
                          {Field::UnitPrice, "price"},
                          {Field::Value, "value"},
                          {Field::Fee, "fee"},
                          {Field::Tax, "tax"}});
}

const std::string plainTitles = "day;symbol;side;quantity;price;value;fee;tax\n";

} // namespace

class BrokerStatementTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ssiStatementGivesTheWorkedPositions();
    void tcbsStatementGivesTheWorkedPositions();
    void otherPresetsRead_data();
    void otherPresetsRead();
    void theSameTextInOtherBytesIsTheSame_data();
    void theSameTextInOtherBytesIsTheSame();
    void importingAgainAddsNothing();
    void anotherExportOfTheSameTradesAddsNothing();
    void trueTwinsAreCounted();
    void whatCanBeReadInTwoWaysIsRefused_data();
    void whatCanBeReadInTwoWaysIsRefused();
    void pricesInThousandsMustBeSaid();
    void averagesNeedTheirValue();
    void daysMayGoUpOrDownButNotBoth();
    void unknownColumnsAreNamed();
    void brokenFilesAreRefused_data();
    void brokenFilesAreRefused();
    void brokenRowsSayWhere_data();
    void brokenRowsSayWhere();
    void refusalsAreBounded();
    void mapsAreChecked();
    void whateverComesIsAccountedFor();
};

void BrokerStatementTest::ssiStatementGivesTheWorkedPositions()
{
    const auto preview = previewed(ssiTrades, "SSI");
    QVERIFY(preview);
    QVERIFY(preview->clean());
    QCOMPARE(textOf(preview->added), workedTrades);
    QCOMPARE(preview->titleLine, std::size_t{5});
    QCOMPARE(preview->separator, ',');
    QCOMPARE(preview->reading.numberMarks, NumberMarks::CommaGroups);
    QVERIFY(preview->columns.unknown.empty());
    QCOMPARE(preview->skipped.size(), std::size_t{1});
    QCOMPARE(preview->skipped[0].line, std::size_t{8}); // the sum

    Portfolio portfolio;
    for (const StatementRow &row : preview->added)
        QVERIFY(portfolio.apply(portfolioEvent(row, 0)));
    const Portfolio::Holding &holding = *portfolio.find(ssi);
    QCOMPARE(holding.lots.quantity(), Quantity(500));
    QCOMPARE(holding.lots.averageCost().total, Money(15'523'250));
    QCOMPARE(holding.figures.byAverage, (Gain{Money(500'000), Money(436'750)}));
}

void BrokerStatementTest::tcbsStatementGivesTheWorkedPositions()
{
    const auto preview = previewed(tcbsTrades, "TCBS");
    QVERIFY(preview);
    QVERIFY2(preview->clean(), textOf(preview->refused).c_str());
    QCOMPARE(textOf(preview->added),
             std::string("2026-11-02 B SSI 600 31000 18600000 27900 0; "
                         "2026-11-02 B SSI 400 31000 12400000 18600 0; "
                         "2026-11-05 S SSI 500 32000 16000000 24000 16000; "));
    QCOMPARE(preview->separator, ';');
    QCOMPARE(preview->added[0].reference, std::string("A1"));
    QCOMPARE(preview->added[0].time.timeOfDay, std::optional<std::int64_t>(33'365'000));
    QCOMPARE(preview->skipped.size(), std::size_t{1}); // cancelled, nothing executed
    QCOMPARE(preview->skipped[0].why, SkippedRow::Why::NotExecuted);
    Portfolio portfolio;
    for (const StatementRow &row : preview->added)
        QVERIFY(portfolio.apply(portfolioEvent(row, 0)));
    QCOMPARE(portfolio.find(ssi)->lots.averageCost().total, Money(15'523'250));
    QCOMPARE(portfolio.find(ssi)->figures.byLots.afterCosts,
             Money(15'960'000 - 500 * 31'000 - 27'900 * 500 / 600));
}

void BrokerStatementTest::otherPresetsRead_data()
{
    QTest::addColumn<QString>("preset");
    QTest::addColumn<QString>("text");
    QTest::newRow("VNDIRECT")
        << u"VNDIRECT"_s
        << u"Số hiệu lệnh\tNgày khớp\tMã chứng khoán\tMua/Bán\tKhối lượng khớp\tGiá khớp\tPhí\tThuế"
           "\tSàn\n"
           "V1\t02/11/2026 09:30:15\tSSI\tMUA\t1.000\t31.000\t46.500\t0\tHOSE\n"
           "V2\t05/11/2026 13:30:15\tssi\tBÁN\t500\t32.000\t24.000\t16.000\tHOSE\n"
           "V3\t05/11/2026 13:30:16\tFPT\tMUA\t1.000.000\t100.000\t1\t0\tHOSE\n"_s;
    QTest::newRow("DNSE")
        << u"DNSE"_s
        << u"Ngày giao dịch|Mã CK|Loại giao dịch|Khối lượng|Giá|Giá trị|Phí|Thuế\n"
           "2026-11-02|SSI|Mua|1000|31000|31000000|46500|0\n"
           "2026-11-05|SSI|Bán|500|32000|16000000|24000|16000\n"
           "2026-11-05|FPT|Mua|1000000|100000|100000000000|1|\n"_s;
    QTest::newRow("a broker without a preset")
        << u"ANY"_s
        << u"Mã GD,Ngày GD,Mã CP,Lệnh,KLGD,Giá,Phí môi giới,Thuế TNCN,Sàn\n"
           "P1,02/11/2026 09:20:00,SSI,Mua,\"1,000\",\"31,000\",\"46,500\",0,HOSE\n"
           "P2,05/11/2026 11:15:00,SSI,Bán,500,\"32,000\",\"24,000\",\"16,000\",HOSE\n"
           "P3,05/11/2026 14:30:00,FPT,Mua,\"1,000,000\",\"100,000\",1,0,HOSE\n"
           "P4,13/11/2026 14:30:00,FPT,Mua,0.5,\"100,000\",1,0,HOSE\n"_s;
    QTest::newRow("in English")
        << u"TCBS"_s
        << u"Order ID,Matched Date,Ticker,Side,Matched Volume,Matched Price,Fee,Tax,Exchange\n"
           "1,2026-11-02 10:00:00,SSI,BUY,1000,31000,46500,0,HOSE\n"
           "2,2026-11-05 10:00:00,SSI,SELL,500,32000,24000,16000,HOSE\n"
           "3,2026-11-05 10:00:01,FPT,BUY,1000000,100000,1,0,HOSE\n"_s;
}

void BrokerStatementTest::otherPresetsRead()
{
    QFETCH(QString, preset);
    QFETCH(QString, text);
    const auto preview = previewed(text.toStdString(), preset.toLatin1().constData());
    QVERIFY2(preview, preview ? "" : (preview.error().field + preview.error().bound).c_str());
    // the last row there is only to tell day and month
    QVERIFY2(preview->clean() || preset == u"ANY"_s, textOf(preview->refused).c_str());
    QCOMPARE(textOf(preview->added),
             workedTrades + "2026-11-05 B FPT 1000000 100000 100000000000 1 0; ");
    QVERIFY(preview->columns.unknown.empty());
}

void BrokerStatementTest::theSameTextInOtherBytesIsTheSame_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QString text = QString::fromStdString(ssiTrades);
    QTest::newRow("mark") << "\xEF\xBB\xBF" + text.toUtf8();
    QTest::newRow("decomposed") << text.normalized(QString::NormalizationForm_D).toUtf8();
    QTest::newRow("windows-1258") << windows1258(ssiTrades);
    QTest::newRow("carriage returns") << QString(text).replace(u"\n"_s, u"\r\n"_s).toUtf8();
    QTest::newRow("capitals") << text.toUpper().toUtf8();
    // titles with line breaks in them, as spreadsheets wrap them
    QTest::newRow("wrapped titles")
        << QString(text).replace(u"Giá trị khớp"_s, u"\"Giá trị\nkhớp\""_s).toUtf8();
    QByteArray utf16("\xFF\xFE");
    for (const QChar c : text)
        utf16.append(static_cast<char>(c.unicode() & 0xFFU))
            .append(static_cast<char>(c.unicode() >> 8U));
    QTest::newRow("UTF-16") << utf16;
    // other separators: cells need no quotes then
    for (const char separator : {';', '\t', '|'}) {
        QString other = text;
        other.replace(u",\""_s, u"\x1\""_s).replace(u"\","_s, u"\"\x1"_s);
        QString out;
        bool quoted = false;
        for (const QChar c : other) {
            quoted = c == u'"' ? !quoted : quoted;
            out += (c == u',' && !quoted) || c == QChar(1) ? QChar(QLatin1Char(separator)) : c;
        }
        QTest::newRow(QByteArray("separated by ").append(separator == '\t' ? 'T' : separator))
            << out.toUtf8();
    }
}

void BrokerStatementTest::theSameTextInOtherBytesIsTheSame()
{
    QFETCH(QByteArray, bytes);
    const auto preview = previewed(bytes.toStdString(), "SSI");
    QVERIFY2(preview, preview ? "" : (preview.error().field + preview.error().bound).c_str());
    QVERIFY2(preview->clean(), textOf(preview->refused).c_str());
    QCOMPARE(textOf(preview->added), workedTrades);
}

void BrokerStatementTest::importingAgainAddsNothing()
{
    Imported imported;
    imported.add(*previewed(ssiTrades, "SSI"));
    const auto again = previewed(ssiTrades, "SSI", StatementKind::Trades, imported.known());
    QVERIFY(again);
    QVERIFY(again->added.empty());
    QCOMPARE(textOf(again->duplicates), workedTrades);
}

void BrokerStatementTest::anotherExportOfTheSameTradesAddsNothing()
{
    // other columns, other marks, other order, no costs: the same trades
    Imported imported;
    imported.add(*previewed(ssiTrades, "SSI"));
    const auto again =
        previewed("Ngày khớp;Mã CK;Mua/Bán;KL khớp;Giá khớp\n02/11/2026;SSI;Mua;1000;31000\n"
                  "05/11/2026;SSI;Bán;500;32000\n06/11/2026;SSI;Bán;500;32000\n",
                  "VNDIRECT", StatementKind::Trades, imported.known());
    QVERIFY(again);
    QCOMPARE(again->duplicates.size(), std::size_t{2});
    QCOMPARE(textOf(again->added), std::string("2026-11-06 S SSI 500 32000 16000000 0 0; "));
}

void BrokerStatementTest::trueTwinsAreCounted()
{
    const std::string row = "02/11/2026;SSI;Mua;100;31.000;3.100.000;0;0\n";
    Imported imported;
    const auto two = previewed(plainTitles + row + row, plainFormat(), StatementKind::Trades);
    QVERIFY(!two); // nothing says whether the day or the month comes first
    StatementFormat format = plainFormat();
    format.dateOrder = DateOrder::DayFirst;
    const auto first = previewed(plainTitles + row + row, format);
    QVERIFY(first);
    QCOMPARE(first->added.size(), std::size_t{2});
    imported.add(*first);
    // a later export has a third of them
    const auto later =
        previewed(plainTitles + row + row + row, format, StatementKind::Trades, imported.known());
    QCOMPARE(later->duplicates.size(), std::size_t{2});
    QCOMPARE(later->added.size(), std::size_t{1});
}

void BrokerStatementTest::whatCanBeReadInTwoWaysIsRefused_data()
{
    QTest::addColumn<QString>("rows");
    QTest::addColumn<QString>("field"); // empty: read
    const auto row = [](const char *name, const char *rows, const char *field) {
        QTest::newRow(name) << QString::fromUtf8(rows) << QString::fromUtf8(field);
    };
    row("31.000: thirty-one, or thousands?", "2026-11-02;SSI;Mua;100;31.000;;;\n",
        "F.csv: line 2, price");
    row("and with a comma", "2026-11-02;SSI;Mua;100;31,000;;;\n", "F.csv: line 2, price");
    row("a number of millions tells", "2026-11-02;SSI;Mua;100;31.000;3.100.000;;\n", "");
    row("plain digits need no telling", "2026-11-02;SSI;Mua;100;31000;;;\n", "");
    row("2 November, or 11 February?", "02/11/2026;SSI;Mua;100;31000;;;\n", "F.csv: line 2, day");
    row("a thirteenth tells", "02/11/2026;SSI;Mua;100;31000;;;\n13/11/2026;SSI;Mua;100;31000;;;\n",
        "");
    row("the same day and month", "11/11/2026;SSI;Mua;100;31000;;;\n", "");
}

void BrokerStatementTest::whatCanBeReadInTwoWaysIsRefused()
{
    QFETCH(QString, rows);
    QFETCH(QString, field);
    const auto preview = previewed(plainTitles + rows.toStdString(), plainFormat());
    if (field.isEmpty()) {
        QVERIFY(preview && preview->clean());
        QCOMPARE(preview->added[0].time.day.day,
                 dateOf(2026, 11, 2).day + (rows.startsWith(u"11/"_s) ? 9 : 0));
        QCOMPARE(std::get<StatementTrade>(preview->added[0].body).price, Price(31'000));
        return;
    }
    QVERIFY(!preview);
    QCOMPARE(preview.error().code, Code::FILE_INVALID);
    QCOMPARE(QString::fromStdString(preview.error().field), field);
    // told, it is read
    StatementFormat format = plainFormat();
    format.dateOrder = DateOrder::DayFirst;
    format.numberMarks =
        rows.contains(u"31,000"_s) ? NumberMarks::CommaGroups : NumberMarks::PointGroups;
    const auto told = previewed(plainTitles + rows.toStdString(), format);
    QVERIFY(told && told->clean());
    QCOMPARE(textOf(told->added), std::string("2026-11-02 B SSI 100 31000 3100000 0 0; "));
}

void BrokerStatementTest::pricesInThousandsMustBeSaid()
{
    const std::string rows = "2026-11-02;SSI;Mua;100;31.05;;;\n2026-11-02;FPT;Mua;100;105;;;\n";
    const auto asDong = previewed(plainTitles + rows, plainFormat());
    QVERIFY(asDong);
    QCOMPARE(textOf(asDong->refused), std::string("2:5 INVALID_PRICE; 3:5 INVALID_PRICE; "));
    QVERIFY(asDong->refused[1].error.bound.contains("kVND"));
    StatementFormat format = plainFormat();
    format.priceUnit = StatementUnit::ThousandVnd;
    const auto asThousands = previewed(plainTitles + rows, format);
    QVERIFY(asThousands && asThousands->clean());
    QCOMPARE(textOf(asThousands->added), std::string("2026-11-02 B SSI 100 31050 3105000 0 0; "
                                                     "2026-11-02 B FPT 100 105000 10500000 0 0; "));
}

void BrokerStatementTest::averagesNeedTheirValue()
{
    const auto preview = previewed(plainTitles
                                       + "2026-11-02;SSI;Mua;300;31016.67;9305000;;\n"
                                         "2026-11-02;SSI;Mua;300;31016.67;;;\n"
                                         "2026-11-02;SSI;Mua;300;31016.67;9305200;;\n",
                                   plainFormat());
    QVERIFY(preview);
    QCOMPARE(textOf(preview->added), std::string("2026-11-02 B SSI 300 31017 9305000 0 0; "));
    QCOMPARE(textOf(preview->refused), std::string("3:5 INVALID_PRICE; 4:6 VALIDATION_ERROR; "));
}

void BrokerStatementTest::daysMayGoUpOrDownButNotBoth()
{
    const auto row = [](int day) {
        return "2026-11-" + std::to_string(day) + ";SSI;Mua;" + std::to_string(day)
               + "00;31000;;;\n";
    };
    const std::string falling = row(19) + row(18) + row(18) + row(16) + row(12);
    const auto down = previewed(plainTitles + falling, plainFormat());
    QVERIFY(down && down->clean());
    QCOMPARE(down->added.front().line, std::size_t{6});
    QCOMPARE(down->added.back().line, std::size_t{2});
    const std::string broken = row(12) + row(16) + row(11) + row(18) + row(19);
    const auto up = previewed(plainTitles + broken, plainFormat());
    QVERIFY(up);
    QCOMPARE(textOf(up->refused), std::string("4:1 VALIDATION_ERROR; "));
    QCOMPARE(up->refused[0].error.value, std::string("2026-11-11"));
    QVERIFY(up->refused[0].error.bound.starts_with("2026-11-16"));
    QCOMPARE(up->added.size(), std::size_t{4});
    StatementFormat any = plainFormat();
    any.anyOrder = true;
    const auto sorted = previewed(plainTitles + broken, any);
    QVERIFY(sorted && sorted->clean());
    QCOMPARE(sorted->added.front().line, std::size_t{4});
}

void BrokerStatementTest::unknownColumnsAreNamed()
{
    const auto preview = previewed("Ngày GD,Mã CK,Mua/Bán,KL khớp,Giá khớp,Màu áo,Sàn\n"
                                   "2026-11-02,SSI,Mua,100,31000,xanh,HOSE\n",
                                   "SSI");
    QVERIFY(preview && preview->clean());
    QCOMPARE(preview->columns.unknown, std::vector<std::size_t>{5});
    QCOMPARE(preview->columns.titles[5], std::string("Màu áo"));
}

void BrokerStatementTest::brokenFilesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("says"); // in value or bound
    const auto row = [](const char *name, const QByteArray &bytes, const char *field,
                        const char *says) {
        QTest::newRow(name) << bytes << QString::fromUtf8(field) << QString::fromUtf8(says);
    };
    row("empty", "", "F.csv: line 1", "no row");
    row("blank", "\n\n  \n", "F.csv: line 1", "no row");
    row("no titles", "1,2,3\n4,5,6\n", "F.csv: line 1", "ngay");
    row("unknown titles", "colour,size\nred,9\n", "F.csv: line 1", "colour,size");
    row("another separator", "Ngày GD:Mã CK:Mua/Bán:KL khớp:Giá khớp\n", "F.csv: line 1",
        "columns with titles");
    row("no price", "\nNgày GD,Mã CK,Mua/Bán,KL khớp\n", "F.csv: line 2", "price (gia khop)");
    row("no date", "Mã CK,Mua/Bán,KL khớp,Giá khớp\n", "F.csv: line 1", "day");
    row("two of a title", "Ngày GD,Mã CK,Mua/Bán,KL khớp,Giá khớp,Giá khớp\n",
        "F.csv: line 1, Giá khớp", "one column only");
    row("open quote", "Ngày GD,Mã CK,Mua/Bán,KL khớp,Giá khớp\n2026-11-02,\"SSI,Mua,1,1\n",
        "F.csv: line 2", "quotes");
    row("broken bytes", "Ng\x81y", "F.csv: line 1", "0x81");
    row("another table of characters", "Ngµy GD,M· CK,Mua/B¸n,KL khíp,Gi¸ khíp\n", "F.csv: line 1",
        "columns with titles");
    row("cash", QByteArray::fromStdString(ssiCash), "F.csv: line 1", "symbol");
}

void BrokerStatementTest::brokenFilesAreRefused()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, field);
    QFETCH(QString, says);
    const auto preview = previewed(bytes.toStdString(), "SSI");
    QVERIFY(!preview);
    const Error &error = preview.error();
    QCOMPARE(error.code, Code::FILE_INVALID);
    QCOMPARE(QString::fromStdString(error.field), field);
    const QString told = QString::fromStdString(error.value + " | " + error.bound);
    QVERIFY2(told.contains(says), qPrintable(told));
    for (const Language language : {Language::English, Language::Vietnamese})
        QVERIFY(sentence(error, language).contains("F.csv"));
}

void BrokerStatementTest::brokenRowsSayWhere_data()
{
    QTest::addColumn<QString>("row");
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *name, const char *text, int column, const char *code) {
        QTest::newRow(name) << QString::fromUtf8(text) << column << QString::fromLatin1(code);
    };
    row("no date", ";SSI;Mua;100;31000;;;", 1, "REQUIRED");
    row("no such date", "2026-02-30;SSI;Mua;100;31000;;;", 1, "VALIDATION_ERROR");
    row("two digits of a year", "02/11/26;SSI;Mua;100;31000;;;", 1, "VALIDATION_ERROR");
    row("no symbol", "2026-11-02;;Mua;100;31000;;;", 2, "REQUIRED");
    row("unknown symbol", "2026-11-02;ZZZ;Mua;100;31000;;;", 2, "INSTRUMENT_UNKNOWN");
    row("not in dong", "2026-11-02;BTC;Mua;100;31000;;;", 2, "VALIDATION_ERROR");
    row("no side", "2026-11-02;SSI;;100;31000;;;", 3, "REQUIRED");
    row("B is Bán or Buy", "2026-11-02;SSI;B;100;31000;;;", 3, "VALIDATION_ERROR");
    row("both sides", "2026-11-02;SSI;Mua/Bán;100;31000;;;", 3, "VALIDATION_ERROR");
    row("no quantity", "2026-11-02;SSI;Mua;;31000;;;", 4, "REQUIRED");
    row("no number", "2026-11-02;SSI;Mua;many;31000;;;", 4, "VALIDATION_ERROR");
    row("part of a share", "2026-11-02;SSI;Mua;1.5;31000;;;", 4, "VALIDATION_ERROR");
    row("zero", "2026-11-02;SSI;Mua;0;31000;;;", 4, "INVALID_QUANTITY");
    row("negative", "2026-11-02;SSI;Mua;-100;31000;;;", 4, "INVALID_QUANTITY");
    row("more than there is", "2026-11-02;SSI;Mua;1000000000001;31000;;;", 4, "VALIDATION_ERROR");
    row("past 64 bits", "2026-11-02;SSI;Mua;99999999999999999999;31000;;;", 4, "VALIDATION_ERROR");
    row("10^12 x 10^9", "2026-11-02;SSI;Mua;1000000000000;1000000000;;;", 4, "VALIDATION_ERROR");
    row("no price", "2026-11-02;SSI;Mua;100;;;;", 5, "REQUIRED");
    row("price of nothing", "2026-11-02;SSI;Mua;100;0;;;", 5, "INVALID_PRICE");
    row("negative price", "2026-11-02;SSI;Mua;100;-31000;;;", 5, "INVALID_PRICE");
    row("price past all", "2026-11-02;SSI;Mua;100;1000000000001;;;", 5, "INVALID_PRICE");
    row("exponent", "2026-11-02;SSI;Mua;100;3e4;;;", 5, "VALIDATION_ERROR");
    row("value of another trade", "2026-11-02;SSI;Mua;100;31000;3200000;;", 6, "VALIDATION_ERROR");
    row("value in fractions", "2026-11-02;SSI;Mua;100;31000;3100000.5;;", 6, "VALIDATION_ERROR");
    row("fee no number", "2026-11-02;SSI;Mua;100;31000;;x;", 7, "VALIDATION_ERROR");
    row("fee above the value", "2026-11-02;SSI;Mua;100;31000;;3100001;", 7, "VALIDATION_ERROR");
    row("tax no number", "2026-11-02;SSI;Bán;100;31000;;;1%", 8, "VALIDATION_ERROR");
    row("a cell too many", "2026-11-02;SSI;Mua;100;31000;;;;5", 9, "FILE_INVALID");
    row("quote inside", "2026-11-02;S\"S\"I;Mua;100;31000;;;", 0, "FILE_INVALID");
}

void BrokerStatementTest::brokenRowsSayWhere()
{
    QFETCH(QString, row);
    QFETCH(int, column);
    QFETCH(QString, code);
    const std::string good = "2026-11-02;SSI;Mua;100;31000;3100000;4650;0\n";
    StatementFormat format = plainFormat();
    format.dateOrder = DateOrder::DayFirst;
    const auto preview = previewed(plainTitles + good + row.toStdString() + '\n' + good, format);
    QVERIFY(preview);
    QCOMPARE(preview->added.size(), std::size_t{2});
    QCOMPARE(preview->refusedCount, std::size_t{1});
    const StatementFault &fault = preview->refused[0];
    QCOMPARE(fault.line, std::size_t{3});
    QCOMPARE(fault.column, static_cast<std::size_t>(column));
    QCOMPARE(QString::fromStdString(std::string(codeName(fault.error.code))), code);
    QVERIFY(!fault.error.field.empty());
    if (fault.error.code != Code::INSTRUMENT_UNKNOWN)
        QVERIFY(!fault.error.bound.empty());
}

void BrokerStatementTest::refusalsAreBounded()
{
    std::string text = plainTitles;
    for (int i = 0; i < 3'000; ++i)
        text += "2026-11-02;ZZZ;Mua;100;31000;;;\n";
    const auto preview = previewed(text, plainFormat());
    QVERIFY(preview);
    QCOMPARE(preview->refusedCount, std::size_t{3'000});
    QCOMPARE(preview->refused.size(), std::size_t{1'000});
    QVERIFY(!preview->clean());
}

void BrokerStatementTest::mapsAreChecked()
{
    using Field = StatementField;
    const auto empty = mappedFormat({{Field::Day, " - "}});
    QCOMPARE(empty.error().field, std::string("day"));
    const auto twice = mappedFormat({{Field::Day, "Ngày"}, {Field::Clock, "NGÀY"}});
    QCOMPARE(twice.error().code, Code::VALIDATION_ERROR);
    QCOMPARE(twice.error().bound, std::string("another column than day"));
    QVERIFY(!statementPreset("ABC"));
    QCOMPARE(statementPresets().size(), std::size_t{5});
    for (int i = 0; i < statementFieldCount; ++i) {
        const auto field = static_cast<Field>(i);
        QCOMPARE(statementFieldFromName(name(field)), std::optional(field));
    }
    // only the separator that was said
    StatementFormat format = *statementPreset("SSI");
    format.separator = ';';
    QVERIFY(!previewed(ssiTrades, format));
}

void BrokerStatementTest::whateverComesIsAccountedFor()
{
    SplitMix random(5);
    int read = 0;
    for (int round = 0; round < 3'000; ++round) {
        std::string text = round % 2 == 0 ? ssiTrades : tcbsTrades;
        for (std::uint64_t changes = 1 + random.below(4); changes > 0; --changes) {
            const std::size_t at = random.below(text.size());
            switch (random.below(4)) {
            case 0: text[at] = static_cast<char>(random.below(256)); break;
            case 1: text.erase(at, 1 + random.below(5)); break;
            case 2: text.insert(at, 1, ",;\"\n.-0"[random.below(7)]); break;
            default: text.insert(at, text.substr(random.below(text.size()), 30)); break;
            }
        }
        const auto preview = previewed(text, round % 2 == 0 ? "SSI" : "TCBS");
        if (!preview) {
            QVERIFY(!preview.error().field.empty());
            continue;
        }
        ++read;
        const auto decoded = readStatementText(text, "F.csv");
        const auto records = recordsOf(decoded->text, "F.csv");
        std::size_t rows = 0;
        for (const TextRecord &record : *records)
            rows += record.line > preview->titleLine ? 1 : 0;
        QCOMPARE(preview->added.size() + preview->duplicates.size() + preview->refusedCount
                     + preview->skipped.size(),
                 rows);
        QVERIFY(std::ranges::is_sorted(preview->added, {},
                                       [](const StatementRow &row) { return row.time.day; }));
    }
    QVERIFY2(read > 500, qPrintable(QString::number(read)));
}

QTEST_APPLESS_MAIN(BrokerStatementTest)
#include "tst_broker_statement.moc"
