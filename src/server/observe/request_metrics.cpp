// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/request_metrics.h"

#include <algorithm>

namespace khop::server {

RequestMetrics::Route *RequestMetrics::addRoute(Method method, std::string_view pattern)
{
    Route &route = m_routes.emplace_back();
    route.method = method;
    route.pattern = pattern;
    return &route;
}

void RequestMetrics::count(Route *given, int status, std::int64_t nanoseconds)
{
    Route &route = given ? *given : m_unmatched;
    const auto known =
        std::ranges::find(route.statuses, status, &std::pair<int, std::uint64_t>::first);
    if (known == route.statuses.end())
        route.statuses.emplace_back(status, 1);
    else
        ++known->second;
    route.duration.add(nanoseconds);
}

void RequestMetrics::write(MetricsText &text) const
{
    const auto labels = [](const Route &route) {
        return "method=\"" + std::string(name(route.method)) + "\",route=\"" + route.pattern + '"';
    };
    text.family("khop_http_requests_total", "counter", "Requests answered, by route and status.");
    for (const Route &route : m_routes) {
        for (const auto &[status, count] : route.statuses)
            text.sample(labels(route) + ",status=\"" + std::to_string(status) + '"', count);
    }
    for (const auto &[status, count] : m_unmatched.statuses)
        text.sample(R"(method="other",route="none",status=")" + std::to_string(status) + '"',
                    count);

    text.family("khop_http_errors_total", "counter", "Answers with a status of 400 and more.");
    std::uint64_t caller = 0;
    std::uint64_t server = 0;
    const auto add = [&](const Route &route) {
        for (const auto &[status, count] : route.statuses) {
            caller += status >= 400 && status < 500 ? count : 0;
            server += status >= 500 ? count : 0;
        }
    };
    std::ranges::for_each(m_routes, add);
    add(m_unmatched);
    text.sample(R"(class="4xx")", caller);
    text.sample(R"(class="5xx")", server);

    text.family("khop_http_request_duration_seconds", "histogram",
                "From a request's last byte to its answer, by route.");
    for (const Route &route : m_routes) {
        if (!route.statuses.empty())
            text.histogram(labels(route), route.duration.counts());
    }

    text.counter("khop_http_rate_limited_total", "Requests refused for their rate.", limited);
    text.counter("khop_http_idempotent_replays_total",
                 "Answers given again for an Idempotency-Key.", replays);
    text.family("khop_cache_requests_total", "counter", "Look-ups in caches.");
    text.sample(R"(cache="tokens",result="hit")", callerHits);
    text.sample(R"(cache="tokens",result="miss")", callerMisses);
}

} // namespace khop::server
