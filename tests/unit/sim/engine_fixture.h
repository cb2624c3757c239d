// SPDX-License-Identifier: GPL-3.0-or-later
// A bare engine on the program's own market, with everything it did in memory.
#pragma once

#include "engine/command_codec.h"
#include "engine/engine.h"
#include "market/defaults.h"

#include <QTest>

namespace khop::test {

inline Time at(const char *iso) { return *parseIsoTime(iso); }

struct EngineFixture {
    Engine engine;
    ByteWriter journal;
    std::vector<TradeRecord> trades;
    std::vector<SessionChange> sessions;
    std::uint64_t bookChanges = 0;

    explicit EngineFixture(const char *start = "2026-11-20T08:55:00+07:00",
                           std::string instruments = defaultInstrumentsText(),
                           std::string rules = defaultMarketRulesText())
    {
        apply(at(start), Configure{std::move(rules), std::move(instruments)});
    }
    CommandResult apply(Time time, CommandBody body)
    {
        const Command command{time, std::move(body)};
        encodeCommand(journal, command);
        CommittedGroup group;
        CommandResult result = engine.apply(command, group);
        trades.insert(trades.end(), group.trades.begin(), group.trades.end());
        sessions.insert(sessions.end(), group.sessions.begin(), group.sessions.end());
        bookChanges += group.books.size();
        return result;
    }
    void run(Time to, std::int64_t step = 1'000)
    {
        while (engine.now() < to)
            apply(std::min(to, engine.now() + step), Tick{});
    }
    void run(const char *to, std::int64_t step = 1'000) { run(at(to), step); }
    InstrumentIndex symbol(std::string_view name) const
    {
        for (const Instrument &instrument : engine.exchange().instruments()) {
            if (instrument.symbol == name)
                return instrument.index;
        }
        qFatal("no such symbol");
    }
};

/// The state hash after the commands of a journal; 0 when one is not readable.
inline std::uint64_t replayed(std::string_view journal)
{
    Engine engine;
    ByteReader in(journal);
    CommittedGroup ignored;
    while (!in.atEnd()) {
        const auto command = decodeCommand(in);
        if (!command)
            return 0;
        ignored = {};
        engine.apply(*command, ignored);
    }
    return engine.stateHash();
}

} // namespace khop::test
