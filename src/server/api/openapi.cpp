// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/openapi.h"

#include "base/codes.h"
#include "base/json_tree.h"
#include "server/http/response.h"
#include "server/json/writer.h"

#include <QtCore/qcryptographichash.h>
#include <QtCore/qfile.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

static void initDescription() { Q_INIT_RESOURCE(openapi); }

namespace khop::server {

namespace {

using Node = khop::JsonValue;
using Kind = Node::Kind;

constexpr std::array<std::string_view, 5> methods{"get", "post", "put", "patch", "delete"};
constexpr std::array<std::string_view, 5> accesses{"public", "local", "read", "trade", "admin"};

void writeNode(JsonWriter &json, const Node &node)
{
    switch (node.kind) {
    case Kind::Null: json.null(); break;
    case Kind::Boolean: json.boolean(node.boolean); break;
    case Kind::Number: json.raw(node.text); break;
    case Kind::String: json.string(node.text); break;
    case Kind::Array:
        json.beginArray();
        for (const Node &item : node.items)
            writeNode(json, item);
        json.endArray();
        break;
    case Kind::Object:
        json.beginObject();
        for (const JsonMember &member : node.members) {
            json.key(member.key);
            writeNode(json, member.value);
        }
        json.endObject();
        break;
    }
}

void writeReference(JsonWriter &json, std::string_view kind, std::string_view name)
{
    json.beginObject()
        .field("$ref", "#/components/" + std::string(kind) + '/' + std::string(name))
        .endObject();
}

void writeCodes(JsonWriter &json)
{
    json.beginArray();
#define KHOP_CODE(name) json.string(#name);
    KHOP_CODES(KHOP_CODE)
#undef KHOP_CODE
    json.endArray();
}

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
        return "For callers on the same computer.";
    if (access == "trade")
        return "For traders.";
    return access == "admin" ? "For administrators." : "For every user.";
}

/// One document's worth of writing; the first mistake is kept.
class Description
{
public:
    explicit Description(std::span<const DescriptionFile> files) : m_files(files) {}

    Result<std::string> make()
    {
        for (const DescriptionFile &file : m_files) {
            Result<Node> tree = parseJson(file.text);
            if (!tree)
                return refuse(Code::CONFIGURATION_ERROR, file.name, {}, tree.error().bound);
            m_trees.push_back(std::move(*tree));
        }
        m_json.beginObject();
        for (const char *common : {"openapi", "info", "externalDocs", "servers", "security"})
            copyMember(m_trees.front(), common);
        writeTags();
        writePaths();
        writeComponents();
        m_json.endObject();
        checkReferences();
        if (m_mistake)
            return std::unexpected(*m_mistake);
        return m_json.take();
    }

private:
    struct Reference {
        std::string kind, name, file;
    };

    void mistake(std::string where, std::string what)
    {
        if (!m_mistake)
            m_mistake = Error{Code::CONFIGURATION_ERROR, m_file + ": " + where, {}, std::move(what)};
    }

    void copyMember(const Node &node, const char *name)
    {
        if (const Node *member = node.find(name)) {
            m_json.key(name);
            writeNode(m_json, *member);
        }
    }

    void reference(std::string_view kind, std::string_view name)
    {
        m_references.push_back({std::string(kind), std::string(name), m_file});
        writeReference(m_json, kind, name);
    }

    void writeTags()
    {
        m_json.key("tags").beginArray();
        for (const Node &tree : m_trees) {
            if (const Node *tag = tree.find("tag"))
                writeNode(m_json, *tag);
        }
        m_json.endArray();
    }

    // Schemas

    /// "Order" is a reference, "Order?" that or null.
    void writeSchema(const Node &node)
    {
        if (node.kind == Kind::String) {
            const bool orNull = node.text.ends_with('?');
            const std::string name = node.text.substr(0, node.text.size() - (orNull ? 1 : 0));
            if (orNull)
                m_json.beginObject().key("anyOf").beginArray();
            reference("schemas", name);
            if (orNull)
                m_json.beginObject().field("type", "null").endObject().endArray().endObject();
            return;
        }
        if (node.kind != Kind::Object) {
            writeNode(m_json, node);
            return;
        }
        m_json.beginObject();
        const Node *properties = node.find("properties");
        if (properties && !node.find("type"))
            m_json.field("type", "object");
        for (const JsonMember &member : node.members)
            writeSchemaMember(member);
        if (properties) {
            if (!node.find("required"))
                writeRequired(*properties, node.find("optional"));
            if (!node.find("additionalProperties"))
                m_json.field("additionalProperties", false);
        }
        m_json.endObject();
    }

