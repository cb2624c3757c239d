// SPDX-License-Identifier: GPL-3.0-or-later
// What a portfolio owns, what it cost and what it gained: the worked statement to the dong, lots, the
// ledger's own average cost, sums that always agree, and refusals that change nothing.
#include "portfolio_fixture.h"

#include "base/decimal.h"
#include "ledger/ledger.h"

#include <deque>
#include <numeric>

using namespace khop;
using namespace khop::test;
using Kind = PortfolioCash::Kind;

class PortfolioTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWorkedStatementIsRightToTheDong();
    void salesTakeTheOldestLotsFirst();
    void aBonusKeepsTheCostAndEveryLotsShare();
    void lotsTooSmallForASplitAreJoined();
    void aBonusGoesToLotsFromBeforeTheExDate();
    void aBonusForSharesSoldSinceCostsNothing();
    void aMergerMovesLotsToTheirDays();
    void transfersRealizeNothing();
    void cashOfNoHoldingIsSummed();
    void lotsAgreeWithSharesCountedOneByOne();
    void averageCostAgreesWithTheLedger();
    void whatWentInIsWhatIsThereAndWhatCameOut();
    void badInputIsRefusedAndChangesNothing_data();
    void badInputIsRefusedAndChangesNothing();
    void sumsThatDoNotFitAreRefused();
};

