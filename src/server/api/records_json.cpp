// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/api/records_json.h"

#include "base/decimal.h"
#include "base/sentences.h"
#include "server/api/condition_json.h"

#include <algorithm>

namespace khop::server {

namespace {

std::optional<std::string> timeText(std::optional<Time> time)
{
    return time ? std::optional(isoTime(*time)) : std::nullopt;
}

} // namespace

std::string_view orderTypeText(const OrderRecord &order)
{
    return order.given == GivenName::OwnType ? name(order.type) : name(order.given);
}

void writeOrder(JsonWriter &json, const OrderRecord &order, const MarketView &market)
{
    const Instrument *instrument = market.instrument(order.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    const AccountView &account = market.account(order.account);
    const std::optional<Money> total =
        order.price ? market.value(*instrument, *order.price, order.quantity) : order.tradedValue;
    json.beginObject().field("order_id", order.id.text());
    if (order.clientOrderId.empty())
        json.nullField("client_order_id");
    else
        json.field("client_order_id", order.clientOrderId);
    json.field("account_id", account.idText)
        .field("username", account.username)
        .field("user_id", account.userId)
        .field("symbol", instrument->symbol)
        .field("asset_id", instrument->symbol)
        .field("market", name(instrument->exchange))
        .field("side", name(order.side))
        .field("order_type", orderTypeText(order))
        .field("time_in_force", name(order.timeInForce))
        .field("status", name(order.status))
        .field("quantity", market.quantity(*instrument, order.quantity));
    if (order.price)
        json.field("price", market.price(*instrument, *order.price));
    else
        json.nullField("price");
    json.field("remaining_quantity", market.quantity(*instrument, order.remaining))
        .field("traded_quantity", market.quantity(*instrument, order.traded))
        .field("average_traded_price", market.average(*instrument, order.tradedValue, order.traded))
        .field("total_amount",
               market.money(instrument->currency, total.value_or(order.tradedValue)))
        .field("fee", market.money(instrument->currency, order.fee))
        .field(
            "exchange_fee",
            market.money(
                instrument->currency,
                exchangePart(
                    market.rules().of(instrument->exchange).ratesOn(vietnamDate(order.createdAt)),
                    order.tradedValue, order.fee)))
        .field("tax", market.money(instrument->currency, order.tax))
        .field("currency", instrument->currency)
        .field("is_active", isOpen(order.status));
    if (order.rejectCode == Code::OK)
        json.nullField("reject_code").nullField("reject_reason");
    else
        json.field("reject_code", codeName(order.rejectCode))
            .field("reject_reason", sentence(Error{order.rejectCode}, Language::English));
    if (order.condition) {
        json.key("condition");
        writeCondition(json, *order.condition, *instrument, market);
    } else {
        json.nullField("condition");
    }
    json.optionalField("parent_order_id",
                       order.parent.isNull() ? std::nullopt : std::optional(order.parent.text()));
    if (order.description.empty())
        json.nullField("description");
    else
        json.field("description", order.description);
    json.optionalField("expires_at", timeText(order.expiresAt))
        .field("created_at", isoTime(order.createdAt))
        .field("updated_at", isoTime(order.updatedAt))
        .numberField("version", order.version)
        .endObject();
}

void writeExecution(JsonWriter &json, const ExecutionRecord &execution, const MarketView &market)
{
    const Instrument *instrument = market.instrument(execution.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    json.beginObject()
        .field("execution_id", execution.id.text())
        .field("order_id", execution.orderId.text())
        .field("symbol", instrument->symbol)
        .field("asset_id", instrument->symbol)
        .field("side", name(execution.side))
        .field("price", market.price(*instrument, execution.price))
        .field("quantity", market.quantity(*instrument, execution.quantity))
        .field("total_amount", market.money(instrument->currency, execution.value))
        .field("fee", market.money(instrument->currency, execution.fee))
        .field("tax", market.money(instrument->currency, execution.tax))
        .field("currency", instrument->currency)
        .field("execution_timestamp", isoTime(execution.time))
        .field("settlement_date", isoDate(vietnamDate(execution.settlesAt)))
        .field("venue", "PAPER")
        .endObject();
}

void writeTrade(JsonWriter &json, const TradeRecord &trade, const MarketView &market,
                AccountNo viewer, bool seesAll, Time now)
{
    const Instrument *instrument = market.instrument(trade.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    const auto orderId = [&](const char *field, OrderNo order, const Uuid &id, AccountNo owner) {
        if (order != 0 && owner != 0 && !trade.putThrough && (seesAll || owner == viewer))
            json.field(field, id.text());
        else
            json.nullField(field);
    };
    const bool settled = trade.settlesAt <= now;
    json.beginObject()
        .field("trade_id", trade.id.text())
        .field("symbol", instrument->symbol)
        .field("price", market.price(*instrument, trade.price))
        .field("quantity", market.quantity(*instrument, trade.quantity))
        .field("total_amount", market.money(instrument->currency, trade.value))
        .field("side", name(trade.aggressor));
    orderId("bid_order_id", trade.buyOrder, trade.buyOrderId, trade.buyAccount);
    orderId("ask_order_id", trade.sellOrder, trade.sellOrderId, trade.sellAccount);
    json.field("put_through", trade.putThrough)
        .field("execution_timestamp", isoTime(trade.time))
        .field("is_settled", settled)
        .field("settlement_date", isoDate(vietnamDate(trade.settlesAt)))
        .optionalField("settlement_timestamp",
                       settled ? std::optional(isoTime(trade.settlesAt)) : std::nullopt)
        .field("venue", "PAPER")
        .endObject();
}

void writeLevels(JsonWriter &json, const std::vector<BookLevel> &levels, std::size_t most,
                 const Instrument &instrument, const MarketView &market)
{
    json.beginArray();
    for (std::size_t i = 0; i < std::min(most, levels.size()); ++i) {
        json.beginObject()
            .field("price", market.price(instrument, levels[i].price))
            .field("quantity", market.quantity(instrument, levels[i].quantity))
            .numberField("orders", levels[i].orders)
            .endObject();
    }
    json.endArray();
}

void writeIndicative(JsonWriter &json, const BookDepth &depth, const Instrument &instrument,
                     const MarketView &market)
{
    if (!depth.indicativePrice)
        return;
    json.key("indicative")
        .beginObject()
        .field("price", market.price(instrument, *depth.indicativePrice))
        .field("quantity", market.quantity(instrument, depth.indicativeVolume))
        .field("surplus", market.quantity(instrument, depth.indicativeSurplus));
    if (depth.indicativeSurplus.isZero())
        json.nullField("surplus_side");
    else
        json.field("surplus_side", name(depth.surplusSide));
    json.endObject();
}

void writeBook(JsonWriter &json, const BookDepth &depth, const MarketView &market)
{
    const Instrument *instrument = market.instrument(depth.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    json.beginObject().field("symbol", instrument->symbol);
    json.key("bids");
    writeLevels(json, depth.bids, depth.bids.size(), *instrument, market);
    json.key("asks");
    writeLevels(json, depth.asks, depth.asks.size(), *instrument, market);
    writeIndicative(json, depth, *instrument, market);
    json.field("session", name(depth.phase))
        .field("halted", depth.halted)
        .numberField("sequence", static_cast<std::int64_t>(depth.sequence))
        .field("timestamp", isoTime(depth.time))
        .endObject();
}

void writeInstrument(JsonWriter &json, const Instrument &instrument, const Quote &quote,
                     const MarketView &market)
{
    json.beginObject()
        .field("symbol", instrument.symbol)
        .field("asset_id", instrument.symbol)
        .field("name", instrument.name)
        .field("market", name(instrument.exchange))
        .field("exchange", name(instrument.exchange))
        .field("kind", name(instrument.kind))
        .field("currency", instrument.currency)
        .field("sector", instrument.sector)
        .field("reference", market.price(instrument, instrument.reference));
    if (instrument.banded)
        json.field("ceiling", market.price(instrument, instrument.ceiling))
            .field("floor", market.price(instrument, instrument.floor));
    else
        json.nullField("ceiling").nullField("floor");
    json.key("tick_table").beginArray();
    for (const TickTable::Step &step : instrument.ticks.steps()) {
        json.beginObject()
            .field("from", market.price(instrument, step.from))
            .field("tick", market.price(instrument, step.tick))
            .endObject();
    }
    json.endArray();
    json.field("lot", market.quantity(instrument, instrument.lot));
    if (instrument.maxQuantity.isZero())
        json.nullField("max_quantity");
    else
        json.field("max_quantity", market.quantity(instrument, instrument.maxQuantity));
    json.numberField("price_scale", instrument.priceScale)
        .numberField("quantity_scale", instrument.quantityScale);
    if (quote.foreignRoom)
        json.field("foreign_room", market.quantity(instrument, *quote.foreignRoom));
    else
        json.nullField("foreign_room");
    json.field("first_day", instrument.firstDay)
        .field("restricted", instrument.restricted)
        .field("halted", instrument.halted)
        .field("active", instrument.active)
        .endObject();
}

void writeHolding(JsonWriter &json, const Position &position, const Instrument &instrument,
                  const MarketView &market)
{
    const auto quantity = [&](std::string_view field, Quantity value) {
        json.field(field, market.quantity(instrument, value));
    };
    json.field("symbol", instrument.symbol)
        .field("asset_id", instrument.symbol)
        .field("currency", instrument.currency);
    quantity("quantity", position.quantity);
    quantity("sellable", position.sellable);
    quantity("held", position.held);
    quantity("pending_t0", position.pendingToday);
    quantity("pending_t1", position.pendingYesterday);
    quantity("pending_t2", position.pendingBefore);
}

void writeBalance(JsonWriter &json, const Balance &balance, const MarketView &market)
{
    const std::string &currency = balance.currency;
    json.field("currency", currency)
        .field("current_balance", market.money(currency, balance.current))
        .field("available_balance", market.money(currency, balance.available))
        .field("held_balance", market.money(currency, balance.held))
        .field("pending_balance", market.money(currency, balance.pending))
        .field("total_deposited", market.money(currency, balance.deposited))
        .field("total_withdrawn", market.money(currency, balance.withdrawn))
        .field("advanced", market.money(currency, balance.advanced))
        .field("loan", market.money(currency, balance.loan))
        .field("interest_due", market.money(currency, balance.interestDue))
        .field("updated_at", isoTime(balance.updatedAt));
}

void writeSession(JsonWriter &json, const SessionState &session)
{
    json.beginObject()
        .field("market", name(session.exchange))
        .field("state", name(session.phase))
        .field("trading_day", session.tradingDay)
        .field("date", isoDate(session.date))
        .field("since", isoTime(session.since))
        .field("until", isoTime(session.until))
        .field("next", name(session.next));
    json.key("order_types").beginArray();
    for (int type = 0; type < orderTypeCount; ++type) {
        if (has(session.orderTypes, static_cast<OrderType>(type)))
            json.string(name(static_cast<OrderType>(type)));
    }
    json.endArray().endObject();
}

void writePutThrough(JsonWriter &json, const PutThroughRecord &deal, const MarketView &market)
{
    const Instrument *instrument = market.instrument(deal.instrument);
    if (!instrument) {
        json.null();
        return;
    }
    const AccountView &proposer = market.account(deal.proposer);
    const AccountView &counterparty = market.account(deal.counterparty);
    const Money value = market.value(*instrument, deal.price, deal.quantity).value_or(Money{});
    json.beginObject()
        .field("put_through_id", deal.id.text())
        .field("symbol", instrument->symbol)
        .field("asset_id", instrument->symbol)
        .field("market", name(instrument->exchange))
        .field("status", name(deal.status))
        .field("side", name(deal.side))
        .field("proposer", proposer.username)
        .field("proposer_account_id", proposer.idText)
        .field("counterparty", counterparty.username)
        .field("counterparty_account_id", counterparty.idText)
        .field("price", market.price(*instrument, deal.price))
        .field("quantity", market.quantity(*instrument, deal.quantity))
        .field("total_amount", market.money(instrument->currency, value))
        .field("currency", instrument->currency);
    if (deal.trade == 0)
        json.nullField("trade_id");
    else
        json.field("trade_id", uuid7(deal.updatedAt, 0, deal.trade).text());
    if (deal.description.empty())
        json.nullField("description");
    else
        json.field("description", deal.description);
    json.field("created_at", isoTime(deal.createdAt))
        .field("updated_at", isoTime(deal.updatedAt))
        .field("expires_at", isoTime(deal.expiresAt))
        .numberField("version", deal.version)
        .endObject();
}

} // namespace khop::server