    void writeSchemaMember(const JsonMember &member)
    {
        const auto &[name, value] = member;
        if (name == "optional" || (name == "required" && value.items.empty()))
            return;
        if (name == "example") {
            m_json.key("examples").beginArray();
            writeNode(m_json, value);
            m_json.endArray();
            return;
        }
        m_json.key(name);
        if (name == "properties") {
            m_json.beginObject();
            for (const JsonMember &property : value.members) {
                m_json.key(property.key);
                writeSchema(property.value);
            }
            m_json.endObject();
        } else if (name == "items" || name == "additionalProperties" || name == "propertyNames") {
            writeSchema(value);
        } else if (name == "anyOf" || name == "oneOf" || name == "allOf") {
            m_json.beginArray();
            for (const Node &item : value.items)
                writeSchema(item);
            m_json.endArray();
        } else if (name == "enum" && value.kind == Kind::String && value.text == "codes") {
            writeCodes(m_json);
        } else {
            writeNode(m_json, value);
        }
    }

    void writeRequired(const Node &properties, const Node *optional)
    {
        std::set<std::string_view> absent;
        for (const Node &name : optional ? optional->items : std::vector<Node>{}) {
            absent.insert(name.text);
            if (!properties.find(name.text))
                mistake("optional", name.text);
        }
        if (absent.size() == properties.members.size())
            return;
        m_json.key("required").beginArray();
        for (const JsonMember &property : properties.members) {
            if (!absent.contains(property.key))
                m_json.string(property.key);
        }
        m_json.endArray();
    }

    /// The example of a schema: its own, or that of the schema it names.
    const Node *exampleOf(const Node &schema) const
    {
        if (schema.kind == Kind::Object)
            return schema.find("example");
        for (const Node &tree : m_trees) {
            const Node *schemas = tree.find("schemas");
            const Node *named = schemas ? schemas->find(schema.text) : nullptr;
            if (named)
                return named->find("example");
        }
        return nullptr;
    }

    // Operations

    void writePaths()
    {
        m_json.key("paths").beginObject();
        for (std::size_t i = 0; i < m_trees.size(); ++i) {
            m_file = m_files[i].name;
            const Node *paths = m_trees[i].find("paths");
            const Node *tag = m_trees[i].find("tag");
            const Node *title = tag ? tag->find("name") : nullptr;
            for (const JsonMember &path : paths ? paths->members : std::vector<JsonMember>{}) {
                if (!m_paths.insert(path.key).second)
                    mistake(path.key, "each path once");
                m_json.key(path.key).beginObject();
                writePath(path, title ? title->text : std::string());
                m_json.endObject();
            }
        }
        m_json.endObject();
    }

