// SPDX-License-Identifier: GPL-3.0-or-later
// The REST resources of one HTTP thread. Sees the desk only through TradingService; answers at once
// from committed state, or later when a command has become durable.
#pragma once

#include "engine/trading_service.h"
#include "portfolio/performance.h"
#include "server/api/body.h"
#include "server/api/import_previews.h"
#include "server/api/mailbox.h"
#include "server/api/market_view.h"
#include "server/api/order_outcome.h"
#include "server/api/problem.h"
#include "server/api/idempotency.h"
#include "server/api/query.h"
#include "server/api/rate_limits.h"
#include "server/api/router.h"
#include "server/auth/api_key.h"
#include "server/auth/identity.h"
#include "server/http/entity_tags.h"
#include "server/http/listener.h"
#include "server/observe/request_metrics.h"
#include "server/options.h"
#include "statement/import_preview.h"
#include "statement/year_statement.h"

#include <QtCore/qthread.h>
#include <QtCore/qthreadpool.h>

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

namespace khop::server {

class JsonWriter;
class StreamHub;

/// Who asks.
struct Caller {
    struct Own {
        Uuid id;
        AccountNo no = 0;
    };
    Claims claims;                  // accountId: the account the request is about
    AccountNo account = 0;          // the same, on the desk
    std::vector<Own> accounts = {}; // all that are the caller's, the first one first
    std::string rateName = {};      // whose bucket its requests are taken from
    bool byKey = false;             // an API key, whose id is claims.id
    bool readsOnly = false;         // its scope is "read"

    bool isAdmin() const { return claims.role == Role::Admin; }
    /// The caller's account of that id, or null.
    const Own *own(const std::optional<Uuid> &id) const
    {
        const auto found = std::ranges::find(accounts, id, &Own::id);
        return found == accounts.end() ? nullptr : &*found;
    }
    bool owns(AccountNo no) const
    {
        return std::ranges::find(accounts, no, &Own::no) != accounts.end();
    }
};

/// What is known of a request while it is under way, for its answer's headers, metrics and log line.
struct RequestTrace {
    RequestMetrics::Route *route = nullptr; // null: none matched
    Method method = Method::Get;
    std::int64_t begunAt = 0; // steadyNanoseconds()
    std::string peer;
    std::shared_ptr<const Caller> caller;
    RateState rate;
    std::string idempotencyId; // empty: its answer is not kept
    std::string_view event;    // what happened, in English
    std::string_view code;     // of a refusal
    std::optional<Uuid> order;
};

/// Whom to answer, and how.
struct Answerer {
    ReplyToken token;
    std::string requestId;
    Language language = Language::English;
    std::shared_ptr<RequestTrace> trace = {};
};

/// A request on its way through a route. `request` dies with the route's call; the rest may be copied.
struct Call {
    Answerer to;
    const HttpRequest &request;
    Query query;
    std::vector<std::string> parameters;
    std::shared_ptr<const Caller> caller; // null on public routes without a token
    bool accountChosen = false;           // by account_id in the query: one of the caller's
};

/// Who may take a route. Local: callers on the same computer, or with the metrics token. Read: whoever is
/// signed in, which includes what is not only read but belongs to every role.
enum class Access : std::uint8_t { Public, Local, Read, Trade, Admin };
std::string_view name(Access access); // public local read trade admin

/// A route of the API as the tests and the API's description see it.
struct RouteInfo {
    Method method = Method::Get;
    std::string pattern; // "/orders/{id}/cancel"
    Access access = Access::Read;
    bool file = false;    // its body is a file, not JSON
    bool session = false; // takes a session's token, never an API key
};

class Api final : public RequestReceiver
{
public:
    /// Every route, in the order in which they are listed in routes.cpp.
    static std::vector<RouteInfo> routeTable();

    Api(const Options &options, TradingService &service, Identity &identity, QObject &context);
    ~Api() override;

