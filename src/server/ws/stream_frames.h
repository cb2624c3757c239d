// SPDX-License-Identifier: GPL-3.0-or-later
// The frames of WebSocket (RFC 6455) as a server sees them. Read strictly: what a client may not send
// fails the connection with the code the standard has for it. Pure: bytes in, events out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace khop::server {

inline constexpr int closeGoingAway = 1001;
inline constexpr int closeProtocolError = 1002;
inline constexpr int closeTextOnly = 1003;
inline constexpr int closeMalformedText = 1007;
inline constexpr int closeTooLarge = 1009;
inline constexpr int closeTryLater = 1013;
inline constexpr int closeUnauthorized = 4401;
inline constexpr int closeForbidden = 4403;
inline constexpr int closeTimeout = 4408;
inline constexpr int closeTooMany = 4429;

enum class Opcode : std::uint8_t {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10
};

/// Appends one whole, unmasked frame.
void appendFrame(std::string &to, Opcode opcode, std::string_view payload);
std::string closeFrame(int code, std::string_view reason);

/// The answer to a handshake's Sec-WebSocket-Key.
std::string acceptKey(std::string_view key);
/// Sixteen bytes in base64, as every client's key must be.
bool isKey(std::string_view key);

class FrameReader
{
public:
    static constexpr std::size_t messageLimit = 64 * 1024;
    static constexpr int mostFragments = 1'000; // of one message
    static constexpr std::size_t padding = 64;  // readable bytes after every text

    struct Event {
        enum class Kind : std::uint8_t { Nothing, Text, Ping, Pong, Close, Broken };
        Kind kind = Kind::Nothing;
        std::string_view payload = {}; // of Text (UTF-8, padded), Ping
        int code = 0;                  // of Close: what to answer; of Broken: why
        const char *reason = "";       // of Broken
        std::size_t used = 0;          // bytes this frame took; 0: it is not complete
    };
    /// The first frame of `data`, which is unmasked where it lies; `padding` readable bytes follow `data`.
    /// The payload lives until the next call.
    Event next(char *data, std::size_t size);

private:
    Event control(Opcode opcode, std::string_view payload, std::size_t used) const;
    Event piece(Opcode opcode, bool final, std::string_view payload, std::size_t used);

    std::string m_message; // fragments so far
    bool m_fragmented = false;
    int m_fragments = 0;
};

} // namespace khop::server
