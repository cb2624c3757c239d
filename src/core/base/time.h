// SPDX-License-Identifier: GPL-3.0-or-later
// Engine time and the exchange's calendar day. Vietnam is UTC+7 all year round (no DST).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace khop {

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
struct Time {
    std::int64_t ms = 0;
    friend constexpr auto operator<=>(Time, Time) = default;
    friend constexpr Time operator+(Time t, std::int64_t milliseconds)
    {
        return {t.ms + milliseconds};
    }
    friend constexpr std::int64_t operator-(Time a, Time b) { return a.ms - b.ms; }
};

/// A calendar day: days since 1970-01-01.
struct Date {
    std::int32_t day = 0;
    friend constexpr auto operator<=>(Date, Date) = default;
    friend constexpr Date operator+(Date d, int days) { return {d.day + days}; }
    friend constexpr int operator-(Date a, Date b) { return a.day - b.day; }
    /// 1 = Monday … 7 = Sunday.
    constexpr int weekday() const { return ((day % 7) + 7 + 3) % 7 + 1; }
};

inline constexpr std::int64_t millisecondsPerDay = 86'400'000;
inline constexpr std::int64_t vietnamOffset = 7 * 3'600'000;

/// The day in Vietnam at this moment, and the milliseconds since its midnight there.
constexpr Date vietnamDate(Time t)
{
    const std::int64_t local = t.ms + vietnamOffset;
    const std::int64_t day =
        (local >= 0 ? local : local - millisecondsPerDay + 1) / millisecondsPerDay;
    return {static_cast<std::int32_t>(day)};
}
constexpr std::int64_t vietnamTimeOfDay(Time t)
{
    return t.ms + vietnamOffset - std::int64_t{vietnamDate(t).day} * millisecondsPerDay;
}
/// The moment at which it is `timeOfDay` milliseconds past midnight in Vietnam on `date`.
constexpr Time vietnamTime(Date date, std::int64_t timeOfDay)
{
    return {std::int64_t{date.day} * millisecondsPerDay + timeOfDay - vietnamOffset};
}

Date dateOf(int year, int month, int day);
int yearOf(Date date);
std::string isoDate(Date date); // 2026-11-20
std::string isoTime(Time time); // 2026-11-20T02:05:00.000Z
std::optional<Date> parseIsoDate(std::string_view text);
std::optional<Time> parseIsoTime(std::string_view text); // offset or Z required
std::optional<std::int64_t> parseTimeOfDay(
    std::string_view text); // 09:15[:30] -> milliseconds; 24:00 is the day's end
std::string formatTimeOfDay(std::int64_t timeOfDay); // 09:15

} // namespace khop
