// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays that are walked at random: once they are large, memory is asked for in huge pages where the
// system has them, because looking up the page would cost as much as the access.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace khop {

template <class T>
struct LargeAllocator {
    using value_type = T;
    static constexpr std::size_t hugePage = std::size_t{2} << 20;

    LargeAllocator() = default;
    template <class Other>
    LargeAllocator(
        const LargeAllocator<Other> &) // NOLINT(google-explicit-constructor): allocators convert
    {}

    T *allocate(std::size_t count)
    {
        const std::size_t bytes = count * sizeof(T);
#ifdef __linux__
        if (bytes >= hugePage) {
            const std::size_t rounded = (bytes + hugePage - 1) / hugePage * hugePage;
            void *const room = std::aligned_alloc(hugePage, rounded);
            if (!room)
                throw std::bad_alloc();
            (void)madvise(room, rounded, MADV_HUGEPAGE); // advice: no harm where it is not taken
            return static_cast<T *>(room);
        }
#endif
        return static_cast<T *>(::operator new(bytes, std::align_val_t{alignof(T)}));
    }
    void deallocate(T *room, std::size_t count)
    {
#ifdef __linux__
        if (count * sizeof(T) >= hugePage) {
            std::free(room);
            return;
        }
#endif
        ::operator delete(room, std::align_val_t{alignof(T)});
    }
    bool operator==(const LargeAllocator &) const { return true; }
};

template <class T>
using LargeArray = std::vector<T, LargeAllocator<T>>;

} // namespace khop
