// SPDX-License-Identifier: GPL-3.0-or-later
// Continuous matching. The tests whose names start with b and two digits are the worked behaviour
// rows of the exchanges' rules with that number.
#include "books_under_test.h"

#include <QObject>

#include <initializer_list>

using namespace khop;

class ContinuousBookTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addImplementations(); }
    void init()
    {
        m_books = makeBooks();
        m_books->setPolicies({});
    }

    void aLimitOrderTradesAtTheRestingPrice();
    void theBetterPriceTradesFirst();
    void theOlderOrderTradesFirst();
    void aPartlyFilledOrderKeepsItsPlace();
    void anIncomingOrderStopsAtItsLimit();
    void booksDoNotMixTheirOrders();
    void b01MtlRemainderRestsOneTickBeyondItsLastFill();
    void b02MtlRemainderIsCappedAtTheCeiling();
    void b04MtlWithoutCounterpartIsKilled();
    void b05SellMtlRemainderUsesTheTickOfTheNewPrice();
    void b06MokThatCannotFillLeavesTheBookUntouched();
    void b08MakKillsItsRemainder();
    void b09MakWithoutSellsIsKilled();
    void b10MtlOnHnxRestsOneTickBeyond();
    void b16LowerQuantityKeepsPriority();
    void b17GreaterQuantityResetsPriority();
    void b18NewPriceResetsPriority();
    void b24AnMtlRemainderIsALimitOrder();
    void b25BothSidesOfOneOwnerMayRestAndTrade();
    void mtlRemainderAtLastFillWhenThePolicySaysSo();
    void mokFillsOverSeveralLevels();
    void mokCountsOnlyPricesWithinItsLimit();
    void auctionOrdersAreKilledInContinuousTrading();
    void cancelReturnsTheOpenQuantityOnce();
    void cancelFromTheMiddleKeepsTheQueue();
    void reduceRefusesWhatIsNotLower();
    void replaceMayTrade();
    void replaceOfAnUnknownOrderIsRefused();
    void referencesMayBeReusedOnceGone();
    void selfTradePrevention_data();
    void selfTradePrevention();
    void selfTradePreventionOfAFillOrKill_data();
    void selfTradePreventionOfAFillOrKill();
    void depthAddsUpLevels();
    void aheadCountsTheOlderQuantityAtThePrice();
    void restoreBringsTheBookBackWithItsPriorities();

private:
    std::string add(OrderRef ref, Side side, Instruction instruction, std::int64_t price,
                    std::int64_t quantity, Owner owner = 0)
    {
        m_events.clear();
        m_books->add(m_book, {ref, owner, side, instruction, Price(price), Quantity(quantity)},
                     m_events);
        return textOf(m_events);
    }
    std::string buy(OrderRef ref, std::int64_t price, std::int64_t quantity, Owner owner = 0)
    {
        return add(ref, Side::Buy, Instruction::Limit, price, quantity, owner);
    }
    std::string sell(OrderRef ref, std::int64_t price, std::int64_t quantity, Owner owner = 0)
    {
        return add(ref, Side::Sell, Instruction::Limit, price, quantity, owner);
    }
    std::string replace(OrderRef ref, std::int64_t price, std::int64_t leaves)
    {
        m_events.clear();
        return m_books->replace(ref, Price(price), Quantity(leaves), m_events) ? textOf(m_events)
                                                                               : "refused";
    }
    /// "ref:quantity@price" of all that rests, oldest first.
    std::string resting()
    {
        std::string text;
        for (const RestingOrder &order : m_books->resting(m_book)) {
            if (!text.empty())
                text += ' ';
            text += std::to_string(order.ref) + ':' + std::to_string(order.quantity.raw()) + '@'
                    + std::to_string(order.price.raw());
        }
        return text;
    }

    std::unique_ptr<OrderBooks> m_books;
    BookId m_book = 0;
    BookEvents m_events;
};

