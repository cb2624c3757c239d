// SPDX-License-Identifier: GPL-3.0-or-later
// What the trusted proxy in front says of the client it speaks for. From anybody else these headers mean
// nothing.
#pragma once

#include "server/http/request.h"

#include <string>
#include <string_view>

namespace khop::server {

struct Forwarded {
    std::string client;      // its address; empty when none is told
    std::string_view host;   // X-Forwarded-Host; empty when absent
    std::string_view scheme; // X-Forwarded-Proto: "http", "https", or empty
};

/// The last values: those before them came with the client's own request and may be anything.
Forwarded forwardedBy(const HttpRequest &request);

} // namespace khop::server
