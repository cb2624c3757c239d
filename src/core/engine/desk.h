// SPDX-License-Identifier: GPL-3.0-or-later
// A desk in this process: the engine, its thread, the store and the committed view, behind
// TradingService.
//
// One thread takes everything that is queued, applies it, commits it as one group, and only then shows
// it: the view first, then the answers, then the subscribers. There is no separate writer: applying costs
// about a tenth of a commit, and commands that arrive during a commit form the next group by themselves.
// A second, low-priority thread checkpoints the write-ahead log, so that no commit pays for it.
//
// A commit that fails stops the desk (fail-stop): what was applied but not committed is never shown, every
// waiting and later command is refused with SHUTTING_DOWN, and health() says why. A new start recovers.
#pragma once

#include "base/clock.h"
#include "engine/command_codec.h"
#include "engine/day_archive.h"
#include "engine/day_view.h"
#include "engine/portfolio_books.h"
#include "engine/trading_service.h"
#include "sim/candles.h"
#include "sim/recording_reader.h"
#include "sim/recording_writer.h"
#include "store/history.h"
#include "store/store.h"

#include <QString>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>

namespace khop {

struct DeskOptions {
    QString databaseFile;
    QString journalKeyFile;                 // empty: beside the database
    std::optional<std::string> rules;       // JSON; the program's own if not given
    std::optional<std::string> instruments; // CSV; the program's own, or those journalled before
    bool practice = true;                   // practice clock; else real time
    std::optional<Time> startAt;            // practice: not before the journal's time
    int speed = 1;
    std::optional<bool> participants; // as journalled if not given
    std::uint64_t seed = 1;
    std::optional<std::string> crowd; // the crowd's shape, JSON; as journalled if not given
    struct Candles {
        std::vector<CandleFile> files;
        CandleUnit unit = CandleUnit::ThousandVnd;
        std::optional<Date> from; // the candles' day that the first practice day follows
    };
    std::optional<Candles> candles; // unless days are planned already
    QString recordingsFolder;       // empty: none are kept
    QString replayFile;             // outside that folder, replayed at the start
    std::size_t queueLimit = 65'536;
    std::size_t rowMemory = 128 << 20; // bytes of the latest rows, about: see DayArchive
    // of the house's limits; as journalled if not given
    std::optional<std::int64_t> mostPerOrder; // whole units
    std::optional<std::int64_t> mostSymbols;  // held by an account
};

class Desk final : public TradingService, public Recordings
{
public:
    /// Opens the store, recovers (last checkpoint, then the journal after it, hashes compared group by
    /// group), runs missed day ends, and starts the engine's thread.
    static Result<std::unique_ptr<Desk>> open(DeskOptions options);
    ~Desk() override;

    using TradingService::submit;
    void submit(Command command, std::shared_ptr<ResultSink> sink, std::uint64_t token) override;

    std::shared_ptr<const InstrumentList> instruments() const override
    {
        return m_view.instruments();
    }
    std::shared_ptr<const MarketRules> rules() const override { return m_view.rules(); }
    std::optional<InstrumentIndex> findInstrument(std::string_view symbol) const override
    {
        return m_view.findInstrument(symbol);
    }
    Quote quote(InstrumentIndex instrument) const override { return m_view.quote(instrument); }
    BookDepth depth(InstrumentIndex instrument, std::size_t levels) const override
    {
        return m_view.depth(instrument, levels);
    }
    SessionState session(Exchange exchange) const override;

    Time now() const override;
    ClockState clock() const override;
    Result<void> setSpeed(int speed) override;
    Result<void> jumpTo(Time time) override;
    Result<void> nextSession() override;
    void resetPractice(Answer<ClockState> answer) override;

