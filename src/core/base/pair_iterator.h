// SPDX-License-Identifier: GPL-3.0-or-later
// Walks a map by position, giving {key, value} pairs of references: `for (auto &&[key, value] : map)`.
#pragma once

#include <cstddef>

namespace khop {

/// Of a map with entryAt(position), ascending by key.
template <class Map>
class PairIterator
{
public:
    PairIterator(Map *map, std::size_t at) : m_map(map), m_at(at) {}
    auto operator*() const { return m_map->entryAt(m_at); }
    PairIterator &operator++()
    {
        ++m_at;
        return *this;
    }
    bool operator==(const PairIterator &other) const { return m_at == other.m_at; }

private:
    Map *m_map;
    std::size_t m_at;
};

} // namespace khop
