// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of a file as text: Vietnamese in UTF-8, UTF-16 or windows-1258, composed or decomposed.
#pragma once

#include "base/result.h"

#include <string>
#include <string_view>

namespace khop {

enum class TextEncoding : std::uint8_t { Utf8, Utf16, Windows1258 };
std::string_view name(TextEncoding encoding); // UTF-8 UTF-16 windows-1258

struct StatementText {
    std::string text; // UTF-8, composed (NFC), without a byte order mark
    TextEncoding encoding = TextEncoding::Utf8;
};

/// Reads the bytes. A byte order mark decides; bytes that are well-formed UTF-8 are that; everything else
/// is windows-1258, which brokers' older programs write. Refuses (FILE_INVALID, naming the line) bytes
/// that windows-1258 does not have and control characters, and files above 32 MiB.
Result<StatementText> readStatementText(std::string_view bytes, const std::string &fileName);

/// Words as they are compared: without marks and case, everything but letters and digits a single space.
/// "Số hiệu lệnh" and "SO-HIEU LENH" are both "so hieu lenh".
std::string foldedWords(std::string_view text);

/// Without blanks around it, non-breaking ones included.
std::string_view trimmedCell(std::string_view cell);

} // namespace khop
