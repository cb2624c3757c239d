// SPDX-License-Identifier: GPL-3.0-or-later
// The values of one row, in the order of its columns.
#pragma once

#include "base/ids.h"

#include <QtEndian>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace khop {

/// Texts and bytes are not copied, unless a function says so: they must live until the row is written.
class RowValues
{
public:
    enum class Kind : std::uint8_t { Null, Integer, Text, Bytes };
    struct Value {
        Kind kind = Kind::Null;
        std::int64_t integer = 0;
        std::string_view text; // and bytes
    };
    static constexpr std::size_t most = 32;

    void clear() { m_size = m_ids = 0; }
    std::size_t size() const { return m_size; }
    const Value &operator[](std::size_t column) const { return m_values[column]; }

    void add(std::int64_t value) { next() = {Kind::Integer, value, {}}; }
    void addNull() { next() = {}; }
    void addText(std::string_view text) { next() = {Kind::Text, 0, text}; }
    void addBytes(std::string_view bytes) { next() = {Kind::Bytes, 0, bytes}; }
    /// The id's 16 bytes, kept here; at most four in a row.
    void addId(const Uuid &id)
    {
        auto &bytes = m_idBytes.at(m_ids++);
        qToBigEndian(id.high, bytes.data());
        qToBigEndian(id.low, bytes.data() + 8);
        addBytes({bytes.data(), bytes.size()});
    }
    /// Bytes kept here; once in a row.
    void addKept(std::string bytes)
    {
        m_kept = std::move(bytes);
        addBytes(m_kept);
    }

private:
    Value &next() { return m_values.at(m_size++); }

    std::array<Value, most> m_values;
    std::size_t m_size = 0;
    std::array<std::array<char, 16>, 4> m_idBytes;
    std::size_t m_ids = 0;
    std::string m_kept;
};

} // namespace khop
