// SPDX-License-Identifier: GPL-3.0-or-later
#include "statement/statement_text.h"

#include "base/json_tree.h"
#include "base/utf8.h"

#include <QString>
#include <QStringDecoder>

#include <algorithm>
#include <array>
#include <optional>

namespace khop {

namespace {

constexpr std::size_t largestFile = 32 << 20;

/// windows-1258 from 0x80 on; 0 where it has nothing. Tones are combining marks behind their vowel.
/// Source: the mapping table that the Unicode Consortium publishes for this code page.
constexpr std::array<char16_t, 32> from80{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0,
    0x2039, 0x0152, 0,      0,      0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0,      0x203A, 0x0153, 0,      0,      0x0178};

char16_t fromWindows1258(unsigned char byte)
{
    if (byte < 0x80)
        return byte;
    if (byte < 0xA0)
        return from80[byte - 0x80U];
    switch (byte) {
    case 0xC3: return 0x0102; // Ă
    case 0xCC: return 0x0300; // grave
    case 0xD0: return 0x0110; // Đ
    case 0xD2: return 0x0309; // hook above
    case 0xD5: return 0x01A0; // Ơ
    case 0xDD: return 0x01AF; // Ư
    case 0xDE: return 0x0303; // tilde
    case 0xE3: return 0x0103; // ă
    case 0xEC: return 0x0301; // acute
    case 0xF0: return 0x0111; // đ
    case 0xF2: return 0x0323; // dot below
    case 0xF5: return 0x01A1; // ơ
    case 0xFD: return 0x01B0; // ư
    case 0xFE: return 0x20AB; // ₫
    default: return byte;
    }
}

std::string hexOf(unsigned char byte)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    return {'0', 'x', digits[byte >> 4U], digits[byte & 15U]};
}

/// The line on which a place stands.
template <class Text>
std::size_t lineAt(const Text &text, std::size_t at)
{
    return 1
           + static_cast<std::size_t>(
               std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

Result<QString> decodedWindows1258(std::string_view bytes, const std::string &fileName)
{
    QString text;
    text.reserve(static_cast<qsizetype>(bytes.size()));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        const char16_t character = fromWindows1258(byte);
        if (character == 0 && byte != 0)
            return refuse(Code::FILE_INVALID,
                          fileName + ": line " + std::to_string(lineAt(bytes, i)),
                          "byte " + hexOf(byte), "UTF-8, UTF-16 or windows-1258");
        text.append(QChar(character));
    }
    return text;
}

Result<QString> decodedUtf16(std::string_view bytes, const std::string &fileName)
{
    QStringDecoder decoder(QStringDecoder::Utf16);
    QString text = decoder(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    if (decoder.hasError() || bytes.size() % 2 != 0 || !text.isValidUtf16())
        return refuse(Code::FILE_INVALID, fileName, "broken UTF-16",
                      "UTF-8, UTF-16 or windows-1258");
    return text;
}

/// Refuses what no table has: a NUL, an escape, a byte order mark in the middle.
Result<void> checkCharacters(const QString &text, const std::string &fileName)
{
    const auto odd = std::ranges::find_if(text, [](QChar c) {
        const char16_t code = c.unicode();
        return (code < 0x20 && code != '\n' && code != '\r' && code != '\t')
               || (code >= 0x7F && code < 0xA0) || code == 0xFEFF;
    });
    if (odd == text.end())
        return {};
    const auto line = 1 + std::count(text.begin(), odd, QChar(u'\n'));
    return refuse(Code::FILE_INVALID, fileName + ": line " + std::to_string(line),
                  "character U+" + QString::number(odd->unicode(), 16).toUpper().toStdString(),
                  "text without control characters");
}

} // namespace

std::string_view name(TextEncoding encoding)
{
    switch (encoding) {
    case TextEncoding::Utf8: return "UTF-8";
    case TextEncoding::Utf16: return "UTF-16";
    case TextEncoding::Windows1258: break;
    }
    return "windows-1258";
}

Result<StatementText> readStatementText(std::string_view bytes, const std::string &fileName)
{
    if (bytes.size() > largestFile)
        return refuse(Code::FILE_INVALID, fileName, std::to_string(bytes.size()) + " bytes",
                      "at most " + std::to_string(largestFile) + " bytes");
    StatementText result;
    Result<QString> text;
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        result.encoding = TextEncoding::Utf16;
        text = decodedUtf16(bytes, fileName);
    } else if (isUtf8(bytes)) {
        // takes the mark off
        text = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
    } else {
        result.encoding = TextEncoding::Windows1258;
        text = decodedWindows1258(bytes, fileName);
    }
    if (!text)
        return std::unexpected(text.error());
    if (const auto checked = checkCharacters(*text, fileName); !checked)
        return std::unexpected(checked.error());
    result.text = text->normalized(QString::NormalizationForm_C).toStdString();
    return result;
}

std::string foldedWords(std::string_view text)
{
    const QString apart = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))
                              .normalized(QString::NormalizationForm_D);
    QString folded;
    for (const QChar c : apart) {
        if (c.isMark())
            continue;
        if (c == QChar(0x0110) || c == QChar(0x0111)) // Đ đ have no decomposition
            folded.append(u'd');
        else
            folded.append(c.isLetterOrNumber() ? c.toLower() : QChar(u' '));
    }
    return folded.simplified().toStdString();
}

std::string_view trimmedCell(std::string_view cell)
{
    constexpr std::string_view noBreakSpace = "\xC2\xA0";
    while (true) {
        if (cell.starts_with(noBreakSpace))
            cell.remove_prefix(2);
        else if (!cell.empty() && std::string_view(" \t\r\n").contains(cell.front()))
            cell.remove_prefix(1);
        else if (cell.ends_with(noBreakSpace))
            cell.remove_suffix(2);
        else if (!cell.empty() && std::string_view(" \t\r\n").contains(cell.back()))
            cell.remove_suffix(1);
        else
            return cell;
    }
}

} // namespace khop
