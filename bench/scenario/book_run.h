// SPDX-License-Identifier: GPL-3.0-or-later
// Runs operations on several implementations of the order books at once and says where they differ.
// The first one is the oracle.
#pragma once

#include "book_operation.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace khop::bench {

struct BookMaker {
    std::string name;
    std::function<std::unique_ptr<OrderBooks>()> make;
};

/// The implementations there are, the reference first.
std::vector<BookMaker> bookMakers();

/// Operations whose precondition does not hold are left out, so that any part of a sequence is one:
/// matching starts only in a book that is not crossed, an uncross needs a book that collects, a new
/// day an empty one.
class BookRun
{
public:
    enum class Look { Quick, Thorough };

    BookRun(const BookSetup &setup, std::vector<BookMaker> makers);

    /// Does one operation on all of them; the first difference, if there is one. Quick looks at the
    /// events, the order named and the best prices; Thorough at everything the books show.
    std::optional<std::string> run(const BookOperation &operation, Look look);
    /// What the last operation did, as a scenario says it.
    std::vector<std::string> happened() const;

    bool resting(OrderRef ref) const { return m_all.front().books->find(ref).has_value(); }
    bool inCall(BookId book) const { return m_all.front().books->inCall(book); }
    std::size_t size(BookId book) const { return m_all.front().books->size(book); }
    /// As of the last Reopen.
    const BookSpec &spec(BookId book) const { return m_specs[book]; }
    /// So far, of the first.
    std::uint64_t trades() const { return m_trades; }

private:
    struct One {
        BookMaker maker;
        std::unique_ptr<OrderBooks> books;
        BookEvents events{1};             // so that it has to grow
        std::optional<Quantity> quantity; // of Cancel
        bool done = false;                // Reduce, Replace
        Indicative uncrossed;
    };

    bool possible(const BookOperation &operation) const;
    void apply(One &one, const BookOperation &operation);
    void restart(One &one);
    std::optional<std::string> compare(const One &other, const BookOperation &operation) const;
    std::optional<std::string> compareBook(const One &other, BookId book, Price base) const;
    std::optional<std::string> compareOrder(const One &other, OrderRef ref) const;
    std::string differ(const One &other, const std::string &what, const std::string &expected,
                       const std::string &got) const;

    std::vector<BookSpec> m_specs;
    BookPolicies m_policies;
    std::vector<One> m_all;
    BookOperation m_last;
    bool m_skipped = false;
    std::uint64_t m_trades = 0;
};

} // namespace khop::bench
