// SPDX-License-Identifier: GPL-3.0-or-later
// Changes single values in the text of the market rules.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace khop::bench {

/// The rules with the value at a path ("policies.amend_both", "exchanges.HNX.sessions[1].to") set to
/// `value`: JSON when it reads as JSON, else a text. The error says what the path could go on with.
std::expected<std::string, std::string> withRule(std::string_view rules, std::string_view path,
                                                 std::string_view value);

} // namespace khop::bench
