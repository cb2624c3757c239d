// SPDX-License-Identifier: GPL-3.0-or-later
// All rows of a query, page after page. Answers come as those of the service do: on the calling thread or
// later on a reader's.
#pragma once

#include "engine/trading_service.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace khop {

template <class Row, class Query>
class AllPages : public std::enable_shared_from_this<AllPages<Row, Query>>
{
public:
    using Ask = void (TradingService::*)(const Query &, TradingService::Answer<Page<Row>>) const;
    using Done = std::function<void(Result<std::vector<Row>>)>;

    /// Asks until there is no more, or a row, newest first, is not to be kept. Refuses (VALIDATION_ERROR
    /// of "rows") more than `most` rows.
    static void ask(const TradingService &service, Ask question, Query query, std::size_t most,
                    std::function<bool(const Row &)> keep, Done done)
    {
        auto pages = std::make_shared<AllPages>(service, question, std::move(query), most);
        pages->m_query.limit = rowsOfPage;
        pages->m_keep = std::move(keep);
        pages->m_done = std::move(done);
        pages->next();
    }

    AllPages(const TradingService &service, Ask question, Query query, std::size_t most)
        : m_service(service)
        , m_ask(question)
        , m_query(std::move(query))
        , m_most(most)
    {}

private:
    static constexpr std::size_t rowsOfPage = 5'000;

    void next()
    {
        (m_service.*m_ask)(m_query, [self = this->shared_from_this()](Result<Page<Row>> page) {
            if (page)
                self->take(std::move(*page));
            else
                self->m_done(std::unexpected(page.error()));
        });
    }
    void take(Page<Row> page)
    {
        bool more = page.more && !page.rows.empty();
        if (!page.rows.empty())
            m_query.before = page.rows.back().no;
        for (Row &row : page.rows) {
            if (!m_keep(row)) {
                more = false;
                break;
            }
            m_rows.push_back(std::move(row));
        }
        if (m_rows.size() > m_most)
            m_done(refuse(Code::VALIDATION_ERROR, "rows", std::to_string(m_rows.size()),
                          "<= " + std::to_string(m_most)));
        else if (more)
            next();
        else
            m_done(std::move(m_rows));
    }

    const TradingService &m_service;
    Ask m_ask;
    Query m_query;
    std::size_t m_most;
    std::function<bool(const Row &)> m_keep;
    Done m_done;
    std::vector<Row> m_rows;
};

} // namespace khop
