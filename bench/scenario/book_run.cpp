// SPDX-License-Identifier: GPL-3.0-or-later
#include "book_run.h"

#include "market/instrument.h"

#include <algorithm>
#include <tuple>

namespace khop::bench {

namespace {

using Kind = BookOperation::Kind;

bool same(const BookEvent &a, const BookEvent &b)
{
    if (a.kind != b.kind || a.ref != b.ref || a.quantity != b.quantity)
        return false;
    switch (a.kind) {
    case BookEvent::Kind::Trade:
        return a.maker == b.maker && a.price == b.price && a.aggressor == b.aggressor;
    case BookEvent::Kind::Rested: return a.price == b.price;
    case BookEvent::Kind::Killed: return a.reason == b.reason;
    }
    return false;
}

bool same(const Indicative &a, const Indicative &b)
{
    return a.price == b.price && a.volume == b.volume && a.surplus == b.surplus
           && (a.surplus.isZero() || a.surplusSide == b.surplusSide) && a.low == b.low
           && a.high == b.high;
}

/// Without the priority itself, whose numbers are an implementation's own.
bool same(const RestingOrder &a, const RestingOrder &b)
{
    const auto key = [](const RestingOrder &order) {
        return std::tuple(order.ref, order.owner, order.side, order.instruction, order.price,
                          order.quantity);
    };
    return key(a) == key(b);
}

bool same(const BookLevel &a, const BookLevel &b)
{
    return a.price == b.price && a.quantity == b.quantity && a.orders == b.orders;
}

template <std::ranges::range Range>
bool same(const Range &a, const Range &b)
{
    return std::ranges::equal(a, b, [](const auto &x, const auto &y) { return same(x, y); });
}

std::string text(std::int64_t raw) { return std::to_string(raw); }
std::string text(std::optional<Price> price) { return price ? text(price->raw()) : "none"; }
std::string text(std::optional<Quantity> quantity)
{
    return quantity ? text(quantity->raw()) : "none";
}
std::string text(const BookEvents &events)
{
    std::string all;
    for (const BookEvent &event : events)
        all += (all.empty() ? "" : ", ") + textOf(event);
    return all.empty() ? "nothing" : all;
}
std::string text(const Indicative &indicative)
{
    return text(indicative.price) + " volume " + text(indicative.volume.raw()) + " surplus "
           + text(indicative.surplus.raw()) + " " + std::string(name(indicative.surplusSide))
           + " within " + text(indicative.low) + " to " + text(indicative.high);
}
std::string text(const RestingOrder &order)
{
    return text(order.ref) + " of " + text(order.owner) + " " + std::string(name(order.side)) + " "
           + text(order.quantity.raw()) + "@" + text(order.price.raw())
           + (order.instruction == Instruction::AtAuction ? " AT_AUCTION" : "");
}
std::string text(const std::optional<RestingOrder> &order) { return order ? text(*order) : "none"; }
std::string text(const BookLevel &level)
{
    return text(level.quantity.raw()) + "@" + text(level.price.raw()) + " (" + text(level.orders)
           + ")";
}
template <class T>
std::string text(const std::vector<T> &items)
{
    std::string all;
    for (const T &item : items)
        all += (all.empty() ? "" : ", ") + text(item);
    return all.empty() ? "none" : all;
}

constexpr std::array bothSides{Side::Buy, Side::Sell};

} // namespace

std::vector<BookMaker> bookMakers()
{
    return {{"reference", [] { return makeReferenceBooks(); }},
            {"ladder", [] { return makeLadderBooks(); }}};
}

BookRun::BookRun(const BookSetup &setup, std::vector<BookMaker> makers)
    : m_specs(setup.books)
    , m_policies(setup.policies)
{
    for (BookMaker &maker : makers) {
        One &one = m_all.emplace_back();
        one.maker = std::move(maker);
        one.books = one.maker.make();
        one.books->setPolicies(m_policies);
        for (const BookSpec &spec : m_specs)
            one.books->open(spec);
    }
}

bool BookRun::possible(const BookOperation &operation) const
{
    const OrderBooks &books = *m_all.front().books;
    const BookId book = operation.book;
    if (book >= m_specs.size())
        return false;
    switch (operation.kind) {
    case Kind::Add: return operation.order.ref != 0;
    case Kind::Uncross: return books.inCall(book) && operation.order.price > Price{};
    case Kind::Continuous: {
        const auto bid = books.best(book, Side::Buy);
        const auto ask = books.best(book, Side::Sell);
        return (!bid || !ask || *bid < *ask)
               && std::ranges::none_of(books.resting(book), [](const RestingOrder &order) {
                      return order.instruction == Instruction::AtAuction;
                  });
    }
    case Kind::Reopen: {
        const TickTable &ticks = m_specs[book].ticks;
        return books.size(book) == 0 && operation.floor > Price{}
               && operation.floor <= operation.ceiling && operation.ceiling <= highestPrice
               && ticks.isOnTick(operation.floor) && ticks.isOnTick(operation.ceiling);
    }
    default: return true;
    }
}

void BookRun::restart(One &one)
{
    std::unique_ptr<OrderBooks> books = one.maker.make();
    books->setPolicies(m_policies);
    for (BookId book = 0; book < m_specs.size(); ++book) {
        books->open(m_specs[book]);
        if (one.books->inCall(book))
            books->startCall(book);
        else
            books->startContinuous(book);
        books->restore(book, one.books->resting(book));
    }
    one.books = std::move(books);
}

void BookRun::apply(One &one, const BookOperation &operation)
{
    const BookOrder &order = operation.order;
    one.events.clear();
    switch (operation.kind) {
    case Kind::Add: one.books->add(operation.book, order, one.events); break;
    case Kind::Cancel: one.quantity = one.books->cancel(order.ref); break;
    case Kind::Reduce: one.done = one.books->reduce(order.ref, order.quantity); break;
    case Kind::Replace:
        one.done = one.books->replace(order.ref, order.price, order.quantity, one.events);
        break;
    case Kind::Call: one.books->startCall(operation.book); break;
    case Kind::Uncross:
        one.uncrossed = one.books->uncross(operation.book, order.price, one.events);
        break;
    case Kind::Continuous: one.books->startContinuous(operation.book); break;
    case Kind::Reopen: one.books->reopen(operation.book, m_specs[operation.book]); break;
    case Kind::Restart: restart(one); break;
    }
}

std::optional<std::string> BookRun::run(const BookOperation &operation, Look look)
{
    m_last = operation;
    m_skipped = !possible(operation);
    if (m_skipped)
        return std::nullopt;
    if (operation.kind == Kind::Reopen) {
        m_specs[operation.book].floor = operation.floor;
        m_specs[operation.book].ceiling = operation.ceiling;
    }
    for (One &one : m_all)
        apply(one, operation);
    for (const BookEvent &event : m_all.front().events)
        m_trades += event.kind == BookEvent::Kind::Trade ? 1 : 0;
    for (auto other = m_all.begin() + 1; other != m_all.end(); ++other) {
        if (auto difference = compare(*other, operation))
            return difference;
        for (BookId book = 0; look == Look::Thorough && book < m_specs.size(); ++book) {
            // a base that moves through the band and beyond it
            const BookSpec &spec = m_specs[book];
            const std::int64_t span = spec.ceiling.raw() - spec.floor.raw() + 3;
            const Price base = spec.floor
                               + Price(static_cast<std::int64_t>((m_trades * 7'919)
                                                                 % static_cast<std::uint64_t>(span))
                                       - 1);
            if (auto difference = compareBook(*other, book, std::max(base, Price(1))))
                return difference;
        }
    }
    return std::nullopt;
}

std::optional<std::string> BookRun::compare(const One &other, const BookOperation &operation) const
{
    const One &first = m_all.front();
    if (!same(first.events, other.events))
        return differ(other, "events", text(first.events), text(other.events));
    if (operation.kind == Kind::Cancel && first.quantity != other.quantity)
        return differ(other, "cancelled", text(first.quantity), text(other.quantity));
    if ((operation.kind == Kind::Reduce || operation.kind == Kind::Replace)
        && first.done != other.done)
        return differ(other, "done", text(first.done), text(other.done));
    if (operation.kind == Kind::Uncross && !same(first.uncrossed, other.uncrossed))
        return differ(other, "uncross", text(first.uncrossed), text(other.uncrossed));
    for (BookId book = 0; book < m_specs.size(); ++book) {
        const std::string where = "book " + text(book) + " ";
        for (const Side side : bothSides) {
            const auto expected = first.books->best(book, side);
            const auto got = other.books->best(book, side);
            if (expected != got)
                return differ(other, where + "best " + std::string(name(side)), text(expected),
                              text(got));
            const OrderRef firstOrder = first.books->bestOrder(book, side);
            if (firstOrder != other.books->bestOrder(book, side))
                return differ(other, where + "first order " + std::string(name(side)),
                              text(std::int64_t{firstOrder}),
                              text(std::int64_t{other.books->bestOrder(book, side)}));
        }
        if (first.books->size(book) != other.books->size(book))
            return differ(other, where + "size",
                          text(static_cast<std::int64_t>(first.books->size(book))),
                          text(static_cast<std::int64_t>(other.books->size(book))));
    }
    return operation.order.ref == 0 ? std::nullopt : compareOrder(other, operation.order.ref);
}

std::optional<std::string> BookRun::compareOrder(const One &other, OrderRef ref) const
{
    const auto expected = m_all.front().books->find(ref);
    const auto got = other.books->find(ref);
    if (expected.has_value() != got.has_value() || (expected && !same(*expected, *got)))
        return differ(other, "order " + text(ref), text(expected), text(got));
    const auto ahead = m_all.front().books->ahead(ref);
    if (ahead != other.books->ahead(ref))
        return differ(other, "ahead of " + text(ref), text(ahead), text(other.books->ahead(ref)));
    return std::nullopt;
}

std::optional<std::string> BookRun::compareBook(const One &other, BookId book, Price base) const
{
    const OrderBooks &first = *m_all.front().books;
    const std::string where = "book " + text(book) + " ";
    if (first.inCall(book) != other.books->inCall(book))
        return differ(other, where + "in call", text(first.inCall(book)),
                      text(other.books->inCall(book)));
    std::vector<BookLevel> expected, got;
    const std::size_t more = first.size(book) + 1; // levels than there can be
    for (const Side side : bothSides) {
        first.depth(book, side, more, expected);
        other.books->depth(book, side, more, got);
        if (!same(expected, got))
            return differ(other, where + "depth " + std::string(name(side)), text(expected),
                          text(got));
    }
    for (const Side side : bothSides) {
        const auto price = first.auctionPrice(book, side, base);
        if (price != other.books->auctionPrice(book, side, base))
            return differ(other,
                          where + "auction price " + std::string(name(side)) + " at base "
                              + text(base.raw()),
                          text(price), text(other.books->auctionPrice(book, side, base)));
    }
    const std::vector<RestingOrder> orders = first.resting(book);
    const std::vector<RestingOrder> others = other.books->resting(book);
    if (!same(orders, others))
        return differ(other, where + "resting", text(orders), text(others));
    for (const RestingOrder &order : orders) {
        if (auto difference = compareOrder(other, order.ref))
            return difference;
    }
    const Indicative indicative = first.indicative(book, base);
    if (!same(indicative, other.books->indicative(book, base)))
        return differ(other, where + "indicative at base " + text(base.raw()), text(indicative),
                      text(other.books->indicative(book, base)));
    return std::nullopt;
}

std::string BookRun::differ(const One &other, const std::string &what, const std::string &expected,
                            const std::string &got) const
{
    return what + ": " + m_all.front().maker.name + " " + expected + "; " + other.maker.name + " "
           + got;
}

std::vector<std::string> BookRun::happened() const
{
    if (m_skipped)
        return {"skipped"};
    const One &first = m_all.front();
    const std::string ref = std::to_string(m_last.order.ref);
    std::vector<std::string> events;
    for (const BookEvent &event : first.events)
        events.push_back(textOf(event));
    switch (m_last.kind) {
    case Kind::Cancel:
        events.push_back(first.quantity ? "cancelled " + ref + " " + text(first.quantity)
                                        : "refused " + ref);
        break;
    case Kind::Reduce:
        events.push_back(first.done ? "reduced " + ref + " " + text(m_last.order.quantity.raw())
                                    : "refused " + ref);
        break;
    case Kind::Replace:
        if (!first.done)
            events.push_back("refused " + ref);
        break;
    default: break;
    }
    return events;
}

} // namespace khop::bench
