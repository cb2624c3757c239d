// SPDX-License-Identifier: GPL-3.0-or-later
// What the desk lends out of its Loan bucket: margin loans and advances on sale proceeds; and trades that are
// settled before their time.
#include "ledger/ledger.h"

#include "base/invariant.h"
#include "base/wide.h"

#include <algorithm>

namespace khop {

using Bucket = LedgerEntry::Bucket;

void Ledger::lend(AccountNo no, std::uint16_t currency, Money amount, Time now)
{
    if (amount.isZero())
        return;
    moveCash(no, currency, amount, Bucket::Loan, Bucket::Available, {LedgerEntry::Type::Loan}, now);
    Cash &cash = m_accounts[no - 1].cash[currency];
    m_loans += cash.loan.isZero() ? 1 : 0;
    cash.loan += amount;
}

void Ledger::repay(AccountNo no, std::uint16_t currency, Money amount, Time now)
{
    if (amount.isZero())
        return;
    moveCash(no, currency, amount, Bucket::Available, Bucket::Loan, {LedgerEntry::Type::Repayment},
             now);
    Cash &cash = m_accounts[no - 1].cash[currency];
    cash.loan -= amount;
    KHOP_INVARIANT(cash.loan.raw() >= 0);
    m_loans -= cash.loan.isZero() ? 1 : 0;
}

void Ledger::advance(AccountNo no, std::uint16_t currency, Time at, Money amount, Money fee,
                     Time now)
{
    moveCash(no, currency, fee, Bucket::Pending, Bucket::FeeIncome, {LedgerEntry::Type::Advance},
             now);
    moveCash(no, currency, amount, Bucket::Loan, Bucket::Available, {LedgerEntry::Type::Loan}, now);
    Cash &cash = m_accounts[no - 1].cash[currency];
    Money *const arriving = cash.arriving.find(at);
    KHOP_INVARIANT(arriving != nullptr);
    *arriving -= fee;
    Money &advanced = cash.advanced[at];
    advanced += amount;
    KHOP_INVARIANT(advanced <= *arriving);
}

/// Takes what has arrived out of Pending: first what was advanced on it.
void Ledger::arrived(Cash &cash, AccountNo no, std::uint16_t currency, Money amount, Time at,
                     const Reason &reason, Time now)
{
    if (Money *const advanced = cash.advanced.find(at)) {
        const Money repaid = std::min(*advanced, amount);
        *advanced -= repaid;
        if (advanced->isZero())
            cash.advanced.erase(at);
        moveCash(no, currency, repaid, Bucket::Pending, Bucket::Loan,
                 {LedgerEntry::Type::Repayment, reason.order, reason.execution}, now);
        amount -= repaid;
    }
    moveCash(no, currency, amount, Bucket::Pending, Bucket::Available, reason, now);
}

void Ledger::settleCashEarly(AccountNo no, std::uint16_t currency, Money amount, Time at,
                             std::uint64_t trade, Time now)
{
    Cash &cash = m_accounts[no - 1].cash[currency];
    Money *const arriving = cash.arriving.find(at);
    if (!arriving)
        return;
    amount = std::min(amount, *arriving); // the fee of an advance was taken from it
    *arriving -= amount;
    if (arriving->isZero())
        cash.arriving.erase(at);
    arrived(cash, no, currency, amount, at, {LedgerEntry::Type::Settlement, 0, trade}, now);
    forgetArrival(no, at);
}

void Ledger::settleSecuritiesEarly(AccountNo no, InstrumentIndex instrument, Quantity amount,
                                   Time at, std::uint64_t trade, Time now)
{
    Holding &holding = m_accounts[no - 1].holdings[instrument];
    auto *const arriving = holding.arriving.find(at);
    KHOP_INVARIANT(arriving && arriving->second >= amount);
    arriving->second -= amount;
    if (arriving->second.isZero())
        holding.arriving.erase(at);
    moveSecurities(no, instrument, amount, Bucket::Pending, Bucket::Available,
                   {LedgerEntry::Type::Settlement, 0, trade}, now);
    forgetArrival(no, at);
}

/// An account for which nothing arrives at a time any more is not waited for then.
void Ledger::forgetArrival(AccountNo no, Time at)
{
    const Account &account = m_accounts[no - 1];
    for (auto &&[currency, cash] : account.cash) {
        if (cash.arriving.find(at))
            return;
    }
    for (auto &&[instrument, holding] : account.holdings) {
        if (holding.arriving.find(at))
            return;
    }
    const auto due = m_arrivals.find(at);
    if (due == m_arrivals.end())
        return;
    std::erase(due->second, no);
    if (due->second.empty())
        m_arrivals.erase(due);
}

/// Loans and advances are what the Loan bucket lacks, and are covered by what they were given on.
std::string Ledger::checkLent() const
{
    std::map<std::uint16_t, Int128> lent;
    std::size_t loans = 0;
    for (const Account &account : m_accounts) {
        const std::string who = "account " + std::to_string(account.info.no);
        for (auto &&[currency, cash] : account.cash) {
            lent[currency] += cash.loan.raw();
            loans += cash.loan.isZero() ? 0 : 1;
            if (cash.loan < Money{})
                return who + ": a loan below zero";
            if (!cash.loan.isZero() && !cash.available.isZero())
                return who + ": cash is available beside a loan";
            for (auto &&[at, amount] : cash.advanced) {
                lent[currency] += amount.raw();
                const Money *const arriving = cash.arriving.find(at);
                if (!arriving || amount <= Money{} || amount > *arriving)
                    return who + ": more is advanced than arrives";
            }
        }
    }
    for (std::size_t currency = 0; currency < m_deskCash.size(); ++currency) {
        const Int128 owed = lent[static_cast<std::uint16_t>(currency)];
        if (m_deskCash[currency][static_cast<std::size_t>(Bucket::Loan)] + owed != 0)
            return "currency " + std::to_string(currency)
                   + ": what is lent and what is owed differ";
    }
    return loans == m_loans ? std::string() : "loans are miscounted";
}

} // namespace khop
