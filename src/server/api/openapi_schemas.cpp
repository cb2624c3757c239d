// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/openapi_parts.h"

#include "base/codes.h"

namespace khop::server {

using Node = DescriptionNode;
using Kind = Node::Kind;

namespace {

void writeCodes(JsonWriter &json)
{
    json.beginArray();
#define KHOP_CODE(name) json.string(#name);
    KHOP_CODES(KHOP_CODE)
#undef KHOP_CODE
    json.endArray();
}

} // namespace

const std::vector<Node> &itemsOf(const Node *node)
{
    static const std::vector<Node> none;
    return node ? node->items : none;
}

const std::vector<JsonMember> &membersOf(const Node *node)
{
    static const std::vector<JsonMember> none;
    return node ? node->members : none;
}

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

void DescriptionDraft::note(std::string where, std::string what)
{
    if (!mistake)
        mistake = Error{Code::CONFIGURATION_ERROR, file + ": " + where, {}, std::move(what)};
}

void DescriptionDraft::copyMember(const Node &node, const char *name)
{
    if (const Node *member = node.find(name)) {
        json.key(name);
        writeNode(json, *member);
    }
}

void DescriptionDraft::reference(std::string_view kind, std::string_view name)
{
    references.push_back({std::string(kind), std::string(name), file});
    json.beginObject()
        .field("$ref", "#/components/" + std::string(kind) + '/' + std::string(name))
        .endObject();
}

void SchemaWriter::writeSchema(const Node &node)
{
    if (node.kind == Kind::String) {
        const bool orNull = node.text.ends_with('?');
        const std::string name = node.text.substr(0, node.text.size() - (orNull ? 1 : 0));
        if (orNull)
            m_json.beginObject().key("anyOf").beginArray();
        m_draft.reference("schemas", name);
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

void SchemaWriter::writeSchemaMember(const JsonMember &member)
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

void SchemaWriter::writeRequired(const Node &properties, const Node *optional)
{
    std::set<std::string_view> absent;
    for (const Node &name : itemsOf(optional)) {
        absent.insert(name.text);
        if (!properties.find(name.text))
            m_draft.note("optional", name.text);
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

const Node *SchemaWriter::exampleOf(const Node &schema) const
{
    if (schema.kind == Kind::Object)
        return schema.find("example");
    for (const Node &tree : m_draft.trees) {
        const Node *schemas = tree.find("schemas");
        const Node *named = schemas ? schemas->find(schema.text) : nullptr;
        if (named)
            return named->find("example");
    }
    return nullptr;
}

void SchemaWriter::writeWithSchema(const Node &node)
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

void SchemaWriter::writeEnvelope(const Node &data, const Node *example, std::string_view message)
{
    m_json.key("schema").beginObject().field("type", "object");
    m_json.key("properties").beginObject();
    m_json.key("success").beginObject().field("type", "boolean").field("const", true);
    m_json.endObject();
    m_json.key("message").beginObject().field("type", "string").endObject();
    m_json.key("data");
    writeSchema(data);
    m_json.key("timestamp");
    m_draft.reference("schemas", "Time");
    m_json.key("request_id");
    m_draft.reference("schemas", "RequestId");
    m_json.endObject().key("required").beginArray();
    for (const char *name : {"success", "message", "data", "timestamp", "request_id"})
        m_json.string(name);
    m_json.endArray().field("additionalProperties", false).endObject();
    if (!example)
        example = exampleOf(data);
    if (!example)
        return;
    m_json.key("example").beginObject().field("success", true).field("message", message);
    m_json.key("data");
    writeNode(m_json, *example);
    m_json.field("timestamp", "2026-11-20T03:15:04.123Z").field("request_id", "8f14e45fceea167a");
    m_json.endObject();
}

} // namespace khop::server
