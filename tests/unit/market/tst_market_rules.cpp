// SPDX-License-Identifier: GPL-3.0-or-later
#include "market_fixture.h"

#include "base/csv_line.h"
#include "base/json_tree.h"

using namespace khop;
using namespace khop::tests;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(khop::Exchange)
Q_DECLARE_METATYPE(khop::Phase)

namespace {

/// The shipped text with the first `from` after `anchor` replaced.
std::string changed(const char *anchor, const char *from, const char *to)
{
    std::string text = defaultMarketRulesText();
    const std::size_t start = text.find(anchor);
    const std::size_t at = start == std::string::npos ? start : text.find(from, start);
    if (at == std::string::npos)
        qFatal("the rules hold no %s after %s", from, anchor);
    return text.replace(at, std::string_view(from).size(), to);
}

QString verdict(const Result<MarketRules> &rules) { return rules ? u"OK"_s : shown(rules.error()); }

} // namespace

class MarketRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shippedRulesHoldTheMarkets();
    void sessionsFollowTheClock_data();
    void sessionsFollowTheClock();
    void changesOfSessionSkipDaysWithoutTrading_data();
    void changesOfSessionSkipDaysWithoutTrading();
    void restrictedSharesHaveFifteenRounds();
    void holidaysAreNotTradingDays();
    void weekdaysTradePastTheKnownYears();
    void settlementCountsTradingDays_data();
    void settlementCountsTradingDays();
    void policiesAreRead_data();
    void policiesAreRead();
    void brokenRulesNameTheirPath_data();
    void brokenRulesNameTheirPath();
    void valuesAtTheirEdgesAreTaken_data();
    void valuesAtTheirEdgesAreTaken();
    void everyKeyIsRequiredUnlessItSaysNo();
    void truncatedRulesAreRefused();
    void jsonTextIsReadStrictly_data();
    void jsonTextIsReadStrictly();
};

