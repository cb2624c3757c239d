// SPDX-License-Identifier: GPL-3.0-or-later
// The reference books against every other implementation over random operations: after each they must
// have made the same events and show the same. On a difference the operations are shrunk to a few and
// written as a scenario file, which `khop-bench scenario` runs. KHOP_SEED and KHOP_ROUNDS choose the run.
#include "books_under_test.h"
#include "in_child.h"
#include "random_operations.h"
#include "shrink.h"

#include "base/clock.h"

#include <QDir>
#include <QFile>
#include <QObject>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <span>

using namespace khop;
using namespace khop::bench;

namespace {

constexpr int operationsPerCommit = 1'000'000;
constexpr std::uint64_t anySeed = 20'261'121;
constexpr std::int64_t mostMilliseconds = 60'000; // for the runs of a process
constexpr std::size_t runsPerProcess = 16;

QString write(const QDir &directory, const QString &name, const BookSetup &setup,
              const std::vector<BookOperation> &operations, const std::string &remark)
{
    QFile file(directory.filePath(name + QStringLiteral(".scn")));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return QStringLiteral("nowhere: ") + file.errorString();
    file.write(("# " + remark + "\n" + sectionOf(name.toStdString(), setup, operations)).c_str());
    return file.fileName();
}

/// One run of random operations on all implementations.
struct Run {
    BookSetup setup;
    std::vector<BookOperation> operations;
    std::string difference; // empty: none
    std::uint64_t trades = 0;
};

Run runRandomly(std::uint64_t seed, const std::vector<BookMaker> &makers)
{
    RandomOperations random(seed);
    Run result{random.setup(), {}, {}, 0};
    BookRun run(result.setup, makers);
    result.operations.reserve(static_cast<std::size_t>(random.length()));
    for (int i = 0; i < random.length() && result.difference.empty(); ++i) {
        result.operations.push_back(random.next(run));
        const bool thorough = i % random.stride() == 0
                              || result.operations.back().kind == BookOperation::Kind::Restart;
        result.difference = run.run(result.operations.back(),
                                    thorough ? BookRun::Look::Thorough : BookRun::Look::Quick)
                                .value_or("");
    }
    result.trades = run.trades();
    return result;
}

/// What the parent of some runs wants to know of them, as a number between processes.
struct Totals {
    bool differed = false;
    std::uint32_t operations = 0; // below 2^31
    std::uint32_t trades = 0;

