// SPDX-License-Identifier: GPL-3.0-or-later
// What an order costs: the cash a buy must hold so that every way it can fill is paid for.
#pragma once

#include "ledger/fees.h"
#include "ledger/notional.h"
#include "market/rules.h"

#include <algorithm>

namespace khop {

/// Fee is computed on the order's cumulative value, so the need of what remains depends on what was
/// traded: N = notional(remaining at holdPrice, rounded up) + fee(traded + notional) - fee(traded).
/// Nothing when it does not fit 63 bits.
inline std::optional<Money> buyHold(const Instrument &instrument, int currencyScale,
                                    const Rates &rates, Price holdPrice, Quantity remaining,
                                    Money tradedValue)
{
    const auto value = notional(instrument, currencyScale, holdPrice, remaining, Rounding::Up);
    if (!value)
        return std::nullopt;
    const auto total = checkedAdd(tradedValue.raw(), value->raw());
    if (!total)
        return std::nullopt;
    const Money fee = commission(rates, Money(*total)) - commission(rates, tradedValue);
    const auto need = checkedAdd(value->raw(), fee.raw());
    return need ? std::optional(Money(*need)) : std::nullopt;
}

/// The tax on shares that came free of charge and are sold: income of their par value, or of the price
/// where that is less (Circular 111/2013).
inline Money incomeTaxOf(const Instrument &instrument, int currencyScale, const Rates &rates,
                         Quantity free, Price price)
{
    const Price par(rates.parValue.raw()
                    * powerOfTen(std::max(0, instrument.priceScale - currencyScale)));
    const auto income =
        notional(instrument, currencyScale, std::min(par, price), free, Rounding::Down);
    return portion(income.value_or(Money{}), rates.dividendTax);
}

/// The worst price a SPOT market order may trade at: the collar beyond the price it starts from, on a
/// valid tick inside it, which becomes its limit.
inline Price marketCollar(const Instrument &instrument, Side side, Price start,
                          std::int64_t collarPpm)
{
    const std::int64_t factor = side == Side::Buy ? 1'000'000 + collarPpm : 1'000'000 - collarPpm;
    const Price limit(
        mulDiv(start.raw(), factor, 1'000'000, Rounding::Down).value_or(instrument.ceiling.raw()));
    const Price price = side == Side::Buy ? instrument.ticks.floorToTick(limit)
                                          : instrument.ticks.ceilToTick(limit);
    return std::clamp(price, instrument.floor, instrument.ceiling);
}

} // namespace khop
