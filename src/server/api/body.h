// SPDX-License-Identifier: GPL-3.0-or-later
// A request's JSON object, read field by field. Mistakes are collected, so that one answer names all.
#pragma once

#include "base/result.h"
#include "server/json/reader.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop::server {

class Body
{
public:
    /// Notes every member that is not among `allowed` or `beside`. null counts as absent.
    Body(JsonValue object, std::initializer_list<std::string_view> allowed,
         std::initializer_list<std::string_view> beside = {});

    std::optional<std::string_view> text(std::string_view name, std::size_t longest = 200);
    std::optional<std::string_view> requiredText(std::string_view name, std::size_t longest = 200);
    /// A string or a number; the number's text as written.
    std::optional<std::string_view> decimal(std::string_view name);
    std::optional<bool> boolean(std::string_view name);
    std::optional<JsonValue> value(std::string_view name) const;
    bool has(std::string_view name) const { return value(name).has_value(); }

    void mistake(Code code, std::string_view field, std::string_view value = {},
                 std::string bound = {});
    const std::vector<Error> &mistakes() const { return m_mistakes; }

private:
    JsonValue m_object;
    std::vector<Error> m_mistakes;
};

} // namespace khop::server
