// SPDX-License-Identifier: GPL-3.0-or-later
#include "order_flow.h"

#include "base/decimal.h"

#include <algorithm>

namespace khop::bench {

OrderFlow::OrderFlow(std::vector<FlowInstrument> instruments, std::string run,
                     std::int64_t crossing)
    : m_run(std::move(run))
    , m_crossing(crossing)
{
    constexpr int steps = 5;
    for (const FlowInstrument &instrument : instruments) {
        Ladder ladder{instrument.symbol, instrument.quantity, {}, 0};
        const bool banded = instrument.ceiling > Price{};
        std::vector<Price> prices{instrument.ticks.floorToTick(instrument.reference)};
        for (int i = 0; i < steps; ++i) {
            const Price below = instrument.ticks.down(prices.front());
            if (below > Price{} && (!banded || below >= instrument.floor)) {
                prices.insert(prices.begin(), below);
                ++ladder.middle;
            }
            const Price above = instrument.ticks.up(prices.back());
            if (!banded || above <= instrument.ceiling)
                prices.push_back(above);
        }
        for (const Price price : prices)
            ladder.prices.push_back(formatDecimal(price.raw(), instrument.priceScale));
        m_ladders.push_back(std::move(ladder));
    }
}

void OrderFlow::next(std::string &body)
{
    const Ladder &ladder = m_ladders[static_cast<std::size_t>(m_random.below(m_ladders.size()))];
    const bool buys = m_count % 2 == 0;
    const bool crosses = m_random.below(10) < m_crossing;
    // A passive order rests below (buy) or above (sell) the reference; a crossing one goes to the
    // end of the other side.
    const bool above = buys == crosses;
    const std::size_t end = above ? ladder.prices.size() - 1 : 0;
    const std::size_t reach = above ? end - ladder.middle : ladder.middle;
    const std::size_t away =
        crosses || reach == 0 ? reach : 1 + static_cast<std::size_t>(m_random.below(reach));
    const std::string &price = ladder.prices[above ? ladder.middle + away : ladder.middle - away];
    body.assign(R"({"symbol":")")
        .append(ladder.symbol)
        .append(R"(","side":")")
        .append(buys ? "BUY" : "SELL");
    body.append(R"(","order_type":"LO","quantity":")").append(ladder.quantity);
    body.append(R"(","price":")").append(price).append(R"(","client_order_id":")").append(m_run);
    body.append("-").append(std::to_string(++m_count)).append(R"("})");
}

} // namespace khop::bench
