// SPDX-License-Identifier: GPL-3.0-or-later
// What a portfolio is worth: positions, totals, the day's gain and how it is divided up; a tick gives
// what valuing everything again would; and what it would be worth if.
#include "portfolio_fixture.h"

#include "portfolio/what_if.h"

using namespace khop;
using namespace khop::test;
using Kind = PortfolioCash::Kind;

namespace {

Valuation valued(const Portfolio &portfolio, std::vector<ValuationPrice> prices, Date today)
{
    auto valuation = Valuation::of(portfolio, market(), std::move(prices), today);
    if (!valuation)
        qFatal("%s: %s", valuation.error().field.c_str(), valuation.error().value.c_str());
    return *valuation;
}

std::string textOf(const Valuation &valuation)
{
    std::string text;
    const auto add = [&](auto value) { text += std::to_string(value.raw()) + ' '; };
    const Valuation::Totals &t = valuation.totals();
    for (const Money amount :
         {t.marketValue, t.cash, t.costBasis, t.unrealized.beforeCosts, t.unrealized.afterCosts,
          t.realized.beforeCosts, t.realized.afterCosts, t.daily, t.dividends, t.fees, t.taxes,
          t.invested})
        add(amount);
    text += std::to_string(t.positions) + ' ';
    for (const Valuation::Position &p : valuation.positions()) {
        text += '#' + std::to_string(p.instrument) + ' ';
        add(p.quantity);
        add(p.price);
        for (const Money amount :
             {p.marketValue, p.averageCost.total, p.lotCost.total, p.unrealized.beforeCosts,
              p.unrealized.afterCosts, p.unrealizedByLots.afterCosts, p.daily})
            add(amount);
    }
    for (const auto by : {Valuation::By::Symbol, Valuation::By::Exchange, Valuation::By::Sector}) {
        for (const Valuation::Slice &slice : valuation.allocation(by)) {
            text += slice.name + '=';
            add(slice.value);
            add(slice.share);
        }
    }
    return text;
}

} // namespace

class ValuationTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWorkedStatementIsValued();
    void theDaysGainCountsTradesAtTheirPrices();
    void equityIsWhatWasPutInAndGained();
    void currenciesAreConvertedOnce();
    void allocationAddsUp();
    void aTickIsTheSameAsValuingAgain();
    void aTickThatCannotBeIsRefused();
    void whatIfMatchesDoingIt();
    void whatIfPricesMove();
    void whatIfRefusesWithThePlace_data();
    void whatIfRefusesWithThePlace();
};

