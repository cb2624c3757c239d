// SPDX-License-Identifier: GPL-3.0-or-later
// What a desk keeps for its limits: the policy in force, the orders of the last moments, and what every
// account's result was when the day began. Not thread-safe but for the policy's value, which is shared.
#pragma once

#include "risk/risk_check.h"

#include <map>
#include <memory>

namespace khop {

/// What of this an account's previews need, and its open orders.
struct RiskUse {
    std::size_t openOrders = 0;
    std::map<InstrumentIndex, Quantity> buying;
    std::map<std::uint16_t, Money> dayStart;
    RecentOrders recent;
};

class RiskBook
{
public:
    using DayStarts = std::map<std::pair<AccountNo, std::uint16_t>, Money>;

    /// Whether anything is set at all: where not, orders are not looked at.
    bool any() const { return m_any; }
    const RiskPolicy &policy() const { return *m_policy; }
    std::shared_ptr<const RiskPolicy> shared() const { return m_policy; }

    /// Account 0: the house's.
    void setLimits(AccountNo account, RiskLimits limits);
    /// Nothing lifts it. Account 0: the switch for all, which is the house's.
    void setKill(AccountNo account, bool byHouse, std::optional<std::string> reason);

    /// Remembers an accepted order as long as a limit asks for it.
    void note(AccountNo account, const RecentOrder &order, const LimitsInForce &limits);
    const RecentOrders *recent(AccountNo account) const;

    /// The result at the start of the day; zero for an account that is not there.
    std::map<std::uint16_t, Money> dayStart(AccountNo account) const;
    const DayStarts &dayStarts() const { return m_dayStarts; }
    void startDay(DayStarts starts) { m_dayStarts = std::move(starts); }
    /// What has changed the result without being a profit or a loss of the day.
    void shiftDayStart(AccountNo account, std::uint16_t currency, Money by);

    void save(ByteWriter &out) const;
    bool load(ByteReader &in, std::size_t accounts, std::size_t instruments);

private:
    void adopt(RiskPolicy policy);

    std::shared_ptr<const RiskPolicy> m_policy = std::make_shared<const RiskPolicy>();
    bool m_any = false;
    std::map<AccountNo, RecentOrders> m_recent;
    DayStarts m_dayStarts; // none is zero
};

} // namespace khop
