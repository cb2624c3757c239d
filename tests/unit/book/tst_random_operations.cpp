// SPDX-License-Identifier: GPL-3.0-or-later
// Random operations over several books, against an account of every order kept by the test from the
// events alone. KHOP_SEED and KHOP_ROUNDS choose the run.
#include "books_under_test.h"

#include <QObject>

#include <algorithm>
#include <map>
#include <tuple>

using namespace khop;

namespace {

struct Known {
    BookId book = 0;
    BookOrder order;
    std::int64_t open = 0;
    Price price;            // where it rests
    std::uint64_t turn = 0; // when it took its place in the queue
    bool resting = false;
};

} // namespace

class RandomOperationsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addImplementations(); }
    void init();
    void booksStayConsistent_data();
    void booksStayConsistent();

private:
    void place(Random &random);
    void change(Random &random);
    void changePhase(Random &random);
    void account(BookId book, OrderRef incoming);
    void compare(BookId book);
    Price anyPrice(Random &random, BookId book);

    std::unique_ptr<OrderBooks> m_books;
    std::vector<BookSpec> m_specs;
    std::map<OrderRef, Known> m_known; // resting orders and the one coming in
    std::vector<OrderRef> m_free;
    BookEvents m_events;
    OrderRef m_lastRef = 0;
    std::uint64_t m_turn = 0;
    SelfMatch m_selfMatch = SelfMatch::Allow;
};

