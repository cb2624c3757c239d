// SPDX-License-Identifier: GPL-3.0-or-later
#include "book_scenario.h"

namespace khop::bench {

namespace {

constexpr std::size_t mostBooks = 100;

} // namespace

/// book NUMBER FLOOR CEILING …
void BookScenario::readBookLine(Words &words)
{
    const auto next = static_cast<std::int64_t>(m_setup.books.size());
    if (m_setup.books.size() == mostBooks)
        words.complain("book", "possible: 100 books are the most");
    words.number("the number of the next book, ", next, next);
    m_setup.books.push_back(readSpec(words));
}

void BookScenario::run(Words &words, Report &report)
{
    const std::string verb = words.next("an operation");
    if (verb == "policies" || verb == "book") {
        if (m_run)
            words.complain(verb, "possible after the first operation");
        else if (verb == "book")
            readBookLine(words);
        else
            m_setup.policies = readPolicies(words);
        return;
    }
    const auto operation = readOperation(verb, words);
    if (!operation)
        words.complain(verb, "one of policies, book, add, cancel, reduce, replace, call, uncross, "
                             "continuous, reopen, restart");
    if (operation && operation->book >= m_setup.books.size())
        words.complain(std::to_string(operation->book), "the number of a book of this section");
    if (words.complaint() || m_differed)
        return;
    if (!m_run)
        m_run.emplace(m_setup, bookMakers());
    const auto difference = m_run->run(*operation, BookRun::Look::Thorough);
    report.happened(m_run->happened());
    report.check(!difference, "all books to agree", difference.value_or(""));
    m_differed = difference.has_value();
}

} // namespace khop::bench
