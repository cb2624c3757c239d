// SPDX-License-Identifier: GPL-3.0-or-later
// Advances, conversions, trades settled by hand, custody and interest on idle cash, to the dong. The fixture
// checks the ledger after every command.
#include "../../support/recorded_engine.h"

#include "ledger/cash_terms.h"

using namespace khop;
using namespace khop::test;

namespace {

/// The shipped rules with one text replaced.
std::string changedRules(std::string_view from, std::string_view to)
{
    std::string text = defaultMarketRulesText();
    const std::size_t at = text.find(from);
    if (at == std::string::npos)
        qFatal("not in the rules");
    return text.replace(at, from.size(), to);
}

std::string custodyCharged()
{
    return changedRules("\"custody_paid_by\": \"HOUSE\"", "\"custody_paid_by\": \"ACCOUNT\"");
}

struct Fixture : RecordedEngine {
    AccountNo me = 0, other = 0;

    /// By other rules than those that are shipped, where they are given.
    explicit Fixture(const std::string &rules = {})
    {
        if (!rules.empty())
            send(Configure{rules, defaultInstrumentsText()});
        other = account("other");
        shares(other, "SSI", 100'000);
        me = send(OpenAccount{uuid7(now, 1, ++ids), "me"}).account;
    }
    /// Sells 500 SSI at 32,000 on Friday, 20 November: 15,960,000 arrive on Tuesday at 13:00.
    void sellFiveHundred()
    {
        shares(me, "SSI", 500);
        order(other, "SSI", Side::Buy, 500, 32'000);
        QVERIFY(order(me, "SSI", Side::Sell, 500, 32'000).ok());
        QCOMPARE(dong().pending.raw(), 15'960'000);
    }
    Balance dong(std::uint16_t currency = 0) const { return engine->balance(me, currency); }
    CommandResult advance(std::int64_t amount)
    {
        return send(AdvanceCash{me, "VND", Money(amount)});
    }
    SettleTrade::Leg leg(const TradeRecord &trade, Side side, std::int64_t proceeds) const
    {
        return {side == Side::Buy ? trade.buyAccount : trade.sellAccount,
                trade.instrument,
                side,
                trade.quantity,
                Money(proceeds),
                trade.settlesAt};
    }
    QString refused(CommandBody body)
    {
        const std::uint64_t entry = engine->ledger().lastEntry();
        const Error error = send(std::move(body)).error;
        if (engine->ledger().lastEntry() != entry)
            qFatal("a refused command has moved something");
        return QStringLiteral("%1|%2|%3|%4")
            .arg(QString::fromUtf8(codeName(error.code).data()),
                 QString::fromStdString(error.field), QString::fromStdString(error.value),
                 QString::fromStdString(error.bound));
    }
};

} // namespace

class CashTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAdvanceIsPaidBackByTheProceeds();
    void theLastDongOfAnAdvanceAndOneMore();
    void advancesTakeTheEarliestProceedsFirst();
    void anAdvanceWithoutProceedsIsRefused();
    void aConversionTakesTheSpread();
    void conversionsThatAreRefused();
    void aTradeSettledByHand();
    void aTradeSettledByHandPaysTheAdvanceBack();
    void settlingTwiceChangesNothing();
    void aWithdrawalMayWaitForADecision_data();
    void aWithdrawalMayWaitForADecision();
    void tooManyWithdrawalsMayNotWait();
    void custodyIsTakenOnceAMonth();
    void theHousePaysCustodyUnlessTheRulesSayOtherwise();
    void custodyWithoutCashIsOwed();
    void idleCashEarnsWhereTheRulesSaySo();
};

void CashTest::anAdvanceIsPaidBackByTheProceeds()
{
    Fixture f;
    f.sellFiveHundred();
    const CommandResult advanced = f.advance(10'000'000);
    QVERIFY(advanced.ok());
    QCOMPARE(advanced.fee.raw(), 16'000); // four days at 0.04 %
    QCOMPARE(f.dong().available.raw(), 10'000'000);
    QCOMPARE(f.dong().pending.raw(), 15'944'000);
    QCOMPARE(f.dong().advanced.raw(), 10'000'000);
    QVERIFY(f.restart());
    f.to("2026-11-24T12:59:00+07:00");
    QCOMPARE(f.dong().available.raw(), 10'000'000);
    f.to("2026-11-24T13:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 15'944'000);
    QCOMPARE(f.dong().pending.raw(), 0);
    QCOMPARE(f.dong().advanced.raw(), 0);
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

void CashTest::theLastDongOfAnAdvanceAndOneMore()
{
    Fixture f;
    f.sellFiveHundred();
    // 15,934,505 + 0.16 % = 25,495.2 are the 15,960,000
    QCOMPARE(f.refused(AdvanceCash{f.me, "VND", Money(15'934'506)}),
             QStringLiteral("INSUFFICIENT_CASH|amount|15934506|15934505"));
    const CommandResult all = f.advance(15'934'505);
    QVERIFY(all.ok());
    QCOMPARE(all.fee.raw(), 25'495);
    QCOMPARE(f.refused(AdvanceCash{f.me, "VND", Money(1)}),
             QStringLiteral("INSUFFICIENT_CASH|amount|1|0"));
    f.to("2026-11-24T13:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 15'934'505);
    QCOMPARE(f.dong().current.raw(), 15'934'505);
}

void CashTest::advancesTakeTheEarliestProceedsFirst()
{
    const Date friday = dateOf(2026, 11, 20);
    const Time tuesday = vietnamTime(friday + 4, 13 * 3'600'000);
    const std::vector<std::pair<Time, Money>> free{{tuesday, Money(1'000)},
                                                   {tuesday + millisecondsPerDay, Money(5'000)}};
    const AdvanceQuote quote = quoteAdvance(free, friday, 10'000, Money(2'000));
    QCOMPARE(quote.parts.size(), 2U);
    QCOMPARE(quote.parts[0].amount, Money(962)); // and 4 % of it, 38
    QCOMPARE(quote.parts[0].fee, Money(38));
    QCOMPARE(quote.parts[1].amount, Money(1'038));
    QCOMPARE(quote.parts[1].fee, Money(52)); // 5 %
    QCOMPARE(quoteAdvance(free, friday, 10'000).amount, Money(962 + 4'762));
    QCOMPARE(advanceDays(friday + 4, tuesday), 1); // on the day itself
}

void CashTest::anAdvanceWithoutProceedsIsRefused()
{
    Fixture f;
    QCOMPARE(f.refused(AdvanceCash{f.me, "VND", Money(1)}),
             QStringLiteral("INSUFFICIENT_CASH|amount|1|0"));
    QCOMPARE(f.refused(AdvanceCash{f.me, "VND", Money(0)}),
             QStringLiteral("VALIDATION_ERROR|amount|0|> 0"));
    QCOMPARE(f.refused(AdvanceCash{f.me, "USD", Money(1)}),
             QStringLiteral("VALIDATION_ERROR|currency|USD|an advance fee in the rules"));
    QCOMPARE(f.refused(AdvanceCash{99, "VND", Money(1)}),
             QStringLiteral("ACCOUNT_UNKNOWN|account_id||"));
}

void CashTest::aConversionTakesTheSpread()
{
    Fixture f;
    f.send(EndowCash{f.me, "VND", Money(1'000'000)});
    const CommandResult bought = f.send(ConvertCash{f.me, "VND", "USD", Money(1'000'000)});
    QCOMPARE(bought.amount.raw(), 3'827); // 1,000,000 / 26,130 = 38.2702
    QCOMPARE(f.dong(0).available.raw(), 0);
    QCOMPARE(f.dong(1).available.raw(), 3'827);
    const CommandResult sold = f.send(ConvertCash{f.me, "USD", "VND", Money(3'827)});
    QCOMPARE(sold.amount.raw(), 990'044); // 38.27 x 25,870 = 990,044.9
    QCOMPARE(f.dong(0).available.raw(), 990'044);
    QCOMPARE(f.dong(0).deposited.raw(), 1'000'000);
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

void CashTest::conversionsThatAreRefused()
{
    Fixture f;
    f.send(EndowCash{f.me, "VND", Money(1'000)});
    QCOMPARE(f.refused(ConvertCash{f.me, "VND", "VND", Money(1)}),
             QStringLiteral("VALIDATION_ERROR|to|VND|!= VND"));
    QCOMPARE(f.refused(ConvertCash{f.me, "EUR", "VND", Money(1)}),
             QStringLiteral("VALIDATION_ERROR|from|EUR|VND"));
    QCOMPARE(f.refused(ConvertCash{f.me, "VND", "USD", Money(1'001)}),
             QStringLiteral("INSUFFICIENT_CASH|amount|1001|1000"));
    QCOMPARE(f.refused(ConvertCash{f.me, "VND", "USD", Money(-1)}),
             QStringLiteral("VALIDATION_ERROR|amount|-1|> 0"));
    // 261 dong are not a cent
    QVERIFY(f.refused(ConvertCash{f.me, "VND", "USD", Money(261)})
                .startsWith(QStringLiteral("VALIDATION_ERROR|amount|261|0 < USD")));
    QCOMPARE(f.send(ConvertCash{f.me, "VND", "USD", Money(262)}).amount.raw(), 1);
}

void CashTest::aTradeSettledByHand()
{
    Fixture f;
    f.sellFiveHundred();
    const TradeRecord trade = f.trades.back();
    const SettleTrade settle{trade.no,
                             {f.leg(trade, Side::Buy, 0), f.leg(trade, Side::Sell, 15'960'000)}};
    QVERIFY(f.send(settle).ok());
    QCOMPARE(f.dong().available.raw(), 15'960'000);
    QCOMPARE(f.dong().pending.raw(), 0);
    QCOMPARE(f.engine->position(f.other, trade.instrument).sellable.raw(), 100'500);
    QVERIFY(f.restart());
    f.to("2026-11-24T13:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 15'960'000);
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

void CashTest::aTradeSettledByHandPaysTheAdvanceBack()
{
    Fixture f;
    f.sellFiveHundred();
    QVERIFY(f.advance(10'000'000).ok());
    const TradeRecord trade = f.trades.back();
    QVERIFY(f.send(SettleTrade{trade.no, {f.leg(trade, Side::Sell, 15'960'000)}}).ok());
    QCOMPARE(f.dong().available.raw(), 15'944'000);
    QCOMPARE(f.dong().advanced.raw(), 0);
}

void CashTest::settlingTwiceChangesNothing()
{
    Fixture f;
    f.sellFiveHundred();
    const TradeRecord trade = f.trades.back();
    SettleTrade settle{trade.no,
                       {f.leg(trade, Side::Buy, 0), f.leg(trade, Side::Sell, 15'960'000)}};
    SettleTrade tooMuch = settle;
    tooMuch.legs[0].quantity = Quantity(501);
    QCOMPARE(f.refused(tooMuch), QStringLiteral("VALIDATION_ERROR|quantity|501|1 … 500"));
    SettleTrade twoBuys = settle;
    twoBuys.legs[1] = twoBuys.legs[0];
    QCOMPARE(f.refused(twoBuys), QStringLiteral("VALIDATION_ERROR|legs|2|a buy and a sell"));
    QVERIFY(f.send(settle).ok());
    const std::uint64_t entry = f.engine->ledger().lastEntry();
    QVERIFY(f.send(settle).ok());
    QCOMPARE(f.engine->ledger().lastEntry(), entry);
    f.to("2026-11-25T10:00:00+07:00");
    const std::uint64_t later = f.engine->ledger().lastEntry();
    QVERIFY(f.send(settle).ok());
    QCOMPARE(f.engine->ledger().lastEntry(), later);
    settle.trade = trade.no + 1;
    QVERIFY(f.refused(settle).startsWith(QStringLiteral("NOT_FOUND|trade_id")));
}

void CashTest::aWithdrawalMayWaitForADecision_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<qint64>("left");
    QTest::addColumn<qint64>("withdrawn");
    QTest::newRow("completed") << int(LedgerEntry::Status::Completed) << qint64(600) << qint64(400);
    QTest::newRow("failed") << int(LedgerEntry::Status::Failed) << qint64(1'000) << qint64(0);
    QTest::newRow("cancelled") << int(LedgerEntry::Status::Cancelled) << qint64(1'000) << qint64(0);
}

void CashTest::aWithdrawalMayWaitForADecision()
{
    QFETCH(int, status);
    QFETCH(qint64, left);
    QFETCH(qint64, withdrawn);
    Fixture f(changedRules("AT_ONCE", "APPROVED"));
    f.send(EndowCash{f.me, "VND", Money(1'000)});
    QVERIFY(f.send(WithdrawCash{f.me, "VND", Money(400)}).ok());
    QCOMPARE(f.dong().available.raw(), 600);
    QCOMPARE(f.dong().held.raw(), 400);
    QCOMPARE(f.dong().withdrawn.raw(), 0);
    QCOMPARE(f.refused(WithdrawCash{f.me, "VND", Money(601)}),
             QStringLiteral("INSUFFICIENT_CASH|amount|601|600"));
    QVERIFY(f.restart());
    const std::uint64_t entry = f.engine->money().withdrawals->begin()->first;
    QVERIFY(f.refused(DecideWithdrawal{entry, LedgerEntry::Status::Pending})
                .startsWith(QStringLiteral("VALIDATION_ERROR|status|PENDING")));
    QVERIFY(f.send(DecideWithdrawal{entry, static_cast<LedgerEntry::Status>(status)}).ok());
    QCOMPARE(f.dong().available.raw(), left);
    QCOMPARE(f.dong().held.raw(), 0);
    QCOMPARE(f.dong().withdrawn.raw(), withdrawn);
    QVERIFY(f.refused(DecideWithdrawal{entry, LedgerEntry::Status::Completed})
                .startsWith(QStringLiteral("NOT_FOUND|transaction_id")));
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

void CashTest::tooManyWithdrawalsMayNotWait()
{
    Fixture f(changedRules("AT_ONCE", "APPROVED"));
    f.send(EndowCash{f.me, "VND", Money(1'000)});
    for (std::size_t i = 0; i < mostPendingWithdrawals; ++i)
        QVERIFY(f.send(WithdrawCash{f.me, "VND", Money(1)}).ok());
    QCOMPARE(f.refused(WithdrawCash{f.me, "VND", Money(1)}),
             QStringLiteral("VALIDATION_ERROR|withdrawals|21|<= 20"));
}

void CashTest::custodyIsTakenOnceAMonth()
{
    Fixture f(custodyCharged());
    f.send(EndowCash{f.me, "VND", Money(100'000)});
    f.shares(f.me, "SSI", 100'000);
    f.shares(f.me, "SHS", 55'555);
    f.to("2026-11-30T10:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 100'000);
    f.to("2026-12-01T10:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 58'000); // 155,555 x 0.27 = 41,999.85
    f.to("2026-12-31T10:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 58'000);
    f.to("2027-01-04T10:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 16'000);
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

void CashTest::theHousePaysCustodyUnlessTheRulesSayOtherwise()
{
    Fixture f;
    f.send(EndowCash{f.me, "VND", Money(100'000)});
    f.shares(f.me, "SSI", 100'000);
    f.to("2026-12-01T10:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 100'000);
}

void CashTest::custodyWithoutCashIsOwed()
{
    Fixture f(custodyCharged());
    f.send(EndowCash{f.me, "VND", Money(20'000)});
    f.shares(f.me, "SSI", 100'000);
    f.to("2026-12-01T10:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 0);
    QCOMPARE(f.engine->money().dues.find(f.me, 0)->custody.raw(), 7'000);
    QVERIFY(f.restart());
    f.send(EndowCash{f.me, "VND", Money(10'000)});
    f.to("2026-12-02T10:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 3'000);
    QVERIFY(!f.engine->money().dues.find(f.me, 0));
}

void CashTest::idleCashEarnsWhereTheRulesSaySo()
{
    Fixture f(changedRules("\"advance_fee\": 0.0004, \"interest\": 0",
                           "\"advance_fee\": 0.0004, \"interest\": 0.0365"));
    f.send(EndowCash{f.me, "VND", Money(1'000'000)});
    f.to("2026-11-30T23:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 1'000'000);
    f.to("2026-12-01T10:00:00+07:00");
    QCOMPARE(f.dong().available.raw(), 1'001'100); // eleven nights at 100 dong
    QCOMPARE(f.replayedHash(), f.engine->stateHash());
}

QTEST_GUILESS_MAIN(CashTest)
#include "tst_cash.moc"