void MarketRulesTest::shippedRulesHoldTheMarkets()
{
    const MarketRules &rules = shippedRules();
    QCOMPARE(rules.source, defaultMarketRulesText());
    QCOMPARE(rules.effectiveFrom, dateOf(2025, 5, 5));
    QCOMPARE(rules.currencyScale("VND"), 0);
    QCOMPARE(rules.currencyScale("USD"), 2);
    const ExchangeRules &hose = rules.of(Exchange::HOSE);
    QCOMPARE(hose.band.normal, 70'000);
    QCOMPARE(hose.band.firstDay, 200'000);
    QCOMPARE(hose.maxQuantity, Quantity(500'000));
    QCOMPARE(hose.rates.fee, 1500);
    QCOMPARE(hose.rates.sellTax, 1000);
    QCOMPARE(hose.shareTicks,
             TickTable(
                 {{Price(0), Price(10)}, {Price(10'000), Price(50)}, {Price(50'000), Price(100)}}));
    QCOMPARE(rules.ticksFor(Exchange::HOSE, InstrumentKind::Etf).tickAt(Price(60'000)), Price(10));
    QCOMPARE(rules.ticksFor(Exchange::HNX, InstrumentKind::Etf).tickAt(Price(60'000)), Price(1));
    QCOMPARE(rules.ticksFor(Exchange::UPCOM, InstrumentKind::Fund).tickAt(Price(60'000)),
             Price(100));
    QVERIFY(rules.of(Exchange::HNX).lowPriceRule && rules.of(Exchange::UPCOM).lowPriceRule
            && !hose.lowPriceRule);
    const ExchangeRules &spot = rules.of(Exchange::SPOT);
    QVERIFY(spot.everyDay && !spot.banded && !spot.oddLots);
    QCOMPARE(spot.currency, std::string("USD"));
    QCOMPARE(spot.lot, Quantity(1));
    QCOMPARE(spot.rates.sellTax, 0);
    QCOMPARE(spot.settlement.days, 0);
}

void MarketRulesTest::sessionsFollowTheClock_data()
{
    QTest::addColumn<Exchange>("exchange");
    QTest::addColumn<QByteArray>("moment");
    QTest::addColumn<Phase>("phase");
    const auto day = [](Exchange exchange,
                        std::initializer_list<std::pair<const char *, Phase>> moments) {
        for (const auto &[moment, phase] : moments) {
            const QByteArray text = QByteArray(moment).size() > 5
                                        ? QByteArray(moment)
                                        : "2026-11-20 " + QByteArray(moment);
            QTest::addRow("%s %s", std::string(name(exchange)).c_str(), text.constData())
                << exchange << text << phase;
        }
    };
    day(Exchange::HOSE, {{"00:00", Phase::Closed},
                         {"08:59", Phase::Closed},
                         {"09:00", Phase::OpeningAuction},
                         {"09:14", Phase::OpeningAuction},
                         {"09:15", Phase::Continuous},
                         {"11:29", Phase::Continuous},
                         {"11:30", Phase::Break},
                         {"13:00", Phase::Continuous},
                         {"14:30", Phase::ClosingAuction},
                         {"14:45", Phase::PutThroughOnly},
                         {"15:00", Phase::Closed},
                         {"23:59", Phase::Closed},
                         {"2026-11-21 10:00", Phase::Closed},
                         {"2026-09-02 10:00", Phase::Closed}});
    day(Exchange::HNX, {{"09:00", Phase::Continuous},
                        {"12:59", Phase::Break},
                        {"14:30", Phase::ClosingAuction},
                        {"14:45", Phase::PostClose},
                        {"14:59", Phase::PostClose},
                        {"15:00", Phase::Closed}});
    day(Exchange::UPCOM, {{"09:00", Phase::Continuous},
                          {"11:30", Phase::Break},
                          {"14:45", Phase::Continuous},
                          {"15:00", Phase::Closed}});
    day(Exchange::SPOT, {{"00:00", Phase::Continuous},
                         {"06:59", Phase::Continuous},
                         {"12:00", Phase::Continuous},
                         {"2026-11-22 23:00", Phase::Continuous},
                         {"2026-02-17 03:00", Phase::Continuous}});
}

void MarketRulesTest::sessionsFollowTheClock()
{
    QFETCH(Exchange, exchange);
    QFETCH(QByteArray, moment);
    QFETCH(Phase, phase);
    const Session session = shippedRules().sessionAt(exchange, false, at(moment.constData()));
    QCOMPARE(shown(name(session.phase)), shown(name(phase)));
    const bool takes = phase == Phase::Continuous || phase == Phase::PostClose || isAuction(phase);
    QCOMPARE(session.types.any(), takes);
}

void MarketRulesTest::changesOfSessionSkipDaysWithoutTrading_data()
{
    QTest::addColumn<Exchange>("exchange");
    QTest::addColumn<bool>("restricted");
    QTest::addColumn<QByteArray>("moment");
    QTest::addColumn<QByteArray>("next");
    const auto row = [](const char *name, Exchange exchange, bool restricted, const char *moment,
                        const char *next) {
        QTest::newRow(name) << exchange << restricted << QByteArray(moment) << QByteArray(next);
    };
    row("night", Exchange::HOSE, false, "2026-11-20 02:00", "2026-11-20 09:00");
    row("strictly after", Exchange::HOSE, false, "2026-11-20 09:00", "2026-11-20 09:15");
    row("lunch", Exchange::HNX, false, "2026-11-20 11:30", "2026-11-20 13:00");
    row("the end", Exchange::HOSE, false, "2026-11-20 14:50", "2026-11-20 15:00");
    row("over the weekend", Exchange::HOSE, false, "2026-11-20 15:00", "2026-11-23 09:00");
    row("over Tet", Exchange::UPCOM, false, "2026-02-13 15:00", "2026-02-23 09:00");
    row("in a holiday", Exchange::HNX, false, "2026-04-30 10:00", "2026-05-04 09:00");
    row("ordinary shares", Exchange::HOSE, false, "2026-11-20 10:01", "2026-11-20 11:30");
    row("restricted shares", Exchange::HOSE, true, "2026-11-20 10:01", "2026-11-20 10:15");
    row("the UTC day", Exchange::SPOT, false, "2026-11-21 10:00", "2026-11-22 07:00");
}

void MarketRulesTest::changesOfSessionSkipDaysWithoutTrading()
{
    QFETCH(Exchange, exchange);
    QFETCH(bool, restricted);
    QFETCH(QByteArray, moment);
    QFETCH(QByteArray, next);
    QCOMPARE(shown(isoTime(
                 shippedRules().nextSessionChange(exchange, at(moment.constData()), restricted))),
             shown(isoTime(at(next.constData()))));
}

void MarketRulesTest::restrictedSharesHaveFifteenRounds()
{
    const std::vector<Session> &sessions = shippedRules().of(Exchange::HOSE).restrictedSessions;
    QCOMPARE(std::ranges::count(sessions, Phase::PeriodicAuction, &Session::phase), 15);
    for (std::size_t i = 1; i < sessions.size(); ++i)
        QCOMPARE(sessions[i].from, sessions[i - 1].to);
}

void MarketRulesTest::holidaysAreNotTradingDays()
{
    const Calendar &calendar = shippedRules().calendar;
    int closedWeekdays = 0;
    for (Date date = dateOf(2026, 1, 1); date < dateOf(2027, 1, 1); date = date + 1)
        closedWeekdays += date.weekday() <= 5 && !calendar.isTradingDay(date) ? 1 : 0;
    QCOMPARE(closedWeekdays, 12);
    for (const char *day : {"2026-01-01", "2026-02-16", "2026-02-20", "2026-04-27", "2026-04-30",
                            "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02", "2026-08-22",
                            "2025-01-27", "2025-04-07", "2025-05-02"})
        QVERIFY2(!calendar.isTradingDay(*parseIsoDate(day)), day);
    for (const char *day :
         {"2026-02-13", "2026-02-23", "2026-08-28", "2026-09-03", "2025-05-05", "2026-01-02"})
        QVERIFY2(calendar.isTradingDay(*parseIsoDate(day)), day);
    QCOMPARE(calendar.nextTradingDay(dateOf(2026, 2, 13)), dateOf(2026, 2, 23));
    QCOMPARE(calendar.addTradingDays(dateOf(2026, 2, 12), 2), dateOf(2026, 2, 23));
    QCOMPARE(calendar.addTradingDays(dateOf(2026, 2, 12), 0), dateOf(2026, 2, 12));
}

void MarketRulesTest::weekdaysTradePastTheKnownYears()
{
    const Calendar &calendar = shippedRules().calendar;
    QVERIFY(calendar.isKnown(dateOf(2026, 12, 31)));
    QVERIFY(!calendar.isKnown(dateOf(2027, 1, 1)));
    QVERIFY(calendar.isTradingDay(dateOf(2027, 1, 1)));
    QVERIFY(!calendar.isTradingDay(dateOf(2027, 1, 2)));
}

void MarketRulesTest::settlementCountsTradingDays_data()
{
    QTest::addColumn<Exchange>("exchange");
    QTest::addColumn<QByteArray>("traded");
    QTest::addColumn<QByteArray>("settled");
    QTest::newRow("Monday") << Exchange::HOSE << QByteArray("2026-11-16 09:15")
                            << QByteArray("2026-11-18 13:00");
    QTest::newRow("Friday") << Exchange::HNX << QByteArray("2026-11-20 14:59")
                            << QByteArray("2026-11-24 13:00");
    QTest::newRow("across Tet") << Exchange::UPCOM << QByteArray("2026-02-12 10:00")
                                << QByteArray("2026-02-23 13:00");
    QTest::newRow("across Tet a day later")
        << Exchange::HOSE << QByteArray("2026-02-13 10:00") << QByteArray("2026-02-24 13:00");
    QTest::newRow("across the two days of April")
        << Exchange::HOSE << QByteArray("2026-04-29 10:00") << QByteArray("2026-05-05 13:00");
    QTest::newRow("SPOT at once") << Exchange::SPOT << QByteArray("2026-11-21 10:00")
                                  << QByteArray("2026-11-21 10:00");
}

void MarketRulesTest::settlementCountsTradingDays()
{
    QFETCH(Exchange, exchange);
    QFETCH(QByteArray, traded);
    QFETCH(QByteArray, settled);
    QCOMPARE(shown(isoTime(shippedRules().settlementTime(exchange, at(traded.constData())))),
             shown(isoTime(at(settled.constData()))));
}

void MarketRulesTest::policiesAreRead_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("shipped");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("after");
    const auto row = [](const char *key, const char *was, const char *value, auto before,
                        auto after) {
        QTest::addRow("%s %s", key, value)
            << QByteArray(key) << QByteArray(was) << QByteArray(value) << static_cast<int>(before)
            << static_cast<int>(after);
    };
    row("ato_pricing", "\"KRX\"", "\"LEGACY_FIRST\"", AtoPricing::Krx, AtoPricing::LegacyFirst);
    row("plo_mode", "\"KRX_TWO_PHASE\"", "\"IMMEDIATE\"", PloMode::KrxTwoPhase, PloMode::Immediate);
    row("plo_match_from", "\"14:55\"", "\"14:50:30\"", 53'700'000, 53'430'000);
    row("mtl_remainder", "\"LAST_PLUS_1_TICK\"", "\"LAST\"", MtlRemainder::LastPlusOneTick,
        MtlRemainder::Last);
    row("amend_both", "false", "true", false, true);
    row("odd_lot_in_auction", "true", "false", true, false);
    row("room_on_entry", "true", "false", true, false);
    row("self_match", "\"ALLOW\"", "\"OMS_BLOCK\"", SelfMatch::Allow, SelfMatch::OmsBlock);
    row("self_match", "\"ALLOW\"", "\"CANCEL_NEWEST\"", SelfMatch::Allow, SelfMatch::CancelNewest);
    row("self_match", "\"ALLOW\"", "\"CANCEL_OLDEST\"", SelfMatch::Allow, SelfMatch::CancelOldest);
    row("self_match", "\"ALLOW\"", "\"CANCEL_BOTH\"", SelfMatch::Allow, SelfMatch::CancelBoth);
    row("market_collar", "0.05", "0.015", 50'000, 15'000);
}

void MarketRulesTest::policiesAreRead()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, shipped);
    QFETCH(QByteArray, value);
    QFETCH(int, before);
    QFETCH(int, after);
    const auto read = [&](const Policies &policies) -> int {
        if (key == "ato_pricing")
            return static_cast<int>(policies.atoPricing);
        if (key == "plo_mode")
            return static_cast<int>(policies.ploMode);
        if (key == "plo_match_from")
            return static_cast<int>(policies.ploMatchFrom);
        if (key == "mtl_remainder")
            return static_cast<int>(policies.mtlRemainder);
        if (key == "amend_both")
            return policies.amendBoth;
        if (key == "odd_lot_in_auction")
            return policies.oddLotInAuction;
        if (key == "room_on_entry")
            return policies.roomOnEntry;
        if (key == "self_match")
            return static_cast<int>(policies.selfMatch);
        return policies.marketCollarPpm;
    };
    QCOMPARE(read(shippedRules().policies), before);
    const QByteArray anchor = '"' + key + '"';
    const auto rules =
        parseMarketRules(changed(anchor.constData(), shipped.constData(), value.constData()));
    QCOMPARE(verdict(rules), u"OK"_s);
    QCOMPARE(read(rules->policies), after);
    const Session opening = rules->sessionAt(Exchange::HOSE, false, at("2026-11-20 09:05"));
    QCOMPARE(opening.oddTypes.any(), rules->policies.oddLotInAuction);
}

void MarketRulesTest::brokenRulesNameTheirPath_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *anchor, const char *from, const char *to,
                        const char *expected) {
        QTest::newRow(name) << QByteArray::fromStdString(changed(anchor, from, to))
                            << u"CONFIGURATION_ERROR|"_s + QString::fromUtf8(expected);
    };
    const auto whole = [](const char *name, const QByteArray &text, const char *expected) {
        QTest::newRow(name) << text << u"CONFIGURATION_ERROR|"_s + QString::fromUtf8(expected);
    };
    whole("nothing", "", "line 1, column 1||{ [ \" 0-9 true false null");
    whole("not an object", "[]", "|[…]|{…}");
    whole("text behind", QByteArray::fromStdString(defaultMarketRulesText() + "x"),
          "line 154, column 1|x|end of file");
    whole("not UTF-8", "{\"\xff\": 1}", "||UTF-8");
    whole("nested too deep", QByteArray(100, '['),
          "line 1, column 18|[[[[[[[[[[[[[[[[[[[[…|nesting <= 16");
    whole("a megabyte of nothing", QByteArray(1 << 21, ' '), "bytes|2097152|1 … 1048576");
    row("key twice", "currencies", "\"scale\": 0 }", "\"scale\": 0, \"scale\": 2 }",
        "line 4, column 34|\"scale\": 2 },|\"scale\" × 1");
    row("exchange twice", "exchanges", "\"HNX\"", "\"HOSE\"",
        "line 84, column 5|\"HOSE\": {|\"HOSE\" × 1");
    row("unknown key at the top", "effective_from", "\"calendar\"", "\"calender\"",
        "calender|calender|effective_from | currencies | calendar | policies | fx | cash | exchanges | "
        "changes");
    row("unknown key of an exchange", "\"HNX\"", "\"lot\"", "\"lots\"",
        "exchanges.HNX.lots|lots|currency | trading_days | order_types | time_in_force | band | "
        "low_price_rule | idle_sessions | lot | "
        "max_quantity | odd_lots | settlement | rates | ticks | sessions | restricted_sessions | "
        "put_through");
    row("unknown exchange", "exchanges", "\"UPCOM\"", "\"UPCOM2\"",
        "exchanges.UPCOM2|UPCOM2|HOSE | HNX | UPCOM | SPOT");
    row("missing key", "{", "\"effective_from\": \"2025-05-05\",", "",
        "effective_from||2025-05-05");
    row("missing rate", "\"UPCOM\"", ", \"sell_tax\": 0.001", "",
        "exchanges.UPCOM.rates.sell_tax||0.001");
    row("missing session key", "\"HNX\"", "\"phase\": \"CONTINUOUS\", ", "",
        "exchanges.HNX.sessions[0].phase||CONTINUOUS");
    row("no such day", "effective_from", "2025-05-05", "2025-02-29",
        "effective_from|2025-02-29|YYYY-MM-DD");
    row("day as a number", "effective_from", "\"2025-05-05\"", "20250505",
        "effective_from|20250505|YYYY-MM-DD");
    row("currency twice", "currencies", "\"USD\"", "\"VND\"",
        "currencies[1].code|VND|[A-Z]{3} × 1");
    row("currency in small letters", "currencies", "\"USD\"", "\"usd\"",
        "currencies[1].code|usd|[A-Z]{3} × 1");
    row("scale too fine", "\"USD\"", "2", "9", "currencies[1].scale|9|0 … 8");
    row("scale with a point", "\"USD\"", "2", "2.5", "currencies[1].scale|2.5|0 … 8");
    row("holiday twice", "holidays", "2025-01-27", "2025-01-01",
        "calendar.holidays[1]|2025-01-01|2025-01-01 × 1");
    row("holiday past the last year", "holidays", "2026-09-02", "2027-09-02",
        "calendar.holidays[23]|2027-09-02|<= 2026-12-31");
    row("holidays as text", "calendar", "2026,", "\"2026\",",
        "calendar.last_year|2026|1970 … 9999");
    row("unknown policy value", "policies", "\"KRX\"", "\"krx\"",
        "policies.ato_pricing|krx|KRX | LEGACY_FIRST");
    row("another auction rule", "policies", "D17_CLAMP", "D352",
        "policies.auction_rule|D352|D17_CLAMP");
    row("yes for true", "policies", "false", "\"yes\"", "policies.amend_both|yes|true | false");
    row("PLO matched before it is collected", "policies", "14:55", "14:40",
        "policies.plo_match_from|14:40|14:45 … 15:00");
    row("collar above all", "policies", "0.05", "1.5", "policies.market_collar|1.5|0 … 0.999999");
    row("collar with an exponent", "policies", "0.05", "5e-2",
        "policies.market_collar|5e-2|0 … 0.999999");
    row("unknown currency of an exchange", "\"SPOT\"", "\"USD\"", "\"EUR\"",
        "exchanges.SPOT.currency|EUR|VND | USD");
    row("unknown order type", "\"HOSE\"", "\"MTL\"", "\"MP\"",
        "exchanges.HOSE.order_types[3]|MP|[LO | ATO | ATC | MTL | MOK | MAK | PLO | MARKET | "
        "LIMIT]");
    row("order type twice", "\"HOSE\"", "\"ATC\", \"MTL\"", "\"ATC\", \"ATC\"",
        "exchanges.HOSE.order_types[3]|ATC|[LO | ATO | ATC | MTL | MOK | MAK | PLO | MARKET | "
        "LIMIT]");
    row("no order types", "\"UPCOM\"", "[\"LO\"]", "[]",
        "exchanges.UPCOM.order_types|[…]|[\"LO\", …]");
    row("no orders for the day", "\"SPOT\"", "\"DAY\", ", "",
        "exchanges.SPOT.time_in_force|[…]|DAY …");
    row("no band", "\"HOSE\"", "0.07", "0", "exchanges.HOSE.band.normal|0|0.000001 … 0.999999");
    row("band in percent", "\"HOSE\"", "0.07", "7",
        "exchanges.HOSE.band.normal|7|0.000001 … 0.999999");
    row("first day narrower", "\"HOSE\"", "0.20", "0.05",
        "exchanges.HOSE.band.first_day|0.05|0.07 … 0.999999");
    row("negative band", "\"HNX\"", "0.10", "-0.1",
        "exchanges.HNX.band.normal|-0.1|0.000001 … 0.999999");
    row("no lot", "\"HOSE\"", "\"lot\": 100", "\"lot\": 0", "exchanges.HOSE.lot|0|1 … 1000000");
    row("maximum below the lot", "\"HOSE\"", "500000", "99",
        "exchanges.HOSE.max_quantity|99|100 … 1000000000000000");
    row("lot beyond 64 bits", "\"HOSE\"", "\"lot\": 100", "\"lot\": 99999999999999999999",
        "exchanges.HOSE.lot|99999999999999999999|1 … 1000000");
    row("no tick", "\"HOSE\"", "\"tick\": 10 }", "\"tick\": 0 }",
        "exchanges.HOSE.ticks.SHARE[0].tick|0|1 … 1000000000");
    row("ticks in disorder", "\"HOSE\"", "\"from\": 50000", "\"from\": 5000",
        "exchanges.HOSE.ticks.SHARE[2].from|5000|10050 … 1000000000000");
    row("ticks from above nothing", "\"HOSE\"", "\"from\": 0", "\"from\": 10",
        "exchanges.HOSE.ticks.SHARE[0].from|10|0 … 0");
    row("step off the grid below", "\"HOSE\"", "\"from\": 10000", "\"from\": 10005",
        "exchanges.HOSE.ticks.SHARE[1].from|10005|n × 10 = m × 50");
    row("step off its own grid", "\"HOSE\"", "\"from\": 50000", "\"from\": 50050",
        "exchanges.HOSE.ticks.SHARE[2].from|50050|n × 50 = m × 100");
    row("no ticks", "\"UPCOM\"", "[{ \"from\": 0, \"tick\": 100 }]", "[]",
        "exchanges.UPCOM.ticks.SHARE|[…]|[{\"from\": 0, \"tick\": …}]");
    row("tick finer than a cent", "\"SPOT\"", "0.01", "0.001",
        "exchanges.SPOT.ticks.SHARE[0].tick|0.001|0.01 … 10000000");
    row("sessions that overlap", "\"HOSE\"", "{ \"from\": \"09:15\"", "{ \"from\": \"09:14\"",
        "exchanges.HOSE.sessions[1].from|09:14|>= 09:15");
    row("session without length", "\"HOSE\"", "\"to\": \"09:15\"", "\"to\": \"09:00\"",
        "exchanges.HOSE.sessions[0].to|09:00|> 09:00");
    row("hour 25", "\"HOSE\"", "\"09:00\"", "\"25:00\"",
        "exchanges.HOSE.sessions[0].from|25:00|00:00 … 24:00");
    row("unknown phase", "\"HOSE\"", "PUT_THROUGH_ONLY", "PUT_THROUGH",
        "exchanges.HOSE.sessions[5].phase|PUT_THROUGH|OPENING_AUCTION | CONTINUOUS | BREAK | "
        "PERIODIC_AUCTION | "
        "CLOSING_AUCTION | POST_CLOSE | PUT_THROUGH_ONLY");
    row("ATO in continuous trading", "\"from\": \"09:15\", \"to\": \"11:30\"", "[\"LO\", \"MTL\"]",
        "[\"LO\", \"ATO\"]", "exchanges.HOSE.sessions[1].types[1]|ATO|[LO | MTL]");
    row("orders at lunch", "\"HOSE\"", "\"BREAK\", \"types\": []", "\"BREAK\", \"types\": [\"LO\"]",
        "exchanges.HOSE.sessions[2].types[0]|LO|[]");
    row("type the exchange does not know", "\"UPCOM\"", "\"types\": [\"LO\"]",
        "\"types\": [\"LO\", \"MTL\"]", "exchanges.UPCOM.sessions[0].types[1]|MTL|[LO]");
    row("odd lots by ATO", "\"HOSE\"", "\"odd_lot_types\": [\"LO\"]",
        "\"odd_lot_types\": [\"ATO\"]", "exchanges.HOSE.sessions[0].odd_lot_types[0]|ATO|[LO]");
    row("odd lots where there are none", "\"UPCOM\"", "\"odd_lots\": true", "\"odd_lots\": false",
        "exchanges.UPCOM.sessions[0].odd_lot_types[0]|LO|[]");
    row("settlement in a month", "\"HOSE\"", "\"days\": 2", "\"days\": 30",
        "exchanges.HOSE.settlement.days|30|0 … 10");
    row("fee beyond reason", "\"HOSE\"", "0.0015", "0.15", "exchanges.HOSE.rates.fee|0.15|0 … 0.1");
    row("fee finer than ppm", "\"HOSE\"", "0.0015", "0.00000015",
        "exchanges.HOSE.rates.fee|0.00000015|0 … 0.1");
}

void MarketRulesTest::brokenRulesNameTheirPath()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, expected);
    QCOMPARE(verdict(parseMarketRules(text.toStdString())), expected);
}

void MarketRulesTest::valuesAtTheirEdgesAreTaken_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const char *anchor, const char *from, const char *to) {
        QTest::newRow(name) << QByteArray::fromStdString(changed(anchor, from, to));
    };
    row("rate as text", "\"HOSE\"", "0.0015", "\"0.0015\"");
    row("free trading", "\"HOSE\"", "0.0015", "0");
    row("ticks in a string", "\"SPOT\"", "\"tick\": 0.01", "\"tick\": \"0.01\"");
    row("a session up to the next", "\"UPCOM\"", "\"to\": \"15:00\"", "\"to\": \"24:00\"");
    row("an empty session list of odd lots", "\"UPCOM\"", "\"odd_lot_types\": [\"LO\"]",
        "\"odd_lot_types\": []");
    row("band of almost everything", "\"UPCOM\"", "0.40", "0.999999");
    row("escaped text", "\"UPCOM\"", "\"VND\"", "\"\\u0056N\\u0044\"");
}

void MarketRulesTest::valuesAtTheirEdgesAreTaken()
{
    QFETCH(QByteArray, text);
    QCOMPARE(verdict(parseMarketRules(text.toStdString())), u"OK"_s);
}

void MarketRulesTest::everyKeyIsRequiredUnlessItSaysNo()
{
    // Each key of the shipped file, renamed in its place, is missed or found to be unknown.
    const std::string text = defaultMarketRulesText();
    int keys = 0;
    for (std::size_t at = text.find("\": "); at != std::string::npos;
         at = text.find("\": ", at + 1)) {
        std::string broken = text;
        broken.insert(at, "_");
        QVERIFY2(!parseMarketRules(broken),
                 qPrintable(shown(text).mid(static_cast<int>(at) - 20, 40)));
        ++keys;
    }
    QVERIFY(keys > 200);
}

void MarketRulesTest::truncatedRulesAreRefused()
{
    const std::string text = defaultMarketRulesText();
    for (std::size_t length = 0; length + 2 < text.size(); length += 7)
        QVERIFY2(!parseMarketRules(std::string_view(text).substr(0, length)),
                 qPrintable(QString::number(length)));
}

void MarketRulesTest::jsonTextIsReadStrictly_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("taken");
    const auto row = [](const char *text, bool taken) {
        QTest::newRow(text) << QByteArray(text) << taken;
    };
    for (const char *text : {"0", "-0", "1.50", "1e9", "[]", "{}", "[1, 2]", "\"\\ud83d\\ude00\"",
                             "\"\\/\"", " true ", "null", "\"đ\""})
        row(text, true);
    for (const char *text : {"",
                             "01",
                             "+1",
                             ".5",
                             "5.",
                             "1e",
                             "-",
                             "NaN",
                             "Infinity",
                             "[1,]",
                             "{,}",
                             "{\"a\":1,}",
                             "{a:1}",
                             "'a'",
                             "\"",
                             "\"\\x\"",
                             "\"\\ud83d\"",
                             "\"\\ude00\"",
                             "\"\\ud83dx\"",
                             "\"\n\"",
                             "tru",
                             "[1 2]",
                             "{\"a\" 1}",
                             "// no\n1",
                             "[",
                             "{\"a\"",
                             "\"\\u12\"",
                             "\xEF\xBB\xBF{}",
                             "{\"a\":1,\"\\u0061\":2}"})
        row(text, false);
}

void MarketRulesTest::jsonTextIsReadStrictly()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, taken);
    QCOMPARE(parseJson(text.toStdString()).has_value(), taken);
}

QTEST_GUILESS_MAIN(MarketRulesTest)
#include "tst_market_rules.moc"
