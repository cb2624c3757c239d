// SPDX-License-Identifier: GPL-3.0-or-later
// Dated tables of the rules: which fees, taxes, exchange rates and interest a day has.
#include "market/defaults.h"
#include "market/rules.h"

#include <algorithm>

namespace khop {

const Rates &ExchangeRules::ratesOn(Date date) const
{
    const Rates *found = &rates;
    for (const Rates &later : laterRates) {
        if (later.from <= date)
            found = &later;
    }
    return *found;
}

std::optional<std::int64_t> FxRules::rateOn(std::uint16_t currency, Date date) const
{
    if (currency == base)
        return 1'000'000;
    std::optional<std::int64_t> found;
    for (const FxRate &rate : rates) {
        if (rate.currency == currency && rate.from <= date)
            found = rate.rate;
    }
    return found;
}

FxRules fxOf(const MarketRules &rules)
{
    if (!rules.fx.rates.empty())
        return rules.fx;
    static const Result<MarketRules> shipped = parseMarketRules(defaultMarketRulesText());
    FxRules fx = rules.fx;
    const auto code = [](const MarketRules &of, std::uint16_t currency) {
        return of.currencies[currency].code;
    };
    if (!shipped || code(rules, fx.base) != code(*shipped, shipped->fx.base))
        return fx;
    for (FxRate rate : shipped->fx.rates) {
        const auto same =
            std::ranges::find(rules.currencies, code(*shipped, rate.currency), &Currency::code);
        rate.currency = static_cast<std::uint16_t>(same - rules.currencies.begin());
        if (same != rules.currencies.end())
            fx.rates.push_back(rate);
    }
    return fx;
}

const CashRates *MarketRules::cashRatesOn(std::uint16_t currency, Date date) const
{
    const CashRates *found = nullptr;
    for (const CashRates &rates : cash) {
        if (rates.currency == currency && rates.from <= date)
            found = &rates;
    }
    return found;
}

} // namespace khop
