// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/json/reader.h"

#include <simdjson.h>

namespace khop::server {

namespace {

namespace od = simdjson::ondemand;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isJsonNumber(std::string_view text)
{
    std::size_t i = 0;
    const auto digits = [&] {
        const std::size_t from = i;
        while (i < text.size() && isDigit(text[i]))
            ++i;
        return i - from;
    };
    if (i < text.size() && text[i] == '-')
        ++i;
    const bool zero = i < text.size() && text[i] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1))
        return false;
    if (i < text.size() && text[i] == '.') {
        ++i;
        if (digits() == 0)
            return false;
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '+' || text[i] == '-'))
            ++i;
        if (digits() == 0)
            return false;
    }
    return i == text.size();
}

// UTF-8 that came in has been validated; a surrogate can only come out of a \u escape.
bool hasLoneSurrogate(std::string_view decoded)
{
    for (std::size_t i = 0; i + 1 < decoded.size(); ++i) {
        if (static_cast<unsigned char>(decoded[i]) == 0xED
            && static_cast<unsigned char>(decoded[i + 1]) >= 0xA0)
            return true;
    }
    return false;
}

std::string_view trimmedToken(std::string_view token)
{
    while (!token.empty()
           && (token.back() == ' ' || token.back() == '\t' || token.back() == '\n'
               || token.back() == '\r'))
        token.remove_suffix(1);
    return token;
}

} // namespace

class JsonBuilder
{
public:
    explicit JsonBuilder(JsonDocument &document) : m_document(document) {}

    const char *problem() const { return m_problem; }

    bool document(od::document &source)
    {
        od::json_type type;
        if (source.type().get(type))
            return fail("It is not JSON.");
        if (type != od::json_type::object && type != od::json_type::array)
            return fail("It must be an object.");
        od::value root;
        if (source.get_value().get(root) || !value(root, 1))
            return fail("It is not well-formed JSON.");
        if (const char *rest = nullptr; !source.current_location().get(rest))
            return fail("Something follows the JSON value.");
        return true;
    }

private:
    using Kind = JsonValue::Kind;
    using Node = JsonDocument::Node;

    bool fail(const char *problem)
    {
        if (!m_problem)
            m_problem = problem;
        return false;
    }

    std::uint32_t keep(std::string_view text)
    {
        const auto at = static_cast<std::uint32_t>(m_document.m_text.size());
        m_document.m_text += text;
        return at;
    }

    // Appends the node of `source` and, after it, those of its members.
    bool value(od::value source, int depth)
    {
        if (depth > JsonDocument::maximumDepth)
            return fail("It is nested too deeply.");
        const auto index = static_cast<std::uint32_t>(m_document.m_nodes.size());
        m_document.m_nodes.emplace_back();
        od::json_type type;
        if (source.type().get(type))
            return false;
        switch (type) {
        case od::json_type::object: return object(source, index, depth);
        case od::json_type::array: return array(source, index, depth);
        case od::json_type::string: {
            std::string_view text;
            if (source.get_string().get(text))
                return fail("A string is malformed.");
            if (hasLoneSurrogate(text))
                return fail("A string holds a lone surrogate.");
            Node &node = m_document.m_nodes[index];
            node.kind = Kind::String;
            node.textAt = keep(text);
            node.textSize = static_cast<std::uint32_t>(text.size());
            return true;
        }
        case od::json_type::number: {
            const std::string_view token = trimmedToken(source.raw_json_token());
            double ignored = 0;
            if (!isJsonNumber(token))
                return fail("A number is malformed.");
            if (source.get_double().get(ignored)) // moves past the token
                return fail("A number is out of range.");
            Node &node = m_document.m_nodes[index];
            node.kind = Kind::Number;
            node.textAt = keep(token);
            node.textSize = static_cast<std::uint32_t>(token.size());
            return true;
        }
        case od::json_type::boolean: {
            const std::string_view token = trimmedToken(source.raw_json_token());
            bool truth = false;
            if ((token != "true" && token != "false") || source.get_bool().get(truth))
                return fail("A literal is malformed.");
            m_document.m_nodes[index].kind = Kind::Boolean;
            m_document.m_nodes[index].boolean = truth;
            return true;
        }
        case od::json_type::null:
            if (trimmedToken(source.raw_json_token()) != "null" || !source.is_null())
                return fail("A literal is malformed.");
            return true;
        }
        return false;
    }

