// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/invariant.h"

#include <cstdio>
#include <cstdlib>

namespace khop {

void invariantBroken(const char *what, const char *file, int line)
{
    std::fprintf(stderr, "khop: invariant broken: %s (%s:%d)\n", what, file, line);
    std::fflush(stderr);
    std::abort();
}

} // namespace khop
