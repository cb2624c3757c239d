// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/written_values.h"

#include "statement/statement_text.h"

#include <array>
#include <chrono>

namespace khop {

namespace {

constexpr std::size_t longestNumber = 40;
constexpr std::array<std::string_view, 7> currencyWords{"VND", "VNĐ", "vnd", "vnđ", "đ", "₫", "Đ"};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Digits, in groups of three behind a group mark or without any; nothing when it is neither.
std::optional<std::string> ungrouped(std::string_view whole, char group)
{
    std::string digits;
    std::size_t run = 0;
    bool grouped = false;
    for (const char c : whole) {
        if (c == group) {
            if (run == 0 || run > 3 || (grouped && run != 3))
                return std::nullopt;
            grouped = true;
            run = 0;
        } else if (isDigit(c)) {
            digits.push_back(c);
            ++run;
        } else {
            return std::nullopt;
        }
    }
    // 0.500 is a half and not five hundred
    if (digits.empty() || (grouped && (run != 3 || digits.front() == '0')))
        return std::nullopt;
    return digits;
}

/// Takes sign, parentheses and the currency's name off; false for two signs.
bool unwrap(std::string_view &text, bool &negative)
{
    text = trimmedCell(text);
    for (const std::string_view word : currencyWords) {
        if (text.ends_with(word)) {
            text = trimmedCell(text.substr(0, text.size() - word.size()));
            break;
        }
    }
    negative = text.starts_with('-') || (text.starts_with('(') && text.ends_with(')'));
    if (text.starts_with('('))
        text = negative && text.size() > 2 ? text.substr(1, text.size() - 2) : std::string_view();
    else if (text.starts_with('-') || text.starts_with('+'))
        text.remove_prefix(1);
    text = trimmedCell(text);
    return !text.empty() && isDigit(text.front());
}

/// Reads numbers and single marks from the front.
class DateReader
{
public:
    explicit DateReader(std::string_view text) : m_rest(text) {}

    /// A number of one to `width` digits; its width is what counts for a year.
    std::optional<int> number(std::size_t least, std::size_t most)
    {
        std::size_t digits = 0;
        int value = 0;
        for (; digits < m_rest.size() && digits < most && isDigit(m_rest[digits]); ++digits)
            value = value * 10 + (m_rest[digits] - '0');
        if (digits < least)
            return std::nullopt;
        m_rest.remove_prefix(digits);
        return value;
    }
    bool mark(char c)
    {
        if (!m_rest.starts_with(c))
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    bool atEnd() const { return m_rest.empty(); }

private:
    std::string_view m_rest;
};

std::optional<Date> writtenDate(std::string_view text, DateOrder order)
{
    const std::size_t at = text.find_first_not_of("0123456789");
    if (at == std::string_view::npos || !std::string_view("/-.").contains(text[at]))
        return std::nullopt;
    const char mark = text[at];
    const bool yearFirst = at == 4;
    DateReader reader(text);
    const auto first = yearFirst ? reader.number(4, 4) : reader.number(1, 2);
    if (!first || !reader.mark(mark))
        return std::nullopt;
    const auto second = reader.number(1, 2);
    if (!second || !reader.mark(mark))
        return std::nullopt;
    const auto third = yearFirst ? reader.number(1, 2) : reader.number(4, 4);
    if (!third || !reader.atEnd())
        return std::nullopt;
    const int year = yearFirst ? *first : *third;
    const int month = yearFirst || order == DateOrder::DayFirst ? *second : *first;
    const int day = yearFirst ? *third : order == DateOrder::DayFirst ? *first : *second;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    return date.ok() ? std::optional(dateOf(year, month, day)) : std::nullopt;
}

/// 9:15, 09:15:30 and 09:15:30.123, to the second.
std::optional<std::int64_t> writtenClock(std::string_view text)
{
    const std::size_t point = text.find('.');
    if (point != std::string_view::npos
        && text.find_first_not_of("0123456789", point + 1) != std::string_view::npos)
        return std::nullopt;
    text = text.substr(0, point);
    const std::string padded = text.find(':') == 1 ? '0' + std::string(text) : std::string(text);
    const auto time = parseTimeOfDay(padded);
    return time && *time < millisecondsPerDay ? time : std::nullopt;
}

} // namespace

std::optional<std::string> plainNumber(std::string_view written, NumberMarks marks)
{
    bool negative = false;
    if (written.size() > longestNumber || !unwrap(written, negative))
        return std::nullopt;
    const char group = marks == NumberMarks::PointGroups ? '.' : ',';
    const char point = marks == NumberMarks::PointGroups ? ',' : '.';
    const std::size_t at = written.find(point);
    auto digits = ungrouped(written.substr(0, at), group);
    if (!digits)
        return std::nullopt;
    if (at != std::string_view::npos) {
        const std::string_view fraction = written.substr(at + 1);
        if (fraction.empty() || fraction.find_first_not_of("0123456789") != std::string_view::npos)
            return std::nullopt;
        digits->append(".").append(fraction);
    }
    return negative ? '-' + *digits : *digits;
}

std::optional<WrittenTime> writtenTime(std::string_view written, DateOrder order)
{
    written = trimmedCell(written);
    const std::size_t at = written.find_first_of(" T");
    std::string_view date = written.substr(0, at);
    std::string_view clock =
        at == std::string_view::npos ? std::string_view() : trimmedCell(written.substr(at + 1));
    if (date.contains(':'))
        std::swap(date, clock);
    const auto day = writtenDate(date, order);
    if (!day)
        return std::nullopt;
    if (clock.empty())
        return at == std::string_view::npos ? std::optional(WrittenTime{*day, std::nullopt})
                                            : std::nullopt;
    const auto time = writtenClock(clock);
    return time ? std::optional(WrittenTime{*day, time}) : std::nullopt;
}

} // namespace khop
