// SPDX-License-Identifier: GPL-3.0-or-later
// A small ordered map in two arrays: keys in one, so that looking for one touches few cache lines,
// values in the other. The last key found is tried first: commands ask for the same one several times.
//
// Iteration is by ascending key and gives {key, value} pairs of references: write
// `for (auto &&[key, value] : map)`. Finding is O(log n), inserting before others moves them.
// References to values hold until the next insertion or removal.
#pragma once

#include "base/inlining.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace khop {

template <class Key, class Value>
class SortedMap
{
    template <class Map, class Reference>
    class Iterator
    {
    public:
        Iterator(Map *map, std::size_t at) : m_map(map), m_at(at) {}
        std::pair<const Key &, Reference &> operator*() const
        {
            return {m_map->m_keys[m_at], m_map->m_values[m_at]};
        }
        Iterator &operator++()
        {
            ++m_at;
            return *this;
        }
        bool operator==(const Iterator &other) const { return m_at == other.m_at; }

    private:
        Map *m_map;
        std::size_t m_at;
    };

public:
    bool empty() const { return m_keys.empty(); }
    std::size_t size() const { return m_keys.size(); }
    auto begin() { return Iterator<SortedMap, Value>(this, 0); }
    auto end() { return Iterator<SortedMap, Value>(this, size()); }
    auto begin() const { return Iterator<const SortedMap, const Value>(this, 0); }
    auto end() const { return Iterator<const SortedMap, const Value>(this, size()); }

    const Value *find(const Key &key) const
    {
        const std::size_t at = position(key);
        return at < size() && m_keys[at] == key ? &m_values[at] : nullptr;
    }
    Value *find(const Key &key) { return const_cast<Value *>(std::as_const(*this).find(key)); }
    Value &operator[](const Key &key)
    {
        const std::size_t at = position(key);
        if (at == size() || m_keys[at] != key) [[unlikely]]
            insert(at, key);
        return m_values[at];
    }
    void erase(const Key &key)
    {
        const std::size_t at = position(key);
        if (at == size() || m_keys[at] != key)
            return;
        m_keys.erase(m_keys.begin() + static_cast<std::ptrdiff_t>(at));
        m_values.erase(m_values.begin() + static_cast<std::ptrdiff_t>(at));
    }

private:
    KHOP_APART void insert(std::size_t at, const Key &key)
    {
        m_keys.insert(m_keys.begin() + static_cast<std::ptrdiff_t>(at), key);
        m_values.emplace(m_values.begin() + static_cast<std::ptrdiff_t>(at));
    }
    std::size_t position(const Key &key) const
    {
        if (m_last < size() && m_keys[m_last] == key) [[likely]]
            return m_last;
        m_last = static_cast<std::size_t>(std::ranges::lower_bound(m_keys, key) - m_keys.begin());
        return m_last;
    }

    std::vector<Key> m_keys; // ascending
    std::vector<Value> m_values;
    mutable std::size_t m_last = 0;
};

} // namespace khop
