// SPDX-License-Identifier: GPL-3.0-or-later
#include "market_fixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace khop;
using namespace khop::tests;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(khop::OrderType)
Q_DECLARE_METATYPE(khop::Exchange)
Q_DECLARE_METATYPE(khop::TimeInForce)

namespace {

/// The names the worked cases use for the refusals.
const QHash<QString, Code> &caseCodes()
{
    static const QHash<QString, Code> codes{
        {u"OK"_s, Code::OK},
        {u"R_SESSION"_s, Code::MARKET_CLOSED},
        {u"R_HOLIDAY"_s, Code::HOLIDAY},
        {u"R_TYPE_NOT_ON_EXCHANGE"_s, Code::ORDER_TYPE_NOT_ON_EXCHANGE},
        {u"R_TYPE_NOT_IN_SESSION"_s, Code::ORDER_TYPE_NOT_IN_SESSION},
        {u"R_TICK"_s, Code::INVALID_TICK},
        {u"R_ABOVE_CEIL"_s, Code::PRICE_ABOVE_CEILING},
        {u"R_BELOW_FLOOR"_s, Code::PRICE_BELOW_FLOOR},
        {u"R_PRICE"_s, Code::PRICE_REQUIRED},
        {u"R_PRICE_ON_MARKET_ORDER"_s, Code::PRICE_NOT_ALLOWED},
        {u"R_LOT"_s, Code::INVALID_LOT},
        {u"R_QTY"_s, Code::INVALID_QUANTITY},
        {u"R_MAX_QTY"_s, Code::QUANTITY_ABOVE_MAXIMUM},
        {u"R_ODD_LOT_LO_ONLY"_s, Code::ODD_LOT_LIMIT_ONLY},
        {u"R_FIRST_DAY_ODD"_s, Code::ODD_LOT_FIRST_DAY},
        {u"R_NO_MATCH_PRICE"_s, Code::NO_MATCH_PRICE},
    };
    return codes;
}

std::optional<Error> entered(const Instrument &instrument, const char *moment, OrderType type,
                             std::int64_t quantity, std::optional<std::int64_t> price,
                             TimeInForce timeInForce = TimeInForce::Day)
{
    OrderEntry entry;
    entry.type = type;
    entry.timeInForce = timeInForce;
    entry.quantity = Quantity(quantity);
    if (price)
        entry.price = Price(*price);
    return checkEntry(entry, instrument, shippedRules(), contextOf(instrument, at(moment)));
}

QString verdict(const std::optional<Error> &refusal) { return refusal ? shown(*refusal) : u"OK"_s; }

constexpr std::optional<std::int64_t> noPrice;

} // namespace

class OrderEntryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void workedCasesAreDecidedAsPublished_data();
    void workedCasesAreDecidedAsPublished();
    void refusalsNameFieldValueAndBound_data();
    void refusalsNameFieldValueAndBound();
    void timesInForceBesideDayAreForSpotOnly_data();
    void timesInForceBesideDayAreForSpotOnly();
    void haltedAndInactiveInstrumentsTakeNothing();
    void restrictedSharesTradeInAuctionsAllDay();
    void oddLotsStayOutOfAuctionsWhenTheRulesSaySo();
    void queuedOrdersNeedASessionToCome_data();
    void queuedOrdersNeedASessionToCome();
    void ordersBelongToTheDayThatStillTakesThem_data();
    void ordersBelongToTheDayThatStillTakesThem();
};

void OrderEntryTest::workedCasesAreDecidedAsPublished_data()
{
    QTest::addColumn<QJsonObject>("row");
    const std::string text = fileText("tests/cases/validate.json");
    const QJsonArray rows = QJsonDocument::fromJson(QByteArray::fromStdString(text)).array();
    QVERIFY(rows.size() >= 40);
    for (const QJsonValue &row : rows)
        QTest::newRow(qPrintable(row[u"id"].toString())) << row.toObject();
}

