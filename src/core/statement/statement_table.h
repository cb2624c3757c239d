// SPDX-License-Identifier: GPL-3.0-or-later
// A text as records of cells. A record is a line, or several when a quoted cell has line breaks in it.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace khop {

/// A record before it is cut into cells, which takes the separator.
struct TextRecord {
    std::size_t line = 0; // its first, from 1
    std::string_view text;
};

inline constexpr std::string_view knownSeparators = ",;\t|";

/// All records that are not empty. Refuses (FILE_INVALID, naming the line) a quote that is not closed
/// within 16 KiB, longer records, and more than 200,000 of them. The text must outlive the records.
Result<std::vector<TextRecord>> recordsOf(std::string_view text, const std::string &fileName);

} // namespace khop
