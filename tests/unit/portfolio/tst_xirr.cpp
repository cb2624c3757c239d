// SPDX-License-Identifier: GPL-3.0-or-later
// XIRR: known answers, Newton's method beside it, and "nothing" where there is no answer or no single one.
#include "independent_returns.h"
#include "portfolio_fixture.h"

using namespace khop;
using namespace khop::test;

namespace {

std::vector<DatedFlow> flowsOf(const QString &text)
{
    std::vector<DatedFlow> flows;
    for (const QString &flow : text.split(u' ', Qt::SkipEmptyParts)) {
        const QStringList parts = flow.split(u':');
        flows.push_back({Date{parts[0].toInt()}, Money(parts[1].toLongLong())});
    }
    return flows;
}

} // namespace

class XirrTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knownRates_data();
    void knownRates();
    void noRateOrSeveral_data();
    void noRateOrSeveral();
    void agreesWithNewton();
    void severalChangesOfSignAreOneRateWhenThereIsOne();
    void theOrderOfFlowsDoesNotMatter();
    void hostileFlowsEnd();
};

void XirrTest::knownRates_data()
{
    QTest::addColumn<QString>("flows"); // day:amount
    QTest::addColumn<qint64>("rate");   // parts per million
    const auto row = [](const char *name, const char *flows, qint64 rate) {
        QTest::newRow(name) << QString::fromLatin1(flows) << rate;
    };
    row("a tenth in a year", "0:-1000000 365:1100000", 100'000);
    row("and the other way round", "0:1000000 365:-1100000", 100'000);
    row("nothing gained", "0:-1000000 100:400000 200:600000", 0);
    row("a loss of half", "0:-1000000 365:500000", -500'000);
    row("a fifth in two years squared", "0:-1000000 730:1440000", 200'000);
    row("nearly all lost", "0:-1000000000 365:1001", -999'999);
    row("a thousandfold", "0:-1000 365:1000000", 999'000'000);
    row("thirty years", "0:-1000000 10950:17449402", 100'000);
    row("amounts of nine quintillion", "0:-4000000000000000000 365:4400000000000000000", 100'000);
    row("single cents", "0:-10 365:11", 100'000);
    // the example in the spreadsheets' own help for XIRR: 37.336253 %
    row("spreadsheets", "0:-10000 60:2750 303:4250 411:3250 456:2750", 373'363);
}

void XirrTest::knownRates()
{
    QFETCH(QString, flows);
    QFETCH(qint64, rate);
    const std::vector<DatedFlow> given = flowsOf(flows);
    const auto found = xirr(given);
    QVERIFY(found);
    const qint64 newton = std::llround(newtonRate(given, rate / 1e6L) * 1e6L);
    QVERIFY2(std::abs(found->raw() - rate) <= 1, qPrintable(QString::number(found->raw())));
    QVERIFY(std::abs(newton - rate) <= 1);
}

void XirrTest::noRateOrSeveral_data()
{
    QTest::addColumn<QString>("flows");
    const auto row = [](const char *name, const char *flows) {
        QTest::newRow(name) << QString::fromLatin1(flows);
    };
    row("none", "");
    row("one", "0:-1");
    row("only in", "0:-1 5:-1");
    row("only out", "0:1 5:1");
    row("one day", "7:-100 7:110");
    row("cancelled on each day", "0:-100 0:100 9:5 9:-5");
    row("no root: x^2 - 2x + 1.5", "0:1000 365:-2000 730:1500");
    row("two roots: 30 % and 40 %", "0:-1000000 365:2700000 730:-1820000");
    row("two roots close by: 30 % and 30.1 %", "0:-1000000 365:2601000 730:-1691300");
    row("three roots: 0, 100 and 200 %", "0:-1000000 365:6000000 730:-11000000 1095:6000000");
    row("more than a million-fold", "0:-1 10:1000000");
    row("all lost but a trifle", "0:-1000000000000 365:1");
    row("too long", "0:-1 80000:2");
    row("past 63 bits", "0:-9000000000000000000 365:9000000000000000000");
}

void XirrTest::noRateOrSeveral()
{
    QFETCH(QString, flows);
    const auto found = xirr(flowsOf(flows));
    QVERIFY2(!found, qPrintable(QString::number(found ? found->raw() : 0)));
}

void XirrTest::agreesWithNewton()
{
    SplitMix random(11);
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
    for (int round = 0; round < 500; ++round) {
        // money goes in over years, grows and shrinks, and is taken out at the end
        std::vector<DatedFlow> flows;
        int day = 0;
        std::int64_t in = 0;
        for (std::int64_t i = 0, count = 1 + below(40); i < count; ++i) {
            flows.push_back({Date{day}, Money(-1'000'000 - below(1U << 30))});
            in -= flows.back().amount.raw();
            day += static_cast<int>(1 + below(90));
        }
        day += 30;
        flows.push_back({Date{day}, Money(in * (500 + below(1'500)) / 1'000 + 1)});
        const auto found = xirr(flows);
        const long double newton = newtonRate(flows);
        QVERIFY(std::isfinite(newton));
        if (std::fabs(presentValue(flows, newton)) > 1 || newton > 1e5L)
            continue; // Newton went astray
        QVERIFY2(found, qPrintable(QString::number(round)));
        const long double off = std::fabs(static_cast<long double>(found->raw()) - newton * 1e6L);
        QVERIFY2(off <= 1 + std::fabs(newton),
                 qPrintable(QString::number(static_cast<double>(off))));
    }
}

void XirrTest::severalChangesOfSignAreOneRateWhenThereIsOne()
{
    SplitMix random(12);
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
    int told = 0;
    for (int round = 0; round < 100; ++round) {
        // deposits and withdrawals of an account that always has money in it
        std::vector<DatedFlow> flows;
        std::int64_t balance = 0;
        int day = 0;
        for (int i = 0; i < 60; ++i) {
            balance = balance * (950 + below(110)) / 1'000;
            const bool out = i > 0 && below(3) == 0;
            const std::int64_t amount = out ? balance / (2 + below(8)) : 1'000'000 + below(1 << 24);
            balance += out ? -amount : amount;
            flows.push_back({Date{day}, Money(out ? amount : -amount)});
            day += static_cast<int>(5 + below(60));
        }
        flows.push_back({Date{day}, Money(balance)});
        const auto found = xirr(flows);
        if (!found)
            continue; // it may well have several
        ++told;
        const long double rate = static_cast<long double>(found->raw()) / 1e6L;
        // the present value changes its sign there and nowhere on a grid beside it
        QVERIFY((presentValue(flows, rate - 1e-5L) > 0) != (presentValue(flows, rate + 1e-5L) > 0));
        int changes = 0;
        bool positive = presentValue(flows, -0.95L) > 0;
        for (long double r = -0.945L; r < 20; r += 0.005L + std::fabs(r) * 0.02L) {
            const bool now = presentValue(flows, r) > 0;
            changes += now != positive ? 1 : 0;
            positive = now;
        }
        QCOMPARE(changes, 1);
    }
    QVERIFY2(told > 95, qPrintable(QString::number(told)));
}

void XirrTest::theOrderOfFlowsDoesNotMatter()
{
    QCOMPARE(xirr(flowsOf(QStringLiteral("303:4250 0:-10000 456:2750 60:2750 411:3000 411:250"))),
             xirr(flowsOf(QStringLiteral("0:-10000 60:2750 303:4250 411:3250 456:2750"))));
}

void XirrTest::hostileFlowsEnd()
{
    // every day another sign: as many roots as one likes; what counts is that it ends
    std::vector<DatedFlow> flows;
    for (int day = 0; day < 3'650; ++day)
        flows.push_back({Date{day}, Money(day % 2 == 0 ? 1'000'000 : -1'000'000)});
    (void)xirr(flows);
    for (int day = 0; day < 3'650; ++day)
        flows[static_cast<std::size_t>(day)].amount =
            Money((day / 100 % 2 == 0 ? 1 : -1) * (1'000'000 + day % 7));
    QBENCHMARK_ONCE { (void)xirr(flows); }
}

QTEST_APPLESS_MAIN(XirrTest)
#include "tst_xirr.moc"