void ValuationTest::theWorkedStatementIsValued()
{
    const Portfolio portfolio = workedStatement().portfolio;
    const Valuation valuation =
        valued(portfolio, {{Price(29'500), Price(29'000)}}, dateOf(2026, 11, 17));
    const Valuation::Position &position = *valuation.find(ssi);
    QCOMPARE(position.marketValue, Money(550 * 29'500));
    QCOMPARE(position.unrealized,
             (Gain{Money(16'225'000 - 15'500'000), Money(16'225'000 - 15'523'250)}));
    QCOMPARE(position.unrealizedByLots, position.unrealized);
    QCOMPARE(position.daily, Money(550 * 500));
    const Valuation::Totals &totals = valuation.totals();
    QCOMPARE(totals.equity(), Money(68'953'500 + 15'960'000 + 475'000 + 16'225'000));
    QCOMPARE(totals.realized, (Gain{Money(500'000), Money(436'750)}));
    QCOMPARE(totals.positions, 1);
    QCOMPARE(totals.invested, Money(100'000'000));
    // 436,750 + 701,750 + 475,000 of 100 million
    QCOMPARE(totals.totalReturn(), std::optional(Ratio(16'135)));
    // without a last price the reference counts, without that the last trade
    QCOMPARE(valued(portfolio, {{{}, Price(29'000)}}, dateOf(2026, 11, 17)).find(ssi)->price,
             Price(29'000));
    QCOMPARE(valued(portfolio, {}, dateOf(2026, 11, 17)).find(ssi)->price, Price(32'000));
}

void ValuationTest::theDaysGainCountsTradesAtTheirPrices()
{
    const Date day = dateOf(2026, 11, 2);
    Life life;
    QVERIFY(life.on(day, buy(fpt, 200, 100'000)));
    QVERIFY(life.on(day + 1, sell(fpt, 100, 101'000, 15'000, 10'000)));
    QVERIFY(life.on(day + 1, buy(fpt, 300, 103'000, 46'000)));
    QVERIFY(life.on(day + 1, buy(ssi, 100, 31'000, 4'000)));
    QVERIFY(life.on(day + 1, sell(ssi, 100, 30'000, 4'000, 3'000)));
    const std::vector<ValuationPrice> prices{{Price(30'500), Price(30'900)},
                                             {Price(104'000), Price(100'500)}};
    const Valuation today = valued(life.portfolio, prices, day + 1);
    // 200 from the reference to the close, but for 100 that left at 101,000; 300 from 103,000
    QCOMPARE(today.find(fpt)->daily,
             Money(100 * 3'500 + 100 * 500 - 25'000 + 300 * 1'000 - 46'000));
    QCOMPARE(today.find(ssi)->daily, Money(-100 * 1'000 - 11'000));
    QCOMPARE(today.find(ssi)->quantity, Quantity(0));
    QCOMPARE(today.totals().positions, 1);
    const Valuation tomorrow = valued(life.portfolio, prices, day + 2);
    QCOMPARE(tomorrow.find(fpt)->daily, Money(400 * 3'500));
    QVERIFY(!tomorrow.find(ssi));
}

void ValuationTest::equityIsWhatWasPutInAndGained()
{
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        const RandomLife random(seed);
        const Portfolio &portfolio = random.life.portfolio;
        Int128 dividendTax = 0;
        for (const PortfolioEvent &event : random.life.events) {
            const auto *given = std::get_if<PortfolioCash>(&event.body);
            if (given && given->kind == Kind::Tax)
                dividendTax += given->amount.raw() * (given->currency == usd ? 250 : 1);
        }
        const Valuation valuation = valued(
            portfolio,
            {{Price(31'000), {}}, {Price(99'000), {}}, {Price(17'000), {}}, {Price(7'000'000), {}}},
            random.days.back());
        const Valuation::Totals &totals = valuation.totals();
        // a cent is a whole number of dong, so nothing is lost in conversion
        const Int128 explained = Int128(totals.invested.raw()) + totals.realized.afterCosts.raw()
                                 + totals.unrealized.afterCosts.raw() + totals.dividends.raw()
                                 + dividendTax;
        QVERIFY2(explained == totals.equity().raw(), qPrintable(QString::number(seed)));
    }
}

void ValuationTest::currenciesAreConvertedOnce()
{
    Life life;
    const Date day = dateOf(2026, 11, 2);
    QVERIFY(life.on(day, PortfolioCash{Kind::Deposit, usd, Money(1'000'000)})); // cents
    QVERIFY(life.on(day, PortfolioTrade{btc,
                                        usd,
                                        Side::Buy,
                                        Quantity(5'000'000),
                                        Price(6'500'000),
                                        Money(325'000),
                                        Money(325),
                                        {}}));
    const Valuation valuation = valued(life.portfolio, {{}, {}, {}, {Price(7'000'001), {}}}, day);
    QCOMPARE(valuation.find(btc)->marketValue, Money(350'000)); // 350,000.05 cents
    QCOMPARE(valuation.totals().marketValue, Money(350'000 * 250));
    QCOMPARE(valuation.totals().cash, Money((1'000'000 - 325'325) * 250));
    QCOMPARE(valuation.totals().unrealized.afterCosts, Money((350'000 - 325'325) * 250));
}

void ValuationTest::allocationAddsUp()
{
    Life life;
    const Date day = dateOf(2026, 11, 2);
    QVERIFY(life.on(day, buy(ssi, 100, 30'000)));
    QVERIFY(life.on(day, buy(fpt, 40, 100'000)));
    QVERIFY(life.on(day, buy(shs, 300, 10'000)));
    const Valuation valuation = valued(
        life.portfolio, {{Price(30'000), {}}, {Price(100'000), {}}, {Price(10'000), {}}}, day);
    const auto text = [&](Valuation::By by) {
        std::string all;
        for (const Valuation::Slice &slice : valuation.allocation(by))
            all += slice.name + ' ' + std::to_string(slice.value.raw()) + ' '
                   + std::to_string(slice.share.raw()) + "; ";
        return all;
    };
    QCOMPARE(text(Valuation::By::Symbol),
             std::string("FPT 4000000 400000; SHS 3000000 300000; SSI 3000000 300000; "));
    QCOMPARE(text(Valuation::By::Exchange),
             std::string("HOSE 7000000 700000; HNX 3000000 300000; "));
    QCOMPARE(text(Valuation::By::Sector),
             std::string("Finance 6000000 600000; Technology 4000000 400000; "));
}

void ValuationTest::aTickIsTheSameAsValuingAgain()
{
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        RandomLife random(seed, 60);
        std::vector<ValuationPrice> prices{
            {Price(31'000), Price(30'000)}, {Price(105'000), {}}, {{}, Price(16'800)}, {}};
        const Date today = random.life.portfolio.lastDay();
        Valuation valuation = valued(random.life.portfolio, prices, today);
        for (int tick = 0; tick < 50; ++tick) {
            const auto instrument = static_cast<InstrumentIndex>(random.below(4));
            const Price price(1 + random.below(200'000));
            const auto touched = valuation.quote(instrument, price);
            QVERIFY(touched);
            QCOMPARE(*touched, valuation.find(instrument) != nullptr);
            prices[instrument].last = price;
        }
        QCOMPARE(textOf(valuation), textOf(valued(random.life.portfolio, prices, today)));
    }
}

void ValuationTest::aTickThatCannotBeIsRefused()
{
    Valuation valuation =
        valued(workedStatement().portfolio, {{Price(29'500), Price(29'000)}}, dateOf(2026, 11, 17));
    const std::string before = textOf(valuation);
    QCOMPARE(valuation.quote(ssi, Price(0)).error().code, Code::INVALID_PRICE);
    QCOMPARE(valuation.quote(99, Price(1)).error().code, Code::INSTRUMENT_UNKNOWN);
    const auto huge = valuation.quote(ssi, Price(std::numeric_limits<std::int64_t>::max()));
    QCOMPARE(huge.error().code, Code::VALIDATION_ERROR);
    QCOMPARE(textOf(valuation), before);
    QCOMPARE(valuation.prices()[ssi].last, Price(29'500));
}

void ValuationTest::whatIfMatchesDoingIt()
{
    const Portfolio portfolio = workedStatement().portfolio;
    const Date today = dateOf(2026, 11, 17);
    const std::vector<ValuationPrice> prices{{Price(29'500), Price(29'000)},
                                             {Price(105'000), Price(104'000)}};
    const auto outcome =
        whatIf(portfolio, valued(portfolio, prices, today),
               {{{ssi, Side::Sell, Quantity(50), Price(29'400), {.fee = 1'500, .sellTax = 1'000}},
                 {fpt, Side::Buy, Quantity(100), Price(105'000), {.fee = 1'500, .sellTax = 1'000}}},
                0,
                {}});
    QVERIFY(outcome);
    Portfolio done = portfolio;
    QVERIFY(done.apply({today, sell(ssi, 50, 29'400, 2'205, 1'470)}));
    QVERIFY(done.apply({today, buy(fpt, 100, 105'000, 15'750)}));
    QCOMPARE(textOf(outcome->valuation), textOf(valued(done, prices, today)));
    // cash may fall below nothing: that is an answer too
    const auto broke = whatIf(
        portfolio, valued(portfolio, prices, today),
        {{{fpt, Side::Buy, Quantity(10'000), Price(105'000), {.fee = 1'500, .sellTax = 1'000}}},
         0,
         {}});
    QVERIFY(broke && broke->valuation.totals().cash < Money{});
}

void ValuationTest::whatIfPricesMove()
{
    const Portfolio portfolio = workedStatement().portfolio;
    const Valuation now = valued(portfolio, {{Price(29'500), Price(29'000)}}, dateOf(2026, 11, 17));
    QCOMPARE(whatIf(portfolio, now, {{}, -70'000, {}})->valuation.find(ssi)->price, Price(27'435));
    QCOMPARE(whatIf(portfolio, now, {{}, -1'000'000, {}})->valuation.find(ssi)->price, Price(1));
    const auto given = whatIf(portfolio, now, {{}, -70'000, {{ssi, Price(31'000)}}});
    QCOMPARE(given->valuation.find(ssi)->marketValue, Money(550 * 31'000));
    QCOMPARE(now.find(ssi)->price, Price(29'500));
}

void ValuationTest::whatIfRefusesWithThePlace_data()
{
    QTest::addColumn<WhatIf>("what");
    QTest::addColumn<QString>("field");
    const WhatIfTrade good{ssi, Side::Sell, Quantity(1), Price(1), {}};
    const auto row = [&](const char *name, const WhatIfTrade &second, const char *field) {
        QTest::newRow(name) << WhatIf{{good, second}, 0, {}} << QString::fromLatin1(field);
    };
    row("too much", {ssi, Side::Sell, Quantity(550), Price(1), {}}, "trades[1].quantity");
    row("nothing", {ssi, Side::Buy, Quantity(0), Price(1), {}}, "trades[1].quantity");
    row("overflow", {ssi, Side::Buy, Quantity(10'000'000'000), Price(1'000'000'000'000), {}},
        "trades[1].quantity");
    row("no price", {ssi, Side::Buy, Quantity(1), Price(0), {}}, "trades[1].price");
    row("unknown", {77, Side::Buy, Quantity(1), Price(1), {}}, "trades[1].instrument");
    QTest::newRow("too many") << WhatIf{std::vector<WhatIfTrade>(1'001, good), 0, {}}
                              << QStringLiteral("trades");
    QTest::newRow("below nothing") << WhatIf{{}, -1'000'001, {}} << QStringLiteral("all_prices");
    QTest::newRow("bad price") << WhatIf{{}, 0, {{ssi, Price(-1)}}}
                               << QStringLiteral("prices[0].price");
}

void ValuationTest::whatIfRefusesWithThePlace()
{
    QFETCH(WhatIf, what);
    QFETCH(QString, field);
    const Portfolio portfolio = workedStatement().portfolio;
    const auto outcome =
        whatIf(portfolio, valued(portfolio, {{Price(29'500), {}}}, dateOf(2026, 11, 17)), what);
    QVERIFY(!outcome);
    QCOMPARE(QString::fromStdString(outcome.error().field), field);
}

QTEST_APPLESS_MAIN(ValuationTest)
#include "tst_valuation.moc"
