// SPDX-License-Identifier: GPL-3.0-or-later
// What each code says, as templates: {value} stands as it was given, {#value} with its digits in
// groups. sentences.cpp fills them.
#pragma once

#include "base/codes.h"

#include <array>
#include <string_view>

namespace khop {

/// The richest first; the first of which every argument is there is used, and the last needs nothing.
using Templates = std::array<std::string_view, 5>;

struct Wording {
    Templates english;
    Templates vietnamese;
};

/// The templates of a code; empty ones for a code without any, which a test rules out.
Wording wordingOf(Code code);

} // namespace khop
