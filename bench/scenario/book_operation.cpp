// SPDX-License-Identifier: GPL-3.0-or-later
#include "book_operation.h"

#include "base/decimal.h"
#include "market/instrument.h"

#include <algorithm>
#include <array>

namespace khop::bench {

namespace {

using Kind = BookOperation::Kind;

constexpr std::int64_t mostBooks = 100;
constexpr std::int64_t greatestRef = 1'000'000;
constexpr std::int64_t mostQuantity = 1'000'000'000'000;
constexpr std::int64_t greatestPrice = 2 * highestPrice.raw(); // an invalid one is an operation too
constexpr std::size_t mostTickSteps = 16;

constexpr std::array<std::string_view, 9> verbs{
    "add", "cancel", "reduce", "replace", "call", "uncross", "continuous", "reopen", "restart"};
constexpr std::array<std::string_view, 5> instructions{
    "LIMIT", "MARKET_TO_LIMIT", "IMMEDIATE_OR_CANCEL", "FILL_OR_KILL", "AT_AUCTION"};
constexpr std::array<std::string_view, 6> reasons{"NO_COUNTERPART", "REMAINDER",    "NOT_FILLABLE",
                                                  "SELF_TRADE",     "AUCTION_OVER", "INVALID"};
constexpr std::array<std::string_view, 2> mtlRemainders{"LAST_PLUS_1_TICK", "LAST"};
constexpr std::array<std::string_view, 2> atoPricings{"KRX", "LEGACY_FIRST"};
constexpr std::array<std::string_view, 5> selfMatches{"ALLOW", "OMS_BLOCK", "CANCEL_NEWEST",
                                                      "CANCEL_OLDEST", "CANCEL_BOTH"};

template <std::size_t n, class Enum>
std::string nameOf(const std::array<std::string_view, n> &names, Enum value)
{
    return std::string(names[static_cast<std::size_t>(value)]);
}

template <class Enum, std::size_t n>
Enum valueOf(const std::array<std::string_view, n> &names, const std::string &name, Words &words)
{
    const auto found = std::ranges::find(names, name);
    if (found != names.end())
        return static_cast<Enum>(found - names.begin());
    std::string all;
    for (const std::string_view known : names)
        all += (all.empty() ? "" : ", ") + std::string(known);
    words.complain(name, "one of " + all);
    return {};
}

std::string number(std::int64_t raw) { return formatGrouped(raw); }
std::string at(Quantity quantity, Price price)
{
    return number(quantity.raw()) + "@" + number(price.raw());
}

BookId readBook(Words &words)
{
    return static_cast<BookId>(words.number("the number of a book", 0, mostBooks - 1));
}
OrderRef readRef(Words &words)
{
    return static_cast<OrderRef>(words.number("the number of an order", 1, greatestRef));
}
Quantity readQuantity(Words &words)
{
    return Quantity(words.number("a quantity", -mostQuantity, mostQuantity));
}
Price readPrice(Words &words)
{
    return Price(words.number("a price", -greatestPrice, greatestPrice));
}

void readQuantityAtPrice(Words &words, BookOrder &order)
{
    const std::string word = words.peek();
    const auto [quantity, price] = words.quantityAtPrice();
    if (std::abs(quantity) > mostQuantity || std::abs(price) > greatestPrice)
        words.complain(word, "QUANTITY@PRICE of at most some 10^12 each");
    order.quantity = Quantity(quantity);
    order.price = Price(price);
}

/// BOOK REF buy|sell QUANTITY@PRICE [INSTRUCTION] [owner=N]
void readAdd(Words &words, BookOperation &operation)
{
    BookOrder &order = operation.order;
    operation.book = readBook(words);
    order.ref = readRef(words);
    const std::string side = words.next("buy or sell");
    if (side != "buy" && side != "sell")
        words.complain(side, "buy or sell");
    order.side = side == "sell" ? Side::Sell : Side::Buy;
    readQuantityAtPrice(words, order);
    while (!words.atEnd() && !words.complaint()) {
        const std::string word = words.next("more of the order");
        const auto setting = splitSetting(word);
        if (!setting) {
            order.instruction = valueOf<Instruction>(instructions, word, words);
            continue;
        }
        const auto owner = parseGrouped(setting->second, 0);
        if (setting->first != "owner" || !owner || *owner < 0 || *owner > greatestRef)
            words.complain(word, "owner=N");
        order.owner = static_cast<Owner>(owner.value_or(0));
    }
}

/// 0:10;10000:50;50000:100
std::optional<TickTable> readTicks(std::string_view text)
{
    std::vector<TickTable::Step> steps;
    while (!text.empty() && steps.size() < mostTickSteps) {
        const std::string_view step = text.substr(0, text.find(';'));
        text.remove_prefix(std::min(step.size() + 1, text.size()));
        const std::size_t colon = std::min(step.find(':'), step.size());
        const auto from = parseGrouped(step.substr(0, colon), 0);
        const auto tick = parseGrouped(step.substr(std::min(colon + 1, step.size())), 0);
        const bool fits = from && tick && *tick > 0 && *tick <= highestPrice.raw()
                          && *from <= highestPrice.raw() && *from % *tick == 0
                          && (steps.empty() ? *from == 0
                                            : *from > steps.back().from.raw()
                                                  && *from % steps.back().tick.raw() == 0);
        if (!fits)
            return std::nullopt;
        steps.push_back({Price(*from), Price(*tick)});
    }
    return steps.empty() || !text.empty() ? std::nullopt : std::optional(TickTable(steps));
}

std::string textOf(const TickTable &ticks)
{
    std::string text;
    for (const TickTable::Step &step : ticks.steps())
        text += (text.empty() ? "" : ";") + std::to_string(step.from.raw()) + ":"
                + std::to_string(step.tick.raw());
    return text;
}

} // namespace

std::string lineOf(const BookOperation &operation)
{
    const BookOrder &order = operation.order;
    const std::string verb = nameOf(verbs, operation.kind) + " ";
    const std::string book = std::to_string(operation.book);
    const std::string ref = std::to_string(order.ref);
    switch (operation.kind) {
    case Kind::Add:
        return verb + book + " " + ref + (order.side == Side::Buy ? " buy " : " sell ")
               + at(order.quantity, order.price)
               + (order.instruction == Instruction::Limit
                      ? ""
                      : " " + nameOf(instructions, order.instruction))
               + (order.owner == 0 ? "" : " owner=" + std::to_string(order.owner));
    case Kind::Cancel: return verb + ref;
    case Kind::Reduce: return verb + ref + " " + number(order.quantity.raw());
    case Kind::Replace: return verb + ref + " " + at(order.quantity, order.price);
    case Kind::Call:
    case Kind::Continuous: return verb + book;
    case Kind::Uncross: return verb + book + " " + number(order.price.raw());
    case Kind::Reopen:
        return verb + book + " " + number(operation.floor.raw()) + " "
               + number(operation.ceiling.raw());
    case Kind::Restart: return nameOf(verbs, operation.kind);
    }
    return {};
}

std::string linesOf(const BookSetup &setup)
{
    const BookPolicies &policies = setup.policies;
    std::string text = "policies mtl_remainder=" + nameOf(mtlRemainders, policies.mtlRemainder)
                       + " ato_pricing=" + nameOf(atoPricings, policies.atoPricing)
                       + " self_match=" + nameOf(selfMatches, policies.selfMatch) + "\n";
    for (std::size_t i = 0; i < setup.books.size(); ++i) {
        const BookSpec &spec = setup.books[i];
        text += "book " + std::to_string(i) + " " + number(spec.floor.raw()) + " "
                + number(spec.ceiling.raw()) + " ticks=" + textOf(spec.ticks)
                + " lot=" + std::to_string(spec.lot.raw())
                + " max=" + std::to_string(spec.maxQuantity.raw()) + "\n";
    }
    return text;
}

std::string sectionOf(const std::string &name, const BookSetup &setup,
                      const std::vector<BookOperation> &operations)
{
    std::string text = "books " + name + "\n" + linesOf(setup);
    for (const BookOperation &operation : operations)
        text += lineOf(operation) + "\n";
    return text;
}

std::optional<BookOperation> readOperation(const std::string &verb, Words &words)
{
    const auto found = std::ranges::find(verbs, verb);
    if (found == verbs.end())
        return std::nullopt;
    BookOperation operation;
    BookOrder &order = operation.order;
    operation.kind = static_cast<Kind>(found - verbs.begin());
    switch (operation.kind) {
    case Kind::Add: readAdd(words, operation); break;
    case Kind::Cancel: order.ref = readRef(words); break;
    case Kind::Reduce:
        order.ref = readRef(words);
        order.quantity = readQuantity(words);
        break;
    case Kind::Replace:
        order.ref = readRef(words);
        readQuantityAtPrice(words, order);
        break;
    case Kind::Call:
    case Kind::Continuous: operation.book = readBook(words); break;
    case Kind::Uncross:
        operation.book = readBook(words);
        order.price = readPrice(words);
        break;
    case Kind::Reopen:
        operation.book = readBook(words);
        operation.floor = readPrice(words);
        operation.ceiling = readPrice(words);
        break;
    case Kind::Restart: break;
    }
    words.end();
    return operation;
}

BookPolicies readPolicies(Words &words)
{
    BookPolicies policies;
    while (!words.atEnd() && !words.complaint()) {
        const std::string word = words.next("a switch");
        const auto [key, value] = splitSetting(word).value_or(std::pair(word, std::string()));
        if (key == "mtl_remainder")
            policies.mtlRemainder = valueOf<MtlRemainder>(mtlRemainders, value, words);
        else if (key == "ato_pricing")
            policies.atoPricing = valueOf<AtoPricing>(atoPricings, value, words);
        else if (key == "self_match")
            policies.selfMatch = valueOf<SelfMatch>(selfMatches, value, words);
        else
            words.complain(word, "mtl_remainder=…, ato_pricing=… or self_match=…");
    }
    return policies;
}

BookSpec readSpec(Words &words)
{
    BookSpec spec{readPrice(words), readPrice(words), TickTable({{Price(0), Price(1)}}), {}, {}};
    spec.lot = Quantity(1);
    while (!words.atEnd() && !words.complaint()) {
        const std::string word = words.next("more of the book");
        const auto [key, value] = splitSetting(word).value_or(std::pair(word, std::string()));
        const auto ticks = key == "ticks" ? readTicks(value) : std::nullopt;
        const auto quantity = parseGrouped(value, 0);
        const bool fits = quantity && *quantity >= 0 && *quantity <= mostQuantity;
        if (ticks)
            spec.ticks = *ticks;
        else if (key == "lot" && fits && *quantity > 0)
            spec.lot = Quantity(*quantity);
        else if (key == "max" && fits)
            spec.maxQuantity = Quantity(*quantity);
        else
            words.complain(word, "ticks=0:10;10000:50, lot=100 or max=500000");
    }
    if (spec.floor < Price(1) || spec.ceiling < spec.floor || spec.ceiling > highestPrice
        || !spec.ticks.isOnTick(spec.floor) || !spec.ticks.isOnTick(spec.ceiling))
        words.complain(number(spec.floor.raw()) + " " + number(spec.ceiling.raw()),
                       "a floor above 0 and a ceiling not below it, both on their ticks");
    return spec;
}

std::string textOf(const BookEvent &event)
{
    const std::string ref = std::to_string(event.ref);
    switch (event.kind) {
    case BookEvent::Kind::Trade:
        return "trade " + at(event.quantity, event.price) + " " + ref + " x "
               + std::to_string(event.maker) + (event.aggressor == Side::Buy ? " buy" : " sell");
    case BookEvent::Kind::Rested: return "rests " + ref + " " + at(event.quantity, event.price);
    case BookEvent::Kind::Killed:
        return "killed " + ref + " " + number(event.quantity.raw()) + " "
               + nameOf(reasons, event.reason);
    }
    return {};
}

} // namespace khop::bench
