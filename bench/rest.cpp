// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/decimal.h"
#include "command_line.h"
#include "http_load.h"
#include "http_message.h"
#include "order_flow.h"
#include "spawned_server.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <optional>

namespace khop::bench {

namespace {

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
                              const std::string &token, const QJsonObject &body = {}) const
    {
        const std::string json =
            body.isEmpty() ? std::string()
                           : QJsonDocument(body).toJson(QJsonDocument::Compact).toStdString();
        const auto answer = exchange(m_address, {method, path, token, json});
        if (!answer)
            return std::unexpected(answer.error());
        if (answer->status < 200 || answer->status >= 300) {
            return std::unexpected(std::string(method) + " " + path + ": "
                                   + std::to_string(answer->status) + " "
                                   + answer->body.substr(0, 300));
        }
        return QJsonDocument::fromJson(QByteArray::fromStdString(answer->body))
            .object()[u"data"]
            .toObject();
    }

    Outcome<std::string> login(const std::string &user, const std::string &password) const
    {
        const auto data = call("POST", "/api/v1/auth/login", {},
                               {{QStringLiteral("username"), QString::fromStdString(user)},
                                {QStringLiteral("password"), QString::fromStdString(password)}});
        if (!data)
            return std::unexpected(data.error());
        std::string token = (*data)[u"access_token"].toString().toStdString();
        if (token.empty())
            return std::unexpected("the answer to the login of " + user + " has no access_token");
        return token;
    }

    Outcome<FlowInstrument> instrument(const std::string &symbol) const
    {
        const auto data = call("GET", "/api/v1/instruments/" + symbol, {});
        if (!data)
            return std::unexpected(data.error());
        FlowInstrument instrument;
        instrument.symbol = symbol;
        instrument.priceScale = (*data)[u"price_scale"].toInt();
        const auto price = [&](const QJsonValue &value) {
            return Price(
                parseDecimal(value.toString().toStdString(), instrument.priceScale).value_or(0));
        };
        instrument.reference = price((*data)[u"reference"]);
        instrument.ceiling = price((*data)[u"ceiling"]);
        instrument.floor = price((*data)[u"floor"]);
        instrument.quantity = (*data)[u"lot"].toString(QStringLiteral("100")).toStdString();
        std::vector<TickTable::Step> steps;
        for (const QJsonValue &step : (*data)[u"tick_table"].toArray())
            steps.push_back({price(step[u"from"]), price(step[u"tick"])});
        if (steps.empty() || steps.front().tick <= Price{} || instrument.reference <= Price{})
            return std::unexpected("the answer about " + symbol
                                   + " has no reference or no tick_table");
        instrument.ticks = TickTable(std::move(steps));
        return instrument;
    }

private:
    LoopbackAddress m_address;
};

const std::string defaultUrl = "http://127.0.0.1:8001";

/// The khopd that was built with this program.
std::string khopdBeside()
{
    std::error_code problem;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", problem);
    return (self.parent_path() / "khopd").string();
}

std::vector<std::string> listOf(const std::string &text)
{
    std::vector<std::string> items;
    for (const QString &item :
         QString::fromStdString(text).split(QLatin1Char(','), Qt::SkipEmptyParts))
        items.push_back(item.trimmed().toStdString());
    return items;
}

/// Makes traders on an own server, endows them and signs them in.
Outcome<std::vector<std::string>> prepareTraders(const SpawnedServer &server, const ApiClient &api,
                                                 std::int64_t count,
                                                 const std::vector<std::string> &symbols)
{
    const std::string password = "a-long-password-for-an-hour";
    if (const auto added = server.addUser("bench-admin", "admin", password); !added)
        return std::unexpected(added.error());
    const auto admin = api.login("bench-admin", password);
    if (!admin)
        return std::unexpected(admin.error());
    std::vector<std::string> tokens;
    for (std::int64_t i = 1; i <= count; ++i) {
        const std::string name = "bench-trader-" + std::to_string(i);
        if (const auto added = server.addUser(name, "trader", password); !added)
            return std::unexpected(added.error());
        const auto token = api.login(name, password);
        if (!token)
            return std::unexpected(token.error());
        const auto profile = api.call("GET", "/api/v1/accounts/profile", *token);
        if (!profile)
            return std::unexpected(profile.error());
        const std::string account =
            "/api/v1/accounts/" + (*profile)[u"account_id"].toString().toStdString();
        const auto cash = api.call("POST", account + "/cash", *admin,
                                   {{QStringLiteral("amount"), QStringLiteral("1000000000000000")},
                                    {QStringLiteral("currency"), QStringLiteral("VND")}});
        if (!cash)
            return std::unexpected(cash.error());
        for (const std::string &symbol : symbols) {
            const auto shares =
                api.call("POST", account + "/securities", *admin,
                         {{QStringLiteral("symbol"), QString::fromStdString(symbol)},
                          {QStringLiteral("quantity"), QStringLiteral("1000000000")}});
            if (!shares)
                return std::unexpected(shares.error());
        }
        tokens.push_back(*token);
    }
    return tokens;
}

