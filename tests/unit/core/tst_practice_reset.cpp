// SPDX-License-Identifier: GPL-3.0-or-later
// The practice day starts over: nothing stays open in any phase, the money stays, the next trading day begins.
#include "../../support/desk_fixture.h"
#include "../../support/recorded_engine.h"

#include <algorithm>
#include <atomic>

using namespace khop;
using namespace khop::test;

namespace {

Result<ClockState> resetOf(Desk &desk)
{
    std::promise<Result<ClockState>> promise;
    auto answer = promise.get_future();
    desk.resetPractice([&promise](Result<ClockState> clock) { promise.set_value(clock); });
    return answer.get();
}

std::vector<OrderRecord> ordersOf(const Desk &desk, AccountNo account)
{
    OrderQuery query;
    query.account = account;
    std::promise<std::vector<OrderRecord>> rows;
    desk.queryOrders(query,
                     [&](Result<Page<OrderRecord>> page) { rows.set_value(page.value().rows); });
    return rows.get_future().get();
}

bool booksAreEmpty(const Desk &desk)
{
    return std::ranges::all_of(*desk.instruments(), [&](const Instrument &instrument) {
        const BookDepth depth = desk.depth(instrument.index, 10);
        return depth.bids.empty() && depth.asks.empty();
    });
}

PutThroughStatus dealOf(const Desk &desk, const Uuid &id)
{
    PutThroughQuery query;
    query.id = id;
    std::promise<PutThroughStatus> status;
    desk.queryPutThroughs(query, [&](Result<Page<PutThroughRecord>> page) {
        status.set_value(page.value().rows.front().status);
    });
    return status.get_future().get();
}

} // namespace

class PracticeResetTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverIsOpenGoesAndTheNextTradingDayBegins();
    void noPhaseKeepsAnOrder_data();
    void noPhaseKeepsAnOrder();
    void theCrowdTakesItsOrdersBackAndStartsAnew();
    void aBracketInTheMiddleEndsWhole();
    void aRecordingRefusesAReplayEnds();
    void aRealDeskHasNoDayToStartOver();
};

