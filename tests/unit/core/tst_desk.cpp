// SPDX-License-Identifier: GPL-3.0-or-later
// Orders through a real desk: holds, fills, fees, settlement, sessions, queue, recovery.
#include "../../support/desk_fixture.h"
#include "store/store.h"

#include <QFile>

#include <algorithm>

#ifdef __linux__
#include <csignal>
#include <sys/resource.h>
#endif

using namespace khop;
using namespace khop::test;

class DeskTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRestingBuyHoldsItsCostAndFee()
    {
        DeskFixture f;
        f.cash(f.account, 10'000'000);
        const auto order = f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000);
        QCOMPARE(order.error.code, Code::OK);
        QCOMPARE(order.order->status, OrderStatus::Active);
        QCOMPARE(f.dong(f.account).held.raw(), 3'104'650); // 3,100,000 + 0.15 %
        QCOMPARE(f.dong(f.account).available.raw(), 10'000'000 - 3'104'650);
        QCOMPARE(f.send(CancelOrder{f.account, order.order->id}).order->status,
                 OrderStatus::Cancelled);
        QCOMPARE(f.dong(f.account).held.raw(), 0);
        QCOMPARE(f.dong(f.account).available.raw(), 10'000'000);
    }

    void aBuyThatCashCannotCoverIsRefusedAndChangesNothing() // B28
    {
        DeskFixture f;
        f.cash(f.account, 10'000'000);
        f.shares(f.account, "HPG", 1);
        const auto order = f.order(f.account, "SHB", Side::Buy, OrderType::LO, 600, 16'700);
        QCOMPARE(order.error.code, Code::INSUFFICIENT_CASH);
        QCOMPARE(order.error.value, std::string("10035030"));
        QCOMPARE(order.error.bound, std::string("10000000"));
        QCOMPARE(f.dong(f.account).available.raw(), 10'000'000);
    }

    void aFillMovesCashSharesFeesAndTaxToTheDong() // B33 B34
    {
        DeskFixture f;
        const AccountNo seller = f.openAccount("seller");
        f.cash(f.account, 100'000'000);
        f.shares(seller, "SSI", 1'000);
        f.order(seller, "SSI", Side::Sell, OrderType::LO, 1'000, 31'000);
        const auto buy = f.order(f.account, "SSI", Side::Buy, OrderType::LO, 1'000, 31'500);
        QCOMPARE(buy.order->status, OrderStatus::Filled);
        QCOMPARE(buy.order->tradedValue.raw(), 31'000'000); // at the resting price
        QCOMPARE(f.dong(f.account).current.raw(), 68'953'500);
        QCOMPARE(f.dong(f.account).held.raw(), 0);
        QCOMPARE(f.position(f.account, "SSI").quantity.raw(), 1'000);
        QCOMPARE(f.position(f.account, "SSI").sellable.raw(), 0);
        QCOMPARE(f.position(f.account, "SSI").pendingToday.raw(), 1'000);
        QCOMPARE(f.position(f.account, "SSI").costBasis.raw(), 31'046'500);
        // the seller: 31,000,000 - 46,500 - 31,000 on T+2
        QCOMPARE(f.dong(seller).current.raw(), 0);
        QCOMPARE(f.dong(seller).pending.raw(), 30'922'500);
        QCOMPARE(f.position(seller, "SSI").quantity.raw(), 0);
    }

    void boughtSharesAreSellableFromOneOClockOnTheSecondTradingDay() // B30 B32
    {
        DeskFixture f; // Friday
        const AccountNo seller = f.openAccount("seller");
        f.cash(f.account, 100'000'000);
        f.shares(seller, "SSI", 500);
        f.order(seller, "SSI", Side::Sell, OrderType::LO, 500, 31'000);
        f.order(f.account, "SSI", Side::Buy, OrderType::LO, 500, 31'000);
        QCOMPARE(f.order(f.account, "SSI", Side::Sell, OrderType::LO, 500, 31'000).error.code,
                 Code::INSUFFICIENT_SECURITIES);
        f.clockTo("2026-11-24T12:59:59+07:00"); // Tuesday
        QCOMPARE(f.position(f.account, "SSI").sellable.raw(), 0);
        f.clockTo("2026-11-24T13:00:00+07:00");
        QCOMPARE(f.position(f.account, "SSI").sellable.raw(), 500);
        QCOMPARE(f.dong(seller).available.raw(), 15'500'000 - 23'250 - 15'500);
        QCOMPARE(f.order(f.account, "SSI", Side::Sell, OrderType::LO, 500, 31'000).error.code,
                 Code::OK);
    }

    void theOpeningAuctionFillsAtOnePriceAndCancelsWhatIsLeftOfAto() // B13 B20 B29
    {
        DeskFixture f("2026-11-20T09:05:00+07:00");
        const AccountNo seller = f.openAccount("seller");
        f.cash(f.account, 100'000'000);
        f.shares(seller, "SSI", 500);
        const auto ato = f.order(f.account, "SSI", Side::Buy, OrderType::ATO, 1'000);
        QCOMPARE(ato.error.code, Code::OK);
        QCOMPARE(f.dong(f.account).held.raw(), 33'150'000 + 49'725); // at the ceiling
        QCOMPARE(f.send(CancelOrder{f.account, ato.order->id}).error.code,
                 Code::CANCEL_NOT_ALLOWED_IN_AUCTION);
        const auto sell = f.order(seller, "SSI", Side::Sell, OrderType::LO, 500, 30'000);
        f.clockTo("2026-11-20T09:15:00+07:00");
        const OrderRecord after = f.stateOf(*ato.order);
        QCOMPARE(after.status, OrderStatus::Cancelled);
        QCOMPARE(after.traded.raw(), 500);
        QCOMPARE(after.cancelled.raw(), 500);
        QCOMPARE(f.stateOf(*sell.order).status, OrderStatus::Filled);
        QCOMPARE(f.dong(f.account).held.raw(), 0);
    }

    void bothSidesInOneAuctionAreRefusedButNotInContinuous() // B25 B26
    {
        DeskFixture f("2026-11-20T09:02:00+07:00");
        f.cash(f.account, 100'000'000);
        f.shares(f.account, "SSI", 500);
        QCOMPARE(f.order(f.account, "SSI", Side::Sell, OrderType::LO, 100, 32'000).error.code,
                 Code::OK);
        QCOMPARE(f.order(f.account, "SSI", Side::Buy, OrderType::ATO, 100).error.code,
                 Code::OPPOSITE_ORDER_IN_AUCTION);
        f.clockTo("2026-11-20T10:00:00+07:00");
        QCOMPARE(f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000).error.code,
                 Code::OK);
    }

    void mtlSweepsAndRestsOneTickBeyondItsLastFill() // B01 B04
    {
        DeskFixture f;
        const AccountNo seller = f.openAccount("seller");
        f.cash(f.account, 100'000'000);
        f.shares(seller, "SSI", 500);
        const auto alone = f.order(f.account, "SSI", Side::Buy, OrderType::MTL, 100);
        QCOMPARE(alone.order->status, OrderStatus::Cancelled);
        f.order(seller, "SSI", Side::Sell, OrderType::LO, 300, 31'000);
        f.order(seller, "SSI", Side::Sell, OrderType::LO, 200, 31'050);
        const auto sweep = f.order(f.account, "SSI", Side::Buy, OrderType::MTL, 1'000);
        QCOMPARE(sweep.order->status, OrderStatus::PartiallyFilled);
        QCOMPARE(sweep.order->traded.raw(), 500);
        QCOMPARE(sweep.order->price->raw(), 31'100);
        QCOMPARE(f.dong(f.account).held.raw(), 15'550'000 + 23'325);
        const auto amended =
            f.send(AmendOrder{f.account, sweep.order->id, Price(31'050), {}, {}}); // B24
        QCOMPARE(amended.error.code, Code::OK);
        QCOMPARE(f.dong(f.account).held.raw(),
                 15'525'000 + 23'288); // fee of 31,035,000 less fee of 15,510,000
    }

    void amendsHoldAndReleaseExactly() // B16 B17 B18
    {
        DeskFixture f;
        f.cash(f.account, 100'000'000);
        const auto order = f.order(f.account, "SSI", Side::Buy, OrderType::LO, 1'000, 31'000);
        auto amended = f.send(AmendOrder{f.account, order.order->id, {}, Quantity(600), {}});
        QCOMPARE(amended.error.code, Code::OK);
        QCOMPARE(amended.order->quantity.raw(), 600);
        QCOMPARE(f.dong(f.account).held.raw(), 18'627'900);
        amended = f.send(
            AmendOrder{f.account, order.order->id, Price(30'000), {}, amended.order->version});
        QCOMPARE(amended.error.code, Code::OK);
        QCOMPARE(f.dong(f.account).held.raw(), 18'027'000);
        QCOMPARE(f.send(AmendOrder{f.account, order.order->id, Price(31'000), Quantity(700), {}})
                     .error.code,
                 Code::AMEND_PRICE_OR_QUANTITY);
        QCOMPARE(f.send(AmendOrder{f.account, order.order->id, Price(30'500), {}, 1}).error.code,
                 Code::VERSION_MISMATCH);
        QCOMPARE(f.send(AmendOrder{f.account, order.order->id, Price(30'020), {}, {}}).error.code,
                 Code::INVALID_TICK);
    }

    void closingAuctionLeavesNothingBehind() // B14 B21
    {
        DeskFixture f("2026-11-20T14:00:00+07:00");
        f.cash(f.account, 100'000'000);
        const auto lo = f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 30'000);
        f.clockTo("2026-11-20T14:35:00+07:00");
        QCOMPARE(f.send(CancelOrder{f.account, lo.order->id}).error.code,
                 Code::CANCEL_NOT_ALLOWED_IN_AUCTION);
        const auto atc = f.order(f.account, "SSI", Side::Buy, OrderType::ATC, 100);
        f.clockTo("2026-11-20T14:45:00+07:00");
        QCOMPARE(f.stateOf(*lo.order).status, OrderStatus::Expired);
        QCOMPARE(f.stateOf(*atc.order).status, OrderStatus::Cancelled);
        QCOMPARE(f.dong(f.account).available.raw(), 100'000'000);
    }

    void ploFillsAtTheCloseInBothPhases() // B12 B22
    {
        DeskFixture f("2026-11-20T14:00:00+07:00");
        const AccountNo seller = f.openAccount("seller");
        f.cash(f.account, 100'000'000);
        f.shares(seller, "SHS", 1'000);
        f.order(seller, "SHS", Side::Sell, OrderType::LO, 100, 16'900);
        f.order(f.account, "SHS", Side::Buy, OrderType::LO, 100, 16'900);
        f.clockTo("2026-11-20T14:46:00+07:00");
        const auto buy = f.order(f.account, "SHS", Side::Buy, OrderType::PLO, 300);
        QCOMPARE(buy.error.code, Code::OK);
        const auto sell = f.order(seller, "SHS", Side::Sell, OrderType::PLO, 200);
        QCOMPARE(f.stateOf(*sell.order).status, OrderStatus::Active); // collected until 14:55
        QCOMPARE(f.send(CancelOrder{f.account, buy.order->id}).error.code,
                 Code::ORDER_NOT_CANCELLABLE);
        f.clockTo("2026-11-20T14:55:00+07:00");
        QCOMPARE(f.stateOf(*sell.order).status, OrderStatus::Filled);
        QCOMPARE(f.stateOf(*sell.order).tradedValue.raw(), 200 * 16'900);
        const auto late = f.order(seller, "SHS", Side::Sell, OrderType::PLO, 50);
        QCOMPARE(late.error.code, Code::ODD_LOT_LIMIT_ONLY);
        f.clockTo("2026-11-20T15:00:00+07:00");
        QCOMPARE(f.stateOf(*buy.order).status, OrderStatus::Cancelled);
        QCOMPARE(f.stateOf(*buy.order).traded.raw(), 200);
    }

    void ordersOutsideTheirSessionQueueWhenAskedTo()
    {
        DeskFixture f("2026-11-20T08:30:00+07:00");
        f.cash(f.account, 100'000'000);
        QCOMPARE(f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000).error.code,
                 Code::MARKET_CLOSED);
        const auto early =
            f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000, std::string(), true);
        QCOMPARE(early.order->status, OrderStatus::Queued);
        QVERIFY(f.dong(f.account).held.raw() > 0);
        const auto atc =
            f.order(f.account, "SSI", Side::Buy, OrderType::ATC, 100, {}, std::string(), true);
        f.clockTo("2026-11-20T09:00:00+07:00");
        QCOMPARE(f.stateOf(*early.order).status, OrderStatus::Active);
        QCOMPARE(f.stateOf(*atc.order).status, OrderStatus::Queued);
        f.clockTo("2026-11-20T14:30:00+07:00");
        QCOMPARE(f.stateOf(*atc.order).status, OrderStatus::Active);
    }

    void aCancelAtLunchIsKeptAndSentAtOne()
    {
        DeskFixture f("2026-11-20T11:00:00+07:00");
        f.cash(f.account, 100'000'000);
        const auto order = f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000);
        f.clockTo("2026-11-20T11:45:00+07:00");
        QCOMPARE(f.send(CancelOrder{f.account, order.order->id}).order->status,
                 OrderStatus::PendingCancel);
        f.clockTo("2026-11-20T13:00:00+07:00");
        QCOMPARE(f.stateOf(*order.order).status, OrderStatus::Cancelled);
    }

    void aResentOrderIsRecognised()
    {
        DeskFixture f;
        f.cash(f.account, 100'000'000);
        const auto first =
            f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000, "bot-1");
        const auto again =
            f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000, "bot-1");
        QVERIFY(again.duplicate);
        QCOMPARE(again.order->id, first.order->id);
        const auto other =
            f.order(f.account, "SSI", Side::Buy, OrderType::LO, 200, 31'000, "bot-1");
        QCOMPARE(other.error.code, Code::DUPLICATE_CLIENT_ORDER_ID);
    }

    void aReopenedDeskIsTheSame()
    {
        DeskFixture f;
        f.cash(f.account, 100'000'000);
        f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000, "bot-1");
        const auto before = f.desk->health();
        const Balance cash = f.dong(f.account);
        f.desk.reset();
        auto verified = verifyDatabase(f.folder.filePath(QStringLiteral("khop.db")));
        QVERIFY(verified.has_value());
        QVERIFY2(!verified->badSequence, verified->why.c_str());
        f.open({});
        QVERIFY(f.desk->health().sequence
                > before.sequence); // the clean stop's and start's own ticks
        QCOMPARE(f.dong(f.account).held, cash.held);
        QVERIFY(
            f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000, "bot-1").duplicate);
    }

    void aPutThroughDealSurvivesARestart()
    {
        DeskFixture f;
        const AccountNo buyer = f.openAccount("buyer");
        f.cash(buyer, 1'000'000'000);
        f.shares(f.account, "SSI", 20'000);
        const auto proposed = f.send(ProposePutThrough{f.account,
                                                       buyer,
                                                       {},
                                                       f.symbol("SSI"),
                                                       Side::Sell,
                                                       Quantity(20'000),
                                                       Price(31'001),
                                                       "lot"});
        QCOMPARE(proposed.error.code, Code::OK);
        f.desk.reset();
        f.open("2026-11-20T10:05:00+07:00");
        QCOMPARE(f.position(f.account, "SSI").held.raw(), 20'000);
        const auto rows = [&](std::optional<Uuid> id) {
            PutThroughQuery query;
            query.account = buyer;
            query.id = id;
            std::promise<Page<PutThroughRecord>> page;
            f.desk->queryPutThroughs(query, [&](Result<Page<PutThroughRecord>> result) {
                page.set_value(result.value());
            });
            return page.get_future().get();
        };
        QCOMPARE(rows({}).total, std::uint64_t{1});
        const Uuid id = rows({}).rows.front().id;
        QCOMPARE(rows(id).rows.front().description, std::string("lot"));
        QVERIFY(f.send(AnswerPutThrough{buyer, id, AnswerPutThrough::Answer::Accept}).ok());
        QCOMPARE(rows(id).rows.front().status, PutThroughStatus::Executed);
        TradeQuery trades;
        trades.account = buyer;
        std::promise<Page<TradeRecord>> traded;
        f.desk->queryTrades(
            trades, [&](Result<Page<TradeRecord>> page) { traded.set_value(page.value()); });
        const Page<TradeRecord> page = traded.get_future().get();
        QCOMPARE(page.rows.size(), std::size_t{1});
        QVERIFY(page.rows.front().putThrough);
        f.desk.reset();
        const auto verified = verifyDatabase(f.folder.filePath(QStringLiteral("khop.db")));
        QVERIFY(verified.has_value() && !verified->badSequence);
        f.open("2026-11-20T10:10:00+07:00");
        QCOMPARE(f.position(buyer, "SSI").pendingToday.raw(), 20'000);
    }

    /// A move promises nothing and so waits for no disk, whether it works or not; a commit always waits.
    void aCommitWaitsForTheDiskAlsoAfterRowsHaveMoved()
    {
        DeskFixture f;
        f.cash(f.account, 500'000'000);
        const OrderRecord order =
            *f.order(f.account, "SSI", Side::Buy, OrderType::LO, 1'000, 30'000).order;
        f.desk.reset();
        const QStringList others = QSqlDatabase::connectionNames();
        auto store =
            Store::open(f.folder.filePath(QStringLiteral("khop.db")), Store::Mode::ReadWrite);
        QVERIFY(store.has_value());
        const auto synchronous = [&others] {
            for (const QString &name : QSqlDatabase::connectionNames()) {
                QSqlQuery query(QSqlDatabase::database(name));
                if (!others.contains(name) && query.exec(QStringLiteral("PRAGMA synchronous"))
                    && query.next())
                    return query.value(0).toInt();
            }
            return -1;
        };
        constexpr int normal = 1, full = 2;
        QCOMPARE(synchronous(), full);
        CommittedGroup group;
        Store::Write write;
        write.journal.first = write.journal.last = 1'000'000;
        write.rows = &group;
        HistoryMove move;
        move.orders = {&order};
        QVERIFY((*store)->moveToHistory(move).has_value());
        QCOMPARE(synchronous(), normal);
        QVERIFY((*store)->commit(write).has_value());
        QCOMPARE(synchronous(), full);
        RowArray<TradeRecord> none; // a trade that today's table does not have
        none.push_back({});
        move = {};
        move.trades = {&none, 0, 1};
        QVERIFY(!(*store)->moveToHistory(move).has_value());
        QCOMPARE((*store)->moved()->trade, std::uint64_t{0});
        write.journal.first = write.journal.last = 1'000'001;
        QVERIFY((*store)->commit(write).has_value());
        QCOMPARE(synchronous(), full);
    }

    /// An order's row stays as it was first written; what became of it follows in another table.
    void whatBecameOfAnOrderSurvivesARestartAndTheTurnOfTheDay()
    {
        DeskFixture f;
        f.cash(f.account, 500'000'000);
        const AccountNo seller = f.openAccount("seller");
        f.shares(seller, "SSI", 1'000);
        const std::vector<OrderRecord> all{
            *f.order(f.account, "SSI", Side::Buy, OrderType::LO, 1'000, 30'000, "amended").order,
            *f.order(f.account, "SSI", Side::Buy, OrderType::LO, 1'000, 31'000, "filled").order,
            *f.send(f.stopSale(seller, "SSI", 29'500, TimeInForce::GTC)).order};
        for (const std::int64_t quantity : {900, 800, 700})
            QVERIFY(f.send(AmendOrder{f.account, all[0].id, {}, Quantity(quantity), {}}).ok());
        QVERIFY(f.send(AmendOrder{seller, all[2].id, {}, {}, {}, Price(29'600)}).ok());
        for (const std::int64_t quantity : {300, 700})
            f.order(seller, "SSI", Side::Sell, OrderType::LO, quantity, 31'000);
        const auto states = [&] {
            std::vector<OrderRecord> now;
            for (const OrderRecord &order : all) {
                std::promise<Result<OrderRecord>> found;
                f.desk->findOrder(order.id, [&](Result<OrderRecord> r) { found.set_value(r); });
                now.push_back(found.get_future().get().value());
            }
            return now;
        };
        const auto same = [](const std::vector<OrderRecord> &a, const std::vector<OrderRecord> &b) {
            return std::ranges::equal(a, b, [](const OrderRecord &x, const OrderRecord &y) {
                return x.no == y.no && x.version == y.version && x.status == y.status
                       && x.quantity == y.quantity && x.remaining == y.remaining
                       && x.traded == y.traded && x.tradedValue == y.tradedValue && x.fee == y.fee
                       && x.held == y.held && x.updatedAt == y.updatedAt
                       && x.createdAt == y.createdAt && x.clientOrderId == y.clientOrderId;
            });
        };
        const std::vector<OrderRecord> before = states();
        QCOMPARE(before[0].quantity.raw(), 700);
        QCOMPARE(before[1].status, OrderStatus::Filled);
        f.desk.reset();
        const QString file = f.folder.filePath(QStringLiteral("khop.db"));
        {
            auto store = Store::open(file, Store::Mode::ReadWrite);
            QVERIFY(store.has_value());
            std::vector<OrderRecord> read;
            for (const OrderRecord &order : before)
                read.push_back((*store)->readOrder(order.no).value());
            QVERIFY(same(read, before));
        }
        {
            // the rows of changes go on being numbered after some were forgotten
            const QString copy = f.folder.filePath(QStringLiteral("copy.db"));
            QVERIFY(QFile::copy(file, copy));
            QVERIFY(QFile::copy(JournalKeys::fileOf(file), JournalKeys::fileOf(copy)));
            auto store = Store::open(copy, Store::Mode::ReadWrite);
            QVERIFY(store.has_value());
            QCOMPARE((*store)->readOrder(before[0].no)->version, before[0].version);
            HistoryMove move;
            move.orders = {&before[1]};
            move.left = {&before[0], &before[2]};
            QVERIFY((*store)->moveToHistory(move).has_value());
            const std::int64_t last = (*store)->lastChange().value();
            QVERIFY((*store)->forgetChanges(last, 1'000).value());
            QCOMPARE((*store)->lastChange().value(), last);
            CommittedGroup group;
            group.orders = {before[2]};
            for (std::uint64_t k = 1; k <= 10; ++k) {
                Store::Write write;
                write.journal.first = write.journal.last = 1'000'000 + k;
                write.rows = &group;
                QVERIFY((*store)->commit(write).has_value());
            }
            QCOMPARE((*store)->lastChange().value(), last + 10);
            for (const OrderRecord &order : before)
                QVERIFY(same({(*store)->readOrder(order.no).value()}, {order}));
        }
        f.open("2026-11-20T10:10:00+07:00");
        QVERIFY(same(states(), before));
        // resent after the restart, it is known as it is now
        const auto again =
            f.order(f.account, "SSI", Side::Buy, OrderType::LO, 1'000, 31'000, "filled");
        QVERIFY(again.duplicate);
        QCOMPARE(again.order->status, OrderStatus::Filled);

        f.clockTo("2026-11-23T10:00:00+07:00");
        const std::vector<OrderRecord> nextDay = states();
        QCOMPARE(nextDay[0].status, OrderStatus::Expired);
        QCOMPARE(nextDay[0].cancelled.raw(), 700);
        QVERIFY(same({nextDay[1]}, {before[1]}));
        QCOMPARE(nextDay[2].condition->stopLoss->trigger.raw(), 29'600);
        QVERIFY(f.send(CancelOrder{seller, all[2].id}).ok());
        f.desk.reset();
        f.open("2026-11-23T10:10:00+07:00");
        QCOMPARE(states()[2].status, OrderStatus::Cancelled);
        QVERIFY(same({states()[0], states()[1]}, {nextDay[0], nextDay[1]}));
    }

    void finishedDaysArePagedWithTodayNewestFirst()
    {
        DeskFixture f;
        f.cash(f.account, 100'000'000);
        for (int k = 0; k < 5; ++k)
            f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 30'000 + k * 50,
                    "old-" + std::to_string(k));
        f.clockTo("2026-11-23T10:00:00+07:00");
        for (int k = 0; k < 3; ++k)
            f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 30'000 + k * 50,
                    "new-" + std::to_string(k));
        std::vector<std::string> seen;
        OrderQuery query;
        query.account = f.account;
        query.limit = 2;
        for (bool more = true; more;) {
            std::promise<Page<OrderRecord>> promise;
            f.desk->queryOrders(query, [&](Result<Page<OrderRecord>> page) {
                promise.set_value(std::move(page.value()));
            });
            const auto page = promise.get_future().get();
            QCOMPARE(page.total, std::uint64_t{8});
            for (const OrderRecord &order : page.rows)
                seen.push_back(order.clientOrderId);
            more = page.more;
            query.before = page.rows.back().no;
        }
        const std::vector<std::string> expected{"new-2", "new-1", "new-0", "old-4",
                                                "old-3", "old-2", "old-1", "old-0"};
        QCOMPARE(seen, expected);
    }

#ifdef __linux__
    void aDeskWhoseDiskIsFullTakesNothingAndStartsAgain()
    {
        DeskFixture f;
        f.cash(f.account, 1'000'000'000);
        const auto first = f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000, "one");
        QVERIFY(first.ok());
        const std::uint64_t sequence = f.desk->health().sequence;

        std::signal(SIGXFSZ, SIG_IGN); // writing beyond the limit fails instead
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        rlimit none = before;
        none.rlim_cur = 1;
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &none), 0);
        const auto lost = f.order(f.account, "SSI", Side::Buy, OrderType::LO, 200, 31'000, "two");
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        QCOMPARE(lost.error.code, Code::SHUTTING_DOWN);
        QCOMPARE(f.desk->health().sequence, sequence);
        QCOMPARE(f.dong(f.account).held.raw(), 3'104'650);

        QTRY_VERIFY_WITH_TIMEOUT(f.desk->health().running, 20'000);
        QCOMPARE(f.desk->health().detail, std::string());
        QCOMPARE(f.dong(f.account).held.raw(), 3'104'650);
        const auto again = f.order(f.account, "SSI", Side::Buy, OrderType::LO, 200, 31'000, "two");
        QVERIFY(again.ok() && !again.duplicate);
        const auto known = f.order(f.account, "SSI", Side::Buy, OrderType::LO, 100, 31'000, "one");
        QVERIFY(known.ok() && known.duplicate && known.order->id == first.order->id);
        QCOMPARE(f.dong(f.account).held.raw(), 3 * 3'104'650);
        f.desk.reset();
        auto verified = verifyDatabase(f.folder.filePath(QStringLiteral("khop.db")));
        QVERIFY2(!verified->badSequence, verified->why.c_str());
    }
#endif

    void aPreviewOfASellRoundsTheCollarAsTheOrderDoes()
    {
        DeskFixture f;
        f.shares(f.account, "DEMO", 1'000);
        PlaceOrder sell;
        sell.account = f.account;
        sell.instrument = f.symbol("DEMO");
        sell.side = Side::Sell;
        sell.type = OrderType::Market;
        sell.quantity = Quantity(1);
        PlaceOrder bid = sell;
        bid.side = Side::Buy;
        bid.type = OrderType::Limit;
        bid.price = Price(1'003); // 5 % below is 9.5285: off the tick
        QVERIFY(f.send(EndowCash{f.account, "USD", Money(1'000'000)}).ok());
        QVERIFY(f.send(bid).ok());
        const OrderPreview preview = f.desk->preview(sell);
        const AccountNo other = f.openAccount("seller");
        f.shares(other, "DEMO", 1'000);
        sell.account = other;
        sell.quantity = Quantity(2); // one more than the bid: the rest is killed at the collar
        const auto sold = f.send(sell);
        QVERIFY(sold.ok());
        QCOMPARE(preview.holdPrice, *sold.order->price);
    }

    void aPracticeEveningRollsOnToTheNextTradingDay()
    {
        DeskFixture f("2026-11-20T15:00:10+07:00", true, 100); // Friday
        QTRY_COMPARE_WITH_TIMEOUT(isoDate(vietnamDate(f.desk->now())), std::string("2026-11-23"),
                                  20'000);
        QTRY_COMPARE_WITH_TIMEOUT(f.desk->session(Exchange::HNX).phase, Phase::Continuous, 20'000);
    }

    void aPracticeDayConservesEverythingAndReplays()
    {
        DeskFixture f("2026-11-20T08:59:50+07:00", true, 100);
        f.cash(f.account, 1'000'000'000);
        QTRY_VERIFY_WITH_TIMEOUT(f.desk->now() >= at("2026-11-20T09:20:00+07:00"), 60'000);
        const auto order = f.order(f.account, "FPT", Side::Buy, OrderType::MTL, 500);
        QCOMPARE(order.error.code, Code::OK);
        QVERIFY(order.order->traded.raw() > 0);
        for (const Instrument &instrument : *f.desk->instruments()) {
            const Quote quote = f.desk->quote(instrument.index);
            if (!quote.bids.empty() && !quote.asks.empty())
                QVERIFY(quote.bids[0].price < quote.asks[0].price);
        }
        f.desk.reset();
        auto verified = verifyDatabase(f.folder.filePath(QStringLiteral("khop.db")));
        QVERIFY2(!verified->badSequence, verified->why.c_str());
    }
};

QTEST_GUILESS_MAIN(DeskTest)
#include "tst_desk.moc"
