// SPDX-License-Identifier: GPL-3.0-or-later
// As much of HTTP/1.1 as a load client needs: requests with a JSON body, answers with a length.
#pragma once

#include "loopback.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace khop::bench {

struct HttpRequest {
    std::string_view method = "GET";
    std::string_view path;
    std::string_view token; // bearer; empty: none
    std::string_view body;  // JSON; empty: none
};
/// Appends the request's bytes.
void appendRequest(std::string &to, const std::string &hostHeader, const HttpRequest &request);

/// The answer at the start of a buffer.
struct HttpAnswer {
    int status = 0;
    bool closes = false;   // the server closes the connection after it
    std::string_view body; // inside the buffer
    std::size_t size = 0;  // of the whole answer
};
/// Nothing while the answer is not complete; an error when it is none.
std::expected<std::optional<HttpAnswer>, std::string> parseAnswer(std::string_view buffer);

/// The value of the first member `"name":"…"` in a JSON text; empty when there is none.
std::string_view textMember(std::string_view json, std::string_view name);

struct StoredAnswer {
    int status = 0;
    std::string body;
};
/// One request over a connection of its own, waiting for the answer.
std::expected<StoredAnswer, std::string> exchange(const LoopbackAddress &address,
                                                  const HttpRequest &request);

} // namespace khop::bench
