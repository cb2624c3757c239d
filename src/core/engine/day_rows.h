// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the days not yet archived, and what finds them.
#pragma once

#include "base/hash_table.h"
#include "engine/records.h"

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace khop {

inline constexpr std::size_t orderStatusCount = static_cast<std::size_t>(OrderStatus::Expired) + 1;

/// Orders, executions, trades and entries in the order of their numbers, with their indexes.
struct DayRows {
    using Index = std::vector<std::uint32_t>;
    struct AccountRows {
        Index orders, executions, entries, trades;
        std::array<std::uint32_t, orderStatusCount> byStatus{}; // orders of each status
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
    DayRows since(Time time) const; // and all open orders

    std::deque<OrderRecord> orders;
    Index
        orderChanges; // the position of every order put, in order: what a kept count has to look at
    HashTable<OrderNo, std::uint32_t> orderByNo;
    HashTable<Uuid, std::uint32_t> orderById;
    /// The latest order of each hash of a client order id, and for each order the one before it.
    HashTable<std::uint64_t, std::uint32_t> orderByClientId;
    std::vector<std::uint32_t> earlierOfClientId; // by position; itself: none
    std::deque<ExecutionRecord> executions;
    std::deque<TradeRecord> trades;
    std::vector<Index> tradesOf; // by instrument
    std::deque<LedgerEntry> entries;
    std::vector<AccountRows> accounts;
};

} // namespace khop