    bool object(od::value source, std::uint32_t index, int depth)
    {
        m_document.m_nodes[index].kind = Kind::Object;
        od::object members;
        if (source.get_object().get(members))
            return false;
        std::uint32_t last = 0;
        for (auto member : members) {
            od::field field;
            if (std::move(member).get(field))
                return false;
            std::string_view key;
            if (field.unescaped_key().get(key))
                return fail("A key is malformed.");
            if (hasLoneSurrogate(key))
                return fail("A key holds a lone surrogate.");
            for (std::uint32_t at = m_document.m_nodes[index].first; at != 0;
                 at = m_document.m_nodes[at].next) {
                const Node &other = m_document.m_nodes[at];
                if (std::string_view(m_document.m_text).substr(other.keyAt, other.keySize) == key)
                    return fail("A key appears twice.");
            }
            if (m_document.m_nodes[index].size == maximumMembers)
                return fail("An object has too many members.");
            const std::uint32_t keyAt = keep(key);
            const auto keySize = static_cast<std::uint32_t>(key.size());
            const auto child = static_cast<std::uint32_t>(m_document.m_nodes.size());
            if (!value(field.value(), depth + 1))
                return false;
            m_document.m_nodes[child].keyAt = keyAt;
            m_document.m_nodes[child].keySize = keySize;
            link(index, last, child);
            last = child;
        }
        return true;
    }

    bool array(od::value source, std::uint32_t index, int depth)
    {
        m_document.m_nodes[index].kind = Kind::Array;
        od::array members;
        if (source.get_array().get(members))
            return false;
        std::uint32_t last = 0;
        for (auto member : members) {
            od::value element;
            if (std::move(member).get(element))
                return false;
            const auto child = static_cast<std::uint32_t>(m_document.m_nodes.size());
            if (!value(element, depth + 1))
                return false;
            link(index, last, child);
            last = child;
        }
        return true;
    }

    void link(std::uint32_t parent, std::uint32_t last, std::uint32_t child)
    {
        if (last == 0)
            m_document.m_nodes[parent].first = child;
        else
            m_document.m_nodes[last].next = child;
        ++m_document.m_nodes[parent].size;
    }

    static constexpr std::uint32_t maximumMembers = 256; // keys are compared pairwise

    JsonDocument &m_document;
    const char *m_problem = nullptr;
};

Result<JsonDocument> JsonDocument::parsePadded(std::string_view text)
{
    static_assert(simdjson::SIMDJSON_PADDING <= 64);
    thread_local od::parser parser;
    if (text.starts_with("\xEF\xBB\xBF"))
        return refuse(Code::MALFORMED_JSON, {}, {}, "It begins with a byte-order mark.");
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
        return refuse(Code::MALFORMED_JSON, {}, {}, "It is empty.");
    od::document source;
    if (parser.iterate(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING)
            .get(source))
        return refuse(Code::MALFORMED_JSON, {}, {}, "It is not well-formed JSON.");
    JsonDocument document;
    document.m_nodes.reserve(16);
    document.m_text.reserve(text.size());
    JsonBuilder builder(document);
    if (!builder.document(source)) {
        return refuse(Code::MALFORMED_JSON, {}, {},
                      builder.problem() ? builder.problem() : "It is not well-formed JSON.");
    }
    return document;
}

Result<JsonDocument> JsonDocument::parse(std::string_view text)
{
    std::string padded(text);
    padded.append(simdjson::SIMDJSON_PADDING, ' ');
    return parsePadded(std::string_view(padded).substr(0, text.size()));
}

JsonValue::Kind JsonValue::kind() const { return m_document->m_nodes[m_index].kind; }

std::string_view JsonValue::text() const
{
    const JsonDocument::Node &node = m_document->m_nodes[m_index];
    return std::string_view(m_document->m_text).substr(node.textAt, node.textSize);
}

bool JsonValue::boolean() const { return m_document->m_nodes[m_index].boolean; }

std::string_view JsonValue::key() const
{
    const JsonDocument::Node &node = m_document->m_nodes[m_index];
    return std::string_view(m_document->m_text).substr(node.keyAt, node.keySize);
}

std::size_t JsonValue::size() const { return m_document->m_nodes[m_index].size; }

std::optional<JsonValue> JsonValue::first() const
{
    const std::uint32_t at = m_document->m_nodes[m_index].first;
    return at == 0 ? std::nullopt : std::optional(JsonValue(m_document, at));
}

std::optional<JsonValue> JsonValue::next() const
{
    const std::uint32_t at = m_document->m_nodes[m_index].next;
    return at == 0 ? std::nullopt : std::optional(JsonValue(m_document, at));
}

std::optional<JsonValue> JsonValue::find(std::string_view key) const
{
    for (std::optional<JsonValue> member = first(); member; member = member->next()) {
        if (member->key() == key)
            return member;
    }
    return std::nullopt;
}

} // namespace khop::server
