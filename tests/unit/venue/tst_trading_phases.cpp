// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions per instrument, halts, opposite orders, lunch, what an auction shows, and the switches of the
// uncertain rules, each with both values.
#include "../../support/engine_fixture.h"

using namespace khop;
using namespace khop::test;

namespace {

constexpr auto listed = "symbol,exchange,name,ref,restricted,foreign_room\n"
                        "AAA,HOSE,A,20000,,\n"
                        "RRR,HOSE,R,20000,true,\n"
                        "FFF,HOSE,F,20000,,1000\n"
                        "HHH,HNX,H,17000,,\n";

std::string levels(const std::vector<BookLevel> &side)
{
    std::string text;
    for (const BookLevel &level : side)
        text += (text.empty() ? "" : ", ") + std::to_string(level.quantity.raw()) + "@"
                + std::to_string(level.price.raw());
    return text;
}

} // namespace

class TradingPhasesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void restrictedSharesMatchAtEveryBoundary()
    {
        EngineFixture f("2026-11-20 09:20", listed);
        const AccountNo a = f.account(), b = f.account();
        const auto buy = f.buy(a, "RRR", 500, 20'200);
        f.sell(b, "RRR", 300, 19'800);
        QCOMPARE(f.happened.trades.size(), std::size_t{0}); // collected, where AAA would trade
        QCOMPARE(f.quote("RRR").phase, Phase::PeriodicAuction);
        QCOMPARE(f.quote("RRR").indicativePrice->raw(), 20'200);
        QCOMPARE(f.quote("RRR").indicativeVolume.raw(), 300);
        f.survivesRestart();
        f.to("2026-11-20 09:30");
        QCOMPARE(f.lastTrade(), std::string("20200 x 300"));
        QCOMPARE(f.happened.trades.back().phase, Phase::PeriodicAuction);
        QCOMPARE(f.state(buy).status, OrderStatus::PartiallyFilled); // the rest goes on
        f.sell(b, "RRR", 200, 20'200);
        f.to("2026-11-20 09:45");
        QCOMPARE(f.lastTrade(), std::string("20200 x 200"));
        QCOMPARE(f.state(buy).status, OrderStatus::Filled);
    }

    void theLastPriceIsTheBaseOfAPeriodicAuction()
    {
        EngineFixture f("2026-11-20 09:20", listed);
        const AccountNo a = f.account(), b = f.account();
        f.buy(a, "RRR", 100, 20'300);
        f.sell(b, "RRR", 100, 20'300);
        f.to("2026-11-20 09:30");
        QCOMPARE(f.lastTrade(), std::string("20300 x 100"));
        f.buy(a, "RRR", 100, 20'500);
        f.sell(b, "RRR", 100, 19'500);
        f.to("2026-11-20 09:45");
        QCOMPARE(f.lastTrade(), std::string("20300 x 100")); // not the reference
    }

    void restrictedSharesTakeNoMarketOrdersAndNoCancels()
    {
        EngineFixture f("2026-11-20 10:07", listed);
        const AccountNo a = f.account();
        QCOMPARE(f.order(a, "RRR", Side::Buy, OrderType::MTL, 100).error.code,
                 Code::ORDER_TYPE_NOT_IN_SESSION);
        const auto buy = f.buy(a, "RRR", 100, 20'000);
        QCOMPARE(f.cancel(buy).error.code, Code::CANCEL_NOT_ALLOWED_IN_AUCTION);
        QCOMPARE(f.amend(buy, 19'900, {}).error.code, Code::CANCEL_NOT_ALLOWED_IN_AUCTION);
        f.to("2026-11-20 12:00"); // what came through at 13:00 would meet the next auction
        QCOMPARE(f.cancel(buy).error.code, Code::CANCEL_NOT_ALLOWED_IN_AUCTION);
        f.to("2026-11-20 14:45");
        QCOMPARE(f.state(buy).status, OrderStatus::Expired);
    }

    void theOppositeOrderOfAnEarlierRoundMayStand()
    {
        EngineFixture f("2026-11-20 09:20", listed);
        const AccountNo a = f.account();
        QVERIFY(f.sell(a, "RRR", 100, 20'500).ok());
        QCOMPARE(f.buy(a, "RRR", 100, 19'500).error.code, Code::OPPOSITE_ORDER_IN_AUCTION);
        QCOMPARE(f.buy(a, "RRR", 7, 19'500).error.code, Code::OPPOSITE_ORDER_IN_AUCTION);
        f.to("2026-11-20 09:30");
        QVERIFY(f.buy(a, "RRR", 100, 19'500).ok());
    }

    void ordersReleasedIntoAnAuctionAreOppositeToo()
    {
        EngineFixture f("2026-11-20 08:30", listed);
        const AccountNo a = f.account();
        const auto sell = f.order(a, "AAA", Side::Sell, OrderType::LO, 100, 20'500, true);
        const auto buy = f.order(a, "AAA", Side::Buy, OrderType::ATO, 100, {}, true);
        QCOMPARE(buy.order->status, OrderStatus::Queued);
        f.to("2026-11-20 09:00");
        QCOMPARE(f.state(sell).status, OrderStatus::Active);
        QCOMPARE(f.state(buy).status, OrderStatus::Rejected);
        QCOMPARE(f.state(buy).rejectCode, Code::OPPOSITE_ORDER_IN_AUCTION);
        QCOMPARE(f.cash(a).held.raw(), 0);
    }

    void anOrderForALaterAuctionIsNotOppositeNow()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        const AccountNo a = f.account();
        f.sell(a, "AAA", 100, 20'500);
        const auto atc = f.order(a, "AAA", Side::Buy, OrderType::ATC, 100, {}, true);
        QVERIFY(atc.ok());
        f.to("2026-11-20 14:30"); // the sell came in continuous trading's time before
        QCOMPARE(f.state(atc).status, OrderStatus::Active);
    }

    void aHaltedInstrumentTakesNothingAndItsOrdersMayGo()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        const AccountNo a = f.account();
        const auto buy = f.buy(a, "AAA", 100, 20'000);
        const auto stays = f.buy(a, "AAA", 200, 19'900);
        f.send(SetInstrumentState{f.symbol("AAA"), SetInstrumentState::Action::Halt});
        QVERIFY(f.quote("AAA").halted);
        const auto refused = f.sell(f.account(), "AAA", 100, 20'000);
        QCOMPARE(refused.error.code, Code::INSTRUMENT_HALTED);
        QCOMPARE(refused.error.value, std::string("AAA"));
        QCOMPARE(f.amend(buy, 19'950, {}).error.code, Code::INSTRUMENT_HALTED);
        QVERIFY(f.cancel(buy).ok());
        f.survivesRestart();
        f.to("2026-11-20 14:45");
        QCOMPARE(f.state(stays).status, OrderStatus::Expired);
        QCOMPARE(f.cash(a).held.raw(), 0);
    }

    void aMissedAuctionIsMadeUpForBeforeContinuousTrading()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        const AccountNo a = f.account(), b = f.account();
        const auto buy = f.buy(a, "AAA", 500, 20'200);
        const auto sell = f.sell(b, "AAA", 300, 19'800);
        const auto ato = f.order(a, "AAA", Side::Buy, OrderType::ATO, 100);
        f.send(SetInstrumentState{f.symbol("AAA"), SetInstrumentState::Action::Halt});
        QVERIFY(!f.quote("AAA").indicativePrice);
        f.to("2026-11-20 09:30");
        QCOMPARE(f.happened.trades.size(), std::size_t{0});
        QCOMPARE(f.state(ato).status, OrderStatus::Cancelled); // its auction is over
        f.survivesRestart();
        f.send(SetInstrumentState{f.symbol("AAA"), SetInstrumentState::Action::Resume});
        QCOMPARE(f.lastTrade(), std::string("20200 x 300"));
        QCOMPARE(f.happened.trades.back().phase, Phase::PeriodicAuction);
        QCOMPARE(f.state(sell).status, OrderStatus::Filled);
        f.sell(b, "AAA", 200, 20'100); // continuous again: at the resting price
        QCOMPARE(f.lastTrade(), std::string("20200 x 200"));
        QCOMPARE(f.state(buy).status, OrderStatus::Filled);
    }

    void aResumeAtLunchMatchesAtOne()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        const AccountNo a = f.account(), b = f.account();
        f.buy(a, "AAA", 300, 20'200);
        f.sell(b, "AAA", 300, 19'800);
        f.send(SetInstrumentState{f.symbol("AAA"), SetInstrumentState::Action::Deactivate});
        f.to("2026-11-20 12:00");
        f.send(SetInstrumentState{f.symbol("AAA"), SetInstrumentState::Action::Activate});
        QCOMPARE(f.happened.trades.size(), std::size_t{0});
        f.to("2026-11-20 13:00");
        QCOMPARE(f.lastTrade(), std::string("20000 x 300"));
    }

    void aHaltBeforeTheCloseLeavesNoClose()
    {
        EngineFixture f("2026-11-20 14:35", listed);
        const AccountNo a = f.account(), b = f.account();
        const auto buy = f.buy(a, "AAA", 300, 20'200);
        f.sell(b, "AAA", 300, 19'800);
        f.send(SetInstrumentState{f.symbol("AAA"), SetInstrumentState::Action::Halt});
        f.to("2026-11-20 14:45");
        QCOMPARE(f.happened.trades.size(), std::size_t{0});
        QCOMPARE(f.state(buy).status, OrderStatus::Expired);
        f.to("2026-11-23 09:00");
        QCOMPARE(f.instrument("AAA").reference.raw(), 20'000);
        QVERIFY(f.instrument("AAA").halted); // until it is resumed
        f.send(SetInstrumentState{f.symbol("AAA"), SetInstrumentState::Action::Resume});
        QVERIFY(f.buy(a, "AAA", 100, 20'000).ok());
    }

    void lunchKeepsCancelsAndQueuesOrders()
    {
        EngineFixture f("2026-11-20 11:00", listed);
        const AccountNo a = f.account();
        const auto buy = f.buy(a, "AAA", 100, 20'000);
        f.to("2026-11-20 12:00");
        QCOMPARE(f.buy(a, "AAA", 100, 20'000).error.code, Code::MARKET_CLOSED);
        QCOMPARE(f.amend(buy, 19'900, {}).error.code, Code::MARKET_CLOSED);
        QCOMPARE(f.cancel(buy).order->status, OrderStatus::PendingCancel);
        const auto queued = f.order(a, "AAA", Side::Buy, OrderType::LO, 200, 19'900, true);
        QCOMPARE(queued.order->status, OrderStatus::Queued);
        f.survivesRestart();
        f.to("2026-11-20 13:00");
        QCOMPARE(f.state(buy).status, OrderStatus::Cancelled);
        QCOMPARE(f.state(queued).status, OrderStatus::Active);
    }

    // What an auction shows: the quantities that a match now would leave.

    void anAuctionShowsWhatAMatchWouldLeave()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        const AccountNo a = f.account(), b = f.account();
        f.buy(a, "AAA", 500, 20'200);
        f.buy(a, "AAA", 400, 19'900);
        f.sell(b, "AAA", 300, 19'800);
        f.sell(b, "AAA", 600, 20'300);
        QCOMPARE(f.depth("AAA").indicativePrice->raw(), 20'200);
        QCOMPARE(f.depth("AAA").indicativeVolume.raw(), 300);
        QCOMPARE(f.depth("AAA").indicativeSurplus.raw(), 200);
        QCOMPARE(f.depth("AAA").surplusSide, Side::Buy);
        QCOMPARE(levels(f.depth("AAA").bids), std::string("200@20200, 400@19900"));
        QCOMPARE(levels(f.depth("AAA").asks), std::string("600@20300"));
    }

    void atoThatRemainsIsShownOneTickAhead()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        const AccountNo a = f.account(), b = f.account();
        f.buy(a, "AAA", 100, 20'000);
        f.order(a, "AAA", Side::Buy, OrderType::ATO, 700);
        f.sell(b, "AAA", 200, 20'000);
        QCOMPARE(levels(f.depth("AAA").bids), std::string("500@20050, 100@20000"));
        QCOMPARE(levels(f.depth("AAA").asks), std::string());
    }

    void atoAloneIsShownAtTheLastPriceOrReference()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        f.order(f.account(), "AAA", Side::Sell, OrderType::ATO, 700);
        QCOMPARE(levels(f.depth("AAA").asks), std::string("700@20000"));
        QVERIFY(!f.depth("AAA").indicativePrice);
        f.order(f.account(), "AAA", Side::Buy, OrderType::ATO, 200);
        // 20,000 less a tick, as sells outweigh buys: what remains is shown there
        QCOMPARE(f.depth("AAA").indicativePrice->raw(), 19'950);
        QCOMPARE(levels(f.depth("AAA").asks), std::string("500@19950"));
    }

    void anEarlierBuyAtTheCeilingIsServedBeforeAto()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        const AccountNo a = f.account(), b = f.account();
        f.buy(a, "AAA", 100, 21'400);
        f.order(a, "AAA", Side::Buy, OrderType::ATO, 300);
        f.buy(a, "AAA", 50 * 100, 21'400);
        f.sell(b, "AAA", 200, 20'000);
        // 100 of the first, 100 of ATO are matched; ATO joins the ceiling's level
        QCOMPARE(levels(f.depth("AAA").bids), std::string("5200@21400"));
    }

    void everyChangeOfAnAuctionIsPublished()
    {
        EngineFixture f("2026-11-20 09:05", listed);
        f.happened.books.clear();
        const std::uint64_t before = f.quote("AAA").sequence;
        f.buy(f.account(), "AAA", 100, 20'000);
        QVERIFY(f.quote("AAA").sequence > before);
        QVERIFY(std::ranges::count(f.happened.books, f.symbol("AAA")) > 0);
    }

    // The switches.

    void roomIsTakenOnEntryOrOnExecution_data()
    {
        QTest::addColumn<bool>("onEntry");
        QTest::newRow("on entry") << true;
        QTest::newRow("on execution") << false;
    }
    void roomIsTakenOnEntryOrOnExecution()
    {
        QFETCH(bool, onEntry);
        EngineFixture f("2026-11-20 10:00", listed,
                        onEntry ? defaultMarketRulesText()
                                : rulesWith("\"room_on_entry\": true", "\"room_on_entry\": false"));
        const AccountNo foreigner = f.account(true), home = f.account();
        const auto room = [&] { return f.quote("FFF").foreignRoom->raw(); };
        const auto buy = f.buy(foreigner, "FFF", 600, 20'000);
        QCOMPARE(room(), onEntry ? 400 : 1'000);
        f.sell(home, "FFF", 200, 20'000);
        QCOMPARE(room(), onEntry ? 400 : 800);
        QVERIFY(f.amend(buy, {}, 500).ok()); // 300 remain
        QCOMPARE(room(), onEntry ? 500 : 800);
        QCOMPARE(f.amend(buy, {}, 1'500).error.code,
                 onEntry ? Code::FOREIGN_ROOM : Code::FOREIGN_ROOM);
        QVERIFY(f.amend(buy, {}, 900).ok()); // 700 remain
        QCOMPARE(room(), onEntry ? 100 : 800);
        f.survivesRestart();
        f.to("2026-11-20 14:45"); // expired
        QCOMPARE(room(), 800);
        f.to("2026-11-23 10:00"); // of the next day as well
        QCOMPARE(room(), 800);
        f.buy(home, "FFF", 300, 20'000);
        f.sell(foreigner, "FFF", 300, 20'000); // sells give room back when they trade
        QCOMPARE(room(), 1'100);
    }

    void roomOverdrawnInOneMatchIsPaidBackFirst()
    {
        EngineFixture f("2026-11-20 10:00", listed,
                        rulesWith("\"room_on_entry\": true", "\"room_on_entry\": false"));
        const AccountNo one = f.account(true), two = f.account(true), home = f.account();
        f.buy(one, "FFF", 800, 20'000);
        f.buy(two, "FFF", 800, 20'000);
        f.sell(home, "FFF", 1'600, 20'000);
        QCOMPARE(f.quote("FFF").foreignRoom->raw(), 0);
        f.buy(home, "FFF", 700, 20'000);
        f.sell(one, "FFF", 700, 20'000);
        QCOMPARE(f.quote("FFF").foreignRoom->raw(), 100);
    }

    void amendBothIsASwitch()
    {
        for (const bool both : {false, true}) {
            EngineFixture f("2026-11-20 10:00", listed,
                            both ? rulesWith("\"amend_both\": false", "\"amend_both\": true")
                                 : defaultMarketRulesText());
            const auto buy = f.buy(f.account(), "AAA", 500, 20'000);
            QCOMPARE(f.amend(buy, 19'900, 400).error.code,
                     both ? Code::OK : Code::AMEND_PRICE_OR_QUANTITY);
        }
    }

    void oddLotsInAuctionsAreASwitch()
    {
        for (const bool taken : {true, false}) {
            EngineFixture f(
                "2026-11-20 09:05", listed,
                taken ? defaultMarketRulesText()
                      : rulesWith("\"odd_lot_in_auction\": true", "\"odd_lot_in_auction\": false"));
            const auto buy = f.buy(f.account(), "AAA", 7, 20'000);
            QCOMPARE(buy.error.code, taken ? Code::OK : Code::MARKET_CLOSED);
            f.sell(f.account(), "AAA", 7, 20'000);
            f.to("2026-11-20 09:15");
            QCOMPARE(f.happened.trades.size(), std::size_t{taken ? 1U : 0U});
        }
    }

    void mtlRemainderIsASwitch()
    {
        for (const bool plus : {true, false}) {
            EngineFixture f("2026-11-20 10:00", listed,
                            plus ? defaultMarketRulesText()
                                 : rulesWith("LAST_PLUS_1_TICK", "LAST"));
            f.sell(f.account(), "AAA", 100, 20'000);
            f.order(f.account(), "AAA", Side::Buy, OrderType::MTL, 300);
            QCOMPARE(f.depth("AAA").bids.front().price.raw(), plus ? 20'050 : 20'000);
        }
    }

    void ploTimingIsASwitch()
    {
        for (const bool twoPhase : {true, false}) {
            EngineFixture f("2026-11-20 14:00", listed,
                            twoPhase ? defaultMarketRulesText()
                                     : rulesWith("KRX_TWO_PHASE", "IMMEDIATE"));
            const AccountNo a = f.account(), b = f.account();
            f.sell(a, "HHH", 100, 17'000);
            f.buy(b, "HHH", 100, 17'000);
            f.to("2026-11-20 14:46");
            const auto buy = f.order(b, "HHH", Side::Buy, OrderType::PLO, 300);
            const auto first = f.order(a, "HHH", Side::Sell, OrderType::PLO, 100);
            QCOMPARE(f.state(first).status, twoPhase ? OrderStatus::Active : OrderStatus::Filled);
            f.to("2026-11-20 14:55");
            QCOMPARE(f.state(first).status, OrderStatus::Filled);
            const auto second = f.order(a, "HHH", Side::Sell, OrderType::PLO, 200);
            QCOMPARE(second.order->status, OrderStatus::Filled); // continuous either way
            QCOMPARE(f.state(buy).status, OrderStatus::Filled);
        }
    }

    void atoPricingIsASwitch()
    {
        for (const bool krx : {true, false}) {
            EngineFixture f("2026-11-20 09:05", listed,
                            krx ? defaultMarketRulesText()
                                : rulesWith("\"KRX\"", "\"LEGACY_FIRST\""));
            f.order(f.account(), "AAA", Side::Buy, OrderType::ATO, 100);
            f.order(f.account(), "AAA", Side::Sell, OrderType::ATO, 100);
            f.to("2026-11-20 09:15");
            QCOMPARE(f.lastTrade(), std::string(krx ? "20000 x 100" : ""));
        }
    }

    void selfMatchModes_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<bool>("trades");
        QTest::addColumn<bool>("refused");
        QTest::addColumn<bool>("oldStands");
        QTest::newRow("allow") << "ALLOW" << true << false << false;
        QTest::newRow("block") << "OMS_BLOCK" << false << true << true;
        QTest::newRow("newest") << "CANCEL_NEWEST" << false << false << true;
        QTest::newRow("oldest") << "CANCEL_OLDEST" << false << false << false;
        QTest::newRow("both") << "CANCEL_BOTH" << false << false << false;
    }
    void selfMatchModes()
    {
        QFETCH(QString, mode);
        QFETCH(bool, trades);
        QFETCH(bool, refused);
        QFETCH(bool, oldStands);
        EngineFixture f("2026-11-20 10:00", listed,
                        rulesWith("\"ALLOW\"", "\"" + mode.toStdString() + "\""));
        const AccountNo a = f.account();
        const auto sell = f.sell(a, "AAA", 100, 20'000);
        const auto buy = f.buy(a, "AAA", 100, 20'000);
        QCOMPARE(buy.error.code, refused ? Code::SELF_TRADE : Code::OK);
        QCOMPARE(!f.happened.trades.empty(), trades);
        QCOMPARE(f.state(sell).status == OrderStatus::Active, oldStands);
        QCOMPARE(f.engine.checkInvariants(), std::string());
    }

    void maximaAndLotsAndRatesAreData()
    {
        EngineFixture f("2026-11-20 10:00", listed,
                        rulesWith("\"max_quantity\": 500000", "\"max_quantity\": 1000"));
        const auto big = f.buy(f.account(), "AAA", 1'100, 20'000);
        QCOMPARE(big.error.code, Code::QUANTITY_ABOVE_MAXIMUM);
        QCOMPARE(big.error.bound, std::string("1000"));
        EngineFixture hnx("2026-11-20 10:00", listed);
        QVERIFY(hnx.buy(hnx.account(), "HHH", 2'000'000, 17'000).ok()); // none by default
        EngineFixture tens("2026-11-20 10:00", listed, rulesWith("\"lot\": 100", "\"lot\": 10"));
        QVERIFY(tens.buy(tens.account(), "AAA", 110, 20'000).ok());
        EngineFixture cheap(
            "2026-11-20 10:00", listed,
            rulesWith(R"("fee": 0.0015, "exchange_fee": 0.00027, "sell_tax": 0.001)",
                      R"("fee": 0, "exchange_fee": 0, "sell_tax": 0.002)"));
        const AccountNo seller = cheap.account();
        cheap.buy(cheap.account(), "AAA", 100, 20'000);
        const auto sell = cheap.sell(seller, "AAA", 100, 20'000);
        QCOMPARE(sell.order->fee.raw(), 0);
        QCOMPARE(sell.order->tax.raw(), 4'000);
    }
};

QTEST_APPLESS_MAIN(TradingPhasesTest)
#include "tst_trading_phases.moc"
