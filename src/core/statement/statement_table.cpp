// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/statement_table.h"

#include "base/json_tree.h"
#include "base/utf8.h"
#include "statement/statement_text.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::size_t longestRecord = 16 << 10;
constexpr std::size_t mostRecords = 200'000;

/// The end of the record that begins at `from`: the first line break outside quotes.
std::size_t endOfRecord(std::string_view text, std::size_t from)
{
    bool quoted = false;
    for (std::size_t at = from; at < text.size(); ++at) {
        if (text[at] == '"')
            quoted = !quoted;
        else if (text[at] == '\n' && !quoted)
            return at;
        if (at - from > longestRecord)
            return at;
    }
    return text.size();
}

} // namespace

Result<std::vector<TextRecord>> recordsOf(std::string_view text, const std::string &fileName)
{
    std::vector<TextRecord> records;
    std::size_t line = 1;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = endOfRecord(text, from);
        std::string_view record = text.substr(from, end - from);
        const std::string place = fileName + ": line " + std::to_string(line);
        if (record.size() > longestRecord || std::ranges::count(record, '"') % 2 != 0)
            return refuse(Code::FILE_INVALID, place,
                          shortened(record.substr(0, record.find('\n')), 60),
                          "closed quotes and at most " + std::to_string(longestRecord) + " bytes");
        if (record.ends_with('\r'))
            record.remove_suffix(1);
        if (!trimmedCell(record).empty()) {
            if (records.size() == mostRecords)
                return refuse(Code::FILE_INVALID, place,
                              "more than " + std::to_string(mostRecords) + " rows",
                              "at most " + std::to_string(mostRecords));
            records.push_back({line, record});
        }
        line += 1 + static_cast<std::size_t>(std::ranges::count(record, '\n'));
        from = end + 1;
    }
    return records;
}

} // namespace khop
