// SPDX-License-Identifier: GPL-3.0-or-later
// Errors as sentences, for people, in Vietnamese and English. Used only at the edges (API, UI).
#pragma once

#include "base/result.h"

#include <string>

namespace khop {

enum class Language { English, Vietnamese };

/// One sentence that names the rule, the value given and the bound, e.g.
/// "The price 54,400 is above the ceiling 54,300."
std::string sentence(const Error &error, Language language);

} // namespace khop
