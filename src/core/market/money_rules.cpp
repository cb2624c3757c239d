// SPDX-License-Identifier: GPL-3.0-or-later
// Dated tables of the rules: which fees, taxes, exchange rates and interest a day has.
#include "market/rules.h"

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
