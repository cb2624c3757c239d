// SPDX-License-Identifier: GPL-3.0-or-later
// khop-bench: measures and checks the engine and the server. One sub-command per question.
#include "subcommands.h"

#include <array>
#include <cstdio>
#include <string_view>

using namespace khop::bench;

namespace {

struct Subcommand {
    std::string_view name;
    std::string_view purpose;
    int (*run)(const Arguments &);
};

constexpr std::array subcommands{
    Subcommand{"gen", "write a stream of order operations, the same on every machine", runGen},
    Subcommand{"book", "run a stream through the order books and time it", runBook},
    Subcommand{"engine", "measure commands per second through the engine", runEngine},
    Subcommand{"portfolio", "measure valuing a large portfolio with a long past", runPortfolio},
#ifdef KHOP_BENCH_REST
    Subcommand{"rest", "put orders on a server of this computer and time its answers", runRest},
    Subcommand{"ws", "the same over WebSocket, many orders at a time", runWs},
    Subcommand{"fanout", "trade on a server and count what its streams are sent", runFanout},
#endif
    Subcommand{"cases", "run worked cases of the market rules through the engine", runCases},
    Subcommand{"scenario", "run scenario files: what is done, and what must come of it",
               runScenario},
};

void printHelp(std::FILE *to)
{
    std::fprintf(to, "khop-bench SUB-COMMAND [options]\n\n");
    for (const Subcommand &subcommand : subcommands) {
        std::fprintf(to, "  %-9.*s %.*s\n", static_cast<int>(subcommand.name.size()),
                     subcommand.name.data(), static_cast<int>(subcommand.purpose.size()),
                     subcommand.purpose.data());
    }
    std::fprintf(to, "\nEach has its own --help.\n");
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        printHelp(stderr);
        return exitUsage;
    }
    const std::string_view name = argv[1];
    if (name == "--help" || name == "-h") {
        printHelp(stdout);
        return exitDone;
    }
    for (const Subcommand &subcommand : subcommands) {
        if (subcommand.name == name)
            return subcommand.run(Arguments(argv + 2, argv + argc));
    }
    std::fprintf(stderr, "khop-bench: unknown sub-command '%s'\n\n", argv[1]);
    printHelp(stderr);
    return exitUsage;
}
