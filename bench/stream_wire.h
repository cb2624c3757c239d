// SPDX-License-Identifier: GPL-3.0-or-later
// As much of WebSocket as a load client needs: a handshake with a token, texts out, texts in.
#pragma once

#include "loopback.h"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace khop::bench {

/// A connection that is through the handshake, blocking. The error is the system's or the server's.
std::expected<Descriptor, std::string> openStream(const LoopbackAddress &address,
                                                  const std::string &token);
void setNonBlocking(const Descriptor &socket);

/// Appends a text as one client frame. The mask is all zeros: right for the server, nothing to compute.
void appendText(std::string &to, std::string_view text);

/// The first frame of a buffer.
struct WireFrame {
    std::size_t size = 0; // of the whole frame; 0: not complete
    int opcode = 0;
    std::string_view payload;
};
WireFrame firstFrame(std::string_view buffer);

/// Sends all of it, waiting; false when the connection is lost.
bool sendAll(const Descriptor &socket, std::string_view bytes);

} // namespace khop::bench
