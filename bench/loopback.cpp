// SPDX-License-Identifier: GPL-3.0-or-later
#include "loopback.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace khop::bench {

void Descriptor::close()
{
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
}

std::string systemError() { return std::strerror(errno); }

std::expected<LoopbackAddress, std::string> LoopbackAddress::fromUrl(const std::string &url)
{
    const auto refuse = [&url](const std::string &why) {
        return std::unexpected("'" + url + "': " + why);
    };
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme))
        return refuse("only http://127.0.0.1:PORT and its like are possible");
    std::string rest = url.substr(scheme.size());
    if (rest.ends_with('/'))
        rest.pop_back();
    const std::size_t colon = rest.rfind(':');
    if (colon == std::string::npos || rest.find('/') != std::string::npos)
        return refuse("a port and no path are needed, as in http://127.0.0.1:8001");
    const std::string host = rest.substr(0, colon);
    LoopbackAddress address;
    const char *begin = rest.data() + colon + 1;
    const char *end = rest.data() + rest.size();
    const auto [stop, problem] = std::from_chars(begin, end, address.m_port);
    if (problem != std::errc{} || stop != end || address.m_port == 0)
        return refuse("the port is no number from 1 to 65535");

    in_addr v4{};
    const bool loopback =
        inet_pton(AF_INET, host.c_str(), &v4) == 1 && (ntohl(v4.s_addr) >> 24) == 127;
    if (!loopback && host != "localhost" && host != "[::1]")
        return refuse("this is not a loopback address, and load is put on this computer only");
    address.m_host = host;
    return address;
}

std::expected<LoopbackAddress, std::string> LoopbackAddress::unusedPort()
{
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof name;
    auto *generic = reinterpret_cast<sockaddr *>(&name);
    if (!socket || bind(socket.get(), generic, size) != 0
        || getsockname(socket.get(), generic, &size) != 0)
        return std::unexpected("no free port: " + systemError());
    LoopbackAddress address;
    address.m_host = "127.0.0.1";
    address.m_port = ntohs(name.sin_port);
    return address;
}

std::expected<Descriptor, std::string> LoopbackAddress::connect(bool blocking) const
{
    sockaddr_storage storage{};
    socklen_t size = 0;
    if (m_host == "[::1]") {
        auto *name = reinterpret_cast<sockaddr_in6 *>(&storage);
        name->sin6_family = AF_INET6;
        name->sin6_addr = in6addr_loopback;
        name->sin6_port = htons(m_port);
        size = sizeof *name;
    } else {
        auto *name = reinterpret_cast<sockaddr_in *>(&storage);
        name->sin_family = AF_INET;
        name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (m_host != "localhost")
            inet_pton(AF_INET, m_host.c_str(), &name->sin_addr);
        name->sin_port = htons(m_port);
        size = sizeof *name;
    }
    const int type = SOCK_STREAM | SOCK_CLOEXEC | (blocking ? 0 : SOCK_NONBLOCK);
    Descriptor socket(::socket(storage.ss_family, type, 0));
    if (!socket)
        return std::unexpected(systemError());
    const int on = 1;
    setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr *>(&storage), size) != 0
        && (blocking || errno != EINPROGRESS))
        return std::unexpected(systemError());
    return socket;
}

} // namespace khop::bench
