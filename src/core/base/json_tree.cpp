// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_tree.h"
#include "base/utf8.h"

#include <QByteArrayView>
#include <QStringDecoder>

#include <algorithm>

namespace khop {

namespace {

constexpr int deepest = 16;
constexpr std::size_t excerptLength = 60;

constexpr bool isDigit(char c) { return c >= '0' && c <= '9'; }

void appendUtf8(std::string &text, char32_t c)
{
    const auto tail = [&](int shift) {
        text.push_back(static_cast<char>(0x80 | ((c >> shift) & 0x3F)));
    };
    if (c < 0x80) {
        text.push_back(static_cast<char>(c));
    } else if (c < 0x800) {
        text.push_back(static_cast<char>(0xC0 | (c >> 6)));
        tail(0);
    } else if (c < 0x10000) {
        text.push_back(static_cast<char>(0xE0 | (c >> 12)));
        tail(6);
        tail(0);
    } else {
        text.push_back(static_cast<char>(0xF0 | (c >> 18)));
        tail(12);
        tail(6);
        tail(0);
    }
}

/// Recursive descent over the text; the first thing that is wrong ends it.
class JsonParser
{
public:
    explicit JsonParser(std::string_view text) : m_text(text) {}

    Result<JsonValue> document()
    {
        JsonValue root;
        skipSpace();
        if (value(root, 0)) {
            skipSpace();
            if (m_at < m_text.size())
                fail("end of file");
        }
        if (m_error)
            return std::unexpected(*m_error);
        return root;
    }

private:
    bool fail(std::string expected) { return failAt(m_at, std::move(expected)); }
    bool failAt(std::size_t at, std::string expected)
    {
        const std::string_view before = m_text.substr(0, at);
        const auto line = std::ranges::count(before, '\n') + 1;
        const std::size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0: the first line
        std::string place =
            "line " + std::to_string(line) + ", column " + std::to_string(at - lineStart + 1);
        const std::string_view rest = m_text.substr(at);
        m_error = Error{Code::MALFORMED_JSON, std::move(place),
                        shortened(rest.substr(0, std::min(rest.find('\n'), rest.size())), 20),
                        std::move(expected)};
        return false;
    }
    void skipSpace()
    {
        while (m_at < m_text.size() && std::string_view(" \t\r\n").contains(m_text[m_at]))
            ++m_at;
    }
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool take(char c)
    {
        if (peek() != c)
            return false;
        ++m_at;
        return true;
    }

    bool value(JsonValue &out, int depth)
    {
        if (depth > deepest)
            return fail("nesting <= 16");
        switch (peek()) {
        case '{': return object(out, depth);
        case '[': return array(out, depth);
        case '"': out.kind = JsonValue::Kind::String; return string(out.text);
        case 't': out.boolean = true; return word("true", JsonValue::Kind::Boolean, out);
        case 'f': return word("false", JsonValue::Kind::Boolean, out);
        case 'n': return word("null", JsonValue::Kind::Null, out);
        default: return number(out);
        }
    }

    bool word(std::string_view expected, JsonValue::Kind kind, JsonValue &out)
    {
        if (!m_text.substr(m_at).starts_with(expected))
            return fail(std::string(expected));
        m_at += expected.size();
        out.kind = kind;
        return true;
    }

    bool digits()
    {
        if (!isDigit(peek()))
            return fail("0-9");
        while (isDigit(peek()))
            ++m_at;
        return true;
    }

    bool number(JsonValue &out)
    {
        const std::size_t start = m_at;
        take('-');
        if (!isDigit(peek())) {
            m_at = start;
            return fail("{ [ \" 0-9 true false null");
        }
        if (!take('0'))
            digits();
        else if (isDigit(peek()))
            return failAt(start, "0");
        if (take('.') && !digits())
            return false;
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            if (!take('+'))
                take('-');
            if (!digits())
                return false;
        }
        out.kind = JsonValue::Kind::Number;
        out.text = m_text.substr(start, m_at - start);
        return true;
    }

