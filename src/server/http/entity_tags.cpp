// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/entity_tags.h"

#include "base/utf8.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace khop::server {

namespace {

std::optional<std::uint32_t> versionIn(std::string_view text)
{
    std::uint32_t version = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), version);
    return bad == std::errc() && end == text.data() + text.size() ? std::optional(version)
                                                                  : std::nullopt;
}

void skipSpace(std::string_view &text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

} // namespace

bool EntityTags::match(std::uint32_t version) const
{
    return !given || std::ranges::find(versions, version) != versions.end();
}

Result<EntityTags> readIfMatch(std::string_view header)
{
    const auto malformed = [given = header] {
        return refuse(Code::VALIDATION_ERROR, "If-Match", shortened(given, 32),
                      "the order's version");
    };
    EntityTags tags;
    if (header.empty() || header == "*")
        return tags;
    tags.given = true;
    if (const auto bare = versionIn(header)) {
        tags.versions.push_back(*bare);
        return tags;
    }
    while (!header.empty()) {
        const bool weak = header.starts_with("W/");
        header.remove_prefix(weak ? 2 : 0);
        const std::size_t end = header.find('"', 1);
        if (!header.starts_with('"') || end == std::string_view::npos)
            return malformed();
        if (const auto version = versionIn(header.substr(1, end - 1)); version && !weak)
            tags.versions.push_back(*version);
        header.remove_prefix(end + 1);
        skipSpace(header);
        if (header.empty())
            break;
        if (header.front() != ',')
            return malformed();
        header.remove_prefix(1);
        skipSpace(header);
        if (header.empty())
            return malformed();
    }
    return tags;
}

} // namespace khop::server
