// SPDX-License-Identifier: GPL-3.0-or-later
// A real desk on a fresh SQLite file for tests, with waiting submissions.
#pragma once

#include "engine/desk.h"
#include "market/defaults.h"

#include <QTemporaryDir>
#include <QTest>

#include <future>

namespace khop::test {

inline Time at(const char *iso) { return *parseIsoTime(iso); }

struct DeskFixture {
    QTemporaryDir folder;
    std::unique_ptr<Desk> desk;
    AccountNo account = 0;
    std::size_t rowMemory = DeskOptions().rowMemory;

    explicit DeskFixture(const char *clock = "2026-11-20T10:00:00+07:00", bool participants = false,
                         int speed = 0, std::optional<std::size_t> memory = {})
    {
        rowMemory = memory.value_or(rowMemory);
        open(clock, participants, speed);
        account = openAccount("trader");
    }
    void open(std::optional<const char *> clock, bool participants = false, int speed = 0)
    {
        DeskOptions options;
        options.databaseFile = folder.filePath(QStringLiteral("khop.db"));
        if (clock)
            options.startAt = at(*clock);
        options.speed = speed;
        options.recordingsFolder = folder.filePath(QStringLiteral("recordings"));
        options.participants = participants;
        options.rowMemory = rowMemory;
        auto opened = Desk::open(options);
        if (!opened)
            qFatal("desk: %s %s", opened.error().field.c_str(), opened.error().value.c_str());
        desk = std::move(*opened);
    }
    CommandResult send(CommandBody body)
    {
        std::promise<CommandResult> promise;
        auto result = promise.get_future();
        desk->submit(std::move(body),
                     [&promise](CommandResult r) { promise.set_value(std::move(r)); });
        return result.get();
    }
    AccountNo openAccount(const char *name)
    {
        return send(OpenAccount{uuid7(desk->now(), 1, std::hash<std::string>{}(name)), name})
            .account;
    }
    InstrumentIndex symbol(const char *name) const { return *desk->findInstrument(name); }
    void cash(AccountNo who, std::int64_t dong)
    {
        QCOMPARE(send(EndowCash{who, "VND", Money(dong)}).error.code, Code::OK);
    }
    void shares(AccountNo who, const char *name, std::int64_t quantity)
    {
        QCOMPARE(send(EndowSecurities{who, symbol(name), Quantity(quantity), {}}).error.code,
                 Code::OK);
    }
    CommandResult order(AccountNo who, const char *name, Side side, OrderType type,
                        std::int64_t quantity, std::optional<std::int64_t> price = {},
                        std::string clientId = {}, bool queue = false)
    {
        PlaceOrder place;
        place.account = who;
        place.instrument = symbol(name);
        place.side = side;
        place.type = type;
        place.quantity = Quantity(quantity);
        if (price)
            place.price = Price(*price);
        place.clientOrderId = std::move(clientId);
        place.queue = queue;
        return send(place);
    }
    /// Sells 100 at the market once the price has fallen to `trigger`.
    PlaceOrder stopSale(AccountNo who, const char *name, std::int64_t trigger,
                        TimeInForce timeInForce = TimeInForce::Day) const
    {
        PlaceOrder stop;
        stop.account = who;
        stop.instrument = symbol(name);
        stop.side = Side::Sell;
        stop.type = OrderType::MTL;
        stop.timeInForce = timeInForce;
        stop.quantity = Quantity(100);
        auto condition = std::make_shared<Condition>();
        condition->stopLoss = ConditionLeg{Price(trigger), {}};
        stop.condition = condition;
        return stop;
    }
    OrderRecord stateOf(const OrderRecord &order) const
    {
        std::promise<OrderRecord> found; // from another thread when it has left memory
        desk->findOrder(order.id, [&](Result<OrderRecord> r) { found.set_value(r.value()); });
        return found.get_future().get();
    }
    void clockTo(const char *iso)
    {
        QVERIFY(desk->jumpTo(at(iso)).has_value());
        send(Tick{true});
    }
    Balance dong(AccountNo who) const
    {
        for (const Balance &balance : desk->balances(who)) {
            if (balance.currency == "VND")
                return balance;
        }
        return {};
    }
    Position position(AccountNo who, const char *name) const
    {
        for (const Position &position : desk->positions(who)) {
            if (position.instrument == symbol(name))
                return position;
        }
        return {};
    }
};

} // namespace khop::test
