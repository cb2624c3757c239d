// SPDX-License-Identifier: GPL-3.0-or-later
#include "book/reference_books.h"

#include "base/invariant.h"

#include <algorithm>
#include <tuple>

namespace khop {

namespace {

std::int64_t keyOf(Side side, Price price)
{
    return side == Side::Buy ? -price.raw() : price.raw();
}

Price priceOf(Side side, std::int64_t key) { return Price(side == Side::Buy ? -key : key); }

BookEvent killed(OrderRef ref, Quantity quantity, KillReason reason)
{
    BookEvent event;
    event.kind = BookEvent::Kind::Killed;
    event.reason = reason;
    event.ref = ref;
    event.quantity = quantity;
    return event;
}

BookEvent rested(OrderRef ref, Price price, Quantity quantity)
{
    BookEvent event;
    event.kind = BookEvent::Kind::Rested;
    event.ref = ref;
    event.price = price;
    event.quantity = quantity;
    return event;
}

BookEvent traded(OrderRef taker, Side aggressor, OrderRef maker, Price price, Quantity quantity)
{
    BookEvent event;
    event.kind = BookEvent::Kind::Trade;
    event.aggressor = aggressor;
    event.ref = taker;
    event.maker = maker;
    event.price = price;
    event.quantity = quantity;
    return event;
}

} // namespace

// Books

BookId ReferenceBooks::open(const BookSpec &spec)
{
    m_books.emplace_back().spec = spec;
    return static_cast<BookId>(m_books.size() - 1);
}

void ReferenceBooks::reopen(BookId book, const BookSpec &spec)
{
    KHOP_INVARIANT(m_books[book].orders == 0);
    m_books[book].spec = spec;
}

void ReferenceBooks::startContinuous(BookId book)
{
    Book &b = m_books[book];
    const std::optional<Price> bid = best(book, Side::Buy);
    const std::optional<Price> ask = best(book, Side::Sell);
    KHOP_INVARIANT(!bid || !ask || *bid < *ask);
    KHOP_INVARIANT(b.side(Side::Buy).atAuction.empty() && b.side(Side::Sell).atAuction.empty());
    b.call = false;
}

// Orders

bool ReferenceBooks::isValid(const BookSpec &spec, Price price, Quantity quantity)
{
    return price >= spec.floor && price <= spec.ceiling && spec.ticks.isOnTick(price)
           && quantity > Quantity{} && quantity.raw() % spec.lot.raw() == 0
           && (spec.maxQuantity.isZero() || quantity <= spec.maxQuantity);
}

void ReferenceBooks::add(BookId book, const BookOrder &order, BookEvents &events)
{
    if (!isValid(m_books[book].spec, order.price, order.quantity) || m_places.contains(order.ref)) {
        events.push_back(killed(order.ref, order.quantity, KillReason::Invalid));
        return;
    }
    if (!m_books[book].call) {
        enter(book, order, events);
        return;
    }
    if (order.instruction != Instruction::Limit && order.instruction != Instruction::AtAuction) {
        events.push_back(killed(order.ref, order.quantity, KillReason::NoCounterpart));
        return;
    }
    rest(book, {order.ref, order.owner, order.side, order.instruction, order.price, order.quantity,
                m_nextPriority});
    events.push_back(rested(order.ref, order.price, order.quantity));
}

std::optional<Quantity> ReferenceBooks::cancel(OrderRef ref)
{
    const auto place = m_places.find(ref);
    if (place == m_places.end())
        return std::nullopt;
    const Quantity open = place->second.order->quantity;
    remove(place);
    return open;
}

bool ReferenceBooks::reduce(OrderRef ref, Quantity leaves)
{
    const auto place = m_places.find(ref);
    if (place == m_places.end())
        return false;
    const Quantity open = place->second.order->quantity;
    if (leaves <= Quantity{} || leaves >= open)
        return false;
    take(place, open - leaves);
    return true;
}

bool ReferenceBooks::replace(OrderRef ref, Price price, Quantity leaves, BookEvents &events)
{
    const auto place = m_places.find(ref);
    if (place == m_places.end() || place->second.order->instruction == Instruction::AtAuction
        || !isValid(m_books[place->second.book].spec, price, leaves)) {
        return false;
    }
    const BookId book = place->second.book;
    const RestingOrder &old = *place->second.order;
    const BookOrder order{ref, old.owner, old.side, Instruction::Limit, price, leaves};
    remove(place);
    add(book, order, events);
    return true;
}

// Continuous matching

bool ReferenceBooks::prevents(Owner incoming, Owner resting) const
{
    return incoming != 0 && incoming == resting && m_policies.selfMatch != SelfMatch::Allow
           && m_policies.selfMatch != SelfMatch::OmsBlock;
}

/// Whether the whole order would trade now. Own orders are passed over when the oldest is to go,
/// and end the search when the newest is: the order would be stopped there.
bool ReferenceBooks::canFill(const Book &book, const BookOrder &order) const
{
    const std::int64_t limit = keyOf(opposite(order.side), order.price);
    Quantity available;
    for (const auto &[key, level] : book.side(opposite(order.side)).levels) {
        if (key > limit)
            break;
        for (const RestingOrder &resting : level.orders) {
            if (!prevents(order.owner, resting.owner))
                available += resting.quantity;
            else if (m_policies.selfMatch != SelfMatch::CancelOldest)
                return false;
            if (available >= order.quantity)
                return true;
        }
    }
    return false;
}

/// Sweeps the other side, best price and oldest order first, up to the order's price.
void ReferenceBooks::match(Book &book, const BookOrder &order, Incoming &incoming,
                           BookEvents &events)
{
    const Side otherSide = opposite(order.side);
    Levels &levels = book.side(otherSide).levels;
    const std::int64_t limit = keyOf(otherSide, order.price);
    auto it = levels.begin();
    while (it != levels.end() && it->first <= limit && !incoming.left.isZero()
           && !incoming.prevented) {
        Level &level = it->second;
        const Price price = priceOf(otherSide, it->first);
        while (!level.orders.empty() && !incoming.left.isZero()) {
            RestingOrder &maker = level.orders.front();
            Quantity gone = maker.quantity;
            if (prevents(order.owner, maker.owner)) [[unlikely]] {
                incoming.prevented = m_policies.selfMatch != SelfMatch::CancelOldest;
                if (m_policies.selfMatch == SelfMatch::CancelNewest)
                    break;
                events.push_back(killed(maker.ref, maker.quantity, KillReason::SelfTrade));
            } else {
                gone = std::min(maker.quantity, incoming.left);
                events.push_back(traded(order.ref, order.side, maker.ref, price, gone));
                incoming.left -= gone;
                incoming.lastFill = price;
            }
            level.total -= gone;
            if (gone < maker.quantity) {
                maker.quantity -= gone;
                break;
            }
            m_places.erase(maker.ref);
            level.orders.pop_front();
            --book.orders;
            if (incoming.prevented)
                break;
        }
        it = level.orders.empty() ? levels.erase(it) : std::next(it);
    }
}

/// An order arrives at a continuous book.
void ReferenceBooks::enter(BookId id, const BookOrder &order, BookEvents &events)
{
    Book &book = m_books[id];
    if (order.instruction == Instruction::AtAuction) {
        events.push_back(killed(order.ref, order.quantity, KillReason::AuctionOver));
        return;
    }
    if (order.instruction == Instruction::FillOrKill && !canFill(book, order)) {
        events.push_back(killed(order.ref, order.quantity, KillReason::NotFillable));
        return;
    }

    Incoming incoming{order.quantity, std::nullopt};
    match(book, order, incoming, events);
    if (incoming.left.isZero())
        return;

    const bool rests = order.instruction == Instruction::Limit
                       || (order.instruction == Instruction::MarketToLimit && incoming.lastFill);
    if (incoming.prevented || !rests) {
        const KillReason reason = incoming.prevented  ? KillReason::SelfTrade
                                  : incoming.lastFill ? KillReason::Remainder
                                                      : KillReason::NoCounterpart;
        events.push_back(killed(order.ref, incoming.left, reason));
        return;
    }

    Price price = order.price;
    if (order.instruction == Instruction::MarketToLimit) {
        const Price last = *incoming.lastFill;
        if (m_policies.mtlRemainder == MtlRemainder::Last)
            price = last;
        else if (order.side == Side::Buy)
            price = std::min(book.spec.ticks.up(last), price);
        else
            price = std::max(book.spec.ticks.down(last), price);
    }
    rest(id, {order.ref, order.owner, order.side, Instruction::Limit, price, incoming.left,
              m_nextPriority});
    events.push_back(rested(order.ref, price, incoming.left));
}

/// Puts an order at the end of its queue; its priority must not be before that of an order there.
void ReferenceBooks::rest(BookId id, const RestingOrder &order)
{
    Book &book = m_books[id];
    BookSide &side = book.side(order.side);
    Place place{id, {}, {}};
    if (order.instruction == Instruction::AtAuction) {
        place.order = side.atAuction.insert(side.atAuction.end(), order);
        side.atAuctionTotal += order.quantity;
    } else {
        place.level = side.levels.try_emplace(keyOf(order.side, order.price)).first;
        Level &level = place.level->second;
        place.order = level.orders.insert(level.orders.end(), order);
        level.total += order.quantity;
    }
    const bool isNew = m_places.emplace(order.ref, place).second;
    KHOP_INVARIANT(isNew);
    ++book.orders;
    m_nextPriority = std::max(m_nextPriority, order.priority + 1);
}

void ReferenceBooks::remove(Places::iterator found)
{
    const Place &place = found->second;
    Book &book = m_books[place.book];
    const RestingOrder &order = *place.order;
    BookSide &side = book.side(order.side);
    if (order.instruction == Instruction::AtAuction) {
        side.atAuctionTotal -= order.quantity;
        side.atAuction.erase(place.order);
    } else {
        Level &level = place.level->second;
        level.total -= order.quantity;
        level.orders.erase(place.order);
        if (level.orders.empty())
            side.levels.erase(place.level);
    }
    --book.orders;
    m_places.erase(found);
}

/// Lowers an order's open quantity in its place.
void ReferenceBooks::take(Places::iterator found, Quantity quantity)
{
    const Place &place = found->second;
    RestingOrder &order = *place.order;
    order.quantity -= quantity;
    if (order.instruction == Instruction::AtAuction)
        m_books[place.book].side(order.side).atAuctionTotal -= quantity;
    else
        place.level->second.total -= quantity;
}

// Auctions

AuctionBook ReferenceBooks::auctionBook(const Book &book) const
{
    AuctionBook auction;
    for (const Side side : {Side::Buy, Side::Sell}) {
        AuctionSide &to = side == Side::Buy ? auction.buys : auction.sells;
        const BookSide &from = book.side(side);
        to.levels.reserve(from.levels.size());
        for (const auto &[key, level] : from.levels)
            to.levels.push_back({priceOf(side, key), level.total});
        to.atAuction = from.atAuctionTotal;
    }
    return auction;
}

Indicative ReferenceBooks::indicative(BookId book, Price base) const
{
    const Book &b = m_books[book];
    return determineAuction(auctionBook(b), b.spec, base, m_policies.atoPricing);
}

std::optional<Price> ReferenceBooks::auctionPrice(BookId book, Side side, Price base) const
{
    const Book &b = m_books[book];
    const EffectivePrices prices =
        effectivePrices(auctionBook(b), b.spec, base, m_policies.atoPricing);
    return side == Side::Buy ? prices.buy : prices.sell;
}

/// The orders of a side that take part at the price, in the order in which they are served.
std::vector<ReferenceBooks::Turn> ReferenceBooks::turns(const Book &book, Side side, Price price,
                                                        const EffectivePrices &effective)
{
    const BookSide &from = book.side(side);
    const std::int64_t limit = keyOf(side, price);
    const bool first = m_policies.atoPricing == AtoPricing::LegacyFirst;
    std::vector<Turn> result;
    for (const RestingOrder &order : from.atAuction) {
        const std::int64_t key = keyOf(side, side == Side::Buy ? *effective.buy : *effective.sell);
        if (key <= limit)
            result.push_back({key, first, m_places.find(order.ref)});
    }
    for (const auto &[key, level] : from.levels) {
        if (key > limit)
            break;
        for (const RestingOrder &order : level.orders)
            result.push_back({key, false, m_places.find(order.ref)});
    }
    std::ranges::sort(result, {}, [](const Turn &turn) {
        return std::tuple(!turn.first, turn.key, turn.place->second.order->priority);
    });
    return result;
}

/// Serves both sides in turn until one of them has nothing left.
std::vector<ReferenceBooks::Fill> ReferenceBooks::allocate(const std::vector<Turn> &buys,
                                                           const std::vector<Turn> &sells)
{
    std::vector<Fill> fills;
    auto buy = buys.begin();
    auto sell = sells.begin();
    Quantity bought; // so far, of the buy in turn
    Quantity sold;
    while (buy != buys.end() && sell != sells.end()) {
        const Quantity buyOpen = buy->place->second.order->quantity - bought;
        const Quantity sellOpen = sell->place->second.order->quantity - sold;
        const Quantity quantity = std::min(buyOpen, sellOpen);
        const bool buyIsLater =
            buy->place->second.order->priority > sell->place->second.order->priority;
        fills.push_back({buyIsLater ? sell->place : buy->place,
                         buyIsLater ? buy->place : sell->place, quantity});
        bought += quantity;
        sold += quantity;
        if (quantity == buyOpen) {
            ++buy;
            bought = {};
        }
        if (quantity == sellOpen) {
            ++sell;
            sold = {};
        }
    }
    return fills;
}

/// Kills of the first pair of one owner what self-trade prevention says; false when there is none.
bool ReferenceBooks::preventInAuction(const std::vector<Fill> &fills, BookEvents &events)
{
    const auto pair = std::ranges::find_if(fills, [this](const Fill &fill) {
        return prevents(fill.newer->second.order->owner, fill.older->second.order->owner);
    });
    if (pair == fills.end())
        return false;
    const auto kill = [&](Places::iterator place) {
        const RestingOrder &order = *place->second.order;
        events.push_back(killed(order.ref, order.quantity, KillReason::SelfTrade));
        remove(place);
    };
    if (m_policies.selfMatch != SelfMatch::CancelNewest)
        kill(pair->older);
    if (m_policies.selfMatch != SelfMatch::CancelOldest)
        kill(pair->newer);
    return true;
}

/// Self-trade prevention comes before the price: as long as two orders of one owner would meet, it
/// takes its toll and the price is determined anew, so that the rule holds for what trades.
Indicative ReferenceBooks::uncross(BookId id, Price base, BookEvents &events)
{
    Book &book = m_books[id];
    Indicative result;
    std::vector<Fill> fills;
    do {
        const AuctionBook collected = auctionBook(book);
        result = determineAuction(collected, book.spec, base, m_policies.atoPricing);
        fills.clear();
        if (result.price) {
            const EffectivePrices effective =
                effectivePrices(collected, book.spec, base, m_policies.atoPricing);
            fills = allocate(turns(book, Side::Buy, *result.price, effective),
                             turns(book, Side::Sell, *result.price, effective));
        }
    } while (preventInAuction(fills, events));

    for (const Fill &fill : fills) {
        const RestingOrder &taker = *fill.newer->second.order;
        events.push_back(traded(taker.ref, taker.side, fill.older->second.order->ref, *result.price,
                                fill.quantity));
        // Each order's fills follow one another, so nothing refers to an order that is filled.
        for (const Places::iterator place : {fill.older, fill.newer}) {
            take(place, fill.quantity);
            if (place->second.order->quantity.isZero())
                remove(place);
        }
    }

    std::vector<RestingOrder> over;
    for (const BookSide &side : book.sides)
        over.insert(over.end(), side.atAuction.begin(), side.atAuction.end());
    std::ranges::sort(over, {}, &RestingOrder::priority);
    for (const RestingOrder &order : over) {
        events.push_back(killed(order.ref, order.quantity, KillReason::AuctionOver));
        remove(m_places.find(order.ref));
    }
    return result;
}

// Views

std::optional<Price> ReferenceBooks::best(BookId book, Side side) const
{
    const Levels &levels = m_books[book].side(side).levels;
    if (levels.empty())
        return std::nullopt;
    return priceOf(side, levels.begin()->first);
}

OrderRef ReferenceBooks::bestOrder(BookId book, Side side) const
{
    const Levels &levels = m_books[book].side(side).levels;
    return levels.empty() ? 0 : levels.begin()->second.orders.front().ref;
}

void ReferenceBooks::depth(BookId book, Side side, std::size_t levels,
                           std::vector<BookLevel> &out) const
{
    out.clear();
    for (const auto &[key, level] : m_books[book].side(side).levels) {
        if (out.size() == levels)
            break;
        out.push_back(
            {priceOf(side, key), level.total, static_cast<std::uint32_t>(level.orders.size())});
    }
}

std::optional<RestingOrder> ReferenceBooks::find(OrderRef ref) const
{
    const auto place = m_places.find(ref);
    if (place == m_places.end())
        return std::nullopt;
    return *place->second.order;
}

std::optional<Quantity> ReferenceBooks::ahead(OrderRef ref) const
{
    const auto found = m_places.find(ref);
    if (found == m_places.end())
        return std::nullopt;
    const Place &place = found->second;
    const bool atAuction = place.order->instruction == Instruction::AtAuction;
    const Queue &queue = atAuction ? m_books[place.book].side(place.order->side).atAuction
                                   : place.level->second.orders;
    Quantity before;
    for (const RestingOrder &order : queue) {
        if (order.ref == ref)
            break;
        before += order.quantity;
    }
    return before;
}

std::vector<RestingOrder> ReferenceBooks::resting(BookId book) const
{
    std::vector<RestingOrder> result;
    result.reserve(m_books[book].orders);
    for (const BookSide &side : m_books[book].sides) {
        result.insert(result.end(), side.atAuction.begin(), side.atAuction.end());
        for (const auto &[key, level] : side.levels)
            result.insert(result.end(), level.orders.begin(), level.orders.end());
    }
    std::ranges::sort(result, {}, &RestingOrder::priority);
    return result;
}

void ReferenceBooks::restore(BookId book, const std::vector<RestingOrder> &orders)
{
    KHOP_INVARIANT(m_books[book].orders == 0);
    KHOP_INVARIANT(std::ranges::is_sorted(orders, {}, &RestingOrder::priority));
    for (const RestingOrder &order : orders)
        rest(book, order);
}

std::unique_ptr<OrderBooks> makeReferenceBooks() { return std::make_unique<ReferenceBooks>(); }

} // namespace khop
