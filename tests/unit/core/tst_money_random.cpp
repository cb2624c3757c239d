// SPDX-License-Identifier: GPL-3.0-or-later
// Random orders on margin, advances, conversions, fee tables, deposits, withdrawals, trades settled by hand,
// nights and month ends. After every command the engine's invariants hold (RecordedEngine): the books
// balance, every hold is exact by its own day's fees, nothing is available beside a loan, advances are
// covered. A restored engine goes on as the one it was taken from, and a replay agrees.
#include "../../support/recorded_engine.h"

#include "base/mix.h"

using namespace khop;
using namespace khop::test;

namespace {

constexpr const char *symbols[] = {"SSI", "HPG", "SHS", "ACV"};

std::string strictRules()
{
    std::string text = defaultMarketRulesText();
    for (const auto &[from, to] : {std::pair("\"HOUSE\"", "\"ACCOUNT\""),
                                   {"\"AT_ONCE\"", "\"APPROVED\""},
                                   {"\"interest\": 0 ", "\"interest\": 0.02 "}}) {
        const std::size_t at = text.find(from);
        if (at == std::string::npos)
            qFatal("not in the rules: %s", from);
        text.replace(at, std::string_view(from).size(), to);
    }
    return text;
}

struct RandomMoney : RecordedEngine {
    SplitMix random;
    std::vector<AccountNo> traders;
    std::size_t settled = 0;
    std::uint64_t loans = 0, advances = 0, forced = 0, refusals = 0;