    void writePath(const JsonMember &path, const std::string &tag)
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
                mistake(path.key, "'" + member.key + "' is no method");
            }
        }
    }

    void writeParameters(const Node *parameters)
    {
        for (const Node &one : parameters ? parameters->items : std::vector<Node>{}) {
            if (one.kind == Kind::String) {
                reference("parameters", one.text);
                continue;
            }
            m_json.beginObject();
            for (const JsonMember &member : one.members) {
                m_json.key(member.key);
                if (member.key == "schema")
                    writeSchema(member.value);
                else
                    writeNode(m_json, member.value);
            }
            m_json.endObject();
        }
    }

    void writeOperation(const std::string &path, const std::string &method, const Node &node,
                        const std::string &tag)
    {
        const Node *access = node.find("access");
        if (!access || std::ranges::find(accesses, access->text) == accesses.end()) {
            mistake(method + ' ' + path, "access: public, local, read, trade or admin");
            return;
        }
        const bool open = access->text == "public" || access->text == "local";
        const bool changes = method != "get";
        copyMember(node, "operationId");
        copyMember(node, "summary");
        const Node *description = node.find("description");
        m_json.field("description", (description ? description->text + ' ' : std::string())
                                        + whoMay(access->text, node.find("roles")));
        m_json.key("tags").beginArray().string(tag).endArray();
        m_json.field("x-access", access->text);
        if (const Node *roles = node.find("roles")) {
            m_json.key("x-roles");
            writeNode(m_json, *roles);
        }
        if (open)
            m_json.key("security").beginArray().endArray();
        m_json.key("parameters").beginArray();
        writeParameters(node.find("parameters"));
        writeParameters(m_trees.front().find("everyOperation"));
        if (!open)
            writeParameters(m_trees.front().find("everyCaller"));
        if (changes)
            writeParameters(m_trees.front().find("everyChange"));
        m_json.endArray();
        if (const Node *body = node.find("body"))
            writeBody(*body);
        m_json.key("responses").beginObject();
        writeAnswers(node.find("answers"));
        writeProblems(node, *access, changes && method != "delete");
        m_json.endObject();
    }

    void writeBody(const Node &body)
    {
        m_json.key("requestBody").beginObject();
        copyMember(body, "description");
        const Node *required = body.find("required");
        m_json.field("required", !required || required->boolean);
        m_json.key("content").beginObject();
        if (const Node *files = body.find("files")) {
            for (const Node &type : files->items) {
                m_json.key(type.text).beginObject().key("schema").beginObject();
                m_json.field("type", "string").endObject().endObject();
            }
        } else if (const Node *schema = body.find("schema")) {
            m_json.key("application/json").beginObject().key("schema");
            writeSchema(*schema);
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

    void writeAnswers(const Node *answers)
    {
        for (const JsonMember &answer : answers ? answers->members : std::vector<JsonMember>{}) {
            m_json.key(answer.key).beginObject();
            const Node *description = answer.value.find("description");
            m_json.field("description",
                         description ? std::string_view(description->text)
                                     : reasonPhrase(std::stoi(answer.key)));
            m_json.key("headers").beginObject();
            writeHeaders(m_trees.front().find("everyAnswer"));
            writeHeaders(answer.value.find("headers"));
            m_json.endObject();
            writeContent(answer.value);
            m_json.endObject();
        }
    }

    void writeHeaders(const Node *headers)
    {
        for (const Node &header : headers ? headers->items : std::vector<Node>{}) {
            m_json.key(header.text);
            reference("headers", header.text);
        }
    }

    void writeContent(const Node &answer)
    {
        if (const Node *files = answer.find("files")) {
            m_json.key("content").beginObject();
            for (const Node &type : files->items) {
                m_json.key(type.text).beginObject().key("schema").beginObject();
                m_json.field("type", "string").endObject().endObject();
            }
            m_json.endObject();
        } else if (const Node *bare = answer.find("schema")) {
            m_json.key("content").beginObject().key("application/json").beginObject();
            m_json.key("schema");
            writeSchema(*bare);
            if (const Node *example = exampleOf(*bare)) {
                m_json.key("example");
                writeNode(m_json, *example);
            }
            m_json.endObject().endObject();
        } else if (const Node *data = answer.find("data")) {
            m_json.key("content").beginObject().key("application/json").beginObject();
            writeEnvelope(*data, answer.find("example"));
            m_json.endObject().endObject();
        }
    }

    /// Success: {success, message, data, timestamp, request_id}.
    void writeEnvelope(const Node &data, const Node *example)
    {
        m_json.key("schema").beginObject().field("type", "object");
        m_json.key("properties").beginObject();
        m_json.key("success").beginObject().field("type", "boolean").field("const", true);
        m_json.endObject();
        m_json.key("message").beginObject().field("type", "string").endObject();
        m_json.key("data");
        writeSchema(data);
        m_json.key("timestamp");
        reference("schemas", "Time");
        m_json.key("request_id");
        reference("schemas", "RequestId");
        m_json.endObject().key("required").beginArray();
        for (const char *name : {"success", "message", "data", "timestamp", "request_id"})
            m_json.string(name);
        m_json.endArray().field("additionalProperties", false).endObject();
        if (!example)
            example = exampleOf(data);
        if (!example)
            return;
        m_json.key("example").beginObject().field("success", true).field("message", "…");
        m_json.key("data");
        writeNode(m_json, *example);
        m_json.field("timestamp", "2026-11-20T03:15:04.123Z").field("request_id", "8f14e45fceea167a");
        m_json.endObject();
    }

    /// What an operation refuses, as it says itself; and what all of its access and method do.
    void writeProblems(const Node &node, const Node &access, bool takesBody)
    {
        static const Node none;
        const Node *answers = node.find("answers");
        const Node *own = node.find("problems");
        std::set<std::string> statuses{"400", "429", "503"};
        if (access.text == "read" || access.text == "trade" || access.text == "admin")
            statuses.insert("401");
        if (access.text == "local" || access.text == "trade" || access.text == "admin")
            statuses.insert("403");
        if (takesBody)
            statuses.insert("415");
        for (const JsonMember &problem : own ? own->members : none.members)
            statuses.insert(problem.key);
        for (const std::string &status : statuses) {
            if (answers && answers->find(status))
                continue;
            const Node *said = own ? own->find(status) : nullptr;
            m_json.key(status).beginObject().field("$ref", "#/components/responses/Problem" + status);
            m_references.push_back({"responses", "Problem" + status, m_file});
            if (said && !said->text.empty())
                m_json.field("description", said->text);
            m_json.endObject();
        }
        m_json.key("default");
        reference("responses", "Refused");
    }

    // Components

    void writeComponents()
    {
        const Node &common = m_trees.front();
        m_json.key("components").beginObject();
        copyMember(common, "securitySchemes");
        writeGroup("parameters");
        writeGroup("headers");
        writeProblemResponses();
        writeGroup("schemas");
        m_json.endObject();
    }

    void writeGroup(const char *kind)
    {
        m_json.key(kind).beginObject();
        for (std::size_t i = 0; i < m_trees.size(); ++i) {
            m_file = m_files[i].name;
            const Node *group = m_trees[i].find(kind);
            for (const JsonMember &member : group ? group->members : std::vector<JsonMember>{}) {
                if (!m_defined.insert(std::string(kind) + '/' + member.key).second)
                    mistake(member.key, "each name once");
                m_json.key(member.key);
                if (kind == std::string_view("schemas"))
                    writeSchema(member.value);
                else
                    writeWithSchema(member.value);
            }
        }
        m_json.endObject();
    }

    void writeWithSchema(const Node &node)
    {
        m_json.beginObject();
        for (const JsonMember &member : node.members) {
            m_json.key(member.key);
            if (member.key == "schema")
                writeSchema(member.value);
            else
                writeNode(m_json, member.value);
        }
        m_json.endObject();
    }

    void writeProblemResponses()
    {
        m_file = m_files.front().name;
        const Node *problems = m_trees.front().find("problems");
        m_json.key("responses").beginObject();
        for (const JsonMember &problem : problems ? problems->members : std::vector<JsonMember>{}) {
            const bool numbered = problem.key.find_first_not_of("0123456789") == std::string::npos;
            const std::string name = (numbered ? "Problem" : "") + problem.key;
            m_defined.insert("responses/" + name);
            m_json.key(name).beginObject();
            copyMember(problem.value, "description");
            m_json.key("headers").beginObject();
            writeHeaders(m_trees.front().find("everyAnswer"));
            writeHeaders(problem.value.find("headers"));
            m_json.endObject();
            m_json.key("content").beginObject().key("application/problem+json").beginObject();
            m_json.key("schema");
            reference("schemas", "Problem");
            writeProblemExample(problem);
            m_json.endObject().endObject().endObject();
        }
        m_json.endObject();
    }

    void writeProblemExample(const JsonMember &problem)
    {
        const Node *status = problem.value.find("status");
        const Node *code = problem.value.find("code");
        const Node *detail = problem.value.find("detail");
        const Node *errors = problem.value.find("errors");
        if (!code || !detail)
            return;
        const std::string number = status ? status->text : problem.key;
        m_json.key("example").beginObject();
        m_json.field("type", "urn:khop:problem:" + code->text)
            .field("title", reasonPhrase(std::stoi(number)));
        m_json.key("status").raw(number);
        m_json.field("detail", detail->text).field("code", code->text);
        m_json.key("errors");
        if (errors)
            writeNode(m_json, *errors);
        else
            m_json.beginArray().endArray();
        m_json.field("success", false).field("message", detail->text).nullField("data");
        m_json.field("timestamp", "2026-11-20T03:15:04.123Z").field("request_id", "8f14e45fceea167a");
        m_json.endObject();
    }

    void checkReferences()
    {
        for (const Reference &one : m_references) {
            m_file = one.file;
            if (!m_defined.contains(one.kind + '/' + one.name))
                mistake(one.kind, "'" + one.name + "' is nowhere");
        }
    }

    std::span<const DescriptionFile> m_files;
    std::vector<Node> m_trees;
    std::string m_file; // that is being written
    JsonWriter m_json;
    std::set<std::string> m_paths;
    std::set<std::string> m_defined;
    std::vector<Reference> m_references;
    std::optional<Error> m_mistake;
};

// In the order in which the tags are shown.
constexpr std::array<const char *, 16> fileNames{
    "common",    "auth",      "orders",    "trades",   "market",    "positions",
    "accounts",  "assets",    "put_through", "corporate_actions", "risk", "money",
    "statements", "recordings", "practice", "system"};

Result<ApiDescription> makeDescription()
{
    initDescription();
    std::vector<DescriptionFile> files;
    for (const char *name : fileNames) {
        QFile file(QStringLiteral(":/openapi/%1.json").arg(QLatin1String(name)));
        if (!file.open(QIODevice::ReadOnly))
            return refuse(Code::CONFIGURATION_ERROR, name, {}, "a file of the description");
        files.push_back({std::string(name) + ".json", file.readAll().toStdString()});
    }
    Result<std::string> json = describeApi(files);
    if (!json)
        return std::unexpected(json.error());
    const QByteArray hash =
        QCryptographicHash::hash(QByteArrayView(json->data(), static_cast<qsizetype>(json->size())),
                                 QCryptographicHash::Sha256);
    return ApiDescription{std::move(*json), '"' + hash.toHex().left(32).toStdString() + '"'};
}

} // namespace

Result<std::string> describeApi(std::span<const DescriptionFile> files)
{
    return Description(files).make();
}

const Result<ApiDescription> &apiDescription()
{
    static const Result<ApiDescription> description = makeDescription();
    return description;
}

} // namespace khop::server
