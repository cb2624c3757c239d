// SPDX-License-Identifier: GPL-3.0-or-later
// Text that must not be shown: keys, passwords, tokens. It cannot be printed, logged or compared by
// accident; whoever needs the text says so with reveal().
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

class QDebug;

namespace khop {

class Secret
{
public:
    static constexpr std::string_view mask = "********";

    Secret() = default;
    explicit Secret(std::string text) : m_text(std::move(text)) {}
    ~Secret() { wipe(); }
    Secret(const Secret &) = default;
    // Copied and wiped: moving short text would leave it where it was.
    Secret(Secret &&other) noexcept
    {
        m_text = other.m_text;
        other.wipe();
    }
    Secret &operator=(const Secret &other)
    {
        if (this != &other) {
            wipe();
            m_text = other.m_text;
        }
        return *this;
    }
    Secret &operator=(Secret &&other) noexcept
    {
        if (this != &other) {
            wipe();
            m_text = other.m_text;
            other.wipe();
        }
        return *this;
    }

    const std::string &reveal() const { return m_text; }
    bool isEmpty() const { return m_text.empty(); }
    std::size_t size() const { return m_text.size(); }
    /// What may be shown in its place; empty when there is none.
    std::string_view masked() const { return m_text.empty() ? std::string_view{} : mask; }

    // Comparing takes a time that depends on the text: never here.
    bool operator==(const Secret &) const = delete;

private:
    void wipe()
    {
        volatile char *text = m_text.data(); // a plain fill of what dies may be left out
        for (std::size_t i = 0; i < m_text.size(); ++i)
            text[i] = '\0';
        m_text.clear();
    }

    std::string m_text;
};

std::ostream &operator<<(std::ostream &, const Secret &) = delete;
QDebug operator<<(QDebug, const Secret &) = delete;

} // namespace khop
