// SPDX-License-Identifier: GPL-3.0-or-later
#include "command_line.h"
#include "portfolio/performance.h"
#include "portfolio/valuation.h"
#include "split_mix.h"
#include "timing.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>

namespace khop::bench {

namespace {

/// An investor's years: every security bought once and then all of them traded by turns, cash put in
/// and taken out every few weeks, a close for each day and security.
struct Past {
    std::shared_ptr<const PortfolioMarket> market;
    std::vector<Date> days;
    DailyCloses closes;
    std::vector<PortfolioEvent> events;
    std::vector<ValuationPrice> prices; // of the last day
};

std::shared_ptr<const PortfolioMarket> madeUpMarket(std::size_t positions)
{
    constexpr std::array<const char *, 8> sectors{"Banks",  "Brokers", "Energy", "Property",
                                                  "Retail", "Steel",   "Tech",   "Water"};
    PortfolioMarket market;
    for (std::size_t i = 0; i < positions; ++i)
        market.listings.push_back({"T" + std::to_string(10'000 + i), static_cast<Exchange>(i % 3),
                                   sectors[i % sectors.size()], 0, 0});
    return std::make_shared<PortfolioMarket>(std::move(market));
}

PortfolioTrade madeUpTrade(SplitMix64 &random, InstrumentIndex instrument, Price price,
                           Quantity owned)
{
    const bool sells = owned > Quantity(10'000) || (owned > Quantity(200) && random.below(2) == 0);
    const Quantity quantity(100 * (1 + random.below(sells ? 2 : 20)));
    const Money value(price.raw() * quantity.raw());
    return {instrument,
            0,
            sells ? Side::Sell : Side::Buy,
            quantity,
            price,
            value,
            Money(value.raw() * 15 / 10'000),
            Money(sells ? value.raw() / 1'000 : 0)};
}

std::optional<Past> madeUpPast(std::size_t positions, int years, std::int64_t trades,
                               std::uint64_t seed)
{
    Past past;
    past.market = madeUpMarket(positions);
    const Date last = dateOf(2026, 11, 20);
    for (Date day = dateOf(2026 - years, 11, 20); day <= last; day = day + 1) {
        if (day.weekday() <= 5)
            past.days.push_back(day);
    }
    SplitMix64 random(seed);
    std::vector<std::int64_t> prices(positions);
    for (std::int64_t &price : prices)
        price = 10'000 + 100 * random.below(900);
    std::vector<Quantity> owned(positions);
    std::int64_t made = 0;
    for (std::size_t d = 0; d < past.days.size(); ++d) {
        const Date day = past.days[d];
        if (d % 15 == 0) {
            const bool out = d % 60 == 45;
            past.events.push_back({day, PortfolioCash{out ? PortfolioCash::Kind::Withdraw
                                                          : PortfolioCash::Kind::Deposit,
                                                      0,
                                                      Money(out      ? -1'000'000'000
                                                            : d == 0 ? 1'000'000'000'000
                                                                     : 2'000'000'000),
                                                      noInstrument}});
        }
        for (std::size_t i = 0; i < positions; ++i) {
            prices[i] = std::max<std::int64_t>(
                prices[i] + prices[i] * (random.below(401) - 200) / 10'000 / 10 * 10, 1'000);
            if (!past.closes.add(static_cast<InstrumentIndex>(i), {day, Price(prices[i])}))
                return std::nullopt;
        }
        const std::int64_t until =
            trades * static_cast<std::int64_t>(d + 1) / static_cast<std::int64_t>(past.days.size());
        for (; made < until; ++made) {
            const std::size_t i = static_cast<std::size_t>(made) % positions;
            const PortfolioTrade trade =
                madeUpTrade(random, static_cast<InstrumentIndex>(i), Price(prices[i]), owned[i]);
            (trade.side == Side::Buy ? owned[i] += trade.quantity : owned[i] -= trade.quantity);
            past.events.push_back({day, trade});
        }
    }
    for (const std::int64_t price : prices)
        past.prices.push_back({Price(price), Price(price)});
    return past;
}

/// The median of some runs, in nanoseconds of this thread.
template <class Run>
std::int64_t median(std::int64_t repeat, Run run)
{
    std::vector<std::int64_t> took;
    for (std::int64_t i = 0; i < repeat; ++i) {
        const std::int64_t start = threadNanoseconds();
        run();
        took.push_back(threadNanoseconds() - start);
    }
    std::ranges::nth_element(took, took.begin() + static_cast<std::ptrdiff_t>(took.size() / 2));
    return took[took.size() / 2];
}

double milliseconds(std::int64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1e6; }

struct Life {
    Portfolio portfolio;
    PositionHistory history;
};

std::optional<Life> live(const Past &past)
{
    Life life;
    for (const PortfolioEvent &event : past.events) {
        if (!life.portfolio.apply(event))
            return std::nullopt;
        life.history.note(event, life.portfolio);
    }
    return life;
}

/// Everything a summary shows.
std::optional<Valuation> summary(const Past &past, const Portfolio &portfolio)
{
    auto valuation = Valuation::of(portfolio, past.market, past.prices, past.days.back());
    if (!valuation || valuation->positions().empty())
        return std::nullopt;
    for (const auto by : {Valuation::By::Symbol, Valuation::By::Exchange, Valuation::By::Sector}) {
        if (valuation->allocation(by).empty())
            return std::nullopt;
    }
    return *valuation;
}

/// Ticks of all securities by turns, and back to the closes; false when the totals then differ.
bool tick(Valuation &valuation, const Past &past, std::int64_t ticks)
{
    const Money before = valuation.totals().equity();
    const std::size_t securities = past.prices.size();
    for (std::int64_t i = 0; i < ticks; ++i) {
        const std::size_t at = static_cast<std::size_t>(i) * 7 % securities;
        if (!valuation.quote(static_cast<InstrumentIndex>(at),
                             past.prices[at].last + Price(i % 19 * 10)))
            return false;
    }
    for (std::size_t at = 0; at < securities; ++at) {
        if (!valuation.quote(static_cast<InstrumentIndex>(at), past.prices[at].last))
            return false;
    }
    return valuation.totals().equity() == before;
}

} // namespace

int runPortfolio(const Arguments &arguments)
{
    CommandLine line(
        "portfolio",
        "Measures a made-up portfolio with a long past: applying its events, the summary "
        "of all\npositions, ticks, the equity curve of every day and returns over all "
        "periods. Times are\nprocessor time, medians. Prints one line of JSON.");
    line.option("positions", "N", "securities held", "1000");
    line.option("years", "N", "of daily closes", "10");
    line.option("trades", "N", "over all years", "100000");
    line.option("ticks", "N", "quotes to apply", "1000000");
    line.option("repeat", "N", "runs of each", "5");
    line.option("seed", "N", "seed of prices and trades", "1");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    const auto positions = line.number("positions", 1, 20'000);
    const auto years = line.number("years", 1, 50);
    const auto trades = line.number("trades", 1, 10'000'000);
    const auto ticks = line.number("ticks", 1, 1'000'000'000);
    const auto repeat = line.number("repeat", 1, 1'000);
    const auto seed = line.number("seed", 0, INT64_MAX);
    if (!positions || !years || !trades || !ticks || !repeat || !seed)
        return exitUsage;

    const auto past = madeUpPast(static_cast<std::size_t>(*positions), static_cast<int>(*years),
                                 *trades, static_cast<std::uint64_t>(*seed));
    std::optional<Life> life;
    const std::int64_t applying = median(*repeat, [&] {
        if (past)
            life = live(*past);
    });
    if (!life)
        return line.error("an event was refused", exitFailed);
    std::optional<Valuation> valuation;
    const std::int64_t summing =
        median(*repeat, [&] { valuation = summary(*past, life->portfolio); });
    if (!valuation)
        return line.error("the summary was refused", exitFailed);
    bool same = true;
    const std::int64_t ticking =
        median(*repeat, [&] { same = same && tick(*valuation, *past, *ticks); });
    Result<std::vector<EquityPoint>> curve;
    const std::int64_t curving = median(*repeat, [&] {
        curve = equityCurve(life->history, past->closes, *past->market, past->days);
    });
    if (!same || !curve || curve->back().equity() != valuation->totals().equity())
        return line.error("ticks, summary and curve do not agree", exitFailed);
    const std::int64_t performing = median(*repeat, [&] {
        for (int period = 0; period <= static_cast<int>(Period::All); ++period)
            same = same && performance(*curve, static_cast<Period>(period)).has_value();
    });
    const auto all = performance(*curve, Period::All);
    if (!same || !all || !all->timeWeighted || !all->moneyWeighted)
        return line.error("returns were refused", exitFailed);
    std::printf("{\"positions\":%" PRId64 ",\"days\":%zu,\"events\":%zu,\"apply_ms\":%.2f,"
                "\"summary_ms\":%.3f,\"tick_ns\":%.1f,\"curve_ms\":%.2f,\"performance_ms\":%.2f,"
                "\"equity\":%" PRId64 ",\"twr_ppm\":%" PRId64 ",\"xirr_ppm\":%" PRId64 "}\n",
                valuation->totals().positions, past->days.size(), past->events.size(),
                milliseconds(applying), milliseconds(summing),
                static_cast<double>(ticking) / static_cast<double>(*ticks + *positions),
                milliseconds(curving), milliseconds(performing), curve->back().equity().raw(),
                all->timeWeighted->raw(), all->moneyWeighted->raw());
    return exitDone;
}

} // namespace khop::bench
