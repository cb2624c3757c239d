// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/valuation.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

namespace khop {

namespace {

/// Sums and conversions with one verdict at the end.
class BaseSums
{
public:
    explicit BaseSums(const Conversions &conversions) : m_conversions(conversions) {}

    Money converted(std::uint16_t currency, Money amount)
    {
        const auto result = m_conversions.toBase(currency, amount);
        m_fit = m_fit && result;
        return result.value_or(Money{});
    }
    void add(Money &sum, Money amount)
    {
        const auto result = checkedAdd(sum.raw(), amount.raw());
        m_fit = m_fit && result;
        sum = Money(result.value_or(0));
    }
    void subtract(Money &sum, Money amount)
    {
        const auto result = static_cast<Int128>(sum.raw()) - amount.raw();
        m_fit = m_fit && result <= std::numeric_limits<std::int64_t>::max()
                && result >= std::numeric_limits<std::int64_t>::min();
        sum = m_fit ? Money(static_cast<std::int64_t>(result)) : Money{};
    }
    bool fit() const { return m_fit; }

private:
    const Conversions &m_conversions;
    bool m_fit = true;
};

Gain gainOver(Money value, const Cost &cost) { return {value - cost.value, value - cost.total}; }

std::unexpected<Error> tooLarge(const std::string &what)
{
    return refuse(Code::VALIDATION_ERROR, "value", what,
                  "at most " + std::to_string(std::numeric_limits<std::int64_t>::max()));
}

} // namespace

std::optional<Ratio> Valuation::Totals::totalReturn() const
{
    const Int128 gain = static_cast<Int128>(equity().raw()) - invested.raw();
    if (gain > std::numeric_limits<std::int64_t>::max()
        || gain < std::numeric_limits<std::int64_t>::min())
        return std::nullopt;
    return ratioOf(Money(static_cast<std::int64_t>(gain)), invested);
}

Result<Valuation> Valuation::of(const Portfolio &portfolio,
                                std::shared_ptr<const PortfolioMarket> market,
                                std::vector<ValuationPrice> prices, Date today,
                                std::vector<Receivable> receivables)
{
    Valuation valuation;
    valuation.m_market = std::move(market);
    valuation.m_prices = std::move(prices);
    valuation.m_prices.resize(valuation.m_market->listings.size());
    valuation.m_at.assign(valuation.m_prices.size(), none);
    valuation.m_today = today;
    valuation.m_receivables = std::move(receivables);
    for (const auto &[instrument, holding] : portfolio.holdings()) {
        if (const auto added = valuation.add(instrument, holding); !added)
            return std::unexpected(added.error());
    }
    if (const auto added = valuation.addCash(portfolio); !added)
        return std::unexpected(added.error());
    if (!valuation.sumReceivables())
        return tooLarge("receivable");
    return valuation;
}

std::optional<Money> Valuation::receivableOf(InstrumentIndex instrument) const
{
    Money sum;
    for (const Receivable &receivable : m_receivables) {
        if (receivable.instrument != instrument || instrument >= m_prices.size())
            continue;
        const ValuationPrice &prices = m_prices[instrument];
        const auto shares =
            worth(m_market->listings[instrument],
                  prices.last.isZero() ? prices.reference : prices.last, receivable.shares);
        const auto both = shares ? checkedAdd(shares->raw(), receivable.cash.raw()) : std::nullopt;
        const auto converted =
            both ? m_market->conversions.toBase(receivable.currency, Money(*both)) : std::nullopt;
        const auto total = converted ? checkedAdd(sum.raw(), converted->raw()) : std::nullopt;
        if (!total)
            return std::nullopt;
        sum = Money(*total);
    }
    return sum;
}

/// False when the whole does not fit.
bool Valuation::sumReceivables()
{
    std::set<InstrumentIndex> instruments;
    for (const Receivable &receivable : m_receivables)
        instruments.insert(receivable.instrument);
    BaseSums sums(m_market->conversions);
    m_totals.receivable = {};
    for (const InstrumentIndex instrument : instruments) {
        const auto part = receivableOf(instrument);
        if (!part)
            return false;
        sums.add(m_totals.receivable, *part);
    }
    Money whole = m_totals.marketValue + m_totals.cash; // which fits
    sums.add(whole, m_totals.receivable);
    return sums.fit();
}

Result<void> Valuation::add(InstrumentIndex instrument, const Portfolio::Holding &holding)
{
    if (instrument >= m_market->listings.size())
        return refuse(Code::INSTRUMENT_UNKNOWN, "instrument", std::to_string(instrument));
    BaseSums sums(m_market->conversions);
    const auto add = [&](Money &total, Money amount) {
        sums.add(total, sums.converted(holding.currency, amount));
    };
    const Portfolio::Figures &figures = holding.figures;
    add(m_totals.realized.beforeCosts, figures.byAverage.beforeCosts);
    add(m_totals.realized.afterCosts, figures.byAverage.afterCosts);
    add(m_totals.dividends, figures.dividends);
    add(m_totals.fees, figures.fees);
    add(m_totals.taxes, figures.taxes);
    add(m_totals.invested, figures.transferred);
    const Quantity quantity = holding.lots.quantity();
    if (!sums.fit())
        return tooLarge(m_market->listings[instrument].symbol);
    if (quantity.isZero() && holding.day.date != m_today)
        return {};

    Entry entry;
    entry.position.instrument = instrument;
    entry.position.quantity = quantity;
    entry.position.averageCost = holding.lots.averageCost();
    entry.position.lotCost = holding.lots.lotCost();
    entry.day =
        holding.day.date == m_today ? holding.day : Portfolio::Day{m_today, quantity, {}, {}};
    entry.mark = holding.mark;
    entry.sector = sectorOf(m_market->listings[instrument].sector);
    if (!evaluate(entry) || !replaceInTotals({}, entry))
        return tooLarge(m_market->listings[instrument].symbol);
    m_totals.positions += quantity.isZero() ? 0 : 1;
    m_at[instrument] = static_cast<std::uint32_t>(m_entries.size());
    m_entries.push_back(entry);
    return {};
}

Result<void> Valuation::addCash(const Portfolio &portfolio)
{
    BaseSums sums(m_market->conversions);
    for (const auto &[currency, cash] : portfolio.cash()) {
        sums.add(m_totals.cash, sums.converted(currency, cash.balance));
        sums.add(m_totals.taxes, sums.converted(currency, cash.taxes));
        sums.add(m_totals.fees, sums.converted(currency, cash.charges));
        sums.add(m_totals.invested, sums.converted(currency, cash.deposited));
        sums.add(m_totals.invested, -sums.converted(currency, cash.withdrawn));
    }
    if (!sums.fit() || !checkedAdd(m_totals.cash.raw(), m_totals.marketValue.raw()))
        return tooLarge("cash");
    return {};
}

bool Valuation::evaluate(Entry &entry) const
{
    Position &position = entry.position;
    const PortfolioListing &listing = m_market->listings[position.instrument];
    const ValuationPrice &prices = m_prices[position.instrument];
    position.price = !prices.last.isZero()        ? prices.last
                     : !prices.reference.isZero() ? prices.reference
                                                  : entry.mark;
    const Price reference = prices.reference.isZero() ? position.price : prices.reference;
    const auto value = worth(listing, position.price, position.quantity);
    const auto opening = worth(listing, reference, entry.day.opening);
    if (!value || !opening)
        return false;
    position.marketValue = *value;
    position.unrealized = gainOver(*value, position.averageCost);
    position.unrealizedByLots = gainOver(*value, position.lotCost);
    BaseSums sums(m_market->conversions);
    position.daily = *value;
    sums.subtract(position.daily, *opening);
    sums.subtract(position.daily, entry.day.paid);
    sums.add(position.daily, entry.day.received);
    entry.value = sums.converted(listing.currency, *value);
    entry.cost.value = sums.converted(listing.currency, position.averageCost.value);
    entry.cost.total = sums.converted(listing.currency, position.averageCost.total);
    entry.daily = sums.converted(listing.currency, position.daily);
    return sums.fit();
}

bool Valuation::replaceInTotals(const Entry &before, const Entry &after)
{
    Totals totals = m_totals;
    BaseSums sums(m_market->conversions);
    const auto replace = [&](Money &total, Money old, Money now) {
        sums.subtract(total, old);
        sums.add(total, now);
    };
    replace(totals.marketValue, before.value, after.value);
    replace(totals.costBasis, before.cost.total, after.cost.total);
    const Gain old = gainOver(before.value, before.cost);
    const Gain now = gainOver(after.value, after.cost);
    replace(totals.unrealized.beforeCosts, old.beforeCosts, now.beforeCosts);
    replace(totals.unrealized.afterCosts, old.afterCosts, now.afterCosts);
    replace(totals.daily, before.daily, after.daily);
    if (!sums.fit() || !checkedAdd(totals.marketValue.raw(), totals.cash.raw()))
        return false;
    m_totals = totals;
    // parts of the market value, which fits
    const PortfolioListing &listing = m_market->listings[after.position.instrument];
    m_byExchange[static_cast<std::size_t>(listing.exchange)] += after.value - before.value;
    m_bySector[after.sector].second += after.value - before.value;
    return true;
}

std::size_t Valuation::sectorOf(const std::string &name)
{
    const auto found =
        std::ranges::find(m_bySector, name, [](const auto &sector) { return sector.first; });
    if (found != m_bySector.end())
        return static_cast<std::size_t>(found - m_bySector.begin());
    m_bySector.emplace_back(name, Money{});
    return m_bySector.size() - 1;
}

Result<bool> Valuation::quote(InstrumentIndex instrument, Price last)
{
    if (instrument >= m_prices.size())
        return refuse(Code::INSTRUMENT_UNKNOWN, "instrument", std::to_string(instrument));
    if (last <= Price{})
        return refuse(Code::INVALID_PRICE, "price", std::to_string(last.raw()), "above 0");
    const Price old = std::exchange(m_prices[instrument].last, last);
    const Money receivable = m_totals.receivable;
    const bool awaited = std::ranges::count(m_receivables, instrument, &Receivable::instrument) > 0;
    if (awaited && !sumReceivables()) {
        m_prices[instrument].last = old;
        m_totals.receivable = receivable;
        return tooLarge(std::to_string(last.raw()));
    }
    if (m_at[instrument] == none)
        return awaited;
    Entry &entry = m_entries[m_at[instrument]];
    Entry after = entry;
    if (!evaluate(after) || !replaceInTotals(entry, after)) {
        m_prices[instrument].last = old;
        m_totals.receivable = receivable;
        return tooLarge(std::to_string(last.raw()));
    }
    entry = after;
    return true;
}

const Valuation::Position *Valuation::find(InstrumentIndex instrument) const
{
    const bool held = instrument < m_at.size() && m_at[instrument] != none;
    return held ? &m_entries[m_at[instrument]].position : nullptr;
}

std::vector<Valuation::Position> Valuation::positions() const
{
    std::vector<Position> positions;
    positions.reserve(m_entries.size());
    for (const Entry &entry : m_entries)
        positions.push_back(entry.position);
    return positions;
}

std::vector<Valuation::Slice> Valuation::allocation(By by) const
{
    std::vector<Slice> slices;
    const auto add = [&](const std::string &name, Money value) {
        if (!value.isZero())
            slices.push_back({name, value, ratioOf(value, m_totals.marketValue).value_or(Ratio())});
    };
    if (by == By::Symbol) {
        for (const Entry &entry : m_entries)
            add(m_market->listings[entry.position.instrument].symbol, entry.value);
    } else if (by == By::Sector) {
        for (const auto &[sector, value] : m_bySector)
            add(sector, value);
    } else {
        for (std::size_t i = 0; i < m_byExchange.size(); ++i)
            add(std::string(name(static_cast<Exchange>(i))), m_byExchange[i]);
    }
    std::ranges::sort(slices, [](const Slice &a, const Slice &b) {
        return a.value != b.value ? a.value > b.value : a.name < b.name;
    });
    return slices;
}

} // namespace khop
