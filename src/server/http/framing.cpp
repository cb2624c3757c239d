// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/framing.h"

#include <utility>

#include <algorithm>
#include <array>

namespace khop::server {

namespace {

constexpr std::array<bool, 256> makeTokenCharacters()
{
    std::array<bool, 256> table{};
    for (char c = '0'; c <= '9'; ++c)
        table[static_cast<unsigned char>(c)] = true;
    for (char c = 'a'; c <= 'z'; ++c)
        table[static_cast<unsigned char>(c)] = true;
    for (char c = 'A'; c <= 'Z'; ++c)
        table[static_cast<unsigned char>(c)] = true;
    for (const char c :
         {'!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~'})
        table[static_cast<unsigned char>(c)] = true;
    return table;
}
constexpr std::array<bool, 256> tokenCharacters = makeTokenCharacters();

constexpr std::array<bool, 256> makePlainCharacters()
{
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c)
        table[c] = (c >= 0x20 && c != 0x7F) || c == '\t';
    return table;
}
constexpr std::array<bool, 256> plainCharacters = makePlainCharacters();

bool isToken(std::string_view text)
{
    if (text.empty())
        return false;
    for (const char c : text) {
        if (!tokenCharacters[static_cast<unsigned char>(c)])
            return false;
    }
    return true;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// The one resource that is sent files.
bool takesFile(const HttpRequest &request)
{
    return request.method == Method::Post
           && (request.path.starts_with("/import/") || request.path.starts_with("/api/v1/import/"));
}

} // namespace

bool Framing::refuse(int status, Code code, const char *what)
{
    m_refusal = {status, code, what};
    return false;
}

Framing::Progress Framing::advance(const char *data, std::size_t size)
{
    if (m_headSize == 0) {
        if (!scan(data, size))
            return Progress::Refused;
        if (m_headSize == 0)
            return Progress::NeedHead;
        if (!parseHead(data))
            return Progress::Refused;
        if (size >= needed()) {
            m_request.body = std::string_view(data + m_headSize, m_bodySize);
            return Progress::Complete;
        }
        return Progress::NeedBody;
    }
    if (size < needed())
        return Progress::NeedBody;
    // The buffer may have moved since the head was read.
    if (!parseHead(data))
        return Progress::Refused;
    m_request.body = std::string_view(data + m_headSize, m_bodySize);
    return Progress::Complete;
}

std::size_t Framing::take()
{
    const std::size_t taken = needed();
    m_start = m_scanned = m_lineStart = m_lines = m_headSize = m_bodySize = 0;
    return taken;
}

// Looks at every byte of the head once, however many pieces it comes in.
bool Framing::scan(const char *data, std::size_t size)
{
    const std::size_t end = std::min(size, m_start + m_limits->head);
    while (m_scanned < end) {
        while (m_scanned < end && plainCharacters[static_cast<unsigned char>(data[m_scanned])])
            ++m_scanned;
        const std::size_t length = m_scanned - m_lineStart;
        if (m_lines == 0 && length > m_limits->requestLine)
            return refuse(414, Code::URI_TOO_LONG, "The request line is too long.");
        if (m_scanned == end || (data[m_scanned] == '\r' && m_scanned + 1 == end))
            break;
        if (data[m_scanned] == '\n')
            return refuse(400, Code::MALFORMED_REQUEST, "A line ends without CR.");
        if (data[m_scanned] != '\r')
            return refuse(400, Code::MALFORMED_REQUEST, "The head holds a control character.");
        if (data[m_scanned + 1] != '\n')
            return refuse(400, Code::MALFORMED_REQUEST, "CR stands alone.");
        m_scanned += 2;
        m_lineStart = m_scanned;
        if (length == 0 && m_lines > 0) {
            m_headSize = m_scanned;
            return true;
        }
        if (length == 0 && m_start > 0)
            return refuse(400, Code::MALFORMED_REQUEST, "The request line is empty.");
        if (length == 0) { // one empty line before a request is allowed
            m_start = m_scanned;
            continue;
        }
        if (++m_lines > m_limits->headers + 1)
            return refuse(431, Code::HEADERS_TOO_LARGE, "There are too many headers.");
    }
    if (size >= m_start + m_limits->head) {
        return m_lines == 0 ? refuse(414, Code::URI_TOO_LONG, "The request line is too long.")
                            : refuse(431, Code::HEADERS_TOO_LARGE, "The headers are too large.");
    }
    return true;
}

bool Framing::parseHead(const char *data)
{
    m_request.headers.clear();
    m_request.host = {};
    m_request.body = {};
    m_request.expectContinue = m_request.upgrade = false;
    m_contentLength = m_transferEncoding = m_expect = {};
    m_contentLengths = m_hosts = 0;
    m_hasTransferEncoding = false;
    m_seen.fill(false);

    std::string_view rest(data + m_start, m_headSize - m_start - 2);
    bool first = true;
    while (!rest.empty()) {
        const std::size_t end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 2);
        if (first ? !parseRequestLine(line) : !parseHeader(line))
            return false;
        first = false;
    }
    return concludeHeaders();
}

