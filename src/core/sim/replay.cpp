// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/replay.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace khop {

namespace {

constexpr Time never{std::numeric_limits<std::int64_t>::max()};
constexpr std::size_t mostPending = 4'000'000;

} // namespace

void Replay::start(const DayOpening &opening, std::string name, std::string fileHash,
                   std::int64_t shift)
{
    clear();
    m_active = true;
    m_name = std::move(name);
    m_fileHash = std::move(fileHash);
    m_shift = shift;
    m_exchange.startFrom(
        opening, [this](const DayOpening::Order &order, InstrumentIndex i, OrderRef ref) {
            m_live[order.ref] = {ref, i, order.instruction == Instruction::AtAuction,
                                 order.quantity, order.quantity};
            m_byRef[ref] = order.ref;
        });
}

std::optional<Error> Replay::take(std::string_view block, std::optional<Time> end)
{
    if (m_complete || m_pending.size() > mostPending)
        return Error{Code::VALIDATION_ERROR, "recording", m_name, "a running replay"};
    auto events = block.empty() ? Result<std::vector<TapeEvent>>() : decodeTape(block);
    if (!events)
        return events.error();
    for (TapeEvent &event : *events) {
        event.time = event.time + m_shift;
        auto why = impossible(event, m_exchange.instruments());
        if (!why && event.time < m_covered)
            why = "an event before the one before it";
        if (why)
            return Error{Code::VALIDATION_ERROR, "recording", *why, "an event of this market"};
    }
    if (!events->empty())
        m_covered = events->back().time;
    m_pending.insert(m_pending.end(), events->begin(), events->end());
    ++m_blocks;
    m_complete = end.has_value();
    if (end)
        m_covered = std::max(m_covered, *end + m_shift);
    return std::nullopt;
}

void Replay::clear()
{
    m_active = m_complete = false;
    m_name.clear();
    m_fileHash.clear();
    m_shift = 0;
    m_blocks = m_played = 0;
    m_covered = {};
    m_pending.clear();
    m_live.clear();
    m_byRef.clear();
    m_traded.clear();
}

void Replay::stop()
{
    std::vector<OrderRef> standing;
    for (const auto &[ref, taped] : m_byRef)
        standing.push_back(ref);
    std::ranges::sort(standing);
    m_byRef.clear();
    m_live.clear();
    for (const OrderRef ref : standing)
        m_exchange.cancel(ref);
    clear();
}

Time Replay::nextEvent() const
{
    if (!m_pending.empty())
        return m_pending.front().time;
    return m_active && m_complete ? m_covered : never;
}

void Replay::run(Time at)
{
    while (!m_pending.empty() && m_pending.front().time <= at) {
        const TapeEvent event = m_pending.front();
        m_pending.pop_front();
        ++m_played;
        if (event.kind != TapeEvent::Kind::Traded)
            reconcile();
        play(event);
    }
    reconcile();
}

bool Replay::takesOrders(InstrumentIndex i) const
{
    const Phase phase = m_exchange.phaseOf(i);
    if (!PaperExchange::isTraded(m_exchange.instrument(i)))
        return false;
    return phase == Phase::Continuous || phase == Phase::PostClose || isAuction(phase);
}

void Replay::play(const TapeEvent &event)
{
    const auto found = m_live.find(event.ref);
    const bool known = found != m_live.end();
    switch (event.kind) {
    case TapeEvent::Kind::Entered: enter(event); break;
    case TapeEvent::Kind::Cancelled:
        if (known)
            shrink(event.ref, Quantity{});
        break;
    case TapeEvent::Kind::Reduced:
        if (known) {
            const Quantity missing = found->second.recorded - found->second.leaves;
            found->second.recorded = event.quantity;
            shrink(event.ref, event.quantity - missing);
        }
        break;
    case TapeEvent::Kind::Replaced:
        if (known && !found->second.fixed) {
            Live &live = found->second;
            const Quantity leaves = event.quantity - (live.recorded - live.leaves);
            const Instrument &instrument = m_exchange.instrument(live.instrument);
            TapeEvent amended = event;
            amended.kind = TapeEvent::Kind::Entered;
            amended.instrument = live.instrument;
            live.recorded = event.quantity;
            if (leaves <= Quantity{} || impossible(amended, m_exchange.instruments())
                || !takesOrders(live.instrument)) {
                shrink(event.ref, Quantity{});
            } else {
                live.leaves = leaves;
                const OrderRef ref = live.ref;
                m_exchange.replace(
                    ref, std::clamp(event.price, instrument.floor, instrument.ceiling), leaves);
            }
        }
        break;
    case TapeEvent::Kind::Traded:
        for (const OrderRef taped : {event.ref, event.sell}) {
            if (const auto it = m_live.find(taped); it != m_live.end()) {
                it->second.recorded -= std::min(event.quantity, it->second.recorded);
                m_traded.push_back(taped);
            }
        }
        break;
    case TapeEvent::Kind::State:
        m_exchange.setState(event.instrument, event.halted, event.active);
        break;
    case TapeEvent::Kind::Phase: break; // the exchange's own sessions come by themselves
    }
}

