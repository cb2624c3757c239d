// SPDX-License-Identifier: GPL-3.0-or-later
// A request's way to its route, and its answer's way back: rates, who may, what was asked before, and
// what is counted and logged of it.
#include "server/api/api.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "base/utf8.h"
#include "server/json/writer.h"
#include "server/ws/stream_hub.h"

#include <exception>

namespace khop::server {

namespace {

bool isRequestId(std::string_view text)
{
    static constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    return !text.empty() && text.size() <= 64
           && text.find_first_not_of(allowed) == std::string_view::npos;
}

bool isJson(std::string_view contentType)
{
    const std::size_t end = contentType.find(';');
    std::string_view type = contentType.substr(0, end);
    while (!type.empty() && type.back() == ' ')
        type.remove_suffix(1);
    if (!equalsIgnoringCase(type, "application/json"))
        return false;
    if (end == std::string_view::npos)
        return true;
    std::string_view parameter = contentType.substr(end + 1);
    while (!parameter.empty() && parameter.front() == ' ')
        parameter.remove_prefix(1);
    return equalsIgnoringCase(parameter, "charset=utf-8")
           || equalsIgnoringCase(parameter, "charset=\"utf-8\"");
}

/// What the text is written in is found from its bytes, whatever a charset says.
bool isFile(std::string_view contentType)
{
    std::string_view type = contentType.substr(0, contentType.find(';'));
    while (!type.empty() && type.back() == ' ')
        type.remove_suffix(1);
    return equalsIgnoringCase(type, "text/csv")
           || equalsIgnoringCase(type, "application/octet-stream");
}

bool isProxied(const HttpRequest &request)
{
    return !request.header("x-forwarded-for").empty() || !request.header("forwarded").empty()
           || !request.header("x-real-ip").empty();
}

bool isSafe(Method method)
{
    return method == Method::Get || method == Method::Head || method == Method::Options;
}

// Answers of these hold secrets, and are not kept for a second sending.
bool holdsSecrets(std::string_view pattern)
{
    return pattern.starts_with("/auth/") || pattern.starts_with("/users");
}

std::string rateHeaders(const RateState &rate)
{
    const std::string policy(rate.policy);
    const std::string limit = std::to_string(rate.limit);
    const std::string remaining = std::to_string(rate.remaining);
    const std::string reset = std::to_string(rate.reset);
    std::string head;
    head.reserve(192);
    head.append("RateLimit-Policy: \"").append(policy).append("\";q=").append(limit);
    head.append(";w=").append(std::to_string(rate.window)).append("\r\nRateLimit: \"");
    head.append(policy).append("\";r=").append(remaining).append(";t=").append(reset);
    head.append("\r\nX-RateLimit-Limit: ").append(limit);
    head.append("\r\nX-RateLimit-Remaining: ").append(remaining);
    head.append("\r\nX-RateLimit-Reset: ").append(reset).append("\r\n");
    return head;
}

// Nothing happened, and it may be sent again under the same key.
bool wasNotCarriedOut(int status)
{
    return status == 401 || status == 403 || status == 408 || status == 429 || status == 503;
}

} // namespace

void Api::receive(const HttpRequest &request, ReplyToken token)
{
    Answerer to{token, {}, Language::English};
    const std::string_view given = request.header("x-request-id");
    to.requestId = isRequestId(given) ? std::string(given) : newRequestId();
    if (const std::string_view accepted = request.header("accept-language"); !accepted.empty())
        to.language = preferredLanguage(accepted);
    to.trace = std::make_shared<RequestTrace>();
    to.trace->begunAt = steadyNanoseconds();
    to.trace->method = request.method;
    to.trace->peer = request.peer;
    // Nothing a route throws may reach the transport.
    try {
        dispatch(request, to);
    } catch (const std::exception &) {
        fail(to, Error{Code::INTERNAL_ERROR});
    }
}

void Api::dispatch(const HttpRequest &request, Answerer to)
{
    const std::int64_t now = to.trace->begunAt / 1'000'000;
    to.trace->rate = m_rates.takeAddress(request.peer, now);
    if (to.trace->rate.refused) {
        failRate(to);
        return;
    }
    auto match = m_router.find(request.path);
    if (!match.methods) {
        if (m_hub && StreamHub::isStream(request.path)) {
            Response upgrade =
                problem(Error{Code::MALFORMED_REQUEST}, to.requestId, to.language,
                        {.status = 426, .detail = "This resource speaks WebSocket."});
            upgrade.headers.emplace_back("Upgrade", "websocket");
            answer(to, std::move(upgrade));
            return;
        }
        fail(to, Error{Code::NOT_FOUND});
        return;
    }
    const Method method = request.method == Method::Head ? Method::Get : request.method;
    const std::optional<Route> &route = (*match.methods)[static_cast<std::size_t>(method)];
    if (!route) {
        answerNoMethod(to, *match.methods, method);
        return;
    }
    to.trace->route = route->metrics;
    if (m_stopping && !isSafe(method)) {
        fail(to, Error{Code::SHUTTING_DOWN});
        return;
    }

    std::shared_ptr<const Caller> caller;
    if (route->access == Access::Local) {
        if (!hasMetricsToken(request) && (!request.peerIsLoopback || isProxied(request))) {
            fail(to, Error{Code::FORBIDDEN});
            return;
        }
    } else if (route->access != Access::Public) {
        Result<std::shared_ptr<const Caller>> known = authenticate(request);
        if (!known) {
            fail(to, known.error());
            return;
        }
        caller = std::move(*known);
        to.trace->caller = caller;
        to.trace->rate = m_rates.takePrincipal(caller->rateName, now);
        if (to.trace->rate.refused) {
            failRate(to);
            return;
        }
        if (!mayTake(*route, method, *caller)) {
            fail(to, Error{Code::FORBIDDEN});
            return;
        }
    } else if (method == Method::Post) { // log in, refresh, register
        to.trace->rate = m_rates.takeLogin(request.peer, now);
        if (to.trace->rate.refused) {
            failRate(to);
            return;
        }
    }
    if (!request.body.empty() && method != Method::Get && method != Method::Delete
        && !(route->file ? isFile(request.header("content-type"))
                         : isJson(request.header("content-type")))) {
        fail(to, Error{Code::UNSUPPORTED_MEDIA_TYPE,
                       {},
                       shortened(request.header("content-type"), 64),
                       route->file ? "text/csv, application/octet-stream" : "application/json"});
        return;
    }
    if (!isSafe(method) && caller && takeOnce(request, to, *route, match.parameters, caller))
        return;
    carryOut(request, std::move(to), *route, std::move(match.parameters), std::move(caller));
}

void Api::answerNoMethod(const Answerer &to, const Router<Route>::Methods &methods, Method method)
{
    std::string allow;
    for (int i = 0; i < methodCount; ++i) {
        if (!methods[static_cast<std::size_t>(i)])
            continue;
        allow += (allow.empty() ? "" : ", ") + std::string(name(static_cast<Method>(i)));
        if (static_cast<Method>(i) == Method::Get)
            allow += ", HEAD";
    }
    allow += ", OPTIONS";
    Response response;
    if (method == Method::Options)
        response.status = 204;
    else
        response = problem(Error{Code::METHOD_NOT_ALLOWED}, to.requestId, to.language);
    response.headers.emplace_back("Allow", allow);
    answer(to, std::move(response));
}

void Api::carryOut(const HttpRequest &request, Answerer to, const Route &route,
                   std::vector<std::string> parameters, std::shared_ptr<const Caller> caller)
{
    Result<Query> query = Query::parse(request.query);
    if (!query) {
        failQuery(to, query.error());
        return;
    }
    Call call{std::move(to), request, std::move(*query), std::move(parameters), std::move(caller)};
    if (chooseAccount(call) && (!route.bare || hasNoBody(call)))
        (this->*route.handler)(call);
}

void Api::failRate(const Answerer &to)
{
    ++m_metrics.limited;
    const std::string seconds = std::to_string(to.trace->rate.retryAfter);
    fail(to, Error{Code::RATE_LIMITED, {}, {}, seconds});
}

bool Api::takeOnce(const HttpRequest &request, const Answerer &to, const Route &route,
                   const std::vector<std::string> &parameters,
                   const std::shared_ptr<const Caller> &caller)
{
    constexpr std::string_view headerName = "idempotency-key";
    const std::string_view key = request.header(headerName);
    if (!m_idempotency || holdsSecrets(route.metrics->pattern))
        return false;
    if (key.empty()) {
        const bool given = std::ranges::any_of(request.headers, [&](const Header &header) {
            return equalsIgnoringCase(header.name, headerName);
        });
        if (!given)
            return false;
    }
    if (!IdempotencyStore::isKey(key)) {
        fail(to,
             Error{Code::VALIDATION_ERROR, "Idempotency-Key",
                   key.size() <= 64 ? std::string(key) : std::string(),
                   "1-255 visible ASCII characters"},
             {.status = 400});
        return true;
    }
    const std::string principal = caller->claims.userId.text();
    std::string id = IdempotencyStore::digest({principal, key});
    std::string fingerprint =
        IdempotencyStore::digest({name(request.method), request.path, request.query,
                                  request.header("if-match"), request.body});
    // The request's bytes are gone once this returns.
    auto owned = std::make_shared<const OwnedRequest>(request);
    auto go = [this, owned, to, route = &route, parameters, caller,
               id](const IdempotencyStore::Outcome &outcome) mutable {
        using Verdict = IdempotencyStore::Verdict;
        switch (outcome.verdict) {
        case Verdict::Begin:
            to.trace->idempotencyId = id;
            try {
                carryOut(owned->request(), to, *route, parameters, caller);
            } catch (const std::exception &) {
                fail(to, Error{Code::INTERNAL_ERROR});
            }
            return;
        case Verdict::Answered: {
            ++m_metrics.replays;
            Response again = outcome.answer;
            again.headers.emplace_back("Idempotency-Replayed", "true");
            answer(to, std::move(again));
            return;
        }
        case Verdict::Different:
            fail(to, Error{Code::IDEMPOTENCY_KEY_REUSED, "Idempotency-Key"});
            return;
        case Verdict::UnderWay: fail(to, Error{Code::REQUEST_UNDER_WAY, "Idempotency-Key"}); return;
        case Verdict::Unknown:
            fail(
                to, Error{Code::UNKNOWN_OUTCOME},
                {.status = 409,
                 .detail = to.language == Language::Vietnamese
                               ? "Máy chủ đã dừng khi đang xử lý yêu cầu này: hãy kiểm tra kết quả "
                                 "trước khi gửi lại với Idempotency-Key mới."
                               : "The server stopped while it carried this request out: look at "
                                 "what came of it before sending it under a new Idempotency-Key."});
            return;
        case Verdict::TooMany: fail(to, Error{Code::OVERLOADED, "Idempotency-Key"}); return;
        case Verdict::Broken: fail(to, Error{Code::STORE_ERROR}); return;
        }
    };
    m_idempotency->begin(principal, id, std::move(fingerprint),
                         [mailbox = m_mailbox, go](IdempotencyStore::Outcome outcome) {
                             mailbox->post(
                                 [go, outcome = std::move(outcome)]() mutable { go(outcome); });
                         });
    return true;
}

// Answering

void Api::answer(const Answerer &to, Response response)
{
    if (to.trace)
        finish(to, response);
    if (m_listener)
        m_listener->reply(to.token, serialise(response, to.requestId));
}

void Api::finish(const Answerer &to, Response &response)
{
    RequestTrace &trace = *to.trace;
    const std::int64_t took = steadyNanoseconds() - trace.begunAt;
    m_metrics.count(trace.route, response.status, took);
    if (!trace.idempotencyId.empty()) {
        if (wasNotCarriedOut(response.status))
            m_idempotency->release(trace.idempotencyId);
        else
            m_idempotency->finish(trace.idempotencyId, response);
        trace.idempotencyId.clear();
    }
    if (trace.rate.limit > 0)
        response.head = rateHeaders(trace.rate);
    if (m_options.log)
        logRequest(to, response.status, took);
}

void Api::logRequest(const Answerer &to, int status, std::int64_t nanoseconds)
{
    const RequestTrace &trace = *to.trace;
    const LogLevel level = status >= 500                                     ? LogLevel::Error
                           : status == 401 || status == 403 || status == 429 ? LogLevel::Warning
                           : isSafe(trace.method)                            ? LogLevel::Debug
                                                                             : LogLevel::Info;
    if (!m_options.log->wants(level) || !fitsTheLog(level))
        return;
    JsonWriter json;
    json.field("method", name(trace.method));
    json.field("route", trace.route ? std::string_view(trace.route->pattern) : "none");
    json.numberField("status", status);
    json.key("duration_ms").raw(formatDecimal(nanoseconds / 1000, 3));
    if (!trace.code.empty())
        json.field("code", trace.code);
    if (trace.order)
        json.field("order_id", trace.order->text());
    if (trace.caller) {
        json.field("account_id", trace.caller->claims.accountId.text());
        json.field("username", trace.caller->claims.username);
    }
    json.field("peer", trace.peer);
    const std::string_view message = !trace.event.empty() ? trace.event
                                     : status < 400       ? "Request answered"
                                                          : "Request refused";
    m_options.log->write(level, message, to.requestId, json.text());
}

/// A flood of requests that went well is counted and not written: the journal has what they did.
bool Api::fitsTheLog(LogLevel level)
{
    constexpr std::int64_t mostPerSecond = 1'000;
    if (level != LogLevel::Info)
        return true;
    const std::int64_t second = steadyNanoseconds() / 1'000'000'000;
    if (second != m_logSecond) {
        if (m_unlogged > 0)
            m_options.log->write(LogLevel::Info,
                                 std::to_string(m_unlogged) + " further requests were answered");
        m_logSecond = second;
        m_logged = m_unlogged = 0;
    }
    if (m_logged < mostPerSecond) {
        ++m_logged;
        return true;
    }
    ++m_unlogged;
    return false;
}

void Api::succeed(const Answerer &to, int status, const Text &message, std::string_view data)
{
    if (to.trace)
        to.trace->event = message.english;
    answer(to, success(status, message, data, to.requestId, to.language));
}

void Api::fail(const Answerer &to, const Error &error, const ProblemOptions &options)
{
    if (to.trace)
        to.trace->code = codeName(error.code);
    answer(to, problem(error, to.requestId, to.language, options));
}

void Api::failQuery(const Answerer &to, const Error &error) { fail(to, error, {.inQuery = true}); }

void Api::failBody(const Answerer &to, const Error &error)
{
    if (error.field.empty())
        fail(to, error);
    else
        fail(to, std::vector{error});
}

void Api::fail(const Answerer &to, const std::vector<Error> &errors)
{
    if (to.trace)
        to.trace->code = codeName(errors.front().code);
    answer(to, problems(errors, to.requestId, to.language));
}

} // namespace khop::server
