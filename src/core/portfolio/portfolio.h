// SPDX-License-Identifier: GPL-3.0-or-later
// What an account owns, what it cost and what was gained with it, from the events of its life. A value:
// copy it to ask what an event would do.
//
// Amounts are in the currency of the holding; nothing is converted here.
#pragma once

#include "base/result.h"
#include "portfolio/lots.h"
#include "portfolio/portfolio_event.h"

#include <map>

namespace khop {

/// What securities brought, or would bring, above what they had cost: at the prices alone, and with the
/// fees and taxes that were paid.
struct Gain {
    Money beforeCosts;
    Money afterCosts;
    bool operator==(const Gain &) const = default;
};

class Portfolio
{
public:
    /// Sums over the life of a holding.
    struct Figures {
        Gain byAverage;     // realized
        Gain byLots;        // realized, first in, first out
        Money bought, sold; // values without costs
        Money fees, taxes;  // of trades, and taxes on dividends
        Money dividends;    // before tax
        Money transferred;  // costs that came without a trade, less average costs that went
    };
    /// The last day on which something happened to a holding.
    struct Day {
        Date date;
        Quantity opening; // owned when it began, in the quantities of its corporate actions
        Money paid;       // for what was bought on it, fees included
        Money received;   // for what was sold on it, less fees and taxes
    };
    struct Holding {
        std::uint16_t currency = 0;
        Lots lots;
        Figures figures;
        Day day;
        Price mark; // of the last trade or transfer
    };
    struct Cash {
        Money
            balance; // sale proceeds on their way included; below 0 when more was spent than came in
        Money deposited, withdrawn; // totals, adjustments included
        Money interest;             // came less went
        Money charges;
        Money taxes; // that belong to no holding
    };

    /// Applies one event. An error changes nothing: a day before the last one, a quantity or amount
    /// that is not of its kind (INVALID_QUANTITY, VALIDATION_ERROR), more sold than owned
    /// (INSUFFICIENT_SECURITIES), another currency than the holding's, a sum past 63 bits.
    Result<void> apply(const PortfolioEvent &event);

    /// Everything ever held; what is sold out has a quantity of 0 and keeps its figures.
    const std::map<InstrumentIndex, Holding> &holdings() const { return m_holdings; }
    const Holding *find(InstrumentIndex instrument) const;
    const std::map<std::uint16_t, Cash> &cash() const { return m_cash; }
    const Cash *cashIn(std::uint16_t currency) const;
    Date lastDay() const { return m_lastDay; }

private:
    Result<void> book(Date day, const PortfolioTrade &trade);
    Result<void> book(Date day, const PortfolioCash &cash);
    Result<void> book(Date day, const PortfolioTransfer &transfer);
    Result<void> book(Date day, const PortfolioShareDividend &dividend);
    Result<void> book(Date day, const PortfolioRestatement &restatement);
    Result<void> buy(Date day, const PortfolioTrade &trade, const Holding &before);
    Result<void> sell(Date day, const PortfolioTrade &trade, const Holding &before);
    /// The holding that an event may change, an empty one when there is none yet.
    Result<const Holding *> holdingFor(InstrumentIndex instrument, std::uint16_t currency) const;

    std::map<InstrumentIndex, Holding> m_holdings;
    std::map<std::uint16_t, Cash> m_cash;
    Date m_lastDay;
};

} // namespace khop
