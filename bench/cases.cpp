// SPDX-License-Identifier: GPL-3.0-or-later
#include "case_market.h"
#include "command_line.h"
#include "market_case.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

namespace khop::bench {

namespace {

struct Outcome {
    std::string got;
    std::string expected;
};

/// The names of refusals in the files of cases.
constexpr std::array<std::pair<Code, std::string_view>, 24> refusalNames{{
    {Code::OK, "OK"},
    {Code::MARKET_CLOSED, "R_SESSION"},
    {Code::HOLIDAY, "R_HOLIDAY"},
    {Code::ORDER_TYPE_NOT_ON_EXCHANGE, "R_TYPE_NOT_ON_EXCHANGE"},
    {Code::ORDER_TYPE_NOT_IN_SESSION, "R_TYPE_NOT_IN_SESSION"},
    {Code::INVALID_TICK, "R_TICK"},
    {Code::PRICE_ABOVE_CEILING, "R_ABOVE_CEIL"},
    {Code::PRICE_BELOW_FLOOR, "R_BELOW_FLOOR"},
    {Code::PRICE_REQUIRED, "R_PRICE"},
    {Code::INVALID_PRICE, "R_PRICE"},
    {Code::PRICE_NOT_ALLOWED, "R_PRICE_ON_MARKET_ORDER"},
    {Code::INVALID_LOT, "R_LOT"},
    {Code::INVALID_QUANTITY, "R_QTY"},
    {Code::QUANTITY_ABOVE_MAXIMUM, "R_MAX_QTY"},
    {Code::ODD_LOT_LIMIT_ONLY, "R_ODD_LOT_LO_ONLY"},
    {Code::ODD_LOT_FIRST_DAY, "R_FIRST_DAY_ODD"},
    {Code::NO_MATCH_PRICE, "R_NO_MATCH_PRICE"},
    {Code::CANCEL_NOT_ALLOWED_IN_AUCTION, "R_AUCTION_NO_CANCEL"},
    {Code::AMEND_PRICE_OR_QUANTITY, "R_AMEND_BOTH"},
    {Code::OPPOSITE_ORDER_IN_AUCTION, "R_OPPOSITE_IN_AUCTION"},
    {Code::FOREIGN_ROOM, "R_ROOM"},
    {Code::INSUFFICIENT_CASH, "R_CASH"},
    {Code::INSUFFICIENT_SECURITIES, "R_SHARES"},
    {Code::PUT_THROUGH_MINIMUM, "R_PUT_THROUGH_MINIMUM"},
}};

std::string refusalName(Code code)
{
    for (const auto &[known, name] : refusalNames) {
        if (known == code)
            return std::string(name);
    }
    return std::string(codeName(code));
}

constexpr std::string_view anyTradingDay = "2026-11-20";
constexpr std::int64_t minute = 60'000;

Outcome run(const ValidateCase &c)
{
    const auto day = parseIsoDate(c.date.empty() ? anyTradingDay : c.date);
    const auto timeOfDay = parseTimeOfDay(c.time);
    if (!day || !timeOfDay)
        return {"a date or time that cannot be read", c.expect};
    auto market = CaseMarket::open(c.instrument, *day);
    if (!market)
        return {market.error(), c.expect};
    const AccountNo account = (*market)->openAccount();
    const CommandResult result = (*market)->place(account, c.order, vietnamTime(*day, *timeOfDay));
    return {refusalName(result.error.code), c.expect};
}

std::string textOf(const PerOrder &values)
{
    std::string text = "{";
    for (const auto &[id, value] : values)
        text += (text.size() > 1 ? " " : "") + id + ":" + std::to_string(value);
    return text + "}";
}

std::string textOf(std::optional<std::int64_t> price, std::int64_t volume, const PerOrder &fills,
                   const std::vector<std::int64_t> &candidates, const PerOrder &effective)
{
    std::string text = "price " + (price ? std::to_string(*price) : "none") + " volume "
                       + std::to_string(volume) + " fills " + textOf(fills) + " candidates";
    for (const std::int64_t candidate : candidates)
        text += " " + std::to_string(candidate);
    return text + " effective " + textOf(effective);
}

/// Enters the orders a second apart in the opening or closing auction and lets it end.
Outcome run(const AuctionCase &c)
{
    const std::string expected = textOf(c.price, c.volume, c.fills, c.candidates, c.effective);
    const Date day = *parseIsoDate(anyTradingDay);
    auto opened = CaseMarket::open(c.instrument, day);
    if (!opened)
        return {opened.error(), expected};
    CaseMarket &market = **opened;
    const PaperExchange &exchange = market.engine().exchange();

    std::map<OrderNo, std::string> ids;
    std::map<std::string, Side> sides;
    Time time = vietnamTime(day, c.atClose() ? (14 * 60 + 30) * minute : 9 * 60 * minute);
    const Time end = time + 15 * minute;
    for (const CaseOrder &order : c.orders) {
        // An account of its own: one account may not stand on both sides of an auction.
        const AccountNo account = market.openAccount();
        const CommandResult result = market.place(account, order, time);
        if (!result.ok())
            return {"order " + order.id + " refused: " + refusalName(result.error.code), expected};
        ids[result.order->no] = order.id;
        sides[order.id] = order.side;
        time = time + 1'000;
    }

    const Price base = c.atClose() ? exchange.lastOrReference(0) : exchange.instrument(0).reference;
    const BookId book = exchange.evenBook(0);
    const Indicative indicative = exchange.books().indicative(book, base);
    std::vector<std::int64_t> candidates;
    if (indicative.low && indicative.high)
        candidates = {indicative.low->raw(), indicative.high->raw()};
    PerOrder effective;
    for (const auto &[id, price] : c.effective) {
        const auto side = sides.find(id);
        const auto got = side == sides.end()
                             ? std::nullopt
                             : exchange.books().auctionPrice(book, side->second, base);
        effective.emplace_back(id, got.value_or(Price{}).raw());
    }

    market.passTo(end);
    std::optional<std::int64_t> price;
    std::int64_t volume = 0;
    for (const TradeRecord &trade : market.happened().trades) {
        if (price && *price != trade.price.raw())
            return {"trades at more than one price", expected};
        price = trade.price.raw();
        volume += trade.quantity.raw();
    }
    std::map<std::string, std::int64_t> filled;
    for (const ExecutionRecord &execution : market.happened().executions)
        filled[ids[execution.order]] += execution.quantity.raw();
    return {textOf(price, volume, PerOrder(filled.begin(), filled.end()), candidates, effective),
            expected};
}

} // namespace

int runCases(const Arguments &arguments)
{
    CommandLine line("cases",
                     "Runs worked cases of the market rules through the engine, a line per case;\n"
                     "exits 1 when one fails.");
    line.files("FILE", "cases of the validate or auction shape (tests/cases)");
    if (const std::optional<int> exitCode = line.read(arguments))
        return *exitCode;
    int failed = 0;
    for (const std::string &path : line.files()) {
        const auto cases = readMarketCases(path);
        if (!cases)
            return line.error(cases.error());
        for (const MarketCase &marketCase : *cases) {
            Outcome outcome =
                std::visit([](const auto &body) { return run(body); }, marketCase.body);
            // What may change the case must not be passed over.
            if (!marketCase.strange.empty())
                outcome.got = marketCase.strange;
            const bool same = outcome.got == outcome.expected;
            failed += same ? 0 : 1;
            std::printf("%s %s got %s%s%s\n", marketCase.id.c_str(), same ? "OK" : "FAIL",
                        outcome.got.c_str(), same ? "" : ", expected ",
                        same ? "" : outcome.expected.c_str());
        }
    }
    return failed == 0 ? exitDone : exitFailed;
}

} // namespace khop::bench
