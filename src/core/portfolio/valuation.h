// SPDX-License-Identifier: GPL-3.0-or-later
// What a portfolio is worth now: positions, totals and how it is divided up. A quote touches its own
// position and adds the difference to the totals; nothing else is looked at.
#pragma once

#include "portfolio/listing.h"
#include "portfolio/portfolio.h"
#include "portfolio/ratio.h"
#include "portfolio/receivables.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace khop {

/// The prices of a security now; 0 where there is none. Without a last price the reference counts,
/// without that the last trade of the portfolio.
struct ValuationPrice {
    Price last;
    Price reference; // of today: yesterday's close, adjusted
};

class Valuation
{
public:
    /// In the currency of the security. What was sold out today has a quantity of 0.
    struct Position {
        InstrumentIndex instrument = noInstrument;
        Quantity quantity;
        Price price; // that it is valued at
        Money marketValue;
        Cost averageCost;
        Cost lotCost;
        Gain unrealized; // by average cost; costs are those of buying
        Gain unrealizedByLots;
        Money daily; // since the reference, today's trades with their costs included
    };
    /// In the base currency.
    struct Totals {
        Money marketValue;
        Money cash;      // sale proceeds on their way included
        Money costBasis; // average cost of all positions, fees included
        Gain unrealized;
        Gain realized; // by average cost, sold-out securities included
        Money daily;
        Money receivable;  // dividends and free shares on their way
        Money dividends;   // before tax
        Money fees, taxes; // all of them, custody and the like included
        Money invested;    // cash and securities put in, less taken out
        std::int64_t positions = 0;
        Money equity() const { return marketValue + cash + receivable; }
        /// Equity above what was invested, of what was invested; nothing when that is not above 0.
        std::optional<Ratio> totalReturn() const;
    };
    struct Slice {
        std::string name;
        Money value;
        Ratio share; // of the market value of all positions
    };
    enum class By : std::uint8_t { Symbol, Exchange, Sector };

    /// Values all positions. `prices` are by instrument, `today` says whose trades are of the day. Refuses
    /// (INSTRUMENT_UNKNOWN) a position without a listing and (VALIDATION_ERROR) what does not fit.
    /// `receivables`: those open now; shares are worth what owned ones are.
    static Result<Valuation> of(const Portfolio &portfolio,
                                std::shared_ptr<const PortfolioMarket> market,
                                std::vector<ValuationPrice> prices, Date today,
                                std::vector<Receivable> receivables = {});

    /// A new last price. True when a position is touched; an error changes nothing. O(1).
    Result<bool> quote(InstrumentIndex instrument, Price last);

    const Totals &totals() const { return m_totals; }
    const Position *find(InstrumentIndex instrument) const;
    std::vector<Position> positions() const;    // by instrument
    std::vector<Slice> allocation(By by) const; // the largest first
    const std::shared_ptr<const PortfolioMarket> &market() const { return m_market; }
    const std::vector<ValuationPrice> &prices() const { return m_prices; }
    Date today() const { return m_today; }
    const std::vector<Receivable> &receivables() const { return m_receivables; }

private:
    /// A position with what it adds to the totals, in the base currency.
    struct Entry {
        Position position;
        Portfolio::Day day;
        Price mark;
        std::size_t sector = 0;
        Money value;
        Cost cost;
        Money daily;
    };
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    Result<void> add(InstrumentIndex instrument, const Portfolio::Holding &holding);
    Result<void> addCash(const Portfolio &portfolio);
    /// What is receivable of one security, in the base currency; nothing when it does not fit.
    std::optional<Money> receivableOf(InstrumentIndex instrument) const;
    bool sumReceivables();
    /// Sets everything that follows from the price; false when something does not fit.
    bool evaluate(Entry &entry) const;
    /// Moves the totals from one state of a position to the next; false when they do not fit.
    bool replaceInTotals(const Entry &before, const Entry &after);
    std::size_t sectorOf(const std::string &name);

    std::shared_ptr<const PortfolioMarket> m_market;
    std::vector<ValuationPrice> m_prices; // by instrument
    Date m_today;
    std::vector<Receivable> m_receivables;
    std::vector<Entry> m_entries;    // by instrument, ascending
    std::vector<std::uint32_t> m_at; // by instrument: its entry, or none
    Totals m_totals;
    std::array<Money, exchangeCount> m_byExchange{};
    std::vector<std::pair<std::string, Money>> m_bySector;
};

} // namespace khop