void Replay::enter(const TapeEvent &event)
{
    if (!takesOrders(event.instrument) || impossible(event, m_exchange.instruments()))
        return;
    if (const auto stale = m_live.find(event.ref); stale != m_live.end())
        shrink(event.ref, Quantity{}); // the tape gave the number to someone else
    const OrderRef ref = m_exchange.newRef();
    m_live[event.ref] = {ref, event.instrument,
                         event.type == OrderType::ATO || event.type == OrderType::ATC,
                         event.quantity, event.quantity};
    m_byRef[ref] = event.ref;
    m_exchange.send({ref, 0, event.instrument, event.side, event.type, event.timeInForce,
                     event.quantity, event.price});
}

/// After the recorded trades of an event: no recorded order keeps more than it kept on the tape.
void Replay::reconcile()
{
    if (m_traded.empty())
        return;
    const std::vector<OrderRef> traded = std::exchange(m_traded, {});
    for (const OrderRef taped : traded) {
        const auto it = m_live.find(taped);
        if (it != m_live.end() && it->second.leaves > it->second.recorded)
            shrink(taped, it->second.recorded);
    }
}

/// Lowers what an order has left; nothing left takes it out.
void Replay::shrink(OrderRef taped, Quantity leaves)
{
    Live &live = m_live.at(taped);
    if (leaves >= live.leaves)
        return;
    if (leaves > Quantity{}) {
        live.leaves = leaves;
        m_exchange.reduce(live.ref, leaves);
        return;
    }
    const OrderRef ref = live.ref;
    gone(ref);
    m_exchange.cancel(ref);
}

void Replay::traded(OrderRef ref, Quantity quantity)
{
    const auto taped = m_byRef.find(ref);
    if (taped == m_byRef.end())
        return;
    Live &live = m_live.at(taped->second);
    live.leaves -= quantity;
    if (live.leaves.isZero())
        gone(ref);
}

void Replay::gone(OrderRef ref)
{
    const auto taped = m_byRef.find(ref);
    if (taped == m_byRef.end())
        return;
    m_live.erase(taped->second);
    m_byRef.erase(taped);
}

void Replay::save(ByteWriter &out) const
{
    out.u64(m_active);
    if (!m_active)
        return;
    out.u64(m_complete);
    out.text(m_name);
    out.text(m_fileHash);
    out.i64(m_shift);
    out.u64(m_blocks);
    out.u64(m_played);
    out.time(m_covered);
    TapeEncoder pending;
    for (const TapeEvent &event : m_pending)
        pending.add(event);
    out.u64(m_pending.size());
    out.text(pending.take());
    std::vector<OrderRef> taped;
    for (const auto &[number, live] : m_live)
        taped.push_back(number);
    std::ranges::sort(taped);
    out.u64(taped.size());
    for (const OrderRef number : taped) {
        const Live &live = m_live.at(number);
        out.u64(number);
        out.u64(live.ref);
        out.u64(live.instrument);
        out.u64(live.fixed);
        out.number(live.leaves);
        out.number(live.recorded);
    }
}

bool Replay::load(ByteReader &in)
{
    clear();
    m_active = in.u64() != 0;
    if (!m_active)
        return in.ok();
    m_complete = in.u64() != 0;
    m_name = in.text();
    m_fileHash = in.text();
    m_shift = in.i64();
    m_blocks = in.u64();
    m_played = in.u64();
    m_covered = in.time();
    const std::uint64_t pending = in.u64();
    const std::string_view bytes = in.text();
    if (pending > 0) {
        auto events = decodeTape(bytes);
        if (!events || events->size() != pending)
            return false;
        m_pending.assign(events->begin(), events->end());
    }
    const std::uint64_t count = in.u64();
    for (std::uint64_t k = 0; k < count && in.ok(); ++k) {
        const auto taped = static_cast<OrderRef>(in.u64());
        Live live;
        live.ref = static_cast<OrderRef>(in.u64());
        live.instrument = static_cast<InstrumentIndex>(in.u64());
        live.fixed = in.u64() != 0;
        live.leaves = in.number<Quantity>();
        live.recorded = in.number<Quantity>();
        if (live.instrument >= m_exchange.instruments().size())
            return false;
        m_byRef[live.ref] = taped;
        m_live[taped] = live;
    }
    return in.ok();
}

} // namespace khop
