// SPDX-License-Identifier: GPL-3.0-or-later
// The worked cases of the exchanges' behaviour, each by its number, through the whole engine.
#include "../../support/engine_fixture.h"

using namespace khop;
using namespace khop::test;

namespace {

constexpr auto listed = "symbol,exchange,name,ref,foreign_room\n"
                        "AAA,HOSE,A,20000,\n"
                        "BBB,HOSE,B,50000,\n"
                        "CCC,HOSE,C,20550,\n"
                        "DDD,HOSE,D,25000,1000\n"
                        "HHH,HNX,H,17000,\n"
                        "UUU,UPCOM,U,20000,\n";

} // namespace

class MarketCasesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void B01_mtlRestsOneTickBeyondItsLastFill()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo seller = f.account(), buyer = f.account();
        f.sell(seller, "AAA", 300, 20'000);
        f.sell(seller, "AAA", 200, 20'050);
        const auto mtl = f.order(buyer, "AAA", Side::Buy, OrderType::MTL, 1'000);
        QCOMPARE(f.happened.trades.size(), std::size_t{2});
        QCOMPARE(f.happened.trades[0].price.raw(), 20'000);
        QCOMPARE(f.happened.trades[0].quantity.raw(), 300);
        QCOMPARE(f.lastTrade(), std::string("20050 x 200"));
        QCOMPARE(mtl.order->remaining.raw(), 500);
        QCOMPARE(f.depth("AAA").bids.front().price.raw(), 20'100);
        QCOMPARE(f.depth("AAA").bids.front().quantity.raw(), 500);
    }

    void B02_theRestOfAnMtlStopsAtTheCeiling()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo seller = f.account(), buyer = f.account();
        f.sell(seller, "AAA", 100, 21'400);
        f.order(buyer, "AAA", Side::Buy, OrderType::MTL, 300);
        QCOMPARE(f.lastTrade(), std::string("21400 x 100"));
        QCOMPARE(f.depth("AAA").bids.front().price.raw(), 21'400);
        QCOMPARE(f.depth("AAA").bids.front().quantity.raw(), 200);
    }

    void B04_mtlWithoutACounterpartIsCancelled()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const auto mtl = f.order(f.account(), "AAA", Side::Buy, OrderType::MTL, 100);
        QCOMPARE(mtl.order->status, OrderStatus::Cancelled);
        QCOMPARE(mtl.order->traded.raw(), 0);
    }

    void B05_theTickBelowFiftyThousandIsFifty()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo buyer = f.account(), seller = f.account();
        f.buy(buyer, "BBB", 100, 50'000);
        f.order(seller, "BBB", Side::Sell, OrderType::MTL, 300);
        QCOMPARE(f.lastTrade(), std::string("50000 x 100"));
        QCOMPARE(f.depth("BBB").asks.front().price.raw(), 49'950);
        QCOMPARE(f.depth("BBB").asks.front().quantity.raw(), 200);
    }

    void B06_mokIsAllOrNothing()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        f.sell(f.account(), "HHH", 300, 17'000);
        const auto mok = f.order(f.account(), "HHH", Side::Buy, OrderType::MOK, 500);
        QCOMPARE(mok.order->status, OrderStatus::Cancelled);
        QCOMPARE(mok.order->traded.raw(), 0);
        QCOMPARE(f.depth("HHH").asks.front().quantity.raw(), 300);
    }

    void B08_makTakesWhatIsThere()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        f.sell(f.account(), "HHH", 300, 17'000);
        const auto mak = f.order(f.account(), "HHH", Side::Buy, OrderType::MAK, 500);
        QCOMPARE(f.lastTrade(), std::string("17000 x 300"));
        QCOMPARE(mak.order->status, OrderStatus::Cancelled);
        QCOMPARE(mak.order->cancelled.raw(), 200);
    }

    void B09_makWithoutACounterpartIsCancelled()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const auto mak = f.order(f.account(), "HHH", Side::Buy, OrderType::MAK, 500);
        QCOMPARE(mak.order->status, OrderStatus::Cancelled);
        QCOMPARE(mak.order->cancelled.raw(), 500);
    }

    void B10_mtlOnHnxUsesItsTick()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        f.sell(f.account(), "HHH", 300, 17'000);
        f.order(f.account(), "HHH", Side::Buy, OrderType::MTL, 500);
        QCOMPARE(f.lastTrade(), std::string("17000 x 300"));
        QCOMPARE(f.depth("HHH").bids.front().price.raw(), 17'100);
    }

    void B12_whatIsLeftOfPloIsCancelledAtThree()
    {
        EngineFixture f("2026-11-20 14:00", listed);
        const AccountNo a = f.account(), b = f.account();
        f.sell(a, "HHH", 100, 17'000);
        f.buy(b, "HHH", 100, 17'000);
        f.to("2026-11-20 14:50");
        const auto plo = f.order(b, "HHH", Side::Buy, OrderType::PLO, 300);
        f.to("2026-11-20 14:59:59");
        QCOMPARE(f.state(plo).status, OrderStatus::Active);
        f.to("2026-11-20 15:00");
        QCOMPARE(f.state(plo).status, OrderStatus::Cancelled);
    }

    void B13_whatIsLeftOfAtoIsCancelledAfterTheMatch()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        f.sell(f.account(), "AAA", 300, 20'000);
        const auto ato = f.order(f.account(), "AAA", Side::Buy, OrderType::ATO, 500);
        f.to("2026-11-20 09:15");
        QCOMPARE(f.state(ato).traded.raw(), 300);
        QCOMPARE(f.state(ato).cancelled.raw(), 200);
        QCOMPARE(f.state(ato).status, OrderStatus::Cancelled);
    }

    void B14_atcIsCancelledAndLoExpiresAtTheClose()
    {
        EngineFixture f("2026-11-20 14:00", listed);
        const AccountNo a = f.account();
        const auto lo = f.buy(a, "AAA", 100, 19'000);
        f.to("2026-11-20 14:35");
        const auto atc = f.order(a, "AAA", Side::Buy, OrderType::ATC, 100);
        f.to("2026-11-20 14:45");
        QCOMPARE(f.state(atc).status, OrderStatus::Cancelled);
        QCOMPARE(f.state(lo).status, OrderStatus::Expired);
    }

    void B16_lowerQuantityKeepsItsPlace()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo first = f.account(), second = f.account();
        const auto lo = f.buy(first, "AAA", 1'000, 20'000);
        const auto other = f.buy(second, "AAA", 1'000, 20'000);
        QCOMPARE(f.amend(lo, {}, 600).error.code, Code::OK);
        f.sell(f.account(), "AAA", 600, 20'000);
        QCOMPARE(f.state(lo).status, OrderStatus::Filled);
        QCOMPARE(f.state(other).traded.raw(), 0);
    }

    void B17_higherQuantityGoesToTheEnd()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const auto lo = f.buy(f.account(), "AAA", 600, 20'000);
        const auto other = f.buy(f.account(), "AAA", 600, 20'000);
        QCOMPARE(f.amend(lo, {}, 1'000).error.code, Code::OK);
        f.sell(f.account(), "AAA", 600, 20'000);
        QCOMPARE(f.state(other).status, OrderStatus::Filled);
        QCOMPARE(f.state(lo).traded.raw(), 0);
    }

    void B18_aNewPriceGoesToTheEnd()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const auto lo = f.buy(f.account(), "AAA", 600, 19'950);
        const auto other = f.buy(f.account(), "AAA", 600, 20'000);
        QCOMPARE(f.amend(lo, 20'000, {}).error.code, Code::OK);
        f.sell(f.account(), "AAA", 600, 20'000);
        QCOMPARE(f.state(other).status, OrderStatus::Filled);
        QCOMPARE(f.state(lo).traded.raw(), 0);
    }

    void B20_nothingIsCancelledOrAmendedInTheOpeningAuction()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        const AccountNo a = f.account();
        const auto lo = f.buy(a, "AAA", 100, 20'000);
        const auto ato = f.order(a, "AAA", Side::Buy, OrderType::ATO, 100);
        QCOMPARE(f.cancel(lo).error.code, Code::CANCEL_NOT_ALLOWED_IN_AUCTION);
        QCOMPARE(f.cancel(ato).error.code, Code::CANCEL_NOT_ALLOWED_IN_AUCTION);
        QCOMPARE(f.amend(lo, 19'950, {}).error.code, Code::CANCEL_NOT_ALLOWED_IN_AUCTION);
        QVERIFY(!f.amend(ato, {}, 200).ok());
    }

    void B21_anOrderCarriedIntoTheClosingAuctionStands()
    {
        EngineFixture f("2026-11-20 14:00", listed);
        const auto lo = f.buy(f.account(), "AAA", 100, 19'000);
        f.to("2026-11-20 14:35");
        QCOMPARE(f.cancel(lo).error.code, Code::CANCEL_NOT_ALLOWED_IN_AUCTION);
        QCOMPARE(f.state(lo).status, OrderStatus::Active);
    }

    void B22_ploCannotBeCancelled()
    {
        EngineFixture f("2026-11-20 14:00", listed);
        const AccountNo a = f.account(), b = f.account();
        f.sell(a, "HHH", 100, 17'000);
        f.buy(b, "HHH", 100, 17'000);
        f.to("2026-11-20 14:50");
        const auto plo = f.order(b, "HHH", Side::Buy, OrderType::PLO, 300);
        QCOMPARE(f.cancel(plo).error.code, Code::ORDER_NOT_CANCELLABLE);
        QVERIFY(!f.amend(plo, {}, 200).ok());
    }

    void B24_theRestOfAnMtlIsAmendedLikeAnLo()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        f.sell(f.account(), "AAA", 300, 20'000);
        const auto mtl = f.order(f.account(), "AAA", Side::Buy, OrderType::MTL, 500);
        QCOMPARE(f.amend(mtl, 19'900, {}).error.code, Code::OK);
        QCOMPARE(f.depth("AAA").bids.front().price.raw(), 19'900);
    }

    void B25_bothSidesAreAllowedInContinuousTrading()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo a = f.account();
        QVERIFY(f.sell(a, "AAA", 100, 20'500).ok());
        QVERIFY(f.buy(a, "AAA", 100, 19'500).ok());
    }

    void B26_bothSidesAreRefusedInOneAuction()
    {
        EngineFixture f("2026-11-20 09:02", listed);
        const AccountNo a = f.account();
        f.sell(a, "AAA", 100, 20'500);
        f.to("2026-11-20 09:05");
        QCOMPARE(f.order(a, "AAA", Side::Buy, OrderType::ATO, 100).error.code,
                 Code::OPPOSITE_ORDER_IN_AUCTION);
    }

    void B28_theFeeCountsAsPartOfTheCost()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo a = f.bareAccount();
        f.send(EndowCash{a, "VND", Money(10'000'000)});
        const auto refused = f.buy(a, "DDD", 400, 25'000);
        QCOMPARE(refused.error.code, Code::INSUFFICIENT_CASH);
        QCOMPARE(refused.error.value, std::string("10015000"));
        QCOMPARE(refused.error.bound, std::string("10000000"));
    }

    void B29_anAtoBuyIsHeldAtTheCeiling()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        const AccountNo a = f.bareAccount();
        f.send(EndowCash{a, "VND", Money(10'000'000)});
        QVERIFY(f.order(a, "CCC", Side::Buy, OrderType::ATO, 100).ok());
        QCOMPARE(f.cash(a).held.raw(), 2'195'000 + 3'293);
    }

    void B30_sharesBoughtTodayAreNotSold()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo a = f.bareAccount();
        f.send(EndowCash{a, "VND", Money(100'000'000)});
        f.send(EndowSecurities{a, f.symbol("AAA"), Quantity(1'000), {}});
        f.sell(f.account(), "AAA", 500, 20'000);
        f.buy(a, "AAA", 500, 20'000);
        const auto refused = f.sell(a, "AAA", 1'200, 20'000);
        QCOMPARE(refused.error.code, Code::INSUFFICIENT_SECURITIES);
        QCOMPARE(refused.error.bound, std::string("1000"));
    }

    void B32_sharesArriveAtOneOnTheSecondDay()
    {
        EngineFixture f("2026-11-20 10:00", listed); // a Friday
        const AccountNo a = f.bareAccount();
        f.send(EndowCash{a, "VND", Money(100'000'000)});
        f.sell(f.account(), "AAA", 500, 20'000);
        f.buy(a, "AAA", 500, 20'000);
        f.to("2026-11-24 12:59:59");
        QCOMPARE(f.position(a, "AAA").sellable.raw(), 0);
        f.to("2026-11-24 13:00");
        QVERIFY(f.sell(a, "AAA", 500, 20'000).ok());
    }

    void B33_aSaleBringsItsNetOnTheSecondDay()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo seller = f.bareAccount();
        f.send(EndowSecurities{seller, f.symbol("DDD"), Quantity(1'000), {}});
        f.buy(f.account(), "DDD", 1'000, 25'000);
        const auto sell = f.sell(seller, "DDD", 1'000, 25'000);
        QCOMPARE(sell.order->tradedValue.raw(), 25'000'000);
        QCOMPARE(sell.order->fee.raw(), 37'500);
        QCOMPARE(sell.order->tax.raw(), 25'000);
        QCOMPARE(f.cash(seller).pending.raw(), 24'937'500);
        f.to("2026-11-24 13:00");
        QCOMPARE(f.cash(seller).available.raw(), 24'937'500);
    }

    void B34_aPurchaseCostsItsFee()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo buyer = f.bareAccount();
        f.send(EndowCash{buyer, "VND", Money(30'000'000)});
        f.sell(f.account(), "DDD", 1'000, 25'000);
        f.buy(buyer, "DDD", 1'000, 25'000);
        QCOMPARE(f.cash(buyer).available.raw(), 30'000'000 - 25'037'500);
    }

    void B36_aCancelledForeignBuyGivesItsRoomBackAtOnce()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo foreigner = f.account(true);
        const auto buy = f.buy(foreigner, "DDD", 600, 24'000);
        QCOMPARE(f.quote("DDD").foreignRoom->raw(), 400);
        const auto more = f.buy(foreigner, "DDD", 500, 24'000);
        QCOMPARE(more.error.code, Code::FOREIGN_ROOM);
        QCOMPARE(more.error.value, std::string("500"));
        QCOMPARE(more.error.bound, std::string("400"));
        QVERIFY(f.buy(f.account(), "DDD", 5'000, 24'000).ok()); // a domestic one needs none
        QVERIFY(f.cancel(buy).ok());
        QCOMPARE(f.quote("DDD").foreignRoom->raw(), 1'000);
    }

    void B37_aHolidayTakesNothing()
    {
        EngineFixture f("2026-02-18 10:00", listed);
        QCOMPARE(f.buy(f.account(), "AAA", 100, 20'000).error.code, Code::HOLIDAY);
    }

    void B38_aMakeUpSaturdayTakesNothing()
    {
        EngineFixture f("2026-08-22 10:00", listed);
        QCOMPARE(f.buy(f.account(), "AAA", 100, 20'000).error.code, Code::HOLIDAY);
    }

    void B40_anOddLotLeavesTheReference()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        f.sell(f.account(), "UUU", 1, 21'000);
        f.buy(f.account(), "UUU", 1, 21'000);
        QCOMPARE(f.lastTrade(), std::string("21000 x 1"));
        f.to("2026-11-23 09:00");
        QCOMPARE(f.instrument("UUU").reference.raw(), 20'000);
    }

    void B41_hosePutThroughTakesTwentyThousand()
    {
        QCOMPARE(putThroughOf("AAA", 19'900, 20'000), Code::PUT_THROUGH_MINIMUM);
        QCOMPARE(putThroughOf("AAA", 20'000, 20'000), Code::OK);
    }

    void B42_hnxPutThroughTakesFiveThousand()
    {
        QCOMPARE(putThroughOf("HHH", 4'900, 17'000), Code::PUT_THROUGH_MINIMUM);
        QCOMPARE(putThroughOf("HHH", 5'000, 17'000), Code::OK);
    }

private:
    static Code putThroughOf(std::string_view symbol, std::int64_t quantity, std::int64_t price)
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo seller = f.account(), buyer = f.account();
        return f
            .send(ProposePutThrough{seller,
                                    buyer,
                                    f.newId(),
                                    f.symbol(symbol),
                                    Side::Sell,
                                    Quantity(quantity),
                                    Price(price),
                                    {}})
            .error.code;
    }
};

QTEST_APPLESS_MAIN(MarketCasesTest)
#include "tst_market_cases.moc"