    Totals() = default;
    explicit Totals(std::uint64_t packed)
        : differed(packed >> 63 != 0)
        , operations(static_cast<std::uint32_t>(packed << 1 >> 33))
        , trades(static_cast<std::uint32_t>(packed))
    {}
    std::uint64_t packed() const
    {
        return std::uint64_t{differed} << 63 | std::uint64_t{operations} << 32 | trades;
    }
    void add(const Run &run)
    {
        differed = differed || !run.difference.empty();
        operations += static_cast<std::uint32_t>(run.operations.size());
        trades += static_cast<std::uint32_t>(run.trades);
    }
};

/// Whether the run of a seed goes wrong, in a process of its own.
bool goesWrong(std::uint64_t seed, const std::vector<BookMaker> &makers)
{
    const auto totals = inChild(mostMilliseconds, [&] {
        Totals one;
        one.add(runRandomly(seed, makers));
        return one.packed();
    });
    return !totals || Totals(*totals).differed;
}

/// The first of these runs in which implementations differ, as a short file; what to say of it.
QString shrunk(std::span<const std::uint64_t> seeds)
{
    const auto wrong =
        std::ranges::find_if(seeds, [](std::uint64_t one) { return goesWrong(one, bookMakers()); });
    if (wrong == seeds.end())
        return QStringLiteral("runs that go wrong together do not one by one, from seed %1 on")
            .arg(seeds.front());
    const std::uint64_t seed = *wrong;
    // The operations depend on what the reference does, and on nothing else.
    const Run run = runRandomly(seed, {bookMakers().front()});
    Shrinker shrinker(run.setup, bookMakers(), 20'000, 60);
    const auto found = shrinker.shrink(run.operations);
    const std::string difference =
        found ? found->difference : "seen only where it was not looked at";
    const QString path = write(QDir::temp(), QStringLiteral("khop-books-differ"), run.setup,
                               found ? found->operations : run.operations, difference);
    return QStringLiteral("%1 (seed %2)\nkhop-bench scenario %3")
        .arg(QString::fromStdString(difference))
        .arg(seed)
        .arg(path);
}

/// The reference with one mistake, to see that mistakes are found.
class WrongBooks : public OrderBooks
{
public:
    BookId open(const BookSpec &spec) override { return m_books->open(spec); }
    void reopen(BookId book, const BookSpec &spec) override { m_books->reopen(book, spec); }
    void setPolicies(const BookPolicies &policies) override { m_books->setPolicies(policies); }
    void startContinuous(BookId book) override { m_books->startContinuous(book); }
    void startCall(BookId book) override { m_books->startCall(book); }
    bool inCall(BookId book) const override { return m_books->inCall(book); }
    void add(BookId book, const BookOrder &order, BookEvents &events) override
    {
        m_books->add(book, order, events);
    }
    std::optional<Quantity> cancel(OrderRef ref) override { return m_books->cancel(ref); }
    bool reduce(OrderRef ref, Quantity leaves) override { return m_books->reduce(ref, leaves); }
    bool replace(OrderRef ref, Price price, Quantity leaves, BookEvents &events) override
    {
        return m_books->replace(ref, price, leaves, events);
    }
    Indicative indicative(BookId book, Price base) const override
    {
        return m_books->indicative(book, base);
    }
    Indicative uncross(BookId book, Price base, BookEvents &events) override
    {
        return m_books->uncross(book, base, events);
    }
    std::optional<Price> auctionPrice(BookId book, Side side, Price base) const override
    {
        return m_books->auctionPrice(book, side, base);
    }
    std::optional<Price> best(BookId book, Side side) const override
    {
        return m_books->best(book, side);
    }
    OrderRef bestOrder(BookId book, Side side) const override
    {
        return m_books->bestOrder(book, side);
    }
    void depth(BookId book, Side side, std::size_t levels,
               std::vector<BookLevel> &out) const override
    {
        m_books->depth(book, side, levels, out);
    }
    std::optional<RestingOrder> find(OrderRef ref) const override { return m_books->find(ref); }
    std::optional<Quantity> ahead(OrderRef ref) const override { return m_books->ahead(ref); }
    std::vector<RestingOrder> resting(BookId book) const override { return m_books->resting(book); }
    std::size_t size(BookId book) const override { return m_books->size(book); }
    void restore(BookId book, const std::vector<RestingOrder> &orders) override
    {
        m_books->restore(book, orders);
    }

protected:
    std::unique_ptr<OrderBooks> m_books = makeReferenceBooks();
};

/// Loses the place in the queue when a quantity is lowered.
class ForgetsPriority final : public WrongBooks
{
    bool reduce(OrderRef ref, Quantity leaves) override
    {
        const auto order = m_books->find(ref);
        if (!order || leaves <= Quantity{} || leaves >= order->quantity
            || order->instruction == Instruction::AtAuction)
            return m_books->reduce(ref, leaves);
        BookEvents events;
        return m_books->replace(ref, order->price, leaves, events);
    }
};

/// Takes an order that fills only in part for one that could be filled in full.
class FillsOrKillsInPart final : public WrongBooks
{
    void add(BookId book, const BookOrder &order, BookEvents &events) override
    {
        BookOrder other = order;
        if (order.instruction == Instruction::FillOrKill)
            other.instruction = Instruction::ImmediateOrCancel;
        m_books->add(book, other, events);
    }
};

/// Uncrosses a tick's worth beside the base.
class UncrossesBesideTheBase final : public WrongBooks
{
    Indicative uncross(BookId book, Price base, BookEvents &events) override
    {
        return m_books->uncross(book, base + Price(100), events);
    }
};

/// Loses an order in a restart.
class LosesAnOrderOnRestore final : public WrongBooks
{
    void restore(BookId book, const std::vector<RestingOrder> &orders) override
    {
        std::vector<RestingOrder> fewer = orders;
        if (fewer.size() > 2)
            fewer.pop_back();
        m_books->restore(book, fewer);
    }
};

/// Stops the program when an order is lowered to nothing.
class Crashes final : public WrongBooks
{
    bool reduce(OrderRef ref, Quantity leaves) override
    {
        if (leaves.isZero() && m_books->find(ref))
            std::abort();
        return m_books->reduce(ref, leaves);
    }
};

template <class Books>
BookMaker maker(const char *name)
{
    return {name, [] { return std::make_unique<Books>(); }};
}

} // namespace

class DifferentialTest : public QObject
{
    Q_OBJECT

public:
    /// A nightly run takes longer than Qt's patience with one test function.
    static void initMain() { qputenv("QTEST_FUNCTION_TIMEOUT", "86400000"); }

private Q_SLOTS:
    void implementationsAgree();
    void aMistakeIsFoundAndShrunk_data();
    void aMistakeIsFoundAndShrunk();
    void aSequenceReadsAsItWasWritten();
};

void DifferentialTest::implementationsAgree()
{
    const int count = rounds(operationsPerCommit);
    Random seeds(anySeed);
    const std::int64_t start = steadyNanoseconds();
    std::int64_t done = 0;
    std::uint64_t trades = 0;
    while (done < count) {
        std::array<std::uint64_t, runsPerProcess> batch;
        std::ranges::generate(batch, [&] { return seeds.next(); });
        const auto totals = inChild(mostMilliseconds, [&batch] {
            Totals all;
            for (const std::uint64_t seed : batch)
                all.add(runRandomly(seed, bookMakers()));
            return all.packed();
        });
        if (!totals || Totals(*totals).differed)
            QFAIL(qPrintable(shrunk(batch)));
        done += Totals(*totals).operations;
        trades += Totals(*totals).trades;
    }
    qInfo("%lld operations, %llu trades, %lld ms", static_cast<long long>(done),
          static_cast<unsigned long long>(trades),
          static_cast<long long>((steadyNanoseconds() - start) / 1'000'000));
    QVERIFY(trades > static_cast<std::uint64_t>(done) / 10);
}

void DifferentialTest::aMistakeIsFoundAndShrunk_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<int>("most"); // operations that show it
    QTest::newRow("priority") << 0 << 3;
    QTest::newRow("fill or kill") << 1 << 2;
    QTest::newRow("base") << 2 << 5;
    QTest::newRow("restore") << 3 << 4;
    QTest::newRow("crash") << 4 << 3;
}

