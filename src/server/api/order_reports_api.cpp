// SPDX-License-Identifier: GPL-3.0-or-later
// What can be said about orders beside their state: the place in the queue, counts and volumes.
#include "server/api/api.h"

#include "base/decimal.h"
#include "server/api/records_json.h"

#include <array>

namespace khop::server {

namespace {

constexpr Text placeRead{"The order's place in its queue.", "Vị trí của lệnh trong hàng đợi."};
constexpr Text summaryRead{"The orders in figures.", "Thống kê lệnh."};

constexpr std::array statuses{OrderStatus::Pending,        OrderStatus::Queued,
                              OrderStatus::Active,         OrderStatus::PartiallyFilled,
                              OrderStatus::Filled,         OrderStatus::PendingCancel,
                              OrderStatus::PendingReplace, OrderStatus::Cancelled,
                              OrderStatus::Rejected,       OrderStatus::Expired};

std::string percentOf(std::uint64_t part, std::uint64_t whole)
{
    const std::uint64_t hundredths = whole == 0 ? 0 : (part * 10'000 + whole / 2) / whole;
    return formatDecimal(static_cast<std::int64_t>(hundredths), 2);
}

} // namespace

void Api::orderQueuePlace(Call &call)
{
    if (!allowOnly(call, {}))
        return;
    withOwnOrder(call, [this, to = call.to](const OrderRecord &order) {
        m_service.queuePlace(
            order.id, here<QueuePlace>([this, to, order](Result<QueuePlace> place) {
                const Instrument *instrument = m_market.instrument(order.instrument);
                if (!place || !instrument) {
                    fail(to, place ? Error{Code::INSTRUMENT_UNKNOWN} : place.error());
                    return;
                }
                JsonWriter json;
                json.beginObject()
                    .field("order_id", order.id.text())
                    .field("symbol", instrument->symbol)
                    .field("side", name(order.side))
                    .field("status", name(order.status))
                    .field("resting", place->atVenue);
                if (place->atVenue)
                    json.field("quantity_ahead", m_market.quantity(*instrument, place->ahead));
                else
                    json.nullField("quantity_ahead");
                json.endObject();
                succeed(to, 200, placeRead, json.text());
            }));
    });
}

void Api::getOrderStatistics(Call &call)
{
    if (!allowOnly(call, {"symbol", "asset_id", "start_date", "from_date", "end_date", "to_date",
                          "account_id", "user_id", "desk"})
        || !practiceDesk(call))
        return;
    bool refused = false;
    const Instrument *instrument = symbolParameter(call, false, refused);
    if (refused)
        return;
    const auto from = timeFilter(call.query, {"start_date", "from_date"}, false);
    const auto to = timeFilter(call.query, {"end_date", "to_date"}, true);
    if (!from || !to) {
        failQuery(call.to, from ? to.error() : from.error());
        return;
    }
    const auto account = oneAccount(call);
    if (!account)
        return;
    auto statistics = std::make_shared<OrderStatistics>();
    statistics->orders.account = account;
    statistics->orders.from = *from;
    statistics->orders.to = *to;
    statistics->orders.limit = 1;
    if (instrument)
        statistics->orders.instrument = instrument->index;
    statistics->executions.account = account;
    statistics->executions.from = *from;
    statistics->executions.to = *to;
    statistics->executions.limit = 1'000;
    statistics->executions.instrument = statistics->orders.instrument;
    countByStatus(call.to, statistics);
}

/// One status after the other, then the executions page by page.
void Api::countByStatus(const Answerer &to, const std::shared_ptr<OrderStatistics> &statistics)
{
    const std::size_t next = statistics->counts.size();
    if (next == statuses.size()) {
        addExecutions(to, statistics);
        return;
    }
    statistics->orders.statuses = {statuses[next]};
    m_service.queryOrders(
        statistics->orders,
        here<Page<OrderRecord>>([this, to, statistics](Result<Page<OrderRecord>> page) {
            if (!page) {
                fail(to, page.error());
                return;
            }
            statistics->counts.push_back(page->total);
            countByStatus(to, statistics);
        }));
}

void Api::addExecutions(const Answerer &to, const std::shared_ptr<OrderStatistics> &statistics)
{
    m_service.queryExecutions(
        statistics->executions,
        here<Page<ExecutionRecord>>([this, to, statistics](Result<Page<ExecutionRecord>> page) {
            if (!page) {
                fail(to, page.error());
                return;
            }
            for (const ExecutionRecord &execution : page->rows) {
                const Instrument *instrument = m_market.instrument(execution.instrument);
                if (!instrument)
                    continue;
                TradedSums &sums = statistics->traded[instrument->currency];
                ++sums.executions;
                sums.fees += execution.fee;
                sums.taxes += execution.tax;
                (execution.side == Side::Buy ? sums.bought : sums.sold) += execution.value;
                statistics->executions.before = execution.no;
            }
            if (page->more && !page->rows.empty())
                addExecutions(to, statistics);
            else
                answerStatistics(to, *statistics);
        }));
}

void Api::answerStatistics(const Answerer &to, const OrderStatistics &statistics)
{
    std::uint64_t total = 0;
    for (const std::uint64_t count : statistics.counts)
        total += count;
    const auto countOf = [&](OrderStatus status) {
        return statistics.counts[static_cast<std::size_t>(std::ranges::find(statuses, status)
                                                          - statuses.begin())];
    };
    JsonWriter json;
    json.beginObject()
        .field("account_id", m_market.account(*statistics.orders.account).idText)
        .numberField("total_orders", static_cast<std::int64_t>(total));
    json.key("by_status").beginObject();
    for (std::size_t i = 0; i < statuses.size(); ++i)
        json.numberField(name(statuses[i]), static_cast<std::int64_t>(statistics.counts[i]));
    json.endObject();
    json.field("filled_percent", percentOf(countOf(OrderStatus::Filled), total))
        .field("cancelled_percent", percentOf(countOf(OrderStatus::Cancelled), total));
    json.key("by_currency").beginArray();
    for (const auto &[currency, sums] : statistics.traded) {
        json.beginObject().field("currency", currency).numberField("executions", sums.executions);
        json.field("bought", m_market.money(currency, sums.bought))
            .field("sold", m_market.money(currency, sums.sold))
            .field("fees", m_market.money(currency, sums.fees))
            .field("taxes", m_market.money(currency, sums.taxes))
            .endObject();
    }
    json.endArray().endObject();
    succeed(to, 200, summaryRead, json.text());
}

} // namespace khop::server
