// SPDX-License-Identifier: GPL-3.0-or-later
// The nonces of signed requests, remembered for as long as the same request could be sent again.
// Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

namespace khop::server {

class Nonces
{
public:
    enum class Verdict : std::uint8_t { New, Used, Full };

    /// `lifetime` in milliseconds: how long a nonce can be used again at most; `most` in that time.
    explicit Nonces(std::int64_t lifetime, std::size_t most = std::size_t{3} << 20);

    /// Notes the nonce of a key, given as 64 bits that nobody outside can choose (a keyed hash): two nonces
    /// that share them are taken for one. `now` in milliseconds, never going back.
    Verdict note(std::uint64_t nonce, std::int64_t now);

private:
    /// A set of numbers, open addressing; cut into shards so that growing stops nobody for long.
    class Shard
    {
    public:
        bool contains(std::uint64_t number) const;
        void insert(std::uint64_t number);
        void clear();

    private:
        std::vector<std::uint64_t> m_cells; // 0: free
        std::size_t m_count = 0;
    };
    static constexpr std::size_t shards = 64;
    struct Generation {
        std::array<Shard, shards> sets;
        std::size_t count = 0;
    };

    std::int64_t m_lifetime;
    std::size_t m_most;
    std::mutex m_mutex;
    std::array<Generation, 2> m_generations; // the current one and the one before it
    std::size_t m_current = 0;
    std::int64_t m_since = 0;
};

} // namespace khop::server
