// SPDX-License-Identifier: GPL-3.0-or-later
#include "risk/margin.h"

#include "base/decimal.h"
#include "ledger/notional.h"

#include <algorithm>
#include <array>
#include <limits>

namespace khop {

namespace {

constexpr std::int64_t million = 1'000'000;

/// Errors show percentages, as clients write them.
std::string partText(std::int64_t ppm) { return formatDecimal(ppm, 4, true); }

std::optional<Error> within(const char *field, std::int64_t value, std::int64_t least,
                            std::int64_t most)
{
    if (value >= least && value <= most)
        return std::nullopt;
    return Error{Code::VALIDATION_ERROR, field, partText(value),
                 partText(least) + " … " + partText(most)};
}

/// Stays within what fits.
std::int64_t clamped(Int128 value)
{
    constexpr Int128 most = std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::clamp(value, -most, most));
}

} // namespace

std::string_view name(MarginState state)
{
    constexpr std::array<std::string_view, 3> names{"NORMAL", "CALL", "FORCE_SELL"};
    return names[static_cast<std::size_t>(state)];
}

std::optional<Error> checkMarginTerms(const MarginTerms &terms,
                                      const std::vector<Instrument> &instruments)
{
    if (terms.limit < Money{} || terms.limit.raw() > highestLoan)
        return Error{Code::VALIDATION_ERROR, "limit", std::to_string(terms.limit.raw()),
                     "0 … " + std::to_string(highestLoan)};
    const std::int64_t mostLent = million - terms.initial;
    for (const auto &[field, value, least, most] :
         {std::tuple("initial_ratio", terms.initial, std::int64_t{1}, million),
          std::tuple("maintenance_ratio", terms.maintenance, std::int64_t{1}, terms.initial),
          std::tuple("force_sell_ratio", terms.forceSell, std::int64_t{1}, terms.maintenance),
          std::tuple("interest", terms.interest, std::int64_t{0}, million),
          std::tuple("loan_ratio", terms.ratio, std::int64_t{0}, mostLent)}) {
        if (auto off = within(field, value, least, most))
            return off;
    }
    if (terms.ratios.size() > mostLoanRatios)
        return Error{Code::VALIDATION_ERROR, "loan_ratios", std::to_string(terms.ratios.size()),
                     "<= " + std::to_string(mostLoanRatios)};
    for (const auto &[index, ratio] : terms.ratios) {
        if (index >= instruments.size())
            return Error{Code::INSTRUMENT_UNKNOWN, "loan_ratios"};
        const std::string field = "loan_ratios." + instruments[index].symbol;
        if (auto off = within(field.c_str(), ratio, 0, mostLent))
            return off;
    }
    return std::nullopt;
}

void encodeMarginTerms(ByteWriter &out, const MarginTerms *terms)
{
    out.u64(terms != nullptr);
    if (!terms)
        return;
    out.number(terms->limit);
    for (const std::int64_t value :
         {terms->initial, terms->maintenance, terms->forceSell, terms->interest, terms->ratio})
        out.i64(value);
    out.u64(terms->ratios.size());
    for (const auto &[index, ratio] : terms->ratios) {
        out.u64(index);
        out.i64(ratio);
    }
}

std::shared_ptr<const MarginTerms> decodeMarginTerms(ByteReader &in)
{
    if (in.u64() == 0)
        return nullptr;
    auto terms = std::make_shared<MarginTerms>();
    terms->limit = in.number<Money>();
    for (std::int64_t *value :
         {&terms->initial, &terms->maintenance, &terms->forceSell, &terms->interest, &terms->ratio})
        *value = in.i64();
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        const auto index = static_cast<InstrumentIndex>(in.u64());
        terms->ratios[index] = in.i64();
    }
    return terms;
}

std::int64_t loanRatio(const MarginTerms &terms, const Instrument &instrument)
{
    const bool listed =
        instrument.exchange == Exchange::HOSE || instrument.exchange == Exchange::HNX;
    const bool plain = instrument.kind == InstrumentKind::Share
                       || instrument.kind == InstrumentKind::Etf
                       || instrument.kind == InstrumentKind::Fund;
    if (!listed || !plain || instrument.restricted || instrument.firstDay || !instrument.active)
        return 0;
    const auto own = terms.ratios.find(instrument.index);
    return own == terms.ratios.end() ? terms.ratio : own->second;
}

