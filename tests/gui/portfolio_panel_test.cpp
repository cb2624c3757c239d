// SPDX-License-Identifier: GPL-3.0-or-later
// The portfolio on the screen, over a real desk: holdings, totals, curve and parts, and that they follow.
#include "../support/desk_fixture.h"
#include "ui/models/portfolio_model.h"
#include "ui/numbers.h"
#include "ui/views/allocation_bars.h"
#include "ui/views/equity_chart.h"
#include "ui/views/portfolio_panel.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QtTest>

using namespace khop;
using namespace khop::test;
using namespace khop::ui;
using namespace Qt::StringLiterals;

class PortfolioPanelTest final : public QObject
{
    Q_OBJECT

private:
    static QString cell(const CellTable *table, int row, int column)
    {
        return table->model()->index(row, column).data(Qt::DisplayRole).toString();
    }

private Q_SLOTS:
    void thePanelShowsWhatTheLedgerSays()
    {
        DeskFixture desk;
        const AccountNo other = desk.openAccount("other");
        desk.cash(desk.account, 100'000'000);
        desk.cash(other, 1'000'000'000);
        desk.shares(other, "SSI", 5'000);
        desk.shares(other, "FPT", 5'000);
        desk.order(other, "SSI", Side::Sell, OrderType::LO, 1'000, 31'000);
        desk.order(desk.account, "SSI", Side::Buy, OrderType::LO, 1'000, 31'000);

        Theme theme;
        DeskFeed feed(*desk.desk, desk.account);
        PortfolioPanel panel(feed, theme);
        QAbstractItemModelTester tester(panel.table()->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        panel.resize(1000, 300);
        panel.show();
        feed.start();
        auto *const equity = panel.findChild<QLabel *>(u"portfolioEquity"_s);
        QTRY_COMPARE(equity->text(), u"99,953,500"_s);
        QCOMPARE(panel.table()->model()->rowCount(), 1);
        QCOMPARE(cell(panel.table(), 0, PortfolioModel::Symbol), u"SSI"_s);
        QCOMPARE(cell(panel.table(), 0, PortfolioModel::HeldQuantity), u"1,000"_s);
        QCOMPARE(cell(panel.table(), 0, PortfolioModel::AverageCost), u"31.047"_s);
        QCOMPARE(cell(panel.table(), 0, PortfolioModel::Weight), u"100.00%"_s);
        QCOMPARE(cell(panel.table(), 0, PortfolioModel::UnrealizedPnl), u"-46,500"_s);
        QCOMPARE(cell(panel.table(), 0, PortfolioModel::DailyPnl), u"-46,500"_s);
        QCOMPARE(panel.chart()->pointCount(), std::size_t{1});

        // a price and another holding come by themselves
        desk.order(other, "FPT", Side::Sell, OrderType::LO, 100, 105'500);
        desk.order(desk.account, "FPT", Side::Buy, OrderType::LO, 100, 105'500);
        QTRY_COMPARE(panel.table()->model()->rowCount(), 2);
        desk.clockTo("2026-11-23T10:00:00+07:00");
        QTRY_COMPARE(panel.chart()->pointCount(), std::size_t{2});
        desk.order(other, "SSI", Side::Sell, OrderType::LO, 100, 32'000);
        const AccountNo third = desk.openAccount("third");
        desk.cash(third, 100'000'000);
        desk.order(third, "SSI", Side::Buy, OrderType::LO, 100, 32'000);
        desk.cash(desk.account, 1'000'000);
        QTRY_COMPARE(equity->text(), u"101,937,675"_s); // less 15,825 for FPT; 1,000,000 more
        panel.findChild<QComboBox *>(u"portfolioPeriod"_s)->setCurrentIndex(0);
        QCOMPARE(panel.chart()->pointCount(), std::size_t{2});
    }

    void aPointIsFoundUnderTheMouse()
    {
        Theme theme;
        EquityChart chart(theme);
        chart.resize(200, 100);
        QVERIFY(!chart.pointAt(10));
        std::vector<EquityPoint> points;
        for (int day = 0; day < 11; ++day)
            points.push_back({Date{day}, {}, Money(day), {}, {}});
        chart.setCurve(points, 0);
        QCOMPARE(chart.pointAt(-50), std::optional(std::size_t{0}));
        QCOMPARE(chart.pointAt(100), std::optional(std::size_t{5}));
        QCOMPARE(chart.pointAt(500), std::optional(std::size_t{10}));
        chart.grab(); // paints
        points.resize(1);
        chart.setCurve(points, 0);
        QCOMPARE(chart.pointAt(100), std::optional(std::size_t{0}));
        chart.grab();
    }

    void smallPartsAreOneBar()
    {
        Theme theme;
        AllocationBars bars(theme);
        bars.grab();
        std::vector<Valuation::Slice> slices;
        for (int i = 0; i < 6; ++i)
            slices.push_back({"S" + std::to_string(i), Money(60 - i), Ratio(166'667)});
        bars.setSlices(slices);
        QCOMPARE(bars.shown(6).size(), std::size_t{6});
        const auto few = bars.shown(3);
        QCOMPARE(few.size(), std::size_t{3});
        QCOMPARE(few[1].name, std::string("S1"));
        QCOMPARE(few[2].value, Money(58 + 57 + 56 + 55));
        QCOMPARE(few[2].share, Ratio(4 * 166'667));
        bars.grab();
    }
};

QTEST_MAIN(PortfolioPanelTest)
#include "portfolio_panel_test.moc"
