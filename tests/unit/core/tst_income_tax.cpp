// SPDX-License-Identifier: GPL-3.0-or-later
// Shares that came free of charge are taxed as income when they are sold, first of all that is owned.
#include "../../support/corporate_fixture.h"

#include "ledger/order_cost.h"

using namespace khop;
using namespace khop::test;

class IncomeTaxTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theCircularsCase();
    void belowParThePriceCounts();
    void dealsAreTaxedToo();
    void aSplitTaxesNoMore();
    void aMergerTakesItAlong();
    void importedSalesTakeThemFirstToo();
    void otherParsAndRates_data();
    void otherParsAndRates();
};

/// Circular 111/2013: 5,000 shares received, 2,000 sold, then 4,000.
void IncomeTaxTest::theCircularsCase()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 10'000), other = f.account();
    CorporateTerms terms = f.bonus(500'000);
    terms.type = CorporateActionType::StockDividend;
    QVERIFY(f.announce(terms).ok());
    f.to("2026-12-10 10:00");
    QCOMPARE(f.position(me, "SSI").taxable.raw(), 5'000);
    QCOMPARE(f.instrument("SSI").reference.raw(), 20'650);
    f.survivesRestart();
    const auto sold = [&](std::int64_t quantity, std::int64_t price) {
        f.happened.clear();
        QVERIFY(f.buy(other, "SSI", quantity, price).ok());
        const CommandResult mine = f.sell(me, "SSI", quantity, price);
        QCOMPARE(f.state(mine).tax, f.happened.executions.back().tax);
        QCOMPARE(f.happened.executions.size(), std::size_t{2});
    };
    const auto tax = [&] { return f.happened.executions.back().tax.raw(); };
    sold(2'000, 21'000);
    QCOMPARE(tax(), 42'000 + 1'000'000);
    QCOMPARE(f.position(me, "SSI").taxable.raw(), 3'000);
    QCOMPARE(f.cash(me).pending.raw(), 42'000'000 - 63'000 - 42'000 - 1'000'000);
    // an entry of its own beside the tax on sales
    std::vector<std::int64_t> taxes;
    for (const LedgerEntry &entry : f.happened.entries) {
        if (entry.account == me && entry.type == LedgerEntry::Type::Tax)
            taxes.push_back(entry.amount);
    }
    QCOMPARE(taxes, (std::vector<std::int64_t>{42'000, 1'000'000}));
    sold(4'000, 20'000);
    QCOMPARE(tax(), 80'000 + 1'500'000); // on the 3,000 that are left
    QCOMPARE(f.position(me, "SSI").taxable.raw(), 0);
    sold(1'000, 20'000);
    QCOMPARE(tax(), 20'000);
    QCOMPARE(f.engine.checkInvariants(), std::string());
    QCOMPARE(f.position(me, "SSI").realizedPnl.raw(),
             // by the average of 200,000,000 / 15,000, after costs
             (42'000'000 - 63'000 - 1'042'000 - 26'666'667)
                 + (80'000'000 - 120'000 - 1'580'000 - 53'333'333)
                 + (20'000'000 - 30'000 - 20'000 - 13'333'333));
}

void IncomeTaxTest::belowParThePriceCounts()
{
    CorporateFixture f;
    const AccountNo me = f.holder("LOW", 1'000), other = f.account();
    CorporateTerms terms = f.bonus(500'000);
    terms.instrument = f.symbol("LOW");
    QVERIFY(f.announce(terms).ok());
    f.to("2026-12-10 10:00");
    QCOMPARE(f.instrument("LOW").reference.raw(), 5'330);
    QVERIFY(f.buy(other, "LOW", 100, 5'330).ok());
    QVERIFY(f.sell(me, "LOW", 100, 5'330).ok());
    QCOMPARE(f.happened.executions.back().tax.raw(), 533 + 26'650);
    QVERIFY(f.order(other, "LOW", Side::Buy, OrderType::LO, 7, 5'330).ok());
    QVERIFY(f.order(me, "LOW", Side::Sell, OrderType::LO, 7, 5'330).ok());
    QCOMPARE(f.happened.executions.back().tax.raw(), 37 + 1'866); // 1,865.5
    QCOMPARE(f.position(me, "LOW").taxable.raw(), 393);
}

void IncomeTaxTest::dealsAreTaxedToo()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 40'000), other = f.account();
    QVERIFY(f.announce(f.bonus(500'000)).ok());
    f.to("2026-12-10 10:00");
    const Uuid id = f.newId();
    QVERIFY(
        f.send(ProposePutThrough{
                   me, other, id, f.symbol("SSI"), Side::Sell, Quantity(25'000), Price(20'650), {}})
            .ok());
    QVERIFY(f.send(AnswerPutThrough{other, id, AnswerPutThrough::Answer::Accept}).ok());
    QCOMPARE(f.happened.executions.back().tax.raw(), 516'250 + 20'000 * 500);
    QCOMPARE(f.position(me, "SSI").taxable.raw(), 0);
    QCOMPARE(f.engine.checkInvariants(), std::string());
}

void IncomeTaxTest::aSplitTaxesNoMore()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 1'000);
    CorporateTerms bonus = f.bonus(500'000);
    bonus.exDate = day("2026-11-23");
    bonus.payDate = day("2026-11-25");
    QVERIFY(f.announce(bonus).ok());
    QVERIFY(f.announce(f.split(2, 1)).ok());
    CorporateTerms reverse = f.split(1, 10);
    reverse.exDate = day("2026-12-07");
    QVERIFY(f.announce(reverse).ok());
    f.toRestored("2026-11-30 10:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 3'000);
    QCOMPARE(f.position(me, "SSI").taxable.raw(), 500);
    f.toRestored("2026-12-07 10:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 300);
    QCOMPARE(f.position(me, "SSI").taxable.raw(), 300); // no more than there are
}

void IncomeTaxTest::aMergerTakesItAlong()
{
    CorporateFixture f;
    const AccountNo me = f.holder("HHH", 1'000);
    CorporateTerms bonus = f.bonus(500'000);
    bonus.instrument = f.symbol("HHH");
    bonus.exDate = day("2026-11-23");
    bonus.payDate = day("2026-11-25");
    QVERIFY(f.announce(bonus).ok());
    f.send(EndowSecurities{me, f.symbol("SSI"), Quantity(400), Price(30'000)});
    CorporateTerms other = bonus;
    other.instrument = f.symbol("SSI");
    QVERIFY(f.announce(other).ok());
    QVERIFY(f.announce(f.merger("HHH", "SSI", 1, 5)).ok());
    f.toRestored("2026-11-30 10:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 600 + 300);
    QCOMPARE(f.position(me, "SSI").taxable.raw(), 200 + 300); // of 500 as many as there are now
    QCOMPARE(f.position(me, "HHH").taxable.raw(), 0);
}

/// Their tax is what the broker's statement says; undoing the import brings everything back.
void IncomeTaxTest::importedSalesTakeThemFirstToo()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 1'000);
    QVERIFY(f.announce(f.bonus(500'000)).ok());
    f.to("2026-12-10 10:00");
    const std::string before = f.engine.ledger().fingerprint(me);
    ImportRow row;
    row.line = 1;
    row.day = day("2026-12-09");
    row.body = ImportTrade{f.symbol("SSI"),   Side::Sell,    Quantity(1'200), Price(20'000),
                           Money(24'000'000), Money(36'000), Money(274'000)};
    row.key = {1, 2};
    ImportStatement import;
    import.account = me;
    import.id = f.newId();
    import.fileName = "F.csv";
    import.format = "SSI";
    import.rows = std::make_shared<ImportRows>(ImportRows{row});
    QCOMPARE(f.send(import).error, Error{});
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 300);
    QCOMPARE(f.position(me, "SSI").taxable.raw(), 0);
    QCOMPARE(f.engine.checkInvariants(), std::string());
    f.survivesRestart();
    QCOMPARE(f.send(UndoImport{me, import.id}).error, Error{});
    QCOMPARE(f.position(me, "SSI").taxable.raw(), 500);
    QCOMPARE(f.engine.ledger().fingerprint(me), before);
    QCOMPARE(f.engine.checkInvariants(), std::string());
}

void IncomeTaxTest::otherParsAndRates_data()
{
    QTest::addColumn<qint64>("quantity");
    QTest::addColumn<qint64>("price");
    QTest::addColumn<qint64>("par");
    QTest::addColumn<qint64>("rate");
    QTest::addColumn<qint64>("tax");
    QTest::newRow("usual") << 100LL << 31'000LL << 10'000LL << 50'000LL << 50'000LL;
    QTest::newRow("at par") << 100LL << 10'000LL << 10'000LL << 50'000LL << 50'000LL;
    QTest::newRow("below") << 100LL << 9'990LL << 10'000LL << 50'000LL << 49'950LL;
    QTest::newRow("none") << 0LL << 31'000LL << 10'000LL << 50'000LL << 0LL;
    QTest::newRow("no par") << 100LL << 31'000LL << 0LL << 50'000LL << 0LL;
    QTest::newRow("no rate") << 100LL << 31'000LL << 10'000LL << 0LL << 0LL;
    QTest::newRow("half a dong") << 1LL << 9'990LL << 10'000LL << 50'000LL << 500LL;
}

void IncomeTaxTest::otherParsAndRates()
{
    QFETCH(qint64, quantity);
    QFETCH(qint64, price);
    QFETCH(qint64, par);
    QFETCH(qint64, rate);
    QFETCH(qint64, tax);
    CorporateFixture f;
    Rates rates;
    rates.parValue = Money(par);
    rates.dividendTax = rate;
    QCOMPARE(incomeTaxOf(f.instrument("SSI"), 0, rates, Quantity(quantity), Price(price)).raw(),
             tax);
}

QTEST_APPLESS_MAIN(IncomeTaxTest)
#include "tst_income_tax.moc"
