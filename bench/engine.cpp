// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"
#include "engine/engine.h"
#include "market/defaults.h"
#include "split_mix.h"
#include "timing.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>

namespace khop::bench {

namespace {

/// Traders in continuous trading: of a hundred commands some sixty place limit orders, thirty cancel
/// and ten amend a quantity down or up. A third of the limit orders take up to three lots from some
/// resting order, or from a better one; the others rest. Orders and cancels shift against each other by up
/// to ten so that about as many orders rest as are wanted. So the commands do the same work however
/// many orders rest: what changes with them is where their data lies.
class Traders
{
public:
    struct Size {
        std::size_t accounts = 0;
        std::size_t instruments = 0;
        std::size_t live = 0;   // orders resting
        std::size_t orders = 0; // at most so many on this day
    };
    Traders(std::uint64_t seed, const Size &size) : m_random(seed), m_size(size) {}

    /// Opens, endows and starts at 09:30 of a trading day; an error as text.
    std::optional<std::string> start();
    /// Makes the next commands ahead of their timing; they know the orders resting now.
    void prepare(std::size_t count);
    /// Only orders that rest, until there are as many as wanted.
    void fill();
    /// Applies what was prepared, as one group, as a desk does: this is what is measured.
    void apply();
    /// Takes note of what the group changed, as any subscriber does.
    void follow();

    std::uint64_t orders = 0, trades = 0, refused = 0;
    std::size_t live() const { return m_resting.size(); }
    std::uint64_t stateHash() const { return m_engine.stateHash(); }
    std::string checkInvariants() const { return m_engine.checkInvariants(); }

private:
    struct Resting {
        Uuid id;
        AccountNo account = 0;
        InstrumentIndex instrument = noInstrument;
        Side side = Side::Buy;
        Price price;
        Quantity quantity;
        Quantity traded;
        std::uint64_t group = 0; // that last had a command for it
    };
    CommandResult applyOne(CommandBody body)
    {
        return m_engine.apply({m_now, std::move(body)}, m_group);
    }
    PlaceOrder placement(bool mayTake);
    /// One that no command of the group concerns yet, where chance finds one soon.
    const Resting &anyResting()
    {
        Resting *any = nullptr;
        for (int tries = 0; tries < 4 && (!any || any->group == m_groups); ++tries)
            any = &m_resting[static_cast<std::size_t>(m_random.below(m_resting.size()))];
        any->group = m_groups;
        return *any;
    }

