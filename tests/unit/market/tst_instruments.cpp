// SPDX-License-Identifier: GPL-3.0-or-later
#include "market_fixture.h"

#include "base/csv_line.h"

using namespace khop;
using namespace khop::tests;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(khop::Exchange)

namespace {

QString verdict(const Result<std::vector<Instrument>> &instruments)
{
    return instruments ? u"OK"_s : shown(instruments.error());
}

Result<std::vector<Instrument>> read(const std::string &csv)
{
    return parseInstruments(csv, shippedRules());
}

const Instrument &bySymbol(const std::vector<Instrument> &instruments, std::string_view symbol)
{
    const auto it = std::ranges::find(instruments, symbol, &Instrument::symbol);
    if (it == instruments.end())
        qFatal("no such symbol");
    return *it;
}

} // namespace

class InstrumentsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishedLimitsAreComputed_data();
    void publishedLimitsAreComputed();
    void shippedInstrumentsAreThePublishedOnesAndThree();
    void plainListOfTickersIsRead();
    void limitsFollowTheRulesOfTheExchange_data();
    void limitsFollowTheRulesOfTheExchange();
    void everyColumnIsRead();
    void ownTermsOutliveTheDay();
    void warrantsFollowTheirShare_data();
    void warrantsFollowTheirShare();
    void finerPricesKeepTheTick();
    void brokenListsNameLineAndColumn_data();
    void brokenListsNameLineAndColumn();
    void spreadsheetFilesAreRead_data();
    void spreadsheetFilesAreRead();
    void sizesAreBounded();
    void csvLinesAreSplitStrictly_data();
    void csvLinesAreSplitStrictly();
};

void InstrumentsTest::publishedLimitsAreComputed_data()
{
    QTest::addColumn<Exchange>("exchange");
    QTest::addColumn<QList<int>>("published"); // reference, ceiling, floor, tick
    const QStringList lines =
        shown(fileText("tests/cases/tickers.csv")).split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 51);
    for (const QString &line : lines.sliced(1)) {
        const QStringList cells = line.split(u',');
        QTest::newRow(qPrintable(cells[0]))
            << *exchangeFromName(cells[1].toStdString())
            << QList<int>{cells[3].toInt(), cells[4].toInt(), cells[5].toInt(), cells[6].toInt()};
    }
}

void InstrumentsTest::publishedLimitsAreComputed()
{
    QFETCH(Exchange, exchange);
    QFETCH(QList<int>, published);
    const Instrument instrument = listed(exchange, published[0]);
    QCOMPARE(instrument.ceiling, Price(published[1]));
    QCOMPARE(instrument.floor, Price(published[2]));
    QCOMPARE(instrument.ticks.tickAt(instrument.reference), Price(published[3]));
}

