// SPDX-License-Identifier: GPL-3.0-or-later
// Operations on bare order books as values, so that a test can run them on several implementations,
// leave some out, and write them as lines of a scenario.
#pragma once

#include "words.h"

#include "book/order_books.h"

#include <optional>
#include <string>
#include <vector>

namespace khop::bench {

struct BookOperation {
    enum class Kind : std::uint8_t {
        Add,
        Cancel,
        Reduce,
        Replace,
        Call,       // starts collecting
        Uncross,    // at the base `order.price`; the book goes on collecting
        Continuous, // starts continuous matching
        Reopen,     // a new day's band, `floor` to `ceiling`
        Restart     // new books from what rests in the old ones
    };
    Kind kind = Kind::Add;
    BookId book = 0; // not used by Cancel, Reduce, Replace, Restart
    BookOrder order; // Cancel: ref; Reduce: ref, quantity; Replace: ref, quantity, price
    Price floor, ceiling;
};

/// The books at the start of a run.
struct BookSetup {
    BookPolicies policies;
    std::vector<BookSpec> books;
};

/// The line that says it; without a line end.
std::string lineOf(const BookOperation &operation);
/// The lines "policies …" and "book …".
std::string linesOf(const BookSetup &setup);
/// A whole section "books NAME".
std::string sectionOf(const std::string &name, const BookSetup &setup,
                      const std::vector<BookOperation> &operations);

/// Reads the words after an operation's verb; nothing when there is no such operation.
std::optional<BookOperation> readOperation(const std::string &verb, Words &words);
/// [mtl_remainder=…] [ato_pricing=…] [self_match=…], with the values of the market rules.
BookPolicies readPolicies(Words &words);
/// FLOOR CEILING [ticks=0:10;10000:50] [lot=100] [max=500000], checked.
BookSpec readSpec(Words &words);

/// "trade 300@9,990 7 x 3", "rests 7 200@9,990", "killed 7 200 REMAINDER"
std::string textOf(const BookEvent &event);

} // namespace khop::bench
