// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and dates as people and brokers write them. What a mark means is found from all cells of a file
// together, or said by the user; where it stays open, nothing is guessed.
#pragma once

#include "base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace khop {

/// Which mark groups thousands: 1.234.567,5 or 1,234,567.5.
enum class NumberMarks : std::uint8_t { PointGroups, CommaGroups };

/// The number in plain digits ("-1234567.5"); nothing when it is not one with these marks. Groups are of
/// three; a sign or parentheses, blanks and the words VND, VNĐ, đ, ₫ around it are taken.
std::optional<std::string> plainNumber(std::string_view written, NumberMarks marks);

/// How a date is written that does not begin with the year.
enum class DateOrder : std::uint8_t { DayFirst, MonthFirst };

struct WrittenTime {
    Date day;
    std::optional<std::int64_t> timeOfDay; // milliseconds since midnight, when it is given
    bool operator==(const WrittenTime &) const = default;
};

/// A day with / - or . between its parts and four digits of the year, which may come first, and a time of
/// day (09:15 or 09:15:30) before or behind it. Nothing when it is none, or no day of the calendar.
std::optional<WrittenTime> writtenTime(std::string_view written, DateOrder order);

/// Finds which of two readings holds for all cells of a file.
template <class Reading>
class ReadingVote
{
public:
    /// One more cell, as each reading has it; `place` is where to point when it stays open.
    template <class Value>
    void add(const std::optional<Value> &first, const std::optional<Value> &second,
             std::string_view written, std::size_t line, std::size_t column)
    {
        m_refusedByFirst += first ? 0 : 1;
        m_refusedBySecond += second ? 0 : 1;
        if (!m_open && first && second && *first != *second)
            m_open = Open{std::string(written), line, column};
    }
    struct Open {
        std::string written;
        std::size_t line = 0;
        std::size_t column = 0;
    };
    /// The reading that refuses fewer cells; with as many, either when they agree on all, and otherwise
    /// nothing: open() has a cell on which they differ.
    std::optional<Reading> decided(Reading first, Reading second) const
    {
        if (m_refusedByFirst != m_refusedBySecond)
            return m_refusedByFirst < m_refusedBySecond ? first : second;
        return m_open ? std::nullopt : std::optional(first);
    }
    const std::optional<Open> &open() const { return m_open; }

private:
    std::size_t m_refusedByFirst = 0;
    std::size_t m_refusedBySecond = 0;
    std::optional<Open> m_open;
};

} // namespace khop
