// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/what_if.h"

#include "ledger/fees.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::size_t mostTrades = 1'000;
constexpr std::int64_t million = 1'000'000;

std::unexpected<Error> at(const std::string &place, Error error)
{
    error.field = place + '.' + error.field;
    return std::unexpected(std::move(error));
}

Result<void> checkPrice(InstrumentIndex instrument, Price price, const PortfolioMarket &market)
{
    if (instrument >= market.listings.size())
        return refuse(Code::INSTRUMENT_UNKNOWN, "instrument", std::to_string(instrument));
    if (price <= Price{})
        return refuse(Code::INVALID_PRICE, "price", std::to_string(price.raw()), "above 0");
    return {};
}

Result<PortfolioTrade> tradeOf(const WhatIfTrade &what, const PortfolioMarket &market)
{
    if (const auto checked = checkPrice(what.instrument, what.price, market); !checked)
        return std::unexpected(checked.error());
    if (what.quantity <= Quantity{})
        return refuse(Code::INVALID_QUANTITY, "quantity", std::to_string(what.quantity.raw()), "1");
    const PortfolioListing &listing = market.listings[what.instrument];
    const auto value = worth(listing, what.price, what.quantity);
    if (!value)
        return refuse(Code::VALIDATION_ERROR, "quantity", std::to_string(what.quantity.raw()),
                      "worth at most " + std::to_string(std::numeric_limits<std::int64_t>::max()));
    const Money tax = what.side == Side::Sell ? portion(*value, what.rates.sellTax) : Money{};
    return PortfolioTrade{what.instrument,
                          listing.currency,
                          what.side,
                          what.quantity,
                          what.price,
                          *value,
                          commission(what.rates, *value),
                          tax};
}

Price changed(Price price, std::int64_t partsPerMillion)
{
    const auto moved = mulDiv(price.raw(), million + partsPerMillion, million, Rounding::HalfUp);
    return Price(moved.value_or(price.raw()));
}

Result<std::vector<ValuationPrice>> pricesOf(const Valuation &now, const Portfolio &portfolio,
                                             const WhatIf &what)
{
    std::vector<ValuationPrice> prices = now.prices();
    if (what.allPrices < -million || what.allPrices > 1'000 * million)
        return refuse(Code::VALIDATION_ERROR, "all_prices", std::to_string(what.allPrices),
                      std::to_string(-million) + " … " + std::to_string(1'000 * million));
    for (std::size_t i = 0; what.allPrices != 0 && i < prices.size(); ++i) {
        const Portfolio::Holding *const holding = portfolio.find(static_cast<InstrumentIndex>(i));
        Price &last = prices[i].last;
        if (last.isZero())
            last = !prices[i].reference.isZero() ? prices[i].reference
                   : holding                     ? holding->mark
                                                 : Price{};
        // at -100 % the least there is: 0 would mean that there is no price
        last = last.isZero() ? last : std::max(changed(last, what.allPrices), Price(1));
    }
    for (std::size_t i = 0; i < what.prices.size(); ++i) {
        const auto &[instrument, price] = what.prices[i];
        if (const auto checked = checkPrice(instrument, price, *now.market()); !checked)
            return at("prices[" + std::to_string(i) + ']', checked.error());
        prices[instrument].last = price;
    }
    return prices;
}

} // namespace

Result<WhatIfOutcome> whatIf(const Portfolio &portfolio, const Valuation &now, const WhatIf &what)
{
    if (what.trades.size() > mostTrades)
        return refuse(Code::VALIDATION_ERROR, "trades", std::to_string(what.trades.size()),
                      "at most " + std::to_string(mostTrades));
    Portfolio after = portfolio;
    for (std::size_t i = 0; i < what.trades.size(); ++i) {
        const std::string place = "trades[" + std::to_string(i) + ']';
        const auto trade = tradeOf(what.trades[i], *now.market());
        if (!trade)
            return at(place, trade.error());
        if (const auto applied = after.apply({now.today(), *trade}); !applied)
            return at(place, applied.error());
    }
    auto prices = pricesOf(now, after, what);
    if (!prices)
        return std::unexpected(prices.error());
    auto valuation =
        Valuation::of(after, now.market(), std::move(*prices), now.today(), now.receivables());
    if (!valuation)
        return std::unexpected(valuation.error());
    return WhatIfOutcome{std::move(after), std::move(*valuation)};
}

} // namespace khop
