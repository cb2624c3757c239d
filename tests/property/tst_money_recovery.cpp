// SPDX-License-Identifier: GPL-3.0-or-later
// A desk that is killed (SIGKILL) again and again in the middle of random commands: after each start its
// balances, positions and holds are those that the entries and orders in its database say, and its journal
// verifies. This program is its own victim: with --desk FOLDER SEED it trades until it is killed.
// KHOP_ROUNDS and KHOP_SEED widen it.
#include "../support/desk_fixture.h"
#include "../support/random_commands.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <atomic>
#include <cstdio>
#include <map>

using namespace khop;
using namespace khop::test;
using namespace Qt::StringLiterals;

namespace {

constexpr AccountNo accounts = 200;
constexpr int reportEvery = 500;

std::uint64_t numberFrom(const char *variable, std::uint64_t otherwise)
{
    bool given = false;
    const qulonglong number = qEnvironmentVariable(variable).toULongLong(&given);
    return given ? number : otherwise;
}

std::unique_ptr<Desk> openDesk(const QString &folder)
{
    DeskOptions options;
    options.databaseFile = folder + u"/khop.db"_s;
    if (!QFile::exists(options.databaseFile))
        options.startAt = at("2026-11-20T08:50:00+07:00");
    options.speed = 0;
    options.participants = true;
    auto opened = Desk::open(options);
    if (!opened)
        qFatal("desk: %s %s", opened.error().field.c_str(), opened.error().value.c_str());
    return std::move(*opened);
}

/// Trades without an end; says on standard output how many commands were answered.
[[noreturn]] void trade(const QString &folder, std::uint64_t seed)
{
    const auto desk = openDesk(folder);
    RandomCommands commands(seed, accounts);
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<OrderRecord> seen;
    std::size_t waiting = 0, answered = 0;
    const auto send = [&](CommandBody body) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return waiting < 300; });
        ++waiting;
        lock.unlock();
        desk->submit(std::move(body), [&](const CommandResult &result) {
            const std::scoped_lock inner(mutex);
            --waiting;
            if (result.order)
                seen.push_back(*result.order);
            if (++answered % reportEvery == 0) {
                std::puts("answered");
                std::fflush(stdout);
            }
            changed.notify_one();
        });
    };
    if (desk->accounts().empty()) {
        const auto instruments = desk->instruments();
        while (auto command = commands.setUp(*instruments))
            send(std::move(*command));
    }
    std::puts("trading");
    std::fflush(stdout);
    while (true) {
        {
            const std::scoped_lock lock(mutex);
            for (const OrderRecord &order : seen)
                commands.note(order);
            seen.clear();
        }
        // a tenth of an hour at a time, and the nights at once
        if (commands.below(400) == 0)
            (void)desk->jumpTo(desk->now() + 360'000);
        if (commands.below(20'000) == 0)
            (void)desk->nextSession();
        if (vietnamTimeOfDay(desk->now()) > 16 * 3'600'000)
            (void)desk->jumpTo(vietnamTime(vietnamDate(desk->now()) + 1, 9 * 3'600'000 - 60'000));
        const auto instruments = desk->instruments();
        send(commands.next(desk->now(), *instruments));
    }
}

/// What the rows of a database add up to.
struct Sums {
    using Cell = std::pair<AccountNo, std::uint32_t>;
    std::map<Cell, std::array<std::int64_t, 3>> cash, securities; // by bucket
    std::map<Cell, std::int64_t> cashHeld, securitiesHeld;        // by open orders
    std::map<std::pair<bool, std::uint32_t>, std::int64_t> balance;
    std::int64_t entries = 0;
};

void addEntries(QSqlDatabase &database, Sums &sums)
{
    QSqlQuery query(database);
    query.setForwardOnly(true);
    QVERIFY2(query.exec(u"SELECT account, securities, coalesce(instrument, 0), "
                        "coalesce(currency, 0), amount, from_bucket, to_bucket FROM ("
                        "SELECT * FROM entries UNION ALL SELECT * FROM entries_history)"_s),
             qPrintable(query.lastError().text()));
    while (query.next()) {
        const bool securities = query.value(1).toBool();
        const auto asset = query.value(securities ? 2 : 3).toUInt();
        const std::int64_t amount = query.value(4).toLongLong();
        const auto from = query.value(5).toUInt(), to = query.value(6).toUInt();
        auto &cell = (securities ? sums.securities : sums.cash)[{query.value(0).toUInt(), asset}];
        if (from < cell.size())
            cell[from] -= amount;
        if (to < cell.size())
            cell[to] += amount;
        ++sums.entries;
    }
}

/// Nothing is held for orders that wait for a condition or for their parent.
void addHolds(QSqlDatabase &database, const InstrumentList &instruments, const MarketRules &rules,
              Sums &sums)
{
    QSqlQuery query(database);
    query.setForwardOnly(true);
    QVERIFY2(query.exec(u"SELECT account, instrument, side, status, remaining, held, condition IS "
                        "NOT NULL, parent IS NOT NULL, condition FROM ("
                        "SELECT * FROM orders_now UNION ALL SELECT * FROM orders_history) "
                        "WHERE remaining > 0"_s),
             qPrintable(query.lastError().text()));
    while (query.next()) {
        const auto account = static_cast<AccountNo>(query.value(0).toUInt());
        const InstrumentIndex instrument = query.value(1).toUInt();
        const QByteArray bytes = query.value(8).toByteArray();
        ByteReader in({bytes.constData(), static_cast<std::size_t>(bytes.size())});
        const auto condition = bytes.isEmpty() ? nullptr : decodeCondition(in);
        const bool conditional = condition && !hasChild(condition->type);
        const bool queued = query.value(3).toInt() == static_cast<int>(OrderStatus::Queued);
        if (queued && (conditional || query.value(7).toBool()))
            continue;
        if (query.value(2).toInt() == static_cast<int>(Side::Sell))
            sums.securitiesHeld[{account, instrument}] += query.value(4).toLongLong();
        else
            sums.cashHeld[{account, currencyIndex(rules, instruments[instrument].currency)}] +=
                query.value(5).toLongLong();
    }
}

} // namespace

class MoneyRecoveryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void afterEveryKillTheMoneyIsWhatTheRowsSay()
    {
        const std::uint64_t seed = numberFrom("KHOP_SEED", 9);
        const std::uint64_t rounds = numberFrom("KHOP_ROUNDS", 8);
        QTemporaryDir folder;
        SplitMix random(seed);
        std::int64_t entries = 0;
        for (std::uint64_t round = 0; round < rounds; ++round) {
            tradeAndKill(folder.path(), seed * 1'000 + round, 2 + random.below(30));
            if (QTest::currentTestFailed())
                return;
            const auto verified = verifyDatabase(folder.filePath(u"khop.db"_s));
            QVERIFY2(verified.has_value(), verified ? "" : verified.error().value.c_str());
            QVERIFY2(!verified->badSequence, verified->why.c_str());
            const std::int64_t now = compare(folder);
            if (QTest::currentTestFailed())
                return;
            QVERIFY(now > entries);
            entries = now;
        }
        qInfo("%llu kills; %lld entries", static_cast<unsigned long long>(rounds),
              static_cast<long long>(entries));
    }

private:
    static void tradeAndKill(const QString &folder, std::uint64_t seed, std::uint64_t reports)
    {
        QProcess victim;
        victim.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        victim.start(QCoreApplication::applicationFilePath(),
                     {u"--desk"_s, folder, QString::number(seed)});
        QVERIFY(victim.waitForStarted());
        bool trading = false;
        for (std::uint64_t seen = 0; seen < reports;) {
            QVERIFY2(victim.canReadLine() || victim.waitForReadyRead(60'000), "it does not answer");
            const QByteArray line = victim.readLine().trimmed();
            trading = trading || line == "trading";
            seen += trading && line == "answered";
        }
        victim.kill();
        QVERIFY(victim.waitForFinished());
        QCOMPARE(victim.exitStatus(), QProcess::CrashExit); // it never ends by itself
    }

    /// The number of entries that were compared.
    static std::int64_t compare(const QTemporaryDir &folder)
    {
        const auto desk = openDesk(folder.path());
        Sums sums;
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"compare"_s);
            database.setDatabaseName(folder.filePath(u"khop.db"_s));
            database.setConnectOptions(u"QSQLITE_OPEN_READONLY"_s);
            [&] {
                QVERIFY(database.open());
                addEntries(database, sums);
                addHolds(database, *desk->instruments(), *desk->rules(), sums);
            }();
        }
        QSqlDatabase::removeDatabase(u"compare"_s);
        compareWith(*desk, sums);
        return sums.entries;
    }
    static void compareWith(const Desk &desk, Sums &sums)
    {
        QCOMPARE(desk.accounts().size(), std::size_t{accounts});
        for (const AccountInfo &account : desk.accounts()) {
            for (const Balance &balance : desk.balances(account.no)) {
                const auto currency = currencyIndex(*desk.rules(), balance.currency);
                const auto &cell = sums.cash[{account.no, currency}];
                QCOMPARE(balance.available.raw(), cell[0]);
                QCOMPARE(balance.held.raw(), cell[1]);
                QCOMPARE(balance.pending.raw(), cell[2]);
                QCOMPARE(balance.held.raw(), (sums.cashHeld[{account.no, currency}]));
                sums.cash.erase({account.no, currency});
            }
            for (const Position &position : desk.positions(account.no)) {
                const auto &cell = sums.securities[{account.no, position.instrument}];
                QCOMPARE(position.sellable.raw(), cell[0]);
                QCOMPARE(position.held.raw(), cell[1]);
                QCOMPARE((position.quantity - position.sellable - position.held).raw(), cell[2]);
                QCOMPARE(position.held.raw(),
                         (sums.securitiesHeld[{account.no, position.instrument}]));
                sums.securities.erase({account.no, position.instrument});
            }
        }
        // and nothing is in the rows that the desk does not show
        for (const auto *rest : {&sums.cash, &sums.securities}) {
            for (const auto &[of, cell] : *rest)
                QCOMPARE(cell, (std::array<std::int64_t, 3>{}));
        }
    }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 4 && app.arguments().at(1) == u"--desk"_s)
        trade(app.arguments().at(2), app.arguments().at(3).toULongLong());
    MoneyRecoveryTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_money_recovery.moc"
