// SPDX-License-Identifier: GPL-3.0-or-later
// What portfolios follow of the days in memory.
#include "engine/day_view.h"

#include <algorithm>
#include <span>

namespace khop {

namespace {

/// The account's rows with numbers after `no`, as an index into them.
template <class Row>
std::span<const std::uint32_t> after(const RowArray<Row> &rows, const DayRows::Index &index,
                                     std::uint64_t no)
{
    const auto first =
        std::ranges::upper_bound(index, no, {}, [&rows](std::uint32_t i) { return rows[i].no; });
    return {first, index.end()};
}

} // namespace

Time DayView::committedTime() const
{
    const std::shared_lock lock(m_mutex);
    return m_now;
}

AccountRecords DayView::recordsAfter(AccountNo account, std::uint64_t entry,
                                     std::uint64_t execution) const
{
    AccountRecords records;
    const std::shared_lock lock(m_mutex);
    for (const auto &piece : m_pieces) {
        const DayRows &rows = piece->rows;
        for (const std::uint32_t i : after(rows.entries, rows.at(account).entries, entry)) {
            if (tellsOfPortfolio(rows.entries[i]))
                records.entries.push_back(rows.entries[i]);
        }
        for (const std::uint32_t i : after(rows.executions, rows.at(account).executions, execution))
            records.executions.push_back(rows.executions[i]);
    }
    return records;
}

std::vector<ValuationPrice> DayView::valuationPrices() const
{
    const std::shared_lock lock(m_mutex);
    std::vector<ValuationPrice> prices(m_instruments->size());
    for (std::size_t i = 0; i < prices.size() && i < m_quotes.size(); ++i)
        prices[i] = {m_quotes[i].last.value_or(Price{}), (*m_instruments)[i].reference};
    return prices;
}

} // namespace khop
