// SPDX-License-Identifier: GPL-3.0-or-later
// The equity curve against a portfolio replayed for every day, returns against another way to compute
// them, periods, drawdowns and the index.
#include "independent_returns.h"
#include "portfolio_fixture.h"

#include "portfolio/performance.h"

using namespace khop;
using namespace khop::test;
using Kind = PortfolioCash::Kind;

namespace {

EquityPoint point(Date day, std::int64_t equity, std::int64_t inflow = 0, std::int64_t outflow = 0)
{
    return {day, Money(0), Money(equity), Money(inflow), Money(outflow)};
}

/// A curve of single days from 5 January 2026, a Monday, on.
std::vector<EquityPoint> curveOf(std::initializer_list<std::int64_t> equities)
{
    std::vector<EquityPoint> curve;
    Date day = dateOf(2026, 1, 5);
    for (const std::int64_t equity : equities) {
        curve.push_back(point(day, equity, curve.empty() ? equity : 0));
        day = day + 1;
    }
    return curve;
}

bool near(std::optional<Ratio> ratio, long double expected, long double within = 1.5L)
{
    return ratio && std::fabs(static_cast<long double>(ratio->raw()) - expected * 1e6L) <= within;
}

} // namespace

class PerformanceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWorkedStatementsReturnsAgreeWithOthers();
    void theCurveIsThePortfolioOfEachDay();
    void closesAndFlowsBetweenDaysCountOnTheNext();
    void currenciesAreConvertedAsOnTheDay();
    void curvesRefuseBadDays();
    void timeWeightedReturnsIgnoreFlows();
    void timeWeightedReturnsAgreeWithUnits();
    void daysWithoutMoneyChangeNothing();
    void owingMoreThanOwnedHasNoReturn();
    void periodsStartWhereTheySay_data();
    void periodsStartWhereTheySay();
    void aPeriodIsMeasuredFromItsStart();
    void drawdowns_data();
    void drawdowns();
    void theIndexIsComparedOverTheSamePeriod();
    void growthOfTenYearsKeepsItsDigits();
};