    void setListener(HttpListener *listener, const HttpListener::Counters *counters);
    void setHub(StreamHub *hub) { m_hub = hub; }
    void setIdempotency(IdempotencyStore *store) { m_idempotency = store; }
    /// Takes no new work and says so: the server is about to stop.
    void setStopping() { m_stopping = true; }
    const std::shared_ptr<Mailbox> &mailbox() const { return m_mailbox; }
    const MarketView &market() const { return m_market; }
    void refreshMarket() { m_market.refresh(); }
    /// Answers everything that is owed no more; commands under way stay under way.
    bool isIdle() const { return m_pending.empty() && m_listener && !m_listener->owesAnswers(); }
    void close();

    // RequestReceiver
    void receive(const HttpRequest &request, ReplyToken token) override;
    bool refuseUpgrade(const HttpRequest &request, ReplyToken token) override;
    void takeSocket(QTcpSocket *socket) override;
    ReplyBytes refusalReply(const Refusal &refusal) override;

    /// The caller an access token stands for.
    Result<std::shared_ptr<const Caller>> callerOf(std::string_view accessToken);
    /// Changes whenever an accepted token may have become invalid.
    std::uint64_t tokenEpoch() const { return m_identity.epoch(); }

    // Orders of any client. `done` runs in this thread: at once when the request is refused here, else when
    // the command is durable. `beside` names members of `fields` that are not the order's.
    using OrderDone = std::function<void(const Answerer &to, OrderOutcome outcome)>;
    using Members = std::initializer_list<std::string_view>;
    void enterOrder(JsonValue fields, const Caller &caller, const Answerer &to, OrderDone done,
                    Members beside = {});
    /// `version` is what an If-Match header says, or empty.
    void changeOrder(std::string_view id, std::shared_ptr<const JsonDocument> fields,
                     std::string_view version, std::shared_ptr<const Caller> caller,
                     const Answerer &to, OrderDone done, Members beside = {});
    void endOrder(std::string_view id, std::string_view ifMatch,
                  std::shared_ptr<const Caller> caller, const Answerer &to, OrderDone done);
    /// False once the caller's session or key has been revoked, or his role or account changed.
    bool isCurrent(const Caller &caller) const;

private:
    struct Route {
        void (Api::*handler)(Call &call) = nullptr;
        Access access = Access::Read;
        bool file = false; // its body is a file, not JSON
        RequestMetrics::Route *metrics = nullptr;
        bool session = false;
        bool bare = false; // takes no body
    };
    struct ListedRoute {
        Method method = Method::Get;
        std::string pattern;
        Route route;
    };
    using Done = std::function<void(const Answerer &to, CommandResult result)>;
    struct PendingCommand {
        Answerer to;
        Done done;
    };

    static std::vector<ListedRoute> listedRoutes();
    void addRoutes();
    void dispatch(const HttpRequest &request, Answerer to);
    void carryOut(const HttpRequest &request, Answerer to, const Route &route,
                  std::vector<std::string> parameters, std::shared_ptr<const Caller> caller);
    void answerNoMethod(const Answerer &to, const Router<Route>::Methods &methods, Method method);
    void failRate(const Answerer &to);
    std::string newRequestId();
    /// With an Idempotency-Key: carried out later, or answered as before. False: has none.
    bool takeOnce(const HttpRequest &request, const Answerer &to, const Route &route,
                  const std::vector<std::string> &parameters,
                  const std::shared_ptr<const Caller> &caller);
    void finish(const Answerer &to, Response &response);
    void logRequest(const Answerer &to, int status, std::int64_t nanoseconds);
    bool fitsTheLog(LogLevel level);
    Result<std::shared_ptr<const Caller>> authenticate(const HttpRequest &request);
    Result<std::shared_ptr<const Caller>> callerBySignature(const HttpRequest &request);
    Result<std::shared_ptr<const Caller>> callerFor(Claims claims, bool readsOnly, bool byKey);
    void forgetStaleCallers();
    static bool mayTake(const Route &route, Method method, const Caller &caller);
    bool hasMetricsToken(const HttpRequest &request) const;
    void openMail(Mailbox::Content content);

