// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/auth/nonces.h"

#include <utility>

namespace khop::server {

Nonces::Nonces(std::int64_t lifetime, std::size_t most) : m_lifetime(lifetime), m_most(most) {}

bool Nonces::Shard::contains(std::uint64_t number) const
{
    if (m_cells.empty())
        return false;
    const std::size_t mask = m_cells.size() - 1;
    for (std::size_t at = number & mask; m_cells[at] != 0; at = (at + 1) & mask) {
        if (m_cells[at] == number)
            return true;
    }
    return false;
}

void Nonces::Shard::insert(std::uint64_t number)
{
    if (2 * (m_count + 1) > m_cells.size()) {
        std::vector<std::uint64_t> before(m_cells.empty() ? 64 : 2 * m_cells.size());
        before.swap(m_cells);
        m_count = 0;
        for (const std::uint64_t other : before) {
            if (other != 0)
                insert(other);
        }
    }
    const std::size_t mask = m_cells.size() - 1;
    std::size_t at = number & mask;
    while (m_cells[at] != 0)
        at = (at + 1) & mask;
    m_cells[at] = number;
    ++m_count;
}

void Nonces::Shard::clear()
{
    m_cells = {};
    m_count = 0;
}

// A generation lasts one lifetime and is kept for another one: whatever is older cannot come again.
Nonces::Verdict Nonces::note(std::uint64_t nonce, std::int64_t now)
{
    const std::size_t shard = nonce >> 58; // the low bits choose the cell
    const std::uint64_t number = nonce == 0 ? 1 : nonce;
    const std::lock_guard lock(m_mutex);
    if (now - m_since >= m_lifetime) {
        const bool bothEnded = now - m_since >= 2 * m_lifetime;
        m_current ^= 1;
        m_since = now;
        for (std::size_t i = 0; i < (bothEnded ? 2U : 1U); ++i) {
            Generation &ended = m_generations[m_current ^ i];
            for (Shard &set : ended.sets)
                set.clear();
            ended.count = 0;
        }
    }
    for (const Generation &generation : m_generations) {
        if (generation.sets[shard].contains(number))
            return Verdict::Used;
    }
    Generation &current = m_generations[m_current];
    if (current.count >= m_most)
        return Verdict::Full;
    current.sets[shard].insert(number);
    ++current.count;
    return Verdict::New;
}

} // namespace khop::server
