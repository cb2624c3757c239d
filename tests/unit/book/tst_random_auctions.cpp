// SPDX-License-Identifier: GPL-3.0-or-later
// Random auctions against the words of the rule, checked at every tick of the band. KHOP_SEED and
// KHOP_ROUNDS choose the run.
#include "books_under_test.h"

#include <QObject>

#include <algorithm>
#include <map>
#include <tuple>

using namespace khop;

namespace {

struct Entered {
    BookOrder order;
    std::int64_t filled = 0;
    std::int64_t killed = 0;
    Price effective; // what it takes part at
};

/// What the rule says of one price, counted order by order.
struct Verdict {
    std::int64_t bought = 0, sold = 0; // wanted at the price or better
    std::int64_t boughtAbove = 0, soldBelow = 0;
    std::int64_t volume() const { return std::min(bought, sold); }
    /// Every buy above and every sell below the price is filled.
    bool fillsTheBetterPriced() const { return boughtAbove <= volume() && soldBelow <= volume(); }
};

/// The price of an order without one by the exchange's text: from all orders, one at a time.
Price effectiveOf(Side side, const std::vector<Entered> &orders, const BookSpec &spec, Price base)
{
    bool limitOrders = false;
    std::int64_t surplus = 0;
    int sides = 0;
    for (const Entered &entered : orders) {
        limitOrders = limitOrders || entered.order.instruction == Instruction::Limit;
        const bool isBuy = entered.order.side == Side::Buy;
        surplus += isBuy ? entered.order.quantity.raw() : -entered.order.quantity.raw();
        sides |= isBuy ? 1 : 2;
    }
    if (!limitOrders) {
        if (sides != 3 || surplus == 0)
            return base;
        return std::clamp(surplus > 0 ? spec.ticks.up(base) : spec.ticks.down(base), spec.floor,
                          spec.ceiling);
    }
    Price price = base;
    for (const Entered &entered : orders) {
        if (entered.order.instruction != Instruction::Limit)
            continue;
        const Price limit = entered.order.price;
        if (side == Side::Buy)
            price = std::max(price, entered.order.side == Side::Sell
                                        ? limit
                                        : std::min(spec.ticks.up(limit), spec.ceiling));
        else
            price = std::min(price, entered.order.side == Side::Buy
                                        ? limit
                                        : std::max(spec.ticks.down(limit), spec.floor));
    }
    return price;
}

Verdict verdictAt(Price price, const std::vector<Entered> &orders)
{
    Verdict verdict;
    for (const Entered &entered : orders) {
        const std::int64_t quantity = entered.order.quantity.raw();
        if (entered.order.side == Side::Buy) {
            verdict.bought += entered.effective >= price ? quantity : 0;
            verdict.boughtAbove += entered.effective > price ? quantity : 0;
        } else {
            verdict.sold += entered.effective <= price ? quantity : 0;
            verdict.soldBelow += entered.effective < price ? quantity : 0;
        }
    }
    return verdict;
}

} // namespace

class RandomAuctionsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addImplementations(); }
    void everyUncrossObeysTheRule();

private:
    std::vector<Entered> enterRandomOrders(Random &random, OrderBooks &books, BookId book,
                                           const BookSpec &spec, Price middle);
    void checkPrice(const std::vector<Entered> &orders, const BookSpec &spec, Price base,
                    const Indicative &result);
    void checkAllocation(std::vector<Entered> orders, Price price);
};

