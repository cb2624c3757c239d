// SPDX-License-Identifier: GPL-3.0-or-later
// Sockets to a server on this computer, and nowhere else.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

struct sockaddr_storage;

namespace khop::bench {

/// Owns a file descriptor.
class Descriptor
{
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : m_fd(fd) {}
    Descriptor(Descriptor &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~Descriptor() { close(); }

    int get() const { return m_fd; }
    explicit operator bool() const { return m_fd >= 0; }
    void close();

private:
    int m_fd = -1;
};

/// A server's address on the loopback interface.
class LoopbackAddress
{
public:
    /// From http://127.0.0.1:8001 (any of 127.0.0.0/8), http://localhost:8001 or http://[::1]:8001;
    /// other schemes, hosts and paths are refused.
    static std::expected<LoopbackAddress, std::string> fromUrl(const std::string &url);
    /// A port of 127.0.0.1 that nobody listens on now.
    static std::expected<LoopbackAddress, std::string> unusedPort();

    std::uint16_t port() const { return m_port; }
    std::string hostHeader() const { return m_host + ":" + std::to_string(m_port); }
    /// Starts connecting; non-blocking sockets finish later. The error is the system's.
    std::expected<Descriptor, std::string> connect(bool blocking) const;

private:
    std::string m_host; // as a URL writes it
    std::uint16_t m_port = 0;
};

/// The system's words for errno.
std::string systemError();

} // namespace khop::bench
