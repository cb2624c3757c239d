// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/body.h"

#include "base/utf8.h"

#include <algorithm>

namespace khop::server {

Body::Body(JsonValue object, std::initializer_list<std::string_view> allowed,
           std::initializer_list<std::string_view> beside)
    : m_object(object)
{
    for (std::optional<JsonValue> member = object.first(); member; member = member->next()) {
        if (std::find(allowed.begin(), allowed.end(), member->key()) == allowed.end()
            && std::find(beside.begin(), beside.end(), member->key()) == beside.end())
            mistake(Code::UNKNOWN_FIELD, shortened(member->key(), 64));
    }
}

std::optional<JsonValue> Body::value(std::string_view name) const
{
    const std::optional<JsonValue> member = m_object.find(name);
    return member && !member->isNull() ? member : std::nullopt;
}

std::optional<std::string_view> Body::text(std::string_view name, std::size_t longest)
{
    const std::optional<JsonValue> member = value(name);
    if (!member)
        return std::nullopt;
    if (!member->isString()) {
        mistake(Code::VALIDATION_ERROR, name, {}, "a string");
        return std::nullopt;
    }
    const std::string_view text = member->text();
    if (text.size() > longest) {
        mistake(Code::VALIDATION_ERROR, name, shortened(text, 32),
                "at most " + std::to_string(longest) + " bytes");
        return std::nullopt;
    }
    const bool control = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
    });
    if (control) {
        mistake(Code::VALIDATION_ERROR, name, {}, "text without control characters");
        return std::nullopt;
    }
    return text;
}

std::optional<std::string_view> Body::requiredText(std::string_view name, std::size_t longest)
{
    if (!has(name)) {
        mistake(Code::REQUIRED, name);
        return std::nullopt;
    }
    return text(name, longest);
}

std::optional<std::string_view> Body::decimal(std::string_view name)
{
    const std::optional<JsonValue> member = value(name);
    if (!member)
        return std::nullopt;
    if ((!member->isString() && !member->isNumber()) || member->text().empty()
        || member->text().size() > 40
        || member->text().find_first_not_of("0123456789.-") != std::string_view::npos) {
        mistake(Code::VALIDATION_ERROR, name, shortened(member->text(), 40),
                "a plain decimal number");
        return std::nullopt;
    }
    return member->text();
}

std::optional<bool> Body::boolean(std::string_view name)
{
    const std::optional<JsonValue> member = value(name);
    if (!member)
        return std::nullopt;
    if (!member->isBoolean()) {
        mistake(Code::VALIDATION_ERROR, name, {}, "true or false");
        return std::nullopt;
    }
    return member->boolean();
}

void Body::mistake(Code code, std::string_view field, std::string_view value, std::string bound)
{
    // A secret is not sent back, nor does it reach a log.
    const bool secret = field.find("password") != std::string_view::npos
                        || field.find("token") != std::string_view::npos
                        || field.find("secret") != std::string_view::npos;
    m_mistakes.push_back(
        {code, std::string(field), secret ? std::string() : std::string(value), std::move(bound)});
}

} // namespace khop::server