std::vector<Entered> RandomAuctionsTest::enterRandomOrders(Random &random, OrderBooks &books,
                                                           BookId book, const BookSpec &spec,
                                                           Price middle)
{
    std::vector<Entered> orders;
    BookEvents events;
    const std::int64_t count = 1 + random.below(24);
    const int atAuctionPercent = random.chance(50) ? 0 : static_cast<int>(5 + random.below(40));
    const std::int64_t spread = 1 + random.below(30);
    for (std::int64_t i = 0; i < count; ++i) {
        BookOrder order;
        order.ref = static_cast<OrderRef>(i + 1);
        order.side = random.chance(50) ? Side::Buy : Side::Sell;
        order.quantity = Quantity(100 * (1 + random.below(random.chance(10) ? 200 : 10)));
        if (random.chance(atAuctionPercent)) {
            order.instruction = Instruction::AtAuction;
            order.price = order.side == Side::Buy ? spec.ceiling : spec.floor;
        } else {
            order.price = middle;
            for (std::int64_t step = random.below(2 * spread + 1) - spread; step != 0;
                 step += step < 0 ? 1 : -1)
                order.price = step < 0 ? spec.ticks.down(order.price) : spec.ticks.up(order.price);
            if (random.chance(5))
                order.price = order.side == Side::Buy ? spec.ceiling : spec.floor;
            order.price = std::clamp(order.price, spec.floor, spec.ceiling);
        }
        books.add(book, order, events);
        orders.push_back({order});
    }
    return orders;
}

void RandomAuctionsTest::checkPrice(const std::vector<Entered> &orders, const BookSpec &spec,
                                    Price base, const Indicative &result)
{
    std::map<Price, Verdict> verdicts;
    std::int64_t greatest = 0;
    for (Price price = spec.floor; price <= spec.ceiling; price = spec.ticks.up(price))
        greatest = std::max(greatest, (verdicts[price] = verdictAt(price, orders)).volume());

    QCOMPARE(result.volume.raw(), greatest);
    QCOMPARE(result.price.has_value(), greatest > 0);
    if (greatest == 0)
        return;

    std::vector<Price> candidates;
    for (const auto &[price, verdict] : verdicts) {
        if (verdict.volume() == greatest && verdict.fillsTheBetterPriced())
            candidates.push_back(price);
    }
    QVERIFY(!candidates.empty());
    QCOMPARE(candidates.front(), *result.low);
    QCOMPARE(candidates.back(), *result.high);
    for (std::size_t i = 1; i < candidates.size(); ++i)
        QCOMPARE(candidates[i], spec.ticks.up(candidates[i - 1]));

    // Of the candidates the one closest to the base, and no other is as close.
    const auto distance = [base](Price price) { return std::abs((price - base).raw()); };
    for (const Price candidate : candidates)
        QVERIFY(candidate == *result.price || distance(candidate) > distance(*result.price));

    const Verdict &chosen = verdicts.at(*result.price);
    QCOMPARE(result.surplus.raw(), std::abs(chosen.bought - chosen.sold));
    if (chosen.bought != chosen.sold)
        QCOMPARE(result.surplusSide, chosen.bought > chosen.sold ? Side::Buy : Side::Sell);
}

/// By price, then time; better-priced orders in full; one side exhausted at the price.
void RandomAuctionsTest::checkAllocation(std::vector<Entered> orders, Price price)
{
    bool exhausted[2] = {true, true};
    for (const Side side : {Side::Buy, Side::Sell}) {
        std::vector<Entered> served;
        for (const Entered &entered : orders) {
            if (entered.order.side == side)
                served.push_back(entered);
        }
        std::ranges::sort(served, {}, [side](const Entered &entered) {
            const std::int64_t raw = entered.effective.raw();
            return std::tuple(side == Side::Buy ? -raw : raw, entered.order.ref);
        });
        bool open = false;
        for (const Entered &entered : served) {
            const bool takesPart =
                side == Side::Buy ? entered.effective >= price : entered.effective <= price;
            const bool full = entered.filled == entered.order.quantity.raw();
            QVERIFY2(takesPart || entered.filled == 0, "filled beyond its limit");
            QVERIFY2(!open || entered.filled == 0, "filled before an order of better rank");
            QVERIFY2(entered.effective == price || !takesPart || full,
                     "better priced, yet not filled");
            open = open || !full;
            if (takesPart && !full)
                exhausted[static_cast<std::size_t>(side)] = false;
        }
    }
    QVERIFY(exhausted[0] || exhausted[1]);
}