    // Answering
    void answer(const Answerer &to, Response response);
    void succeed(const Answerer &to, int status, const Text &message, std::string_view data);
    void fail(const Answerer &to, const Error &error, const ProblemOptions &options = {});
    void failQuery(const Answerer &to, const Error &error);
    void failBody(const Answerer &to, const Error &error); // of one field, or of none
    void fail(const Answerer &to, const std::vector<Error> &errors);
    void submit(CommandBody body, const Answerer &to, Done done);
    /// Runs `done` in this thread whichever thread the answer comes on.
    template <class T>
    std::function<void(Result<T>)> here(std::function<void(Result<T>)> done)
    {
        return [mailbox = m_mailbox, thread = m_thread, done = std::move(done)](Result<T> result) {
            if (QThread::currentThread() == thread)
                done(std::move(result));
            else
                mailbox->post(
                    [done, result = std::move(result)]() mutable { done(std::move(result)); });
        };
    }

    /// Runs `work` in another thread, then `done` with what it returned in this one.
    template <class Work, class Done>
    void inBackground(const Answerer &to, Work work, Done done)
    {
        constexpr int most = 4; // under way at a time
        if (m_backgroundWork >= most) {
            fail(to, Error{Code::OVERLOADED});
            return;
        }
        ++m_backgroundWork;
        m_background.start(
            [this, mailbox = m_mailbox, work = std::move(work), done = std::move(done)] {
                mailbox->post([this, done, result = work()] {
                    --m_backgroundWork;
                    done(result);
                });
            });
    }

    // Parts of requests
    std::optional<JsonDocument> readBody(const Call &call);
    bool chooseAccount(Call &call);
    bool hasNoBody(const Call &call);
    bool allowOnly(const Call &call, std::initializer_list<std::string_view> allowed);
    std::optional<Paging> paging(const Call &call, std::size_t defaultLimit = 50,
                                 std::size_t most = 100);
    /// The account of `account_id` and `user_id` in the query: the caller's own, for admins any or
    /// none. False (with an answer given) when refused.
    bool accountFilter(const Call &call, std::optional<AccountNo> &account);
    std::optional<AccountNo> oneAccount(const Call &call);
    const Instrument *symbolParameter(const Call &call, bool useDefault, bool &refused);
    bool practiceDesk(const Call &call);
    bool practiceDesk(const Answerer &to, const Query &query);
    /// A number of the query within bounds, or `otherwise`; nothing (with an answer given) when refused.
    std::optional<std::int64_t> wholeParameter(const Call &call, const char *field,
                                               std::int64_t least, std::int64_t most,
                                               std::int64_t otherwise);
    std::optional<bool> flagParameter(const Call &call, const char *field); // false when absent
    void ensureAccount(const User &user, std::function<void(Result<AccountNo>)> done);
    std::string_view usernameFor(const Call &call, std::optional<AccountNo> account) const;

