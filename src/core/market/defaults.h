// SPDX-License-Identifier: GPL-3.0-or-later
// The market data that comes with the program: resources/markets.json and resources/instruments.csv.
#pragma once

#include <string>

namespace khop {

std::string defaultMarketRulesText();
std::string defaultInstrumentsText();

} // namespace khop