    Engine m_engine;
    SplitMix64 m_random;
    Size m_size;
    std::vector<AccountNo> m_accounts;
    std::vector<InstrumentIndex> m_instruments; // with a band: HOSE, HNX, UPCoM
    std::vector<Resting> m_resting;
    std::unordered_map<Uuid, std::size_t> m_places;
    std::vector<Command> m_commands;
    CommittedGroup m_group;
    Time m_now;
    std::uint64_t m_ids = 0;
    std::uint64_t m_groups = 0;
};

/// Made-up shares on the three exchanges.
std::string madeUpInstruments(std::size_t count)
{
    std::string csv = "symbol,exchange,name,ref\n";
    constexpr std::array<std::string_view, 3> exchanges{"HOSE", "HNX", "UPCOM"};
    for (std::size_t i = 0; i < count; ++i) {
        const std::string symbol = "T" + std::to_string(10'000 + i);
        csv += symbol + ',' + std::string(exchanges[i % 3]) + ',' + symbol + ','
               + std::to_string(10'000 + i % 900 * 100) + '\n';
    }
    return csv;
}

std::optional<std::string> Traders::start()
{
    const Time midnight = vietnamTime(dateOf(2026, 11, 20), 0);
    m_now = midnight;
    m_engine.reserveClientOrders(m_size.orders);
    const CommandResult configured =
        applyOne(Configure{defaultMarketRulesText(), madeUpInstruments(m_size.instruments)});
    if (!configured.ok())
        return configured.error.field + ": " + configured.error.value;
    for (const Instrument &instrument : m_engine.exchange().instruments()) {
        if (instrument.banded)
            m_instruments.push_back(instrument.index);
    }
    if (m_instruments.empty())
        return "no instrument with a price band";
    for (std::size_t i = 0; i < m_size.accounts; ++i) {
        const AccountNo account =
            applyOne(OpenAccount{uuid7(midnight, 1, ++m_ids), "trader-" + std::to_string(i)})
                .account;
        applyOne(EndowCash{account, "VND", Money(1'000'000'000'000'000)});
        for (const InstrumentIndex instrument : m_instruments)
            applyOne(EndowSecurities{account, instrument, Quantity(1'000'000'000), Price(1)});
        m_group.clear();
        m_accounts.push_back(account);
    }
    m_now = vietnamTime(dateOf(2026, 11, 20), (9 * 60 + 30) * 60'000);
    applyOne(Tick{});
    m_group = {};
    return std::nullopt;
}

PlaceOrder Traders::placement(bool mayTake)
{
    PlaceOrder place;
    place.account = m_accounts[static_cast<std::size_t>(m_random.below(m_accounts.size()))];
    place.id = uuid7(m_now, 2, ++m_ids);
    place.clientOrderId = "order-" + std::to_string(m_ids);
    if (mayTake && !m_resting.empty() && m_random.below(3) == 0) {
        const Resting &offer = anyResting();
        place.instrument = offer.instrument;
        place.side = opposite(offer.side);
        place.price = offer.price;
        const std::int64_t lots = (offer.quantity - offer.traded).raw() / 100;
        place.quantity = Quantity(100 * (1 + m_random.below(std::min<std::int64_t>(lots, 3))));
        return place;
    }
    place.instrument =
        m_instruments[static_cast<std::size_t>(m_random.below(m_instruments.size()))];
    place.side = m_random.below(2) == 0 ? Side::Buy : Side::Sell;
    place.quantity = Quantity(100 * (1 + m_random.below(20)));
    const Instrument &instrument = m_engine.exchange().instrument(place.instrument);
    const std::int64_t away = 1 + m_random.below(5);
    Price price = instrument.reference;
    for (std::int64_t i = 0; i < away; ++i)
        price = place.side == Side::Buy ? instrument.ticks.down(price) : instrument.ticks.up(price);
    place.price = std::clamp(price, instrument.floor, instrument.ceiling);
    return place;
}

void Traders::prepare(std::size_t count)
{
    m_commands.clear();
    ++m_groups;
    m_now = m_now + 1;
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t kind = m_random.below(100);
        const auto live = static_cast<std::int64_t>(m_resting.size());
        const auto wanted = static_cast<std::int64_t>(std::max<std::size_t>(m_size.live, 1));
        const std::int64_t places =
            60 + std::clamp<std::int64_t>((wanted - live) * 100 / wanted, -10, 10);
        if (kind < places || m_resting.empty()) {
            m_commands.push_back({m_now, placement(true)});
            continue;
        }
        const Resting &own = anyResting();
        if (kind < 90) {
            m_commands.push_back({m_now, CancelOrder{own.account, own.id}});
        } else {
            AmendOrder amend;
            amend.account = own.account;
            amend.id = own.id;
            const Quantity step(100 * (1 + m_random.below(3)));
            const bool lower = own.quantity - step > own.traded;
            amend.quantity = lower ? own.quantity - step : own.quantity + step;
            m_commands.push_back({m_now, amend});
        }
    }
}

void Traders::fill()
{
    while (m_resting.size() < m_size.live) {
        m_commands.clear();
        m_now = m_now + 1;
        while (m_commands.size() < 256)
            m_commands.push_back({m_now, placement(false)});
        apply();
        follow();
    }
    orders = trades = refused = 0;
}

void Traders::apply()
{
    const auto commandAt = [this](std::size_t i) -> const Command & { return m_commands[i]; };
    for (std::size_t i = 0; i < m_commands.size(); ++i) {
        m_engine.lookAhead(i, m_commands.size(), commandAt);
        const CommandResult result = m_engine.apply(m_commands[i], m_group);
        if (result.ok())
            orders += std::holds_alternative<PlaceOrder>(m_commands[i].body) ? 1 : 0;
        else
            ++refused;
    }
}

void Traders::follow()
{
    trades += m_group.trades.size();
    m_engine.takeNewClientOrders();
    for (const OrderRecord &order : m_group.orders) {
        const auto place = m_places.find(order.id);
        if (!isOpen(order.status)) {
            if (place == m_places.end())
                continue;
            const std::size_t hole = place->second;
            m_places.erase(place);
            if (hole + 1 != m_resting.size()) {
                m_resting[hole] = m_resting.back();
                m_places[m_resting[hole].id] = hole;
            }
            m_resting.pop_back();
        } else if (place == m_places.end()) {
            m_places[order.id] = m_resting.size();
            m_resting.push_back({order.id, order.account, order.instrument, order.side,
                                 order.price.value_or(Price{}), order.quantity, order.traded});
        } else {
            m_resting[place->second].quantity = order.quantity;
            m_resting[place->second].traded = order.traded;
        }
    }
    m_group.clear();
}

} // namespace

int runEngine(const Arguments &arguments)
{
    CommandLine line(
        "engine",
        "Measures commands per second through the engine in memory: validation, holds, books, "
        "ledger\n"
        "and events; no thread, no store. Seconds count processor time. Prints one line of JSON.");
    line.option("commands", "N", "commands to apply", "1000000");
    line.option("accounts", "N", "trading accounts", "1000");
    line.option("instruments", "N", "made-up shares", "1000");
    line.option("live", "N", "orders resting about all the time", "10000");
    line.option("group", "N", "commands of one group", "256");
    line.option("seed", "N", "seed of the traders", "1");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    const auto commands = line.number("commands", 1, 1'000'000'000);
    const auto accounts = line.number("accounts", 1, 100'000);
    const auto instruments = line.number("instruments", 1, 5000);
    const auto live = line.number("live", 1, 5'000'000);
    const auto group = line.number("group", 1, 1'000'000);
    const auto seed = line.number("seed", 0, INT64_MAX);
    if (!commands || !accounts || !instruments || !live || !group || !seed)
        return exitUsage;

    Traders traders(static_cast<std::uint64_t>(*seed),
                    {static_cast<std::size_t>(*accounts), static_cast<std::size_t>(*instruments),
                     static_cast<std::size_t>(*live), static_cast<std::size_t>(*live + *commands)});
    if (const std::optional<std::string> problem = traders.start())
        return line.error(*problem, exitFailed);
    std::int64_t took = 0;
    const auto runGroup = [&](std::int64_t count) {
        traders.prepare(static_cast<std::size_t>(count));
        const std::int64_t start = threadNanoseconds();
        traders.apply();
        took += threadNanoseconds() - start;
        traders.follow();
    };
    traders.fill();
    for (std::int64_t done = 0; done < *commands; done += *group)
        runGroup(std::min(*group, *commands - done));
    if (const std::string broken = traders.checkInvariants(); !broken.empty())
        return line.error(broken, exitFailed);
    std::printf(
        "{\"commands\":%" PRId64
        ",\"seconds\":%.6f,\"commands_per_second\":%.0f,\"orders\":%" PRIu64 ",\"trades\":%" PRIu64
        ",\"refused\":%" PRIu64 ",\"live\":%zu,\"state_hash\":\"%016" PRIx64 "\"}\n",
        *commands, static_cast<double>(took) / 1e9,
        static_cast<double>(*commands) * 1e9 / static_cast<double>(std::max<std::int64_t>(took, 1)),
        traders.orders, traders.trades, traders.refused, traders.live(), traders.stateHash());
    return exitDone;
}

} // namespace khop::bench
