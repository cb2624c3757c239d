// SPDX-License-Identifier: GPL-3.0-or-later
#include "stream_wire.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace khop::bench {

std::expected<Descriptor, std::string> openStream(const LoopbackAddress &address,
                                                  const std::string &token)
{
    auto socket = address.connect(true);
    if (!socket)
        return std::unexpected(socket.error());
    const std::string request = "GET /ws/v1 HTTP/1.1\r\nHost: " + address.hostHeader()
                                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                  "Sec-WebSocket-Version: 13\r\n"
                                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                                  "Authorization: Bearer "
                                + token + "\r\n\r\n";
    if (!sendAll(*socket, request))
        return std::unexpected(systemError());
    std::string answer;
    char byte = 0;
    while (!answer.ends_with("\r\n\r\n")) { // not a byte of what comes after it
        if (recv(socket->get(), &byte, 1, 0) != 1 || answer.size() > 65'536)
            return std::unexpected("the handshake was not answered");
        answer += byte;
    }
    if (!answer.starts_with("HTTP/1.1 101 "))
        return std::unexpected("the handshake was refused: "
                               + answer.substr(0, answer.find("\r\n")));
    return std::move(*socket);
}

void setNonBlocking(const Descriptor &socket)
{
    fcntl(socket.get(), F_SETFL, fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
}

void appendText(std::string &to, std::string_view text)
{
    to += '\x81';
    if (text.size() < 126) {
        to += static_cast<char>(0x80 | text.size());
    } else {
        to += '\xFE'; // none of ours is longer than 64 KiB
        to += static_cast<char>(text.size() >> 8 & 0xFF);
        to += static_cast<char>(text.size() & 0xFF);
    }
    to.append(4, '\0').append(text);
}

WireFrame firstFrame(std::string_view buffer)
{
    if (buffer.size() < 2)
        return {};
    std::size_t head = 2;
    std::size_t length = static_cast<unsigned char>(buffer[1]);
    if (length >= 126) {
        const std::size_t wide = length == 126 ? 2 : 8;
        head += wide;
        if (buffer.size() < head)
            return {};
        length = 0;
        for (std::size_t i = 2; i < head; ++i)
            length = length << 8 | static_cast<unsigned char>(buffer[i]);
    }
    if (buffer.size() - head < length)
        return {};
    return {head + length, buffer[0] & 0x0F, buffer.substr(head, length)};
}

bool sendAll(const Descriptor &socket, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t n = send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            pollfd waiting{socket.get(), POLLOUT, 0};
            poll(&waiting, 1, 1'000);
            continue;
        }
        if (n <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

} // namespace khop::bench