void InstrumentsTest::shippedInstrumentsAreThePublishedOnesAndThree()
{
    const auto instruments = read(defaultInstrumentsText());
    QCOMPARE(verdict(instruments), u"OK"_s);
    QCOMPARE(instruments->size(), 53U);
    const QStringList lines =
        shown(fileText("tests/cases/tickers.csv")).split(u'\n', Qt::SkipEmptyParts);
    for (std::size_t i = 0; i < 50; ++i) {
        const Instrument &instrument = (*instruments)[i];
        const QStringList cells = lines[static_cast<qsizetype>(i) + 1].split(u',');
        QCOMPARE(instrument.index, i);
        QCOMPARE(shown(instrument.symbol), cells[0]);
        QCOMPARE(instrument.reference, Price(cells[3].toInt()));
        QVERIFY(!instrument.sector.empty() && !instrument.note.empty());
    }
    for (const char *symbol : {"BTC", "ETH", "DEMO"}) {
        const Instrument &instrument = bySymbol(*instruments, symbol);
        QCOMPARE(instrument.exchange, Exchange::SPOT);
        QCOMPARE(instrument.currency, std::string("USD"));
        QCOMPARE(instrument.priceScale, 2);
        QVERIFY(!instrument.banded);
        QCOMPARE(instrument.floor, Price(1));
        QCOMPARE(instrument.ceiling, highestPrice);
        QCOMPARE(instrument.lot, Quantity(1));
    }
    QCOMPARE(bySymbol(*instruments, "BTC").quantityScale, 8);
    QCOMPARE(bySymbol(*instruments, "DEMO").reference, Price(15'000));
    QCOMPARE(bySymbol(*instruments, "DEMO").ticks.tickAt(Price(15'000)), Price(1));
}

void InstrumentsTest::plainListOfTickersIsRead()
{
    const auto instruments = read(fileText("tests/cases/tickers.csv"));
    QCOMPARE(verdict(instruments), u"OK"_s);
    QCOMPARE(instruments->size(), 50U);
    QCOMPARE(shown(bySymbol(*instruments, "VPL").note),
             u"R approx: cap 154,691 bn VND 31/12/2025 (shares not verified)"_s);
}

void InstrumentsTest::limitsFollowTheRulesOfTheExchange_data()
{
    QTest::addColumn<Exchange>("exchange");
    QTest::addColumn<int>("reference");
    QTest::addColumn<bool>("firstDay");
    QTest::addColumn<int>("ceiling");
    QTest::addColumn<int>("floor");
    const auto row = [](const char *name, Exchange exchange, int reference, bool firstDay,
                        int ceiling, int floor) {
        QTest::newRow(name) << exchange << reference << firstDay << ceiling << floor;
    };
    row("the tick is that of the result", Exchange::HOSE, 50'800, false, 54'300, 47'250);
    row("up over a change of tick", Exchange::HOSE, 46'900, false, 50'100, 43'650);
    row("just below a change of tick", Exchange::HOSE, 46'050, false, 49'250, 42'850);
    row("over 10,000", Exchange::HOSE, 9'350, false, 10'000, 8'700);
    row("down below 10,000", Exchange::HOSE, 10'500, false, 11'200, 9'770);
    row("first day HOSE", Exchange::HOSE, 212'800, true, 255'300, 170'300);
    row("first day HNX", Exchange::HNX, 10'000, true, 13'000, 7'000);
    row("first day UPCOM", Exchange::UPCOM, 240'000, true, 336'000, 144'000);
    row("HNX 500", Exchange::HNX, 500, false, 600, 400);
    row("HNX 900", Exchange::HNX, 900, false, 1'000, 800);
    row("HNX 1,000", Exchange::HNX, 1'000, false, 1'100, 900);
    row("HNX 200", Exchange::HNX, 200, false, 300, 100);
    row("HNX 100", Exchange::HNX, 100, false, 200, 100);
    row("HNX 100 on its first day", Exchange::HNX, 100, true, 200, 100);
    row("UPCOM 100", Exchange::UPCOM, 100, false, 200, 100);
    row("UPCOM 600", Exchange::UPCOM, 600, false, 700, 500);
    row("UPCOM 700", Exchange::UPCOM, 700, false, 800, 600);
    row("HOSE has no rule for low prices", Exchange::HOSE, 100, false, 100, 100);
    row("HOSE 150", Exchange::HOSE, 150, false, 160, 140);
}

void InstrumentsTest::limitsFollowTheRulesOfTheExchange()
{
    QFETCH(Exchange, exchange);
    QFETCH(int, reference);
    QFETCH(bool, firstDay);
    QFETCH(int, ceiling);
    QFETCH(int, floor);
    const Instrument instrument = listed(exchange, reference, firstDay);
    QCOMPARE(instrument.ceiling, Price(ceiling));
    QCOMPARE(instrument.floor, Price(floor));
}

void InstrumentsTest::everyColumnIsRead()
{
    const std::string header =
        "symbol,exchange,name,ref,ceil,floor,tick_at_ref,mark,kind,underlying,ratio,currency,"
        "price_scale,quantity_scale,tick_table,band,lot,max_quantity,first_day,last,"
        "has_match_price,foreign_room,restricted,halted,sector,active\n";
    const std::string empty(22, ',');
    const auto instruments =
        read(header + "FPT,HOSE,\"FPT \"\"Corp\"\", Ltd\",105500" + empty + '\n'
             + "E1VFVN30,HOSE,ETF,30000,33000,27000,5,note,ETF,,,VND,0,0,0:5,0.1,"
               "10,1000,1,30005,1,123456,true,1,Funds,false\n"
               "GOLD,SPOT,Gold,2650.125,,,0.001,,CRYPTO,,,USD,3,4,0:0.001;10000:0.01,,"
               "0.5,100.25,,,,-1,,,,\n");
    QCOMPARE(verdict(instruments), u"OK"_s);
    QCOMPARE(instruments->size(), 3U);
    QCOMPARE(shown((*instruments)[0].name), u"FPT \"Corp\", Ltd"_s);
    QCOMPARE((*instruments)[0].foreignRoom, -1);
    QVERIFY((*instruments)[0].active && !(*instruments)[0].hasMatchPrice);

    const Instrument &fund = (*instruments)[1];
    QVERIFY(fund.kind == InstrumentKind::Etf);
    QCOMPARE(fund.ticks, TickTable({{Price(0), Price(5)}}));
    QCOMPARE(fund.lot, Quantity(10));
    QCOMPARE(fund.maxQuantity, Quantity(1000));
    QCOMPARE(fund.last, Price(30'005));
    QCOMPARE(fund.foreignRoom, 123'456);
    QVERIFY(fund.firstDay && fund.hasMatchPrice && fund.restricted && fund.halted && !fund.active);
    QCOMPARE(fund.sector, std::string("Funds"));
    QCOMPARE(fund.note, std::string("note"));

    const Instrument &gold = (*instruments)[2];
    QCOMPARE(gold.reference, Price(2'650'125));
    QCOMPARE(gold.ticks, TickTable({{Price(0), Price(1)}, {Price(10'000'000), Price(10)}}));
    QCOMPARE(gold.lot, Quantity(5'000));
    QCOMPARE(gold.maxQuantity, Quantity(1'002'500));
}

void InstrumentsTest::ownTermsOutliveTheDay()
{
    auto instruments =
        read("symbol,exchange,name,ref,band,lot,first_day\nAAA,HNX,A,20000,0.05,10,1\n");
    QVERIFY(instruments);
    Instrument &instrument = instruments->front();
    QCOMPARE(instrument.ceiling, Price(21'000));
    instrument.reference = Price(30'000);
    instrument.firstDay = false;
    applyDayLimits(*instruments, shippedRules());
    QCOMPARE(instrument.ceiling, Price(31'500));
    QCOMPARE(instrument.floor, Price(28'500));
    QCOMPARE(instrument.lot, Quantity(10));
}

void InstrumentsTest::warrantsFollowTheirShare_data()
{
    QTest::addColumn<QByteArray>("ratio");
    QTest::addColumn<int>("reference");
    QTest::addColumn<int>("ceiling");
    QTest::addColumn<int>("floor");
    // FPT at 105,500 may move by 7,300 either way.
    QTest::newRow("ten to one") << QByteArray("10") << 2'000 << 2'730 << 1'270;
    QTest::newRow("a broken ratio") << QByteArray("7.9326") << 2'000 << 2'920 << 1'080;
    QTest::newRow("cannot fall below one tick") << QByteArray("2") << 500 << 4'150 << 10;
}

void InstrumentsTest::warrantsFollowTheirShare()
{
    QFETCH(QByteArray, ratio);
    QFETCH(int, reference);
    QFETCH(int, ceiling);
    QFETCH(int, floor);
    const auto instruments =
        read("symbol,exchange,name,ref,kind,underlying,ratio\nCFPT2601,HOSE,Warrant,"
             + std::to_string(reference) + ",CW,FPT," + ratio.toStdString()
             + "\nFPT,HOSE,FPT,105500,,,\n");
    QCOMPARE(verdict(instruments), u"OK"_s);
    QCOMPARE(instruments->front().ceiling, Price(ceiling));
    QCOMPARE(instruments->front().floor, Price(floor));
}

void InstrumentsTest::finerPricesKeepTheTick()
{
    const auto instruments = read("symbol,exchange,name,ref,price_scale\nAAA,SPOT,A,1.0100,4\n");
    QCOMPARE(verdict(instruments), u"OK"_s);
    QCOMPARE(instruments->front().ticks.tickAt(Price(10'100)), Price(100));
    QCOMPARE(instruments->front().floor, Price(100));
}

void InstrumentsTest::brokenListsNameLineAndColumn_data()
{
    QTest::addColumn<QByteArray>("csv");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const QByteArray &csv, const char *expected) {
        QTest::newRow(name) << csv << u"CONFIGURATION_ERROR|"_s + QString::fromUtf8(expected);
    };
    const QByteArray all =
        "symbol | exchange | name | ref | ceil | floor | tick_at_ref | mark | kind | underlying | "
        "ratio | "
        "currency | price_scale | quantity_scale | tick_table | band | lot | max_quantity | "
        "first_day | "
        "last | has_match_price | foreign_room | restricted | halted | sector | active | moves";
    const QByteArray plain = "symbol,exchange,name,ref\n";
    row("empty file", "", "line 1||symbol,exchange,name,ref,…");
    row("only a header", plain, "line 2||FPT,HOSE,FPT,105500");
    row("unknown column", "symbol,exchange,name,ref,isin\n",
        ("line 1, column 5|isin|" + all).constData());
    row("column twice", "symbol,exchange,name,ref,ref\n", "line 1, column 5|ref|ref × 1");
    row("column missing", "symbol,exchange,name\n", "line 1||symbol, exchange, name, ref, …");
    row("header in capitals", "SYMBOL,exchange,name,ref\n",
        ("line 1, column 1|SYMBOL|" + all).constData());
    row("too few cells", plain + "FPT,HOSE,FPT\n", "line 2, cells|3|4");
    row("too many cells", plain + "FPT,HOSE,FPT,105500,\n", "line 2, cells|5|4");
    row("open quote", plain + "FPT,HOSE,\"FPT,105500\n",
        "line 2|FPT,HOSE,\"FPT,105500|\"…\",\"…\"");
    row("quote inside a cell", plain + "FPT,HOSE,F\"PT,105500\n",
        "line 2|FPT,HOSE,F\"PT,105500|\"…\",\"…\"");
    row("text behind a quote", plain + "FPT,HOSE,\"FPT\" x,105500\n",
        "line 2|FPT,HOSE,\"FPT\" x,105500|\"…\",\"…\"");
    row("not UTF-8", plain + "FPT,HOSE,\xE1\xBB,105500\n", "line 2||UTF-8");
    row("a control character", plain + "FPT,HOSE,F\x01PT,105500\n", "line 2||UTF-8");
    row("symbol in small letters", plain + "fpt,HOSE,FPT,105500\n",
        "line 2, column symbol|fpt|[A-Z0-9_][A-Z0-9._-]{0,31}");
    row("no symbol", plain + ",HOSE,FPT,105500\n",
        "line 2, column symbol||[A-Z0-9_][A-Z0-9._-]{0,31}");
    row("symbol as a path", plain + "../X,HOSE,FPT,105500\n",
        "line 2, column symbol|../X|[A-Z0-9_][A-Z0-9._-]{0,31}");
    row("symbol twice", plain + "FPT,HOSE,FPT,105500\n\nFPT,HNX,FPT,20000\n",
        "line 4, column symbol|FPT|FPT × 1 (line 2)");
    row("unknown exchange", plain + "FPT,HSX,FPT,105500\n",
        "line 2, column exchange|HSX|HOSE | HNX | UPCOM | SPOT");
    row("no reference", plain + "FPT,HOSE,FPT,\n", "line 2, column ref||1 … 1000000000000");
    row("reference of nothing", plain + "FPT,HOSE,FPT,0\n",
        "line 2, column ref|0|1 … 1000000000000");
    row("reference in thousands", plain + "FPT,HOSE,FPT,105.5\n",
        "line 2, column ref|105.5|1 … 1000000000000");
    row("reference with an exponent", plain + "FPT,HOSE,FPT,1e5\n",
        "line 2, column ref|1e5|1 … 1000000000000");
    row("reference off its tick", plain + "FPT,HOSE,FPT,105550\n",
        "line 2, column ref|105550|105500 | 105600");
    row("reference below the first tick", plain + "FPT,HNX,FPT,50\n", "line 2, column ref|50|100");
    row("wrong ceiling", "symbol,exchange,name,ref,ceil\nFPT,HOSE,FPT,105500,112900\n",
        "line 2, column ceil|112900|112800");
    row("wrong floor", "symbol,exchange,name,ref,floor\nFPT,HOSE,FPT,105500,98100\n",
        "line 2, column floor|98100|98200");
    row("wrong tick", "symbol,exchange,name,ref,tick_at_ref\nFPT,HOSE,FPT,105500,50\n",
        "line 2, column tick_at_ref|50|100");
    row("unknown kind", "symbol,exchange,name,ref,kind\nFPT,HOSE,FPT,105500,STOCK\n",
        "line 2, column kind|STOCK|SHARE | ETF | FUND | CW | CRYPTO");
    row("dollars on HOSE", "symbol,exchange,name,ref,currency\nFPT,HOSE,FPT,105500,USD\n",
        "line 2, column currency|USD|VND");
    row("scale below the currency's", "symbol,exchange,name,ref,price_scale\nBTC,SPOT,B,9,1\n",
        "line 2, column price_scale|1|2 … 8");
    row("fractions of a share", "symbol,exchange,name,ref,quantity_scale\nFPT,HOSE,FPT,105500,2\n",
        "line 2, column quantity_scale|2|0 … 0");
    row("quantity too fine", "symbol,exchange,name,ref,quantity_scale\nBTC,SPOT,B,9,9\n",
        "line 2, column quantity_scale|9|0 … 8");
    row("tick table in words", "symbol,exchange,name,ref,tick_table\nFPT,HOSE,FPT,105500,ten\n",
        "line 2, column tick_table|ten|0:10;10000:50;50000:100");
    row("tick of nothing", "symbol,exchange,name,ref,tick_table\nFPT,HOSE,FPT,105500,0:0\n",
        "line 2, column tick_table|0:0|0:10;10000:50;50000:100");
    row("ticks in disorder", "symbol,exchange,name,ref,tick_table\nFPT,HOSE,FPT,105500,0:10;0:50\n",
        "line 2, column tick_table|0:10;0:50|0:10;10000:50;50000:100");
    row("band in percent", "symbol,exchange,name,ref,band\nFPT,HOSE,FPT,105500,7\n",
        "line 2, column band|7|0.000001 … 0.999999");
    row("no lot", "symbol,exchange,name,ref,lot\nFPT,HOSE,FPT,105500,0\n",
        "line 2, column lot|0|1 … 1000000000000000");
    row("maximum below the lot", "symbol,exchange,name,ref,max_quantity\nFPT,HOSE,FPT,105500,99\n",
        "line 2, column max_quantity|99|>= 100");
    row("perhaps", "symbol,exchange,name,ref,first_day\nFPT,HOSE,FPT,105500,perhaps\n",
        "line 2, column first_day|perhaps|true | false");
    row("last above the ceiling", "symbol,exchange,name,ref,last\nFPT,HOSE,FPT,105500,112900\n",
        "line 2, column last|112900|98200 … 112800");
    row("last off its tick", "symbol,exchange,name,ref,last\nFPT,HOSE,FPT,105500,105550\n",
        "line 2, column last|105550|98200 … 112800");
    row("less than no room", "symbol,exchange,name,ref,foreign_room\nFPT,HOSE,FPT,105500,-2\n",
        "line 2, column foreign_room|-2|-1 … 1000000000000000");
    row("restricted on HNX", "symbol,exchange,name,ref,restricted\nSHS,HNX,SHS,16800,1\n",
        "line 2, column restricted|1|false");
    row("warrant on nothing",
        "symbol,exchange,name,ref,kind,underlying,ratio\nC,HOSE,C,1000,CW,,10\n",
        "line 2, column underlying||FPT, VNM, …");
    row("warrant without a ratio",
        "symbol,exchange,name,ref,kind,underlying,ratio\nC,HOSE,C,1000,CW,FPT,\n",
        "line 2, column ratio||0.000001 … 1000000");
    row("warrant on a stranger",
        "symbol,exchange,name,ref,kind,underlying,ratio\nC,HOSE,C,1000,CW,FPT,10\n",
        "line 2, column underlying|FPT|FPT, VNM, …");
    row("share with an underlying",
        "symbol,exchange,name,ref,kind,underlying\nFPT,HOSE,FPT,105500,SHARE,VNM\n",
        "line 2, column underlying|VNM|CW");
    row("name without end", plain + "FPT,HOSE," + QByteArray(300, 'x') + ",105500\n",
        ("line 2, column name|" + QByteArray(60, 'x') + "…|<= 256 bytes").constData());
}

void InstrumentsTest::brokenListsNameLineAndColumn()
{
    QFETCH(QByteArray, csv);
    QFETCH(QString, expected);
    QCOMPARE(verdict(read(csv.toStdString())), expected);
}

void InstrumentsTest::spreadsheetFilesAreRead_data()
{
    QTest::addColumn<QByteArray>("csv");
    QTest::newRow("lines of Windows")
        << QByteArray("symbol,exchange,name,ref\r\nFPT,HOSE,FPT,105500\r\n");
    QTest::newRow("no end of line") << QByteArray("symbol,exchange,name,ref\nFPT,HOSE,FPT,105500");
    QTest::newRow("byte order mark")
        << QByteArray("\xEF\xBB\xBFsymbol,exchange,name,ref\nFPT,HOSE,FPT,105500\n");
    QTest::newRow("everything in quotes") << QByteArray(
        "\"symbol\",\"exchange\",\"name\",\"ref\"\n\"FPT\",\"HOSE\",\"FPT\",\"105500\"\n");
    QTest::newRow("columns in another order")
        << QByteArray("ref,name,symbol,exchange\n105500,FPT,FPT,HOSE\n");
    QTest::newRow("zeros behind the point")
        << QByteArray("symbol,exchange,name,ref\nFPT,HOSE,FPT,105500.00\n");
    QTest::newRow("name in Vietnamese")
        << QByteArray("symbol,exchange,name,ref\nFPT,HOSE,Công ty Cổ phần FPT,105500\n");
}

void InstrumentsTest::spreadsheetFilesAreRead()
{
    QFETCH(QByteArray, csv);
    const auto instruments = read(csv.toStdString());
    QCOMPARE(verdict(instruments), u"OK"_s);
    QCOMPARE(instruments->front().ceiling, Price(112'800));
}

void InstrumentsTest::sizesAreBounded()
{
    std::string csv = "symbol,exchange,name,ref\n";
    for (int i = 0; i < 20'000; ++i)
        csv += 'S' + std::to_string(i) + ",HOSE,,10000\n";
    const auto most = read(csv);
    QCOMPARE(verdict(most), u"OK"_s);
    QCOMPARE(most->size(), 20'000U);
    QCOMPARE(most->back().name, std::string("S19999"));
    QCOMPARE(verdict(read(csv + "MORE,HOSE,,10000\n")),
             u"CONFIGURATION_ERROR|line 20002|20001|<= 20000"_s);
    QCOMPARE(verdict(read("symbol,exchange,name,ref\n" + std::string(5'000, 'x'))),
             u"CONFIGURATION_ERROR|line 2|5000 bytes|<= 4096 bytes"_s);
    QCOMPARE(verdict(read(std::string(33 << 20, '\n'))),
             u"CONFIGURATION_ERROR|bytes|34603008|1 … 33554432"_s);
}

void InstrumentsTest::csvLinesAreSplitStrictly_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("cells");
    const auto row = [](const char *line, const char *cells) {
        QTest::newRow(line) << QByteArray(line) << QString::fromUtf8(cells);
    };
    row("", "[]");
    row(",", "[][]");
    row("a,b", "[a][b]");
    row("\"a,b\",c", "[a,b][c]");
    row("\"a\"\"b\"", "[a\"b]");
    row("\"\"", "[]");
    row("\"\",", "[][]");
    row(" a , b ", "[ a ][ b ]");
    row("\"a", "none");
    row("\"a\"b", "none");
    row("a\"b", "none");
    row("\"\"\"", "none");
}

void InstrumentsTest::csvLinesAreSplitStrictly()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, cells);
    const auto split = cellsOfCsvLine(line.toStdString());
    QString got = split ? u""_s : u"none"_s;
    if (split) {
        for (const std::string &cell : *split)
            got += u'[' + shown(cell) + u']';
    }
    QCOMPARE(got, cells);
}

QTEST_GUILESS_MAIN(InstrumentsTest)
#include "tst_instruments.moc"
