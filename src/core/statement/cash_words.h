// SPDX-License-Identifier: GPL-3.0-or-later
// What the words of a cash statement say a movement was.
#pragma once

#include "portfolio/portfolio_event.h"

#include <optional>
#include <string_view>

namespace khop {

enum class CashMeaning : std::uint8_t {
    Deposit,
    Withdraw,
    Dividend,
    Interest,
    Charge,
    Tax,
    OfTrade // paid for or received for a trade, or an advance on it: the trade itself says so
};

/// By folded words; nothing when they say nothing that is known of money that goes that way (what comes in
/// is no withdrawal).
std::optional<CashMeaning> cashMeaning(std::string_view foldedWords, bool comesIn);

/// The words that are known, for messages.
std::string_view knownCashWords();

} // namespace khop
