// SPDX-License-Identifier: GPL-3.0-or-later
// The table models, watched by Qt's model tester, themselves and behind the filter.
#include "listing_fixture.h"
#include "ui/models/board_model.h"
#include "ui/models/cash_model.h"
#include "ui/models/executions_model.h"
#include "ui/models/orders_model.h"
#include "ui/models/positions_model.h"
#include "ui/models/table_filter.h"
#include "ui/models/table_writer.h"
#include "ui/numbers.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QSignalSpy>
#include <QtTest>

using namespace khop;
using namespace khop::ui;
using namespace Qt::StringLiterals;

namespace {

class Watch
{
public:
    explicit Watch(QAbstractItemModel &model)
        : m_model(&model, QAbstractItemModelTester::FailureReportingMode::QtTest)
    {
        m_filter.setSourceModel(&model);
        m_filter.sort(0, Qt::AscendingOrder);
        m_proxy = std::make_unique<QAbstractItemModelTester>(
            &m_filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
    }

private:
    QAbstractItemModelTester m_model;
    TableFilter m_filter;
    std::unique_ptr<QAbstractItemModelTester> m_proxy;
};

OrderRecord orderOf(const Instrument &instrument, OrderNo no, std::int64_t quantity = 500)
{
    OrderRecord order;
    order.no = no;
    order.account = 1;
    order.instrument = instrument.index;
    order.status = OrderStatus::Active;
    order.price = instrument.reference;
    order.quantity = Quantity(quantity);
    order.remaining = Quantity(quantity);
    return order;
}

QString textAt(const QAbstractItemModel &model, int row, int column)
{
    return model.index(row, column).data(Qt::DisplayRole).toString();
}

Tone toneAt(const QAbstractItemModel &model, int row, int column)
{
    return model.index(row, column).data(CellDataRole).value<Cell>().tone;
}

} // namespace

class DeskModelsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_listing = projectListing(); }

    void numbersHaveOneStyle()
    {
        const Instrument &share = bySymbol(m_listing, "VHM");
        const Instrument &bitcoin = bySymbol(m_listing, "BTC");
        QCOMPARE(priceText(Price(25'500), share), u"25.50"_s);
        QCOMPARE(priceText(Price(9'990), share), u"9.99"_s);
        QCOMPARE(priceText(Price(12'345), share), u"12.345"_s);
        QCOMPARE(priceText(Price(1'250'000), share), u"1,250.00"_s);
        QCOMPARE(priceText(Price(9'712'350), bitcoin), u"97,123.50"_s);
        QCOMPARE(quantityText(Quantity(1'300), share), u"1,300"_s);
        QCOMPARE(quantityText(Quantity(150'000'000), bitcoin), u"1.5"_s);
        QCOMPARE(changeText(Price(25'500), Price(25'100), share), u"-0.40"_s);
        QCOMPARE(changeText(Price(25'500), Price(26'000), share), u"+0.50"_s);
        QCOMPARE(percentText(-400, 25'500), u"-1.57"_s);
        QCOMPARE(percentText(500, 25'500), u"+1.96"_s);
    }

    void boardShowsTheFiveColours()
    {
        BoardModel board;
        Watch watch(board);
        board.setInstruments(m_listing.instruments());
        const Instrument &share = bySymbol(m_listing, "FPT");
        const int row = board.rowOf(share.index);
        const auto showLast = [&](Price last) {
            Quote quote;
            quote.instrument = share.index;
            quote.reference = share.reference;
            quote.ceiling = share.ceiling;
            quote.floor = share.floor;
            quote.last = last;
            quote.phase = Phase::Continuous;
            board.updateQuotes({quote});
            return toneAt(board, row, BoardModel::LastPrice);
        };
        QCOMPARE(showLast(share.ceiling), Tone::Ceiling);
        QCOMPARE(showLast(share.floor), Tone::Floor);
        QCOMPARE(showLast(share.reference), Tone::Reference);
        QCOMPARE(showLast(share.reference + Price(100)), Tone::Up);
        QCOMPARE(showLast(share.reference - Price(100)), Tone::Down);
    }

    void boardAnnouncesOnlyWhatChanged()
    {
        BoardModel board;
        board.setInstruments(m_listing.instruments());
        const Instrument &share = bySymbol(m_listing, "FPT");
        Quote quote;
        quote.instrument = share.index;
        quote.reference = share.reference;
        quote.ceiling = share.ceiling;
        quote.floor = share.floor;
        quote.bids = {{share.reference, Quantity(500), 1}};
        board.updateQuotes({quote});

        QSignalSpy changed(&board, &QAbstractItemModel::dataChanged);
        QSignalSpy flashed(&board, &BoardModel::cellChanged);
        board.updateQuotes({quote});
        QCOMPARE(changed.size(), 0);
        quote.bids.front().quantity = Quantity(700);
        board.updateQuotes({quote});
        QCOMPARE(changed.size(), 1);
        const auto first = changed[0][0].toModelIndex();
        const auto last = changed[0][1].toModelIndex();
        QCOMPARE(first.row(), board.rowOf(share.index));
        QCOMPARE(last.row(), board.rowOf(share.index));
        QCOMPARE(first.column(), int(BoardModel::BidQuantity1));
        QCOMPARE(last.column(), int(BoardModel::BidQuantity1));
        QCOMPARE(flashed.size(), 1);
        QCOMPARE(textAt(board, first.row(), BoardModel::BidQuantity1), u"700"_s);
    }

    void ordersStandNewestFirstAndKeepTheLatestVersion()
    {
        OrdersModel orders;
        Watch watch(orders);
        orders.setListing(m_listing);
        const Instrument &share = bySymbol(m_listing, "FPT");
        orders.update({orderOf(share, 2), orderOf(share, 5)});
        orders.update({orderOf(share, 3), orderOf(share, 9)});
        QCOMPARE(orders.rowCount(), 4);
        for (int row = 0; row < 4; ++row)
            QCOMPARE(orders.orderAt(row)->no,
                     (std::array<OrderNo, 4>{9, 5, 3, 2}[std::size_t(row)]));

        OrderRecord filled = orderOf(share, 5);
        filled.version = 3;
        filled.status = OrderStatus::Filled;
        filled.traded = filled.quantity;
        filled.remaining = Quantity(0);
        filled.tradedValue = Money(500 * share.reference.raw());
        orders.update({filled});
        OrderRecord late = orderOf(share, 5);
        late.version = 2;
        orders.update({late});
        QCOMPARE(orders.find(5)->status, OrderStatus::Filled);
        QCOMPARE(textAt(orders, 1, OrdersModel::AveragePrice), priceText(share.reference, share));
        QCOMPARE(orders.openOrders(), 3);
    }

    void onlyFinishedOrdersLeaveALongBlotter()
    {
        OrdersModel orders;
        orders.setListing(m_listing);
        const Instrument &share = bySymbol(m_listing, "FPT");
        std::vector<OrderRecord> many;
        for (OrderNo no = 1; no <= OrdersModel::longest + 300; ++no) {
            many.push_back(orderOf(share, no));
            many.back().status = no % 100 == 1 ? OrderStatus::Active : OrderStatus::Cancelled;
        }
        QAbstractItemModelTester tester(&orders,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        orders.update(many);
        QCOMPARE(orders.rowCount(), OrdersModel::longest);
        QCOMPARE(orders.openOrders(), (OrdersModel::longest + 300) / 100);
        QVERIFY(orders.find(1));
        QVERIFY(!orders.find(2));
    }

    void executionsAreAddedOnce()
    {
        ExecutionsModel executions;
        Watch watch(executions);
        executions.setListing(m_listing);
        const Instrument &share = bySymbol(m_listing, "FPT");
        ExecutionRecord execution;
        execution.instrument = share.index;
        execution.price = share.reference;
        execution.quantity = Quantity(100);
        execution.no = 7;
        ExecutionRecord earlier = execution;
        earlier.no = 4;
        executions.add({execution});
        executions.add({earlier, execution});
        QCOMPARE(executions.rowCount(), 2);
        QCOMPARE(executions.executionAt(0)->no, 7u);
        QCOMPARE(executions.executionAt(1)->no, 4u);
    }

    void positionsAreValuedToTheDong()
    {
        PositionsModel positions;
        Watch watch(positions);
        positions.setListing(m_listing);
        const Instrument &share = bySymbol(m_listing, "FPT");
        Position position;
        position.instrument = share.index;
        position.quantity = Quantity(300);
        position.costBasis = Money(31'697'475);
        positions.setPositions({position});
        Quote quote;
        quote.instrument = share.index;
        quote.last = Price(106'000);
        positions.updateQuotes({quote});
        QCOMPARE(textAt(positions, 0, PositionsModel::MarketValue), u"31,800,000"_s);
        QCOMPARE(textAt(positions, 0, PositionsModel::UnrealizedPnl), u"+102,525"_s);
        QCOMPARE(textAt(positions, 0, PositionsModel::AverageCost), u"105.658"_s);
        QCOMPARE(toneAt(positions, 0, PositionsModel::UnrealizedPnl), Tone::Up);
    }

    void fractionalPositionsAreValuedToTheCent()
    {
        PositionsModel positions;
        positions.setListing(m_listing);
        const Instrument &bitcoin = bySymbol(m_listing, "BTC");
        Position position;
        position.instrument = bitcoin.index;
        position.quantity = Quantity(1'500'000); // 0.015
        position.costBasis = Money(145'000);
        positions.setPositions({position});
        Quote quote;
        quote.instrument = bitcoin.index;
        quote.last = Price(10'000'000); // 100,000.00
        positions.updateQuotes({quote});
        QCOMPARE(textAt(positions, 0, PositionsModel::MarketValue), u"1,500.00"_s);
        QCOMPARE(textAt(positions, 0, PositionsModel::UnrealizedPnl), u"+50.00"_s);
    }

    void cashRowsFollowTheBalances()
    {
        CashModel cash;
        Watch watch(cash);
        cash.setListing(m_listing);
        Balance balance;
        balance.currency = "VND";
        balance.current = Money(1'000'000'000);
        balance.available = Money(947'170'875);
        balance.held = Money(52'829'125);
        cash.setBalances({balance});
        QCOMPARE(textAt(cash, 0, CashModel::Current), u"1,000,000,000"_s);
        QCOMPARE(textAt(cash, 0, CashModel::Available), u"947,170,875"_s);
        QCOMPARE(textAt(cash, 0, CashModel::Held), u"52,829,125"_s);
    }

    void csvKeepsNumbersPlainAndTextHarmless()
    {
        OrdersModel orders;
        orders.setListing(m_listing);
        OrderRecord order = orderOf(bySymbol(m_listing, "FPT"), 1, 1'300);
        order.clientOrderId = "=HYPERLINK(1,\"x\")";
        orders.update({order});
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        QVERIFY(writeCsv(orders,
                         {OrdersModel::Symbol, OrdersModel::SideColumn, OrdersModel::OrderPrice,
                          OrdersModel::OrderQuantity, OrdersModel::ClientId},
                         buffer));
        QCOMPARE(QString::fromUtf8(buffer.data().mid(3)),
                 u"Symbol,Side,Order price,Order qty,Client order ID\r\n"
                 "FPT,BUY,105500,1300,\"'=HYPERLINK(1,\"\"x\"\")\"\r\n"_s);
        QVERIFY(buffer.data().startsWith("\xEF\xBB\xBF"));
        QCOMPARE(toTsv(orders, {0}, {OrdersModel::Symbol, OrdersModel::OrderQuantity}),
                 u"Symbol\tOrder qty\nFPT\t1300"_s);
    }

    void csvTellsWhenItCannotBeWritten()
    {
        OrdersModel orders;
        QBuffer closed;
        closed.open(QIODevice::ReadOnly);
        QTest::ignoreMessage(QtWarningMsg, "QIODevice::write (QBuffer): ReadOnly device");
        QVERIFY(!writeCsv(orders, {OrdersModel::Symbol}, closed));
    }

    void filterFindsWordsAndSortsByTheNumberBehindTheText()
    {
        OrdersModel orders;
        orders.setListing(m_listing);
        orders.update({orderOf(bySymbol(m_listing, "FPT"), 1, 900),
                       orderOf(bySymbol(m_listing, "VHM"), 2, 1'300),
                       orderOf(bySymbol(m_listing, "FPT"), 3, 20'000)});
        TableFilter filter;
        filter.setSourceModel(&orders);
        filter.setText(u"fpt"_s, {OrdersModel::Symbol});
        QCOMPARE(filter.rowCount(), 2);
        filter.setText({}, {});
        filter.sort(OrdersModel::OrderQuantity, Qt::AscendingOrder);
        QCOMPARE(textAt(filter, 0, OrdersModel::OrderQuantity), u"900"_s);
        QCOMPARE(textAt(filter, 1, OrdersModel::OrderQuantity), u"1,300"_s);
        QCOMPARE(textAt(filter, 2, OrdersModel::OrderQuantity), u"20,000"_s);
    }

private:
    Listing m_listing;
};

QTEST_MAIN(DeskModelsTest)
#include "desk_models_test.moc"
