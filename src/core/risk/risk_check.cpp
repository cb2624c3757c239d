// SPDX-License-Identifier: GPL-3.0-or-later
#include "risk/risk_check.h"

#include "base/decimal.h"
#include "base/wide.h"
#include "ledger/notional.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

using Refusal = std::optional<Error>;

constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

std::int64_t narrowed(Int128 value)
{
    if (value > Int128(greatest))
        return greatest;
    return value < Int128(-greatest) ? -greatest : static_cast<std::int64_t>(value);
}

std::string percent(std::int64_t ppm) { return formatDecimal(ppm, 4, true) + "%"; }

/// One order and everything its limits are compared with.
class Check
{
public:
    Check(const RiskOrder &order, const RiskPolicy &policy, const RiskAsker &asker,
          const RiskMarket &market)
        : m_order(order)
        , m_asker(asker)
        , m_market(market)
        , m_instrument(market.instruments[order.instrument])
        , m_currency(currencyIndex(market.rules, m_instrument.currency))
        , m_scale(market.rules.currencyScale(m_instrument.currency))
        , m_limits(
              limitsInForce(policy.house, policy.limitsOf(asker.account), m_instrument, m_currency))
    {}

    Refusal restricted() const
    {
        if (!m_limits.symbol.restricted || m_order.onlyReduces())
            return std::nullopt;
        return Error{Code::RESTRICTED_INSTRUMENT, "symbol", m_instrument.symbol};
    }
    Refusal quantity() const
    {
        const auto &limit = m_limits.symbol.orderQuantity;
        if (!limit || !m_order.asksMore() || m_order.terms.quantity <= *limit)
            return std::nullopt;
        return Error{Code::QUANTITY_ABOVE_MAXIMUM, "quantity", text(m_order.terms.quantity),
                     text(*limit)};
    }
    Refusal value() const
    {
        const auto &limit = m_limits.symbol.orderValue;
        if (!limit)
            return std::nullopt;
        const auto value = valueOf(m_order.terms);
        if (value && *value <= *limit)
            return std::nullopt;
        if (m_order.before) {
            const auto before = valueOf(*m_order.before);
            if (!before || (value && *value <= *before))
                return std::nullopt;
        }
        return Error{Code::ORDER_VALUE_LIMIT, "quantity", text(value.value_or(Money(greatest))),
                     text(*limit)};
    }
    Refusal collar() const
    {
        const auto &limit = m_limits.symbol.priceCollar;
        if (!limit || !m_order.terms.price || !m_order.paysMore())
            return std::nullopt;
        const bool buys = m_order.side == Side::Buy;
        const std::int64_t last = m_market.last(m_order.instrument).raw();
        const auto bound = mulDiv(last, buys ? wholePpm + *limit : wholePpm - *limit, wholePpm,
                                  buys ? Rounding::Down : Rounding::Up);
        const Price edge(bound.value_or(greatest));
        const Price price = *m_order.terms.price;
        if (buys ? price <= edge : price >= edge)
            return std::nullopt;
        return Error{Code::PRICE_COLLAR, "price", text(price), text(edge)};
    }
    Refusal openOrders() const
    {
        const auto after = static_cast<std::int64_t>(m_asker.openOrders + m_order.orders);
        if (!m_limits.openOrders || after <= *m_limits.openOrders)
            return std::nullopt;
        return Error{Code::OPEN_ORDER_LIMIT, "account_id", std::to_string(after),
                     std::to_string(*m_limits.openOrders)};
    }
    Refusal pace() const
    {
        const RecentOrders *const recent = m_limits.lookAtPace() ? m_asker.recent() : nullptr;
        if (!recent)
            return std::nullopt;
        if (m_limits.rate) {
            const std::int64_t count =
                ordersWithin(*recent, m_asker.now, m_limits.rate->window) + 1;
            if (count > m_limits.rate->orders)
                return Error{Code::ORDER_RATE_LIMIT, "account_id", std::to_string(count),
                             std::to_string(m_limits.rate->orders)};
        }
        if (!m_limits.duplicateWindow)
            return std::nullopt;
        const RecentOrder same{m_asker.now,         m_order.instrument,     m_order.side,
                               m_order.terms.price, m_order.terms.quantity, m_order.condition};
        for (auto it = recent->rbegin(); it != recent->rend(); ++it) {
            const std::int64_t ago = m_asker.now - it->at;
            if (ago >= *m_limits.duplicateWindow)
                break;
            if (it->isSame(same))
                return Error{Code::DUPLICATE_ORDER, "symbol", std::to_string(ago),
                             std::to_string(*m_limits.duplicateWindow)};
        }
        return std::nullopt;
    }
    /// Only buys add to what an account owns.
    Refusal account() const
    {
        const bool adds = m_order.side == Side::Buy && (!m_order.more.isZero() || paysMoreInAll());
        if (!adds || !m_limits.lookAtAccount())
            return std::nullopt;
        const RiskAccount state = m_asker.state();
        Refusal refusal;
        if (!m_order.more.isZero()) {
            refusal = position(state);
            if (!refusal)
                refusal = positionCount(state);
            if (!refusal)
                refusal = concentration(state);
        }
        return refusal ? refusal : dailyLoss(state);
    }

private:
    bool paysMoreInAll() const { return m_order.asksMore() || m_order.worsensPrice(); }
    std::string text(Quantity quantity) const
    {
        return formatDecimal(quantity.raw(), m_instrument.quantityScale, true);
    }
    std::string text(Price price) const
    {
        return formatDecimal(price.raw(), m_instrument.priceScale);
    }
    std::string text(Money money) const { return formatDecimal(money.raw(), m_scale); }

