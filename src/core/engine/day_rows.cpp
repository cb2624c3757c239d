// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/day_rows.h"

#include <algorithm>
#include <limits>

namespace khop {

DayRows::AccountRows &DayRows::of(AccountNo account)
{
    if (accounts.size() <= account)
        accounts.resize(account + 1);
    return accounts[account];
}

const DayRows::AccountRows &DayRows::at(AccountNo account) const
{
    static const AccountRows none;
    return account < accounts.size() ? accounts[account] : none;
}

const OrderRecord *DayRows::find(OrderNo no) const
{
    const std::size_t place = placeOf(orders, no);
    return place < orders.size() && orders[place].no == no && orders[place].account != 0
               ? &orders[place]
               : nullptr;
}

const OrderRecord *DayRows::find(const Uuid &id) const
{
    const std::uint32_t *const place = orderById.find(id);
    return place ? &orders[*place] : nullptr;
}

void DayRows::put(const OrderRecord &order)
{
    AccountRows &own = of(order.account);
    if (const std::size_t earlier = placeOf(orders, order.no);
        earlier < orders.size() && orders[earlier].no == order.no) {
        OrderRecord &known = orders[earlier];
        if (known.version <= order.version) {
            --own.byStatus[static_cast<std::size_t>(known.status)];
            ++own.byStatus[static_cast<std::size_t>(order.status)];
            known = order;
            orderChanges.push_back(static_cast<std::uint32_t>(earlier));
        }
        return;
    }
    const auto place = static_cast<std::uint32_t>(orders.size());
    orderById.insert(order.id, place);
    earlierOfClientId.push_back(place);
    if (!order.clientOrderId.empty()) {
        const std::uint64_t hash = std::hash<std::string>{}(order.clientOrderId);
        if (const std::uint32_t *const earlier = orderByClientId.find(hash))
            earlierOfClientId.back() = *earlier;
        orderByClientId.insert(hash, place);
    }
    orderChanges.push_back(place);
    own.orders.push_back(place);
    ++own.byStatus[static_cast<std::size_t>(order.status)];
    orders.push_back(order);
}

void DayRows::forget(std::uint32_t place)
{
    OrderRecord &order = orders[place];
    AccountRows &own = of(order.account);
    --own.byStatus[static_cast<std::size_t>(order.status)];
    ++own.forgotten;
    ++forgotten;
    orderById.erase(order.id);
    const OrderNo no = order.no;
    order = {};
    order.no = no;
    orderChanges.push_back(place);
}

std::uint64_t DayRows::AccountRows::countOf(const std::vector<OrderStatus> &statuses) const
{
    std::array<bool, orderStatusCount> asked{};
    for (const OrderStatus status : statuses)
        asked[static_cast<std::size_t>(status)] = true;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < asked.size(); ++i)
        count += asked[i] ? byStatus[i] : 0;
    return count;
}

DayRows::Index DayRows::withClientId(const std::string &clientOrderId) const
{
    Index found;
    const std::uint32_t *const latest =
        orderByClientId.find(std::hash<std::string>{}(clientOrderId));
    if (!latest)
        return found;
    for (std::uint32_t place = *latest;; place = earlierOfClientId[place]) {
        found.push_back(place);
        if (earlierOfClientId[place] == place)
            break;
    }
    std::ranges::reverse(found);
    return found;
}

void DayRows::put(const ExecutionRecord &execution)
{
    of(execution.account).executions.push_back(static_cast<std::uint32_t>(executions.size()));
    executions.push_back(execution);
}

void DayRows::put(const TradeRecord &trade)
{
    const auto index = static_cast<std::uint32_t>(trades.size());
    if (tradesOf.size() <= trade.instrument)
        tradesOf.resize(trade.instrument + 1);
    tradesOf[trade.instrument].push_back(index);
    if (trade.buyAccount != 0)
        of(trade.buyAccount).trades.push_back(index);
    if (trade.sellAccount != 0 && trade.sellAccount != trade.buyAccount)
        of(trade.sellAccount).trades.push_back(index);
    trades.push_back(trade);
}

void DayRows::put(const LedgerEntry &entry)
{
    of(entry.account).entries.push_back(static_cast<std::uint32_t>(entries.size()));
    entries.push_back(entry);
}

bool DayRows::empty() const
{
    return orders.empty() && executions.empty() && trades.empty() && entries.empty();
}

Time DayRows::begin() const
{
    Time time{std::numeric_limits<std::int64_t>::max()};
    if (!orders.empty())
        time = std::min(time, orders.front().createdAt);
    if (!executions.empty())
        time = std::min(time, executions.front().time);
    if (!trades.empty())
        time = std::min(time, trades.front().time);
    if (!entries.empty())
        time = std::min(time, entries.front().time);
    return time;
}

std::size_t DayRows::weight() const
{
    constexpr std::size_t indexed = 8, found = 80; // the indexes of a row, and what finds an order
    return orders.size() * (sizeof(OrderRecord) + indexed + found)
           + executions.size() * (sizeof(ExecutionRecord) + indexed)
           + trades.size() * (sizeof(TradeRecord) + indexed)
           + entries.size() * (sizeof(LedgerEntry) + indexed);
}

} // namespace khop
