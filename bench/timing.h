// SPDX-License-Identifier: GPL-3.0-or-later
// Clocks of the measurements.
#pragma once

#include "base/clock.h"

#include <cstdint>

#if defined(__x86_64__) && !defined(_MSC_VER)
#include <x86intrin.h>
#endif
#ifdef __linux__
#include <time.h>
#endif

namespace khop::bench {

/// Processor time of this thread, in nanoseconds: what other programs take away does not count.
/// Elapsed time where the system does not tell.
inline std::int64_t threadNanoseconds()
{
#ifdef __linux__
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
#else
    return steadyNanoseconds();
#endif
}

/// A counter to time single operations with, fenced against reordering; its unit has to be
/// calibrated.
inline std::uint64_t fencedTicks()
{
#if defined(__x86_64__) && !defined(_MSC_VER)
    _mm_lfence();
    const std::uint64_t ticks = __rdtsc();
    _mm_lfence();
    return ticks;
#else
    return static_cast<std::uint64_t>(steadyNanoseconds());
#endif
}

} // namespace khop::bench
