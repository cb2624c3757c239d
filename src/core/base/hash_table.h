// SPDX-License-Identifier: GPL-3.0-or-later
// A hash table for the ids of a day: open addressing with linear probing in 256 parts that grow one by
// one, so that no insertion waits for millions of entries to move. Finding takes no memory, inserting
// only when a part grows.
//
// It has no order and cannot be walked but with forEach(), whose order means nothing: whatever decides
// an outcome must not depend on it.
#pragma once

#include "base/large_array.h"
#include "base/prefetch.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace khop {

template <class Key, class Value, class Hash = std::hash<Key>>
class HashTable
{
public:
    std::size_t size() const { return m_size; }
    bool empty() const { return m_size == 0; }
    bool contains(const Key &key) const { return find(key) != nullptr; }

    const Value *find(const Key &key) const
    {
        const std::uint64_t hash = mixed(key);
        const Part &part = m_parts[hash >> 56];
        for (std::size_t at = hash & part.mask; !part.cells.empty() && part.cells[at].used;
             at = (at + 1) & part.mask) {
            if (part.cells[at].key == key)
                return &part.cells[at].value;
        }
        return nullptr;
    }

    /// Brings nearer what finding, inserting or erasing the key will look at.
    void approach(const Key &key) const
    {
        const std::uint64_t hash = mixed(key);
        const Part &part = m_parts[hash >> 56];
        if (!part.cells.empty())
            prefetchAll(part.cells[hash & part.mask]);
    }

    /// Sets the value of a key; false when it had another before.
    bool insert(const Key &key, const Value &value)
    {
        const std::uint64_t hash = mixed(key);
        Part &part = m_parts[hash >> 56];
        if ((part.count + 1) * 4 > part.cells.size() * 3)
            grow(part, part.cells.empty() ? 16 : part.cells.size() * 2);
        std::size_t at = hash & part.mask;
        for (; part.cells[at].used; at = (at + 1) & part.mask) {
            if (part.cells[at].key == key) {
                part.cells[at].value = value;
                return false;
            }
        }
        part.cells[at] = {key, value, true};
        ++part.count;
        ++m_size;
        return true;
    }

    bool erase(const Key &key)
    {
        const std::uint64_t hash = mixed(key);
        Part &part = m_parts[hash >> 56];
        if (part.cells.empty())
            return false;
        std::size_t hole = hash & part.mask;
        while (part.cells[hole].used && !(part.cells[hole].key == key))
            hole = (hole + 1) & part.mask;
        if (!part.cells[hole].used)
            return false;
        // what was pushed behind it moves up, so that no search ends too early
        for (std::size_t at = (hole + 1) & part.mask; part.cells[at].used;
             at = (at + 1) & part.mask) {
            const std::size_t home = mixed(part.cells[at].key) & part.mask;
            if (((at - home) & part.mask) >= ((at - hole) & part.mask)) {
                part.cells[hole] = part.cells[at];
                hole = at;
            }
        }
        part.cells[hole].used = false;
        --part.count;
        --m_size;
        return true;
    }

    void clear()
    {
        m_parts = {};
        m_size = 0;
    }
    void reserve(std::size_t entries)
    {
        const std::size_t each = entries / m_parts.size() * 3 / 2;
        std::size_t room = 16;
        while (room * 3 < each * 4)
            room *= 2;
        for (Part &part : m_parts) {
            if (part.cells.size() < room)
                grow(part, room);
        }
    }

    template <class Visit>
    void forEach(Visit visit) const
    {
        for (const Part &part : m_parts) {
            for (std::size_t at = 0; at < part.cells.size(); ++at) {
                if (part.cells[at].used)
                    visit(part.cells[at].key, part.cells[at].value);
            }
        }
    }

private:
    struct Plain {
        Key key;
        Value value;
        bool used;
    };
    // a cell that fits a cache line lies in one
    static constexpr std::size_t alignment =
        sizeof(Plain) <= 64 ? std::bit_ceil(sizeof(Plain)) : alignof(Plain);
    struct alignas(alignment) Cell {
        Key key{};
        Value value{};
        bool used = false;
    };
    struct Part {
        LargeArray<Cell> cells; // a power of two, or none
        std::size_t mask = 0;
        std::size_t count = 0;
    };

    static std::uint64_t mixed(const Key &key)
    {
        std::uint64_t hash = Hash{}(key);
        hash = (hash ^ hash >> 32) * 0x9E37'79B9'7F4A'7C15ULL;
        return hash ^ hash >> 29;
    }
    static void grow(Part &part, std::size_t room)
    {
        Part larger;
        larger.cells.resize(room);
        larger.mask = room - 1;
        larger.count = part.count;
        for (std::size_t from = 0; from < part.cells.size(); ++from) {
            if (!part.cells[from].used)
                continue;
            std::size_t at = mixed(part.cells[from].key) & larger.mask;
            while (larger.cells[at].used)
                at = (at + 1) & larger.mask;
            larger.cells[at] = part.cells[from];
        }
        part = std::move(larger);
    }

    std::array<Part, 256> m_parts;
    std::size_t m_size = 0;
};

} // namespace khop
