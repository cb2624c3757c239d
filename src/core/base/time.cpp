// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/time.h"

#include <chrono>

namespace khop {

namespace {

/// Reads fixed-width numbers and marks from the front of a text; once something is amiss it stays so.
class Reader
{
public:
    explicit Reader(std::string_view text) : m_rest(text) {}

    int number(std::size_t width, int most)
    {
        int value = 0;
        for (std::size_t i = 0; i < width; ++i) {
            if (i >= m_rest.size() || m_rest[i] < '0' || m_rest[i] > '9')
                return fail();
            value = value * 10 + (m_rest[i] - '0');
        }
        if (value > most)
            return fail();
        m_rest.remove_prefix(width);
        return value;
    }
    bool mark(char c)
    {
        if (!m_ok || !m_rest.starts_with(c))
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    void expect(char c)
    {
        if (!mark(c))
            fail();
    }
    /// One to nine digits after the point, cut to milliseconds.
    int milliseconds()
    {
        int value = 0;
        int digits = 0;
        for (; digits < 9 && !m_rest.empty() && m_rest[0] >= '0' && m_rest[0] <= '9'; ++digits) {
            if (digits < 3)
                value = value * 10 + (m_rest[0] - '0');
            m_rest.remove_prefix(1);
        }
        if (digits == 0)
            return fail();
        for (; digits < 3; ++digits)
            value *= 10;
        return value;
    }
    std::optional<Date> date()
    {
        using namespace std::chrono;
        const int y = number(4, 9999);
        expect('-');
        const int m = number(2, 12);
        expect('-');
        const int d = number(2, 31);
        const year_month_day day{year(y), month(static_cast<unsigned>(m)),
                                 std::chrono::day(static_cast<unsigned>(d))};
        if (!m_ok || !day.ok()) {
            fail();
            return std::nullopt;
        }
        return dateOf(y, m, d);
    }
    bool atEnd() const { return m_ok && m_rest.empty(); }
    int fail()
    {
        m_ok = false;
        return 0;
    }

private:
    std::string_view m_rest;
    bool m_ok = true;
};

void appendPadded(std::string &text, std::int64_t value, std::size_t width)
{
    const std::string digits = std::to_string(value);
    if (digits.size() < width)
        text.append(width - digits.size(), '0');
    text += digits;
}

constexpr std::int64_t msPerHour = 3'600'000;
constexpr std::int64_t msPerMinute = 60'000;

} // namespace

Date dateOf(int year, int month, int day)
{
    const std::chrono::sys_days days = std::chrono::year(year)
                                       / std::chrono::month(static_cast<unsigned>(month))
                                       / std::chrono::day(static_cast<unsigned>(day));
    return {static_cast<std::int32_t>(days.time_since_epoch().count())};
}

int yearOf(Date date)
{
    const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(date.day))};
    return static_cast<int>(day.year());
}

std::string isoDate(Date date)
{
    const std::chrono::year_month_day day{std::chrono::sys_days(std::chrono::days(date.day))};
    std::string text;
    appendPadded(text, static_cast<int>(day.year()), 4);
    text += '-';
    appendPadded(text, static_cast<unsigned>(day.month()), 2);
    text += '-';
    appendPadded(text, static_cast<unsigned>(day.day()), 2);
    return text;
}

std::string isoTime(Time time)
{
    std::int64_t day = time.ms / millisecondsPerDay;
    std::int64_t rest = time.ms % millisecondsPerDay;
    if (rest < 0) {
        rest += millisecondsPerDay;
        --day;
    }
    std::string text = isoDate({static_cast<std::int32_t>(day)});
    text += 'T';
    appendPadded(text, rest / msPerHour, 2);
    text += ':';
    appendPadded(text, rest / msPerMinute % 60, 2);
    text += ':';
    appendPadded(text, rest / 1000 % 60, 2);
    text += '.';
    appendPadded(text, rest % 1000, 3);
    text += 'Z';
    return text;
}

std::optional<Date> parseIsoDate(std::string_view text)
{
    Reader reader(text);
    const std::optional<Date> date = reader.date();
    return reader.atEnd() ? date : std::nullopt;
}

std::optional<Time> parseIsoTime(std::string_view text)
{
    Reader reader(text);
    const std::optional<Date> date = reader.date();
    if (!date || !(reader.mark('T') || reader.mark('t')))
        return std::nullopt;
    std::int64_t ms = reader.number(2, 23) * msPerHour;
    reader.expect(':');
    ms += reader.number(2, 59) * msPerMinute;
    reader.expect(':');
    ms += std::int64_t{reader.number(2, 59)} * 1000;
    if (reader.mark('.'))
        ms += reader.milliseconds();
    if (!reader.mark('Z') && !reader.mark('z')) {
        const bool west = reader.mark('-');
        if (!west)
            reader.expect('+');
        std::int64_t offset = reader.number(2, 23) * msPerHour;
        reader.expect(':');
        offset += reader.number(2, 59) * msPerMinute;
        ms += west ? offset : -offset;
    }
    if (!reader.atEnd())
        return std::nullopt;
    return Time{std::int64_t{date->day} * millisecondsPerDay + ms};
}

std::string formatTimeOfDay(std::int64_t timeOfDay)
{
    std::string text;
    appendPadded(text, timeOfDay / msPerHour, 2);
    text += ':';
    appendPadded(text, timeOfDay / msPerMinute % 60, 2);
    return text;
}

std::optional<std::int64_t> parseTimeOfDay(std::string_view text)
{
    Reader reader(text);
    std::int64_t ms = reader.number(2, 24) * msPerHour;
    reader.expect(':');
    ms += reader.number(2, 59) * msPerMinute;
    if (reader.mark(':'))
        ms += std::int64_t{reader.number(2, 59)} * 1000;
    if (!reader.atEnd() || ms > millisecondsPerDay)
        return std::nullopt;
    return ms;
}

} // namespace khop
