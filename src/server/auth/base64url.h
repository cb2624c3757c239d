// SPDX-License-Identifier: GPL-3.0-or-later
// base64url without padding (RFC 4648 §5), decoded strictly: one text per value.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace khop::server {

std::string encodeBase64Url(std::string_view bytes);
std::optional<std::string> decodeBase64Url(std::string_view text);

} // namespace khop::server