void RandomOperationsTest::init()
{
    m_books = makeBooks();
    m_specs = {hose(9'950), hose(49'900), hnx(17'000)};
    m_known.clear();
    m_free.clear();
    m_lastRef = 0;
    m_turn = 0;
    for (const BookSpec &spec : m_specs)
        m_books->open(spec);
}

Price RandomOperationsTest::anyPrice(Random &random, BookId book)
{
    const BookSpec &spec = m_specs[book];
    Price price = spec.ticks.floorToTick(Price((spec.floor.raw() + spec.ceiling.raw()) / 2));
    for (std::int64_t step = random.below(13) - 6; step != 0; step += step < 0 ? 1 : -1)
        price = step < 0 ? spec.ticks.down(price) : spec.ticks.up(price);
    return random.chance(3) ? spec.ceiling : random.chance(3) ? spec.floor : price;
}

/// Books the events of one call; `incoming` is the order that caused them.
void RandomOperationsTest::account(BookId book, OrderRef incoming)
{
    std::vector<OrderRef> touched{incoming};
    for (const BookEvent &event : m_events) {
        QVERIFY(event.quantity > Quantity{});
        QVERIFY(m_known.contains(event.ref));
        Known &known = m_known[event.ref];
        QCOMPARE(known.book, book);
        touched.push_back(event.ref);
        switch (event.kind) {
        case BookEvent::Kind::Trade: {
            QVERIFY(m_known.contains(event.maker) && m_known[event.maker].resting);
            Known &maker = m_known[event.maker];
            touched.push_back(event.maker);
            QVERIFY(maker.order.side != known.order.side);
            QCOMPARE(event.aggressor, known.order.side);
            const bool ownTrade = known.order.owner != 0 && known.order.owner == maker.order.owner;
            QVERIFY2(!ownTrade || m_selfMatch == SelfMatch::Allow, "an owner traded with himself");
            if (!m_books->inCall(book)) {
                QCOMPARE(event.ref, incoming);
                QCOMPARE(event.price, maker.price);
                const Price limit = known.order.price;
                QVERIFY(known.order.side == Side::Buy ? event.price <= limit
                                                      : event.price >= limit);
                // Nobody of better price or earlier turn was passed over.
                for (const auto &[ref, other] : m_known) {
                    if (!other.resting || other.book != book || other.order.side != maker.order.side
                        || ref == event.maker) {
                        continue;
                    }
                    const bool better = maker.order.side == Side::Buy ? other.price > maker.price
                                                                      : other.price < maker.price;
                    QVERIFY2(!better, "a better price was passed over");
                    QVERIFY2(other.price != maker.price || other.turn > maker.turn,
                             "an older order was passed over");
                }
            }
            known.open -= event.quantity.raw();
            maker.open -= event.quantity.raw();
            QVERIFY(known.open >= 0 && maker.open >= 0);
            if (maker.open == 0)
                maker.resting = false;
            break;
        }
        case BookEvent::Kind::Rested:
            QCOMPARE(event.quantity.raw(), known.open);
            known.resting = true;
            known.price = event.price;
            known.turn = ++m_turn;
            break;
        case BookEvent::Kind::Killed:
            QCOMPARE(event.quantity.raw(), known.open);
            known.open = 0;
            known.resting = false;
            break;
        }
    }
    for (const OrderRef ref : touched) {
        const auto it = m_known.find(ref);
        if (it != m_known.end() && it->second.open == 0) {
            m_free.push_back(ref);
            m_known.erase(it);
        } else if (it != m_known.end()) {
            QVERIFY(it->second.resting);
        }
    }
}

void RandomOperationsTest::place(Random &random)
{
    const BookId book =
        static_cast<BookId>(random.below(static_cast<std::int64_t>(m_specs.size())));
    Known known;
    known.book = book;
    BookOrder &order = known.order;
    if (!m_free.empty() && random.chance(80)) {
        order.ref = m_free.back();
        m_free.pop_back();
    } else {
        order.ref = ++m_lastRef;
    }
    order.owner = static_cast<Owner>(random.below(4));
    order.side = random.chance(50) ? Side::Buy : Side::Sell;
    order.quantity = Quantity(100 * (1 + random.below(10)));
    const std::int64_t kind = random.below(20);
    const bool call = m_books->inCall(book);
    if (call && kind < 4)
        order.instruction = Instruction::AtAuction;
    else if (!call && kind < 6)
        order.instruction = static_cast<Instruction>(1 + kind % 3);
    order.price = order.side == Side::Buy ? m_specs[book].ceiling : m_specs[book].floor;
    if (order.instruction == Instruction::Limit)
        order.price = anyPrice(random, book);
    known.open = order.quantity.raw();
    m_known[order.ref] = known;
    m_events.clear();
    m_books->add(book, order, m_events);
    account(book, order.ref);
}

void RandomOperationsTest::change(Random &random)
{
    if (m_known.empty())
        return;
    auto it = m_known.begin();
    std::advance(it, random.below(static_cast<std::int64_t>(m_known.size())));
    const OrderRef ref = it->first;
    Known &known = it->second;
    const BookId book = known.book;
    m_events.clear();
    switch (random.below(4)) {
    case 0: {
        const std::int64_t leaves = 100 * random.below(12);
        const bool lower = leaves > 0 && leaves < known.open;
        QCOMPARE(m_books->reduce(ref, Quantity(leaves)), lower);
        if (lower)
            known.open = leaves;
        break;
    }
    case 1:
        if (known.order.instruction == Instruction::AtAuction)
            break;
        known.order.price = anyPrice(random, book);
        known.order.instruction = Instruction::Limit;
        known.open = 100 * (1 + random.below(10));
        known.resting = false;
        QVERIFY(m_books->replace(ref, known.order.price, Quantity(known.open), m_events));
        account(book, ref);
        break;
    default:
        QCOMPARE(m_books->cancel(ref), std::optional(Quantity(known.open)));
        QVERIFY(!m_books->cancel(ref));
        m_free.push_back(ref);
        m_known.erase(it);
        break;
    }
}

void RandomOperationsTest::changePhase(Random &random)
{
    const BookId book =
        static_cast<BookId>(random.below(static_cast<std::int64_t>(m_specs.size())));
    if (!m_books->inCall(book)) {
        m_books->startCall(book);
        return;
    }
    m_events.clear();
    m_books->uncross(book, anyPrice(random, book), m_events);
    account(book, 0);
    if (!QTest::currentTestFailed())
        m_books->startContinuous(book);
}

/// The book shows exactly the orders the events speak of, in their turn.
void RandomOperationsTest::compare(BookId book)
{
    std::vector<std::pair<std::uint64_t, OrderRef>> expected;
    std::map<std::pair<Side, Price>, std::pair<std::int64_t, std::uint32_t>> levels;
    for (const auto &[ref, known] : m_known) {
        if (known.book != book)
            continue;
        expected.emplace_back(known.turn, ref);
        if (known.order.instruction == Instruction::AtAuction)
            continue;
        auto &[quantity, orders] = levels[{known.order.side, known.price}];
        quantity += known.open;
        ++orders;
    }
    std::ranges::sort(expected);
    const std::vector<RestingOrder> resting = m_books->resting(book);
    QCOMPARE(resting.size(), expected.size());
    QCOMPARE(m_books->size(book), expected.size());
    for (std::size_t i = 0; i < resting.size(); ++i) {
        const Known &known = m_known[expected[i].second];
        QCOMPARE(resting[i].ref, expected[i].second);
        QCOMPARE(resting[i].quantity.raw(), known.open);
        QCOMPARE(resting[i].price, known.price);
        QCOMPARE(resting[i].owner, known.order.owner);
        QCOMPARE(m_books->find(resting[i].ref)->quantity.raw(), known.open);
        QVERIFY(i == 0 || resting[i].priority > resting[i - 1].priority);
    }

    std::vector<BookLevel> shown;
    std::optional<Price> best[2];
    for (const Side side : {Side::Buy, Side::Sell}) {
        m_books->depth(book, side, 1'000, shown);
        std::size_t count = 0;
        for (const auto &[key, level] : levels)
            count += key.first == side ? 1 : 0;
        QCOMPARE(shown.size(), count);
        for (std::size_t i = 0; i < shown.size(); ++i) {
            const auto &[quantity, orders] = levels[{side, shown[i].price}];
            QCOMPARE(shown[i].quantity.raw(), quantity);
            QCOMPARE(shown[i].orders, orders);
            QVERIFY(i == 0
                    || (side == Side::Buy ? shown[i].price < shown[i - 1].price
                                          : shown[i].price > shown[i - 1].price));
        }
        best[static_cast<std::size_t>(side)] = m_books->best(book, side);
        QCOMPARE(m_books->best(book, side),
                 shown.empty() ? std::nullopt : std::optional(shown.front().price));
    }
    if (!m_books->inCall(book))
        QVERIFY2(!best[0] || !best[1] || *best[0] < *best[1], "crossed");
}

void RandomOperationsTest::booksStayConsistent_data()
{
    QTest::addColumn<int>("mode");
    QTest::newRow("no prevention") << static_cast<int>(SelfMatch::Allow);
    QTest::newRow("cancel newest") << static_cast<int>(SelfMatch::CancelNewest);
    QTest::newRow("cancel oldest") << static_cast<int>(SelfMatch::CancelOldest);
    QTest::newRow("cancel both") << static_cast<int>(SelfMatch::CancelBoth);
}

void RandomOperationsTest::booksStayConsistent()
{
    QFETCH(int, mode);
    m_selfMatch = static_cast<SelfMatch>(mode);
    m_books->setPolicies({.selfMatch = m_selfMatch});
    Random random(20'261'121 + static_cast<std::uint64_t>(mode));
    const int count = rounds(40'000);
    for (int round = 0; round < count; ++round) {
        const std::int64_t kind = random.below(100);
        // Books grow to some forty orders and shrink again.
        if (kind < 1)
            changePhase(random);
        else if (kind < (m_known.size() < 120 ? 60 : 35))
            place(random);
        else
            change(random);
        m_events.clear();
        if (round % 16 == 0) {
            for (BookId book = 0; book < m_specs.size(); ++book)
                compare(book);
        }
        if (QTest::currentTestFailed())
            QFAIL(qPrintable(QStringLiteral("in round %1").arg(round)));
    }
}

QTEST_APPLESS_MAIN(RandomOperationsTest)
#include "tst_random_operations.moc"
