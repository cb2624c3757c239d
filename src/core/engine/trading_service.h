// SPDX-License-Identifier: GPL-3.0-or-later
// The only door to a desk, for the desktop, the API and every other client alike: submit commands,
// read committed state, query history, subscribe. Thread-safe. No widget, no HTTP type, no pointer
// into the engine.
#pragma once

#include "base/histogram.h"
#include "engine/audit.h"
#include "engine/command.h"
#include "engine/money_book.h"
#include "engine/recordings.h"
#include "engine/records.h"
#include "engine/traded_candles.h"
#include "portfolio/portfolio_answer.h"
#include "risk/limit_use.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace khop {

using InstrumentList = std::vector<Instrument>; // position = InstrumentIndex

/// Which orders, newest first. Empty sets and nullopt do not filter.
struct OrderQuery {
    std::optional<AccountNo> account;
    std::vector<OrderStatus> statuses;
    std::optional<InstrumentIndex> instrument;
    std::optional<Exchange> exchange;
    std::optional<Side> side;
    std::optional<OrderType> type;
    std::optional<GivenName> given;
    std::optional<Time> from, to; // created in [from, to)
    std::string clientOrderId;
    std::size_t limit = 50;
    std::size_t offset = 0;
    std::optional<OrderNo> before; // cursor: only orders with a smaller number
};

struct TradeQuery {
    std::optional<AccountNo> account; // own trades only
    std::optional<InstrumentIndex> instrument;
    std::optional<OrderNo> order;
    std::optional<Time> from, to;
    std::size_t limit = 50;
    std::size_t offset = 0;
    std::optional<std::uint64_t> before; // cursor: trade number
    std::optional<Side> side;            // executions only
};

struct EntryQuery {
    AccountNo account = 0;
    std::optional<std::uint16_t> currency;
    std::optional<LedgerEntry::Type> type;
    bool securities = false;
    std::size_t limit = 50;
    std::size_t offset = 0;
    std::optional<std::uint64_t> before;
};

struct PutThroughQuery {
    std::optional<AccountNo> account; // as proposer or counterparty
    std::optional<Uuid> id;
    std::optional<InstrumentIndex> instrument;
    std::optional<PutThroughStatus> status;
    std::size_t limit = 50;
    std::size_t offset = 0;
    std::optional<std::uint64_t> before; // cursor: deal number
};

struct ImportQuery {
    std::optional<AccountNo> account;
    std::optional<Uuid> id;
    std::size_t limit = 50;
    std::size_t offset = 0;
    std::optional<std::uint64_t> before; // cursor: batch number
};

/// Rows of batches that are not undone, unless one batch is asked for.
struct ImportRowQuery {
    std::optional<AccountNo> account;
    std::optional<OrderNo> batch;
    std::optional<Date> from, to; // days, both included
    std::size_t limit = 50;
    std::size_t offset = 0;
    std::optional<std::uint64_t> before; // cursor: the row's number
};

template <class Row>
struct Page {
    std::vector<Row> rows;
    std::uint64_t total = 0; // matching rows without limit, offset and cursor
    bool more = false;
};

/// What an order would cost, before it is sent.
struct OrderPreview {
    std::optional<Error> refusal; // the first rule it breaks
    Price holdPrice;              // price the cash hold is computed at
    Money value;                  // at the limit, or at holdPrice
    Money fee, tax;
    Money exchangeFee; // what of the fee is the exchange's
    Money hold;        // cash a buy holds
    Money loan;        // margin loan it would draw
    Money buyingPower; // available cash now, and what may be borrowed for a buy of this instrument
    bool marginable = false; // something may be borrowed for it, as far as the account's limits go
    std::optional<std::pair<std::int64_t, std::int64_t>>
        called;        // below maintenance: the ratio and that, in parts per million
    Quantity sellable; // a sell's limit
    Quantity maximum;  // the largest valid quantity now for this side and price
    std::string currency;
};

