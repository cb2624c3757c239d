// SPDX-License-Identifier: GPL-3.0-or-later
// Fees by account and day: the same amount in hold, fill and preview, however an order is cut up.
#include "../../support/engine_fixture.h"

#include "engine/command_codec.h"

using namespace khop;
using namespace khop::test;

namespace {

constexpr auto listed = "symbol,exchange,name,ref,kind\n"
                        "SSI,HOSE,S,31000,SHARE\n"
                        "SHS,HNX,H,17000,SHARE\n"
                        "BTC,SPOT,B,90000.00,CRYPTO\n";
constexpr std::uint8_t hose = 1U << static_cast<int>(Exchange::HOSE);
constexpr std::uint8_t hnx = 1U << static_cast<int>(Exchange::HNX);
constexpr std::uint8_t spot = 1U << static_cast<int>(Exchange::SPOT);

Date day(std::string_view text) { return *parseIsoDate(text); }

/// 0.1 % up to 20,000,000, 0.05 % beyond.
SetFeeSchedule tiered(AccountNo account, std::string_view from, std::uint8_t exchanges = hose)
{
    return {account, exchanges, day(from), 1'000, {{Money(20'000'000), 500}}};
}

struct Fixture : EngineFixture {
    explicit Fixture(const std::string &rules = defaultMarketRulesText())
        : EngineFixture("2026-11-20 09:30", listed, rules)
    {}
    AccountNo trader(std::int64_t cash)
    {
        const AccountNo no = bareAccount();
        send(EndowCash{no, "VND", Money(cash)});
        return no;
    }
    QString refused(CommandBody body)
    {
        const std::uint64_t entry = engine.ledger().lastEntry();
        const Error error = send(std::move(body)).error;
        if (engine.ledger().lastEntry() != entry)
            qFatal("a refused command has moved something");
        return QStringLiteral("%1|%2|%3|%4")
            .arg(QString::fromUtf8(codeName(error.code).data()),
                 QString::fromStdString(error.field), QString::fromStdString(error.value),
                 QString::fromStdString(error.bound));
    }
};

} // namespace

class FeesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tiersCostEachTheirPart_data();
    void tiersCostEachTheirPart();
    void theExchangesPartIsIncluded();
    void anAccountsOwnCommissionHoldsToTheDong();
    void cuttingAnOrderUpCostsNoMore();
    void anOrderKeepsTheFeesOfItsDay();
    void rulesChangeTheFeeOnTheirDay();
    void aScheduleEndsWhereTheExchangesComesBack();
    void whatIsRefused();
    void itSurvivesARestart();
    void commandsComeBackAsTheyWere();
};

