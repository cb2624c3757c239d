// SPDX-License-Identifier: GPL-3.0-or-later
// One record of CSV (RFC 4180; commas unless told otherwise, double quotes).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop {

/// The cells without their quotes; nothing when a quote is open, or stands inside an unquoted cell.
std::optional<std::vector<std::string>> cellsOfCsvLine(std::string_view line, char separator = ',');

} // namespace khop
