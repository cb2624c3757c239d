// SPDX-License-Identifier: GPL-3.0-or-later
// A server to measure, and who trades on it: a running one with its users, or a khopd of one's own with
// traders made for the purpose. Shared by the sub-commands that put load on a server.
#pragma once

#include "command_line.h"
#include "order_flow.h"
#include "spawned_server.h"

#include <QJsonObject>

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace khop::bench {

template <class T>
using Outcome = std::expected<T, std::string>;

/// Requests to one server whose answers are the API's envelopes.
class ApiClient
{
public:
    explicit ApiClient(LoopbackAddress address) : m_address(std::move(address)) {}

    const LoopbackAddress &address() const { return m_address; }

    /// The `data` of a 2xx answer.
    Outcome<QJsonObject> call(std::string_view method, const std::string &path,
                              const std::string &token, const QJsonObject &body = {}) const;
    Outcome<std::string> login(const std::string &user, const std::string &password) const;
    Outcome<FlowInstrument> instrument(const std::string &symbol) const;

private:
    LoopbackAddress m_address;
};

struct PreparedServer {
    std::unique_ptr<SpawnedServer> own; // null: somebody else's
    LoopbackAddress address;
    std::vector<std::string> tokens;
    std::vector<FlowInstrument> instruments;
};

/// The options that choose server, traders and symbols.
void addServerOptions(CommandLine &line, const char *symbols = "ACB,CTG,HPG,MBB,SSI,TCB,VPB,VRE");
/// Does what those options say. An exit code, with the error printed, when it cannot.
std::expected<PreparedServer, int> prepareServer(const CommandLine &line);

std::vector<std::string> listOf(const std::string &text); // "A, B"

} // namespace khop::bench
