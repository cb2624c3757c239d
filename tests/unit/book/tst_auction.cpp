// SPDX-License-Identifier: GPL-3.0-or-later
// The periodic auction: the worked cases of tests/cases/auction.json run through the book, and what
// they do not cover.
#include "books_under_test.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QObject>

#include <map>

using namespace khop;

class AuctionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addImplementations(); }
    void init()
    {
        m_books = makeBooks();
        m_books->setPolicies({});
    }

    void workedCase_data();
    void workedCase();
    void ordersDoNotTradeDuringACall();
    void ordersOfOtherKindsAreKilledInACall();
    void timePriorityCarriesOverFromContinuousTrading();
    void b13RemaindersOfAtoAreKilledAfterTheUncross();
    void b14RemaindersOfAtcAreKilledAndLimitOrdersStay();
    void auctionOrdersAreKilledWithoutAPrice();
    void theEffectivePriceFollowsTheBook();
    void onlyBuysAtAuctionAreWorthTheBase();
    void anOffTickBaseCountsAsTheNearestTick();
    void aBaseOutsideTheIntervalIsClamped();
    void theLaterOrderIsTheAggressor();
    void surplusNamesTheSideLeftOver();
    void cancelAndReduceReachAuctionOrders();
    void auctionOrdersCannotBeReplaced();
    void restoreBringsACallBack();
    void legacyAuctionOrdersGoBeforeEarlierLimitOrders();
    void legacyFormsNoPriceWithoutLimitOrders();
    void selfTradePrevention_data();
    void selfTradePrevention();

private:
    void openCall(const BookSpec &spec)
    {
        m_book = m_books->open(spec);
        m_spec = spec;
        m_books->startCall(m_book);
    }
    void limit(OrderRef ref, Side side, std::int64_t price, std::int64_t quantity, Owner owner = 0)
    {
        m_events.clear();
        m_books->add(m_book,
                     {ref, owner, side, Instruction::Limit, Price(price), Quantity(quantity)},
                     m_events);
    }
    void atAuction(OrderRef ref, Side side, std::int64_t quantity, Owner owner = 0)
    {
        m_events.clear();
        const Price bound = side == Side::Buy ? m_spec.ceiling : m_spec.floor;
        m_books->add(m_book, {ref, owner, side, Instruction::AtAuction, bound, Quantity(quantity)},
                     m_events);
    }
    std::string uncross(std::int64_t base)
    {
        m_events.clear();
        m_books->uncross(m_book, Price(base), m_events);
        return textOf(m_events);
    }
    std::int64_t auctionPrice(Side side, std::int64_t base)
    {
        return m_books->auctionPrice(m_book, side, Price(base)).value_or(Price(-1)).raw();
    }

    std::unique_ptr<OrderBooks> m_books;
    BookId m_book = 0;
    BookSpec m_spec;
    BookEvents m_events;
};

void AuctionTest::workedCase_data()
{
    QTest::addColumn<QJsonObject>("row");
    QFile file(QStringLiteral(KHOP_SOURCE_DIR "/tests/cases/auction.json"));
    QVERIFY2(file.open(QIODevice::ReadOnly), "tests/cases/auction.json");
    const QJsonArray rows = QJsonDocument::fromJson(file.readAll()).array();
    QVERIFY(!rows.isEmpty());
    for (const QJsonValue &row : rows)
        QTest::newRow(row[u"id"].toString().toUtf8().constData()) << row.toObject();
}