    /// At the limit; without one a buy at the worst price, a sell at the last.
    std::optional<Money> valueOf(const RiskOrder::Terms &terms) const
    {
        const Price price = terms.price                 ? *terms.price
                            : m_order.side == Side::Buy ? m_order.worst
                                                        : m_market.last(m_order.instrument);
        return notional(m_instrument, m_scale, price, terms.quantity, Rounding::Up);
    }
    Quantity exposure(const RiskAccount &state) const
    {
        const Int128 sum = Int128(ownedOf(state, m_order.instrument).raw())
                           + buyingOf(state, m_order.instrument).raw() + m_order.more.raw();
        return Quantity(narrowed(sum));
    }
    Refusal position(const RiskAccount &state) const
    {
        const auto &limit = m_limits.symbol.position;
        if (!limit || exposure(state) <= *limit)
            return std::nullopt;
        return Error{Code::POSITION_LIMIT, "quantity", text(exposure(state)), text(*limit)};
    }
    Refusal positionCount(const RiskAccount &state) const
    {
        const auto &limit = m_limits.positionCount;
        if (!limit)
            return std::nullopt;
        const std::int64_t after = symbolsOf(state, m_order.instrument);
        if (after <= *limit || after == symbolsOf(state)) // one it has already
            return std::nullopt;
        return Error{Code::POSITION_COUNT_LIMIT, "symbol", std::to_string(after),
                     std::to_string(*limit)};
    }
    Refusal concentration(const RiskAccount &state) const
    {
        const auto &limit = m_limits.symbol.concentration;
        if (!limit)
            return std::nullopt;
        const std::int64_t share = shareOf(state, m_order.instrument, exposure(state), m_market);
        if (share <= *limit)
            return std::nullopt;
        return Error{Code::CONCENTRATION_LIMIT, "quantity", percent(share), percent(*limit)};
    }
    Refusal dailyLoss(const RiskAccount &state) const
    {
        if (!m_limits.dailyLoss)
            return std::nullopt;
        const Money loss = lossToday(state, m_currency, m_market);
        if (loss < *m_limits.dailyLoss)
            return std::nullopt;
        return Error{Code::DAILY_LOSS_LIMIT, "side", text(loss), text(*m_limits.dailyLoss)};
    }

    const RiskOrder &m_order;
    const RiskAsker &m_asker;
    const RiskMarket &m_market;
    const Instrument &m_instrument;
    std::uint16_t m_currency;
    int m_scale;
    LimitsInForce m_limits;
};

} // namespace

bool RiskOrder::worsensPrice() const
{
    if (!before || !terms.price || !before->price)
        return false;
    return side == Side::Buy ? *terms.price > *before->price : *terms.price < *before->price;
}

