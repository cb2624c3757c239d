// SPDX-License-Identifier: GPL-3.0-or-later
// Corporate actions in the engine: an account's statement to the dong, who is entitled, what waits at the
// desk on the ex-date, and what is refused.
#include "../../support/corporate_fixture.h"

#include "engine/command_codec.h"

using namespace khop;
using namespace khop::test;

namespace {

using Fixture = CorporateFixture;

} // namespace

class CorporateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStatementToTheDong();
    void theUnsettledAreEntitledAndTheSoldAreNot();
    void fractionsArePaidOrLapse();
    void whatWaitsAtTheDeskIsCancelled();
    void severalGiveOneReference();
    void whatIsWithdrawnGivesNothing();
    void itSurvivesARestart();
    void whatIsRefused_data();
    void whatIsRefused();
};

void CorporateTest::aStatementToTheDong()
{
    Fixture f;
    const AccountNo other = f.account();
    const AccountNo me = f.trader(100'000'000);
    QVERIFY(f.sell(other, "SSI", 1'000, 31'000).ok());
    QVERIFY(f.buy(me, "SSI", 1'000, 31'000).ok());
    QCOMPARE(f.cash(me).current.raw(), 68'953'500);
    QCOMPARE(f.position(me, "SSI").costBasis.raw(), 31'046'500);

    f.to("2026-11-24 12:59");
    QCOMPARE(f.position(me, "SSI").sellable.raw(), 0);
    f.to("2026-11-24 13:00");
    QCOMPARE(f.position(me, "SSI").sellable.raw(), 1'000);
    QVERIFY(f.buy(other, "SSI", 500, 32'000).ok());
    QVERIFY(f.sell(me, "SSI", 500, 32'000).ok());
    QCOMPARE(f.cash(me).pending.raw(), 15'960'000);
    QCOMPARE(f.position(me, "SSI").realizedPnl.raw(), 436'750);

    CorporateTerms bonus = f.bonus(100'000);
    bonus.exDate = day("2026-12-14");
    bonus.payDate = day("2026-12-21");
    const CommandResult paid = f.announce(f.dividend(1'000));
    const CommandResult delivered = f.announce(bonus);
    QVERIFY(paid.ok() && delivered.ok());
    QCOMPARE(paid.corporateAction->terms.recordDate, day("2026-12-01"));
    f.to("2026-11-27 10:00");
    const Money before = f.cash(me).current;
    const Price close = f.instrument("SSI").reference;
    f.to("2026-11-30 10:00");
    QCOMPARE(f.instrument("SSI").reference, Price(close.raw() - 1'000));
    QCOMPARE(f.action(paid).status, CorporateActionStatus::Entitled);
    QCOMPARE(f.cash(me).current, before);
    f.to("2026-12-10 08:00");
    QCOMPARE(f.action(paid).status, CorporateActionStatus::Paid);
    QCOMPARE(f.cash(me).current.raw() - before.raw(), 475'000);

    f.to("2026-12-14 10:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 500);
    f.to("2026-12-21 08:00");
    QCOMPARE(f.action(delivered).status, CorporateActionStatus::Paid);
    const Position position = f.position(me, "SSI");
    QCOMPARE(position.quantity.raw(), 550);
    QCOMPARE(position.sellable.raw(), 550);
    QCOMPARE(position.costBasis.raw(), 15'523'250); // 28,224.09 a share
    f.survivesRestart();
}

void CorporateTest::theUnsettledAreEntitledAndTheSoldAreNot()
{
    Fixture f;
    const AccountNo seller = f.account(), buyer = f.trader(1'000'000'000);
    const CommandResult announced = f.announce(f.dividend(2'000));
    f.to("2026-11-27 10:00"); // the last day with the right
    QVERIFY(f.sell(seller, "SSI", 1'000, 31'000).ok());
    QVERIFY(f.buy(buyer, "SSI", 1'000, 31'000).ok());
    f.to("2026-11-30 09:30"); // without it
    QVERIFY(f.sell(seller, "SSI", 300, 29'000).ok());
    QVERIFY(f.buy(buyer, "SSI", 300, 29'000).ok());
    const CorporateAction &action = f.action(announced);
    QCOMPARE(action.holders, std::size_t{2});
    QCOMPARE(action.entitled.raw(), 10'000'000);
    const Money cash = f.cash(buyer).current;
    f.to("2026-12-10 08:00");
    QCOMPARE(f.cash(buyer).current.raw() - cash.raw(), 1'000 * 2'000 * 95 / 100);
    QCOMPARE(action.cash.raw(), 10'000'000LL * 2'000);
    QCOMPARE(action.tax.raw(), 10'000'000LL * 100);
}

void CorporateTest::fractionsArePaidOrLapse()
{
    Fixture f;
    const AccountNo me = f.bareAccount();
    f.send(EndowSecurities{me, f.symbol("SSI"), Quantity(1'234), Price(10'000)});
    f.send(EndowSecurities{me, f.symbol("HHH"), Quantity(1'234), Price(10'000)});
    CorporateTerms paid = f.bonus(150'000); // 185.1 shares
    paid.fractionPrice = Price(10'000);
    CorporateTerms lapsed = f.bonus(150'000);
    lapsed.instrument = f.symbol("HHH");
    lapsed.type = CorporateActionType::StockDividend;
    QVERIFY(f.announce(paid).ok() && f.announce(lapsed).ok());
    f.to("2026-12-10 08:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 1'234 + 185);
    QCOMPARE(f.cash(me).current.raw(), 1'000);
    QCOMPARE(f.position(me, "HHH").quantity.raw(), 1'234 + 185);
}

void CorporateTest::whatWaitsAtTheDeskIsCancelled()
{
    Fixture f;
    const AccountNo me = f.account();
    QVERIFY(f.announce(f.dividend(1'000)).ok());
    PlaceOrder stop;
    stop.account = me;
    stop.id = f.newId();
    stop.instrument = f.symbol("SSI");
    stop.side = Side::Sell;
    stop.type = OrderType::MTL;
    stop.quantity = Quantity(100);
    stop.expiresAt = vietnam("2026-12-04 15:00");
    auto condition = std::make_shared<Condition>();
    condition->stopLoss = ConditionLeg{Price(30'000), {}};
    stop.condition = condition;
    const CommandResult waiting = f.send(stop);
    stop.id = f.newId();
    stop.instrument = f.symbol("HHH");
    auto elsewhere = std::make_shared<Condition>();
    elsewhere->stopLoss = ConditionLeg{Price(16'000), {}};
    stop.condition = elsewhere;
    const CommandResult other = f.send(stop);
    QCOMPARE(waiting.error, Error{});
    QCOMPARE(other.error, Error{});
    f.to("2026-11-27 14:00");
    QCOMPARE(f.state(waiting).status, OrderStatus::Queued);
    f.to("2026-11-30 08:00");
    QCOMPARE(f.state(waiting).status, OrderStatus::Cancelled);
    QCOMPARE(f.state(other).status, OrderStatus::Queued);
}

void CorporateTest::severalGiveOneReference()
{
    Fixture f;
    QVERIFY(f.announce(f.dividend(1'000)).ok());
    QVERIFY(f.announce(f.bonus(200'000)).ok());
    f.to("2026-11-30 08:00");
    QCOMPARE(f.instrument("SSI").reference.raw(), 25'000); // (31,000 - 1,000) / 1.2
}

void CorporateTest::whatIsWithdrawnGivesNothing()
{
    Fixture f;
    const AccountNo me = f.account();
    const CommandResult announced = f.announce(f.dividend(1'000));
    const CommandResult kept = f.announce(f.bonus(500'000));
    QVERIFY(f.send(WithdrawCorporateAction{announced.corporateAction->id}).ok());
    QVERIFY(!f.send(WithdrawCorporateAction{announced.corporateAction->id}).ok());
    QCOMPARE(f.send(WithdrawCorporateAction{f.newId()}).error.code, Code::NOT_FOUND);
    const Money cash = f.cash(me).current;
    f.to("2026-12-10 08:00");
    QCOMPARE(f.cash(me).current, cash);
    QCOMPARE(f.action(announced).status, CorporateActionStatus::Withdrawn);
    QCOMPARE(f.action(kept).status, CorporateActionStatus::Paid);
    QCOMPARE(f.instrument("SSI").reference.raw(), 20'650); // 31,000 / 1.5 = 20,666.67
    QVERIFY(!f.send(WithdrawCorporateAction{kept.corporateAction->id}).ok());
}

void CorporateTest::itSurvivesARestart()
{
    Fixture f;
    f.account();
    f.announce(f.dividend(1'500));
    f.announce(f.bonus(100'000));
    f.survivesRestart();
    f.to("2026-12-02 10:00"); // entitled, not paid
    Engine restored;
    QVERIFY(restored.restore(f.engine.snapshot()));
    CommittedGroup ignored;
    f.to("2026-12-11 10:00");
    restored.apply({f.now, Tick{}}, ignored);
    QVERIFY(restored.stateHash() == f.engine.stateHash());
    QCOMPARE(restored.checkInvariants(), std::string());
    // and a command survives its encoding
    CorporateTerms terms = f.bonus(1);
    terms.description = "cổ phiếu thưởng";
    terms.fromTreasury = true;
    terms.fractionPrice = Price(7);
    ByteWriter out;
    encodeCommand(out, {f.now, AnnounceCorporateAction{{1, 2}, terms}});
    ByteReader in(out.bytes());
    const auto decoded = decodeCommand(in);
    QVERIFY(decoded && in.atEnd());
    ByteWriter again;
    encodeCommand(again, *decoded);
    QCOMPARE(again.bytes(), out.bytes());
}

void CorporateTest::whatIsRefused_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<int>("which");
    const auto row = [](const char *field, int which, const char *name) {
        QTest::newRow(name) << QString::fromLatin1(field) << which;
    };
    row("symbol", 0, "no such symbol");
    row("symbol", 1, "no share");
    row("ex_date", 2, "today");
    row("ex_date", 3, "a Sunday");
    row("record_date", 4, "recorded before it trades without");
    row("pay_date", 5, "paid before it is recorded");
    row("amount", 6, "nothing a share");
    row("amount", 7, "less than nothing");
    row("amount", 8, "cash with shares");
    row("ratio", 9, "no shares");
    row("ratio", 10, "shares with cash");
    row("ratio", 11, "too many shares");
    row("fraction_price", 12, "fractions of cash");
    row("description", 13, "a long story");
}

void CorporateTest::whatIsRefused()
{
    QFETCH(QString, field);
    QFETCH(int, which);
    Fixture f;
    f.account();
    CorporateTerms terms =
        which >= 8 && which != 10 && which != 12 ? f.bonus(100'000) : f.dividend(1'000);
    switch (which) {
    case 0: terms.instrument = 99; break;
    case 1: terms.instrument = f.symbol("BTC"); break;
    case 2: terms.exDate = day("2026-11-20"); break;
    case 3: terms.exDate = day("2026-11-29"); break;
    case 4: terms.recordDate = terms.exDate; break;
    case 5: terms.payDate = day("2026-11-30"); break;
    case 6: terms.cash = Price{}; break;
    case 7: terms.cash = Price(-1); break;
    case 8: terms.cash = Price(1); break;
    case 9: terms.ratio = 0; break;
    case 10: terms.ratio = 1; break;
    case 11: terms.ratio = highestRatio + 1; break;
    case 12: terms.fractionPrice = Price(1); break;
    default: terms.description.assign(501, 'x');
    }
    const std::uint64_t entry = f.engine.ledger().lastEntry();
    const CommandResult result = f.announce(terms);
    QVERIFY(!result.ok());
    QCOMPARE(QString::fromStdString(result.error.field), field);
    QVERIFY(!result.error.bound.empty() || which == 0 || which == 3);
    QCOMPARE(f.engine.corporateActions().size(), std::size_t{0});
    f.to("2026-12-20 10:00");
    QCOMPARE(f.instrument("SSI").reference.raw(), 31'000);
    QCOMPARE(f.engine.ledger().lastEntry(), entry);
}

QTEST_APPLESS_MAIN(CorporateTest)
#include "tst_corporate.moc"
