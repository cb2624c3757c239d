// SPDX-License-Identifier: GPL-3.0-or-later
// Rights: who gets how many, what subscribing, selling and offering moves to the dong, what lapses, and what
// is refused.
#include "../../support/corporate_fixture.h"

#include "engine/command_codec.h"

using namespace khop;
using namespace khop::test;

using Choice = ElectRights::Choice;

class RightsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theReferenceCountsWhatIsPaid();
    void subscribersPayAndGetTheirShares();
    void aSubscriptionIsChanged();
    void whatNobodyUsesLapses();
    void theMarketBuysRights();
    void rightsChangeHandsOnce();
    void unsettledSharesHaveRights();
    void everySplitOfRatios_data();
    void everySplitOfRatios();
    void choicesHaveTheirDays();
    void whatIsRefused_data();
    void whatIsRefused();
    void itSurvivesARestartAtAnyMoment();
    void anElectionSurvivesItsEncoding();
    void tooMuchForAnAccountComesBack();
    void moreRightsThanThereCanBe();
};

void RightsTest::theReferenceCountsWhatIsPaid()
{
    CorporateFixture f;
    QVERIFY(f.announce(f.rights()).ok());
    f.to("2026-11-30 08:00");
    QCOMPARE(f.instrument("SSI").reference.raw(), 26'800); // (31,000 + 10,000 / 4) / 1.25
}

void RightsTest::subscribersPayAndGetTheirShares()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 1'002, 5'000'000);
    const CommandResult announced = f.announce(f.rights());
    QCOMPARE(announced.error, Error{});
    QCOMPARE(announced.corporateAction->terms.recordDate, day("2026-12-01"));
    QCOMPARE(announced.corporateAction->terms.subscriptionFrom, day("2026-12-01"));
    f.to("2026-12-01 10:00");
    QCOMPARE(f.own(announced, me).rights.raw(), 1'002);
    QCOMPARE(f.subscribe(me, announced, 251).error.code, Code::INSUFFICIENT_SECURITIES);
    const CommandResult done = f.subscribe(me, announced, 250);
    QCOMPARE(done.error, Error{});
    QVERIFY(done.corporateAction && done.corporateAction->entitlements->size() == 1);
    QCOMPARE(done.corporateAction->entitlements->front().subscribed.raw(), 250);
    QCOMPARE(f.cash(me).available.raw(), 2'500'000);
    QCOMPARE(f.cash(me).held.raw(), 2'500'000);
    QCOMPARE(f.engine.checkInvariants(), std::string());

    f.to("2026-12-25 10:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 1'002);
    f.happened.clear();
    f.to("2026-12-28 08:00");
    const Position position = f.position(me, "SSI");
    QCOMPARE(position.quantity.raw(), 1'252);
    QCOMPARE(position.sellable.raw(), 1'252);
    QCOMPARE(position.costBasis.raw(), 1'002 * 20'000 + 2'500'000);
    QCOMPARE(position.taxable.raw(), 0); // bought, not given
    QCOMPARE(f.cash(me).current.raw(), 2'500'000);
    QCOMPARE(f.cash(me).held.raw(), 0);
    QCOMPARE(f.happened.executions.size(), std::size_t{1});
    const ExecutionRecord &bought = f.happened.executions.front();
    QCOMPARE(bought.value.raw(), 2'500'000);
    QCOMPARE(bought.price.raw(), 10'000);
    QCOMPARE(bought.orderId, announced.corporateAction->id);
    const CorporateAction &action = f.action(announced);
    QCOMPARE(action.status, CorporateActionStatus::Paid);
    QCOMPARE(action.raised.raw(), 2'500'000);
    QCOMPARE(action.shares.raw(), 250);
    QCOMPARE(action.rights.raw(), 1'002);
    QCOMPARE(action.lapsed.raw(), 2);
    QCOMPARE(f.engine.checkInvariants(), std::string());
}

void RightsTest::aSubscriptionIsChanged()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 1'000, 1'500'000);
    const CommandResult announced = f.announce(f.rights());
    f.to("2026-12-02 10:00");
    const auto subscribed = [&](std::int64_t shares, std::int64_t held) {
        QCOMPARE(f.subscribe(me, announced, shares).error, Error{});
        QCOMPARE(f.cash(me).held.raw(), held);
        QCOMPARE(f.cash(me).current.raw(), 1'500'000);
        QCOMPARE(f.engine.checkInvariants(), std::string());
    };
    subscribed(100, 1'000'000);
    subscribed(150, 1'500'000);
    subscribed(150, 1'500'000); // sent again
    QCOMPARE(f.subscribe(me, announced, 151).error.code, Code::INSUFFICIENT_CASH);
    QCOMPARE(f.cash(me).held.raw(), 1'500'000);
    subscribed(1, 10'000);
    subscribed(0, 0);
}

void RightsTest::whatNobodyUsesLapses()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 1'000, 5'000'000);
    const CommandResult announced = f.announce(f.rights());
    f.to("2026-12-28 08:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 1'000);
    QCOMPARE(f.cash(me).current.raw(), 5'000'000);
    QCOMPARE(f.action(announced).lapsed.raw(), 1'000);
    QCOMPARE(f.action(announced).raised.raw(), 0);
    QCOMPARE(f.action(announced).status, CorporateActionStatus::Paid);
}

void RightsTest::theMarketBuysRights()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 1'000, 1'000'000);
    const CommandResult announced = f.announce(f.rights());
    f.to("2026-12-02 10:00");
    // (26,800 - 10,000) / 4
    const CommandResult dear = f.elect(me, announced, Choice::Sell, 100, 4'201);
    QCOMPARE(dear.error.field, std::string("price"));
    QCOMPARE(dear.error.bound, std::string("<= 4200"));
    QCOMPARE(f.elect(me, announced, Choice::Sell, 100, 4'200).error, Error{});
    QCOMPARE(f.cash(me).available.raw(), 1'000'000 + 420'000 - 420);
    QCOMPARE(f.own(announced, me).rights.raw(), 900);
    QCOMPARE(f.own(announced, me).sold.raw(), 100);
    QCOMPARE(f.elect(me, announced, Choice::Sell, 901, 1).error.code,
             Code::INSUFFICIENT_SECURITIES);
    QCOMPARE(f.subscribe(me, announced, 101).error, Error{});
    QCOMPARE(f.elect(me, announced, Choice::Sell, 497, 1).error.code,
             Code::INSUFFICIENT_SECURITIES); // 404 of 900 are used
    QCOMPARE(f.elect(me, announced, Choice::Sell, 496, 1).error, Error{});
    QCOMPARE(f.subscribe(me, announced, 102).error.code, Code::INSUFFICIENT_SECURITIES);
    f.to("2026-12-28 08:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 1'101);
    QCOMPARE(f.action(announced).lapsed.raw(), 596);
}

void RightsTest::rightsChangeHandsOnce()
{
    CorporateFixture f;
    const AccountNo seller = f.holder("SSI", 1'000), buyer = f.trader(2'000'000);
    const AccountNo stranger = f.trader(2'000'000);
    const CommandResult announced = f.announce(f.rights());
    f.to("2026-12-02 10:00");
    const auto offer = [&](std::int64_t quantity, std::int64_t price) {
        return f.elect(seller, announced, Choice::Offer, quantity, price, buyer).error;
    };
    const auto accept = [&](AccountNo who, std::int64_t quantity, std::int64_t price) {
        return f.elect(who, announced, Choice::Accept, quantity, price, seller).error.code;
    };
    QCOMPARE(offer(1'001, 4'000).code, Code::INSUFFICIENT_SECURITIES);
    QCOMPARE(offer(1'000, 4'000), Error{});
    QCOMPARE(offer(0, 0), Error{});
    QCOMPARE(accept(buyer, 1'000, 4'000), Code::NOT_FOUND); // taken back
    QCOMPARE(offer(200, 4'000), Error{});
    QCOMPARE(accept(stranger, 200, 4'000), Code::NOT_FOUND);
    QCOMPARE(accept(buyer, 200, 3'999), Code::INVALID_PRICE);
    QCOMPARE(accept(buyer, 199, 4'000), Code::INSUFFICIENT_SECURITIES);
    QCOMPARE(f.subscribe(seller, announced, 201).error.code,
             Code::INSUFFICIENT_SECURITIES); // what is offered cannot be used
    f.survivesRestart();
    QCOMPARE(f.cash(buyer).available.raw(), 2'000'000);
    QCOMPARE(accept(buyer, 200, 4'000), Code::OK);
    QCOMPARE(f.cash(buyer).available.raw(), 1'200'000);
    QCOMPARE(f.cash(seller).available.raw(), 800'000 - 800);
    QCOMPARE(accept(buyer, 200, 4'000), Code::NOT_FOUND); // once
    QCOMPARE(f.own(announced, seller).rights.raw(), 800);
    QCOMPARE(f.own(announced, buyer).bought.raw(), 200);
    QCOMPARE(f.elect(buyer, announced, Choice::Sell, 1, 1).error.code,
             Code::INSUFFICIENT_SECURITIES); // not again
    QCOMPARE(f.subscribe(buyer, announced, 51).error.code, Code::INSUFFICIENT_SECURITIES);
    QCOMPARE(f.subscribe(buyer, announced, 50).error, Error{});
    QCOMPARE(f.engine.checkInvariants(), std::string());
    f.toRestored("2026-12-28 08:00");
    QCOMPARE(f.position(buyer, "SSI").quantity.raw(), 50);
    QCOMPARE(f.position(buyer, "SSI").costBasis.raw(), 500'000);
    QCOMPARE(f.cash(buyer).current.raw(), 700'000);
    QCOMPARE(f.action(announced).lapsed.raw(), 800);
}

void RightsTest::unsettledSharesHaveRights()
{
    CorporateFixture f;
    const AccountNo seller = f.holder("SSI", 1'000), buyer = f.trader(50'000'000);
    const CommandResult announced = f.announce(f.rights());
    f.to("2026-11-27 10:00");
    QVERIFY(f.sell(seller, "SSI", 400, 31'000).ok());
    QVERIFY(f.buy(buyer, "SSI", 400, 31'000).ok());
    f.to("2026-11-30 08:00");
    QCOMPARE(f.own(announced, seller).rights.raw(), 600);
    QCOMPARE(f.own(announced, buyer).rights.raw(), 400);
}

void RightsTest::everySplitOfRatios_data()
{
    QTest::addColumn<qint64>("held");
    QTest::addColumn<qint64>("rightsPerShare"); // millionths
    QTest::addColumn<qint64>("ratio");
    QTest::addColumn<qint64>("per");
    QTest::addColumn<qint64>("rights");
    QTest::addColumn<qint64>("shares");
    QTest::newRow("3 for 1") << 300LL << 1'000'000LL << 1'000'000LL << 3LL << 300LL << 100LL;
    QTest::newRow("one short") << 299LL << 1'000'000LL << 1'000'000LL << 3LL << 299LL << 99LL;
    QTest::newRow("7 for 2") << 1'000LL << 1'000'000LL << 2'000'000LL << 7LL << 1'000LL << 285LL;
    QTest::newRow("half a right") << 1'001LL << 500'000LL << 1'000'000LL << 1LL << 500LL << 500LL;
    QTest::newRow("two for one") << 10LL << 1'000'000LL << 2'000'000LL << 1LL << 10LL << 20LL;
    QTest::newRow("none") << 3LL << 1'000'000LL << 1'000'000LL << 4LL << 3LL << 0LL;
}

void RightsTest::everySplitOfRatios()
{
    QFETCH(qint64, held);
    QFETCH(qint64, rightsPerShare);
    QFETCH(qint64, ratio);
    QFETCH(qint64, per);
    QFETCH(qint64, rights);
    QFETCH(qint64, shares);
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", held, 1'000'000'000);
    CorporateTerms terms = f.rights();
    terms.rightsPerShare = rightsPerShare;
    terms.ratio = ratio;
    terms.per = per;
    const CommandResult announced = f.announce(terms);
    QCOMPARE(announced.error, Error{});
    f.to("2026-12-02 10:00");
    QCOMPARE(f.own(announced, me).rights.raw(), rights);
    QVERIFY(!f.subscribe(me, announced, shares + 1).ok());
    QCOMPARE(f.subscribe(me, announced, shares).error, Error{});
    f.to("2026-12-28 08:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), held + shares);
    QCOMPARE(f.cash(me).current.raw(), 1'000'000'000 - shares * 10'000);
}

void RightsTest::choicesHaveTheirDays()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 1'000, 5'000'000);
    const CommandResult announced = f.announce(f.rights());
    const auto subscribed = [&] { return f.subscribe(me, announced, 1).error.field; };
    const auto sold = [&] { return f.elect(me, announced, Choice::Sell, 1, 1).error.field; };
    f.to("2026-11-27 10:00");
    QCOMPARE(subscribed(), std::string("status"));
    f.to("2026-11-30 10:00");
    QCOMPARE(subscribed(), std::string("date"));
    f.to("2026-12-01 00:01");
    QCOMPARE(subscribed(), std::string());
    f.to("2026-12-08 23:59");
    QCOMPARE(sold(), std::string());
    f.to("2026-12-09 00:00");
    QCOMPARE(sold(), std::string("date"));
    f.to("2026-12-14 23:59");
    QCOMPARE(subscribed(), std::string());
    f.to("2026-12-15 00:00");
    QCOMPARE(subscribed(), std::string("date"));
    f.to("2026-12-28 09:00");
    QCOMPARE(subscribed(), std::string("status"));
}

void RightsTest::whatIsRefused_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("field");
    const auto row = [](int which, const char *code, const char *field, const char *name) {
        QTest::newRow(name) << which << QString::fromLatin1(code) << QString::fromLatin1(field);
    };
    row(0, "ACCOUNT_UNKNOWN", "account_id", "nobody");
    row(1, "NOT_FOUND", "corporate_action_id", "no such action");
    row(2, "VALIDATION_ERROR", "type", "a dividend");
    row(3, "INVALID_QUANTITY", "quantity", "fewer than none");
    row(4, "INVALID_QUANTITY", "quantity", "selling none");
    row(5, "INVALID_PRICE", "price", "sold for nothing");
    row(6, "INVALID_PRICE", "price", "sold for more than a price can be");
    row(7, "INVALID_PRICE", "price", "a price of one's own to subscribe at");
    row(8, "ACCOUNT_UNKNOWN", "counterparty", "offered to nobody");
    row(9, "ACCOUNT_UNKNOWN", "counterparty", "offered to oneself");
    row(10, "INSUFFICIENT_SECURITIES", "quantity", "without shares");
    row(11, "INSUFFICIENT_SECURITIES", "quantity", "10^12 x 10^9");
}

void RightsTest::whatIsRefused()
{
    QFETCH(int, which);
    QFETCH(QString, code);
    QFETCH(QString, field);
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 1'000, 5'000'000), other = f.trader(1'000'000);
    const CommandResult announced = f.announce(f.rights());
    const CommandResult dividend = f.announce(f.dividend(1'000));
    f.to("2026-12-02 10:00");
    ElectRights elect{me, announced.corporateAction->id, Choice::Sell, Quantity(1), Price(1), 0};
    switch (which) {
    case 0: elect.account = 99; break;
    case 1: elect.id = f.newId(); break;
    case 2: elect.id = dividend.corporateAction->id; break;
    case 3: elect = {me, elect.id, Choice::Subscribe, Quantity(-1), {}, 0}; break;
    case 4: elect.quantity = {}; break;
    case 5: elect.price = {}; break;
    case 6: elect.price = highestPrice + Price(1); break;
    case 7: elect.choice = Choice::Subscribe; break;
    case 8: elect = {me, elect.id, Choice::Offer, Quantity(1), Price(1), 98}; break;
    case 9: elect = {me, elect.id, Choice::Offer, Quantity(1), Price(1), me}; break;
    case 10: elect.account = other; break;
    default: elect = {me, elect.id, Choice::Subscribe, Quantity(1'000'000'000'000), {}, 0};
    }
    const std::uint64_t entry = f.engine.ledger().lastEntry();
    const CorporateEntitlement before = f.own(announced, me);
    const CommandResult result = f.send(elect);
    QCOMPARE(QString::fromLatin1(codeName(result.error.code).data()), code);
    QCOMPARE(QString::fromStdString(result.error.field), field);
    QCOMPARE(f.engine.ledger().lastEntry(), entry);
    QCOMPARE(f.own(announced, me).rights, before.rights);
    QCOMPARE(f.own(announced, me).offered, before.offered);
}

void RightsTest::itSurvivesARestartAtAnyMoment()
{
    CorporateFixture f;
    const AccountNo me = f.holder("SSI", 1'000, 5'000'000), other = f.trader(9'000'000);
    const CommandResult announced = f.announce(f.rights());
    f.toRestored("2026-11-30 10:00");
    f.toRestored("2026-12-01 10:00");
    QVERIFY(f.subscribe(me, announced, 77).ok());
    QVERIFY(f.elect(me, announced, Choice::Offer, 100, 3'000, other).ok());
    f.toRestored("2026-12-04 10:00");
    QVERIFY(f.elect(other, announced, Choice::Accept, 100, 3'000, me).ok());
    QVERIFY(f.subscribe(other, announced, 25).ok());
    f.toRestored("2026-12-20 10:00");
    f.toRestored("2026-12-28 10:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), 1'077);
    QCOMPARE(f.position(other, "SSI").quantity.raw(), 25);
}

void RightsTest::anElectionSurvivesItsEncoding()
{
    const Command command{Time{5},
                          ElectRights{7, {1, 2}, Choice::Accept, Quantity(3), Price(4), 9}};
    ByteWriter out;
    encodeCommand(out, command);
    ByteReader in(out.bytes());
    const auto decoded = decodeCommand(in);
    QVERIFY(decoded && in.atEnd());
    const auto &elect = std::get<ElectRights>(decoded->body);
    QCOMPARE(elect.account, AccountNo{7});
    QVERIFY((elect.id == Uuid{1, 2}));
    QCOMPARE(elect.choice, Choice::Accept);
    QCOMPARE(elect.quantity, Quantity(3));
    QCOMPARE(elect.price, Price(4));
    QCOMPARE(elect.other, AccountNo{9});
}

void RightsTest::tooMuchForAnAccountComesBack()
{
    CorporateFixture f;
    const AccountNo me = f.bareAccount();
    f.send(EndowSecurities{me, f.symbol("SSI"), Quantity(mostEndowed - 1), Price(1)});
    f.send(EndowCash{me, "VND", Money(1'000'000)});
    const CommandResult announced = f.announce(f.rights());
    f.to("2026-12-02 10:00");
    QCOMPARE(f.subscribe(me, announced, 2).error, Error{});
    f.to("2026-12-28 10:00");
    QCOMPARE(f.position(me, "SSI").quantity.raw(), mostEndowed - 1);
    QCOMPARE(f.cash(me).available.raw(), 1'000'000);
    QCOMPARE(f.action(announced).skipped, std::size_t{1});
}

void RightsTest::moreRightsThanThereCanBe()
{
    CorporateFixture f;
    const AccountNo large = f.bareAccount(), me = f.holder("SSI", 1'000);
    f.send(EndowSecurities{large, f.symbol("SSI"), Quantity(mostEndowed), Price(1)});
    CorporateTerms terms = f.rights();
    terms.rightsPerShare = 1'000'001;
    const CommandResult announced = f.announce(terms);
    f.to("2026-12-02 10:00");
    QCOMPARE(f.own(announced, large).rights.raw(), 0);
    QCOMPARE(f.own(announced, me).rights.raw(), 1'000);
    QCOMPARE(f.action(announced).skipped, std::size_t{1});
}

QTEST_APPLESS_MAIN(RightsTest)
#include "tst_rights.moc"
