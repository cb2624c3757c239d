// SPDX-License-Identifier: GPL-3.0-or-later
// The words of one line of a scenario, read from the left. The first complaint is kept; it says what
// stands there and what would do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace khop::bench {

class Words
{
public:
    /// Splits at blanks; `#` after a blank starts a remark, blanks around `@` do not count.
    explicit Words(std::string_view line);

    bool atEnd() const { return m_at == m_words.size(); }
    /// The next word, not taken; empty at the end.
    const std::string &peek() const;
    /// Takes the next word; complains at the end of the line that `wanted` is missing.
    std::string next(std::string_view wanted);
    /// Takes the next word if it is this one.
    bool take(std::string_view word);
    /// The words that are left, taken, with one blank between them.
    std::string rest();
    /// Complains when something is left.
    void end();

    /// A decimal number of that scale; groups of three digits may be set off with commas.
    std::int64_t number(std::string_view wanted, int scale = 0);
    /// The same, within bounds.
    std::int64_t number(std::string_view wanted, std::int64_t least, std::int64_t most);
    /// QUANTITY@PRICE
    std::pair<std::int64_t, std::int64_t> quantityAtPrice(int quantityScale = 0,
                                                          int priceScale = 0);

    const std::optional<std::string> &complaint() const { return m_complaint; }
    /// "'GOT' is not WANTED", or that WANTED is missing where `got` is empty.
    void complain(std::string_view got, std::string_view wanted);

private:
    std::vector<std::string> m_words;
    std::size_t m_at = 0;
    std::optional<std::string> m_complaint;
};

/// "key=value" -> {key, value}; nothing without an equals sign.
std::optional<std::pair<std::string, std::string>> splitSetting(std::string_view word);
/// 1,234,567.5 as a number of that scale; nothing when it is none.
std::optional<std::int64_t> parseGrouped(std::string_view text, int scale);
/// The word with the numbers in it as 1234567.5, so that two ways to write them compare equal.
std::string plainNumbers(std::string_view word);
/// True when the words of `expected` are the first words of `got`: what is not said is not compared.
bool saysTheSame(std::string_view expected, std::string_view got);

} // namespace khop::bench
