// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/openapi_parts.h"

#include "server/http/response.h"

#include <algorithm>
#include <array>

namespace khop::server {

using Node = DescriptionNode;
using Kind = Node::Kind;

namespace {

constexpr std::array<std::string_view, 5> methods{"get", "post", "put", "patch", "delete"};
constexpr std::array<std::string_view, 5> accesses{"public", "local", "read", "trade", "admin"};

std::string whoMay(std::string_view access, const Node *roles)
{
    if (roles) {
        std::string names;
        for (const Node &role : roles->items)
            names += (names.empty() ? "" : ", ") + role.text;
        return "For: " + names + '.';
    }
    if (access == "public")
        return "For everybody.";
    if (access == "local")
        return "For callers on the same computer, and others with the metrics token.";
    if (access == "trade")
        return "For traders.";
    return access == "admin" ? "For administrators." : "For every user.";
}

} // namespace

void OperationWriter::writePath(const JsonMember &path, const std::string &tag)
{
    for (const JsonMember &member : path.value.members) {
        if (member.key == "parameters") {
            m_json.key("parameters").beginArray();
            writeParameters(&member.value);
            m_json.endArray();
        } else if (std::ranges::find(methods, member.key) != methods.end()) {
            m_json.key(member.key).beginObject();
            writeOperation(path.key, member.key, member.value, tag);
            m_json.endObject();
        } else {
            m_draft.note(path.key, "'" + member.key + "' is no method");
        }
    }
}

void OperationWriter::writeParameters(const Node *parameters)
{
    for (const Node &one : itemsOf(parameters)) {
        if (one.kind == Kind::String) {
            m_draft.reference("parameters", one.text);
            continue;
        }
        m_schemas.writeWithSchema(one);
    }
}

void OperationWriter::writeOperation(const std::string &path, const std::string &method,
                                     const Node &node, const std::string &tag)
{
    const Node *access = node.find("access");
    if (!access || std::ranges::find(accesses, access->text) == accesses.end()) {
        m_draft.note(method + ' ' + path, "access: public, local, read, trade or admin");
        return;
    }
    const bool open = access->text == "public" || access->text == "local";
    const Manner manner{.access = access->text,
                        .takesBody = method != "get" && method != "delete",
                        .once = method != "get" && !open && !m_draft.secrets};
    m_draft.copyMember(node, "operationId");
    m_draft.copyMember(node, "summary");
    const Node *description = node.find("description");
    m_json.field("description", (description ? description->text + ' ' : std::string())
                                    + whoMay(access->text, node.find("roles")));
    m_json.key("tags").beginArray().string(tag).endArray();
    m_json.field("x-access", access->text);
    if (const Node *roles = node.find("roles")) {
        m_json.key("x-roles");
        writeNode(m_json, *roles);
    }
    if (access->text == "local")
        m_json.key("security").raw(R"([{},{"metricsToken":[]}])");
    else if (open)
        m_json.key("security").beginArray().endArray();
    else if (node.find("session")) // a session's token, never an API key
        m_json.key("security").raw(R"([{"bearer":[]}])");
    m_json.key("parameters").beginArray();
    writeParameters(node.find("parameters"));
    writeParameters(m_draft.common().find("everyOperation"));
    if (!open)
        writeParameters(m_draft.common().find("everyCaller"));
    if (manner.once)
        writeParameters(m_draft.common().find("everyChange"));
    m_json.endArray();
    if (const Node *body = node.find("body"))
        writeBody(*body);
    m_json.key("responses").beginObject();
    writeAnswers(node.find("answers"), manner);
    writeProblems(node, manner);
    m_json.endObject();
}

void OperationWriter::writeBody(const Node &body)
{
    m_json.key("requestBody").beginObject();
    m_draft.copyMember(body, "description");
    const Node *required = body.find("required");
    m_json.field("required", !required || required->boolean);
    m_json.key("content").beginObject();
    if (const Node *files = body.find("files")) {
        writeFiles(*files, body.find("example"));
    } else if (const Node *schema = body.find("schema")) {
        m_json.key("application/json").beginObject().key("schema");
        m_schemas.writeSchema(*schema);
        if (const Node *examples = body.find("examples")) {
            m_json.key("examples").beginObject();
            for (const JsonMember &example : examples->members) {
                m_json.key(example.key).beginObject().key("value");
                writeNode(m_json, example.value);
                m_json.endObject();
            }
            m_json.endObject();
        }
        m_json.endObject();
    }
    m_json.endObject().endObject();
}

/// The bytes of a file, under each of its types; the example is of the first.
void OperationWriter::writeFiles(const Node &types, const Node *example)
{
    for (const Node &type : types.items) {
        m_json.key(type.text).beginObject().key("schema").beginObject();
        m_json.field("type", "string").endObject();
        if (example && &type == &types.items.front())
            m_json.field("example", example->text);
        m_json.endObject();
    }
}

void OperationWriter::writeAnswers(const Node *answers, const Manner &manner)
{
    for (const JsonMember &answer : membersOf(answers)) {
        m_json.key(answer.key).beginObject();
        const Node *description = answer.value.find("description");
        m_json.field("description", description ? std::string_view(description->text)
                                                : reasonPhrase(std::stoi(answer.key)));
        m_json.key("headers").beginObject();
        writeHeaders(m_draft.common().find("everyAnswer"));
        writeHeaders(answer.value.find("headers"));
        if (manner.once)
            writeHeaders(m_draft.common().find("everyChangeAnswer"));
        m_json.endObject();
        writeContent(answer.value);
        m_json.endObject();
    }
}

void OperationWriter::writeHeaders(const Node *headers)
{
    for (const Node &header : itemsOf(headers)) {
        m_json.key(header.text);
        m_draft.reference("headers", header.text);
    }
}

void OperationWriter::writeContent(const Node &answer)
{
    if (const Node *files = answer.find("files")) {
        m_json.key("content").beginObject();
        writeFiles(*files, answer.find("example"));
        m_json.endObject();
    } else if (const Node *bare = answer.find("schema")) {
        m_json.key("content").beginObject().key("application/json").beginObject();
        m_json.key("schema");
        m_schemas.writeSchema(*bare);
        if (const Node *example = m_schemas.exampleOf(*bare)) {
            m_json.key("example");
            writeNode(m_json, *example);
        }
        m_json.endObject().endObject();
    } else if (const Node *data = answer.find("data")) {
        m_json.key("content").beginObject().key("application/json").beginObject();
        const Node *description = answer.find("description");
        m_schemas.writeEnvelope(*data, answer.find("example"),
                                description ? std::string_view(description->text) : "Done.");
        m_json.endObject().endObject();
    }
}

/// What an operation refuses, as it says itself; and what all of its access and method do.
void OperationWriter::writeProblems(const Node &node, const Manner &manner)
{
    const Node *answers = node.find("answers");
    const Node *own = node.find("problems");
    std::set<std::string> statuses{"400", "429", "503"};
    if (manner.access != "public" && manner.access != "local")
        statuses.insert("401");
    if (manner.access != "public")
        statuses.insert("403"); // also for API keys that only read, and for another's account_id
    if (manner.takesBody)
        statuses.insert("415");
    if (manner.once)
        statuses.insert({"409", "422"});
    for (const JsonMember &problem : membersOf(own))
        statuses.insert(problem.key);
    for (const std::string &status : statuses) {
        if (answers && answers->find(status))
            continue;
        const Node *said = own ? own->find(status) : nullptr;
        m_json.key(status).beginObject().field("$ref", "#/components/responses/Problem" + status);
        m_draft.references.push_back({"responses", "Problem" + status, m_draft.file});
        if (said && !said->text.empty())
            m_json.field("description", said->text);
        m_json.endObject();
    }
    m_json.key("default");
    m_draft.reference("responses", "Refused");
}

} // namespace khop::server
