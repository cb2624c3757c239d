// SPDX-License-Identifier: GPL-3.0-or-later
// One version of the rules out of a parsed document; shared by the files that read them.
#pragma once

#include "base/json_tree.h"
#include "market/rules.h"

namespace khop {

/// Everything but "changes", which is allowed there and not read.
Result<MarketRules> readMarketRules(const JsonValue &tree);

/// Fees, taxes, exchange rates and interest into rules whose currencies and days are known.
std::optional<Error> readMoneyRules(const JsonValue &tree, MarketRules &rules);

/// What the shipped file has at a path: what to suggest where a key is missing.
std::string shippedValueAt(std::string_view path);

} // namespace khop
