// SPDX-License-Identifier: GPL-3.0-or-later
// An array that grows at its end and never moves what is in it: references hold. Its elements lie in
// large pieces, so that finding one is a shift and two loads, and neighbours are neighbours in memory.
#pragma once

#include "base/large_array.h"

#include <cstddef>
#include <vector>

namespace khop {

template <class T>
class StableArray
{
public:
    std::size_t size() const { return m_size; }
    T &operator[](std::size_t i) { return m_pieces[i / perPiece][i % perPiece]; }
    const T &operator[](std::size_t i) const { return m_pieces[i / perPiece][i % perPiece]; }

    /// A new element at the end.
    void grow()
    {
        if (m_size % perPiece == 0) {
            m_pieces.emplace_back();
            m_pieces.back().reserve(perPiece);
        }
        m_pieces.back().emplace_back();
        ++m_size;
    }
    void grow(std::size_t size)
    {
        while (m_size < size)
            grow();
    }
    void clear()
    {
        m_pieces.clear();
        m_size = 0;
    }

private:
    static constexpr std::size_t perPiece = 16384;

    std::vector<LargeArray<T>> m_pieces;
    std::size_t m_size = 0;
};

} // namespace khop
