// SPDX-License-Identifier: GPL-3.0-or-later
// What accounts are given: up to what sums can hold, and not one more; cash that leaves.
#include "../../support/engine_fixture.h"

using namespace khop;
using namespace khop::test;

namespace {

constexpr auto listed = "symbol,exchange,name,ref\n"
                        "SSI,HOSE,S,31000\n";

struct Fixture : EngineFixture {
    Fixture() : EngineFixture("2026-11-20 09:30", listed) {}
    CommandResult give(AccountNo account, std::int64_t amount)
    {
        return send(EndowCash{account, "VND", Money(amount)});
    }
    CommandResult shares(AccountNo account, std::int64_t quantity, std::int64_t price = 1)
    {
        return send(EndowSecurities{account, symbol("SSI"), Quantity(quantity), Price(price)});
    }
    void settleDown()
    {
        QCOMPARE(engine.checkInvariants(), std::string());
        survivesRestart();
    }
};

} // namespace

class EndowmentsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAccountHoldsSoMuch()
    {
        Fixture f;
        const AccountNo a = f.bareAccount();
        QVERIFY(f.give(a, mostEndowed).ok());
        const CommandResult more = f.give(a, 1);
        QCOMPARE(more.error.code, Code::VALIDATION_ERROR);
        QCOMPARE(more.error.field, std::string("amount"));
        QVERIFY(f.shares(a, mostEndowed).ok());
        QCOMPARE(f.shares(a, 1).error.code, Code::INVALID_QUANTITY);
        f.settleDown();
    }
    void allTogetherHoldSoMuch()
    {
        Fixture f;
        for (int k = 0; k < 4; ++k) {
            const AccountNo account = f.bareAccount();
            QVERIFY(f.give(account, mostEndowed).ok());
            QVERIFY(f.shares(account, mostEndowed).ok());
        }
        const AccountNo last = f.bareAccount();
        QCOMPARE(f.give(last, 1).error.bound, std::string("1-0"));
        QCOMPARE(f.shares(last, 1).error.code, Code::INVALID_QUANTITY);
        f.settleDown();
        // what somebody takes out, somebody else may bring
        QVERIFY(f.send(WithdrawCash{1, "VND", Money(5)}).ok());
        QCOMPARE(f.give(last, 6).error.bound, std::string("1-5"));
        QVERIFY(f.give(last, 5).ok());
        f.settleDown();
    }
    void costsHoldSoMuch()
    {
        Fixture f;
        const AccountNo a = f.bareAccount();
        int given = 0;
        while (given < 20 && f.shares(a, 300'000'000, 1'000'000'000).ok())
            ++given;
        QCOMPARE(given, 3);
        f.settleDown();
    }
    void totalsHoldSoMuch()
    {
        Fixture f;
        const AccountNo a = f.bareAccount();
        for (int k = 0; k < 4; ++k) {
            QVERIFY(f.give(a, mostEndowed).ok());
            QVERIFY(f.send(WithdrawCash{a, "VND", Money(mostEndowed)}).ok());
        }
        const CommandResult more = f.give(a, 1);
        QCOMPARE(more.error.code, Code::VALIDATION_ERROR);
        QCOMPARE(more.error.bound, std::string("1-0"));
        f.settleDown();
    }
    void whatIsNotThereDoesNotLeave()
    {
        Fixture f;
        const AccountNo a = f.bareAccount();
        QVERIFY(f.give(a, 40'000'000).ok());
        QVERIFY(f.buy(a, "SSI", 1'000, 30'000).ok()); // holds 30,045,000
        const std::uint64_t entry = f.engine.ledger().lastEntry();
        const auto withdraw = [&](std::int64_t amount, const char *currency = "VND") {
            return f.send(WithdrawCash{a, currency, Money(amount)}).error;
        };
        const Error tooMuch = withdraw(9'955'001);
        QCOMPARE(tooMuch.code, Code::INSUFFICIENT_CASH);
        QCOMPARE(tooMuch.value, std::string("9955001"));
        QCOMPARE(tooMuch.bound, std::string("9955000"));
        QCOMPARE(withdraw(0).code, Code::VALIDATION_ERROR);
        QCOMPARE(withdraw(-1).code, Code::VALIDATION_ERROR);
        QCOMPARE(withdraw(1, "USD").code, Code::INSUFFICIENT_CASH);
        QCOMPARE(withdraw(1, "XAU").field, std::string("currency"));
        QCOMPARE(f.send(WithdrawCash{99, "VND", Money(1)}).error.code, Code::ACCOUNT_UNKNOWN);
        QCOMPARE(f.engine.ledger().lastEntry(), entry);
        QCOMPARE(withdraw(9'955'000).code, Code::OK);
        QCOMPARE(f.cash(a).available.raw(), 0);
        QCOMPARE(f.cash(a).current.raw(), 30'045'000);
        f.settleDown();
    }
};

QTEST_APPLESS_MAIN(EndowmentsTest)
#include "tst_endowments.moc"
