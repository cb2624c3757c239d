// SPDX-License-Identifier: GPL-3.0-or-later
// How many requests a second a user, an address and a login form may make. A bucket per name holds one
// second's worth of tokens (for logins a minute's) and refills steadily.
#pragma once

#include "server/api/router.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace khop::server {

struct RateOptions {
    std::int64_t requests = 100'000; // a second, of one user; an address may make twice as many
    std::int64_t logins = 300;       // a minute, from one address: log in, refresh, register
};

/// What a bucket says after a request.
struct RateState {
    std::string_view policy; // principal, address or login
    std::int64_t limit = 0;  // tokens per window
    int window = 1;          // seconds
    std::int64_t remaining = 0;
    std::int64_t reset = 0; // seconds until the bucket is full
    bool refused = false;
    std::int64_t retryAfter = 0; // seconds, when refused
};

class RateLimits
{
public:
    explicit RateLimits(RateOptions options) : m_options(options) {}

    /// Takes tokens from the bucket, or none of them and says so. `now` in steady milliseconds.
    RateState takePrincipal(std::string_view user, std::int64_t now, std::int64_t tokens = 1)
    {
        return take(m_principals, "principal", user, m_options.requests, 1, now, tokens);
    }
    RateState takeAddress(std::string_view address, std::int64_t now)
    {
        return take(m_addresses, "address", address, m_options.requests * 2, 1, now, 1);
    }
    RateState takeLogin(std::string_view address, std::int64_t now)
    {
        return take(m_logins, "login", address, m_options.logins, 60, now, 1);
    }

private:
    struct Bucket {
        std::int64_t level = 0; // millionths of a token
        std::int64_t at = 0;    // steady milliseconds
    };
    using Buckets = StringMap<Bucket>;
    static constexpr std::size_t mostBuckets = 10'000;

    static RateState take(Buckets &buckets, std::string_view policy, std::string_view name,
                          std::int64_t limit, int window, std::int64_t now, std::int64_t tokens);

    RateOptions m_options;
    Buckets m_principals, m_addresses, m_logins;
};

} // namespace khop::server