void FeesTest::tiersCostEachTheirPart_data()
{
    QTest::addColumn<qint64>("value");
    QTest::addColumn<qint64>("fee");
    QTest::newRow("nothing") << qint64(0) << qint64(0);
    QTest::newRow("within the first") << qint64(10'000'000) << qint64(15'000);
    QTest::newRow("at the first step") << qint64(20'000'000) << qint64(30'000);
    QTest::newRow("a dong beyond") << qint64(20'000'001) << qint64(30'000);
    QTest::newRow("half a dong is one") << qint64(20'000'500) << qint64(30'001);
    QTest::newRow("all three") << qint64(150'000'000) << qint64(30'000 + 80'000 + 25'000);
}

void FeesTest::tiersCostEachTheirPart()
{
    QFETCH(qint64, value);
    QFETCH(qint64, fee);
    Rates rates;
    rates.tiers = {{Money(20'000'000), 1'000}, {Money(100'000'000), 500}};
    QCOMPARE(commission(rates, Money(value)).raw(), fee);
}

void FeesTest::theExchangesPartIsIncluded()
{
    Rates rates;
    rates.exchangeFee = 270;
    const Money value(31'000'000);
    QCOMPARE(exchangePart(rates, value, commission(rates, value)), Money(8'370));
    rates.fee = 200; // less than the exchange takes: all of it goes there
    QCOMPARE(exchangePart(rates, value, commission(rates, value)), Money(6'200));
}

void FeesTest::anAccountsOwnCommissionHoldsToTheDong()
{
    Fixture f;
    const AccountNo other = f.account();
    const AccountNo me = f.trader(31'025'499);
    QVERIFY(f.send(tiered(me, "2026-11-20")).ok());
    // 20,000,000 x 0.1 % + 11,000,000 x 0.05 % = 25,500
    QCOMPARE(f.buy(me, "SSI", 1'000, 31'000).error.code, Code::INSUFFICIENT_CASH);
    f.send(EndowCash{me, "VND", Money(1)});
    const CommandResult bought = f.buy(me, "SSI", 1'000, 31'000);
    QVERIFY(bought.ok());
    QCOMPARE(bought.order->held.raw(), 31'025'500);
    QVERIFY(f.sell(other, "SSI", 1'000, 31'000).ok());
    QCOMPARE(f.state(bought).fee.raw(), 25'500);
    QCOMPARE(f.cash(me).current.raw(), 0);
    QCOMPARE(f.state(f.buy(other, "SHS", 100, 17'000)).fee.raw(), 0);
    QCOMPARE(f.engine.checkInvariants(), std::string());
}

void FeesTest::cuttingAnOrderUpCostsNoMore()
{
    Fixture f;
    const AccountNo other = f.account();
    const AccountNo me = f.trader(100'000'000);
    QVERIFY(f.send(tiered(me, "2026-11-20")).ok());
    const CommandResult bought = f.buy(me, "SSI", 1'000, 31'000);
    for (const std::int64_t part : {100, 600, 200, 100}) {
        QVERIFY(f.sell(other, "SSI", part, 31'000).ok());
        QCOMPARE(f.engine.checkInvariants(), std::string());
    }
    QCOMPARE(f.state(bought).fee.raw(), 25'500);
    QCOMPARE(f.cash(me).current.raw(), 100'000'000 - 31'025'500);
}

void FeesTest::anOrderKeepsTheFeesOfItsDay()
{
    Fixture f;
    const AccountNo other = f.account();
    const AccountNo me = f.trader(100'000'000);
    const CommandResult before = f.buy(me, "SSI", 1'000, 31'000);
    QVERIFY(f.send(tiered(me, "2026-11-20")).ok());
    QCOMPARE(f.engine.checkInvariants(), std::string());
    const CommandResult after = f.buy(me, "SSI", 1'000, 31'000);
    QVERIFY(f.sell(other, "SSI", 2'000, 31'000).ok());
    QCOMPARE(f.state(before).fee.raw(), 46'500);
    QCOMPARE(f.state(after).fee.raw(), 25'500);
}

void FeesTest::rulesChangeTheFeeOnTheirDay()
{
    Fixture f(rulesWith(
        R"("rates": { "fee": 0.0015, "exchange_fee": 0.00027, "sell_tax": 0.001, "dividend_tax": 0.05, "custody": 0.27 })",
        R"("rates": [{ "from": "2025-05-05", "fee": 0.0015, "sell_tax": 0.001 },
                           { "from": "2026-11-23", "fee": 0.002, "sell_tax": 0.003 }])"));
    const AccountNo other = f.account();
    const AccountNo me = f.account();
    f.buy(me, "SSI", 1'000, 31'000);
    const CommandResult friday = f.sell(other, "SSI", 1'000, 31'000);
    QCOMPARE(f.state(friday).fee.raw(), 46'500);
    QCOMPARE(f.state(friday).tax.raw(), 31'000);
    f.to("2026-11-23 09:30");
    f.buy(me, "SSI", 1'000, 31'000);
    const CommandResult monday = f.sell(other, "SSI", 1'000, 31'000);
    QCOMPARE(f.state(monday).fee.raw(), 62'000);
    QCOMPARE(f.state(monday).tax.raw(), 93'000);
}

void FeesTest::aScheduleEndsWhereTheExchangesComesBack()
{
    Fixture f;
    const AccountNo other = f.account();
    const AccountNo me = f.account();
    QVERIFY(f.send(tiered(me, "2026-11-23", hose | hnx)).ok());
    QVERIFY(f.send(SetFeeSchedule{me, hose, day("2026-11-24"), {}, {}}).ok());
    const auto feeNow = [&] {
        f.sell(other, "SSI", 1'000, 31'000);
        return f.state(f.buy(me, "SSI", 1'000, 31'000)).fee.raw();
    };
    QCOMPARE(feeNow(), 46'500);
    f.to("2026-11-23 09:30");
    QCOMPARE(feeNow(), 25'500);
    f.to("2026-11-24 09:30");
    QCOMPARE(feeNow(), 46'500);
    QCOMPARE(f.engine.money().fees.inForce().of(me, Exchange::HNX).fee, 1'000);
}

void FeesTest::whatIsRefused()
{
    Fixture f;
    const AccountNo me = f.trader(1);
    const std::uint64_t snapshot = f.engine.money().fees.inForce().schedules.size();
    SetFeeSchedule set = tiered(me, "2026-11-19");
    QCOMPARE(f.refused(set), QStringLiteral("VALIDATION_ERROR|from|2026-11-19|>= 2026-11-20"));
    set = tiered(me, "2026-11-20");
    set.fee = -1;
    QCOMPARE(f.refused(set), QStringLiteral("VALIDATION_ERROR|fee|-0.0001|0 … 10"));
    set.fee = 100'001;
    QCOMPARE(f.refused(set), QStringLiteral("VALIDATION_ERROR|fee|10.0001|0 … 10"));
    set.fee = 100'000;
    set.tiers = {{Money(5), 1}, {Money(5), 2}};
    QCOMPARE(f.refused(set), QStringLiteral("VALIDATION_ERROR|tiers[1].above|5|> 5"));
    set.tiers = {{Money(5), 100'001}};
    QCOMPARE(f.refused(set), QStringLiteral("VALIDATION_ERROR|tiers[0].fee|10.0001|0 … 10"));
    set.tiers.clear();
    set.exchanges = hose | spot;
    QCOMPARE(f.refused(set), QStringLiteral("VALIDATION_ERROR|exchanges|USD|VND"));
    set.exchanges = 0;
    QCOMPARE(f.refused(set), QStringLiteral("VALIDATION_ERROR|exchanges|0|HOSE, …"));
    set.exchanges = hose;
    set.account = 99;
    QCOMPARE(f.refused(set), QStringLiteral("ACCOUNT_UNKNOWN|account_id||"));
    QCOMPARE(f.engine.money().fees.inForce().schedules.size(), snapshot);
    set.account = me;
    QVERIFY(f.send(set).ok());
}

void FeesTest::itSurvivesARestart()
{
    Fixture f;
    const AccountNo me = f.account();
    const CommandResult standing = f.buy(me, "SSI", 1'000, 30'000);
    QVERIFY(standing.ok());
    QVERIFY(f.send(tiered(me, "2026-11-20")).ok());
    QVERIFY(f.send(tiered(me, "2026-11-24", hnx)).ok());
    QVERIFY(f.buy(me, "SSI", 1'000, 30'000).ok());
    f.survivesRestart();
}

void FeesTest::commandsComeBackAsTheyWere()
{
    const SetFeeSchedule set = tiered(7, "2026-12-01", hose | hnx);
    ByteWriter out;
    encodeCommand(out, {Time{1}, set});
    ByteReader in(out.bytes());
    const auto read = decodeCommand(in);
    QVERIFY(read && in.atEnd());
    const auto *const body = std::get_if<SetFeeSchedule>(&read->body);
    QVERIFY(body);
    QVERIFY(body->account == set.account && body->exchanges == set.exchanges
            && body->from == set.from && body->fee == set.fee && body->tiers == set.tiers);
}

QTEST_GUILESS_MAIN(FeesTest)
#include "tst_fees.moc"