void DifferentialTest::aMistakeIsFoundAndShrunk()
{
    QFETCH(int, which);
    QFETCH(int, most);
    const std::array wrong{maker<ForgetsPriority>("wrong"), maker<FillsOrKillsInPart>("wrong"),
                           maker<UncrossesBesideTheBase>("wrong"),
                           maker<LosesAnOrderOnRestore>("wrong"), maker<Crashes>("wrong")};
    const std::vector<BookMaker> makers{bookMakers().front(),
                                        wrong[static_cast<std::size_t>(which)]};
    for (std::uint64_t seed = 1; seed < 100; ++seed) {
        if (!goesWrong(seed, makers))
            continue;
        const Run run = runRandomly(seed, {makers.front()});
        Shrinker shrinker(run.setup, makers, 20'000, 20);
        const auto found = shrinker.shrink(run.operations);
        QVERIFY(found);
        const std::string text = sectionOf("shrunk", run.setup, found->operations);
        QVERIFY2(std::ssize(found->operations) <= most, text.c_str());

        // The right ones agree on it, and its file runs.
        QTemporaryDir directory;
        const QString path = write(QDir(directory.path()), QStringLiteral("shrunk"), run.setup,
                                   found->operations, found->difference);
        QProcess bench;
        bench.start(QStringLiteral(KHOP_BINARY_DIR "/khop-bench"),
                    {QStringLiteral("scenario"), path});
        QVERIFY(bench.waitForFinished(60'000));
        const QByteArray out = bench.readAllStandardOutput();
        QVERIFY2(bench.exitCode() == 0, out + bench.readAllStandardError());
        QVERIFY2(out.contains(" checks, 0 failed"), out);
        return;
    }
    QFAIL("the mistake was not found");
}

void DifferentialTest::aSequenceReadsAsItWasWritten()
{
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        const Run run = runRandomly(seed, {bookMakers().front()});
        for (const BookOperation &operation : run.operations) {
            const std::string line = lineOf(operation);
            Words words(line);
            const auto read = readOperation(words.next("a verb"), words);
            QVERIFY2(read && !words.complaint(), line.c_str());
            QCOMPARE(lineOf(*read), line);
        }
    }
}

QTEST_GUILESS_MAIN(DifferentialTest)
#include "tst_differential.moc"
