// SPDX-License-Identifier: GPL-3.0-or-later
// The fields of an order as clients write them: names of types and sides, prices as text.
#pragma once

#include "market/instrument.h"
#include "orders/order_terms.h"

#include <optional>
#include <string_view>

namespace khop::server {

/// The type a name stands for, and the side it carries.
struct TypeName {
    OrderType type = OrderType::LO;
    GivenName given = GivenName::OwnType;
    std::optional<Side> side;
};
std::optional<TypeName> typeFromName(std::string_view upper, Exchange exchange);

std::optional<Side> sideFromText(std::string_view text);

/// A price as text, exactly; `thousands`: in units of 1,000.
std::optional<Price> parsePrice(std::string_view text, const Instrument &instrument,
                                bool thousands);

/// The venue answers later: 202.
inline bool isPending(OrderStatus status)
{
    return status == OrderStatus::Pending || status == OrderStatus::PendingCancel
           || status == OrderStatus::PendingReplace;
}

} // namespace khop::server
