// SPDX-License-Identifier: GPL-3.0-or-later
// Random corporate actions, elections and orders over many days: the invariants hold after every command, an
// engine that is restored again and again stays equal to one that never was, and portfolios told by the
// records own, owe and gained what the ledger says. KHOP_ROUNDS and KHOP_SEED widen it.
#include "../../support/corporate_fixture.h"

#include "engine/command_codec.h"
#include "portfolio/portfolio.h"
#include "portfolio/recorded_events.h"

#include <map>

using namespace khop;
using namespace khop::test;

namespace {

constexpr auto market = "symbol,exchange,name,ref,kind,foreign_room\n"
                        "AAA,HOSE,A,20000,SHARE,\n"
                        "BBB,HOSE,B,60000,SHARE,\n"
                        "HHH,HNX,H,17000,SHARE,50000\n"
                        "LOW,UPCOM,L,2000,SHARE,\n";
constexpr int accounts = 5;

std::uint64_t numberFrom(const char *variable, std::uint64_t otherwise)
{
    bool given = false;
    const qulonglong number = qEnvironmentVariable(variable).toULongLong(&given);
    return given ? number : otherwise;
}

class Run
{
public:
    explicit Run(std::uint64_t seed)
        : m_random(seed)
        , m_now(vietnam("2026-11-20 08:30"))
        , m_straight(std::make_unique<Engine>())
        , m_restored(std::make_unique<Engine>())
    {
        send(Configure{defaultMarketRulesText(), market});
        for (int k = 0; k < accounts; ++k) {
            send(OpenAccount{nextId(), "a" + std::to_string(k)});
            const auto no = static_cast<AccountNo>(k + 1);
            send(EndowCash{no, "VND", Money(2'000'000'000)});
            for (InstrumentIndex i = 0; i < 4; ++i)
                send(EndowSecurities{no, i, Quantity(static_cast<std::int64_t>(below(30'000)) + 1),
                                     Price(10'000)});
        }
        send(SetAccountForeign{1, true});
    }

    void step()
    {
        advance();
        switch (m_random.below(12)) {
        case 0: announce(); break;
        case 1: send(WithdrawCorporateAction{someAction()}); break;
        case 2:
        case 3:
        case 4: elect(); break;
        case 5: rare(); break;
        default: place();
        }
        if (m_random.below(40) == 0)
            restart();
    }
    /// What the portfolios have against what the ledger has.
    void compare() const
    {
        for (AccountNo no = 1; no <= accounts; ++no) {
            const Portfolio &portfolio = m_portfolios[no - 1];
            for (InstrumentIndex i = 0; i < 4; ++i) {
                const Position theirs = m_straight->position(no, i);
                const Portfolio::Holding *const ours = portfolio.find(i);
                QVERIFY(ours);
                QCOMPARE(ours->lots.quantity(), theirs.quantity);
                QCOMPARE(ours->lots.averageCost().total, theirs.costBasis);
                QCOMPARE(ours->figures.byAverage.afterCosts, theirs.realizedPnl);
            }
            const Balance cash = m_straight->balance(no, 0);
            QCOMPARE(portfolio.cashIn(0)->balance, cash.current + cash.pending);
        }
        QCOMPARE(m_restored->stateHash(), m_straight->stateHash());
    }
    std::size_t executions() const { return m_executions; }
    std::size_t elections() const { return m_elections; }
    /// Types of which at least one was carried out for somebody.
    std::size_t typesDone() const
    {
        std::set<CorporateActionType> types;
        for (const auto &[no, entry] : m_straight->corporateActions().entries()) {
            if (entry.action.status == CorporateActionStatus::Paid && entry.action.holders > 0)
                types.insert(entry.action.terms.type);
        }
        return types.size();
    }

private:
    std::uint64_t below(std::uint64_t n) { return m_random.below(n); }
    std::int64_t number(std::int64_t most)
    {
        return static_cast<std::int64_t>(m_random.below(static_cast<std::uint64_t>(most) + 1));
    }
    Uuid nextId() { return uuid7(m_now, 3, ++m_ids); }
    AccountNo someone() { return static_cast<AccountNo>(1 + below(accounts)); }
    InstrumentIndex something() { return static_cast<InstrumentIndex>(below(4)); }
    Uuid someAction() { return m_actions.empty() ? Uuid{} : m_actions[below(m_actions.size())]; }

    CommandResult send(CommandBody body)
    {
        ByteWriter out;
        encodeCommand(out, {m_now, body});
        ByteReader in(out.bytes());
        const auto decoded = decodeCommand(in);
        if (!decoded || !in.atEnd())
            qFatal("a command does not survive its encoding");
        CommittedGroup first, second;
        CommandResult result = m_straight->apply({m_now, std::move(body)}, first);
        m_restored->apply(*decoded, second);
        if (const std::string broken = m_straight->checkInvariants(); !broken.empty())
            qFatal("%s", broken.c_str());
        follow(first);
        return result;
    }
    /// Tells the portfolios of what happened, in the order of time.
    void follow(const CommittedGroup &group)
    {
        std::multimap<Time, std::pair<AccountNo, PortfolioEvent>> events;
        for (const LedgerEntry &entry : group.entries) {
            const auto &actions = m_straight->corporateActions().entries();
            const auto action = actions.find(entry.order);
            auto event = action == actions.end()
                             ? portfolioEvent(entry)
                             : portfolioEvent(entry, action->second.action.terms.instrument,
                                              action->second.action.terms.exDate);
            if (!event)
                event = portfolioTransfer(entry, 0, Money(entry.amount * 10'000), Price(10'000));
            if (event)
                events.emplace(entry.time, std::pair(entry.account, *event));
        }
        for (const ExecutionRecord &execution : group.executions)
            events.emplace(execution.time,
                           std::pair(execution.account, portfolioEvent(execution, 0)));
        m_executions += group.executions.size();
        for (const auto &[time, one] : events) {
            const auto applied = m_portfolios[one.first - 1].apply(one.second);
            if (!applied)
                qFatal("a portfolio refuses: %s %s", applied.error().field.c_str(),
                       applied.error().value.c_str());
        }
    }
    void restart()
    {
        auto next = std::make_unique<Engine>();
        QVERIFY2(next->restore(m_restored->snapshot()), "a snapshot is not restored");
        m_restored = std::move(next);
    }
    void advance()
    {
        if (below(12) == 0)
            m_now = m_now + 8 * 3'600'000;
        else
            m_now = m_now + number(20 * 60'000);
        if (vietnamTimeOfDay(m_now) > 15 * 3'600'000)
            m_now = vietnamTime(vietnamDate(m_now) + 1, 9 * 3'600'000 - number(60'000));
    }
    void announce()
    {
        CorporateTerms terms;
        terms.instrument = something();
        terms.type = static_cast<CorporateActionType>(below(corporateActionTypeCount));
        if (terms.type == CorporateActionType::Merger && below(3) != 0)
            terms.type = CorporateActionType::Rights;
        const Date today = vietnamDate(m_now);
        terms.exDate = today + static_cast<int>(below(5));
        const bool shares = terms.givesShares() || terms.converts();
        if (!terms.atOnce())
            terms.payDate = terms.exDate + 1 + static_cast<int>(below(9));
        if (terms.type == CorporateActionType::CashDividend)
            terms.cash = Price(number(1'500));
        if (terms.hasRatio()) {
            terms.ratio = (1 + number(12)) * 250'000;
            terms.per = 1 + number(6);
        }
        if (shares && below(2) == 0)
            terms.fractionPrice = Price(number(20'000));
        if (terms.isRights()) {
            terms.issuePrice = Price(1'000 + number(20'000));
            terms.subscriptionTo = terms.exDate + 2 + static_cast<int>(below(5));
            terms.payDate = terms.subscriptionTo + 1 + static_cast<int>(below(4));
            if (below(4) == 0)
                terms.rightsPerShare = number(2'000'000);
        }
        if (terms.type == CorporateActionType::Merger)
            terms.into = something();
        if (terms.type == CorporateActionType::Transfer)
            terms.to = static_cast<Exchange>(below(exchangeCount));
        const Uuid id = nextId();
        if (send(AnnounceCorporateAction{id, terms}).ok())
            m_actions.push_back(id);
    }
    void elect()
    {
        std::vector<const CorporateActions::Entry *> open;
        for (const auto &[no, entry] : m_straight->corporateActions().entries()) {
            if (entry.action.terms.isRights()
                && entry.action.status == CorporateActionStatus::Entitled)
                open.push_back(&entry);
        }
        if (open.empty())
            return;
        const CorporateActions::Entry &entry = *open[below(open.size())];
        ElectRights elect{someone(),
                          entry.action.id,
                          static_cast<ElectRights::Choice>(below(4)),
                          Quantity(number(3'000)),
                          Price(1 + number(400)),
                          someone()};
        if (elect.choice == ElectRights::Choice::Subscribe)
            elect.price = {};
        for (const CorporateEntitlement &one : entry.entitlements) {
            if (elect.choice == ElectRights::Choice::Accept && !one.offered.isZero()
                && below(4) != 0)
                elect = {one.offeredTo, elect.id,       elect.choice,
                         one.offered,   one.offerPrice, one.account};
        }
        m_elections += send(elect).ok();
    }
    void place()
    {
        PlaceOrder place;
        place.account = someone();
        place.id = nextId();
        place.instrument = something();
        const Instrument &instrument = m_straight->exchange().instrument(place.instrument);
        place.side = below(2) == 0 ? Side::Buy : Side::Sell;
        place.price = instrument.reference;
        place.quantity = Quantity(below(3) == 0 ? 1 + number(98) : 100 * (1 + number(30)));
        place.queue = below(2) == 0;
        send(std::move(place));
    }
    void rare()
    {
        switch (below(6)) {
        case 0: send(EndowCash{someone(), "VND", Money(1 + number(5'000'000))}); break;
        case 1:
            send(EndowSecurities{someone(), something(), Quantity(1 + number(900)), Price(10'000)});
            break;
        case 2: send(SetInstrumentState{something(), SetInstrumentState::Action::Activate}); break;
        case 3: send(CancelAll{someone(), noInstrument}); break;
        case 4: send(WithdrawCash{someone(), "VND", Money(number(2'000'000))}); break;
        default: send(Tick{}); break;
        }
    }

    SplitMix m_random;
    Time m_now;
    std::unique_ptr<Engine> m_straight, m_restored;
    std::array<Portfolio, accounts> m_portfolios;
    std::vector<Uuid> m_actions;
    std::uint64_t m_ids = 0;
    std::size_t m_executions = 0, m_elections = 0;
};

} // namespace

class CorporateRandomTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingHolds()
    {
        const std::uint64_t seed = numberFrom("KHOP_SEED", 20261121);
        const std::uint64_t rounds = numberFrom("KHOP_ROUNDS", 6'000);
        Run run(seed);
        for (std::uint64_t round = 0; round < rounds; ++round) {
            run.step();
            if (round % 25 == 0)
                run.compare();
            if (QTest::currentTestFailed()) {
                qWarning("seed %llu, step %llu", static_cast<unsigned long long>(seed),
                         static_cast<unsigned long long>(round));
                return;
            }
        }
        run.compare();
        QVERIFY(run.executions() > 100);
        QVERIFY(run.elections() > 20);
        QCOMPARE(run.typesDone(), std::size_t{corporateActionTypeCount});
    }
};

QTEST_APPLESS_MAIN(CorporateRandomTest)
#include "tst_corporate_random.moc"
