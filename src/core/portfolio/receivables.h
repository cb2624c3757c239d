// SPDX-License-Identifier: GPL-3.0-or-later
// What an account is entitled to and has not got yet: dividends and free shares between the ex-date, on
// which the price falls for them, and the day on which they come.
#pragma once

#include "engine/corporate_actions.h"
#include "portfolio/listing.h"
#include "portfolio/position_history.h"

#include <vector>

namespace khop {

struct Receivable {
    InstrumentIndex instrument = noInstrument;
    std::uint16_t currency = 0;
    Quantity shares;
    Money cash; // after tax
    Date from;  // the ex-date
    Date until; // the day they come; far off while that is open
    bool isOpenOn(Date day) const { return from <= day && day < until; }
};

/// Of all dividends and free shares that have entitled holders, in their order: the same amounts as the engine
/// pays. Rights to buy shares are not among them.
std::vector<Receivable> receivablesOf(const PositionHistory &history,
                                      const CorporateActionList &actions,
                                      const std::vector<Instrument> &instruments,
                                      const MarketRules &rules);

} // namespace khop