/// A margin account as it stands at the last prices.
struct MarginReport {
    std::shared_ptr<const MarginTerms> terms;
    std::string currency;
    MarginAccount account;
    MarginFigures figures;
};

struct ClockState {
    Time now;
    bool practice = false;
    int speed = 1; // 0: held
    bool participants = false;
    bool calendarKnown = true; // false past the calendar's last year
};

struct ServiceHealth {
    bool running = false; // false: fail-stopped; `detail` says why
    std::string detail;
    std::uint64_t sequence = 0; // last committed
    std::uint64_t stateHash = 0;
    std::size_t queued = 0;                                             // commands waiting
    std::uint64_t commands = 0, orders = 0, executions = 0, groups = 0; // since start
    std::uint64_t commitNanoseconds = 0; // total time in commits since start
};

/// How long commands took, stage by stage, since start; a group's time counts for each of its commands.
struct StageTimes {
    DurationHistogram::Counts queue;  // from submit() until the engine took it
    DurationHistogram::Counts apply;  // through the engine
    DurationHistogram::Counts commit; // to the disk
};

/// Dropping it unsubscribes; no call is running any more when the destructor returns.
class Subscription
{
public:
    Subscription() = default;
    explicit Subscription(std::function<void()> cancel) : m_cancel(std::move(cancel)) {}
    Subscription(Subscription &&other) noexcept : m_cancel(std::exchange(other.m_cancel, nullptr))
    {}
    Subscription &operator=(Subscription &&other) noexcept
    {
        if (this != &other) {
            reset();
            m_cancel = std::exchange(other.m_cancel, nullptr);
        }
        return *this;
    }
    ~Subscription() { reset(); }
    void reset()
    {
        if (auto cancel = std::exchange(m_cancel, nullptr))
            cancel();
    }

private:
    std::function<void()> m_cancel;
};

class TradingService
{
public:
    virtual ~TradingService() = default;

    /// Queues a command; its result comes to `sink` with `token` after it is durable. A full queue or a
    /// stopped engine answers at once (on the calling thread) with OVERLOADED or SHUTTING_DOWN.
    virtual void submit(Command command, std::shared_ptr<ResultSink> sink, std::uint64_t token) = 0;
    /// The same for callers that send rarely; `done` runs on the engine's thread.
    void submit(CommandBody body, std::function<void(CommandResult)> done);

    // The market, as committed.
    virtual std::shared_ptr<const InstrumentList> instruments() const = 0;
    virtual std::shared_ptr<const MarketRules> rules() const = 0;
    virtual std::optional<InstrumentIndex> findInstrument(
        std::string_view symbol) const = 0; // upper case
    virtual Quote quote(InstrumentIndex instrument) const = 0;
    virtual BookDepth depth(InstrumentIndex instrument, std::size_t levels) const = 0; // up to 50
    virtual SessionState session(Exchange exchange) const = 0;

    // Time.
    virtual Time now() const = 0;
    virtual ClockState clock() const = 0;
    virtual Result<void> setSpeed(int speed) = 0; // practice only; 0…100
    virtual Result<void> jumpTo(Time time) = 0;   // practice only, forward
    virtual Result<void> nextSession() = 0;       // practice only: to the next change of phase
    /// Practice only, and not while a recording runs (VALIDATION_ERROR): cancels what is open and goes on at the
    /// opening of the next trading day. Answers on the engine's thread when that is durable.
    virtual void resetPractice(std::function<void(Result<ClockState>)> answer) = 0;