    explicit RandomMoney(std::uint64_t seed) : random(seed)
    {
        send(Configure{strictRules(), defaultInstrumentsText()});
        for (int i = 0; i < 6; ++i) {
            const AccountNo no = send(OpenAccount{uuid7(now, 1, ++ids), "t"}).account;
            traders.push_back(no);
            send(EndowCash{no, "VND", Money(below(500'000'000) + 1)});
            for (const char *name : symbols)
                shares(no, name, below(20'000) + 1);
        }
    }
    std::int64_t below(std::int64_t bound)
    {
        return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(bound)));
    }
    AccountNo anyone() { return traders[static_cast<std::size_t>(below(6))]; }
    const Instrument &anyInstrument()
    {
        return engine->exchange().instrument(symbol(symbols[below(4)]));
    }
    void place()
    {
        const Instrument &instrument = anyInstrument();
        Price price = engine->exchange().lastOrReference(instrument.index);
        const bool down = below(2) == 0;
        for (std::int64_t ticks = below(12); ticks > 0; --ticks)
            price = down ? instrument.ticks.down(price) : instrument.ticks.up(price);
        PlaceOrder order;
        order.account = anyone();
        order.instrument = instrument.index;
        order.side = below(2) == 0 ? Side::Buy : Side::Sell;
        order.quantity = Quantity(100 * (1 + below(80)));
        order.price = std::clamp(price, instrument.floor, instrument.ceiling);
        order.queue = below(3) == 0;
        if (!send(order).ok())
            ++refusals;
    }
    void changeOrder()
    {
        if (madeInOrder.empty())
            return;
        const OrderRecord &order = orders.at(madeInOrder[static_cast<std::size_t>(
            below(static_cast<std::int64_t>(madeInOrder.size())))]);
        if (below(2) == 0)
            send(CancelOrder{order.account, order.id});
        else
            send(AmendOrder{order.account, order.id, {}, Quantity(100 * (1 + below(100))), {}, {}});
    }
    void setMargin()
    {
        MarginTerms terms;
        terms.limit = Money(below(2'000'000'000));
        terms.initial = 300'000 + below(400'000);
        terms.maintenance = terms.initial - below(100'000);
        terms.forceSell = terms.maintenance - below(50'000);
        if (below(3) == 0) // whoever has borrowed is sold out
            terms.initial = terms.maintenance = terms.forceSell = 800'000 + below(200'000);
        terms.interest = below(300'000);
        terms.ratio = below(1'000'000 - terms.initial);
        terms.ratios[anyInstrument().index] = below(1'000'000 - terms.initial);
        const bool ends = below(6) == 0;
        send(SetMargin{anyone(), ends ? nullptr : std::make_shared<MarginTerms>(terms)});
    }
    void settleByHand()
    {
        if (settled >= trades.size())
            return;
        const TradeRecord &trade = trades[settled++];
        SettleTrade settle{trade.no, {}};
        if (trade.buyAccount != 0)
            settle.legs.push_back({trade.buyAccount, trade.instrument, Side::Buy, trade.quantity,
                                   Money{}, trade.settlesAt});
        if (trade.sellAccount != 0)
            settle.legs.push_back({trade.sellAccount, trade.instrument, Side::Sell, Quantity{},
                                   Money(trade.value.raw() / 2), trade.settlesAt});
        send(settle);
        settled += static_cast<std::size_t>(below(20));
    }
    void step()
    {
        const std::int64_t what = below(100);
        if (what < 55)
            place();
        else if (what < 68)
            changeOrder();
        else if (what < 72)
            setMargin();
        else if (what < 77)
            advances += send(AdvanceCash{anyone(), "VND", Money(1 + below(80'000'000))}).ok();
        else if (what < 79)
            send(ConvertCash{anyone(), below(2) == 0 ? "VND" : "USD", below(2) == 0 ? "USD" : "VND",
                             Money(1 + below(1'000'000))});
        else if (what < 81)
            send(EndowCash{anyone(), "VND", Money(1 + below(50'000'000))});
        else if (what < 83)
            send(WithdrawCash{anyone(), "VND", Money(1 + below(50'000'000))});
        else if (what < 85 && !engine->money().withdrawals->empty())
            send(DecideWithdrawal{engine->money().withdrawals->begin()->first,
                                  static_cast<LedgerEntry::Status>(below(4))});
        else if (what < 87)
            send(SetFeeSchedule{anyone(),
                                static_cast<std::uint8_t>(1 + below(7)),
                                vietnamDate(now) + static_cast<int>(below(4)),
                                below(4) == 0 ? std::nullopt : std::optional(below(3'000)),
                                {}});
        else if (what < 90)
            settleByHand();
        else if (what < 98)
            pass(1 + below(1'200'000));
        else
            pass(below(5) == 0 ? below(12) * millisecondsPerDay : below(20) * 3'600'000);
        for (const AccountNo no : traders)
            loans += engine->balance(no, 0).loan.isZero() ? 0 : 1;
    }
};

} // namespace

class MoneyRandomTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBooksBalanceWhateverHappens_data();
    void theBooksBalanceWhateverHappens();
};

void MoneyRandomTest::theBooksBalanceWhateverHappens_data()
{
    QTest::addColumn<quint64>("seed");
    for (const quint64 seed : {1U, 2U, 3U, 4U})
        QTest::addRow("seed %llu", static_cast<unsigned long long>(seed)) << seed;
}

void MoneyRandomTest::theBooksBalanceWhateverHappens()
{
    QFETCH(quint64, seed);
    RandomMoney desk(seed);
    for (int round = 0; round < 16; ++round) {
        for (int i = 0; i < 1'000; ++i)
            desk.step();
        QVERIFY(desk.restart());
    }
    for (const auto &[id, order] : desk.orders)
        desk.forced += order.description.starts_with("margin") ? 1 : 0;
    // it has done what it is for
    QVERIFY(desk.forced > 0 && desk.loans > 0 && desk.advances > 0 && desk.refusals > 0
            && !desk.trades.empty());
    qInfo("trades %zu, steps with a loan %llu, advances %llu, forced sales %llu",
          desk.trades.size(), static_cast<unsigned long long>(desk.loans),
          static_cast<unsigned long long>(desk.advances),
          static_cast<unsigned long long>(desk.forced));
    QCOMPARE(desk.replayedHash(), desk.engine->stateHash());
}

QTEST_GUILESS_MAIN(MoneyRandomTest)
#include "tst_money_random.moc"
