// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/day_archive.h"

#include <algorithm>
#include <limits>

namespace khop {

namespace {

constexpr std::size_t rowsOfStep = 512; // of one kind, about
constexpr int changesOfStep = 4'096;
constexpr std::size_t allTime = 8; // so many times the memory too much, and nothing pauses
constexpr std::size_t least = 20;  // a step's share of the time is one part in so many at least
constexpr auto afterFailure = std::chrono::seconds(5);
constexpr Time never{std::numeric_limits<std::int64_t>::max()};

Time timeOf(const OrderRecord &order) { return order.createdAt; }
Time timeOf(const auto &row) { return row.time; }

/// Calls for the rows of each kind with the position of the first that has not been moved.
template <class Place, class Visit>
void forEachKind(const DayRows &rows, Place &place, Visit visit)
{
    visit(rows.orders, place.orders);
    visit(rows.executions, place.executions);
    visit(rows.trades, place.trades);
    visit(rows.entries, place.entries);
}

} // namespace

void DayArchive::start()
{
    m_moved = {};
    m_open.clear();
    m_seen = 0;
    m_oldChanges = 0;
}

Result<void> DayArchive::follow(Store &store, const CommittedGroup &group)
{
    if (!group.newDay && m_view.weight().growing < m_memory / pieces)
        return {};
    const auto lastChange = store.lastChange();
    if (!lastChange)
        return std::unexpected(lastChange.error());
    m_view.closePiece(*lastChange, group.newDay);
    return group.newDay ? store.forgetClientOrders(vietnamDate(group.time)) : Result<void>{};
}

std::optional<DayArchive::Clock::time_point> DayArchive::next() const
{
    if (!m_view.complete())
        return std::nullopt;
    if (m_oldChanges != 0)
        return m_next;
    const DayPiece *const oldest = m_view.oldest();
    return oldest && (oldest->ended || m_view.weight().all > m_memory) ? std::optional(m_next)
                                                                       : std::nullopt;
}

Result<void> DayArchive::step(Store &store, History &history)
{
    const auto begin = Clock::now();
    auto done = doStep(store, history);
    const auto end = Clock::now();
    // Steps take a share of the time that grows with what memory holds too much. A burst is kept for calmer moments;
    // under a steady load memory settles where as much leaves as comes.
    const std::size_t all = m_view.weight().all;
    const std::size_t most = std::max<std::size_t>(m_memory * allTime, 1);
    const std::size_t excess =
        std::clamp(all - std::min(all, m_memory), (most + least - 1) / least, most);
    const auto pause =
        (end - begin) * static_cast<std::int64_t>((most - excess) * 1'000 / excess) / 1'000;
    m_next = end + (done ? pause : Clock::duration(afterFailure));
    return done;
}

Result<void> DayArchive::doStep(Store &store, History &history)
{
    if (m_oldChanges != 0) {
        const auto all = store.forgetChanges(m_oldChanges, changesOfStep);
        if (!all)
            return std::unexpected(all.error());
        if (*all)
            m_oldChanges = 0;
        return {};
    }
    const DayPiece &piece = *m_view.oldest();
    const DayRows &rows = piece.rows;
    const Place end{rows.orders.size(), rows.executions.size(), rows.trades.size(),
                    rows.entries.size()};
    return m_moved == end ? letGo(store, history, piece) : move(store, rows);
}

/// Moves what is older than a moment: all that the commands until then have made, so that the history never has
/// an entry without its execution.
Result<void> DayArchive::move(Store &store, const DayRows &rows)
{
    Time before = never, first = never;
    forEachKind(rows, m_moved, [&](const auto &of, std::size_t at) {
        if (at < of.size())
            first = std::min(first, timeOf(of[at]));
        if (at + rowsOfStep < of.size())
            before = std::min(before, timeOf(of[at + rowsOfStep]));
    });
    before = std::max(before, first + 1);
    Place end = m_moved;
    forEachKind(rows, end, [&](const auto &of, std::size_t &at) {
        while (at < of.size() && timeOf(of[at]) < before)
            ++at;
    });
    HistoryMove move;
    std::vector<OrderNo> open;
    for (std::size_t k = m_moved.orders; k < end.orders; ++k) {
        if (isOpen(rows.orders[k].status))
            open.push_back(rows.orders[k].no);
        else
            move.orders.push_back(&rows.orders[k]);
    }
    move.executions = {&rows.executions, m_moved.executions, end.executions};
    move.trades = {&rows.trades, m_moved.trades, end.trades};
    move.entries = {&rows.entries, m_moved.entries, end.entries};
    if (auto moved = store.moveToHistory(move); !moved)
        return moved;
    m_moved = end;
    m_open.insert(m_open.end(), open.begin(), open.end());
    return {};
}

/// All rows of the piece are in the history, but for those of orders that were open. They, and those left over
/// from earlier pieces, move now if they have ended; today's table gets the others as they are, since their
/// changes so far are forgotten next.
Result<void> DayArchive::letGo(Store &store, History &history, const DayPiece &piece)
{
    const DayRows &earlier = m_view.leftOver();
    std::vector<std::uint32_t> changed(earlier.orderChanges.begin()
                                           + static_cast<std::ptrdiff_t>(m_seen),
                                       earlier.orderChanges.end());
    std::ranges::sort(changed);
    const auto repeated = std::ranges::unique(changed);
    changed.erase(repeated.begin(), repeated.end());
    HistoryMove move;
    std::vector<std::uint32_t> ended;
    std::vector<OrderNo> staying;
    for (const std::uint32_t place : changed) {
        const OrderRecord &order = earlier.orders[place];
        if (order.account == 0) // gone already
            continue;
        (isOpen(order.status) ? move.left : move.orders).push_back(&order);
        if (!isOpen(order.status))
            ended.push_back(place);
    }
    for (const OrderNo no : m_open) {
        const OrderRecord &order = *piece.rows.find(no);
        (isOpen(order.status) ? move.left : move.orders).push_back(&order);
        if (isOpen(order.status))
            staying.push_back(no);
    }
    m_view.beginDrop();
    if (auto moved = store.moveToHistory(move); !moved) {
        m_view.endDrop();
        return moved;
    }
    m_books.beforeArchive();
    m_oldChanges = piece.lastChange;
    auto dropped = m_view.dropOldest(ended, staying);
    m_view.endDrop();
    m_moved = {};
    m_open.clear();
    m_seen = m_view.leftOver().orderChanges.size();
    history.afterLoading([dropped = std::move(dropped)] {}); // freed there: it takes a while
    return {};
}

} // namespace khop
