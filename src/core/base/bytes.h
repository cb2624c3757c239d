// SPDX-License-Identifier: GPL-3.0-or-later
// The canonical binary form of commands and snapshots: LEB128 integers, zigzag for signed ones, length
// before text. The same value has one form only, so that hashes of it mean something.
#pragma once

#include "base/ids.h"
#include "base/integers.h"
#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace khop {

class ByteWriter
{
public:
    void u64(std::uint64_t value)
    {
        while (value >= 0x80) {
            m_bytes.push_back(static_cast<char>(value | 0x80));
            value >>= 7;
        }
        m_bytes.push_back(static_cast<char>(value));
    }
    void i64(std::int64_t value)
    {
        u64((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void text(std::string_view value)
    {
        u64(value.size());
        m_bytes.append(value);
    }
    void id(const Uuid &id)
    {
        fixed(id.high);
        fixed(id.low);
    }
    void fixed(std::uint64_t value)
    {
        for (int shift = 0; shift < 64; shift += 8)
            m_bytes.push_back(static_cast<char>(value >> shift));
    }
    template <class Unit>
    void number(Integer<Unit> value)
    {
        i64(value.raw());
    }
    void time(Time value) { i64(value.ms); }
    template <class Unit>
    void optional(std::optional<Integer<Unit>> value)
    {
        u64(value ? 1 : 0);
        if (value)
            number(*value);
    }

    const std::string &bytes() const { return m_bytes; }
    std::string take() { return std::move(m_bytes); }
    void clear() { m_bytes.clear(); }

private:
    std::string m_bytes;
};

/// Reads what ByteWriter wrote. After any malformed or missing byte ok() is false and every further read
/// gives zero values; text lengths are bounded by what is there.
class ByteReader
{
public:
    explicit ByteReader(std::string_view bytes) : m_bytes(bytes) {}

    bool ok() const { return m_ok; }
    bool atEnd() const { return m_at == m_bytes.size(); }
    std::size_t position() const { return m_at; }

    std::uint64_t u64()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (!m_ok || m_at >= m_bytes.size())
                return fail();
            const auto byte = static_cast<std::uint8_t>(m_bytes[m_at++]);
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (!(byte & 0x80))
                return value;
        }
        return fail();
    }
    std::int64_t i64()
    {
        const std::uint64_t value = u64();
        return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
    }
    std::string_view text()
    {
        const std::uint64_t size = u64();
        if (!m_ok || size > m_bytes.size() - m_at) {
            fail();
            return {};
        }
        const std::string_view value = m_bytes.substr(m_at, size);
        m_at += size;
        return value;
    }
    std::uint64_t fixed()
    {
        if (!m_ok || m_bytes.size() - m_at < 8)
            return fail();
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 8)
            value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(m_bytes[m_at++]))
                     << shift;
        return value;
    }
    Uuid id()
    {
        const std::uint64_t high = fixed();
        return {high, fixed()};
    }
    template <class Number>
    Number number()
    {
        return Number(i64());
    }
    Time time() { return {i64()}; }
    template <class Number>
    std::optional<Number> optional()
    {
        if (u64() == 0)
            return std::nullopt;
        return number<Number>();
    }
    /// A value of an enum with `count` members; anything else fails.
    template <class Enum>
    Enum choice(std::uint64_t count)
    {
        const std::uint64_t value = u64();
        if (value >= count)
            fail();
        return m_ok ? static_cast<Enum>(value) : Enum{};
    }
    std::uint64_t fail()
    {
        m_ok = false;
        return 0;
    }

private:
    std::string_view m_bytes;
    std::size_t m_at = 0;
    bool m_ok = true;
};

} // namespace khop