    std::vector<AccountInfo> accounts() const override { return m_view.accounts(); }
    std::optional<AccountInfo> findAccount(const Uuid &id) const override
    {
        return m_view.findAccount(id);
    }
    std::optional<AccountInfo> account(AccountNo no) const override { return m_view.account(no); }
    std::vector<Balance> balances(AccountNo account) const override
    {
        return m_view.balances(account);
    }
    std::vector<Position> positions(AccountNo account) const override
    {
        return m_view.positions(account);
    }
    OrderPreview preview(const PlaceOrder &order) const override;
    OrderPreview previewAmendment(const OrderRecord &order, const AmendOrder &amend) const override;
    std::shared_ptr<const RiskPolicy> riskPolicy() const override { return m_view.riskPolicy(); }
    std::shared_ptr<const CorporateActionList> corporateActions() const override
    {
        return m_view.corporateActions();
    }
    std::vector<LimitUse> limitUse(AccountNo account) const override;
    std::shared_ptr<const FeesInForce> fees() const override { return m_view.fees(); }
    std::optional<MarginReport> margin(AccountNo account) const override;
    std::shared_ptr<const PendingWithdrawals> pendingWithdrawals() const override
    {
        return m_view.pendingWithdrawals();
    }

    void findOrder(const Uuid &id, Answer<OrderRecord> answer) const override;
    void queryOrders(const OrderQuery &query, Answer<Page<OrderRecord>> answer) const override;
    void queryExecutions(const TradeQuery &query,
                         Answer<Page<ExecutionRecord>> answer) const override;
    void queryTrades(const TradeQuery &query, Answer<Page<TradeRecord>> answer) const override;
    void queryCandles(const CandleQuery &query,
                      Answer<std::vector<TradedCandle>> answer) const override;
    void queryEntries(const EntryQuery &query, Answer<Page<LedgerEntry>> answer) const override;
    void queryPortfolio(const PortfolioQuery &query, Answer<PortfolioAnswer> answer) const override;
    void queryPutThroughs(const PutThroughQuery &query,
                          Answer<Page<PutThroughRecord>> answer) const override;
    void queryImports(const ImportQuery &query, Answer<Page<ImportRecord>> answer) const override;
    void queryImportRows(const ImportRowQuery &query,
                         Answer<Page<ImportedRow>> answer) const override;
    Imports::OfAccount imports(AccountNo account) const override { return m_view.imports(account); }

    Recordings *recordings() override { return this; }
    std::vector<RecordingSummary> list() const override;
    RecordingsState state() const override;
    Result<RecordingSummary> record(const std::string &id) override;
    Result<RecordingSummary> stopRecording() override;
    Result<RecordingsState> replay(const std::string &id, std::optional<int> speed) override;
    Result<RecordingsState> replayFile(const QString &path, const std::string &name,
                                       std::optional<int> speed);
    Result<void> stopReplay() override;
    Result<void> remove(const std::string &id) override;

    ServiceHealth health() const override;
    StageTimes stageTimes() const override;
    void marketTexts(Answer<MarketTexts> answer) override;
    void queuePlace(const Uuid &order, Answer<QueuePlace> answer) override;
    Result<std::vector<AuditEntry>> audit(std::uint64_t from, std::size_t most) const override;
    Result<Verification> verify(std::stop_token stop) const override;
    [[nodiscard]] Subscription subscribe(Listener listener) override;

private:
    explicit Desk(DeskOptions options);

    struct Pending {
        Command command;
        std::shared_ptr<ResultSink> sink;
        std::uint64_t token = 0;
        std::int64_t submittedAt = 0; // steadyNanoseconds(); 0: the desk's own
    };
    struct Subscriber {
        std::mutex running; // held while the listener runs
        Listener listener;
    };

    static constexpr std::int64_t rollAfterClose =
        5 * 60'000; // engine time a practice evening lasts
    static constexpr Time never{std::numeric_limits<std::int64_t>::max()};

    // engine's thread
    void run(std::stop_token stop);
    Result<void> recover();
    Result<void> load();
    Result<void> showDay();
    void reload();
    Result<void> configureMarket();
    Result<void> startClock();
    void runGroup(std::vector<Pending> batch);
    Result<void> commit(JournalGroup &journal, const CommittedGroup &rows);
    void publish(std::vector<Pending> &batch, std::vector<CommandResult> &results,
                 std::shared_ptr<CommittedGroup> group);
    static void turnAway(std::vector<Pending> &batch);
    void failStop(const std::string &why, std::vector<Pending> &batch);
    Result<CommandResult> applyAtStart(CommandBody body);
    bool rollPracticeDay();
    void moveRows();
    void setDetail(std::string detail);
    Result<void> applyHouseLimits();
    std::optional<Error> previewRisk(const PlaceOrder &place, Price worst) const;
    void previewFunding(const PlaceOrder &place, const Instrument &instrument,
                        OrderPreview &preview) const;
    template <class Ask>
    auto askRisk(AccountNo account, Ask ask) const;

