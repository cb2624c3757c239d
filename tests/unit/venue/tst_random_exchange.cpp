// SPDX-License-Identifier: GPL-3.0-or-later
// Random commands of every kind over several days: invariants hold, no book is crossed, commands survive
// their encoding, and an engine that is restored again and again, or takes its commands in groups and looks
// ahead in them, stays equal to one that never was and does not.
// KHOP_ROUNDS and KHOP_SEED widen it.
#include "../../support/engine_fixture.h"

#include "engine/command_codec.h"

#include <deque>

using namespace khop;
using namespace khop::test;

namespace {

constexpr auto listed = "symbol,exchange,name,ref,kind,restricted,foreign_room,first_day\n"
                        "AAA,HOSE,A,20000,SHARE,,,\n"
                        "RRR,HOSE,R,9990,SHARE,true,50000,\n"
                        "EEE,HOSE,E,20000,ETF,,20000,true\n"
                        "HHH,HNX,H,17000,SHARE,,100000,\n"
                        "LOW,HNX,L,400,SHARE,,,\n"
                        "UUU,UPCOM,U,20000,SHARE,,,true\n"
                        "SPT,SPOT,S,150.00,SHARE,,,\n";

std::uint64_t numberFrom(const char *variable, std::uint64_t otherwise)
{
    bool given = false;
    const qulonglong number = qEnvironmentVariable(variable).toULongLong(&given);
    return given ? number : otherwise;
}

class Run
{
public:
    explicit Run(std::uint64_t seed, const std::string &rules)
        : m_random(seed)
        , m_now(vietnam("2026-11-20 08:30"))
        , m_straight(std::make_unique<Engine>())
        , m_restored(std::make_unique<Engine>())
        , m_grouped(std::make_unique<Engine>())
        , m_rules(rules)
    {
        send(Configure{rules, listed});
        send(SetParticipants{m_random.below(2) == 0, seed});
        for (int k = 0; k < accounts; ++k) {
            send(OpenAccount{nextId(), "a" + std::to_string(k)});
            const auto no = static_cast<AccountNo>(k + 1);
            send(EndowCash{no, "VND", Money(20'000'000'000)});
            send(EndowCash{no, "USD", Money(10'000'000)});
            for (InstrumentIndex i = 0; i < m_straight->exchange().instruments().size(); ++i)
                send(EndowSecurities{no, i, Quantity(100'000), Price(10'000)});
            if (k % 2 == 0)
                send(SetAccountForeign{no, true});
        }
    }

    void step()
    {
        advance();
        switch (m_random.below(16)) {
        case 0: cancel(); break;
        case 1: amend(); break;
        case 2: send(CancelAll{someone(), noInstrument}); break;
        case 3: propose(); break;
        case 4:
        case 5: answer(); break;
        case 6: halt(); break;
        case 7: rare(); break;
        case 8:
            if (m_random.below(4) == 0)
                limit();
            else
                place();
            break;
        default: place();
        }
        if (m_random.below(200) == 0)
            restart();
    }
    void restart()
    {
        auto next = std::make_unique<Engine>();
        const std::string snapshot = m_restored->snapshot();
        QVERIFY2(next->restore(snapshot), "a snapshot is not restored");
        for (const ClientOrder &client : m_clientOrders)
            next->addClientOrder(client);
        m_restored = std::move(next);
    }
    void check()
    {
        QCOMPARE(m_straight->checkInvariants(), std::string());
        QCOMPARE(m_restored->stateHash(), m_straight->stateHash());
        applyGroup();
        QCOMPARE(m_grouped->stateHash(), m_straight->stateHash());
        const PaperExchange &exchange = m_straight->exchange();
        for (const Instrument &instrument : exchange.instruments()) {
            const InstrumentIndex i = instrument.index;
            const auto bid = exchange.best(i, Side::Buy), ask = exchange.best(i, Side::Sell);
            if (exchange.phaseOf(i) == Phase::Continuous && PaperExchange::isTraded(instrument))
                QVERIFY2(!bid || !ask || *bid < *ask, "a continuous book is crossed");
            exchange.quote(i);
        }
    }
    const Engine &engine() const { return *m_straight; }
    std::size_t trades() const { return m_trades; }
    std::size_t deals() const { return m_executed; }
    std::size_t announced() const { return m_announced; }
    std::size_t limited() const { return m_limited; }

private:
    static constexpr int accounts = 6;

    CommandResult send(CommandBody body)
    {
        ByteWriter out;
        encodeCommand(out, {m_now, body});
        ByteReader in(out.bytes());
        const auto decoded = decodeCommand(in);
        if (!decoded || !in.atEnd())
            qFatal("a command does not survive its encoding");
        CommittedGroup first, second;
        const CommandResult result = m_straight->apply({m_now, std::move(body)}, first);
        const Date day = m_restored->clientOrderDay();
        m_restored->apply(*decoded, second);
        m_group.push_back(*decoded);
        if (m_group.size() == 40)
            applyGroup();
        // client order ids are kept beside the snapshots
        if (m_restored->clientOrderDay() != day)
            m_clientOrders.clear();
        for (const ClientOrder &client : m_restored->takeNewClientOrders())
            m_clientOrders.push_back(client);
        m_trades += first.trades.size();
        for (const OrderRecord &order : first.orders) {
            if (isOpen(order.status))
                m_orders[order.id] = order;
            else
                m_orders.erase(order.id);
            if (isOpen(order.status))
                m_open.push_back({order.account, order.id});
        }
        while (m_open.size() > 200)
            m_open.pop_front();
        for (const PutThroughRecord &deal : first.putThroughs) {
            if (deal.status == PutThroughStatus::Proposed)
                m_deals.push_back(deal);
            m_executed += deal.status == PutThroughStatus::Executed;
        }
        while (m_deals.size() > 20)
            m_deals.pop_front();
        return result;
    }
    void applyGroup()
    {
        CommittedGroup changes;
        const auto commandAt = [this](std::size_t i) -> const Command & { return m_group[i]; };
        for (std::size_t i = 0; i < m_group.size(); ++i) {
            m_grouped->lookAhead(i, m_group.size(), commandAt);
            m_grouped->apply(m_group[i], changes);
        }
        m_group.clear();
    }
    void advance()
    {
        const std::uint64_t kind = m_random.below(400);
        if (kind == 0)
            m_now = m_now + 8 * 3'600'000;
        else if (kind < 20)
            m_now = m_now + 15 * 60'000;
        else
            m_now = m_now + static_cast<std::int64_t>(m_random.below(20'000));
        // nights pass quickly
        if (vietnamTimeOfDay(m_now) > 15 * 3'600'000 + 600'000 && m_random.below(4) == 0)
            m_now = vietnamTime(vietnamDate(m_now) + 1, 9 * 3'600'000 - 60'000);
    }
    Uuid nextId() { return uuid7(m_now, 3, ++m_ids); }
    AccountNo someone() { return static_cast<AccountNo>(1 + m_random.below(accounts)); }
    InstrumentIndex something()
    {
        return static_cast<InstrumentIndex>(
            m_random.below(m_straight->exchange().instruments().size()));
    }
    Side side() { return m_random.below(2) == 0 ? Side::Buy : Side::Sell; }
    Price priceNear(const Instrument &instrument)
    {
        Price price = instrument.reference;
        const bool up = m_random.below(2) == 0;
        for (std::uint64_t ticks = m_random.below(8); ticks > 0; --ticks)
            price = up ? instrument.ticks.up(price) : instrument.ticks.down(price);
        if (m_random.below(12) == 0)
            price = up ? instrument.ceiling : instrument.floor;
        return m_random.below(60) == 0 ? price + Price(1) : price;
    }
    Quantity someQuantity()
    {
        switch (m_random.below(8)) {
        case 0: return Quantity(1 + static_cast<std::int64_t>(m_random.below(99)));
        case 1: return Quantity(static_cast<std::int64_t>(m_random.below(300)));
        default: return Quantity(100 * (1 + static_cast<std::int64_t>(m_random.below(30))));
        }
    }
    void place()
    {
        PlaceOrder place;
        place.account = someone();
        place.id = nextId();
        place.instrument = something();
        const Instrument &instrument = m_straight->exchange().instrument(place.instrument);
        place.side = side();
        const bool spot = instrument.exchange == Exchange::SPOT;
        place.type = spot ? OrderType::Limit : OrderType::LO;
        if (m_random.below(4) == 0)
            place.type = static_cast<OrderType>(m_random.below(orderTypeCount));
        if (spot)
            place.timeInForce = static_cast<TimeInForce>(m_random.below(5));
        if (carriesPrice(place.type))
            place.price = priceNear(instrument);
        place.quantity = someQuantity();
        place.queue = m_random.below(2) == 0;
        if (m_random.below(4) == 0)
            place.clientOrderId = std::to_string(m_random.below(1'000));
        const CommandResult result = send(place);
        if (result.ok() && !result.duplicate)
            checkLimits(place);
    }
    /// Counted from what was reported: an order that was taken leaves its account within its limits.
    void checkLimits(const PlaceOrder &place)
    {
        const RiskPolicy &policy = m_straight->risk().policy();
        const Instrument &instrument = m_straight->exchange().instrument(place.instrument);
        const LimitsInForce limits =
            limitsInForce(policy.house, policy.limitsOf(place.account), instrument,
                          currencyIndex(m_straight->exchange().rules(), instrument.currency));
        QVERIFY(!policy.killed(place.account) && !limits.symbol.restricted);
        std::int64_t open = 0;
        Quantity exposed = m_straight->position(place.account, place.instrument).quantity;
        for (const auto &[id, order] : m_orders) {
            if (order.account != place.account)
                continue;
            ++open;
            if (order.side == Side::Buy && order.instrument == place.instrument)
                exposed += order.remaining;
        }
        QVERIFY(!limits.openOrders || open <= *limits.openOrders);
        if (place.side == Side::Buy)
            QVERIFY(!limits.symbol.position || exposed <= *limits.symbol.position);
        m_limited += limits.openOrders || limits.symbol.position;
    }
    void cancel()
    {
        if (m_open.empty())
            return;
        const auto &[account, id] = m_open[m_random.below(m_open.size())];
        send(CancelOrder{account, id});
    }
    void amend()
    {
        if (m_open.empty())
            return;
        const auto &[account, id] = m_open[m_random.below(m_open.size())];
        AmendOrder amend{account, id, {}, {}, {}};
        if (m_random.below(2) == 0)
            amend.price = priceNear(m_straight->exchange().instrument(something()));
        else
            amend.quantity = someQuantity();
        send(amend);
    }
    void propose()
    {
        const InstrumentIndex i = something();
        const Instrument &instrument = m_straight->exchange().instrument(i);
        send(ProposePutThrough{someone(),
                               someone(),
                               nextId(),
                               i,
                               side(),
                               Quantity(20'000 - static_cast<std::int64_t>(m_random.below(3))),
                               priceNear(instrument),
                               {}});
    }
    void answer()
    {
        if (m_deals.empty())
            return;
        const PutThroughRecord &deal = m_deals[m_random.below(m_deals.size())];
        const bool proposers = m_random.below(4) == 0;
        const auto given = proposers                ? AnswerPutThrough::Answer::Cancel
                           : m_random.below(4) == 0 ? AnswerPutThrough::Answer::Reject
                                                    : AnswerPutThrough::Answer::Accept;
        send(AnswerPutThrough{proposers ? deal.proposer : deal.counterparty, deal.id, given});
    }
    void halt()
    {
        const std::uint64_t kind = m_random.below(8);
        const auto action = kind == 0   ? SetInstrumentState::Action::Halt
                            : kind == 1 ? SetInstrumentState::Action::Deactivate
                            : kind < 5  ? SetInstrumentState::Action::Resume
                                        : SetInstrumentState::Action::Activate;
        send(SetInstrumentState{something(), action});
    }
    /// Mostly loose ones, so that there is trading as well.
    void limit()
    {
        auto limits = std::make_shared<RiskLimits>();
        const auto sometimes = [this](auto set) {
            if (m_random.below(3) == 0)
                set(1 + static_cast<std::int64_t>(m_random.below(100)));
        };
        sometimes([&](std::int64_t n) { limits->every.orderQuantity = Quantity(n * 100); });
        sometimes([&](std::int64_t n) { limits->every.position = Quantity(n * 5'000); });
        sometimes([&](std::int64_t n) { limits->every.priceCollar = n * 1'000; });
        sometimes([&](std::int64_t n) { limits->every.concentration = n * 10'000; });
        sometimes([&](std::int64_t n) { limits->money[0].orderValue = Money(n * 2'000'000); });
        sometimes([&](std::int64_t n) { limits->money[1].dailyLoss = Money(n * 1'000); });
        sometimes([&](std::int64_t n) { limits->money[0].dailyLoss = Money(n * 1'000'000); });
        sometimes([&](std::int64_t n) { limits->positionCount = 1 + n / 10; });
        sometimes([&](std::int64_t n) { limits->openOrders = n; });
        sometimes([&](std::int64_t n) { limits->rate = OrderRate{n, 60'000}; });
        sometimes([&](std::int64_t n) { limits->duplicateWindow = n * 100; });
        if (m_random.below(4) == 0)
            limits->symbols[something()].restricted = true;
        sometimes(
            [&](std::int64_t n) { limits->symbols[something()].position = Quantity(n * 2'000); });
        const auto of = static_cast<AccountNo>(m_random.below(accounts + 1));
        send(SetRiskLimits{of, m_random.below(3) == 0 ? limits : nullptr});
    }
    void rare()
    {
        switch (m_random.below(12)) {
        case 11:
            send(WithdrawCash{someone(), m_random.below(2) == 0 ? "VND" : "USD",
                              Money(static_cast<std::int64_t>(m_random.below(30'000'000)))});
            break;
        case 9: {
            CorporateTerms terms;
            terms.instrument = something();
            terms.type = static_cast<CorporateActionType>(m_random.below(3));
            const Date today = vietnamDate(m_now);
            terms.exDate = today + static_cast<int>(m_random.below(4));
            terms.recordDate = terms.exDate + static_cast<int>(m_random.below(4));
            terms.payDate = terms.recordDate + static_cast<int>(m_random.below(5));
            const auto amount = static_cast<std::int64_t>(m_random.below(2'000));
            if (terms.givesShares()) {
                terms.ratio = amount * 157;
                terms.fractionPrice = Price(static_cast<std::int64_t>(m_random.below(9)) * 1'000);
            } else {
                terms.cash = Price(amount);
            }
            m_lastAction = nextId();
            m_announced += send(AnnounceCorporateAction{m_lastAction, terms}).ok();
            break;
        }
        case 10: send(WithdrawCorporateAction{m_lastAction}); break;
        case 8: {
            const auto of = static_cast<AccountNo>(m_random.below(accounts + 1));
            const bool on = m_random.below(4) == 0;
            send(SetKillSwitch{of, on, m_random.below(2) == 0, "random"});
            if (on && m_random.below(4) != 0)
                send(SetKillSwitch{of, false, true, {}});
            break;
        }
        case 0: {
            ExRights rights;
            rights.cashDividend = Price(static_cast<std::int64_t>(m_random.below(2'000)));
            rights.bonusRatio = static_cast<std::int64_t>(m_random.below(300'000));
            rights.fromTreasury = m_random.below(3) == 0;
            send(AnnounceExRights{
                something(), vietnamDate(m_now) + static_cast<int>(m_random.below(4)), rights});
            break;
        }
        case 1: send(SetAccountForeign{someone(), m_random.below(2) == 0}); break;
        case 2:
            if (m_random.below(10) == 0)
                send(Configure{m_rules, std::string(listed) + "NEW,HNX,N,10000,SHARE,,,\n"});
            break;
        default: send(Tick{m_random.below(2) == 0});
        }
    }

    SplitMix m_random;
    Time m_now;
    Uuid m_lastAction;
    std::size_t m_announced = 0;
    std::unique_ptr<Engine> m_straight, m_restored;
    std::unique_ptr<Engine> m_grouped;
    std::vector<Command> m_group; // not yet applied to it
    std::string m_rules;
    std::vector<ClientOrder> m_clientOrders;
    std::uint64_t m_ids = 0;
    std::size_t m_trades = 0, m_executed = 0, m_limited = 0;
    std::map<Uuid, OrderRecord> m_orders; // open
    std::deque<std::pair<AccountNo, Uuid>> m_open;
    std::deque<PutThroughRecord> m_deals;
};

} // namespace

class RandomExchangeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everythingHolds_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::newRow("as shipped") << "" << "";
        QTest::newRow("room on execution")
            << "\"room_on_entry\": true" << "\"room_on_entry\": false";
        QTest::newRow("immediate PLO") << "KRX_TWO_PHASE" << "IMMEDIATE";
        QTest::newRow("cancel newest") << "\"ALLOW\"" << "\"CANCEL_NEWEST\"";
        QTest::newRow("cancel both") << "\"ALLOW\"" << "\"CANCEL_BOTH\"";
        QTest::newRow("no odd lots in auctions")
            << "\"odd_lot_in_auction\": true" << "\"odd_lot_in_auction\": false";
    }
    void everythingHolds()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        const std::uint64_t seed = numberFrom("KHOP_SEED", 20261120);
        const std::uint64_t rounds = numberFrom("KHOP_ROUNDS", 1'500);
        Run run(seed, from.isEmpty() ? defaultMarketRulesText()
                                     : rulesWith(from.toStdString(), to.toStdString()));
        for (std::uint64_t round = 0; round < rounds; ++round) {
            run.step();
            if (round % 20 == 0)
                run.check();
            if (QTest::currentTestFailed()) {
                qWarning("seed %llu, step %llu", static_cast<unsigned long long>(seed),
                         static_cast<unsigned long long>(round));
                return;
            }
        }
        run.check();
        QVERIFY(run.trades() > 100);
        QVERIFY(run.deals() > 0);
        QVERIFY(run.announced() > 0);
        QVERIFY(run.limited() > 10);
    }
};

QTEST_APPLESS_MAIN(RandomExchangeTest)
#include "tst_random_exchange.moc"
