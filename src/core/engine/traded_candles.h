// SPDX-License-Identifier: GPL-3.0-or-later
// Candles from trades: what the even lots of an instrument traded at, interval by interval. Odd lots and
// negotiated deals make no price, and are left out.
#pragma once

#include "base/ids.h"
#include "base/integers.h"
#include "base/time.h"
#include "engine/records.h"

#include <cstdint>
#include <vector>

namespace khop {

struct TradedCandle {
    Time time; // the interval's beginning
    Price open, high, low, close;
    Quantity volume;
    Money value;
    std::uint64_t trades = 0;
};

struct CandleQuery {
    InstrumentIndex instrument = noInstrument;
    std::int64_t interval = 60'000; // milliseconds, a divisor of a day, in Vietnamese time
    Time from, to;                  // trades in [from, to)
    std::size_t limit = 500;        // the latest ones
};

/// Trades in the order they were made, added one by one.
class CandleBuilder
{
public:
    explicit CandleBuilder(const CandleQuery &query) : m_query(query) {}

    void add(Time time, Price price, Quantity quantity, Money value);
    void add(const TradeRecord &trade)
    {
        if (!trade.oddLot && !trade.putThrough)
            add(trade.time, trade.price, trade.quantity, trade.value);
    }
    /// Ascending.
    std::vector<TradedCandle> take();

private:
    CandleQuery m_query;
    std::vector<TradedCandle> m_candles;
};

} // namespace khop
