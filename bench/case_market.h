// SPDX-License-Identifier: GPL-3.0-or-later
// A real engine with one instrument and accounts that can afford everything.
#pragma once

#include "engine/engine.h"
#include "market_case.h"

#include <expected>
#include <memory>
#include <string>

namespace khop::bench {

class CaseMarket
{
public:
    /// Starts at midnight of the day.
    static std::expected<std::unique_ptr<CaseMarket>, std::string> open(
        const CaseInstrument &instrument, Date day);

    AccountNo openAccount();
    CommandResult place(AccountNo account, const CaseOrder &order, Time time);
    void passTo(Time time) { apply(Tick{}, time); }

    const Engine &engine() const { return m_engine; }
    /// Everything that has happened so far.
    const CommittedGroup &happened() const { return m_happened; }

private:
    CommandResult apply(CommandBody body, Time time);
    Uuid nextId() { return uuid7(m_start, 0, ++m_ids); }

    Engine m_engine;
    CommittedGroup m_happened;
    Time m_start;
    std::uint64_t m_ids = 0;
};

} // namespace khop::bench
