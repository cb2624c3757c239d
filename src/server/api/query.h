// SPDX-License-Identifier: GPL-3.0-or-later
// Query strings, and the paging forms every list takes.
#pragma once

#include "base/result.h"
#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace khop::server {

class Query
{
public:
    /// MALFORMED_REQUEST on bad escapes or a name given twice.
    static Result<Query> parse(std::string_view text);

    /// UNKNOWN_FIELD when a parameter is not among `allowed`.
    Result<void> allowOnly(std::initializer_list<std::string_view> allowed,
                           std::string_view besides = {}) const;

    /// The value; nothing when absent or empty.
    std::optional<std::string_view> get(std::string_view name) const;
    bool isEmpty() const { return m_values.empty(); }

private:
    std::vector<std::pair<std::string, std::string>> m_values;
};

/// Where a page begins: after a cursor, at an offset, or at a page number; never two of them.
struct Paging {
    std::size_t limit = 50;
    std::size_t offset = 0;
    std::optional<std::uint64_t> before; // from the cursor

    static constexpr std::size_t maximumOffset = 100'000;
    static Result<Paging> from(const Query &query, std::size_t defaultLimit = 50,
                               std::size_t maximumLimit = 100);
    static std::string cursor(std::uint64_t number);
};

Result<std::optional<Time>> timeFilter(const Query &query,
                                       std::initializer_list<std::string_view> names,
                                       bool endOfDay);

} // namespace khop::server
