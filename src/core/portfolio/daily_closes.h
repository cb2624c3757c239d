// SPDX-License-Identifier: GPL-3.0-or-later
// Closes of days per security, as they were: not adjusted for what came later, since the quantities of
// a position's history are not either.
#pragma once

#include "base/ids.h"
#include "base/integers.h"
#include "base/result.h"
#include "base/time.h"

#include <span>
#include <vector>

namespace khop {

struct Close {
    Date day;
    Price price;
};

/// The last close of the day or before, or null.
const Close *closeOn(std::span<const Close> closes, Date day);

class DailyCloses
{
public:
    /// The next day of a security. Refuses (VALIDATION_ERROR, day; INVALID_PRICE) a day that is not after
    /// the last one and a price that is not above 0.
    Result<void> add(InstrumentIndex instrument, const Close &close);
    std::span<const Close> of(InstrumentIndex instrument) const;

private:
    std::vector<std::vector<Close>> m_closes; // by instrument, by day
};

} // namespace khop
