// SPDX-License-Identifier: GPL-3.0-or-later
// What the requests of one HTTP thread came to, by route: statuses and durations.
#pragma once

#include "base/histogram.h"
#include "server/http/request.h"
#include "server/observe/metrics_text.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace khop::server {

class RequestMetrics
{
public:
    struct Route {
        Method method = Method::Get;
        std::string pattern; // "/orders/{id}", so that labels stay few
        std::vector<std::pair<int, std::uint64_t>> statuses;
        DurationHistogram duration;
    };
    /// The stages of a command's way that this thread sees; the desk knows the others.
    struct Stages {
        DurationHistogram parse; // from the request's last byte to the queue
        DurationHistogram reply; // from the commit to the answer's bytes
        DurationHistogram whole;
    };

    Route *addRoute(Method method, std::string_view pattern);
    void count(Route *route, int status, std::int64_t nanoseconds); // null: no route matched
    Stages &stages() { return m_stages; }
    std::uint64_t limited = 0;                      // requests refused for their rate
    std::uint64_t replays = 0;                      // answers given again for an Idempotency-Key
    std::uint64_t callerHits = 0, callerMisses = 0; // look-ups of tokens

    void write(MetricsText &text) const;

private:
    std::deque<Route> m_routes;
    Route m_unmatched;
    Stages m_stages;
};

} // namespace khop::server
