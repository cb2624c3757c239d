// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/rate_limits.h"

#include <algorithm>

namespace khop::server {

RateState RateLimits::take(Buckets &buckets, std::string_view policy, std::string_view name,
                           std::int64_t limit, int window, std::int64_t now, std::int64_t tokens)
{
    constexpr std::int64_t token = 1'000'000;
    const std::int64_t full = limit * token;
    const auto levelAt = [&](const Bucket &bucket) {
        // A long pause fills it; the bound keeps the product small.
        const std::int64_t elapsed = std::min<std::int64_t>(now - bucket.at, window * 1000);
        return std::min(full, bucket.level + elapsed * limit * (token / 1000) / window);
    };
    auto found = buckets.find(name);
    if (found == buckets.end()) {
        // A full bucket is as good as none.
        if (buckets.size() >= mostBuckets)
            std::erase_if(buckets,
                          [&](const auto &entry) { return levelAt(entry.second) == full; });
        if (buckets.size() >= mostBuckets)
            buckets.erase(buckets.begin());
        found = buckets.emplace(std::string(name), Bucket{full, now}).first;
    }
    Bucket &bucket = found->second;
    bucket.level = levelAt(bucket);
    bucket.at = now;

    RateState state{policy, limit, window};
    const std::int64_t wanted = tokens * token;
    const auto secondsFor = [&](std::int64_t level) { // rounded up
        return (level * window + full - 1) / full;
    };
    if (bucket.level < wanted) {
        state.refused = true;
        state.retryAfter =
            std::max<std::int64_t>(1, secondsFor(std::min(wanted, full) - bucket.level));
    } else {
        bucket.level -= wanted;
    }
    state.remaining = bucket.level / token;
    state.reset = secondsFor(full - bucket.level);
    return state;
}

} // namespace khop::server
