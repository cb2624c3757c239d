// SPDX-License-Identifier: GPL-3.0-or-later
#include "rules_text.h"

#include "words.h"

#include "base/json_tree.h"

#include <algorithm>

namespace khop::bench {

namespace {

using Kind = JsonValue::Kind;

void writeText(std::string &to, std::string_view text)
{
    to += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            to += '\\';
        if (static_cast<unsigned char>(c) < 0x20)
            to += ' '; // no name and no text of the rules holds a control character
        else
            to += c;
    }
    to += '"';
}

void write(std::string &to, const JsonValue &value)
{
    const char *comma = "";
    switch (value.kind) {
    case Kind::Null: to += "null"; break;
    case Kind::Boolean: to += value.boolean ? "true" : "false"; break;
    case Kind::Number: to += value.text; break;
    case Kind::String: writeText(to, value.text); break;
    case Kind::Array:
        to += '[';
        for (const JsonValue &item : value.items) {
            to += std::exchange(comma, ",");
            write(to, item);
        }
        to += ']';
        break;
    case Kind::Object:
        to += '{';
        for (const JsonMember &member : value.members) {
            to += std::exchange(comma, ",");
            writeText(to, member.key);
            to += ':';
            write(to, member.value);
        }
        to += '}';
        break;
    }
}

std::string membersOf(const JsonValue &value)
{
    if (value.kind == Kind::Array)
        return "[0] to [" + std::to_string(value.items.size() - 1) + "]";
    std::string names;
    for (const JsonMember &member : value.members)
        names += (names.empty() ? "" : ", ") + member.key;
    return names.empty() ? "nothing below it" : names;
}

JsonValue *step(JsonValue &value, std::string_view name)
{
    if (value.kind == Kind::Array) {
        const auto index = parseGrouped(name, 0);
        return index && *index >= 0 && static_cast<std::size_t>(*index) < value.items.size()
                   ? &value.items[static_cast<std::size_t>(*index)]
                   : nullptr;
    }
    const auto member = std::ranges::find(value.members, name, &JsonMember::key);
    return member == value.members.end() ? nullptr : &member->value;
}

} // namespace

std::expected<std::string, std::string> withRule(std::string_view rules, std::string_view path,
                                                 std::string_view value)
{
    auto document = parseJson(rules);
    if (!document)
        return std::unexpected("the rules cannot be read: " + document.error().field);
    JsonValue *at = &*document;
    for (std::string_view rest = path; !rest.empty();) {
        const std::size_t size = std::min(rest.find_first_of(".[]"), rest.size());
        const std::string_view name = rest.substr(0, size);
        rest.remove_prefix(std::min(size + 1, rest.size()));
        if (name.empty())
            continue; // between ] and .
        JsonValue *below = step(*at, name);
        if (!below)
            return std::unexpected("'" + std::string(path) + "': the rules have no '"
                                   + std::string(name) + "' there, but " + membersOf(*at));
        at = below;
    }
    if (auto json = parseJson(value)) {
        *at = std::move(*json);
    } else {
        *at = {};
        at->kind = Kind::String;
        at->text = value;
    }
    std::string text;
    write(text, *document);
    return text;
}

} // namespace khop::bench
