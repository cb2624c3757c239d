// SPDX-License-Identifier: GPL-3.0-or-later
// Negotiated deals: what is held, when, who may answer, what they leave untouched.
#include "../../support/engine_fixture.h"

using namespace khop;
using namespace khop::test;

namespace {

constexpr auto listed = "symbol,exchange,name,ref,first_day,foreign_room\n"
                        "AAA,HOSE,A,20000,,\n"
                        "NEW,HOSE,N,20000,true,\n"
                        "FFF,HOSE,F,20000,,30000\n"
                        "HHH,HNX,H,17000,,\n"
                        "UUU,UPCOM,U,20000,,\n";

using Answer = AnswerPutThrough::Answer;

struct Deals : EngineFixture {
    AccountNo seller, buyer;

    explicit Deals(std::string_view start = "2026-11-20 10:00")
        : EngineFixture(start, listed)
        , seller(account())
        , buyer(account())
    {}
    CommandResult propose(AccountNo who, AccountNo with, std::string_view name, Side side,
                          std::int64_t quantity, std::int64_t price)
    {
        return send(ProposePutThrough{
            who, with, newId(), symbol(name), side, Quantity(quantity), Price(price), {}});
    }
    CommandResult offer(std::string_view name, std::int64_t quantity, std::int64_t price)
    {
        return propose(seller, buyer, name, Side::Sell, quantity, price);
    }
    CommandResult answer(AccountNo who, const CommandResult &deal, Answer what)
    {
        return send(AnswerPutThrough{who, deal.putThrough->id, what});
    }
    PutThroughStatus statusOf(const CommandResult &deal) const
    {
        for (auto it = happened.putThroughs.rbegin(); it != happened.putThroughs.rend(); ++it) {
            if (it->id == deal.putThrough->id)
                return it->status;
        }
        return PutThroughStatus::Proposed;
    }
};

} // namespace

class PutThroughTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSellersProposalHoldsSharesAndTheAcceptanceBooksBothSides()
    {
        Deals f;
        const auto deal = f.offer("AAA", 20'000, 20'001); // no tick but a dong
        QCOMPARE(deal.error.code, Code::OK);
        QCOMPARE(f.position(f.seller, "AAA").held.raw(), 20'000);
        QCOMPARE(f.cash(f.buyer).held.raw(), 0);
        QCOMPARE(f.engine.checkInvariants(), std::string());
        f.survivesRestart();
        const Money before = f.cash(f.buyer).available;
        QCOMPARE(f.answer(f.buyer, deal, Answer::Accept).error.code, Code::OK);
        const std::int64_t value = 20'000LL * 20'001;
        const std::int64_t fee = (value * 15 + 5'000) / 10'000;
        QCOMPARE((before - f.cash(f.buyer).available).raw(), value + fee);
        QCOMPARE(f.position(f.buyer, "AAA").pendingToday.raw(), 20'000);
        QCOMPARE(f.position(f.seller, "AAA").held.raw(), 0);
        QCOMPARE(f.cash(f.seller).pending.raw(), value - fee - value / 1'000);
        QCOMPARE(f.statusOf(deal), PutThroughStatus::Executed);
        QCOMPARE(f.engine.checkInvariants(), std::string());
        f.to("2026-11-24 13:00"); // T+2
        QCOMPARE(f.position(f.buyer, "AAA").sellable.raw(), 10'020'000);
        QCOMPARE(f.cash(f.seller).pending.raw(), 0);
    }

    void aBuyersProposalHoldsCash()
    {
        Deals f;
        const auto deal = f.propose(f.buyer, f.seller, "AAA", Side::Buy, 20'000, 20'000);
        QCOMPARE(f.cash(f.buyer).held.raw(), 400'600'000);
        QCOMPARE(f.engine.checkInvariants(), std::string());
        f.survivesRestart();
        QVERIFY(f.answer(f.seller, deal, Answer::Accept).ok());
        QCOMPARE(f.cash(f.buyer).held.raw(), 0);
        QCOMPARE(f.cash(f.buyer).current.raw(), 1'000'000'000'000 - 400'600'000);
        QCOMPARE(f.engine.checkInvariants(), std::string());
    }

    void theDaysPricesStayWhatTheyAre()
    {
        Deals f("2026-11-20 09:30");
        f.sell(f.seller, "UUU", 100, 20'000);
        f.buy(f.buyer, "UUU", 100, 20'000);
        const auto deal = f.offer("UUU", 1, 22'000);
        QVERIFY(f.answer(f.buyer, deal, Answer::Accept).ok());
        const Quote quote = f.quote("UUU");
        QCOMPARE(quote.last->raw(), 20'000);
        QCOMPARE(quote.high->raw(), 20'000);
        QCOMPARE(quote.volume.raw(), 100);
        QCOMPARE(quote.putThroughVolume.raw(), 1);
        QCOMPARE(quote.putThroughValue.raw(), 22'000);
        QVERIFY(f.happened.trades.back().putThrough);
        QVERIFY(f.depth("UUU").bids.empty() && f.depth("UUU").asks.empty());
        f.to("2026-11-23 09:00");
        QCOMPARE(f.instrument("UUU").reference.raw(), 20'000);
        QCOMPARE(f.quote("UUU").putThroughVolume.raw(), 0);
    }

    void eachSideHasItsAnswers()
    {
        Deals f;
        const AccountNo stranger = f.account();
        const auto deal = f.offer("AAA", 20'000, 20'000);
        QCOMPARE(f.answer(stranger, deal, Answer::Accept).error.code, Code::NOT_FOUND);
        QCOMPARE(f.answer(f.seller, deal, Answer::Accept).error.code, Code::FORBIDDEN);
        QCOMPARE(f.answer(f.buyer, deal, Answer::Cancel).error.code, Code::FORBIDDEN);
        QVERIFY(f.answer(f.buyer, deal, Answer::Reject).ok());
        QCOMPARE(f.statusOf(deal), PutThroughStatus::Rejected);
        QCOMPARE(f.position(f.seller, "AAA").held.raw(), 0);
        QCOMPARE(f.answer(f.seller, deal, Answer::Cancel).error.code, Code::NOT_FOUND);
        const auto other = f.propose(f.buyer, f.seller, "AAA", Side::Buy, 20'000, 20'000);
        QVERIFY(f.answer(f.buyer, other, Answer::Cancel).ok());
        QCOMPARE(f.statusOf(other), PutThroughStatus::Cancelled);
        QCOMPARE(f.cash(f.buyer).held.raw(), 0);
        QCOMPARE(f.engine.checkInvariants(), std::string());
    }

    void anExecutedDealStands()
    {
        Deals f;
        const auto deal = f.offer("AAA", 20'000, 20'000);
        QVERIFY(f.answer(f.buyer, deal, Answer::Accept).ok());
        QCOMPARE(f.answer(f.seller, deal, Answer::Cancel).error.code, Code::NOT_FOUND);
        QCOMPARE(f.statusOf(deal), PutThroughStatus::Executed);
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("symbol");
        QTest::addColumn<qint64>("quantity");
        QTest::addColumn<qint64>("price");
        QTest::addColumn<QString>("time");
        QTest::addColumn<int>("code");
        const auto row = [](const char *what, const char *symbol, qint64 quantity, qint64 price,
                            const char *time, Code code) {
            QTest::newRow(what) << symbol << quantity << price << time << static_cast<int>(code);
        };
        const char *open = "2026-11-20 10:00";
        row("HOSE 19,900", "AAA", 19'900, 20'000, open, Code::PUT_THROUGH_MINIMUM);
        row("HOSE 20,000", "AAA", 20'000, 20'000, open, Code::OK);
        row("HNX 4,900", "HHH", 4'900, 17'000, open, Code::PUT_THROUGH_MINIMUM);
        row("HNX 5,000", "HHH", 5'000, 17'000, open, Code::OK);
        row("HNX any dong", "HHH", 5'000, 17'001, open, Code::OK);
        row("UPCoM 1", "UUU", 1, 20'000, open, Code::OK);
        row("UPCoM 0", "UUU", 0, 20'000, open, Code::PUT_THROUGH_MINIMUM);
        row("above the ceiling", "AAA", 20'000, 21'401, open, Code::PRICE_ABOVE_CEILING);
        row("below the floor", "AAA", 20'000, 18'599, open, Code::PRICE_BELOW_FLOOR);
        row("no price yet", "NEW", 20'000, 20'000, open, Code::PUT_THROUGH_FIRST_DAY);
        row("before nine", "AAA", 20'000, 20'000, "2026-11-20 08:59", Code::MARKET_CLOSED);
        row("in the opening auction", "AAA", 20'000, 20'000, "2026-11-20 09:00", Code::OK);
        row("at lunch", "AAA", 20'000, 20'000, "2026-11-20 11:30", Code::MARKET_CLOSED);
        row("after the close", "AAA", 20'000, 20'000, "2026-11-20 14:50", Code::OK);
        row("after three", "AAA", 20'000, 20'000, "2026-11-20 15:00", Code::MARKET_CLOSED);
        row("Sunday", "AAA", 20'000, 20'000, "2026-11-22 10:00", Code::HOLIDAY);
        row("too many shares", "AAA", 10'000'001, 20'000, open, Code::INSUFFICIENT_SECURITIES);
    }
    void refusals()
    {
        QFETCH(QString, symbol);
        QFETCH(qint64, quantity);
        QFETCH(qint64, price);
        QFETCH(QString, time);
        QFETCH(int, code);
        Deals f(time.toStdString());
        const auto deal = f.offer(symbol.toStdString(), quantity, price);
        QCOMPARE(codeName(deal.error.code), codeName(static_cast<Code>(code)));
        if (!deal.ok()) {
            QVERIFY(f.happened.putThroughs.empty());
            QCOMPARE(f.position(f.seller, symbol.toStdString()).held.raw(), 0);
        }
    }

    void refusalsNameTheBound()
    {
        Deals f("2026-11-20 11:45");
        const auto lunch = f.offer("AAA", 20'000, 20'000);
        QCOMPARE(lunch.error.value, std::string("BREAK"));
        QCOMPARE(lunch.error.bound, std::string("2026-11-20 13:00"));
        f.to("2026-11-20 13:00");
        const auto few = f.offer("AAA", 19'999, 20'000);
        QCOMPARE(few.error.value, std::string("19999"));
        QCOMPARE(few.error.bound, std::string("20000"));
    }

    void afterTheFirstMatchOfAFirstDayDealsAreTaken()
    {
        Deals f;
        f.sell(f.seller, "NEW", 100, 20'000);
        f.buy(f.buyer, "NEW", 100, 20'000);
        QCOMPARE(f.offer("NEW", 20'000, 20'000).error.code, Code::OK);
    }

    void nobodyDealsWithThemselvesOrWithNobody()
    {
        Deals f;
        QCOMPARE(f.propose(f.seller, f.seller, "AAA", Side::Sell, 20'000, 20'000).error.code,
                 Code::SELF_TRADE);
        QCOMPARE(f.propose(f.seller, 99, "AAA", Side::Sell, 20'000, 20'000).error.code,
                 Code::ACCOUNT_UNKNOWN);
    }

    void theCounterpartyMustHaveIt()
    {
        Deals f;
        const AccountNo poor = f.bareAccount();
        const auto sale = f.propose(f.seller, poor, "AAA", Side::Sell, 20'000, 20'000);
        const auto refused = f.answer(poor, sale, Answer::Accept);
        QCOMPARE(refused.error.code, Code::INSUFFICIENT_CASH);
        QCOMPARE(refused.error.value, std::string("400600000"));
        const auto purchase = f.propose(f.buyer, poor, "AAA", Side::Buy, 20'000, 20'000);
        QCOMPARE(f.answer(poor, purchase, Answer::Accept).error.code,
                 Code::INSUFFICIENT_SECURITIES);
        QCOMPARE(f.statusOf(sale), PutThroughStatus::Proposed); // it still stands
        QCOMPARE(f.engine.checkInvariants(), std::string());
    }

    void proposalsEndWithTheHours()
    {
        Deals f;
        const auto deal = f.offer("AAA", 20'000, 20'000);
        f.to("2026-11-20 12:00");
        QCOMPARE(f.answer(f.buyer, deal, Answer::Accept).error.code, Code::MARKET_CLOSED);
        QCOMPARE(f.statusOf(deal), PutThroughStatus::Proposed); // over lunch it stands
        f.to("2026-11-20 15:00");
        QCOMPARE(f.statusOf(deal), PutThroughStatus::Expired);
        QCOMPARE(f.position(f.seller, "AAA").held.raw(), 0);
    }

    void aHaltStopsDealsToo()
    {
        Deals f;
        const auto deal = f.offer("AAA", 20'000, 20'000);
        f.send(SetInstrumentState{f.symbol("AAA"), SetInstrumentState::Action::Halt});
        QCOMPARE(f.answer(f.buyer, deal, Answer::Accept).error.code, Code::INSTRUMENT_HALTED);
        QCOMPARE(f.offer("AAA", 20'000, 20'000).error.code, Code::INSTRUMENT_HALTED);
        QVERIFY(f.answer(f.seller, deal, Answer::Cancel).ok());
    }

    void foreignBuyersTakeRoom()
    {
        Deals f;
        const AccountNo foreigner = f.account(true);
        const auto room = [&] { return f.quote("FFF").foreignRoom->raw(); };
        const auto bid = f.propose(foreigner, f.seller, "FFF", Side::Buy, 20'000, 20'000);
        QCOMPARE(room(), 10'000);
        const auto more = f.propose(foreigner, f.seller, "FFF", Side::Buy, 20'000, 20'000);
        QCOMPARE(more.error.code, Code::FOREIGN_ROOM);
        f.answer(foreigner, bid, Answer::Cancel);
        QCOMPARE(room(), 30'000);
        const auto sale = f.propose(f.seller, foreigner, "FFF", Side::Sell, 20'000, 20'000);
        QCOMPARE(room(), 30'000);
        QVERIFY(f.answer(foreigner, sale, Answer::Accept).ok());
        QCOMPARE(room(), 10'000);
        const auto back = f.propose(foreigner, f.buyer, "FFF", Side::Sell, 20'000, 20'000);
        QVERIFY(f.answer(f.buyer, back, Answer::Accept).ok());
        QCOMPARE(room(), 30'000);
    }

    void oneAccountHasSoManyProposals()
    {
        Deals f;
        for (std::size_t k = 0; k < mostProposals; ++k)
            QVERIFY(f.offer("UUU", 1, 20'000).ok());
        const auto one = f.offer("UUU", 1, 20'000);
        QCOMPARE(one.error.code, Code::OPEN_ORDER_LIMIT);
        QCOMPARE(one.error.bound, std::to_string(mostProposals));
        f.survivesRestart();
        f.to("2026-11-20 15:00");
        QCOMPARE(f.engine.putThroughs().open().size(), std::size_t{0});
        f.to("2026-11-23 10:00");
        QVERIFY(f.offer("UUU", 1, 20'000).ok());
    }
};

QTEST_APPLESS_MAIN(PutThroughTest)
#include "tst_put_through.moc"
