// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the API's description that write themselves: schemas, and operations with their answers. Both
// read the short form (resources/openapi/README.md) and write OpenAPI.
#pragma once

#include "base/json_tree.h"
#include "server/api/openapi.h"
#include "server/json/writer.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace khop::server {

using DescriptionNode = khop::JsonValue;

const std::vector<DescriptionNode> &itemsOf(const DescriptionNode *node);
const std::vector<JsonMember> &membersOf(const DescriptionNode *node);
void writeNode(JsonWriter &json, const DescriptionNode &node);

/// What is written, and what was seen while it was. The first mistake is kept.
struct DescriptionDraft {
    struct Reference {
        std::string kind, name, file;
    };

    JsonWriter json;
    std::vector<DescriptionNode> trees; // one of each file, the common one first
    std::string file;                   // that is being written
    bool secrets = false; // its answers hold some, and are not kept for a second sending
    std::vector<Reference> references;
    std::set<std::string> defined; // "schemas/Order"
    std::optional<Error> mistake;

    const DescriptionNode &common() const { return trees.front(); }
    void note(std::string where, std::string what);
    void copyMember(const DescriptionNode &node, const char *name);
    void reference(std::string_view kind, std::string_view name);
};

class SchemaWriter
{
public:
    explicit SchemaWriter(DescriptionDraft &draft) : m_draft(draft), m_json(draft.json) {}

    /// "Order" is a reference, "Order?" that or null.
    void writeSchema(const DescriptionNode &node);
    /// An object as it is, but for its member "schema".
    void writeWithSchema(const DescriptionNode &node);
    /// Success: {success, message, data, timestamp, request_id}; `message` is the example's.
    void writeEnvelope(const DescriptionNode &data, const DescriptionNode *example,
                       std::string_view message);
    /// The example of a schema: its own, or that of the schema it names.
    const DescriptionNode *exampleOf(const DescriptionNode &schema) const;

private:
    void writeSchemaMember(const JsonMember &member);
    void writeRequired(const DescriptionNode &properties, const DescriptionNode *optional);

    DescriptionDraft &m_draft;
    JsonWriter &m_json;
};

class OperationWriter
{
public:
    explicit OperationWriter(DescriptionDraft &draft)
        : m_draft(draft)
        , m_json(draft.json)
        , m_schemas(draft)
    {}

    void writePath(const JsonMember &path, const std::string &tag);
    void writeHeaders(const DescriptionNode *headers);

private:
    struct Manner {
        std::string_view access;
        bool takesBody = false;
        bool once = false; // heeds Idempotency-Key
    };

    void writeParameters(const DescriptionNode *parameters);
    void writeOperation(const std::string &path, const std::string &method,
                        const DescriptionNode &node, const std::string &tag);
    void writeBody(const DescriptionNode &body);
    void writeFiles(const DescriptionNode &types, const DescriptionNode *example);
    void writeAnswers(const DescriptionNode *answers, const Manner &manner);
    void writeContent(const DescriptionNode &answer);
    void writeProblems(const DescriptionNode &node, const Manner &manner);

    DescriptionDraft &m_draft;
    JsonWriter &m_json;
    SchemaWriter m_schemas;
};

} // namespace khop::server
