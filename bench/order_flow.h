// SPDX-License-Identifier: GPL-3.0-or-later
// The orders of a load: valid limit orders, buys and sells in turn, of which some (three in ten if nothing else
// is said) cross what rests on the other side; each with a client order id of its own.
#pragma once

#include "market/tick_table.h"
#include "split_mix.h"

#include <cstdint>
#include <string>
#include <vector>

namespace khop::bench {

/// What is traded: prices stay within five ticks of the reference.
struct FlowInstrument {
    std::string symbol;
    Price reference;
    Price floor, ceiling; // 0: no band
    TickTable ticks;
    int priceScale = 0;
    std::string quantity = "100";
};

class OrderFlow
{
public:
    /// `run` makes the client order ids differ from those of other runs.
    OrderFlow(std::vector<FlowInstrument> instruments, std::string run, std::int64_t crossing = 3);
    /// The body of POST /orders.
    void next(std::string &body);

private:
    struct Ladder {
        std::string symbol;
        std::string quantity;
        std::vector<std::string> prices; // five ticks below the reference to five above
        std::size_t middle = 0;
    };
    std::vector<Ladder> m_ladders;
    std::string m_run;
    std::int64_t m_crossing; // of ten
    SplitMix64 m_random{1};
    std::uint64_t m_count = 0;
};

} // namespace khop::bench
