// SPDX-License-Identifier: GPL-3.0-or-later
// Fail-stop: an engine that finds its own state impossible must not go on.
#pragma once

namespace khop {

/// Writes the broken invariant to standard error and aborts; recovery reloads from the store.
[[noreturn]] void invariantBroken(const char *what, const char *file, int line);

} // namespace khop

#define KHOP_INVARIANT(condition)                                                                  \
    do {                                                                                           \
        if (!(condition)) [[unlikely]]                                                             \
            ::khop::invariantBroken(#condition, __FILE__, __LINE__);                               \
    } while (false)
