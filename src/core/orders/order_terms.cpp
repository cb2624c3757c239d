// SPDX-License-Identifier: GPL-3.0-or-later
#include "orders/order_terms.h"

#include <array>

namespace khop {

namespace {

constexpr std::array<std::string_view, 2> sides{"BUY", "SELL"};
constexpr std::array<std::string_view, orderTypeCount> types{"LO",  "ATO", "ATC",    "MTL",  "MOK",
                                                             "MAK", "PLO", "MARKET", "LIMIT"};
constexpr std::array<std::string_view, 5> givenNames{"", "MARKET_BUY", "MARKET_SELL", "LIMIT_BUY",
                                                     "LIMIT_SELL"};
constexpr std::array<std::string_view, 5> timesInForce{"DAY", "GTC", "GTD", "IOC", "FOK"};
constexpr std::array<std::string_view, 10> statuses{
    "PENDING",        "QUEUED",          "ACTIVE",    "PARTIALLY_FILLED", "FILLED",
    "PENDING_CANCEL", "PENDING_REPLACE", "CANCELLED", "REJECTED",         "EXPIRED"};

template <class Enum, std::size_t n>
std::optional<Enum> find(const std::array<std::string_view, n> &names, std::string_view name)
{
    for (std::size_t i = 0; i < n; ++i) {
        if (names[i] == name)
            return static_cast<Enum>(i);
    }
    return std::nullopt;
}

} // namespace

std::string_view name(Side side) { return sides[static_cast<std::size_t>(side)]; }
std::string_view name(OrderType type) { return types[static_cast<std::size_t>(type)]; }
std::string_view name(GivenName given) { return givenNames[static_cast<std::size_t>(given)]; }
std::string_view name(TimeInForce tif) { return timesInForce[static_cast<std::size_t>(tif)]; }
std::string_view name(OrderStatus status) { return statuses[static_cast<std::size_t>(status)]; }

std::optional<OrderType> orderTypeFromName(std::string_view text)
{
    return find<OrderType>(types, text);
}
std::optional<TimeInForce> timeInForceFromName(std::string_view text)
{
    return find<TimeInForce>(timesInForce, text);
}
std::optional<OrderStatus> orderStatusFromName(std::string_view text)
{
    return find<OrderStatus>(statuses, text);
}

} // namespace khop
