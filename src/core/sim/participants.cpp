// SPDX-License-Identifier: GPL-3.0-or-later
// When the crowd acts, and its state. What it does is in participants_acts.cpp.
#include "sim/participants.h"

#include "base/wide.h"

#include <algorithm>
#include <array>
#include <limits>

namespace khop {

namespace {

constexpr std::int64_t stepMilliseconds = 200;
constexpr int mostActsPerStep = 8;
constexpr std::size_t mostStanding = 4096; // per instrument: a whole call's orders
constexpr std::int64_t milli = 1000;
constexpr std::int64_t idle = 1'000; // where nothing trades, look again after this

Time gridAfter(Time now) { return {(now.ms / stepMilliseconds + 1) * stepMilliseconds}; }

/// Quantiles of the exponential distribution in per mille of its mean: independent arrivals.
constexpr std::array<std::int64_t, 16> waits{32,  98,  170,  247,  330,  421,  521,  633,
                                             758, 901, 1068, 1269, 1520, 1857, 2367, 3466};

} // namespace

void Participants::set(bool on, std::uint64_t seed, Time now)
{
    m_on = on;
    m_seed = seed;
    m_random = SplitMix(seed);
    m_next = gridAfter(now);
    if (m_crowds.size() != m_exchange.instruments().size())
        reset();
    for (Crowd &crowd : m_crowds)
        crowd.next = m_next;
}

void Participants::setShape(CrowdShape shape, std::string text)
{
    m_shape = std::move(shape);
    m_shapeText = std::move(text);
    for (InstrumentIndex i = 0; i < m_crowds.size(); ++i)
        pace(i);
}

void Participants::reset()
{
    m_crowds.resize(m_exchange.instruments().size());
    for (InstrumentIndex i = 0; i < m_crowds.size(); ++i) {
        Crowd &crowd = m_crowds[i];
        pace(i);
        crowd.noise = 0;
        crowd.trend = 0;
        crowd.inventory = Quantity{};
        crowd.next = m_next;
        crowd.fair = m_exchange.lastOrReference(i).raw() * milli;
        // the night's news: up to a quarter of a day's volatility
        const std::int64_t news = static_cast<std::int64_t>(m_random.below(501)) - 250;
        crowd.fair += crowd.fair / 1'000'000 * (crowd.pace.volatility * news / 1000);
        if (m_plan.today(i)) {
            PlannedDay &day = m_plan.days[i].front();
            day = fitted(day, m_exchange.instrument(i));
            crowd.fair = day.open.raw() * milli;
        }
    }
}

void Participants::pace(InstrumentIndex i)
{
    Crowd &crowd = m_crowds[i];
    CrowdShape shape = m_shape;
    if (const PlannedDay *day = m_plan.today(i); day && !day->volume.isZero())
        shape.own[i].dailyVolume = day->volume;
    crowd.pace = paceOf(m_exchange.instrument(i), m_exchange.rules(), shape);
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

Session Participants::sessionOf(const Instrument &instrument, Time at) const
{
    return m_exchange.rules().sessionAt(instrument.exchange, instrument.restricted, at);
}

void Participants::step(Time at)
{
    m_next = at + stepMilliseconds;
    for (InstrumentIndex i = 0; i < m_crowds.size(); ++i) {
        for (int acts = 0; m_crowds[i].next <= at && acts < mostActsPerStep; ++acts) {
            const Instrument &instrument = m_exchange.instrument(i);
            const Session session = sessionOf(instrument, at);
            if (instrument.active && !instrument.halted)
                act(i, session, at);
            schedule(i, at);
        }
    }
}

void Participants::schedule(InstrumentIndex i, Time at)
{
    Crowd &crowd = m_crowds[i];
    const Instrument &instrument = m_exchange.instrument(i);
    const Phase phase = m_exchange.phaseOf(i);
    std::int64_t gap = crowd.pace.gap;
    if (phase == Phase::Continuous) {
        const std::int64_t time =
            m_exchange.rules().of(instrument.exchange).everyDay ? 0 : vietnamTimeOfDay(at);
        gap = gap * 1000 / livelinessAt(m_exchange.rules().of(instrument.exchange), time);
    } else if (isAuction(phase)) {
        // interest builds up through the call: from half the usual rate to twice it
        const Session session = sessionOf(instrument, at);
        const std::int64_t length = std::max<std::int64_t>(1, session.to - session.from);
        const std::int64_t passed =
            std::clamp<std::int64_t>(vietnamTimeOfDay(at) - session.from, 0, length);
        gap = gap * 1000 / (500 + 1'500 * passed / length);
    } else if (phase == Phase::PostClose) {
        gap *= 3;
    } else {
        crowd.next = Time{(at.ms / idle + 1) * idle};
        return;
    }
    crowd.next = at + std::max<std::int64_t>(20, gap * waits[m_random.below(waits.size())] / milli);
}

void Participants::withdraw()
{
    for (Crowd &crowd : m_crowds) {
        const std::vector<OrderRef> orders = crowd.orders;
        for (const OrderRef ref : orders) {
            if (m_exchange.cancel(ref))
                gone(ref);
        }
    }
}

void Participants::forget()
{
    for (Crowd &crowd : m_crowds)
        crowd.orders.clear();
    m_standing.clear();
}

void Participants::traded(OrderRef ref, Quantity quantity)
{
    Standing &standing = m_standing[ref];
    standing.leaves -= quantity;
    if (standing.kind == CrowdKind::Maker)
        m_crowds[standing.instrument].inventory +=
            standing.side == Side::Buy ? quantity : -quantity;
    if (standing.leaves.isZero())
        gone(ref);
}

void Participants::gone(OrderRef ref)
{
    if (ref >= m_standing.size())
        return;
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
    out.text(m_shapeText);
    m_plan.save(out);
    out.u64(m_crowds.size());
    for (const Crowd &crowd : m_crowds) {
        out.i64(crowd.fair);
        out.i64(crowd.noise);
        out.i64(crowd.trend);
        out.number(crowd.inventory);
        out.time(crowd.next);
        out.i64(crowd.pace.gap);
        out.i64(crowd.pace.volatility);
        out.i64(crowd.pace.stepsRoot);
        out.number(crowd.pace.dailyVolume);
        out.number(crowd.pace.takeSize);
        out.i64(crowd.pace.stride);
        out.i64(crowd.pace.looseness);
        out.u64(crowd.orders.size());
        for (const OrderRef ref : crowd.orders) {
            const Standing &standing = m_standing[ref];
            out.u64(ref);
            out.number(standing.leaves);
            out.number(standing.price);
            out.u64(static_cast<std::uint64_t>(standing.side));
            out.u64(static_cast<std::uint64_t>(standing.kind));
        }
    }
}

bool Participants::load(ByteReader &in)
{
    m_on = in.u64() != 0;
    m_seed = in.fixed();
    m_random = SplitMix(in.fixed());
    m_next = in.time();
    m_shapeText = in.text();
    auto shape = parseCrowdShape(m_shapeText, m_exchange.instruments());
    if (!shape || !m_plan.load(in))
        return false;
    m_shape = std::move(*shape);
    const std::uint64_t crowds = in.u64();
    if (crowds > m_exchange.instruments().size())
        return false;
    m_crowds.assign(crowds, {});
    m_standing.clear();
    for (InstrumentIndex i = 0; i < crowds; ++i) {
        Crowd &crowd = m_crowds[i];
        crowd.fair = in.i64();
        crowd.noise = in.i64();
        crowd.trend = in.i64();
        crowd.inventory = in.number<Quantity>();
        crowd.next = in.time();
        crowd.pace.gap = in.i64();
        crowd.pace.volatility = in.i64();
        crowd.pace.stepsRoot = in.i64();
        crowd.pace.dailyVolume = in.number<Quantity>();
        crowd.pace.takeSize = in.number<Quantity>();
        crowd.pace.stride = in.i64();
        crowd.pace.looseness = in.i64();
        const std::uint64_t orders = in.u64();
        if (!in.ok() || orders > mostStanding || crowd.pace.gap < 1 || crowd.pace.stepsRoot < 1)
            return false;
        for (std::uint32_t k = 0; k < orders; ++k) {
            const auto ref = static_cast<OrderRef>(in.u64());
            Standing standing{i,
                              k,
                              in.number<Quantity>(),
                              in.number<Price>(),
                              in.choice<Side>(2),
                              in.choice<CrowdKind>(crowdKindCount)};
            if (!in.ok() || ref > 0xFF'FFFF)
                return false;
            if (m_standing.size() <= ref)
                m_standing.resize(ref + 1);
            m_standing[ref] = standing;
            crowd.orders.push_back(ref);
        }
    }
    return in.ok();
}

} // namespace khop
