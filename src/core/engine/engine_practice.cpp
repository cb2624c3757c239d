// SPDX-License-Identifier: GPL-3.0-or-later
// The practice market's commands: the crowd's shape, days planned by candles, replays, a day that starts over.
#include "engine/engine.h"

#include <algorithm>

namespace khop {

Error Engine::run(const ShapeCrowd &shape, CommandResult &)
{
    if (!m_exchange.configured())
        return {Code::CONFIGURATION_ERROR, "crowd"};
    auto parsed = parseCrowdShape(shape.text, m_exchange.instruments());
    if (!parsed)
        return parsed.error();
    m_participants.setShape(std::move(*parsed), shape.text);
    m_hash.addBytes(shape.text);
    return {};
}

Error Engine::run(const PlanDays &planned, CommandResult &result)
{
    DayPlan plan;
    ByteReader in(planned.plan);
    if (!m_exchange.configured() || !plan.load(in) || !in.atEnd())
        return {Code::VALIDATION_ERROR, "plan"};
    for (const auto &[instrument, days] : plan.days) {
        if (instrument >= m_exchange.instruments().size())
            return {Code::INSTRUMENT_UNKNOWN, "plan", std::to_string(instrument)};
    }
    plan.waiting = !m_byId.empty();
    for (const auto &[instrument, days] : plan.days)
        plan.waiting = plan.waiting || m_exchange.dayPrices(instrument).last.has_value();
    result.count = plan.waiting ? 1 : 0;
    if (!plan.waiting)
        m_participants.withdraw();
    m_participants.setPlan(std::move(plan));
    const auto before = accountResults();
    applyPlannedReferences();
    forgetRepricing(before);
    m_hash.addBytes(planned.plan);
    return {};
}

Error Engine::run(const StartReplay &start, CommandResult &)
{
    if (!m_byId.empty())
        return {Code::VALIDATION_ERROR, "recording", std::to_string(m_byId.size()) + " open orders",
                "a desk without open orders"};
    ByteReader in(start.opening);
    const auto opening = decodeOpening(in, m_exchange.instruments());
    if (!opening || !in.atEnd())
        return {Code::VALIDATION_ERROR, "recording", start.name,
                "a recording of these instruments"};
    if (auto off = m_exchange.checkOpening(*opening))
        return *off;
    const bool crowd = m_participants.on() || (m_replay.active() && m_crowdAfterReplay);
    m_replay.stop();
    m_participants.withdraw();
    m_participants.set(false, m_participants.seed(), m_now);
    m_crowdAfterReplay = crowd;
    const auto before = accountResults();
    m_replay.start(*opening, start.name, start.fileHash, start.shift);
    forgetRepricing(before);
    m_hash.addBytes(start.fileHash);
    m_hash.add(start.shift);
    m_out->newDay = true; // references and limits are the recorded day's
    return {};
}

Error Engine::run(const ReplaySlice &slice, CommandResult &)
{
    if (!m_replay.active())
        return {Code::VALIDATION_ERROR, "recording", {}, "a running replay"};
    if (auto off = m_replay.take(slice.block, slice.end))
        return *off;
    RollingHash content;
    content.addBytes(slice.block);
    m_hash.add(content.value() ^ (slice.end ? 1U : 0U));
    return {};
}

Error Engine::run(const StopReplay &, CommandResult &)
{
    if (!m_replay.active())
        return {Code::NOT_FOUND, "recording"};
    endReplay();
    return {};
}

/// Nothing that was sent may come to anything any more, so no session refuses a cancel here.
Error Engine::run(const ResetPractice &, CommandResult &result)
{
    if (m_replay.active())
        endReplay();
    m_participants.withdraw();
    m_participants.reset();
    std::vector<std::pair<OrderNo, Slot>> open;
    for (const Slot slot : openSlots())
        open.emplace_back(m_orders[slot].record.no, slot);
    std::ranges::sort(open);
    for (const auto &[no, slot] : open)
        cancelNow(slot);
    result.count = static_cast<std::uint32_t>(open.size());
    for (; !m_deals.open().empty(); ++result.count)
        cancelDeal(m_deals.open().begin()->second.record.id);
    return {};
}

/// The tape is over: what stands of it goes, and the crowd comes back where it was there before.
void Engine::endReplay()
{
    m_replay.stop();
    m_hash.add(std::uint64_t{7});
    if (!m_crowdAfterReplay)
        return;
    m_crowdAfterReplay = false;
    m_participants.set(true, m_participants.seed(), m_now);
    m_participants.reset();
}

void Engine::marketTraded(OrderRef ref, Quantity quantity)
{
    if (m_replay.owns(ref))
        m_replay.traded(ref, quantity);
    else
        m_participants.traded(ref, quantity);
}

void Engine::marketGone(OrderRef ref)
{
    if (m_replay.owns(ref))
        m_replay.gone(ref);
    else
        m_participants.gone(ref);
}

void Engine::startDay()
{
    if (m_replay.active())
        endReplay();
    m_participants.nextPlannedDay();
    applyPlannedReferences();
    startRiskDay();
    turnMoney();
}

void Engine::applyPlannedReferences()
{
    for (const Instrument &instrument : m_exchange.instruments()) {
        if (const PlannedDay *day = m_participants.plan().today(instrument.index))
            m_out->newDay =
                m_exchange.setReference(instrument.index, day->reference) || m_out->newDay;
    }
    m_participants.reset(); // inside the new limits
}

} // namespace khop