void OrderEntryTest::workedCasesAreDecidedAsPublished()
{
    QFETCH(QJsonObject, row);
    const QJsonObject options = row[u"opts"].toObject();
    for (const QString &option : options.keys())
        QVERIFY2(option == u"first_day" || option == u"has_match_price", qPrintable(option));
    const auto exchange = exchangeFromName(row[u"exchange"].toString().toStdString());
    QVERIFY(exchange);
    const Instrument instrument =
        listed(*exchange, row[u"ref"].toInteger(), options[u"first_day"].toBool());

    OrderEntry entry;
    entry.side = row[u"side"].toString() == u"B" ? Side::Buy : Side::Sell;
    const auto type = orderTypeFromName(row[u"type"].toString().toStdString());
    QVERIFY(type);
    entry.type = *type;
    entry.quantity = Quantity(row[u"qty"].toInteger());
    if (!row[u"price"].isNull())
        entry.price = Price(row[u"price"].toInteger());
    const std::string moment = "2026-11-20 " + row[u"time"].toString().toStdString();
    EntryContext context = contextOf(instrument, at(moment.c_str()));
    context.hasMatchPrice = options[u"has_match_price"].toBool(true);

    const auto refusal = checkEntry(entry, instrument, shippedRules(), context);
    QVERIFY(caseCodes().contains(row[u"expect"].toString()));
    QCOMPARE(shown(codeName(refusal ? refusal->code : Code::OK)),
             shown(codeName(caseCodes().value(row[u"expect"].toString()))));
}

