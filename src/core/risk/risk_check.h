// SPDX-License-Identifier: GPL-3.0-or-later
// Whether an order keeps to the limits in force. Pure: the engine asks with its own state, a preview with
// what is committed, and both get the same answer.
//
// Every refusal names the limit's code, the field, what the figure would be (value) and the limit (bound).
#pragma once

#include "base/result.h"
#include "orders/order_terms.h"
#include "risk/policy.h"

#include <deque>
#include <functional>
#include <map>
#include <vector>

namespace khop {

/// What is known of the market. `last`: the last price of an instrument, else its reference.
struct RiskMarket {
    const std::vector<Instrument> &instruments;
    const MarketRules &rules;
    std::function<Price(InstrumentIndex)> last;
};

/// An instrument that the account owns or has owned.
struct HeldSymbol {
    InstrumentIndex instrument = noInstrument;
    Quantity owned; // settled or not
    Money cost, realized;
};

/// What an account has, as far as limits look at it.
struct RiskAccount {
    std::vector<HeldSymbol> held;
    std::map<InstrumentIndex, Quantity> buying; // what remains of open buys
    std::map<std::uint16_t, Money> cash;        // with sale proceeds on their way, by currency
    std::map<std::uint16_t, Money> dayStart;    // result() when the day began
};

/// An accepted order, remembered for the order rate and the duplicate guard.
struct RecentOrder {
    Time at;
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    std::optional<Price> price;
    Quantity quantity;
    std::uint64_t condition = 0; // conditionHash(); 0: none

    bool isSame(const RecentOrder &other) const
    {
        return instrument == other.instrument && side == other.side && price == other.price
               && quantity == other.quantity && condition == other.condition;
    }
};
using RecentOrders = std::deque<RecentOrder>; // oldest first

/// An order, or what an amendment makes of one.
struct RiskOrder {
    struct Terms {
        Quantity quantity; // in total
        std::optional<Price> price;
    };
    InstrumentIndex instrument = noInstrument;
    Side side = Side::Buy;
    Terms terms;
    Price worst;                 // without a price: the worst it may trade at
    Quantity more;               // a buy's: by how much it adds to what the account is buying
    std::optional<Terms> before; // of an amendment
    bool otherTerms = false;     // which changes something else as well
    std::uint64_t condition = 0;
    std::size_t orders = 1; // with the child of BRACKET and IF_DONE

    bool asksMore() const { return !before || terms.quantity > before->quantity; }
    bool paysMore() const { return !before || worsensPrice(); }
    bool worsensPrice() const;
    /// An amendment that lowers the quantity and leaves the price.
    bool onlyReduces() const
    {
        return before && terms.quantity < before->quantity && terms.price == before->price
               && !otherTerms;
    }
};

enum class RiskMoment : std::uint8_t {
    Entry,       // everything
    Conditional, // entry of an order that waits for a condition: what does not depend on a price
    Sending,     // a waiting or queued order goes to the exchange: all but pace and open orders
    Amendment,   // only what gets larger or worse
    Deal         // put-through: as Sending, without the collar
};

/// Who asks. The functions are called only where a limit needs them.
struct RiskAsker {
    AccountNo account = 0;
    Time now;
    std::size_t openOrders = 0;
    std::function<RiskAccount()> state;
    std::function<const RecentOrders *()> recent; // may give null
};

std::optional<Error> checkRisk(const RiskOrder &order, RiskMoment moment, const RiskPolicy &policy,
                               const RiskAsker &asker, const RiskMarket &market);

/// At the last price, rounded down; the greatest amount where it does not fit.
Money marketValue(InstrumentIndex instrument, Quantity quantity, const RiskMarket &market);
/// Realised and unrealised profit of everything ever held, by currency.
std::map<std::uint16_t, Money> results(const std::vector<HeldSymbol> &held,
                                       const RiskMarket &market);
/// Today's loss in a currency; negative for a profit.
Money lossToday(const RiskAccount &account, std::uint16_t currency, const RiskMarket &market);
/// Cash and holdings of one currency at last prices.
Money assetsIn(const RiskAccount &account, std::uint16_t currency, const RiskMarket &market);
Quantity ownedOf(const RiskAccount &account, InstrumentIndex instrument);
Quantity buyingOf(const RiskAccount &account, InstrumentIndex instrument);
/// Symbols owned or being bought, `also` among them where it is not noInstrument.
std::int64_t symbolsOf(const RiskAccount &account, InstrumentIndex also = noInstrument);
/// The share of `quantity` of an instrument in the account's assets, in ppm, rounded up.
std::int64_t shareOf(const RiskAccount &account, InstrumentIndex instrument, Quantity quantity,
                     const RiskMarket &market);
/// Orders of the last `window` milliseconds.
std::int64_t ordersWithin(const RecentOrders &recent, Time now, std::int64_t window);

} // namespace khop
