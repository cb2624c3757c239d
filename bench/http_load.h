// SPDX-License-Identifier: GPL-3.0-or-later
// Load on an HTTP server: keep-alive connections with one outstanding request each, driven by epoll
// on one thread, so that the client takes as little of the computer as it can.
#pragma once

#include "loopback.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace khop::bench {

struct LoadResult {
    double seconds = 0;
    std::vector<std::int64_t> latencies;         // nanoseconds of the requests answered 2xx, sorted
    std::map<std::string, std::uint64_t> errors; // "status/CODE", or what went wrong below HTTP

    /// The latency that `percent` of the requests stay within, in nanoseconds.
    std::int64_t percentile(double percent) const;
};

struct LoadPlan {
    std::size_t connections = 64;
    int seconds = 8;
    std::int64_t rate =
        0; // requests a second, all connections together; 0: as fast as answers come
    /// Puts the next request's bytes of a connection into an empty string.
    std::function<void(std::size_t connection, std::string &request)> next;
};

/// The error is one that leaves nothing to measure: nobody listens, the system refuses.
std::expected<LoadResult, std::string> putLoad(const LoopbackAddress &address,
                                               const LoadPlan &plan);

/// One line of JSON on standard output.
void printLoad(const LoadResult &result, std::size_t connections, std::size_t accounts);

} // namespace khop::bench
