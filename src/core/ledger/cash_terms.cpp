// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/cash_terms.h"

#include "base/wide.h"
#include "ledger/notional.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr std::int64_t million = 1'000'000;

/// The most of `free` whose fee fits beside it.
Money mostAdvance(Money free, std::int64_t feePpm)
{
    Money most(mulDiv(free.raw(), million, million + feePpm, Rounding::Up).value_or(0));
    while (most > Money{} && most + portion(most, feePpm) > free)
        most -= Money(1);
    return most;
}

} // namespace

std::int64_t advanceDays(Date today, Time arrival)
{
    return std::max(1, vietnamDate(arrival) - today);
}

AdvanceQuote quoteAdvance(const std::vector<std::pair<Time, Money>> &free, Date today,
                          std::int64_t feePerDay, std::optional<Money> wanted)
{
    AdvanceQuote quote;
    for (const auto &[at, amount] : free) {
        const std::int64_t fee = feePerDay * advanceDays(today, at);
        Money part = mostAdvance(amount, fee);
        if (wanted)
            part = std::min(part, *wanted - quote.amount);
        if (part <= Money{})
            continue;
        quote.parts.push_back({at, part, portion(part, fee)});
        quote.amount += part;
        quote.fee += quote.parts.back().fee;
    }
    return quote;
}

std::optional<Money> converted(const MarketRules &rules, std::uint16_t from, std::uint16_t to,
                               Money amount, Date date)
{
    const FxRules &fx = rules.fx;
    const auto sold = fx.rateOn(from, date), bought = fx.rateOn(to, date);
    if (!sold || !bought || amount < Money{})
        return std::nullopt;
    const std::int64_t sells = from == fx.base ? 0 : fx.spread;
    const std::int64_t buys = to == fx.base ? 0 : fx.spread;
    const auto gets = mulDiv(*sold, million - sells, million, Rounding::Down);
    const auto pays = mulDiv(*bought, million + buys, million, Rounding::Up);
    const int finer = rules.currencies[to].scale - rules.currencies[from].scale;
    const Int128 value = Int128(amount.raw()) * gets.value_or(0); // below 10^34
    if (!pays || value > Int128(std::numeric_limits<std::int64_t>::max()) * powerOfTen(10))
        return std::nullopt;
    const Int128 result = finer >= 0 ? value * powerOfTen(finer) / *pays
                                     : value / (Int128(*pays) * powerOfTen(-finer));
    if (result > std::numeric_limits<std::int64_t>::max())
        return std::nullopt;
    return Money(static_cast<std::int64_t>(result));
}

std::int64_t interestOf(Money amount, std::int64_t yearly, int days)
{
    constexpr std::int64_t year = 365;
    const Int128 exact = Int128(amount.raw()) * yearly * days;
    const Int128 rounded = (exact + year / 2) / year;
    return static_cast<std::int64_t>(
        std::min<Int128>(rounded, std::numeric_limits<std::int64_t>::max()));
}

Money wholeUnits(std::int64_t millionths)
{
    const std::int64_t rest = millionths % million;
    return Money(millionths / million + (rest >= million / 2 ? 1 : 0));
}

const AccountDues::Of *AccountDues::find(AccountNo account, std::uint16_t currency) const
{
    const auto found = m_all.find({account, currency});
    return found == m_all.end() ? nullptr : &found->second;
}

void AccountDues::tidy(AccountNo account, std::uint16_t currency)
{
    const auto found = m_all.find({account, currency});
    if (found != m_all.end() && found->second == Of{})
        m_all.erase(found);
}

Money AccountDues::interestDue(AccountNo account, std::uint16_t currency) const
{
    const Of *const found = find(account, currency);
    return found ? wholeUnits(found->loan) : Money{};
}

void AccountDues::save(ByteWriter &out) const
{
    out.u64(m_all.size());
    for (const auto &[key, of] : m_all) {
        out.u64(key.first);
        out.u64(key.second);
        out.i64(of.loan);
        out.i64(of.idle);
        out.number(of.custody);
    }
}

bool AccountDues::load(ByteReader &in, std::size_t accounts)
{
    m_all.clear();
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        const auto account = static_cast<AccountNo>(in.u64());
        const auto currency = static_cast<std::uint16_t>(in.u64());
        Of &of = m_all[{account, currency}];
        of.loan = in.i64();
        of.idle = in.i64();
        of.custody = in.number<Money>();
        if (account < 1 || account > accounts)
            return false;
    }
    return in.ok();
}

} // namespace khop