void OrderEntryTest::refusalsNameFieldValueAndBound_data()
{
    QTest::addColumn<QString>("got");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const std::optional<Error> &refusal,
                        const char *expected) {
        QTest::newRow(name) << verdict(refusal) << QString::fromUtf8(expected);
    };
    const Instrument hose = listed(Exchange::HOSE, 50'800);
    const Instrument hnx = listed(Exchange::HNX, 17'000);
    const Instrument upcom = listed(Exchange::UPCOM, 13'500);
    const Instrument spot = listed(Exchange::SPOT, 15'000);

    row("above ceiling", entered(hose, "2026-11-20 10:00", OrderType::LO, 100, 54'400),
        "PRICE_ABOVE_CEILING|price|54400|54300");
    row("below floor", entered(hose, "2026-11-20 10:00", OrderType::LO, 100, 47'200),
        "PRICE_BELOW_FLOOR|price|47200|47250");
    row("limits go before tick", entered(hose, "2026-11-20 10:00", OrderType::LO, 100, 54'333),
        "PRICE_ABOVE_CEILING|price|54333|54300");
    row("thousand dong", entered(hose, "2026-11-20 10:00", OrderType::LO, 100, 51),
        "PRICE_BELOW_FLOOR|price|51|47250");
    row("off tick", entered(hose, "2026-11-20 10:00", OrderType::LO, 100, 50'050),
        "INVALID_TICK|price|50050|100");
    row("off tick below 50,000", entered(hose, "2026-11-20 10:00", OrderType::LO, 100, 49'970),
        "INVALID_TICK|price|49970|50");
    row("on tick below 50,000", entered(hose, "2026-11-20 10:00", OrderType::LO, 100, 49'950),
        "OK");
    row("150 shares", entered(hose, "2026-11-20 10:00", OrderType::LO, 150, 50'800),
        "INVALID_LOT|quantity|150|100");
    row("150 shares on HNX", entered(hnx, "2026-11-20 10:00", OrderType::LO, 150, 17'000),
        "INVALID_LOT|quantity|150|100");
    row("no shares", entered(hose, "2026-11-20 10:00", OrderType::LO, 0, 50'800),
        "INVALID_QUANTITY|quantity|0|1");
    row("fewer than none", entered(hose, "2026-11-20 10:00", OrderType::LO, -100, 50'800),
        "INVALID_QUANTITY|quantity|-100|1");
    row("half a million", entered(hose, "2026-11-20 10:00", OrderType::LO, 500'000, 50'800), "OK");
    row("one lot more", entered(hose, "2026-11-20 10:00", OrderType::LO, 500'100, 50'800),
        "QUANTITY_ABOVE_MAXIMUM|quantity|500100|500000");
    row("lot before maximum", entered(hose, "2026-11-20 10:00", OrderType::LO, 500'001, 50'800),
        "INVALID_LOT|quantity|500001|100");
    row("quantity before price", entered(hose, "2026-11-20 10:00", OrderType::LO, 150, 1),
        "INVALID_LOT|quantity|150|100");
    row("no maximum on HNX", entered(hnx, "2026-11-20 10:00", OrderType::LO, 10'000'000, 17'000),
        "OK");
    row("LO without a price", entered(hose, "2026-11-20 10:00", OrderType::LO, 100, noPrice),
        "PRICE_REQUIRED|price||LO");
    row("LO at nothing", entered(hose, "2026-11-20 10:00", OrderType::LO, 100, 0),
        "PRICE_REQUIRED|price|0|LO");
    row("ATO with a price", entered(hose, "2026-11-20 09:05", OrderType::ATO, 100, 50'800),
        "PRICE_NOT_ALLOWED|price|50800|ATO");
    row("PLO with a price", entered(hnx, "2026-11-20 14:50", OrderType::PLO, 100, 17'000),
        "PRICE_NOT_ALLOWED|price|17000|PLO");
    row("odd lot MTL", entered(hose, "2026-11-20 10:00", OrderType::MTL, 99, noPrice),
        "ODD_LOT_LIMIT_ONLY|quantity|99|100");
    row("odd lot PLO", entered(hnx, "2026-11-20 14:50", OrderType::PLO, 5, noPrice),
        "ODD_LOT_LIMIT_ONLY|quantity|5|100");
    row("odd lot on the first day",
        entered(listed(Exchange::UPCOM, 13'500, true), "2026-11-20 10:00", OrderType::LO, 1,
                13'500),
        "ODD_LOT_FIRST_DAY|quantity|1|100");
    row("before the open", entered(hose, "2026-11-20 08:59", OrderType::LO, 100, 50'800),
        "MARKET_CLOSED||CLOSED|2026-11-20 09:00");
    row("lunch begins", entered(hose, "2026-11-20 11:30", OrderType::LO, 100, 50'800),
        "MARKET_CLOSED||BREAK|2026-11-20 13:00");
    row("lunch", entered(upcom, "2026-11-20 12:59", OrderType::LO, 100, 13'500),
        "MARKET_CLOSED||BREAK|2026-11-20 13:00");
    row("put-through only", entered(hose, "2026-11-20 14:45", OrderType::LO, 100, 50'800),
        "MARKET_CLOSED||PUT_THROUGH_ONLY|2026-11-23 09:00");
    row("after the end", entered(hnx, "2026-11-20 15:00", OrderType::LO, 100, 17'000),
        "MARKET_CLOSED||CLOSED|2026-11-23 09:00");
    row("before Tet", entered(hose, "2026-02-13 15:00", OrderType::LO, 100, 50'800),
        "MARKET_CLOSED||CLOSED|2026-02-23 09:00");
    row("Tet", entered(hose, "2026-02-17 10:00", OrderType::LO, 100, 50'800),
        "HOLIDAY||2026-02-17|2026-02-23");
    row("Saturday", entered(hose, "2026-11-21 10:00", OrderType::LO, 100, 50'800),
        "HOLIDAY||2026-11-21|2026-11-23");
    row("make-up working Saturday", entered(hose, "2026-08-22 10:00", OrderType::LO, 100, 50'800),
        "HOLIDAY||2026-08-22|2026-08-24");
    row("holiday before type", entered(upcom, "2026-02-17 10:00", OrderType::ATO, 100, noPrice),
        "HOLIDAY||2026-02-17|2026-02-23");
    row("type before session", entered(upcom, "2026-11-20 12:00", OrderType::ATO, 100, noPrice),
        "ORDER_TYPE_NOT_ON_EXCHANGE|order_type|ATO|UPCOM: LO");
    row("session before type in session",
        entered(hose, "2026-11-20 12:00", OrderType::ATO, 100, noPrice),
        "MARKET_CLOSED||BREAK|2026-11-20 13:00");
    row("ATO once the auction is over",
        entered(hose, "2026-11-20 09:15", OrderType::ATO, 100, noPrice),
        "ORDER_TYPE_NOT_IN_SESSION|order_type|ATO|LO, MTL");
    row("LO after the close", entered(hnx, "2026-11-20 14:50", OrderType::LO, 100, 17'000),
        "ORDER_TYPE_NOT_IN_SESSION|order_type|LO|PLO");
    row("LIMIT on HOSE", entered(hose, "2026-11-20 10:00", OrderType::Limit, 100, 50'800),
        "ORDER_TYPE_NOT_ON_EXCHANGE|order_type|LIMIT|HOSE: LO, ATO, ATC, MTL");
    row("LO on SPOT", entered(spot, "2026-11-20 10:00", OrderType::LO, 100, 15'000),
        "ORDER_TYPE_NOT_ON_EXCHANGE|order_type|LO|SPOT: MARKET, LIMIT");
    row("SPOT at Sunday night", entered(spot, "2026-11-22 02:00", OrderType::Limit, 1, 15'001),
        "OK");
    row("SPOT on a holiday", entered(spot, "2026-02-17 12:00", OrderType::Market, 1, noPrice),
        "OK");
    row("SPOT market order with a price",
        entered(spot, "2026-11-20 10:00", OrderType::Market, 1, 15'000),
        "PRICE_NOT_ALLOWED|price|150.00|MARKET");
    row("SPOT nothing", entered(spot, "2026-11-20 10:00", OrderType::Limit, 0, 15'000),
        "INVALID_QUANTITY|quantity|0|0.00000001");
    row("SPOT far too high",
        entered(spot, "2026-11-20 10:00", OrderType::Limit, 1, 2'000'000'000'000),
        "PRICE_ABOVE_CEILING|price|20000000000.00|10000000000.00");
}

void OrderEntryTest::refusalsNameFieldValueAndBound()
{
    QFETCH(QString, got);
    QFETCH(QString, expected);
    QCOMPARE(got, expected);
}

void OrderEntryTest::timesInForceBesideDayAreForSpotOnly_data()
{
    QTest::addColumn<Exchange>("exchange");
    QTest::addColumn<OrderType>("type");
    QTest::addColumn<TimeInForce>("timeInForce");
    QTest::addColumn<QString>("expected");
    for (const Exchange exchange : {Exchange::HOSE, Exchange::HNX, Exchange::UPCOM}) {
        for (const TimeInForce time :
             {TimeInForce::GTC, TimeInForce::GTD, TimeInForce::IOC, TimeInForce::FOK}) {
            QTest::addRow("%s %s", std::string(name(exchange)).c_str(),
                          std::string(name(time)).c_str())
                << exchange << OrderType::LO << time
                << u"TIME_IN_FORCE_NOT_ALLOWED|time_in_force|"_s + shown(name(time)) + u"|DAY"_s;
        }
        QTest::addRow("%s DAY", std::string(name(exchange)).c_str())
            << exchange << OrderType::LO << TimeInForce::Day << u"OK"_s;
    }
    for (const TimeInForce time : {TimeInForce::Day, TimeInForce::GTC, TimeInForce::GTD,
                                   TimeInForce::IOC, TimeInForce::FOK}) {
        QTest::addRow("SPOT LIMIT %s", std::string(name(time)).c_str())
            << Exchange::SPOT << OrderType::Limit << time << u"OK"_s;
        const bool rests = time == TimeInForce::GTC || time == TimeInForce::GTD;
        QTest::addRow("SPOT MARKET %s", std::string(name(time)).c_str())
            << Exchange::SPOT << OrderType::Market << time
            << (rests ? u"TIME_IN_FORCE_NOT_ALLOWED|time_in_force|"_s + shown(name(time))
                            + u"|DAY, IOC, FOK"_s
                      : u"OK"_s);
    }
}

void OrderEntryTest::timesInForceBesideDayAreForSpotOnly()
{
    QFETCH(Exchange, exchange);
    QFETCH(OrderType, type);
    QFETCH(TimeInForce, timeInForce);
    QFETCH(QString, expected);
    const auto price = type == OrderType::Market ? noPrice : 20'000;
    QCOMPARE(verdict(entered(listed(exchange, 20'000), "2026-11-20 10:00", type, 100, price,
                             timeInForce)),
             expected);
}

void OrderEntryTest::haltedAndInactiveInstrumentsTakeNothing()
{
    Instrument instrument = listed(Exchange::HOSE, 25'000);
    instrument.halted = true;
    QCOMPARE(verdict(entered(instrument, "2026-02-17 10:00", OrderType::LO, 100, 25'000)),
             u"INSTRUMENT_HALTED|symbol|AAA|"_s);
    instrument.active = false;
    QCOMPARE(verdict(entered(instrument, "2026-11-20 10:00", OrderType::LO, 100, 25'000)),
             u"INSTRUMENT_INACTIVE|symbol|AAA|"_s);
}

void OrderEntryTest::restrictedSharesTradeInAuctionsAllDay()
{
    Instrument instrument = listed(Exchange::HOSE, 25'000);
    instrument.restricted = true;
    QCOMPARE(verdict(entered(instrument, "2026-11-20 10:07", OrderType::LO, 100, 25'000)), u"OK"_s);
    QCOMPARE(verdict(entered(instrument, "2026-11-20 10:07", OrderType::MTL, 100, noPrice)),
             u"ORDER_TYPE_NOT_IN_SESSION|order_type|MTL|LO"_s);
    QCOMPARE(verdict(entered(instrument, "2026-11-20 09:05", OrderType::ATO, 100, noPrice)),
             u"OK"_s);
    QCOMPARE(verdict(entered(instrument, "2026-11-20 14:40", OrderType::ATC, 100, noPrice)),
             u"OK"_s);
}

void OrderEntryTest::oddLotsStayOutOfAuctionsWhenTheRulesSaySo()
{
    std::string text = defaultMarketRulesText();
    const std::string on = "\"odd_lot_in_auction\": true";
    text.replace(text.find(on), on.size(), "\"odd_lot_in_auction\": false");
    const auto rules = parseMarketRules(text);
    QVERIFY(rules);
    const Instrument instrument = listed(Exchange::HOSE, 25'000, false, *rules);
    const OrderEntry entry{Side::Buy, OrderType::LO, TimeInForce::Day, Quantity(50), Price(25'000)};
    QCOMPARE(verdict(checkEntry(entry, instrument, *rules,
                                contextOf(instrument, at("2026-11-20 09:05"), *rules))),
             u"MARKET_CLOSED|quantity|50|100"_s);
    QCOMPARE(verdict(checkEntry(entry, instrument, *rules,
                                contextOf(instrument, at("2026-11-20 10:00"), *rules))),
             u"OK"_s);
    QCOMPARE(verdict(checkQueuedEntry(entry, instrument, *rules,
                                      contextOf(instrument, at("2026-11-20 09:05"), *rules))),
             u"OK"_s);
}

void OrderEntryTest::queuedOrdersNeedASessionToCome_data()
{
    QTest::addColumn<Exchange>("exchange");
    QTest::addColumn<QByteArray>("moment");
    QTest::addColumn<OrderType>("type");
    QTest::addColumn<QString>("expected");
    const QString never = u"ORDER_TYPE_NOT_IN_SESSION"_s;
    QTest::newRow("LO at lunch") << Exchange::HOSE << QByteArray("2026-11-20 12:00")
                                 << OrderType::LO << u"OK"_s;
    QTest::newRow("LO on Sunday") << Exchange::HOSE << QByteArray("2026-11-22 12:00")
                                  << OrderType::LO << u"OK"_s;
    QTest::newRow("LO in the evening")
        << Exchange::UPCOM << QByteArray("2026-11-20 22:00") << OrderType::LO << u"OK"_s;
    QTest::newRow("ATC in the morning")
        << Exchange::HOSE << QByteArray("2026-11-20 09:30") << OrderType::ATC << u"OK"_s;
    QTest::newRow("PLO in the morning")
        << Exchange::HNX << QByteArray("2026-11-20 09:30") << OrderType::PLO << u"OK"_s;
    QTest::newRow("ATO too late") << Exchange::HOSE << QByteArray("2026-11-20 09:15")
                                  << OrderType::ATO << never;
    QTest::newRow("ATO for tomorrow")
        << Exchange::HOSE << QByteArray("2026-11-20 15:30") << OrderType::ATO << u"OK"_s;
    QTest::newRow("ATO while put-through runs")
        << Exchange::HOSE << QByteArray("2026-11-20 14:50") << OrderType::ATO << u"OK"_s;
    QTest::newRow("MTL in the closing auction")
        << Exchange::HOSE << QByteArray("2026-11-20 14:35") << OrderType::MTL << never;
    QTest::newRow("MAK on HOSE") << Exchange::HOSE << QByteArray("2026-11-20 12:00")
                                 << OrderType::MAK << u"ORDER_TYPE_NOT_ON_EXCHANGE"_s;
}

void OrderEntryTest::queuedOrdersNeedASessionToCome()
{
    QFETCH(Exchange, exchange);
    QFETCH(QByteArray, moment);
    QFETCH(OrderType, type);
    QFETCH(QString, expected);
    const Instrument instrument = listed(exchange, 20'000);
    OrderEntry entry{Side::Buy, type, TimeInForce::Day, Quantity(100), std::nullopt};
    if (type == OrderType::LO)
        entry.price = Price(20'000);
    EntryContext context = contextOf(instrument, at(moment.constData()));
    context.hasMatchPrice = false;
    const auto refusal = checkQueuedEntry(entry, instrument, shippedRules(), context);
    QCOMPARE(shown(codeName(refusal ? refusal->code : Code::OK)), expected);
}

void OrderEntryTest::ordersBelongToTheDayThatStillTakesThem_data()
{
    QTest::addColumn<Exchange>("exchange");
    QTest::addColumn<QByteArray>("moment");
    QTest::addColumn<QString>("day");
    QTest::newRow("before the open")
        << Exchange::HOSE << QByteArray("2026-11-20 06:00") << u"2026-11-20"_s;
    QTest::newRow("put-through only")
        << Exchange::HOSE << QByteArray("2026-11-20 14:45") << u"2026-11-23"_s;
    QTest::newRow("after the close on HNX")
        << Exchange::HNX << QByteArray("2026-11-20 14:45") << u"2026-11-20"_s;
    QTest::newRow("evening") << Exchange::HNX << QByteArray("2026-11-20 15:00") << u"2026-11-23"_s;
    QTest::newRow("SPOT by the UTC day")
        << Exchange::SPOT << QByteArray("2026-11-22 06:59") << u"2026-11-21"_s;
}

void OrderEntryTest::ordersBelongToTheDayThatStillTakesThem()
{
    QFETCH(Exchange, exchange);
    QFETCH(QByteArray, moment);
    QFETCH(QString, day);
    QCOMPARE(
        shown(isoDate(entryDay(listed(exchange, 20'000), shippedRules(), at(moment.constData())))),
        day);
}

QTEST_GUILESS_MAIN(OrderEntryTest)
#include "tst_order_entry.moc"
