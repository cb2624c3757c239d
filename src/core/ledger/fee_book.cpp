// SPDX-License-Identifier: GPL-3.0-or-later
#include "ledger/fee_book.h"

#include "base/invariant.h"

#include <limits>

namespace khop {

namespace {

void encodeTiers(ByteWriter &out, const std::vector<FeeTier> &tiers)
{
    out.u64(tiers.size());
    for (const FeeTier &tier : tiers) {
        out.number(tier.above);
        out.i64(tier.fee);
    }
}

std::vector<FeeTier> decodeTiers(ByteReader &in)
{
    std::vector<FeeTier> tiers;
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        const auto above = in.number<Money>();
        tiers.push_back({above, in.i64()});
    }
    return tiers;
}

void encodeRates(ByteWriter &out, const Rates &rates)
{
    out.i64(rates.from.day);
    for (const std::int64_t value :
         {rates.fee, rates.exchangeFee, rates.sellTax, rates.dividendTax, rates.custody})
        out.i64(value);
    encodeTiers(out, rates.tiers);
}

Rates decodeRates(ByteReader &in)
{
    Rates rates;
    rates.from = {static_cast<std::int32_t>(in.i64())};
    for (std::int64_t *value :
         {&rates.fee, &rates.exchangeFee, &rates.sellTax, &rates.dividendTax, &rates.custody})
        *value = in.i64();
    rates.tiers = decodeTiers(in);
    return rates;
}

/// The row of an ascending table that holds on a day.
const FeeSchedule *rowOn(const std::vector<FeeSchedule> &rows, Date day)
{
    const auto after = std::ranges::upper_bound(rows, day, {}, &FeeSchedule::from);
    return after == rows.begin() ? nullptr : &*std::prev(after);
}

} // namespace

Money tieredCommission(const Rates &rates, Money value)
{
    Int128 sum = 0; // millionths
    Money from;
    std::int64_t fee = rates.fee;
    for (const FeeTier &tier : rates.tiers) {
        if (tier.above >= value)
            break;
        sum += Int128((tier.above - from).raw()) * fee;
        from = tier.above;
        fee = tier.fee;
    }
    sum += Int128((value - from).raw()) * fee;
    return Money(static_cast<std::int64_t>((sum + 500'000) / 1'000'000));
}

void encodeSchedule(ByteWriter &out, const FeeSchedule &schedule)
{
    out.i64(schedule.from.day);
    out.u64(schedule.fee.has_value());
    out.i64(schedule.fee.value_or(0));
    encodeTiers(out, schedule.tiers);
}

FeeSchedule decodeSchedule(ByteReader &in)
{
    FeeSchedule schedule;
    schedule.from = {static_cast<std::int32_t>(in.i64())};
    const bool given = in.u64() != 0;
    const std::int64_t fee = in.i64();
    if (given)
        schedule.fee = fee;
    schedule.tiers = decodeTiers(in);
    return schedule;
}

const Rates &FeesInForce::of(AccountNo account, Exchange exchange) const
{
    if (!own.empty()) {
        const auto found = own.find({account, exchange});
        if (found != own.end())
            return found->second;
    }
    return house[static_cast<std::size_t>(exchange)];
}

FeeBook::Terms FeeBook::termsOf(AccountNo account, Exchange exchange) const
{
    if (!m_own.empty()) [[unlikely]] {
        const auto found = m_own.find({account, exchange});
        if (found != m_own.end())
            return found->second;
    }
    return m_house[static_cast<std::size_t>(exchange)];
}

bool FeeBook::set(AccountNo account, Exchange exchange, const FeeSchedule &schedule)
{
    auto changed = std::make_shared<FeesInForce>(*m_inForce);
    auto &rows = changed->schedules[{account, exchange}];
    const auto at = std::ranges::lower_bound(rows, schedule.from, {}, &FeeSchedule::from);
    if (at != rows.end() && at->from == schedule.from)
        *at = schedule;
    else if (rows.size() >= mostFeeSchedules)
        return false;
    else
        rows.insert(at, schedule);
    m_inForce = std::move(changed);
    return true;
}

FeeBook::Terms FeeBook::intern(const Rates &rates)
{
    const auto known = std::ranges::find(m_terms, rates);
    if (known != m_terms.end())
        return static_cast<Terms>(known - m_terms.begin());
    m_terms.push_back(rates);
    return static_cast<Terms>(m_terms.size() - 1);
}

/// Gives everything in force its number.
void FeeBook::number()
{
    for (std::size_t e = 0; e < m_house.size(); ++e)
        m_house[e] = intern(m_inForce->house[e]);
    m_own.clear();
    for (const auto &[of, rates] : m_inForce->own)
        m_own.emplace(of, intern(rates));
}

void FeeBook::refresh(const MarketRules &rules, const Days &days, bool nothingOpen)
{
    auto changed = std::make_shared<FeesInForce>();
    for (std::size_t e = 0; e < days.size(); ++e)
        changed->house[e] = rules.exchanges[e].ratesOn(days[e]);
    changed->schedules = m_inForce->schedules;
    for (const auto &[of, rows] : changed->schedules) {
        const auto exchange = static_cast<std::size_t>(of.second);
        const FeeSchedule *const row = rowOn(rows, days[exchange]);
        if (!row || !row->fee)
            continue;
        Rates own = changed->house[exchange];
        own.fee = *row->fee;
        own.tiers = row->tiers;
        changed->own.emplace(of, std::move(own));
    }
    m_inForce = std::move(changed);
    if (nothingOpen)
        m_terms.clear();
    number();
}

void FeeBook::save(ByteWriter &out) const
{
    for (const Rates &rates : m_inForce->house)
        encodeRates(out, rates);
    out.u64(m_inForce->own.size());
    for (const auto &[of, rates] : m_inForce->own) {
        out.u64(of.first);
        out.u64(static_cast<std::uint64_t>(of.second));
        encodeRates(out, rates);
    }
    out.u64(m_inForce->schedules.size());
    for (const auto &[of, rows] : m_inForce->schedules) {
        out.u64(of.first);
        out.u64(static_cast<std::uint64_t>(of.second));
        out.u64(rows.size());
        for (const FeeSchedule &row : rows)
            encodeSchedule(out, row);
    }
    out.u64(m_terms.size());
    for (const Rates &rates : m_terms)
        encodeRates(out, rates);
}

bool FeeBook::load(ByteReader &in, std::size_t accounts)
{
    auto loaded = std::make_shared<FeesInForce>();
    const auto readOf = [&] {
        const auto account = static_cast<AccountNo>(in.u64());
        const auto exchange = in.choice<Exchange>(exchangeCount);
        if (account < 1 || account > accounts)
            in.fail();
        return FeesInForce::Of{account, exchange};
    };
    for (Rates &rates : loaded->house)
        rates = decodeRates(in);
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        const auto of = readOf();
        loaded->own[of] = decodeRates(in);
    }
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        auto &rows = loaded->schedules[readOf()];
        for (std::uint64_t n = in.u64(); n > 0 && in.ok(); --n)
            rows.push_back(decodeSchedule(in));
    }
    m_terms.clear();
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count)
        m_terms.push_back(decodeRates(in));
    m_inForce = std::move(loaded);
    number();
    return in.ok();
}

} // namespace khop
