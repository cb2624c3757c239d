// SPDX-License-Identifier: GPL-3.0-or-later
// Worked cases of the market rules, as files: an array of rows, each either the entry of one order
// ("validate") or one periodic auction.
#pragma once

#include "base/ids.h"
#include "base/integers.h"
#include "orders/order_terms.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace khop::bench {

/// The one instrument of a case: exchange, reference, and further columns of an instruments file.
struct CaseInstrument {
    std::string exchange;
    std::int64_t reference = 0;
    std::vector<std::pair<std::string, std::string>> columns;
};

struct CaseOrder {
    std::string id;
    Side side = Side::Buy;
    OrderType type = OrderType::LO;
    std::optional<Price> price;
    Quantity quantity;
};

/// One order at a time of day; `expect` is OK or the R_ name of the refusal.
struct ValidateCase {
    CaseInstrument instrument;
    std::string date; // YYYY-MM-DD; empty: any trading day
    std::string time;
    CaseOrder order;
    std::string expect;
};

using PerOrder = std::vector<std::pair<std::string, std::int64_t>>;

/// Orders in the order of their entry, and what the uncross must give.
struct AuctionCase {
    CaseInstrument instrument;
    std::vector<CaseOrder> orders;
    std::optional<std::int64_t> price;
    std::int64_t volume = 0;
    PerOrder fills;
    std::vector<std::int64_t> candidates; // lowest and highest, or none
    PerOrder effective;                   // prices of orders without a limit
    bool atClose() const;                 // whose base is the last price
};

struct MarketCase {
    std::string id;
    std::string strange; // of a field that is not understood; empty: none
    std::variant<ValidateCase, AuctionCase> body;
};

/// Reads a file of cases; the error names file, row and field.
std::expected<std::vector<MarketCase>, std::string> readMarketCases(const std::string &path);

} // namespace khop::bench
