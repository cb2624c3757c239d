// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traded_candles.h"

#include <algorithm>

namespace khop {

void CandleBuilder::add(Time time, Price price, Quantity quantity, Money value)
{
    if (time < m_query.from || time >= m_query.to)
        return;
    const Date day = vietnamDate(time);
    const std::int64_t ofDay = vietnamTimeOfDay(time);
    const Time begin = vietnamTime(day, ofDay - ofDay % m_query.interval);
    if (m_candles.empty() || m_candles.back().time != begin)
        m_candles.push_back({begin, price, price, price, price, {}, {}, 0});
    TradedCandle &candle = m_candles.back();
    candle.high = std::max(candle.high, price);
    candle.low = std::min(candle.low, price);
    candle.close = price;
    candle.volume += quantity;
    candle.value += value;
    ++candle.trades;
}

std::vector<TradedCandle> CandleBuilder::take()
{
    if (m_candles.size() > m_query.limit)
        m_candles.erase(m_candles.begin(),
                        m_candles.end() - static_cast<std::ptrdiff_t>(m_query.limit));
    return std::move(m_candles);
}

} // namespace khop
