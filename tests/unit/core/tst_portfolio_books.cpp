// SPDX-License-Identifier: GPL-3.0-or-later
// Portfolios built from a desk's records agree with its ledger, whenever they are asked for: followed from the
// start, read from finished days, or after a start of the desk.
#include "../../support/desk_fixture.h"
#include "base/mix.h"
#include "ledger/notional.h"

#include <QTest>

#include <atomic>
#include <map>
#include <thread>
#include <tuple>

using namespace khop;
using namespace khop::test;

namespace {

constexpr std::array symbols{"SSI", "FPT", "SHS", "ACV", "DEMO"};
constexpr int traders = 4;
constexpr std::int64_t dongPerCent = 260; // 26,000 a dollar

std::uint64_t numberFrom(const char *variable, std::uint64_t otherwise)
{
    bool ok = false;
    const auto number = qEnvironmentVariable(variable).toULongLong(&ok);
    return ok ? number : otherwise;
}

PortfolioAnswer ask(const Desk &desk, const PortfolioQuery &query)
{
    std::promise<Result<PortfolioAnswer>> promise;
    auto future = promise.get_future();
    desk.queryPortfolio(
        query, [&](Result<PortfolioAnswer> answer) { promise.set_value(std::move(answer)); });
    Result<PortfolioAnswer> answer = future.get();
    if (!answer)
        qFatal("portfolio: %s %s %s", std::string(codeName(answer.error().code)).c_str(),
               answer.error().field.c_str(), answer.error().value.c_str());
    return std::move(*answer);
}

/// Days of random trading, deals, cash and corporate actions at a desk.
class RandomDays
{
public:
    explicit RandomDays(std::uint64_t seed) : m_random(seed)
    {
        for (int i = 0; i < traders; ++i)
            accounts.push_back(desk.openAccount(("t" + std::to_string(i)).c_str()));
        for (const AccountNo account : accounts) {
            desk.cash(account, 50'000'000'000);
            desk.send(EndowCash{account, "USD", Money(10'000'000)});
            for (const char *symbol : symbols)
                desk.shares(account, symbol, 20'000);
        }
    }
    std::int64_t below(std::int64_t n)
    {
        return static_cast<std::int64_t>(m_random.below(static_cast<std::uint64_t>(n)));
    }
    AccountNo someone() { return accounts[static_cast<std::size_t>(below(traders))]; }
    const char *something() { return symbols[static_cast<std::size_t>(below(symbols.size()))]; }

    void step()
    {
        const std::int64_t kind = below(40);
        if (kind == 0)
            desk.send(EndowCash{someone(), "VND", Money(1 + below(1'000'000'000))});
        else if (kind == 1)
            desk.send(WithdrawCash{someone(), "VND", Money(1 + below(1'000'000'000))});
        else if (kind == 2)
            desk.send(
                EndowSecurities{someone(), desk.symbol(something()), Quantity(1 + below(500)), {}});
        else if (kind == 3)
            deal();
        else
            trade();
    }
    void announce(Date today)
    {
        CorporateTerms terms;
        terms.instrument = desk.symbol(symbols[static_cast<std::size_t>(below(4))]);
        terms.type = std::array{CorporateActionType::CashDividend,
                                CorporateActionType::StockDividend, CorporateActionType::Bonus,
                                CorporateActionType::Split}[static_cast<std::size_t>(below(4))];
        terms.exDate = nextDay(today);
        terms.recordDate = nextDay(terms.exDate);
        terms.payDate = nextDay(terms.recordDate);
        if (terms.converts()) {
            terms.ratio = 500'000 + below(2'000'000);
            terms.recordDate = terms.payDate = terms.exDate;
            terms.fractionPrice = Price(below(2) * 10'000);
        } else if (terms.givesShares()) {
            terms.ratio = 1 + below(200'000);
            terms.fractionPrice = Price(below(2) * 10'000);
        } else {
            terms.cash = Price(1 + below(1'500));
        }
        announced += desk.send(AnnounceCorporateAction{{}, terms}).ok();
    }
    Date nextDay(Date after) const { return desk.desk->rules()->calendar.nextTradingDay(after); }
    Price close(InstrumentIndex instrument) const
    {
        const Quote quote = desk.desk->quote(instrument);
        return quote.last.value_or(quote.reference);
    }
    /// In dong, from the ledger and the quotes alone.
    std::int64_t equity(AccountNo account) const
    {
        std::int64_t dong = 0;
        for (const Balance &balance : desk.desk->balances(account))
            dong += (balance.current + balance.pending).raw()
                    * (balance.currency == "USD" ? dongPerCent : 1);
        std::int64_t cents = 0;
        for (const Position &position : desk.desk->positions(account)) {
            const Instrument &instrument = (*desk.desk->instruments())[position.instrument];
            const bool dollars = instrument.currency == "USD";
            const Money worth = *notional(instrument, dollars ? 2 : 0, close(position.instrument),
                                          position.quantity, Rounding::HalfUp);
            (dollars ? cents : dong) += worth.raw();
        }
        return dong + cents * dongPerCent;
    }

    /// Who is entitled at the next turn of the day.
    void noteEvening()
    {
        for (const AccountNo account : accounts) {
            for (const Position &position : desk.desk->positions(account))
                m_evenings[{account, position.instrument, day}] = position.quantity.raw();
        }
    }
    /// Counted from what was announced and who had what, in dong.
    std::int64_t receivable(AccountNo account) const
    {
        std::int64_t sum = 0;
        for (const CorporateAction &action : *desk.desk->corporateActions()) {
            const CorporateTerms &terms = action.terms;
            if (terms.exDate > day || terms.payDate <= day || terms.converts())
                continue;
            Date before = terms.exDate + -1;
            while (!desk.desk->rules()->calendar.isTradingDay(before))
                before = before + -1;
            const auto owned = m_evenings.find({account, terms.instrument, before});
            if (owned == m_evenings.end())
                continue;
            if (terms.givesShares()) {
                const std::int64_t all = owned->second * terms.ratio;
                sum += all / 1'000'000 * close(terms.instrument).raw()
                       + all % 1'000'000 * terms.fractionPrice.raw() / 1'000'000;
            } else {
                const std::int64_t gross = owned->second * terms.cash.raw();
                sum += gross - (gross * 5 + 50) / 100;
            }
        }
        return sum;
    }

    Date day = dateOf(2026, 11, 20);
    DeskFixture desk{"2026-11-20T09:20:00+07:00"};
    std::vector<AccountNo> accounts;
    int announced = 0;
    int trades = 0;

private:
    void trade()
    {
        const char *const symbol = something();
        const Instrument &instrument = (*desk.desk->instruments())[desk.symbol(symbol)];
        Price price = instrument.reference;
        for (std::int64_t ticks = below(4); ticks > 0; --ticks)
            price = below(2) == 0 ? instrument.ticks.up(price) : instrument.ticks.down(price);
        const OrderType type = instrument.banded ? OrderType::LO : OrderType::Limit;
        const std::int64_t quantity = instrument.banded ? 100 * (1 + below(20)) : 1 + below(9'999);
        const CommandResult result = desk.order(
            someone(), symbol, below(2) == 0 ? Side::Buy : Side::Sell, type, quantity, price.raw());
        trades += result.ok() && result.order && !result.order->traded.isZero();
    }
    void deal()
    {
        ProposePutThrough propose;
        propose.account = someone();
        propose.counterparty = someone();
        propose.instrument = desk.symbol("ACV");
        propose.side = below(2) == 0 ? Side::Buy : Side::Sell;
        propose.quantity = Quantity(1 + below(300));
        propose.price = (*desk.desk->instruments())[propose.instrument].reference;
        const CommandResult proposed = desk.send(propose);
        if (proposed.ok() && proposed.putThrough)
            desk.send(AnswerPutThrough{propose.counterparty, proposed.putThrough->id,
                                       AnswerPutThrough::Answer::Accept});
    }

    SplitMix m_random;
    std::map<std::tuple<AccountNo, InstrumentIndex, Date>, std::int64_t> m_evenings;
};

} // namespace

class PortfolioBooksTest final : public QObject
{
    Q_OBJECT

private:
    Uuid m_batch;

    static void agrees(const RandomDays &days, AccountNo account)
    {
        const Desk &desk = *days.desk.desk;
        const PortfolioAnswer answer = ask(desk, {.account = account});
        const Portfolio &portfolio = answer.past->portfolio;
        for (const Position &theirs : desk.positions(account)) {
            const Portfolio::Holding *const ours = portfolio.find(theirs.instrument);
            QVERIFY(ours);
            QCOMPARE(ours->lots.quantity(), theirs.quantity);
            QCOMPARE(ours->lots.averageCost().total, theirs.costBasis);
            QCOMPARE(ours->figures.byAverage.afterCosts, theirs.realizedPnl);
            Quantity inLots;
            for (const Lot &lot : ours->lots.lots())
                inLots += lot.quantity;
            QCOMPARE(inLots, theirs.quantity);
        }
        for (const Balance &balance : desk.balances(account)) {
            const Portfolio::Cash *const ours = portfolio.cashIn(balance.currency == "USD" ? 1 : 0);
            QVERIFY(ours);
            QCOMPARE(ours->balance,
                     balance.current + balance.pending - balance.loan - balance.advanced);
            QCOMPARE(ours->deposited, balance.deposited);
            QCOMPARE(ours->withdrawn, balance.withdrawn);
        }
        const Valuation::Totals &totals = answer.valuation.totals();
        QCOMPARE((totals.equity() - totals.receivable).raw(), days.equity(account));
        QCOMPARE(totals.receivable.raw(), days.receivable(account));
    }

private Q_SLOTS:
    void portfoliosAgreeWithTheLedger()
    {
        RandomDays days(numberFrom("KHOP_SEED", 20261121));
        const auto steps = static_cast<int>(numberFrom("KHOP_ROUNDS", 120));
        std::vector<std::vector<std::int64_t>> equities(traders);
        for (int d = 0; d < 8; ++d) {
            for (int i = 0; i < steps; ++i) {
                days.step();
                if (i % 25 == 0) // the last two are first asked for on later days
                    agrees(days, days.accounts[static_cast<std::size_t>(
                                     days.below(d < 3 ? traders - 2 : traders))]);
                if (QTest::currentTestFailed())
                    return;
            }
            days.announce(days.day);
            // SPOT goes on at night: nobody trades there, so the evening's price is the close
            days.desk.clockTo((isoDate(days.day) + "T15:01:00+07:00").c_str());
            days.noteEvening();
            for (std::size_t t = 0; t < traders; ++t)
                equities[t].push_back(days.equity(days.accounts[t])
                                      + days.receivable(days.accounts[t]));
            days.day = days.nextDay(days.day);
            days.desk.clockTo((isoDate(days.day) + "T09:20:00+07:00").c_str());
        }
        QVERIFY2(days.trades > 50, qPrintable(QString::number(days.trades)));
        QVERIFY(days.announced > 3);
        const auto checkAll = [&] {
            for (std::size_t t = 0; t < traders; ++t) {
                agrees(days, days.accounts[t]);
                const PortfolioAnswer answer =
                    ask(*days.desk.desk, {.account = days.accounts[t], .curve = true});
                QCOMPARE(answer.curve.size(), equities[t].size() + 1);
                for (std::size_t d = 0; d < equities[t].size(); ++d)
                    QCOMPARE(answer.curve[d].equity().raw(), equities[t][d]);
                QCOMPARE(answer.curve.back().equity(), answer.valuation.totals().equity());
                QCOMPARE(answer.curve.back().day, answer.day);
            }
        };
        checkAll();
        // from the store alone, history and today's rows
        days.desk.desk.reset();
        days.desk.open((isoDate(days.day) + "T09:20:00+07:00").c_str());
        checkAll();
        // followed on from there
        for (int i = 0; i < steps; ++i)
            days.step();
        for (const AccountNo account : days.accounts)
            agrees(days, account);
    }

    void questionsMayComeAtAnyMoment()
    {
        RandomDays days(numberFrom("KHOP_SEED", 7));
        for (int i = 0; i < 100; ++i)
            days.step();
        std::atomic<int> answered = 0;
        {
            std::vector<std::jthread> askers;
            for (int k = 0; k < 3; ++k) {
                askers.emplace_back([&, k](std::stop_token stop) {
                    for (int i = k; !stop.stop_requested(); ++i) {
                        const AccountNo account =
                            days.accounts[static_cast<std::size_t>(i) % traders];
                        const PortfolioAnswer answer =
                            ask(*days.desk.desk, {.account = account, .curve = i % 2 == 0});
                        answered += answer.past != nullptr;
                    }
                });
            }
            // books are built and followed while days end and leave memory
            for (int d = 0; d < 4; ++d) {
                for (int i = 0; i < 60; ++i)
                    days.step();
                days.noteEvening();
                days.day = days.nextDay(days.day);
                days.desk.clockTo((isoDate(days.day) + "T09:20:00+07:00").c_str());
            }
        }
        QVERIFY(answered > 10);
        for (const AccountNo account : days.accounts)
            agrees(days, account);
    }

    /// The history is read, a day is archived, and only then is what memory still has taken.
    void aBookThatIsReadWhileADayIsArchivedHasNoGap()
    {
        DeskFixture desk("2026-11-20T10:00:00+07:00");
        std::vector<AccountNo> accounts;
        for (const char *name : {"one", "two", "three", "four", "five"})
            accounts.push_back(desk.openAccount(name));
        const auto deposit = [&desk](AccountNo account, int times) {
            std::atomic<int> waiting = times;
            for (int k = 0; k < times; ++k)
                desk.desk->submit(EndowCash{account, "VND", Money(1'000)},
                                  [&waiting](const CommandResult &) { --waiting; });
            QTRY_COMPARE_WITH_TIMEOUT(waiting.load(), 0, 60'000);
        };
        for (const AccountNo account : accounts)
            deposit(account, 12'000); // a page that takes a while to read
        for (const char *day :
             {"2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"}) {
            desk.clockTo((std::string(day) + "T10:00:00+07:00").c_str());
            const AccountNo account = accounts.back();
            accounts.pop_back();
            deposit(account, 10); // of the day that is archived next
            std::promise<void> answered;
            desk.desk->queryPortfolio({.account = account}, [&](const Result<PortfolioAnswer> &) {
                answered.set_value();
            });
            desk.clockTo((std::string(day) + "T23:59:59+07:00").c_str());
            QVERIFY(
                desk.desk
                    ->jumpTo(at((std::string(day) + "T23:59:59+07:00").c_str()) + 10 * 3'600'000)
                    .has_value());
            desk.send(Tick{true}); // the next day
            desk.cash(account, 1'000);
            answered.get_future().wait();
            QCOMPARE(ask(*desk.desk, {.account = account}).past->portfolio.cashIn(0)->balance,
                     desk.dong(account).current);
        }
    }

    void aWeekendBelongsToNoTradingDay()
    {
        DeskFixture desk("2026-11-20T10:00:00+07:00");
        desk.cash(desk.account, 1'000'000);
        desk.shares(desk.account, "SSI", 100);
        desk.clockTo("2026-11-21T10:00:00+07:00"); // a Saturday
        desk.cash(desk.account, 500'000);
        PortfolioAnswer answer = ask(*desk.desk, {.account = desk.account, .curve = true});
        QCOMPARE(answer.day, dateOf(2026, 11, 20));
        QCOMPARE(answer.today, dateOf(2026, 11, 21));
        QCOMPARE(answer.curve.size(), std::size_t{2});
        QCOMPARE(answer.curve[0].equity(), Money(4'100'000));
        QCOMPARE(answer.curve[1].inflow, Money(500'000));
        desk.clockTo("2026-11-23T10:00:00+07:00");
        answer = ask(*desk.desk, {.account = desk.account, .curve = true});
        QCOMPARE(answer.curve.size(), std::size_t{2}); // Friday and Monday
        QCOMPARE(answer.curve[0].inflow, Money(4'100'000));
        QCOMPARE(answer.curve[1].inflow, Money(500'000));
        QCOMPARE(answer.curve[1].equity(), Money(4'600'000));
    }

    void importsAreFollowedAndForgotten()
    {
        DeskFixture desk("2026-11-20T10:00:00+07:00");
        desk.cash(desk.account, 100'000'000);
        const auto before = ask(*desk.desk, {.account = desk.account, .curve = true});
        const InstrumentIndex ssi = desk.symbol("SSI");
        const auto trade = [ssi](Date day, Side side, std::int64_t quantity, std::int64_t price,
                                 std::uint64_t key) {
            const Money value(quantity * price);
            return ImportRow{0,
                             day,
                             ImportTrade{ssi, side, Quantity(quantity), Price(price), value,
                                         Money(1'000), Money(side == Side::Sell ? 500 : 0)},
                             {},
                             {key, key}};
        };
        const auto import = [&](ImportRows rows) {
            ImportStatement statement;
            statement.account = desk.account;
            statement.fileName = "t.csv";
            statement.format = "ANY";
            statement.rows = std::make_shared<const ImportRows>(std::move(rows));
            const CommandResult result = desk.send(statement);
            QVERIFY2(result.ok(), (result.error.field + ' ' + result.error.value).c_str());
            m_batch = result.import->record.id;
        };
        const auto agree = [&](std::int64_t quantity, Money cost, Money realized) {
            const Position theirs = desk.position(desk.account, "SSI");
            const auto answer = ask(*desk.desk, {.account = desk.account, .curve = true});
            const Portfolio::Holding *const ours = answer.past->portfolio.find(ssi);
            QVERIFY(ours);
            QCOMPARE(theirs.quantity, Quantity(quantity));
            QCOMPARE(ours->lots.quantity(), Quantity(quantity));
            QCOMPARE(theirs.costBasis, cost);
            QCOMPARE(ours->lots.averageCost().total, cost);
            QCOMPARE(theirs.realizedPnl, realized);
            QCOMPARE(ours->figures.byAverage.afterCosts, realized);
            QCOMPARE(answer.past->portfolio.cashIn(0)->balance, desk.dong(desk.account).current);
        };
        import({trade(dateOf(2026, 10, 5), Side::Buy, 1'000, 30'000, 1),
                trade(dateOf(2026, 10, 9), Side::Sell, 400, 32'000, 2)});
        agree(600, Money(18'000'600), Money(12'800'000 - 1'500 - 12'000'400));

        // taken back, it is as if it had never been
        QCOMPARE(desk.send(UndoImport{desk.account, m_batch}).error.code, Code::OK);
        auto answer = ask(*desk.desk, {.account = desk.account, .curve = true});
        QVERIFY(!answer.past->portfolio.find(ssi));
        QCOMPARE(answer.past->portfolio.cashIn(0)->balance, Money(100'000'000));
        QCOMPARE(answer.curve.size(), before.curve.size());
        QCOMPARE(answer.valuation.totals().equity(), before.valuation.totals().equity());

        // sold before the shares were given here: it counts when it was booked
        desk.shares(desk.account, "SSI", 1'000); // at 31,000
        import({trade(dateOf(2026, 10, 9), Side::Sell, 400, 32'000, 3)});
        agree(600, Money(18'600'000), Money(12'800'000 - 1'500 - 12'400'000));
        desk.order(desk.account, "SSI", Side::Sell, OrderType::LO, 100, 31'000);
        const AccountNo other = desk.openAccount("other");
        desk.cash(other, 100'000'000);
        desk.order(other, "SSI", Side::Buy, OrderType::LO, 100, 31'000);
        desk.clockTo("2026-11-24T14:00:00+07:00");
        QCOMPARE(
            ask(*desk.desk, {.account = desk.account}).past->portfolio.find(ssi)->lots.quantity(),
            Quantity(500));
        // and from the store alone
        const Position theirs = desk.position(desk.account, "SSI");
        desk.desk.reset();
        desk.open("2026-11-24T14:00:00+07:00");
        agree(500, theirs.costBasis, theirs.realizedPnl);
    }

    void nobodysPortfolioIsRefused()
    {
        DeskFixture desk;
        std::optional<Code> code;
        desk.desk->queryPortfolio({.account = 99}, [&](Result<PortfolioAnswer> answer) {
            code = answer ? Code::OK : answer.error().code;
        });
        QCOMPARE(code, std::optional(Code::ACCOUNT_UNKNOWN));
        const PortfolioAnswer empty = ask(*desk.desk, {.account = desk.account, .curve = true});
        QVERIFY(empty.curve.empty());
        QCOMPARE(empty.valuation.totals().equity(), Money{});
    }
};

QTEST_GUILESS_MAIN(PortfolioBooksTest)
#include "tst_portfolio_books.moc"
