// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/participants.h"

#include "base/wide.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr std::int64_t stepMilliseconds = 200;
constexpr int actionsPerStep = 4;
constexpr std::size_t wantedOrders = 40; // per instrument
constexpr std::size_t mostOrders = 80;

Time gridAfter(Time now) { return {(now.ms / stepMilliseconds + 1) * stepMilliseconds}; }

} // namespace

void Participants::set(bool on, std::uint64_t seed, Time now)
{
    m_on = on;
    m_seed = seed;
    m_random = SplitMix(seed);
    m_next = gridAfter(now);
    if (m_crowds.size() != m_exchange.instruments().size())
        reset();
}

void Participants::reset()
{
    m_crowds.resize(m_exchange.instruments().size());
    for (InstrumentIndex i = 0; i < m_crowds.size(); ++i)
        m_crowds[i].fair = m_exchange.lastOrReference(i);
}

Time Participants::nextStep() const
{
    return m_on ? m_next : Time{std::numeric_limits<std::int64_t>::max()};
}

void Participants::skipTo(Time now)
{
    if (m_next <= now)
        m_next = gridAfter(now);
}

void Participants::step(Time at)
{
    m_next = at + stepMilliseconds;
    for (int action = 0; action < actionsPerStep; ++action) {
        const auto i = static_cast<InstrumentIndex>(m_random.below(m_crowds.size()));
        const Instrument &instrument = m_exchange.instrument(i);
        if (!instrument.active || instrument.halted)
            continue;
        const Phase phase = m_exchange.phaseOf(i);
        if (phase == Phase::Continuous)
            actContinuous(i);
        else if (isAuction(phase))
            actAuction(i, phase);
        else if (phase == Phase::PostClose)
            actPostClose(i);
    }
    // An empty continuous book is filled at once: the practice day must not open on bare boards.
    for (InstrumentIndex i = 0; i < m_crowds.size(); ++i) {
        if (m_crowds[i].orders.empty() && m_exchange.phaseOf(i) == Phase::Continuous
            && m_exchange.instrument(i).active && !m_exchange.instrument(i).halted) {
            for (int k = 0; k < 10; ++k) {
                quoteAround(i, Side::Buy);
                quoteAround(i, Side::Sell);
            }
        }
    }
}

Price Participants::shifted(const Instrument &instrument, Price from, std::int64_t steps) const
{
    const TickTable &ticks = instrument.ticks;
    Price price = from;
    if (!instrument.banded) {
        // a fine tick on a high price: one step is about 1/2000 of the price
        const std::int64_t tick = ticks.tickAt(from).raw();
        const std::int64_t stride =
            std::max<std::int64_t>(1, instrument.reference.raw() / tick / 2000);
        price = ticks.floorToTick(Price(std::max(tick, from.raw() + steps * stride * tick)));
    } else {
        for (; steps > 0 && price < instrument.ceiling; --steps)
            price = ticks.up(price);
        for (; steps < 0 && price > instrument.floor; ++steps)
            price = ticks.down(price);
    }
    return std::clamp(price, instrument.floor, instrument.ceiling);
}

Quantity Participants::size(const Instrument &instrument)
{
    const std::int64_t lots = 1 + static_cast<std::int64_t>(m_random.below(20));
    const std::int64_t many = m_random.below(16) == 0 ? 10 : 1;
    if (instrument.quantityScale > 0) {
        const bool precious =
            instrument.reference.raw() > 100'000 * powerOfTen(instrument.priceScale) / 100;
        const std::int64_t unit = powerOfTen(precious ? std::max(0, instrument.quantityScale - 2)
                                                      : instrument.quantityScale);
        return Quantity(unit * lots);
    }
    Quantity quantity(instrument.lot.raw() * lots * many);
    if (!instrument.maxQuantity.isZero())
        quantity = std::min(quantity, instrument.maxQuantity);
    return quantity;
}

void Participants::drift(InstrumentIndex i)
{
    const Instrument &instrument = m_exchange.instrument(i);
    Crowd &crowd = m_crowds[i];
    if (m_random.below(3) != 0)
        return;
    // pulled back to the reference: the further away, the likelier the way home
    const std::int64_t range = instrument.banded ? (instrument.ceiling - instrument.floor).raw()
                                                 : instrument.reference.raw() / 5;
    const std::int64_t away = (crowd.fair - instrument.reference).raw();
    const std::int64_t lean = range == 0 ? 0 : away * 400 / range; // -200 … 200 at the band's ends
    const bool up = static_cast<std::int64_t>(m_random.below(1000)) >= 500 + lean;
    crowd.fair = shifted(instrument, crowd.fair, up ? 1 : -1);
}

void Participants::place(InstrumentIndex i, Side side, OrderType type, Price price,
                         Quantity quantity)
{
    if (m_crowds[i].orders.size() >= mostOrders)
        return;
    const OrderRef ref = m_exchange.newRef();
    if (m_standing.size() <= ref)
        m_standing.resize(ref + 1);
    auto &orders = m_crowds[i].orders;
    m_standing[ref] = {i, static_cast<std::uint32_t>(orders.size()), quantity};
    orders.push_back(ref);
    m_exchange.send({ref, 0, i, side, type, TimeInForce::Day, quantity, price});
}

