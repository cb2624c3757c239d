// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/csv_writer.h"

namespace khop {

void CsvWriter::separate()
{
    if (!m_first)
        m_out += ',';
    m_first = false;
}

CsvWriter &CsvWriter::text(std::string_view cell)
{
    constexpr std::string_view formulaStarts = "=+-@\t\r\n";
    if (cell.empty() || !formulaStarts.contains(cell.front()))
        return plain(cell);
    return plain('\'' + std::string(cell));
}

CsvWriter &CsvWriter::plain(std::string_view cell)
{
    separate();
    if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
        m_out += cell;
        return *this;
    }
    m_out += '"';
    for (const char c : cell) {
        if (c == '"')
            m_out += '"';
        m_out += c;
    }
    m_out += '"';
    return *this;
}

CsvWriter &CsvWriter::empty(int cells)
{
    for (; cells > 0; --cells)
        separate();
    return *this;
}

void CsvWriter::endRow()
{
    m_out += "\r\n";
    m_first = true;
}

} // namespace khop
