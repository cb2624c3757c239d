// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_message.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace khop::bench {

namespace {

constexpr std::size_t largestAnswer = 64 << 20;
constexpr int patience = 30; // seconds for a single answer

bool equalIgnoringCase(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) {
        const auto lower = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        };
        return lower(x) == lower(y);
    });
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

} // namespace

void appendRequest(std::string &to, const std::string &hostHeader, const HttpRequest &request)
{
    to.append(request.method)
        .append(" ")
        .append(request.path)
        .append(" HTTP/1.1\r\nHost: ")
        .append(hostHeader);
    if (!request.token.empty())
        to.append("\r\nAuthorization: Bearer ").append(request.token);
    if (!request.body.empty()) {
        to.append("\r\nContent-Type: application/json\r\nContent-Length: ");
        to.append(std::to_string(request.body.size()));
    }
    to.append("\r\n\r\n").append(request.body);
}

std::expected<std::optional<HttpAnswer>, std::string> parseAnswer(std::string_view buffer)
{
    const std::size_t headEnd = buffer.find("\r\n\r\n");
    if (headEnd == std::string_view::npos) {
        if (buffer.size() > 65'536)
            return std::unexpected("the head of an answer does not end");
        return std::nullopt;
    }
    std::string_view head = buffer.substr(0, headEnd);
    HttpAnswer answer;
    constexpr std::string_view version = "HTTP/1.1 ";
    if (!head.starts_with(version)
        || std::from_chars(head.data() + version.size(), head.data() + head.size(), answer.status)
                   .ec
               != std::errc{})
        return std::unexpected("an answer does not start with HTTP/1.1 and a status");

    std::optional<std::size_t> length;
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;) {
        const std::size_t next = head.find("\r\n", at + 2);
        const std::string_view line =
            head.substr(at + 2, next == std::string_view::npos ? next : next - at - 2);
        at = next;
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos)
            return std::unexpected("an answer has a header without a colon");
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (equalIgnoringCase(name, "Content-Length")) {
            std::size_t number = 0;
            const auto [end, problem] =
                std::from_chars(value.data(), value.data() + value.size(), number);
            if (problem != std::errc{} || end != value.data() + value.size()
                || number > largestAnswer)
                return std::unexpected("an answer has no usable Content-Length");
            length = number;
        } else if (equalIgnoringCase(name, "Connection")) {
            answer.closes = equalIgnoringCase(value, "close");
        } else if (equalIgnoringCase(name, "Transfer-Encoding")) {
            return std::unexpected("an answer comes in chunks");
        }
    }
    if (!length && answer.status != 204)
        return std::unexpected("an answer has no Content-Length");
    const std::size_t bodyStart = headEnd + 4;
    if (buffer.size() - bodyStart < length.value_or(0))
        return std::nullopt;
    answer.body = buffer.substr(bodyStart, length.value_or(0));
    answer.size = bodyStart + length.value_or(0);
    return answer;
}

std::string_view textMember(std::string_view json, std::string_view name)
{
    for (std::size_t at = json.find(name); at != std::string_view::npos;
         at = json.find(name, at + 1)) {
        std::string_view rest = json.substr(at + name.size());
        if (at == 0 || json[at - 1] != '"' || !rest.starts_with('"'))
            continue;
        rest = trimmed(rest.substr(1));
        if (!rest.starts_with(':'))
            continue;
        rest = trimmed(rest.substr(1));
        if (!rest.starts_with('"'))
            continue;
        rest.remove_prefix(1);
        return rest.substr(0, std::min(rest.find('"'), rest.size()));
    }
    return {};
}

std::expected<StoredAnswer, std::string> exchange(const LoopbackAddress &address,
                                                  const HttpRequest &request)
{
    const auto failed = [&](const std::string &why) {
        return std::unexpected(std::string(request.method) + " http://" + address.hostHeader()
                               + std::string(request.path) + ": " + why);
    };
    const auto socket = address.connect(true);
    if (!socket)
        return failed(socket.error());
    const timeval limit{patience, 0};
    setsockopt(socket->get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(socket->get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    std::string bytes;
    appendRequest(bytes, address.hostHeader(), request);
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t n =
            send(socket->get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0)
            return failed(systemError());
        sent += static_cast<std::size_t>(n);
    }
    std::string buffer;
    std::array<char, 16'384> block;
    while (true) {
        const ssize_t n = recv(socket->get(), block.data(), block.size(), 0);
        if (n < 0)
            return failed(systemError());
        if (n == 0)
            return failed("the connection was closed before the answer");
        buffer.append(block.data(), static_cast<std::size_t>(n));
        const auto answer = parseAnswer(buffer);
        if (!answer)
            return failed(answer.error());
        if (*answer)
            return StoredAnswer{(*answer)->status, std::string((*answer)->body)};
    }
}

} // namespace khop::bench