void PracticeResetTest::whateverIsOpenGoesAndTheNextTradingDayBegins()
{
    DeskFixture f("2026-11-20T10:00:00+07:00", true, 100); // Friday
    const InstrumentIndex ssi = f.symbol("SSI");
    QTRY_VERIFY_WITH_TIMEOUT(!f.desk->depth(ssi, 1).bids.empty(), 20'000);
    QVERIFY(f.desk->setSpeed(0).has_value());
    const AccountNo one = f.account, two = f.openAccount("two");
    for (const AccountNo account : {one, two}) {
        f.cash(account, 1'000'000'000);
        f.shares(account, "SSI", 50'000);
    }
    const Instrument instrument = (*f.desk->instruments())[ssi];
    const Price low = instrument.ticks.up(instrument.floor);
    QVERIFY(f.order(one, "SSI", Side::Buy, OrderType::LO, 100, low.raw()).ok());
    QVERIFY(f.order(one, "SSI", Side::Sell, OrderType::LO, 300, instrument.ceiling.raw()).ok());
    PlaceOrder waiting;
    waiting.account = one;
    waiting.instrument = ssi;
    waiting.side = Side::Sell;
    waiting.type = OrderType::MTL;
    waiting.quantity = Quantity(200);
    waiting.condition = stop(instrument.floor.raw());
    QCOMPARE(f.send(waiting).error.code, Code::OK);
    PlaceOrder family = waiting;
    family.account = two;
    family.side = Side::Buy;
    family.type = OrderType::LO;
    family.price = low;
    family.condition =
        both(ConditionType::Bracket, instrument.ceiling.raw(), instrument.floor.raw());
    QCOMPARE(f.send(family).error.code, Code::OK);
    const auto queued = f.order(two, "SSI", Side::Buy, OrderType::ATC, 100, std::nullopt, {}, true);
    QCOMPARE(queued.order->status, OrderStatus::Queued);
    ProposePutThrough propose;
    propose.account = two;
    propose.counterparty = one;
    propose.instrument = ssi;
    propose.side = Side::Sell;
    propose.quantity = Quantity(20'000);
    propose.price = instrument.reference;
    const auto deal = f.send(propose);
    QCOMPARE(deal.error.code, Code::OK);
    QVERIFY(f.dong(one).held > Money{} && f.dong(two).held > Money{});
    QCOMPARE(f.position(one, "SSI").held.raw(), 300);
    QCOMPARE(f.position(two, "SSI").held.raw(), 20'000);

    std::atomic<int> cancelled = 0; // as subscribers see them
    Subscription subscription =
        f.desk->subscribe([&](const std::shared_ptr<const CommittedGroup> &group) {
            for (const OrderRecord &order : group->orders)
                cancelled += order.status == OrderStatus::Cancelled;
            for (const PutThroughRecord &record : group->putThroughs)
                cancelled += record.status == PutThroughStatus::Cancelled;
        });
    const auto clock = resetOf(*f.desk);
    QVERIFY(clock.has_value());
    QCOMPARE(isoTime(clock->now), isoTime(at("2026-11-23T08:59:45+07:00"))); // Monday
    QCOMPARE(clock->speed, 0);
    QVERIFY(clock->participants);
    QCOMPARE(cancelled.load(), 7);
    subscription.reset();
    QCOMPARE(ordersOf(*f.desk, one).size(), std::size_t{3});
    QCOMPARE(ordersOf(*f.desk, two).size(), std::size_t{3}); // the bracket's child is one
    for (const AccountNo account : {one, two}) {
        for (const OrderRecord &order : ordersOf(*f.desk, account)) {
            QCOMPARE(order.status, OrderStatus::Cancelled);
            QVERIFY(order.held.isZero());
        }
        QCOMPARE(f.dong(account).available.raw(), 1'000'000'000);
        QCOMPARE(f.dong(account).held.raw(), 0);
        QCOMPARE(f.position(account, "SSI").sellable.raw(), 50'000);
        QCOMPARE(f.position(account, "SSI").held.raw(), 0);
    }
    QCOMPARE(dealOf(*f.desk, deal.putThrough->id), PutThroughStatus::Cancelled);
    QVERIFY(booksAreEmpty(*f.desk));
    const auto replayed = f.desk->verify({});
    QVERIFY2(replayed && !replayed->badSequence, replayed ? replayed->why.c_str() : "");
    QCOMPARE(replayed->stateHash, f.desk->health().stateHash);

    QVERIFY(f.desk->setSpeed(100).has_value());
    QTRY_VERIFY_WITH_TIMEOUT(!f.desk->depth(ssi, 1).bids.empty(), 40'000); // the crowd is back
    f.desk.reset();
    const QString file = f.folder.filePath(QStringLiteral("khop.db"));
    const auto before = verifyDatabase(file);
    QVERIFY2(before && !before->badSequence, before ? before->why.c_str() : "");
    f.open({}, true);
    QCOMPARE(isoDate(vietnamDate(f.desk->now())), std::string("2026-11-23"));
    const auto after = f.desk->verify({});
    QVERIFY2(after && !after->badSequence, after ? after->why.c_str() : "");
    QCOMPARE(after->stateHash, f.desk->health().stateHash);
}

void PracticeResetTest::noPhaseKeepsAnOrder_data()
{
    QTest::addColumn<QByteArray>("moment");
    QTest::addColumn<bool>("asked"); // its owner has asked for the cancel before
    QTest::newRow("opening auction") << QByteArray("2026-11-20T09:10:00+07:00") << false;
    QTest::newRow("continuous") << QByteArray("2026-11-20T10:00:00+07:00") << false;
    QTest::newRow("break") << QByteArray("2026-11-20T11:45:00+07:00") << false;
    QTest::newRow("break, pending") << QByteArray("2026-11-20T11:45:00+07:00") << true;
    QTest::newRow("closing auction") << QByteArray("2026-11-20T14:40:00+07:00") << false;
}

void PracticeResetTest::noPhaseKeepsAnOrder()
{
    QFETCH(QByteArray, moment);
    QFETCH(bool, asked);
    RecordedEngine f("2026-11-20T09:05:00+07:00");
    const AccountNo trader = f.account("trader");
    const auto placed = f.order(trader, "SSI", Side::Buy, 100, 29'000);
    QCOMPARE(placed.error.code, Code::OK);
    f.to(moment.constData());
    if (asked) {
        QVERIFY(f.send(CancelOrder{trader, placed.order->id}).ok());
        QCOMPARE(f.state(placed).status, OrderStatus::PendingCancel);
    }
    const CommandResult reset = f.send(ResetPractice{});
    QCOMPARE(reset.error.code, Code::OK);
    QCOMPARE(reset.count, 1U);
    QCOMPARE(f.state(placed).status, OrderStatus::Cancelled);
    QCOMPARE(f.engine->openOrders(), std::size_t{0});
    QCOMPARE(f.engine->balance(trader, 0).held.raw(), 0);
    QCOMPARE(f.send(ResetPractice{}).count, 0U); // there is nothing to do twice
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
    QVERIFY(f.restart());
    f.to("2026-11-20T14:46:00+07:00");
    QVERIFY(f.trades.empty());
}

void PracticeResetTest::theCrowdTakesItsOrdersBackAndStartsAnew()
{
    RecordedEngine f("2026-11-20T09:55:00+07:00");
    f.send(SetParticipants{true, 7});
    f.pass(60'000);
    const auto resting = [&] {
        std::size_t orders = 0;
        for (const Instrument &instrument : f.engine->exchange().instruments())
            orders += f.engine->exchange().restingOrders(instrument.index);
        return orders;
    };
    QVERIFY(resting() > 100);
    QCOMPARE(f.send(ResetPractice{}).count, 0U); // nobody's orders
    QCOMPARE(resting(), std::size_t{0});
    QVERIFY(f.restart());
    f.pass(60'000);
    QVERIFY(resting() > 100);
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

void PracticeResetTest::aBracketInTheMiddleEndsWhole()
{
    RecordedEngine f;
    const AccountNo trader = f.account("trader"), other = f.account("other");
    f.shares(other, "SSI", 400);
    PlaceOrder place = f.make(trader, "SSI", Side::Buy, OrderType::LO, 1'000, 31'000);
    place.condition = both(ConditionType::Bracket, 32'000, 30'000);
    const auto parent = f.send(place);
    QCOMPARE(parent.error.code, Code::OK);
    f.order(other, "SSI", Side::Sell, 400, 31'000);
    QCOMPARE(f.state(parent).status, OrderStatus::PartiallyFilled);
    QCOMPARE(f.send(ResetPractice{}).count, 2U);
    QCOMPARE(f.state(parent).status, OrderStatus::Cancelled);
    QCOMPARE(f.state(parent).traded.raw(), 400); // what was bought stays
    QCOMPARE(f.child(parent).status, OrderStatus::Cancelled);
    QCOMPARE(f.engine->position(trader, f.symbol("SSI")).quantity.raw(), 400);
    QCOMPARE(f.engine->openOrders(), std::size_t{0});
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
    QVERIFY(f.restart());
}

void PracticeResetTest::aRecordingRefusesAReplayEnds()
{
    DeskFixture f("2026-11-20T10:00:00+07:00", true, 100); // Friday
    QVERIFY(f.desk->record("friday").has_value());
    const auto refused = resetOf(*f.desk);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, Code::VALIDATION_ERROR);
    QCOMPARE(refused.error().field, std::string("recording"));
    QTRY_VERIFY_WITH_TIMEOUT(f.desk->now() >= at("2026-11-20T10:01:00+07:00"), 20'000);
    QVERIFY(f.desk->stopRecording().has_value());
    QVERIFY(f.desk->replay("friday", 0).has_value());
    QCOMPARE(f.desk->state().replaying, std::string("friday"));
    QCOMPARE(isoDate(vietnamDate(f.desk->now())), std::string("2026-11-23"));
    QVERIFY(!f.desk->clock().participants);
    const auto clock = resetOf(*f.desk);
    QVERIFY(clock.has_value());
    QCOMPARE(isoTime(clock->now), isoTime(at("2026-11-24T08:59:45+07:00")));
    QVERIFY(clock->participants); // as before the replay
    QCOMPARE(f.desk->state().replaying, std::string());
    QVERIFY(booksAreEmpty(*f.desk));
    const auto verified = f.desk->verify({});
    QVERIFY2(verified && !verified->badSequence, verified ? verified->why.c_str() : "");
}

void PracticeResetTest::aRealDeskHasNoDayToStartOver()
{
    QTemporaryDir folder;
    DeskOptions options;
    options.databaseFile = folder.filePath(QStringLiteral("khop.db"));
    options.practice = false;
    const auto desk = Desk::open(options);
    QVERIFY(desk.has_value());
    const std::uint64_t sequence = (*desk)->health().sequence;
    const auto refused = resetOf(**desk);
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().code, Code::FORBIDDEN);
    QCOMPARE((*desk)->health().sequence, sequence);
}

QTEST_GUILESS_MAIN(PracticeResetTest)
#include "tst_practice_reset.moc"
