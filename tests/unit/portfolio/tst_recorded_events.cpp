// SPDX-License-Identifier: GPL-3.0-or-later
// A portfolio told by a desk's own records owns, owes and gained what the desk's ledger says.
#include "portfolio_fixture.h"

#include "../../support/engine_fixture.h"
#include "portfolio/recorded_events.h"

using namespace khop;
using namespace khop::test;

namespace {

constexpr std::string_view listed = "symbol,exchange,name,ref\n"
                                    "AAA,HOSE,A,20000\nBBB,HNX,B,15000\nCCC,UPCOM,C,10000\n";

/// Applies what a group has to the portfolio of an account; false when something is refused.
bool follow(const CommittedGroup &group, AccountNo account, Portfolio &portfolio)
{
    for (const LedgerEntry &entry : group.entries) {
        auto event = portfolioEvent(entry);
        if (!event) // endowed at 10,000
            event = portfolioTransfer(entry, 0, Money(entry.amount * 10'000), Price(10'000));
        if (entry.account == account && event && !portfolio.apply(*event))
            return false;
    }
    for (const ExecutionRecord &execution : group.executions) {
        if (execution.account == account && !portfolio.apply(portfolioEvent(execution, 0)))
            return false;
    }
    return true;
}

} // namespace

class RecordedEventsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPortfolioAgreesWithTheLedger();
    void entriesAreCashThatCrossesTheBorder_data();
    void entriesAreCashThatCrossesTheBorder();
};

void RecordedEventsTest::aPortfolioAgreesWithTheLedger()
{
    EngineFixture desk("2026-11-20 08:00", listed);
    const AccountNo account = desk.account();
    const AccountNo other = desk.account();
    Portfolio portfolio;
    SplitMix random(9);
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
    std::int64_t trades = 0;
    const auto followed = [&] {
        QVERIFY(follow(desk.happened, account, portfolio));
        trades += static_cast<std::int64_t>(desk.happened.executions.size());
        desk.happened.clear();
    };
    followed();
    for (const char *day : {"2026-11-20", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"}) {
        desk.to(std::string(day) + " 09:30");
        for (int i = 0; i < 60; ++i) {
            const char *const symbol = std::array{"AAA", "BBB", "CCC"}[random.below(3)];
            const Instrument &instrument = desk.instrument(symbol);
            const Price price =
                instrument.ticks.floorToTick(instrument.reference + Price(below(200) - 100));
            const AccountNo who = random.below(2) == 0 ? account : other;
            const std::int64_t quantity = 100 * (1 + below(30));
            if (random.below(2) == 0)
                desk.buy(who, symbol, quantity, price.raw());
            else
                desk.sell(who, symbol, quantity, price.raw());
        }
        followed();
        for (const char *symbol : {"AAA", "BBB", "CCC"}) {
            const Position theirs = desk.position(account, symbol);
            const Portfolio::Holding *const ours = portfolio.find(desk.symbol(symbol));
            QVERIFY(ours);
            QCOMPARE(ours->lots.quantity(), theirs.quantity);
            QCOMPARE(ours->lots.averageCost().total, theirs.costBasis);
            QCOMPARE(ours->figures.byAverage.afterCosts, theirs.realizedPnl);
        }
        const Balance cash = desk.cash(account);
        QCOMPARE(portfolio.cashIn(0)->balance, cash.current + cash.pending);
        QCOMPARE(portfolio.cashIn(0)->deposited, cash.deposited);
    }
    QVERIFY2(trades > 100, qPrintable(QString::number(trades)));
}

void RecordedEventsTest::entriesAreCashThatCrossesTheBorder_data()
{
    QTest::addColumn<LedgerEntry>("entry");
    QTest::addColumn<int>("kind"); // -1: none
    QTest::addColumn<qint64>("amount");
    using Bucket = LedgerEntry::Bucket;
    using Type = LedgerEntry::Type;
    using Kind = PortfolioCash::Kind;
    const auto row = [](const char *name, Type type, Bucket from, Bucket to, int kind,
                        qint64 amount, std::uint64_t execution = 0) {
        LedgerEntry entry;
        entry.type = type;
        entry.from = from;
        entry.to = to;
        entry.amount = 5;
        entry.execution = execution;
        QTest::newRow(name) << entry << kind << amount;
    };
    const auto of = [](Kind kind) { return static_cast<int>(kind); };
    row("deposit", Type::Deposit, Bucket::Outside, Bucket::Available, of(Kind::Deposit), 5);
    row("withdrawal", Type::Withdraw, Bucket::Available, Bucket::Outside, of(Kind::Withdraw), -5);
    row("dividend", Type::Dividend, Bucket::Street, Bucket::Available, of(Kind::Dividend), 5);
    row("tax on it", Type::Tax, Bucket::Available, Bucket::TaxDue, of(Kind::Tax), -5);
    row("tax of an execution", Type::Tax, Bucket::Available, Bucket::TaxDue, -1, 0, 7);
    row("fee of an execution", Type::Fee, Bucket::Held, Bucket::FeeIncome, -1, 0, 7);
    row("fee of its own", Type::Fee, Bucket::Available, Bucket::FeeIncome, of(Kind::Charge), -5);
    row("custody", Type::Custody, Bucket::Available, Bucket::FeeIncome, of(Kind::Charge), -5);
    row("advance", Type::Advance, Bucket::Pending, Bucket::Available, -1, 0);
    row("its fee", Type::Advance, Bucket::Available, Bucket::FeeIncome, of(Kind::Charge), -5);
    row("interest", Type::Interest, Bucket::Street, Bucket::Available, of(Kind::Interest), 5);
    row("adjustment", Type::SystemAdjustment, Bucket::Available, Bucket::Outside,
        of(Kind::Adjustment), -5);
    row("hold", Type::OrderHold, Bucket::Available, Bucket::Held, -1, 0);
    row("payment", Type::OrderPayment, Bucket::Held, Bucket::Street, -1, 0, 7);
    row("rights sold", Type::OrderPayment, Bucket::Street, Bucket::Available, of(Kind::Dividend),
        5);
    row("rights bought", Type::OrderPayment, Bucket::Available, Bucket::Street, of(Kind::Charge),
        -5);
    row("settlement", Type::Settlement, Bucket::Pending, Bucket::Available, -1, 0);
}

void RecordedEventsTest::entriesAreCashThatCrossesTheBorder()
{
    QFETCH(LedgerEntry, entry);
    QFETCH(int, kind);
    QFETCH(qint64, amount);
    const auto event = portfolioEvent(entry, 7);
    QCOMPARE(event.has_value(), kind >= 0);
    if (event) {
        const auto &cash = std::get<PortfolioCash>(event->body);
        QCOMPARE(static_cast<int>(cash.kind), kind);
        QCOMPARE(cash.amount, Money(amount));
        QCOMPARE(cash.instrument, InstrumentIndex{7});
    }
    QVERIFY(!portfolioTransfer(entry, 0, {}, {}));
    entry.securities = true;
    const auto ofShares = portfolioEvent(entry);
    QCOMPARE(ofShares.has_value(), entry.type == LedgerEntry::Type::Dividend);
    if (ofShares)
        QCOMPARE(std::get<PortfolioShareDividend>(ofShares->body).quantity, Quantity(5));
    const bool outside =
        entry.from == LedgerEntry::Bucket::Outside || entry.to == LedgerEntry::Bucket::Outside;
    QCOMPARE(portfolioTransfer(entry, 0, {}, {}).has_value(), outside && !ofShares);
}

QTEST_APPLESS_MAIN(RecordedEventsTest)
#include "tst_recorded_events.moc"
