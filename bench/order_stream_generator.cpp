// SPDX-License-Identifier: GPL-3.0-or-later
#include "order_stream_generator.h"

#include "book/order_books.h"
#include "split_mix.h"

#include <algorithm>
#include <memory>

namespace khop::bench {

namespace {

class Generator
{
public:
    explicit Generator(StreamKind kind);

    std::vector<StreamInstrument> instruments() const;
    StreamOperation step();
    std::uint64_t greatestId() const { return m_lastId; }

private:
    struct Market {
        StreamInstrument terms;
        std::int64_t fair = 0;
        BookId book = 0;
        std::vector<std::uint32_t> live;
    };
    /// What the generator knows of an id.
    struct Known {
        std::uint8_t side = 0;
        std::int32_t price = 0;
        std::uint32_t place = 0; // in live
    };

    void open(std::int64_t reference, std::int64_t target);
    std::size_t choose();
    std::int32_t passive(const Market &market, std::uint8_t side);
    StreamOperation add(const Market &market);
    StreamOperation marketable(const Market &market, std::int64_t mid);
    StreamOperation cancelOrReplace(const Market &market, bool replace);
    void apply(Market &market, const StreamOperation &operation);
    void leave(Market &market, std::uint32_t id);
    std::int32_t clampToBand(const Market &market, std::int64_t price) const;

