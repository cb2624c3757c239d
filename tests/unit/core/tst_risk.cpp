// SPDX-License-Identifier: GPL-3.0-or-later
// Limits and kill switches in the engine: each limit to the unit, at entry, amendment, trigger and release,
// and nothing moves where an order is refused.
#include "../../support/recorded_engine.h"
#include "../../support/risk_cases.h"

using namespace khop;
using namespace khop::test;

namespace {

class EngineStage : public RiskStage
{
public:
    CommandResult send(CommandBody body) override { return engine.send(std::move(body)); }
    InstrumentIndex symbol(const char *name) override { return engine.symbol(name); }
    void pass(std::int64_t milliseconds) override { engine.pass(milliseconds); }

    RecordedEngine engine;
};

/// A desk with one account that has what most tests need.
struct Fixture : EngineStage {
    Fixture() { open(); }
    void limit(RiskLimits limits, AccountNo of = 1)
    {
        const CommandResult result =
            send(SetRiskLimits{of, std::make_shared<RiskLimits>(std::move(limits))});
        QCOMPARE(result.error, Error{});
    }
    CommandResult buy(std::int64_t quantity, std::int64_t price, const char *name = "SSI")
    {
        return send(order(name, Side::Buy, quantity, price));
    }
    CommandResult sell(std::int64_t quantity, std::int64_t price, const char *name = "SSI")
    {
        return send(order(name, Side::Sell, quantity, price));
    }
    CommandResult amend(const CommandResult &placed, std::optional<std::int64_t> price,
                        std::optional<std::int64_t> quantity)
    {
        AmendOrder amend;
        amend.account = account;
        amend.id = placed.order->id;
        if (price)
            amend.price = Price(*price);
        if (quantity)
            amend.quantity = Quantity(*quantity);
        return send(amend);
    }
    CommandResult kill(AccountNo of, bool on, bool byHouse = true, std::string reason = "test")
    {
        return send(SetKillSwitch{of, on, byHouse, std::move(reason)});
    }
    OrderStatus status(const CommandResult &placed) { return engine.state(placed).status; }
    std::uint64_t entries() const { return engine.engine->ledger().lastEntry(); }
    /// The same hash again from the journal, and from a snapshot with what comes after it.
    void survives()
    {
        QCOMPARE(engine.replayedHash(), engine.engine->stateHash());
        QVERIFY(engine.restart());
    }
};

RiskLimits positionOf(std::int64_t quantity)
{
    RiskLimits limits;
    limits.every.position = Quantity(quantity);
    return limits;
}

} // namespace

class RiskTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachLimitHoldsToTheUnit_data()
    {
        QTest::addColumn<int>("index");
        QTest::addColumn<bool>("house");
        const auto cases = riskCases();
        for (int i = 0; i < std::ssize(cases); ++i) {
            QTest::addRow("%s, of the account", cases[static_cast<std::size_t>(i)].name)
                << i << false;
            QTest::addRow("%s, of the house", cases[static_cast<std::size_t>(i)].name) << i << true;
        }
    }
    void eachLimitHoldsToTheUnit()
    {
        QFETCH(int, index);
        QFETCH(bool, house);
        const RiskCase row = riskCases()[static_cast<std::size_t>(index)];
        Fixture f;
        row.before(f);
        f.limit(row.limits(f, true), house ? 0 : f.account);
        const std::uint64_t entries = f.entries();
        const Balance cash = f.engine.engine->balance(f.account, 0);
        const std::size_t open = f.engine.engine->openOrders();
        QCOMPARE(f.send(row.order(f)).error, row.refusal);
        QCOMPARE(f.entries(), entries);
        QCOMPARE(f.engine.engine->balance(f.account, 0).available, cash.available);
        QCOMPARE(f.engine.engine->openOrders(), open);
        f.limit(row.limits(f, false), house ? 0 : f.account);
        QCOMPARE(f.send(row.order(f)).error, Error{});
        f.survives();
        f.limit({}, house ? 0 : f.account);
        QVERIFY(!f.engine.engine->risk().any());
    }

    void theRateCountsARollingWindow()
    {
        Fixture f;
        RiskLimits limits;
        limits.rate = OrderRate{2, 1'000};
        f.limit(limits);
        QVERIFY(f.buy(100, 29'000).ok());
        f.pass(600);
        QVERIFY(f.buy(100, 29'050).ok());
        f.pass(399);
        const Error refused = f.buy(100, 29'100).error;
        QCOMPARE(refused, (Error{Code::ORDER_RATE_LIMIT, "account_id", "3", "2"}));
        f.survives();
        QCOMPARE(f.buy(100, 29'100).error, refused); // a refused one does not count
        f.pass(1);
        QVERIFY(f.buy(100, 29'100).ok());
        QCOMPARE(f.buy(100, 29'150).error.code, Code::ORDER_RATE_LIMIT);
        f.survives();
    }

    void theSameOrderTwiceIsADuplicate()
    {
        Fixture f;
        RiskLimits limits;
        limits.duplicateWindow = 500;
        f.limit(limits);
        QVERIFY(f.buy(100, 29'000).ok());
        f.pass(499);
        QCOMPARE(f.buy(100, 29'000).error, (Error{Code::DUPLICATE_ORDER, "symbol", "499", "500"}));
        QVERIFY(f.buy(200, 29'000).ok());
        QVERIFY(f.buy(100, 29'050).ok());
        QVERIFY(f.sell(100, 32'000).ok());
        f.survives();
        f.pass(1);
        QVERIFY(f.buy(100, 29'000).ok());
        QCOMPARE(f.buy(100, 29'000).error.code, Code::DUPLICATE_ORDER);
    }

    void aLossLeavesOnlySales()
    {
        Fixture f;
        RiskLimits limits;
        limits.money[0].dailyLoss = Money(100'000);
        f.limit(limits);
        const CommandResult resting = f.buy(100, 29'000);
        QVERIFY(resting.ok());
        f.print("SSI", 30'900); // 1,000 shares at 31,000
        QCOMPARE(f.buy(100, 29'050).error,
                 (Error{Code::DAILY_LOSS_LIMIT, "side", "100000", "100000"}));
        QCOMPARE(f.amend(resting, 29'050, {}).error.code, Code::DAILY_LOSS_LIMIT);
        QCOMPARE(f.amend(resting, {}, 200).error.code, Code::DAILY_LOSS_LIMIT);
        QVERIFY(f.sell(100, 31'500).ok());
        f.survives();
        f.engine.to("2026-11-23T10:00:00+07:00"); // a new day begins with its reference
        QVERIFY(f.buy(100, 30'000).ok());
        f.print("SSI", 30'850);
        QVERIFY(f.buy(100, 30'050).ok());
        f.print("SSI", 30'800);
        QCOMPARE(f.buy(100, 30'100).error.code, Code::DAILY_LOSS_LIMIT);
        f.survives();
    }

    void givenSharesAreNoProfitAndNoLoss()
    {
        Fixture f;
        RiskLimits limits;
        limits.money[0].dailyLoss = Money(1);
        f.limit(limits);
        f.send(EndowSecurities{f.account, f.symbol("SSI"), Quantity(1'000), Price(60'000)});
        QVERIFY(f.buy(100, 29'000).ok());
        f.send(EndowSecurities{f.account, f.symbol("HPG"), Quantity(1'000), Price(10)});
        f.print("SSI", 30'950);
        QCOMPARE(f.buy(100, 29'000).error.code, Code::DAILY_LOSS_LIMIT);
    }

    void whatAnExDateTakesOffIsNoLoss()
    {
        Fixture f;
        RiskLimits limits;
        limits.money[0].dailyLoss = Money(1);
        f.limit(limits);
        ExRights rights;
        rights.cashDividend = Price(1'000);
        QVERIFY(f.send(AnnounceExRights{f.symbol("SSI"), dateOf(2026, 11, 23), rights}).ok());
        f.engine.to("2026-11-23T10:00:00+07:00");
        QCOMPARE(f.engine.engine->exchange().instrument(f.symbol("SSI")).reference, Price(30'000));
        QVERIFY(f.buy(100, 29'000).ok());
        f.print("SSI", 29'950);
        QCOMPARE(f.buy(100, 29'000).error.code, Code::DAILY_LOSS_LIMIT);
    }

    void restrictedSymbolsTakeNoOrder()
    {
        Fixture f;
        const CommandResult resting = f.buy(200, 29'000);
        RiskLimits limits;
        limits.symbols[f.symbol("SSI")].restricted = true;
        f.limit(limits);
        const std::uint64_t entries = f.entries();
        const Error refusal{Code::RESTRICTED_INSTRUMENT, "symbol", "SSI"};
        QCOMPARE(f.buy(100, 29'000).error, refusal);
        QCOMPARE(f.sell(100, 32'000).error, refusal);
        QCOMPARE(f.amend(resting, 29'050, {}).error, refusal);
        QCOMPARE(f.entries(), entries);
        QVERIFY(f.amend(resting, {}, 100).ok());
        QVERIFY(f.buy(100, 28'000, "HPG").ok());
        QVERIFY(f.send(CancelOrder{f.account, resting.order->id}).ok());
    }

    void whatTheHouseRestrictsIsRestrictedToAll()
    {
        Fixture f;
        f.limit(positionOf(5'000));
        RiskLimits house;
        house.symbols[f.symbol("SSI")].restricted = true;
        f.limit(house, 0);
        QCOMPARE(f.buy(100, 29'000).error.code, Code::RESTRICTED_INSTRUMENT);
    }

    void aSymbolThatIsThereAlreadyAddsNone()
    {
        Fixture f;
        QVERIFY(f.buy(100, 28'000, "HPG").ok());
        RiskLimits limits;
        limits.positionCount = 1; // there are two: SSI and HPG
        f.limit(limits);
        QVERIFY(f.buy(100, 29'000, "SSI").ok());
        QVERIFY(f.buy(100, 28'050, "HPG").ok());
        QCOMPARE(f.buy(100, 100'000, "FPT").error,
                 (Error{Code::POSITION_COUNT_LIMIT, "symbol", "3", "1"}));
    }

    void whatWaitsForAConditionIsNotBeingBought()
    {
        Fixture f;
        PlaceOrder place = f.order("SSI", Side::Buy, 200, 31'500);
        place.price.reset();
        place.condition = stop(31'200, 31'500);
        QVERIFY(f.send(place).ok());
        f.limit(positionOf(1'200));
        QVERIFY(f.buy(200, 29'000).ok());
        QCOMPARE(f.buy(100, 29'000).error.code, Code::POSITION_LIMIT);
    }

    void theMoreSpecificLimitCounts()
    {
        Fixture f;
        RiskLimits house = positionOf(1'100);
        f.limit(house, 0);
        QCOMPARE(f.buy(200, 29'000).error.bound, std::string("1100"));
        f.limit(positionOf(1'300), f.account); // the account's own
        QVERIFY(f.buy(200, 29'000).ok());
        house.symbols[f.symbol("SSI")].position = Quantity(1'250);
        f.limit(house, 0); // neither is more specific: the smaller
        QCOMPARE(f.buy(100, 29'000).error.bound, std::string("1250"));
        RiskLimits own = positionOf(1'300);
        own.symbols[f.symbol("SSI")].position = Quantity(1'400);
        f.limit(own, f.account);
        QVERIFY(f.buy(200, 29'000).ok());
        QCOMPARE(f.buy(100, 29'000).error.bound, std::string("1400"));
    }

    void amendmentsAreCheckedForWhatGetsWorse()
    {
        Fixture f;
        RiskLimits limits = positionOf(1'200);
        limits.money[0].orderValue = Money(6'000'000);
        limits.every.priceCollar = 10'000; // 31,310
        f.limit(limits);
        const CommandResult resting = f.buy(200, 29'000);
        QVERIFY(resting.ok());
        const std::uint64_t entries = f.entries();
        QCOMPARE(f.amend(resting, {}, 300).error,
                 (Error{Code::ORDER_VALUE_LIMIT, "quantity", "8700000", "6000000"}));
        QCOMPARE(f.amend(resting, 30'050, {}).error,
                 (Error{Code::ORDER_VALUE_LIMIT, "quantity", "6010000", "6000000"}));
        limits.money.clear();
        f.limit(limits);
        QCOMPARE(f.amend(resting, {}, 300).error,
                 (Error{Code::POSITION_LIMIT, "quantity", "1300", "1200"}));
        QCOMPARE(f.amend(resting, 31'350, {}).error,
                 (Error{Code::PRICE_COLLAR, "price", "31350", "31310"}));
        QCOMPARE(f.entries(), entries);
        f.limit(positionOf(500)); // it stands above the limit: less is always fine
        QVERIFY(f.amend(resting, 29'050, {}).ok());
        QVERIFY(f.amend(resting, {}, 100).ok());
        QCOMPARE(f.amend(resting, {}, 200).error.code, Code::POSITION_LIMIT);
        f.survives();
    }

    void aMetConditionIsCheckedWhenItIsSent()
    {
        Fixture f;
        PlaceOrder place = f.order("SSI", Side::Buy, 200, 31'500);
        place.price.reset();
        place.condition = stop(31'200, 31'500);
        const CommandResult waiting = f.send(place);
        QCOMPARE(waiting.error, Error{});
        f.limit(positionOf(1'199));
        const std::uint64_t cash = f.engine.engine->balance(f.account, 0).available.raw();
        f.print("SSI", 31'200);
        QCOMPARE(f.status(waiting), OrderStatus::Rejected);
        QCOMPARE(f.engine.state(waiting).rejectCode, Code::POSITION_LIMIT);
        QCOMPARE(f.engine.engine->balance(f.account, 0).available.raw(), cash);
        f.survives();
    }

    void aWaitingConditionIsCheckedForWhatItHas()
    {
        Fixture f;
        RiskLimits limits;
        limits.every.orderQuantity = Quantity(200);
        limits.openOrders = 1;
        f.limit(limits);
        PlaceOrder place = f.order("SSI", Side::Buy, 300, 31'500);
        place.price.reset();
        place.condition = stop(31'200, 31'500);
        QCOMPARE(f.send(place).error.code, Code::QUANTITY_ABOVE_MAXIMUM);
        place.quantity = Quantity(200);
        const CommandResult waiting = f.send(place);
        QCOMPARE(waiting.error, Error{});
        QCOMPARE(f.send(place).error.code, Code::OPEN_ORDER_LIMIT);
        QCOMPARE(f.amend(waiting, {}, 300).error.code, Code::QUANTITY_ABOVE_MAXIMUM);
        QVERIFY(f.amend(waiting, {}, 100).ok());
    }

    void aQueuedOrderIsCheckedWhenItIsReleased()
    {
        Fixture f;
        f.engine.to("2026-11-20T11:45:00+07:00");
        PlaceOrder place = f.order("SSI", Side::Buy, 200, 31'000);
        place.queue = true;
        const CommandResult queued = f.send(place);
        QCOMPARE(f.status(queued), OrderStatus::Queued);
        f.limit(positionOf(1'199));
        f.engine.to("2026-11-20T13:00:00+07:00");
        QCOMPARE(f.status(queued), OrderStatus::Rejected);
        QCOMPARE(f.engine.state(queued).rejectCode, Code::POSITION_LIMIT);
        f.survives();
    }

    void aQueuedOrderCountsItselfOnce()
    {
        Fixture f;
        f.limit(positionOf(1'200));
        f.engine.to("2026-11-20T11:45:00+07:00");
        PlaceOrder place = f.order("SSI", Side::Buy, 200, 30'000);
        place.queue = true;
        const CommandResult queued = f.send(place);
        f.engine.to("2026-11-20T13:00:00+07:00");
        QCOMPARE(f.status(queued), OrderStatus::Active);
    }

    void bothSidesOfADealAreChecked()
    {
        Fixture f;
        f.send(EndowCash{f.account, "VND", Money(1'000'000'000)});
        f.shares(f.left, "SSI", 20'000);
        const auto propose = [&](AccountNo by, AccountNo to, Side side) {
            ProposePutThrough deal;
            deal.account = by;
            deal.counterparty = to;
            deal.id = uuid7(f.engine.now, 9, f.engine.commands.size());
            deal.instrument = f.symbol("SSI");
            deal.side = side;
            deal.quantity = Quantity(20'000);
            deal.price = Price(31'000);
            return f.send(deal);
        };
        f.limit(positionOf(20'999));
        const Error refusal{Code::POSITION_LIMIT, "quantity", "21000", "20999"};
        QCOMPARE(propose(f.account, f.left, Side::Buy).error, refusal);
        const CommandResult offered = propose(f.left, f.account, Side::Sell);
        QVERIFY(offered.ok());
        const AnswerPutThrough accept{f.account, offered.putThrough->id,
                                      AnswerPutThrough::Answer::Accept};
        QCOMPARE(f.send(accept).error, refusal);
        f.limit(positionOf(21'000));
        QVERIFY(f.send(accept).ok());
        f.survives();
    }

    void theKillSwitchCancelsAndBlocks()
    {
        Fixture f;
        const CommandResult first = f.buy(100, 29'000), second = f.sell(100, 32'000);
        PlaceOrder place = f.order("SSI", Side::Sell, 100, 0);
        place.price.reset();
        place.type = OrderType::MTL;
        place.condition = stop(30'000);
        const CommandResult waiting = f.send(place);
        QCOMPARE(waiting.error, Error{});
        const CommandResult set = f.kill(f.account, true, true, "fat finger");
        QCOMPARE(set.error, Error{});
        QCOMPARE(set.count, 3U);
        for (const CommandResult &order : {first, second, waiting})
            QCOMPARE(f.status(order), OrderStatus::Cancelled);
        const std::uint64_t entries = f.entries();
        const Error blocked{Code::KILL_SWITCH, "account_id", "fat finger"};
        QCOMPARE(f.buy(100, 29'000).error, blocked);
        QCOMPARE(f.sell(100, 32'000).error, blocked);
        QCOMPARE(f.send(place).error, blocked);
        QCOMPARE(f.entries(), entries);
        f.survives();
        QCOMPARE(f.buy(100, 29'000).error, blocked);
        QVERIFY(f.kill(f.account, false).ok());
        QVERIFY(f.buy(100, 29'000).ok());
        f.survives();
    }

    void theGlobalSwitchBlocksEveryAccount()
    {
        Fixture f;
        QVERIFY(f.buy(100, 29'000).ok());
        PlaceOrder other = f.order("HPG", Side::Buy, 100, 28'000);
        other.account = f.right;
        QVERIFY(f.send(other).ok());
        QCOMPARE(f.kill(0, true).count, 2U);
        QCOMPARE(f.send(other).error.code, Code::KILL_SWITCH);
        QCOMPARE(f.buy(100, 29'000).error.code, Code::KILL_SWITCH);
        QVERIFY(f.kill(0, false).ok());
        QVERIFY(f.send(other).ok());
        QVERIFY(f.buy(100, 29'000).ok());
    }

    void whatTheHouseSetTheOwnerDoesNotLift()
    {
        Fixture f;
        f.kill(f.account, true, true, "house");
        f.kill(f.account, true, false, "own");
        QCOMPARE(f.buy(100, 29'000).error.value, std::string("house"));
        f.kill(f.account, false, false);
        QCOMPARE(f.buy(100, 29'000).error.value, std::string("house"));
        f.kill(f.account, true, false, "own");
        f.kill(f.account, false, true); // the house lifts both
        QVERIFY(f.buy(100, 29'000).ok());
    }

    void whatAnAuctionKeepsIsCancelledAfterIt()
    {
        Fixture f;
        f.engine.to("2026-11-23T09:05:00+07:00");
        const CommandResult buy = f.buy(200, 29'000);
        QCOMPARE(buy.error, Error{});
        QCOMPARE(f.kill(f.account, true).count, 0U);
        QCOMPARE(f.status(buy), OrderStatus::Active);
        f.survives();
        f.engine.to("2026-11-23T09:15:00+07:00");
        QCOMPARE(f.status(buy), OrderStatus::Cancelled);
        f.survives();
    }

    void atLunchTheCancellationWaitsForTheAfternoon()
    {
        Fixture f;
        const CommandResult resting = f.buy(200, 29'000);
        f.engine.to("2026-11-20T12:00:00+07:00");
        PlaceOrder place = f.order("SSI", Side::Buy, 100, 30'000);
        place.queue = true;
        const CommandResult queued = f.send(place);
        QCOMPARE(f.kill(f.account, true).count, 2U);
        QCOMPARE(f.status(resting), OrderStatus::PendingCancel);
        QCOMPARE(f.status(queued), OrderStatus::Cancelled);
        f.engine.to("2026-11-20T13:00:00+07:00");
        QCOMPARE(f.status(resting), OrderStatus::Cancelled);
        f.survives();
    }

    void aSwitchLiftedDuringTheAuctionLeavesTheOrder()
    {
        Fixture f;
        f.engine.to("2026-11-23T09:05:00+07:00");
        const CommandResult kept = f.buy(300, 30'000);
        f.kill(f.account, true);
        f.kill(f.account, false);
        f.engine.to("2026-11-23T09:20:00+07:00");
        QCOMPARE(f.status(kept), OrderStatus::Active);
        QVERIFY(f.send(CancelOrder{f.account, kept.order->id}).ok());
    }

    void aProposedDealEndsWithTheSwitch()
    {
        Fixture f;
        f.shares(f.account, "SSI", 19'000);
        ProposePutThrough deal;
        deal.account = f.account;
        deal.counterparty = f.right;
        deal.id = uuid7(f.engine.now, 9, 1);
        deal.instrument = f.symbol("SSI");
        deal.side = Side::Sell;
        deal.quantity = Quantity(20'000);
        deal.price = Price(31'000);
        QVERIFY(f.send(deal).ok());
        QCOMPARE(f.kill(f.account, true).count, 1U);
        QCOMPARE(f.engine.engine->position(f.account, f.symbol("SSI")).sellable, Quantity(20'000));
        QVERIFY(f.engine.engine->putThroughs().open().empty());
        deal.id = uuid7(f.engine.now, 9, 2);
        QCOMPARE(f.send(deal).error.code, Code::KILL_SWITCH);
        f.survives();
    }

    void wrongLimitsAreRefusedAndChangeNothing_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("field");
        const char *fields[] = {"order_quantity",
                                "price_collar",
                                "position",
                                "concentration",
                                "position_count",
                                "open_orders",
                                "order_rate.orders",
                                "order_rate.window_ms",
                                "duplicate_window_ms",
                                "daily_loss.VND",
                                "order_value.VND",
                                "symbols.SSI.position",
                                "symbols",
                                "currency"};
        for (int i = 0; i < static_cast<int>(std::size(fields)); ++i)
            QTest::newRow(fields[i]) << i << fields[i];
    }
    void wrongLimitsAreRefusedAndChangeNothing()
    {
        QFETCH(int, kind);
        QFETCH(QString, field);
        Fixture f;
        f.limit(positionOf(5'000));
        RiskLimits limits = positionOf(7'000);
        switch (kind) {
        case 0: limits.every.orderQuantity = Quantity(0); break;
        case 1: limits.every.priceCollar = 1'000'001; break;
        case 2: limits.every.position = Quantity(-1); break;
        case 3: limits.every.concentration = 0; break;
        case 4: limits.positionCount = 0; break;
        case 5: limits.openOrders = mostCounted + 1; break;
        case 6: limits.rate = OrderRate{mostRecentOrders + 1, 1'000}; break;
        case 7: limits.rate = OrderRate{5, 0}; break;
        case 8: limits.duplicateWindow = longestPaceWindow + 1; break;
        case 9: limits.money[0].dailyLoss = Money(0); break;
        case 10: limits.money[0].orderValue = Money(mostLimitMoney + 1); break;
        case 11: limits.symbols[f.symbol("SSI")].position = Quantity(0); break;
        case 12: limits.symbols[100'000].restricted = true; break;
        default: limits.money[77].dailyLoss = Money(1);
        }
        const Error refused =
            f.send(SetRiskLimits{f.account, std::make_shared<RiskLimits>(limits)}).error;
        QVERIFY(refused.code != Code::OK);
        QCOMPARE(QString::fromStdString(refused.field), field);
        QCOMPARE(f.engine.engine->risk().policy().limitsOf(f.account)->every.position,
                 std::optional(Quantity(5'000)));
        QCOMPARE(f.send(SetRiskLimits{99, nullptr}).error.code, Code::ACCOUNT_UNKNOWN);
        QCOMPARE(f.kill(99, true).error.code, Code::ACCOUNT_UNKNOWN);
        QCOMPARE(f.kill(f.account, true, true, "").error.field, std::string("reason"));
        QCOMPARE(f.kill(f.account, true, true, std::string(201, 'x')).error.field,
                 std::string("reason"));
    }

    void greatestValuesDoNotOverflow()
    {
        Fixture f;
        const InstrumentIndex demo = f.symbol("DEMO");
        f.send(EndowSecurities{f.account, demo, Quantity(1'000'000'000'000'000'000), Price(1)});
        RiskLimits limits;
        limits.every.concentration = 500'000;
        limits.money[1].dailyLoss = Money(1);
        limits.money[1].orderValue = Money(mostLimitMoney);
        limits.every.position = Quantity(mostLimitUnits);
        f.limit(limits);
        PlaceOrder place = f.order("DEMO", Side::Buy, 1'000'000'000'000, 15'000);
        place.type = OrderType::Limit;
        QVERIFY(f.send(place).error.code != Code::OK);
        f.survives();
    }
};

QTEST_APPLESS_MAIN(RiskTest)
#include "tst_risk.moc"
