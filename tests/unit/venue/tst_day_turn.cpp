// SPDX-License-Identifier: GPL-3.0-or-later
// From one day to the next: references, first days, ex-rights, dated rules, moves, and data that means ill.
#include "../../support/engine_fixture.h"

using namespace khop;
using namespace khop::test;

namespace {

constexpr auto listed = "symbol,exchange,name,ref,kind,first_day,underlying,ratio\n"
                        "AAA,HOSE,A,20000,SHARE,,,\n"
                        "NEW,HOSE,N,20000,SHARE,true,,\n"
                        "HHH,HNX,H,17000,SHARE,,,\n"
                        "HNEW,HNX,N,10000,SHARE,true,,\n"
                        "UUU,UPCOM,U,20000,SHARE,,,\n"
                        "UNEW,UPCOM,V,240000,SHARE,true,,\n"
                        "E1,HOSE,E,20000,ETF,,,\n"
                        "CW1,HOSE,W,1000,CW,,AAA,4\n";

void trade(EngineFixture &f, std::string_view symbol, std::int64_t quantity, std::int64_t price)
{
    const AccountNo a = f.account(), b = f.account();
    QVERIFY(f.sell(a, symbol, quantity, price).ok());
    QVERIFY(f.buy(b, symbol, quantity, price).ok());
    QCOMPARE(f.lastTrade(), std::to_string(price) + " x " + std::to_string(quantity));
}

std::string limits(const Instrument &instrument)
{
    return std::to_string(instrument.reference.raw()) + ' '
           + std::to_string(instrument.ceiling.raw()) + ' '
           + std::to_string(instrument.floor.raw());
}

std::string withChanges(const std::string &changes)
{
    std::string text = defaultMarketRulesText();
    return text.insert(text.find('{') + 1, "\"changes\": " + changes + ",");
}

} // namespace

class DayTurnTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLastPriceIsTheNextReference()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        trade(f, "AAA", 100, 20'500);
        trade(f, "HHH", 100, 17'300);
        f.to("2026-11-23 08:00");
        QCOMPARE(limits(f.instrument("AAA")), std::string("20500 21900 19100"));
        QCOMPARE(limits(f.instrument("HHH")), std::string("17300 19000 15600"));
        QCOMPARE(limits(f.instrument("E1")), std::string("20000 21400 18600"));
        // a warrant follows its share: 1,400 up, 1,400 down, four to one
        QCOMPARE(limits(f.instrument("CW1")), std::string("1000 1350 650"));
    }

    void upcomTakesTheAverageOfTheDay()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        trade(f, "UUU", 100, 20'000);
        trade(f, "UUU", 200, 20'100);
        trade(f, "UUU", 99, 22'000); // an odd lot does not count
        f.to("2026-11-23 08:00");
        QCOMPARE(f.instrument("UUU").reference.raw(), 20'100); // 20,066.7
        f.to("2026-11-23 10:00");
        trade(f, "UUU", 100, 20'000);
        trade(f, "UUU", 100, 20'100);
        f.to("2026-11-24 08:00");
        QCOMPARE(f.instrument("UUU").reference.raw(), 20'100); // 20,050: half up
    }

    void aFirstDayLastsAsLongAsTheExchangeSays()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        QCOMPARE(limits(f.instrument("NEW")), std::string("20000 24000 16000"));
        QCOMPARE(f.buy(f.account(), "NEW", 7, 20'000).error.code, Code::ODD_LOT_FIRST_DAY);
        f.to("2026-11-23 10:00");
        QVERIFY(!f.instrument("NEW").firstDay); // HOSE: one day
        QVERIFY(f.instrument("HNEW").firstDay); // HNX: until a price
        QVERIFY(f.instrument("UNEW").firstDay);
        QCOMPARE(limits(f.instrument("UNEW")), std::string("240000 336000 144000"));
        trade(f, "HNEW", 100, 12'000);
        trade(f, "UNEW", 100, 336'000);
        f.to("2026-11-24 10:00");
        QVERIFY(!f.instrument("HNEW").firstDay);
        QVERIFY(!f.instrument("UNEW").firstDay);
        QCOMPARE(limits(f.instrument("HNEW")), std::string("12000 13200 10800"));
        QCOMPARE(f.instrument("UNEW").reference.raw(), 336'000);
    }

    void aWeekendDoesNotUseUpAFirstDay()
    {
        EngineFixture f("2026-11-21 10:00", listed); // a Saturday
        f.to("2026-11-23 10:00");
        QVERIFY(f.instrument("NEW").firstDay);
        f.to("2026-11-24 10:00");
        QVERIFY(!f.instrument("NEW").firstDay);
    }

    void afterMoreThanTwentyFiveIdleSessionsTheBandIsWide()
    {
        EngineFixture f("2026-09-03 10:00", listed);
        Date day = *parseIsoDate("2026-09-03");
        const Calendar &calendar = f.engine.exchange().rules().calendar;
        trade(f, "HHH", 100, 17'000);
        for (int session = 0; session < 25; ++session)
            day = calendar.nextTradingDay(day);
        f.to(isoDate(day) + " 10:00"); // 25 sessions are over for AAA, 24 for HHH
        QVERIFY(!f.instrument("AAA").firstDay);
        f.survivesRestart();
        day = calendar.nextTradingDay(day);
        f.to(isoDate(day) + " 10:00");
        QVERIFY(f.instrument("AAA").firstDay);
        QVERIFY(!f.instrument("HHH").firstDay);
        QCOMPARE(limits(f.instrument("AAA")), std::string("20000 24000 16000"));
        QCOMPARE(f.buy(f.account(), "AAA", 7, 20'000).error.code, Code::ODD_LOT_FIRST_DAY);
        trade(f, "AAA", 100, 23'000);
        day = calendar.nextTradingDay(day);
        f.to(isoDate(day) + " 10:00");
        QVERIFY(!f.instrument("AAA").firstDay);
        QCOMPARE(f.instrument("AAA").reference.raw(), 23'000);
    }

    void lowPricesMoveByATickOnHnx()
    {
        EngineFixture f("2026-11-20 10:00",
                        "symbol,exchange,name,ref\nLOW,HNX,L,500\nONE,UPCOM,O,100\n");
        QCOMPARE(limits(f.instrument("LOW")), std::string("500 600 400"));
        QCOMPARE(limits(f.instrument("ONE")), std::string("100 200 100"));
    }

    // Ex-rights.

    void exRightsReference_data()
    {
        QTest::addColumn<qint64>("close");
        QTest::addColumn<qint64>("cash");
        QTest::addColumn<qint64>("bonus");
        QTest::addColumn<qint64>("rights");
        QTest::addColumn<qint64>("issue");
        QTest::addColumn<qint64>("expected"); // 0: no price is left
        QTest::newRow("nothing") << 20'500LL << 0LL << 0LL << 0LL << 0LL << 20'500LL;
        QTest::newRow("cash") << 20'500LL << 1'000LL << 0LL << 0LL << 0LL << 19'500LL;
        QTest::newRow("bonus 20 %") << 24'000LL << 0LL << 200'000LL << 0LL << 0LL << 20'000LL;
        QTest::newRow("rights 1:2 at 10,000")
            << 40'000LL << 0LL << 0LL << 500'000LL << 10'000LL << 30'000LL;
        QTest::newRow("all, rounded to the tick") // (50,000 + 2,000 - 1,500) / 1.3 = 38,846.2
            << 50'000LL << 1'500LL << 100'000LL << 200'000LL << 10'000LL << 38'850LL;
        QTest::newRow("over a tick's step") << 10'995LL << 1'000LL << 0LL << 0LL << 0LL << 10'000LL;
        QTest::newRow("cash of the price") << 20'000LL << 20'000LL << 0LL << 0LL << 0LL << 0LL;
        QTest::newRow("less than half a tick") << 20'000LL << 19'996LL << 0LL << 0LL << 0LL << 0LL;
    }
    void exRightsReference()
    {
        QFETCH(qint64, close);
        QFETCH(qint64, cash);
        QFETCH(qint64, bonus);
        QFETCH(qint64, rights);
        QFETCH(qint64, issue);
        QFETCH(qint64, expected);
        const TickTable ticks(
            {{Price(0), Price(10)}, {Price(10'000), Price(50)}, {Price(50'000), Price(100)}});
        ExRights terms;
        terms.cashDividend = Price(cash);
        terms.bonusRatio = bonus;
        terms.rightsRatio = rights;
        terms.issuePrice = Price(issue);
        QCOMPARE(khop::exRightsReference(Price(close), terms, ticks).value_or(Price(0)).raw(),
                 expected);
    }

    void anExDateChangesTheReferenceOfThatDay()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        trade(f, "AAA", 100, 20'500);
        ExRights cash;
        cash.cashDividend = Price(1'500);
        QCOMPARE(
            f.send(AnnounceExRights{f.symbol("AAA"), *parseIsoDate("2026-11-24"), cash}).error.code,
            Code::OK);
        ExRights treasury;
        treasury.fromTreasury = true;
        f.send(AnnounceExRights{f.symbol("HHH"), *parseIsoDate("2026-11-24"), treasury});
        f.survivesRestart();
        f.to("2026-11-23 10:00");
        QCOMPARE(f.instrument("AAA").reference.raw(), 20'500);
        f.to("2026-11-24 10:00");
        QCOMPARE(limits(f.instrument("AAA")), std::string("19000 20300 17700"));
        QCOMPARE(limits(f.instrument("HHH")), std::string("17000 22100 11900"));
        QVERIFY(f.buy(f.account(), "HHH", 7, 17'000).ok()); // wide, but no first day
        f.survivesRestart();
        f.to("2026-11-25 10:00");
        QCOMPARE(limits(f.instrument("HHH")), std::string("17000 18700 15300"));
    }

    void exRightsAreChecked()
    {
        EngineFixture f("2026-11-20 10:00", listed);
        ExRights cash;
        cash.cashDividend = Price(1'500);
        const auto announce = [&](const char *day, const ExRights &rights) {
            return f.send(AnnounceExRights{f.symbol("AAA"), *parseIsoDate(day), rights}).error;
        };
        QCOMPARE(announce("2026-11-20", cash).code, Code::VALIDATION_ERROR);
        QCOMPARE(announce("2026-11-20", cash).bound, std::string("> 2026-11-20"));
        QCOMPARE(announce("2026-11-22", cash).code, Code::HOLIDAY);
        cash.bonusRatio = -1;
        QCOMPARE(announce("2026-11-24", cash).field, std::string("bonus_ratio"));
        cash.bonusRatio = highestRatio + 1;
        QCOMPARE(announce("2026-11-24", cash).code, Code::VALIDATION_ERROR);
        cash.bonusRatio = 0;
        QCOMPARE(announce("2026-11-24", cash).code, Code::OK);
        QCOMPARE(announce("2026-11-24", ExRights{}).code, Code::OK); // taken back
        QCOMPARE(f.engine.exchange().announced(), std::size_t{0});
    }

    // Dated rules.

    void rulesChangeWithTheDay()
    {
        const std::string rules = withChanges(
            R"([{"effective_from": "2026-11-23",
                 "policies": {"amend_both": true},
                 "exchanges": {"HOSE": {"band": {"normal": 0.10}, "max_quantity": 1000}}},
                {"effective_from": "2026-11-25",
                 "exchanges": {"HOSE": {"band": {"normal": 0.05}}}}])");
        EngineFixture f("2026-11-20 10:00", listed, rules);
        QCOMPARE(limits(f.instrument("AAA")), std::string("20000 21400 18600"));
        f.to("2026-11-23 10:00");
        QCOMPARE(limits(f.instrument("AAA")), std::string("20000 22000 18000"));
        QCOMPARE(f.buy(f.account(), "AAA", 1'100, 20'000).error.code, Code::QUANTITY_ABOVE_MAXIMUM);
        const auto buy = f.buy(f.account(), "AAA", 500, 20'000);
        QVERIFY(f.amend(buy, 19'900, 400).ok());
        f.survivesRestart();
        f.to("2026-11-25 10:00");
        QCOMPARE(limits(f.instrument("AAA")), std::string("20000 21000 19000"));
        QCOMPARE(f.buy(f.account(), "AAA", 1'100, 20'000).error.code,
                 Code::QUANTITY_ABOVE_MAXIMUM); // of the change before
        f.survivesRestart();
    }

    void sessionsChangeWithTheDay()
    {
        const std::string rules = withChanges(
            R"([{"effective_from": "2026-11-23", "exchanges": {"UPCOM": {"sessions": [
                 {"from": "10:00", "to": "14:00", "phase": "CONTINUOUS", "types": ["LO"]}]}}}])");
        EngineFixture f("2026-11-20 10:00", listed, rules);
        const AccountNo a = f.account();
        f.to("2026-11-23 09:30");
        QCOMPARE(f.buy(a, "UUU", 100, 20'000).error.code, Code::MARKET_CLOSED);
        f.to("2026-11-23 11:45"); // no lunch any more
        const auto buy = f.buy(a, "UUU", 100, 20'000);
        QVERIFY(buy.ok());
        f.to("2026-11-23 14:00");
        QCOMPARE(f.state(buy).status, OrderStatus::Expired);
    }

    void aStartTakesTheVersionOfItsDay()
    {
        const std::string rules = withChanges(
            R"([{"effective_from": "2026-11-23",
                 "exchanges": {"HOSE": {"band": {"normal": 0.10}}}}])");
        EngineFixture f("2026-11-24 10:00", listed, rules);
        QCOMPARE(limits(f.instrument("AAA")), std::string("20000 22000 18000"));
        f.survivesRestart();
    }

    void restingSpotOrdersSurviveANewTick()
    {
        const std::string rules = withChanges(
            R"([{"effective_from": "2026-11-21",
                 "exchanges": {"SPOT": {"ticks": {"SHARE": [{"from": 0, "tick": 0.05}]}}}}])");
        EngineFixture f("2026-11-20 10:00",
                        "symbol,exchange,name,ref\nAAA,HOSE,A,20000\nGLD,SPOT,G,150.00\n", rules);
        const AccountNo a = f.account();
        f.send(EndowCash{a, "USD", Money(100'000'000)});
        const auto place = [&](std::int64_t price) {
            PlaceOrder order;
            order.account = a;
            order.id = f.newId();
            order.instrument = f.symbol("GLD");
            order.type = OrderType::Limit;
            order.timeInForce = TimeInForce::GTC;
            order.quantity = Quantity(10);
            order.price = Price(price);
            return f.send(order);
        };
        const auto on = place(14'900), off = place(14'901);
        QVERIFY(on.ok() && off.ok());
        f.to("2026-11-21 10:00");
        QCOMPARE(f.state(on).status, OrderStatus::Active);
        QCOMPARE(f.state(off).status, OrderStatus::Expired);
        QCOMPARE(f.depth("GLD").bids.size(), std::size_t{1});
        QCOMPARE(place(14'901).error.code, Code::INVALID_TICK);
        QVERIFY(f.cancel(on).ok());
        f.survivesRestart();
    }

    void anInstrumentMovesToAnotherExchange()
    {
        EngineFixture f("2026-11-20 10:00", "symbol,exchange,name,ref,moves\n"
                                            "MCH,UPCOM,M,212800,2026-11-23:HOSE\n"
                                            "SHS,HNX,S,16800,\n");
        trade(f, "MCH", 100, 212'800);
        const AccountNo a = f.account();
        QCOMPARE(f.order(a, "MCH", Side::Buy, OrderType::MTL, 100).error.code,
                 Code::ORDER_TYPE_NOT_ON_EXCHANGE);
        f.to("2026-11-23 10:00");
        QCOMPARE(f.instrument("MCH").exchange, Exchange::HOSE);
        QVERIFY(f.instrument("MCH").firstDay);
        QCOMPARE(limits(f.instrument("MCH")), std::string("212800 255300 170300"));
        f.sell(f.account(), "MCH", 100, 212'900);
        QVERIFY(f.order(a, "MCH", Side::Buy, OrderType::MTL, 100).ok());
        f.survivesRestart();
        f.to("2026-11-24 10:00");
        QVERIFY(!f.instrument("MCH").firstDay);
        QCOMPARE(f.instrument("MCH").reference.raw(), 212'900);
    }

    void newDataWaitsForTheDayWhileOrdersAreOpen()
    {
        const std::string list = "symbol,exchange,name,ref\nAAA,HOSE,A,20000\nGLD,SPOT,G,150.00\n";
        EngineFixture f("2026-11-20 10:00", list);
        const AccountNo a = f.account();
        f.send(EndowCash{a, "USD", Money(100'000'000)});
        trade(f, "AAA", 100, 20'500);
        const auto lo = f.buy(a, "AAA", 100, 20'000);
        PlaceOrder spot;
        spot.account = a;
        spot.id = f.newId();
        spot.instrument = f.symbol("GLD");
        spot.type = OrderType::Limit;
        spot.timeInForce = TimeInForce::GTC;
        spot.quantity = Quantity(10);
        spot.price = Price(14'900);
        const auto gtc = f.send(spot);
        const std::string longer = list + "ZZZ,HNX,Z,15000\n";
        const std::string rules = rulesWith("\"normal\": 0.07", "\"normal\": 0.05");
        QVERIFY(f.send(Configure{rules, longer}).ok());
        QCOMPARE(f.engine.exchange().instruments().size(), std::size_t{2});
        QCOMPARE(f.state(lo).status, OrderStatus::Active);
        f.survivesRestart();
        f.to("2026-11-23 10:00");
        QCOMPARE(f.engine.exchange().instruments().size(), std::size_t{3});
        QCOMPARE(limits(f.instrument("AAA")), std::string("20500 21500 19500"));
        QCOMPARE(limits(f.instrument("ZZZ")), std::string("15000 16500 13500"));
        QCOMPARE(f.state(gtc).status, OrderStatus::Active);
        QCOMPARE(f.depth("GLD").bids.size(), std::size_t{1});
        f.survivesRestart();
        QVERIFY(f.cancel(gtc).ok());
        trade(f, "ZZZ", 100, 15'000);
        f.survivesRestart();
    }

    void newDataAtOnceKeepsTheDay()
    {
        EngineFixture f("2026-11-20 10:00", "symbol,exchange,name,ref\nAAA,HOSE,A,20000\n"
                                            "BBB,HOSE,B,20000\n");
        f.send(SetParticipants{true, 7});
        trade(f, "AAA", 100, 20'500);
        f.to("2026-11-23 09:30");
        const Price reference = f.instrument("AAA").reference;
        f.send(SetInstrumentState{f.symbol("BBB"), SetInstrumentState::Action::Halt});
        QVERIFY(f.send(Configure{defaultMarketRulesText(), "symbol,exchange,name,ref\n"
                                                           "AAA,HOSE,A,20000\nBBB,HOSE,B,30000\n"})
                    .ok());
        QCOMPARE(f.instrument("AAA").reference,
                 reference); // the market's, as the file says no other
        QCOMPARE(f.instrument("BBB").reference.raw(), 30'000); // the file's
        QVERIFY(f.instrument("BBB").halted);
        f.survivesRestart();
        f.to("2026-11-24 10:00"); // the crowd goes on with its orders
        QCOMPARE(f.engine.checkInvariants(), std::string());
        f.survivesRestart();
    }

    void newDataKeepsWhatIsCountedIn()
    {
        const std::string list = "symbol,exchange,name,ref\nAAA,HOSE,A,20000\n";
        EngineFixture f("2026-11-20 10:00", list);
        const auto code = [&](const std::string &rules, const std::string &instruments) {
            return f.send(Configure{rules, instruments}).error;
        };
        QCOMPARE(
            code(defaultMarketRulesText(), "symbol,exchange,name,ref\nBBB,HOSE,A,20000\n").field,
            std::string("instruments"));
        QCOMPARE(code(rulesWith("{ \"code\": \"USD\", \"scale\": 2 }",
                                "{ \"code\": \"USD\", \"scale\": 3 }"),
                      list)
                     .field,
                 std::string("currencies[1]"));
        QCOMPARE(code(rulesWith("\"amend_both\": false", "\"amend_both\": 1"), list).field,
                 std::string("policies.amend_both"));
    }

    void brokenChangesNameTheirPath_data()
    {
        QTest::addColumn<QString>("changes");
        QTest::addColumn<QString>("path");
        const auto row = [](const char *what, const char *changes, const char *path) {
            QTest::newRow(what) << changes << path;
        };
        row("no list", "{}", "changes");
        row("no date", R"([{"policies": {}}])", "changes[0].effective_from");
        row("before the base", R"([{"effective_from": "2020-01-01"}])",
            "changes[0].effective_from");
        row("not ascending",
            R"([{"effective_from": "2026-12-02"}, {"effective_from": "2026-12-01"}])",
            "changes[1].effective_from");
        row("unknown key", R"([{"effective_from": "2026-12-01", "currencies": []}])",
            "changes[0].currencies");
        row("a bad value",
            R"([{"effective_from": "2026-12-01", "exchanges": {"HOSE": {"band": {"normal": 2}}}}])",
            "changes[0].exchanges.HOSE.band.normal");
        row("another currency",
            R"([{"effective_from": "2026-12-01", "exchanges": {"HOSE": {"currency": "USD"}}}])",
            "changes[0].exchanges.HOSE.currency");
    }
    void brokenChangesNameTheirPath()
    {
        QFETCH(QString, changes);
        QFETCH(QString, path);
        const auto rules = parseMarketRules(withChanges(changes.toStdString()));
        QVERIFY(!rules.has_value());
        QCOMPARE(QString::fromStdString(rules.error().field), path);
    }

    void hostileRulesAreRefused_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        const auto row = [](const char *what, const char *from, const char *to) {
            QTest::newRow(what) << from << to;
        };
        row("tick 0", "\"from\": 0, \"tick\": 100", "\"from\": 0, \"tick\": 0");
        row("tick below 0", "\"from\": 0, \"tick\": 100", "\"from\": 0, \"tick\": -100");
        row("tick NaN", "\"from\": 0, \"tick\": 100", "\"from\": 0, \"tick\": NaN");
        row("tick 1e9", "\"from\": 0, \"tick\": 100", "\"from\": 0, \"tick\": 1e9");
        row("step off the grid", "\"from\": 10000, \"tick\": 50", "\"from\": 10010, \"tick\": 50");
        row("band of 100 %", "\"normal\": 0.07", "\"normal\": 1");
        row("huge band", "\"normal\": 0.07", "\"normal\": 1000000000");
        row("band below 0", "\"normal\": 0.07", "\"normal\": -0.07");
        row("lot 0", "\"lot\": 100", "\"lot\": 0");
        row("sessions that overlap", "\"from\": \"09:15\", \"to\": \"11:30\"",
            "\"from\": \"09:10\", \"to\": \"11:30\"");
        row("a session of no time", "\"from\": \"09:15\", \"to\": \"11:30\"",
            "\"from\": \"09:15\", \"to\": \"09:15\"");
        row("hour 99", "\"from\": \"09:15\"", "\"from\": \"99:15\"");
        row("put-through of nothing", "\"minimum\": 20000", "\"minimum\": 0");
        row("put-through tick 0", "\"minimum\": 20000, \"tick\": 1",
            "\"minimum\": 20000, \"tick\": 0");
        row("put-through hours backwards", "{ \"from\": \"13:00\", \"to\": \"15:00\" }] }",
            "{ \"from\": \"10:00\", \"to\": \"15:00\" }] }");
        row("no put-through hours",
            "\"hours\": [{ \"from\": \"09:00\", \"to\": \"11:30\" }, "
            "{ \"from\": \"13:00\", \"to\": \"15:00\" }]",
            "\"hours\": []");
        row("settled in a century", "\"days\": 2", "\"days\": 36500");
        row("fee of ten times the value", "\"fee\": 0.0015", "\"fee\": 10");
        row("idle for 0", "\"idle_sessions\": 25", "\"idle_sessions\": 0");
    }
    void hostileRulesAreRefused()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        const auto rules = parseMarketRules(rulesWith(from.toStdString(), to.toStdString()));
        QVERIFY(!rules.has_value());
        QCOMPARE(rules.error().code, Code::CONFIGURATION_ERROR);
        QVERIFY(!rules.error().field.empty());
    }

    void listsAreBounded()
    {
        std::string sessions;
        for (int minute = 0; minute < 1'000; ++minute) {
            const auto clock = [](int at) { return '"' + formatTimeOfDay(at * 60'000LL) + '"'; };
            sessions += std::string(minute ? "," : "") + "{\"from\":" + clock(minute) + ",\"to\":"
                        + clock(minute + 1) + ",\"phase\":\"CONTINUOUS\",\"types\":[\"LO\"]}";
        }
        const auto many = parseMarketRules(withChanges(
            "[{\"effective_from\":\"2026-12-01\",\"exchanges\":{\"UPCOM\":{\"sessions\":["
            + sessions + "]}}}]"));
        QVERIFY(!many.has_value());
        QCOMPARE(many.error().field, std::string("changes[0].exchanges.UPCOM.sessions"));
        QCOMPARE(many.error().value, std::string("1000"));
    }

    void extremeButAllowedRulesRunADay()
    {
        std::string rules = rulesWith("\"normal\": 0.07, \"first_day\": 0.20",
                                      "\"normal\": 0.999999, \"first_day\": 0.999999");
        const std::string tick = "\"SHARE\": [{ \"from\": 0, \"tick\": 100 }]";
        rules.replace(rules.find(tick), tick.size(),
                      "\"SHARE\": [{ \"from\": 0, \"tick\": 1000000000 }]");
        EngineFixture f("2026-11-20 08:00",
                        "symbol,exchange,name,ref\nAAA,HOSE,A,20000\n"
                        "HHH,HNX,H,1000000000\n",
                        rules);
        f.send(SetParticipants{true, 1});
        const AccountNo a = f.account();
        for (const char *moment : {"2026-11-20 09:05", "2026-11-20 10:00", "2026-11-20 14:35",
                                   "2026-11-20 14:50", "2026-11-23 10:00"}) {
            f.to(moment);
            f.buy(a, "AAA", 100, 50);
            f.sell(a, "AAA", 100, 39'900);
        }
        QCOMPARE(f.engine.checkInvariants(), std::string());
        f.survivesRestart();
    }
};

QTEST_APPLESS_MAIN(DayTurnTest)
#include "tst_day_turn.moc"
