// SPDX-License-Identifier: GPL-3.0-or-later
// Random operations on order books: all instructions, auctions, amendments, odd lots, books with a
// band and without, days and restarts, and now and then something invalid.
#pragma once

#include "books_under_test.h"

#include "scenario/book_run.h"

#include <deque>
#include <vector>

namespace khop {

class RandomOperations
{
public:
    /// Chooses books, policies, how full the books get and how long the run is.
    explicit RandomOperations(std::uint64_t seed);

    const bench::BookSetup &setup() const { return m_setup; }
    /// Operations in this run.
    int length() const { return m_length; }
    /// After how many of them everything is compared.
    int stride() const { return m_stride; }
    bench::BookOperation next(const bench::BookRun &run);

private:
    bench::BookOperation add(const bench::BookRun &run);
    bench::BookOperation change(const bench::BookRun &run);
    bench::BookOperation phase(const bench::BookRun &run);
    bench::BookOperation newDay(BookId book);
    void spoil(BookOrder &order);
    OrderRef freeRef(const bench::BookRun &run);
    OrderRef liveRef(const bench::BookRun &run);
    BookId anyBook();
    Price anyPrice(BookId book);
    Quantity anyQuantity(BookId book);
    std::int64_t below(std::int64_t n) { return m_random.below(n); }
    bool chance(int percent) { return m_random.chance(percent); }

    Random m_random;
    bench::BookSetup m_setup;
    std::vector<const BookSpec *> m_specs; // of today
    std::vector<Price> m_centers;          // around which a book's prices lie
    std::vector<BookId> m_bookOf;          // by ref
    std::vector<OrderRef> m_live;          // rest, or did not long ago
    std::vector<OrderRef> m_free;
    std::deque<bench::BookOperation> m_planned;
    std::size_t m_target = 0; // orders at once
    int m_length = 0;
    int m_stride = 0;
};

} // namespace khop
