// SPDX-License-Identifier: GPL-3.0-or-later
// Brokers' cash statements: what each movement was, by its words; together with the trades they make the
// worked statement.
#include "statement_fixture.h"

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;
using Kind = PortfolioCash::Kind;

class CashStatementTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cashAndTradesMakeTheWorkedStatement();
    void importingAgainAddsNothing();
    void wordsSayWhatItWas_data();
    void wordsSayWhatItWas();
    void oneColumnWithSigns();
    void brokenRowsSayWhere_data();
    void brokenRowsSayWhere();
};

namespace {

const char *const titles = "Ngày;Diễn giải;Phát sinh tăng;Phát sinh giảm\n";

} // namespace

void CashStatementTest::cashAndTradesMakeTheWorkedStatement()
{
    const auto cash = previewed(ssiCash, "SSI", StatementKind::Cash);
    QVERIFY2(cash, cash ? "" : (cash.error().field + cash.error().bound).c_str());
    QVERIFY(cash->clean());
    QCOMPARE(cash->added.size(), std::size_t{3});
    QCOMPARE(cash->skipped.size(), std::size_t{5}); // what was paid for trades
    for (const SkippedRow &row : cash->skipped)
        QCOMPARE(row.why, SkippedRow::Why::OfTrade);
    const auto trades = previewed(ssiTrades, "SSI");
    std::vector<StatementRow> rows = cash->added;
    rows.insert(rows.end(), trades->added.begin(), trades->added.end());
    std::ranges::stable_sort(rows, {}, [](const StatementRow &row) { return row.time.day; });
    Portfolio portfolio;
    for (const StatementRow &row : rows)
        QVERIFY(portfolio.apply(portfolioEvent(row, 0)));
    QCOMPARE(portfolio.cashIn(0)->balance, Money(68'953'500 + 15'960'000 + 475'000));
    QCOMPARE(portfolio.cashIn(0)->deposited, Money(100'000'000));
    QCOMPARE(portfolio.find(ssi)->figures.dividends, Money(500'000));
    QCOMPARE(portfolio.find(ssi)->figures.taxes, Money(16'000 + 25'000));
}

void CashStatementTest::importingAgainAddsNothing()
{
    Imported imported;
    imported.add(*previewed(ssiCash, "SSI", StatementKind::Cash));
    const auto again = previewed(ssiCash, "SSI", StatementKind::Cash, imported.known());
    QVERIFY(again && again->added.empty());
    QCOMPARE(again->duplicates.size(), std::size_t{3});
    // trades and cash have keys of their own
    const auto trades = previewed(ssiTrades, "SSI", StatementKind::Trades, imported.known());
    QVERIFY(trades->duplicates.empty());
}

void CashStatementTest::wordsSayWhatItWas_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("comes");
    QTest::addColumn<QString>("kind"); // "" refused, "-" of a trade
    const auto row = [](const char *words, bool comes, const char *kind) {
        QTest::addRow("%s %s", words, comes ? "in" : "out")
            << QString::fromUtf8(words) << comes << QString::fromLatin1(kind);
    };
    row("Nộp tiền mặt", true, "Deposit");
    row("Nhận chuyển tiền từ ngân hàng", true, "Deposit");
    row("Deposits", true, "Deposit");
    row("Rút tiền", false, "Withdraw");
    row("Chuyển tiền ra ngân hàng", false, "Withdraw");
    row("Withdrawal to bank", false, "Withdraw");
    row("Nhận cổ tức tiền mặt FPT đợt 1", true, "Dividend fpt");
    row("Thuế TNCN cổ tức FPT", false, "Tax fpt");
    row("Trả lãi tiền gửi tháng 10", true, "Interest");
    row("Lãi vay margin", false, "Interest");
    row("Phí lưu ký tháng 10/2026", false, "Charge");
    row("Phí ứng trước tiền bán", false, "Charge");
    row("Ứng trước tiền bán CK", true, "-");
    row("Thu nợ ứng trước", false, "-");
    row("Mua CK SSI", false, "-");
    row("Bán CK SSI", true, "-");
    row("Thuế bán CK", false, "-");
    row("Phí giao dịch", false, "-");
    row("Nộp tiền", false, "");         // what goes is no deposit
    row("Hoàn trả rút tiền", true, ""); // what comes is no withdrawal
    row("Điều chỉnh", true, "");
    row("Cổ tức", true, "");            // of what?
    row("Cổ tức SSI và FPT", true, ""); // of which?
}

void CashStatementTest::wordsSayWhatItWas()
{
    QFETCH(QString, words);
    QFETCH(bool, comes);
    QFETCH(QString, kind);
    const std::string row = "2026-11-02;" + words.toStdString() + (comes ? ";5000;" : ";;5000");
    const auto preview = previewed(titles + row, "SSI", StatementKind::Cash);
    QVERIFY(preview);
    if (kind.isEmpty()) {
        QCOMPARE(preview->refusedCount, std::size_t{1});
        QCOMPARE(preview->refused[0].column, std::size_t{2});
        QCOMPARE(preview->refused[0].error.field, std::string("Diễn giải"));
        return;
    }
    if (kind == u"-"_s) {
        QCOMPARE(preview->skipped.size(), std::size_t{1});
        return;
    }
    QVERIFY(preview->clean());
    const auto &cash = std::get<StatementCash>(preview->added.at(0).body);
    static const QHash<QString, Kind> kinds{
        {u"Deposit"_s, Kind::Deposit},   {u"Withdraw"_s, Kind::Withdraw},
        {u"Dividend"_s, Kind::Dividend}, {u"Tax"_s, Kind::Tax},
        {u"Interest"_s, Kind::Interest}, {u"Charge"_s, Kind::Charge}};
    QCOMPARE(cash.kind, kinds.value(kind.section(u' ', 0, 0)));
    QCOMPARE(cash.instrument, kind.endsWith(u"fpt"_s) ? fpt : noInstrument);
    QCOMPARE(cash.amount, Money(comes ? 5'000 : -5'000));
    QCOMPARE(preview->added[0].words, words.toStdString());
}

void CashStatementTest::oneColumnWithSigns()
{
    const auto preview = previewed("Ngày,Nội dung,Mã CK,Số tiền\n"
                                   "2026-11-02,Nộp tiền,,\"1,000,000\"\n"
                                   "2026-11-03,Rút tiền,,\"(250,000)\"\n"
                                   "2026-11-04,Cổ tức,FPT,500\n"
                                   "2026-11-04,Cổ tức,ZZZ,500\n",
                                   "TCBS", StatementKind::Cash);
    QVERIFY(preview);
    QCOMPARE(preview->added.size(), std::size_t{3});
    QCOMPARE(std::get<StatementCash>(preview->added[1].body),
             (StatementCash{Kind::Withdraw, Money(-250'000), noInstrument}));
    QCOMPARE(std::get<StatementCash>(preview->added[2].body),
             (StatementCash{Kind::Dividend, Money(500), fpt}));
    QCOMPARE(preview->refused[0].error.code, Code::INSTRUMENT_UNKNOWN);
}

void CashStatementTest::brokenRowsSayWhere_data()
{
    QTest::addColumn<QString>("row");
    QTest::addColumn<int>("column");
    const auto row = [](const char *name, const char *text, int column) {
        QTest::newRow(name) << QString::fromUtf8(text) << column;
    };
    row("nothing moves", "2026-11-02;Nộp tiền;0;0", 3);
    row("both ways", "2026-11-02;Nộp tiền;5;5", 3);
    row("no number", "2026-11-02;Nộp tiền;five;", 3);
    row("no number out", "2026-11-02;Rút tiền;;five", 4);
    row("part of a dong", "2026-11-02;Nộp tiền;5.5;", 3);
    row("past 64 bits", "2026-11-02;Nộp tiền;99999999999999999999;", 3);
    row("no date", ";Nộp tiền;5;", 1);
    row("no words", "2026-11-02;;5;", 2);
}

void CashStatementTest::brokenRowsSayWhere()
{
    QFETCH(QString, row);
    QFETCH(int, column);
    const auto preview = previewed(titles + row.toStdString(), "SSI", StatementKind::Cash);
    QVERIFY(preview);
    QVERIFY(preview->added.empty());
    QCOMPARE(preview->refusedCount, std::size_t{1});
    QCOMPARE(preview->refused[0].line, std::size_t{2});
    QCOMPARE(preview->refused[0].column, static_cast<std::size_t>(column));
}

QTEST_APPLESS_MAIN(CashStatementTest)
#include "tst_cash_statement.moc"
