// SPDX-License-Identifier: GPL-3.0-or-later
// Strict JSON for data files (RFC 8259, UTF-8): duplicate keys, lone surrogates and nesting past
// 16 levels are refused, and numbers keep their text, so that no digit is lost. Not for the wire.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace khop {

struct JsonMember;

struct JsonValue {
    enum class Kind { Null, Boolean, Number, String, Array, Object };

    Kind kind = Kind::Null;
    bool boolean = false;
    std::string text;                // the number as written, or the string without its escapes
    std::vector<JsonValue> items;    // of an array
    std::vector<JsonMember> members; // of an object, in the order of the file

    /// The member of that name, or null.
    const JsonValue *find(std::string_view key) const;
    /// What to show of it in a message, at most about 60 characters.
    std::string excerpt() const;
};

struct JsonMember {
    std::string key;
    JsonValue value;
};

/// Reads one document. The error (MALFORMED_JSON) names the place as "line 3, column 14", what stands
/// there and what may.
Result<JsonValue> parseJson(std::string_view text);

} // namespace khop
