// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that leave memory for the history while the desk trades: every question is answered as if all rows
// still lay in one place, whatever has moved, through restarts and ends of days. What is right is known from
// the desk's own stream of committed groups.
#include "../../support/desk_fixture.h"
#include "../../support/random_commands.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

using namespace khop;
using namespace khop::test;

namespace {

constexpr std::size_t littleMemory = 256 << 10;
constexpr AccountNo accounts = 6;

/// Everything the desk has told.
struct Told {
    mutable std::mutex mutex;
    std::map<OrderNo, OrderRecord> orders;
    std::vector<ExecutionRecord> executions;
    std::vector<TradeRecord> trades;
    std::vector<LedgerEntry> entries;

    void take(const CommittedGroup &group)
    {
        const std::lock_guard lock(mutex);
        for (const OrderRecord &order : group.orders)
            orders[order.no] = order;
        executions.insert(executions.end(), group.executions.begin(), group.executions.end());
        trades.insert(trades.end(), group.trades.begin(), group.trades.end());
        entries.insert(entries.end(), group.entries.begin(), group.entries.end());
    }
    std::vector<OrderNo> numbers(const std::function<bool(const OrderRecord &)> &matches) const
    {
        const std::lock_guard lock(mutex);
        std::vector<OrderNo> newestFirst;
        for (auto it = orders.rbegin(); it != orders.rend(); ++it) {
            if (matches(it->second))
                newestFirst.push_back(it->first);
        }
        return newestFirst;
    }
};

template <class Row>
std::vector<std::uint64_t> numbers(const std::vector<Row> &rows,
                                   const std::function<bool(const Row &)> &matches)
{
    std::vector<std::uint64_t> newestFirst;
    for (auto it = rows.rbegin(); it != rows.rend(); ++it) {
        if (matches(*it))
            newestFirst.push_back(it->no);
    }
    std::ranges::sort(newestFirst, std::greater<>());
    return newestFirst;
}

bool same(const OrderRecord &a, const OrderRecord &b)
{
    return a.no == b.no && a.id == b.id && a.version == b.version && a.status == b.status
           && a.quantity == b.quantity && a.remaining == b.remaining && a.traded == b.traded
           && a.tradedValue == b.tradedValue && a.fee == b.fee && a.tax == b.tax && a.held == b.held
           && a.price == b.price && a.updatedAt == b.updatedAt && a.createdAt == b.createdAt
           && a.clientOrderId == b.clientOrderId
           && (a.condition == nullptr) == (b.condition == nullptr);
}

template <class Row, class Query>
Page<Row> page(const Desk &desk,
               void (Desk::*ask)(const Query &, TradingService::Answer<Page<Row>>) const,
               const Query &query)
{
    std::promise<Result<Page<Row>>> answer;
    (desk.*ask)(query, [&answer](Result<Page<Row>> got) { answer.set_value(std::move(got)); });
    auto got = answer.get_future().get();
    if (!got)
        qFatal("query: %s", got.error().value.c_str());
    return std::move(*got);
}

/// All pages of a query; each must tell the same total when `total` is given.
template <class Row, class Query>
std::vector<Row> walk(const Desk &desk,
                      void (Desk::*ask)(const Query &, TradingService::Answer<Page<Row>>) const,
                      Query query, std::optional<std::uint64_t> total = {})
{
    std::vector<Row> rows;
    for (bool more = true; more;) {
        Page<Row> next = page(desk, ask, query);
        if (total && next.total != *total)
            qFatal("total %llu where %llu match", static_cast<unsigned long long>(next.total),
                   static_cast<unsigned long long>(*total));
        more = next.more && !next.rows.empty();
        rows.insert(rows.end(), next.rows.begin(), next.rows.end());
        if (!next.rows.empty())
            query.before = next.rows.back().no;
    }
    return rows;
}

template <class Row>
std::vector<std::uint64_t> numbersOf(const std::vector<Row> &rows)
{
    std::vector<std::uint64_t> all;
    for (const Row &row : rows)
        all.push_back(row.no);
    return all;
}

class Trading
{
public:
    explicit Trading(std::size_t memory = littleMemory)
        : f("2026-11-20T10:00:00+07:00", false, 100, memory)
    {
        listen();
    }

