// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/ws/stream_frames.h"

#include <QtCore/qbytearray.h>
#include <QtCore/qcryptographichash.h>
#include <simdjson.h>

#include <array>
#include <cstring>

namespace khop::server {

namespace {

using Event = FrameReader::Event;
using Kind = Event::Kind;

constexpr std::size_t longestControl = 125;

Event broken(int code, const char *reason) { return {Kind::Broken, {}, code, reason, 0}; }

void unmask(char *data, std::size_t size, const char *mask)
{
    std::array<char, 8> pattern;
    std::memcpy(pattern.data(), mask, 4);
    std::memcpy(pattern.data() + 4, mask, 4);
    std::uint64_t wide = 0;
    std::memcpy(&wide, pattern.data(), 8);
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, data + at, 8);
        word ^= wide;
        std::memcpy(data + at, &word, 8);
    }
    for (; at < size; ++at)
        data[at] = static_cast<char>(data[at] ^ mask[at % 4]);
}

bool isUtf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

bool mayBeSent(int code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
           || (code >= 3000 && code <= 4999);
}

} // namespace

void appendFrame(std::string &to, Opcode opcode, std::string_view payload)
{
    to += static_cast<char>(0x80 | static_cast<unsigned>(opcode)); // final
    if (payload.size() < 126) {
        to += static_cast<char>(payload.size());
    } else {
        const bool large = payload.size() > 0xFFFF;
        to += large ? '\x7F' : '\x7E';
        for (int shift = large ? 56 : 8; shift >= 0; shift -= 8)
            to += static_cast<char>(static_cast<std::uint64_t>(payload.size()) >> shift & 0xFF);
    }
    to += payload;
}

std::string closeFrame(int code, std::string_view reason)
{
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    payload += reason.substr(0, longestControl - 2);
    std::string frame;
    appendFrame(frame, Opcode::Close, payload);
    return frame;
}

std::string acceptKey(std::string_view key)
{
    std::string text(key);
    text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, section 1.3
    return QCryptographicHash::hash(QByteArray(text.data(), static_cast<qsizetype>(text.size())),
                                    QCryptographicHash::Sha1)
        .toBase64()
        .toStdString();
}

bool isKey(std::string_view key)
{
    const QByteArray text(key.data(), static_cast<qsizetype>(key.size()));
    const auto decoded =
        QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
    return decoded && decoded.decoded.size() == 16;
}

Event FrameReader::next(char *data, std::size_t size)
{
    if (!m_fragmented && !m_message.empty())
        std::string().swap(m_message); // the last message's
    if (size < 2)
        return {};
    const auto byte = [data](std::size_t at) { return static_cast<unsigned char>(data[at]); };
    const bool final = byte(0) & 0x80;
    const auto opcode = static_cast<Opcode>(byte(0) & 0x0F);
    if (byte(0) & 0x70)
        return broken(closeProtocolError, "a reserved bit is set");
    const bool isControl = byte(0) & 0x08;
    if ((byte(0) & 0x0F) > (isControl ? 10 : 2))
        return broken(closeProtocolError, "an unknown opcode");
    if (!(byte(1) & 0x80))
        return broken(closeProtocolError, "a frame is not masked");
    std::uint64_t length = byte(1) & 0x7F;
    std::size_t head = 2;
    if (isControl && (!final || length > longestControl))
        return broken(closeProtocolError, "a control frame is in pieces or too long");
    if (length >= 126) {
        const std::size_t bytes = length == 126 ? 2 : 8;
        if (size < head + bytes)
            return {};
        length = 0;
        for (std::size_t i = 0; i < bytes; ++i)
            length = length << 8 | byte(head + i);
        if (length < (bytes == 2 ? 126U : 0x1'0000U) || length >> 63 != 0)
            return broken(closeProtocolError, "a length is written wrongly");
        head += bytes;
    }
    if (length > messageLimit || m_message.size() + length > messageLimit)
        return broken(closeTooLarge, "at most 64 KiB a message");
    // before the payload is waited for
    if (opcode == Opcode::Binary)
        return broken(closeTextOnly, "text only");
    if (!isControl && (opcode == Opcode::Continuation) != m_fragmented)
        return broken(closeProtocolError,
                      m_fragmented ? "a message in the middle of another" : "nothing to continue");
    const std::size_t used = head + 4 + static_cast<std::size_t>(length);
    if (size < used)
        return {};
    char *payload = data + head + 4;
    unmask(payload, static_cast<std::size_t>(length), data + head);
    const std::string_view text(payload, static_cast<std::size_t>(length));
    return isControl ? control(opcode, text, used) : piece(opcode, final, text, used);
}

Event FrameReader::control(Opcode opcode, std::string_view payload, std::size_t used) const
{
    if (opcode == Opcode::Ping)
        return {Kind::Ping, payload, 0, "", used};
    if (opcode == Opcode::Pong)
        return {Kind::Pong, {}, 0, "", used};
    if (payload.empty())
        return {Kind::Close, {}, 1000, "", used};
    if (payload.size() == 1)
        return broken(closeProtocolError, "half a close code");
    const int code =
        static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
    if (!mayBeSent(code))
        return broken(closeProtocolError, "no such close code");
    if (!isUtf8(payload.substr(2)))
        return broken(closeMalformedText, "not UTF-8");
    return {Kind::Close, {}, code, "", used};
}

Event FrameReader::piece(Opcode opcode, bool final, std::string_view payload, std::size_t used)
{
    if (final && opcode == Opcode::Text) {
        if (!isUtf8(payload))
            return broken(closeMalformedText, "not UTF-8");
        return {Kind::Text, payload, 0, "", used};
    }
    if (opcode == Opcode::Text)
        m_fragments = 0;
    m_message += payload;
    m_fragmented = !final;
    if (++m_fragments > mostFragments)
        return broken(closeTooLarge, "too many pieces");
    if (!final)
        return {Kind::Nothing, {}, 0, "", used};
    const std::size_t size = m_message.size();
    m_message.append(padding, '\0');
    const std::string_view text = std::string_view(m_message).substr(0, size);
    if (!isUtf8(text))
        return broken(closeMalformedText, "not UTF-8");
    return {Kind::Text, text, 0, "", used};
}

} // namespace khop::server
