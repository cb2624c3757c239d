// SPDX-License-Identifier: GPL-3.0-or-later
// Where one HTTP/1.x request ends and the next begins, decided strictly: whatever two parsers might
// read in two ways is refused, so that nothing can be smuggled past a proxy in front of us.
#pragma once

#include "base/codes.h"
#include "server/http/request.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace khop::server {

struct FramingLimits {
    std::size_t requestLine = 8 * 1024;
    std::size_t head = 16 * 1024; // request line and headers
    std::size_t headers = 64;
    std::size_t body = 256 * 1024;
    std::size_t file = 8 * 1024 * 1024; // the body of POST /import/…
};

struct Refusal {
    int status = 400;
    Code code = Code::MALFORMED_REQUEST;
    const char *what = ""; // for the log and the error's detail, English
};

/// Reads requests off the front of a growing buffer. The buffer may move between calls; request()
/// is valid after Complete, until the buffer changes.
class Framing
{
public:
    enum class Progress { NeedHead, NeedBody, Complete, Refused };

    explicit Framing(const FramingLimits &limits) : m_limits(&limits) {}

    void setPeer(std::string_view address, bool loopback)
    {
        m_request.peer = address;
        m_request.peerIsLoopback = loopback;
    }
    void setScheme(std::string_view scheme) { m_request.scheme = scheme; }
    void setHost(std::string_view host) { m_request.host = host; }
    Progress advance(const char *data, std::size_t size);
    /// Complete: how many bytes the request took. Prepares for the next one.
    std::size_t take();

    const HttpRequest &request() const { return m_request; }
    const Refusal &refusal() const { return m_refusal; }
    std::size_t needed() const { return m_headSize + m_bodySize; } // NeedBody: bytes of the request

private:
    bool scan(const char *data, std::size_t size);
    bool parseHead(const char *data);
    bool parseRequestLine(std::string_view line);
    bool parseHeader(std::string_view line);
    /// Headers that a request has once: two of them could be read in two ways.
    enum class Single : std::uint8_t { ContentType, Authorization, IdempotencyKey, Count };
    bool once(Single header);
    bool concludeHeaders();
    bool refuse(int status, Code code, const char *what);

    const FramingLimits *m_limits;
    std::size_t m_start = 0; // an empty line before the request
    std::size_t m_scanned = 0;
    std::size_t m_lineStart = 0;
    std::size_t m_lines = 0;
    std::size_t m_headSize = 0; // 0: not complete yet
    std::size_t m_bodySize = 0;
    HttpRequest m_request;
    std::string_view m_contentLength;
    std::string_view m_transferEncoding;
    std::string_view m_expect;
    std::size_t m_contentLengths = 0;
    std::size_t m_hosts = 0;
    bool m_hasTransferEncoding = false;
    std::array<bool, static_cast<std::size_t>(Single::Count)> m_seen{};
    Refusal m_refusal;
};

} // namespace khop::server