void Participants::quoteAround(InstrumentIndex i, Side side)
{
    const Instrument &instrument = m_exchange.instrument(i);
    std::int64_t distance = 1;
    while (distance < 12 && m_random.below(10) < 7)
        ++distance;
    const OrderType type = instrument.exchange == Exchange::SPOT ? OrderType::Limit : OrderType::LO;
    place(i, side, type,
          shifted(instrument, m_crowds[i].fair, side == Side::Buy ? -distance : distance),
          size(instrument));
}

void Participants::cancelOne(InstrumentIndex i)
{
    auto &orders = m_crowds[i].orders;
    if (orders.empty())
        return;
    const OrderRef ref = orders[m_random.below(orders.size())];
    if (m_exchange.cancel(ref))
        gone(ref);
}

void Participants::actContinuous(InstrumentIndex i)
{
    const Instrument &instrument = m_exchange.instrument(i);
    drift(i);
    const std::uint64_t choice = m_random.below(100);
    if (m_crowds[i].orders.size() < wantedOrders && choice < 70) {
        quoteAround(i, side());
    } else if (choice < 45) {
        cancelOne(i);
        quoteAround(i, side());
    } else if (choice < 65) {
        cancelOne(i);
    } else {
        const Side taking = side();
        if (const auto best = m_exchange.best(i, opposite(taking))) {
            const OrderType type =
                instrument.exchange == Exchange::SPOT ? OrderType::Limit : OrderType::LO;
            place(i, taking, type, *best, size(instrument));
        }
    }
}

void Participants::actAuction(InstrumentIndex i, Phase phase)
{
    const Instrument &instrument = m_exchange.instrument(i);
    drift(i);
    const Side entering = side();
    const std::uint64_t choice = m_random.below(100);
    if (choice < 12 && phase != Phase::PeriodicAuction) {
        const OrderType type = phase == Phase::OpeningAuction ? OrderType::ATO : OrderType::ATC;
        place(i, entering, type, entering == Side::Buy ? instrument.ceiling : instrument.floor,
              size(instrument));
    } else {
        const std::int64_t distance = static_cast<std::int64_t>(m_random.below(9)) - 3;
        place(i, entering, OrderType::LO,
              shifted(instrument, m_crowds[i].fair, entering == Side::Buy ? -distance : distance),
              size(instrument));
    }
}

void Participants::actPostClose(InstrumentIndex i)
{
    if (m_exchange.hasMatchPrice(i) && m_random.below(3) == 0)
        place(i, side(), OrderType::PLO, m_exchange.lastOrReference(i),
              size(m_exchange.instrument(i)));
}

void Participants::traded(OrderRef ref, Quantity quantity)
{
    m_standing[ref].leaves -= quantity;
    if (m_standing[ref].leaves.isZero())
        gone(ref);
}

void Participants::gone(OrderRef ref)
{
    const Standing standing = m_standing[ref];
    if (standing.instrument == noInstrument)
        return;
    auto &orders = m_crowds[standing.instrument].orders;
    orders[standing.position] = orders.back();
    m_standing[orders[standing.position]].position = standing.position;
    orders.pop_back();
    m_standing[ref] = {};
}

void Participants::save(ByteWriter &out) const
{
    out.u64(m_on);
    out.fixed(m_seed);
    out.fixed(m_random.state());
    out.time(m_next);
    out.u64(m_crowds.size());
    for (const Crowd &crowd : m_crowds) {
        out.number(crowd.fair);
        out.u64(crowd.orders.size());
        for (const OrderRef ref : crowd.orders) {
            out.u64(ref);
            out.number(m_standing[ref].leaves);
        }
    }
}

bool Participants::load(ByteReader &in)
{
    m_on = in.u64() != 0;
    m_seed = in.fixed();
    m_random = SplitMix(in.fixed());
    m_next = in.time();
    const std::uint64_t crowds = in.u64();
    if (crowds > m_exchange.instruments().size())
        return false;
    m_crowds.assign(crowds, {});
    m_standing.clear();
    for (InstrumentIndex i = 0; i < crowds; ++i) {
        m_crowds[i].fair = in.number<Price>();
        const std::uint64_t orders = in.u64();
        if (!in.ok() || orders > mostOrders)
            return false;
        for (std::uint32_t k = 0; k < orders; ++k) {
            const auto ref = static_cast<OrderRef>(in.u64());
            const auto leaves = in.number<Quantity>();
            if (!in.ok() || ref > 0xFF'FFFF)
                return false;
            if (m_standing.size() <= ref)
                m_standing.resize(ref + 1);
            m_standing[ref] = {i, k, leaves};
            m_crowds[i].orders.push_back(ref);
        }
    }
    return in.ok();
}

} // namespace khop
