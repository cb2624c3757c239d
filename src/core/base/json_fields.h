// SPDX-License-Identifier: GPL-3.0-or-later
// Typed, checked reading of a JSON tree. Every complaint names the path, what stands there and what
// would do; the first one is kept, and reading goes on with values that are safe.
#pragma once

#include "base/json_tree.h"
#include "base/time.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace khop {

/// A value of the file with its path (exchanges.HOSE.sessions[2].to).
struct JsonNode {
    const JsonValue *value = nullptr;
    std::string path;

    JsonNode item(std::size_t i) const;
};

/// An enumerator by the name it has in the file.
template <class Enum>
struct JsonChoice {
    std::string_view name;
    Enum value;
};

/// "a | b | c" of the names of a range.
template <class Range, class Name>
std::string alternatives(const Range &range, Name nameOf)
{
    std::string text;
    for (const auto &element : range) {
        if (!text.empty())
            text += " | ";
        text += nameOf(element);
    }
    return text;
}

/// "0.01 … 100": the bound of a number with that many decimals.
std::string rangeText(std::int64_t least, std::int64_t most, int scale = 0);

/// What a reader of one kind of file is made from.
class JsonFields
{
public:
    virtual ~JsonFields() = default;
    const std::optional<Error> &error() const { return m_error; }

protected:
    /// What to suggest at a path where a required key is missing.
    virtual std::string exampleAt(std::string_view path) const = 0;

    void complain(std::string path, std::string value, std::string bound);
    void complain(const JsonNode &node, std::string bound);

    bool expect(const JsonNode &node, JsonValue::Kind kind, std::string bound);
    /// Checks that the node is an object of these keys and no others.
    bool object(const JsonNode &node, std::initializer_list<std::string_view> keys);
    /// The member, or nothing and, where it is required, a complaint.
    std::optional<JsonNode> member(const JsonNode &parent, std::string_view key,
                                   bool required = true);
    template <class Read>
    void with(const JsonNode &parent, std::string_view key, Read read)
    {
        if (const std::optional<JsonNode> node = member(parent, key))
            read(*node);
    }

    std::int64_t integer(const JsonNode &node, std::int64_t least, std::int64_t most)
    {
        return decimal(node, 0, least, most);
    }
    /// Counts 10^-scale; where scale > 0 a string of digits will do as well as a number.
    std::int64_t decimal(const JsonNode &node, int scale, std::int64_t least, std::int64_t most);
    bool boolean(const JsonNode &node);
    Date date(const JsonNode &node);
    std::int64_t timeOfDay(const JsonNode &node);
    /// The text of a string; empty for anything else.
    static std::string_view textOf(const JsonNode &node);
    template <class Enum>
    Enum choice(const JsonNode &node, std::initializer_list<JsonChoice<Enum>> choices)
    {
        for (const JsonChoice<Enum> &choice : choices) {
            if (choice.name == textOf(node))
                return choice.value;
        }
        complain(node, alternatives(choices, [](const auto &choice) { return choice.name; }));
        return choices.begin()->value;
    }

private:
    std::optional<Error> m_error;
};

} // namespace khop
