// SPDX-License-Identifier: GPL-3.0-or-later
// A `books` section of a scenario file: bare operations on every implementation of the order books,
// which must agree after each.
#pragma once

#include "book_run.h"
#include "section.h"

#include <optional>

namespace khop::bench {

class BookScenario final : public Section
{
public:
    void run(Words &words, Report &report) override;

private:
    void readBookLine(Words &words);

    BookSetup m_setup;
    std::optional<BookRun> m_run; // from the first operation on
    bool m_differed = false;      // nothing is compared after the first difference
};

} // namespace khop::bench
