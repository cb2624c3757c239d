// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "book/order_books.h"
#include "command_line.h"
#include "order_stream.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <memory>

namespace khop::bench {

namespace {

struct Engine {
    std::string_view name;
    std::unique_ptr<OrderBooks> (*make)();
};
constexpr std::array engines{Engine{"reference", makeReferenceBooks},
                             Engine{"ladder", makeLadderBooks}};

std::string engineNames()
{
    std::string names;
    for (const Engine &engine : engines)
        names += (names.empty() ? "" : ", ") + std::string(engine.name);
    return names;
}

struct Totals {
    std::uint64_t trades = 0;
    std::int64_t volume = 0;
    TradeHash hash;
};

/// Runs all operations; the index of one whose order does not rest ends it early.
std::optional<std::uint64_t> run(const OrderStream &stream, OrderBooks &books, Totals &totals)
{
    BookEvents events;
    for (std::uint64_t i = 0; i < stream.header().operations; ++i) {
        const StreamOperation operation = stream.operation(i);
        const Price price(operation.price);
        const Quantity quantity(operation.quantity);
        if (operation.type == StreamOperation::Cancel) {
            if (!books.cancel(operation.id))
                return i;
            continue;
        }
        events.clear();
        if (operation.type == StreamOperation::Replace) {
            if (!books.replace(operation.id, price, quantity, events))
                return i;
        } else {
            const Side side = operation.side == 0 ? Side::Buy : Side::Sell;
            books.add(operation.instrument,
                      {operation.id, 0, side, Instruction::Limit, price, quantity}, events);
        }
        for (const BookEvent &event : events) {
            if (event.kind != BookEvent::Kind::Trade)
                continue;
            ++totals.trades;
            totals.volume += event.quantity.raw();
            totals.hash.add(event.maker, event.ref, static_cast<std::uint64_t>(event.price.raw()),
                            static_cast<std::uint64_t>(event.quantity.raw()));
        }
    }
    return std::nullopt;
}

} // namespace

int runBook(const Arguments &arguments)
{
    CommandLine line("book", "Runs a stream through the order books and prints one line of JSON.");
    line.option("stream", "FILE", "stream written by khop-bench gen");
    line.option("engine", "NAME", "implementation of the books: " + engineNames(), "reference");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    const std::string &name = line.text("engine");
    const auto engine = std::ranges::find(engines, name, &Engine::name);
    if (engine == engines.end())
        return line.error("option '--engine': this program has no engine '" + name + "', but "
                          + engineNames());

    const auto stream = OrderStream::open(line.text("stream"));
    if (!stream)
        return line.error(stream.error());
    const std::unique_ptr<OrderBooks> books = engine->make();
    books->setPolicies({});
    for (const StreamInstrument &instrument : stream->instruments()) {
        books->open({Price(instrument.floor), Price(instrument.ceiling),
                     TickTable({{Price(0), Price(1)}})});
    }

    Totals totals;
    const std::int64_t start = steadyNanoseconds();
    const std::optional<std::uint64_t> broken = run(*stream, *books, totals);
    const std::int64_t took = std::max<std::int64_t>(steadyNanoseconds() - start, 1);
    if (broken) {
        return line.error(
            stream->problem(*broken, "id " + std::to_string(stream->operation(*broken).id)
                                         + " does not rest any more"));
    }
    const std::uint64_t operations = stream->header().operations;
    std::printf("{\"engine\":\"%s\",\"ops\":%" PRIu64
                ",\"seconds\":%.6f,\"mops\":%.3f,\"trades\":%" PRIu64 ",\"volume\":%" PRId64
                ",\"hash\":\"%016" PRIx64 "\"}\n",
                name.c_str(), operations, static_cast<double>(took) / 1e9,
                static_cast<double>(operations) * 1e3 / static_cast<double>(took), totals.trades,
                totals.volume, totals.hash.value());
    return exitDone;
}

} // namespace khop::bench
