// SPDX-License-Identifier: GPL-3.0-or-later
// What the practice crowd does at its turns.
#include "sim/participants.h"

#include "base/wide.h"

#include <algorithm>

namespace khop {

namespace {

constexpr std::int64_t milli = 1000;
constexpr std::size_t wantedStanding = 64; // per instrument in continuous trading
constexpr std::size_t mostStanding = 4000;
constexpr std::size_t mostOddLots = 12;
constexpr std::int64_t makerLevels = 8; // each side
constexpr std::int64_t farthest = 14;   // levels at which noise still stands
constexpr std::int64_t spread = 148;    // standard deviation of four uniform draws of 0 … 255

OrderType limitType(const Instrument &instrument)
{
    return instrument.exchange == Exchange::SPOT ? OrderType::Limit : OrderType::LO;
}

} // namespace

// The fair price

/// One random step, in thousandths of the price's unit.
std::int64_t Participants::randomStep(const Crowd &crowd)
{
    std::int64_t draw = -510;
    for (int k = 0; k < 4; ++k)
        draw += static_cast<std::int64_t>(m_random.below(256));
    const std::int64_t size = mulDiv(crowd.fair, crowd.pace.volatility * std::abs(draw),
                                     spread * 1'000'000 * crowd.pace.stepsRoot, Rounding::Down)
                                  .value_or(0);
    return draw < 0 ? -size : size;
}

void Participants::drift(InstrumentIndex i, Time at)
{
    const Instrument &instrument = m_exchange.instrument(i);
    Crowd &crowd = m_crowds[i];
    const std::int64_t before = crowd.fair;
    if (const PlannedDay *day = m_plan.today(i)) {
        const ExchangeRules &exchange = m_exchange.rules().of(instrument.exchange);
        const std::int64_t path = pathAt(*day, exchange, vietnamTimeOfDay(at),
                                         static_cast<std::int64_t>((m_seed ^ i * 7919U) % 1000));
        crowd.noise = crowd.noise * 15 / 16 + randomStep(crowd);
        const std::int64_t low = day->low.raw() * milli, high = day->high.raw() * milli;
        const bool turning = path == low || path == high || path == day->close.raw() * milli;
        crowd.fair = std::clamp(turning ? path : path + crowd.noise, low, high);
    } else {
        // leans back to the reference: a twentieth of a step per per cent of distance
        const std::int64_t reference = instrument.reference.raw() * milli;
        std::int64_t step = randomStep(crowd);
        const std::int64_t away =
            (crowd.fair - reference) / std::max<std::int64_t>(1, reference / 100);
        step -= std::abs(step) * std::clamp<std::int64_t>(away, -15, 15) / 20;
        crowd.fair = std::clamp(crowd.fair + step, instrument.floor.raw() * milli,
                                instrument.ceiling.raw() * milli);
    }
    crowd.trend = crowd.trend * 31 / 32 + (crowd.fair - before);
}

// Prices and sizes

Price Participants::inside(InstrumentIndex i, Price price) const
{
    const Instrument &instrument = m_exchange.instrument(i);
    price = std::clamp(price, instrument.floor, instrument.ceiling);
    if (const PlannedDay *day = m_plan.today(i))
        price = std::clamp(price, day->low, day->high);
    return price;
}

Price Participants::fairDown(InstrumentIndex i) const
{
    return inside(i, m_exchange.instrument(i).ticks.floorToTick(Price(m_crowds[i].fair / milli)));
}

/// So many levels of the instrument's stride away, on a valid price.
Price Participants::shifted(InstrumentIndex i, Price from, std::int64_t levels) const
{
    const Instrument &instrument = m_exchange.instrument(i);
    const TickTable &ticks = instrument.ticks;
    std::int64_t steps = levels * m_crowds[i].pace.stride;
    Price price = from;
    if (!instrument.banded) {
        const std::int64_t tick = ticks.tickAt(from).raw();
        price = ticks.floorToTick(
            Price(std::clamp(from.raw() + steps * tick, tick, instrument.ceiling.raw())));
    } else {
        for (; steps > 0 && price < instrument.ceiling; --steps)
            price = ticks.up(price);
        for (; steps < 0 && price > instrument.floor; ++steps)
            price = ticks.down(price);
    }
    return inside(i, price);
}

std::int64_t Participants::distance(std::int64_t most)
{
    std::int64_t levels = 0;
    while (levels < most && m_random.below(100) < 68)
        ++levels;
    return levels;
}

/// A quantity around `percent` of the usual taker's, mostly small, now and then large.
Quantity Participants::size(InstrumentIndex i, std::int64_t percent)
{
    const Instrument &instrument = m_exchange.instrument(i);
    const std::int64_t mean =
        std::max<std::int64_t>(1, m_crowds[i].pace.takeSize.raw() / 100 * percent);
    const std::int64_t lot = instrument.lot.raw();
    const auto part = static_cast<std::int64_t>(m_random.below(1000));
    std::int64_t raw =
        mulDiv(mean, 200 + part + (part > 940 ? 5'000 : 0), 1000, Rounding::Down).value_or(lot);
    std::int64_t unit = lot;
    if (instrument.quantityScale > 0) { // people trade round quantities
        while (unit * 100 < raw)
            unit *= 10;
    }
    raw = std::max(unit, raw / unit * unit);
    if (!instrument.maxQuantity.isZero())
        raw = std::min(raw, instrument.maxQuantity.raw() / lot * lot);
    return Quantity(raw);
}

// Orders

void Participants::place(InstrumentIndex i, CrowdKind kind, Side side, OrderType type, Price price,
                         Quantity quantity)
{
    if (m_crowds[i].orders.size() >= mostStanding)
        return;
    const OrderRef ref = m_exchange.newRef();
    if (m_standing.size() <= ref)
        m_standing.resize(ref + 1);
    auto &orders = m_crowds[i].orders;
    m_standing[ref] = {i, static_cast<std::uint32_t>(orders.size()), quantity, price, side, kind};
    orders.push_back(ref);
    m_exchange.send({ref, 0, i, side, type, TimeInForce::Day, quantity, price});
}

void Participants::cancelOne(InstrumentIndex i)
{
    auto &orders = m_crowds[i].orders;
    if (orders.empty())
        return;
    // of three, the one farthest from the fair price: what is near gets its chance
    OrderRef chosen = 0;
    std::int64_t farthestSoFar = -1;
    for (int k = 0; k < 3; ++k) {
        const OrderRef ref = orders[m_random.below(orders.size())];
        const std::int64_t away = std::abs(m_standing[ref].price.raw() - m_crowds[i].fair / milli);
        if (away > farthestSoFar) {
            farthestSoFar = away;
            chosen = ref;
        }
    }
    if (m_exchange.cancel(chosen))
        gone(chosen);
}

// Continuous trading

void Participants::act(InstrumentIndex i, const Session &session, Time at)
{
    const Phase phase = m_exchange.phaseOf(i);
    if (phase == Phase::Closed || phase == Phase::Break || phase == Phase::PutThroughOnly)
        return;
    drift(i, at);
    if (m_plan.today(i))
        pin(i, session, at);
    if (phase == Phase::Continuous)
        actContinuous(i, session);
    else if (isAuction(phase))
        actAuction(i, phase);
    else if (phase == Phase::PostClose)
        actPostClose(i);
}

void Participants::actContinuous(InstrumentIndex i, const Session &session)
{
    if (m_crowds[i].orders.empty()) {
        furnish(i);
        return;
    }
    for (int k = 0; k < 2 && m_crowds[i].orders.size() > wantedStanding; ++k)
        cancelOne(i);
    for (const Side side : {Side::Buy, Side::Sell}) {
        if (!m_exchange.best(i, side))
            quote(i, side);
    }
    std::int64_t total = 0;
    for (const std::int64_t share : m_shape.shares)
        total += share;
    auto draw = static_cast<std::int64_t>(m_random.below(static_cast<std::uint64_t>(total)));
    int kind = 0;
    while (draw >= m_shape.shares[static_cast<std::size_t>(kind)])
        draw -= m_shape.shares[static_cast<std::size_t>(kind++)];
    switch (static_cast<CrowdKind>(kind)) {
    case CrowdKind::Maker: {
        const Side which = side();
        withdrawStale(i, which);
        quote(i, which);
        break;
    }
    case CrowdKind::Noise: noise(i, session); break;
    case CrowdKind::Momentum: momentum(i, session); break;
    case CrowdKind::OddLot: oddLot(i); break;
    }
}

/// A bare book is filled at once: the practice day must not open on bare boards.
void Participants::furnish(InstrumentIndex i)
{
    for (std::int64_t k = 0; k < makerLevels; ++k) {
        quote(i, Side::Buy);
        quote(i, Side::Sell);
    }
}

/// A maker's order on a level of the ladder, nearer ones more often, farther ones larger.
void Participants::quote(InstrumentIndex i, Side side)
{
    const Crowd &crowd = m_crowds[i];
    const std::int64_t worth = std::max<std::int64_t>(1, crowd.pace.takeSize.raw() * 12);
    const std::int64_t skew = std::clamp<std::int64_t>(-crowd.inventory.raw() / worth, -2, 2);
    const std::int64_t level = distance(makerLevels);
    const std::int64_t loose = static_cast<std::int64_t>(
        m_random.below(static_cast<std::uint64_t>(2 * crowd.pace.looseness + 1)));
    const Price bid = fairDown(i);
    const Price price = side == Side::Buy
                            ? shifted(i, bid, std::min<std::int64_t>(0, skew) - level - loose)
                            : shifted(i, bid, 1 + std::max<std::int64_t>(0, skew) + level + loose);
    place(i, CrowdKind::Maker, side, limitType(m_exchange.instrument(i)), price,
          size(i, 90 + 30 * level));
}

/// Makers take back what the fair price has overtaken, and what it has left behind.
void Participants::withdrawStale(InstrumentIndex i, Side side)
{
    const Price bid = fairDown(i), ask = shifted(i, bid, 1);
    const Price farBid = shifted(i, bid, -farthest), farAsk = shifted(i, ask, farthest);
    int taken = 0;
    auto &orders = m_crowds[i].orders;
    for (std::size_t k = orders.size(); k > 0 && taken < 3; --k) {
        const OrderRef ref = orders[k - 1];
        const Standing &standing = m_standing[ref];
        if (standing.side != side || standing.kind != CrowdKind::Maker)
            continue;
        const bool stale = side == Side::Buy ? standing.price > bid || standing.price < farBid
                                             : standing.price < ask || standing.price > farAsk;
        if (stale && m_exchange.cancel(ref)) {
            gone(ref);
            ++taken;
        }
    }
}

void Participants::noise(InstrumentIndex i, const Session &session)
{
    const Price fair = fairDown(i);
    const auto bid = m_exchange.best(i, Side::Buy), ask = m_exchange.best(i, Side::Sell);
    if (ask && *ask <= fair && chance(85)) { // below its worth
        take(i, Side::Buy, session);
        return;
    }
    if (bid && *bid > fair && chance(85)) {
        take(i, Side::Sell, session);
        return;
    }
    if (chance(45)) {
        take(i, side(), session);
    } else if (chance(60)) {
        const Side entering = side();
        const std::int64_t levels = distance(farthest);
        place(i, CrowdKind::Noise, entering, limitType(m_exchange.instrument(i)),
              entering == Side::Buy ? shifted(i, fair, -levels) : shifted(i, fair, levels + 1),
              size(i, 60));
    } else {
        cancelOne(i);
    }
}

void Participants::momentum(InstrumentIndex i, const Session &session)
{
    const Crowd &crowd = m_crowds[i];
    const std::int64_t threshold = crowd.fair / 1'000'000 * crowd.pace.volatility
                                   / std::max<std::int64_t>(1, crowd.pace.stepsRoot) * 5;
    if (std::abs(crowd.trend) <= threshold)
        cancelOne(i); // waits, and clears up meanwhile
    else
        take(i, crowd.trend > 0 ? Side::Buy : Side::Sell, session);
}

/// Takes the other side's best price; sometimes with the exchange's market types.
void Participants::take(InstrumentIndex i, Side side, const Session &session)
{
    const Instrument &instrument = m_exchange.instrument(i);
    const auto best = m_exchange.best(i, opposite(side));
    if (!best)
        return;
    const std::uint64_t draw = m_random.below(100);
    OrderType type = limitType(instrument);
    Price price = inside(i, *best);
    if (draw < 12 && has(session.types, OrderType::MTL))
        type = OrderType::MTL;
    else if (draw < 16 && has(session.types, OrderType::MAK))
        type = OrderType::MAK;
    else if (draw < 18 && has(session.types, OrderType::MOK))
        type = OrderType::MOK;
    if (type != limitType(instrument)) // not further than a few levels: nobody pays any price
        price = shifted(i, price, side == Side::Buy ? 3 : -3);
    place(i, CrowdKind::Noise, side, type, price, size(i, 100));
}

void Participants::oddLot(InstrumentIndex i)
{
    const Instrument &instrument = m_exchange.instrument(i);
    if (!m_exchange.rules().of(instrument.exchange).oddLots || instrument.lot.raw() < 2
        || (instrument.firstDay && !m_exchange.hasMatchPrice(i))) {
        cancelOne(i);
        return;
    }
    std::size_t standing = 0;
    OrderRef oldest = 0;
    for (const OrderRef ref : m_crowds[i].orders) {
        if (m_standing[ref].kind != CrowdKind::OddLot)
            continue;
        ++standing;
        if (oldest == 0)
            oldest = ref;
    }
    if (standing >= mostOddLots) {
        if (isAuction(m_exchange.phaseOf(i)))
            return; // nothing is cancelled in a call
        if (m_exchange.cancel(oldest))
            gone(oldest);
    }
    const Side entering = side();
    const std::int64_t levels = static_cast<std::int64_t>(m_random.below(4)) - 1;
    const Price fair = fairDown(i);
    const auto most =
        static_cast<std::uint64_t>(std::min<std::int64_t>(instrument.lot.raw(), 1'000'000));
    place(i, CrowdKind::OddLot, entering, limitType(instrument),
          shifted(i, fair, entering == Side::Buy ? -levels : levels),
          Quantity(1 + static_cast<std::int64_t>(m_random.below(most - 1))));
}

// Calls and the post-close session

void Participants::actAuction(InstrumentIndex i, Phase phase)
{
    const Instrument &instrument = m_exchange.instrument(i);
    const Side entering = side();
    const Price fair = fairDown(i);
    // the closing call draws more than the opening one
    const std::int64_t percent = phase == Phase::ClosingAuction ? 190 : 75;
    const bool odd = chance(6) && m_exchange.rules().policies.oddLotInAuction
                     && m_exchange.rules().of(instrument.exchange).oddLots
                     && instrument.lot.raw() > 1 && !instrument.firstDay;
    if (odd) {
        oddLot(i);
        return;
    }
    if (chance(14) && phase != Phase::PeriodicAuction) {
        const OrderType type = phase == Phase::OpeningAuction ? OrderType::ATO : OrderType::ATC;
        place(i, CrowdKind::Noise, entering, type,
              entering == Side::Buy ? instrument.ceiling : instrument.floor, size(i, percent));
        return;
    }
    const std::int64_t levels = static_cast<std::int64_t>(m_random.below(10)) - 4;
    place(i, CrowdKind::Noise, entering, OrderType::LO,
          entering == Side::Buy ? shifted(i, fair, -levels) : shifted(i, fair, levels),
          size(i, percent));
}

void Participants::actPostClose(InstrumentIndex i)
{
    if (m_exchange.hasMatchPrice(i) && chance(60))
        place(i, CrowdKind::Noise, side(), OrderType::PLO, m_exchange.lastOrReference(i),
              size(i, 60));
}

// Planned days

void Participants::crossAt(InstrumentIndex i, Price price, Quantity quantity)
{
    const OrderType type = limitType(m_exchange.instrument(i));
    place(i, CrowdKind::Noise, Side::Sell, type, price, quantity);
    place(i, CrowdKind::Noise, Side::Buy, type, price, quantity);
}

/// Sees to it that a planned day opens and closes at its prices and touches its extremes.
void Participants::pin(InstrumentIndex i, const Session &session, Time at)
{
    const PlannedDay &day = *m_plan.today(i);
    const std::int64_t left = session.to - vietnamTimeOfDay(at);
    constexpr std::int64_t lastWords = 20'000; // milliseconds
    switch (session.phase) {
    case Phase::OpeningAuction:
        if (left < lastWords)
            crossAt(i, day.open, size(i, 400));
        break;
    case Phase::ClosingAuction:
        if (left < lastWords)
            crossAt(i, day.close, size(i, 800));
        break;
    case Phase::Continuous: {
        const DayPrices prices = m_exchange.dayPrices(i);
        const Price fair(m_crowds[i].fair / milli);
        const bool last =
            session.to
            == m_exchange.rules().of(m_exchange.instrument(i).exchange).sessions.back().to;
        if (!prices.open)
            crossAt(i, day.open, size(i, 100));
        else if (last && left < lastWords && prices.last != day.close)
            crossAt(i, day.close, size(i, 100));
        else if (fair == day.high && *prices.high < day.high)
            take(i, Side::Buy, session);
        else if (fair == day.low && *prices.low > day.low)
            take(i, Side::Sell, session);
        break;
    }
    default: break;
    }
}

} // namespace khop
