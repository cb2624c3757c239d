// SPDX-License-Identifier: GPL-3.0-or-later
// Every limit with an order that just keeps to it, and the limit one unit tighter, which refuses the order.
// The engine, a desk's preview and the desk itself are asked the same.
#pragma once

#include "engine/command.h"
#include "risk/policy.h"

#include <QTest>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace khop::test {

/// Where a case plays: SSI's reference is 31,000, HPG's 29,300, FPT's 105,500, and the session is continuous.
class RiskStage
{
public:
    virtual ~RiskStage() = default;
    virtual CommandResult send(CommandBody body) = 0;
    virtual InstrumentIndex symbol(const char *name) = 0;
    virtual void pass(std::int64_t milliseconds) = 0;

    AccountNo account = 0, left = 0, right = 0;

    /// 69,000,000 dong and 1,000 SSI: with the reference 100,000,000.
    void open()
    {
        account = opened(1);
        send(EndowCash{account, "VND", Money(69'000'000)});
        shares(account, "SSI", 1'000);
        left = opened(2);
        right = opened(3);
        send(EndowCash{right, "VND", Money(1'000'000'000)});
    }
    void shares(AccountNo who, const char *name, std::int64_t quantity)
    {
        send(EndowSecurities{who, symbol(name), Quantity(quantity), {}});
    }
    PlaceOrder order(const char *name, Side side, std::int64_t quantity, std::int64_t price)
    {
        PlaceOrder place;
        place.account = account;
        place.instrument = symbol(name);
        place.side = side;
        place.type = OrderType::LO;
        place.quantity = Quantity(quantity);
        place.price = Price(price);
        return place;
    }
    void place(const char *name, Side side, std::int64_t quantity, std::int64_t price)
    {
        const CommandResult result = send(order(name, side, quantity, price));
        QVERIFY2(result.ok(), std::string(codeName(result.error.code)).c_str());
    }
    /// One trade between two others.
    void print(const char *name, std::int64_t price)
    {
        shares(left, name, 100);
        PlaceOrder sell = order(name, Side::Sell, 100, price), buy = sell;
        sell.account = left;
        buy.account = right;
        buy.side = Side::Buy;
        QVERIFY(send(sell).ok());
        QVERIFY(send(buy).ok());
    }

private:
    AccountNo opened(std::uint64_t id)
    {
        return send(OpenAccount{Uuid{0x0198'0000'0000'7000, 0x8000'0000'0000'0000 + id},
                                "risk" + std::to_string(id)})
            .account;
    }
};

struct RiskCase {
    const char *name;
    std::function<void(RiskStage &)> before;
    std::function<PlaceOrder(RiskStage &)> order;
    std::function<RiskLimits(RiskStage &, bool tighter)> limits;
    Error refusal;
};

inline std::vector<RiskCase> riskCases()
{
    const auto nothing = [](RiskStage &) {};
    const auto buySsi = [](std::int64_t quantity) {
        return [quantity](RiskStage &s) { return s.order("SSI", Side::Buy, quantity, 31'000); };
    };
    const auto every = [](auto set) {
        return [set](RiskStage &, bool tighter) {
            RiskLimits limits;
            set(limits, tighter ? 1 : 0);
            return limits;
        };
    };
    const auto ofSsi = [](auto set) {
        return [set](RiskStage &s, bool tighter) {
            RiskLimits limits;
            set(limits.symbols[s.symbol("SSI")], tighter ? 1 : 0);
            return limits;
        };
    };
    const auto someOpen = [](RiskStage &s) {
        s.place("SSI", Side::Buy, 200, 29'000);
        s.place("HPG", Side::Buy, 100, 28'000);
    };
    const auto lose = [](RiskStage &s) { // 46,500 of fees and 1,000,000 of value
        s.shares(s.left, "SSI", 1'000);
        PlaceOrder sell = s.order("SSI", Side::Sell, 1'000, 31'000);
        sell.account = s.left;
        QVERIFY(s.send(sell).ok());
        s.place("SSI", Side::Buy, 1'000, 31'000);
        s.print("SSI", 30'500);
    };
    return {
        {"order value",
         nothing,
         buySsi(100),
         every([](RiskLimits &l, int less) { l.money[0].orderValue = Money(3'100'000 - less); }),
         {Code::ORDER_VALUE_LIMIT, "quantity", "3100000", "3099999"}},
        {"order value of a symbol",
         nothing,
         buySsi(100),
         ofSsi([](SymbolLimits &l, int less) { l.orderValue = Money(3'100'000 - less); }),
         {Code::ORDER_VALUE_LIMIT, "quantity", "3100000", "3099999"}},
        {"order quantity",
         nothing,
         buySsi(1'000),
         every([](RiskLimits &l, int less) { l.every.orderQuantity = Quantity(1'000 - less); }),
         {Code::QUANTITY_ABOVE_MAXIMUM, "quantity", "1000", "999"}},
        {"order quantity of a symbol",
         nothing,
         buySsi(1'000),
         ofSsi([](SymbolLimits &l, int less) { l.orderQuantity = Quantity(1'000 - less); }),
         {Code::QUANTITY_ABOVE_MAXIMUM, "quantity", "1000", "999"}},
        {"collar above",
         nothing,
         [](RiskStage &s) { return s.order("SSI", Side::Buy, 100, 31'500); },
         every([](RiskLimits &l, int less) { l.every.priceCollar = 16'130 - less; }),
         {Code::PRICE_COLLAR, "price", "31500", "31499"}},
        {"collar below",
         nothing,
         [](RiskStage &s) { return s.order("SSI", Side::Sell, 100, 30'500); },
         ofSsi([](SymbolLimits &l, int less) { l.priceCollar = 16'130 - less; }),
         {Code::PRICE_COLLAR, "price", "30500", "30501"}},
        {"collar from the last price",
         [](RiskStage &s) { s.print("SSI", 30'000); },
         [](RiskStage &s) { return s.order("SSI", Side::Buy, 100, 30'600); },
         every([](RiskLimits &l, int less) { l.every.priceCollar = 20'000 - less; }),
         {Code::PRICE_COLLAR, "price", "30600", "30599"}},
        {"position",
         someOpen,
         buySsi(300), // owned 1,000 and 200 being bought
         every([](RiskLimits &l, int less) { l.every.position = Quantity(1'500 - less); }),
         {Code::POSITION_LIMIT, "quantity", "1500", "1499"}},
        {"position in a symbol",
         someOpen,
         buySsi(300),
         ofSsi([](SymbolLimits &l, int less) { l.position = Quantity(1'500 - less); }),
         {Code::POSITION_LIMIT, "quantity", "1500", "1499"}},
        {"symbols held",
         someOpen,
         [](RiskStage &s) { return s.order("FPT", Side::Buy, 100, 100'000); },
         every([](RiskLimits &l, int less) { l.positionCount = 3 - less; }),
         {Code::POSITION_COUNT_LIMIT, "symbol", "3", "2"}},
        {"concentration",
         nothing,
         buySsi(100), // 34,100,000 of 100,000,000
         every([](RiskLimits &l, int less) { l.every.concentration = 341'000 - less; }),
         {Code::CONCENTRATION_LIMIT, "quantity", "34.1%", "34.0999%"}},
        {"concentration, rounded up",
         [](RiskStage &s) { s.print("SSI", 31'050); },
         buySsi(100), // 34,155,000 of 100,050,000
         every([](RiskLimits &l, int less) { l.every.concentration = 341'380 - less; }),
         {Code::CONCENTRATION_LIMIT, "quantity", "34.138%", "34.1379%"}},
        {"concentration in a symbol",
         someOpen,
         buySsi(100), // 1,300 of them
         ofSsi([](SymbolLimits &l, int less) { l.concentration = 403'000 - less; }),
         {Code::CONCENTRATION_LIMIT, "quantity", "40.3%", "40.2999%"}},
        {"open orders",
         someOpen,
         buySsi(100),
         every([](RiskLimits &l, int less) { l.openOrders = 3 - less; }),
         {Code::OPEN_ORDER_LIMIT, "account_id", "3", "2"}},
        {"daily loss",
         lose,
         buySsi(100),
         every([](RiskLimits &l, int less) { l.money[0].dailyLoss = Money(1'046'501 - less); }),
         {Code::DAILY_LOSS_LIMIT, "side", "1046500", "1046500"}},
    };
}

} // namespace khop::test
