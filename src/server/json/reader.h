// SPDX-License-Identifier: GPL-3.0-or-later
// JSON in: the whole text is read and checked once, strictly, into a flat list of values. Refused:
// duplicate keys, a byte-order mark, NaN and other non-JSON, lone surrogates, more than 16 levels.
// Numbers keep their text.
#pragma once

#include "base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop::server {

class JsonDocument;

/// A value of a JsonDocument; lives as long as the document.
class JsonValue
{
public:
    enum class Kind : std::uint8_t { Null, Boolean, Number, String, Array, Object };

    Kind kind() const;
    bool isNull() const { return kind() == Kind::Null; }
    bool isObject() const { return kind() == Kind::Object; }
    bool isArray() const { return kind() == Kind::Array; }
    bool isString() const { return kind() == Kind::String; }
    bool isNumber() const { return kind() == Kind::Number; }
    bool isBoolean() const { return kind() == Kind::Boolean; }

    std::string_view text() const; // String: decoded; Number: as written
    bool boolean() const;          // Boolean
    std::string_view key() const;  // of an object's member

    std::size_t size() const; // Array, Object: members
    std::optional<JsonValue> first() const;
    std::optional<JsonValue> next() const; // the following member of the same parent
    std::optional<JsonValue> find(std::string_view key) const; // Object

private:
    friend class JsonDocument;
    JsonValue(const JsonDocument *document, std::uint32_t index)
        : m_document(document)
        , m_index(index)
    {}

    const JsonDocument *m_document;
    std::uint32_t m_index;
};

class JsonDocument
{
public:
    static constexpr int maximumDepth = 16;

    /// `text` must be followed by 64 readable bytes. The error is MALFORMED_JSON; its bound says what
    /// is wrong.
    static Result<JsonDocument> parsePadded(std::string_view text);
    static Result<JsonDocument> parse(std::string_view text); // copies

    JsonValue root() const { return {this, 0}; }

private:
    friend class JsonValue;
    friend class JsonBuilder;

    struct Node {
        JsonValue::Kind kind = JsonValue::Kind::Null;
        bool boolean = false;
        std::uint32_t next = 0;  // 0: the last member
        std::uint32_t first = 0; // 0: no members
        std::uint32_t size = 0;
        std::uint32_t keyAt = 0, keySize = 0;
        std::uint32_t textAt = 0, textSize = 0;
    };
    std::vector<Node> m_nodes;
    std::string m_text; // keys, strings and numbers
};

} // namespace khop::server
