// SPDX-License-Identifier: GPL-3.0-or-later
// What a scenario expects of its market: orders, books, auctions, quotes, cash, holdings, sessions.
#include "market_scenario.h"

#include "event_text.h"

#include "base/decimal.h"

#include <algorithm>

namespace khop::bench {

namespace {

std::string text(const Instrument &instrument, const std::optional<Price> &price)
{
    return price ? priceText(instrument, *price) : "none";
}
std::string text(bool flag) { return flag ? "true" : "false"; }

std::string text(const Instrument &instrument, const std::vector<BookLevel> &levels)
{
    std::string all;
    for (const BookLevel &level : levels)
        all += (all.empty() ? "" : " ") + quantityAtPrice(instrument, level.quantity, level.price);
    return all.empty() ? "none" : all;
}

} // namespace

void MarketScenario::expect(Words &words, Report &report)
{
    const std::string what = words.next("what is expected");
    if (what == "order")
        expectFacts(orderFacts(words), words, report);
    else if (what == "deal")
        expectFacts(dealFacts(words), words, report);
    else if (what == "quote")
        expectFacts(quoteFacts(words), words, report);
    else if (what == "auction")
        expectFacts(auctionFacts(words), words, report);
    else if (what == "cash")
        expectFacts(cashFacts(words), words, report);
    else if (what == "shares")
        expectFacts(sharesFacts(words), words, report);
    else if (what == "book")
        expectBook(words, report);
    else if (what == "session")
        expectSession(words, report);
    else
        words.complain(what, "one of order, deal, book, auction, quote, cash, shares, session");
}

/// KEY=VALUE...: every value that is named must be this.
void MarketScenario::expectFacts(const Facts &facts, Words &words, Report &report) const
{
    std::string known;
    for (const auto &[key, value] : facts)
        known += (known.empty() ? "" : ", ") + key;
    if (words.atEnd())
        words.complain({}, "KEY=VALUE with one of " + known);
    std::vector<std::pair<std::string, std::string>> pairs; // expected, got
    while (!words.complaint() && !words.atEnd()) {
        const std::string word = words.next("KEY=VALUE");
        const auto setting = splitSetting(word);
        const auto fact = std::ranges::find(facts, setting ? setting->first : "",
                                            &std::pair<std::string, std::string>::first);
        if (fact == facts.end())
            words.complain(word, "KEY=VALUE with one of " + known);
        else
            pairs.emplace_back(word, fact->first + "=" + fact->second);
    }
    if (words.complaint())
        return;
    for (const auto &[expected, got] : pairs)
        report.check(plainNumbers(expected) == plainNumbers(got), expected, got);
}

MarketScenario::Facts MarketScenario::orderFacts(Words &words)
{
    const Placed *order = placed(words);
    if (!order)
        return {};
    if (!order->record)
        return {{"status", "none"}};
    const OrderRecord &record = *order->record;
    const Instrument &traded = m_engine->exchange().instrument(record.instrument);
    const int scale = m_engine->exchange().rules().currencyScale(traded.currency);
    return {{"status", std::string(name(record.status))},
            {"type", std::string(name(record.type))},
            {"price", text(traded, record.price)},
            {"quantity", quantityText(traded, record.quantity)},
            {"leaves", quantityText(traded, record.remaining)},
            {"traded", quantityText(traded, record.traded)},
            {"cancelled", quantityText(traded, record.cancelled)},
            {"value", formatGrouped(record.tradedValue.raw(), scale)},
            {"fee", formatGrouped(record.fee.raw(), scale)},
            {"tax", formatGrouped(record.tax.raw(), scale)},
            {"held", formatGrouped(record.held.raw(), scale)},
            {"reject", std::string(codeName(record.rejectCode))},
            {"version", std::to_string(record.version)}};
}

MarketScenario::Facts MarketScenario::quoteFacts(Words &words)
{
    const Instrument *listed = instrument(words);
    if (!listed)
        return {};
    const Quote quote = m_engine->exchange().quote(listed->index);
    const int scale = m_engine->exchange().rules().currencyScale(listed->currency);
    const auto best = [&](const std::vector<BookLevel> &levels) {
        return levels.empty() ? std::string("none") : priceText(*listed, levels.front().price);
    };
    return {
        {"reference", priceText(*listed, quote.reference)},
        {"ceiling", priceText(*listed, quote.ceiling)},
        {"floor", priceText(*listed, quote.floor)},
        {"open", text(*listed, quote.open)},
        {"high", text(*listed, quote.high)},
        {"low", text(*listed, quote.low)},
        {"last", text(*listed, quote.last)},
        {"last_quantity", quantityText(*listed, quote.lastQuantity)},
        {"volume", quantityText(*listed, quote.volume)},
        {"value", formatGrouped(quote.value.raw(), scale)},
        {"bid", best(quote.bids)},
        {"ask", best(quote.asks)},
        {"indicative", text(*listed, quote.indicativePrice)},
        {"indicative_volume", quantityText(*listed, quote.indicativeVolume)},
        {"phase", std::string(name(quote.phase))},
        {"first_day", text(listed->firstDay)},
        {"halted", text(listed->halted)},
        {"active", text(listed->active)},
        {"foreign_room", quote.foreignRoom ? quantityText(*listed, *quote.foreignRoom) : "none"},
        {"put_through", quantityText(*listed, quote.putThroughVolume)}};
}

/// What an uncross would give now, of the even-lot book or the odd-lot one.
MarketScenario::Facts MarketScenario::auctionFacts(Words &words)
{
    const Instrument *listed = instrument(words);
    const bool odd = words.take("odd");
    if (!listed)
        return {};
    const PaperExchange &exchange = m_engine->exchange();
    const BookId book = odd ? exchange.oddBook(listed->index) : exchange.evenBook(listed->index);
    const Price base = exchange.quote(listed->index).phase == Phase::OpeningAuction
                           ? listed->reference
                           : exchange.lastOrReference(listed->index);
    const Indicative indicative = exchange.books().indicative(book, base);
    return {{"price", text(*listed, indicative.price)},
            {"volume", quantityText(*listed, indicative.volume)},
            {"surplus", quantityText(*listed, indicative.surplus)},
            {"surplus_side", std::string(name(indicative.surplusSide))},
            {"low", text(*listed, indicative.low)},
            {"high", text(*listed, indicative.high)},
            {"buys_at", text(*listed, exchange.books().auctionPrice(book, Side::Buy, base))},
            {"sells_at", text(*listed, exchange.books().auctionPrice(book, Side::Sell, base))}};
}

/// ACCOUNT [CURRENCY]
MarketScenario::Facts MarketScenario::cashFacts(Words &words)
{
    const AccountNo no = account(words);
    if (no == 0)
        return {};
    const auto &currencies = m_engine->exchange().rules().currencies;
    const auto named = std::ranges::find(currencies, words.peek(), &Currency::code);
    const auto currency = named == currencies.end() ? currencies.begin() : named;
    if (named != currencies.end())
        words.take(named->code);
    const Balance balance =
        m_engine->balance(no, static_cast<std::uint16_t>(currency - currencies.begin()));
    const auto money = [&](Money amount) { return formatGrouped(amount.raw(), currency->scale); };
    return {{"available", money(balance.available)}, {"held", money(balance.held)},
            {"current", money(balance.current)},     {"pending", money(balance.pending)},
            {"deposited", money(balance.deposited)}, {"withdrawn", money(balance.withdrawn)}};
}

MarketScenario::Facts MarketScenario::sharesFacts(Words &words)
{
    const AccountNo no = account(words);
    const Instrument *listed = no == 0 ? nullptr : instrument(words);
    if (!listed)
        return {};
    const Position position = m_engine->position(no, listed->index);
    const int scale = m_engine->exchange().rules().currencyScale(listed->currency);
    const auto quantity = [&](Quantity amount) { return quantityText(*listed, amount); };
    return {{"owned", quantity(position.quantity)},
            {"sellable", quantity(position.sellable)},
            {"held", quantity(position.held)},
            {"pending",
             quantity(position.pendingToday + position.pendingYesterday + position.pendingBefore)},
            {"today", quantity(position.pendingToday)},
            {"yesterday", quantity(position.pendingYesterday)},
            {"before", quantity(position.pendingBefore)},
            {"cost", formatGrouped(position.costBasis.raw(), scale)},
            {"realized", formatGrouped(position.realizedPnl.raw(), scale)}};
}

/// SYMBOL [odd] [bids LEVELS] [asks LEVELS]: all levels of a side, best first, or none.
void MarketScenario::expectBook(Words &words, Report &report)
{
    const Instrument *listed = instrument(words);
    const bool odd = words.take("odd");
    if (!listed)
        return;
    if (words.peek() != "bids" && words.peek() != "asks")
        words.complain(words.peek(), "'bids' or 'asks' and the levels QUANTITY@PRICE, or none");
    const PaperExchange &exchange = m_engine->exchange();
    const BookId book = odd ? exchange.oddBook(listed->index) : exchange.evenBook(listed->index);
    while (!words.complaint() && !words.atEnd()) {
        const std::string which = words.next("bids or asks");
        std::string expected = words.next("levels");
        while (!words.atEnd() && words.peek() != "asks" && words.peek() != "bids")
            expected += " " + words.next("a level");
        std::vector<BookLevel> levels;
        exchange.books().depth(book, which == "bids" ? Side::Buy : Side::Sell, 1'000, levels);
        const std::string got = text(*listed, levels);
        report.check(saysTheSame(expected, got) && saysTheSame(got, expected),
                     which + " " + expected, which + " " + got);
    }
}

/// EXCHANGE PHASE
void MarketScenario::expectSession(Words &words, Report &report)
{
    const std::string where = words.next("an exchange");
    const auto exchange = exchangeFromName(where);
    if (!exchange)
        words.complain(where, "an exchange: HOSE, HNX, UPCOM, SPOT");
    const std::string phase = words.next("a phase");
    words.end();
    if (!words.complaint())
        report.check(phase, name(m_engine->exchange().phase(*exchange)));
}

} // namespace khop::bench
