// SPDX-License-Identifier: GPL-3.0-or-later
// Properties of ticks and limits over random references, exchanges and tables. KHOP_SEED repeats a run,
// KHOP_ROUNDS makes it longer.
#include "market_fixture.h"

#include <random>

using namespace khop;
using namespace khop::tests;
using namespace Qt::StringLiterals;

namespace {

int rounds()
{
    bool given = false;
    const int count = qEnvironmentVariableIntValue("KHOP_ROUNDS", &given);
    return given ? count : 50'000;
}

class PriceSource
{
public:
    PriceSource()
    {
        bool given = false;
        const int seed = qEnvironmentVariableIntValue("KHOP_SEED", &given);
        m_seed = given ? static_cast<unsigned>(seed) : std::random_device{}();
        m_random.seed(m_seed);
        qInfo("KHOP_SEED=%u", m_seed);
    }

    std::int64_t between(std::int64_t least, std::int64_t most)
    {
        return std::uniform_int_distribution<std::int64_t>(least, most)(m_random);
    }
    /// Spread over the magnitudes, so that small prices come as often as large ones.
    Price price(std::int64_t most)
    {
        const auto digits = static_cast<int>(between(1, 12));
        std::int64_t bound = 10;
        for (int i = 1; i < digits && bound < most; ++i)
            bound *= 10;
        return Price(between(1, std::min(bound, most)));
    }
    /// A valid table: every step starts on the grid below it and on its own.
    TickTable ticks()
    {
        std::vector<TickTable::Step> steps{{Price(0), Price(between(1, 20))}};
        const auto count = between(0, 4);
        for (std::int64_t i = 0; i < count; ++i) {
            const TickTable::Step below = steps.back();
            const Price tick(below.tick.raw() * between(1, 10));
            const std::int64_t least = below.from.raw() / tick.raw() + 1;
            steps.push_back({Price((least + between(0, 50)) * tick.raw()), tick});
        }
        return TickTable(std::move(steps));
    }

private:
    unsigned m_seed = 0;
    std::mt19937_64 m_random;
};

} // namespace

class PriceLimitsPropertyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void limitsAreTheLastTicksInsideTheBand();
    void upAndDownAreInverse();
    void flooringAndCeilingAreTheNearestTicks();
    void entriesAreTakenExactlyOnTicksInsideTheLimits();
};

void PriceLimitsPropertyTest::limitsAreTheLastTicksInsideTheBand()
{
    PriceSource source;
    const MarketRules &rules = shippedRules();
    for (int i = 0; i < rounds(); ++i) {
        const auto exchange = static_cast<Exchange>(source.between(0, 2));
        const TickTable &ticks = rules.of(exchange).shareTicks;
        const Price reference = ticks.ceilToTick(source.price(10'000'000));
        const bool firstDay = source.between(0, 1) == 1;
        const Instrument instrument = listed(exchange, reference.raw(), firstDay);
        const std::int64_t band =
            firstDay ? rules.of(exchange).band.firstDay : rules.of(exchange).band.normal;
        const QByteArray where =
            QByteArray::number(qint64{reference.raw()}) + ' ' + name(exchange).data();

        QVERIFY2(ticks.isOnTick(instrument.ceiling) && ticks.isOnTick(instrument.floor),
                 where.constData());
        QVERIFY2(instrument.floor <= reference && reference <= instrument.ceiling,
                 where.constData());
        QVERIFY2(instrument.floor > Price(0), where.constData());
        const auto inside = [&](Price price) {
            return (price.raw() - reference.raw()) * 1'000'000 <= reference.raw() * band
                   && (reference.raw() - price.raw()) * 1'000'000 <= reference.raw() * band;
        };
        // Where one tick is more than the band, HNX and UPCoM give that one tick.
        const bool lowPrice = rules.of(exchange).lowPriceRule
                              && (!inside(ticks.up(reference)) || !inside(ticks.down(reference)));
        if (lowPrice) {
            QVERIFY2(instrument.ceiling == ticks.up(reference), where.constData());
            QVERIFY2(instrument.floor == ticks.down(reference) || reference == ticks.up(Price(0)),
                     where.constData());
        } else {
            QVERIFY2(inside(instrument.ceiling) && inside(instrument.floor), where.constData());
            QVERIFY2(!inside(ticks.up(instrument.ceiling)), where.constData());
            QVERIFY2(!inside(ticks.down(instrument.floor)), where.constData());
        }
    }
}

void PriceLimitsPropertyTest::upAndDownAreInverse()
{
    PriceSource source;
    for (int i = 0; i < rounds(); ++i) {
        const TickTable ticks = source.ticks();
        const Price price = ticks.ceilToTick(source.price(100'000));
        QVERIFY(ticks.isOnTick(price));
        QVERIFY(ticks.isOnTick(ticks.up(price)) && ticks.isOnTick(ticks.down(price)));
        QVERIFY(ticks.down(price) < price && price < ticks.up(price));
        QCOMPARE(ticks.down(ticks.up(price)), price);
        QCOMPARE(ticks.up(ticks.down(price)), price);
    }
}

void PriceLimitsPropertyTest::flooringAndCeilingAreTheNearestTicks()
{
    PriceSource source;
    for (int i = 0; i < rounds(); ++i) {
        const TickTable ticks = source.ticks();
        const Price price = source.price(100'000);
        const Price below = ticks.floorToTick(price);
        const Price above = ticks.ceilToTick(price);
        QVERIFY(ticks.isOnTick(below) && ticks.isOnTick(above));
        QVERIFY(below <= price && price <= above);
        if (ticks.isOnTick(price))
            QVERIFY(below == price && above == price);
        else
            QCOMPARE(ticks.up(below), above);
    }
}

void PriceLimitsPropertyTest::entriesAreTakenExactlyOnTicksInsideTheLimits()
{
    PriceSource source;
    const Time time = at("2026-11-20 10:00");
    for (int i = 0; i < rounds(); ++i) {
        const auto exchange = static_cast<Exchange>(source.between(0, 2));
        const Price reference =
            shippedRules().of(exchange).shareTicks.ceilToTick(source.price(1'000'000));
        const Instrument instrument = listed(exchange, reference.raw());
        OrderEntry entry;
        entry.quantity = Quantity(source.between(-10, 1'000));
        const std::int64_t width = (instrument.ceiling - instrument.floor).raw() + 20;
        entry.price = Price(source.between(instrument.floor.raw() - width / 4,
                                           instrument.ceiling.raw() + width / 4));
        const bool quantityFits =
            entry.quantity > Quantity(0)
            && (entry.quantity < Quantity(100) || entry.quantity.raw() % 100 == 0);
        const bool priceFits = *entry.price >= instrument.floor
                               && *entry.price <= instrument.ceiling
                               && instrument.ticks.isOnTick(*entry.price);
        const auto refusal =
            checkEntry(entry, instrument, shippedRules(), contextOf(instrument, time));
        QVERIFY2(!refusal == (quantityFits && priceFits),
                 refusal ? qPrintable(shown(*refusal)) : "taken");
    }
}

QTEST_GUILESS_MAIN(PriceLimitsPropertyTest)
#include "tst_price_limits.moc"
