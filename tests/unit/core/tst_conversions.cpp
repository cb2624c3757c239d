// SPDX-License-Identifier: GPL-3.0-or-later
// Splits, reverse splits, mergers and transfers: quantities, costs, what is on its way, fractions, orders and
// references, and what cannot be announced.
#include "../../support/corporate_fixture.h"

using namespace khop;
using namespace khop::test;

class ConversionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sharesAreSplit_data();
    void sharesAreSplit();
    void whatIsOnItsWayStaysOnItsWay();
    void ordersAreCancelled();
    void aMergerCarriesCostsOver();
    void aHoldingTooSmallIsPaidOut();
    void aTransferMovesTheListing();
    void newDataKeepsATransfer();
    void aTransferIsWithdrawn();
    void nothingHeldIsNothingDone();
    void itIsDoneForAllOrForNobody();
    void noLossOfTheDay();
    void whatIsRefused_data();
    void whatIsRefused();
    void neighboursAreKeptApart();
};

void ConversionsTest::sharesAreSplit_data()
{
    QTest::addColumn<qint64>("shares");
    QTest::addColumn<qint64>("per");
    QTest::addColumn<qint64>("held");
    QTest::addColumn<qint64>("after");
    QTest::addColumn<qint64>("cash"); // for the fraction, at 12,000 a share
    QTest::addColumn<qint64>("reference");
    QTest::newRow("2 for 1") << 2LL << 1LL << 1'001LL << 2'002LL << 0LL << 15'500LL;
    QTest::newRow("3 for 2") << 3LL << 2LL << 1'001LL << 1'501LL << 6'000LL << 20'650LL;
    QTest::newRow("10 for 1") << 10LL << 1LL << 7LL << 70LL << 0LL << 3'100LL;
    QTest::newRow("1 for 3") << 1LL << 3LL << 1'000LL << 333LL << 4'000LL << 93'000LL;
    QTest::newRow("1 for 3, even") << 1LL << 3LL << 999LL << 333LL << 0LL << 93'000LL;
    QTest::newRow("1 for 10") << 1LL << 10LL << 1'005LL << 100LL << 6'000LL << 310'000LL;
}

