// SPDX-License-Identifier: GPL-3.0-or-later
// JSON out: appends to one string. Commas are its business, structure is the caller's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace khop::server {

class JsonWriter
{
public:
    JsonWriter() { m_out.reserve(1024); }

    JsonWriter &beginObject();
    JsonWriter &endObject();
    JsonWriter &beginArray();
    JsonWriter &endArray();
    JsonWriter &key(std::string_view name); // names are ours: not escaped

    JsonWriter &string(std::string_view text);
    JsonWriter &raw(std::string_view json); // a number, or JSON made elsewhere
    JsonWriter &number(std::int64_t value);
    JsonWriter &boolean(bool value);
    JsonWriter &null();

    JsonWriter &field(std::string_view name, std::string_view text)
    {
        return key(name).string(text);
    }
    JsonWriter &field(std::string_view name, const char *text) { return key(name).string(text); }
    JsonWriter &field(std::string_view name, bool value) { return key(name).boolean(value); }
    JsonWriter &optionalField(std::string_view name, const std::optional<std::string> &text)
    {
        return text ? key(name).string(*text) : key(name).null();
    }
    JsonWriter &numberField(std::string_view name, std::int64_t value)
    {
        return key(name).number(value);
    }
    JsonWriter &nullField(std::string_view name) { return key(name).null(); }

    const std::string &text() const { return m_out; }
    std::string take() { return std::move(m_out); }

private:
    void separate();

    std::string m_out;
    bool m_first = true; // nothing stands yet where the next value goes
};

} // namespace khop::server