bool Framing::parseRequestLine(std::string_view line)
{
    const std::size_t space = line.find(' ');
    const std::size_t lastSpace = line.rfind(' ');
    if (space == std::string_view::npos || lastSpace == space)
        return refuse(400, Code::MALFORMED_REQUEST,
                      "The request line is not METHOD TARGET VERSION.");
    const std::string_view methodText = line.substr(0, space);
    std::string_view target = line.substr(space + 1, lastSpace - space - 1);
    const std::string_view version = line.substr(lastSpace + 1);
    if (!isToken(methodText) || target.empty())
        return refuse(400, Code::MALFORMED_REQUEST,
                      "The request line is not METHOD TARGET VERSION.");
    if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !isDigit(version[5])
        || version[6] != '.' || !isDigit(version[7]))
        return refuse(400, Code::MALFORMED_REQUEST, "The HTTP version is malformed.");
    if (version[5] != '1' || version[7] > '1')
        return refuse(505, Code::HTTP_VERSION, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    m_request.http10 = version[7] == '0';
    m_request.keepAlive = !m_request.http10;
    for (const char c : target) {
        if (c <= 0x20 || c == 0x7F || c == '#' || c == '"' || c == '<' || c == '>' || c == '\\')
            return refuse(400, Code::MALFORMED_REQUEST,
                          "The target holds a character it must not.");
    }
    const std::optional<Method> method = methodFromName(methodText);
    if (!method)
        return refuse(501, Code::NOT_IMPLEMENTED, "The method is not known.");
    m_request.method = *method;
    if (target.starts_with("http://") || target.starts_with("https://")) {
        target.remove_prefix(target.find("//") + 2);
        const std::size_t slash = target.find('/');
        m_request.host = target.substr(0, slash);
        target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
    }
    if (target.front() != '/' && !(target == "*" && m_request.method == Method::Options))
        return refuse(400, Code::MALFORMED_REQUEST, "The target must begin with '/'.");
    const std::size_t question = target.find('?');
    m_request.path = target.substr(0, question);
    m_request.query =
        question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
    return true;
}

