// SPDX-License-Identifier: GPL-3.0-or-later
// A map from small numbers that is found by hash, in one probe as a rule, and walked by ascending key.
// Iteration gives {key, value} pairs of references: write `for (auto &&[key, value] : map)`. Inserting
// moves the list of keys, not the values; nothing is ever removed. References to values hold until the
// next insertion.
#pragma once

#include "base/inlining.h"
#include "base/large_array.h"
#include "base/pair_iterator.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace khop {

template <class Value>
class IndexedMap
{
public:
    using Key = std::uint32_t; // but not the largest

private:
    struct Place {
        Key key = none;
        std::uint32_t at = 0;
    };

public:
    bool empty() const { return m_values.empty(); }
    std::size_t size() const { return m_values.size(); }
    auto begin() { return PairIterator(this, 0); }
    auto end() { return PairIterator(this, size()); }
    auto begin() const { return PairIterator(this, 0); }
    auto end() const { return PairIterator(this, size()); }
    std::pair<const Key &, Value &> entryAt(std::size_t at)
    {
        const Place &place = m_sorted[at];
        return {place.key, m_values[place.at]};
    }
    std::pair<const Key &, const Value &> entryAt(std::size_t at) const
    {
        const Place &place = m_sorted[at];
        return {place.key, m_values[place.at]};
    }

    const Value *find(Key key) const
    {
        if (m_index.empty())
            return nullptr;
        const Place &place = m_index[placeOf(key)];
        return place.key == key ? &m_values[place.at] : nullptr;
    }
    Value *find(Key key) { return const_cast<Value *>(std::as_const(*this).find(key)); }
    Value &operator[](Key key)
    {
        if (Value *const found = find(key)) [[likely]]
            return *found;
        return insert(key);
    }

    /// Where the key would be found: for prefetch().
    const void *probe(Key key) const { return m_index.empty() ? nullptr : &m_index[homeOf(key)]; }

private:
    static constexpr Key none = 0xFFFF'FFFF;

    std::size_t homeOf(Key key) const
    {
        return (key * std::uint64_t{0x9E37'79B9'7F4A'7C15} >> 32) & (m_index.size() - 1);
    }
    /// Of the key, or of the hole in which it is missing.
    std::size_t placeOf(Key key) const
    {
        std::size_t at = homeOf(key);
        while (m_index[at].key != key && m_index[at].key != none)
            at = (at + 1) & (m_index.size() - 1);
        return at;
    }
    KHOP_APART Value &insert(Key key)
    {
        if (m_values.size() * 2 >= m_index.size()) {
            m_index.assign(std::max<std::size_t>(8, m_index.size() * 2), {});
            for (const Place &place : m_sorted)
                m_index[placeOf(place.key)] = place;
        }
        const Place place{key, static_cast<std::uint32_t>(m_values.size())};
        m_index[placeOf(key)] = place;
        m_sorted.insert(std::ranges::lower_bound(m_sorted, key, {}, &Place::key), place);
        return m_values.emplace_back();
    }

    LargeArray<Place> m_index;   // a power of two, at most half full
    std::vector<Place> m_sorted; // by key
    LargeArray<Value> m_values;  // in the order in which they came
};

} // namespace khop
