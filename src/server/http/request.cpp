// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/request.h"

#include <array>

namespace khop::server {

namespace {

constexpr std::array<std::string_view, methodCount> methodNames{"GET",   "HEAD",   "POST",   "PUT",
                                                                "PATCH", "DELETE", "OPTIONS"};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

} // namespace

std::string_view name(Method method) { return methodNames[static_cast<std::size_t>(method)]; }

std::optional<Method> methodFromName(std::string_view name)
{
    for (std::size_t i = 0; i < methodNames.size(); ++i) {
        if (methodNames[i] == name)
            return static_cast<Method>(i);
    }
    return std::nullopt;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool equalsIgnoringCase(std::string_view a, std::string_view lowerCaseB)
{
    if (a.size() != lowerCaseB.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lowerCaseB[i])
            return false;
    }
    return true;
}

bool hasToken(std::string_view headerValue, std::string_view lowerCaseToken)
{
    while (!headerValue.empty()) {
        const std::size_t comma = headerValue.find(',');
        std::string_view token = headerValue.substr(0, comma);
        while (!token.empty() && (token.front() == ' ' || token.front() == '\t'))
            token.remove_prefix(1);
        while (!token.empty() && (token.back() == ' ' || token.back() == '\t'))
            token.remove_suffix(1);
        if (equalsIgnoringCase(token, lowerCaseToken))
            return true;
        if (comma == std::string_view::npos)
            break;
        headerValue.remove_prefix(comma + 1);
    }
    return false;
}

std::string_view HttpRequest::header(std::string_view lowerName) const
{
    for (const Header &header : headers) {
        if (equalsIgnoringCase(header.name, lowerName))
            return header.value;
    }
    return {};
}

} // namespace khop::server
