// SPDX-License-Identifier: GPL-3.0-or-later
// Statements that were looked at and may be applied: a few per user, for a while.
#pragma once

#include "engine/command.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace khop::server {

class ImportPreviews
{
public:
    static constexpr std::size_t mostOfUser = 5;
    static constexpr std::size_t mostBytes = 128 * 1024 * 1024; // of all users
    static constexpr std::int64_t lifetime = 30 * 60'000;       // milliseconds

    struct Kept {
        Uuid user;
        ImportStatement command;
        std::optional<Error> refused; // the first row that could not be read
        std::int64_t keptAt = 0;      // steady milliseconds
        std::size_t bytes = 0;
    };

    /// The oldest ones of the user, and then of anybody, make room.
    void keep(Kept preview);
    /// Nothing when it is not the user's, or no longer there.
    const Kept *find(const Uuid &id, const Uuid &user, std::int64_t now);
    void drop(const Uuid &id);
    std::size_t size() const { return m_kept.size(); }

private:
    void dropOld(std::int64_t now);

    std::deque<Kept> m_kept; // oldest first
    std::size_t m_bytes = 0;
};

} // namespace khop::server
