// SPDX-License-Identifier: GPL-3.0-or-later
// A WebSocket client that speaks raw frames, right and wrong ones.
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over the standard headers of C++23

#include "server_fixture.h"

#include <QElapsedTimer>

#include <optional>
#include <string>
#include <vector>

namespace khop::test {

/// One frame as it goes over the wire, every part of it at the test's choice.
struct RawFrame {
    int opcode = 1;
    std::string payload = {};
    bool final = true;
    bool masked = true;
    int reserved = 0;                            // of three bits
    std::optional<std::uint64_t> announced = {}; // another length than the payload's
    int lengthBytes = 0;                         // 2, 8: a longer form than needed

    std::string bytes() const
    {
        std::string out;
        out += static_cast<char>((final ? 0x80 : 0) | reserved << 4 | opcode);
        const std::uint64_t length = announced.value_or(payload.size());
        const int mask = masked ? 0x80 : 0;
        int wide = lengthBytes;
        if (wide == 0 && length >= 126)
            wide = length > 0xFFFF ? 8 : 2;
        out += static_cast<char>(mask
                                 | (wide == 0   ? static_cast<int>(length)
                                    : wide == 2 ? 126
                                                : 127));
        for (int shift = wide * 8 - 8; shift >= 0; shift -= 8)
            out += static_cast<char>(length >> shift & 0xFF);
        static constexpr char key[] = {'\x37', '\xFA', '\x21', '\x3D'};
        if (masked)
            out.append(key, 4);
        for (std::size_t i = 0; i < payload.size(); ++i)
            out += static_cast<char>(masked ? payload[i] ^ key[i % 4] : payload[i]);
        return out;
    }
};

class StreamClient
{
public:
    StreamClient(const QUrl &server, const std::string &path, const std::string &token = {},
                 const std::string &headers = {}, const std::string &host = "localhost")
        : m_client(server)
    {
        std::string request = "GET " + path + " HTTP/1.1\r\nHost: " + host
                              + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
        if (headers.find("Sec-WebSocket-Version") == std::string::npos)
            request += "Sec-WebSocket-Version: 13\r\n";
        if (headers.find("Sec-WebSocket-Key") == std::string::npos)
            request += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        if (!token.empty())
            request += "Authorization: Bearer " + token + "\r\n";
        m_client.send(request + headers + "\r\n");
        m_handshake = m_client.receive();
        if (m_handshake.status == 101)
            m_input = m_client.takeLeftOver();
    }
    const RawReply &handshake() const { return m_handshake; }
    bool isOpen() const { return m_handshake.status == 101; }

    void send(const RawFrame &frame) { m_client.send(frame.bytes()); }
    void send(const std::string &text) { send(RawFrame{.payload = text}); }
    void sendBytes(const std::string &bytes) { m_client.send(bytes); }

    /// The next frame; nothing when none comes.
    std::optional<RawFrame> frame(int timeout = 5'000)
    {
        QElapsedTimer waited;
        waited.start();
        while (true) {
            if (std::optional<RawFrame> found = parse())
                return found;
            const int left = timeout - static_cast<int>(waited.elapsed());
            if (left <= 0
                || (m_client.socket().bytesAvailable() == 0
                    && !m_client.socket().waitForReadyRead(left)))
                return std::nullopt;
            m_input += m_client.socket().readAll().toStdString();
        }
    }
    /// The next text that holds `part`; those before it are dropped.
    std::string next(const std::string &part, int timeout = 5'000)
    {
        while (const std::optional<RawFrame> found = frame(timeout)) {
            if (found->opcode == 8)
                m_closeCode = codeOf(*found);
            if (found->opcode == 1 && found->payload.find(part) != std::string::npos)
                return found->payload;
        }
        return {};
    }
    /// The code the server closes with; 0 when it just goes, -1 when it stays.
    int closeCode(int timeout = 8'000)
    {
        while (!m_closeCode) {
            const std::optional<RawFrame> found = frame(timeout);
            if (!found)
                break;
            if (found->opcode == 8)
                m_closeCode = codeOf(*found);
        }
        if (m_closeCode)
            return *m_closeCode;
        return m_client.isClosedByServer(0) ? 0 : -1;
    }
    void cut() { m_client.socket().abort(); }
    RawClient &raw() { return m_client; }

private:
    static int codeOf(const RawFrame &frame)
    {
        if (frame.payload.size() < 2)
            return 0;
        return static_cast<unsigned char>(frame.payload[0]) << 8
               | static_cast<unsigned char>(frame.payload[1]);
    }
    std::optional<RawFrame> parse()
    {
        const auto byte = [this](std::size_t at) {
            return static_cast<unsigned char>(m_input[at]);
        };
        if (m_input.size() < 2)
            return std::nullopt;
        std::size_t head = 2;
        std::uint64_t length = byte(1) & 0x7F;
        if (length >= 126) {
            const std::size_t wide = length == 126 ? 2 : 8;
            if (m_input.size() < head + wide)
                return std::nullopt;
            length = 0;
            for (std::size_t i = 0; i < wide; ++i)
                length = length << 8 | byte(head + i);
            head += wide;
        }
        if (m_input.size() < head + length)
            return std::nullopt;
        RawFrame frame;
        frame.opcode = byte(0) & 0x0F;
        frame.final = byte(0) & 0x80;
        frame.payload = m_input.substr(head, length);
        m_input.erase(0, head + length);
        return frame;
    }

    RawClient m_client;
    RawReply m_handshake;
    std::string m_input;
    std::optional<int> m_closeCode;
};

} // namespace khop::test

#endif