void ContinuousBookTest::aLimitOrderTradesAtTheRestingPrice()
{
    m_book = m_books->open(hose(20'000));
    QCOMPARE(sell(1, 20'000, 300), "rest1:300@20000");
    QCOMPARE(buy(2, 20'500, 200), "2x1:200@20000");
    QCOMPARE(m_events.front().aggressor, Side::Buy);
    QCOMPARE(resting(), "1:100@20000");
    QCOMPARE(buy(3, 19'500, 100), "rest3:100@19500");
    QCOMPARE(sell(4, 19'000, 100), "4x3:100@19500");
    QCOMPARE(m_events.front().aggressor, Side::Sell);
}

void ContinuousBookTest::theBetterPriceTradesFirst()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'100, 100);
    sell(2, 20'050, 100);
    QCOMPARE(buy(3, 20'100, 150), "3x2:100@20050 3x1:50@20100");
    buy(4, 19'900, 100);
    buy(5, 19'950, 100);
    QCOMPARE(sell(6, 19'900, 150), "6x5:100@19950 6x4:50@19900");
}

void ContinuousBookTest::theOlderOrderTradesFirst()
{
    m_book = m_books->open(hose(20'000));
    sell(9, 20'000, 100);
    sell(2, 20'000, 100);
    sell(5, 20'000, 100);
    QCOMPARE(buy(10, 20'000, 250), "10x9:100@20000 10x2:100@20000 10x5:50@20000");
}

void ContinuousBookTest::aPartlyFilledOrderKeepsItsPlace()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 300);
    sell(2, 20'000, 300);
    QCOMPARE(buy(3, 20'000, 100), "3x1:100@20000");
    QCOMPARE(buy(4, 20'000, 300), "4x1:200@20000 4x2:100@20000");
}

void ContinuousBookTest::anIncomingOrderStopsAtItsLimit()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 100);
    sell(2, 20'100, 100);
    QCOMPARE(buy(3, 20'050, 500), "3x1:100@20000 rest3:400@20050");
    QCOMPARE(*m_books->best(m_book, Side::Buy), Price(20'050));
    QCOMPARE(*m_books->best(m_book, Side::Sell), Price(20'100));
}

void ContinuousBookTest::booksDoNotMixTheirOrders()
{
    const BookId first = m_books->open(hose(20'000));
    const BookId second = m_books->open(hose(20'000));
    m_book = first;
    sell(1, 20'000, 100);
    m_book = second;
    QCOMPARE(buy(2, 20'000, 100), "rest2:100@20000");
    QCOMPARE(m_books->size(first), std::size_t{1});
    QCOMPARE(m_books->size(second), std::size_t{1});
    QVERIFY(!m_books->best(second, Side::Sell));
}

void ContinuousBookTest::b01MtlRemainderRestsOneTickBeyondItsLastFill()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 300);
    sell(2, 20'050, 200);
    QCOMPARE(add(3, Side::Buy, Instruction::MarketToLimit, 21'400, 1'000),
             "3x1:300@20000 3x2:200@20050 rest3:500@20100");
}

void ContinuousBookTest::b02MtlRemainderIsCappedAtTheCeiling()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 21'400, 100);
    QCOMPARE(add(2, Side::Buy, Instruction::MarketToLimit, 21'400, 300),
             "2x1:100@21400 rest2:200@21400");
}

void ContinuousBookTest::b04MtlWithoutCounterpartIsKilled()
{
    m_book = m_books->open(hose(20'000));
    QCOMPARE(add(1, Side::Buy, Instruction::MarketToLimit, 21'400, 100), "kill1:100:NoCounterpart");
    QCOMPARE(m_books->size(m_book), std::size_t{0});
}

void ContinuousBookTest::b05SellMtlRemainderUsesTheTickOfTheNewPrice()
{
    m_book = m_books->open(hose(50'000));
    buy(1, 50'000, 100);
    QCOMPARE(add(2, Side::Sell, Instruction::MarketToLimit, 46'500, 300),
             "2x1:100@50000 rest2:200@49950");
}

void ContinuousBookTest::b06MokThatCannotFillLeavesTheBookUntouched()
{
    m_book = m_books->open(hnx(17'000));
    sell(1, 17'000, 300);
    QCOMPARE(add(2, Side::Buy, Instruction::FillOrKill, 18'700, 500), "kill2:500:NotFillable");
    QCOMPARE(resting(), "1:300@17000");
}

void ContinuousBookTest::b08MakKillsItsRemainder()
{
    m_book = m_books->open(hnx(17'000));
    sell(1, 17'000, 300);
    QCOMPARE(add(2, Side::Buy, Instruction::ImmediateOrCancel, 18'700, 500),
             "2x1:300@17000 kill2:200:Remainder");
}

void ContinuousBookTest::b09MakWithoutSellsIsKilled()
{
    m_book = m_books->open(hnx(17'000));
    QCOMPARE(add(1, Side::Buy, Instruction::ImmediateOrCancel, 18'700, 500),
             "kill1:500:NoCounterpart");
}

void ContinuousBookTest::b10MtlOnHnxRestsOneTickBeyond()
{
    m_book = m_books->open(hnx(17'000));
    sell(1, 17'000, 300);
    QCOMPARE(add(2, Side::Buy, Instruction::MarketToLimit, 18'700, 500),
             "2x1:300@17000 rest2:200@17100");
}

void ContinuousBookTest::b16LowerQuantityKeepsPriority()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 1'000);
    sell(2, 20'000, 1'000);
    QVERIFY(m_books->reduce(1, Quantity(600)));
    QCOMPARE(buy(3, 20'000, 700), "3x1:600@20000 3x2:100@20000");
}

void ContinuousBookTest::b17GreaterQuantityResetsPriority()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 600);
    sell(2, 20'000, 600);
    QCOMPARE(replace(1, 20'000, 1'000), "rest1:1000@20000");
    QCOMPARE(buy(3, 20'000, 700), "3x2:600@20000 3x1:100@20000");
}

void ContinuousBookTest::b18NewPriceResetsPriority()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 100);
    sell(2, 20'050, 100);
    QCOMPARE(replace(1, 20'050, 100), "rest1:100@20050");
    QCOMPARE(buy(3, 20'050, 150), "3x2:100@20050 3x1:50@20050");
}

void ContinuousBookTest::b24AnMtlRemainderIsALimitOrder()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 300);
    add(2, Side::Buy, Instruction::MarketToLimit, 21'400, 1'000);
    const std::optional<RestingOrder> remainder = m_books->find(2);
    QVERIFY(remainder);
    QCOMPARE(remainder->instruction, Instruction::Limit);
    QCOMPARE(remainder->price, Price(20'050));
    QVERIFY(m_books->reduce(2, Quantity(500)));
    QCOMPARE(replace(2, 19'900, 500), "rest2:500@19900");
}

void ContinuousBookTest::b25BothSidesOfOneOwnerMayRestAndTrade()
{
    m_book = m_books->open(hose(20'000));
    QCOMPARE(sell(1, 20'100, 100, 7), "rest1:100@20100");
    QCOMPARE(buy(2, 20'000, 100, 7), "rest2:100@20000");
    QCOMPARE(buy(3, 20'100, 100, 7), "3x1:100@20100");
}

void ContinuousBookTest::mtlRemainderAtLastFillWhenThePolicySaysSo()
{
    m_books->setPolicies({.mtlRemainder = MtlRemainder::Last});
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 300);
    QCOMPARE(add(2, Side::Buy, Instruction::MarketToLimit, 21'400, 500),
             "2x1:300@20000 rest2:200@20000");
}

void ContinuousBookTest::mokFillsOverSeveralLevels()
{
    m_book = m_books->open(hnx(17'000));
    sell(1, 17'000, 300);
    sell(2, 17'100, 100);
    sell(3, 17'100, 500);
    QCOMPARE(add(4, Side::Buy, Instruction::FillOrKill, 18'700, 500),
             "4x1:300@17000 4x2:100@17100 4x3:100@17100");
    QCOMPARE(resting(), "3:400@17100");
}

void ContinuousBookTest::mokCountsOnlyPricesWithinItsLimit()
{
    m_book = m_books->open(hnx(17'000));
    sell(1, 17'000, 300);
    sell(2, 17'100, 300);
    QCOMPARE(add(3, Side::Buy, Instruction::FillOrKill, 17'000, 500), "kill3:500:NotFillable");
    QCOMPARE(add(4, Side::Buy, Instruction::FillOrKill, 17'000, 300), "4x1:300@17000");
}

void ContinuousBookTest::auctionOrdersAreKilledInContinuousTrading()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 100);
    QCOMPARE(add(2, Side::Buy, Instruction::AtAuction, 21'400, 100), "kill2:100:AuctionOver");
    QCOMPARE(resting(), "1:100@20000");
}

void ContinuousBookTest::cancelReturnsTheOpenQuantityOnce()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 300);
    buy(2, 20'000, 100);
    QCOMPARE(*m_books->cancel(1), Quantity(200));
    QVERIFY(!m_books->cancel(1));
    QVERIFY(!m_books->cancel(2));
    QVERIFY(!m_books->find(1));
    QVERIFY(!m_books->best(m_book, Side::Sell));
    QCOMPARE(m_books->size(m_book), std::size_t{0});
}

void ContinuousBookTest::cancelFromTheMiddleKeepsTheQueue()
{
    m_book = m_books->open(hose(20'000));
    for (const OrderRef ref : {1u, 2u, 3u, 4u})
        sell(ref, 20'000, 100);
    QVERIFY(m_books->cancel(2));
    QCOMPARE(buy(5, 20'000, 300), "5x1:100@20000 5x3:100@20000 5x4:100@20000");
}

void ContinuousBookTest::reduceRefusesWhatIsNotLower()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 300);
    for (const std::int64_t leaves : {300, 400, 0, -100})
        QVERIFY(!m_books->reduce(1, Quantity(leaves)));
    QVERIFY(!m_books->reduce(2, Quantity(100)));
    QCOMPARE(resting(), "1:300@20000");
}

void ContinuousBookTest::replaceMayTrade()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'100, 300);
    buy(2, 20'000, 100);
    QCOMPARE(replace(2, 20'100, 500), "2x1:300@20100 rest2:200@20100");
    QCOMPARE(resting(), "2:200@20100");
}

void ContinuousBookTest::replaceOfAnUnknownOrderIsRefused()
{
    m_book = m_books->open(hose(20'000));
    QCOMPARE(replace(1, 20'000, 100), "refused");
    sell(1, 20'000, 100);
    QCOMPARE(replace(1, 20'000, 0), "refused");
    QCOMPARE(resting(), "1:100@20000");
}

void ContinuousBookTest::referencesMayBeReusedOnceGone()
{
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 100);
    buy(2, 20'000, 100);
    QCOMPARE(buy(1, 19'900, 100), "rest1:100@19900");
    QCOMPARE(m_books->find(1)->side, Side::Buy);
}

void ContinuousBookTest::selfTradePrevention_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<QString>("happened");
    QTest::addColumn<QString>("left");
    const auto row = [](const char *name, SelfMatch mode, const char *happened, const char *left) {
        QTest::newRow(name) << static_cast<int>(mode) << QString::fromLatin1(happened)
                            << QString::fromLatin1(left);
    };
    row("allow", SelfMatch::Allow, "4x1:100@20000 4x2:200@20000 4x3:200@20050", "3:100@20050");
    row("left to the desk", SelfMatch::OmsBlock, "4x1:100@20000 4x2:200@20000 4x3:200@20050",
        "3:100@20050");
    row("cancel newest", SelfMatch::CancelNewest, "4x1:100@20000 kill4:400:SelfTrade",
        "2:200@20000 3:300@20050");
    row("cancel oldest", SelfMatch::CancelOldest,
        "4x1:100@20000 kill2:200:SelfTrade 4x3:300@20050 rest4:100@20100", "4:100@20100");
    row("cancel both", SelfMatch::CancelBoth,
        "4x1:100@20000 kill2:200:SelfTrade kill4:400:SelfTrade", "3:300@20050");
}

void ContinuousBookTest::selfTradePrevention()
{
    QFETCH(int, mode);
    QFETCH(QString, happened);
    QFETCH(QString, left);
    m_books->setPolicies({.selfMatch = static_cast<SelfMatch>(mode)});
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 100, 0);
    sell(2, 20'000, 200, 7);
    sell(3, 20'050, 300, 8);
    QCOMPARE(QString::fromStdString(buy(4, 20'100, 500, 7)), happened);
    QCOMPARE(QString::fromStdString(resting()), left);

    // Nobody's orders (owner 0) are never prevented.
    m_book = m_books->open(hose(20'000));
    sell(11, 20'000, 100, 0);
    QCOMPARE(buy(12, 20'000, 100, 0), "12x11:100@20000");
}

void ContinuousBookTest::selfTradePreventionOfAFillOrKill_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<QString>("happened");
    QTest::newRow("newest: would be stopped, so nothing happens")
        << static_cast<int>(SelfMatch::CancelNewest) << QStringLiteral("kill4:200:NotFillable");
    QTest::newRow("both: the same")
        << static_cast<int>(SelfMatch::CancelBoth) << QStringLiteral("kill4:200:NotFillable");
    QTest::newRow("oldest: the own order is passed over")
        << static_cast<int>(SelfMatch::CancelOldest)
        << QStringLiteral("4x1:100@20000 kill2:100:SelfTrade 4x3:100@20000");
}

void ContinuousBookTest::selfTradePreventionOfAFillOrKill()
{
    QFETCH(int, mode);
    QFETCH(QString, happened);
    m_books->setPolicies({.selfMatch = static_cast<SelfMatch>(mode)});
    m_book = m_books->open(hose(20'000));
    sell(1, 20'000, 100, 0);
    sell(2, 20'000, 100, 7);
    sell(3, 20'000, 100, 0);
    QCOMPARE(QString::fromStdString(add(4, Side::Buy, Instruction::FillOrKill, 21'400, 200, 7)),
             happened);
}

void ContinuousBookTest::depthAddsUpLevels()
{
    m_book = m_books->open(hose(20'000));
    buy(1, 19'900, 100);
    buy(2, 19'950, 200);
    buy(3, 19'950, 300);
    sell(4, 20'000, 400);
    buy(5, 20'000, 100);
    std::vector<BookLevel> levels;
    m_books->depth(m_book, Side::Buy, 10, levels);
    QCOMPARE(levels.size(), std::size_t{2});
    QCOMPARE(levels[0].price, Price(19'950));
    QCOMPARE(levels[0].quantity, Quantity(500));
    QCOMPARE(levels[0].orders, 2u);
    QCOMPARE(levels[1].price, Price(19'900));
    m_books->depth(m_book, Side::Buy, 1, levels);
    QCOMPARE(levels.size(), std::size_t{1});
    m_books->depth(m_book, Side::Sell, 10, levels);
    QCOMPARE(levels.size(), std::size_t{1});
    QCOMPARE(levels[0].quantity, Quantity(300));
}

void ContinuousBookTest::aheadCountsTheOlderQuantityAtThePrice()
{
    m_book = m_books->open(hose(20'000));
    buy(1, 19'950, 200);
    buy(2, 20'000, 700);
    buy(3, 19'950, 300);
    buy(4, 19'950, 100);
    QCOMPARE(*m_books->ahead(1), Quantity(0));
    QCOMPARE(*m_books->ahead(4), Quantity(500));
    QVERIFY(m_books->reduce(1, Quantity(100)));
    QCOMPARE(*m_books->ahead(4), Quantity(400));
    QVERIFY(!m_books->ahead(9));
}

void ContinuousBookTest::restoreBringsTheBookBackWithItsPriorities()
{
    m_book = m_books->open(hose(20'000));
    buy(1, 19'950, 200, 3);
    buy(2, 19'950, 300);
    sell(3, 20'000, 100);
    replace(1, 19'950, 400);
    const std::vector<RestingOrder> saved = m_books->resting(m_book);
    QCOMPARE(resting(), "2:300@19950 3:100@20000 1:400@19950");

    m_books = makeBooks();
    m_book = m_books->open(hose(20'000));
    m_books->restore(m_book, saved);
    const std::vector<RestingOrder> again = m_books->resting(m_book);
    QCOMPARE(again.size(), saved.size());
    for (std::size_t i = 0; i < saved.size(); ++i) {
        QCOMPARE(again[i].ref, saved[i].ref);
        QCOMPARE(again[i].owner, saved[i].owner);
        QCOMPARE(again[i].priority, saved[i].priority);
    }
    buy(4, 19'950, 100);
    QCOMPARE(sell(5, 19'950, 750), "5x2:300@19950 5x1:400@19950 5x4:50@19950");
}

QTEST_APPLESS_MAIN(ContinuousBookTest)
#include "tst_continuous_book.moc"
