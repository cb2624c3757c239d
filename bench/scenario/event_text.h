// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine did, as the `>` lines of a scenario say it.
#pragma once

#include "venue/paper_exchange.h"

#include <functional>
#include <string>
#include <vector>

namespace khop::bench {

std::string priceText(const Instrument &instrument, Price price);
std::string quantityText(const Instrument &instrument, Quantity quantity);
/// "300@20,000"
std::string quantityAtPrice(const Instrument &instrument, Quantity quantity, Price price);

/// The events of one moment in order: trades of an auction that ended, session changes, other
/// trades, then the orders that changed. Sessions of exchanges without instruments are left out.
std::vector<std::string> eventsOf(const CommittedGroup &group, const PaperExchange &exchange,
                                  const std::function<std::string(const Uuid &)> &nameOf);

} // namespace khop::bench
