// SPDX-License-Identifier: GPL-3.0-or-later
// Price x quantity in money of the instrument's currency, and the parts-per-million rates on it.
#pragma once

#include "base/integers.h"
#include "base/wide.h"
#include "market/instrument.h"

#include <optional>

namespace khop {

/// The notional of an execution is rounded down once, the same for both sides (VND never needs it); the
/// notional of a hold is rounded up. So a hold covers its fills however it is cut up. Nothing when the
/// product does not fit.
inline std::optional<Money> notional(const Instrument &instrument, int currencyScale, Price price,
                                     Quantity quantity, Rounding rounding)
{
    const int shift = instrument.priceScale + instrument.quantityScale - currencyScale;
    if (shift == 0) { // VND
        const auto value = mulDiv(price.raw(), quantity.raw(), 1, rounding);
        return value ? std::optional(Money(*value)) : std::nullopt;
    }
    const auto value = shift >= 0 ? mulDiv(price.raw(), quantity.raw(), powerOfTen(shift), rounding)
                                  : mulDiv(price.raw(), quantity.raw(), 1, rounding);
    if (!value)
        return std::nullopt;
    if (shift >= 0)
        return Money(*value);
    const auto scaled = mulDiv(*value, powerOfTen(-shift), 1, rounding);
    return scaled ? std::optional(Money(*scaled)) : std::nullopt;
}

/// A rate in parts per million of a value, rounded half up to the currency's smallest unit.
inline Money portion(Money value, std::int64_t partsPerMillion)
{
    const auto part = mulDiv(value.raw(), partsPerMillion, 1'000'000, Rounding::HalfUp);
    return Money(part.value_or(0));
}

} // namespace khop