void AuctionTest::workedCase()
{
    QFETCH(QJsonObject, row);
    const std::int64_t reference = row[u"ref"].toInteger();
    const Price base(row[u"last"].isNull() ? reference : row[u"last"].toInteger());
    openCall(row[u"exchange"].toString() == QLatin1String("HOSE") ? hose(reference)
                                                                  : hnx(reference));

    std::map<OrderRef, QString> names;
    std::map<QString, Side> sides;
    std::map<QString, std::int64_t> entered;
    for (const QJsonValue &order : row[u"orders"].toArray()) {
        const OrderRef ref = static_cast<OrderRef>(names.size() + 1);
        const QString id = order[0].toString();
        const Side side = order[1].toString() == QLatin1String("B") ? Side::Buy : Side::Sell;
        const std::int64_t quantity = order[4].toInteger();
        names[ref] = id;
        sides[id] = side;
        entered[id] = quantity;
        if (order[2].toString() == QLatin1String("LO"))
            limit(ref, side, order[3].toInteger(), quantity);
        else
            atAuction(ref, side, quantity);
    }

    const QJsonObject effective = row[u"eff"].toObject();
    for (auto it = effective.begin(); it != effective.end(); ++it)
        QCOMPARE(auctionPrice(sides.at(it.key()), base.raw()), it.value().toInteger());

    const Indicative expected = m_books->indicative(m_book, base);
    m_events.clear();
    const Indicative result = m_books->uncross(m_book, base, m_events);
    QCOMPARE(expected.price, result.price);
    QCOMPARE(expected.volume, result.volume);

    const QJsonArray candidates = row[u"cand"].toArray();
    if (row[u"price"].isNull()) {
        QVERIFY(!result.price && !result.low && !result.high);
    } else {
        QVERIFY(result.price && result.low && result.high);
        QCOMPARE(result.price->raw(), row[u"price"].toInteger());
        QCOMPARE(result.low->raw(), candidates[0].toInteger());
        QCOMPARE(result.high->raw(), candidates[1].toInteger());
    }
    QCOMPARE(result.volume.raw(), row[u"volume"].toInteger());

    std::map<QString, std::int64_t> fills;
    for (const BookEvent &event : m_events) {
        if (event.kind != BookEvent::Kind::Trade)
            continue;
        QCOMPARE(event.price, *result.price);
        fills[names.at(event.ref)] += event.quantity.raw();
        fills[names.at(event.maker)] += event.quantity.raw();
    }
    std::map<QString, std::int64_t> wanted;
    const QJsonObject published = row[u"fills"].toObject();
    for (auto it = published.begin(); it != published.end(); ++it)
        wanted[it.key()] = it.value().toInteger();
    QCOMPARE(fills, wanted);

    for (const auto &[ref, id] : names) {
        const std::optional<RestingOrder> rest = m_books->find(ref);
        const std::int64_t left = entered[id] - fills[id];
        if (effective.contains(id) || left == 0)
            QVERIFY2(!rest, qPrintable(id));
        else
            QCOMPARE(rest->quantity.raw(), left);
    }
}

