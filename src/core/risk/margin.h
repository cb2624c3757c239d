// SPDX-License-Identifier: GPL-3.0-or-later
// Margin accounts: on which terms an account may borrow, what its ratio is, and what it may still borrow.
//
//   assets   = available + held cash + securities at last prices + sale proceeds beyond the debt
//   debt     = loan + interest due - sale proceeds on their way, at least 0
//   ratio    = (assets - debt) / assets
//   capacity = what may be lent on what is owned and being bought: the sum of loan ratio x value
//
// Advances count as paid out already, so proceeds are those that are left. A loan may grow while it stays
// within its limit, the ratio after it is not below the initial one, and the debt is not above the capacity.
#pragma once

#include "risk/risk_check.h"

#include <map>
#include <memory>
#include <vector>

namespace khop {

inline constexpr std::int64_t highestLoan = 100'000'000'000'000; // smallest units
inline constexpr std::size_t mostLoanRatios = 5'000;

/// Ratios in parts per million. 0 < forceSell <= maintenance <= initial <= 1,000,000, and no loan ratio is
/// above 1,000,000 - initial.
struct MarginTerms {
    Money limit;                        // the most that is lent
    std::int64_t initial = 500'000;     // own part of what is owned after a buy, at least
    std::int64_t maintenance = 300'000; // below it the account is called
    std::int64_t forceSell = 250'000;   // below it the desk sells
    std::int64_t interest = 0;          // a year of 365 days
    std::int64_t ratio = 0;             // lent on every marginable security …
    std::map<InstrumentIndex, std::int64_t> ratios; // … but on these so much
    bool operator==(const MarginTerms &) const = default;
};

/// What is wrong with them: VALIDATION_ERROR with the field as the API names it, INSTRUMENT_UNKNOWN.
std::optional<Error> checkMarginTerms(const MarginTerms &terms,
                                      const std::vector<Instrument> &instruments);
void encodeMarginTerms(ByteWriter &out, const MarginTerms *terms);
std::shared_ptr<const MarginTerms> decodeMarginTerms(ByteReader &in);

/// What is lent on a security. Nothing is on what may not be bought on margin: unlisted (UPCoM), restricted,
/// new or suspended securities, covered warrants and what has no band.
std::int64_t loanRatio(const MarginTerms &terms, const Instrument &instrument);

/// Cash is that of the loan's currency.
struct MarginAccount {
    Money available, held;
    Money pending; // less what was advanced on it
    Money loan;
    Money interest;                                               // due, not booked
    std::vector<std::pair<InstrumentIndex, Quantity>> securities; // owned
    std::map<InstrumentIndex, Money> buying;                      // cash held for open buys
};

enum class MarginState : std::uint8_t { Normal, Call, ForceSell };
std::string_view name(MarginState state); // NORMAL CALL FORCE_SELL

struct MarginFigures {
    Money assets, debt;
    Money capacity;
    std::int64_t ratio = 1'000'000; // rounded down; 0 where nothing is left
    MarginState state = MarginState::Normal;
    Money equity() const { return assets - debt; }
};

MarginFigures marginFigures(const MarginTerms &terms, const MarginAccount &account,
                            std::uint16_t currency, const RiskMarket &market);
/// What may be borrowed more to buy one instrument.
Money borrowable(const MarginTerms &terms, const MarginAccount &account,
                 const MarginFigures &figures, const Instrument &instrument);
/// What must be sold to bring the ratio back to maintenance when the proceeds repay the debt.
Money saleNeeded(const MarginTerms &terms, const MarginFigures &figures);

/// The accounts with margin. An immutable value once shown.
using MarginPolicy = std::map<AccountNo, std::shared_ptr<const MarginTerms>>;

class MarginBook
{
public:
    bool any() const { return !m_policy->empty(); }
    const MarginPolicy &policy() const { return *m_policy; }
    std::shared_ptr<const MarginPolicy> shared() const { return m_policy; }
    const MarginTerms *find(AccountNo account) const;
    void set(AccountNo account, std::shared_ptr<const MarginTerms> terms);

    void save(ByteWriter &out) const;
    bool load(ByteReader &in, std::size_t accounts);

private:
    std::shared_ptr<const MarginPolicy> m_policy = std::make_shared<const MarginPolicy>();
};

} // namespace khop
