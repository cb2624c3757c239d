// SPDX-License-Identifier: GPL-3.0-or-later
// A practice day by a daily candle: from the open over one extreme and the other to the close. The
// price of the moment is a straight line between these, in trading hours; the crowd adds its noise
// inside the candle's range.
#pragma once

#include "base/bytes.h"
#include "market/rules.h"

#include <map>
#include <optional>
#include <vector>

namespace khop {

/// A candle in the instrument's own units, on its ticks.
struct PlannedDay {
    Price open, high, low, close;
    Quantity volume;
    Price reference; // of the day: the previous close
};

/// The planned days of each instrument, the first of each for the day at hand.
struct DayPlan {
    std::map<InstrumentIndex, std::vector<PlannedDay>> days;
    bool waiting = false; // the first day is the next one: today has begun without it
    bool empty() const { return days.empty(); }
    const PlannedDay *today(InstrumentIndex i) const
    {
        const auto it = waiting ? days.end() : days.find(i);
        return it == days.end() || it->second.empty() ? nullptr : &it->second.front();
    }
    /// A new day has come.
    void next();
    void save(ByteWriter &out) const;
    bool load(ByteReader &in);
};

/// Where the price of a planned day should be, in thousandths of the price's unit. `bend` (0 … 999)
/// moves the extremes' moments, so that instruments do not turn all at once.
std::int64_t pathAt(const PlannedDay &day, const ExchangeRules &exchange, std::int64_t timeOfDay,
                    std::int64_t bend);

/// The candle inside the band, on the ticks: what the exchange lets the day do.
PlannedDay fitted(const PlannedDay &day, const Instrument &instrument);

} // namespace khop