void AuctionTest::ordersDoNotTradeDuringACall()
{
    openCall(hose(20'000));
    limit(1, Side::Buy, 20'100, 100);
    QCOMPARE(textOf(m_events), "rest1:100@20100");
    limit(2, Side::Sell, 19'900, 100);
    QCOMPARE(textOf(m_events), "rest2:100@19900");
    QVERIFY(m_books->inCall(m_book));
    QCOMPARE(uncross(20'000), "2x1:100@20000");
    m_books->startContinuous(m_book);
    QVERIFY(!m_books->inCall(m_book));
}

void AuctionTest::ordersOfOtherKindsAreKilledInACall()
{
    openCall(hose(20'000));
    limit(1, Side::Sell, 20'000, 100);
    for (const Instruction instruction :
         {Instruction::MarketToLimit, Instruction::ImmediateOrCancel, Instruction::FillOrKill}) {
        m_events.clear();
        m_books->add(m_book, {2, 0, Side::Buy, instruction, Price(21'400), Quantity(100)},
                     m_events);
        QCOMPARE(textOf(m_events), "kill2:100:NoCounterpart");
    }
}

void AuctionTest::timePriorityCarriesOverFromContinuousTrading()
{
    m_book = m_books->open(hose(20'000));
    limit(1, Side::Buy, 20'000, 100);
    m_books->startCall(m_book);
    limit(2, Side::Buy, 20'000, 100);
    m_events.clear();
    QVERIFY(m_books->reduce(1, Quantity(50)));
    limit(3, Side::Sell, 20'000, 100);
    QCOMPARE(uncross(20'000), "3x1:50@20000 3x2:50@20000");
}

void AuctionTest::b13RemaindersOfAtoAreKilledAfterTheUncross()
{
    openCall(hose(20'000));
    atAuction(1, Side::Buy, 500);
    limit(2, Side::Sell, 20'000, 200);
    QCOMPARE(uncross(20'000), "2x1:200@20000 kill1:300:AuctionOver");
    QCOMPARE(m_books->size(m_book), std::size_t{0});
}

void AuctionTest::b14RemaindersOfAtcAreKilledAndLimitOrdersStay()
{
    openCall(hose(20'000));
    atAuction(1, Side::Sell, 500);
    limit(2, Side::Buy, 20'000, 200);
    limit(3, Side::Sell, 20'100, 400);
    QCOMPARE(uncross(20'000), "2x1:200@20000 kill1:300:AuctionOver");
    const std::vector<RestingOrder> left = m_books->resting(m_book);
    QCOMPARE(left.size(), std::size_t{1});
    QCOMPARE(left.front().ref, OrderRef{3});
    QCOMPARE(left.front().quantity, Quantity(400));
}

void AuctionTest::auctionOrdersAreKilledWithoutAPrice()
{
    openCall(hose(20'000));
    atAuction(1, Side::Buy, 500);
    limit(2, Side::Buy, 20'000, 200);
    atAuction(3, Side::Buy, 100);
    QCOMPARE(uncross(20'000), "kill1:500:AuctionOver kill3:100:AuctionOver");
    QVERIFY(m_books->find(2));
}

void AuctionTest::theEffectivePriceFollowsTheBook()
{
    openCall(hose(39'000));
    atAuction(1, Side::Buy, 100);
    QCOMPARE(auctionPrice(Side::Buy, 39'000), 39'000);
    QCOMPARE(auctionPrice(Side::Sell, 39'000), -1);
    limit(2, Side::Buy, 39'200, 100);
    QCOMPARE(auctionPrice(Side::Buy, 39'000), 39'250);
    limit(6, Side::Buy, 38'900, 100);
    QCOMPARE(auctionPrice(Side::Buy, 39'000), 39'250);
    QVERIFY(m_books->cancel(6));
    limit(3, Side::Sell, 40'000, 100);
    QCOMPARE(auctionPrice(Side::Buy, 39'000), 40'000);
    atAuction(4, Side::Sell, 100);
    QCOMPARE(auctionPrice(Side::Sell, 39'000), 39'000);
    limit(5, Side::Buy, 38'000, 100);
    QCOMPARE(auctionPrice(Side::Sell, 39'000), 38'000);
    QVERIFY(m_books->cancel(5));
    QCOMPARE(auctionPrice(Side::Sell, 39'000), 39'000);
}

void AuctionTest::onlyBuysAtAuctionAreWorthTheBase()
{
    openCall(hose(39'000));
    atAuction(1, Side::Buy, 100);
    QCOMPARE(auctionPrice(Side::Buy, 39'000), 39'000);
    atAuction(2, Side::Sell, 50);
    QCOMPARE(auctionPrice(Side::Buy, 39'000), 39'050);
    QCOMPARE(auctionPrice(Side::Sell, 39'000), 39'050);
    // The surplus cannot push the price out of the band.
    QCOMPARE(auctionPrice(Side::Buy, m_spec.ceiling.raw()), m_spec.ceiling.raw());
}

void AuctionTest::anOffTickBaseCountsAsTheNearestTick()
{
    openCall(hose(20'000));
    limit(1, Side::Buy, 20'500, 100);
    limit(2, Side::Sell, 19'500, 100);
    QCOMPARE(*m_books->indicative(m_book, Price(20'034)).price, Price(20'050));
    QCOMPARE(*m_books->indicative(m_book, Price(20'025)).price, Price(20'000));
    QCOMPARE(*m_books->indicative(m_book, Price(20'010)).price, Price(20'000));
}

void AuctionTest::aBaseOutsideTheIntervalIsClamped()
{
    openCall(hose(20'000));
    limit(1, Side::Buy, 20'500, 100);
    limit(2, Side::Sell, 20'300, 100);
    QCOMPARE(*m_books->indicative(m_book, Price(20'000)).price, Price(20'300));
    QCOMPARE(*m_books->indicative(m_book, Price(21'000)).price, Price(20'500));
}

void AuctionTest::theLaterOrderIsTheAggressor()
{
    openCall(hose(20'000));
    limit(1, Side::Buy, 20'000, 100);
    limit(2, Side::Sell, 20'000, 150);
    limit(3, Side::Buy, 20'000, 50);
    QCOMPARE(uncross(20'000), "2x1:100@20000 3x2:50@20000");
    QCOMPARE(m_events[0].aggressor, Side::Sell);
    QCOMPARE(m_events[1].aggressor, Side::Buy);
}

void AuctionTest::surplusNamesTheSideLeftOver()
{
    openCall(hose(20'000));
    limit(1, Side::Buy, 20'000, 100);
    limit(2, Side::Sell, 20'000, 150);
    const Indicative before = m_books->indicative(m_book, Price(20'000));
    QCOMPARE(before.surplus, Quantity(50));
    QCOMPARE(before.surplusSide, Side::Sell);
    const Indicative result = m_books->uncross(m_book, Price(20'000), m_events);
    QCOMPARE(result.surplus, before.surplus);
    QCOMPARE(result.surplusSide, before.surplusSide);
}

void AuctionTest::cancelAndReduceReachAuctionOrders()
{
    openCall(hose(20'000));
    atAuction(1, Side::Buy, 500);
    atAuction(2, Side::Buy, 300);
    QCOMPARE(*m_books->ahead(2), Quantity(500));
    QVERIFY(m_books->reduce(1, Quantity(100)));
    QCOMPARE(*m_books->cancel(2), Quantity(300));
    QVERIFY(!m_books->best(m_book, Side::Buy));
    limit(3, Side::Sell, 20'000, 400);
    QCOMPARE(uncross(20'000), "3x1:100@20000");
}

void AuctionTest::auctionOrdersCannotBeReplaced()
{
    openCall(hose(20'000));
    atAuction(1, Side::Buy, 500);
    m_events.clear();
    QVERIFY(!m_books->replace(1, Price(20'000), Quantity(600), m_events));
    QVERIFY(m_events.empty());
    QCOMPARE(m_books->find(1)->quantity, Quantity(500));
}

void AuctionTest::restoreBringsACallBack()
{
    openCall(hose(39'000));
    limit(1, Side::Buy, 41'700, 300);
    atAuction(2, Side::Buy, 400);
    limit(3, Side::Buy, 41'700, 100);
    limit(4, Side::Sell, 39'000, 750);
    const std::vector<RestingOrder> saved = m_books->resting(m_book);
    const std::string expected = uncross(39'000);
    QCOMPARE(expected, "4x1:300@41700 4x2:400@41700 4x3:50@41700");

    m_books = makeBooks();
    openCall(hose(39'000));
    m_books->restore(m_book, saved);
    QCOMPARE(uncross(39'000), expected);
}

void AuctionTest::legacyAuctionOrdersGoBeforeEarlierLimitOrders()
{
    m_books->setPolicies({.atoPricing = AtoPricing::LegacyFirst});
    openCall(hose(39'000));
    limit(1, Side::Buy, 41'700, 300);
    atAuction(2, Side::Buy, 400);
    limit(3, Side::Sell, 39'000, 500);
    QCOMPARE(uncross(39'000), "3x2:400@41700 3x1:100@41700");
}

void AuctionTest::legacyFormsNoPriceWithoutLimitOrders()
{
    m_books->setPolicies({.atoPricing = AtoPricing::LegacyFirst});
    openCall(hose(39'000));
    atAuction(1, Side::Buy, 200);
    atAuction(2, Side::Sell, 200);
    QVERIFY(!m_books->indicative(m_book, Price(39'000)).price);
    QCOMPARE(uncross(39'000), "kill1:200:AuctionOver kill2:200:AuctionOver");
}

void AuctionTest::selfTradePrevention_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<QString>("happened");
    QTest::newRow("allow") << static_cast<int>(SelfMatch::Allow)
                           << QStringLiteral("3x1:100@20000 3x2:100@20000");
    QTest::newRow("cancel newest") << static_cast<int>(SelfMatch::CancelNewest)
                                   << QStringLiteral("kill3:200:SelfTrade 4x1:100@20000");
    QTest::newRow("cancel oldest") << static_cast<int>(SelfMatch::CancelOldest)
                                   << QStringLiteral("kill1:100:SelfTrade 3x2:100@20000");
    QTest::newRow("cancel both") << static_cast<int>(SelfMatch::CancelBoth)
                                 << QStringLiteral(
                                        "kill1:100:SelfTrade kill3:200:SelfTrade 4x2:100@20000");
}

void AuctionTest::selfTradePrevention()
{
    QFETCH(int, mode);
    QFETCH(QString, happened);
    m_books->setPolicies({.selfMatch = static_cast<SelfMatch>(mode)});
    openCall(hose(20'000));
    limit(1, Side::Buy, 20'000, 100, 7);
    limit(2, Side::Buy, 20'000, 100, 0);
    limit(3, Side::Sell, 20'000, 200, 7);
    limit(4, Side::Sell, 20'000, 100, 8);
    QCOMPARE(QString::fromStdString(uncross(20'000)), happened);
    // Whatever was killed, what is left does not cross.
    m_books->startContinuous(m_book);
}

QTEST_APPLESS_MAIN(AuctionTest)
#include "tst_auction.moc"