    // Routes: orders
    void placeOrder(Call &call);
    void listOrders(Call &call);
    void getOrder(Call &call);
    void amendOrder(Call &call);
    void validateAmendment(Call &call);
    void cancelOrder(Call &call);
    void cancelAllOrders(Call &call);
    void orderExecutions(Call &call);
    void placeBatch(Call &call);
    void validateOrder(Call &call);
    struct OrderRequest {
        PlaceOrder order;
        const Instrument *instrument = nullptr;
        std::string priceText;        // as given
        bool fractionalPrice = false; // finer than the instrument's prices: the order is refused
        bool priceInThousands = false;
    };
    struct Amendment {
        OrderRequest request;
        OrderRecord order;
        AmendOrder amend;
    };
    static Error versionMismatch(const EntityTags &tags, const OrderRecord &order);
    /// Refuses by itself, through `refuse`, what is wrong with the fields or not the caller's.
    void readAmendment(std::string_view id, std::shared_ptr<const JsonDocument> fields,
                       std::string_view version, std::shared_ptr<const Caller> caller,
                       const Answerer &to, Members beside, OrderDone refuse,
                       std::function<void(const Answerer &to, Amendment amendment)> done);
    std::string previewJson(const OrderPreview &preview, const Instrument &instrument,
                            Language language) const;
    std::optional<OrderRequest> readOrder(JsonValue json, const Caller &caller,
                                          std::vector<Error> &errors, std::optional<Error> &refusal,
                                          const Instrument *before = nullptr,
                                          Members beside = {}) const;
    std::shared_ptr<Condition> readConditionOf(Body &body, const OrderRequest &request,
                                               const Caller &caller, std::optional<Error> &refusal,
                                               bool inner) const;
    void priceAsLimit(Body &body, OrderRequest &request, Condition &condition) const;
    Error fractionalPriceError(const OrderRequest &request) const;
    std::string hintFor(const Error &error, const OrderRequest &request, Language language) const;
    void answerOrder(const Answerer &to, const OrderRecord &order, int status, const Text &message,
                     bool location);
    void answerOutcome(const Answerer &to, const OrderOutcome &outcome);
    /// NOT_FOUND for another's order as for one that does not exist.
    void findOwnOrder(std::string_view id, std::shared_ptr<const Caller> caller,
                      std::function<void(Result<OrderRecord>)> done);
    void withOwnOrder(const Call &call, std::function<void(const OrderRecord &)> done);
    void resolveEnded(const Answerer &to, const Uuid &id, Code refusal, OrderDone done);

    void orderQueuePlace(Call &call);
    void getOrderStatistics(Call &call);
    struct TradedSums {
        std::int64_t executions = 0;
        Money bought, sold, fees, taxes;
    };
    struct OrderStatistics {
        OrderQuery orders;
        TradeQuery executions;
        std::vector<std::uint64_t> counts;        // by status
        std::map<std::string, TradedSums> traded; // by currency
    };
    void countByStatus(const Answerer &to, const std::shared_ptr<OrderStatistics> &statistics);
    void addExecutions(const Answerer &to, const std::shared_ptr<OrderStatistics> &statistics);
    void answerStatistics(const Answerer &to, const OrderStatistics &statistics);

    // Routes: market
    void listQuotes(Call &call);
    void listCandles(Call &call);
    void listIndices(Call &call);
    void addInstrument(Call &call);
    void changeInstrument(Call &call);
    void writeInstrumentRow(Call &call, std::string symbol); // empty: a new one
    void answerInstrument(const Answerer &to, const std::string &symbol, bool fresh,
                          const CommandResult &result);
    void getBook(Call &call);
    void listTrades(Call &call);
    void getTrade(Call &call);
    void listInstruments(Call &call);
    void getInstrument(Call &call);
    void listMarkets(Call &call);

    void haltInstrument(Call &call);
    void resumeInstrument(Call &call);
    void activateInstrument(Call &call);
    void deactivateInstrument(Call &call);
    void setInstrumentState(Call &call, SetInstrumentState::Action action);

    // Routes: money
    void getAccountFees(Call &call);
    void setAccountFees(Call &call);
    void getMargin(Call &call);
    void setMargin(Call &call);
    void endMargin(Call &call);
    void getBuyingPower(Call &call);
    void quoteCashAdvance(Call &call);
    void advanceCash(Call &call);
    void getRates(Call &call);
    void convertCash(Call &call);
    void settleTrade(Call &call);
    void decideTransaction(Call &call);
    bool mayRead(const Call &call, AccountNo account);
    void answerFees(const Answerer &to, AccountNo account, const Text &message);
    void answerMargin(const Answerer &to, AccountNo account, const Text &message);
    Balance balanceOf(AccountNo account, std::string_view currency) const;
    void withTrade(const Call &call, std::function<void(TradeRecord)> done);
    void addLegs(const Answerer &to, TradeRecord trade, std::shared_ptr<SettleTrade> settle,
                 bool buyer);
    void sendSettlement(const Answerer &to, const TradeRecord &trade, const SettleTrade &settle);

