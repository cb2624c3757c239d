// SPDX-License-Identifier: GPL-3.0-or-later
#include "random_operations.h"

#include "market/instrument.h"

#include <algorithm>

namespace khop {

using bench::BookOperation;
using bench::BookRun;
using Kind = BookOperation::Kind;

namespace {

BookSpec with(BookSpec spec, std::int64_t lot, std::int64_t most)
{
    spec.lot = Quantity(lot);
    spec.maxQuantity = Quantity(most);
    return spec;
}

TickTable ticksOf(std::int64_t tick) { return TickTable({{Price(0), Price(tick)}}); }

/// Every kind of book there is: bands in which the tick changes, odd lots, hardly any prices, prices
/// by the hundred thousand, no band at all.
std::vector<BookSpec> kindsOfBooks()
{
    return {with(hose(9'950), 100, 500'000),
            with(hose(49'900), 100, 500'000),
            with(hnx(17'000), 100, 0),
            with(hose(20'000), 1, 99),
            with({Price(1), highestPrice, ticksOf(1)}, 1, 0),
            with({Price(5), highestPrice, ticksOf(5)}, 1, 0),
            with({Price(1), Price(200'000), ticksOf(1)}, 10, 0),
            with({Price(100), Price(200), ticksOf(100)}, 100, 0),
            with({Price(700), Price(700), ticksOf(100)}, 1, 0)};
}

bool isWide(const BookSpec &spec) { return spec.ceiling.raw() / spec.floor.raw() > 1'000; }

} // namespace

RandomOperations::RandomOperations(std::uint64_t seed) : m_random(seed, Random::Quiet{})
{
    const std::vector<BookSpec> kinds = kindsOfBooks();
    for (std::int64_t books = 1 + below(5); books > 0; --books) {
        const BookSpec &spec = kinds[static_cast<std::size_t>(below(std::ssize(kinds)))];
        m_setup.books.push_back(spec);
        m_centers.push_back(spec.ticks.floorToTick(
            isWide(spec) ? Price(100'000) : Price((spec.floor + spec.ceiling).raw() / 2)));
    }
    m_setup.policies = {chance(50) ? MtlRemainder::LastPlusOneTick : MtlRemainder::Last,
                        chance(70) ? AtoPricing::Krx : AtoPricing::LegacyFirst,
                        static_cast<SelfMatch>(below(5))};
    const std::int64_t size = below(100);
    m_target = size < 20 ? 4 : size < 60 ? 40 : size < 95 ? 200 : 3'000;
    m_length = size < 95 ? 2'000 : 20'000;
    m_stride = size < 20 ? 8 : size < 60 ? 32 : size < 95 ? 100 : 4'000;
    m_specs.resize(m_setup.books.size());
    m_bookOf.resize(1);
}

BookOperation RandomOperations::next(const BookRun &run)
{
    for (BookId book = 0; book < m_setup.books.size(); ++book)
        m_specs[book] = &run.spec(book);
    if (!m_planned.empty()) {
        const BookOperation operation = m_planned.front();
        m_planned.pop_front();
        return operation;
    }
    const std::int64_t kind = below(1'000);
    if (kind < 1)
        return {.kind = Kind::Restart};
    if (kind < 4)
        return newDay(anyBook());
    if (kind < 20)
        return phase(run);
    return kind < (m_live.size() < m_target ? 600 : 400) ? add(run) : change(run);
}

BookId RandomOperations::anyBook() { return static_cast<BookId>(below(std::ssize(m_setup.books))); }

/// Near the center, which wanders, and jumps where there is no band; sometimes at an end of the band.
Price RandomOperations::anyPrice(BookId book)
{
    const BookSpec &spec = *m_specs[book];
    Price &center = m_centers[book];
    if (isWide(spec) && chance(1)) {
        std::int64_t power = 1'000;
        for (std::int64_t digits = below(8); digits > 0; --digits)
            power *= 10;
        center = std::clamp(Price(power + below(power)), spec.floor, spec.ceiling);
    } else if (chance(2)) {
        center = spec.ticks.floorToTick(chance(50) ? center + Price(spec.ticks.tickAt(center))
                                                   : center - Price(1));
    }
    center = std::clamp(center, spec.floor, spec.ceiling);
    const std::int64_t kind = below(100);
    if (kind < 2)
        return spec.floor;
    if (kind < 4)
        return spec.ceiling;
    const std::int64_t reach = kind < 80 ? 6 : kind < 97 ? 40 : isWide(spec) ? 6'000 : 300;
    const std::int64_t tick = spec.ticks.tickAt(center).raw();
    const Price price = center + Price((below(2 * reach + 1) - reach) * tick);
    return std::clamp(spec.ticks.floorToTick(std::max(price, spec.floor)), spec.floor,
                      spec.ceiling);
}

Quantity RandomOperations::anyQuantity(BookId book)
{
    const BookSpec &spec = *m_specs[book];
    const std::int64_t most =
        spec.maxQuantity.isZero() ? 1'000 * spec.lot.raw() : spec.maxQuantity.raw();
    const std::int64_t lots =
        chance(90) ? std::min<std::int64_t>(10, most / spec.lot.raw()) : most / spec.lot.raw();
    return Quantity(spec.lot.raw() * (1 + below(lots)));
}

/// Makes one thing about an order invalid.
void RandomOperations::spoil(BookOrder &order)
{
    const std::int64_t kind = below(6);
    switch (kind) {
    case 0:
    case 1:
    case 2:
        if (order.instruction == Instruction::AtAuction)
            break; // its price is no more than the end of the band
        order.price = kind == 0   ? order.price + Price(1) // off the tick, beyond the band, or fine
                      : kind == 1 ? Price(below(2))
                                  : highestPrice + Price(below(3));
        break;
    case 3: order.quantity = Quantity(-below(200)); break;
    case 4: order.quantity = order.quantity + Quantity(1 + below(99)); break;
    default:
        if (!m_live.empty())
            order.ref = m_live[static_cast<std::size_t>(below(std::ssize(m_live)))];
    }
}

OrderRef RandomOperations::freeRef(const BookRun &run)
{
    if (!m_free.empty() && chance(80)) {
        const OrderRef ref = m_free.back();
        m_free.pop_back();
        if (!run.resting(ref))
            return ref;
    }
    m_bookOf.push_back(0);
    return static_cast<OrderRef>(m_bookOf.size() - 1);
}

/// A resting order, or 0; forgets those it finds gone.
OrderRef RandomOperations::liveRef(const BookRun &run)
{
    while (!m_live.empty()) {
        OrderRef &ref = m_live[static_cast<std::size_t>(below(std::ssize(m_live)))];
        if (run.resting(ref))
            return ref;
        m_free.push_back(ref);
        std::swap(ref, m_live.back());
        m_live.pop_back();
    }
    return 0;
}

BookOperation RandomOperations::add(const BookRun &run)
{
    BookOperation operation;
    operation.book = anyBook();
    BookOrder &order = operation.order;
    const BookSpec &spec = *m_specs[operation.book];
    order.ref = freeRef(run);
    order.owner = static_cast<Owner>(below(5));
    order.side = chance(50) ? Side::Buy : Side::Sell;
    order.quantity = anyQuantity(operation.book);
    const std::int64_t kind = below(100);
    const bool call = run.inCall(operation.book);
    if (kind < 2)
        order.instruction = static_cast<Instruction>(below(5)); // whether it fits or not
    else if (call && kind < 20)
        order.instruction = Instruction::AtAuction;
    else if (!call && kind < 30)
        order.instruction = static_cast<Instruction>(1 + kind % 3);
    const bool priced = order.instruction == Instruction::Limit
                        || (order.instruction != Instruction::AtAuction && chance(50));
    order.price = priced                    ? anyPrice(operation.book)
                  : order.side == Side::Buy ? spec.ceiling
                                            : spec.floor;
    m_bookOf[order.ref] = operation.book;
    m_live.push_back(order.ref);
    if (chance(1))
        spoil(order);
    return operation;
}

BookOperation RandomOperations::change(const BookRun &run)
{
    BookOperation operation;
    BookOrder &order = operation.order;
    order.ref =
        chance(3) ? static_cast<OrderRef>(1 + below(std::ssize(m_bookOf) + 2)) : liveRef(run);
    if (order.ref == 0)
        return add(run);
    const BookId book = order.ref < m_bookOf.size() ? m_bookOf[order.ref] : 0;
    const std::int64_t kind = below(10);
    if (kind < 5) {
        operation.kind = Kind::Cancel;
    } else if (kind < 7) {
        operation.kind = Kind::Reduce;
        order.quantity = Quantity(below(12) * m_setup.books[book].lot.raw());
    } else {
        operation.kind = Kind::Replace;
        order.price = anyPrice(book);
        order.quantity = anyQuantity(book);
        if (chance(2))
            spoil(order);
    }
    return operation;
}

/// A call begins, or ends with an uncross; mostly continuous matching goes on from there.
BookOperation RandomOperations::phase(const BookRun &run)
{
    const BookId book = anyBook();
    if (!run.inCall(book))
        return {.kind = Kind::Call, .book = book};
    BookOperation uncross{.kind = Kind::Uncross, .book = book};
    uncross.order.price =
        std::max(anyPrice(book) + Price(chance(20) ? below(120) - 60 : 0), Price(1));
    if (chance(80))
        m_planned.push_back({.kind = Kind::Continuous, .book = book});
    return uncross;
}

/// Another band, some percent away; happens only to a book that is empty by then.
BookOperation RandomOperations::newDay(BookId book)
{
    const BookSpec &spec = *m_specs[book];
    const std::int64_t percent = 95 + below(11);
    const auto moved = [&](Price price) {
        return Price(
            std::max<std::int64_t>(price.raw() * percent / 100, spec.ticks.tickAt({}).raw()));
    };
    BookOperation operation{.kind = Kind::Reopen, .book = book};
    operation.floor = isWide(spec) ? spec.floor : spec.ticks.ceilToTick(moved(spec.floor));
    operation.ceiling =
        isWide(spec) ? spec.ceiling
                     : std::max(spec.ticks.floorToTick(moved(spec.ceiling)), operation.floor);
    return operation;
}

} // namespace khop
