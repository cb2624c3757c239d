// SPDX-License-Identifier: GPL-3.0-or-later
// A million random commands over 1,000 accounts: after each of them the desk's money agrees with books
// that are kept from its reports alone (support/money_model.h). KHOP_ROUNDS and KHOP_SEED widen it.
#include "../support/engine_fixture.h"
#include "../support/money_model.h"
#include "../support/random_commands.h"

#include "ledger/notional.h"

using namespace khop;
using namespace khop::test;

namespace {

constexpr AccountNo accounts = 1'000;
constexpr std::uint64_t fullCheckEvery = 10'000;

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
        : m_commands(seed, accounts)
        , m_now(vietnam("2026-11-20 08:45"))
        , m_engine(std::make_unique<Engine>())
    {
        send(Configure{defaultMarketRulesText(), defaultInstrumentsText()});
        while (auto command = m_commands.setUp(instruments()))
            send(std::move(*command));
        send(SetParticipants{true, seed});
    }
    void step(std::uint64_t round)
    {
        m_now = m_now + static_cast<std::int64_t>(m_commands.below(120));
        // about 25 days in a million steps; nights and weekends pass at once
        if (vietnamTimeOfDay(m_now) > 15 * hour + hour / 4 && m_commands.below(100) == 0)
            m_now = vietnamTime(vietnamDate(m_now) + 1, 9 * hour - hour / 8);
        else if (m_commands.below(3'000) == 0)
            m_now = m_now + hour / 2;
        send(m_commands.next(m_now, instruments()));
        if (m_commands.below(20'000) == 0)
            restart();
        if (round % fullCheckEvery == 0)
            checkAll();
    }
    void checkAll()
    {
        if (const std::string off = m_model.compareAll(*m_engine); !off.empty())
            QFAIL(off.c_str());
    }
    std::size_t trades() const { return m_trades; }
    std::size_t days() const { return m_days; }
    std::size_t paid() const { return m_paid; }
    std::size_t restarts() const { return m_restarts; }
    std::size_t entries() const { return m_model.entries(); }

private:
    static constexpr std::int64_t hour = 3'600'000;

    const std::vector<Instrument> &instruments() const
    {
        return m_engine->exchange().instruments();
    }
    void send(CommandBody body)
    {
        std::optional<EndowSecurities> gift;
        if (const auto *given = std::get_if<EndowSecurities>(&body))
            gift = *given;
        m_group.clear();
        const CommandResult result = m_engine->apply({m_now, std::move(body)}, m_group);
        if (gift && result.ok())
            m_model.noteGift(gift->account, gift->instrument, costOf(*gift));
        const std::string off = m_model.take(m_group, *m_engine);
        if (!off.empty())
            QFAIL(off.c_str());
        for (const OrderRecord &order : m_group.orders)
            m_commands.note(order);
        m_trades += m_group.executions.size();
        m_days += m_group.newDay;
        for (const LedgerEntry &entry : m_group.entries)
            m_paid += entry.type == LedgerEntry::Type::Dividend;
    }
    /// Securities given cost what they would have cost at that price, without fees.
    Money costOf(const EndowSecurities &gift) const
    {
        const Instrument &instrument = instruments()[gift.instrument];
        const MarketRules &rules = m_engine->exchange().rules();
        const int scale = rules.currencies[currencyIndex(rules, instrument.currency)].scale;
        return *notional(instrument, scale, *gift.price, gift.quantity, Rounding::HalfUp);
    }
    void restart()
    {
        const std::string snapshot = m_engine->snapshot();
        auto next = std::make_unique<Engine>();
        QVERIFY2(next->restore(snapshot), "a snapshot is not restored");
        QCOMPARE(next->stateHash(), m_engine->stateHash());
        m_engine = std::move(next);
        ++m_restarts;
        checkAll();
    }

    RandomCommands m_commands;
    MoneyModel m_model;
    Time m_now;
    std::unique_ptr<Engine> m_engine;
    CommittedGroup m_group;
    std::size_t m_trades = 0, m_days = 0, m_paid = 0, m_restarts = 0;
};

} // namespace

class RandomMoneyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theMoneyIsRightAfterEveryCommand()
    {
        const std::uint64_t seed = numberFrom("KHOP_SEED", 4);
        const std::uint64_t rounds = numberFrom("KHOP_ROUNDS", 1'000'000);
        Run run(seed);
        for (std::uint64_t round = 0; round < rounds; ++round) {
            run.step(round);
            if (QTest::currentTestFailed()) {
                qWarning("seed %llu, step %llu", static_cast<unsigned long long>(seed),
                         static_cast<unsigned long long>(round));
                return;
            }
        }
        run.checkAll();
        qInfo("%llu commands: %zu executions, %zu entries, %zu dividends, %zu days, %zu restarts",
              static_cast<unsigned long long>(rounds), run.trades(), run.entries(), run.paid(),
              run.days(), run.restarts());
        // it is about something only if there was trade over several days
        QVERIFY(run.trades() > rounds / 100);
        QVERIFY(run.days() > rounds / 100'000);
    }
};

QTEST_APPLESS_MAIN(RandomMoneyTest)
#include "tst_random_money.moc"
