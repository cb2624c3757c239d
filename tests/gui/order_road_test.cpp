// SPDX-License-Identifier: GPL-3.0-or-later
// The whole road of an order that another program gives: HTTP, engine, commit, feed, blotter.
#include "../support/server_fixture.h"

#include "ui/models/desk_feed.h"
#include "ui/models/orders_model.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QThread>
#include <QtTest>

using namespace khop;
using namespace khop::test;
using namespace khop::ui;

class OrderRoadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anOrderOverHttpStandsInTheBlotter();
};

/// The times are printed, not judged: docs/PERFORMANCE.md has them.
void OrderRoadTest::anOrderOverHttpStandsInTheBlotter()
{
    ServerFixture f;
    const auto trader = f.person("nga", server::Role::Trader);
    f.desk.cash(trader.account, 1'000'000'000);
    DeskFeed feed(*f.desk.desk, trader.account);
    OrdersModel blotter;
    connect(&feed, &DeskFeed::ordersChanged, &blotter, &OrdersModel::update);
    feed.start();
    blotter.setListing(feed.listing());
    QSignalSpy rows(&blotter, &QAbstractItemModel::rowsInserted);
    std::vector<qint64> milliseconds;
    for (int i = 0; i < 20; ++i) {
        const int before = blotter.rowCount();
        QElapsedTimer clock;
        clock.start();
        std::unique_ptr<QThread> client(QThread::create([&] {
            const RawReply reply = f.call(
                "POST", "/api/v1/orders",
                R"({"symbol":"SSI","side":"BUY","order_type":"LO","quantity":100,"price":"30000"})",
                trader.token);
            QCOMPARE(reply.status, 201);
        }));
        client->start();
        QTRY_VERIFY_WITH_TIMEOUT(rows.count() > 0 || rows.wait(10), 10'000);
        milliseconds.push_back(clock.elapsed());
        QVERIFY(client->wait(10'000));
        QCOMPARE(blotter.rowCount(), before + 1);
        rows.clear();
    }
    std::ranges::sort(milliseconds);
    qInfo("from the request to the row: %lld ms (median), %lld ms (longest) of 20",
          milliseconds[10], milliseconds.back());
}

QTEST_MAIN(OrderRoadTest)
#include "order_road_test.moc"
