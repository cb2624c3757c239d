// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace khop {

/// What an error's bound says, which is English, in Vietnamese. Numbers, names and formats stay as they are.
std::string boundInVietnamese(std::string_view bound);

} // namespace khop
