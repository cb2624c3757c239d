// SPDX-License-Identifier: GPL-3.0-or-later
#include "shrink.h"

#include "in_child.h"

#include "base/clock.h"

#include <algorithm>

namespace khop {

using bench::BookOperation;
using bench::BookRun;
using Kind = BookOperation::Kind;

Shrinker::Shrinker(bench::BookSetup setup, std::vector<bench::BookMaker> makers, int mostRuns,
                   int mostSeconds)
    : m_setup(std::move(setup))
    , m_makers(std::move(makers))
    , m_runsLeft(mostRuns)
    , m_until(steadyNanoseconds() + std::int64_t{mostSeconds} * 1'000'000'000)
{}

bool Shrinker::spent() const { return m_runsLeft <= 0 || steadyNanoseconds() > m_until; }

/// Runs up to the first difference; looks at everything after each operation of a short sequence.
std::optional<Shrinker::Found> Shrinker::replay(const std::vector<BookOperation> &operations) const
{
    constexpr std::size_t thoroughLooks = 400;
    const std::size_t stride = std::max<std::size_t>(1, operations.size() / thoroughLooks);
    BookRun run(m_setup, m_makers);
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const bool thorough = i % stride == 0 || i + 1 == operations.size();
        if (auto difference =
                run.run(operations[i], thorough ? BookRun::Look::Thorough : BookRun::Look::Quick)) {
            return Found{
                {operations.begin(), operations.begin() + static_cast<std::ptrdiff_t>(i + 1)},
                std::move(*difference)};
        }
    }
    return std::nullopt;
}

bool Shrinker::tryInstead(std::vector<BookOperation> operations)
{
    if (spent())
        return false;
    --m_runsLeft;
    auto found = tryOut(operations);
    if (!found)
        return false;
    m_best = std::move(*found);
    return true;
}

/// A replay in a process of its own: an implementation that is wrong may do anything.
std::optional<Shrinker::Found> Shrinker::tryOut(const std::vector<BookOperation> &operations) const
{
    const std::int64_t milliseconds = 200 + std::ssize(operations) / 4; // far more than it takes
    const auto length = inChild(milliseconds, [&]() -> std::uint64_t {
        const auto found = replay(operations);
        return found ? found->operations.size() : 0;
    });
    if (!length)
        return Found{operations, "an implementation crashes, or does not come to an end"};
    if (*length == 0)
        return std::nullopt;
    return replay({operations.begin(), operations.begin() + static_cast<std::ptrdiff_t>(*length)});
}

/// Leaves out what pieces of this size it can; true when one went.
bool Shrinker::leaveOutPieces(std::size_t size)
{
    bool any = false;
    // From the end: later operations hang on earlier ones.
    for (std::size_t end = m_best.operations.size(); end > 0 && !spent();) {
        end = std::min(end, m_best.operations.size());
        const std::size_t begin = end > size ? end - size : 0;
        std::vector<BookOperation> fewer = m_best.operations;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(begin),
                    fewer.begin() + static_cast<std::ptrdiff_t>(end));
        any = tryInstead(std::move(fewer)) || any;
        end = begin;
    }
    return any;
}

/// Owners and quantities that do not matter become plain.
void Shrinker::simplify()
{
    for (std::size_t i = 0; i < m_best.operations.size(); ++i) {
        const auto change = [&](auto make) {
            std::vector<BookOperation> plainer = m_best.operations;
            make(plainer[i]);
            if (lineOf(plainer[i]) != lineOf(m_best.operations[i]))
                tryInstead(std::move(plainer));
        };
        change([](BookOperation &operation) { operation.order.owner = 0; });
        if (i >= m_best.operations.size() || m_best.operations[i].kind != Kind::Add)
            continue;
        const Quantity lot = m_setup.books[m_best.operations[i].book].lot;
        change([lot](BookOperation &operation) { operation.order.quantity = lot; });
    }
}

std::optional<Shrinker::Found> Shrinker::shrink(std::vector<BookOperation> operations)
{
    auto first = tryOut(operations);
    if (!first)
        return std::nullopt;
    m_best = std::move(*first);
    for (std::size_t size = std::max<std::size_t>(1, m_best.operations.size() / 2); !spent();) {
        const bool went = leaveOutPieces(size);
        if (size > 1)
            size /= 2;
        else if (!went)
            break;
    }
    simplify();
    return m_best;
}

} // namespace khop
