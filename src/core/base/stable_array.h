// SPDX-License-Identifier: GPL-3.0-or-later
// An array that grows at its end and never moves what is in it: references hold. Its elements lie in
// large pieces, so that finding one is a shift and two loads, and neighbours are neighbours in memory.
#pragma once

#include "base/large_array.h"

#include <cstddef>
#include <vector>

namespace khop {

/// `Piece`: a vector of memory in huge pages for what is reached at random; a plain one for what is mostly
/// added, since memory is fetched and cleared page by page.
template <class T, std::size_t perPiece = 16384, class Piece = LargeArray<T>>
class StableArray
{
public:
    std::size_t size() const { return m_size; }
    T &operator[](std::size_t i) { return m_pieces[i / perPiece][i % perPiece]; }
    const T &operator[](std::size_t i) const { return m_pieces[i / perPiece][i % perPiece]; }

    bool empty() const { return m_size == 0; }
    const T &front() const { return (*this)[0]; }
    const T &back() const { return (*this)[m_size - 1]; }

    /// A new element at the end.
    void grow() { add(); }
    void push_back(const T &element) { add(element); }
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
    template <class... From>
    void add(const From &...from)
    {
        if (m_size % perPiece == 0) {
            m_pieces.emplace_back();
            m_pieces.back().reserve(perPiece);
        }
        m_pieces.back().emplace_back(from...);
        ++m_size;
    }

    std::vector<Piece> m_pieces;
    std::size_t m_size = 0;
};

} // namespace khop
