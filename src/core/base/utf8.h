// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace khop {

/// True when the bytes are well-formed UTF-8.
bool isUtf8(std::string_view text);
/// The text, cut to at most `bytes` bytes between two characters, with an ellipsis when cut.
std::string shortened(std::string_view text, std::size_t bytes);

} // namespace khop
