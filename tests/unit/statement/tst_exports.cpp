// SPDX-License-Identifier: GPL-3.0-or-later
// An account's records as CSV, and its year: the worked statement to the dong, in both languages, as text
// and as a PDF that is rendered and read back.
#include "../../support/desk_fixture.h"
#include "statement_fixture.h"

#include "base/csv_line.h"
#include "base/csv_writer.h"
#include "statement/account_export.h"
#include "statement/import_preview.h"
#include "statement/pdf_pages.h"
#include "statement/year_pdf.h"
#include "statement/year_words.h"

#include <QProcess>
#include <QStandardPaths>

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

namespace {

/// The rows of a file as cells.
std::vector<std::vector<std::string>> cellsOf(const std::string &csv)
{
    std::vector<std::vector<std::string>> rows;
    for (std::size_t at = 0; at < csv.size();) {
        const std::size_t end = csv.find("\r\n", at);
        if (end == std::string::npos)
            qFatal("a row does not end");
        rows.push_back(*cellsOfCsvLine(std::string_view(csv).substr(at, end - at)));
        at = end + 2;
    }
    return rows;
}

/// A desk with the worked statement imported, some trades of its own, and gifts.
struct BookedDesk : DeskFixture {
    AccountNo other = 0;

    BookedDesk()
    {
        other = openAccount("other");
        import(ssiCash, StatementKind::Cash);
        import(ssiTrades, StatementKind::Trades);
        cash(other, 1'000'000'000);
        shares(account, "FPT", 1'000);
        order(account, "FPT", Side::Sell, OrderType::LO, 400, 106'000, "=cmd|'x'!A1");
        order(other, "FPT", Side::Buy, OrderType::LO, 300, 106'000);
    }
    void import(const std::string &bytes, StatementKind kind)
    {
        const auto preview =
            previewImport(*desk, account, bytes, "F.csv", kind, *statementPreset("SSI"), false);
        if (!preview || !send(importCommand(*preview, account, {}, "F.csv")).ok())
            qFatal("the statement could not be imported");
    }
    std::string exported(ExportKind kind, std::optional<Date> from = {},
                         std::optional<Date> to = {}, bool mark = false)
    {
        std::promise<Result<std::string>> promise;
        exportCsv(*desk, {account, kind, from, to, mark},
                  [&](Result<std::string> csv) { promise.set_value(std::move(csv)); });
        return promise.get_future().get().value();
    }
    Result<YearStatement> year(int year)
    {
        std::promise<Result<YearStatement>> promise;
        readYearStatement(*desk, account, year, [&](Result<YearStatement> statement) {
            promise.set_value(std::move(statement));
        });
        return promise.get_future().get();
    }
};

QByteArray run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(60'000) || process.exitCode() != 0)
        qFatal("%s: %s", qPrintable(program), process.readAllStandardError().constData());
    return process.readAllStandardOutput();
}

YearStatement manyTrades(int count)
{
    YearStatement statement{2026, "Nguyễn Thị Hường", "0192f0c0", *parseIsoDate("2026-12-31"), {}};
    YearSection section;
    for (int i = 0; i < count; ++i) {
        section.trades.push_back({dateOf(2026, 1 + i * 12 / count, 5), 0,
                                  i % 2 == 0 ? Side::Buy : Side::Sell, Quantity(1'000 + i),
                                  Price(31'000), Money((1'000 + i) * 31'000), Money(46'500),
                                  Money(31'000), Money(-1'234'567), i % 3 == 0});
        ++section.months[static_cast<std::size_t>(i * 12 / count)].trades;
    }
    statement.sections.push_back(section);
    return statement;
}

} // namespace

class ExportsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cellsAreQuotedAndFormulasDisarmed();
    void ordersAndExecutions();
    void positionsAndCash();
    void periodsAreKept();
    void theYearIsTheLedgersOwn();
    void tradesOfADayStandInTheirOrder();
    void theYearBeforeHasNothingOfIt();
    void whatHappenedLaterIsTakenOut();
    void theYearAsCsv_data();
    void theYearAsCsv();
    void theYearAsPdf();
    void longStatementsRepeatTheirHeadings();
    void impossibleYearsAreRefused();
};

void ExportsTest::cellsAreQuotedAndFormulasDisarmed()
{
    CsvWriter csv;
    csv.text("a,b").text("say \"so\"").text("=1+1").text("-5").text("@x").text("").plain("-5");
    csv.endRow();
    csv.text("line\nbreak").empty(2).text("+84").endRow();
    QCOMPARE(csv.take(), std::string("\"a,b\",\"say \"\"so\"\"\",'=1+1,'-5,'@x,,-5\r\n"
                                     "\"line\nbreak\",,,'+84\r\n"));
}

void ExportsTest::ordersAndExecutions()
{
    BookedDesk desk;
    auto rows = cellsOf(desk.exported(ExportKind::Orders));
    QCOMPARE(rows.size(), std::size_t{2});
    QCOMPARE(rows[1].size(), rows[0].size());
    QCOMPARE(rows[1][1], std::string("'=cmd|'x'!A1"));
    QCOMPARE(rows[1][7], std::string("PARTIALLY_FILLED"));
    QCOMPARE(rows[1][10], std::string("300"));

    rows = cellsOf(desk.exported(ExportKind::Executions));
    QCOMPARE(rows.size(), std::size_t{4});
    QCOMPARE(rows[1][0], std::string("EXECUTED"));
    QCOMPARE(rows[2][0] + rows[2][1] + rows[2][4],
             std::string("IMPORTED2026-11-05SELL")); // newest first
    QCOMPARE(rows[2][10], std::string("436750"));
    QCOMPARE(rows[3][7], std::string("31000000"));
    // 300 at 106,000 less fee and tax, less what they had cost
    QCOMPARE(rows[1][10], std::to_string(31'800'000 - 47'700 - 31'800 - 300 * 105'500));
    const std::string marked = desk.exported(ExportKind::Positions, {}, {}, true);
    QVERIFY(marked.starts_with("\xEF\xBB\xBFsymbol,"));
}

void ExportsTest::positionsAndCash()
{
    BookedDesk desk;
    auto rows = cellsOf(desk.exported(ExportKind::Positions));
    QCOMPARE(rows.size(), std::size_t{3});
    std::ranges::sort(rows.begin() + 1, rows.end());
    QCOMPARE(rows[2][0], std::string("SSI"));
    QCOMPARE(rows[2][6], std::string("31046.5"));
    QCOMPARE(rows[2][7], std::string("15523250"));

    std::int64_t sum = 0;
    rows = cellsOf(desk.exported(ExportKind::Cash));
    for (std::size_t i = 1; i < rows.size(); ++i)
        sum += std::stoll(rows[i][2]);
    const Balance balance = desk.dong(desk.account);
    QCOMPARE(Money(sum), balance.current + balance.pending); // all of it, and no hold
}

void ExportsTest::periodsAreKept()
{
    BookedDesk desk;
    const auto day = [](const char *text) { return parseIsoDate(text); };
    QCOMPARE(
        cellsOf(desk.exported(ExportKind::Executions, day("2026-11-03"), day("2026-11-19"))).size(),
        std::size_t{2});
    QCOMPARE(cellsOf(desk.exported(ExportKind::Orders, day("2026-11-21"))).size(), std::size_t{1});
    QCOMPARE(cellsOf(desk.exported(ExportKind::Cash, {}, day("2026-11-19"))).size(),
             std::size_t{1});
}

void ExportsTest::tradesOfADayStandInTheirOrder()
{
    DeskFixture desk;
    const AccountNo other = desk.openAccount("other");
    desk.cash(desk.account, 100'000'000);
    desk.cash(other, 100'000'000);
    desk.shares(other, "SSI", 1'000);
    for (const std::int64_t price : {31'000, 31'100, 30'900}) {
        QVERIFY(desk.order(other, "SSI", Side::Sell, OrderType::LO, 100, price).ok());
        QVERIFY(desk.order(desk.account, "SSI", Side::Buy, OrderType::LO, 100, price).ok());
    }
    std::promise<Result<YearStatement>> promise;
    readYearStatement(*desk.desk, desk.account, 2026, [&](Result<YearStatement> statement) {
        promise.set_value(std::move(statement));
    });
    const auto year = promise.get_future().get();
    QVERIFY(year.has_value());
    std::vector<std::int64_t> prices;
    for (const YearTrade &trade : year->sections.at(0).trades)
        prices.push_back(trade.price.raw());
    QCOMPARE(prices, (std::vector<std::int64_t>{31'000, 31'100, 30'900}));
}

void ExportsTest::theYearIsTheLedgersOwn()
{
    BookedDesk desk;
    const auto year = desk.year(2026);
    QVERIFY(year.has_value());
    QCOMPARE(year->sections.size(), std::size_t{1});
    const YearSection &section = year->sections[0];
    QCOMPARE(section.trades.size(), std::size_t{3});
    QVERIFY(section.trades[0].imported && !section.trades[2].imported);
    QCOMPARE(section.total.bought, Money(31'000'000));
    QCOMPARE(section.total.sold, Money(16'000'000 + 31'800'000));
    QCOMPARE(section.total.fees, Money(46'500 + 24'000 + 47'700));
    QCOMPARE(section.total.saleTax, Money(16'000 + 31'800));
    QCOMPARE(section.total.realized, desk.position(desk.account, "SSI").realizedPnl
                                         + desk.position(desk.account, "FPT").realizedPnl);
    QCOMPARE(section.months[10].trades, std::size_t{3});
    QCOMPARE(section.deposited, Money(100'000'000));
    QCOMPARE(section.dividends, Money(500'000));
    QCOMPARE(section.dividendTax, Money(25'000));
    QCOMPARE(section.other, Money(0)); // all of it is explained
    QCOMPARE(section.opening, Money(0));
    const Balance balance = desk.dong(desk.account);
    QCOMPARE(section.closing, balance.current + balance.pending);
    QCOMPARE(section.holdings.size(), std::size_t{2});
    QCOMPARE(section.holdings[0].closing, Quantity(700)); // FPT
    QCOMPARE(section.holdings[1].opening, Quantity(0));
}

void ExportsTest::theYearBeforeHasNothingOfIt()
{
    BookedDesk desk;
    const auto year = desk.year(2025);
    QVERIFY(year && year->sections.empty());
    QCOMPARE(year->asOf, *parseIsoDate("2025-12-31"));
}

/// Of two years the first one closes with what the second one opens.
void ExportsTest::whatHappenedLaterIsTakenOut()
{
    DeskFixture desk("2027-02-01T10:00:00+07:00");
    const auto preview = previewImport(
        *desk.desk, desk.account,
        "Ngày,Mã CK,Loại lệnh,KL khớp,Giá khớp,Phí\n15/12/2026,SSI,Mua,1000,31000,46500\n"
        "15/01/2027,SSI,Bán,400,32000,0\n",
        "F.csv", StatementKind::Trades, *statementPreset("SSI"), true);
    QVERIFY(desk.send(importCommand(*preview, desk.account, {}, "F.csv")).ok());
    desk.cash(desk.account, 5'000'000);
    std::vector<YearStatement> years;
    for (const int year : {2026, 2027}) {
        std::promise<Result<YearStatement>> promise;
        readYearStatement(*desk.desk, desk.account, year,
                          [&](auto statement) { promise.set_value(std::move(statement)); });
        years.push_back(promise.get_future().get().value());
    }
    const YearSection &first = years[0].sections.at(0), &second = years[1].sections.at(0);
    QCOMPARE(first.opening, Money(0));
    QCOMPARE(first.other, Money(31'046'500)); // what covered it
    QCOMPARE(first.closing, Money(0));
    QCOMPARE(first.holdings.at(0).closing, Quantity(1'000));
    QCOMPARE(second.opening, first.closing);
    QCOMPARE(second.holdings.at(0).opening, Quantity(1'000));
    QCOMPARE(second.holdings.at(0).closing, Quantity(600));
    QCOMPARE(second.closing, Money(12'800'000 + 5'000'000));
    QCOMPARE(second.deposited, Money(5'000'000));
    QCOMPARE(second.total.realized, Money(12'800'000 - 12'418'600));
}

void ExportsTest::theYearAsCsv_data()
{
    QTest::addColumn<int>("language");
    QTest::addColumn<QString>("total");
    QTest::addRow("Vietnamese") << static_cast<int>(Language::Vietnamese) << u"Cộng cả năm"_s;
    QTest::addRow("English") << static_cast<int>(Language::English) << u"Total of the year"_s;
}

void ExportsTest::theYearAsCsv()
{
    QFETCH(int, language);
    QFETCH(QString, total);
    BookedDesk desk;
    const std::string csv = yearCsv(*desk.year(2026), *desk.desk->instruments(),
                                    *desk.desk->rules(), static_cast<Language>(language), false);
    const auto rows = cellsOf(csv);
    const auto row = std::ranges::find_if(rows, [&](const std::vector<std::string> &cells) {
        return cells[0] == total.toStdString();
    });
    QVERIFY(row != rows.end());
    QCOMPARE((*row)[1], std::string("31000000"));
    QCOMPARE((*row)[2], std::string("47800000"));
    for (int which = 0; which <= static_cast<int>(YearWord::Practice); ++which)
        QVERIFY(!word(static_cast<YearWord>(which), static_cast<Language>(language)).empty());
}

/// The text that readers find in the PDF is the text that was meant, and its picture has ink where a
/// title with marks on its letters stands.
void ExportsTest::theYearAsPdf()
{
    QVERIFY2(!QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty(), "poppler-utils is missing");
    BookedDesk desk;
    QTemporaryDir folder;
    const auto written = [&](Language language, const QString &name) {
        const auto pdf =
            yearPdf(*desk.year(2026), *desk.desk->instruments(), *desk.desk->rules(), language);
        if (!pdf)
            qFatal("%s %s", pdf.error().field.c_str(), pdf.error().value.c_str());
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("the file cannot be written");
        file.write(pdf->data(), static_cast<qint64>(pdf->size()));
        file.close();
        return QString::fromUtf8(
            run(u"pdftotext"_s, {u"-layout"_s, folder.filePath(name), u"-"_s}));
    };
    const QString vi = written(Language::Vietnamese, u"vi.pdf"_s);
    for (const QString &text :
         {u"Sao kê giao dịch, phí và thuế năm 2026"_s, u"Tháng 11/2026"_s, u"Lãi/lỗ đã thực hiện"_s,
          u"Thuế bán chứng khoán"_s, u"16.000.000"_s, u"436.750"_s, u"05/11/2026"_s,
          u"Số lượng cuối kỳ"_s, u"Trang 1/1"_s})
        QVERIFY2(vi.contains(text), qPrintable(text + u"\n"_s + vi));
    const QString en = written(Language::English, u"en.pdf"_s);
    for (const QString &text :
         {u"Yearly statement of trades, fees and taxes 2026"_s, u"November 2026"_s, u"16,000,000"_s,
          u"2026-11-05"_s, u"Page 1/1"_s})
        QVERIFY2(en.contains(text), qPrintable(text + u"\n"_s + en));
    const QByteArray fonts = run(u"pdffonts"_s, {folder.filePath(u"vi.pdf"_s)});
    QVERIFY2(fonts.count("yes yes yes") == 2, fonts.constData()); // embedded, subset, to Unicode
    run(u"pdftoppm"_s,
        {u"-gray"_s, u"-r"_s, u"72"_s, folder.filePath(u"vi.pdf"_s), folder.filePath(u"vi"_s)});
    QFile picture(folder.filePath(u"vi-1.pgm"_s));
    QVERIFY(picture.open(QIODevice::ReadOnly));
    const QByteArray pixels = picture.readAll();
    const QList<QByteArray> head = pixels.left(20).split('\n'); // P5, width height, 255
    const int width = head[1].split(' ')[0].toInt();
    const qsizetype first = head[0].size() + head[1].size() + head[2].size() + 3;
    QVERIFY(head[0] == "P5" && width >= 595 && width <= 596);
    int dark = 0;
    for (int y = 44; y < 68; ++y) { // the title
        for (int x = 40; x < 340; ++x)
            dark += static_cast<unsigned char>(pixels[first + y * width + x]) < 128 ? 1 : 0;
    }
    QVERIFY2(dark > 400, qPrintable(QString::number(dark)));
}

void ExportsTest::longStatementsRepeatTheirHeadings()
{
    QVERIFY2(!QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty(), "poppler-utils is missing");
    BookedDesk desk;
    const auto pdf = yearPdf(manyTrades(200), *desk.desk->instruments(), *desk.desk->rules(),
                             Language::Vietnamese);
    QVERIFY(pdf.has_value());
    QFile file(desk.folder.filePath(u"long.pdf"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(pdf->data(), static_cast<qint64>(pdf->size()));
    file.close();
    const QString text =
        QString::fromUtf8(run(u"pdftotext"_s, {u"-layout"_s, file.fileName(), u"-"_s}));
    const auto pages = text.split(u'\f', Qt::SkipEmptyParts);
    QCOMPARE(pages.size(), 5);
    for (int page = 0; page < 4; ++page)
        QVERIFY2(pages[page].contains(u"Khối lượng"_s), qPrintable(pages[page]));
    QVERIFY(text.contains(u"Trang 5/5"_s) && text.contains(u"Nguyễn Thị Hường"_s));
    const auto refused =
        yearPdf(manyTrades(static_cast<int>(mostPdfTrades) + 1), *desk.desk->instruments(),
                *desk.desk->rules(), Language::Vietnamese);
    QCOMPARE(refused.error().code, Code::VALIDATION_ERROR);
}

void ExportsTest::impossibleYearsAreRefused()
{
    BookedDesk desk;
    for (const int year : {1999, 2027}) {
        const auto refused = desk.year(year);
        QVERIFY(!refused);
        QCOMPARE(refused.error().bound, std::string("2000 … 2026"));
    }
}

QTEST_GUILESS_MAIN(ExportsTest)
#include "tst_exports.moc"