void RandomAuctionsTest::everyUncrossObeysTheRule()
{
    Random random(20'261'120);
    const int count = rounds(20'000);
    int withPrice = 0;
    for (int round = 0; round < count; ++round) {
        const std::unique_ptr<OrderBooks> books = makeBooks();
        books->setPolicies({});
        const bool onHose = random.chance(60);
        // Around the prices where HOSE's tick changes, and anywhere.
        static constexpr std::array<std::int64_t, 4> references{9'950, 49'900, 10'050, 50'500};
        const std::int64_t anywhere = 1'000 + 100 * random.below(1'000);
        const BookSpec spec =
            onHose ? hose(random.chance(60) ? references[static_cast<std::size_t>(random.below(4))]
                                            : anywhere)
                   : hnx(anywhere);
        const BookId book = books->open(spec);
        books->startCall(book);

        const auto anyTick = [&] {
            return spec.ticks.floorToTick(
                Price(spec.floor.raw() + random.below(spec.ceiling.raw() - spec.floor.raw() + 1)));
        };
        const Price base = anyTick();
        std::vector<Entered> orders =
            enterRandomOrders(random, *books, book, spec, random.chance(50) ? base : anyTick());
        for (Entered &entered : orders) {
            entered.effective = entered.order.price;
            if (entered.order.instruction == Instruction::AtAuction) {
                entered.effective = effectiveOf(entered.order.side, orders, spec, base);
                QCOMPARE(books->auctionPrice(book, entered.order.side, base),
                         std::optional(entered.effective));
            }
        }

        const Indicative indicative = books->indicative(book, base);
        BookEvents events;
        const Indicative result = books->uncross(book, base, events);
        QCOMPARE(result.price, indicative.price);
        QCOMPARE(result.volume, indicative.volume);
        QCOMPARE(result.surplus, indicative.surplus);
        checkPrice(orders, spec, base, result);

        std::int64_t traded = 0;
        for (const BookEvent &event : events) {
            if (event.kind == BookEvent::Kind::Trade) {
                QCOMPARE(event.price, *result.price);
                QVERIFY(event.quantity > Quantity{});
                QVERIFY(event.maker < event.ref);
                QCOMPARE(event.aggressor, orders[event.ref - 1].order.side);
                orders[event.ref - 1].filled += event.quantity.raw();
                orders[event.maker - 1].filled += event.quantity.raw();
                traded += event.quantity.raw();
            } else {
                QCOMPARE(event.kind, BookEvent::Kind::Killed);
                QCOMPARE(event.reason, KillReason::AuctionOver);
                QCOMPARE(orders[event.ref - 1].order.instruction, Instruction::AtAuction);
                orders[event.ref - 1].killed += event.quantity.raw();
            }
        }
        QCOMPARE(traded, result.volume.raw());
        for (const Entered &entered : orders) {
            const std::optional<RestingOrder> rest = books->find(entered.order.ref);
            const std::int64_t open = rest ? rest->quantity.raw() : 0;
            QCOMPARE(entered.filled + entered.killed + open, entered.order.quantity.raw());
            QVERIFY(!rest || rest->instruction == Instruction::Limit);
        }
        if (result.price) {
            ++withPrice;
            checkAllocation(orders, *result.price);
        }
        const std::optional<Price> bid = books->best(book, Side::Buy);
        const std::optional<Price> ask = books->best(book, Side::Sell);
        QVERIFY(!bid || !ask || *bid < *ask);
        if (QTest::currentTestFailed())
            QFAIL(qPrintable(QStringLiteral("in round %1").arg(round)));
    }
    qInfo("%d auctions, %d with a price", count, withPrice);
    QVERIFY(withPrice > count / 3);
}

QTEST_APPLESS_MAIN(RandomAuctionsTest)
#include "tst_random_auctions.moc"
