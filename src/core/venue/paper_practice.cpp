// SPDX-License-Identifier: GPL-3.0-or-later
// What practice does to the paper exchange that no real exchange would: set a day's reference.
#include "venue/paper_exchange.h"

namespace khop {

DayPrices PaperExchange::dayPrices(InstrumentIndex i) const
{
    const Listing &listing = m_listings[i];
    return {listing.open, listing.high, listing.low, listing.last};
}

bool PaperExchange::untouched(InstrumentIndex i) const
{
    return !m_listings[i].last && restingOrders(i) == 0;
}

bool PaperExchange::setReference(InstrumentIndex i, Price reference)
{
    if (!untouched(i))
        return false;
    Instrument &instrument = m_instruments[i];
    instrument.reference = reference;
    applyDayLimits(instrument, m_rules);
    const BookSpec spec{instrument.floor, instrument.ceiling, instrument.ticks};
    m_books->reopen(m_listings[i].even, spec);
    m_books->reopen(m_listings[i].odd, spec);
    m_hash.add(reference.raw());
    changed(i);
    return true;
}

} // namespace khop
