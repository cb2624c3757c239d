// SPDX-License-Identifier: GPL-3.0-or-later
// The portfolio of one account, followed through the desk's records: its ledger entries in their order,
// and the executions they belong to.
#pragma once

#include "base/result.h"
#include "engine/corporate_actions.h"
#include "engine/records.h"
#include "portfolio/activity_history.h"
#include "portfolio/listing.h"
#include "portfolio/portfolio.h"
#include "portfolio/position_history.h"

#include <memory>
#include <vector>

namespace khop {

/// Everything an account's records tell of it.
struct PortfolioPast {
    Portfolio portfolio;
    PositionHistory history;
    ActivityHistory activity;
};

/// Records of one account, both ascending by number.
struct AccountRecords {
    std::vector<LedgerEntry> entries; // those that tellOfPortfolio()
    std::vector<ExecutionRecord> executions;
};

/// False for holds, settlements and what executions say themselves: a portfolio does not see them.
bool tellsOfPortfolio(const LedgerEntry &entry);

/// What records leave to be known: currencies and scales of instruments, and what an entry that names a
/// corporate action was paid for.
struct RecordContext {
    const PortfolioMarket &market;
    const CorporateActionList &actions; // ascending by number
    Imports::OfAccount imports = {};    // of the account
};

class PortfolioBook
{
public:
    PortfolioBook() = default;
    /// `further`: events that the desk's own records do not tell, ascending by day. They count on their
    /// days, before what was recorded on the same one.
    explicit PortfolioBook(std::vector<PortfolioEvent> further) : m_further(std::move(further)) {}

    /// Follows the records after those taken before; `through` is the day up to which all there is has
    /// come. An error is that of Portfolio::apply(), or STORE_ERROR for an execution that is not there;
    /// the book stays at the entry before.
    Result<void> take(const AccountRecords &records, const RecordContext &context, Date through);

    std::uint64_t lastEntry() const { return m_lastEntry; }
    std::uint64_t lastExecution() const { return m_lastExecution; }
    /// Never null; a value that does not change any more.
    std::shared_ptr<const PortfolioPast> past() const { return m_past; }

private:
    Result<void> apply(const PortfolioEvent &event);
    Result<void> applyFurther(Date through);
    Result<void> applyOn(const PortfolioEvent &event);
    Result<void> takeImported(const LedgerEntry &entry, const RecordContext &context);
    Result<void> endImported();

    std::shared_ptr<PortfolioPast> m_past = std::make_shared<PortfolioPast>();
    std::vector<PortfolioEvent> m_further;
    std::size_t m_nextFurther = 0;
    std::optional<PortfolioEvent> m_imported; // a trade whose entries may not be complete yet
    OrderNo m_importing = 0;                  // its batch
    std::uint64_t m_lastEntry = 0;
    std::uint64_t m_lastExecution = 0;
};

} // namespace khop
