// SPDX-License-Identifier: GPL-3.0-or-later
#include "http_load.h"
#include "http_message.h"
#include "order_flow.h"
#include "prepared_server.h"

#include <QDateTime>

namespace khop::bench {

int runRest(const Arguments &arguments)
{
    CommandLine line(
        "rest",
        "Puts orders on a server of this computer over REST and prints one line of JSON.\n"
        "With --user and --password or --token on a running server (--url); otherwise on\n"
        "a khopd of its own, with an empty data directory, traders and endowments. Exits 1\n"
        "when no order was acknowledged.");
    addServerOptions(line);
    line.option("connections", "N", "keep-alive connections, one outstanding request each", "64");
    line.option("seconds", "N", "how long", "8");
    line.option("rate", "N", "requests a second in all; 0: as fast as answers come", "0");
    line.option("crossing", "N", "orders of ten that cross what rests; below 5 the books grow",
                "3");
    line.option("get", "PATH", "reads that resource instead of placing orders", "");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    const auto connections = line.number("connections", 1, 20'000);
    const auto seconds = line.number("seconds", 1, 86'400);
    const auto rate = line.number("rate", 0, 1'000'000);
    const auto crossing = line.number("crossing", 0, 10);
    if (!connections || !seconds || !rate || !crossing)
        return exitUsage;
    auto server = prepareServer(line);
    if (!server)
        return server.error();

    OrderFlow flow(std::move(server->instruments),
                   "bench-" + std::to_string(QDateTime::currentMSecsSinceEpoch()), *crossing);
    std::string body;
    LoadPlan plan;
    plan.connections = static_cast<std::size_t>(*connections);
    plan.seconds = static_cast<int>(*seconds);
    plan.rate = *rate;
    const std::string resource = line.text("get");
    plan.next = [&](std::size_t connection, std::string &request) {
        if (!resource.empty()) {
            appendRequest(
                request, server->address.hostHeader(),
                {"GET", resource, server->tokens[connection % server->tokens.size()], {}});
            return;
        }
        flow.next(body);
        appendRequest(
            request, server->address.hostHeader(),
            {"POST", "/api/v1/orders", server->tokens[connection % server->tokens.size()], body});
    };
    const auto result = putLoad(server->address, plan);
    if (!result)
        return line.error(result.error(), exitFailed);
    printLoad(*result, plan.connections, server->tokens.size());
    if (server->own) {
        if (const auto stopped = server->own->stop(); !stopped)
            return line.error(stopped.error(), exitFailed);
    }
    return result->latencies.empty() ? exitFailed : exitDone;
}

} // namespace khop::bench
