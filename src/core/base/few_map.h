// SPDX-License-Identifier: GPL-3.0-or-later
// An ordered map of very few entries: the greatest is kept in place, the others, where there are any,
// elsewhere. For what arrives at the two or three settlements to come, of which trades touch the last,
// and for the cash of an account, which as a rule is in one currency. Iteration is by ascending key and
// gives {key, value} pairs of references: `for (auto &&[key, value] : map)`. References hold until the
// next insertion or removal.
#pragma once

#include "base/pair_iterator.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace khop {

template <class Key, class Value>
class FewMap
{
    using Entry = std::pair<Key, Value>;

public:
    FewMap() = default;
    FewMap(const FewMap &other)
        : m_last(other.m_last)
        , m_others(other.m_others ? std::make_unique<std::vector<Entry>>(*other.m_others) : nullptr)
        , m_any(other.m_any)
    {}
    FewMap(FewMap &&) noexcept = default;
    FewMap &operator=(FewMap other) noexcept
    {
        m_last = std::move(other.m_last);
        m_others = std::move(other.m_others);
        m_any = other.m_any;
        return *this;
    }
    ~FewMap() = default;

    bool empty() const { return !m_any; }
    std::size_t size() const { return m_any ? 1 + others() : 0; }

    const Value *find(const Key &key) const
    {
        if (!m_any)
            return nullptr;
        if (m_last.first == key)
            return &m_last.second;
        const std::size_t at = position(key);
        return at < others() && (*m_others)[at].first == key ? &(*m_others)[at].second : nullptr;
    }
    Value *find(const Key &key) { return const_cast<Value *>(std::as_const(*this).find(key)); }
    Value &operator[](const Key &key)
    {
        if (Value *const found = find(key))
            return *found;
        if (m_any && !m_others)
            m_others = std::make_unique<std::vector<Entry>>();
        if (m_any && key < m_last.first)
            return m_others
                ->insert(m_others->begin() + static_cast<std::ptrdiff_t>(position(key)),
                         {key, Value{}})
                ->second;
        if (m_any)
            m_others->push_back(std::move(m_last));
        m_last = {key, Value{}};
        m_any = true;
        return m_last.second;
    }
    void erase(const Key &key)
    {
        if (!m_any)
            return;
        if (m_last.first != key) {
            const std::size_t at = position(key);
            if (at < others() && (*m_others)[at].first == key)
                m_others->erase(m_others->begin() + static_cast<std::ptrdiff_t>(at));
        } else if (others() == 0) {
            m_any = false;
            m_last = {};
        } else {
            m_last = std::move(m_others->back());
            m_others->pop_back();
        }
        if (m_others && m_others->empty())
            m_others.reset();
    }

    auto begin() { return PairIterator(this, 0); }
    auto end() { return PairIterator(this, size()); }
    auto begin() const { return PairIterator(this, 0); }
    auto end() const { return PairIterator(this, size()); }
    std::pair<const Key &, Value &> entryAt(std::size_t at)
    {
        Entry &entry = at < others() ? (*m_others)[at] : m_last;
        return {entry.first, entry.second};
    }
    std::pair<const Key &, const Value &> entryAt(std::size_t at) const
    {
        const Entry &entry = at < others() ? (*m_others)[at] : m_last;
        return {entry.first, entry.second};
    }

private:
    std::size_t others() const { return m_others ? m_others->size() : 0; }
    std::size_t position(const Key &key) const
    {
        if (!m_others)
            return 0;
        const auto at = std::ranges::lower_bound(*m_others, key, {}, &Entry::first);
        return static_cast<std::size_t>(at - m_others->begin());
    }

    Entry m_last{};                               // the greatest
    std::unique_ptr<std::vector<Entry>> m_others; // ascending; null: none
    bool m_any = false;
};

} // namespace khop
