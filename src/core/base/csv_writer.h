// SPDX-License-Identifier: GPL-3.0-or-later
// CSV out (RFC 4180: commas, CRLF, double quotes). What people wrote themselves goes in as text(), which
// no spreadsheet takes for a formula.
#pragma once

#include <string>
#include <string_view>

namespace khop {

class CsvWriter
{
public:
    static constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

    /// An apostrophe comes before a text that begins like a formula (= + - @, tab, line break).
    CsvWriter &text(std::string_view cell);
    /// A number, a date, a name of ours.
    CsvWriter &plain(std::string_view cell);
    CsvWriter &empty(int cells = 1);
    void endRow();

    std::size_t size() const { return m_out.size(); }
    std::string take() { return std::move(m_out); }

private:
    void separate();

    std::string m_out;
    bool m_first = true; // of the row
};

} // namespace khop
