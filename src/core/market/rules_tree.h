// SPDX-License-Identifier: GPL-3.0-or-later
// One version of the rules out of a parsed document; shared by the files that read them.
#pragma once

#include "base/json_tree.h"
#include "market/rules.h"

namespace khop {

/// Everything but "changes", which is allowed there and not read.
Result<MarketRules> readMarketRules(const JsonValue &tree);

} // namespace khop
