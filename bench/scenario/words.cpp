// SPDX-License-Identifier: GPL-3.0-or-later
#include "words.h"

#include "base/decimal.h"
#include "base/json_tree.h"
#include "base/utf8.h"

#include <algorithm>

namespace khop::bench {

namespace {

bool isBlank(char c) { return c == ' ' || c == '\t'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

std::vector<std::string> split(std::string_view line)
{
    std::vector<std::string> words;
    bool glue = false; // the next word belongs to the last one
    for (std::size_t at = 0; at < line.size();) {
        if (isBlank(line[at])) {
            ++at;
            continue;
        }
        if (line[at] == '#')
            break;
        std::size_t end = at;
        while (end < line.size() && !isBlank(line[end]))
            ++end;
        const std::string_view word = line.substr(at, end - at);
        if (!words.empty() && (glue || word.starts_with('@')))
            words.back() += word;
        else
            words.emplace_back(word);
        glue = word.ends_with('@');
        at = end;
    }
    return words;
}

/// Digits with commas before every third: the text without them; nothing when they stand elsewhere.
std::optional<std::string> withoutGroups(std::string_view text)
{
    const std::size_t start = text.starts_with('-') ? 1 : 0;
    const std::size_t end = std::min(text.find('.'), text.size());
    std::string plain(text.substr(0, start));
    const bool grouped = text.find(',') != std::string_view::npos;
    if (grouped && (end - start) % 4 == 0)
        return std::nullopt; // ",123"
    for (std::size_t i = start; i < end; ++i) {
        const bool comma = grouped && (end - i) % 4 == 0;
        if (comma ? text[i] != ',' : !isDigit(text[i]))
            return std::nullopt;
        if (!comma)
            plain += text[i];
    }
    return plain + std::string(text.substr(end));
}

std::string plainNumber(std::string_view text)
{
    constexpr int finest = 18;
    const auto plain = text.empty() ? std::nullopt : withoutGroups(text);
    if (!plain
        || !std::ranges::all_of(*plain, [](char c) { return isDigit(c) || c == '.' || c == '-'; }))
        return std::string(text);
    std::string number = *plain;
    if (number.find('.') != std::string::npos && number.size() < finest) {
        while (number.ends_with('0'))
            number.pop_back();
        if (number.ends_with('.'))
            number.pop_back();
    }
    return number;
}

} // namespace

Words::Words(std::string_view line) : m_words(split(line)) {}

const std::string &Words::peek() const
{
    static const std::string none;
    return atEnd() ? none : m_words[m_at];
}

std::string Words::next(std::string_view wanted)
{
    if (atEnd()) {
        complain({}, wanted);
        return {};
    }
    return m_words[m_at++];
}

bool Words::take(std::string_view word)
{
    if (atEnd() || m_words[m_at] != word)
        return false;
    ++m_at;
    return true;
}

std::string Words::rest()
{
    std::string text;
    while (!atEnd())
        text += (text.empty() ? "" : " ") + m_words[m_at++];
    return text;
}

void Words::end()
{
    if (!atEnd())
        complain(peek(), "known here; the line could end before it");
}

std::int64_t Words::number(std::string_view wanted, int scale)
{
    const std::string word = next(wanted);
    const auto number = parseGrouped(word, scale);
    if (!number)
        complain(word, wanted);
    return number.value_or(0);
}

std::int64_t Words::number(std::string_view wanted, std::int64_t least, std::int64_t most)
{
    const std::string word = peek();
    const std::int64_t value = number(wanted);
    if (value >= least && value <= most)
        return value;
    complain(word, std::string(wanted) + " from " + std::to_string(least) + " to "
                       + std::to_string(most));
    return least;
}

std::pair<std::int64_t, std::int64_t> Words::quantityAtPrice(int quantityScale, int priceScale)
{
    constexpr std::string_view wanted = "QUANTITY@PRICE";
    const std::string word = next(wanted);
    const std::size_t at = word.find('@');
    const auto quantity = parseGrouped(word.substr(0, at), quantityScale);
    const auto price =
        at == std::string::npos ? std::nullopt : parseGrouped(word.substr(at + 1), priceScale);
    if (!quantity || !price) {
        complain(word, wanted);
        return {};
    }
    return {*quantity, *price};
}

void Words::complain(std::string_view got, std::string_view wanted)
{
    if (m_complaint)
        return;
    m_complaint = got.empty() ? "the line ends where " + std::string(wanted) + " was expected"
                              : "'" + shortened(got, 60) + "' is not " + std::string(wanted);
}

std::optional<std::pair<std::string, std::string>> splitSetting(std::string_view word)
{
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return std::nullopt;
    return std::pair(std::string(word.substr(0, equals)), std::string(word.substr(equals + 1)));
}

std::optional<std::int64_t> parseGrouped(std::string_view text, int scale)
{
    const auto plain = text.empty() ? std::nullopt : withoutGroups(text);
    return plain ? parseDecimal(*plain, scale) : std::nullopt;
}

std::string plainNumbers(std::string_view word)
{
    const std::size_t mark = word.find_first_of("@=");
    if (mark == std::string_view::npos)
        return plainNumber(word);
    return plainNumber(word.substr(0, mark)) + word[mark] + plainNumbers(word.substr(mark + 1));
}

bool saysTheSame(std::string_view expected, std::string_view got)
{
    const std::vector<std::string> said = split(expected);
    const std::vector<std::string> happened = split(got);
    return said.size() <= happened.size()
           && std::ranges::equal(said.begin(), said.end(), happened.begin(),
                                 happened.begin() + static_cast<std::ptrdiff_t>(said.size()), {},
                                 plainNumbers, plainNumbers);
}

} // namespace khop::bench
