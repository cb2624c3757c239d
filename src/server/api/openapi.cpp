// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/openapi.h"

#include "server/api/openapi_parts.h"
#include "server/http/response.h"

#include <QtCore/qfile.h>

#include <array>
#include <set>
#include <vector>

static void initDescription() { Q_INIT_RESOURCE(openapi); }

namespace khop::server {

namespace {

using Node = DescriptionNode;

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
            m_draft.trees.push_back(std::move(*tree));
        }
        m_draft.json.beginObject();
        for (const char *common : {"openapi", "info", "externalDocs", "servers", "security"})
            m_draft.copyMember(m_draft.common(), common);
        writeTags();
        writePaths();
        writeComponents();
        m_draft.json.endObject();
        checkReferences();
        if (m_draft.mistake)
            return std::unexpected(*m_draft.mistake);
        return m_draft.json.take();
    }

private:
    void writeTags()
    {
        m_draft.json.key("tags").beginArray();
        for (const Node &tree : m_draft.trees) {
            if (const Node *tag = tree.find("tag"))
                writeNode(m_draft.json, *tag);
        }
        m_draft.json.endArray();
    }

    void writePaths()
    {
        m_draft.json.key("paths").beginObject();
        for (std::size_t i = 0; i < m_draft.trees.size(); ++i) {
            m_draft.file = m_files[i].name;
            m_draft.secrets = m_draft.trees[i].find("secrets") != nullptr;
            const Node *paths = m_draft.trees[i].find("paths");
            const Node *tag = m_draft.trees[i].find("tag");
            const Node *title = tag ? tag->find("name") : nullptr;
            for (const JsonMember &path : membersOf(paths)) {
                if (!m_paths.insert(path.key).second)
                    m_draft.note(path.key, "each path once");
                m_draft.json.key(path.key).beginObject();
                m_operations.writePath(path, title ? title->text : std::string());
                m_draft.json.endObject();
            }
        }
        m_draft.json.endObject();
    }

    void writeComponents()
    {
        const Node &common = m_draft.common();
        m_draft.json.key("components").beginObject();
        m_draft.copyMember(common, "securitySchemes");
        writeGroup("parameters");
        writeGroup("headers");
        writeProblemResponses();
        writeGroup("schemas");
        m_draft.json.endObject();
    }

    void writeGroup(const char *kind)
    {
        m_draft.json.key(kind).beginObject();
        for (std::size_t i = 0; i < m_draft.trees.size(); ++i) {
            m_draft.file = m_files[i].name;
            const Node *group = m_draft.trees[i].find(kind);
            for (const JsonMember &member : membersOf(group)) {
                if (!m_draft.defined.insert(std::string(kind) + '/' + member.key).second)
                    m_draft.note(member.key, "each name once");
                m_draft.json.key(member.key);
                if (kind == std::string_view("schemas"))
                    m_schemas.writeSchema(member.value);
                else
                    m_schemas.writeWithSchema(member.value);
            }
        }
        m_draft.json.endObject();
    }

    void writeProblemResponses()
    {
        m_draft.file = m_files.front().name;
        const Node *problems = m_draft.common().find("problems");
        m_draft.json.key("responses").beginObject();
        for (const JsonMember &problem : membersOf(problems)) {
            const bool numbered = problem.key.find_first_not_of("0123456789") == std::string::npos;
            const std::string name = (numbered ? "Problem" : "") + problem.key;
            m_draft.defined.insert("responses/" + name);
            m_draft.json.key(name).beginObject();
            m_draft.copyMember(problem.value, "description");
            m_draft.json.key("headers").beginObject();
            if (numbered)
                m_operations.writeHeaders(m_draft.common().find("everyAnswer"));
            m_operations.writeHeaders(problem.value.find("headers"));
            m_draft.json.endObject();
            m_draft.json.key("content").beginObject().key("application/problem+json").beginObject();
            m_draft.json.key("schema");
            m_draft.reference("schemas", "Problem");
            writeProblemExample(problem);
            m_draft.json.endObject().endObject().endObject();
        }
        m_draft.json.endObject();
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
        m_draft.json.key("example").beginObject();
        m_draft.json.field("type", "urn:khop:problem:" + code->text)
            .field("title", reasonPhrase(std::stoi(number)));
        m_draft.json.key("status").raw(number);
        m_draft.json.field("detail", detail->text).field("code", code->text);
        m_draft.json.key("errors");
        if (errors)
            writeNode(m_draft.json, *errors);
        else
            m_draft.json.beginArray().endArray();
        m_draft.json.field("success", false).field("message", detail->text).nullField("data");
        m_draft.json.field("timestamp", "2026-11-20T03:15:04.123Z")
            .field("request_id", "8f14e45fceea167a");
        m_draft.json.endObject();
    }

    void checkReferences()
    {
        for (const DescriptionDraft::Reference &one : m_draft.references) {
            m_draft.file = one.file;
            if (!m_draft.defined.contains(one.kind + '/' + one.name))
                m_draft.note(one.kind, "'" + one.name + "' is nowhere");
        }
    }

    std::span<const DescriptionFile> m_files;
    DescriptionDraft m_draft;
    SchemaWriter m_schemas{m_draft};
    OperationWriter m_operations{m_draft};
    std::set<std::string> m_paths;
};

// In the order in which the tags are shown.
constexpr std::array<const char *, 17> fileNames{
    "common",    "auth",     "orders",     "trades",      "market",
    "positions", "accounts", "assets",     "put_through", "corporate_actions",
    "risk",      "money",    "statements", "recordings",  "practice",
    "desk",      "system"};

Result<std::string> makeDescription()
{
    initDescription();
    std::vector<DescriptionFile> files;
    for (const char *name : fileNames) {
        QFile file(QStringLiteral(":/openapi/%1.json").arg(QLatin1String(name)));
        if (!file.open(QIODevice::ReadOnly))
            return refuse(Code::CONFIGURATION_ERROR, name, {}, "a file of the description");
        files.push_back({std::string(name) + ".json", file.readAll().toStdString()});
    }
    return describeApi(files);
}

} // namespace

Result<std::string> describeApi(std::span<const DescriptionFile> files)
{
    return Description(files).make();
}

const Result<std::string> &apiDescription()
{
    static const Result<std::string> description = makeDescription();
    return description;
}

} // namespace khop::server
