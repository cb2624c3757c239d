// SPDX-License-Identifier: GPL-3.0-or-later
// What imports of statements need of the ledger: taking back, and the fingerprint that shows it.
#include "ledger/ledger.h"

#include "base/invariant.h"
#include "base/mix.h"

#include <array>

namespace khop {

namespace {

/// Two rolling hashes from different starts.
class Fingerprint
{
public:
    Fingerprint() { m_second.set(0x2545'F491'4F6C'DD1DULL); }
    void add(std::int64_t word)
    {
        m_first.add(word);
        m_second.add(~word);
    }
    std::string text() const
    {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string text;
        for (const std::uint64_t word : {m_first.value(), m_second.value()}) {
            for (int shift = 60; shift >= 0; shift -= 4)
                text += digits[word >> shift & 0xF];
        }
        return text;
    }

private:
    RollingHash m_first, m_second;
};

template <class Values>
bool allZero(const Values &values)
{
    for (const std::int64_t value : values) {
        if (value != 0)
            return false;
    }
    return true;
}

} // namespace

void Ledger::restore(AccountNo no, InstrumentIndex instrument, Money cost, Money realized,
                     Quantity taxable)
{
    Holding &holding = m_accounts[no - 1].holdings[instrument];
    holding.cost = cost;
    holding.realized = realized;
    holding.taxable = taxable;
}

void Ledger::uncount(AccountNo no, std::uint16_t currency, Money deposited, Money withdrawn)
{
    Cash &cash = m_accounts[no - 1].cash[currency];
    KHOP_INVARIANT(deposited <= cash.deposited && withdrawn <= cash.withdrawn);
    cash.deposited -= deposited;
    cash.withdrawn -= withdrawn;
}

std::int64_t Ledger::deskHas(bool securities, std::uint32_t asset, LedgerEntry::Bucket bucket) const
{
    const std::vector<Buckets> &assets = securities ? m_deskSecurities : m_deskCash;
    return asset < assets.size() ? assets[asset][static_cast<std::size_t>(bucket)] : 0;
}

std::string Ledger::fingerprint(AccountNo no) const
{
    Fingerprint print;
    for (auto &&[currency, cash] : account(no).cash) {
        const std::array values{cash.available.raw(), cash.held.raw(),      cash.pending.raw(),
                                cash.deposited.raw(), cash.withdrawn.raw(), cash.loan.raw()};
        if (allZero(values))
            continue;
        print.add(currency);
        for (const std::int64_t value : values)
            print.add(value);
        for (auto &&[at, amount] : cash.arriving) {
            print.add(at.ms);
            print.add(amount.raw());
        }
        for (auto &&[at, amount] : cash.advanced) {
            print.add(~at.ms);
            print.add(amount.raw());
        }
    }
    for (auto &&[instrument, holding] : account(no).holdings) {
        const std::array values{holding.available.raw(), holding.held.raw(),
                                holding.pending.raw(),   holding.cost.raw(),
                                holding.realized.raw(),  holding.taxable.raw()};
        if (allZero(values))
            continue;
        print.add(std::int64_t{instrument} << 16 | 0xFFFF);
        for (const std::int64_t value : values)
            print.add(value);
        for (auto &&[at, bought] : holding.arriving) {
            print.add(at.ms);
            print.add(bought.first.day);
            print.add(bought.second.raw());
        }
    }
    return print.text();
}

} // namespace khop
