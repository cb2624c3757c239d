// SPDX-License-Identifier: GPL-3.0-or-later
// The practice market's commands: the crowd's shape and days planned by candles.
#include "engine/engine.h"

namespace khop {

Error Engine::run(const ShapeCrowd &shape, CommandResult &)
{
    if (!m_exchange.configured())
        return {Code::CONFIGURATION_ERROR, "crowd"};
    auto parsed = parseCrowdShape(shape.text, m_exchange.instruments());
    if (!parsed)
        return parsed.error();
    m_participants.setShape(std::move(*parsed), shape.text);
    for (const char c : shape.text)
        m_hash.add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
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
    applyPlannedReferences();
    for (const char c : planned.plan)
        m_hash.add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
    return {};
}

void Engine::startDay()
{
    m_participants.nextPlannedDay();
    applyPlannedReferences();
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
