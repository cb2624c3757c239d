// SPDX-License-Identifier: GPL-3.0-or-later
// Double-entry cash and securities. Every change is a transfer of one amount of one asset from one
// bucket to another, so the books balance by construction: summed over all buckets, Street, FeeIncome,
// TaxDue and Outside included, every asset is zero (checkBalanced()).
//
// Buckets of an account: Available (usable now), Held (for open orders), Pending (bought or sold, not
// yet settled). Buckets of the desk: Street (the other side of trades: other accounts and practice
// participants), FeeIncome, TaxDue, Outside (where deposits and endowments come from), Loan (what it has
// lent, below zero by so much).
// No bucket of an account is ever negative: the caller checks what is available first, and the ledger
// stops the program when a transfer would break that.
#pragma once

#include "base/bytes.h"
#include "base/few_map.h"
#include "base/ids.h"
#include "base/indexed_map.h"
#include "base/integers.h"
#include "base/prefetch.h"
#include "base/time.h"
#include "engine/records.h"

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace khop {

/// What an account can be given of one asset, and all accounts together, so that sums stay below 2^63.
inline constexpr std::int64_t mostEndowed = 1'000'000'000'000'000'000;
inline constexpr std::int64_t mostEndowedToAll = 4 * mostEndowed;

/// What a transfer is for: it stamps the entry.
struct Reason {
    LedgerEntry::Type type = LedgerEntry::Type::Deposit;
    OrderNo order = 0;
    std::uint64_t execution = 0;
    Money cost = {}; // of securities from outside
};

class Ledger
{
public:
    struct Cash {
        Money available, held, pending;
        FewMap<Time, Money> arriving; // sums to pending
        Money deposited, withdrawn;
        Time updatedAt;
        Money loan;                   // margin; while there is one, nothing is available
        FewMap<Time, Money> advanced; // on what arrives then, at most that
    };
    struct Holding {
        Quantity available, held, pending;
        Money cost; // of all that is owned, fees included
        Money realized;
        Quantity taxable; // of what is owned, shares that came free: income when they are sold
        FewMap<Time, std::pair<Date, Quantity>> arriving; // by settlement time: trade day, quantity
        Time updatedAt;
        Quantity owned() const { return available + held + pending; }
    };
    struct Account {
        AccountInfo info;
        FewMap<std::uint16_t, Cash> cash; // by currency index
        IndexedMap<Holding> holdings;     // by InstrumentIndex
    };

    AccountNo open(const Uuid &id, const std::string &name);
    std::size_t size() const { return m_accounts.size(); }
    bool exists(AccountNo no) const { return no >= 1 && no <= m_accounts.size(); }
    const Account &account(AccountNo no) const { return m_accounts[no - 1]; }
    const AccountInfo *find(const Uuid &id) const;
    void setForeign(AccountNo no, bool foreign) { m_accounts[no - 1].info.foreign = foreign; }

    Money available(AccountNo account, std::uint16_t currency) const;
    /// What may still come from outside to an account that has so much.
    std::int64_t endowableCash(std::uint16_t currency, Money has) const
    {
        return endowable(m_deskCash, currency, has.raw());
    }
    std::int64_t endowableSecurities(InstrumentIndex instrument, Quantity has) const
    {
        return endowable(m_deskSecurities, instrument, has.raw());
    }
    /// What all accounts together may still be given.
    std::int64_t unendowedSecurities(InstrumentIndex instrument) const
    {
        return endowable(m_deskSecurities, instrument, mostEndowed - mostEndowedToAll);
    }
    Quantity sellable(AccountNo account, InstrumentIndex instrument) const;

    /// Hints that change nothing (base/prefetch.h): this holding is going to be asked for, and then soon.
    void approach(AccountNo no, InstrumentIndex instrument) const
    {
        if (exists(no))
            prefetch(account(no).holdings.probe(instrument)); // its cash lies beside that
    }
    void approachSoon(AccountNo no, InstrumentIndex instrument) const
    {
        const Holding *const holding = exists(no) ? account(no).holdings.find(instrument) : nullptr;
        if (holding)
            prefetchAll(*holding);
    }

    void moveCash(AccountNo account, std::uint16_t currency, Money amount, LedgerEntry::Bucket from,
                  LedgerEntry::Bucket to, const Reason &reason, Time now);
    void moveSecurities(AccountNo account, InstrumentIndex instrument, Quantity amount,
                        LedgerEntry::Bucket from, LedgerEntry::Bucket to, const Reason &reason,
                        Time now);
    /// Notes when what was just moved to Pending becomes available.
    void cashArrives(AccountNo account, std::uint16_t currency, Money amount, Time at);
    void securitiesArrive(AccountNo account, InstrumentIndex instrument, Quantity amount, Time at,
                          Date traded);
    /// Moves everything that has arrived by `now` to Available; what was advanced on it is paid back.
    void settle(Time now);
    /// Settles before its time: proceeds, at most those that are to arrive at `at`, and securities, of
    /// which as many are to.
    void settleCashEarly(AccountNo account, std::uint16_t currency, Money amount, Time at,
                         std::uint64_t trade, Time now);
    void settleSecuritiesEarly(AccountNo account, InstrumentIndex instrument, Quantity amount,
                               Time at, std::uint64_t trade, Time now);

    /// A margin loan grows, and is paid back.
    void lend(AccountNo account, std::uint16_t currency, Money amount, Time now);
    void repay(AccountNo account, std::uint16_t currency, Money amount, Time now);
    bool anyLoan() const { return m_loans > 0; }
    /// Pays out now what arrives at `at`, and takes the fee from it.
    void advance(AccountNo account, std::uint16_t currency, Time at, Money amount, Money fee,
                 Time now);
    /// The earliest arrival, or Time max.
    Time nextArrival() const;

    /// Average cost: a buy adds value and fee; a sell takes its share out and books the difference.
    void bought(AccountNo account, InstrumentIndex instrument, Money cost);
    /// Answers with what was realized.
    Money sold(AccountNo account, InstrumentIndex instrument, Quantity quantity,
               Quantity ownedBefore, Money net);

    // Undoing an import (ledger_imports.cpp)
    /// Cost and result become what they were.
    void restore(AccountNo account, InstrumentIndex instrument, Money cost, Money realized,
                 Quantity taxable);
    /// Takes amounts out of the totals of what ever came and went.
    void uncount(AccountNo account, std::uint16_t currency, Money deposited, Money withdrawn);
    std::int64_t deskHas(bool securities, std::uint32_t asset, LedgerEntry::Bucket bucket) const;
    /// Cash and holdings of an account as a hash of 32 hexadecimal digits: the same when they are. What
    /// is empty does not count, nor when anything changed last.
    std::string fingerprint(AccountNo account) const;

    /// Shares that came free of charge leave first: of a sale the part that is taxed as income. Circular
    /// 111/2013 has it so, until none is left.
    void cameFree(AccountNo account, InstrumentIndex instrument, Quantity quantity);
    Quantity freeOf(AccountNo account, InstrumentIndex instrument, Quantity sold) const;
    void leftFree(AccountNo account, InstrumentIndex instrument, Quantity quantity);

    struct Arrival {
        Time at;
        Date traded;
        Quantity quantity;
    };
    /// All that securitiesArrive() has noted of a holding becomes available now.
    std::vector<Arrival> takeArrivals(AccountNo account, InstrumentIndex instrument,
                                      const Reason &reason, Time now);
    /// Securities became so many others: costs and what came free go over. No more of them came free than
    /// there are.
    void restated(AccountNo account, InstrumentIndex instrument, InstrumentIndex into,
                  Quantity others);

    /// Entries go to the end of this list from now on; null: nowhere.
    void writeTo(std::vector<LedgerEntry> *entries) { m_entries = entries; }
    std::uint64_t lastEntry() const { return m_lastEntry; }

    /// Sums every asset over all buckets, in full; empty when all are zero, else what is off.
    std::string checkBalanced() const;

    void save(ByteWriter &out) const;
    bool load(ByteReader &in);

private:
    static constexpr std::size_t bucketCount = 8;
    std::int64_t &desk(bool securities, std::uint32_t asset, LedgerEntry::Bucket bucket);
    using Buckets = std::array<std::int64_t, bucketCount>;
    void arrived(Cash &cash, AccountNo no, std::uint16_t currency, Money amount, Time at,
                 const Reason &reason, Time now);
    void forgetArrival(AccountNo no, Time at);
    std::string checkLent() const;
    static std::int64_t endowable(const std::vector<Buckets> &assets, std::uint32_t asset,
                                  std::int64_t has);

    std::vector<Account> m_accounts;
    std::map<Uuid, AccountNo> m_byId;
    // what the desk itself has in Street, FeeIncome, TaxDue, Outside and Loan
    std::vector<Buckets> m_deskCash;       // by currency index
    std::vector<Buckets> m_deskSecurities; // by instrument
    // arrivals by time: which accounts have something to settle then
    std::map<Time, std::vector<AccountNo>> m_arrivals;
    std::vector<LedgerEntry> *m_entries = nullptr;
    std::uint64_t m_lastEntry = 0;
    std::size_t m_loans = 0; // cells with a margin loan
};

} // namespace khop