    // Accounts.
    virtual std::vector<AccountInfo> accounts() const = 0;
    virtual std::optional<AccountInfo> findAccount(const Uuid &id) const = 0;
    virtual std::optional<AccountInfo> account(AccountNo no) const = 0;
    virtual std::vector<Balance> balances(AccountNo account) const = 0;
    virtual std::vector<Position> positions(
        AccountNo account) const = 0; // quantity > 0 or traded today
    virtual OrderPreview preview(const PlaceOrder &order) const = 0;
    /// The same of what would remain of an order after an amendment, the version aside: `hold` is all that
    /// would then be held for it. Limits are not asked; `maximum` is not set.
    virtual OrderPreview previewAmendment(const OrderRecord &order,
                                          const AmendOrder &amend) const = 0;
    /// The limits and kill switches in force; never null.
    virtual std::shared_ptr<const RiskPolicy> riskPolicy() const = 0;
    /// All corporate actions, ascending by number; never null.
    virtual std::shared_ptr<const CorporateActionList> corporateActions() const = 0;
    virtual std::vector<LimitUse> limitUse(AccountNo account) const = 0;
    /// Fees and taxes in force and to come; never null.
    virtual std::shared_ptr<const FeesInForce> fees() const = 0;
    /// Nothing for an account without margin.
    virtual std::optional<MarginReport> margin(AccountNo account) const = 0;
    /// Withdrawals that wait for a decision; never null.
    virtual std::shared_ptr<const PendingWithdrawals> pendingWithdrawals() const = 0;

    // Orders and history. Answers come on the calling thread when memory has them, else later from a
    // reader's thread.
    template <class T>
    using Answer = std::function<void(Result<T>)>;
    virtual void findOrder(const Uuid &id, Answer<OrderRecord> answer) const = 0; // NOT_FOUND
    virtual void queryOrders(const OrderQuery &query, Answer<Page<OrderRecord>> answer) const = 0;
    virtual void queryExecutions(const TradeQuery &query,
                                 Answer<Page<ExecutionRecord>> answer) const = 0;
    virtual void queryTrades(const TradeQuery &query, Answer<Page<TradeRecord>> answer) const = 0;
    virtual void queryCandles(const CandleQuery &query,
                              Answer<std::vector<TradedCandle>> answer) const = 0;
    virtual void queryEntries(const EntryQuery &query, Answer<Page<LedgerEntry>> answer) const = 0;
    /// What an account owned and owns, and what that is worth. ACCOUNT_UNKNOWN; STORE_ERROR.
    virtual void queryPortfolio(const PortfolioQuery &query,
                                Answer<PortfolioAnswer> answer) const = 0;
    virtual void queryPutThroughs(const PutThroughQuery &query,
                                  Answer<Page<PutThroughRecord>> answer) const = 0;
    /// Batches of imported statements, undone ones too, and their rows; always from a reader's thread.
    virtual void queryImports(const ImportQuery &query,
                              Answer<Page<ImportRecord>> answer) const = 0;
    virtual void queryImportRows(const ImportRowQuery &query,
                                 Answer<Page<ImportedRow>> answer) const = 0;
    /// What was imported and not undone; its parts are never null.
    virtual Imports::OfAccount imports(AccountNo account) const = 0;

    /// Recordings; null where the desk keeps none.
    virtual Recordings *recordings() { return nullptr; }

    virtual ServiceHealth health() const = 0;
    virtual StageTimes stageTimes() const = 0;
    /// The latest data given, in force or not yet; from the engine's thread.
    virtual void marketTexts(Answer<MarketTexts> answer) = 0;
    /// Of an order that may be open; from the engine's thread.
    virtual void queuePlace(const Uuid &order, Answer<QueuePlace> answer) = 0;
    /// The journal from that command on, at most so many groups; blocks. STORE_ERROR.
    virtual Result<std::vector<AuditEntry>> audit(std::uint64_t from, std::size_t most) const = 0;
    /// Replays the journal and compares every hash; blocks, for as long as that takes.
    virtual Result<Verification> verify(std::stop_token stop) const = 0;

    /// `listener` runs on the engine's thread after every commit: hand the group on and return.
    using Listener = std::function<void(std::shared_ptr<const CommittedGroup>)>;
    [[nodiscard]] virtual Subscription subscribe(Listener listener) = 0;
};

} // namespace khop