void print(const LoadResult &result, std::size_t connections, std::size_t accounts)
{
    const auto milliseconds = [](std::int64_t nanoseconds) {
        return static_cast<double>(nanoseconds) / 1e6;
    };
    QJsonObject errors;
    for (const auto &[what, count] : result.errors)
        errors[QString::fromStdString(what)] = static_cast<qint64>(count);
    std::printf("{\"connections\":%zu,\"accounts\":%zu,\"seconds\":%.3f,\"acks\":%zu,\"acks_per_"
                "second\":%.0f,"
                "\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"errors\":%s}\n",
                connections, accounts, result.seconds, result.latencies.size(),
                static_cast<double>(result.latencies.size()) / result.seconds,
                milliseconds(result.percentile(50)), milliseconds(result.percentile(90)),
                milliseconds(result.percentile(99)), milliseconds(result.percentile(100)),
                QJsonDocument(errors).toJson(QJsonDocument::Compact).constData());
}

} // namespace

int runRest(const Arguments &arguments)
{
    CommandLine line(
        "rest",
        "Puts orders on a server of this computer over REST and prints one line of JSON.\n"
        "With --user and --password or --token on a running server (--url); otherwise on\n"
        "a khopd of its own, with an empty data directory, traders and endowments. Exits 1\n"
        "when no order was acknowledged.");
    line.option("url", "URL", "the running server; loopback only (default " + defaultUrl + ")", "");
    line.option("user", "NAME[,NAME]", "who orders; connections take turns", "");
    line.option("password", "TEXT", "of every --user", "");
    line.option("token", "TOKEN", "access token instead of user and password", "");
    line.option("spawn", "KHOPD", "the program to start (default the khopd beside khop-bench)", "");
    line.option("accounts", "N", "traders made on a spawned server", "8");
    line.option("symbol", "SYMBOL[,SYMBOL]", "what is traded", "ACB,CTG,HPG,MBB,SSI,TCB,VPB,VRE");
    line.option("connections", "N", "keep-alive connections, one outstanding request each", "64");
    line.option("seconds", "N", "how long", "8");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    const auto connections = line.number("connections", 1, 20'000);
    const auto seconds = line.number("seconds", 1, 86'400);
    const auto accounts = line.number("accounts", 1, 1'000);
    if (!connections || !seconds || !accounts)
        return exitUsage;
    const std::vector<std::string> symbols = listOf(line.text("symbol"));
    const std::vector<std::string> users = listOf(line.text("user"));
    const bool running = !users.empty() || !line.text("token").empty();
    if (symbols.empty())
        return line.error("option '--symbol': no symbol given");
    if (!running && !line.text("url").empty())
        return line.error("--url needs --user and --password, or --token (see --help)");
    if (running && !line.text("spawn").empty())
        return line.error("--spawn makes its own users: leave out --user and --token");
    if (!users.empty() && line.text("password").empty())
        return line.error("--user needs --password");

    std::unique_ptr<SpawnedServer> server;
    auto address =
        LoopbackAddress::fromUrl(line.text("url").empty() ? defaultUrl : line.text("url"));
    if (!address)
        return line.error("option '--url': " + address.error());
    if (!running) {
        auto started =
            SpawnedServer::start(line.text("spawn").empty() ? khopdBeside() : line.text("spawn"));
        if (!started)
            return line.error(started.error(), exitFailed);
        server = std::move(*started);
        address = server->address();
    }

    const ApiClient api(*address);
    std::vector<std::string> tokens;
    if (server) {
        auto prepared = prepareTraders(*server, api, *accounts, symbols);
        if (!prepared)
            return line.error(prepared.error(), exitFailed);
        tokens = std::move(*prepared);
    } else if (!line.text("token").empty()) {
        tokens.push_back(line.text("token"));
    } else {
        for (const std::string &user : users) {
            const auto token = api.login(user, line.text("password"));
            if (!token)
                return line.error(token.error(), exitFailed);
            tokens.push_back(*token);
        }
    }
    std::vector<FlowInstrument> instruments;
    for (const std::string &symbol : symbols) {
        auto instrument = api.instrument(symbol);
        if (!instrument)
            return line.error(instrument.error(), exitFailed);
        instruments.push_back(std::move(*instrument));
    }

    OrderFlow flow(std::move(instruments),
                   "bench-" + std::to_string(QDateTime::currentMSecsSinceEpoch()));
    std::string body;
    LoadPlan plan;
    plan.connections = static_cast<std::size_t>(*connections);
    plan.seconds = static_cast<int>(*seconds);
    plan.next = [&](std::size_t connection, std::string &request) {
        flow.next(body);
        appendRequest(request, address->hostHeader(),
                      {"POST", "/api/v1/orders", tokens[connection % tokens.size()], body});
    };
    const auto result = putLoad(*address, plan);
    if (!result)
        return line.error(result.error(), exitFailed);
    print(*result, plan.connections, tokens.size());
    if (server) {
        if (const auto stopped = server->stop(); !stopped)
            return line.error(stopped.error(), exitFailed);
    }
    return result->latencies.empty() ? exitFailed : exitDone;
}

} // namespace khop::bench
