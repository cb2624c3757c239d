// SPDX-License-Identifier: GPL-3.0-or-later
// What a portfolio must know of a security to say what it is worth.
#pragma once

#include "base/integers.h"
#include "base/time.h"
#include "base/wide.h"
#include "market/rules.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace khop {

struct PortfolioListing {
    std::string symbol;
    Exchange exchange = Exchange::HOSE;
    std::string sector;
    std::uint16_t currency = 0; // index into MarketRules::currencies
    int shift = 0;              // scales of price and quantity less that of the currency
};

/// In the order of the instruments.
std::vector<PortfolioListing> portfolioListings(const std::vector<Instrument> &instruments,
                                                const MarketRules &rules);

/// What a quantity is worth, rounded half up; nothing when it does not fit. Expects both >= 0.
inline std::optional<Money> worth(const PortfolioListing &listing, Price price, Quantity quantity)
{
    const auto value = listing.shift <= 0 ? mulDiv(price.raw(), quantity.raw(), 1, Rounding::HalfUp)
                                          : mulDiv(price.raw(), quantity.raw(),
                                                   powerOfTen(listing.shift), Rounding::HalfUp);
    if (!value || listing.shift >= 0)
        return value ? std::optional(Money(*value)) : std::nullopt;
    const auto scaled = mulDiv(*value, powerOfTen(-listing.shift), 1, Rounding::HalfUp);
    return scaled ? std::optional(Money(*scaled)) : std::nullopt;
}

/// What one smallest unit of a currency is in smallest units of the base currency.
struct Conversion {
    std::int64_t units = 1; // above 0
    std::int64_t per = 1;   // above 0
    bool operator==(const Conversion &) const = default;
};

/// By currency index; a currency that is not there counts as the base currency does.
class Conversions
{
public:
    Conversions() = default;
    explicit Conversions(std::vector<Conversion> byCurrency) : m_byCurrency(std::move(byCurrency))
    {}

    /// In the base currency, rounded half away from zero; nothing when it does not fit.
    std::optional<Money> toBase(std::uint16_t currency, Money amount) const;

private:
    std::vector<Conversion> m_byCurrency;
};

/// The rates of the rules as conversions into their base currency, from their days on.
struct DatedConversions;
std::vector<DatedConversions> datedConversions(const MarketRules &rules);
/// Those in force on a day; before the first of all the first.
Conversions conversionsOn(std::span<const DatedConversions> dated, Date day);

/// What securities are and what currencies are worth: everything that is valued is valued by one.
struct PortfolioMarket {
    std::vector<PortfolioListing> listings; // by instrument
    Conversions conversions;                // now
};

/// Conversions as they were from a day on.
struct DatedConversions {
    Date from;
    Conversions conversions;
};

} // namespace khop
