// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/sentences.h"

#include "base/bounds.h"
#include "base/decimal.h"
#include "base/json_tree.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/wordings.h"

#include <algorithm>
#include <array>

namespace khop {

namespace {

constexpr std::size_t longestArgument = 120;

/// Digits in groups where the text is a number, else the text.
std::string grouped(std::string_view text)
{
    const std::size_t point = text.find('.');
    const int scale =
        point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
    const auto raw = scale <= 18 ? parseDecimal(text, scale) : std::nullopt;
    return raw ? formatGrouped(*raw, scale) : std::string(text);
}

struct Word {
    std::string_view name, english, vietnamese;
};

constexpr std::array statusWords{
    Word{"PENDING", "sent, not confirmed", "Đã gửi"},
    Word{"QUEUED", "waiting for its session", "Chờ gửi"},
    Word{"ACTIVE", "working", "Chờ khớp"},
    Word{"PARTIALLY_FILLED", "partially filled", "Khớp một phần"},
    Word{"FILLED", "filled", "Khớp toàn bộ"},
    Word{"PENDING_CANCEL", "cancel pending", "Chờ hủy"},
    Word{"PENDING_REPLACE", "amendment pending", "Chờ sửa"},
    Word{"CANCELLED", "cancelled", "Đã hủy"},
    Word{"REJECTED", "rejected", "Bị từ chối"},
    Word{"EXPIRED", "expired", "Hết hạn"},
    Word{"EXECUTED", "executed", "Đã thực hiện"}, // a put-through deal
};

constexpr std::array closedWords{
    Word{"CLOSED", "The market is closed", "Thị trường đã đóng cửa"},
    Word{"BREAK", "The market is in its lunch break", "Thị trường đang nghỉ trưa"},
    Word{"PUT_THROUGH_ONLY", "Only put-through deals are made now",
         "Hiện chỉ nhận giao dịch thỏa thuận"},
};

template <std::size_t n>
std::string wordFor(const std::array<Word, n> &words, std::string_view name, Language language)
{
    const auto word = std::ranges::find(words, name, &Word::name);
    if (word == words.end())
        return {};
    return std::string(language == Language::English ? word->english : word->vietnamese);
}

/// "2026-11-23" or "2026-11-23 09:00" as people write it.
std::string dateText(std::string_view text, Language language)
{
    const bool isDate = parseIsoDate(text.substr(0, 10)).has_value();
    if (!isDate)
        return std::string(text);
    const std::string_view clock = text.size() > 11 ? text.substr(11) : std::string_view();
    if (language == Language::English) {
        return clock.empty()
                   ? std::string(text)
                   : "on " + std::string(text.substr(0, 10)) + " at " + std::string(clock);
    }
    std::string date;
    date.append(text.substr(8, 2))
        .append("/")
        .append(text.substr(5, 2))
        .append("/")
        .append(text.substr(0, 4));
    return clock.empty() ? date : std::string(clock) + " ngày " + date;
}

std::string closedText(const Error &error, Language language)
{
    if (error.field == "quantity") {
        return language == Language::English ? "Odd lots are not traded in this session"
                                             : "Không giao dịch lô lẻ trong phiên này";
    }
    return wordFor(closedWords, error.value, language);
}

/// A price a thousand times too small is probably one in thousand dong, as the price board shows it.
std::string thousandsHint(const Error &error, Language language)
{
    constexpr int scale = 3;
    constexpr std::int64_t leastFloor =
        100'000; // 100 dong: never a price in another currency's cents
    const auto given = parseDecimal(error.value, scale);
    const auto floor = parseDecimal(error.bound, scale);
    if (!given || !floor || *floor < leastFloor || *given <= 0 || *given > *floor)
        return {};
    const std::int64_t dong = *given; // thousandths of a thousand dong
    if (dong < *floor / 1000 || dong > *floor / 1000 * 4)
        return {};
    return language == Language::English
               ? " If thousand dong are meant, that is " + formatGrouped(dong)
                     + " dong: set price_unit to “kVND”."
               : " Nếu tính theo nghìn đồng thì giá là " + formatGrouped(dong)
                     + " đồng: hãy đặt price_unit là “kVND”.";
}

/// What a placeholder stands for; nothing when the error does not say.
std::optional<std::string> argument(std::string_view name, const Error &error, Language language)
{
    const auto given = [](std::string text) {
        // a template brings its own full stop
        if (text.ends_with('.') && !text.ends_with(".."))
            text.pop_back();
        return text.empty() ? std::optional<std::string>()
                            : std::optional(shortened(text, longestArgument));
    };
    if (name == "thousands")
        return thousandsHint(error, language); // may well be empty
    if (name == "field")
        return given(error.field);
    if (name == "value")
        return given(error.value);
    if (name == "bound")
        return given(language == Language::Vietnamese ? boundInVietnamese(error.bound)
                                                      : error.bound);
    if (name == "#value")
        return given(grouped(error.value));
    if (name == "#bound")
        return given(grouped(error.bound));
    if (name == "status")
        return given(wordFor(statusWords, error.value, language));
    if (name == "closed")
        return given(closedText(error, language));
    if (name == "date")
        return given(dateText(error.value, language));
    if (name == "reopening")
        return error.field == "quantity" ? std::nullopt : given(dateText(error.bound, language));
    return std::nullopt;
}

std::optional<std::string> filled(std::string_view form, const Error &error, Language language)
{
    std::string text;
    while (!form.empty()) {
        const std::size_t open = std::min(form.find('{'), form.size());
        text += form.substr(0, open);
        form.remove_prefix(open);
        if (form.empty())
            break;
        const std::size_t close = form.find('}');
        const auto word = argument(form.substr(1, close - 1), error, language);
        if (!word)
            return std::nullopt;
        text += *word;
        form.remove_prefix(close + 1);
    }
    return text;
}

} // namespace

std::string sentence(const Error &error, Language language)
{
    const Wording wording = wordingOf(error.code);
    for (const std::string_view form :
         language == Language::English ? wording.english : wording.vietnamese) {
        if (form.empty())
            continue;
        if (const auto text = filled(form, error, language))
            return *text;
    }
    return std::string(codeName(error.code));
}

} // namespace khop
