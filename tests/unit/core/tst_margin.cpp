// SPDX-License-Identifier: GPL-3.0-or-later
// Margin: what may be borrowed to the dong, interest, calls and forced sales. The fixture checks after every
// command that every hold is exact, that nothing is available beside a loan, and that the books balance.
#include "../../support/recorded_engine.h"

#include "engine/command_codec.h"

using namespace khop;
using namespace khop::test;

namespace {

struct Fixture : RecordedEngine {
    AccountNo me = 0, other = 0;

    explicit Fixture(std::int64_t cash = 100'000'000)
    {
        other = account("other");
        shares(other, "SSI", 100'000);
        me = send(OpenAccount{uuid7(now, 1, ++ids), "me"}).account;
        deposit(cash);
        // without fees holds are round
        for (const AccountNo no : {me, other})
            send(SetFeeSchedule{no, 0b111, dateOf(2026, 11, 20), 0, {}});
        QVERIFY(send(SetMargin{me, std::make_shared<MarginTerms>(terms())}).ok());
    }
    MarginTerms terms() const
    {
        MarginTerms terms;
        terms.limit = Money(1'000'000'000);
        terms.interest = 120'000; // 12 % a year
        terms.ratios[symbol("SSI")] = 500'000;
        return terms;
    }
    void set(const MarginTerms &terms)
    {
        QVERIFY(send(SetMargin{me, std::make_shared<MarginTerms>(terms)}).ok());
    }
    void deposit(std::int64_t cash)
    {
        if (cash > 0)
            send(EndowCash{me, "VND", Money(cash)});
    }
    Balance dong() const { return engine->balance(me, 0); }
    MarginFigures figures() const
    {
        const auto last = [this](InstrumentIndex i) {
            return engine->exchange().lastOrReference(i);
        };
        return marginFigures(*engine->money().margin.find(me), engine->marginAccount(me), 0,
                             {engine->exchange().instruments(), engine->exchange().rules(), last});
    }
    QString refused(CommandBody body)
    {
        const std::uint64_t entry = engine->ledger().lastEntry();
        const Error error = send(std::move(body)).error;
        if (engine->ledger().lastEntry() != entry)
            qFatal("a refused command has moved something");
        return QStringLiteral("%1|%2|%3|%4")
            .arg(QString::fromUtf8(codeName(error.code).data()),
                 QString::fromStdString(error.field), QString::fromStdString(error.value),
                 QString::fromStdString(error.bound));
    }
    QString refusedBuy(const char *name, std::int64_t quantity, std::int64_t price)
    {
        return refused(make(me, name, Side::Buy, OrderType::LO, quantity, price));
    }
    /// 6,400 settled SSI at 31,000 and as many bought on margin: a loan of 198,400,000 and a ratio of 50 %.
    void buyOnShares()
    {
        shares(me, "SSI", 6'400);
        order(other, "SSI", Side::Sell, 6'400, 31'000);
        QVERIFY(order(me, "SSI", Side::Buy, 6'400, 31'000).ok());
        QCOMPARE(dong().loan.raw(), 198'400'000);
        QCOMPARE(figures().ratio, 500'000);
    }
    std::vector<OrderRecord> forcedSales() const
    {
        std::vector<OrderRecord> sales;
        for (const Uuid &id : madeInOrder) {
            if (orders.at(id).account == me && orders.at(id).side == Side::Sell)
                sales.push_back(orders.at(id));
        }
        return sales;
    }
};

} // namespace

class MarginTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLastDongThatMayBeBorrowedAndOneMore();
    void theLoanIsDrawnWithTheHoldAndPaidBackByTheRelease();
    void sharesBackALoanAsCashDoes();
    void whatIsNotLentOnTakesCash_data();
    void whatIsNotLentOnTakesCash();
    void theLimitIsTheLimit();
    void amendingDrawsAndPaysBack();
    void interestIsBookedWithTheMonth();
    void interestIsBookedWithTheLastOfTheLoan();
    void proceedsPayTheLoanBackWhenTheyArrive();
    void aDepositPaysTheLoanBackAndNoMoreComesOut();
    void anAccountThatIsCalledBuysNothing();
    void belowTheForceSellRatioTheDeskSells();
    void forcedSalesTakeWhatIsLentOnMostFirst();
    void termsThatAreRefused_data();
    void termsThatAreRefused();
    void marginEndsOnlyWithoutALoan();
    void aLoanSurvivesARestart();
};

void MarginTest::theLastDongThatMayBeBorrowedAndOneMore()
{
    Fixture f(99'999'999);
    // half of it must be one's own: 99,999,999 make 199,999,998
    QCOMPARE(f.refusedBuy("SSI", 6'400, 31'250),
             QStringLiteral("MARGIN_LIMIT|quantity|200000000|199999998"));
    f.deposit(1);
    QVERIFY(f.order(f.me, "SSI", Side::Buy, 6'400, 31'250).ok());
    QCOMPARE(f.dong().loan.raw(), 100'000'000);
    QCOMPARE(f.dong().held.raw(), 200'000'000);
    QCOMPARE(f.dong().available.raw(), 0);
    QCOMPARE(f.refusedBuy("SSI", 100, 30'000), QStringLiteral("MARGIN_LIMIT|quantity|3000000|0"));
}

void MarginTest::theLoanIsDrawnWithTheHoldAndPaidBackByTheRelease()
{
    Fixture f;
    const CommandResult placed = f.order(f.me, "SSI", Side::Buy, 6'400, 31'000);
    QCOMPARE(f.dong().loan.raw(), 98'400'000);
    QVERIFY(f.send(CancelOrder{f.me, placed.order->id}).ok());
    QCOMPARE(f.dong().loan.raw(), 0);
    QCOMPARE(f.dong().available.raw(), 100'000'000);
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

void MarginTest::sharesBackALoanAsCashDoes()
{
    Fixture f(0);
    f.buyOnShares();
    QCOMPARE(f.figures().assets.raw(), 396'800'000);
    QCOMPARE(f.figures().capacity.raw(), 198'400'000);
    QCOMPARE(f.refusedBuy("SSI", 100, 31'000), QStringLiteral("MARGIN_LIMIT|quantity|3100000|0"));
}

void MarginTest::whatIsNotLentOnTakesCash_data()
{
    QTest::addColumn<QByteArray>("symbol");
    QTest::newRow("no ratio") << QByteArray("HPG");
    QTest::newRow("UPCoM") << QByteArray("ACV");
}

void MarginTest::whatIsNotLentOnTakesCash()
{
    QFETCH(QByteArray, symbol);
    Fixture f;
    f.shares(f.me, "SSI", 10'000);
    MarginTerms terms = f.terms();
    terms.ratios[f.symbol("ACV")] = 500'000; // of no effect off the lists of HOSE and HNX
    f.set(terms);
    const Price price = f.engine->exchange().instrument(f.symbol(symbol)).reference;
    const std::int64_t most = 100'000'000 / price.raw() / 100 * 100;
    QVERIFY(f.refusedBuy(symbol, most + 100, price.raw())
                .startsWith(QStringLiteral("INSUFFICIENT_CASH|quantity")));
    QVERIFY(f.order(f.me, symbol, Side::Buy, most, price.raw()).ok());
    QCOMPARE(f.dong().loan.raw(), 0);
}

void MarginTest::theLimitIsTheLimit()
{
    Fixture f;
    MarginTerms terms = f.terms();
    terms.limit = Money(55'000'000 - 1);
    f.set(terms);
    QCOMPARE(f.refusedBuy("SSI", 5'000, 31'000),
             QStringLiteral("MARGIN_LIMIT|quantity|155000000|154999999"));
    terms.limit = Money(55'000'000);
    f.set(terms);
    QVERIFY(f.order(f.me, "SSI", Side::Buy, 5'000, 31'000).ok());
}

void MarginTest::amendingDrawsAndPaysBack()
{
    Fixture f;
    const CommandResult placed = f.order(f.me, "SSI", Side::Buy, 3'000, 31'000);
    QCOMPARE(f.dong().available.raw(), 7'000'000);
    AmendOrder amend{f.me, placed.order->id, {}, Quantity(4'000), {}, {}};
    QVERIFY(f.send(amend).ok());
    QCOMPARE(f.dong().loan.raw(), 24'000'000);
    amend.quantity = Quantity(3'300);
    QVERIFY(f.send(amend).ok());
    QCOMPARE(f.dong().loan.raw(), 2'300'000);
    amend.quantity = Quantity(6'500);
    QCOMPARE(f.refused(amend), QStringLiteral("MARGIN_LIMIT|quantity|201500000|200000000"));
    amend.quantity = Quantity(3'000);
    QVERIFY(f.send(amend).ok());
    QCOMPARE(f.dong().loan.raw(), 0);
    QCOMPARE(f.dong().available.raw(), 7'000'000);
}

void MarginTest::interestIsBookedWithTheMonth()
{
    Fixture f;
    f.order(f.other, "SSI", Side::Sell, 6'400, 31'250);
    QVERIFY(f.order(f.me, "SSI", Side::Buy, 6'400, 31'250).ok());
    f.to("2026-11-23T08:00:00+07:00");
    QCOMPARE(f.dong().interestDue.raw(), 98'630); // three nights: 100,000,000 x 12 % x 3 / 365
    f.to("2026-11-30T15:00:00+07:00");
    QCOMPARE(f.dong().loan.raw(), 100'000'000);
    f.to("2026-12-01T08:00:00+07:00");
    QCOMPARE(f.dong().interestDue.raw(), 0);
    QCOMPARE(f.dong().loan.raw(), 100'361'644); // eleven nights: 361,643.8
    QVERIFY(f.restart());
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

void MarginTest::interestIsBookedWithTheLastOfTheLoan()
{
    Fixture f;
    f.order(f.other, "SSI", Side::Sell, 6'400, 31'250);
    QVERIFY(f.order(f.me, "SSI", Side::Buy, 6'400, 31'250).ok());
    f.to("2026-11-23T08:00:00+07:00");
    f.deposit(100'000'000);
    QCOMPARE(f.dong().loan.raw(), 98'630); // the interest, which nothing was left for
    QCOMPARE(f.dong().interestDue.raw(), 0);
    f.deposit(100'000);
    QCOMPARE(f.dong().loan.raw(), 0);
    QCOMPARE(f.dong().available.raw(), 1'370);
}

void MarginTest::proceedsPayTheLoanBackWhenTheyArrive()
{
    Fixture f(0);
    f.buyOnShares();
    f.order(f.other, "SSI", Side::Buy, 1'000, 31'000);
    QVERIFY(f.order(f.me, "SSI", Side::Sell, 1'000, 31'000).ok());
    const std::int64_t net = 31'000'000 - 31'000; // the sale tax
    QCOMPARE(f.dong().pending.raw(), net);
    QCOMPARE(f.figures().debt.raw(), 198'400'000 - net);
    QVERIFY(f.figures().ratio > 500'000);
    f.to("2026-11-24T13:00:00+07:00");
    QCOMPARE(f.dong().loan.raw(), 198'400'000 - net);
    QCOMPARE(f.dong().available.raw(), 0);
}

void MarginTest::aDepositPaysTheLoanBackAndNoMoreComesOut()
{
    Fixture f(0);
    f.buyOnShares();
    f.deposit(1'000'000);
    QCOMPARE(f.dong().loan.raw(), 197'400'000);
    QCOMPARE(f.refused(WithdrawCash{f.me, "VND", Money(1)}),
             QStringLiteral("INSUFFICIENT_CASH|amount|1|0"));
}

void MarginTest::anAccountThatIsCalledBuysNothing()
{
    Fixture f(0);
    f.buyOnShares();
    MarginTerms terms = f.terms();
    terms.maintenance = 500'000;
    f.set(terms);
    QCOMPARE(f.figures().state, MarginState::Normal); // at the ratio itself
    f.print("SSI", 30'950);
    QCOMPARE(f.figures().state, MarginState::Call);
    QCOMPARE(f.refusedBuy("SSI", 100, 30'000), QStringLiteral("MARGIN_CALL|quantity|49.9192|50"));
    QVERIFY(f.order(f.me, "SSI", Side::Sell, 100, 31'000).ok());
    f.to("2026-11-23T10:00:00+07:00");
    QCOMPARE(f.forcedSales().size(), 1U); // the one above
}

void MarginTest::belowTheForceSellRatioTheDeskSells()
{
    Fixture f(0);
    f.buyOnShares();
    MarginTerms terms = f.terms();
    terms.interest = 0;
    terms.maintenance = 500'000;
    terms.forceSell = 495'000;
    f.set(terms);
    f.print("SSI", 30'500);
    QCOMPARE(f.figures().state, MarginState::ForceSell);
    QCOMPARE(f.figures().ratio, 491'803);
    QVERIFY(f.forcedSales().empty());
    f.order(f.other, "SSI", Side::Buy, 5'000, 30'500);
    const std::uint64_t before = f.engine->sequence();
    f.to("2026-11-20T13:00:00+07:00");
    QCOMPARE(f.engine->sequence(), before + 1);
    // assets 390,400,000 - equity 192,000,000 / 50 % = 6,400,000: 210 shares, in lots 300
    const auto sales = f.forcedSales();
    QCOMPARE(sales.size(), 1U);
    QCOMPARE(sales[0].quantity.raw(), 300);
    QCOMPARE(sales[0].price->raw(), 28'850); // the floor; it trades at what is bid
    QCOMPARE(sales[0].status, OrderStatus::Filled);
    QCOMPARE(sales[0].tradedValue.raw(), 300 * 30'500);
    QCOMPARE(f.figures().state, MarginState::Normal);
    f.to("2026-11-20T14:30:00+07:00");
    QCOMPARE(f.forcedSales().size(), 1U);
    QVERIFY(f.restart());
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

void MarginTest::forcedSalesTakeWhatIsLentOnMostFirst()
{
    Fixture f(0);
    f.buyOnShares();
    f.shares(f.me, "SHS", 10'000);
    f.shares(f.me, "HPG", 5'000);
    MarginTerms terms = f.terms();
    terms.initial = terms.maintenance = terms.forceSell = 950'000;
    terms.ratios[f.symbol("SSI")] = 40'000;
    terms.ratios[f.symbol("HPG")] = 50'000;
    f.set(terms);
    f.to("2026-11-20T13:00:00+07:00");
    // assets 711,300,000 - equity 512,900,000 / 95 % = 171,405,264: all HPG, 146,500,000, and of the
    // rest 804 SSI, in lots 900
    const auto sales = f.forcedSales();
    QCOMPARE(sales.size(), 2U);
    QCOMPARE(sales[0].instrument, f.symbol("HPG"));
    QCOMPARE(sales[0].quantity.raw(), 5'000);
    QCOMPARE(sales[1].instrument, f.symbol("SSI"));
    QCOMPARE(sales[1].quantity.raw(), 900);
    // what is on offer already counts: nothing comes on top of it
    f.to("2026-11-20T14:30:00+07:00");
    QCOMPARE(f.forcedSales().size(), 2U);
    // unsold at the end of the day: again the next morning
    f.to("2026-11-23T09:20:00+07:00");
    QCOMPARE(f.forcedSales().size(), 4U);
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

void MarginTest::termsThatAreRefused_data()
{
    QTest::addColumn<int>("what");
    QTest::addColumn<QString>("expected");
    const auto row = [](int what, const char *name, const char *expected) {
        QTest::newRow(name) << what << QString::fromUtf8(expected);
    };
    row(0, "limit", "VALIDATION_ERROR|limit|-1|0 … 100000000000000");
    row(1, "initial", "VALIDATION_ERROR|initial_ratio|100.0001|0.0001 … 100");
    row(2, "maintenance", "VALIDATION_ERROR|maintenance_ratio|50.0001|0.0001 … 50");
    row(3, "force sell", "VALIDATION_ERROR|force_sell_ratio|30.0001|0.0001 … 30");
    row(4, "interest", "VALIDATION_ERROR|interest|-0.0001|0 … 100");
    row(5, "loan ratio", "VALIDATION_ERROR|loan_ratios.SSI|50.0001|0 … 50");
    row(6, "every loan ratio", "VALIDATION_ERROR|loan_ratio|50.0001|0 … 50");
    row(7, "instrument", "INSTRUMENT_UNKNOWN|loan_ratios||");
    row(8, "account", "ACCOUNT_UNKNOWN|account_id||");
}

void MarginTest::termsThatAreRefused()
{
    QFETCH(int, what);
    QFETCH(QString, expected);
    Fixture f;
    MarginTerms terms = f.terms();
    switch (what) {
    case 0: terms.limit = Money(-1); break;
    case 1: terms.initial = 1'000'001; break;
    case 2: terms.maintenance = 500'001; break;
    case 3: terms.forceSell = 300'001; break;
    case 4: terms.interest = -1; break;
    case 5: terms.ratios[f.symbol("SSI")] = 500'001; break;
    case 6: terms.ratio = 500'001; break;
    case 7: terms.ratios[9'999] = 1; break;
    default: break;
    }
    QCOMPARE(f.refused(SetMargin{what == 8 ? 99 : f.me, std::make_shared<MarginTerms>(terms)}),
             expected);
    QVERIFY(*f.engine->money().margin.find(f.me) == f.terms());
}

void MarginTest::marginEndsOnlyWithoutALoan()
{
    Fixture f;
    const CommandResult placed = f.order(f.me, "SSI", Side::Buy, 6'400, 31'000);
    QCOMPARE(f.refused(SetMargin{f.me, nullptr}),
             QStringLiteral("VALIDATION_ERROR|margin|98400000|no loan"));
    f.send(CancelOrder{f.me, placed.order->id});
    QVERIFY(f.send(SetMargin{f.me, nullptr}).ok());
    QVERIFY(f.refusedBuy("SSI", 6'400, 31'000).startsWith(QStringLiteral("INSUFFICIENT_CASH")));
}

void MarginTest::aLoanSurvivesARestart()
{
    Fixture f;
    f.order(f.me, "SSI", Side::Buy, 6'400, 31'000);
    QVERIFY(f.restart());
    QCOMPARE(f.dong().loan.raw(), 98'400'000);
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

QTEST_GUILESS_MAIN(MarginTest)
#include "tst_margin.moc"
