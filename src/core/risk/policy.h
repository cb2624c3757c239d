// SPDX-License-Identifier: GPL-3.0-or-later
// The limits and kill switches in force, of the house and of accounts. An immutable value once shown: the
// engine puts a new one in its place, and readers keep the one they have.
#pragma once

#include "risk/limits.h"

#include <string>

namespace khop {

inline constexpr std::size_t longestKillReason = 200; // bytes

/// An account's switches. Its owner cannot lift the one the house has set.
struct KillSwitch {
    std::optional<std::string> byHouse, byOwner; // why; nothing: not set
    bool operator==(const KillSwitch &) const = default;
};

struct RiskPolicy {
    struct Account {
        RiskLimits limits;
        KillSwitch kill;
        bool empty() const { return limits.empty() && kill == KillSwitch{}; }
    };

    RiskLimits house;
    std::optional<std::string> killAll; // every account: why
    std::map<AccountNo, Account> accounts;

    bool empty() const { return house.empty() && !killAll && accounts.empty(); }
    const Account *find(AccountNo account) const;
    const RiskLimits *limitsOf(AccountNo account) const;
    /// Why the account may not enter orders; null: it may.
    const std::string *killed(AccountNo account) const;
    bool killsAny() const;
    /// Whether any limit asks what the account is buying, or how fast.
    bool looksAtAccount(AccountNo account) const;
    bool looksAtPace(AccountNo account) const;

    void save(ByteWriter &out) const;
    /// False when it names accounts that are not there.
    bool load(ByteReader &in, std::size_t accounts);
};

} // namespace khop
