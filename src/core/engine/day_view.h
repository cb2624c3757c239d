// SPDX-License-Identifier: GPL-3.0-or-later
// The committed state in memory, for readers on any thread: the orders, executions, trades and ledger
// entries of the days not yet archived, balances, positions and quotes. The engine's thread applies a
// group after its commit; nothing is seen before. Filters of today are answered here, without SQL.
#pragma once

#include "engine/engine.h"
#include "engine/trading_service.h"

#include <condition_variable>
#include <deque>
#include <functional>
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
    void configure(const Engine &engine);
    void apply(const CommittedGroup &group, const Engine &engine);
    /// Rows read at start, while groups are applied already: theirs wait until loaded(), which also lets
    /// waiting readers through. One thread loads.
    void loadOrder(OrderRecord order);
    void loadExecution(ExecutionRecord execution);
    void loadTrade(TradeRecord trade);
    void loadEntry(LedgerEntry entry);
    void loaded();
    /// Keeps `again` to be called by loaded(); false, and nothing is kept, when that has been.
    bool whenLoaded(std::function<void()> again) const;
    /// Forgets what the store has moved to history.
    void archive(Time before);

    // Any thread.
    std::shared_ptr<const InstrumentList> instruments() const;
    std::shared_ptr<const MarketRules> rules() const;
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

    std::optional<OrderRecord> order(const Uuid &id) const;
    std::optional<OrderRecord> order(OrderNo no) const;
    Page<OrderRecord> orders(const OrderQuery &query) const;
    Page<ExecutionRecord> executions(const TradeQuery &query) const;
    Page<TradeRecord> trades(const TradeQuery &query) const;
    Page<LedgerEntry> entries(const EntryQuery &query) const;

private:
    using Index = std::vector<std::uint32_t>;
    struct AccountRows {
        Index orders, executions, entries, trades;
    };

    void put(const OrderRecord &order);
    void put(const ExecutionRecord &execution);
    void put(const TradeRecord &trade);
    void put(const LedgerEntry &entry);
    void refreshBook(InstrumentIndex instrument, const Engine &engine);
    void refreshSessions(const Engine &engine);
    AccountRows &rowsOf(AccountNo account);
    void putRows(const CommittedGroup &group);
    void dropBefore(Time before);
    void waitLoaded(std::shared_lock<std::shared_mutex> &lock) const;
    bool matches(const OrderRecord &order, const OrderQuery &query) const;
    Quote quoteLocked(InstrumentIndex instrument) const { return m_quotes[instrument]; }

    mutable std::shared_mutex m_mutex;
    mutable std::condition_variable_any m_loadedChanged;
    bool m_loaded = false;
    std::vector<CommittedGroup> m_early;  // applied while older rows are still read
    std::optional<Time> m_archiveBefore;  // asked for while older rows are still read
    mutable std::vector<std::function<void()>> m_afterLoading;
    std::shared_ptr<const InstrumentList> m_instruments = std::make_shared<InstrumentList>();
    std::shared_ptr<const MarketRules> m_rules = std::make_shared<MarketRules>();
    std::unordered_map<std::string, InstrumentIndex> m_bySymbol;
    std::vector<Quote> m_quotes;
    std::vector<BookDepth> m_depths;      // 50 levels
    std::array<SessionState, exchangeCount> m_sessions;
    Time m_now;

    std::vector<AccountInfo> m_accounts;
    std::unordered_map<Uuid, AccountNo> m_accountById;
    std::map<std::pair<AccountNo, std::uint16_t>, Balance> m_balances;
    std::map<std::pair<AccountNo, InstrumentIndex>, Position> m_positions;

    std::deque<OrderRecord> m_orders;
    std::unordered_map<OrderNo, std::uint32_t> m_orderByNo;
    std::unordered_map<Uuid, std::uint32_t> m_orderById;
    std::deque<ExecutionRecord> m_executions;
    std::deque<TradeRecord> m_trades;
    std::vector<Index> m_tradesOf;        // by instrument
    std::deque<LedgerEntry> m_entries;
    std::vector<AccountRows> m_rows;      // by account
};

} // namespace khop
