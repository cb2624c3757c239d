// SPDX-License-Identifier: GPL-3.0-or-later
// How rows leave memory for the history tables: a little at a time, beside the trading, so that memory holds the
// latest rows only and the end of a day is nothing to wait for. They are written to the history as memory has
// them, oldest first; a piece of the view leaves memory, and readers find its rows in the history, once it is
// written whole. Orders that are open then stay behind, in memory and in today's table, and follow with a
// later piece.
//
// Every step is a transaction of its own. After a crash part of a piece may be in the history and the rest in
// today's tables, no row in both: the desk starts with what each of them has.
//
// Engine's thread.
#pragma once

#include "engine/day_view.h"
#include "engine/portfolio_books.h"
#include "store/history.h"
#include "store/store.h"

#include <chrono>

namespace khop {

class DayArchive
{
public:
    using Clock = std::chrono::steady_clock;

    /// `memory`: the rows that stay, in bytes, about.
    DayArchive(DayView &view, PortfolioBooks &books, std::size_t memory)
        : m_view(view)
        , m_books(books)
        , m_memory(memory)
    {}

    /// The view starts anew.
    void start();
    /// After every group.
    Result<void> follow(Store &store, const CommittedGroup &group);
    /// When the next step is to be made; nothing while there is none.
    std::optional<Clock::time_point> next() const;
    /// Makes it. After an error nothing has been moved, and it is tried again later.
    Result<void> step(Store &store, History &history);

private:
    struct Place {
        std::size_t orders = 0, executions = 0, trades = 0, entries = 0;
        bool operator==(const Place &) const = default;
    };
    static constexpr std::size_t pieces = 8; // that memory is divided into

    Result<void> doStep(Store &store, History &history);
    Result<void> move(Store &store, const DayRows &rows);
    Result<void> letGo(Store &store, History &history, const DayPiece &piece);

    DayView &m_view;
    PortfolioBooks &m_books;
    std::size_t m_memory;
    Place m_moved;                 // of the oldest piece: what is in the history
    std::vector<OrderNo> m_open;   // of it: those that were open when the others moved
    std::size_t m_seen = 0;        // of the changes of those left over: today's table has them
    std::int64_t m_oldChanges = 0; // the rows of `order_changes` up to this one are of no more use
    Clock::time_point m_next;
};

} // namespace khop
