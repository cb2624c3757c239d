// SPDX-License-Identifier: GPL-3.0-or-later
// Order entry over /ws/v1: REST's rules, answered when the command is durable.
#include "server/api/records_json.h"
#include "base/utf8.h"
#include "server/ws/stream_hub.h"

namespace khop::server {

void StreamHub::onOrder(Client &client, JsonDocument document, std::string_view verb)
{
    const JsonValue message = document.root();
    const bool place = verb == "order.place";
    const bool amend = verb == "order.amend";
    if (!place && !amend && verb != "order.cancel") {
        if (admit(client))
            fail(client, &message,
                 Error{Code::VALIDATION_ERROR, "op", shortened(verb, 32),
                       "order.place, order.amend, order.cancel"});
        return;
    }
    if (client.caller->claims.role != Role::Trader) {
        if (admit(client))
            fail(client, &message, Error{Code::FORBIDDEN});
        return;
    }
    if (client.outstanding >= mostOutstanding) {
        fail(client, &message, Error{Code::OVERLOADED});
        return;
    }
    client.heard = HttpListener::now();
    ++client.outstanding;
    const Answerer to{{}, {}, client.language};
    Api::OrderDone done = [this, no = client.no, id = idOf(message),
                           op = std::string(verb)](const Answerer &, const OrderOutcome &outcome) {
        const auto found = m_clients.find(no);
        if (found == m_clients.end())
            return; // the order stands all the same
        --found->second->outstanding;
        answerOrder(*found->second, id, op, outcome);
    };
    if (place) {
        m_api.enterOrder(message, *client.caller, to, std::move(done), {"op", "id"});
        return;
    }
    Body body(message, {"order_id"},
              {"op", "id", "price", "quantity", "version", "price_unit", "condition"});
    const std::optional<std::string_view> order = body.requiredText("order_id", 64);
    if (!amend) {
        for (const std::string_view other :
             {"price", "quantity", "version", "price_unit", "condition"}) {
            if (message.find(other))
                body.mistake(Code::UNKNOWN_FIELD, other);
        }
    }
    if (!body.mistakes().empty()) {
        done(to, OrderOutcome::misread(body.mistakes()));
        return;
    }
    const std::string which(*order);
    if (amend)
        m_api.changeOrder(which, std::make_shared<const JsonDocument>(std::move(document)), {},
                          client.caller, to, std::move(done), {"op", "id", "order_id"});
    else
        m_api.endOrder(which, {}, client.caller, to, std::move(done));
}

void StreamHub::answerOrder(Client &client, std::string_view id, std::string_view verb,
                            const OrderOutcome &outcome)
{
    using Outcome = OrderOutcome::Kind;
    const bool refused = outcome.kind == Outcome::Refused;
    JsonWriter json;
    json.beginObject().field("type", refused ? "error" : "ack");
    if (!id.empty())
        json.key("id").raw(id);
    json.field("op", verb);
    if (refused) {
        const Code code =
            outcome.ofFields ? leadingCode(outcome.errors) : outcome.errors.front().code;
        std::string message = sentence(outcome.errors.front(), client.language);
        if (!outcome.hint.empty())
            message.append(" ").append(outcome.hint);
        json.field("code", codeName(code)).field("message", message);
        json.key("errors").beginArray();
        for (const Error &item : outcome.errors) {
            if (outcome.ofFields || !item.field.empty())
                writeItem(json, item, false, client.language);
        }
        json.endArray();
    } else {
        json.field("duplicate",
                   outcome.kind == Outcome::Duplicate || outcome.kind == Outcome::AlreadyCancelled);
        json.key("order");
        writeOrder(json, *outcome.order, m_api.market());
    }
    json.endObject();
    send(client, json.text());
}

} // namespace khop::server