bool Framing::parseHeader(std::string_view line)
{
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos)
        return refuse(400, Code::MALFORMED_REQUEST, "A header has no colon.");
    const std::string_view headerName = line.substr(0, colon);
    if (!isToken(headerName)) // also a folded line and a space before the colon
        return refuse(400, Code::MALFORMED_REQUEST, "A header's name is malformed.");
    const std::string_view value = trimmed(line.substr(colon + 1));
    m_request.headers.push_back({headerName, value});

    switch (headerName.size()) {
    case 4:
        if (equalsIgnoringCase(headerName, "host")) {
            ++m_hosts;
            if (m_request.host.empty())
                m_request.host = value;
            else if (m_request.host != value)
                return refuse(400, Code::MALFORMED_REQUEST, "Host is given in two ways.");
        }
        break;
    case 6:
        if (equalsIgnoringCase(headerName, "expect"))
            m_expect = value;
        break;
    case 7:
        if (equalsIgnoringCase(headerName, "upgrade") && hasToken(value, "websocket"))
            m_request.upgrade = true;
        break;
    case 10:
        if (equalsIgnoringCase(headerName, "connection")) {
            if (hasToken(value, "close"))
                m_request.keepAlive = false;
            else if (m_request.http10 && hasToken(value, "keep-alive"))
                m_request.keepAlive = true;
        }
        break;
    case 12:
        if (equalsIgnoringCase(headerName, "content-type") && !once(Single::ContentType))
            return false;
        break;
    case 13:
        if (equalsIgnoringCase(headerName, "authorization") && !once(Single::Authorization))
            return false;
        break;
    case 15:
        if (equalsIgnoringCase(headerName, "idempotency-key") && !once(Single::IdempotencyKey))
            return false;
        break;
    case 14:
        if (equalsIgnoringCase(headerName, "content-length")) {
            ++m_contentLengths;
            m_contentLength = value;
        }
        break;
    case 17:
        if (equalsIgnoringCase(headerName, "transfer-encoding")) {
            m_hasTransferEncoding = true;
            m_transferEncoding = value;
        }
        break;
    default: break;
    }
    return true;
}

bool Framing::once(Single header)
{
    bool &seen = m_seen[static_cast<std::size_t>(header)];
    if (std::exchange(seen, true))
        return refuse(400, Code::MALFORMED_REQUEST, "A header is given twice.");
    return true;
}

bool Framing::concludeHeaders()
{
    if (m_hosts > 1)
        return refuse(400, Code::MALFORMED_REQUEST, "There is more than one Host.");
    if (!m_request.http10 && (m_hosts == 0 || m_request.host.empty()))
        return refuse(400, Code::MALFORMED_REQUEST, "There is no Host.");
    if (m_hasTransferEncoding) {
        if (m_contentLengths > 0)
            return refuse(400, Code::MALFORMED_REQUEST,
                          "Content-Length and Transfer-Encoding exclude each other.");
        if (m_request.http10 || !equalsIgnoringCase(m_transferEncoding, "chunked"))
            return refuse(400, Code::MALFORMED_REQUEST, "The transfer coding is not understood.");
        return refuse(411, Code::LENGTH_REQUIRED, "A body needs a Content-Length here.");
    }
    m_bodySize = 0;
    if (m_contentLengths > 1)
        return refuse(400, Code::MALFORMED_REQUEST, "There is more than one Content-Length.");
    if (m_contentLengths == 1) {
        if (m_contentLength.empty() || m_contentLength.size() > 18)
            return refuse(400, Code::MALFORMED_REQUEST, "The Content-Length is not a size.");
        std::size_t length = 0;
        for (const char c : m_contentLength) {
            if (!isDigit(c))
                return refuse(400, Code::MALFORMED_REQUEST, "The Content-Length is not a size.");
            length = length * 10 + static_cast<std::size_t>(c - '0');
        }
        if (length > (takesFile(m_request) ? m_limits->file : m_limits->body))
            return refuse(413, Code::PAYLOAD_TOO_LARGE, "The body is too large.");
        m_bodySize = length;
    }
    if (!m_expect.empty()) {
        if (!equalsIgnoringCase(m_expect, "100-continue"))
            return refuse(417, Code::EXPECTATION_FAILED, "The expectation is not known.");
        m_request.expectContinue = !m_request.http10;
    }
    if (m_request.upgrade && !hasToken(m_request.header("connection"), "upgrade"))
        m_request.upgrade = false;
    return true;
}

} // namespace khop::server
