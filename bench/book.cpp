// SPDX-License-Identifier: GPL-3.0-or-later
#include "book/ladder_inline.h"
#include "book/reference_books.h"
#include "command_line.h"
#include "order_stream.h"
#include "timing.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <memory>

namespace khop::bench {

namespace {

struct Totals {
    std::uint64_t trades = 0;
    std::int64_t volume = 0;
    TradeHash hash;
};

/// Takes note of events; the reference of an order that was refused, or 0.
OrderRef note(const BookEvents &events, Totals &totals)
{
    Totals seen = totals; // in registers
    OrderRef refused = 0;
    for (const BookEvent &event : events) {
        if (event.kind == BookEvent::Kind::Trade) {
            ++seen.trades;
            seen.volume += event.quantity.raw();
            seen.hash.add(event.maker, event.ref, static_cast<std::uint64_t>(event.price.raw()),
                          static_cast<std::uint64_t>(event.quantity.raw()));
        } else if (event.kind == BookEvent::Kind::Killed) [[unlikely]] {
            refused = event.ref;
            break;
        }
    }
    totals = seen;
    return refused;
}

/// One operation through the books; false when it names an order that does not rest.
template <class Books>
KHOP_HOT_INLINE bool perform(const StreamOperation &operation, Books &books, BookEvents &events)
{
    const Price price(operation.price);
    const Quantity quantity(operation.quantity);
    if (operation.type == StreamOperation::Add) {
        books.add(operation.instrument,
                  {operation.id, operation.id, static_cast<Side>(operation.side),
                   Instruction::Limit, price, quantity},
                  events);
        return true;
    }
    if (operation.type == StreamOperation::Cancel)
        return books.cancel(operation.id).has_value();
    return operation.type == StreamOperation::Replace
           && books.replace(operation.id, price, quantity, events);
}

/// Runs all operations; the index of one that makes no sense or is refused ends it early. Events are
/// read some operations later, as from a queue. With `ticks` each operation is timed by itself.
/// Self-trade prevention is on, every order of its own owner.
template <bool Timed, class Books>
std::optional<std::uint64_t> run(const OrderStream &stream, Books &books, Totals &totals,
                                 std::vector<std::uint32_t> *ticks)
{
    constexpr std::uint64_t batch = 256;
    const OrderStream::Bounds bounds = stream.bounds();
    const std::uint64_t operations = stream.header().operations;
    BookEvents events(1 << 14);
    for (std::uint64_t from = 0; from < operations; from += batch) {
        const std::uint64_t to = std::min(from + batch, operations);
        events.clear();
        for (std::uint64_t i = from; i < to; ++i) {
            const StreamOperation operation = stream.operation(i);
            if (!bounds.contain(operation)) [[unlikely]]
                return i;
            std::uint64_t start = 0;
            if constexpr (Timed)
                start = fencedTicks();
            const bool done = perform(operation, books, events);
            if constexpr (Timed)
                (*ticks)[i] =
                    static_cast<std::uint32_t>(std::min<std::uint64_t>(fencedTicks() - start, ~0U));
            if (!done) [[unlikely]]
                return i;
        }
        if (const OrderRef refused = note(events, totals); refused != 0) [[unlikely]] {
            for (std::uint64_t i = to; i-- > from;) {
                if (stream.operation(i).id == refused)
                    return i;
            }
        }
    }
    return std::nullopt;
}

struct Outcome {
    Totals totals;
    std::int64_t cpu = 0; // nanoseconds
    std::int64_t elapsed = 0;
    std::optional<std::uint64_t> broken; // the operation that could not be run
};

/// A fresh run with books of this kind; the books' own type, so that their hot paths are inlined.
template <class Books>
Outcome measure(const OrderStream &stream, std::vector<std::uint32_t> *ticks)
{
    std::unique_ptr<Books> made;
    if constexpr (std::is_same_v<Books, LadderBooks>)
        made = std::make_unique<Books>(1 << 17, static_cast<OrderRef>(stream.header().greatestId));
    else
        made = std::make_unique<Books>();
    Books &books = *made;
    BookPolicies policies;
    policies.selfMatch = SelfMatch::CancelNewest;
    books.setPolicies(policies);
    for (const StreamInstrument &instrument : stream.instruments()) {
        books.open({Price(instrument.floor), Price(instrument.ceiling),
                    TickTable({{Price(0), Price(1)}}), Quantity(100)});
    }
    Outcome outcome;
    const std::int64_t elapsed = steadyNanoseconds();
    const std::int64_t cpu = threadNanoseconds();
    outcome.broken = ticks ? run<true>(stream, books, outcome.totals, ticks)
                           : run<false>(stream, books, outcome.totals, nullptr);
    outcome.cpu = std::max<std::int64_t>(threadNanoseconds() - cpu, 1);
    outcome.elapsed = std::max<std::int64_t>(steadyNanoseconds() - elapsed, 1);
    return outcome;
}

struct Engine {
    std::string_view name;
    Outcome (*measure)(const OrderStream &stream, std::vector<std::uint32_t> *ticks);
};
constexpr std::array engines{Engine{"reference", measure<ReferenceBooks>},
                             Engine{"ladder", measure<LadderBooks>}};

std::string engineNames()
{
    std::string names;
    for (const Engine &engine : engines)
        names += (names.empty() ? "" : ", ") + std::string(engine.name);
    return names;
}

/// Quantiles of the single operations, without what the clock itself takes; as JSON members.
std::string latencies(const Engine &engine, const OrderStream &stream)
{
    std::vector<std::uint32_t> ticks(stream.header().operations);
    const std::int64_t elapsed = steadyNanoseconds();
    const std::uint64_t start = fencedTicks();
    engine.measure(stream, &ticks);
    const double perTick = static_cast<double>(steadyNanoseconds() - elapsed)
                           / static_cast<double>(fencedTicks() - start);
    std::uint64_t clock = ~std::uint64_t{0};
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t before = fencedTicks();
        clock = std::min(clock, fencedTicks() - before);
    }
    std::ranges::sort(ticks);
    std::string text;
    struct Quantile {
        const char *name;
        double share;
    };
    for (const Quantile quantile : {Quantile{"p50_ns", 0.5}, Quantile{"p99_ns", 0.99},
                                    Quantile{"p999_ns", 0.999}, Quantile{"p9999_ns", 0.9999}}) {
        const auto at =
            static_cast<std::size_t>(quantile.share * static_cast<double>(ticks.size() - 1));
        const std::uint64_t taken = ticks[at] > clock ? ticks[at] - clock : 0;
        text += ",\"" + std::string(quantile.name)
                + "\":" + std::to_string(std::llround(static_cast<double>(taken) * perTick));
    }
    return text;
}

std::string brokenOperation(const OrderStream &stream, std::uint64_t index)
{
    if (const auto checked = stream.checkOperations(index + 1); !checked)
        return checked.error();
    const StreamOperation operation = stream.operation(index);
    const bool added = operation.type == StreamOperation::Add;
    return stream.problem(index, "id " + std::to_string(operation.id)
                                     + (added ? " is refused" : " does not rest any more"));
}

} // namespace

