// SPDX-License-Identifier: GPL-3.0-or-later
// Positions, totals and returns as the API writes them.
#pragma once

#include "engine/trading_service.h"
#include "portfolio/performance.h"
#include "server/api/market_view.h"
#include "server/json/writer.h"

namespace khop::server {

/// 25,000 parts per million is "2.5": at most four decimals.
std::string percentText(Ratio ratio);
std::optional<std::string> percentText(const std::optional<Ratio> &ratio);
const std::string &baseCurrencyOf(const MarketView &market);
std::string baseMoney(const MarketView &market, Money money);

/// What it costs and is held, from the ledger; what it is worth and has gained, from the portfolio.
void writePosition(JsonWriter &json, const Position &position, const PortfolioAnswer &portfolio,
                   const MarketView &market, bool lots);
/// A position of a portfolio that the ledger does not have: of a what-if.
void writeValuedPosition(JsonWriter &json, const Valuation::Position &position,
                         const Valuation &valuation, const MarketView &market);
/// The members of a summary of the whole, in the base currency.
void writeTotals(JsonWriter &json, const Valuation::Totals &totals, const MarketView &market);
/// "allocation": by symbol, exchange and sector.
void writeAllocation(JsonWriter &json, const Valuation &valuation, const MarketView &market);
void writePerformance(JsonWriter &json, const Performance &performance, Period period,
                      std::span<const EquityPoint> curve, const MarketView &market);

} // namespace khop::server
