// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_fields.h"

#include "base/decimal.h"
#include "base/utf8.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::size_t longestKey = 60;

std::string pathOf(const JsonNode &parent, std::string_view key)
{
    return parent.path.empty() ? std::string(key) : parent.path + '.' + std::string(key);
}

} // namespace

JsonNode JsonNode::item(std::size_t i) const
{
    return {&value->items[i], path + '[' + std::to_string(i) + ']'};
}

std::string rangeText(std::int64_t least, std::int64_t most, int scale)
{
    return formatDecimal(least, scale, true) + " … " + formatDecimal(most, scale, true);
}

void JsonFields::complain(std::string path, std::string value, std::string bound)
{
    if (!m_error)
        m_error =
            Error{Code::CONFIGURATION_ERROR, std::move(path), std::move(value), std::move(bound)};
}

void JsonFields::complain(const JsonNode &node, std::string bound)
{
    complain(node.path, node.value->excerpt(), std::move(bound));
}

bool JsonFields::expect(const JsonNode &node, JsonValue::Kind kind, std::string bound)
{
    if (node.value->kind == kind)
        return true;
    complain(node, std::move(bound));
    return false;
}

bool JsonFields::object(const JsonNode &node, std::initializer_list<std::string_view> keys)
{
    if (!expect(node, JsonValue::Kind::Object, "{…}"))
        return false;
    for (const JsonMember &entry : node.value->members) {
        if (std::ranges::find(keys, entry.key) == keys.end()) {
            const std::string key = shortened(entry.key, longestKey);
            complain(pathOf(node, key), key,
                     alternatives(keys, [](std::string_view known) { return known; }));
        }
    }
    return true;
}

std::optional<JsonNode> JsonFields::member(const JsonNode &parent, std::string_view key,
                                           bool required)
{
    const std::string path = pathOf(parent, key);
    if (const JsonValue *value = parent.value->find(key))
        return JsonNode{value, path};
    if (required)
        complain(path, {}, exampleAt(path));
    return std::nullopt;
}

std::int64_t JsonFields::decimal(const JsonNode &node, int scale, std::int64_t least,
                                 std::int64_t most)
{
    const JsonValue::Kind kind = node.value->kind;
    const bool readable =
        kind == JsonValue::Kind::Number || (scale > 0 && kind == JsonValue::Kind::String);
    const auto parsed = readable ? parseDecimal(node.value->text, scale) : std::nullopt;
    if (!parsed || *parsed < least || *parsed > most) {
        complain(node, rangeText(least, most, scale));
        return least;
    }
    return *parsed;
}

bool JsonFields::boolean(const JsonNode &node)
{
    return expect(node, JsonValue::Kind::Boolean, "true | false") && node.value->boolean;
}

Date JsonFields::date(const JsonNode &node)
{
    const auto parsed = parseIsoDate(textOf(node));
    if (!parsed)
        complain(node, "YYYY-MM-DD");
    return parsed.value_or(Date{});
}

std::int64_t JsonFields::timeOfDay(const JsonNode &node)
{
    const auto parsed = parseTimeOfDay(textOf(node));
    if (!parsed)
        complain(node, "00:00 … 24:00");
    return parsed.value_or(0);
}

std::string_view JsonFields::textOf(const JsonNode &node)
{
    return node.value->kind == JsonValue::Kind::String ? std::string_view(node.value->text)
                                                       : std::string_view();
}

} // namespace khop
