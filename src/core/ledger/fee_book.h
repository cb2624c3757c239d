// SPDX-License-Identifier: GPL-3.0-or-later
// Which fees and taxes hold for whom: the tables of the exchanges, and the commissions agreed with accounts.
// An order keeps to the tables of the day on which it was entered, whatever follows, so that its hold stays
// exact; it names them by a number (Terms).
#pragma once

#include "base/bytes.h"
#include "base/ids.h"
#include "ledger/fees.h"

#include <array>
#include <deque>
#include <map>
#include <memory>

namespace khop {

/// Rows of one account's table for one exchange.
inline constexpr std::size_t mostFeeSchedules = 100;
inline constexpr std::size_t mostFeeTiers = 16;
inline constexpr std::int64_t highestCommission = 100'000; // 10 %

/// An account's commission from a day on; without a fee that of the exchange again.
struct FeeSchedule {
    Date from;
    std::optional<std::int64_t> fee; // parts per million
    std::vector<FeeTier> tiers;
    bool operator==(const FeeSchedule &) const = default;
};

void encodeSchedule(ByteWriter &out, const FeeSchedule &schedule);
FeeSchedule decodeSchedule(ByteReader &in);

/// An immutable value once shown.
struct FeesInForce {
    using Of = std::pair<AccountNo, Exchange>;

    std::array<Rates, exchangeCount> house;           // by exchange, of its day
    std::map<Of, Rates> own;                          // in their place
    std::map<Of, std::vector<FeeSchedule>> schedules; // ascending by day

    const Rates &of(AccountNo account, Exchange exchange) const;
};

class FeeBook
{
public:
    using Terms = std::uint32_t;
    using Days = std::array<Date, exchangeCount>;

    const FeesInForce &inForce() const { return *m_inForce; }
    std::shared_ptr<const FeesInForce> shared() const { return m_inForce; }

    /// What an order keeps to that is entered now, and what that is.
    Terms termsOf(AccountNo account, Exchange exchange) const;
    const Rates &of(Terms terms) const { return m_terms[terms]; }
    bool knows(Terms terms) const { return terms < m_terms.size(); }

    /// Adds a row or replaces that of the same day. False when there are too many.
    bool set(AccountNo account, Exchange exchange, const FeeSchedule &schedule);
    /// Looks up what is in force on the exchanges' days. Where nothing is open, no old terms are kept.
    void refresh(const MarketRules &rules, const Days &days, bool nothingOpen);

    void save(ByteWriter &out) const;
    bool load(ByteReader &in, std::size_t accounts);

private:
    Terms intern(const Rates &rates);
    void number();

    std::shared_ptr<const FeesInForce> m_inForce = std::make_shared<const FeesInForce>();
    std::deque<Rates> m_terms; // all different; what is in force is among them
    std::array<Terms, exchangeCount> m_house{};
    std::map<FeesInForce::Of, Terms> m_own;
};

} // namespace khop
