// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays that are walked at random: memory is asked for in huge pages where the system has them, because
// looking up the page would cost as much as the access, and asking ahead of time (base/prefetch.h) waits
// for that too.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace khop {

/// Memory of at least largeMemory bytes; from 2 MiB on in huge pages of its own, below that as a part of one
/// (rounded up to a power of two). Any thread may ask.
inline constexpr std::size_t largeMemory = std::size_t{1} << 14;
void *takeLargeMemory(std::size_t bytes);
void giveLargeMemory(void *room, std::size_t bytes);

template <class T>
struct LargeAllocator {
    using value_type = T;

    LargeAllocator() = default;
    template <class Other>
    LargeAllocator(
        const LargeAllocator<Other> &) // NOLINT(google-explicit-constructor): allocators convert
    {}

    T *allocate(std::size_t count)
    {
        const std::size_t bytes = count * sizeof(T);
        if (bytes >= largeMemory)
            return static_cast<T *>(takeLargeMemory(bytes));
        return static_cast<T *>(::operator new(bytes, std::align_val_t{alignof(T)}));
    }
    void deallocate(T *room, std::size_t count)
    {
        if (count * sizeof(T) >= largeMemory)
            giveLargeMemory(room, count * sizeof(T));
        else
            ::operator delete(room, std::align_val_t{alignof(T)});
    }
    bool operator==(const LargeAllocator &) const { return true; }
};

template <class T>
using LargeArray = std::vector<T, LargeAllocator<T>>;

} // namespace khop
