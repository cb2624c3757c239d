// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace khop {

// Bounds that a second one of what there is already once does not satisfy.
inline constexpr std::string_view nameNotTaken = "a name that is not taken";
inline constexpr std::string_view symbolNotListed = "a symbol that is not listed";

/// What an error's bound says, which is English, in Vietnamese. Numbers, names and formats stay as they are.
std::string boundInVietnamese(std::string_view bound);

} // namespace khop
