// SPDX-License-Identifier: GPL-3.0-or-later
// Exact decimal text in and out: the only file that turns numbers into text and back.
// No exponent, no rounding, no locale, no grouping on input.
#pragma once

#include "base/integers.h"
#include "base/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace khop {

/// "85.5" with scale 2 -> 8550; nothing when the text is not [-]digits[.digits], has more decimals
/// than the scale holds (trailing zeros are allowed), or does not fit.
std::optional<std::int64_t> parseDecimal(std::string_view text, int scale);
/// 8550 with scale 2 -> "85.50"; with `trim` -> "85.5".
std::string formatDecimal(std::int64_t raw, int scale, bool trim = false);
/// 1234567 with scale 0 -> "1,234,567": for people.
std::string formatGrouped(std::int64_t raw, int scale = 0);
/// numerator / denominator as decimal text with `decimals` (0 to 18) digits, rounded half away from
/// zero; zero when there is nothing to divide by.
std::string formatRatio(std::int64_t numerator, std::int64_t denominator, int decimals);

} // namespace khop
