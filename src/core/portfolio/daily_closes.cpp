// SPDX-License-Identifier: GPL-3.0-or-later
#include "portfolio/daily_closes.h"

#include <algorithm>

namespace khop {

const Close *closeOn(std::span<const Close> closes, Date day)
{
    const auto after = std::ranges::upper_bound(closes, day, {}, &Close::day);
    return after == closes.begin() ? nullptr : &*std::prev(after);
}

Result<void> DailyCloses::add(InstrumentIndex instrument, const Close &close)
{
    if (instrument == noInstrument)
        return refuse(Code::INSTRUMENT_UNKNOWN, "instrument");
    if (close.price <= Price{})
        return refuse(Code::INVALID_PRICE, "price", std::to_string(close.price.raw()), "above 0");
    const std::span<const Close> known = of(instrument);
    if (!known.empty() && close.day <= known.back().day)
        return refuse(Code::VALIDATION_ERROR, "day", isoDate(close.day),
                      "after " + isoDate(known.back().day));
    if (instrument >= m_closes.size())
        m_closes.resize(instrument + 1);
    m_closes[instrument].push_back(close);
    return {};
}

std::span<const Close> DailyCloses::of(InstrumentIndex instrument) const
{
    return instrument < m_closes.size() ? std::span<const Close>(m_closes[instrument])
                                        : std::span<const Close>();
}

} // namespace khop
