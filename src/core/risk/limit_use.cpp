// SPDX-License-Identifier: GPL-3.0-or-later
#include "risk/limit_use.h"

#include <array>
#include <set>

namespace khop {

namespace {

struct Known {
    std::string_view name;
    Code code;
};

constexpr std::array known{
    Known{"order_value", Code::ORDER_VALUE_LIMIT},
    Known{"order_quantity", Code::QUANTITY_ABOVE_MAXIMUM},
    Known{"price_collar", Code::PRICE_COLLAR},
    Known{"position", Code::POSITION_LIMIT},
    Known{"concentration", Code::CONCENTRATION_LIMIT},
    Known{"position_count", Code::POSITION_COUNT_LIMIT},
    Known{"open_orders", Code::OPEN_ORDER_LIMIT},
    Known{"order_rate", Code::ORDER_RATE_LIMIT},
    Known{"duplicate_window_ms", Code::DUPLICATE_ORDER},
    Known{"daily_loss", Code::DAILY_LOSS_LIMIT},
    Known{"restricted", Code::RESTRICTED_INSTRUMENT},
};

/// What concerns the account as a whole.
void addOfAccount(std::vector<LimitUse> &uses, const RiskPolicy &policy, const RiskAsker &asker,
                  const RiskAccount &state, const RiskMarket &market)
{
    const RiskLimits none;
    const RiskLimits *const own = policy.limitsOf(asker.account);
    const RiskLimits &mine = own ? *own : none;
    const RiskLimits &house = policy.house;
    const auto count = mine.positionCount ? mine.positionCount : house.positionCount;
    const auto open = mine.openOrders ? mine.openOrders : house.openOrders;
    const auto rate = mine.rate ? mine.rate : house.rate;
    const auto window = mine.duplicateWindow ? mine.duplicateWindow : house.duplicateWindow;
    if (count)
        uses.push_back({RiskLimit::PositionCount, {}, {}, symbolsOf(state), count, {}});
    if (open)
        uses.push_back(
            {RiskLimit::OpenOrders, {}, {}, static_cast<std::int64_t>(asker.openOrders), open, {}});
    if (rate) {
        const RecentOrders *const recent = asker.recent();
        uses.push_back({RiskLimit::OrderRate,
                        {},
                        {},
                        recent ? ordersWithin(*recent, asker.now, rate->window) : 0,
                        rate->orders,
                        rate->window});
    }
    if (window)
        uses.push_back({RiskLimit::DuplicateWindow, {}, {}, {}, window, {}});
    for (std::size_t at = 0; at < market.rules.currencies.size(); ++at) {
        const auto currency = static_cast<std::uint16_t>(at);
        const auto moneyOf = [currency](const RiskLimits &limits) {
            const auto found = limits.money.find(currency);
            return found == limits.money.end() ? MoneyLimits{} : found->second;
        };
        const MoneyLimits first = moneyOf(mine), second = moneyOf(house);
        const auto value = first.orderValue ? first.orderValue : second.orderValue;
        const auto loss = first.dailyLoss ? first.dailyLoss : second.dailyLoss;
        if (value)
            uses.push_back({RiskLimit::OrderValue, {}, currency, {}, value->raw(), {}});
        if (loss)
            uses.push_back({RiskLimit::DailyLoss,
                            {},
                            currency,
                            std::max(Money{}, lossToday(state, currency, market)).raw(),
                            loss->raw(),
                            {}});
    }
}

/// What concerns every single instrument alike.
void addOfEvery(std::vector<LimitUse> &uses, const SymbolLimits &own, const SymbolLimits &house)
{
    const auto add = [&uses](RiskLimit limit, const auto &mine, const auto &all) {
        const auto &value = mine ? mine : all;
        if (!value)
            return;
        if constexpr (requires { value->raw(); })
            uses.push_back({limit, {}, {}, {}, value->raw(), {}});
        else
            uses.push_back({limit, {}, {}, {}, *value, {}});
    };
    add(RiskLimit::OrderQuantity, own.orderQuantity, house.orderQuantity);
    add(RiskLimit::PriceCollar, own.priceCollar, house.priceCollar);
    add(RiskLimit::Position, own.position, house.position);
    add(RiskLimit::Concentration, own.concentration, house.concentration);
}

void addOfSymbol(std::vector<LimitUse> &uses, const Instrument &instrument,
                 const RiskPolicy &policy, const RiskAsker &asker, const RiskAccount &state,
                 const RiskMarket &market)
{
    const std::uint16_t currency = currencyIndex(market.rules, instrument.currency);
    const InstrumentIndex i = instrument.index;
    const LimitsInForce limits =
        limitsInForce(policy.house, policy.limitsOf(asker.account), instrument, currency);
    const SymbolLimits &symbol = limits.symbol;
    const Quantity exposed = ownedOf(state, i) + buyingOf(state, i);
    if (symbol.restricted)
        uses.push_back({RiskLimit::Restricted, i, {}, {}, {}, {}});
    if (symbol.orderValue)
        uses.push_back({RiskLimit::OrderValue, i, currency, {}, symbol.orderValue->raw(), {}});
    if (symbol.orderQuantity)
        uses.push_back({RiskLimit::OrderQuantity, i, {}, {}, symbol.orderQuantity->raw(), {}});
    if (symbol.priceCollar)
        uses.push_back({RiskLimit::PriceCollar, i, {}, {}, symbol.priceCollar, {}});
    if (symbol.position)
        uses.push_back({RiskLimit::Position, i, {}, exposed.raw(), symbol.position->raw(), {}});
    if (symbol.concentration)
        uses.push_back({RiskLimit::Concentration,
                        i,
                        {},
                        shareOf(state, i, exposed, market),
                        symbol.concentration,
                        {}});
}

} // namespace

std::string_view name(RiskLimit limit) { return known[static_cast<std::size_t>(limit)].name; }
Code codeOf(RiskLimit limit) { return known[static_cast<std::size_t>(limit)].code; }

std::vector<LimitUse> limitUse(const RiskPolicy &policy, const RiskAsker &asker,
                               const RiskMarket &market)
{
    std::vector<LimitUse> uses;
    const RiskAccount state = asker.state();
    const RiskLimits *const own = policy.limitsOf(asker.account);
    addOfAccount(uses, policy, asker, state, market);
    addOfEvery(uses, own ? own->every : SymbolLimits{}, policy.house.every);
    std::set<InstrumentIndex> symbols;
    for (const RiskLimits *limits : {&policy.house, own}) {
        if (!limits)
            continue;
        for (const auto &[instrument, ignored] : limits->symbols)
            symbols.insert(instrument);
    }
    for (const auto &[instrument, ignored] : state.buying)
        symbols.insert(instrument);
    for (const HeldSymbol &symbol : state.held) {
        if (!symbol.owned.isZero())
            symbols.insert(symbol.instrument);
    }
    for (const InstrumentIndex instrument : symbols)
        addOfSymbol(uses, market.instruments[instrument], policy, asker, state, market);
    return uses;
}

} // namespace khop