    bool hex4(char32_t &out)
    {
        out = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = peek();
            const std::size_t digit = std::string_view("0123456789abcdefABCDEF").find(c);
            if (digit == std::string_view::npos || m_at >= m_text.size())
                return fail("0-9 a-f");
            out = out * 16 + static_cast<char32_t>(digit < 16 ? digit : digit - 6);
            ++m_at;
        }
        return true;
    }

    bool escape(std::string &out)
    {
        const std::size_t start = m_at - 1;
        const char c = peek();
        if (c == 'u') {
            ++m_at;
            char32_t unit = 0;
            if (!hex4(unit))
                return false;
            if (unit >= 0xD800 && unit < 0xE000) {
                char32_t low = 0;
                if (unit >= 0xDC00 || !m_text.substr(m_at).starts_with("\\u"))
                    return failAt(start, "\\uD800-\\uDBFF \\uDC00-\\uDFFF");
                m_at += 2;
                if (!hex4(low))
                    return false;
                if (low < 0xDC00 || low >= 0xE000)
                    return failAt(start, "\\uD800-\\uDBFF \\uDC00-\\uDFFF");
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            }
            appendUtf8(out, unit);
            return true;
        }
        const std::size_t plain = std::string_view("\"\\/bfnrt").find(c);
        if (plain == std::string_view::npos || m_at >= m_text.size())
            return failAt(start, "\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
        out.push_back("\"\\/\b\f\n\r\t"[plain]);
        ++m_at;
        return true;
    }

    bool string(std::string &out)
    {
        if (!take('"'))
            return fail("\"");
        out.clear();
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                return fail("\"");
            ++m_at;
            if (c != '\\')
                out.push_back(c);
            else if (!escape(out))
                return false;
        }
        return fail("\"");
    }

    bool array(JsonValue &out, int depth)
    {
        out.kind = JsonValue::Kind::Array;
        take('[');
        skipSpace();
        if (take(']'))
            return true;
        while (true) {
            skipSpace();
            if (!value(out.items.emplace_back(), depth + 1))
                return false;
            skipSpace();
            if (take(']'))
                return true;
            if (!take(','))
                return fail(", ]");
        }
    }

    bool object(JsonValue &out, int depth)
    {
        out.kind = JsonValue::Kind::Object;
        take('{');
        skipSpace();
        if (take('}'))
            return true;
        while (true) {
            skipSpace();
            const std::size_t keyAt = m_at;
            std::string key;
            if (!string(key))
                return false;
            if (out.find(key))
                return failAt(keyAt, "\"" + shortened(key, excerptLength) + "\" × 1");
            skipSpace();
            if (!take(':'))
                return fail(":");
            skipSpace();
            JsonMember &member = out.members.emplace_back();
            member.key = std::move(key);
            if (!value(member.value, depth + 1))
                return false;
            skipSpace();
            if (take('}'))
                return true;
            if (!take(','))
                return fail(", }");
        }
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::optional<Error> m_error;
};

} // namespace

const JsonValue *JsonValue::find(std::string_view key) const
{
    const auto it = std::ranges::find(members, key, &JsonMember::key);
    return it == members.end() ? nullptr : &it->value;
}

std::string JsonValue::excerpt() const
{
    switch (kind) {
    case Kind::Null: return "null";
    case Kind::Boolean: return boolean ? "true" : "false";
    case Kind::Number:
    case Kind::String: return shortened(text, excerptLength);
    case Kind::Array: return "[…]";
    case Kind::Object: return "{…}";
    }
    return {};
}

Result<JsonValue> parseJson(std::string_view text)
{
    if (!isUtf8(text))
        return refuse(Code::MALFORMED_JSON, {}, {}, "UTF-8");
    return JsonParser(text).document();
}

} // namespace khop
