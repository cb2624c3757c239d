// SPDX-License-Identifier: GPL-3.0-or-later
// The committed state in memory, for readers on any thread: the orders, executions, trades and ledger
// entries of the days not yet archived, balances, positions and quotes. The engine's thread applies a
// group after its commit; nothing is seen before. Filters of today are answered here, without SQL.
#pragma once

#include "engine/day_rows.h"
#include "engine/engine.h"
#include "engine/page_totals.h"
#include "engine/trading_service.h"
#include "portfolio/portfolio_book.h"
#include "portfolio/valuation.h"

#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace khop {

class DayView
{
public:
    // Engine's thread.
    void startAfter(OrderNo last) { m_startedAfter = last; }
    void configure(const Engine &engine);
    void apply(const CommittedGroup &group, const Engine &engine);
    /// Forgets what the store has moved to history.
    void archive(Time before);

    // Any thread.
    /// The rows that were there before this start, read in the background; orders() and the like must not
    /// be asked before, the rest may.
    void setEarlier(std::shared_ptr<DayRows> rows);
    bool complete() const;
    std::shared_ptr<const InstrumentList> instruments() const;
    std::shared_ptr<const MarketRules> rules() const;
    void addTrades(InstrumentIndex instrument, CandleBuilder &candles) const;
    std::optional<InstrumentIndex> findInstrument(std::string_view symbol) const;
    Quote quote(InstrumentIndex instrument) const;
    BookDepth depth(InstrumentIndex instrument, std::size_t levels) const;
    SessionState session(Exchange exchange) const;
    EntryContext entryContext(InstrumentIndex instrument) const;
    std::vector<AccountInfo> accounts() const;
    std::optional<AccountInfo> findAccount(const Uuid &id) const;
    std::optional<AccountInfo> account(AccountNo no) const;
    std::vector<Balance> balances(AccountNo account) const;
    std::vector<Position> positions(AccountNo account) const;
    Money available(AccountNo account, std::string_view currency) const;
    Quantity sellable(AccountNo account, InstrumentIndex instrument) const;
    Quantity taxable(AccountNo account, InstrumentIndex instrument) const;
    std::shared_ptr<const RiskPolicy> riskPolicy() const;
    std::shared_ptr<const CorporateActionList> corporateActions() const;
    std::shared_ptr<const FeesInForce> fees() const;
    /// The fees that an open order keeps to.
    Rates ratesOf(const OrderRecord &order) const;
    std::shared_ptr<const MarginPolicy> marginPolicy() const;
    std::shared_ptr<const PendingWithdrawals> pendingWithdrawals() const;
    /// Of a margin account; else empty.
    MarginAccount marginAccount(AccountNo account) const;
    Imports::OfAccount imports(AccountNo account) const;
    /// Of an account that limits look at; else empty.
    RiskUse riskUse(AccountNo account) const;

    /// Of what was committed last.
    Time committedTime() const;
    /// An account's records after those numbers, as portfolios want them.
    AccountRecords recordsAfter(AccountNo account, std::uint64_t entry,
                                std::uint64_t execution) const;
    std::vector<ValuationPrice> valuationPrices() const; // by instrument

    std::optional<OrderRecord> order(const Uuid &id) const;
    std::optional<OrderRecord> order(OrderNo no) const;
    Page<OrderRecord> orders(const OrderQuery &query) const;
    Page<ExecutionRecord> executions(const TradeQuery &query) const;
    Page<TradeRecord> trades(const TradeQuery &query) const;
    Page<LedgerEntry> entries(const EntryQuery &query) const;

private:
    void refreshBook(InstrumentIndex instrument, const Engine &engine);
    void refreshSessions(const Engine &engine);
    void refreshRisk(const Engine &engine, const CommittedGroup *group);
    void refreshMoney(const Engine &engine, const CommittedGroup *group);
    void settleEarly(const std::vector<EarlySettlement> &settled);
    void decide(const std::vector<EntryDecision> &decided);
    void refreshImports(const Engine &engine, const CommittedGroup *group);
    void forgetTotals();
    bool matches(const OrderRecord &order, const OrderQuery &query) const;

    mutable std::shared_mutex m_mutex;
    std::shared_ptr<const InstrumentList> m_instruments = std::make_shared<InstrumentList>();
    std::shared_ptr<const MarketRules> m_rules = std::make_shared<MarketRules>();
    std::unordered_map<std::string, InstrumentIndex> m_bySymbol;
    std::vector<Quote> m_quotes;
    std::vector<BookDepth> m_depths; // 50 levels
    std::array<SessionState, exchangeCount> m_sessions;
    Time m_now;

    std::vector<AccountInfo> m_accounts;
    std::unordered_map<Uuid, AccountNo> m_accountById;
    std::map<std::pair<AccountNo, std::uint16_t>, Balance> m_balances;
    std::map<std::pair<AccountNo, InstrumentIndex>, Position> m_positions;

    std::shared_ptr<const CorporateActionList> m_corporate =
        std::make_shared<CorporateActionList>();
    std::unordered_map<AccountNo, Imports::OfAccount> m_imports;
    std::shared_ptr<const RiskPolicy> m_risk = std::make_shared<RiskPolicy>();
    std::unordered_map<AccountNo, RiskUse> m_riskUses; // where limits look at the account
    std::shared_ptr<const FeesInForce> m_fees = std::make_shared<FeesInForce>();
    std::unordered_map<OrderNo, Rates> m_olderFees; // of open orders that keep to others
    std::shared_ptr<const MarginPolicy> m_margin = std::make_shared<MarginPolicy>();
    std::unordered_map<AccountNo, MarginAccount> m_marginAccounts; // those with terms
    std::shared_ptr<const PendingWithdrawals> m_withdrawals =
        std::make_shared<PendingWithdrawals>();

    std::shared_ptr<DayRows> m_earlier; // of before this start; null until they are loaded
    OrderNo m_startedAfter = 0;         // later orders are of this start
    DayRows m_rows;                     // since this start
    mutable PageTotals m_totals;
    mutable ChangingTotals m_earlierOrders, m_orders;          // of filters with a status
    std::unordered_map<OrderNo, OrderRecord> m_changedEarlier; // until they are
    std::vector<EarlySettlement> m_settledEarlier;             // likewise
    std::vector<EntryDecision> m_decidedEarlier;               // likewise
};

} // namespace khop
