// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a sequence of operations on which implementations of the books differ as short as it gets:
// leaves out ever smaller pieces as long as the difference stays (delta debugging), then makes what is
// left plainer.
#pragma once

#include "scenario/book_run.h"

#include <optional>
#include <vector>

namespace khop {

class Shrinker
{
public:
    struct Found {
        std::vector<bench::BookOperation> operations; // the last one shows it
        std::string difference;
    };

    /// Replays sequences at most `mostRuns` times, and no longer than `mostSeconds`.
    Shrinker(bench::BookSetup setup, std::vector<bench::BookMaker> makers, int mostRuns,
             int mostSeconds);

    /// Nothing when the operations show no difference.
    std::optional<Found> shrink(std::vector<bench::BookOperation> operations);

private:
    std::optional<Found> replay(const std::vector<bench::BookOperation> &operations) const;
    std::optional<Found> tryOut(const std::vector<bench::BookOperation> &operations) const;
    bool tryInstead(std::vector<bench::BookOperation> operations);
    bool leaveOutPieces(std::size_t size);
    void simplify();
    bool spent() const;

    bench::BookSetup m_setup;
    std::vector<bench::BookMaker> m_makers;
    int m_runsLeft;
    std::int64_t m_until; // nanoseconds of the steady clock
    Found m_best;
};

} // namespace khop