    // Routes: put-through deals
    void proposePutThrough(Call &call);
    void listPutThroughs(Call &call);
    void getPutThrough(Call &call);
    void acceptPutThrough(Call &call);
    void rejectPutThrough(Call &call);
    void cancelPutThrough(Call &call);
    void answerPutThrough(Call &call, AnswerPutThrough::Answer answer);
    void withPutThrough(const Call &call, std::function<void(const PutThroughRecord &)> done);
    std::optional<AccountNo> accountNamed(std::string_view text) const;

    // Routes: positions and assets
    void withPortfolio(const Answerer &to, const PortfolioQuery &query,
                       std::function<void(const Answerer &, const PortfolioAnswer &)> done);
    void listPositions(Call &call);
    void getPosition(Call &call);
    void getPortfolioSummary(Call &call);
    void listPositionChanges(Call &call);
    void getPerformance(Call &call);
    void whatIfPositions(Call &call);
    void getAssetBalance(Call &call);
    void listAssetBalances(Call &call);
    void listAssetTransactions(Call &call);
    void getUserPortfolio(Call &call);
    struct BaseCash {
        Money current, pending, owed;
        Time updatedAt; // of cash or positions
    };
    BaseCash baseCash(AccountNo account, const PortfolioAnswer &portfolio) const;
    void answerPerformance(const Answerer &to, AccountNo account, Period period,
                           const std::string &benchmark, const PortfolioAnswer &portfolio);
    void writeUserPortfolio(JsonWriter &json, AccountNo account, const std::string &username,
                            const PortfolioAnswer &portfolio) const;

    // Routes: account
    void getBalance(Call &call);
    void moveOwnCash(Call &call, bool in);
    void depositCash(Call &call);
    void withdrawCash(Call &call);
    void listCashEntries(Call &call);
    void getProfile(Call &call);
    void getTradingSession(Call &call);
    void listAccounts(Call &call);
    void addAccount(Call &call);
    void openFurther(const User &user);
    void openAccount(const User &user, const FurtherAccount &account,
                     std::function<void(const FurtherAccount &, const Error &)> done);
    void getMarketSchedule(Call &call);
    void getPermissions(Call &call);
    void getActivitySummary(Call &call);
    struct ActivityAnswer {
        Date from, to;
        std::map<std::uint16_t, Activity> byCurrency;
        OrderQuery orders;
        std::vector<std::uint64_t> counts;
    };
    void countOrders(const Answerer &to, const std::shared_ptr<ActivityAnswer> &activity,
                     std::size_t next);
    void writeActivity(JsonWriter &json, const ActivityAnswer &activity) const;

    // Routes: corporate actions
    void listCorporateActions(Call &call);
    void getCorporateAction(Call &call);
    void announceCorporateAction(Call &call);
    void withdrawCorporateAction(Call &call);
    void electRights(Call &call);
    void answerCorporateAction(const Answerer &to, const CorporateAction &action, int status);

    // Routes: imports of statements
    void previewStatementFile(Call &call);
    void answerPreview(const Answerer &to, const Caller &caller, AccountNo account,
                       const std::string &fileName, const Result<ImportPreview> &preview,
                       std::size_t most);
    void answerImport(const Answerer &to, const Text &text, const ImportOutcome &outcome);
    void applyImport(Call &call);
    void undoImport(Call &call);
    void listImports(Call &call);
    void getImport(Call &call);
    bool mayChange(const Call &call);

    // Routes: exports and yearly statements
    void exportFile(Call &call);
    void yearStatementFile(Call &call);
    void writeYear(const Answerer &to, YearStatement statement, Language language, bool pdf,
                   bool bom, const std::string &fileName);

