// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the money in the market rules: fees and taxes per exchange, exchange rates, interest. A table may be
// one for all days or a list of tables with the day from which each is in force; lists ascend, so that two
// never hold on the same day.
#include "market/rules_tree.h"

#include "base/decimal.h"
#include "base/json_fields.h"

#include <algorithm>

namespace khop {

namespace {

constexpr int ppmScale = 6;
constexpr std::int64_t million = 1'000'000;
constexpr std::size_t mostTables = 100;
constexpr std::size_t mostTiers = 16;
constexpr std::size_t mostFxRates = 5'000;
constexpr std::int64_t highestFxRate = 1'000'000'000 * million;    // base units for one
constexpr std::int64_t highestTier = 1'000'000'000'000'000;        // smallest units
constexpr std::int64_t highestCustody = 1'000'000 * million;       // units a month
constexpr std::int64_t highestPar = 1'000'000'000;                 // smallest units of the currency
constexpr std::int64_t highestFee = 100'000, highestTax = 500'000; // 10 %, 50 %

class MoneyRulesReader final : public JsonFields
{
public:
    explicit MoneyRulesReader(MarketRules &rules) : m_rules(rules) {}
    void read(const JsonValue &root);

private:
    using Node = JsonNode;

    std::string exampleAt(std::string_view path) const override { return shippedValueAt(path); }
    bool list(const Node &node, std::size_t most, std::string bound);
    std::uint16_t currency(const Node &node);
    Date dayAfter(const Node &node, std::optional<Date> before);
    void readRates(const Node &node, ExchangeRules &exchange);
    Rates rates(const Node &node, bool dated, int scale);
    std::vector<FeeTier> tiers(const Node &node, int scale);
    void readFx(const Node &node);
    void readCash(const Node &node);

