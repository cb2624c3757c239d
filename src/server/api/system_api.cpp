// SPDX-License-Identifier: GPL-3.0-or-later
// Health and metrics: bare bodies, for probes and scrapers.
#include "server/api/api.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "server/json/writer.h"
#include "server/ws/stream_hub.h"

namespace khop::server {

namespace {

constexpr std::string_view serviceName = "khop";

Response bare(int status, JsonWriter &json)
{
    Response response;
    response.status = status;
    response.body = json.take();
    return response;
}

} // namespace

void Api::health(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const ServiceHealth desk = m_service.health();
    const std::int64_t now = WallClock().now().ms;
    JsonWriter json;
    json.beginObject()
        .field("status", desk.running ? "healthy" : "unhealthy")
        .field("timestamp", isoTime({now}))
        .field("service", serviceName)
        .field("version", m_options.version);
    json.key("uptime").raw(formatDecimal(now - m_startedAt, 3));
    json.field("database", desk.running ? "ok" : "down").field("redis", "disabled").endObject();
    answer(call.to, bare(desk.running ? 200 : 503, json));
}

void Api::healthLive(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    JsonWriter json;
    json.beginObject()
        .field("status", "alive")
        .field("timestamp", isoTime(WallClock().now()))
        .field("service", serviceName)
        .field("version", m_options.version)
        .endObject();
    answer(call.to, bare(200, json));
}

void Api::healthReady(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const bool running = m_service.health().running;
    JsonWriter json;
    json.beginObject()
        .field("status", running ? "ready" : "not_ready")
        .field("timestamp", isoTime(WallClock().now()))
        .field("database", running ? "ok" : "down")
        .field("redis", "disabled");
    json.key("external_services").beginObject().field("ssi", "disabled").endObject();
    json.endObject();
    answer(call.to, bare(running ? 200 : 503, json));
}

void Api::healthDetailed(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const ServiceHealth desk = m_service.health();
    const std::int64_t now = WallClock().now().ms;
    JsonWriter json;
    json.beginObject()
        .field("status", desk.running ? "healthy" : "unhealthy")
        .field("timestamp", isoTime({now}))
        .field("service", serviceName)
        .field("version", m_options.version);
    json.key("uptime").raw(formatDecimal(now - m_startedAt, 3));
    json.field("database", desk.running ? "ok" : "down").field("redis", "disabled");
    json.key("external_services").beginObject().field("ssi", "disabled").endObject();
    json.key("engine")
        .beginObject()
        .field("running", desk.running)
        .field("detail", desk.detail)
        .numberField("sequence", static_cast<std::int64_t>(desk.sequence))
        .numberField("queued", static_cast<std::int64_t>(desk.queued))
        .numberField("commands", static_cast<std::int64_t>(desk.commands))
        .numberField("orders", static_cast<std::int64_t>(desk.orders))
        .numberField("executions", static_cast<std::int64_t>(desk.executions))
        .numberField("groups", static_cast<std::int64_t>(desk.groups))
        .field("time", isoTime(m_service.now()))
        .endObject();
    json.key("server")
        .beginObject()
        .numberField("connections", m_counters->open.load())
        .numberField("requests", static_cast<std::int64_t>(m_counters->requests.load()))
        .numberField("streams", m_hub ? m_hub->clientCount() : 0)
        .endObject();
    json.endObject();
    answer(call.to, bare(desk.running ? 200 : 503, json));
}

void Api::metrics(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    const ServiceHealth desk = m_service.health();
    std::string text;
    const auto add = [&text](std::string_view metric, std::string_view type, std::string_view help,
                             const std::string &value) {
        text.append("# HELP ")
            .append(metric)
            .append(" ")
            .append(help)
            .append("\n# TYPE ")
            .append(metric);
        text.append(" ").append(type).append("\n").append(metric).append(" ").append(value).append(
            "\n");
    };
    const auto count = [](std::uint64_t number) { return std::to_string(number); };
    add("khop_up", "gauge", "1 while the engine runs.", desk.running ? "1" : "0");
    add("khop_engine_sequence", "counter", "Last committed command.", count(desk.sequence));
    add("khop_engine_queue_length", "gauge", "Commands waiting.", count(desk.queued));
    add("khop_engine_commands_total", "counter", "Commands applied since start.",
        count(desk.commands));
    add("khop_engine_orders_total", "counter", "Orders accepted since start.", count(desk.orders));
    add("khop_engine_executions_total", "counter", "Executions since start.",
        count(desk.executions));
    add("khop_store_groups_total", "counter", "Groups committed since start.", count(desk.groups));
    add("khop_store_commit_seconds_total", "counter", "Time spent in commits since start.",
        formatDecimal(static_cast<std::int64_t>(desk.commitNanoseconds / 1000), 6));
    add("khop_http_connections", "gauge", "Open HTTP connections.",
        std::to_string(m_counters->open.load()));
    add("khop_http_accepted_total", "counter", "Connections accepted.",
        count(m_counters->accepted.load()));
    add("khop_http_turned_away_total", "counter", "Connections refused for their number.",
        count(m_counters->refusedConnections.load()));
    add("khop_http_requests_total", "counter", "Requests served.",
        count(m_counters->requests.load()));
    add("khop_http_refusals_total", "counter", "Requests refused before they were served.",
        count(m_counters->refusals.load()));
    add("khop_http_timeouts_total", "counter", "Requests that did not arrive in time.",
        count(m_counters->timeouts.load()));
    add("khop_ws_clients", "gauge", "Open WebSocket connections.",
        std::to_string(m_hub ? m_hub->clientCount() : 0));
    Response response;
    response.contentType = "text/plain; version=0.0.4; charset=utf-8";
    response.body = std::move(text);
    answer(call.to, response);
}

} // namespace khop::server