void PortfolioTest::theWorkedStatementIsRightToTheDong()
{
    Life life;
    const Date day = dateOf(2026, 11, 2);
    QVERIFY(life.on(day, cash(Kind::Deposit, 100'000'000)));
    QVERIFY(life.on(day, buy(ssi, 1'000, 31'000, 46'500)));
    const auto balance = [&] { return life.portfolio.cashIn(vnd)->balance; };
    const auto holding = [&]() -> const Portfolio::Holding & { return *life.portfolio.find(ssi); };
    QCOMPARE(balance(), Money(68'953'500));
    QCOMPARE(holding().lots.averageCost().total, Money(31'046'500)); // 31,046.5 each
    QCOMPARE(holding().lots.averageCost().value, Money(31'000'000));

    QVERIFY(life.on(day + 3, sell(ssi, 500, 32'000, 24'000, 16'000)));
    QCOMPARE(balance(), Money(68'953'500 + 15'960'000));
    const Portfolio::Figures &figures = holding().figures;
    QCOMPARE(figures.byAverage, (Gain{Money(500'000), Money(436'750)}));
    QCOMPARE(figures.byLots, figures.byAverage);
    QCOMPARE(figures.fees, Money(70'500));
    QCOMPARE(figures.taxes, Money(16'000));
    QCOMPARE(holding().lots.averageCost().total, Money(15'523'250));

    QVERIFY(life.on(day + 8, cash(Kind::Dividend, 500'000, ssi)));
    QVERIFY(life.on(day + 8, cash(Kind::Tax, -25'000, ssi)));
    QCOMPARE(balance(), Money(68'953'500 + 15'960'000 + 475'000));
    QCOMPARE(figures.dividends, Money(500'000));
    QCOMPARE(figures.taxes, Money(41'000));

    QVERIFY(life.on(day + 14, PortfolioShareDividend{ssi, Quantity(50), day + 9}));
    QCOMPARE(holding().lots.quantity(), Quantity(550));
    QCOMPARE(holding().lots.averageCost().total, Money(15'523'250));
    QCOMPARE(formatRatio(15'523'250, 550, 2), std::string("28224.09"));
    QCOMPARE(life.history.of(ssi).size(), std::size_t{3}); // 2, 5 and 16 November
    QCOMPARE(life.history.of(ssi).back().realized, Money(436'750));
}

void PortfolioTest::salesTakeTheOldestLotsFirst()
{
    Life life;
    const Date day = dateOf(2026, 3, 2);
    QVERIFY(life.on(day, buy(fpt, 100, 100'000, 15'000)));
    QVERIFY(life.on(day + 1, buy(fpt, 300, 120'000, 54'000)));
    QVERIFY(life.on(day + 2, sell(fpt, 200, 130'000, 39'000, 26'000)));
    const Portfolio::Holding &holding = *life.portfolio.find(fpt);
    // out: the first hundred and a third of the second lot
    const std::int64_t oldest = 10'015'000 + 12'018'000;
    QCOMPARE(holding.figures.byLots,
             (Gain{Money(26'000'000 - 22'000'000), Money(26'000'000 - 65'000 - oldest)}));
    // by average: half of 46,069,000
    QCOMPARE(holding.figures.byAverage,
             (Gain{Money(26'000'000 - 23'000'000), Money(26'000'000 - 65'000 - 23'034'500)}));
    QCOMPARE(holding.lots.lots().size(), std::size_t{1});
    QCOMPARE(holding.lots.lots().front(),
             (Lot{day + 1, Quantity(200), {Money(24'000'000), Money(24'036'000)}}));
    QCOMPARE(holding.lots.lotCost().total, Money(24'036'000));
    QCOMPARE(holding.lots.averageCost().total, Money(23'034'500));
}

void PortfolioTest::aBonusKeepsTheCostAndEveryLotsShare()
{
    Life life;
    const Date day = dateOf(2026, 3, 2);
    for (int i = 0; i < 3; ++i)
        QVERIFY(life.on(day + i, buy(ssi, 105, 30'000 + i, 10)));
    const Cost before = life.portfolio.find(ssi)->lots.averageCost();
    QVERIFY(life.on(day + 5, PortfolioRestatement{ssi, ssi, Quantity(346)})); // 315 x 1.1 = 346.5
    const Lots &lots = life.portfolio.find(ssi)->lots;
    QCOMPARE(lots.averageCost(), before);
    QCOMPARE(lots.lotCost(), before);
    std::int64_t sum = 0;
    for (const Lot &lot : lots.lots()) {
        QVERIFY(lot.quantity >= Quantity(115) && lot.quantity <= Quantity(116));
        sum += lot.quantity.raw();
    }
    QCOMPARE(sum, 346);
    QCOMPARE(life.portfolio.find(ssi)->day.opening, Quantity(346));
}

void PortfolioTest::lotsTooSmallForASplitAreJoined()
{
    Life life;
    const Date day = dateOf(2026, 3, 2);
    for (int i = 0; i < 10; ++i)
        QVERIFY(life.on(day + i, buy(ssi, 1, 30'000, 5)));
    QVERIFY(life.on(day + 10, PortfolioRestatement{ssi, ssi, Quantity(3)}));
    const Lots &lots = life.portfolio.find(ssi)->lots;
    QCOMPARE(lots.quantity(), Quantity(3));
    QCOMPARE(lots.lots().size(), std::size_t{3});
    Cost sum;
    for (const Lot &lot : lots.lots()) {
        QCOMPARE(lot.quantity, Quantity(1));
        sum.value += lot.cost.value;
        sum.total += lot.cost.total;
    }
    QCOMPARE(sum, (Cost{Money(300'000), Money(300'050)}));
    QCOMPARE(lots.lotCost(), sum);
}

void PortfolioTest::aBonusGoesToLotsFromBeforeTheExDate()
{
    Life life;
    const Date day = dateOf(2026, 3, 2);
    QVERIFY(life.on(day, buy(ssi, 100, 30'000)));
    QVERIFY(life.on(day + 1, buy(ssi, 200, 33'000)));
    QVERIFY(life.on(day + 5, buy(ssi, 400, 28'000))); // on the ex-date: not entitled
    QVERIFY(life.on(day + 20, PortfolioShareDividend{ssi, Quantity(30), day + 5}));
    const Lots &lots = life.portfolio.find(ssi)->lots;
    QCOMPARE(lots.quantity(), Quantity(730));
    QCOMPARE(lots.lots()[0].quantity, Quantity(110));
    QCOMPARE(lots.lots()[1].quantity, Quantity(220));
    QCOMPARE(lots.lots()[2].quantity, Quantity(400));
    QCOMPARE(lots.averageCost().total, Money(3'000'000 + 6'600'000 + 11'200'000));
    QCOMPARE(lots.lotCost(), lots.averageCost());
    QVERIFY(life.history.transfers().empty()); // nothing from outside
    QCOMPARE(life.history.of(ssi).back().quantity, Quantity(730));
    QCOMPARE(life.portfolio.find(ssi)->day.opening, Quantity(730));
}

void PortfolioTest::aBonusForSharesSoldSinceCostsNothing()
{
    Life life;
    const Date day = dateOf(2026, 3, 2);
    QVERIFY(life.on(day, buy(ssi, 100, 30'000)));
    QVERIFY(life.on(day + 6, sell(ssi, 100, 28'000)));
    QVERIFY(life.on(day + 20, PortfolioShareDividend{ssi, Quantity(10), day + 5}));
    const Portfolio::Holding &holding = *life.portfolio.find(ssi);
    QCOMPARE(holding.lots.lots().front(), (Lot{day + 20, Quantity(10), {}}));
    QVERIFY(life.on(day + 21, sell(ssi, 10, 29'000)));
    QCOMPARE(holding.figures.byLots.afterCosts, Money(-200'000 + 290'000));
    QCOMPARE(holding.figures.byAverage, holding.figures.byLots);
}

void PortfolioTest::aMergerMovesLotsToTheirDays()
{
    Life life;
    const Date day = dateOf(2026, 3, 2);
    QVERIFY(life.on(day, buy(fpt, 100, 1'000)));
    QVERIFY(life.on(day + 1, buy(ssi, 100, 2'000)));
    QVERIFY(life.on(day + 2, buy(fpt, 100, 3'000)));
    QVERIFY(life.on(day + 3, sell(fpt, 50, 4'000)));
    const Gain realized = life.portfolio.find(fpt)->figures.byAverage;
    QVERIFY(life.on(day + 4, PortfolioRestatement{fpt, ssi, Quantity(75)})); // two for one
    const Lots &lots = life.portfolio.find(ssi)->lots;
    QCOMPARE(lots.quantity(), Quantity(175));
    QCOMPARE(lots.lots().size(), std::size_t{3});
    QCOMPARE(lots.lots()[0].since, day);
    QCOMPARE(lots.lots()[0].quantity, Quantity(25));
    QCOMPARE(lots.lots()[1].since, day + 1);
    QCOMPARE(lots.lots()[2].quantity, Quantity(50));
    QCOMPARE(lots.averageCost().total, Money(200'000 + 300'000));
    QCOMPARE(lots.lotCost().total, Money(200'000 + 350'000));
    QVERIFY(life.portfolio.find(fpt)->lots.quantity().isZero());
    QCOMPARE(life.portfolio.find(fpt)->figures.byAverage, realized); // stays where it was made
}

void PortfolioTest::transfersRealizeNothing()
{
    Life life;
    const Date day = dateOf(2026, 3, 2);
    QVERIFY(life.on(day, PortfolioTransfer{ssi, vnd, Quantity(100), Money(2'000'000), Price(0)}));
    QVERIFY(life.on(day, PortfolioTransfer{ssi, vnd, Quantity(-40), {}, Price(0)}));
    const Portfolio::Holding &holding = *life.portfolio.find(ssi);
    QCOMPARE(holding.figures.byAverage, Gain{});
    QCOMPARE(holding.figures.transferred, Money(1'200'000));
    QCOMPARE(holding.lots.averageCost().total, Money(1'200'000));
    QVERIFY(life.portfolio.cash().empty());
}

void PortfolioTest::cashOfNoHoldingIsSummed()
{
    Life life;
    const Date day = dateOf(2026, 3, 2);
    for (const auto &[kind, amount] : {std::pair{Kind::Deposit, 1'000'000},
                                       {Kind::Interest, 300},
                                       {Kind::Interest, -1'000},
                                       {Kind::Charge, -270},
                                       {Kind::Tax, -15},
                                       {Kind::Adjustment, 40},
                                       {Kind::Adjustment, -7},
                                       {Kind::Exchange, -500},
                                       {Kind::Withdraw, -2'000}})
        QVERIFY(life.on(day, cash(kind, amount)));
    const Portfolio::Cash &vndCash = *life.portfolio.cashIn(vnd);
    QCOMPARE(vndCash.balance, Money(1'000'000 - 700 - 270 - 15 + 33 - 500 - 2'000));
    QCOMPARE(vndCash.deposited, Money(1'000'040));
    QCOMPARE(vndCash.withdrawn, Money(2'007));
    QCOMPARE(vndCash.interest, Money(-700));
    QCOMPARE(vndCash.charges, Money(270));
    QCOMPARE(vndCash.taxes, Money(15));
}

void PortfolioTest::lotsAgreeWithSharesCountedOneByOne()
{
    // every share remembers its price: what a lot costs is then exact, however it is cut
    SplitMix random(3);
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
    for (int round = 0; round < 300; ++round) {
        Portfolio portfolio;
        std::deque<std::int64_t> shares;
        std::int64_t realized = 0;
        for (int i = 0; i < 40; ++i) {
            const std::int64_t price = 10 * (1 + below(20'000));
            const std::int64_t quantity = 1 + below(300);
            if (static_cast<std::int64_t>(shares.size()) < quantity || below(2) == 0) {
                QVERIFY(portfolio.apply({Date{i}, buy(fpt, quantity, price)}));
                shares.insert(shares.end(), static_cast<std::size_t>(quantity), price);
            } else {
                QVERIFY(portfolio.apply({Date{i}, sell(fpt, quantity, price)}));
                for (std::int64_t k = 0; k < quantity; ++k) {
                    realized += price - shares.front();
                    shares.pop_front();
                }
            }
            const Portfolio::Holding &holding = *portfolio.find(fpt);
            QCOMPARE(holding.lots.quantity().raw(), static_cast<std::int64_t>(shares.size()));
            QCOMPARE(holding.lots.lotCost().total.raw(),
                     std::accumulate(shares.begin(), shares.end(), std::int64_t{0}));
            QCOMPARE(holding.figures.byLots.afterCosts.raw(), realized);
        }
    }
}

void PortfolioTest::averageCostAgreesWithTheLedger()
{
    SplitMix random(7);
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
    for (int round = 0; round < 200; ++round) {
        Ledger ledger;
        const AccountNo account = ledger.open(Uuid{1, 2}, "an");
        Portfolio portfolio;
        std::int64_t owned = 0;
        for (int i = 0; i < 30; ++i) {
            const std::int64_t quantity = 1 + below(1'000);
            const std::int64_t price = 10 * (1 + below(20'000));
            const std::int64_t fee = quantity * price * 15 / 10'000;
            const std::int64_t tax = quantity * price / 1'000;
            if (owned < quantity || below(2) == 0) {
                ledger.bought(account, ssi, Money(quantity * price + fee));
                QVERIFY(portfolio.apply({Date{i}, buy(ssi, quantity, price, fee)}));
                owned += quantity;
            } else {
                ledger.sold(account, ssi, Quantity(quantity), Quantity(owned),
                            Money(quantity * price - fee - tax));
                QVERIFY(portfolio.apply({Date{i}, sell(ssi, quantity, price, fee, tax)}));
                owned -= quantity;
            }
            const Ledger::Holding &theirs = *ledger.account(account).holdings.find(ssi);
            const Portfolio::Holding &ours = *portfolio.find(ssi);
            QCOMPARE(ours.lots.averageCost().total, theirs.cost);
            QCOMPARE(ours.figures.byAverage.afterCosts, theirs.realized);
        }
    }
}

void PortfolioTest::whatWentInIsWhatIsThereAndWhatCameOut()
{
    int sold = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        const RandomLife random(seed);
        const Portfolio &portfolio = random.life.portfolio;
        std::map<std::uint16_t, Int128> gains, costs;
        for (const auto &[instrument, holding] : portfolio.holdings()) {
            const Portfolio::Figures &figures = holding.figures;
            // lots sum to the whole, and average and lots differ only in when a gain was booked
            Quantity quantity;
            Cost cost;
            for (const Lot &lot : holding.lots.lots()) {
                QVERIFY(lot.quantity > Quantity{});
                quantity += lot.quantity;
                cost.value += lot.cost.value;
                cost.total += lot.cost.total;
            }
            QCOMPARE(quantity, holding.lots.quantity());
            QCOMPARE(cost, holding.lots.lotCost());
            QVERIFY(std::ranges::is_sorted(holding.lots.lots(), {}, &Lot::since));
            if (quantity.isZero())
                QCOMPARE(holding.lots.averageCost(), Cost{});
            sold += figures.sold.isZero() ? 0 : 1;
            gains[holding.currency] += figures.byAverage.afterCosts.raw();
            gains[holding.currency] += figures.dividends.raw() + figures.transferred.raw();
            costs[holding.currency] += holding.lots.averageCost().total.raw();
        }
        // taxes on dividends are in the cash, those of trades in the gains
        for (const auto &[currency, cash] : portfolio.cash()) {
            Int128 dividendTax = 0;
            for (const PortfolioEvent &event : random.life.events) {
                const auto *given = std::get_if<PortfolioCash>(&event.body);
                if (given && given->kind == Kind::Tax && given->currency == currency)
                    dividendTax += given->amount.raw();
            }
            const Int128 owned = cash.balance.raw() + costs[currency];
            const Int128 explained =
                Int128(cash.deposited.raw()) - cash.withdrawn.raw() + gains[currency] + dividendTax;
            QVERIFY2(owned == explained, qPrintable(QString::number(seed)));
        }
    }
    QVERIFY(sold > 300);
}

void PortfolioTest::badInputIsRefusedAndChangesNothing_data()
{
    QTest::addColumn<PortfolioEvent>("event");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("field");
    const Date day = dateOf(2026, 11, 16);
    const auto row = [](const char *name, Date on, const decltype(PortfolioEvent::body) &body,
                        const char *code, const char *field) {
        QTest::newRow(name) << PortfolioEvent{on, body} << QString::fromLatin1(code)
                            << QString::fromLatin1(field);
    };
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    row("an earlier day", day + -1, buy(ssi, 1, 1), "VALIDATION_ERROR", "day");
    row("buy nothing", day, buy(ssi, 0, 1), "INVALID_QUANTITY", "quantity");
    row("buy less than nothing", day, buy(ssi, -1, 1), "INVALID_QUANTITY", "quantity");
    row("sell nothing", day, sell(ssi, 0, 1), "INVALID_QUANTITY", "quantity");
    row("sell too much", day, sell(ssi, 551, 1), "INSUFFICIENT_SECURITIES", "quantity");
    row("sell what was never there", day, sell(shs, 1, 1), "INSUFFICIENT_SECURITIES", "quantity");
    row("no security", day, buy(noInstrument, 1, 1), "INSTRUMENT_UNKNOWN", "instrument");
    row("negative value", day, trade(Side::Buy, fpt, 1, -1, 0), "VALIDATION_ERROR", "value");
    row("negative fee", day, buy(fpt, 1, 1, -1), "VALIDATION_ERROR", "fee");
    row("negative tax", day, sell(ssi, 1, 1, 0, -1), "VALIDATION_ERROR", "tax");
    row("another currency", day,
        PortfolioTrade{ssi, usd, Side::Buy, Quantity(1), Price(1), Money(1), {}, {}},
        "VALIDATION_ERROR", "currency");
    row("value past 63 bits", day,
        PortfolioTrade{fpt, vnd, Side::Buy, Quantity(1), Price(1), Money(most), Money(1), {}},
        "VALIDATION_ERROR", "value");
    row("quantity past 63 bits", day,
        PortfolioTrade{ssi, vnd, Side::Buy, Quantity(most), Price(1), Money(1), {}, {}},
        "VALIDATION_ERROR", "quantity");
    row("deposit of nothing", day, cash(Kind::Deposit, 0), "VALIDATION_ERROR", "amount");
    row("deposit that goes", day, cash(Kind::Deposit, -1), "VALIDATION_ERROR", "amount");
    row("withdrawal that comes", day, cash(Kind::Withdraw, 1), "VALIDATION_ERROR", "amount");
    row("charge that comes", day, cash(Kind::Charge, 1), "VALIDATION_ERROR", "amount");
    row("least amount of all", day,
        cash(Kind::Adjustment, std::numeric_limits<std::int64_t>::min()), "VALIDATION_ERROR",
        "amount");
    row("deposit past 63 bits", day, cash(Kind::Deposit, most), "VALIDATION_ERROR", "amount");
    row("dividend on nothing", day, cash(Kind::Dividend, 1, shs), "INSUFFICIENT_SECURITIES",
        "instrument");
    row("tax on nothing", day, cash(Kind::Tax, -1, shs), "INSUFFICIENT_SECURITIES", "instrument");
    row("transfer of nothing", day, PortfolioTransfer{ssi, vnd, {}, {}, {}}, "INVALID_QUANTITY",
        "quantity");
    row("transfer of too much", day, PortfolioTransfer{ssi, vnd, Quantity(-551), {}, {}},
        "INSUFFICIENT_SECURITIES", "quantity");
    row("transfer of the least number", day,
        PortfolioTransfer{ssi, vnd, Quantity(std::numeric_limits<std::int64_t>::min()), {}, {}},
        "INVALID_QUANTITY", "quantity");
    row("transfer at a negative cost", day, PortfolioTransfer{ssi, vnd, Quantity(1), Money(-1), {}},
        "VALIDATION_ERROR", "cost");
    row("bonus on nothing", day, PortfolioShareDividend{shs, Quantity(5), {}},
        "INSUFFICIENT_SECURITIES", "instrument");
    row("bonus of nothing", day, PortfolioShareDividend{ssi, Quantity(0), {}}, "INVALID_QUANTITY",
        "quantity");
    row("bonus past 63 bits", day, PortfolioShareDividend{ssi, Quantity(most), {}},
        "VALIDATION_ERROR", "quantity");
    row("split of nothing", day, PortfolioRestatement{shs, shs, Quantity(5)},
        "INSUFFICIENT_SECURITIES", "quantity");
    row("split to nothing", day, PortfolioRestatement{ssi, ssi, Quantity(0)}, "INVALID_QUANTITY",
        "quantity");
    row("merger into nothing", day, PortfolioRestatement{ssi, noInstrument, Quantity(1)},
        "INSTRUMENT_UNKNOWN", "instrument");
    row("merger into another currency", day, PortfolioRestatement{ssi, btc, Quantity(1)},
        "VALIDATION_ERROR", "currency");
}

namespace {

/// Everything a portfolio shows of itself.
std::string textOf(const Portfolio &portfolio)
{
    std::string text = isoDate(portfolio.lastDay());
    const auto add = [&](auto value) { text += ' ' + std::to_string(value.raw()); };
    for (const auto &[instrument, holding] : portfolio.holdings()) {
        text += " #" + std::to_string(instrument);
        for (const Cost &cost : {holding.lots.averageCost(), holding.lots.lotCost()}) {
            add(cost.value);
            add(cost.total);
        }
        for (const Lot &lot : holding.lots.lots()) {
            text += ' ' + isoDate(lot.since);
            add(lot.quantity);
            add(lot.cost.value);
            add(lot.cost.total);
        }
        const Portfolio::Figures &figures = holding.figures;
        for (const Money amount :
             {figures.byAverage.beforeCosts, figures.byAverage.afterCosts,
              figures.byLots.beforeCosts, figures.byLots.afterCosts, figures.bought, figures.sold,
              figures.fees, figures.taxes, figures.dividends, figures.transferred, holding.day.paid,
              holding.day.received})
            add(amount);
        add(holding.day.opening);
        add(holding.mark);
    }
    for (const auto &[currency, cash] : portfolio.cash()) {
        text += " $" + std::to_string(currency);
        for (const Money amount : {cash.balance, cash.deposited, cash.withdrawn, cash.interest,
                                   cash.charges, cash.taxes})
            add(amount);
    }
    return text;
}

} // namespace

void PortfolioTest::badInputIsRefusedAndChangesNothing()
{
    QFETCH(PortfolioEvent, event);
    QFETCH(QString, code);
    QFETCH(QString, field);
    Portfolio portfolio = workedStatement().portfolio;
    QVERIFY(portfolio.apply(
        {portfolio.lastDay(), PortfolioTransfer{btc, usd, Quantity(1), Money(1), Price(1)}}));
    const std::string before = textOf(portfolio);
    const auto applied = portfolio.apply(event);
    QVERIFY(!applied);
    QCOMPARE(QString::fromStdString(std::string(codeName(applied.error().code))), code);
    QCOMPARE(QString::fromStdString(applied.error().field), field);
    QCOMPARE(textOf(portfolio), before);
}

void PortfolioTest::sumsThatDoNotFitAreRefused()
{
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    Portfolio portfolio;
    const Date day = dateOf(2026, 11, 16);
    const PortfolioTrade dear{ssi, vnd, Side::Buy, Quantity(1), Price(1), Money(most / 2), {}, {}};
    QVERIFY(portfolio.apply({day, dear}));
    QVERIFY(portfolio.apply({day, dear}));
    const std::string before = textOf(portfolio);
    QVERIFY(!portfolio.apply({day, dear}));
    PortfolioTrade gold = dear;
    gold.side = Side::Sell;
    gold.value = Money(most);
    gold.fee = Money(most);
    gold.tax = Money(most); // less than nothing is left
    QVERIFY(!portfolio.apply({day, gold}));
    QCOMPARE(textOf(portfolio), before);
}

QTEST_APPLESS_MAIN(PortfolioTest)
#include "tst_portfolio.moc"
