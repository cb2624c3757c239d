// SPDX-License-Identifier: GPL-3.0-or-later
// If-Match (RFC 9110, 13.1.1) over versions: the tag of what has versions is its version in quotes.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace khop::server {

struct EntityTags {
    bool given = false;                  // the header is there and is not "*"
    std::vector<std::uint32_t> versions; // weak tags and those that are no version match nothing

    bool match(std::uint32_t version) const;
};

/// VALIDATION_ERROR when it is not a list of entity tags. A version without its quotes is taken too.
Result<EntityTags> readIfMatch(std::string_view header);

} // namespace khop::server
