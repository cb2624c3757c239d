// SPDX-License-Identifier: GPL-3.0-or-later
// What an amendment makes of an order, and the rules it must keep. Stateless: what the account owns and
// what the foreign room allows is checked elsewhere.
#pragma once

#include "engine/command.h"
#include "market/order_entry.h"

namespace khop {

struct Amendment {
    Price price;
    Quantity total; // traded and remaining
    bool changes = false;
};

/// For an order that does not wait for a condition. `atVenue`: the exchange knows it, else it is queued for
/// a session. Refuses ORDER_NOT_AMENDABLE (a trigger; an order type without a price), AMEND_PRICE_OR_QUANTITY,
/// INVALID_QUANTITY (not above what was traded), INVALID_LOT (from one book to the other),
/// CANCEL_NOT_ALLOWED_IN_AUCTION, and what checkEntry() or checkQueuedEntry() refuses.
Result<Amendment> checkAmendment(const OrderRecord &record, const AmendOrder &amend, bool atVenue,
                                 const Instrument &instrument, const MarketRules &rules,
                                 const EntryContext &context);

} // namespace khop
