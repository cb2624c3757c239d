// SPDX-License-Identifier: GPL-3.0-or-later
// BRACKET and IF_DONE: the child lives, grows and ends with its parent, and never sells more than it
// bought.
#include "../../support/recorded_engine.h"

using namespace khop;
using namespace khop::test;

namespace {

struct FamilyDesk : RecordedEngine {
    AccountNo trader, other;
    explicit FamilyDesk(const char *clock = "2026-11-20T10:00:00+07:00") : RecordedEngine(clock)
    {
        trader = account("trader");
        other = account("other");
        shares(other, "SSI", 100'000);
        shares(other, "VIC", 100'000);
    }
    CommandResult buy(std::shared_ptr<const Condition> condition, std::int64_t quantity = 1'000,
                      std::int64_t price = 31'000)
    {
        PlaceOrder place = make(trader, "SSI", Side::Buy, OrderType::LO, quantity, price);
        place.condition = std::move(condition);
        return send(place);
    }
    void fill(std::int64_t quantity, std::int64_t price = 31'000)
    {
        order(other, "SSI", Side::Sell, quantity, price);
    }
    PlaceOrder sellLater(std::int64_t quantity, std::int64_t price, const char *name = "SSI") const
    {
        return make(0, name, Side::Sell, OrderType::LO, quantity, price);
    }
};

} // namespace

class OrderFamiliesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBracketMakesAParentAndOneWaitingChild()
    {
        FamilyDesk f;
        const auto parent = f.buy(bracket(32'000, 30'000));
        QCOMPARE(parent.error.code, Code::OK);
        QCOMPARE(parent.order->status, OrderStatus::Active);
        const OrderRecord &child = f.child(parent);
        QCOMPARE(child.parent, parent.order->id);
        QCOMPARE(child.side, Side::Sell);
        QCOMPARE(child.status, OrderStatus::Queued);
        QCOMPARE(child.condition->type, ConditionType::Oco);
        QVERIFY(child.no > parent.order->no);
        // its legs sleep until the parent trades
        f.print("SSI", 32'000);
        QCOMPARE(f.child(parent).condition->met, Leg::None);
        // the next order has a number of its own
        const auto next = f.buy(bracket(32'500, 30'000), 100, 30'500);
        QVERIFY(next.order->no > child.no);
        QCOMPARE(f.replayedHash(), f.engine->stateHash());
    }

    void aParentThatEndsWithoutATradeTakesItsChildAlong_data()
    {
        QTest::addColumn<bool>("cancel");
        QTest::newRow("cancelled") << true;
        QTest::newRow("expired") << false;
    }
    void aParentThatEndsWithoutATradeTakesItsChildAlong()
    {
        QFETCH(bool, cancel);
        FamilyDesk f;
        const auto parent = f.buy(bracket(32'000, 30'000), 1'000, 30'500);
        const auto done = f.buy(ifDone(f.sellLater(1'000, 32'000)), 1'000, 30'500);
        if (cancel) {
            f.send(CancelOrder{f.trader, parent.order->id});
            f.send(CancelOrder{f.trader, done.order->id});
        } else {
            f.to("2026-11-20T15:00:00+07:00");
        }
        QCOMPARE(f.child(parent).status, OrderStatus::Cancelled);
        QCOMPARE(f.child(done).status, OrderStatus::Cancelled);
        QCOMPARE(f.engine->openOrders(), std::size_t{0});
    }

    void legsWaitForTheSharesToArriveAndSellThemOnce()
    {
        FamilyDesk f; // Friday
        const auto parent = f.buy(bracket(32'000, 30'000));
        f.fill(1'000);
        QCOMPARE(f.state(parent).status, OrderStatus::Filled);
        f.print("SSI", 30'000); // the stop is met; the shares come on Tuesday at 13:00
        QCOMPARE(f.child(parent).status, OrderStatus::Queued);
        QCOMPARE(f.child(parent).condition->met, Leg::StopLoss);
        f.print("SSI", 32'000); // the other leg is gone
        QCOMPARE(f.child(parent).condition->met, Leg::StopLoss);
        QVERIFY(f.restart());
        f.to("2026-11-24T12:59:00+07:00");
        QCOMPARE(f.child(parent).status, OrderStatus::Queued);
        PlaceOrder bid = f.make(f.other, "SSI", Side::Buy, OrderType::LO, 5'000, 30'000);
        bid.queue = true; // it is lunch
        QCOMPARE(f.send(bid).error.code, Code::OK);
        f.to("2026-11-24T13:00:00+07:00");
        QCOMPARE(f.child(parent).status, OrderStatus::Filled);
        QCOMPARE(f.child(parent).traded.raw(), 1'000);
        QCOMPARE(f.engine->position(f.trader, f.symbol("SSI")).quantity.raw(), 0);
        QCOMPARE(f.replayedHash(), f.engine->stateHash());
    }

    void theLegsOfABracketWaitLongEnoughForThat()
    {
        FamilyDesk f;
        const auto parent = f.buy(bracket(32'000, 30'000));
        QVERIFY(!f.child(parent).expiresAt);
        f.fill(100);
        QCOMPARE(*f.child(parent).expiresAt - f.now, longestWait);
        QVERIFY(!f.state(parent).expiresAt); // the parent is an order of the day
    }

    void theDateOfABracketIsThatOfItsLegs()
    {
        FamilyDesk f;
        PlaceOrder place = f.make(f.trader, "SSI", Side::Buy, OrderType::LO, 1'000, 31'000);
        place.condition = bracket(32'000, 30'000);
        place.timeInForce = TimeInForce::GTD;
        place.expiresAt = f.now + 10 * millisecondsPerDay;
        const auto parent = f.send(place);
        QCOMPARE(parent.error.code, Code::OK);
        QCOMPARE(parent.order->timeInForce, TimeInForce::Day);
        QCOMPARE(*f.child(parent).expiresAt, *place.expiresAt);
        f.fill(1'000);
        f.now = *place.expiresAt;
        f.send(Tick{});
        QCOMPARE(f.child(parent).status, OrderStatus::Expired);
    }

    void aPartlyFilledParentLeavesAChildOfThatPart()
    {
        FamilyDesk f;
        const auto parent = f.buy(bracket(32'000, 30'000));
        f.fill(300);
        f.send(CancelOrder{f.trader, parent.order->id});
        QCOMPARE(f.child(parent).quantity.raw(), 300);
        QCOMPARE(f.child(parent).status, OrderStatus::Queued);
    }

    void aMetLegTakesTheRestOfItsParentBack()
    {
        FamilyDesk f;
        f.shares(f.trader, "SSI", 5'000); // so that nothing has to settle
        const auto parent = f.buy(bracket(32'000, 30'000), 1'000, 30'500);
        f.fill(300, 30'500);
        QCOMPARE(f.state(parent).status, OrderStatus::PartiallyFilled);
        f.order(f.other, "SSI", Side::Buy, 2'000, 31'900);
        f.print("SSI", 32'000);
        QCOMPARE(f.state(parent).status, OrderStatus::Cancelled);
        QCOMPARE(f.child(parent).quantity.raw(), 300);
        QCOMPARE(f.child(parent).status, OrderStatus::Filled);
        QCOMPARE(f.engine->position(f.trader, f.symbol("SSI")).quantity.raw(), 5'000);
    }

    void aChildThatComesAliveBehindItsTriggerIsMetAtOnce()
    {
        FamilyDesk f;
        f.shares(f.trader, "SSI", 1'000);
        const auto parent = f.buy(bracket(32'000, 30'600), 1'000, 31'000);
        f.order(f.other, "SSI", Side::Sell, 1'000, 30'500); // trades at 31,000, the resting price
        QCOMPARE(f.child(parent).condition->met, Leg::None);

        FamilyDesk g;
        g.shares(g.trader, "SSI", 1'000);
        g.fill(1'000, 30'500);
        const auto better = g.buy(bracket(32'000, 30'600)); // buys at 30,500
        QCOMPARE(g.child(better).condition->met, Leg::StopLoss);
    }

    void aBracketOfAShortSideTurnsItsLegsAround()
    {
        FamilyDesk f;
        f.shares(f.trader, "SSI", 1'000);
        PlaceOrder place = f.make(f.trader, "SSI", Side::Sell, OrderType::LO, 1'000, 31'000);
        place.condition = bracket(30'000, 32'000); // bought back lower, or higher
        const auto parent = f.send(place);
        QCOMPARE(parent.error.code, Code::OK);
        f.order(f.other, "SSI", Side::Buy, 1'000, 31'000);
        f.fill(1'000, 32'500);
        f.print("SSI", 32'000);
        QCOMPARE(f.child(parent).side, Side::Buy);
        QCOMPARE(f.child(parent).status, OrderStatus::Filled);
    }

    void legsOnTheWrongSideOfTheirParentAreRefused()
    {
        FamilyDesk f;
        const auto profit = f.buy(bracket(30'900, 30'000));
        QCOMPARE(profit.error.code, Code::TRIGGER_ALREADY_REACHED);
        QCOMPARE(profit.error.field, std::string("condition.take_profit.trigger_price"));
        const auto loss = f.buy(bracket(32'000, 31'000));
        QCOMPARE(loss.error.field, std::string("condition.stop_loss.trigger_price"));
        auto none = bracket(32'000, 30'000);
        none->takeProfit.reset();
        none->stopLoss.reset();
        QCOMPARE(f.buy(none).error.code, Code::REQUIRED);
        QCOMPARE(f.engine->openOrders(), std::size_t{0});
    }

    void aBracketMayHaveOneLeg()
    {
        FamilyDesk f;
        auto one = bracket(32'000, 30'000);
        one->takeProfit.reset();
        const auto parent = f.buy(one);
        QCOMPARE(parent.error.code, Code::OK);
        QCOMPARE(f.child(parent).condition->type, ConditionType::Stop);
    }

    void theOrderAfterIfDoneIsSentWhenTheFirstIsFilled()
    {
        FamilyDesk f;
        f.shares(f.trader, "SSI", 1'000);
        const auto parent = f.buy(ifDone(f.sellLater(1'000, 32'000)));
        f.fill(400);
        QCOMPARE(f.child(parent).status, OrderStatus::Queued);
        f.fill(600);
        QCOMPARE(f.state(parent).status, OrderStatus::Filled);
        QCOMPARE(f.child(parent).status, OrderStatus::Active);
        QCOMPARE(f.child(parent).price->raw(), 32'000);
    }

    void aPartlyFilledFirstOrderLetsThatPartThrough()
    {
        FamilyDesk f;
        f.shares(f.trader, "SSI", 1'000);
        f.shares(f.trader, "VIC", 1'000);
        const auto same = f.buy(ifDone(f.sellLater(1'000, 32'000)));
        f.fill(400);
        f.send(CancelOrder{f.trader, same.order->id});
        QCOMPARE(f.child(same).status, OrderStatus::Active);
        QCOMPARE(f.child(same).quantity.raw(), 400);
        // another instrument has no such part
        const auto other = f.buy(ifDone(f.sellLater(1'000, 170'000, "VIC")));
        f.fill(400);
        f.send(CancelOrder{f.trader, other.order->id});
        QCOMPARE(f.child(other).status, OrderStatus::Cancelled);
    }

    void theOrderAfterIfDoneMayHaveAConditionOfItsOwn()
    {
        FamilyDesk f;
        f.shares(f.trader, "SSI", 1'000);
        PlaceOrder then = f.make(0, "SSI", Side::Sell, OrderType::MTL, 1'000);
        then.condition = trailing(500);
        const auto parent = f.buy(ifDone(then));
        QCOMPARE(parent.error.code, Code::OK);
        f.print("SSI", 32'000); // before: it does not follow yet
        f.fill(1'000);
        QCOMPARE(f.child(parent).condition->best.raw(), 31'000);
        f.order(f.other, "SSI", Side::Buy, 5'000, 30'000);
        f.print("SSI", 30'500);
        QCOMPARE(f.child(parent).status, OrderStatus::Filled);
    }

    void familiesDoNotNest()
    {
        FamilyDesk f;
        PlaceOrder then = f.sellLater(1'000, 32'000);
        then.condition = bracket(30'000, 33'000);
        const auto nested = f.buy(ifDone(then));
        QCOMPARE(nested.error.code, Code::VALIDATION_ERROR);
        QCOMPARE(nested.error.field, std::string("condition.then.condition.type"));
        const auto lot = f.buy(ifDone(f.sellLater(150, 32'000)));
        QCOMPARE(lot.error.code, Code::INVALID_LOT);
        QCOMPARE(lot.error.field, std::string("condition.then.quantity"));
        QCOMPARE(f.engine->openOrders(), std::size_t{0});
    }

    void theOrderAfterIfDoneWaitsForItsSession()
    {
        FamilyDesk f("2026-11-20T14:40:00+07:00"); // closing auction
        f.shares(f.trader, "SSI", 1'000);
        PlaceOrder then = f.sellLater(1'000, 31'500);
        then.timeInForce = TimeInForce::GTC;
        const auto parent = f.buy(ifDone(then));
        f.fill(1'000);
        f.to("2026-11-20T14:45:00+07:00");
        QCOMPARE(f.state(parent).status, OrderStatus::Filled);
        QCOMPARE(f.child(parent).status, OrderStatus::Queued);
        f.to("2026-11-23T09:00:00+07:00"); // Monday's opening auction takes LO
        QCOMPARE(f.child(parent).status, OrderStatus::Active);
        QCOMPARE(f.replayedHash(), f.engine->stateHash());
    }

    void aRefusedChildIsRejectedAndNothingElse()
    {
        FamilyDesk f;
        const auto parent = f.buy(ifDone(f.sellLater(5'000, 32'000))); // more than there will be
        f.fill(1'000);
        QCOMPARE(f.state(parent).status, OrderStatus::Filled);
        QCOMPARE(f.child(parent).status, OrderStatus::Rejected);
        QCOMPARE(f.child(parent).rejectCode, Code::INSUFFICIENT_SECURITIES);
    }

    void aCancelledChildLeavesItsParentAlone()
    {
        FamilyDesk f;
        const auto parent = f.buy(bracket(32'000, 30'000));
        f.send(CancelOrder{f.trader, f.child(parent).id});
        QCOMPARE(f.child(parent).status, OrderStatus::Cancelled);
        f.fill(1'000);
        QCOMPARE(f.state(parent).status, OrderStatus::Filled);
        QCOMPARE(f.engine->openOrders(), std::size_t{0});
    }

    void theChildFollowsAnAmendedParent()
    {
        FamilyDesk f;
        const auto parent = f.buy(bracket(32'000, 30'000), 1'000, 30'500);
        f.send(AmendOrder{f.trader, parent.order->id, {}, Quantity(700), {}, {}});
        QCOMPARE(f.child(parent).quantity.raw(), 700);
        QCOMPARE(
            f.send(AmendOrder{f.trader, f.child(parent).id, {}, Quantity(100), {}, {}}).error.code,
            Code::ORDER_NOT_AMENDABLE);
    }

    void cancelAllEndsTheWholeFamily()
    {
        FamilyDesk f;
        const auto parent = f.buy(bracket(32'000, 30'000));
        f.fill(300);
        f.send(CancelAll{f.trader, noInstrument});
        QCOMPARE(f.state(parent).status, OrderStatus::Cancelled);
        QCOMPARE(f.child(parent).status, OrderStatus::Cancelled);
        QCOMPARE(f.engine->openOrders(), std::size_t{0});
    }

    void onSpotAFamilySettlesAtOnce()
    {
        FamilyDesk f;
        f.shares(f.other, "DEMO", 1'000'000);
        PlaceOrder place = f.make(f.trader, "DEMO", Side::Buy, OrderType::Limit, 10'000, 150'00);
        place.condition = bracket(155'00, 145'00);
        const auto parent = f.send(place);
        f.order(f.other, "DEMO", Side::Sell, 10'000, 150'00);
        f.order(f.other, "DEMO", Side::Buy, 10'000, 154'50);
        f.print("DEMO", 155'00, 10'000);
        QCOMPARE(f.child(parent).type, OrderType::Market);
        QCOMPARE(f.child(parent).status, OrderStatus::Filled);
        QCOMPARE(f.engine->position(f.trader, f.symbol("DEMO")).quantity.raw(), 0);
    }
};

QTEST_GUILESS_MAIN(OrderFamiliesTest)
#include "tst_order_families.moc"
