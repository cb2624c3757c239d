// SPDX-License-Identifier: GPL-3.0-or-later
// A part of a scenario file: one market, or one set of bare books.
#pragma once

#include "report.h"
#include "words.h"

namespace khop::bench {

class Section
{
public:
    virtual ~Section() = default;
    /// Does what one line says. What cannot be understood is complained of in `words`.
    virtual void run(Words &words, Report &report) = 0;
};

} // namespace khop::bench
