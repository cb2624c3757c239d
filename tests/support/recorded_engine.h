// SPDX-License-Identifier: GPL-3.0-or-later
// An engine alone, without desk, store or threads: commands in, states out, in one call. Everything it was
// given is kept, so that a test can replay it.
#pragma once

#include "engine/command_codec.h"
#include "engine/engine.h"
#include "market/defaults.h"

#include <QTest>

#include <map>
#include <memory>

namespace khop::test {

struct RecordedEngine {
    std::unique_ptr<Engine> engine = std::make_unique<Engine>();
    Time now;
    std::vector<Command> commands;
    std::map<Uuid, OrderRecord> orders; // as last shown
    std::vector<Uuid> madeInOrder;
    std::vector<TradeRecord> trades;
    std::uint64_t ids = 0;

    explicit RecordedEngine(const char *clock = "2026-11-20T10:00:00+07:00")
        : now(*parseIsoTime(clock))
    {
        send(Configure{defaultMarketRulesText(), defaultInstrumentsText()});
    }
    CommandResult send(CommandBody body)
    {
        if (auto *place = std::get_if<PlaceOrder>(&body); place && place->id.isNull())
            place->id = uuid7(now, 0xABC, ++ids);
        commands.push_back({now, std::move(body)});
        CommittedGroup group;
        CommandResult result = engine->apply(commands.back(), group);
        for (const OrderRecord &order : group.orders) {
            if (!orders.contains(order.id))
                madeInOrder.push_back(order.id);
            orders[order.id] = order;
        }
        trades.insert(trades.end(), group.trades.begin(), group.trades.end());
        if (const std::string broken = engine->checkInvariants(); !broken.empty())
            qFatal("%s", broken.c_str());
        return result;
    }
    void to(const char *iso)
    {
        now = *parseIsoTime(iso);
        send(Tick{});
    }
    /// The later of both, in milliseconds.
    void pass(std::int64_t milliseconds)
    {
        now = now + milliseconds;
        send(Tick{});
    }
    AccountNo account(const char *name)
    {
        const AccountNo no = send(OpenAccount{uuid7(now, 1, ++ids), name}).account;
        send(EndowCash{no, "VND", Money(100'000'000'000)});
        send(EndowCash{no, "USD", Money(100'000'000)});
        return no;
    }
    InstrumentIndex symbol(const char *name) const
    {
        for (const Instrument &instrument : engine->exchange().instruments()) {
            if (instrument.symbol == name)
                return instrument.index;
        }
        qFatal("no instrument %s", name);
    }
    void shares(AccountNo who, const char *name, std::int64_t quantity)
    {
        send(EndowSecurities{who, symbol(name), Quantity(quantity), {}});
    }
    PlaceOrder make(AccountNo who, const char *name, Side side, OrderType type,
                    std::int64_t quantity, std::optional<std::int64_t> price = {}) const
    {
        PlaceOrder place;
        place.account = who;
        place.instrument = symbol(name);
        place.side = side;
        place.type = type;
        place.quantity = Quantity(quantity);
        if (price)
            place.price = Price(*price);
        return place;
    }
    CommandResult order(AccountNo who, const char *name, Side side, std::int64_t quantity,
                        std::int64_t price)
    {
        const OrderType type =
            engine->exchange().instrument(symbol(name)).banded ? OrderType::LO : OrderType::Limit;
        return send(make(who, name, side, type, quantity, price));
    }
    /// One trade of `quantity` at this price, between two accounts that only do that.
    void print(const char *name, std::int64_t price, std::int64_t quantity = 100)
    {
        if (m_left == 0) {
            m_left = account("left");
            m_right = account("right");
        }
        shares(m_left, name, quantity);
        order(m_left, name, Side::Sell, quantity, price);
        order(m_right, name, Side::Buy, quantity, price);
    }
    const OrderRecord &state(const Uuid &id) const { return orders.at(id); }
    const OrderRecord &state(const CommandResult &placed) const
    {
        return orders.at(placed.order->id);
    }
    /// The child of a bracket or if-done order.
    const OrderRecord &child(const CommandResult &placed) const
    {
        return orders.at(state(placed).condition->child);
    }
    /// A second engine that gets the same commands: its state hash.
    std::uint64_t replayedHash() const
    {
        Engine second;
        CommittedGroup ignored;
        for (const Command &command : commands) {
            ByteWriter out;
            encodeCommand(out, command);
            ByteReader in(out.bytes());
            second.apply(*decodeCommand(in), ignored);
        }
        return second.stateHash();
    }
    /// From here on with an engine restored from this one's snapshot.
    bool restart()
    {
        const std::string snapshot = engine->snapshot();
        auto second = std::make_unique<Engine>();
        if (!second->restore(snapshot) || second->snapshot() != snapshot
            || second->stateHash() != engine->stateHash())
            return false;
        engine = std::move(second);
        return true;
    }

private:
    AccountNo m_left = 0, m_right = 0;
};

// Conditions as a test writes them.
inline std::shared_ptr<Condition> stop(std::int64_t trigger, std::optional<std::int64_t> limit = {})
{
    auto condition = std::make_shared<Condition>();
    condition->stopLoss = ConditionLeg{Price(trigger), {}};
    if (limit)
        condition->stopLoss->limit = Price(*limit);
    return condition;
}
inline std::shared_ptr<Condition> takeProfit(std::int64_t trigger,
                                             std::optional<std::int64_t> limit = {})
{
    auto condition = stop(trigger, limit);
    condition->type = ConditionType::TakeProfit;
    std::swap(condition->stopLoss, condition->takeProfit);
    return condition;
}
inline std::shared_ptr<Condition> both(ConditionType type, std::int64_t profit, std::int64_t loss)
{
    auto condition = stop(loss);
    condition->type = type;
    condition->takeProfit = ConditionLeg{Price(profit), {}};
    return condition;
}
inline std::shared_ptr<Condition> oco(std::int64_t profit, std::int64_t loss)
{
    return both(ConditionType::Oco, profit, loss);
}
inline std::shared_ptr<Condition> bracket(std::int64_t profit, std::int64_t loss)
{
    return both(ConditionType::Bracket, profit, loss);
}
inline std::shared_ptr<Condition> trailing(std::int64_t amount, std::int64_t ppm = 0,
                                           std::optional<std::int64_t> offset = {})
{
    auto condition = std::make_shared<Condition>();
    condition->type = ConditionType::Trailing;
    condition->trailAmount = Price(amount);
    condition->trailPpm = ppm;
    if (offset)
        condition->limitOffset = Price(*offset);
    return condition;
}
inline std::shared_ptr<Condition> ifDone(const PlaceOrder &then)
{
    auto condition = std::make_shared<Condition>();
    condition->type = ConditionType::IfDone;
    condition->then = std::make_shared<ThenOrder>(
        ThenOrder{then.instrument, then.side, then.type, then.given, then.timeInForce,
                  then.quantity, then.price, then.expiresAt, then.condition});
    return condition;
}

} // namespace khop::test
