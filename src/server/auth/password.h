// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords: what may be one, and how they are kept (argon2id, 64 MiB, three passes).
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace khop::server {

/// VALIDATION_ERROR on "password": 8 to 128 characters, not the user name, not among the commonest.
Result<void> checkPassword(std::string_view password, std::string_view username);

/// Blocks for as long as a hash takes. OVERLOADED without the memory for it.
Result<std::string> hashPassword(const std::string &password);
bool verifyPassword(const std::string &hash, const std::string &password); // blocks

} // namespace khop::server