    /// Stops the clock: nothing happens by itself any more, and all that has happened has been told.
    void rest()
    {
        QVERIFY(f.desk->setSpeed(0).has_value());
        f.send(Tick{});
    }
    void reopen()
    {
        rest();
        m_subscription = {};
        f.desk.reset();
        f.open({}, false, 0);
        listen();
        QVERIFY(f.desk->setSpeed(100).has_value());
    }
    OrderRecord stateOf(const Uuid &id) const
    {
        std::promise<Result<OrderRecord>> found;
        f.desk->findOrder(id, [&](Result<OrderRecord> got) { found.set_value(std::move(got)); });
        return found.get_future().get().value();
    }
    void trade(int commands)
    {
        QVERIFY(f.desk->setSpeed(100).has_value());
        const auto instruments = f.desk->instruments();
        std::vector<std::promise<CommandResult>> results(200);
        for (; commands > 0; commands -= 200) {
            for (AccountNo account = 0; account <= accounts; ++account)
                (void)f.send(SetKillSwitch{account, false, true, {}});
            for (auto &result : results) {
                result = {};
                auto body = m_random.setUp(*instruments);
                if (!body)
                    body = m_random.next(f.desk->now(), *instruments);
                if (auto *place = std::get_if<PlaceOrder>(&*body); place && ++m_ids % 3 == 0)
                    place->clientOrderId = "c" + std::to_string(m_ids);
                f.desk->submit(std::move(*body),
                               [&result](CommandResult r) { result.set_value(std::move(r)); });
            }
            for (auto &result : results) {
                if (const auto answer = result.get_future().get(); answer.ok() && answer.order)
                    m_random.note(*answer.order);
            }
        }
        f.send(Tick{}); // what the last group told has been told
    }
    /// Every query against what was told. Nothing is being traded.
    void check()
    {
        rest();
        const Desk &desk = *f.desk;
        using S = OrderStatus;
        const std::vector<std::vector<S>> statuses{
            {},
            {S::Filled},
            {S::Cancelled, S::Expired, S::Rejected},
            {S::Pending, S::Queued, S::Active, S::PartiallyFilled},
            {S::PartiallyFilled, S::Filled}};
        for (AccountNo account = 0; account <= accounts; ++account) {
            for (const auto &status : statuses) {
                for (const int further : {0, 1, 2}) {
                    OrderQuery query;
                    if (account != 0)
                        query.account = account;
                    query.statuses = status;
                    if (further == 1)
                        query.side = Side::Sell;
                    if (further == 2)
                        query.instrument = f.symbol("SSI");
                    query.limit = 700;
                    const auto right = told.numbers([&](const OrderRecord &order) {
                        return (account == 0 || order.account == account)
                               && (status.empty()
                                   || std::ranges::find(status, order.status) != status.end())
                               && (further != 1 || order.side == Side::Sell)
                               && (further != 2 || order.instrument == *query.instrument);
                    });
                    const auto rows = walk(desk, &Desk::queryOrders, query, right.size());
                    QCOMPARE(numbersOf(rows),
                             std::vector<std::uint64_t>(right.begin(), right.end()));
                    for (const OrderRecord &row : rows)
                        QVERIFY(same(row, told.orders.at(row.no)));
                    query.offset = right.size() / 2;
                    query.limit = 3;
                    const auto middle = numbersOf(page(desk, &Desk::queryOrders, query).rows);
                    for (std::size_t k = 0; k < middle.size(); ++k)
                        QCOMPARE(middle[k], right[right.size() / 2 + k]);
                }
            }
            TradeQuery trades;
            if (account != 0)
                trades.account = account;
            trades.limit = 900;
            const auto executed = numbers<ExecutionRecord>(told.executions, [&](const auto &row) {
                return account == 0 || row.account == account;
            });
            QCOMPARE(numbersOf(walk(desk, &Desk::queryExecutions, trades, executed.size())),
                     executed);
            const auto traded = numbers<TradeRecord>(told.trades, [&](const auto &row) {
                return account == 0 || row.buyAccount == account || row.sellAccount == account;
            });
            QCOMPARE(numbersOf(walk(desk, &Desk::queryTrades, trades, traded.size())), traded);
            for (const bool securities : {false, true}) {
                EntryQuery entries;
                entries.account = std::max<AccountNo>(account, 1);
                entries.securities = securities;
                entries.limit = 2'000;
                const auto booked = numbers<LedgerEntry>(told.entries, [&](const auto &row) {
                    return row.account == entries.account && row.securities == securities;
                });
                QCOMPARE(numbersOf(walk(desk, &Desk::queryEntries, entries, booked.size())),
                         booked);
            }
        }
        CandleQuery candles;
        candles.instrument = f.symbol("SSI");
        candles.from = at("2026-11-20T00:00:00+07:00");
        candles.to = at("2026-12-20T00:00:00+07:00");
        CandleBuilder right(candles);
        for (const TradeRecord &trade : told.trades) {
            if (trade.instrument == candles.instrument)
                right.add(trade);
        }
        std::promise<std::vector<TradedCandle>> answer;
        desk.queryCandles(candles, [&](auto got) { answer.set_value(got.value()); });
        QCOMPARE(volumes(answer.get_future().get()), volumes(right.take()));
    }
    void checkPortfolios()
    {
        rest();
        for (AccountNo account = 1; account <= accounts; ++account) {
            std::promise<Result<PortfolioAnswer>> promise;
            f.desk->queryPortfolio({.account = account}, [&](Result<PortfolioAnswer> got) {
                promise.set_value(std::move(got));
            });
            const auto answer = promise.get_future().get();
            QVERIFY2(answer.has_value(), answer ? "" : answer.error().value.c_str());
            for (const Balance &balance : f.desk->balances(account)) {
                const auto *cash =
                    answer->past->portfolio.cashIn(balance.currency == "USD" ? 1 : 0);
                QCOMPARE(cash->balance,
                         balance.current + balance.pending - balance.loan - balance.advanced);
            }
            for (const Position &position : f.desk->positions(account)) {
                const auto *holding = answer->past->portfolio.find(position.instrument);
                QCOMPARE(holding ? holding->lots.quantity() : Quantity(), position.quantity);
            }
        }
    }
    /// An account that nobody else trades for and nothing stops.
    AccountNo calmAccount()
    {
        const AccountNo account = f.openAccount("calm");
        f.cash(account, 100'000'000);
        f.shares(account, "SSI", 100);
        (void)f.send(SetKillSwitch{0, false, true, {}});
        return account;
    }
    std::int64_t count(const char *sql) const
    {
        std::int64_t value = -1;
        {
            QSqlDatabase db =
                QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("counting"));
            db.setDatabaseName(f.folder.filePath(QStringLiteral("khop.db")));
            db.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000"));
            if (db.open()) {
                QSqlQuery query(db);
                if (query.exec(QLatin1String(sql)) && query.next())
                    value = query.value(0).toLongLong();
            }
        }
        QSqlDatabase::removeDatabase(QStringLiteral("counting"));
        return value;
    }

