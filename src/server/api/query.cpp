// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/query.h"

#include "base/decimal.h"
#include "base/utf8.h"
#include "server/api/router.h"

#include <algorithm>
#include <charconv>

namespace khop::server {

namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

Result<std::optional<std::uint64_t>> wholeNumber(const Query &query, std::string_view name,
                                                 std::uint64_t least, std::uint64_t most)
{
    const std::optional<std::string_view> text = query.get(name);
    if (!text)
        return std::optional<std::uint64_t>();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size() || number < least
        || number > most) {
        return refuse(Code::VALIDATION_ERROR, std::string(name), shortened(*text, 40),
                      std::to_string(least) + "…" + std::to_string(most));
    }
    return std::optional(number);
}

} // namespace

std::optional<std::string> percentDecoded(std::string_view text, bool plusIsSpace)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size())
                return std::nullopt;
            const int high = hexValue(text[i + 1]);
            const int low = hexValue(text[i + 2]);
            if (high < 0 || low < 0)
                return std::nullopt;
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            decoded += plusIsSpace && text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

Result<Query> Query::parse(std::string_view text)
{
    Query query;
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (pair.empty())
            continue;
        const std::size_t equals = pair.find('=');
        std::optional<std::string> name = percentDecoded(pair.substr(0, equals), true);
        std::optional<std::string> value = equals == std::string_view::npos
                                               ? std::string()
                                               : percentDecoded(pair.substr(equals + 1), true);
        if (!name || !value)
            return refuse(Code::MALFORMED_REQUEST, "query", {}, "%XX escapes");
        if (!isUtf8(*name) || !isUtf8(*value))
            return refuse(Code::MALFORMED_REQUEST, "query", {}, "UTF-8");
        for (const auto &[other, ignored] : query.m_values) {
            if (other == *name)
                return refuse(Code::MALFORMED_REQUEST, shortened(*name, 64), {}, "once");
        }
        query.m_values.emplace_back(std::move(*name), std::move(*value));
    }
    return query;
}

Result<void> Query::allowOnly(std::initializer_list<std::string_view> allowed,
                              std::string_view besides) const
{
    for (const auto &[name, value] : m_values) {
        if ((name != besides || name.empty())
            && std::find(allowed.begin(), allowed.end(), name) == allowed.end())
            return refuse(Code::UNKNOWN_FIELD, shortened(name, 64));
    }
    return {};
}

std::optional<std::string_view> Query::get(std::string_view name) const
{
    for (const auto &[other, value] : m_values) {
        if (other == name)
            return value.empty() ? std::nullopt : std::optional<std::string_view>(value);
    }
    return std::nullopt;
}

Result<Paging> Paging::from(const Query &query, std::size_t defaultLimit, std::size_t maximumLimit)
{
    const bool byPage = query.get("page") || query.get("page_size");
    const bool byOffset = query.get("offset").has_value();
    const bool byCursor = query.get("cursor").has_value();
    if (byPage + byOffset + byCursor > 1 || (byPage && query.get("limit")))
        return refuse(Code::MALFORMED_REQUEST, "page", {},
                      "either cursor, or offset, or page with page_size");
    Paging paging;
    const auto limit = wholeNumber(query, byPage ? "page_size" : "limit", 1, maximumLimit);
    if (!limit)
        return std::unexpected(limit.error());
    paging.limit = limit->value_or(defaultLimit);
    if (byCursor) {
        const std::string_view text = *query.get("cursor");
        std::uint64_t number = 0;
        const auto [end, error] =
            std::from_chars(text.data() + 1, text.data() + text.size(), number, 36);
        if (text.front() != 'c' || error != std::errc() || end != text.data() + text.size())
            return refuse(Code::VALIDATION_ERROR, "cursor", shortened(text, 40), "a next_cursor");
        paging.before = number;
    }
    const auto offset = wholeNumber(query, "offset", 0, maximumOffset);
    if (!offset)
        return std::unexpected(offset.error());
    paging.offset = offset->value_or(0);
    if (byPage) {
        const auto page = wholeNumber(query, "page", 1, maximumOffset);
        if (!page)
            return std::unexpected(page.error());
        paging.offset = (page->value_or(1) - 1) * paging.limit;
    }
    return paging;
}

std::string Paging::cursor(std::uint64_t number)
{
    std::string text(16, '\0');
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number, 36);
    text.resize(static_cast<std::size_t>(end.ptr - text.data()));
    return 'c' + text;
}

Result<std::optional<Time>> timeFilter(const Query &query,
                                       std::initializer_list<std::string_view> names, bool endOfDay)
{
    std::optional<Time> time;
    for (const std::string_view name : names) {
        const std::optional<std::string_view> text = query.get(name);
        if (!text)
            continue;
        if (time)
            return refuse(Code::MALFORMED_REQUEST, std::string(name), {},
                          "one name of the same filter");
        if (const std::optional<Date> date = parseIsoDate(*text))
            time = vietnamTime(endOfDay ? *date + 1 : *date, 0);
        else
            time = parseIsoTime(*text);
        if (!time)
            return refuse(Code::VALIDATION_ERROR, std::string(name), shortened(*text, 40),
                          "2026-11-20 or 2026-11-20T09:00:00+07:00");
    }
    return time;
}

} // namespace khop::server
