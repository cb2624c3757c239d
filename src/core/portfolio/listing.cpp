// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/listing.h"

#include <algorithm>
#include <limits>
#include <set>

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

std::vector<DatedConversions> datedConversions(const MarketRules &rules)
{
    const FxRules fx = fxOf(rules);
    std::set<Date> days;
    for (const FxRate &rate : fx.rates)
        days.insert(rate.from);
    std::vector<DatedConversions> dated;
    for (const Date day : days) {
        std::vector<Conversion> byCurrency(rules.currencies.size());
        for (std::size_t i = 0; i < byCurrency.size(); ++i) {
            const auto rate = fx.rateOn(static_cast<std::uint16_t>(i), day);
            if (i == fx.base || !rate)
                continue;
            const int exponent =
                rules.currencies[fx.base].scale - rules.currencies[i].scale - fxRateScale;
            byCurrency[i] = exponent >= 0 ? Conversion{*rate * powerOfTen(exponent), 1}
                                          : Conversion{*rate, powerOfTen(-exponent)};
        }
        dated.push_back({day, Conversions(std::move(byCurrency))});
    }
    return dated;
}

Conversions conversionsOn(std::span<const DatedConversions> dated, Date day)
{
    if (dated.empty())
        return {};
    const auto after = std::ranges::upper_bound(dated, day, {}, &DatedConversions::from);
    return after == dated.begin() ? dated.front().conversions : std::prev(after)->conversions;
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