std::optional<Error> checkRisk(const RiskOrder &order, RiskMoment moment, const RiskPolicy &policy,
                               const RiskAsker &asker, const RiskMarket &market)
{
    if (const std::string *const why = policy.killed(asker.account); why && !order.onlyReduces())
        return Error{Code::KILL_SWITCH, "account_id", *why};
    const Check check(order, policy, asker, market);
    const bool entry =
        (moment == RiskMoment::Entry || moment == RiskMoment::Conditional) && !order.before;
    const bool priced = moment != RiskMoment::Conditional;
    Refusal refusal = check.restricted();
    if (!refusal)
        refusal = check.quantity();
    if (!refusal && priced)
        refusal = check.value();
    if (!refusal && priced && moment != RiskMoment::Deal)
        refusal = check.collar();
    if (!refusal && entry)
        refusal = check.openOrders();
    if (!refusal && entry)
        refusal = check.pace();
    if (!refusal && priced)
        refusal = check.account();
    return refusal;
}

Money marketValue(InstrumentIndex index, Quantity quantity, const RiskMarket &market)
{
    const Instrument &instrument = market.instruments[index];
    return notional(instrument, market.rules.currencyScale(instrument.currency), market.last(index),
                    quantity, Rounding::Down)
        .value_or(Money(greatest));
}

std::map<std::uint16_t, Money> results(const std::vector<HeldSymbol> &held,
                                       const RiskMarket &market)
{
    std::map<std::uint16_t, Int128> sums;
    for (const HeldSymbol &symbol : held) {
        const Instrument &instrument = market.instruments[symbol.instrument];
        const Money value =
            symbol.owned.isZero() ? Money{} : marketValue(symbol.instrument, symbol.owned, market);
        sums[currencyIndex(market.rules, instrument.currency)] +=
            Int128(symbol.realized.raw()) + value.raw() - symbol.cost.raw();
    }
    std::map<std::uint16_t, Money> results;
    for (const auto &[currency, sum] : sums)
        results[currency] = Money(narrowed(sum));
    return results;
}

Money lossToday(const RiskAccount &account, std::uint16_t currency, const RiskMarket &market)
{
    const auto now = results(account.held, market);
    const auto found = now.find(currency);
    const auto start = account.dayStart.find(currency);
    const Int128 was = start == account.dayStart.end() ? 0 : start->second.raw();
    const Int128 is = found == now.end() ? 0 : found->second.raw();
    return Money(narrowed(was - is));
}

Money assetsIn(const RiskAccount &account, std::uint16_t currency, const RiskMarket &market)
{
    const auto cash = account.cash.find(currency);
    Int128 sum = cash == account.cash.end() ? 0 : cash->second.raw();
    for (const HeldSymbol &symbol : account.held) {
        const Instrument &instrument = market.instruments[symbol.instrument];
        if (!symbol.owned.isZero() && currencyIndex(market.rules, instrument.currency) == currency)
            sum += marketValue(symbol.instrument, symbol.owned, market).raw();
    }
    return Money(narrowed(sum));
}

Quantity ownedOf(const RiskAccount &account, InstrumentIndex instrument)
{
    const auto found = std::ranges::find(account.held, instrument, &HeldSymbol::instrument);
    return found == account.held.end() ? Quantity{} : found->owned;
}

Quantity buyingOf(const RiskAccount &account, InstrumentIndex instrument)
{
    const auto found = account.buying.find(instrument);
    return found == account.buying.end() ? Quantity{} : found->second;
}

std::int64_t symbolsOf(const RiskAccount &account, InstrumentIndex also)
{
    std::int64_t count = 0;
    bool counted = also == noInstrument;
    for (const HeldSymbol &symbol : account.held) {
        if (symbol.owned.isZero() || account.buying.contains(symbol.instrument))
            continue;
        ++count;
        counted = counted || symbol.instrument == also;
    }
    count += static_cast<std::int64_t>(account.buying.size());
    counted = counted || account.buying.contains(also);
    return count + (counted ? 0 : 1);
}

std::int64_t shareOf(const RiskAccount &account, InstrumentIndex index, Quantity quantity,
                     const RiskMarket &market)
{
    const Instrument &instrument = market.instruments[index];
    const Int128 value = marketValue(index, quantity, market).raw();
    const Int128 assets =
        assetsIn(account, currencyIndex(market.rules, instrument.currency), market).raw();
    if (value <= 0)
        return 0;
    if (assets <= 0)
        return mostLimitUnits; // of nothing
    const Int128 share = (value * wholePpm + assets - 1) / assets;
    return std::min(narrowed(share), mostLimitUnits);
}

std::int64_t ordersWithin(const RecentOrders &recent, Time now, std::int64_t window)
{
    std::int64_t count = 0;
    for (auto it = recent.rbegin(); it != recent.rend() && now - it->at < window; ++it)
        ++count;
    return count;
}

} // namespace khop
