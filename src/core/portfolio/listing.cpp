// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/listing.h"

#include <algorithm>
#include <limits>

namespace khop {

std::vector<PortfolioListing> portfolioListings(const std::vector<Instrument> &instruments,
                                                const MarketRules &rules)
{
    std::vector<PortfolioListing> listings;
    listings.reserve(instruments.size());
    for (const Instrument &instrument : instruments) {
        const auto currency =
            std::ranges::find(rules.currencies, instrument.currency, &Currency::code);
        listings.push_back({instrument.symbol, instrument.exchange, instrument.sector,
                            static_cast<std::uint16_t>(currency - rules.currencies.begin()),
                            instrument.priceScale + instrument.quantityScale
                                - rules.currencyScale(instrument.currency)});
    }
    return listings;
}

std::optional<Money> Conversions::toBase(std::uint16_t currency, Money amount) const
{
    if (currency >= m_byCurrency.size() || m_byCurrency[currency] == Conversion{})
        return amount;
    if (amount.raw() == std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    const Conversion &conversion = m_byCurrency[currency];
    const bool negative = amount < Money{};
    const auto converted = mulDiv(negative ? -amount.raw() : amount.raw(), conversion.units,
                                  conversion.per, Rounding::HalfUp);
    if (!converted)
        return std::nullopt;
    return Money(negative ? -*converted : *converted);
}

} // namespace khop
