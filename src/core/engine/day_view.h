// SPDX-License-Identifier: GPL-3.0-or-later
// The committed state in memory, for readers on any thread: the latest orders, executions, trades and ledger
// entries, balances, positions and quotes. The engine's thread applies a group after its commit; nothing is
// seen before. What is asked of these rows is answered here, without SQL.
//
// The rows lie in pieces, oldest first. The last one grows; a closed one leaves as a whole for the history
// (DayArchive), but for its open orders, which stay in memory until they have ended.
#pragma once

#include "engine/day_rows.h"
#include "engine/engine.h"
#include "engine/page_totals.h"
#include "engine/trading_service.h"
#include "portfolio/portfolio_book.h"
#include "portfolio/valuation.h"

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace khop {

struct DayPiece {
    DayRows rows;
    // once closed:
    std::int64_t lastChange = 0;   // later rows of `order_changes` tell of later orders too
    bool ended = false;            // of a day that has ended
    mutable ChangingTotals totals; // of filters with a status
};

class DayView
{
public:
    // Engine's thread.
    /// The rows up to `last` are read in the background: see setEarlier().
    void start(OrderNo last, std::int64_t lastChange, const MovedRows &moved);
    void configure(const Engine &engine);
    void apply(const CommittedGroup &group, const Engine &engine);
    /// About, in bytes: of the piece that grows, and of all pieces.
    struct Weight {
        std::size_t growing = 0, all = 0;
    };
    Weight weight() const;
    /// Begins a new piece. `dayEnded`: those before are of a day that has.
    void closePiece(std::int64_t lastChange, bool dayEnded);
    /// The piece that leaves next; null when none is closed. Not before complete().
    const DayPiece *oldest() const;
    /// Orders whose pieces have left.
    const DayRows &leftOver() const { return m_leftOver->rows; }
    /// The oldest piece leaves, and of those left over these (places); orders of the piece that stay join them.
    /// Answers with what to free.
    std::array<std::shared_ptr<DayPiece>, 2> dropOldest(const std::vector<std::uint32_t> &ended,
                                                        const std::vector<OrderNo> &staying);
    /// Around the store's last step for a piece and dropOldest(): see drops().
    void beginDrop() { ++m_drops; }
    void endDrop();

    // Any thread.
    /// The rows that were there before this start: those of orders left over, and one piece. orders() and the
    /// like must not be asked before, the rest may.
    void setEarlier(std::shared_ptr<DayPiece> leftOver, std::shared_ptr<DayPiece> piece);
    bool complete() const;
    MovedRows moved() const;
    /// Orders that stayed behind may be in memory, in the history or in both while this is odd: who reads both
    /// compares it before and after.
    std::uint32_t drops() const { return m_drops; }
    /// Waits while it is odd.
    void awaitDrop() const;
    std::shared_ptr<const InstrumentList> instruments() const;
    std::shared_ptr<const MarketRules> rules() const;
    /// Adds the instrument's trades after that one. False, and none, when later ones than it have left memory.
    bool addTrades(InstrumentIndex instrument, std::uint64_t after, CandleBuilder &candles) const;
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
    // Pages of the rows in memory, and which rows had left it then.
    Page<OrderRecord> orders(const OrderQuery &query, MovedRows &moved) const;
    Page<ExecutionRecord> executions(const TradeQuery &query, MovedRows &moved) const;
    Page<TradeRecord> trades(const TradeQuery &query, MovedRows &moved) const;
    Page<LedgerEntry> entries(const EntryQuery &query, MovedRows &moved) const;

private:
    void refreshBook(InstrumentIndex instrument, const Engine &engine);
    void refreshSessions(const Engine &engine);
    void refreshRisk(const Engine &engine, const CommittedGroup *group);
    void refreshMoney(const Engine &engine, const CommittedGroup *group);
    void settleEarly(const std::vector<EarlySettlement> &settled);
    void decide(const std::vector<EntryDecision> &decided);
    void refreshImports(const Engine &engine, const CommittedGroup *group);
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

    DayPiece *pieceOf(OrderNo no) const;

    std::shared_ptr<DayPiece> m_leftOver = std::make_shared<DayPiece>();
    std::vector<std::shared_ptr<DayPiece>> m_pieces{std::make_shared<DayPiece>()};
    MovedRows m_moved;
    bool m_complete = false; // what was there before this start has been read
    OrderNo m_lastOrder = 0; // that there is
    std::int64_t m_startedAfterChange = 0;
    std::atomic<std::uint32_t> m_drops{0};
    mutable PageTotals m_totals;
    // until it has:
    std::unordered_map<OrderNo, OrderRecord> m_changedEarlier;
    std::vector<EarlySettlement> m_settledEarlier;
    std::vector<EntryDecision> m_decidedEarlier;
};

} // namespace khop