    // Routes: risk
    void getRiskLimits(Call &call);
    void setRiskLimits(Call &call);
    void getRiskUsage(Call &call);
    void setKillSwitch(Call &call);
    void liftKillSwitch(Call &call);
    std::string riskLimitsJson(AccountNo account) const;
    std::optional<SetKillSwitch> readKillSwitch(const Call &call);
    void answerKillSwitch(const Answerer &to, AccountNo account, std::uint32_t cancelled);

    // Routes: auth
    void login(Call &call);
    void refresh(Call &call);
    void logout(Call &call);
    void registerUser(Call &call);
    void getAuthProfile(Call &call);
    void changeAuthProfile(Call &call);
    void answerSession(const Answerer &to, Result<Session> session);
    std::string profileJson(const User &user) const;

    // Routes: users and API keys
    void listUsers(Call &call);
    void addUser(Call &call);
    void getUser(Call &call);
    void changeUser(Call &call);
    void answerUser(const Answerer &to, const Result<User> &user, bool added);
    void listApiKeys(Call &call);
    void addApiKey(Call &call);
    void getApiKey(Call &call);
    void removeApiKey(Call &call);

    // Routes: practice
    void endowCash(Call &call);
    void endowSecurities(Call &call);
    void setForeign(Call &call);
    void getClock(Call &call);
    void setClock(Call &call);
    void nextSession(Call &call);
    void withAccount(const Call &call, std::function<void(AccountNo)> done);
    void resetPractice(Call &call);
    static std::string clockJson(const ClockState &clock);

    // Routes: recordings
    void listRecordings(Call &call);
    void startRecording(Call &call);
    void replayRecording(Call &call);
    void stopRecording(Call &call);
    void removeRecording(Call &call);
    Recordings *recordingsOf(const Call &call);

    // Routes: the desk itself
    void readAudit(Call &call);
    void answerAudit(const Answerer &to, const std::vector<AuditEntry> &entries, std::size_t most);
    void verifyAudit(Call &call);
    void listClients(Call &call);
    void readLog(Call &call);

    // Routes: system
    void getDescription(Call &call);
    void getDocs(Call &call);
    void health(Call &call);
    void healthLive(Call &call);
    void healthReady(Call &call);
    void healthDetailed(Call &call);
    void metrics(Call &call);

    struct CachedCaller {
        std::shared_ptr<const Caller> caller;
        std::int64_t expiresAt = 0;
    };
    struct CachedKey {
        std::shared_ptr<const Caller> caller;
        std::shared_ptr<const ApiKey> key;
    };

    const Options &m_options;
    TradingService &m_service;
    Identity &m_identity;
    HttpListener *m_listener = nullptr;
    const HttpListener::Counters *m_counters = nullptr;
    StreamHub *m_hub = nullptr;
    QThread *m_thread;
    std::shared_ptr<Mailbox> m_mailbox;
    MarketView m_market;
    Router<Route> m_router;
    std::unordered_map<std::uint64_t, PendingCommand> m_pending;
    std::uint64_t m_nextCommand = 1;
    StringMap<CachedCaller> m_callers;
    StringMap<CachedKey> m_keys;
    std::uint64_t m_callersEpoch = 0;
    std::uint64_t m_requestBase;
    std::uint64_t m_nextRequest = 0;
    std::int64_t m_startedAt;
    ImportPreviews m_previews;
    std::size_t m_previewsUnderWay = 0;
    RequestMetrics m_metrics;
    RateLimits m_rates;
    IdempotencyStore *m_idempotency = nullptr;
    bool m_stopping = false;
    std::int64_t m_logSecond = 0, m_logged = 0, m_unlogged = 0;
    int m_backgroundWork = 0;
    std::stop_source m_stop;
    // The last: they wait for their work before anything else goes.
    QThreadPool m_workers, m_background;
};

} // namespace khop::server