void PerformanceTest::theWorkedStatementsReturnsAgreeWithOthers()
{
    const Life life = workedStatement();
    DailyCloses closes;
    const std::vector<Date> days = tradingDays(dateOf(2026, 11, 2), dateOf(2026, 11, 20));
    std::int64_t price = 31'000;
    for (const Date day : days) {
        QVERIFY(closes.add(ssi, {day, Price(price)}));
        price += day.day % 3 == 0 ? -350 : 200;
    }
    const auto curve = equityCurve(life.history, closes, *market(), days);
    QVERIFY(curve);
    QCOMPARE(curve->front().equity(), Money(68'953'500 + 31'000'000));
    QCOMPARE(curve->front().inflow, Money(100'000'000));
    QCOMPARE(curve->back().cash, Money(68'953'500 + 15'960'000 + 475'000));
    const Price last = closes.of(ssi).back().price;
    QCOMPARE(curve->back().holdings, Money(550 * last.raw()));

    const auto all = performance(*curve, Period::All);
    QVERIFY(all);
    QCOMPARE(all->gain, curve->back().equity() - Money(100'000'000));
    QVERIFY(near(all->timeWeighted, unitReturn(*curve)));
    const std::vector<DatedFlow> flows{{days.front(), Money(-100'000'000)},
                                       {days.back(), curve->back().equity()}};
    QVERIFY(near(all->moneyWeighted, newtonRate(flows)));
    // one flow in: what it became, a year long
    const long double became = static_cast<long double>(curve->back().equity().raw()) / 1e8L;
    QVERIFY(near(all->moneyWeighted, std::pow(became, 365.0L / 18) - 1));
}

void PerformanceTest::theCurveIsThePortfolioOfEachDay()
{
    int compared = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const RandomLife random(seed, 90);
        const auto curve = equityCurve(random.life.history, random.closes, *market(), random.days);
        QVERIFY(curve);
        Portfolio portfolio;
        std::size_t next = 0;
        const std::size_t skipped = random.days.size() - curve->size();
        for (std::size_t i = 0; i < random.days.size(); ++i) {
            const Date day = random.days[i];
            Int128 inflow = 0, outflow = 0;
            for (; next < random.life.events.size() && random.life.events[next].day == day;
                 ++next) {
                const PortfolioEvent &event = random.life.events[next];
                QVERIFY(portfolio.apply(event));
                const auto *given = std::get_if<PortfolioCash>(&event.body);
                if (given && isExternal(given->kind)) {
                    const Int128 amount = given->amount.raw() * (given->currency == usd ? 250 : 1);
                    (amount > 0 ? inflow : outflow) += amount > 0 ? amount : -amount;
                }
            }
            if (i < skipped) {
                QVERIFY(portfolio.holdings().empty() && portfolio.cash().empty());
                continue;
            }
            std::vector<ValuationPrice> prices(4);
            for (const InstrumentIndex instrument : {ssi, fpt, shs, btc}) {
                if (const Close *close = closeOn(random.closes.of(instrument), day))
                    prices[instrument].last = close->price;
            }
            const auto valuation = Valuation::of(portfolio, market(), prices, day);
            QVERIFY(valuation);
            const EquityPoint &point = (*curve)[i - skipped];
            QCOMPARE(point.day, day);
            // a curve converts the sum of a currency, a valuation each position
            const std::int64_t off = point.holdings.raw() - valuation->totals().marketValue.raw();
            QVERIFY2(std::abs(off) <= 250, qPrintable(QString::number(off)));
            QCOMPARE(point.cash, valuation->totals().cash);
            // transfers come on top of what is counted here
            QVERIFY(point.inflow.raw() >= inflow && point.outflow.raw() >= outflow);
            ++compared;
        }
        QCOMPARE(next, random.life.events.size());
    }
    QVERIFY(compared > 2'000);
}

void PerformanceTest::closesAndFlowsBetweenDaysCountOnTheNext()
{
    Life life;
    const Date friday = dateOf(2026, 11, 6);
    QVERIFY(life.on(friday, cash(Kind::Deposit, 10'000'000)));
    QVERIFY(life.on(friday, buy(ssi, 100, 30'000)));
    QVERIFY(life.on(friday + 1, cash(Kind::Deposit, 5'000'000)));
    QVERIFY(life.on(friday + 2, cash(Kind::Withdraw, -1'000'000)));
    QVERIFY(life.on(friday + 3, PortfolioTransfer{ssi, vnd, Quantity(50), Money(1), Price(7)}));
    QVERIFY(life.on(friday + 4, PortfolioTransfer{ssi, vnd, Quantity(-30), {}, Price(7)}));
    DailyCloses closes;
    QVERIFY(closes.add(ssi, {friday + 3, Price(32'000)}));
    const std::vector<Date> days{friday, friday + 3, friday + 4};
    const auto curve = equityCurve(life.history, closes, *market(), days);
    QVERIFY(curve);
    QCOMPARE((*curve)[0].holdings, Money(3'000'000)); // no close yet: its own trade
    QCOMPARE((*curve)[0].inflow, Money(10'000'000));
    QCOMPARE((*curve)[1].cash, Money(11'000'000));
    QCOMPARE((*curve)[1].holdings, Money(150 * 32'000));
    QCOMPARE((*curve)[1].inflow,
             Money(5'000'000 + 50 * 32'000)); // securities at what they are worth
    QCOMPARE((*curve)[1].outflow, Money(1'000'000));
    QCOMPARE((*curve)[2].holdings, Money(120 * 32'000));
    QCOMPARE((*curve)[2].outflow, Money(30 * 32'000));
    // with a later start everything before counts on its first day
    const auto late = equityCurve(life.history, closes, *market(), std::vector<Date>{friday + 9});
    QCOMPARE(late->front().inflow, Money(15'000'000 + 50 * 32'000));
    QCOMPARE(equityCurve({}, closes, *market(), days)->size(), std::size_t{0});
}

void PerformanceTest::currenciesAreConvertedAsOnTheDay()
{
    Life life;
    const Date day = dateOf(2026, 11, 2);
    QVERIFY(life.on(day, PortfolioCash{Kind::Deposit, usd, Money(1'000)})); // cents
    const std::vector<Date> days{day, day + 1, day + 2, day + 3};
    const std::vector<DatedConversions> rates{{day + 1, Conversions({{1, 1}, {260, 1}})},
                                              {day + 3, Conversions({{1, 1}, {2'515, 10}})}};
    const auto curve = equityCurve(life.history, {}, *market(), days, rates);
    QVERIFY(curve);
    QCOMPARE((*curve)[0].cash, Money(250'000));
    QCOMPARE((*curve)[0].inflow, Money(250'000));
    QCOMPARE((*curve)[1].cash, Money(260'000));
    QCOMPARE((*curve)[2].cash, Money(260'000));
    QCOMPARE((*curve)[3].cash, Money(251'500));
    QVERIFY(near(performance(*curve, Period::All)->timeWeighted, 0.006L));
}

void PerformanceTest::curvesRefuseBadDays()
{
    const Life life = workedStatement();
    const Date day = dateOf(2026, 11, 2);
    const auto twice = equityCurve(life.history, {}, *market(), std::vector<Date>{day, day});
    QVERIFY(!twice);
    QCOMPARE(twice.error().field, std::string("days"));
    const auto unlisted = equityCurve(life.history, {}, PortfolioMarket{}, std::vector<Date>{day});
    QVERIFY(!unlisted);
    QCOMPARE(unlisted.error().code, Code::INSTRUMENT_UNKNOWN);
    DailyCloses closes;
    QVERIFY(closes.add(ssi, {day, Price(1)}));
    QCOMPARE(closes.add(ssi, {day, Price(1)}).error().field, std::string("day"));
    QCOMPARE(closes.add(ssi, {day + 1, Price(0)}).error().code, Code::INVALID_PRICE);
    // a value that does not fit is refused, not wrapped round
    QVERIFY(closes.add(ssi, {day + 1, Price(std::numeric_limits<std::int64_t>::max())}));
    const auto huge = equityCurve(life.history, closes, *market(), std::vector<Date>{day + 1});
    QVERIFY(!huge);
    QCOMPARE(huge.error().field, std::string("equity"));
}

void PerformanceTest::timeWeightedReturnsIgnoreFlows()
{
    const Date day = dateOf(2026, 1, 5);
    // 10 % up, a large deposit, 10 % down, all but a little taken out, 50 % up
    const std::vector<EquityPoint> curve{point(day, 100, 100), point(day + 1, 110),
                                         point(day + 2, 9'999, 11'000),
                                         point(day + 3, 99, 0, 9'900), point(day + 4, 149)};
    const auto growth = growthOf(curve);
    QVERIFY(growth);
    const long double expected = 1.1L * (9'999.0L / 11'110) * (149.0L / 99) - 1;
    QVERIFY(near(growth->back().since(Growth()), expected));
    QVERIFY(near(performance(curve, Period::All)->timeWeighted, unitReturn(curve)));
}

void PerformanceTest::timeWeightedReturnsAgreeWithUnits()
{
    int told = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        SplitMix random(seed);
        std::vector<EquityPoint> curve;
        std::int64_t equity = 0;
        for (const Date day : tradingDays(dateOf(2024, 1, 1), dateOf(2025, 1, 1))) {
            const auto below = [&](std::uint64_t n) {
                return static_cast<std::int64_t>(random.below(n));
            };
            const std::int64_t inflow =
                equity == 0 || below(20) == 0 ? 1'000'000 + below(1U << 30) : 0;
            equity = (equity + inflow) * (9'600 + below(810)) / 10'000;
            const std::int64_t outflow = below(30) == 0 ? equity / (1 + below(5)) : 0;
            equity -= outflow;
            curve.push_back(point(day, equity, inflow, outflow));
        }
        const auto result = performance(curve, Period::All);
        QVERIFY(result && result->timeWeighted);
        QVERIFY2(near(result->timeWeighted, unitReturn(curve), 3),
                 qPrintable(QString::number(seed)));
        if (result->moneyWeighted) {
            std::vector<DatedFlow> flows;
            for (const EquityPoint &p : curve)
                flows.push_back({p.day, p.outflow - p.inflow});
            flows.push_back({curve.back().day, curve.back().equity()});
            const long double rate = static_cast<long double>(result->moneyWeighted->raw()) / 1e6L;
            QVERIFY((presentValue(flows, rate - 3e-6L) > 0)
                    != (presentValue(flows, rate + 3e-6L) > 0));
            ++told;
        }
    }
    QVERIFY2(told > 80, qPrintable(QString::number(told)));
}

void PerformanceTest::daysWithoutMoneyChangeNothing()
{
    const Date day = dateOf(2026, 1, 5);
    // all out after 10 % up; a late dividend; in again, 10 % up
    const std::vector<EquityPoint> curve{
        point(day, 100, 100),    point(day + 1, 0, 0, 110), point(day + 2, 0),   point(day + 3, 7),
        point(day + 4, 0, 0, 7), point(day + 9, 200, 200),  point(day + 10, 220)};
    QVERIFY(near(performance(curve, Period::All)->timeWeighted, 0.21L));
    QCOMPARE(performance(curve, Period::All)->gain, Money(10 + 7 + 20));
}

void PerformanceTest::owingMoreThanOwnedHasNoReturn()
{
    const Date day = dateOf(2026, 1, 5);
    const std::vector<EquityPoint> curve{point(day, 100, 100), point(day + 1, -5),
                                         point(day + 2, 50)};
    const auto result = performance(curve, Period::All);
    QVERIFY(result);
    QVERIFY(!result->timeWeighted && !result->drawdown);
    QCOMPARE(result->gain, Money(-50));
}

void PerformanceTest::periodsStartWhereTheySay_data()
{
    QTest::addColumn<QString>("period");
    QTest::addColumn<QString>("last");
    QTest::addColumn<QString>("start");
    const auto row = [](const char *period, const char *last, const char *start) {
        QTest::addRow("%s %s", period, last)
            << QString::fromLatin1(period) << QString::fromLatin1(last)
            << QString::fromLatin1(start);
    };
    row("1W", "2026-11-20", "2026-11-13");
    row("1M", "2026-11-20", "2026-10-20");
    row("1M", "2026-03-31", "2026-02-28");
    row("1M", "2028-03-31", "2028-02-29");
    row("1M", "2026-01-15", "2025-12-15");
    row("3M", "2026-05-31", "2026-02-28");
    row("6M", "2026-08-31", "2026-02-28");
    row("1Y", "2028-02-29", "2027-02-28");
}

void PerformanceTest::periodsStartWhereTheySay()
{
    QFETCH(QString, period);
    QFETCH(QString, last);
    QFETCH(QString, start);
    const auto named = periodFromName(period.toStdString());
    QVERIFY(named);
    QCOMPARE(name(*named), std::string_view(period.toStdString()));
    QCOMPARE(isoDate(startOf(*named, *parseIsoDate(last.toStdString()))), start.toStdString());
    QVERIFY(!periodFromName("2W"));
}

void PerformanceTest::aPeriodIsMeasuredFromItsStart()
{
    std::vector<EquityPoint> curve;
    std::int64_t equity = 1'000'000'000;
    for (const Date day : tradingDays(dateOf(2024, 6, 3), dateOf(2026, 11, 20))) {
        equity += curve.empty() ? 0 : equity / 1'000 * (day.day % 7 - 2);
        const bool deposit = day == dateOf(2026, 11, 3);
        equity += deposit ? 50'000'000 : 0;
        curve.push_back(point(day, equity, curve.empty() ? equity : (deposit ? 50'000'000 : 0)));
    }
    const auto equityOn = [&](int year, int month, int day) {
        const auto at = std::ranges::find(curve, dateOf(year, month, day), &EquityPoint::day);
        return at->equity();
    };
    const auto check = [&](Period period, Date from, Money start) {
        const auto result = performance(curve, period);
        QVERIFY(result);
        QCOMPARE(isoDate(result->from), isoDate(from));
        QCOMPARE(result->startEquity, start);
        QCOMPARE(result->endEquity, curve.back().equity());
        QCOMPARE(result->startEquity + result->inflow + result->gain, result->endEquity);
        // the same as a portfolio that began with what was there
        std::vector<EquityPoint> alone;
        for (const EquityPoint &p : curve) {
            if (p.day > from)
                alone.push_back(p);
        }
        std::vector<DatedFlow> flows{{from, -start}};
        for (const EquityPoint &p : alone) {
            if (!p.inflow.isZero())
                flows.push_back({p.day, -p.inflow});
        }
        if (!start.isZero())
            alone.insert(alone.begin(), point(from, start.raw(), start.raw()));
        QVERIFY(near(result->timeWeighted, unitReturn(alone), 2));
        flows.push_back({curve.back().day, curve.back().equity()});
        if (result->moneyWeighted)
            QVERIFY(near(result->moneyWeighted, newtonRate(flows), 3));
        QVERIFY(result->moneyWeighted || period == Period::Day);
    };
    check(Period::Day, dateOf(2026, 11, 19), equityOn(2026, 11, 19));
    check(Period::Week, dateOf(2026, 11, 13), equityOn(2026, 11, 13));
    check(Period::Month, dateOf(2026, 10, 20), equityOn(2026, 10, 20));
    check(Period::ThreeMonths, dateOf(2026, 8, 20), equityOn(2026, 8, 20));
    check(Period::SixMonths, dateOf(2026, 5, 20), equityOn(2026, 5, 20));
    check(Period::Year, dateOf(2025, 11, 20), equityOn(2025, 11, 20));
    const auto all = performance(curve, Period::All);
    QCOMPARE(all->from, dateOf(2024, 6, 3));
    QCOMPARE(all->startEquity, Money(0));
    QCOMPARE(all->inflow, Money(1'050'000'000));
    QVERIFY(!performance({}, Period::All));
    // a short past: from its beginning
    const auto young = performance(std::span(curve).first(5), Period::Year);
    QCOMPARE(young->from, dateOf(2024, 6, 3));
    QCOMPARE(young->inflow, Money(1'000'000'000));
}

void PerformanceTest::drawdowns_data()
{
    QTest::addColumn<QList<qint64>>("equities");
    QTest::addColumn<qint64>("depth");
    QTest::addColumn<int>("peak"); // days after the first
    QTest::addColumn<int>("trough");
    QTest::addColumn<int>("recovered"); // -1: not yet
    const auto row = [](const char *name, QList<qint64> equities, qint64 depth, int peak,
                        int trough, int recovered) {
        QTest::newRow(name) << equities << depth << peak << trough << recovered;
    };
    row("never fell", {100, 100, 120, 120}, 0, 0, 0, -1);
    row("one fall, recovered", {100, 200, 150, 199, 200, 250}, 250'000, 1, 2, 4);
    row("not recovered", {100, 200, 150, 180, 140, 190}, 300'000, 1, 4, -1);
    row("the second is deeper", {100, 90, 100, 110, 80, 120}, 272'727, 3, 4, 5);
    row("the first is deeper", {100, 50, 100, 110, 80, 105}, 500'000, 0, 1, 2);
    row("equal: the first", {100, 50, 100, 50, 100}, 500'000, 0, 1, 2);
    row("from the last of equal peaks", {100, 100, 90}, 100'000, 1, 2, -1);
    row("all lost", {100, 0, 0}, 1'000'000, 0, 1, -1);
}

void PerformanceTest::drawdowns()
{
    QFETCH(QList<qint64>, equities);
    QFETCH(qint64, depth);
    QFETCH(int, peak);
    QFETCH(int, trough);
    QFETCH(int, recovered);
    std::vector<EquityPoint> curve;
    const Date first = dateOf(2026, 1, 5);
    for (const qint64 equity : equities) {
        curve.push_back(point(first + static_cast<int>(curve.size()), equity * 1'000'000,
                              curve.empty() ? equity * 1'000'000 : 0));
    }
    const auto result = performance(curve, Period::All);
    QVERIFY(result && result->drawdown);
    QCOMPARE(result->drawdown->depth, Ratio(depth));
    QCOMPARE(result->drawdown->peak - first, peak);
    QCOMPARE(result->drawdown->trough - first, trough);
    QCOMPARE(result->drawdown->recovered ? *result->drawdown->recovered - first : -1, recovered);
}

void PerformanceTest::theIndexIsComparedOverTheSamePeriod()
{
    const std::vector<EquityPoint> curve = curveOf({1'000, 1'010, 1'020, 1'100});
    const Date first = curve.front().day;
    // 1,300.00 to 1,365.00: 5 %; no close on the second day
    const std::vector<Close> index{{first + -3, Price(130'000)},
                                   {first + 2, Price(133'000)},
                                   {first + 3, Price(136'500)},
                                   {first + 4, Price(1)}};
    const auto all = performance(curve, Period::All, index);
    QCOMPARE(all->index->change, Ratio(50'000));
    QVERIFY(near(all->index->excess, 0.05L));
    QCOMPARE(performance(curve, Period::Day, index)->index->change, Ratio(26'316));
    QVERIFY(!performance(curve, Period::All)->index);
    QVERIFY(!performance(curve, Period::All, std::span(index).subspan(1))->index);
}

void PerformanceTest::growthOfTenYearsKeepsItsDigits()
{
    // up and down by turns; after an even number of days exactly where it began
    std::vector<EquityPoint> curve;
    const Date first = dateOf(2016, 1, 4);
    for (int i = 0; i < 2'501; ++i) {
        const std::int64_t equity = i % 2 == 0 ? 999'983 : 1'030'007;
        curve.push_back(point(first + i, equity, i == 0 ? equity : 0));
    }
    QCOMPARE(performance(curve, Period::All)->timeWeighted, std::optional(Ratio(0)));
}

QTEST_APPLESS_MAIN(PerformanceTest)
#include "tst_performance.moc"
