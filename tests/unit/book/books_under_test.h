// SPDX-License-Identifier: GPL-3.0-or-later
// Every implementation of OrderBooks runs the same tests: initTestCase_data() calls
// addImplementations(), init() calls makeBooks().
#pragma once

// Before the project's headers: moc 6.4 cannot parse GCC 12's <concepts> as the first standard
// header.
#include <QTest>

#include "book/order_books.h"

#include <array>
#include <cstdint>
#include <memory>
#include <string>

namespace khop {

struct Implementation {
    const char *name;
    std::unique_ptr<OrderBooks> (*make)();
};
/// With room for few orders, so that a thousand of them cost little and growing is tested too.
inline std::unique_ptr<OrderBooks> makeSmallLadderBooks() { return makeLadderBooks(64); }
inline constexpr std::array implementations{Implementation{"reference", makeReferenceBooks},
                                            Implementation{"ladder", makeSmallLadderBooks}};

inline void addImplementations()
{
    QTest::addColumn<int>("implementation");
    for (std::size_t i = 0; i < implementations.size(); ++i)
        QTest::newRow(implementations[i].name) << static_cast<int>(i);
}

inline std::unique_ptr<OrderBooks> makeBooks()
{
    QFETCH_GLOBAL(int, implementation);
    return implementations[static_cast<std::size_t>(implementation)].make();
}

inline TickTable hoseTicks()
{
    return TickTable(
        {{Price(0), Price(10)}, {Price(10'000), Price(50)}, {Price(50'000), Price(100)}});
}
inline TickTable hundredTicks() { return TickTable({{Price(0), Price(100)}}); }

/// The band of a reference: +-7 % on HOSE's ticks, +-10 % on ticks of 100.
inline BookSpec bandOf(std::int64_t reference, const TickTable &ticks, int percent)
{
    const Price ceiling = ticks.floorToTick(Price(reference * (100 + percent) / 100));
    const Price floor = ticks.ceilToTick(Price((reference * (100 - percent) + 99) / 100));
    return {floor, ceiling, ticks};
}
inline BookSpec hose(std::int64_t reference) { return bandOf(reference, hoseTicks(), 7); }
inline BookSpec hnx(std::int64_t reference) { return bandOf(reference, hundredTicks(), 10); }

/// What happened, one event per word: "3x1:300@20000" (3 traded against the resting 1),
/// "rest3:500@20100", "kill3:200:Remainder".
inline std::string textOf(const BookEvents &events)
{
    static constexpr std::array reasons{"NoCounterpart", "Remainder", "NotFillable", "SelfTrade",

                                        "AuctionOver",   "Invalid"};
    std::string text;
    for (const BookEvent &event : events) {
        if (!text.empty())
            text += ' ';
        const std::string ref = std::to_string(event.ref);
        const std::string quantity = std::to_string(event.quantity.raw());
        const std::string price = std::to_string(event.price.raw());
        switch (event.kind) {
        case BookEvent::Kind::Trade:
            text += ref + 'x' + std::to_string(event.maker) + ':' + quantity + '@' + price;
            break;
        case BookEvent::Kind::Rested: text += "rest" + ref + ':' + quantity + '@' + price; break;
        case BookEvent::Kind::Killed:
            text += "kill" + ref + ':' + quantity + ':'
                    + reasons[static_cast<std::size_t>(event.reason)];
            break;
        }
    }
    return text;
}

/// splitmix64, seeded by KHOP_SEED when it is set.
class Random
{
public:
    struct Quiet {
    };
    /// One of many: takes this seed and says nothing of it.
    Random(std::uint64_t seed, Quiet) : m_state(seed) {}
    explicit Random(std::uint64_t fallbackSeed)
        : m_state(qEnvironmentVariableIsSet("KHOP_SEED")
                      ? qEnvironmentVariable("KHOP_SEED").toULongLong()
                      : fallbackSeed)
    {
        qInfo("seed %llu (KHOP_SEED)", static_cast<unsigned long long>(m_state));
    }

    std::uint64_t next()
    {
        m_state += 0x9E37'79B9'7F4A'7C15ULL;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EBULL;
        return z ^ (z >> 31);
    }
    std::int64_t below(std::int64_t n)
    {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(n));
    }
    bool chance(int percent) { return below(100) < percent; }

private:
    std::uint64_t m_state;
};

/// How many rounds a random test runs: KHOP_ROUNDS, else what a commit can afford.
inline int rounds(int forCommit)
{
    return qEnvironmentVariableIsSet("KHOP_ROUNDS") ? qEnvironmentVariableIntValue("KHOP_ROUNDS")
                                                    : forCommit;
}

} // namespace khop
