// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk keeps of its accounts' money beside the ledger: agreed fees, margin terms, interest and custody
// not booked yet, trades settled before their time.
#pragma once

#include "ledger/cash_terms.h"
#include "ledger/fee_book.h"
#include "risk/margin.h"

namespace khop {

/// Withdrawals that wait for an administrator; the amount is held. By number of their entry. An immutable
/// value once shown.
struct PendingWithdrawal {
    AccountNo account = 0;
    std::uint16_t currency = 0;
    Money amount;
    Time time; // of the entry
};
using PendingWithdrawals = std::map<std::uint64_t, PendingWithdrawal>;
inline constexpr std::size_t mostPendingWithdrawals = 20; // of an account

struct MoneyBook {
    FeeBook fees;
    MarginBook margin;
    AccountDues dues;
    Date day;                                   // until which interest has accrued
    std::map<std::uint64_t, Time> settledEarly; // trade: when it would have been; until then

    std::shared_ptr<const PendingWithdrawals> withdrawals =
        std::make_shared<const PendingWithdrawals>();

    void save(ByteWriter &out) const;
    bool load(ByteReader &in, std::size_t accounts, std::size_t instruments);
};

} // namespace khop
