// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk says of an order beforehand, and how much of each limit is used, agrees with what it then does;
// after a start too.
#include "../../support/desk_fixture.h"
#include "../../support/risk_cases.h"

using namespace khop;
using namespace khop::test;

namespace {

class DeskStage final : public RiskStage
{
public:
    DeskStage() { open(); }
    CommandResult send(CommandBody body) override { return m_fixture.send(std::move(body)); }
    InstrumentIndex symbol(const char *name) override { return m_fixture.symbol(name); }
    void pass(std::int64_t milliseconds) override
    {
        QVERIFY(desk().jumpTo(desk().now() + milliseconds));
        send(Tick{});
    }
    Desk &desk() { return *m_fixture.desk; }
    void restart()
    {
        m_fixture.desk.reset();
        m_fixture.DeskFixture::open(std::nullopt);
    }
    void limit(RiskLimits limits, AccountNo of)
    {
        QCOMPARE(send(SetRiskLimits{of, std::make_shared<RiskLimits>(std::move(limits))}).error,
                 Error{});
    }
    /// "used/bound" of a limit; empty when it is not in force.
    std::string use(RiskLimit limit, std::optional<InstrumentIndex> instrument = {})
    {
        for (const LimitUse &use : desk().limitUse(account)) {
            if (use.limit == limit && use.instrument == instrument)
                return (use.used ? std::to_string(*use.used) : "-") + "/"
                       + (use.bound ? std::to_string(*use.bound) : "-");
        }
        return {};
    }

private:
    DeskFixture m_fixture;
};

} // namespace

class RiskPreviewTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPreviewPredictsEachRefusal_data()
    {
        QTest::addColumn<int>("index");
        QTest::addColumn<bool>("restart");
        const auto cases = riskCases();
        for (int i = 0; i < std::ssize(cases); ++i) {
            QTest::newRow(cases[static_cast<std::size_t>(i)].name) << i << false;
            QTest::addRow("%s, after a start", cases[static_cast<std::size_t>(i)].name)
                << i << true;
        }
    }
    void aPreviewPredictsEachRefusal()
    {
        QFETCH(int, index);
        QFETCH(bool, restart);
        const RiskCase row = riskCases()[static_cast<std::size_t>(index)];
        DeskStage stage;
        const AccountNo of = index % 2 == 0 ? stage.account : 0;
        row.before(stage);
        stage.limit(row.limits(stage, true), of);
        if (restart)
            stage.restart();
        const PlaceOrder order = row.order(stage);
        QCOMPARE(stage.desk().preview(order).refusal, std::optional(row.refusal));
        QCOMPARE(stage.send(order).error, row.refusal);
        stage.limit(row.limits(stage, false), of);
        QCOMPARE(stage.desk().preview(order).refusal, std::optional<Error>{});
        QCOMPARE(stage.send(order).error, Error{});
    }

    void aPreviewKnowsPaceAndSwitches()
    {
        DeskStage stage;
        RiskLimits limits;
        limits.duplicateWindow = 1'000;
        limits.rate = OrderRate{2, 60'000};
        stage.limit(limits, stage.account);
        const PlaceOrder order = stage.order("SSI", Side::Buy, 100, 30'000);
        QVERIFY(stage.send(order).ok());
        QCOMPARE(stage.desk().preview(order).refusal->code, Code::DUPLICATE_ORDER);
        stage.pass(1'000);
        QVERIFY(!stage.desk().preview(order).refusal);
        QVERIFY(stage.send(order).ok());
        QCOMPARE(stage.desk().preview(order).refusal->code, Code::ORDER_RATE_LIMIT);
        stage.restart();
        QCOMPARE(stage.desk().preview(order).refusal->code, Code::ORDER_RATE_LIMIT);
        QCOMPARE(stage.send(order).error.code, Code::ORDER_RATE_LIMIT);
        stage.send(SetKillSwitch{0, true, true, "fire drill"});
        QCOMPARE(stage.desk().preview(order).refusal,
                 std::optional(Error{Code::KILL_SWITCH, "account_id", "fire drill"}));
    }

    void useIsWhatTheChecksCount()
    {
        DeskStage stage;
        stage.place("SSI", Side::Buy, 200, 29'000);
        stage.place("HPG", Side::Buy, 100, 28'000);
        RiskLimits limits;
        limits.positionCount = 5;
        limits.openOrders = 9;
        limits.every.position = Quantity(5'000);
        limits.money[0].dailyLoss = Money(1'000'000);
        limits.rate = OrderRate{3, 5'000};
        limits.symbols[stage.symbol("SSI")].concentration = 500'000;
        limits.symbols[stage.symbol("FPT")].restricted = true;
        stage.limit(limits, stage.account);
        stage.print("SSI", 30'900);
        QCOMPARE(stage.use(RiskLimit::PositionCount), std::string("2/5"));
        QCOMPARE(stage.use(RiskLimit::OpenOrders), std::string("2/9"));
        QCOMPARE(stage.use(RiskLimit::Position), std::string("-/5000"));
        QCOMPARE(stage.use(RiskLimit::Position, stage.symbol("SSI")), std::string("1200/5000"));
        QCOMPARE(stage.use(RiskLimit::Position, stage.symbol("HPG")), std::string("100/5000"));
        QCOMPARE(stage.use(RiskLimit::DailyLoss), std::string("100000/1000000"));
        QCOMPARE(stage.use(RiskLimit::OrderRate), std::string("0/3"));
        QCOMPARE(stage.use(RiskLimit::Restricted, stage.symbol("FPT")), std::string("-/-"));
        // 1,200 x 30,900 of 69,000,000 + 30,900,000, rounded up
        QCOMPARE(stage.use(RiskLimit::Concentration, stage.symbol("SSI")),
                 std::string("371172/500000"));
        stage.place("SSI", Side::Buy, 100, 29'000);
        QCOMPARE(stage.use(RiskLimit::OrderRate), std::string("1/3"));
        QCOMPARE(stage.use(RiskLimit::OpenOrders), std::string("3/9"));
    }

    void theProgramsLimitsAreTheHouses()
    {
        QTemporaryDir folder;
        DeskOptions options;
        options.databaseFile = folder.filePath(QStringLiteral("khop.db"));
        options.startAt = at("2026-11-20T10:00:00+07:00");
        options.speed = 0;
        options.participants = false;
        options.mostPerOrder = 1'000;
        options.mostSymbols = 3;
        {
            auto desk = Desk::open(options);
            QVERIFY(desk.has_value());
            QCOMPARE((*desk)->riskPolicy()->house.every.orderQuantity,
                     std::optional(Quantity(1'000)));
        }
        options.mostPerOrder.reset();
        options.mostSymbols = 4;
        options.startAt.reset();
        auto desk = Desk::open(options);
        QVERIFY(desk.has_value());
        const auto policy = (*desk)->riskPolicy();
        QCOMPARE(policy->house.every.orderQuantity, std::optional(Quantity(1'000)));
        QCOMPARE(policy->house.positionCount, std::optional(std::int64_t{4}));
    }
};

QTEST_GUILESS_MAIN(RiskPreviewTest)
#include "tst_risk_preview.moc"
