// SPDX-License-Identifier: GPL-3.0-or-later
// A whole practice day of the crowd: statistics like a real day's, settlement, the next day's limits,
// and the same state from the same seed, from the journal and from a snapshot.
#include "engine_fixture.h"

#include <set>

using namespace khop;
using namespace khop::test;

namespace {

struct Day {
    std::vector<std::int64_t> spreads; // ticks
    int samples = 0, alive = 0, deep = 0;
    std::int64_t volume = 0, opening = 0, closing = 0, postClose = 0, oddLots = 0;
    int trades = 0;
};

std::vector<Day> observe(EngineFixture &f, Time until)
{
    const PaperExchange &exchange = f.engine.exchange();
    std::vector<Day> days(exchange.instruments().size());
    while (f.engine.now() < until) {
        f.run(f.engine.now() + 30'000);
        for (const Instrument &instrument : exchange.instruments()) {
            if (exchange.phase(instrument.exchange) != Phase::Continuous)
                continue;
            Day &day = days[instrument.index];
            const Quote quote = exchange.quote(instrument.index);
            ++day.samples;
            if (quote.bids.empty() || quote.asks.empty())
                continue;
            ++day.alive;
            day.deep += std::min(quote.bids.size(), quote.asks.size()) >= 3 ? 1 : 0;
            const Price bid = quote.bids[0].price;
            day.spreads.push_back((quote.asks[0].price - bid).raw()
                                  / instrument.ticks.tickAt(bid).raw());
        }
    }
    for (const TradeRecord &trade : f.trades) {
        Day &day = days[trade.instrument];
        ++day.trades;
        (trade.oddLot ? day.oddLots : day.volume) += trade.quantity.raw();
        if (trade.oddLot)
            continue;
        day.opening += trade.phase == Phase::OpeningAuction ? trade.quantity.raw() : 0;
        day.closing += trade.phase == Phase::ClosingAuction ? trade.quantity.raw() : 0;
        day.postClose += trade.phase == Phase::PostClose ? trade.quantity.raw() : 0;
    }
    for (Day &day : days)
        std::ranges::sort(day.spreads);
    return days;
}

/// A day with two traders in it: what each step did must not depend on how time was cut.
std::uint64_t practise(EngineFixture &f, std::uint64_t seed)
{
    f.apply(f.engine.now(), SetParticipants{true, seed});
    const AccountNo account = f.apply(f.engine.now(), OpenAccount{{1, 2}, "trader"}).account;
    f.apply(f.engine.now(), EndowCash{account, "VND", Money(10'000'000'000)});
    const InstrumentIndex fpt = f.symbol("FPT"), shs = f.symbol("SHS");
    f.run("2026-11-20T09:05:00+07:00");
    const auto order = [&](InstrumentIndex i, OrderType type, std::uint64_t id) {
        PlaceOrder place;
        place.account = account;
        place.id = {7, id};
        place.instrument = i;
        place.type = type;
        place.quantity = Quantity(1'000);
        return f.apply(f.engine.now(), place);
    };
    if (order(fpt, OrderType::ATO, 1).error.code != Code::OK)
        return 0;
    f.run("2026-11-20T10:00:00+07:00");
    if (order(shs, OrderType::MTL, 2).error.code != Code::OK)
        return 0;
    f.run("2026-11-24T13:00:01+07:00", 5'000); // Friday to Tuesday, T+2
    return f.engine.stateHash();
}

} // namespace

class PracticeDayTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aDayLooksLikeARealOne();
    void aWholePracticeDaySettlesAndRepeats();
    void anotherSeedIsAnotherDay();
    void restrictedSharesTradeInTheirAuctions();
    void aHaltedInstrumentIsLeftAlone();
    void aSnapshotGoesOnAsTheSame();
    void theShapeOfTheCrowdCounts();
    void aBrokenShapeSaysWhere_data();
    void aBrokenShapeSaysWhere();
};

void PracticeDayTest::aDayLooksLikeARealOne()
{
    EngineFixture f;
    f.apply(f.engine.now(), SetParticipants{true, 7});
    const std::vector<Day> days = observe(f, at("2026-11-20T15:00:00+07:00"));
    std::size_t trades = 0;
    for (const Instrument &instrument : f.engine.exchange().instruments()) {
        const Day &day = days[instrument.index];
        const char *symbol = instrument.symbol.c_str();
        const Quote quote = f.engine.exchange().quote(instrument.index);
        const bool thin = instrument.exchange == Exchange::UPCOM;
        trades += static_cast<std::size_t>(day.trades);
        // alive, and deep, in continuous trading
        QVERIFY2(day.samples > 300 && day.alive * 100 >= day.samples * 96, symbol);
        QVERIFY2(day.deep * 100 >= day.samples * (thin ? 75 : 96), symbol);
        QVERIFY2(day.trades > (thin ? 200 : 2'000), symbol);
        // prices inside the band, and moving
        QVERIFY2(quote.low >= instrument.floor && quote.high <= instrument.ceiling, symbol);
        QVERIFY2(quote.high > quote.low, symbol);
        const std::int64_t tick = instrument.ticks.tickAt(instrument.reference).raw();
        QVERIFY2((*quote.high - *quote.low).raw() - 4 * tick < instrument.reference.raw() / 10,
                 symbol);
        if (instrument.exchange == Exchange::SPOT)
            continue;
        const std::int64_t median = day.spreads[day.spreads.size() / 2];
        QVERIFY2(median <= (thin ? 6 : 2)
                     || (thin && median * tick * 250 < instrument.reference.raw()),
                 symbol);
        QVERIFY2(day.oddLots > 0, symbol);
        const std::int64_t value = day.volume * instrument.reference.raw();
        QVERIFY2(value > (thin ? 200'000'000 : 5'000'000'000), symbol);
        QVERIFY2(value < (thin ? 60'000'000'000 : 2'000'000'000'000), symbol);
        if (instrument.exchange == Exchange::HOSE)
            QVERIFY2(day.opening * 100 > day.volume && day.opening * 100 < day.volume * 12, symbol);
        if (!thin)
            QVERIFY2(day.closing * 100 > day.volume * 4 && day.closing * 100 < day.volume * 30,
                     symbol);
        if (instrument.exchange == Exchange::HNX)
            QVERIFY2(day.postClose > 0, symbol);
    }
    qInfo("%zu trades, %llu changes of a book", trades,
          static_cast<unsigned long long>(f.bookChanges));
    QCOMPARE(f.engine.checkInvariants(), std::string());
}

void PracticeDayTest::aWholePracticeDaySettlesAndRepeats()
{
    EngineFixture first, second;
    const std::uint64_t hash = practise(first, 42);
    QVERIFY(hash != 0);
    QCOMPARE(practise(second, 42), hash);
    QCOMPARE(replayed(first.journal.bytes()), hash);
    QCOMPARE(first.engine.checkInvariants(), std::string());
    const PaperExchange &exchange = first.engine.exchange();
    // what was bought on Friday arrived on Tuesday
    for (const char *symbol : {"FPT", "SHS"}) {
        const Position position = first.engine.position(1, first.symbol(symbol));
        QVERIFY2(position.quantity > Quantity(0), symbol);
        QCOMPARE(position.sellable, position.quantity);
    }
    // every session of every exchange came, in order
    std::vector<Phase> phases;
    for (const SessionChange &change : first.sessions) {
        if (change.exchange == Exchange::HOSE && isoDate(change.date) == "2026-11-20")
            phases.push_back(change.phase);
    }
    const std::vector<Phase> expected{
        Phase::OpeningAuction, Phase::Continuous,     Phase::Break, Phase::Continuous,
        Phase::ClosingAuction, Phase::PutThroughOnly, Phase::Closed};
    QCOMPARE(phases, expected);
    // Tuesday's references are Monday's closes, and the limits are theirs
    std::map<InstrumentIndex, Price> closes;
    for (const TradeRecord &trade : first.trades) {
        if (!trade.oddLot && trade.time < at("2026-11-24T00:00:00+07:00"))
            closes[trade.instrument] = trade.price;
    }
    for (const char *symbol : {"FPT", "HPG", "SHS"}) {
        Instrument instrument = exchange.instrument(first.symbol(symbol));
        QCOMPARE(instrument.reference, closes[instrument.index]);
        const Price ceiling = instrument.ceiling, floor = instrument.floor;
        applyDayLimits(instrument, exchange.rules());
        QCOMPARE(instrument.ceiling, ceiling);
        QCOMPARE(instrument.floor, floor);
    }
}

void PracticeDayTest::anotherSeedIsAnotherDay()
{
    EngineFixture first, second;
    for (EngineFixture *f : {&first, &second}) {
        f->apply(f->engine.now(), SetParticipants{true, f == &first ? 1U : 2U});
        f->run("2026-11-20T09:30:00+07:00");
    }
    QVERIFY(first.trades.size() != second.trades.size()
            || first.engine.stateHash() != second.engine.stateHash());
}

void PracticeDayTest::restrictedSharesTradeInTheirAuctions()
{
    EngineFixture f("2026-11-20T08:55:00+07:00", "symbol,exchange,name,ref,restricted\n"
                                                 "AAA,HOSE,Free,20000,false\n"
                                                 "BBB,HOSE,Restricted,20000,true\n");
    f.apply(f.engine.now(), SetParticipants{true, 8});
    f.run("2026-11-20T15:00:00+07:00");
    std::set<Time> rounds;
    for (const TradeRecord &trade : f.trades) {
        if (trade.instrument != f.symbol("BBB"))
            continue;
        QVERIFY(isAuction(trade.phase));
        rounds.insert(trade.time);
    }
    QVERIFY2(rounds.size() >= 14, qPrintable(QString::number(rounds.size()))); // of 17
    QCOMPARE(f.engine.checkInvariants(), std::string());
}

void PracticeDayTest::aHaltedInstrumentIsLeftAlone()
{
    EngineFixture f;
    f.apply(f.engine.now(), SetParticipants{true, 8});
    f.run("2026-11-20T10:00:00+07:00");
    const InstrumentIndex fpt = f.symbol("FPT");
    f.apply(f.engine.now(), SetInstrumentState{fpt, SetInstrumentState::Action::Halt});
    f.trades.clear();
    f.run("2026-11-20T10:20:00+07:00");
    QCOMPARE(std::ranges::count(f.trades, fpt, &TradeRecord::instrument), 0);
    f.apply(f.engine.now(), SetInstrumentState{fpt, SetInstrumentState::Action::Resume});
    f.run("2026-11-20T10:40:00+07:00");
    QVERIFY(std::ranges::count(f.trades, fpt, &TradeRecord::instrument) > 20);
}

void PracticeDayTest::aSnapshotGoesOnAsTheSame()
{
    EngineFixture f;
    f.apply(f.engine.now(), ShapeCrowd{R"({"intensity": 1.5})"});
    f.apply(f.engine.now(), SetParticipants{true, 3});
    f.run("2026-11-20T09:40:00+07:00");
    Engine restored;
    QVERIFY(restored.restore(f.engine.snapshot()));
    CommittedGroup ignored;
    const Command later{at("2026-11-20T10:10:00+07:00"), Tick{}};
    restored.apply(later, ignored);
    f.apply(later.time, later.body);
    QCOMPARE(restored.stateHash(), f.engine.stateHash());
}

void PracticeDayTest::theShapeOfTheCrowdCounts()
{
    std::size_t trades[2];
    for (const int lively : {0, 1}) {
        EngineFixture f;
        const char *shape = lively ? R"({"instruments": {"HPG": {"intensity": 4}}})" : "";
        QCOMPARE(f.apply(f.engine.now(), ShapeCrowd{shape}).error.code, Code::OK);
        f.apply(f.engine.now(), SetParticipants{true, 5});
        f.run("2026-11-20T10:00:00+07:00");
        const InstrumentIndex hpg = f.symbol("HPG");
        trades[lively] =
            static_cast<std::size_t>(std::ranges::count(f.trades, hpg, &TradeRecord::instrument));
    }
    QVERIFY(trades[1] > trades[0] * 2);
}

void PracticeDayTest::aBrokenShapeSaysWhere_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("field");
    QTest::newRow("too lively") << R"({"intensity": 10.1})" << "crowd.intensity";
    QTest::newRow("not a number") << R"({"volatility": "high"})" << "crowd.volatility";
    QTest::newRow("unknown key") << R"({"makers": 3})" << "crowd.makers";
    QTest::newRow("no makers") << R"({"shares": {"makers": 0}})" << "crowd.shares.makers";
    QTest::newRow("unknown symbol")
        << R"({"instruments": {"NONE": {}}})" << "crowd.instruments.NONE";
    QTest::newRow("less than a lot") << R"({"instruments": {"HPG": {"daily_volume": 99}}})"
                                     << "crowd.instruments.HPG.daily_volume";
}

void PracticeDayTest::aBrokenShapeSaysWhere()
{
    QFETCH(QString, text);
    QFETCH(QString, field);
    EngineFixture f;
    const std::uint64_t orders = f.engine.openOrders();
    const CommandResult result = f.apply(f.engine.now(), ShapeCrowd{text.toStdString()});
    QCOMPARE(result.error.code, Code::CONFIGURATION_ERROR);
    QCOMPARE(QString::fromStdString(result.error.field), field);
    QVERIFY(!result.error.bound.empty());
    QCOMPARE(f.engine.crowdText(), std::string());
    QCOMPARE(f.engine.openOrders(), orders);
}

QTEST_GUILESS_MAIN(PracticeDayTest)
#include "tst_practice_day.moc"
