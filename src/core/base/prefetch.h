// SPDX-License-Identifier: GPL-3.0-or-later
// Asking for memory before it is needed.
#pragma once

#include <cstddef>

#ifdef _MSC_VER
#include <intrin.h>
#endif

namespace khop {

/// Brings the cache line of this address nearer. A hint: it changes nothing and never faults.
inline void prefetch(const void *address)
{
#ifdef _MSC_VER
    _mm_prefetch(static_cast<const char *>(address), _MM_HINT_T0);
#else
    __builtin_prefetch(address);
    // GCC takes a function that only prefetches for one without effect and drops its calls
    __asm__ volatile("" : : "r"(address));
#endif
}

/// All lines of an object.
template <class T>
inline void prefetchAll(const T &object)
{
    constexpr std::size_t line = 64;
    const char *const start = reinterpret_cast<const char *>(&object);
    for (std::size_t at = 0; at < sizeof(T); at += line)
        prefetch(start + at);
    if constexpr (alignof(T) < line && alignof(T) < sizeof(T))
        prefetch(start + sizeof(T) - 1); // it may end one line further
}

} // namespace khop
