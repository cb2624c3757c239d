// SPDX-License-Identifier: GPL-3.0-or-later
// Health and metrics: bare bodies, for probes and scrapers.
#include "server/api/api.h"

#include "base/clock.h"
#include "base/decimal.h"
#include "server/json/writer.h"
#include "server/observe/process_metrics.h"
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
    const bool ready = running && !m_stopping;
    JsonWriter json;
    json.beginObject()
        .field("status", ready ? "ready" : "not_ready")
        .field("timestamp", isoTime(WallClock().now()))
        .field("database", running ? "ok" : "down")
        .field("redis", "disabled");
    json.key("external_services").beginObject().field("ssi", "disabled").endObject();
    json.endObject();
    answer(call.to, bare(ready ? 200 : 503, json));
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
    MetricsText text;
    text.gauge("khop_up", "1 while the engine runs.", desk.running ? 1 : 0);
    text.family("khop_build_info", "gauge", "What runs.");
    text.sample("version=\"" + m_options.version + '"', "1");
    text.family("khop_dependency_up", "gauge", "1 while what the desk depends on answers.");
    text.sample(R"(dependency="database")", desk.running ? "1" : "0");

    text.gauge("khop_engine_sequence", "Number of the last committed command.",
               static_cast<std::int64_t>(desk.sequence));
    text.gauge("khop_engine_queue_length", "Commands waiting.",
               static_cast<std::int64_t>(desk.queued));
    text.counter("khop_engine_commands_total", "Commands applied since start.", desk.commands);
    text.counter("khop_engine_orders_total", "Orders accepted since start.", desk.orders);
    text.counter("khop_engine_executions_total", "Executions since start.", desk.executions);
    text.counter("khop_store_groups_total", "Groups committed since start.", desk.groups);
    text.family("khop_store_commit_seconds_total", "counter", "Time spent in commits since start.");
    text.sample({}, secondsText(desk.commitNanoseconds));

    const StageTimes stages = m_service.stageTimes();
    text.family("khop_command_stage_seconds", "histogram",
                "How long commands took, stage by stage, from the request to its answer.");
    text.histogram(R"(stage="parse")", m_metrics.stages().parse.counts());
    text.histogram(R"(stage="queue")", stages.queue);
    text.histogram(R"(stage="apply")", stages.apply);
    text.histogram(R"(stage="commit")", stages.commit);
    text.histogram(R"(stage="reply")", m_metrics.stages().reply.counts());
    text.histogram(R"(stage="whole")", m_metrics.stages().whole.counts());

    m_metrics.write(text);
    text.gauge("khop_http_connections", "Open HTTP connections.", m_counters->open.load());
    text.counter("khop_http_accepted_total", "Connections accepted.", m_counters->accepted.load());
    text.counter("khop_http_turned_away_total", "Connections refused for their number.",
                 m_counters->refusedConnections.load());
    text.counter("khop_http_refusals_total", "Requests refused before they were served.",
                 m_counters->refusals.load());
    text.counter("khop_http_timeouts_total", "Requests that did not arrive in time.",
                 m_counters->timeouts.load());
    text.gauge("khop_ws_clients", "Open WebSocket connections.", m_hub ? m_hub->clientCount() : 0);
    writeProcessMetrics(text, m_startedAt);
    Response response;
    response.contentType = "text/plain; version=0.0.4; charset=utf-8";
    response.body = text.take();
    answer(call.to, std::move(response));
}

} // namespace khop::server
