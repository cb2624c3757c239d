// SPDX-License-Identifier: GPL-3.0-or-later
// The price of a periodic auction, as a pure function of what collected in the book.
//
// A price p is a candidate when it matches the greatest volume and fills every buy above it and
// every sell below it. That is the case exactly when
//     bought(> p) <= sold(<= p)   and   sold(< p) <= bought(>= p),
// two conditions that hold on one side of a threshold each, so the candidates among the ticks of
// the band form one interval [low, high], whose ends are prices of orders. The auction price is the
// base (the last execution price, else the reference) clamped into it: no tie is possible and no
// further rule is needed.
//
// Orders without a price of their own (ATO, ATC) take part at an effective price, which follows the
// book until the uncross:
// - Krx: one tick ahead of every limit order of their side, reaching every limit order of the
//   other; an older limit order at the end of the band keeps its place before them.
// - LegacyFirst (before KRX): ahead of all limit orders at any price, counted at the end of the
//   band; with no limit order in the book no price is formed.
//
// Cost: linear in the number of price levels.
#pragma once

#include "book/order_books.h"

#include <optional>
#include <vector>

namespace khop {

struct AuctionLevel {
    Price price;
    Quantity quantity;
};

/// What one side brings: limit orders by level, best first, and the total of the AtAuction orders.
struct AuctionSide {
    std::vector<AuctionLevel> levels;
    Quantity atAuction;
};

struct AuctionBook {
    AuctionSide buys;
    AuctionSide sells;
};

/// The price at which AtAuction orders of a side take part now; nothing for a side without any.
struct EffectivePrices {
    std::optional<Price> buy;
    std::optional<Price> sell;
};

/// `base` is taken at the tick nearest to it (of two the lower), in case a reference is off the
/// grid.
EffectivePrices effectivePrices(const AuctionBook &book, const BookSpec &spec, Price base,
                                AtoPricing pricing);
Indicative determineAuction(const AuctionBook &book, const BookSpec &spec, Price base,
                            AtoPricing pricing);

} // namespace khop
