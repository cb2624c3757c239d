// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/api.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "server/api/openapi.h"
#include "server/ws/stream_hub.h"

#include <QtCore/qrandom.h>
#include <QtNetwork/qtcpsocket.h>

#include <algorithm>
#include <exception>

namespace khop::server {

Api::Api(const Options &options, TradingService &service, Identity &identity, QObject &context)
    : m_options(options)
    , m_service(service)
    , m_identity(identity)
    , m_thread(QThread::currentThread())
    , m_mailbox(std::make_shared<Mailbox>(
          &context, [this](Mailbox::Content content) { openMail(std::move(content)); }))
    , m_market(service, identity)
    , m_requestBase(QRandomGenerator::global()->generate64())
    , m_startedAt(WallClock().now().ms)
    , m_rates(options.rates)
{
    m_workers.setMaxThreadCount(1);
    m_workers.start(prepareDocs);
    m_background.setMaxThreadCount(2);
    addRoutes();
}

Api::~Api()
{
    m_stop.request_stop();
    m_mailbox->close();
}

std::string Api::newRequestId() { return hexOf(m_requestBase + m_nextRequest++); }

void Api::close()
{
    m_mailbox->close();
    m_pending.clear();
    m_listener = nullptr;
}

void Api::setListener(HttpListener *listener, const HttpListener::Counters *counters)
{
    m_listener = listener;
    m_counters = counters;
}

/// Whoever has several accounts says in the query which one the request is about; else it is the first.
/// Another's is refused here, but for administrators, who read others' where a route has it.
bool Api::chooseAccount(Call &call)
{
    const std::optional<std::string_view> text = call.query.get("account_id");
    if (!text || !call.caller)
        return true;
    const Caller::Own *own = call.caller->own(Uuid::parse(*text));
    if (!own) {
        if (!call.caller->isAdmin())
            failQuery(call.to, Error{Code::FORBIDDEN, "account_id"});
        return call.caller->isAdmin();
    }
    call.accountChosen = true;
    if (own->no == call.caller->account)
        return true;
    auto chosen = std::make_shared<Caller>(*call.caller);
    chosen->claims.accountId = own->id;
    chosen->account = own->no;
    call.caller = std::move(chosen);
    return true;
}

bool Api::refuseUpgrade(const HttpRequest &request, ReplyToken token)
{
    const Answerer to{token, newRequestId(), preferredLanguage(request.header("accept-language"))};
    if (!m_hub || !StreamHub::isStream(request.path)) {
        fail(to, Error{Code::NOT_FOUND});
        return true;
    }
    if (m_stopping) {
        fail(to, Error{Code::SHUTTING_DOWN});
        return true;
    }
    const std::string_view origin = request.header("origin");
    if (!origin.empty()) {
        const std::size_t scheme = origin.find("://");
        const bool listed =
            std::find(m_options.allowedOrigins.begin(), m_options.allowedOrigins.end(), origin)
            != m_options.allowedOrigins.end();
        const bool served =
            scheme != std::string_view::npos
            && (request.scheme.empty() || origin.substr(0, scheme) == request.scheme)
            && m_listener->hostIsAllowed(origin.substr(scheme + 3));
        if (!listed && !served) {
            fail(to, Error{Code::FORBIDDEN, "Origin", std::string(origin.substr(0, 100))});
            return true;
        }
    }
    if (request.header("sec-websocket-version") != "13" || request.http10
        || !isKey(request.header("sec-websocket-key"))) {
        Response response = problem(Error{Code::MALFORMED_REQUEST}, to.requestId, to.language,
                                    {.detail = "The WebSocket handshake is malformed."});
        response.headers.emplace_back("Sec-WebSocket-Version", "13");
        answer(to, response);
        return true;
    }
    std::shared_ptr<const Caller> caller;
    if (!request.header("authorization").empty() || !request.header("x-api-key").empty()) {
        Result<std::shared_ptr<const Caller>> known = authenticate(request);
        if (!known) {
            fail(to, known.error());
            return true;
        }
        caller = std::move(*known);
    }
    const Result<Query> query = Query::parse(request.query);
    const Result<void> known = query ? query->allowOnly({"symbol", "depth", "desk"})
                                     : Result<void>(std::unexpected(query.error()));
    if (!known) {
        failQuery(to, known.error());
        return true;
    }
    if (!practiceDesk(to, *query))
        return true;
    StreamRequest stream{request.path,
                         query->get("symbol").value_or(""),
                         query->get("depth").value_or(""),
                         request.header("sec-websocket-key"),
                         caller,
                         {},
                         to.language};
    if (caller && !caller->byKey)
        stream.token = request.header("authorization").substr(7);
    const Result<void> expected = m_hub->expect(stream);
    if (!expected) {
        failQuery(to, expected.error());
        return true;
    }
    return false;
}

void Api::takeSocket(QTcpSocket *socket) { m_hub->take(socket); }

ReplyBytes Api::refusalReply(const Refusal &refusal)
{
    const std::string requestId = newRequestId();
    return serialise(problem(Error{refusal.code}, requestId, Language::English,
                             {.status = refusal.status, .detail = refusal.what}),
                     requestId);
}

void Api::openMail(Mailbox::Content content)
{
    for (CommandResult &result : content.results) {
        const auto found = m_pending.find(result.token);
        if (found == m_pending.end())
            continue;
        const PendingCommand pending = std::move(found->second);
        m_pending.erase(found);
        const std::int64_t committedAt = result.committedAt;
        pending.done(pending.to, std::move(result));
        if (committedAt != 0)
            m_metrics.stages().reply.add(steadyNanoseconds() - committedAt);
        if (pending.to.trace)
            m_metrics.stages().whole.add(steadyNanoseconds() - pending.to.trace->begunAt);
    }
    for (Mailbox::Task &task : content.tasks)
        task();
    if (m_listener)
        m_listener->flush();
    if (m_hub)
        m_hub->flushWrites();
}

void Api::submit(CommandBody body, const Answerer &to, Done done)
{
    if (to.trace)
        m_metrics.stages().parse.add(steadyNanoseconds() - to.trace->begunAt);
    const std::uint64_t token = m_nextCommand++;
    m_pending.emplace(token, PendingCommand{to, std::move(done)});
    m_service.submit(Command{{}, std::move(body)}, m_mailbox, token);
}

std::optional<JsonDocument> Api::readBody(const Call &call)
{
    Result<JsonDocument> document = JsonDocument::parsePadded(call.request.body);
    if (!document) {
        fail(call.to, document.error());
        return std::nullopt;
    }
    if (!document->root().isObject()) {
        fail(call.to, Error{Code::VALIDATION_ERROR, {}, {}, "an object"});
        return std::nullopt;
    }
    return std::move(*document);
}

/// Of a request that takes no body: none, or an empty object.
bool Api::hasNoBody(const Call &call)
{
    if (call.request.body.empty())
        return true;
    const std::optional<JsonDocument> document = readBody(call);
    if (!document)
        return false;
    const Body body(document->root(), {});
    if (!body.mistakes().empty())
        fail(call.to, body.mistakes());
    return body.mistakes().empty();
}

bool Api::allowOnly(const Call &call, std::initializer_list<std::string_view> allowed)
{
    const Result<void> known =
        call.query.allowOnly(allowed, call.accountChosen ? "account_id" : std::string_view{});
    if (!known)
        failQuery(call.to, known.error());
    return known.has_value();
}

std::optional<Paging> Api::paging(const Call &call, std::size_t defaultLimit, std::size_t most)
{
    Result<Paging> paging = Paging::from(call.query, defaultLimit, most);
    if (paging)
        return *paging;
    failQuery(call.to, paging.error());
    return std::nullopt;
}

bool Api::accountFilter(const Call &call, std::optional<AccountNo> &account)
{
    const Caller &caller = *call.caller;
    const std::optional<std::string_view> accountText = call.query.get("account_id");
    const std::optional<std::string_view> userText = call.query.get("user_id");
    const std::optional<Uuid> userId = userText ? Uuid::parse(*userText) : std::nullopt;
    std::optional<Uuid> accountId = accountText ? Uuid::parse(*accountText) : std::nullopt;
    if ((userText && userId != caller.claims.userId)
        || (accountText && accountId != caller.claims.accountId)) {
        if (!caller.isAdmin()) {
            failQuery(call.to, Error{Code::FORBIDDEN, userText ? "user_id" : "account_id"});
            return false;
        }
        if (userText) {
            const std::optional<User> user = userId ? m_identity.user(*userId) : std::nullopt;
            accountId = user ? std::optional(user->accountId) : std::nullopt;
        }
        const std::optional<AccountInfo> info =
            accountId ? m_service.findAccount(*accountId) : std::nullopt;
        if (!info) {
            failQuery(call.to, Error{Code::ACCOUNT_UNKNOWN, userText ? "user_id" : "account_id"});
            return false;
        }
        account = info->no;
        return true;
    }
    if (!caller.isAdmin() || accountText || userText)
        account = caller.account;
    return true;
}

std::optional<AccountNo> Api::oneAccount(const Call &call)
{
    std::optional<AccountNo> account;
    if (!accountFilter(call, account))
        return std::nullopt;
    return account.value_or(call.caller->account);
}

std::string_view Api::usernameFor(const Call &call, std::optional<AccountNo> account) const
{
    return account ? std::string_view(m_market.account(*account).username)
                   : std::string_view(call.caller->claims.username);
}

const Instrument *Api::symbolParameter(const Call &call, bool useDefault, bool &refused)
{
    refused = false;
    std::optional<std::string_view> symbol = call.query.get("symbol");
    const std::optional<std::string_view> asset = call.query.get("asset_id");
    if (symbol && asset && upperCase(*symbol) != upperCase(*asset)) {
        refused = true;
        failQuery(call.to, Error{Code::VALIDATION_ERROR, "asset_id", shortened(*asset, 32),
                                 "the same as symbol"});
        return nullptr;
    }
    if (!symbol)
        symbol = asset;
    if (!symbol && useDefault) {
        if (m_options.defaultSymbol.empty()) {
            refused = true;
            failQuery(call.to, Error{Code::REQUIRED, "symbol"});
            return nullptr;
        }
        symbol = m_options.defaultSymbol;
    }
    if (!symbol)
        return nullptr;
    const Instrument *instrument = m_market.find(*symbol);
    if (!instrument) {
        refused = true;
        failQuery(call.to, Error{Code::INSTRUMENT_UNKNOWN, "symbol", shortened(*symbol, 32)});
    }
    return instrument;
}

bool Api::practiceDesk(const Call &call) { return practiceDesk(call.to, call.query); }

bool Api::practiceDesk(const Answerer &to, const Query &query)
{
    const std::string_view desk = query.get("desk").value_or("practice");
    if (desk == "practice")
        return true;
    if (desk == "live")
        failQuery(to, Error{Code::VENUE_UNAVAILABLE, "desk", "live"});
    else
        failQuery(to, Error{Code::VALIDATION_ERROR, "desk", shortened(desk, 32), "practice, live"});
    return false;
}

void Api::ensureAccount(const User &user, std::function<void(Result<AccountNo>)> done)
{
    if (const std::optional<AccountInfo> info = m_service.findAccount(user.accountId)) {
        done(info->no);
        return;
    }
    submit(OpenAccount{user.accountId, user.username}, {},
           [this, id = user.accountId, foreign = user.foreign,
            done = std::move(done)](const Answerer &, CommandResult result) {
               // Somebody may have opened it meanwhile.
               const std::optional<AccountInfo> info = m_service.findAccount(id);
               if (!info) {
                   done(std::unexpected(result.ok() ? Error{Code::ACCOUNT_UNKNOWN} : result.error));
                   return;
               }
               if (!foreign || info->foreign) {
                   done(info->no);
                   return;
               }
               submit(SetAccountForeign{info->no, true}, {},
                      [no = info->no, done](const Answerer &, CommandResult set) {
                          if (set.ok())
                              done(no);
                          else
                              done(std::unexpected(set.error));
                      });
           });
}

} // namespace khop::server
