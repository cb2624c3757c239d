// SPDX-License-Identifier: GPL-3.0-or-later
// The numbering of a band's prices against the tick table itself, price by price.
#include <QTest>

#include "book/tick_ladder.h"
#include "books_under_test.h"

#include <QObject>

#include <limits>

using namespace khop;

class TickLadderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersEveryPriceOfABand_data();
    void numbersEveryPriceOfABand();
    void refusesWhatIsFarOutside();
    void dividesExactly_data();
    void dividesExactly();
};

void TickLadderTest::numbersEveryPriceOfABand_data()
{
    QTest::addColumn<qlonglong>("floor");
    QTest::addColumn<qlonglong>("ceiling");
    QTest::newRow("one tick") << 17'000LL << 18'400LL;
    QTest::newRow("from tens to fifties") << 9'300LL << 10'650LL;
    QTest::newRow("from fifties to hundreds") << 46'500LL << 53'400LL;
    QTest::newRow("through all three") << 9'000LL << 60'000LL;
    QTest::newRow("ends where the tick changes") << 9'000LL << 10'000LL;
    QTest::newRow("begins where the tick changes") << 50'000LL << 50'100LL;
    QTest::newRow("a single price") << 50'000LL << 50'000LL;
}

void TickLadderTest::numbersEveryPriceOfABand()
{
    QFETCH(qlonglong, floor);
    QFETCH(qlonglong, ceiling);
    const TickTable ticks = hoseTicks();
    const TickLadder ladder{Price(floor), Price(ceiling), ticks};
    std::int64_t next = 0;
    for (std::int64_t raw = floor - 200; raw <= ceiling + 200; ++raw) {
        const Price price(raw);
        const bool valid = raw >= floor && raw <= ceiling && ticks.isOnTick(price);
        QCOMPARE(ladder.indexOf(price), valid ? next : TickLadder::none);
        if (valid)
            QCOMPARE(ladder.priceOf(next++), price);
    }
    QCOMPARE(ladder.size(), next);
}

void TickLadderTest::refusesWhatIsFarOutside()
{
    const TickLadder ladder{Price(9'300), Price(10'650), hoseTicks()};
    for (const std::int64_t raw : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-10'000},
                                   std::int64_t{0}, std::numeric_limits<std::int64_t>::max(),
                                   std::int64_t{1} << 32, (std::int64_t{1} << 32) + 10'000}) {
        QCOMPARE(ladder.indexOf(Price(raw)), TickLadder::none);
    }
}

void TickLadderTest::dividesExactly_data()
{
    QTest::addColumn<qlonglong>("divisor");
    for (const qlonglong divisor : {1LL, 2LL, 3LL, 7LL, 10LL, 50LL, 64LL, 100LL, 1'000LL, 4'096LL,
                                    999'983LL, 1'000'000'007LL, 4'611'686'018'427'387'904LL})
        QTest::newRow(QByteArray::number(divisor).constData()) << divisor;
}

void TickLadderTest::dividesExactly()
{
    QFETCH(qlonglong, divisor);
    const ExactDivisor exact{divisor};
    const std::uint64_t d = static_cast<std::uint64_t>(divisor);
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() / d;
    Random random(1);
    for (int i = 0; i < 100'000; ++i) {
        const std::uint64_t n = random.next() >> (i % 64);
        if (n % d == 0)
            QCOMPARE(exact.quotient(n), n / d);
        else
            QVERIFY(exact.quotient(n) > most);
        const std::uint64_t multiple = n % (most + (most != ~std::uint64_t{0})) * d;
        QCOMPARE(exact.quotient(multiple), multiple / d);
    }
}

QTEST_APPLESS_MAIN(TickLadderTest)
#include "tst_tick_ladder.moc"
