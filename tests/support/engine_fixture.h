// SPDX-License-Identifier: GPL-3.0-or-later
// A bare engine for tests of the exchange's rules: commands at given moments, and what came of them.
#pragma once

#include "engine/engine.h"
#include "market/defaults.h"

#include <QTest>

#include <algorithm>

namespace khop::test {

/// A moment in Vietnam, e.g. "2026-11-20 09:15".
inline Time vietnam(std::string_view text)
{
    const auto date = parseIsoDate(text.substr(0, 10));
    const auto time = parseTimeOfDay(text.substr(11));
    if (!date || !time)
        qFatal("not a moment: %s", std::string(text).c_str());
    return vietnamTime(*date, *time);
}

/// The shipped rules with one text replaced.
inline std::string rulesWith(std::string_view from, std::string_view to)
{
    std::string text = defaultMarketRulesText();
    const std::size_t place = text.find(from);
    if (place == std::string::npos)
        qFatal("not in the rules: %s", std::string(from).c_str());
    return text.replace(place, from.size(), to);
}

struct EngineFixture {
    Engine engine;
    CommittedGroup happened;
    Time now;
    std::uint64_t ids = 0;

    explicit EngineFixture(std::string_view start, std::string_view instruments,
                           const std::string &rules = defaultMarketRulesText())
        : now(vietnam(start))
    {
        const CommandResult result = send(Configure{rules, std::string(instruments)});
        if (!result.ok())
            qFatal("configure: %s %s %s", result.error.field.c_str(), result.error.value.c_str(),
                   result.error.bound.c_str());
    }

    CommandResult send(CommandBody body) { return engine.apply({now, std::move(body)}, happened); }
    void to(std::string_view moment)
    {
        now = vietnam(moment);
        send(Tick{});
        QCOMPARE(engine.checkInvariants(), std::string());
    }
    Uuid newId() { return uuid7(now, 7, ++ids); }
    InstrumentIndex symbol(std::string_view name) const
    {
        for (const Instrument &instrument : engine.exchange().instruments()) {
            if (instrument.symbol == name)
                return instrument.index;
        }
        qFatal("no symbol %s", std::string(name).c_str());
    }
    /// An account with plenty of cash and shares of everything.
    AccountNo account(bool foreign = false)
    {
        const AccountNo no = bareAccount(foreign);
        send(EndowCash{no, "VND", Money(1'000'000'000'000)});
        for (const Instrument &instrument : engine.exchange().instruments())
            send(EndowSecurities{no, instrument.index, Quantity(10'000'000), Price(10'000)});
        return no;
    }
    AccountNo bareAccount(bool foreign = false)
    {
        const Uuid id = newId();
        const AccountNo no = send(OpenAccount{id, "a" + std::to_string(ids)}).account;
        if (foreign)
            send(SetAccountForeign{no, true});
        return no;
    }
    CommandResult order(AccountNo account, std::string_view name, Side side, OrderType type,
                        std::int64_t quantity, std::optional<std::int64_t> price = {},
                        bool queue = false)
    {
        PlaceOrder place;
        place.account = account;
        place.id = newId();
        place.instrument = symbol(name);
        place.side = side;
        place.type = type;
        place.quantity = Quantity(quantity);
        if (price)
            place.price = Price(*price);
        place.queue = queue;
        return send(std::move(place));
    }
    CommandResult buy(AccountNo account, std::string_view name, std::int64_t quantity,
                      std::int64_t price)
    {
        return order(account, name, Side::Buy, OrderType::LO, quantity, price);
    }
    CommandResult sell(AccountNo account, std::string_view name, std::int64_t quantity,
                       std::int64_t price)
    {
        return order(account, name, Side::Sell, OrderType::LO, quantity, price);
    }
    CommandResult cancel(const CommandResult &placed)
    {
        return send(CancelOrder{placed.order->account, placed.order->id});
    }
    CommandResult amend(const CommandResult &placed, std::optional<std::int64_t> price,
                        std::optional<std::int64_t> quantity)
    {
        AmendOrder amend;
        amend.account = placed.order->account;
        amend.id = placed.order->id;
        if (price)
            amend.price = Price(*price);
        if (quantity)
            amend.quantity = Quantity(*quantity);
        return send(amend);
    }
    /// The order as it was last reported.
    OrderRecord state(const CommandResult &placed) const
    {
        const auto last =
            std::find_if(happened.orders.rbegin(), happened.orders.rend(),
                         [&](const OrderRecord &order) { return order.id == placed.order->id; });
        return last == happened.orders.rend() ? OrderRecord{} : *last;
    }
    Quote quote(std::string_view name) const { return engine.exchange().quote(symbol(name)); }
    BookDepth depth(std::string_view name) const
    {
        return engine.exchange().depth(symbol(name), 10);
    }
    const Instrument &instrument(std::string_view name) const
    {
        return engine.exchange().instrument(symbol(name));
    }
    Balance cash(AccountNo account) const { return engine.balance(account, 0); }
    Position position(AccountNo account, std::string_view name) const
    {
        return engine.position(account, symbol(name));
    }
    /// The last trade's price and quantity, as "price x quantity"; empty when there was none.
    std::string lastTrade() const
    {
        if (happened.trades.empty())
            return {};
        const TradeRecord &trade = happened.trades.back();
        return std::to_string(trade.price.raw()) + " x " + std::to_string(trade.quantity.raw());
    }
    /// A second engine from this one's snapshot must be in the same state and stay so.
    void survivesRestart()
    {
        Engine restored;
        QVERIFY(restored.restore(engine.snapshot()));
        QCOMPARE(restored.stateHash(), engine.stateHash());
        QCOMPARE(restored.snapshot(), engine.snapshot());
    }
};

} // namespace khop::test
