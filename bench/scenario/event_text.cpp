// SPDX-License-Identifier: GPL-3.0-or-later
#include "event_text.h"

#include "base/decimal.h"

#include <algorithm>

namespace khop::bench {

namespace {

/// "trade AAA 300@20,000 b x s": the order that came later meets the one that waited.
std::string textOf(const TradeRecord &trade, const Instrument &instrument,
                   const std::function<std::string(const Uuid &)> &nameOf)
{
    if (trade.putThrough)
        return "trade " + instrument.symbol + " "
               + quantityAtPrice(instrument, trade.quantity, trade.price) + " "
               + nameOf(trade.buyOrderId) + " put-through";
    const bool buys = trade.aggressor == Side::Buy;
    return "trade " + instrument.symbol + " "
           + quantityAtPrice(instrument, trade.quantity, trade.price) + " "
           + nameOf(buys ? trade.buyOrderId : trade.sellOrderId) + " x "
           + nameOf(buys ? trade.sellOrderId : trade.buyOrderId) + (trade.oddLot ? " odd" : "");
}

std::string textOf(const OrderRecord &order, const Instrument &instrument, const std::string &name)
{
    const auto line = [&](const char *verb, Quantity quantity) {
        return verb + (" " + name + " ") + quantityText(instrument, quantity);
    };
    const std::string reason =
        order.rejectCode == Code::OK ? "" : " " + std::string(codeName(order.rejectCode));
    switch (order.status) {
    case OrderStatus::Pending: return line("pending", order.remaining);
    case OrderStatus::Queued: return line("queued", order.remaining);
    case OrderStatus::Active:
    case OrderStatus::PartiallyFilled:
        return line("rests", order.remaining) + "@"
               + (order.price ? priceText(instrument, *order.price)
                              : std::string(khop::name(order.type)));
    case OrderStatus::Filled: return line("filled", order.traded);
    case OrderStatus::PendingCancel: return line("cancelling", order.remaining);
    case OrderStatus::PendingReplace: return line("replacing", order.remaining);
    case OrderStatus::Cancelled: return line("cancelled", order.cancelled) + reason;
    case OrderStatus::Rejected: return line("rejected", order.cancelled) + reason;
    case OrderStatus::Expired: return line("expired", order.cancelled);
    }
    return {};
}

} // namespace

std::string priceText(const Instrument &instrument, Price price)
{
    return formatGrouped(price.raw(), instrument.priceScale);
}

std::string quantityText(const Instrument &instrument, Quantity quantity)
{
    return instrument.quantityScale == 0
               ? formatGrouped(quantity.raw())
               : formatDecimal(quantity.raw(), instrument.quantityScale, true);
}

std::string quantityAtPrice(const Instrument &instrument, Quantity quantity, Price price)
{
    return quantityText(instrument, quantity) + "@" + priceText(instrument, price);
}

std::vector<std::string> eventsOf(const CommittedGroup &group, const PaperExchange &exchange,
                                  const std::function<std::string(const Uuid &)> &nameOf)
{
    std::vector<std::string> events;
    const auto endsWithSession = [&](const TradeRecord &trade) {
        const Exchange where = exchange.instrument(trade.instrument).exchange;
        return std::ranges::any_of(group.sessions, [&](const SessionChange &change) {
            return change.exchange == where && change.phase != trade.phase;
        });
    };
    const auto addTrades = [&](bool before) {
        for (const TradeRecord &trade : group.trades) {
            if (endsWithSession(trade) == before)
                events.push_back(textOf(trade, exchange.instrument(trade.instrument), nameOf));
        }
    };
    addTrades(true);
    for (const SessionChange &change : group.sessions) {
        if (std::ranges::find(exchange.instruments(), change.exchange, &Instrument::exchange)
            != exchange.instruments().end())
            events.push_back("session " + std::string(name(change.exchange)) + " "
                             + std::string(name(change.phase)) + " "
                             + formatTimeOfDay(vietnamTimeOfDay(change.time)));
    }
    addTrades(false);
    for (const PutThroughRecord &deal : group.putThroughs)
        events.push_back(
            "deal " + nameOf(deal.id) + " " + std::string(name(deal.status)) + " "
            + quantityAtPrice(exchange.instrument(deal.instrument), deal.quantity, deal.price));
    for (const OrderRecord &order : group.orders)
        events.push_back(textOf(order, exchange.instrument(order.instrument), nameOf(order.id)));
    return events;
}

} // namespace khop::bench