    // recordings (desk_recordings.cpp)
    struct Errand {
        std::function<Result<void>()> work;
        std::promise<Result<void>> done;
        std::function<void()> dropped = {}; // when the engine has stopped
    };
    QString recordingPath(const std::string &id) const;
    Result<void> onEngine(std::function<Result<void>()> work);
    Result<void> post(Errand errand);
    template <class T, class Ask>
    void askEngine(Answer<T> answer, Ask ask);
    void runErrands();
    void noteRecordings();
    Result<RecordingSummary> finishRecording();
    void keepRecording();
    Result<void> beginReplay(std::unique_ptr<RecordingReader> reader, const std::string &name,
                             const RecordingSummary &summary, const std::string &hash,
                             std::optional<int> speed);
    void feedReplay(Time until, ByteWriter &journal, CommittedGroup &group);
    Result<void> resumeReplay();
    Result<void> planCandles();
    Result<ClockState> startDayOver(); // desk_practice.cpp
    std::chrono::steady_clock::time_point nextWake() const;

    // rows (desk_history.cpp)
    template <class Query, class Row>
    struct RowSource;
    template <class Query, class Row>
    void queryRows(const RowSource<Query, Row> &source, const Query &query,
                   Answer<Page<Row>> answer) const;
    template <class Query, class T>
    void askLater(void (Desk::*ask)(const Query &, Answer<T>) const, const Query &query,
                  Answer<T> answer) const;
    void addCandles(const CandleQuery &query, std::uint64_t after,
                    std::shared_ptr<CandleBuilder> candles,
                    Answer<std::vector<TradedCandle>> answer) const;

    Time readClock() const;
    bool marketMoves() const { return m_engine->participantsOn() || m_engine->replay().active(); }
    Uuid newOrderId(Time time);
    void checkpointLog(std::stop_token stop);

    DeskOptions m_options;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Engine> m_engine = std::make_unique<Engine>();
    DayView m_view;
    WallClock m_wall;
    std::unique_ptr<PracticeClock> m_practice; // null: real time
    QByteArray m_lastHash;
    std::uint64_t m_checkpointed = 0;
    std::vector<std::pair<AccountNo, std::uint16_t>>
        m_dirtyBalances; // sorted sweep, a few per group
    std::uint64_t m_idSalt = 0;
    std::uint64_t m_idCounter = 0;
    Time m_rollAt;
    std::chrono::steady_clock::time_point m_reloadAt; // of a stopped desk
    std::chrono::seconds m_reloadWait{1};

    mutable std::mutex m_queueMutex;
    std::condition_variable_any m_queueChanged;
    std::vector<Pending> m_queue;
    bool m_stopping = false;
    bool m_wake = false;

    std::vector<Errand> m_errands; // guarded by m_queueMutex
    std::unique_ptr<RecordingWriter> m_recorder;
    std::unique_ptr<RecordingReader> m_reader; // of the running replay
    mutable std::mutex m_recordingsMutex;
    RecordingsState m_recordingsState;

    mutable std::mutex m_subscriberMutex;
    std::vector<std::shared_ptr<Subscriber>> m_subscribers;

    std::atomic<bool> m_running{false};
    mutable std::mutex m_detailMutex;
    std::string m_detail;
    std::atomic<std::uint64_t> m_sequence{0}, m_stateHash{0}, m_commands{0}, m_orders{0},
        m_executions{0}, m_groups{0}, m_commitNanoseconds{0};
    std::atomic<bool> m_participants{false};
    DurationHistogram m_queueTimes, m_applyTimes, m_commitTimes;

    std::unique_ptr<History> m_history;
    mutable PortfolioBooks m_portfolios{m_view, [this] { return m_history.get(); }};
    DayArchive m_archive{m_view, m_portfolios, m_options.rowMemory};

    std::jthread m_thread;
    std::jthread m_checkpointThread;
};

} // namespace khop
