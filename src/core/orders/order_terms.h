// SPDX-License-Identifier: GPL-3.0-or-later
// The words of an order: side, type, time in force, status; and their names in the API.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace khop {

enum class Side : std::uint8_t { Buy, Sell };
constexpr Side opposite(Side side) { return side == Side::Buy ? Side::Sell : Side::Buy; }

/// The exchange's order types. MARKET and LIMIT are SPOT's.
enum class OrderType : std::uint8_t { LO, ATO, ATC, MTL, MOK, MAK, PLO, Market, Limit };
inline constexpr int orderTypeCount = 9;

/// The name under which the order was given, where it is not the type's own (MP, MARKET_BUY, …): such
/// an order returns and filters under that name.
enum class GivenName : std::uint8_t { OwnType, MarketBuy, MarketSell, LimitBuy, LimitSell };

enum class TimeInForce : std::uint8_t { Day, GTC, GTD, IOC, FOK };

enum class OrderStatus : std::uint8_t {
    Pending,
    Queued,
    Active,
    PartiallyFilled,
    Filled,
    PendingCancel,
    PendingReplace,
    Cancelled,
    Rejected,
    Expired
};

/// Still able to trade (or to be cancelled): everything but the four final states.
constexpr bool isOpen(OrderStatus status)
{
    return status != OrderStatus::Filled && status != OrderStatus::Cancelled
           && status != OrderStatus::Rejected && status != OrderStatus::Expired;
}
/// LO, PLO, LIMIT: the types that name a price (PLO's is the close). Others are priced by the market.
constexpr bool carriesPrice(OrderType type)
{
    return type == OrderType::LO || type == OrderType::Limit;
}

std::string_view name(Side side);          // BUY SELL
std::string_view name(OrderType type);     // LO … MARKET LIMIT
std::string_view name(GivenName given);    // MARKET_BUY …; empty for OwnType
std::string_view name(TimeInForce tif);    // DAY GTC GTD IOC FOK
std::string_view name(OrderStatus status); // PENDING … EXPIRED

std::optional<OrderType> orderTypeFromName(std::string_view upperCaseName); // own names only
std::optional<TimeInForce> timeInForceFromName(std::string_view upperCaseName);
std::optional<OrderStatus> orderStatusFromName(std::string_view upperCaseName);

} // namespace khop
