// SPDX-License-Identifier: GPL-3.0-or-later
// Where a hot path is laid out by hand: what belongs to it, what is called apart from it, and what
// hardly ever happens.
#pragma once

#ifdef _MSC_VER
#define KHOP_HOT_INLINE __forceinline
#define KHOP_APART __declspec(noinline)
#define KHOP_COLD __declspec(noinline)
#else
#define KHOP_HOT_INLINE [[gnu::always_inline]] inline
#define KHOP_APART [[gnu::noinline]]
#define KHOP_COLD [[gnu::noinline, gnu::cold]]
#endif
