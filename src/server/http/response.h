// SPDX-License-Identifier: GPL-3.0-or-later
// Answers as bytes. Header values come from the project's own code only, never from a request,
// except the request id, whose characters have been checked.
#pragma once

#include "server/http/request.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace khop::server {

struct Response {
    int status = 200;
    std::string body;
    std::string_view contentType = "application/json";
    std::string_view cacheControl = "no-store";
    std::vector<std::pair<std::string_view, std::string>> headers;
    std::string head = {}; // further header lines, each with its line end
};

std::string_view reasonPhrase(int status);
ReplyBytes serialise(const Response &response, std::string_view requestId);

} // namespace khop::server