    MarketRules &m_rules;
};

bool MoneyRulesReader::list(const Node &node, std::size_t most, std::string bound)
{
    if (!expect(node, JsonValue::Kind::Array, std::move(bound)))
        return false;
    const std::size_t size = node.value->items.size();
    if (size > most)
        complain(node.path, std::to_string(size), "<= " + std::to_string(most));
    return size <= most;
}

std::uint16_t MoneyRulesReader::currency(const Node &node)
{
    const auto known = std::ranges::find(m_rules.currencies, textOf(node), &Currency::code);
    if (known == m_rules.currencies.end()) {
        complain(node, alternatives(m_rules.currencies, [](const Currency &c) { return c.code; }));
        return 0;
    }
    return static_cast<std::uint16_t>(known - m_rules.currencies.begin());
}

/// The day of a table that follows one of another day.
Date MoneyRulesReader::dayAfter(const Node &node, std::optional<Date> before)
{
    const Date day = date(node);
    if (before && day <= *before)
        complain(node, "> " + isoDate(*before));
    return day;
}

std::vector<FeeTier> MoneyRulesReader::tiers(const Node &node, int scale)
{
    std::vector<FeeTier> tiers;
    if (!list(node, mostTiers, "[{\"above\": …, \"fee\": …}]"))
        return tiers;
    for (std::size_t i = 0; i < node.value->items.size(); ++i) {
        const Node item = node.item(i);
        FeeTier tier;
        if (!object(item, {"above", "fee"}))
            continue;
        const std::int64_t least = tiers.empty() ? 1 : tiers.back().above.raw() + 1;
        with(item, "above",
             [&](const Node &n) { tier.above = Money(decimal(n, scale, least, highestTier)); });
        with(item, "fee", [&](const Node &n) { tier.fee = decimal(n, ppmScale, 0, highestFee); });
        tiers.push_back(tier);
    }
    return tiers;
}

Rates MoneyRulesReader::rates(const Node &node, bool dated, int scale)
{
    Rates rates;
    if (dated ? !object(node, {"from", "fee", "exchange_fee", "sell_tax", "dividend_tax",
                               "par_value", "custody", "tiers"})
              : !object(node, {"fee", "exchange_fee", "sell_tax", "dividend_tax", "par_value",
                               "custody", "tiers"}))
        return rates;
    with(node, "fee", [&](const Node &n) { rates.fee = decimal(n, ppmScale, 0, highestFee); });
    with(node, "sell_tax",
         [&](const Node &n) { rates.sellTax = decimal(n, ppmScale, 0, highestTax); });
    if (const auto part = member(node, "exchange_fee", false))
        rates.exchangeFee = decimal(*part, ppmScale, 0, highestFee);
    if (const auto tax = member(node, "dividend_tax", false))
        rates.dividendTax = decimal(*tax, ppmScale, 0, million);
    if (const auto par = member(node, "par_value", false))
        rates.parValue = Money(decimal(*par, scale, 0, highestPar));
    if (const auto custody = member(node, "custody", false))
        rates.custody = decimal(*custody, ppmScale, 0, highestCustody);
    if (const auto steps = member(node, "tiers", false))
        rates.tiers = tiers(*steps, scale);
    return rates;
}

void MoneyRulesReader::readRates(const Node &node, ExchangeRules &exchange)
{
    const int scale = m_rules.currencyScale(exchange.currency);
    if (node.value->kind != JsonValue::Kind::Array) {
        exchange.rates = rates(node, false, scale);
        return;
    }
    if (!list(node, mostTables, "[…]"))
        return;
    exchange.laterRates.clear();
    std::optional<Date> before;
    for (std::size_t i = 0; i < node.value->items.size(); ++i) {
        const Node item = node.item(i);
        Rates table = rates(item, true, scale);
        if (item.value->kind != JsonValue::Kind::Object)
            return;
        with(item, "from", [&](const Node &n) {
            table.from = dayAfter(n, before);
            if (!before && table.from > m_rules.effectiveFrom)
                complain(n, "<= " + isoDate(m_rules.effectiveFrom));
        });
        before = table.from;
        if (i == 0)
            exchange.rates = std::move(table);
        else
            exchange.laterRates.push_back(std::move(table));
    }
    if (!before)
        complain(node, "[{\"from\": …, \"fee\": …, \"sell_tax\": …}]");
}

void MoneyRulesReader::readFx(const Node &node)
{
    if (!object(node, {"base", "spread", "rates"}))
        return;
    FxRules &fx = m_rules.fx;
    with(node, "base", [&](const Node &n) { fx.base = currency(n); });
    with(node, "spread", [&](const Node &n) { fx.spread = decimal(n, ppmScale, 0, million / 2); });
    with(node, "rates", [&](const Node &rates) {
        if (!list(rates, mostFxRates, "[{\"currency\": …, \"from\": …, \"rate\": …}]"))
            return;
        for (std::size_t i = 0; i < rates.value->items.size(); ++i) {
            const Node item = rates.item(i);
            FxRate rate;
            if (!object(item, {"currency", "from", "rate"}))
                return;
            with(item, "currency", [&](const Node &n) {
                rate.currency = currency(n);
                if (rate.currency == fx.base)
                    complain(n, "!= " + m_rules.currencies[fx.base].code);
            });
            std::optional<Date> before;
            for (const FxRate &earlier : fx.rates) {
                if (earlier.currency == rate.currency)
                    before = earlier.from;
            }
            with(item, "from", [&](const Node &n) { rate.from = dayAfter(n, before); });
            with(item, "rate",
                 [&](const Node &n) { rate.rate = decimal(n, ppmScale, 1, highestFxRate); });
            fx.rates.push_back(rate);
        }
    });
    std::ranges::stable_sort(fx.rates, {}, &FxRate::currency);
}

void MoneyRulesReader::readCash(const Node &node)
{
    if (!list(node, mostTables,
              "[{\"currency\": …, \"from\": …, \"advance_fee\": …, \"interest\": …}]"))
        return;
    for (std::size_t i = 0; i < node.value->items.size(); ++i) {
        const Node item = node.item(i);
        CashRates rates;
        if (!object(item, {"currency", "from", "advance_fee", "interest"}))
            return;
        with(item, "currency", [&](const Node &n) { rates.currency = currency(n); });
        std::optional<Date> before;
        for (const CashRates &earlier : m_rules.cash) {
            if (earlier.currency == rates.currency)
                before = earlier.from;
        }
        with(item, "from", [&](const Node &n) { rates.from = dayAfter(n, before); });
        with(item, "advance_fee",
             [&](const Node &n) { rates.advanceFee = decimal(n, ppmScale, 0, highestFee); });
        with(item, "interest",
             [&](const Node &n) { rates.interest = decimal(n, ppmScale, 0, million); });
        m_rules.cash.push_back(rates);
    }
}

void MoneyRulesReader::read(const JsonValue &root)
{
    const Node tree{&root, {}};
    with(tree, "exchanges", [&](const Node &exchanges) {
        for (ExchangeRules &exchange : m_rules.exchanges) {
            with(exchanges, name(exchange.exchange), [&](const Node &node) {
                with(node, "rates", [&](const Node &n) { readRates(n, exchange); });
            });
        }
    });
    if (const auto fx = member(tree, "fx", false))
        readFx(*fx);
    if (const auto cash = member(tree, "cash", false))
        readCash(*cash);
}

} // namespace

std::optional<Error> readMoneyRules(const JsonValue &tree, MarketRules &rules)
{
    MoneyRulesReader reader(rules);
    reader.read(tree);
    return reader.error();
}

} // namespace khop
