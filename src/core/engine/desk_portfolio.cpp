// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/desk.h"

namespace khop {

void Desk::queryPortfolio(const PortfolioQuery &query, Answer<PortfolioAnswer> answer) const
{
    if (!m_view.account(query.account))
        return answer(refuse(Code::ACCOUNT_UNKNOWN, "account_id"));
    if (!m_view.complete()) // asked again on the reader's thread, after today's rows
        return m_history->afterLoading(
            [this, query, answer = std::move(answer)] { queryPortfolio(query, answer); });
    m_portfolios.ask(query, std::move(answer));
}

} // namespace khop
