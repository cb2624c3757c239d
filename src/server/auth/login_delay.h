// SPDX-License-Identifier: GPL-3.0-or-later
// Failed logins make the next attempt wait, longer each time up to a bound; nobody is locked out for
// good. Counted per user name and address, so that one address cannot delay another's user.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace khop::server {

class LoginDelay
{
public:
    /// Milliseconds to wait before an attempt is looked at; 0: go on.
    std::int64_t wait(const std::string &username, const std::string &address, std::int64_t now);
    void failed(const std::string &username, const std::string &address, std::int64_t now);
    void succeeded(const std::string &username, const std::string &address);

private:
    struct Failures {
        int count = 0;
        std::int64_t next = 0; // steady milliseconds
    };
    static constexpr int freeAttempts = 3;
    static constexpr std::int64_t firstDelay = 1'000, longestDelay = 30'000,
                                  forgetAfter = 15 * 60'000;
    static constexpr std::size_t mostEntries = 10'000;

    std::mutex m_mutex;
    std::unordered_map<std::string, Failures> m_failures;
};

} // namespace khop::server
