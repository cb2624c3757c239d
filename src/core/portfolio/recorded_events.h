// SPDX-License-Identifier: GPL-3.0-or-later
// A portfolio's events from what a desk records: executions, and ledger entries for everything else.
#pragma once

#include "engine/records.h"
#include "portfolio/portfolio_event.h"

#include <optional>

namespace khop {

/// A trade with its costs, on the day in Vietnam on which it was made.
PortfolioEvent portfolioEvent(const ExecutionRecord &execution, std::uint16_t currency);

/// Cash that crossed the account's border for another reason than an execution, which says so itself, shares
/// that came as a dividend, and what a split or merger made of a holding. A dividend of cash, the tax on it,
/// what rights were sold for and a merger need the security of the corporate action that the entry names.
/// Nothing for holds, settlements, what executions cost, and other securities. Shares that were subscribed
/// to have an execution, and so has a holding that a conversion left nothing of.
std::optional<PortfolioEvent> portfolioEvent(const LedgerEntry &entry,
                                             InstrumentIndex ofAction = noInstrument,
                                             std::optional<Date> exDate = std::nullopt);

/// Securities that came from outside or went there, but for corporate actions: what they cost and their
/// price are not in the entry.
/// Nothing for everything else.
std::optional<PortfolioEvent> portfolioTransfer(const LedgerEntry &entry, std::uint16_t currency,
                                                Money cost, Price price);

} // namespace khop
