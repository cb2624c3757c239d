// SPDX-License-Identifier: GPL-3.0-or-later
// Stop, take-profit, trailing and OCO orders through the engine: what meets them, what they become, and
// what they survive.
#include "../../support/recorded_engine.h"

using namespace khop;
using namespace khop::test;

namespace {

/// SSI trades from 28,850 to 33,150 in steps of 50; reference and last price 31,000.
struct StopDesk : RecordedEngine {
    AccountNo trader;
    explicit StopDesk(const char *clock = "2026-11-20T10:00:00+07:00") : RecordedEngine(clock)
    {
        trader = account("trader");
        shares(trader, "SSI", 10'000);
        shares(trader, "ACV", 10'000);
        shares(trader, "SHS", 10'000);
        shares(trader, "DEMO", 1'000'000);
    }
    PlaceOrder with(std::shared_ptr<const Condition> condition, Side side, const char *name = "SSI",
                    std::int64_t quantity = 1'000) const
    {
        const Instrument &instrument = engine->exchange().instrument(symbol(name));
        const bool limited = (condition->stopLoss && condition->stopLoss->limit)
                             || (condition->takeProfit && condition->takeProfit->limit)
                             || condition->limitOffset;
        const OrderType limit = instrument.banded ? OrderType::LO : OrderType::Limit;
        const OrderType market = !instrument.banded                       ? OrderType::Market
                                 : instrument.exchange == Exchange::UPCOM ? OrderType::LO
                                                                          : OrderType::MTL;
        PlaceOrder place = make(trader, name, side, limited ? limit : market, quantity);
        place.condition = std::move(condition);
        return place;
    }
    CommandResult wait(std::shared_ptr<const Condition> condition, Side side,
                       const char *name = "SSI", std::int64_t quantity = 1'000)
    {
        return send(with(std::move(condition), side, name, quantity));
    }
    Quantity held(const char *name) const { return engine->position(trader, symbol(name)).held; }
};

} // namespace

class ConditionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStopWaitsAndHoldsNothing()
    {
        StopDesk f;
        const auto placed = f.wait(stop(30'500), Side::Sell);
        QCOMPARE(placed.error.code, Code::OK);
        QCOMPARE(placed.order->status, OrderStatus::Queued);
        QVERIFY(placed.order->condition);
        QCOMPARE(f.held("SSI").raw(), 0);
        // the end of the day: of the closing auction
        QCOMPARE(isoTime(*placed.order->expiresAt), std::string("2026-11-20T07:45:00.000Z"));
        f.print("SSI", 30'550);
        QCOMPARE(f.state(placed).status, OrderStatus::Queued);
    }

    void aStopBecomesAMarketOrderWhenTheLastPriceReachesIt_data()
    {
        QTest::addColumn<bool>("buys");
        QTest::addColumn<bool>("takesProfit");
        QTest::addColumn<int>("trigger");
        QTest::addColumn<int>("before");
        QTest::newRow("sell stop at or below") << false << false << 30'500 << 30'550;
        QTest::newRow("buy stop at or above") << true << false << 31'500 << 31'450;
        QTest::newRow("sell take-profit at or above") << false << true << 31'500 << 31'450;
        QTest::newRow("buy take-profit at or below") << true << true << 30'500 << 30'550;
    }
    void aStopBecomesAMarketOrderWhenTheLastPriceReachesIt()
    {
        QFETCH(bool, buys);
        QFETCH(bool, takesProfit);
        QFETCH(int, trigger);
        QFETCH(int, before);
        for (const int through : {0, 100}) { // at the trigger, and through it
            StopDesk f;
            const AccountNo other = f.account("other");
            f.shares(other, "SSI", 2'000);
            const Side side = buys ? Side::Buy : Side::Sell;
            const auto placed = f.wait(takesProfit ? takeProfit(trigger) : stop(trigger), side);
            QCOMPARE(placed.error.code, Code::OK);
            f.print("SSI", before);
            QCOMPARE(f.state(placed).status, OrderStatus::Queued);
            const bool rising = buys != takesProfit;
            const int last = trigger + (rising ? through : -through);
            // somebody to trade with, behind the price that is printed
            f.order(other, "SSI", opposite(side), 1'000, buys ? 33'000 : 29'000);
            f.print("SSI", last);
            QCOMPARE(f.state(placed).status, OrderStatus::Filled);
            QCOMPARE(f.state(placed).type, OrderType::MTL);
            QCOMPARE(f.state(placed).condition->met, takesProfit ? Leg::TakeProfit : Leg::StopLoss);
            QCOMPARE(f.replayedHash(), f.engine->stateHash());
        }
    }

    void withALimitItBecomesALimitOrder()
    {
        StopDesk f;
        const auto placed = f.wait(stop(30'500, 30'400), Side::Sell);
        QCOMPARE(placed.order->type, OrderType::LO);
        f.print("SSI", 30'500);
        const OrderRecord &order = f.state(placed);
        QCOMPARE(order.status, OrderStatus::Active);
        QCOMPARE(order.price->raw(), 30'400);
        QCOMPARE(f.held("SSI").raw(), 1'000);
        QVERIFY(!order.expiresAt); // the exchange's day from here
        f.to("2026-11-20T14:45:00+07:00");
        QCOMPARE(f.state(placed).status, OrderStatus::Expired);
        QCOMPARE(f.held("SSI").raw(), 0);
    }

    void whereOnlyLoIsKnownItGoesToTheEndOfTheBand()
    {
        StopDesk f;
        const auto placed = f.wait(stop(53'000), Side::Sell, "ACV");
        QCOMPARE(placed.error.code, Code::OK);
        f.print("ACV", 53'000);
        QCOMPARE(f.state(placed).type, OrderType::LO);
        QCOMPARE(f.state(placed).price->raw(), 45'600); // the floor
        QCOMPARE(f.state(placed).status, OrderStatus::Active);
    }

    void onSpotItBecomesAMarketOrderAtOnceOrNever()
    {
        StopDesk f;
        const AccountNo other = f.account("other");
        const auto placed = f.wait(stop(145'00), Side::Sell, "DEMO", 10'000);
        QCOMPARE(placed.error.code, Code::OK);
        f.order(other, "DEMO", Side::Buy, 4'000, 144'90);
        f.print("DEMO", 145'00, 10'000);
        // what finds nobody inside the collar is killed and does not rest
        QCOMPARE(f.state(placed).status, OrderStatus::Cancelled);
        QCOMPARE(f.state(placed).traded.raw(), 4'000);
        QCOMPARE(f.held("DEMO").raw(), 0);
        QCOMPARE(f.engine->exchange().restingOrders(f.symbol("DEMO")), std::size_t{0});
    }

    void aTriggerOnTheWrongSideIsRefused_data()
    {
        QTest::addColumn<bool>("buys");
        QTest::addColumn<bool>("takesProfit");
        QTest::addColumn<int>("trigger");
        QTest::newRow("sell stop above the last price") << false << false << 31'500;
        QTest::newRow("sell stop at the last price") << false << false << 31'000;
        QTest::newRow("buy stop below") << true << false << 30'500;
        QTest::newRow("sell take-profit below") << false << true << 30'500;
        QTest::newRow("buy take-profit above") << true << true << 31'500;
    }
    void aTriggerOnTheWrongSideIsRefused()
    {
        QFETCH(bool, buys);
        QFETCH(bool, takesProfit);
        QFETCH(int, trigger);
        StopDesk f;
        const std::uint64_t hash = f.engine->openOrders();
        const auto placed = f.wait(takesProfit ? takeProfit(trigger) : stop(trigger),
                                   buys ? Side::Buy : Side::Sell);
        QCOMPARE(placed.error.code, Code::TRIGGER_ALREADY_REACHED);
        QCOMPARE(placed.error.field, std::string("condition.trigger_price"));
        QCOMPARE(placed.error.value, std::to_string(trigger));
        QCOMPARE(placed.error.bound, std::string("31000"));
        QCOMPARE(f.engine->openOrders(), hash);
    }

    void termsThatCannotBeAreRefused_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("field");
        QTest::newRow("trigger off the tick") << 0 << "INVALID_TICK" << "condition.trigger_price";
        QTest::newRow("limit off the tick") << 1 << "INVALID_TICK" << "condition.limit_price";
        QTest::newRow("zero trigger") << 2 << "INVALID_PRICE" << "condition.trigger_price";
        QTest::newRow("OCO without its stop") << 3 << "REQUIRED" << "condition.stop_loss";
        QTest::newRow("no trail") << 4 << "VALIDATION_ERROR" << "condition";
        QTest::newRow("both trails") << 5 << "VALIDATION_ERROR" << "condition";
        QTest::newRow("trail of 100 %") << 6 << "VALIDATION_ERROR" << "condition.trail_percent";
        QTest::newRow("negative trail") << 7 << "VALIDATION_ERROR" << "condition.trail_amount";
        QTest::newRow("a price beside the trigger") << 8 << "PRICE_NOT_ALLOWED" << "price";
        QTest::newRow("LO without a limit") << 9 << "PRICE_REQUIRED" << "condition.limit_price";
        QTest::newRow("MTL with a limit") << 10 << "PRICE_NOT_ALLOWED" << "condition.limit_price";
        QTest::newRow("ATC") << 11 << "VALIDATION_ERROR" << "order_type";
        QTest::newRow("150 shares") << 12 << "INVALID_LOT" << "quantity";
        QTest::newRow("odd lot at market") << 13 << "ODD_LOT_LIMIT_ONLY" << "quantity";
        QTest::newRow("GTD without a date") << 14 << "REQUIRED" << "expires_at";
        QTest::newRow("past date") << 15 << "VALIDATION_ERROR" << "expires_at";
        QTest::newRow("31 days") << 16 << "VALIDATION_ERROR" << "expires_at";
        QTest::newRow("IOC on HOSE") << 17 << "TIME_IN_FORCE_NOT_ALLOWED" << "time_in_force";
        QTest::newRow("a price out of this world")
            << 18 << "INVALID_PRICE" << "condition.trigger_price";
        QTest::newRow("above the greatest order") << 19 << "QUANTITY_ABOVE_MAXIMUM" << "quantity";
    }
    void termsThatCannotBeAreRefused()
    {
        QFETCH(int, which);
        QFETCH(QString, code);
        QFETCH(QString, field);
        StopDesk f;
        PlaceOrder place = f.with(stop(30'500), Side::Sell);
        const auto use = [&](std::shared_ptr<Condition> condition) {
            place = f.with(std::move(condition), Side::Sell);
        };
        switch (which) {
        case 0: use(stop(30'510)); break;
        case 1: use(stop(30'500, 30'410)); break;
        case 2: use(stop(0)); break;
        case 3: {
            auto condition = oco(32'000, 30'000);
            condition->stopLoss.reset();
            use(condition);
            break;
        }
        case 4: use(trailing(0)); break;
        case 5: use(trailing(500, 10'000)); break;
        case 6: use(trailing(0, 1'000'000)); break;
        case 7: use(trailing(-500)); break;
        case 8: place.price = Price(30'000); break;
        case 9: place.type = OrderType::LO; break;
        case 10:
            use(stop(30'500, 30'400));
            place.type = OrderType::MTL;
            break;
        case 11: place.type = OrderType::ATC; break;
        case 12: place.quantity = Quantity(150); break;
        case 13: place.quantity = Quantity(50); break;
        case 14: place.timeInForce = TimeInForce::GTD; break;
        case 15: place.expiresAt = f.now; break;
        case 16: place.expiresAt = f.now + 30 * millisecondsPerDay + 1; break;
        case 17: place.timeInForce = TimeInForce::IOC; break;
        case 18: use(stop(4'000'000'000'000'000'000)); break;
        case 19: place.quantity = Quantity(500'100); break;
        }
        const auto placed = f.send(place);
        QCOMPARE(QString::fromStdString(std::string(codeName(placed.error.code))), code);
        QCOMPARE(QString::fromStdString(placed.error.field), field);
        QCOMPARE(f.engine->openOrders(), std::size_t{0});
    }

    void onlyEvenLotsOfContinuousSessionsMeetAStop()
    {
        StopDesk f("2026-11-20T09:05:00+07:00");
        auto terms = f.with(stop(30'500), Side::Sell);
        terms.timeInForce = TimeInForce::GTC;
        const auto placed = f.send(terms);
        f.print("SSI", 30'000); // the opening auction
        f.to("2026-11-20T09:15:00+07:00");
        QCOMPARE(f.trades.back().price.raw(), 30'000);
        QCOMPARE(f.trades.back().phase, Phase::OpeningAuction);
        QCOMPARE(f.state(placed).status, OrderStatus::Queued);
        f.print("SSI", 30'000, 50); // an odd lot
        QVERIFY(f.trades.back().oddLot);
        QCOMPARE(f.state(placed).status, OrderStatus::Queued);
        f.to("2026-11-20T14:40:00+07:00");
        f.print("SSI", 30'000);
        f.to("2026-11-20T14:45:00+07:00"); // the closing auction
        QCOMPARE(f.trades.back().phase, Phase::ClosingAuction);
        QCOMPARE(f.state(placed).status, OrderStatus::Queued);
        f.to("2026-11-23T09:30:00+07:00");
        f.print("SSI", 30'000);
        QVERIFY(f.state(placed).status != OrderStatus::Queued);
    }

    void cashAndSharesAreLookedAtWhenTheStopIsMet()
    {
        StopDesk f;
        const auto sell = f.wait(stop(30'500), Side::Sell, "SSI", 10'000);
        QCOMPARE(sell.error.code, Code::OK);
        f.order(f.trader, "SSI", Side::Sell, 100, 33'000); // holds 100 of the 10,000
        f.print("SSI", 30'500);
        QCOMPARE(f.state(sell).status, OrderStatus::Rejected);
        QCOMPARE(f.state(sell).rejectCode, Code::INSUFFICIENT_SECURITIES);
        QCOMPARE(f.held("SSI").raw(), 100);

        const AccountNo poor = f.send(OpenAccount{uuid7(f.now, 1, 999), "poor"}).account;
        PlaceOrder buy = f.make(poor, "SSI", Side::Buy, OrderType::MTL, 100);
        buy.condition = stop(31'500);
        const auto placed = f.send(buy);
        QCOMPARE(placed.error.code, Code::OK);
        f.print("SSI", 31'500);
        QCOMPARE(f.state(placed).status, OrderStatus::Rejected);
        QCOMPARE(f.state(placed).rejectCode, Code::INSUFFICIENT_CASH);
    }

    void aLimitOutsideTheBandIsRejectedWhenTheStopIsMet()
    {
        StopDesk f;
        const auto placed = f.wait(stop(30'500, 28'800), Side::Sell);
        QCOMPARE(placed.error.code, Code::OK); // the band of another day may hold it
        f.print("SSI", 30'500);
        QCOMPARE(f.state(placed).status, OrderStatus::Rejected);
        QCOMPARE(f.state(placed).rejectCode, Code::PRICE_BELOW_FLOOR);
    }

    void aWaitingOrderIsCancelledAmendedAndCancelledWithAll()
    {
        StopDesk f;
        const auto first = f.wait(stop(30'500), Side::Sell);
        QCOMPARE(f.send(CancelOrder{f.trader, first.order->id}).order->status,
                 OrderStatus::Cancelled);
        f.print("SSI", 30'000);
        QCOMPARE(f.state(first).status, OrderStatus::Cancelled);
        QCOMPARE(f.state(first).traded.raw(), 0);

        const auto second = f.wait(stop(29'500, 29'400), Side::Sell);
        AmendOrder amend{f.trader, second.order->id, Price(29'300), Quantity(500),
                         {},       Price(29'700)};
        QCOMPARE(f.send(amend).error.code, Code::OK);
        QCOMPARE(f.state(second).quantity.raw(), 500);
        amend = {f.trader, second.order->id, {}, {}, {}, Price(30'000)};
        QCOMPARE(f.send(amend).error.code, Code::TRIGGER_ALREADY_REACHED);
        f.print("SSI", 29'750);
        QCOMPARE(f.state(second).status, OrderStatus::Queued);
        f.print("SSI", 29'700);
        QCOMPARE(f.state(second).status, OrderStatus::Active);
        QCOMPARE(f.state(second).price->raw(), 29'300);
        QCOMPARE(f.state(second).quantity.raw(), 500);

        const auto third = f.wait(stop(29'000), Side::Sell);
        QCOMPARE(f.send(CancelAll{f.trader, noInstrument}).count, 2U);
        QCOMPARE(f.state(third).status, OrderStatus::Cancelled);
        QCOMPARE(f.held("SSI").raw(), 0);
    }

    void theOddLotOfAWaitingOrderStaysAnOddLot()
    {
        StopDesk f;
        const auto placed = f.wait(stop(30'500, 30'400), Side::Sell);
        QCOMPARE(
            f.send(AmendOrder{f.trader, placed.order->id, {}, Quantity(50), {}, {}}).error.code,
            Code::INVALID_LOT);
    }

    void aTrailingStopFollowsEveryNewHighAndIsRoundedAway()
    {
        StopDesk f;
        const auto placed = f.wait(trailing(0, 15'000), Side::Sell); // 1.5 %
        QCOMPARE(placed.error.code, Code::OK);
        // 31,000 less 465 is 30,535: the tick below is 30,500
        QCOMPARE(f.state(placed).condition->stopLoss->trigger.raw(), 30'500);
        f.print("SSI", 31'500); // 31,027.5 -> 31,000
        QCOMPARE(f.state(placed).condition->stopLoss->trigger.raw(), 31'000);
        f.print("SSI", 31'200); // a step back moves nothing
        QCOMPARE(f.state(placed).condition->stopLoss->trigger.raw(), 31'000);
        f.print("SSI", 32'000); // 31,520 -> 31,500: it works more than once
        QCOMPARE(f.state(placed).condition->best.raw(), 32'000);
        QCOMPARE(f.state(placed).condition->stopLoss->trigger.raw(), 31'500);
        f.print("SSI", 31'550);
        QCOMPARE(f.state(placed).status, OrderStatus::Queued);
        f.print("SSI", 31'500);
        QCOMPARE(f.state(placed).condition->met, Leg::StopLoss);
        QVERIFY(f.state(placed).status != OrderStatus::Queued);
    }

    void aTrailingBuyFollowsTheLowAndItsLimitGoesWithIt()
    {
        StopDesk f;
        const auto placed = f.wait(trailing(500, 0, 100), Side::Buy);
        QCOMPARE(f.state(placed).condition->stopLoss->trigger.raw(), 31'500);
        QCOMPARE(f.state(placed).price->raw(), 31'600);
        f.print("SSI", 30'000);
        QCOMPARE(f.state(placed).condition->stopLoss->trigger.raw(), 30'500);
        QCOMPARE(f.state(placed).price->raw(), 30'600);
        QVERIFY(f.restart());
        f.print("SSI", 30'500);
        QCOMPARE(f.state(placed).status, OrderStatus::Active);
        QCOMPARE(f.state(placed).type, OrderType::LO);
        QCOMPARE(f.state(placed).price->raw(), 30'600);
        QCOMPARE(f.replayedHash(), f.engine->stateHash());
    }

    void theLimitOfATrailingStopStaysInTheBandOfTheDay()
    {
        StopDesk f;
        const auto placed = f.wait(trailing(2'000, 0, 1'000), Side::Sell);
        // 29,000 less 1,000 is below the floor: the floor takes the same prices
        QCOMPARE(f.state(placed).price->raw(), 28'850);
        f.print("SSI", 29'000);
        QCOMPARE(f.state(placed).status, OrderStatus::Active);
        QCOMPARE(f.state(placed).price->raw(), 28'850);
    }

    void aHighAndItsStopInOneMomentAreBothSeen()
    {
        StopDesk f;
        const AccountNo other = f.account("other"), third = f.account("third");
        f.shares(other, "SSI", 1'000);
        f.shares(third, "SSI", 1'000);
        const auto placed = f.wait(trailing(500), Side::Sell); // stands at 30,500
        f.order(other, "SSI", Side::Sell, 100, 32'000);
        f.order(other, "SSI", Side::Buy, 100, 31'450);
        f.to("2026-11-20T11:40:00+07:00");
        for (const Side side : {Side::Buy, Side::Sell}) {
            PlaceOrder later =
                f.make(third, "SSI", side, OrderType::LO, 100, side == Side::Buy ? 32'000 : 31'450);
            later.queue = true;
            QCOMPARE(f.send(later).error.code, Code::OK);
        }
        f.to("2026-11-20T13:00:00+07:00"); // trades at 32,000, then at 31,450: the stop is 31,500
        QCOMPARE(f.state(placed).condition->best.raw(), 32'000);
        QCOMPARE(f.state(placed).condition->met, Leg::StopLoss);
    }

    void whatOneLegOfAnOcoMeetsEndsTheOther()
    {
        StopDesk f;
        const auto placed = f.wait(oco(32'000, 30'000), Side::Sell);
        QCOMPARE(placed.error.code, Code::OK);
        f.print("SSI", 32'000);
        QCOMPARE(f.state(placed).condition->met, Leg::TakeProfit);
        f.print("SSI", 29'000);
        QCOMPARE(f.state(placed).condition->met, Leg::TakeProfit);
        QVERIFY(f.state(placed).traded <= Quantity(1'000));
    }

    void theLegsOfAnOcoMayDifferInKind()
    {
        StopDesk f;
        auto condition = oco(32'000, 30'000);
        condition->takeProfit->limit = Price(32'000);
        PlaceOrder place = f.with(condition, Side::Sell);
        place.type = OrderType::MTL; // of the stop
        const auto placed = f.send(place);
        QCOMPARE(placed.error.code, Code::OK);
        f.print("SSI", 32'000);
        QCOMPARE(f.state(placed).type, OrderType::LO);
        QCOMPARE(f.state(placed).price->raw(), 32'000);
        QCOMPARE(f.state(placed).status, OrderStatus::Active);
    }

    void aConditionLivesToItsDateThroughDaysAndRestarts()
    {
        StopDesk f;
        PlaceOrder place = f.with(stop(29'500), Side::Sell);
        place.timeInForce = TimeInForce::GTD;
        place.expiresAt = *parseIsoTime("2026-11-26T11:00:00+07:00");
        const auto kept = f.send(place);
        const auto daily = f.wait(stop(29'600), Side::Sell);
        f.to("2026-11-20T16:00:00+07:00");
        QCOMPARE(f.state(daily).status, OrderStatus::Expired);
        QCOMPARE(f.state(kept).status, OrderStatus::Queued);
        QVERIFY(f.restart());
        f.to("2026-11-25T10:00:00+07:00");
        QVERIFY(f.restart());
        QCOMPARE(f.state(kept).status, OrderStatus::Queued);
        f.to("2026-11-26T11:00:00+07:00");
        QCOMPARE(f.state(kept).status, OrderStatus::Expired);
        QCOMPARE(f.state(kept).cancelled.raw(), 1'000);
        QCOMPARE(f.replayedHash(), f.engine->stateHash());
    }

    void aStopGivenAfterTheLastContinuousSessionIsForTheNextDay()
    {
        StopDesk f("2026-11-20T14:35:00+07:00"); // Friday, closing auction
        const auto placed = f.wait(stop(30'000), Side::Sell);
        QCOMPARE(isoTime(*placed.order->expiresAt), std::string("2026-11-23T07:45:00.000Z"));
    }

    void gtcWaitsThirtyDays()
    {
        StopDesk f;
        PlaceOrder place = f.with(stop(29'500), Side::Sell);
        place.timeInForce = TimeInForce::GTC;
        const auto placed = f.send(place);
        QCOMPARE(*placed.order->expiresAt - f.now, 30 * millisecondsPerDay);
    }

    void cascadesGoByOrderNumberAndEnd()
    {
        StopDesk f;
        const AccountNo other = f.account("other");
        // a ladder of bids; each stop trades into the next level and so meets the next stop
        for (const int price : {30'500, 30'400, 30'300, 30'200, 30'100})
            f.order(other, "SSI", Side::Buy, 100, price);
        std::vector<CommandResult> stops;
        for (const int trigger : {30'500, 30'500, 30'400, 30'300}) // two at the same price
            stops.push_back(f.wait(stop(trigger), Side::Sell, "SSI", 100));
        const std::size_t before = f.trades.size();
        f.shares(other, "SSI", 100);
        const AccountNo seller = f.account("seller");
        f.shares(seller, "SSI", 100);
        f.order(seller, "SSI", Side::Sell, 100, 30'500);
        QCOMPARE(f.trades.size() - before, std::size_t{5});
        for (std::size_t i = 0; i < stops.size(); ++i) {
            QCOMPARE(f.state(stops[i]).status, OrderStatus::Filled);
            QCOMPARE(f.trades[before + 1 + i].sellOrder, stops[i].order->no);
        }
        QCOMPARE(f.replayedHash(), f.engine->stateHash());
    }

    void matchOrKillLeavesNothingBehind()
    {
        StopDesk f;
        const AccountNo other = f.account("other");
        PlaceOrder place = f.with(stop(16'500), Side::Sell, "SHS");
        place.type = OrderType::MOK;
        const auto placed = f.send(place);
        QCOMPARE(placed.error.code, Code::OK);
        f.order(other, "SHS", Side::Buy, 300, 16'400);
        f.print("SHS", 16'500);
        QCOMPARE(f.state(placed).status, OrderStatus::Cancelled);
        QCOMPARE(f.state(placed).traded.raw(), 0);
        QCOMPARE(f.held("SHS").raw(), 0);
    }

    void anAccountMayHaveFiveHundredOfThem()
    {
        StopDesk f;
        CommandResult last;
        for (std::size_t i = 0; i < mostConditions; ++i)
            last = f.wait(stop(30'000), Side::Sell, "SSI", 100);
        QCOMPARE(last.error.code, Code::OK);
        const auto refused = f.wait(stop(30'000), Side::Sell, "SSI", 100);
        QCOMPARE(refused.error.code, Code::OPEN_ORDER_LIMIT);
        QCOMPARE(refused.error.bound, std::string("500"));
        f.send(CancelOrder{f.trader, last.order->id});
        QCOMPARE(f.wait(stop(30'000), Side::Sell, "SSI", 100).error.code, Code::OK);
    }

    void aResentConditionalOrderIsRecognised()
    {
        StopDesk f;
        PlaceOrder place = f.with(stop(30'000), Side::Sell);
        place.clientOrderId = "stop-1";
        const auto first = f.send(place);
        place.id = {};
        const auto again = f.send(place);
        QVERIFY(again.duplicate);
        QCOMPARE(again.order->no, first.order->no);
        place.condition = stop(29'950);
        place.id = {};
        QCOMPARE(f.send(place).error.code, Code::DUPLICATE_CLIENT_ORDER_ID);
    }
};

QTEST_GUILESS_MAIN(ConditionsTest)
#include "tst_conditions.moc"