    StreamKind m_kind;
    SplitMix64 m_random;
    std::vector<std::uint64_t> m_cumulated; // S2: of the Zipf weights
    std::vector<Market> m_markets;
    std::vector<Known> m_known{1}; // by id
    std::unique_ptr<OrderBooks> m_books = makeReferenceBooks();
    BookEvents m_events;
    std::uint32_t m_lastId = 0;
    std::optional<Price> m_bid, m_ask; // of the chosen market, when the operation starts
};

Generator::Generator(StreamKind kind)
    : m_kind(kind)
    , m_random(kind == StreamKind::S1 ? 20'240'601 : 20'240'602)
{
    if (kind == StreamKind::S1) {
        open(13'000, 5'000);
        return;
    }
    constexpr std::uint64_t count = 1'000;
    std::vector<std::uint64_t> weights;
    std::uint64_t total = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        weights.push_back((1ULL << 32) / (i + 1));
        total += weights.back();
        m_cumulated.push_back(total);
    }
    for (const std::uint64_t weight : weights) {
        const std::int64_t reference = 200 + m_random.below(1'801);
        const std::int64_t target = static_cast<std::int64_t>(100'000 * weight / total);
        open(reference, std::clamp<std::int64_t>(target, 20, 5'000));
    }
}

void Generator::open(std::int64_t reference, std::int64_t target)
{
    Market market;
    market.terms.floor = static_cast<std::int32_t>((93 * reference + 99) / 100);
    market.terms.ceiling = static_cast<std::int32_t>(107 * reference / 100);
    market.terms.reference = static_cast<std::int32_t>(reference);
    market.terms.target = static_cast<std::int32_t>(target);
    market.fair = reference;
    market.book = m_books->open({Price(market.terms.floor), Price(market.terms.ceiling),
                                 TickTable({{Price(0), Price(1)}})});
    m_markets.push_back(std::move(market));
}

std::vector<StreamInstrument> Generator::instruments() const
{
    std::vector<StreamInstrument> all;
    for (const Market &market : m_markets)
        all.push_back(market.terms);
    return all;
}

std::size_t Generator::choose()
{
    if (m_kind == StreamKind::S1)
        return 0;
    const auto drawn = static_cast<std::uint64_t>(m_random.below(m_cumulated.back()));
    return static_cast<std::size_t>(std::ranges::upper_bound(m_cumulated, drawn)
                                    - m_cumulated.begin());
}

std::int32_t Generator::clampToBand(const Market &market, std::int64_t price) const
{
    return static_cast<std::int32_t>(
        std::clamp<std::int64_t>(price, market.terms.floor, market.terms.ceiling));
}

/// One to fifty ticks behind the best price of the other side, the near ones more likely.
std::int32_t Generator::passive(const Market &market, std::uint8_t side)
{
    std::int64_t distance = 1;
    while (distance < 50 && (m_random.next() >> 32) >= 515'396'075)
        ++distance;
    if (side == 0)
        return clampToBand(market, (m_ask ? m_ask->raw() : market.fair + 1) - distance);
    return clampToBand(market, (m_bid ? m_bid->raw() : market.fair - 1) + distance);
}

StreamOperation Generator::add(const Market &market)
{
    StreamOperation operation;
    operation.type = StreamOperation::Add;
    operation.side = static_cast<std::uint8_t>(m_random.next() & 1);
    operation.price = passive(market, operation.side);
    operation.quantity = static_cast<std::uint32_t>(100 * (1 + m_random.below(20)));
    operation.id = ++m_lastId;
    return operation;
}

/// Crosses the spread by up to three ticks, more often towards the fair price.
StreamOperation Generator::marketable(const Market &market, std::int64_t mid)
{
    const std::int64_t buyChance =
        32'768 + std::clamp<std::int64_t>((market.fair - mid) * 3'277, -26'214, 26'214);
    const bool buys = static_cast<std::int64_t>(m_random.top16()) < buyChance;
    if (buys ? !m_ask : !m_bid)
        return add(market);
    const std::int64_t beyond = m_random.below(4);
    std::int64_t quantity = 100 * (1 + m_random.below(10));
    if (m_random.below(20) == 0)
        quantity *= 20;
    StreamOperation operation;
    operation.type = StreamOperation::Add;
    operation.side = buys ? 0 : 1;
    operation.price = clampToBand(market, buys ? m_ask->raw() + beyond : m_bid->raw() - beyond);
    operation.quantity = static_cast<std::uint32_t>(quantity);
    operation.id = ++m_lastId;
    return operation;
}

StreamOperation Generator::cancelOrReplace(const Market &market, bool replace)
{
    StreamOperation operation;
    operation.id = market.live[static_cast<std::size_t>(m_random.below(market.live.size()))];
    const Known &known = m_known[operation.id];
    operation.type = StreamOperation::Cancel;
    operation.side = known.side;
    operation.price = known.price;
    if (!replace)
        return operation;
    std::int32_t price = passive(market, known.side);
    if (price == known.price)
        price = clampToBand(market, known.side == 0 ? price - 1 : price + 1);
    const std::int64_t quantity = 100 * (1 + m_random.below(20));
    if (price == known.price)
        return operation;
    operation.type = StreamOperation::Replace;
    operation.price = price;
    operation.quantity = static_cast<std::uint32_t>(quantity);
    return operation;
}

StreamOperation Generator::step()
{
    const std::size_t index = choose();
    Market &market = m_markets[index];
    if ((m_random.next() & 63) == 0) {
        const std::int64_t reach = (market.terms.ceiling - market.terms.floor) / 4;
        market.fair += (m_random.next() & 1) != 0 ? 1 : -1;
        market.fair = std::clamp<std::int64_t>(market.fair, market.terms.reference - reach,
                                               market.terms.reference + reach);
    }
    m_bid = m_books->best(market.book, Side::Buy);
    m_ask = m_books->best(market.book, Side::Sell);
    const std::int64_t mid = m_bid && m_ask ? (m_bid->raw() + m_ask->raw()) / 2 : market.fair;

    const std::int64_t target = market.terms.target;
    const std::int64_t live = static_cast<std::int64_t>(market.live.size());
    const std::int64_t shift =
        std::clamp<std::int64_t>(13'107 * (target - live) / target, -13'107, 13'107);
    const std::int64_t draw = static_cast<std::int64_t>(m_random.top16());

    StreamOperation operation;
    if (draw < 29'491 + shift || (draw < 58'982 && live == 0))
        operation = add(market);
    else if (draw < 58'982)
        operation = cancelOrReplace(market, draw >= 55'705);
    else
        operation = marketable(market, mid);
    operation.instrument = static_cast<std::uint16_t>(index);
    apply(market, operation);
    return operation;
}

/// Takes an id out of the live orders; the last one fills its place.
void Generator::leave(Market &market, std::uint32_t id)
{
    const std::uint32_t place = m_known[id].place;
    market.live[place] = market.live.back();
    m_known[market.live[place]].place = place;
    market.live.pop_back();
}

void Generator::apply(Market &market, const StreamOperation &operation)
{
    m_known.resize(std::max<std::size_t>(m_known.size(), m_lastId + 1));
    m_events.clear();
    const Price price(operation.price);
    const Quantity quantity(operation.quantity);
    switch (operation.type) {
    case StreamOperation::Cancel:
        m_books->cancel(operation.id);
        leave(market, operation.id);
        return;
    case StreamOperation::Replace:
        leave(market, operation.id);
        m_books->replace(operation.id, price, quantity, m_events);
        break;
    default:
        m_known[operation.id].side = operation.side;
        m_books->add(market.book,
                     {operation.id, 0, operation.side == 0 ? Side::Buy : Side::Sell,
                      Instruction::Limit, price, quantity},
                     m_events);
        break;
    }
    for (const BookEvent &event : m_events) {
        if (event.kind == BookEvent::Kind::Rested) {
            Known &known = m_known[operation.id];
            known.price = operation.price;
            known.place = static_cast<std::uint32_t>(market.live.size());
            market.live.push_back(operation.id);
        } else if (event.kind == BookEvent::Kind::Trade && !m_books->find(event.maker)) {
            leave(market, event.maker);
        }
    }
}

} // namespace

std::uint64_t generateStream(
    StreamKind kind, std::uint64_t operations,
    const std::function<bool(const std::vector<StreamInstrument> &)> &begin,
    const std::function<bool(const StreamOperation &)> &write)
{
    Generator generator(kind);
    if (!begin(generator.instruments()))
        return 0;
    for (std::uint64_t i = 0; i < operations; ++i) {
        if (!write(generator.step()))
            break;
    }
    return generator.greatestId();
}

} // namespace khop::bench
