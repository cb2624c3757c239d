// SPDX-License-Identifier: GPL-3.0-or-later
// Client order ids of the day, remembered so that an order that is sent again is recognised.
#pragma once

#include "engine/command.h"

namespace khop {

/// A 128-bit hash of account and id.
struct ClientOrderKey {
    std::uint64_t a = 0, b = 0;
    bool operator==(const ClientOrderKey &) const = default;
};

/// With the hash of the order's body, and the order it made.
struct ClientOrder {
    ClientOrderKey key;
    std::uint64_t body = 0;
    OrderNo no = 0;
    Uuid id;
};

ClientOrderKey clientOrderKey(AccountNo account, std::string_view clientOrderId);
std::uint64_t orderBodyHash(const PlaceOrder &order);

} // namespace khop
