// SPDX-License-Identifier: GPL-3.0-or-later
// What cash costs and earns: advances on sale proceeds, conversions between currencies, interest by days.
#pragma once

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "market/rules.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace khop {

/// An advance: of what arrives at each time so much, and the fee of it. The earliest arrival comes first,
/// since it costs least.
struct AdvanceQuote {
    struct Part {
        Time at;
        Money amount, fee;
    };
    Money amount, fee;
    std::vector<Part> parts;
};

/// Days from today until proceeds arrive, at least one.
std::int64_t advanceDays(Date today, Time arrival);
/// An advance of `wanted`, or of all that can be had. `free` is what arrives at each time, ascending, less
/// what was advanced on it. The fee is part by part: amount x fee a day x days, rounded half up; amount and
/// fee together are never above what arrives. A quote for less than `wanted` means that there is no more.
AdvanceQuote quoteAdvance(const std::vector<std::pair<Time, Money>> &free, Date today,
                          std::int64_t feePerDay, std::optional<Money> wanted = std::nullopt);

/// What an amount of one currency is in another on a day, the spread taken off, rounded down; nothing where
/// a rate is missing or the amount does not fit.
std::optional<Money> converted(const MarketRules &rules, std::uint16_t from, std::uint16_t to,
                               Money amount, Date date);

/// What accounts owe and are owed for days that are not booked yet.
class AccountDues
{
public:
    struct Of {
        std::int64_t loan = 0; // interest on the loan, millionths of the smallest unit
        std::int64_t idle = 0; // interest on idle cash, likewise
        Money custody;         // booked as due, not paid for want of cash
        bool operator==(const Of &) const = default;
    };
    using Key = std::pair<AccountNo, std::uint16_t>; // account, currency

    const std::map<Key, Of> &all() const { return m_all; }
    const Of *find(AccountNo account, std::uint16_t currency) const;
    Of &of(AccountNo account, std::uint16_t currency) { return m_all[{account, currency}]; }
    /// Forgets an account that owes nothing and is owed nothing.
    void tidy(AccountNo account, std::uint16_t currency);
    Money interestDue(AccountNo account, std::uint16_t currency) const;

    void save(ByteWriter &out) const;
    bool load(ByteReader &in, std::size_t accounts);

private:
    std::map<Key, Of> m_all;
};

/// A yearly rate on an amount for some days, in millionths of the smallest unit; the most that fits where it
/// does not.
std::int64_t interestOf(Money amount, std::int64_t yearly, int days);
/// Millionths, rounded half up.
Money wholeUnits(std::int64_t millionths);

} // namespace khop
