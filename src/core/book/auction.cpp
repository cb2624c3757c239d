// SPDX-License-Identifier: GPL-3.0-or-later
#include "book/auction.h"

#include <algorithm>

namespace khop {

namespace {

Price nearestTick(Price price, const TickTable &ticks)
{
    const Price below = ticks.floorToTick(price);
    const Price above = ticks.ceilToTick(price);
    return above - price < price - below ? above : below;
}

EffectivePrices krxPrices(const AuctionBook &book, const BookSpec &spec, Price base)
{
    const AuctionSide &buys = book.buys;
    const AuctionSide &sells = book.sells;
    Price buy = base;
    Price sell = base;
    if (buys.levels.empty() && sells.levels.empty()) {
        const bool twoSided = !buys.atAuction.isZero() && !sells.atAuction.isZero();
        if (twoSided && buys.atAuction > sells.atAuction)
            buy = sell = std::min(spec.ticks.up(base), spec.ceiling);
        else if (twoSided && sells.atAuction > buys.atAuction)
            buy = sell = std::max(spec.ticks.down(base), spec.floor);
    } else {
        if (!buys.levels.empty()) {
            buy = std::max(buy, std::min(spec.ticks.up(buys.levels.front().price), spec.ceiling));
            sell = std::min(sell, buys.levels.back().price);
        }
        if (!sells.levels.empty()) {
            sell =
                std::min(sell, std::max(spec.ticks.down(sells.levels.front().price), spec.floor));
            buy = std::max(buy, sells.levels.back().price);
        }
    }
    return {buy, sell};
}

/// All that wants to trade at one price.
struct Interest {
    Price price;
    Quantity buys;
    Quantity sells;
};

/// Ascending by price, each price once.
std::vector<Interest> interests(const AuctionBook &book, const EffectivePrices &effective)
{
    std::vector<Interest> all;
    all.reserve(book.buys.levels.size() + book.sells.levels.size() + 2);
    for (const AuctionLevel &level : book.buys.levels)
        all.push_back({level.price, level.quantity, {}});
    for (const AuctionLevel &level : book.sells.levels)
        all.push_back({level.price, {}, level.quantity});
    if (effective.buy)
        all.push_back({*effective.buy, book.buys.atAuction, {}});
    if (effective.sell)
        all.push_back({*effective.sell, {}, book.sells.atAuction});

    std::ranges::sort(all, {}, &Interest::price);
    std::vector<Interest> merged;
    merged.reserve(all.size());
    for (const Interest &interest : all) {
        if (merged.empty() || merged.back().price != interest.price) {
            merged.push_back(interest);
        } else {
            merged.back().buys += interest.buys;
            merged.back().sells += interest.sells;
        }
    }
    return merged;
}

} // namespace

EffectivePrices effectivePrices(const AuctionBook &book, const BookSpec &spec, Price base,
                                AtoPricing pricing)
{
    EffectivePrices prices;
    switch (pricing) {
    case AtoPricing::Krx: prices = krxPrices(book, spec, nearestTick(base, spec.ticks)); break;
    case AtoPricing::LegacyFirst: prices = {spec.ceiling, spec.floor}; break;
    }
    if (book.buys.atAuction.isZero())
        prices.buy.reset();
    if (book.sells.atAuction.isZero())
        prices.sell.reset();
    return prices;
}

Indicative determineAuction(const AuctionBook &book, const BookSpec &spec, Price base,
                            AtoPricing pricing)
{
    const bool limitOrders = !book.buys.levels.empty() || !book.sells.levels.empty();
    if (pricing == AtoPricing::LegacyFirst && !limitOrders)
        return {};

    const std::vector<Interest> all = interests(book, effectivePrices(book, spec, base, pricing));
    Quantity boughtAtOrAbove;
    for (const Interest &interest : all)
        boughtAtOrAbove += interest.buys;

    Indicative result;
    Quantity soldBelow;
    for (const Interest &interest : all) {
        const Quantity boughtAbove = boughtAtOrAbove - interest.buys;
        const Quantity soldUpTo = soldBelow + interest.sells;
        if (boughtAbove <= soldUpTo && soldBelow <= boughtAtOrAbove) {
            if (!result.low) {
                result.low = interest.price;
                result.volume = std::min(boughtAtOrAbove, soldUpTo);
            }
            result.high = interest.price;
        }
        boughtAtOrAbove = boughtAbove;
        soldBelow = soldUpTo;
    }
    if (result.volume.isZero())
        return {};

    const Price price = std::clamp(nearestTick(base, spec.ticks), *result.low, *result.high);
    result.price = price;
    Quantity surplus;
    for (const Interest &interest : all) {
        if (interest.price >= price)
            surplus += interest.buys;
        if (interest.price <= price)
            surplus -= interest.sells;
    }
    result.surplusSide = surplus < Quantity{} ? Side::Sell : Side::Buy;
    result.surplus = surplus < Quantity{} ? -surplus : surplus;
    return result;
}

} // namespace khop
