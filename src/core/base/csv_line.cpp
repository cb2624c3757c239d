// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/csv_line.h"

namespace khop {

namespace {

/// Reads a quoted cell from just behind its quote to just behind the closing one.
bool readQuoted(std::string_view line, std::size_t &at, std::string &cell)
{
    while (at < line.size()) {
        const char c = line[at++];
        if (c != '"') {
            cell.push_back(c);
        } else if (at < line.size() && line[at] == '"') {
            cell.push_back('"');
            ++at;
        } else {
            return true;
        }
    }
    return false;
}

} // namespace

std::optional<std::vector<std::string>> cellsOfCsvLine(std::string_view line, char separator)
{
    std::vector<std::string> cells;
    std::size_t at = 0;
    while (true) {
        std::string &cell = cells.emplace_back();
        if (at < line.size() && line[at] == '"') {
            if (!readQuoted(line, ++at, cell))
                return std::nullopt;
        } else {
            while (at < line.size() && line[at] != separator) {
                if (line[at] == '"')
                    return std::nullopt;
                cell.push_back(line[at++]);
            }
        }
        if (at == line.size())
            return cells;
        if (line[at++] != separator)
            return std::nullopt;
    }
}

} // namespace khop
