// SPDX-License-Identifier: GPL-3.0-or-later
// Orders, amendments and cancellations of a scenario.
#include "market_scenario.h"

#include <algorithm>

namespace khop::bench {

namespace {

constexpr std::size_t mostOrders = 10'000;

bool isNumber(std::string_view word)
{
    return !word.empty() && ((word[0] >= '0' && word[0] <= '9') || word[0] == '-');
}

/// The exchange's types, and MP as the old name of MTL.
std::optional<OrderType> typeFrom(std::string_view word)
{
    return word == "MP" ? OrderType::MTL : orderTypeFromName(word);
}

} // namespace

/// ACCOUNT buys|sells QUANTITY SYMBOL [TYPE] [[at] PRICE] [DAY|GTC|GTD|IOC|FOK] [expires=DATE,TIME]
/// [client=ID] [queue], or a put-through deal: ACCOUNT sells QUANTITY SYMBOL at PRICE to ACCOUNT, or
/// buys … from ACCOUNT
std::pair<PlaceOrder, AccountNo> MarketScenario::readOrder(Words &words)
{
    PlaceOrder order;
    AccountNo counterparty = 0;
    order.account = account(words);
    const std::string side = words.next("buys or sells");
    if (side == "sells" || side == "sell")
        order.side = Side::Sell;
    else if (side != "buys" && side != "buy")
        words.complain(side, "'buys' or 'sells'");
    const std::string quantity = words.next("a quantity");
    const Instrument *traded = instrument(words);
    if (!traded)
        return {order, counterparty};
    order.instrument = traded->index;
    const auto raw = parseGrouped(quantity, traded->quantityScale);
    if (!raw)
        words.complain(quantity, "a quantity such as 1,000");
    order.quantity = Quantity(raw.value_or(0));

    std::optional<OrderType> type;
    while (!words.complaint() && !words.atEnd() && words.peek() != "->") {
        const std::string word = words.next("more of the order");
        const auto setting = splitSetting(word);
        if (word == (order.side == Side::Buy ? "from" : "to")) {
            counterparty = account(words);
        } else if (word == "queue") {
            order.queue = true;
        } else if (const auto timeInForce = timeInForceFromName(word)) {
            order.timeInForce = *timeInForce;
        } else if (const auto named = typeFrom(word)) {
            type = *named;
        } else if (setting && setting->first == "client") {
            order.clientOrderId = setting->second;
        } else if (setting && setting->first == "expires") {
            const std::size_t comma = setting->second.find(',');
            const auto day = parseIsoDate(setting->second.substr(0, comma));
            const auto time = comma == std::string::npos
                                  ? std::nullopt
                                  : parseTimeOfDay(setting->second.substr(comma + 1));
            if (!day || !time)
                words.complain(word, "expires=DATE,TIME such as expires=2026-11-23,14:00");
            else
                order.expiresAt = vietnamTime(*day, *time);
        } else {
            const std::string &number = word == "at" ? words.next("a price") : word;
            const auto price = parseGrouped(number, traded->priceScale);
            if (!price || !isNumber(number))
                words.complain(number,
                               "an order type, a price, a time in force, queue, client=ID or "
                               "expires=DATE,TIME");
            order.price = Price(price.value_or(0));
        }
    }
    if (!type && !order.price)
        words.complain({}, "an order type or a price");
    order.type = type.value_or(traded->banded ? OrderType::LO : OrderType::Limit);
    if (counterparty != 0 && !order.price)
        words.complain({}, "a price");
    return {order, counterparty};
}

void MarketScenario::placeOrder(const std::string &name, Words &words, Report &report)
{
    auto [order, counterparty] = readOrder(words);
    const std::string expected = expectedAnswer(words);
    if (m_orders.contains(name) || m_deals.contains(name))
        words.complain(name, "free: another order has this name");
    if (m_orders.size() + m_deals.size() == mostOrders)
        words.complain(name, "taken: " + std::to_string(mostOrders) + " orders are the most");
    if (words.complaint())
        return;
    order.id = nextId();
    m_names[order.id] = name;
    if (counterparty != 0) {
        proposeDeal(name, order, counterparty, expected, report);
        return;
    }
    m_orders[name] = {order.id, order.account, std::nullopt};
    answer(apply(order, report), expected, report);
}

/// amend ORDER [price PRICE] [quantity TOTAL] [version N] [by ACCOUNT]
void MarketScenario::amendOrder(Words &words, Report &report)
{
    const Placed *order = placed(words);
    if (!order)
        return;
    if (!order->record) {
        words.complain("amend", "possible: the order was refused");
        return;
    }
    const Instrument &traded = m_engine->exchange().instrument(order->record->instrument);
    AmendOrder amend;
    amend.account = order->account;
    amend.id = order->id;
    while (!words.complaint() && !words.atEnd() && words.peek() != "->") {
        const std::string what = words.next("what to amend");
        if (what == "price")
            amend.price = Price(words.number("a price", traded.priceScale));
        else if (what == "quantity")
            amend.quantity = Quantity(words.number("a quantity", traded.quantityScale));
        else if (what == "version")
            amend.version = static_cast<std::uint32_t>(words.number("a version", 0, 0x7FFF'FFFF));
        else if (what == "by")
            amend.account = account(words);
        else
            words.complain(what, "price, quantity, version or by");
    }
    if (!amend.price && !amend.quantity)
        words.complain({}, "a price or a quantity");
    const std::string expected = expectedAnswer(words);
    if (!words.complaint())
        answer(apply(amend, report), expected, report);
}

/// cancel ORDER [by ACCOUNT]
void MarketScenario::cancelOrder(Words &words, Report &report)
{
    const Placed *order = placed(words);
    if (!order)
        return;
    CancelOrder cancel{order->account, order->id};
    if (words.take("by"))
        cancel.account = account(words);
    const std::string expected = expectedAnswer(words);
    if (!words.complaint())
        answer(apply(cancel, report), expected, report);
}

/// cancel-all ACCOUNT [SYMBOL]; the answer counts: OK 2
void MarketScenario::cancelAll(Words &words, Report &report)
{
    CancelAll cancel{account(words), noInstrument};
    if (!words.atEnd() && words.peek() != "->") {
        const Instrument *only = instrument(words);
        cancel.instrument = only ? only->index : noInstrument;
    }
    const std::string expected = expectedAnswer(words);
    if (words.complaint())
        return;
    const CommandResult result = apply(cancel, report);
    const std::string got = result.ok() ? "OK " + std::to_string(result.count) : textOf(result);
    report.answered(got);
    report.check(expected, got);
}

} // namespace khop::bench
