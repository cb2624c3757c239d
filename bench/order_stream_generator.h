// SPDX-License-Identifier: GPL-3.0-or-later
// Generates order streams that look like a market: passive orders around the best prices, cancels,
// replaces and marketable orders in proportions that keep the number of live orders near a target.
// Integer arithmetic and splitmix64 only, so a stream is the same to the bit on every machine.
#pragma once

#include "order_stream.h"

#include <functional>

namespace khop::bench {

enum class StreamKind {
    S1, // one instrument, reference 13,000 ticks
    S2  // 1,000 instruments of different prices, chosen by a Zipf law
};

/// Calls `begin` once with the instruments, then `write` per operation; both return false to stop
/// early. Gives the greatest id.
std::uint64_t generateStream(
    StreamKind kind, std::uint64_t operations,
    const std::function<bool(const std::vector<StreamInstrument> &)> &begin,
    const std::function<bool(const StreamOperation &)> &write);

} // namespace khop::bench
