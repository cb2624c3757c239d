// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/login_delay.h"

#include <algorithm>

namespace khop::server {

namespace {

std::string keyOf(const std::string &username, const std::string &address)
{
    return address + '\n' + username;
}

} // namespace

std::int64_t LoginDelay::wait(const std::string &username, const std::string &address,
                              std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_failures.find(keyOf(username, address));
    return found == m_failures.end() ? 0 : std::max<std::int64_t>(found->second.next - now, 0);
}

void LoginDelay::failed(const std::string &username, const std::string &address, std::int64_t now)
{
    const std::lock_guard lock(m_mutex);
    if (m_failures.size() >= mostEntries) {
        std::erase_if(m_failures,
                      [now](const auto &entry) { return entry.second.next + forgetAfter < now; });
        if (m_failures.size() >= mostEntries)
            m_failures.clear();
    }
    Failures &failures = m_failures[keyOf(username, address)];
    ++failures.count;
    if (failures.count < freeAttempts) {
        failures.next = now;
        return;
    }
    const int doublings = std::min(failures.count - freeAttempts, 10);
    failures.next = now + std::min(firstDelay << doublings, longestDelay);
}

void LoginDelay::succeeded(const std::string &username, const std::string &address)
{
    const std::lock_guard lock(m_mutex);
    m_failures.erase(keyOf(username, address));
}

} // namespace khop::server