MarginFigures marginFigures(const MarginTerms &terms, const MarginAccount &account,
                            std::uint16_t currency, const RiskMarket &market)
{
    const std::string &code = market.rules.currencies[currency].code;
    Int128 value = 0, capacity = 0;
    for (const auto &[index, quantity] : account.securities) {
        const Instrument &instrument = market.instruments[index];
        if (instrument.currency != code)
            continue;
        const Money worth = marketValue(index, quantity, market);
        value += worth.raw();
        capacity += portion(worth, loanRatio(terms, instrument)).raw();
    }
    for (const auto &[index, held] : account.buying) {
        const Instrument &instrument = market.instruments[index];
        if (instrument.currency == code)
            capacity += portion(held, loanRatio(terms, instrument)).raw();
    }
    const Int128 owed = Int128(account.loan.raw()) + account.interest.raw();
    const Int128 cash = Int128(account.available.raw()) + account.held.raw();
    const Int128 proceeds = account.pending.raw();
    MarginFigures figures;
    figures.debt = Money(clamped(std::max<Int128>(0, owed - proceeds)));
    figures.assets = Money(clamped(cash + value + std::max<Int128>(0, proceeds - owed)));
    figures.capacity = Money(clamped(capacity));
    if (figures.debt.isZero())
        return figures;
    const std::int64_t equity = std::max<std::int64_t>(0, figures.equity().raw());
    figures.ratio = figures.assets.raw() <= 0
                        ? 0
                        : mulDiv(equity, million, figures.assets.raw(), Rounding::Down).value_or(0);
    figures.state = figures.ratio < terms.forceSell     ? MarginState::ForceSell
                    : figures.ratio < terms.maintenance ? MarginState::Call
                                                        : MarginState::Normal;
    return figures;
}

Money borrowable(const MarginTerms &terms, const MarginAccount &account,
                 const MarginFigures &figures, const Instrument &instrument)
{
    const std::int64_t ratio = loanRatio(terms, instrument);
    if (ratio <= 0 || figures.state != MarginState::Normal)
        return {};
    const Int128 ofLimit = Int128(terms.limit.raw()) - account.loan.raw();
    const Int128 equity = std::max<Int128>(0, figures.equity().raw());
    const Int128 ofInitial = equity * million / terms.initial - figures.assets.raw();
    // cash + more <= (cash + capacity - debt) / (1 - ratio): the buy itself is lent on too
    const Int128 backed =
        Int128(account.available.raw()) + figures.capacity.raw() - figures.debt.raw();
    const Int128 ofCapacity =
        std::max<Int128>(0, backed) * million / (million - ratio) - account.available.raw();
    const Int128 most = std::min(ofLimit, std::min(ofInitial, ofCapacity));
    return Money(clamped(std::max<Int128>(0, most)));
}

Money saleNeeded(const MarginTerms &terms, const MarginFigures &figures)
{
    // (assets - debt) / (assets - sold) >= maintenance
    const Int128 equity = std::max<Int128>(0, figures.equity().raw());
    const Int128 backed = equity * million / terms.maintenance;
    return Money(clamped(std::max<Int128>(0, figures.assets.raw() - backed)));
}

const MarginTerms *MarginBook::find(AccountNo account) const
{
    const auto found = m_policy->find(account);
    return found == m_policy->end() ? nullptr : found->second.get();
}

void MarginBook::set(AccountNo account, std::shared_ptr<const MarginTerms> terms)
{
    auto changed = std::make_shared<MarginPolicy>(*m_policy);
    if (terms)
        (*changed)[account] = std::move(terms);
    else
        changed->erase(account);
    m_policy = std::move(changed);
}

void MarginBook::save(ByteWriter &out) const
{
    out.u64(m_policy->size());
    for (const auto &[account, terms] : *m_policy) {
        out.u64(account);
        encodeMarginTerms(out, terms.get());
    }
}

bool MarginBook::load(ByteReader &in, std::size_t accounts)
{
    auto loaded = std::make_shared<MarginPolicy>();
    for (std::uint64_t count = in.u64(); count > 0 && in.ok(); --count) {
        const auto account = static_cast<AccountNo>(in.u64());
        auto terms = decodeMarginTerms(in);
        if (account < 1 || account > accounts || !terms)
            return false;
        (*loaded)[account] = std::move(terms);
    }
    m_policy = std::move(loaded);
    return in.ok();
}

} // namespace khop