    DeskFixture f;
    Told told;

private:
    static std::vector<std::int64_t> volumes(const std::vector<TradedCandle> &candles)
    {
        std::vector<std::int64_t> all;
        for (const TradedCandle &candle : candles) {
            all.push_back(candle.time.ms);
            all.push_back(candle.volume.raw());
            all.push_back(candle.close.raw());
        }
        return all;
    }
    void listen()
    {
        m_subscription = f.desk->subscribe(
            [this](const std::shared_ptr<const CommittedGroup> &group) { told.take(*group); });
    }

    Subscription m_subscription;
    RandomCommands m_random{20'261'122, accounts};
    int m_ids = 0;
};

} // namespace

class DayArchiveTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyQuestionIsAnsweredWhereverItsRowsLie()
    {
        Trading t;
        for (int round = 0; round < 6; ++round) {
            t.trade(2'000);
            t.check();
            if (QTest::currentTestFailed())
                return;
        }
        QVERIFY2(t.count("SELECT count(*) FROM orders_history") > 1'500,
                 (std::to_string(t.count("SELECT count(*) FROM orders_history")) + " of "
                  + std::to_string(t.told.orders.size()))
                     .c_str());
        // memory keeps what it is told to: a fraction of the rows
        QTRY_VERIFY_WITH_TIMEOUT(t.count("SELECT count(*) FROM entries")
                                     < static_cast<std::int64_t>(t.told.entries.size() / 5),
                                 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(t.count("SELECT count(*) FROM order_changes") < 2'000, 20'000);
        t.check();
        t.checkPortfolios();
    }

    void aRestartFindsWhatHadMovedAndWhatHadNot()
    {
        Trading t;
        t.trade(1'000);
        for (const char *clock : {"2026-11-20T13:15:00+07:00", "2026-11-23T09:30:00+07:00",
                                  "2026-11-23T10:00:00+07:00", "2026-11-24T10:00:00+07:00"}) {
            t.checkPortfolios(); // books that follow from here on
            t.trade(1'600);
            t.f.clockTo(clock); // what ends or expires by then is told
            t.reopen();
            t.checkPortfolios(); // and those that are read
            t.trade(400);
            t.check();
            t.checkPortfolios();
            if (QTest::currentTestFailed())
                return;
        }
        const auto verified = verifyDatabase(t.f.folder.filePath(QStringLiteral("khop.db")));
        QVERIFY(verified.has_value() && !verified->badSequence);
    }

    void anEndedDayLeavesMemoryAndTheOpenOrdersStay()
    {
        Trading t;
        t.f.rowMemory =
            DeskOptions().rowMemory; // enough for all: nothing leaves but for the day's end
        t.reopen();
        t.trade(3'000);
        QCOMPARE(t.count("SELECT count(*) FROM orders_history"), std::int64_t{0});
        const AccountNo calm = t.calmAccount();
        const auto waiting = t.f.send(t.f.stopSale(calm, "SSI", 29'000, TimeInForce::GTC));
        QCOMPARE(waiting.error.code, Code::OK);
        QVERIFY(t.f.send(AmendOrder{calm, waiting.order->id, {}, {}, {}, Price(28'950)}).ok());
        t.f.clockTo("2026-11-23T09:20:00+07:00");
        QTRY_COMPARE_WITH_TIMEOUT(
            t.count("SELECT count(*) FROM executions WHERE time<1795280400000"), std::int64_t{0},
            20'000);
        QTRY_VERIFY_WITH_TIMEOUT(t.count("SELECT count(*) FROM order_changes") <= 50, 20'000);
        t.check();
        t.reopen();
        QCOMPARE(t.stateOf(waiting.order->id).condition->stopLoss->trigger.raw(), 28'950);
        QVERIFY(t.f.send(CancelOrder{calm, waiting.order->id}).ok());
        t.trade(1'000);
        t.check();
    }

    void ordersThatStayedBehindFollowWhenTheyHaveEnded()
    {
        Trading t;
        t.trade(200); // opens the others
        const AccountNo calm = t.calmAccount();
        t.f.cash(calm, 100'000'000'000);
        const std::int64_t low = t.f.desk->quote(t.f.symbol("HPG")).floor.raw();
        std::vector<Uuid> resting;
        for (int k = 0; k < 2'600; ++k) {
            const auto sent = t.f.order(calm, "HPG", Side::Buy, OrderType::LO, 100, low);
            QCOMPARE(sent.error.code, Code::OK);
            resting.push_back(sent.order->id);
        }
        const auto inHistory = [&] {
            return t.count(
                ("SELECT count(*) FROM orders_history WHERE account=" + std::to_string(calm))
                    .c_str());
        };
        // amended, so that what today's table knows of them is not what they are now
        for (std::size_t k = 0; k < resting.size(); k += 3)
            (void)t.f.send(AmendOrder{calm, resting[k], {}, Quantity(200), {}});
        t.trade(3'000);             // their pieces leave, they stay
        QVERIFY(inHistory() < 400); // a few were filled
        t.check();
        for (std::size_t k = 0; k < resting.size(); k += 2)
            (void)t.f.send(CancelOrder{calm, resting[k]});
        t.check();
        for (int k = 0; k < 40 && inHistory() < 1'300; ++k)
            t.trade(400);
        QVERIFY(inHistory() >= 1'300);
        t.check();
        t.reopen();
        t.check();
        (void)t.f.send(CancelAll{calm, noInstrument});
        for (int k = 0; k < 40 && inHistory() < 2'600; ++k)
            t.trade(400);
        QCOMPARE(inHistory(), std::int64_t{2'600});
        t.check();
    }

    void anOrderThatHasLeftMemoryIsStillKnownWhenItIsSentAgain()
    {
        Trading t;
        t.trade(1'000);
        const AccountNo calm = t.calmAccount();
        const std::int64_t low = t.f.desk->quote(t.f.symbol("HPG")).floor.raw();
        const auto place = [&] {
            return t.f.order(calm, "HPG", Side::Buy, OrderType::LO, 100, low, "mine");
        };
        const auto sent = place();
        QCOMPARE(sent.error.code, Code::OK);
        const OrderRecord first = *sent.order;
        (void)t.f.send(CancelOrder{calm, first.id});
        const OrderRecord ended = t.stateOf(first.id);
        QVERIFY(!isOpen(ended.status));
        const std::string moved =
            "SELECT count(*) FROM orders_history WHERE no=" + std::to_string(first.no);
        for (int k = 0; k < 100 && t.count(moved.c_str()) == 0; ++k)
            t.trade(400);
        QCOMPARE(t.count(moved.c_str()), std::int64_t{1});
        t.trade(2'000); // the piece has left too
        const auto again = place();
        QVERIFY(again.duplicate);
        QVERIFY(same(*again.order, ended));
        OrderQuery query;
        query.clientOrderId = "mine";
        QCOMPARE(numbersOf(walk(*t.f.desk, &Desk::queryOrders, query, 1)),
                 std::vector<std::uint64_t>{first.no});
    }

    /// What was there when the walk began is seen, each once, while orders come and rows move.
    void aWalkBesideTradingMissesNothingAndRepeatsNothing()
    {
        Trading t(littleMemory / 16);
        t.trade(2'000);
        std::atomic<bool> done = false;
        std::atomic<int> walks = 0;
        std::string wrong;
        std::thread reader([&] {
            for (AccountNo account = 1; !done; account = account % accounts + 1) {
                OrderQuery query;
                query.account = account;
                query.limit = 50;
                std::vector<OrderRecord> rows;
                std::uint64_t firstTotal = 0;
                for (bool more = true; more;) {
                    const auto next = page(*t.f.desk, &Desk::queryOrders, query);
                    if (rows.empty())
                        firstTotal = next.total;
                    rows.insert(rows.end(), next.rows.begin(), next.rows.end());
                    more = next.more;
                    if (!next.rows.empty())
                        query.before = next.rows.back().no;
                }
                ++walks;
                if (rows.size() != firstTotal) // later orders come before the first page
                    wrong = "account " + std::to_string(account) + ": "
                            + std::to_string(rows.size()) + " rows of "
                            + std::to_string(firstTotal);
                for (std::size_t k = 1; k < rows.size(); ++k) {
                    if (rows[k].no >= rows[k - 1].no)
                        wrong = "account " + std::to_string(account) + ": out of order";
                }
                if (!wrong.empty())
                    return;
            }
        });
        for (int round = 0; round < 30 && wrong.empty(); ++round)
            t.trade(400);
        done = true;
        reader.join();
        QCOMPARE(wrong, std::string());
        QVERIFY(walks > 10);
    }
};

QTEST_GUILESS_MAIN(DayArchiveTest)
#include "tst_day_archive.moc"
