// SPDX-License-Identifier: GPL-3.0-or-later
#include "prepared_server.h"

#include "base/decimal.h"
#include "http_message.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <filesystem>

namespace khop::bench {

namespace {

const std::string defaultUrl = "http://127.0.0.1:8001";

/// The khopd that was built with this program.
std::string khopdBeside()
{
    std::error_code problem;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", problem);
    return (self.parent_path() / "khopd").string();
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

} // namespace

std::vector<std::string> listOf(const std::string &text)
{
    std::vector<std::string> items;
    for (const QString &item :
         QString::fromStdString(text).split(QLatin1Char(','), Qt::SkipEmptyParts))
        items.push_back(item.trimmed().toStdString());
    return items;
}

Outcome<QJsonObject> ApiClient::call(std::string_view method, const std::string &path,
                                     const std::string &token, const QJsonObject &body) const
{
    const std::string json = body.isEmpty()
                                 ? std::string()
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

Outcome<std::string> ApiClient::login(const std::string &user, const std::string &password) const
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

Outcome<FlowInstrument> ApiClient::instrument(const std::string &symbol) const
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
        return std::unexpected("the answer about " + symbol + " has no reference or no tick_table");
    instrument.ticks = TickTable(std::move(steps));
    return instrument;
}

void addServerOptions(CommandLine &line, const char *symbols)
{
    line.option("url", "URL", "the running server; loopback only (default " + defaultUrl + ")", "");
    line.option("user", "NAME[,NAME]", "who orders; connections take turns", "");
    line.option("password", "TEXT", "of every --user", "");
    line.option("token", "TOKEN", "access token instead of user and password", "");
    line.option("spawn", "KHOPD", "the program to start (default the khopd beside khop-bench)", "");
    line.option("accounts", "N", "traders made on a spawned server", "8");
    line.option("symbol", "SYMBOL[,SYMBOL]", "what is traded", symbols);
}

std::expected<PreparedServer, int> prepareServer(const CommandLine &line)
{
    const auto unusable = [&line](const std::string &message, int code = exitUsage) {
        return std::unexpected(line.error(message, code));
    };
    const auto accounts = line.number("accounts", 1, 1'000);
    if (!accounts)
        return std::unexpected(exitUsage);
    const std::vector<std::string> symbols = listOf(line.text("symbol"));
    const std::vector<std::string> users = listOf(line.text("user"));
    const bool running = !users.empty() || !line.text("token").empty();
    if (symbols.empty())
        return unusable("option '--symbol': no symbol given");
    if (!running && !line.text("url").empty())
        return unusable("--url needs --user and --password, or --token (see --help)");
    if (running && !line.text("spawn").empty())
        return unusable("--spawn makes its own users: leave out --user and --token");
    if (!users.empty() && line.text("password").empty())
        return unusable("--user needs --password");

    PreparedServer prepared;
    const auto url =
        LoopbackAddress::fromUrl(line.text("url").empty() ? defaultUrl : line.text("url"));
    if (!url)
        return unusable("option '--url': " + url.error());
    prepared.address = *url;
    if (!running) {
        auto started =
            SpawnedServer::start(line.text("spawn").empty() ? khopdBeside() : line.text("spawn"));
        if (!started)
            return unusable(started.error(), exitFailed);
        prepared.own = std::move(*started);
        prepared.address = prepared.own->address();
    }
    const ApiClient api(prepared.address);
    if (prepared.own) {
        auto tokens = prepareTraders(*prepared.own, api, *accounts, symbols);
        if (!tokens)
            return unusable(tokens.error(), exitFailed);
        prepared.tokens = std::move(*tokens);
    } else if (!line.text("token").empty()) {
        prepared.tokens.push_back(line.text("token"));
    }
    for (const std::string &user : users) {
        const auto token = api.login(user, line.text("password"));
        if (!token)
            return unusable(token.error(), exitFailed);
        prepared.tokens.push_back(*token);
    }
    for (const std::string &symbol : symbols) {
        auto instrument = api.instrument(symbol);
        if (!instrument)
            return unusable(instrument.error(), exitFailed);
        prepared.instruments.push_back(std::move(*instrument));
    }
    return prepared;
}

} // namespace khop::bench
