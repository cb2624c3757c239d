// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/day_path.h"

#include <algorithm>
#include <array>
#include <utility>

namespace khop {

namespace {

constexpr std::size_t mostDays = 400;
constexpr std::int64_t milli = 1000;
// the extremes are held for a while, so that the crowd trades there
constexpr std::int64_t hold = 12; // per mille of the day

struct Span {
    std::int64_t open = 0, close = 0; // milliseconds of the day; close: the last call begins
};

Span spanOf(const ExchangeRules &exchange)
{
    Span span{0, millisecondsPerDay};
    if (exchange.sessions.empty())
        return span;
    span.open = exchange.sessions.front().from;
    span.close = exchange.sessions.front().to;
    for (const Session &session : exchange.sessions) {
        if (session.phase == Phase::Continuous)
            span.close = session.to;
        if (session.phase == Phase::OpeningAuction)
            span.open = session.to;
    }
    return span;
}

} // namespace

void DayPlan::next()
{
    if (std::exchange(waiting, false))
        return;
    for (auto it = days.begin(); it != days.end();) {
        it->second.erase(it->second.begin());
        it = it->second.empty() ? days.erase(it) : std::next(it);
    }
}

void DayPlan::save(ByteWriter &out) const
{
    out.u64(waiting);
    out.u64(days.size());
    for (const auto &[instrument, list] : days) {
        out.u64(instrument);
        out.u64(list.size());
        for (const PlannedDay &day : list) {
            for (const Price price : {day.open, day.high, day.low, day.close, day.reference})
                out.number(price);
            out.number(day.volume);
        }
    }
}

bool DayPlan::load(ByteReader &in)
{
    days.clear();
    waiting = in.u64() != 0;
    const std::uint64_t instruments = in.u64();
    for (std::uint64_t k = 0; k < instruments && in.ok(); ++k) {
        auto &list = days[static_cast<InstrumentIndex>(in.u64())];
        const std::uint64_t count = in.u64();
        if (!in.ok() || count == 0 || count > mostDays || !list.empty())
            return false;
        for (std::uint64_t d = 0; d < count; ++d) {
            PlannedDay day;
            for (Price *price : {&day.open, &day.high, &day.low, &day.close, &day.reference})
                *price = in.number<Price>();
            day.volume = in.number<Quantity>();
            if (!in.ok() || day.low <= Price(0) || day.high < day.low || day.volume < Quantity(0)
                || day.open < day.low || day.open > day.high || day.close < day.low
                || day.close > day.high || day.reference <= Price(0) || day.high > highestPrice)
                return false;
            list.push_back(day);
        }
    }
    return in.ok();
}

std::int64_t pathAt(const PlannedDay &day, const ExchangeRules &exchange, std::int64_t timeOfDay,
                    std::int64_t bend)
{
    const Span span = spanOf(exchange);
    const std::int64_t length = std::max<std::int64_t>(1, span.close - span.open);
    const std::int64_t at =
        std::clamp<std::int64_t>((timeOfDay - span.open) * 1000 / length, 0, 1000);
    // a day that ends higher goes down first
    const bool rising = day.close >= day.open;
    const std::int64_t first = 180 + bend % 200, second = 780 + bend % 130;
    struct Point {
        std::int64_t at;
        Price price;
    };
    const std::array points{Point{0, day.open},
                            Point{first, rising ? day.low : day.high},
                            Point{first + hold, rising ? day.low : day.high},
                            Point{second, rising ? day.high : day.low},
                            Point{second + hold, rising ? day.high : day.low},
                            Point{985, day.close},
                            Point{1001, day.close}};
    for (std::size_t k = 1; k < points.size(); ++k) {
        if (at >= points[k].at)
            continue;
        const Point &from = points[k - 1], &to = points[k];
        const std::int64_t rise = (to.price - from.price).raw() * milli;
        return from.price.raw() * milli + rise / (to.at - from.at) * (at - from.at);
    }
    return day.close.raw() * milli;
}

PlannedDay fitted(const PlannedDay &day, const Instrument &instrument)
{
    const TickTable &ticks = instrument.ticks;
    const auto fit = [&](Price price, bool up) {
        price = std::clamp(price, instrument.floor, instrument.ceiling);
        return std::clamp(up ? ticks.ceilToTick(price) : ticks.floorToTick(price), instrument.floor,
                          instrument.ceiling);
    };
    const auto nearest = [&](Price price) {
        const Price low = fit(price, false), high = fit(price, true);
        return price - low <= high - price ? low : high;
    };
    PlannedDay result = day;
    result.open = nearest(day.open);
    result.close = nearest(day.close);
    result.high = std::max({nearest(day.high), result.open, result.close});
    result.low = std::min({nearest(day.low), result.open, result.close});
    return result;
}

} // namespace khop
