// SPDX-License-Identifier: GPL-3.0-or-later
// What corporate actions do to holdings beyond transfers: shares that came free of charge, and holdings that
// become another quantity or another security.
#include "base/invariant.h"
#include "base/wide.h"
#include "ledger/ledger.h"

#include <algorithm>

namespace khop {

using Bucket = LedgerEntry::Bucket;

void Ledger::cameFree(AccountNo no, InstrumentIndex instrument, Quantity quantity)
{
    m_accounts[no - 1].holdings[instrument].taxable += quantity;
}

Quantity Ledger::freeOf(AccountNo no, InstrumentIndex instrument, Quantity sold) const
{
    const Holding *const holding = account(no).holdings.find(instrument);
    return holding ? std::min(sold, holding->taxable) : Quantity{};
}

void Ledger::leftFree(AccountNo no, InstrumentIndex instrument, Quantity quantity)
{
    m_accounts[no - 1].holdings[instrument].taxable -= quantity;
}

std::vector<Ledger::Arrival> Ledger::takeArrivals(AccountNo no, InstrumentIndex instrument,
                                                  const Reason &reason, Time now)
{
    std::vector<Arrival> taken;
    Holding &holding = m_accounts[no - 1].holdings[instrument];
    for (auto &&[at, bought] : holding.arriving)
        taken.push_back({at, bought.first, bought.second});
    for (const Arrival &arrival : taken) {
        holding.arriving.erase(arrival.at);
        moveSecurities(no, instrument, arrival.quantity, Bucket::Pending, Bucket::Available, reason,
                       now);
        forgetArrival(no, arrival.at);
    }
    return taken;
}

void Ledger::restated(AccountNo no, InstrumentIndex instrument, InstrumentIndex into,
                      Quantity others)
{
    auto &holdings = m_accounts[no - 1].holdings;
    const Quantity free = std::min(holdings[instrument].taxable, others);
    if (into == instrument) {
        holdings[instrument].taxable = free;
        return;
    }
    const Money cost = std::exchange(holdings[instrument].cost, Money{});
    holdings[instrument].taxable = {};
    Holding &other = holdings[into];
    const auto sum = checkedAdd(other.cost.raw(), cost.raw());
    KHOP_INVARIANT(sum.has_value());
    other.cost = Money(*sum);
    other.taxable += free;
}

} // namespace khop