void ConversionsTest::sharesAreSplit()
{
    QFETCH(qint64, shares);
    QFETCH(qint64, per);
    QFETCH(qint64, held);
    QFETCH(qint64, after);
    QFETCH(qint64, cash);
    QFETCH(qint64, reference);
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", held), other = f.holder("SSI", 600);
    CorporateTerms terms = f.split(shares, per);
    terms.fractionPrice = Price(12'000);
    const CommandResult announced = f.announce(terms);
    QCOMPARE(announced.error, Error{});
    QCOMPARE(announced.corporateAction->terms.payDate, terms.exDate);
    f.to("2026-11-27 10:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), held);
    f.toRestored("2026-11-30 08:00");
    const Position position = f.position(me, "SSI");
    QCOMPARE(position.quantity.raw(), after);
    QCOMPARE(position.sellable.raw(), after);
    QCOMPARE(position.costBasis.raw(), held * 20'000); // all of it
    QCOMPARE(position.realizedPnl.raw(), 0);
    QCOMPARE(f.cash(me).current.raw(), cash);
    QCOMPARE(f.position(other, "SSI").quantity.raw(), 600 * shares / per);
    QCOMPARE(f.instrument("SSI").reference.raw(), reference);
    QCOMPARE(f.action(announced).close.raw(), 31'000);
    QCOMPARE(f.action(announced).reference.raw(), reference);
    QCOMPARE(f.action(announced).status, CorporateActionStatus::Paid);
    QCOMPARE(f.action(announced).shares.raw(), after + 600 * shares / per);
    QCOMPARE(f.action(announced).holders, std::size_t{2});
}

void ConversionsTest::whatIsOnItsWayStaysOnItsWay()
{
    CorporateFixture f;
    const AccountNo seller = f.account();
    const AccountNo me = f.holder("SSI", 1'001, 100'000'000);
    const auto buy = [&](std::int64_t quantity) {
        QVERIFY(f.sell(seller, "SSI", quantity, 31'000).ok());
        QVERIFY(f.buy(me, "SSI", quantity, 31'000).ok());
    };
    QVERIFY(f.announce(f.split(3, 2)).ok());
    f.to("2026-11-26 10:00");
    buy(300);
    f.to("2026-11-27 10:00");
    buy(400);
    f.toRestored("2026-11-30 12:59");
    const auto now = [&] { return f.position(me, "SSI"); };
    QCOMPARE(now().quantity.raw(), 2'551); // 1,701 x 1.5 = 2,551.5
    QCOMPARE(now().sellable.raw(), 1'501);
    QCOMPARE(now().pendingYesterday.raw(), 600);
    QCOMPARE(now().pendingBefore.raw(), 450);
    QCOMPARE(now().costBasis.raw(), 1'001 * 20'000 + 700 * 31'000 + 13'950 + 18'600);
    f.to("2026-11-30 13:00");
    QCOMPARE(now().sellable.raw(), 1'951);
    f.toRestored("2026-12-01 13:00");
    QCOMPARE(now().sellable.raw(), 2'551);
    QCOMPARE(f.instrument("SSI").reference.raw(), 20'650);
}

void ConversionsTest::ordersAreCancelled()
{
    CorporateFixture f;
    const AccountNo me = f.account();
    QVERIFY(f.announce(f.split(2, 1)).ok());
    f.to("2026-11-27 20:00");
    const CommandResult sell = f.order(me, "SSI", Side::Sell, OrderType::LO, 500, 31'000, true);
    const CommandResult buy = f.order(me, "SSI", Side::Buy, OrderType::LO, 500, 30'000, true);
    const CommandResult other = f.order(me, "HHH", Side::Sell, OrderType::LO, 500, 17'000, true);
    QCOMPARE(sell.error, Error{});
    QCOMPARE(f.position(me, "SSI").held.raw(), 500);
    f.toRestored("2026-11-30 08:00");
    QCOMPARE(f.state(sell).status, OrderStatus::Cancelled);
    QCOMPARE(f.state(buy).status, OrderStatus::Cancelled);
    QCOMPARE(f.state(other).status, OrderStatus::Queued);
    QCOMPARE(f.position(me, "SSI").sellable.raw(), 20'000'000);
    QCOMPARE(f.cash(me).held.raw(), 0);
    f.to("2026-11-30 09:30");
    QVERIFY(f.sell(me, "SSI", 500, 15'500).ok());
}

void ConversionsTest::aMergerCarriesCostsOver()
{
    CorporateFixture f;
    const AccountNo me = f.holder("HHH", 1'234, 50'000'000), seller = f.account();
    f.send(EndowSecurities{me, f.symbol("SSI"), Quantity(100), Price(30'000)});
    CorporateTerms terms = f.merger("HHH", "SSI", 2, 5);
    terms.fractionPrice = Price(30'000);
    const CommandResult announced = f.announce(terms);
    QCOMPARE(announced.error, Error{});
    f.to("2026-11-27 10:00");
    QVERIFY(f.sell(seller, "HHH", 1'000, 17'000).ok());
    QVERIFY(f.buy(me, "HHH", 1'000, 17'000).ok()); // on its way until 1 December
    const Money before = f.cash(me).current;
    f.toRestored("2026-11-30 10:00");
    QCOMPARE(f.position(me, "HHH").quantity.raw(), 0);
    QCOMPARE(f.position(me, "HHH").costBasis.raw(), 0);
    const Position into = f.position(me, "SSI");
    QCOMPARE(into.quantity.raw(), 100 + 893); // 2,234 x 2 / 5 = 893.6
    QCOMPARE(into.sellable.raw(), 100 + 493); // of 1,234
    QCOMPARE(into.costBasis.raw(), 3'000'000 + 1'234 * 20'000 + 17'025'500);
    QCOMPARE(f.cash(me).current.raw() - before.raw(), 18'000); // 0.6 of a share
    QVERIFY(!f.instrument("HHH").active);
    QCOMPARE(f.buy(me, "HHH", 100, 17'000).error.code, Code::INSTRUMENT_INACTIVE);
    QCOMPARE(f.instrument("SSI").reference.raw(), 31'000);
    f.toRestored("2026-12-01 13:00");
    QCOMPARE(f.position(me, "SSI").sellable.raw(), 993);
    QCOMPARE(f.action(announced).status, CorporateActionStatus::Paid);
}

void ConversionsTest::aHoldingTooSmallIsPaidOut()
{
    CorporateFixture f;
    const AccountNo me = f.holder("HHH", 2);
    CorporateTerms terms = f.merger("HHH", "SSI", 2, 5);
    terms.fractionPrice = Price(30'000);
    const CommandResult announced = f.announce(terms);
    f.happened.clear();
    f.toRestored("2026-11-30 10:00");
    QCOMPARE(f.position(me, "HHH").quantity.raw(), 0);
    QCOMPARE(f.position(me, "HHH").costBasis.raw(), 0);
    QCOMPARE(f.position(me, "HHH").realizedPnl.raw(), 24'000 - 40'000); // 0.8 of a share
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 0);
    QCOMPARE(f.cash(me).current.raw(), 24'000);
    QCOMPARE(f.happened.executions.size(), std::size_t{1});
    QCOMPARE(f.happened.executions.front().side, Side::Sell);
    QCOMPARE(f.happened.executions.front().realized.raw(), 24'000 - 40'000);
    QCOMPARE(f.action(announced).cash.raw(), 24'000);
}

void ConversionsTest::aTransferMovesTheListing()
{
    CorporateFixture f;
    const AccountNo me = f.account();
    const CommandResult announced = f.announce(f.transfer("HHH", Exchange::HOSE));
    QCOMPARE(announced.error, Error{});
    f.to("2026-11-27 20:00");
    const CommandResult waiting = f.order(me, "HHH", Side::Sell, OrderType::LO, 500, 17'000, true);
    QCOMPARE(waiting.error, Error{});
    QCOMPARE(f.instrument("HHH").exchange, Exchange::HNX);
    f.toRestored("2026-11-30 08:00");
    QCOMPARE(f.state(waiting).status, OrderStatus::Cancelled);
    const Instrument &moved = f.instrument("HHH");
    QCOMPARE(moved.exchange, Exchange::HOSE);
    QVERIFY(moved.firstDay);
    QCOMPARE(moved.reference.raw(), 17'000);
    QCOMPARE(moved.ceiling.raw(), 20'400); // 20 %
    QCOMPARE(moved.floor.raw(), 13'600);
    QCOMPARE(f.action(announced).status, CorporateActionStatus::Paid);
    QCOMPARE(f.position(me, "HHH").quantity.raw(), 10'000'000);
    f.to("2026-11-30 09:05");
    QVERIFY(f.order(me, "HHH", Side::Buy, OrderType::ATO, 100).ok()); // only HOSE has these
    f.toRestored("2026-12-01 08:00");
    QVERIFY(!f.instrument("HHH").firstDay);
    QCOMPARE(f.instrument("HHH").exchange, Exchange::HOSE);
}

void ConversionsTest::newDataKeepsATransfer()
{
    CorporateFixture f;
    QVERIFY(f.announce(f.transfer("HHH", Exchange::HOSE)).ok());
    CorporateTerms later = f.transfer("LOW", Exchange::UPCOM);
    later.exDate = day("2026-12-02");
    QVERIFY(f.announce(later).ok());
    f.to("2026-11-30 10:00");
    const std::string text = CorporateFixture::listed;
    QVERIFY(f.send(Configure{defaultMarketRulesText(), text + "NEW,HNX,N,9000,SHARE,,\n"}).ok());
    QCOMPARE(f.instrument("HHH").exchange, Exchange::HOSE);
    QCOMPARE(f.instrument("NEW").exchange, Exchange::HNX);
    f.toRestored("2026-12-02 10:00");
    QCOMPARE(f.instrument("LOW").exchange, Exchange::UPCOM);
    QCOMPARE(f.instrument("LOW").ceiling.raw(), 11'200); // 40 %
    // data that says something new is followed
    std::string moved = text + "NEW,HNX,N,9000,SHARE,,\n";
    moved.replace(moved.find("HHH,HNX"), 7, "HHH,UPCOM");
    QVERIFY(f.send(Configure{defaultMarketRulesText(), moved}).ok());
    QCOMPARE(f.instrument("HHH").exchange, Exchange::UPCOM);
    f.survivesRestart();
}

void ConversionsTest::aTransferIsWithdrawn()
{
    CorporateFixture f;
    const CommandResult announced = f.announce(f.transfer("HHH", Exchange::HOSE));
    QVERIFY(f.send(WithdrawCorporateAction{announced.corporateAction->id}).ok());
    f.to("2026-12-01 10:00");
    QCOMPARE(f.instrument("HHH").exchange, Exchange::HNX);
}

void ConversionsTest::nothingHeldIsNothingDone()
{
    CorporateFixture f;
    const AccountNo me = f.trader(1'000'000);
    const CommandResult split = f.announce(f.split(2, 1));
    const CommandResult merger = f.announce(f.merger("HHH", "LOW", 1, 2));
    const CommandResult dividend = [&] {
        CorporateTerms terms = f.dividend(500);
        terms.exDate = day("2026-12-03");
        return f.announce(terms);
    }();
    QVERIFY(split.ok() && merger.ok() && dividend.ok());
    const std::uint64_t entry = f.engine.ledger().lastEntry();
    f.to("2026-12-10 10:00");
    for (const CommandResult *one : {&split, &merger, &dividend}) {
        QCOMPARE(f.action(*one).status, CorporateActionStatus::Paid);
        QCOMPARE(f.action(*one).holders, std::size_t{0});
    }
    QCOMPARE(f.engine.ledger().lastEntry(), entry);
    QCOMPARE(f.cash(me).current.raw(), 1'000'000);
}

void ConversionsTest::itIsDoneForAllOrForNobody()
{
    CorporateFixture f;
    const AccountNo small = f.holder("SSI", 1'000), large = f.bareAccount();
    f.send(EndowSecurities{large, f.symbol("SSI"), Quantity(mostEndowed / 1'000 + 1), Price(1)});
    const CommandResult announced = f.announce(f.split(1'000, 1));
    QVERIFY(announced.ok());
    const std::uint64_t entry = f.engine.ledger().lastEntry();
    f.toRestored("2026-11-30 10:00");
    QCOMPARE(f.action(announced).status, CorporateActionStatus::Failed);
    QCOMPARE(f.position(small, "SSI").quantity.raw(), 1'000);
    QCOMPARE(f.position(large, "SSI").quantity.raw(), mostEndowed / 1'000 + 1);
    QCOMPARE(f.engine.ledger().lastEntry(), entry);
}

void ConversionsTest::noLossOfTheDay()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 1'000, 100'000'000);
    auto limits = std::make_shared<RiskLimits>();
    limits->money[0].dailyLoss = Money(1);
    QVERIFY(f.send(SetRiskLimits{me, limits}).ok());
    QVERIFY(f.announce(f.split(2, 1)).ok());
    QVERIFY(f.announce(f.merger("HHH", "LOW", 1, 2)).ok());
    f.to("2026-11-30 09:30");
    QCOMPARE(f.buy(me, "SSI", 100, 15'000).error, Error{});
    CorporateTerms rights = f.rights();
    rights.exDate = day("2026-12-01");
    QCOMPARE(f.announce(rights).error, Error{});
    f.to("2026-12-01 09:30");
    QCOMPARE(f.buy(me, "SSI", 100, 14'000).error, Error{});
    f.to("2026-12-28 09:30");
    QCOMPARE(f.buy(me, "SSI", 100, 14'000).error, Error{});
}

void ConversionsTest::whatIsRefused_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<QString>("field");
    const char *const names[] = {
        "ratio: no shares",
        "ratio: fewer than none",
        "ratio: more than 1,000",
        "ratio: one for one",
        "ratio: 10^12 x 10^9",
        "per: for none",
        "per: for fewer than none",
        "per: for more than a million",
        "ex_date: today",
        "ex_date: a Sunday",
        "pay_date: a split that is paid later",
        "record_date: a split that is recorded later",
        "amount: a split with cash",
        "fraction_price: less than nothing",
        "issue_price: a split with a price",
        "subscription_to: a split with a subscription",
        "into: a split into another",
        "into: merged with itself",
        "into: merged with nothing",
        "into: merged with a coin",
        "into: merged with a warrant",
        "exchange: moved to where it is",
        "exchange: moved to SPOT",
        "exchange: a split that moves",
        "ratio: a transfer with a ratio",
        "issue_price: rights for nothing",
        "issue_price: rights at more than a price can be",
        "subscription_to: rights without an end",
        "subscription_from: before the record date",
        "transfer_to: before it begins",
        "subscription_to: ends before transfers do",
        "pay_date: listed before the end",
        "rights_per_share: none",
        "rights_per_share: a bonus with rights",
        "symbol: rights on a warrant",
        "fraction_price: rights with fractions",
    };
    int which = 0;
    for (const char *name : names) {
        const QString text = QString::fromLatin1(name);
        QTest::newRow(name) << which++ << text.section(QLatin1Char(':'), 0, 0);
    }
}

void ConversionsTest::whatIsRefused()
{
    QFETCH(int, which);
    QFETCH(QString, field);
    CorporateFixture f;
    f.account();
    CorporateTerms terms = f.split(2, 1);
    const CorporateTerms merger = f.merger("HHH", "SSI", 1, 1);
    const CorporateTerms transfer = f.transfer("HHH", Exchange::HOSE);
    const CorporateTerms rights = f.rights();
    switch (which) {
    case 0: terms.ratio = 0; break;
    case 1: terms.ratio = -1; break;
    case 2: terms.ratio = highestRatio + 1; break;
    case 3: terms.ratio = 1'000'000; break;
    case 4: terms.ratio = 1'000'000'000'000'000'000; break;
    case 5: terms.per = 0; break;
    case 6: terms.per = -3; break;
    case 7: terms.per = highestPer + 1; break;
    case 8: terms.exDate = day("2026-11-20"); break;
    case 9: terms.exDate = day("2026-11-29"); break;
    case 10: terms.payDate = day("2026-12-01"); break;
    case 11: terms.recordDate = day("2026-12-01"); break;
    case 12: terms.cash = Price(1); break;
    case 13: terms.fractionPrice = Price(-1); break;
    case 14: terms.issuePrice = Price(1); break;
    case 15: terms.subscriptionTo = day("2026-12-01"); break;
    case 16: terms.into = f.symbol("HHH"); break;
    case 17:
        terms = merger;
        terms.into = terms.instrument;
        break;
    case 18:
        terms = merger;
        terms.into = 99;
        break;
    case 19:
        terms = merger;
        terms.into = f.symbol("BTC");
        break;
    case 20:
        terms = merger;
        terms.into = f.symbol("CWS");
        break;
    case 21:
        terms = transfer;
        terms.to = Exchange::HNX;
        break;
    case 22:
        terms = transfer;
        terms.to = Exchange::SPOT;
        break;
    case 23: terms.to = Exchange::HNX; break;
    case 24:
        terms = transfer;
        terms.ratio = 1;
        break;
    default: terms = rights;
    }
    switch (which) {
    case 25: terms.issuePrice = {}; break;
    case 26: terms.issuePrice = highestPrice + Price(1); break;
    case 27:
        terms.subscriptionTo = {};
        terms.transferTo = terms.recordDate = day("2026-12-01");
        break;
    case 28: terms.subscriptionFrom = day("2026-11-30"); break;
    case 29: terms.transferTo = day("2026-11-30"); break;
    case 30: terms.transferTo = day("2026-12-15"); break;
    case 31: terms.payDate = day("2026-12-14"); break;
    case 32: terms.rightsPerShare = 0; break;
    case 33:
        terms = f.bonus(1'000);
        terms.rightsPerShare = 2'000'000;
        break;
    case 34: terms.instrument = f.symbol("CWS"); break;
    case 35: terms.fractionPrice = Price(1); break;
    default: break;
    }
    const CommandResult result = f.announce(terms);
    QVERIFY(!result.ok());
    QCOMPARE(QString::fromStdString(result.error.field), field);
    QCOMPARE(f.engine.corporateActions().size(), std::size_t{0});
    const std::uint64_t entry = f.engine.ledger().lastEntry();
    f.to("2026-12-20 10:00");
    QCOMPARE(f.instrument("SSI").reference.raw(), 31'000);
    QCOMPARE(f.instrument("HHH").exchange, Exchange::HNX);
    QCOMPARE(f.engine.ledger().lastEntry(), entry);
}

void ConversionsTest::neighboursAreKeptApart()
{
    CorporateFixture f;
    const auto refused = [&](const CorporateTerms &terms) {
        return f.announce(terms).error.field == "ex_date";
    };
    const CommandResult split = f.announce(f.split(2, 1));
    QVERIFY(split.ok());
    QVERIFY(refused(f.dividend(1'000))); // on the same day
    QVERIFY(refused(f.split(3, 1)));
    QVERIFY(refused(f.merger("HHH", "SSI", 1, 1)));
    CorporateTerms before = f.bonus(100'000); // delivered after the split
    before.exDate = day("2026-11-25");
    QVERIFY(refused(before));
    before.payDate = day("2026-11-27");
    QVERIFY(f.announce(before).ok());
    CorporateTerms cash = f.dividend(500);
    cash.exDate = day("2026-11-25");
    QVERIFY(f.announce(cash).ok()); // cash may be on its way
    const CommandResult rights = [&] {
        CorporateTerms terms = f.rights();
        terms.exDate = day("2026-12-01");
        return f.announce(terms);
    }();
    QVERIFY(rights.ok());
    CorporateTerms other = f.rights();
    other.exDate = day("2026-12-01");
    QVERIFY(refused(other)); // one issue a day
    CorporateTerms later = f.split(2, 1);
    later.exDate = day("2026-12-14");
    QVERIFY(refused(later)); // new shares are on their way
    QVERIFY(f.send(WithdrawCorporateAction{rights.corporateAction->id}).ok());
    QVERIFY(f.announce(later).ok());
    // references are the corporate actions' on their days
    ExRights manual;
    manual.cashDividend = Price(100);
    QCOMPARE(f.send(AnnounceExRights{f.symbol("SSI"), day("2026-11-30"), manual}).error.field,
             std::string("ex_date"));
    QVERIFY(f.send(AnnounceExRights{f.symbol("SSI"), day("2026-12-02"), manual}).ok());
    // nothing of a share that will be gone
    QVERIFY(f.announce(f.merger("HHH", "LOW", 1, 2)).ok());
    CorporateTerms late = f.dividend(500);
    late.instrument = f.symbol("HHH");
    late.exDate = day("2026-12-03");
    QVERIFY(refused(late));
    f.to("2026-12-20 10:00");
}

QTEST_APPLESS_MAIN(ConversionsTest)
#include "tst_conversions.moc"