int runBook(const Arguments &arguments)
{
    CommandLine line(
        "book",
        "Runs a stream through the order books, with validation, events and self-trade\n"
        "prevention, and prints one line of JSON for each implementation. Seconds and mops\n"
        "(million operations per second) count processor time of the thread.");
    line.option("stream", "FILE", "stream written by khop-bench gen");
    line.option("engine", "NAME", "implementation of the books: " + engineNames() + " or all",
                "reference");
    line.option("repeat", "N", "fresh runs of each, in turn; the median counts", "1");
    line.option("latency", "on|off", "one more run in which each operation is timed", "off");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    const std::string &name = line.text("engine");
    const auto repeat = line.number("repeat", 1, 1000);
    if (!repeat)
        return exitUsage;
    if (line.text("latency") != "on" && line.text("latency") != "off")
        return line.error("option '--latency': '" + line.text("latency") + "' is not on or off");
    std::vector<Engine> chosen;
    for (const Engine &engine : engines) {
        if (name == "all" || name == engine.name)
            chosen.push_back(engine);
    }
    if (chosen.empty())
        return line.error("option '--engine': this program has no engine '" + name + "', but "
                          + engineNames() + " or all");
    const auto stream = OrderStream::open(line.text("stream"));
    if (!stream)
        return line.error(stream.error());

    std::vector<std::vector<Outcome>> outcomes(chosen.size());
    for (std::int64_t i = 0; i < *repeat; ++i) {
        for (std::size_t k = 0; k < chosen.size(); ++k) {
            outcomes[k].push_back(chosen[k].measure(*stream, nullptr));
            if (outcomes[k].back().broken)
                return line.error(brokenOperation(*stream, *outcomes[k].back().broken));
        }
    }
    double reference = 0;
    for (std::size_t k = 0; k < chosen.size(); ++k) {
        std::ranges::sort(outcomes[k], {}, &Outcome::cpu);
        const Outcome &median = outcomes[k][outcomes[k].size() / 2];
        const double operations = static_cast<double>(stream->header().operations);
        const double mops = operations * 1e3 / static_cast<double>(median.cpu);
        std::printf("{\"engine\":\"%s\",\"ops\":%" PRIu64
                    ",\"seconds\":%.6f,\"elapsed\":%.6f,\"mops\":%.3f,\"trades\":%" PRIu64
                    ",\"volume\":%" PRId64 ",\"hash\":\"%016" PRIx64 "\"",
                    std::string(chosen[k].name).c_str(), stream->header().operations,
                    static_cast<double>(median.cpu) / 1e9,
                    static_cast<double>(median.elapsed) / 1e9, mops, median.totals.trades,
                    median.totals.volume, median.totals.hash.value());
        if (k == 0)
            reference = mops;
        else
            std::printf(",\"ratio\":%.2f", mops / reference);
        if (line.text("latency") == "on")
            std::printf("%s", latencies(chosen[k], *stream).c_str());
        std::printf("}\n");
    }
    return exitDone;
}

} // namespace khop::bench
