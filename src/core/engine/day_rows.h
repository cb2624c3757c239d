// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the days not yet archived, and what finds them.
#pragma once

#include "base/hash_table.h"
#include "base/stable_array.h"
#include "engine/records.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace khop {

inline constexpr std::size_t orderStatusCount = static_cast<std::size_t>(OrderStatus::Expired) + 1;

template <class Row>
using RowArray = StableArray<Row, 256, std::vector<Row>>;

/// Where the row of that number is, or would be, among rows with ascending numbers: at once where there are no
/// gaps.
template <class Row>
std::size_t placeOf(const RowArray<Row> &rows, std::uint64_t no)
{
    if (rows.empty() || no > rows.back().no)
        return rows.size();
    if (no <= rows.front().no)
        return 0;
    const std::uint64_t fromFront = no - rows.front().no, fromBack = rows.back().no - no;
    std::size_t low = fromBack < rows.size() ? rows.size() - 1 - fromBack : 0;
    std::size_t high = std::min<std::uint64_t>(rows.size() - 1, fromFront);
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (rows[middle].no < no)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/// Rows up to these numbers are in the history, later ones in memory; but orders that were open when their
/// piece left stay in memory as long as they are.
struct MovedRows {
    OrderNo order = 0;
    std::uint64_t execution = 0, trade = 0, entry = 0;
    std::uint32_t late = 0; // how often orders that had stayed behind have followed
    bool operator==(const MovedRows &) const = default;
};

/// Orders, executions, trades and entries in the order of their numbers, with their indexes.
struct DayRows {
    using Index = std::vector<std::uint32_t>;
    struct AccountRows {
        Index orders, executions, entries, trades;
        std::array<std::uint32_t, orderStatusCount> byStatus{}; // orders of each status
        std::size_t forgotten = 0;                              // of the orders
        std::uint64_t countOf(const std::vector<OrderStatus> &statuses) const;
    };

    void put(const OrderRecord &order);
    void put(const ExecutionRecord &execution);
    void put(const TradeRecord &trade);
    void put(const LedgerEntry &entry);
    /// A trade of these rows, if it is one, and its executions have settled.
    void settle(const EarlySettlement &settled);
    void decide(const EntryDecision &decided);
    AccountRows &of(AccountNo account);
    /// Empty for an account without rows.
    const AccountRows &at(AccountNo account) const;
    const OrderRecord *find(OrderNo no) const;
    /// Ascending; a few others may be among them.
    Index withClientId(const std::string &clientOrderId) const;
    const OrderRecord *find(const Uuid &id) const;
    /// Forgets an order; its place stays, with its number and nobody's.
    void forget(std::uint32_t place);
    bool empty() const;
    Time begin() const; // of the oldest row
    /// About what they take of memory, in bytes.
    std::size_t weight() const;

    RowArray<OrderRecord> orders;
    std::size_t forgotten = 0; // of them
    Index
        orderChanges; // the position of every order put, in order: what a kept count has to look at
    HashTable<Uuid, std::uint32_t> orderById;
    /// The latest order of each hash of a client order id, and for each order the one before it.
    HashTable<std::uint64_t, std::uint32_t> orderByClientId;
    std::vector<std::uint32_t> earlierOfClientId; // by position; itself: none
    RowArray<ExecutionRecord> executions;
    RowArray<TradeRecord> trades;
    std::vector<Index> tradesOf; // by instrument
    RowArray<LedgerEntry> entries;
    std::vector<AccountRows> accounts;
};

} // namespace khop
