// SPDX-License-Identifier: GPL-3.0-or-later
// A request as the project sees it, whatever transport read it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop::server {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options };
inline constexpr int methodCount = 7;
std::string_view name(Method method);
std::optional<Method> methodFromName(std::string_view name);

struct Header {
    std::string_view name; // as it came
    std::string_view value;
};

/// Every view points into the connection's buffer and dies with the call it was handed to. `body` is
/// followed by at least `bodyPadding` readable bytes, as the JSON parser wants them.
struct HttpRequest {
    static constexpr std::size_t bodyPadding = 64;

    Method method = Method::Get;
    std::string_view path;  // percent-encoded, without the query
    std::string_view query; // without '?'
    std::string_view host;
    std::string_view body;
    std::vector<Header> headers;
    bool http10 = false;
    bool keepAlive = true;
    bool expectContinue = false;
    bool upgrade = false;  // Connection: upgrade with Upgrade: websocket
    std::string_view peer; // the client's address, as the trusted proxy tells it if there is one
    bool peerIsLoopback = false;
    std::string_view scheme; // "http" or "https"; empty when the proxy in front does not say

    /// The header's value, or an empty view; `lowerName` in lower case.
    std::string_view header(std::string_view lowerName) const;
};

/// Where an answer goes: a connection, which may be gone by then, and the request's turn on it.
struct ReplyToken {
    std::uint32_t connection = 0;
    std::uint32_t slot = 0;

    std::uint64_t packed() const { return std::uint64_t{connection} << 32 | slot; }
    static ReplyToken unpack(std::uint64_t packed)
    {
        return {static_cast<std::uint32_t>(packed >> 32), static_cast<std::uint32_t>(packed)};
    }
};

/// One answer, ready for the wire.
struct ReplyBytes {
    std::string bytes;        // head and body
    std::size_t headSize = 0; // up to and including the empty line
};

/// Without the spaces and tabs around it.
std::string_view trimmed(std::string_view text);
bool equalsIgnoringCase(std::string_view a, std::string_view lowerCaseB);
/// True when the comma-separated header value holds the token.
bool hasToken(std::string_view headerValue, std::string_view lowerCaseToken);

} // namespace khop::server
